"""The facts of the course in docs/instructors.md: taken from where each stands, never typed.

A fact is one function from the argument of its block to text; a new kind of fact is a new row of `_FACTS`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from functools import cache, partial
from pathlib import Path
from statistics import fmean

from w2s_course import blocks
from w2s_course.authoring.sources import UnitSource, read_cells, unit_sources
from w2s_course.blocks import table
from w2s_course.errors import CourseError, unknown_name
from w2s_course.learn.exercises import Essay, Exercise, Unit, activity, all_units
from w2s_course.learn.quiz import Quiz
from w2s_course.wording import duration, plural

PAGE = Path("docs") / "instructors.md"
KIND = "course"

_STATED = re.compile(r"^\*(?:About )?(\d+) minutes", re.MULTILINE)


# --- minutes, points and counts ---------------------------------------------------------------------------


def lesson_minutes(source: UnitSource) -> int:
    """What the first cell of a lesson says that it takes, as in `*About 40 minutes, of which ...*`.

    Raises: CourseError where it does not say.
    """
    stated = _STATED.search(read_cells(source.lesson)[0].source)
    if stated is None:
        raise CourseError(
            f"course/{source.slug}/lesson.py: the first cell must say how many minutes it takes."
        )
    return int(stated[1])


def _tasks() -> dict[str, Exercise | Essay]:
    found: dict[str, Exercise | Essay] = {}
    for unit in all_units():
        found |= {e.id: e for e in unit.exercises} | {e.id: e for e in unit.essays}
    return found


def _unit(number: str) -> Unit:
    units = {str(unit.number): unit for unit in all_units()}
    if number not in units:
        raise unknown_name("unit", number, units)
    return units[number]


def _minutes_of(root: Path, what: str) -> int:
    """Of `all`, a unit `4`, its `4.lesson`, `4.exercises` or `4.essays`, or one exercise or essay `4.2`."""
    if what == "all":
        return sum(unit.minutes for unit in all_units())
    number, _, part = what.partition(".")
    if part == "lesson":
        sources = {str(source.number): source for source in unit_sources(root)}
        return lesson_minutes(sources[number])
    if part in ("exercises", "essays"):
        return sum(task.minutes for task in getattr(_unit(number), part))
    return _tasks()[what].minutes if part else _unit(number).minutes


def _points_of(what: str) -> int:
    """Of `all`, what `people` mark, a unit `4`, or one exercise or essay `4.2`."""
    if what == "all":
        return sum(unit.points for unit in all_units())
    if what == "people":
        return sum(essay.points for unit in all_units() for essay in unit.essays)
    return _tasks()[what].points if "." in what else _unit(what).points


def _minutes(root: Path, argument: str) -> str:
    return str(sum(_minutes_of(root, what) for what in argument.split()))


def _points(root: Path, argument: str) -> str:
    return str(sum(_points_of(what) for what in argument.split()))


def _count(root: Path, argument: str) -> str:
    """How many `units`, `exercises` or `misconceptions` there are."""
    exercises = [exercise for unit in all_units() for exercise in unit.exercises]
    known = {
        "units": len(all_units()),
        "exercises": len(exercises),
        "misconceptions": sum(len(exercise.misconceptions) for exercise in exercises),
    }
    return str(known[argument])


def _units(root: Path, argument: str) -> str:
    """A row a unit, and their sums."""
    heads, rows = ("", "unit", "lesson", "exercises", "essays", "minutes", "points"), []
    sums = [0, 0, 0, 0, 0]
    for unit in all_units():
        parts = [_minutes_of(root, f"{unit.number}.{part}") for part in ("lesson", "exercises", "essays")]
        numbers = [*parts, unit.minutes, unit.points]
        sums = [one + other for one, other in zip(sums, numbers, strict=True)]
        count = plural(len(unit.exercises), "exercise")
        rows.append((str(unit.number), unit.title, *_cells(numbers, f" ({count})")))
    return table(heads, [*rows, ("", "all", *_cells(sums, f" ({_count(root, 'exercises')} exercises)"))])


def _cells(numbers: Sequence[int], exercises: str) -> list[str]:
    lesson, own, essays, minutes, points = map(str, numbers)
    return [lesson, own + exercises, essays if essays != "0" else "", minutes, points]


# --- waits ------------------------------------------------------------------------------------------------

_SPENT = {
    "the weak model and its labels": ("labels", "weak "),
    "the student on weak labels": ("weak_to_strong", "weak_to_strong "),
}
"""What a lesson waits for -> the stage that it names, and how the costs of a run call what that takes."""


def _waits(root: Path, argument: str) -> str:
    """What lessons wait for, as long as it took in the recorded runs, and who waits."""
    from w2s_course.recorded import recorded_runs

    runs = recorded_runs()
    spent = [{k: s["seconds"] for k, s in run["cost"]["stages"].items()} for run in runs]
    made = "; ".join(sorted({plural(run["environment"]["threads"], "thread") for run in runs}))
    head = f"mean of {plural(len(runs), 'recorded run')}, {made} each"
    rows = []
    for what, (stage, prefix) in _SPENT.items():
        seconds = fmean(sum(s for name, s in each.items() if name.startswith(prefix)) for each in spent)
        rows.append((what, duration(seconds), ", ".join(_waiting_for(stage))))
    whole = fmean(sum(each.values()) for each in spent)
    rows.append(("all six arms, `w2s run`", duration(whole), "a run of one's own"))
    return table(("what is computed", head, "for units"), rows)


def _waiting_for(stage: str) -> Iterator[str]:
    """The units that wait for a stage; those that wait for the student wait for the labels before it."""
    for unit in all_units():
        if stage in unit.stages or (stage == "labels" and "weak_to_strong" in unit.stages):
            yield str(unit.number)


# --- misconceptions ---------------------------------------------------------------------------------------


@cache
def _quiz_misconceptions() -> dict[str, dict[str, str]]:
    """Quiz -> misconception -> what the learner reads who shows it."""
    found: dict[str, dict[str, str]] = {}
    for unit in all_units():
        for name in unit.activities:
            with redirect_stdout(io.StringIO()):  # an activity shows itself when it is made
                made = activity(name)
            if isinstance(made, Quiz):
                found[name] = {o.misconception: o.feedback for o in made.options if o.misconception}
    return found


def misconceptions() -> dict[str, dict[str, str]]:
    """Exercise or quiz -> misconception -> what the learner reads who shows it."""
    exercises = {e.id: dict(e.misconceptions) for unit in all_units() for e in unit.exercises}
    return exercises | _quiz_misconceptions()


def _shows(root: Path, argument: str) -> str:
    """Where a belief shows: `1.6: not shown means no; 4.8: ...`, a line each with what the learner reads."""
    known, tasks, lines = misconceptions(), _tasks(), []
    for place in argument.split("; "):
        where, _, name = place.partition(": ")
        if where not in known:
            raise unknown_name("exercise or quiz", where, known)
        if name not in known[where]:
            raise unknown_name(f"misconception of {where}", name, known[where])
        title = tasks[where].title if where in tasks else "quiz"
        lines.append(f"- {where} {title}, *{name}*: {known[where][name]}")
    return "\n".join(lines)


def _misconceptions(root: Path, argument: str) -> str:
    """All of them by name, a fold a unit."""
    quizzes, parts = _quiz_misconceptions(), []
    for unit in all_units():
        lines = [f"- {e.id} {e.title}: {' · '.join(e.misconceptions)}" for e in unit.exercises]
        own = {name: " · ".join(quizzes[name]) for name in unit.activities if quizzes.get(name)}
        lines += [f"- {name} (quiz): {names}" for name, names in own.items()]
        head = f"<details><summary>{unit.number} {unit.title}</summary>"
        parts.append("\n".join([head, "", *lines, "", "</details>"]))
    return "\n\n".join(parts)


# --- prices, models, presets, rubric ----------------------------------------------------------------------


def _prices(root: Path, argument: str) -> str:
    from w2s_course.costs import ASSUMPTIONS

    rows = [(f"`{name}`", f"{a.value:g}", a.unit, a.source) for name, a in ASSUMPTIONS.items()]
    return table(("name", "value", "unit", "where it comes from"), rows)


def _presets(root: Path, argument: str) -> str:
    from w2s_course.config import PRESETS

    heads = ("preset", "what for", "gold", "pool", "validation", "test", "weak", "strong", "seeds")
    rows = []
    for name, preset in PRESETS.items():
        config, sizes = preset.config, preset.config.sizes
        numbers = [f"{size:,}" for size in (sizes.gold, sizes.pool, sizes.val, sizes.test)]
        models = [f"`{config.weak_model}`", f"`{config.strong_model}`"]
        seeds = ", ".join(map(str, preset.seeds))
        rows.append((f"`{name}`", preset.purpose, *numbers, *models, seeds))
    return table(heads, rows)


def _models(root: Path, argument: str) -> str:
    from w2s_course.models.catalog import MODELS

    rows = []
    for entry in MODELS.values():
        size = (f"{entry.parameters / 1e6:,.0f} million", f"{entry.size_bytes / 1e9:.1f} GB")
        rows.append((f"`{entry.name}`", entry.family, *size, entry.licence, entry.note))
    return table(("model", "family", "parameters", "in the cache", "licence", ""), rows)


def _rubric(root: Path, argument: str) -> str:
    from w2s_course.learn.rubric import as_markdown

    return as_markdown()


def _anchors(root: Path, argument: str) -> str:
    """The marks of the anchor essays."""
    from w2s_course.learn.anchors import NAMES, anchor
    from w2s_course.learn.rubric import CRITERIA

    scores = [anchor(name).scores for name in NAMES]
    rows = [(c.title, *(str(each[c.key]) for each in scores)) for c in CRITERIA]
    rows.append(("sum", *(str(sum(each.values())) for each in scores)))
    return table(("criterion", *(f"anchor {name.upper()}" for name in NAMES)), rows)


# --- the page ---------------------------------------------------------------------------------------------

Fact = Callable[[Path, str], str]
_FACTS: dict[str, Fact] = {
    "minutes": _minutes,
    "points": _points,
    "count": _count,
    "units": _units,
    "waits": _waits,
    "shows": _shows,
    "misconceptions": _misconceptions,
    "prices": _prices,
    "presets": _presets,
    "models": _models,
    "rubric": _rubric,
    "anchors": _anchors,
}


def refresh(root: Path, *, only_check: bool = False) -> bool:
    """Whether the page for instructors says what the code says; unless only checked, it does afterwards.

    A course without such a page has nothing to say.
    """
    page = root / PAGE
    if not page.is_file():
        return True
    writers: blocks.Writers = {name: partial(fact, root) for name, fact in _FACTS.items()}
    return blocks.refresh(page, KIND, writers, only_check=only_check)
