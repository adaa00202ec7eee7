"""Unit 3 for cohorts: other token ids in 3.1 and 3.3, other layers in 3.4. The end mark stays 2."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from w2s_course.learn.exercises import Case, Exercise, telling
from w2s_course.learn.units.unit_3 import BATCH, LABELS, LORA, OFF
from w2s_course.learn.variants import draw

END = 2


def _labels_case(prompt: list[int], label: list[int], length: int, why: str) -> Case:
    """One case of 3.1, whose label ends with the end mark, with what each misconception gives."""
    given, padding = len(prompt), length - len(prompt) - len(label)
    before, after = [OFF] * given, [OFF] * padding
    right = before + label + after
    wrong = {
        "masks by id": before + [OFF if i == END else i for i in label] + after,
        "trains on the prompt": prompt + label + after,
        "trains on padding": before + label + [END] * padding,
        "shifts already": before[1:] + label + after + [OFF],
        "starts at the front": label + before + after,
        "masks with 0": [0] * given + label + [0] * padding,
        "looks for the first end mark": [OFF] * length if END in prompt else right,
    }
    return Case(f"loss_labels({prompt}, {label}, {length})", right, telling(wrong, right), why)


def labels_cases(r: Random) -> tuple[Case, ...]:
    """A prompt of `a, b`, a label of `x, y` and the end mark; the last prompt begins with an end mark."""
    a, b, x, y = r.sample(range(3, 60), 4)
    gap = r.choice((2, 3))
    learned = "the two prompt tokens are given, and the end mark has to be learned"
    padded = f"{gap} positions of padding follow the end mark"
    return (
        _labels_case([a, b], [x, y, END], 5, learned),
        _labels_case([a, b], [x, y, END], 5 + gap, padded),
        _labels_case([END, b, a], [x, END], 6, "an end mark in the prompt ends nothing"),
    )


def loss_labels(cohort: int) -> Exercise:
    """3.1 with other token ids."""
    cases = labels_cases(draw(cohort, "3.1"))
    return replace(LABELS, example=f"{cases[1].call} == {cases[1].expected}", cases=cases)


def _batch_case(rows: list[list[int]], pad: int, why: str) -> Case:
    """One case of 3.3 with what each misconception gives."""
    width, least = max(map(len, rows)), min(map(len, rows))
    lacking = [width - len(row) for row in rows]
    pairs = list(zip(rows, lacking, strict=True))
    ids, seen = [row + [pad] * n for row, n in pairs], [[1] * len(row) + [0] * n for row, n in pairs]

    def batch(input_ids: list[list[int]], attention: list[list[int]]) -> dict[str, Any]:
        return {"input_ids": input_ids, "attention": attention}

    right = batch(ids, seen)
    wrong = {
        "finds padding by id": batch(ids, [[int(i != pad) for i in row] for row in ids]),
        "pads on the left": batch(
            [[pad] * n + row for row, n in pairs], [[0] * n + [1] * len(row) for row, n in pairs]
        ),
        "attention upside down": batch(ids, [[1 - s for s in row] for row in seen]),
        "attends to padding": batch(ids, [[1] * width for _ in rows]),
        "cuts to the shortest": batch([row[:least] for row in rows], [[1] * least for _ in rows]),
        "pads with -100": batch([row + [OFF] * n for row, n in pairs], seen),
    }
    return Case(f"pad_batch({rows}, {pad})", right, telling(wrong, right), why)


def batch_cases(r: Random) -> tuple[Case, ...]:
    """Rows that end with the end mark, which is also the padding; then a row with the padding's id inside."""
    a, b, c, d = r.sample(range(3, 60), 4)
    alone = "a single row needs no padding, and its end mark is a real token"
    inside = "a real token in the middle of the first row happens to have the id of the padding"
    return (
        _batch_case([[a, b, END]], END, alone),
        _batch_case([[a, END], [b, c, d, END]], END, "the first row lacks two tokens"),
        _batch_case([[b, 0, c], [d]], 0, inside),
    )


def pad_batch(cohort: int) -> Exercise:
    """3.3 with other token ids."""
    cases = batch_cases(draw(cohort, "3.3"))
    return replace(BATCH, example=f"{cases[1].call} == {cases[1].expected}", cases=cases)


def _lora_case(shapes: list[tuple[int, int]], rank: int, factor: int, why: str) -> Case:
    """factor: alpha / rank."""
    sides, areas = sum(i + o for i, o in shapes), sum(i * o for i, o in shapes)
    return Case(
        f"lora_parameters({shapes}, {rank}, {factor * rank})",
        rank * sides,
        wrong={
            "the whole matrix": areas,
            "one of the two": rank * sum(i for i, _ in shapes),
            "multiplies": rank * areas,
            "a third matrix": rank * sides + rank**2 * len(shapes),
            "frozen ones too": rank * sides + areas,
            "alpha makes more": factor * rank * sides,
        },
        why=why,
    )


def lora_cases(r: Random) -> tuple[Case, ...]:
    """Layers whose sides have no common factor with one another, so that no two counts agree by chance."""
    i, o, other = r.sample((5, 7, 11, 13), 3)
    large, rank = r.choice((320, 640, 960)), r.choice((4, 8, 16))
    return (
        _lora_case([(i, o)], 2, 4, f"A is 2 by {i} and B is {o} by 2"),
        _lora_case([(i, o), (o, other)], 3, 2, f"the layers have {3 * (i + o)} and {3 * (o + other)}"),
        _lora_case([(i, o), (i, o)], 2, 2, f"two layers of one shape are two layers, of {2 * (i + o)} each"),
        _lora_case([(large, 3 * large)], rank, 2, f"A is {rank} by {large} and B is {3 * large} by {rank}"),
    )


def lora_parameters(cohort: int) -> Exercise:
    """3.4 with other layers."""
    cases = lora_cases(draw(cohort, "3.4"))
    return replace(LORA, example=f"{cases[0].call} == {cases[0].expected}", cases=cases)


VARIANTS = {"3.1": loss_labels, "3.3": pad_batch, "3.4": lora_parameters}
