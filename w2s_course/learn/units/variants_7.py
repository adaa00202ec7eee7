"""Unit 7 for cohorts: other log-probabilities and lambdas in 7.2, other weights and warm-ups in 7.7."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from w2s_course.learn.exercises import Case, Exercise, Raises, telling
from w2s_course.learn.units.unit_7 import STUDENT_LOSS, TRUST
from w2s_course.learn.variants import draw


def _loss_case(log_probs: list[float], kd: float, progress: float, start: float, why: str, part: str) -> Case:
    """One case of 7.2 with what each misconception gives; left out where that is right."""
    nll, total = -sum(log_probs) / len(log_probs), -sum(log_probs)
    weight = start * (1 - progress)
    right = nll + weight * kd
    wrong = {
        "maximises": -right,
        "subtracts the divergence": nll - weight * kd,
        "adds up the tokens": total + weight * kd,
        "mixes": (1 - weight) * nll + weight * kd,
        "lambda grows": nll + start * progress * kd,
        "lambda stays": nll + start * kd,
        "fades the labels too": (1 - progress) * (nll + start * kd),
    }
    return Case(
        f"student_loss({log_probs}, {kd}, {progress}, {start})", right, telling(wrong, right), why, part
    )


def loss_cases(r: Random) -> tuple[Case, ...]:
    """A label alone; a label and doubts before the first step, late, and after the last step."""
    one, other = r.choice((-1.5, -0.5)), r.choice((-3.5, -2.5))
    kd, start = r.choice((0.4, 0.6)), r.choice((2.0, 3.0))
    last = 0.25 * start
    return (
        _loss_case([one], 0.0, 0.0, 1.0, "without a divergence only the label is left", "terms"),
        _loss_case([one, other], kd, 0.0, start, f"before the first step lambda is {start:g}", "terms"),
        _loss_case([one, other], kd, 0.75, start, f"with a quarter left lambda is {last:g}", "lambda"),
        _loss_case([other], kd, 1.0, start, "after the last step the doubts weigh nothing", "lambda"),
    )


def student_loss(cohort: int) -> Exercise:
    """7.2 with other numbers."""
    cases = loss_cases(draw(cohort, "7.2"))
    return replace(STUDENT_LOSS, example=f"{cases[1].call} == {cases[1].expected}", cases=cases)


def _trust_case(progress: float, most: float, warmup: float, why: str, part: str) -> Case:
    """One case of 7.7, for a warm-up above 0, with what each misconception gives."""
    ramp = progress / warmup
    right = most * min(1.0, ramp)
    wrong = {
        "still jumps": most if progress > warmup else most * progress,
        "over the whole run": most * progress,
        "never gets there": most * min(progress, warmup),
        "never stops rising": most * ramp,
        "full from the start": most,
        "counts down": most * max(0.0, 1 - ramp),
    }
    return Case(f"trust({progress}, {most}, {warmup})", right, telling(wrong, right), why, part)


def trust_cases(r: Random) -> tuple[Case, ...]:
    """At the first step, half-way up, at the end of the warm-up, long after it, and without one."""
    most, warmup = r.choice((0.4, 0.6, 0.8)), r.choice((0.2, 0.25))
    none = {
        **dict.fromkeys(("still jumps", "over the whole run", "never gets there"), 0.0),
        **dict.fromkeys(
            ("divides by no warm-up", "never stops rising", "counts down"), Raises("ZeroDivisionError")
        ),
    }
    return (
        _trust_case(0.0, most, warmup, "the student knows nothing yet", "ramp"),
        _trust_case(warmup / 2, most, warmup, "half of the warm-up is half of the weight", "ramp"),
        _trust_case(0.75, most, warmup, "the warm-up is long over", "plateau"),
        _trust_case(warmup, most, warmup, "the ramp ends at the top, not below it", "plateau"),
        Case(f"trust(0.0, {most}, 0.0)", most, none, "no warm-up means full weight at once", "no warm-up"),
    )


def trust(cohort: int) -> Exercise:
    """7.7 with other numbers."""
    cases = trust_cases(draw(cohort, "7.7"))
    return replace(TRUST, example=f"round({cases[1].call}, 6) == {cases[1].expected}", cases=cases)


VARIANTS = {"7.2": student_loss, "7.7": trust}
