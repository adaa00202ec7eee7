"""From a learner's answers to a finding: right, or which misconception they show, or where they first fail.

A pure function of values: it never runs a learner's code and knows no notebook. The visible check and the
grader differ in their cases and in where they ask (`answers.ask`), not in how they judge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from w2s_course.learn.answers import Outcome, same
from w2s_course.learn.exercises import Case, Exercise, Raises
from w2s_course.wording import plural

State = Literal["right", "wrong", "not attempted"]
LONGEST_VALUE = 120

_CHOICE = re.compile(r"""(?:dict\((\w+)\)|(\w+))\[(["'])(\w+)\3\]""")
"""A call that only looks up one choice of several: `decision["risk"]`, or `dict(limits)["chosen"]`."""


@dataclass(frozen=True)
class Finding:
    """What a check found.

    text: for the learner. misconception: its name where the answers show one.
    failed: the calls whose answers were wrong. parts: part -> whether all its cases passed.
    """

    state: State
    text: str
    misconception: str = ""
    failed: tuple[str, ...] = ()
    parts: dict[str, bool] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """The share of the points that is earned, in [0, 1]: parts count equally."""
        if not self.parts:
            return float(self.state == "right")
        return sum(self.parts.values()) / len(self.parts)


def _is(case: Case, outcome: Outcome, wanted: Any, tolerance: float) -> bool:
    if isinstance(wanted, Raises):
        return outcome.is_a(wanted.kind)
    if outcome.raised or outcome.missing:
        return False
    if isinstance(wanted, str) and isinstance(outcome.value, str) and _CHOICE.fullmatch(case.call):
        return outcome.value.strip().lower() == wanted.lower()  # 'B' is the choice 'b'
    return same(outcome.value, wanted, tolerance)


@dataclass(frozen=True)
class _Thing:
    """What has no plain form (`answers.plain`), in words."""

    kind: str

    def __repr__(self) -> str:
        if self.kind in ("generator", "function"):
            return f"a {self.kind}"
        if " " in self.kind:
            return f"something {self.kind}"
        return f"{'an' if self.kind[:1] in 'aeiouAEIOU' else 'a'} {self.kind} object"


def _named(value: Any) -> Any:
    """`value` with a name in the place of each thing that has no plain form."""
    if isinstance(value, list):
        return [_named(item) for item in value]
    if not isinstance(value, dict):
        return value
    if list(value) == ["type"] and isinstance(value["type"], str):
        return _Thing(value["type"])
    return {key: _named(item) for key, item in value.items()}


def _shown(value: Any) -> str:
    text = repr(_named(value))
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _first_difference(one: Any, other: Any, tolerance: float) -> tuple[str, str, str]:
    """Where two plain values begin to differ, as Python would write it, and what each of them has there.

    >>> _first_difference({"a": 1, "b": [2, 3]}, {"a": 1, "b": [2, 4]}, 1e-6)
    ("['b'][1]", '3', '4')
    >>> _first_difference([1], [1, {}], 1e-6)
    ('[1]', 'nothing', '{}')
    """
    if not isinstance(one, dict | list) or type(one) is not type(other):
        return "", _shown(one), _shown(other)
    mine, its = (value if isinstance(value, dict) else dict(enumerate(value)) for value in (one, other))
    for key in {**its, **mine}:
        if key not in mine or key not in its:
            left, right = (_shown(items[key]) if key in items else "nothing" for items in (mine, its))
            return f"[{_shown(key)}]", left, right
        if not same(mine[key], its[key], tolerance):
            where, left, right = _first_difference(mine[key], its[key], tolerance)
            return f"[{_shown(key)}]{where}"[:LONGEST_VALUE], left, right
    return "", _shown(one), _shown(other)


def _is_cut(value: Any) -> bool:
    return len(repr(_named(value))) > LONGEST_VALUE


def _gave(outcome: Outcome) -> str:
    if outcome.missing:
        return f"there is no `{outcome.missing}`"
    if outcome.raised:
        return (
            f"raised {outcome.raised}: {outcome.message}" if outcome.message else f"raised {outcome.raised}"
        )
    return f"gave {_shown(outcome.value)}"


def _gave_and_wanted(case: Case, outcome: Outcome, tolerance: float) -> str:
    because = f", because {case.why}" if case.why else ""
    if isinstance(case.expected, Raises):
        return f"{_gave(outcome)}; it should raise {case.expected.kind}{because}"
    if not outcome.raised and same(_bools_as_ints(outcome.value), _bools_as_ints(case.expected)):
        because = ". The values are right, but True and False are not the numbers 1 and 0 here"
    elif not (outcome.raised or outcome.missing) and (_is_cut(outcome.value) or _is_cut(case.expected)):
        where, is_there, should = _first_difference(_named(outcome.value), case.expected, tolerance)
        if where:  # the reason is of the whole value, and may be about another place
            return f"gave {is_there} at {where}; it should give {should} there"
    return f"{_gave(outcome)}; it should give {_shown(case.expected)}{because}"


def first_failure(case: Case, outcome: Outcome, tolerance: float = 1e-6) -> str:
    """The failing input in words; what was expected is said, since the learner could work it out by hand.

    Of a value or a choice (a call without brackets, `trade_off` or `roles["b"]`) it is not said: the sentence
    would be the answer itself. Of values that are too long to show, the first place is where they differ.
    """
    choice = _CHOICE.fullmatch(case.call)
    if choice is not None and outcome.raised:
        name, key = choice[1] or choice[2], choice[4]
        if outcome.is_a("KeyError"):
            return f"`{name}` has no '{key}'."
        if outcome.raised in ("TypeError", "ValueError", "IndexError"):
            return f"`{name}` must be a dict with the keys that the contract names."
    if "(" not in case.call:
        return f"`{case.call}` {_gave(outcome)}, which is not it."
    return f"`{case.call}` {_gave_and_wanted(case, outcome, tolerance)}."


def _bools_as_ints(value: Any) -> Any:
    if isinstance(value, list):
        return [_bools_as_ints(item) for item in value]
    if isinstance(value, dict):
        return {key: _bools_as_ints(item) for key, item in value.items()}
    return int(value) if isinstance(value, bool) else value


def _misconception(exercise: Exercise, cases: Sequence[Case], outcomes: Sequence[Outcome]) -> str:
    """The misconception whose values the answers equal on most of the cases that failed, and never differ
    from on more than they equal; '' if there is none."""
    best, most = "", 0
    for name in exercise.misconceptions:
        hits = misses = 0
        for case, outcome in zip(cases, outcomes, strict=True):
            hit = _is(case, outcome, case.wrong.get(name, case.expected), exercise.tolerance)
            hits += hit and name in case.wrong
            misses += not hit
        score = 2 * hits - misses
        if hits and score > most:
            best, most = name, score
    return best


def _generic(outcomes: Sequence[Outcome], failed: Sequence[Outcome], name: str) -> str:
    """What can be said without knowing the exercise."""
    gave = [o.value for o in outcomes if not (o.raised or o.missing)]
    if all(value is None for value in gave) and any(not (o.raised or o.missing) for o in failed):
        return f"`{name}` gives None every time. Is there a `return`?"
    return ""


def judge(exercise: Exercise, cases: Sequence[Case], outcomes: Sequence[Outcome]) -> Finding:
    """Judge the answers to `cases`, which are the exercise's own or hidden ones.

    Raises: ValueError where cases and outcomes differ in number.
    """
    if any(o.missing == exercise.name or o.raised == "NotAttempted" for o in outcomes):
        return Finding(
            "not attempted",
            f"Not attempted yet: write `{exercise.name}` in the cell of exercise {exercise.id} and run it.",
            parts=dict.fromkeys(_parts(cases), False),
        )
    if exercise.judge is not None:
        return _by_judge(exercise, cases, outcomes)
    pairs = list(zip(cases, outcomes, strict=True))
    failed = [(c, o) for c, o in pairs if not _is(c, o, c.expected, exercise.tolerance)]
    wrong = {case.call for case, _ in failed}
    parts = {part: not any(c.part == part and c.call in wrong for c in cases) for part in _parts(cases)}
    if not failed:
        return Finding("right", exercise.verified, parts=parts)
    name = _misconception(exercise, cases, outcomes)
    said = exercise.misconceptions.get(name) or _generic(outcomes, [o for _, o in failed], exercise.name)
    # Where a misconception is named, a case that shows it; another one may have failed before.
    shows = ((c, o) for c, o in failed if name in c.wrong and _is(c, o, c.wrong[name], exercise.tolerance))
    place = first_failure(*next(shows, failed[0]), exercise.tolerance)
    counted = f"{plural(len(failed), 'answer')} of {len(cases)} wrong. "
    text = f"{said} {place}" if said else f"{counted}The smallest one: {place}"
    return Finding("wrong", text, name, tuple(case.call for case, _ in failed), parts)


def judge_any(exercise: Exercise, cases: Sequence[Case], outcomes: Sequence[Outcome]) -> Finding:
    """As `judge`; answers of a form that a judge did not think of are wrong, not an error of ours."""
    try:
        return judge(exercise, cases, outcomes)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError):
        text = "The answers have another form than the contract asks for. Compare them with its example."
        failed, parts = tuple(case.call for case in cases), dict.fromkeys(_parts(cases), False)
        return Finding("wrong", text, failed=failed, parts=parts)


def _parts(cases: Sequence[Case]) -> list[str]:
    return list(dict.fromkeys(case.part for case in cases))


def _by_judge(exercise: Exercise, cases: Sequence[Case], outcomes: Sequence[Outcome]) -> Finding:
    assert exercise.judge is not None
    parts = dict.fromkeys(_parts(cases), False)
    for case, outcome in zip(cases, outcomes, strict=True):
        if outcome.missing or outcome.raised:
            return Finding("wrong", f"`{case.call}` {_gave(outcome)}.", failed=(case.call,), parts=parts)
    verdict = exercise.judge(outcomes)
    if verdict.right:
        return Finding("right", exercise.verified, parts=dict.fromkeys(parts, True))
    text = exercise.misconceptions.get(verdict.misconception, "")
    said = " ".join(t for t in (text, verdict.text) if t)
    return Finding("wrong", said, verdict.misconception, tuple(c.call for c in cases), parts)
