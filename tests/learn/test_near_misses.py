"""Answers that are wrong in one place only, and of units 4 and 5: no check may take them for right.

Those with a message of their own stand in `course/NN_name/answers.py`. These have none: what is asked here is
that the visible check and the hidden one both see them.
"""

from __future__ import annotations

from math import sqrt
from pathlib import Path
from statistics import fmean, stdev

import pytest

from w2s_course.authoring.sources import unit_sources
from w2s_course.learn import imagined_runs
from w2s_course.learn.answers import ask
from w2s_course.learn.checking import judge
from w2s_course.learn.exercises import find_exercise
from w2s_course.learn.units import unit_4, unit_8, unit_9

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {unit.number: unit for unit in unit_sources(ROOT)}
T975 = {1: 12.7062, 2: 4.3027, 3: 3.1824, 4: 2.7764}


def trimmed(shares: list[float]) -> list[float]:
    """Leaves out at both ends before anything is in order, then takes the smallest and the largest."""
    out = (len(shares) - 1) // 40
    kept = shares[out : len(shares) - out]
    return [min(kept), max(kept)]


def trims_before_sorting(claims, draws):
    return trimmed([fmean(c for i in draw for c in claims[i]) for draw in draws])


def trims_sorted_lists(claims, draws):
    return trims_before_sorting(claims, sorted(draws))


def gain_trimmed_before_sorting(weak, student, draws):
    difference = [s - w for w, s in zip(weak, student, strict=True)]
    return [fmean(difference), *trimmed([fmean(difference[i] for i in draw) for draw in draws])]


def filtered(z: float = 1.96, error=None, order=None):
    """A `quotable` with another limit, another error of the gap, or another order of the names."""

    def plain(weak: float, ceiling: float, n: int) -> float:
        return sqrt((weak * (1 - weak) + ceiling * (1 - ceiling)) / n)

    def quotable(table):
        kept = []
        for name, (weak, _, ceiling, n, chance) in table.items():
            gap_error = (error or plain)(weak, ceiling, n)
            own = sqrt(ceiling * (1 - ceiling) / n)
            if ceiling - weak > z * gap_error and ceiling - chance > z * own:
                kept.append(name)
        return sorted(kept, key=lambda name: order(*table[name])) if order else kept

    return quotable


def chance_limit(z: float):
    """The right limit for the gap, another one for the ceiling beside chance."""

    def quotable(table):
        def above(ceiling: float, n: int, chance: float) -> bool:
            return ceiling - chance > z * sqrt(ceiling * (1 - ceiling) / n)

        gap = filtered()({name: (*row[:4], 0.0) for name, row in table.items()})
        return [name for name in gap if above(*table[name][2:])]

    return quotable


def n_minus_one(weak: float, ceiling: float, n: int) -> float:
    return sqrt((weak * (1 - weak) + ceiling * (1 - ceiling)) / (n - 1))


def pooled(weak: float, ceiling: float, n: int) -> float:
    p = (weak + ceiling) / 2
    return sqrt(2 * p * (1 - p) / n)


def at_a_half(weak: float, ceiling: float, n: int) -> float:
    return sqrt(2 * 0.25 / n)


def by_pgr(weak: float, w2s: float, ceiling: float, n: int, chance: float) -> float:
    return -(w2s - weak) / (ceiling - weak)


def mid_range_of_seeds(gains):
    middle = (min(gains) + max(gains)) / 2
    if len(gains) == 1:
        return [middle, None, None]
    half = T975[len(gains) - 1] * stdev(gains) / sqrt(len(gains))
    return [middle, middle - half, middle + half]


def compared(middle=fmean, below=lambda high: high < 0):
    def passed_on_more(rows):
        one, other = (
            {r["seed"]: r["passed_on"] for r in rows if r["plan"] == kind and r["passed_on"] is not None}
            for kind in ("systematic", "matched")
        )
        found = [one[seed] - other[seed] for seed in one if seed in other]
        told = {"seeds": len(found), "difference": None, "low": None, "high": None}
        if not found:
            return {**told, "verdict": "not recorded"}
        told["difference"] = mean = middle(found)
        if len(found) == 1:
            return {**told, "verdict": "not shown"}
        half = T975[len(found) - 1] * stdev(found) / sqrt(len(found))
        told |= {"low": mean - half, "high": mean + half}
        said = "systematic" if mean - half > 0 else "random" if below(mean + half) else "not shown"
        return {**told, "verdict": said}

    return passed_on_more


def mid_range(values: list[float]) -> float:
    return (min(values) + max(values)) / 2


NEAR_MISSES = {
    "4.3 leaves out before it sorts": ("4.3", trims_before_sorting),
    "4.3 leaves out of sorted lists": ("4.3", trims_sorted_lists),
    "4.4 leaves out before it sorts": ("4.4", gain_trimmed_before_sorting),
    "4.5 limit 1.645": ("4.5", filtered(1.645)),
    "4.5 limit 2": ("4.5", filtered(2.0)),
    "4.5 limit 1.645 above chance": ("4.5", chance_limit(1.645)),
    "4.5 limit 2 above chance": ("4.5", chance_limit(2.0)),
    "4.5 n - 1": ("4.5", filtered(error=n_minus_one)),
    "4.5 pooled error": ("4.5", filtered(error=pooled)),
    "4.5 the error at a half": ("4.5", filtered(error=at_a_half)),
    "4.5 by PGR": ("4.5", filtered(order=by_pgr)),
    "4.6 middle of the range": ("4.6", mid_range_of_seeds),
    "5.5 middle of the range": ("5.5", compared(mid_range)),
    "5.5 an upper end at 0 is below it": ("5.5", compared(below=lambda high: high <= 0)),
}
RIGHT = {"4.5": filtered(), "5.5": compared()}


def state(exercise_id: str, answer: object, hidden: bool) -> str:
    exercise = find_exercise(exercise_id)
    cases = SOURCES[exercise.unit].hidden[exercise.id] if hidden else exercise.cases
    names: dict[str, object] = {exercise.name: answer}
    exec(exercise.imports, names)
    return judge(exercise, cases, [ask(case.call, names) for case in cases]).state


@pytest.mark.parametrize("hidden", [False, True], ids=["visible", "hidden"])
@pytest.mark.parametrize("name", NEAR_MISSES)
def test_an_answer_that_is_nearly_right_is_wrong(name, hidden):
    assert state(*NEAR_MISSES[name], hidden) == "wrong"


@pytest.mark.parametrize("hidden", [False, True], ids=["visible", "hidden"])
@pytest.mark.parametrize("exercise_id", RIGHT)
def test_the_right_answer_that_they_differ_from_is_right(exercise_id, hidden):
    assert state(exercise_id, RIGHT[exercise_id], hidden) == "right"


def test_the_row_of_the_quiz_passes_the_filter_as_contract_and_lesson_say():
    row = (0.502, 0.509, 0.511, 200_000, 0.5)
    assert filtered()({"q": row}) == ["q"]
    assert "(0.502, 0.509, 0.511, 200_000, 0.5)" in find_exercise("4.5").contract


def test_learners_are_sent_to_no_module_that_holds_keys():
    texts = [p for p in (ROOT / "course").glob("*/*.py") if p.name in ("lesson.py", "exercises.py")]
    assert len(texts) > 15
    for path in texts:
        assert "learn.units" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize(("unit", "name"), [(unit_4, "run_like"), (unit_8, "rows_like"), (unit_9, "outcome")])
def test_what_calls_use_is_what_learners_can_try(unit, name):
    assert getattr(unit, name) is getattr(imagined_runs, name)
    assert any(name in exercise.imports for exercise in unit.UNIT.exercises)


def test_the_contract_of_the_reading_says_where_its_numbers_stand():
    contract = find_exercise("4.7").contract
    for path in ("['pgr']['raw']", "['pgr']['status']", "['arms'][arm]['exact']['ci95']"):
        assert path in contract


@pytest.mark.parametrize(
    ("unit", "said"),
    [("04_measure", "necessary and not sufficient"), ("05_the_risk", "interval of the other styles")],
)
def test_a_lesson_asks_what_its_exercise_asks(unit, said):
    assert said in (ROOT / "course" / unit / "lesson.py").read_text(encoding="utf-8")
