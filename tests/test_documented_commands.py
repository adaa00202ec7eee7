"""Each `w2s ...` and `make ...` that a page gives exists, with its options. Nothing is run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from w2s_course.cli import app

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    *(f"docs/{page.name}" for page in sorted((ROOT / "docs").glob("*.md"))),
]
WITHOUT_COMMANDS = {"docs/negative-results.md", "docs/terms.md"}
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
FENCED = re.compile(r"^```\w*\n(.*?)^```", re.DOTALL | re.MULTILINE)
INDENTED = re.compile(r"^    (\S.*)$", re.MULTILINE)


def commands(page: str) -> Iterator[list[str]]:
    """The words of each command of ours in fenced, indented and inline code, without what is set before it.

    >>> list(commands("`OMP_NUM_THREADS=1 w2s sweep evidence --jobs 2` and `w2s_course` and `makes`"))
    [['w2s', 'sweep', 'evidence', '--jobs', '2']]
    """
    fenced = FENCED.findall(page)
    left = FENCED.sub("", page)
    for code in [*fenced, *INDENTED.findall(left), *re.findall(r"`([^`\n]+)`", left)]:
        for line in code.splitlines():
            try:
                words = shlex.split(line, comments=True)
            except ValueError:  # a line of another language
                continue
            while words and re.fullmatch(r"[A-Z_0-9]+=.*", words[0]):
                words = words[1:]
            if words and words[0].removeprefix(".venv/bin/") in ("w2s", "make"):
                yield [words[0].removeprefix(".venv/bin/"), *words[1:]]


def problem_of_w2s(words: list[str]) -> str:
    """What is wrong with a `w2s` command: its name, an option, the number of values; '' if nothing is."""
    command: Any = typer.main.get_command(app)
    words = words[1:]
    while hasattr(command, "commands") and words and not words[0].startswith("-"):
        if words[0] not in command.commands:
            return f"there is no command {words[0]}"
        command, words = command.commands[words[0]], words[1:]
    options = {name: each for each in command.params for name in (*each.opts, *each.secondary_opts)}
    places = [each for each in command.params if each.param_type_name == "argument"]
    given, rest = 0, iter(words)
    for word in rest:
        name, has_value, _ = word.partition("=")
        if name == "--help":
            continue
        if not word.startswith("-"):
            given += 1
        elif name not in options or options[name] in places:
            return f"{command.name} has no option {name}"
        elif not options[name].is_flag and not has_value and next(rest, None) is None:
            return f"{name} needs a value"
    if given > len(places) and not any(each.nargs == -1 for each in places):
        return f"{command.name} takes {len(places)} values, not {given}"
    return ""


def problem_of_make(words: list[str]) -> str:
    """What is wrong with a `make` command: an unknown target, or a variable that no recipe reads."""
    for word in words[1:]:
        name, is_variable, _ = word.partition("=")
        if is_variable and f"$({name})" not in MAKEFILE:
            return f"nothing reads {name}"
        if not is_variable and not re.search(rf"^{re.escape(name)}:", MAKEFILE, re.MULTILINE):
            return f"there is no target {name}"
    return ""


def problem(words: list[str]) -> str:
    return problem_of_make(words) if words[0] == "make" else problem_of_w2s(words)


@pytest.mark.parametrize("page", [page for page in PAGES if page not in WITHOUT_COMMANDS])
def test_every_command_of_a_page_exists_with_its_options(page):
    found = list(commands((ROOT / page).read_text(encoding="utf-8")))
    assert found, "no command found: has the page changed its form?"
    assert [f"{shlex.join(words)}: {what}" for words in found if (what := problem(words))] == []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("w2s runn", "no command runn"),
        ("w2s grade releese 4", "no command releese"),
        ("w2s run --presett cpu", "run has no option --presett"),
        ("w2s grade run 4 --cohorts 7", "run has no option --cohorts"),
        ("w2s costs --assume", "--assume needs a value"),
        ("w2s grade release 4 5", "release takes 1 values, not 2"),
        ("make tests", "no target tests"),
        ("make run PRESETT=cpu", "nothing reads PRESETT"),
    ],
)
def test_a_command_that_does_not_exist_is_noticed(line, what):
    (words,) = commands(f"Say `{line}`.")
    assert what in problem(words)


@pytest.mark.parametrize(
    "line",
    [
        "w2s fetch distilgpt2 smollm2-360m",
        "w2s run --seed 0 --seed 1 --with-view --json",
        "w2s lab --no-browser",
        "w2s --help",
        "w2s grade export 4 --format canvas",
        'make test ARGS="-k pgr" WORKERS=8',
    ],
)
def test_a_command_that_exists_is_accepted(line):
    (words,) = commands(f"```sh\n{line}   # as it stands\n```")
    assert problem(words) == ""
