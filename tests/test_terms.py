"""docs/terms.md sends a learner to sections, exercises, functions and papers: each must be where it says."""

import re
from pathlib import Path

import pytest

from w2s_course.authoring.sources import unit_sources
from w2s_course.learn.exercises import find_exercise

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "terms.md").read_text(encoding="utf-8")


def table(heading: str) -> list[tuple[str, ...]]:
    """The rows of the table below a heading, without its head."""
    _, below = PAGE.split(f"## {heading}\n")
    lines = [line for line in below.partition("\n## ")[0].splitlines() if line.startswith("|")]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines[2:]]


EQUATIONS, TERMS, PAPERS = (table(heading) for heading in ("Equations", "Terms", "Papers"))
SECTION = re.compile(r"^# ## (\d+\.\d+) ", re.MULTILINE)


def sections() -> dict[str, str]:
    """The text of every numbered section of every lesson."""
    found = {}
    for unit in unit_sources(ROOT):
        _, *parts = SECTION.split(unit.lesson.read_text(encoding="utf-8"))
        found |= dict(zip(parts[::2], parts[1::2], strict=True))
    return found


def places(told: str) -> tuple[list[str], list[str]]:
    """The sections and the exercises that a cell of the page names."""
    lessons, _, exercises = told.partition("exercise")
    return re.findall(r"\d+\.\d+", lessons), re.findall(r"\d+\.\d+", exercises)


@pytest.mark.parametrize("row", [*EQUATIONS, *TERMS, *PAPERS], ids=lambda row: row[0][:30])
def test_every_place_named_exists(row):
    for cell in row[2:4]:
        lessons, exercises = places(cell)
        assert set(lessons) <= set(sections())
        for exercise in exercises:
            find_exercise(exercise)


@pytest.mark.parametrize("row", EQUATIONS, ids=lambda row: row[0])
def test_an_equation_s_functions_stand_in_the_file_that_is_linked(row):
    path = re.search(r"\]\(\.\./([^)]+)\)", row[4]).group(1)
    code = (ROOT / path).read_text(encoding="utf-8")
    for name in re.findall(r"`(\w+)`", row[4]):
        assert f"\ndef {name}(" in code


@pytest.mark.parametrize("row", TERMS, ids=lambda row: row[0])
def test_a_term_is_used_where_the_page_sends_its_reader(row):
    first = re.split(r",| \(| model| error", row[0])[0].lower()
    texts = sections()
    for place in places(row[2])[0]:
        assert first in " ".join(texts[place].lower().split())


@pytest.mark.parametrize(
    "row", [r for r in PAPERS if re.search(r" et al\\. | and ", r[0])], ids=lambda row: row[0][:30]
)
def test_a_paper_is_named_where_the_page_sends_its_reader(row):
    authors = re.findall(r"([A-Z]\w+) (?:et al\.|and )", row[0])
    texts = sections()
    for place in places(row[2])[0]:
        assert any(author in texts[place] for author in authors), (place, authors)


def test_every_paper_that_the_course_cites_is_on_the_page():
    cited = set()
    for unit in unit_sources(ROOT):
        for source in (unit.lesson, unit.exercises):
            cited |= set(re.findall(r"abs/(\d{4}\.\d{5})", source.read_text("utf-8") if source else ""))
    assert cited <= set(re.findall(r"abs/(\d{4}\.\d{5})", PAGE))


def test_terms_are_in_the_order_of_the_alphabet():
    names = [row[0].lower() for row in TERMS]
    assert names == sorted(names)
