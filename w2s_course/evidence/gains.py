"""The gain, where it comes from, and what it is worth in bought labels."""

from __future__ import annotations

from statistics import fmean

from w2s_course.evidence.finding import Finding, holds, line
from w2s_course.evidence.measured import (
    Measured,
    Row,
    Setting,
    column,
    difference,
    floor_of,
    mean_of,
    measured,
    noise,
)


def gain(setting: Setting) -> Finding | None:
    """Student against teacher, and the share of the gap to the ceiling that came back."""
    student, ceiling = setting.where(), setting.where(labels="gold")
    found = mean_of(student, "gain")
    if found is None:
        return None
    recovered = _recovered(student, ceiling)
    return Finding(
        (
            *line("teacher, fully right", mean_of(student, "teacher_exact"), "percent"),
            *line("student on its labels", mean_of(student, "exact"), "percent"),
            *line("ceiling: the same student on gold labels", mean_of(ceiling, "exact"), "percent"),
            *line("gain over the teacher", found, "points"),
            *line("PGR, unclamped", recovered, "decimal"),
        ),
        holds(
            found,
            "The student is better than its teacher.",
            "A gain over the teacher is not shown: the interval includes 0.",
            "the student is worse than its teacher.",
        ),
    )


def _recovered(student: list[Row], ceiling: list[Row]) -> Measured | None:
    """PGR by seed, where the ceiling beats the teacher; no surer than the gain in it."""
    teacher, w2s, top = column(student, "teacher_exact"), column(student, "exact"), column(ceiling, "exact")
    gaps = {s: top[s] - teacher[s] for s in w2s if s in top and top[s] > teacher[s]}
    if not gaps:
        return None
    gap, gained = fmean(gaps.values()), {s: w2s[s] - teacher[s] for s in gaps}
    least = floor_of(student, "gain", gained) / gap
    return measured({s: gained[s] / gaps[s] for s in gaps}, least, noise(student, "gain") / gap)


def pretraining(setting: Setting) -> Finding | None:
    """The pre-trained student against one of the teacher's kind, on the same labels."""
    student = setting.where()
    control = setting.where(student="control")
    apart = difference(student, control, "gain")
    if apart is None:
        return None
    return Finding(
        (
            *line("gain of the pre-trained student", mean_of(student, "gain"), "points"),
            *line("gain of the control without pre-training", mean_of(control, "gain"), "points"),
            *line("difference", apart, "points"),
        ),
        holds(
            apart,
            "The control has less of the gain: the labels alone do not explain it. It is also much smaller "
            "than the student, so whether pre-training or size does, it cannot say.",
            "That the control gains less is not shown: the interval of the difference includes 0.",
            "the control gains more.",
        ),
    )


def worth(setting: Setting) -> Finding | None:
    """How many bought gold labels the weak ones are worth to the same student."""
    from w2s_course.costs import gold_curve, worth_in_gold

    golds = [r for n in setting.values("count") for r in setting.where(labels="gold", count=n)]
    weak = column(setting.where(), "exact")
    sizes = {(r["seed"], r["count"]) for r in golds}
    enough = [r for r in golds if sum(seed == r["seed"] for seed, _ in sizes) > 1]
    if not enough or not set(weak) & {r["seed"] for r in enough}:
        return None
    curves = gold_curve(enough, gold="count")
    found = worth_in_gold({s: value for s, value in weak.items() if s in curves}, curves)
    return Finding(
        ((f"{setting.base['pool']:,} weak labels", str(found)),),
        "The teacher's own gold is not counted: in the scenario it is already there.",
    )
