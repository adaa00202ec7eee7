"""What the remedies did: helped, hurt, or nothing that shows."""

from __future__ import annotations

from w2s_course.evidence.finding import Finding, line
from w2s_course.evidence.measured import Row, Setting, difference, effect, mean_of

REMEDIES = (
    "gold_fraction", "confidence", "kd", "kd_decaying", "select", "vote", "average", "filter_agreement",
    "bootstrap",
)  # fmt: skip
"""Methods that are compared with the plain student of the same labels, in the order of the table."""


def remedies(setting: Setting) -> Finding | None:
    """Each remedy against the same student without it, paired by seed."""
    lines, told = [], dict[str, list[str]]()
    for title, rows, reference in compared(setting):
        found = difference(rows, reference, "exact")
        if found is None:
            continue
        said = effect(found)
        lines.append((title, f"{found.points()}: {said}"))
        told.setdefault(said, []).append(title)
    if not lines:
        return None
    verdict = " ".join(f"{said[0].upper()}{said[1:]}: {', '.join(names)}." for said, names in told.items())
    return Finding(tuple(lines), verdict)


def compared(setting: Setting) -> list[tuple[str, list[Row], list[Row]]]:
    """(title, rows, the rows to compare them with) of each remedy and its settings."""
    from w2s_course.trials.methods import METHODS

    found = []
    for method in REMEDIES:
        groups: dict[str, list[Row]] = {}
        for row in setting.where(method=method):
            numbers = ", ".join(f"{name} {row[name]:g}" for name in METHODS[method].settings)
            groups.setdefault(f"{method.replace('_', ' ')} ({numbers})", []).append(row)
        for title, rows in groups.items():
            is_kd = method.startswith("kd")
            if method == "kd" and rows[0]["weight"] == 0:
                continue  # it is the reference of the others
            reference = (
                [r for r in setting.where(method="kd") if r["weight"] == 0] if is_kd else setting.where()
            )
            found.append((title, rows, reference))
    return found


def stopping(setting: Setting) -> Finding | None:
    """What early stopping by the teacher's validation labels gains over the last step, and loses to gold."""
    rows = setting.where(method="stopping")
    worth = mean_of(rows, "stop_worth")
    if worth is None:
        return None
    return Finding(
        (
            *line("best step by weak validation", mean_of(rows, "stop_by_weak"), "number"),
            *line("best step by gold validation", mean_of(rows, "stop_by_gold"), "number"),
            *line("gained by stopping where the teacher says, on gold validation", worth, "points"),
            *line("lost against stopping where gold says", mean_of(rows, "stop_lost"), "points"),
        ),
        f"Stopping by the teacher's labels: {effect(worth)}. The best step by gold is chosen on the snippets "
        "that measure it, so what is lost against it is too large rather than too small.",
    )


def cascading(setting: Setting) -> Finding | None:
    """Teacher and student together, against the student alone."""
    rows = setting.where(method="cascade")
    apart = difference(rows, rows, "cascade_exact", "exact")
    if apart is None:
        return None
    return Finding(
        (
            *line("answered by the small model", mean_of(rows, "cascade_small_share"), "percent"),
            *line(
                "operations, as a share of the student alone", mean_of(rows, "cascade_cost_share"), "percent"
            ),
            *line("accuracy against the student alone", apart, "points"),
        ),
        f"The threshold was chosen on validation snippets. On accuracy: {effect(apart)}.",
    )
