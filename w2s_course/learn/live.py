"""Fine-tuning to watch: the loss of every step in a plot that grows while the model learns.

The stage is the experiment's own, so what was watched is in the cache afterwards, and a second call shows the
whole curve at once. Only pictures are sent to the notebook: no widget, and nothing of pyplot.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from matplotlib.axes import Axes

from w2s_course.arms.files import CURVE, read_rows
from w2s_course.arms.strong import FINE_TUNED
from w2s_course.errors import unknown_name
from w2s_course.experiment import watched
from w2s_course.findings import arm_name
from w2s_course.learn.display import is_interactive, picture
from w2s_course.learn.lesson import Lesson, compute, steps_to
from w2s_course.learn.plain_errors import friendly_errors
from w2s_course.plots.drawing import ARM_COLOURS, Plot, frame

SMOOTH = 10
"""Steps that the thick line is a mean of: one batch's loss says little."""

SLOWDOWN = 0.05
"""At most this share of the time goes into drawing."""

SIZE = (6.5, 3.6)


@dataclass(frozen=True)
class LossCurve:
    """What a fine-tuning left behind.

    losses: the mean loss of each step's batch, in nats a label token. checkpoints: (step, mean loss since the
    last checkpoint). folder: of the stage, with its answers. alt: the curve in words.
    """

    arm: str
    losses: tuple[float, ...]
    checkpoints: tuple[tuple[int, float], ...]
    folder: Path
    alt: str

    def __repr__(self) -> str:
        return self.alt


@friendly_errors()
def live_finetune(lesson: Lesson, arm: str = "weak_to_strong", every: float = 1.0) -> LossCurve:
    """Fine-tune the strong model for an arm, and plot its loss as it learns; at once if it is in the cache.

    Args:
        arm: weak_to_strong, ceiling or strong_on_gold.
        every: seconds between two drawings, or more where drawing is slow here.
    Returns: the whole curve. The same figure stays in the notebook, its alt text below.
    Raises: Friendly for another arm, and for what the reader can mend.
    """
    if arm not in FINE_TUNED:
        raise unknown_name("fine-tuned arm", arm, FINE_TUNED)
    steps = lesson.config.strong_steps
    if steps_to(lesson.config, [arm])[-1].cached:
        print(f"The {arm_name(arm)} has been fine-tuned before: this is its curve, from the cache.")
    canvas = _Canvas(arm, steps, every)
    folder = compute(lesson.config, [arm], instead=watched(arm, canvas.on_step))[arm]
    rows = read_rows(folder / CURVE)
    losses = tuple(loss for row in rows for loss in row["losses"])
    alt = canvas.finish(losses)
    print(alt)
    return LossCurve(arm, losses, tuple((row["step"], row["loss"]) for row in rows), folder, alt)


def loss_curve(losses: Sequence[float], steps: int, ax: Axes, arm: str = "weak_to_strong") -> Plot:
    """The loss of each step so far, thin, and its mean over the last `SMOOTH` steps, thick.

    steps: of the whole training, so that the axis stays where it is while the curve grows.
    """
    done = len(losses)
    at = range(1, done + 1)
    means = smoothed(losses)
    colour = ARM_COLOURS[arm]
    ax.plot(at, losses, color=colour, lw=1, alpha=0.35, marker="o" if done < 8 else "", ms=3)
    ax.plot(at, means, color=colour, lw=2.5)
    ax.set_xlim(0, steps + 1)
    ax.set_ylim(0, 1.05 * max(losses, default=1.0))
    ax.set_xlabel(f"training step (thin: each step, thick: mean of the last {SMOOTH})")
    ax.set_ylabel("loss, nats a label token")
    state = f"{done} of {steps} steps" if done < steps else f"all {steps} steps"
    frame(ax, f"Loss {means[-1]:.2f} after {state}" if losses else "Loss: no step yet", left=True)
    return Plot(ax, _in_words(losses, means, steps, arm))


def smoothed(losses: Sequence[float], width: int = SMOOTH) -> list[float]:
    """The mean of each value and those before it, `width` of them at most.

    >>> smoothed([4.0, 2.0, 0.0], width=2)
    [4.0, 3.0, 1.0]
    """
    return [fmean(losses[max(0, i - width + 1) : i + 1]) for i in range(len(losses))]


def _in_words(losses: Sequence[float], means: Sequence[float], steps: int, arm: str) -> str:
    if not losses:
        return f"Line: the loss of the {arm_name(arm)}; no step has been made yet."
    lowest = min(range(len(means)), key=means.__getitem__)
    change = "falls" if means[-1] < losses[0] else "does not fall"
    width = min(SMOOTH, len(losses))
    return (
        f"Line: the loss of the {arm_name(arm)} over {len(losses)} of {steps} training steps {change}, from "
        f"{losses[0]:.2f} at the first step to {means[-1]:.2f} (mean of the last {width}); "
        f"the lowest such mean is {means[lowest]:.2f}, at step {lowest + 1}."
    )


class _Canvas:
    """One picture in the output of a cell, drawn again and again; once, at the end, where nobody watches."""

    def __init__(self, arm: str, steps: int, every: float) -> None:
        self.arm, self.steps, self.pause = arm, steps, every
        self.losses: list[float] = []
        self.watched = is_interactive()
        self._next = 0.0
        self._handle: Any = None

    def on_step(self, step: int, loss: float) -> None:
        self.losses.append(loss)
        start = time.perf_counter()
        if self.watched and start >= self._next:
            self._draw(self.losses)
            took = time.perf_counter() - start
            self._next = time.perf_counter() + max(self.pause, took / SLOWDOWN)

    def finish(self, losses: Sequence[float]) -> str:
        """Draw the whole curve; its alt text."""
        return self._draw(losses)

    def _draw(self, losses: Sequence[float]) -> str:
        from IPython.core.getipython import get_ipython
        from IPython.display import display

        png, alt = picture(lambda ax: loss_curve(losses, self.steps, ax, self.arm), SIZE)
        if get_ipython() is None:  # a plain script or a test: there is nowhere to show it
            return alt
        bundle = {"image/png": png, "text/plain": alt}
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(bundle, raw=True)
        return alt
