"""docs/instructors.md is true: its facts are filled in, its plans add up, its references exist."""

from __future__ import annotations

import builtins
import re
import symtable
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from w2s_course import blocks
from w2s_course.authoring import facts
from w2s_course.authoring.sources import read_cells, unit_sources
from w2s_course.costs.assumptions import read_assumptions
from w2s_course.errors import CourseError
from w2s_course.learn.exercises import all_units

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / facts.PAGE).read_text(encoding="utf-8")
SOURCES = {source.number: source for source in unit_sources(ROOT)}
EXERCISES = [exercise.id for unit in all_units() for exercise in unit.exercises]
TASKS = [task.id for unit in all_units() for task in (*unit.exercises, *unit.essays)]
LEVELS = ("remember", "understand", "apply", "analyse", "evaluate", "create")
HEADING = re.compile(r"^## (\d+\.\d+) ", re.MULTILINE)
WITH_GPU = {"8.9"}
"""Sections that no plan has: they need a GPU and the hub."""
BETS = {"1.gain", "1.errors"}
"""Activities that show no objective."""


def section(title: str) -> str:
    """What stands below a heading of the second level."""
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def tables(text: str, head: str) -> list[list[list[str]]]:
    """The rows of each table with that first line."""
    found = re.findall(rf"^{re.escape(head)}\n\|[-|]+\|\n((?:\|.*\|\n)+)", text, re.MULTILINE)
    rows = [[line.strip("|").split("|") for line in table.splitlines()] for table in found]
    return [[[cell.strip() for cell in row] for row in table] for table in rows]


PLAN = "| from | min | what happens | lesson | exercises |"
SESSIONS = tables(section("Three weeks, nine sessions"), PLAN)
WORKSHOP = tables(section("One workshop of three hours"), PLAN)
OBJECTIVES = tables(section("What learners come out able to"), "| unit | learners can | level | shown by |")


def cells_by_section(number: int) -> dict[str, list[str]]:
    """Section of a lesson -> the code of its cells. A cell belongs to the last heading before it."""
    found, current = dict[str, list[str]](), ""
    for cell in read_cells(SOURCES[number].lesson):
        if cell.cell_type == "markdown":
            for current in HEADING.findall(cell.source):
                found[current] = []
        elif current:
            found[current].append(cell.source)
    return found


SECTIONS = {name: cells for number in SOURCES for name, cells in cells_by_section(number).items()}


def named(cell: str) -> Iterator[str]:
    """The ids of a cell of a plan: `4.1, 4.8`, or with a range, `4.1–4.3`."""
    for part in filter(None, cell.split(", ")):
        first, _, last = part.partition("–")
        unit, start = first.split(".")
        for n in range(int(start), int((last or first).split(".")[1]) + 1):
            yield f"{unit}.{n}"


# --- the facts --------------------------------------------------------------------------------------------


def test_the_page_says_what_the_code_says():
    assert facts.refresh(ROOT, only_check=True), "run `w2s build`"


def test_a_changed_fact_is_noticed_and_put_right(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "course").symlink_to(ROOT / "course", target_is_directory=True)
    page = tmp_path / facts.PAGE
    page.write_text(PAGE.replace("| 66 |", "| 67 |", 1).replace("-->30<!--", "-->31<!--", 1))
    assert page.read_text() != PAGE
    assert not facts.refresh(tmp_path, only_check=True)
    assert not facts.refresh(tmp_path)
    assert page.read_text() == PAGE


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("<!-- course:nothing --><!-- /course:nothing -->", "no course block 'nothing'"),
        ("<!-- course:shows 4.8: nobody -->\n<!-- /course:shows -->", "misconception of 4.8 'nobody'"),
        ("<!-- course:shows 9.99: x -->\n<!-- /course:shows -->", "exercise or quiz '9.99'"),
        ("<!-- course:minutes 77 -->0<!-- /course:minutes -->", "Unknown unit '77'"),
        ("<!-- course:minutes 4 -->0", "1 course blocks are opened and 0 closed"),
    ],
)
def test_a_block_that_names_nothing_is_refused(tmp_path, block, said):
    (tmp_path / "docs").mkdir()
    (tmp_path / facts.PAGE).write_text(block)
    with pytest.raises(CourseError, match=said):
        facts.refresh(tmp_path)


def test_a_fact_stands_within_a_line_or_on_lines_of_its_own():
    writers = {"n": lambda of: of.upper()}
    line, own = (f"a <!-- x:n b -->{gap}old{gap}<!-- /x:n --> c" for gap in ("", "\n"))
    assert blocks.filled(line, "x", writers) == "a <!-- x:n b -->B<!-- /x:n --> c"
    assert blocks.filled(own, "x", writers) == "a <!-- x:n b -->\nB\n<!-- /x:n --> c"


@pytest.mark.parametrize("unit", all_units(), ids=lambda unit: unit.slug)
def test_a_unit_takes_what_its_lesson_and_its_exercises_say(unit):
    """The lesson says it in its first cell."""
    tasks = (*unit.exercises, *unit.essays)
    stated = facts.lesson_minutes(SOURCES[unit.number])
    assert unit.minutes == stated + sum(task.minutes for task in tasks)


def test_no_minutes_or_points_of_the_plan_are_typed():
    """What is done at home is counted by the code; marks and what is in them are taken out first."""
    left = re.sub(r"<!-- course:(\w+).*?<!-- /course:\1 -->", "", PAGE, flags=re.DOTALL)
    for line in re.findall(r"^\*\*At home.*$", left, re.MULTILINE):
        assert not re.search(r"\d+ (?:minutes|points)", line), line


# --- the plans --------------------------------------------------------------------------------------------


def clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


@pytest.mark.parametrize(
    ("plan", "length"),
    [*((session, 90) for session in SESSIONS), *((workshop, 180) for workshop in WORKSHOP)],
    ids=lambda value: "" if isinstance(value, list) else str(value),
)
def test_a_plan_has_no_gap_and_fills_its_time(plan, length):
    now = 0
    for start, minutes, *_ in plan:
        assert start == clock(now)
        now += int(minutes)
    assert now == length


def test_there_are_nine_sessions_and_one_workshop():
    assert (len(SESSIONS), len(WORKSHOP)) == (9, 1)


@pytest.mark.parametrize("plan", [*SESSIONS, *WORKSHOP], ids=str)
def test_the_sections_and_exercises_of_a_plan_exist(plan):
    for *_, lesson, exercises in plan:
        assert set(named(lesson)) <= SECTIONS.keys()
        assert set(named(exercises)) <= set(TASKS)


def planned(ids: Iterable[str]) -> set[str]:
    """Those of the units that have a session: a unit of one's own need not have one."""
    units = {
        name.split(".")[0] for session in SESSIONS for *_, lesson, _ in session for name in named(lesson)
    }
    return {name for name in ids if name.split(".")[0] in units}


def test_three_weeks_go_through_every_section_once():
    covered = [name for session in SESSIONS for *_, lesson, _ in session for name in named(lesson)]
    # 0.6 only says where to go on.
    assert sorted(covered) == sorted(planned(SECTIONS) - WITH_GPU - {"0.6"})


def test_three_weeks_set_every_exercise_in_class_or_at_home_and_none_twice():
    in_class = [name for session in SESSIONS for *_, ids in session for name in named(ids)]
    at_home: list[str] = []
    for line in re.findall(r"^\*\*At home.*$", PAGE, re.MULTILINE):
        for argument in re.findall(r"<!-- course:minutes (.*?) -->", line):
            for what in argument.split():
                whole = what.removesuffix(".exercises")
                at_home += [id for id in EXERCISES if id.split(".")[0] == whole] if whole != what else [what]
    assert set(in_class) & set(at_home) == {"9.7"}, "which is done at home and compared in class"
    assert sorted({*in_class, *at_home}) == sorted(planned(TASKS))
    assert len(at_home) == len(set(at_home))


def reads_and_makes(code: str) -> tuple[set[str], set[str]]:
    """The names that a cell needs from before, and those that it makes, as far as its text shows it."""
    top = symtable.symtable(code, "cell", "exec")
    made = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    waiting, read = [top], set[str]()
    while waiting:
        table = waiting.pop()
        waiting += table.get_children()
        read |= {s.get_name() for s in table.get_symbols() if s.is_referenced() and s.is_global()}
    read |= {s.get_name() for s in top.get_symbols() if s.is_referenced()}
    return read - made - set(dir(builtins)), made


def missing_names(listed: list[str]) -> list[str]:
    """Names that listed sections need and no listed section before them makes, in words."""
    made: dict[int, set[str]] = {}
    problems = []
    for name in listed:
        known = made.setdefault(int(name.split(".")[0]), {"lesson"})
        for code in SECTIONS[name]:
            read, new = reads_and_makes(code)
            problems += [f"{name} needs {missing}" for missing in sorted(read - known)]
            known |= new
    return problems


def test_the_workshop_needs_nothing_from_the_sections_that_it_skips():
    listed = [name for *_, lesson, _ in WORKSHOP[0] for name in named(lesson)]
    assert missing_names(listed) == []


def test_a_section_without_the_one_that_it_needs_is_noticed():
    assert "4.8 needs luck" in missing_names(["4.1", "4.8"])
    assert "3.9 needs student" in missing_names(["3.1", "3.2", "3.4", "3.9"])


# --- objectives -------------------------------------------------------------------------------------------


def test_every_objective_has_a_level_and_something_that_shows_it():
    known = {*TASKS, *(name for unit in all_units() for name in unit.activities)}
    for unit, can, level, shown in OBJECTIVES[0]:
        assert can
        assert level in LEVELS
        assert {name.split(".")[0] for name in shown.split(", ")} == {unit}
        assert set(shown.split(", ")) <= known


def test_every_exercise_and_quiz_shows_exactly_one_objective():
    shown = [name for *_, names in OBJECTIVES[0] for name in names.split(", ")]
    activities = {name for unit in all_units() for name in unit.activities}
    assert sorted(shown) == sorted({*TASKS, *activities} - BETS)


@pytest.mark.parametrize("unit", all_units(), ids=lambda unit: unit.slug)
def test_a_unit_has_objectives_of_several_levels(unit):
    levels = {level for number, _, level, _ in OBJECTIVES[0] if number == str(unit.number)}
    assert len(levels) >= min(3, len(unit.exercises))


@pytest.mark.parametrize("unit", all_units(), ids=lambda unit: unit.slug)
def test_every_unit_stands_in_the_table_of_the_readme(unit):
    assert f"[{unit.title}](notebooks/{unit.slug}.ipynb)" in (ROOT / "README.md").read_text(encoding="utf-8")


# --- examples and references --------------------------------------------------------------------------------


def fenced(info: str, page: str = PAGE) -> list[str]:
    return re.findall(rf"^```{info}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


def test_the_row_of_a_model_is_one_that_the_catalog_takes():
    from w2s_course.models import catalog

    (row,) = fenced("python in=w2s_course/models/catalog.py")
    entry = eval(row, vars(catalog))
    assert entry.name == "our-model"


def test_the_row_of_a_preset_is_one_that_a_run_takes():
    from w2s_course import config

    (row,) = fenced("python in=w2s_course/config.py")
    ((name, preset),) = eval(f"{{{row}}}", vars(config)).items()
    assert name == preset.config.preset
    assert preset.config.from_dict(preset.config.as_dict()) == preset.config


def test_the_file_of_prices_is_read(tmp_path):
    (text,) = fenced("toml")
    (tmp_path / "prices.toml").write_text(text)
    prices = read_assumptions(tmp_path / "prices.toml")
    assert prices["computer_hour"].source == "our data centre's price list of May"
    assert prices["expert_hour"].value == 45


PAGES = sorted((ROOT / "docs").glob("*.md"))


def anchors(page: Path) -> set[str]:
    """The names by which a web page links to its headings, as GitHub makes them."""
    heads = re.findall(r"^#{1,6} (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page):
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" not in link:
            file, _, anchor = link.partition("#")
            target = (page.parent / file).resolve() if file else page
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", ["instructors.md", "authoring.md"])
def test_every_file_that_a_page_names_exists(page):
    text = re.sub(
        r"^```.*?^```$", "", (ROOT / "docs" / page).read_text("utf-8"), flags=re.DOTALL | re.MULTILINE
    )
    for path in re.findall(r"`((?:course|w2s_course|docs|tests)/[\w/.]+)`", text):
        assert (ROOT / path).exists(), path
