"""Unit 5 for cohorts: other labels in 5.4, other blind spots in 5.7."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from random import Random

from w2s_course.learn.exercises import Case, Exercise, Raises, telling
from w2s_course.learn.units.unit_5 import MATCHED, READ
from w2s_course.learn.variants import draw


def matched_case(both: int, right_only: int, touched_only: int, neither: int, r: Random) -> Case:
    """So many labels of each kind, shuffled: every answer follows from the counts alone."""
    pairs = [(1, 1)] * both + [(1, 0)] * right_only + [(0, 1)] * touched_only + [(0, 0)] * neither
    r.shuffle(pairs)
    right, touched = ([pair[i] for pair in pairs] for i in (0, 1))
    n, all_right, all_touched = len(pairs), both + right_only, both + touched_only

    def found(accuracy: float, rate: float) -> dict[str, float]:
        return {"accuracy": accuracy, "rate": rate}

    after, rate = right_only / n, both / all_right
    wanted = found(after, rate)
    wrong = {
        "counts errors twice": found((all_right - all_touched) / n, all_touched / all_right),
        "share of all labels": found(after, both / n),
        "share of the touched": found(after, both / all_touched),
        "errors for accuracy": found(1 - after, rate),
        "takes labels for gold": found(1 - all_touched / n, all_touched / n),
        "two wrongs make a right": found((right_only + touched_only) / n, (both - touched_only) / all_right),
    }
    return Case(
        f"matched_errors({right}, {touched})",
        wanted,
        wrong=telling(wrong, wanted),  # gold labels hide most misconceptions
        why=f"of {all_right} right labels {both} become wrong, and {right_only} of {n} stay right",
        part="weak labels" if touched_only or neither else "gold labels",
    )


def matched_cases(r: Random) -> tuple[Case, ...]:
    """Gold labels first, then weak ones of two sizes."""
    return (
        matched_case(1, r.choice((2, 4)), 0, 0, r),
        matched_case(2, r.choice((3, 5)), 1, r.choice((1, 3)), r),
        matched_case(3, r.choice((4, 5)), 2, r.choice((2, 4)), r),
    )


def matched_errors(cohort: int) -> Exercise:
    """5.4 with other labels."""
    return replace(MATCHED, cases=(*matched_cases(draw(cohort, "5.4")), MATCHED.cases[-1]))


def read_case(share: float, rate: float, sure: float) -> Case:
    """The numbers by multiplying on, label by label."""

    def until(at_most: float, p: float) -> int:
        n, missed = 0, 1.0
        while missed > at_most:
            n, missed = n + 1, missed * (1 - p)
        return n

    p = share * rate
    wanted = until(1 - sure, p)
    wrong = {
        "adds up the chances": ceil(sure / p),
        "waits for one on average": ceil(1 / p),
        "rounds down": wanted - 1,
        "mistakes sure for unsure": until(sure, p),
        "takes the spot for wrong throughout": until(1 - sure, share),
    }
    return Case(
        f"labels_to_read({share}, {rate}, {sure})",
        wanted,
        wrong=telling(wrong, wanted),
        why=f"a drawn label is an error of the spot with probability {p:.3g}",
        part="rate" if rate < 1 else "number",
    )


def read_cases(r: Random) -> tuple[Case, ...]:
    """Blind spots whose numbers lie well between two whole ones, so that no rounding decides."""
    return (
        read_case(r.choice((0.15, 0.2, 0.3)), 1.0, 0.95),
        read_case(r.choice((0.15, 0.2, 0.3)), 0.5, 0.95),
        read_case(r.choice((0.11, 0.13)), 0.5, 0.9),
    )


def labels_to_read(cohort: int) -> Exercise:
    """5.7 with other blind spots."""
    first, second, *_, never_wrong, never_drawn = READ.cases
    varied = read_cases(draw(cohort, "5.7"))
    example = f"{varied[0].call} == {varied[0].expected}"
    return replace(READ, example=example, cases=(first, second, *varied, never_wrong, never_drawn))


def never(share: float, rate: float, sure: float) -> Case:
    """A spot in which nothing is wrong, or which is never drawn: one of the two shares is 0."""
    by_share = read_case(share, 1.0, sure).expected if share else Raises("ZeroDivisionError")
    return Case(
        f"labels_to_read({share}, {rate}, {sure})",
        Raises("ValueError"),
        wrong={
            "takes the spot for wrong throughout": by_share,
            "divides by never": Raises("ZeroDivisionError"),
        },
        part="rate",
    )


VARIANTS = {"5.4": matched_errors, "5.7": labels_to_read}
