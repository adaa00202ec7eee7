"""From what each process handed back to one summary a way, a table, and footnotes in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.curves import Estimate, Point, at_rate, estimate, seconds_to, time_estimate

Row = dict[str, Any]
FULL, PADDED, OURS, TRAINER, SFT = (
    "full_finetune",
    "reference_2023",
    "ours",
    "trainer_peft",
    "sft_trainer",
)
NEAR, FLOOR = 0.08, 0.01
"""How far losses of the same batches may differ, as a share and in nats: the rounding of bfloat16, of which
Adam's first step makes 6%, since it takes the sign of gradients that are all but 0. A full run of TRL whose
first losses differed so was within 4 points of the Trainer's accuracy at every point (docs/speed.md)."""


def curve_of(row: Row) -> list[Point]:
    """The curve in this way's own seconds: as measured, or by the throughput that was taken apart."""
    curve = [Point(*point) for point in row["curve"]]
    rate = row["seconds_per_example"]
    return curve if rate is None else at_rate(curve, rate)


def same_losses(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether two trainings of the same batches are the same training, up to rounding.

    >>> same_losses([2.0, 1.5], [2.01, 1.49]), same_losses([2.0, 1.5], [2.0, 1.2])
    (True, False)
    """
    pairs = list(zip(one, other, strict=False))
    return bool(pairs) and all(abs(a - b) <= NEAR * max(a, b) + FLOOR for a, b in pairs)


def unpadded(row: Row) -> Row:
    """The full fine-tune as its curve was computed: padded to the longest of the batch, timed as it ran."""
    return {**row, "seconds_per_example": None, "peak_bytes": row["peak_bytes_of_curve"]}


def summary(rows: Sequence[Row], target: float, examples: int) -> dict[str, Estimate]:
    """What the seeds of one way say together; accuracy, rates and shares are of the first pass.

    examples: of a pass. fraction_of_matmul_rate: useful operations a second, over a matrix product's.
    """
    curves = [curve_of(row) for row in rows]
    ends = [next(point for point in curve if point.examples == examples) for curve in curves]
    rate = [examples / end.seconds for end in ends]
    shares = [row["flops"] / end.seconds / row["matmul_rate"] for row, end in zip(rows, ends, strict=True)]
    return {
        "seconds_to_target": time_estimate(target, curves),
        "accuracy": estimate([end.accuracy for end in ends]),
        "peak_bytes": estimate([row["peak_bytes"] for row in rows]),
        "fraction_of_matmul_rate": estimate(shares),
        "examples_per_second": estimate(rate),
    }


def default_target(rows: Sequence[Row], examples: int) -> float:
    """What the worst seed of trainer_peft reaches in one pass, and so all its seeds do."""
    found = [point.accuracy for row in rows for point in curve_of(row) if point.examples == examples]
    return min(found)


def reached(row: Row, target: float) -> bool:
    return seconds_to(target, curve_of(row)) is not None


# --- in words -----------------------------------------------------------------------------------------


def table(found: Mapping[str, Mapping[str, Estimate]], target: float) -> str:
    """The summaries, a line a way, with how many times ours each takes."""
    lines = [
        f"Target: {target:.1%} of the held-out answers right, word for word",
        f"{'':17}{'seconds to target':>22}{'x ours':>8}{'accuracy':>16}{'examples/s':>12}"
        f"{'peak GiB':>10}{'of matmul':>11}",
    ]
    ours = found.get(OURS, {}).get("seconds_to_target", {}).get("value")
    for way, measures in found.items():
        accuracy, seconds = measures["accuracy"], measures["seconds_to_target"]
        lines.append(
            f"{way:17}{_time(seconds):>22}{_ratio(seconds, ours):>8}"
            f"{_with_spread(accuracy, '.1%'):>16}"
            f"{measures['examples_per_second']['value']:12.2f}"
            f"{measures['peak_bytes']['value'] / 2**30:10.2f}"
            f"{measures['fraction_of_matmul_rate']['value']:11.1%}"
        )
    return "\n".join(lines)


def _with_spread(one: Estimate, form: str) -> str:
    return format(one["value"], form) + ("" if one["spread"] is None else f" ± {format(one['spread'], form)}")


def _time(one: Estimate) -> str:
    if one["value"] is None:
        return f"{one['reached']}, > {one['at_least']:.0f}"
    return _with_spread(one, ".1f")


def _ratio(one: Estimate, ours: float | None) -> str:
    if not ours:
        return "-"
    return f"> {one['at_least'] / ours:.1f}" if one["value"] is None else f"{one['value'] / ours:.1f}"


def footnotes(found: Mapping[str, Any], settings: Mapping[str, Any], curve_of_trainer: bool) -> list[str]:
    """What a reader must know to read the table."""
    notes = [
        "Seconds are of the wall clock, from the loaded model on, adapters, trainers and the frozen layers' "
        "states included, evaluations left out. ± is the sample standard deviation over seeds.",
        "Accuracy is after one pass over the pairs: the share of held-out snippets at whose every label "
        "token the gold token is likeliest, which is when the greedy answer is the gold text.",
        "Target: " + settings["target_is"] + ". A way that is below it after a pass makes further passes "
        f"over the same pairs, {settings['passes']} at most, each with a fresh optimiser and schedule. "
        "'1 of 3, > 90' means that one seed of three got there, and is a bound from below.",
        "Of matmul: the operations that a way needs for real tokens (6 N a token where all weights learn, "
        "4 N with frozen weights and adapters, fewer where layers are left out; the head at label tokens) "
        "a second, over the rate of a matrix product in the way's precision, measured in the same process.",
    ]
    if PADDED in found:
        notes.append(
            f"{PADDED} pads every example to {settings['context']} tokens and computes logits at all "
            "positions. The code released in 2023 (openai/weak-to-strong) pads to the longest of its small "
            "batches and has a classifying head: this is the costly end of a full fine-tune in its manner."
        )
    if FULL in found:
        notes.append(
            f"Padding and logits that nothing is learned from change no loss, so {PADDED}'s accuracies were "
            "computed without them, and its seconds are from steps with them, timed in the same process. "
            f"{FULL} is that same training in the seconds that it took without them."
        )
    if curve_of_trainer:
        notes.append(
            f"{SFT} is the training of {TRAINER} in other clothes: its first losses agreed on the same "
            f"batches, so its accuracies are {TRAINER}'s; its seconds are from its throughput, warmed up."
        )
    return notes
