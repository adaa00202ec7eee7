"""The repository's address and release stand in one place, and every file that names them agrees."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from w2s_course import __version__
from w2s_course.repository import ADDRESS, TAG, colab_badge, file_address, install_requirement

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "CITATION.cff", "pyproject.toml")
BUILT = ("docs/**/*.md", "notebooks/*.ipynb", "exercises/**/*.ipynb", "solutions/**/*.ipynb")

# An address of ours, whoever's fork it names; then the branch, tag or commit where it names one.
OURS = re.compile(r"github\.com/([\w.-]+/w2s[-_]course)\b(?:\.git)?|/github/([\w.-]+/w2s[-_]course)/")
REFERENCE = re.compile(r"w2s[-_]course/(?:blob|tree|archive/refs/tags)/([\w.-]+?)(?:\.zip)?[/\"\s)\\]")


def texts() -> list[tuple[str, str]]:
    paths = [ROOT / name for name in PAGES] + [path for form in BUILT for path in sorted(ROOT.glob(form))]
    kept = [path for path in paths if ".ipynb_checkpoints" not in path.parts]
    return [(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in kept]


def strangers(text: str) -> list[str]:
    """Addresses and references that are not those of `repository`."""
    project = ADDRESS.removeprefix("https://github.com/")
    named = [one or other for one, other in OURS.findall(text)]
    return [name for name in named if name != project] + [
        reference for reference in REFERENCE.findall(text) if reference not in (TAG, "main")
    ]


@pytest.mark.parametrize(("name", "text"), texts(), ids=lambda value: value if len(value) < 80 else "")
def test_every_file_names_the_repository_and_its_release_alike(name, text):
    assert strangers(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/someone/w2s-course",
        "https://colab.research.google.com/github/someone/w2s-course/blob/v0.1.0/x.ipynb",
        f"{ADDRESS}/blob/v9.9.9/README.md",
        f"{ADDRESS}/archive/refs/tags/v9.9.9.zip ",
    ],
)
def test_another_address_or_release_would_be_noticed(text):
    assert strangers(text)


def test_what_is_made_here_is_no_stranger():
    assert not strangers(f"{colab_badge('a.ipynb')} {file_address('a.md')} {install_requirement()} ")


def test_the_tag_is_the_version():
    assert f"v{__version__}" == TAG


def test_a_badge_opens_the_very_notebook_and_says_which():
    badge = colab_badge(Path("exercises/02_weak_labels/02_weak_labels.ipynb"))
    assert badge.startswith("[![Open exercises/02_weak_labels/02_weak_labels.ipynb in Colab](")
    target = f"/github/w2s-course/w2s-course/blob/{TAG}/exercises/02_weak_labels/02_weak_labels.ipynb)"
    assert badge.endswith(target)


def test_the_course_is_installed_from_an_archive_of_its_tag():
    assert install_requirement() == f"w2s-course @ {ADDRESS}/archive/refs/tags/{TAG}.zip"
