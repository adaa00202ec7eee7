"""Where weak supervision ends: more labels, better teachers, generations."""

from __future__ import annotations

from collections.abc import Mapping

from w2s_course.evidence.finding import Finding, holds, line
from w2s_course.evidence.measured import Measured, Setting, difference, effect, mean_of


def plateau(setting: Setting) -> Finding | None:
    """More labels at equal steps: does weak supervision go on helping, and does gold?"""
    counts = [
        n for n in setting.values("count") if setting.where(count=n) and setting.where(count=n, labels="gold")
    ]
    if len(counts) < 2:
        return None
    lines: list[tuple[str, str]] = []
    for n in counts:
        weak = mean_of(setting.where(count=n), "exact")
        gold = mean_of(setting.where(count=n, labels="gold"), "exact")
        assert weak is not None
        assert gold is not None
        lines.append((f"{n:,} labels", f"weak {weak.percent()}; gold {gold.percent()}"))
    last, before = counts[-1], counts[-2]
    rise = {
        kind: difference(
            setting.where(count=last, labels=kind), setting.where(count=before, labels=kind), "exact"
        )
        for kind in ("weak", "gold")
    }
    apart = difference(setting.where(count=last, labels="gold"), setting.where(count=last), "exact")
    for kind, found in rise.items():
        lines += line(f"from {before:,} to {last:,} {kind} labels", found, "points")
    lines += line(f"gold above weak at {last:,} labels", apart, "points")
    return Finding(tuple(lines), _plateau(rise, apart))


def _plateau(rise: Mapping[str, Measured | None], apart: Measured | None) -> str:
    """Where weak labels end, and whether the last ones of each kind helped."""
    weak, gold = rise["weak"], rise["gold"]
    if weak is None or gold is None or apart is None or weak.ci95 is None or gold.ci95 is None:
        return "A single seed has no interval: nothing is concluded."
    end = "Weak labels end below gold" if apart.above else "That weak labels end below gold is not shown"
    return f"{end}. The last weak labels added: {effect(weak)}; the last gold labels: {effect(gold)}."


def strength(setting: Setting) -> Finding | None:
    """Teachers on more or less gold, all else equal: better teachers, better students?"""
    golds = [g for g in setting.values("gold") if setting.where(gold=g)]
    if len(golds) < 2:
        return None
    lines = []
    for g in golds:
        teacher, student = (mean_of(setting.where(gold=g), c) for c in ("teacher_exact", "exact"))
        assert teacher is not None
        assert student is not None
        lines.append(
            (f"teacher on {g:,} gold pairs", f"teacher {teacher.percent()}; student {student.percent()}")
        )
    rise = difference(setting.where(gold=golds[-1]), setting.where(gold=golds[0]), "exact")
    less = difference(setting.where(gold=golds[-1]), setting.where(gold=golds[0]), "gain")
    lines += line(f"student, from {golds[0]:,} to {golds[-1]:,} pairs", rise, "points")
    lines += line("change of the gain over the teacher", less, "points")
    said = holds(
        rise,
        "A better teacher has a better student.",
        "That a better teacher has a better student is not shown.",
        "the better teacher's student is worse.",
    )
    return Finding(tuple(lines), said)


ACCURACIES = {"exact": "fully right", "head": "frequent conditions right", "tail": "rare conditions right"}


def generations(setting: Setting) -> Finding | None:
    """Replacing the data by the last generation's labels, against keeping all of it."""
    kinds = {mode: setting.where(method=f"generations_{mode}") for mode in ("replace", "accumulate")}
    if not all(kinds.values()):
        return None
    last = max(int(r["generations"]) for rows in kinds.values() for r in rows)
    lines: list[tuple[str, str]] = []
    for mode, rows in kinds.items():
        for what, name in ACCURACIES.items():
            first, final = (mean_of(rows, f"generation_{g}_{what}") for g in (0, last))
            if first is not None and final is not None:
                text = f"{first.percent()}, then {final.percent()}"
                lines.append((f"{mode}: {name}, generation 0 and {last}", text))
    apart = difference(kinds["accumulate"], kinds["replace"], f"generation_{last}_exact")
    rare, frequent = (mean_of(kinds["replace"], f"generation_0_{what}") for what in ("tail", "head"))
    unlearned = rare is not None and frequent is not None and rare.mean < frequent.mean / 2
    lines += line(f"accumulating above replacing, generation {last}", apart, "points")
    said = holds(
        apart,
        "Keeping the old data, gold among it, is better than replacing it.",
        "That keeping the old data is better than replacing it is not shown.",
        "replacing the data is better than keeping it.",
    )
    if unlearned:
        said += (
            " The first generation hardly knows the rare conditions, so whether these are lost before the "
            "others is not tested here: what is seen is that errors add up."
        )
    return Finding(tuple(lines), said)
