"""What becomes of a teacher's errors, planted ones and its own."""

from __future__ import annotations

import math

from w2s_course.evidence.finding import Finding, holds, line
from w2s_course.evidence.measured import Row, Setting, column, difference, mean_of, measured, noise


def _blind(row: Row) -> bool:
    """Whether the planted errors are those of a coding style that the teacher never understood."""
    from w2s_course.labeling.rules import RULES

    rules = [name for name in (row.get("planted_rules") or "").split(", ") if name in RULES]
    return bool(rules) and all(RULES[name].style for name in rules)


def inheritance(setting: Setting) -> Finding | None:
    """Two students of equally many wrong labels: errors of a rule, and errors at random."""
    rule = [r for r in setting.where(labels="gold", plan="systematic") if not _blind(r)]
    chance = [r for r in setting.where(labels="gold", plan="matched") if not _blind(r)]
    apart = difference(rule, chance, "passed_on")
    if apart is None:
        return None
    return Finding(
        (
            *line("labels that are right, systematic", mean_of(rule, "learned_right"), "percent"),
            *line("labels that are right, random", mean_of(chance, "learned_right"), "percent"),
            *line("planted claims repeated on the programs that the rule touches, systematic",
                   mean_of(rule, "planted_repeated"), "percent"),
            *line("the same claims after random errors", mean_of(chance, "planted_repeated"), "percent"),
            *line("student's error rate per error rate of its labels, systematic",
                   mean_of(rule, "passed_on"), "decimal"),
            *line("the same, random", mean_of(chance, "passed_on"), "decimal"),
            *line("student fully right, systematic", mean_of(rule, "exact"), "percent"),
            *line("student fully right, random", mean_of(chance, "exact"), "percent"),
        ),
        holds(
            apart,
            f"Systematic errors are inherited, random ones mostly averaged out.{_times(rule, chance)}",
            "That systematic errors are inherited more than random ones is not shown.",
            "random errors are passed on more than systematic ones.",
        ),
    )  # fmt: skip


def _times(rule: list[Row], chance: list[Row]) -> str:
    """Of all errors of the student, for which both sets of labels have equally many; not of those that the
    rule's claim alone makes."""
    one, other = mean_of(rule, "passed_on"), mean_of(chance, "passed_on")
    if one is None or other is None or not other.mean > 0:
        return ""
    many = f"{one.mean / other.mean:.1f} times as many errors of any kind"
    return f" After systematic ones the student has {many}."


def blind_spot(setting: Setting) -> Finding | None:
    """A coding style that the teacher never understood: what the student makes of it, inside and outside."""
    rows = [r for r in setting.where(labels="gold", plan="systematic") if _blind(r)]
    inside, outside = column(rows, "planted_touched"), column(rows, "planted_elsewhere")
    by_seed = {seed: outside[seed] - inside[seed] for seed in inside if seed in outside}
    # Two shares of different snippets: their errors add up.
    own = math.hypot(*(noise(rows, f"planted_{where}") for where in ("touched", "elsewhere")))
    apart = measured(by_seed, noise=own)
    if apart is None:
        return None
    return Finding(
        (
            *line("fully right inside the blind spot", mean_of(rows, "planted_touched"), "percent"),
            *line("fully right elsewhere", mean_of(rows, "planted_elsewhere"), "percent"),
            *line("the teacher's error repeated inside", mean_of(rows, "planted_repeated"), "percent"),
        ),
        holds(
            apart,
            "The student inherits the blind spot: inside it is right less often than elsewhere.",
            "That the student inherits the blind spot is not shown.",
            "inside the blind spot the student is right more often than elsewhere.",
        ),
    )


def ledger(setting: Setting) -> Finding | None:
    """What became of the teacher's own errors."""
    rows = setting.where()
    corrected, inherited = mean_of(rows, "corrected"), mean_of(rows, "inherited")
    apart = difference(
        [{**r, "_": r["corrected"]} for r in rows], [{**r, "_": r["inherited"]} for r in rows], "_"
    )
    if corrected is None:
        return None
    return Finding(
        (
            *line("of the teacher's wrong claims, corrected", corrected, "percent"),
            *line("of the teacher's wrong claims, repeated", inherited, "percent"),
            *line("of the teacher's right claims, broken", mean_of(rows, "invented"), "percent"),
            *line(
                "agreement beyond what the two accuracies explain",
                mean_of(rows, "error_agreement"),
                "decimal",
            ),
            *line("misfit: the student says something else", mean_of(rows, "misfit"), "percent"),
        ),
        holds(
            apart,
            "Of the teacher's errors the student corrects more than it repeats.",
            "Whether the student corrects more of the teacher's errors than it repeats is not shown.",
            "it repeats more than it corrects.",
        ),
    )
