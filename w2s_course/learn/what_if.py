"""What if the teacher had been better, or the ceiling lower? PGR from accuracies that one may choose.

    print(what_if(weak=0.50, w2s=0.67, ceiling=0.95, n=200))
    what_if_panel()                       # the same with three fields, beginning at the recorded runs

The arithmetic is written out each time, because the point is how much one number hides.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from w2s_course.errors import UsageError
from w2s_course.findings import Results, arm_name, exact
from w2s_course.learn.display import Displayed, button, panel, preformatted, text_widget, trouble
from w2s_course.learn.friendly import Mistake, checked_number, short
from w2s_course.learn.plain_errors import friendly_errors
from w2s_course.metrics import NoGap, Recovered, clamped_pgr, gap_recovered, performance_gap_recovered
from w2s_course.recorded import recorded_runs
from w2s_course.seeds import COMPARED
from w2s_course.wording import decimal, percent

STEP = 0.005
"""Of the fields: one snippet of the 200 that the recorded runs are tested on."""
ROUNDING = 0.0006
"""A field shows three decimals: an accuracy nearer to a run's own than this is that run's own."""


@friendly_errors()
def what_if(weak: float, w2s: float, ceiling: float, n: int | None = None) -> str:
    """The gap, the gain, and PGR raw and clamped, written out step by step.

    Args:
        weak, w2s, ceiling: shares of test snippets fully right, in [0, 1].
        n: test snippets. Without it nobody can say whether the gap is more than chance.
    Raises: Friendly for an accuracy outside [0, 1], or n below 2.

    >>> print(what_if(weak=0.50, w2s=0.75, ceiling=1.0))
    gap   = ceiling - weak         = 1.000 - 0.500 = 0.500
    gain  = weak-to-strong - weak  = 0.750 - 0.500 = 0.250
    PGR   = gain / gap             = 0.250 / 0.500 = 0.50 (raw)
    max{0, PGR} (eq. 4.11)         = 0.50 (clamped)
    status: not known; without the number of test snippets the gap may be chance.
    """
    _check(weak, w2s, ceiling, n)
    lines = [
        f"gap   = ceiling - weak         = {ceiling:.3f} - {weak:.3f} = {ceiling - weak:.3f}",
        f"gain  = weak-to-strong - weak  = {w2s:.3f} - {weak:.3f} = {w2s - weak:.3f}",
    ]
    try:
        raw = performance_gap_recovered(weak, w2s, ceiling)
    except NoGap:
        return "\n".join(
            [
                *lines,
                "PGR   = gain / gap             = undefined (raw), undefined (clamped)",
                "status: no gap; the ceiling does not beat the weak model, so there is nothing to recover.",
            ]
        )
    hidden = "; the harm is hidden" if raw < 0 else ""
    lines += [
        f"PGR   = gain / gap             = {w2s - weak:.3f} / {ceiling - weak:.3f} = {decimal(raw)} (raw)",
        f"max{{0, PGR}} (eq. 4.11)         = {decimal(clamped_pgr(raw))} (clamped{hidden})",
        f"status: {_status(weak, w2s, ceiling, n)}",
    ]
    return "\n".join(lines)


def _check(weak: float, w2s: float, ceiling: float, n: int | None) -> None:
    for name, value in (("weak", weak), ("w2s", w2s), ("ceiling", ceiling)):
        checked_number(name, value, f"{name}=0.67")
        if not 0 <= value <= 1:
            raise UsageError(f"{name} is {value}; an accuracy is a share from 0 to 1, such as 0.67 for 67%.")
    if n is not None:
        checked_number("n", n, "n=200", whole=True)
    if n is not None and n < 2:
        raise UsageError(f"n is {n}; an interval needs at least 2 test snippets.")


def _status(weak: float, w2s: float, ceiling: float, n: int | None) -> str:
    if n is None:
        return "not known; without the number of test snippets the gap may be chance."
    found = supposed(weak, w2s, ceiling, n)
    if found.status != "ok" or found.ci95 is None:
        return f"{found.status}; on {n} snippets the gap may be chance, and so may any share of it."
    low, high = found.ci95
    return f"ok; 95% interval of raw PGR about {decimal(low)} to {decimal(high)} on {n} snippets."


def supposed(weak: float, w2s: float, ceiling: float, n: int) -> Recovered:
    """PGR with its interval for arms of these accuracies on `n` snippets, rounded to whole snippets.

    Which snippets an arm has right is drawn at random and apart for each arm. Real arms tend to fail on the
    same snippets, which makes a real interval somewhat narrower.
    """

    def verdicts(accuracy: float, seed: int) -> list[bool]:
        right = round(accuracy * n)
        return random.Random(seed).sample([True] * right + [False] * (n - right), n)

    return gap_recovered(verdicts(weak, 0), verdicts(w2s, 1), verdicts(ceiling, 2))


class WhatIf(Displayed):
    """Runs to begin with, and accuracies that may be moved away from theirs.

    runs: seed -> results. seeds: those whose mean accuracies are the beginning. accuracies: as they are now.
    """

    def __init__(self, runs: Sequence[Results]) -> None:
        self.runs = {run["config"]["seed"]: run for run in runs}
        self.choose(list(self.runs))

    def choose(self, seeds: Sequence[int]) -> None:
        """Begin at the mean of these runs. Raises: Mistake for a seed that is not there, or none."""
        given: Any = seeds
        listed = isinstance(given, Sequence) and all(isinstance(seed, int) for seed in given)
        if not listed or not seeds or not set(seeds) <= self.runs.keys():
            known = ", ".join(map(str, self.runs))
            raise Mistake(f"Choose seeds among {known}; got {short(seeds)}. Give a list, as in [0, 1].")
        self.seeds = tuple(seeds)
        self.accuracies = {arm: self._recorded(arm) for arm in COMPARED}

    def change(self, **accuracies: float) -> None:
        """Suppose another accuracy: `change(ceiling=0.9)`. Raises: Mistake for an unknown arm."""
        names = {"w2s": "weak_to_strong"}
        for name, value in accuracies.items():
            arm = names.get(name, name)
            if arm not in COMPARED:
                raise Mistake(f"There is no arm '{name}' in PGR. It is made of weak, w2s and ceiling.")
            checked_number(name, value, f"{name}=0.67")
            self.accuracies[arm] = value

    @property
    def changed(self) -> bool:
        """Whether an accuracy is not that of the runs."""
        return any(abs(self.accuracies[arm] - self._recorded(arm)) > ROUNDING for arm in COMPARED)

    def _recorded(self, arm: str) -> float:
        return fmean(exact(self.runs[seed], arm) or 0.0 for seed in self.seeds)

    @property
    def n(self) -> int:
        """Test snippets of these runs together."""
        return sum(int(self.runs[seed]["arms"]["weak"]["exact"]["n"]) for seed in self.seeds)

    def text(self) -> str:
        """What holds now: where the numbers are from, and the arithmetic."""
        seeds = ", ".join(map(str, self.seeds))
        kind = "run, seed" if len(self.seeds) == 1 else "runs, mean of seeds"
        origin = "Supposed" if self.changed else "As measured"
        lines = [f"{origin} ({kind} {seeds}):"]
        for arm in COMPARED:
            was = self._recorded(arm)
            moved = "" if abs(self.accuracies[arm] - was) < ROUNDING else f"  (measured: {percent(was)})"
            lines.append(f"  {arm_name(arm):23} {percent(self.accuracies[arm]):>6}{moved}")
        weak, w2s, ceiling = (self.accuracies[arm] for arm in COMPARED)
        lines += ["", what_if(weak, w2s, ceiling, self.n)]
        if len(self.seeds) > 1:
            lines.append("The interval asks what other snippets would give; another seed varies more.")
        return "\n".join(lines if self.changed else [*lines, "", *self._as_recorded()])

    def _as_recorded(self) -> list[str]:
        """PGR as each run reports it, from its own verdicts."""
        return [f"seed {seed}: {_reported(self.runs[seed]['pgr'])}" for seed in self.seeds]

    def static(self) -> tuple[str, str]:
        """The runs as they are."""
        return preformatted(self.text()), self.text()

    def widget(self) -> Any:
        """A choice of seeds, three numbers, a way back, and the arithmetic."""
        import ipywidgets

        seeds, fields = self._controls()
        boxes = ipywidgets.HBox(list(seeds.values()), layout={"flex_flow": "row wrap"})
        shown, back = text_widget(preformatted(self.text())), button("As measured", "Put the numbers back")
        moving = False

        def refresh() -> None:
            nonlocal moving
            moving = True  # setting a field calls `typed`, which must not read the others half-way
            for arm, field in fields.items():
                field.value = round(self.accuracies[arm], 3)
            moving = False
            shown.value = preformatted(self.text())

        def chosen(_: Any) -> None:
            wanted = [seed for seed, box in seeds.items() if box.value]
            if wanted:
                self.choose(wanted)
                refresh()
            else:
                shown.value = trouble(UsageError("Choose at least one of the recorded runs."))

        def typed(change: Mapping[str, Any]) -> None:
            if not moving:
                arm = next(arm for arm, field in fields.items() if field is change["owner"])
                self.change(**{arm: change["new"]})
                shown.value = preformatted(self.text())

        for box in seeds.values():
            box.observe(chosen, names="value")
        back.on_click(chosen)
        for field in fields.values():
            field.observe(typed, names="value")
        return panel([text_widget("Recorded runs:"), boxes, *fields.values(), back, shown])

    def _controls(self) -> tuple[dict[int, Any], dict[str, Any]]:
        """A box to tick for each seed, and a number for each arm."""
        import ipywidgets

        wide = {"style": {"description_width": "12em"}, "layout": {"width": "32em", "max_width": "98%"}}
        # Not a list of several choices: JupyterLab takes the arrow keys for itself.
        seeds = {
            seed: ipywidgets.Checkbox(
                description=f"seed {seed}",
                value=seed in self.seeds,
                indent=False,
                layout={"width": "max-content", "margin": "2px 16px 2px 2px"},
            )
            for seed in self.runs
        }
        limits = {"min": 0.0, "max": 1.0, "step": STEP}
        # Not sliders: a slider's handle has no name for a screen reader, and it rounds to its step.
        fields = {
            arm: ipywidgets.BoundedFloatText(
                value=round(self.accuracies[arm], 3), description=arm_name(arm), **limits, **wide
            )
            for arm in COMPARED
        }
        return seeds, fields


def _reported(pgr: Mapping[str, Any]) -> str:
    interval = f" (95%: {decimal(pgr['ci95'][0])} to {decimal(pgr['ci95'][1])})" if pgr["ci95"] else ""
    return f"PGR {decimal(pgr['raw'])}{interval}, clamped {decimal(pgr['clamped'])}, status {pgr['status']}"


@friendly_errors()
def what_if_panel(runs: Results | Sequence[Results] | None = None) -> WhatIf:
    """Show runs with fields for the three accuracies that PGR is made of.

    Args: runs: results of one run, or of several that differ in their seeds; the recorded ones if not given.
    Raises: Friendly for no runs.
    """
    if runs is None:
        runs = recorded_runs("cpu")
    given = [runs] if isinstance(runs, Mapping) else list(runs)
    if not given:
        raise UsageError("The panel needs a run: give lesson.results(), or nothing for the recorded runs.")
    made = WhatIf(given)
    made.show()
    return made
