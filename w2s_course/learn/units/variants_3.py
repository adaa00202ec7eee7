"""Unit 3 for cohorts: other token ids in 3.1 and 3.3, other layers in 3.4. The end mark stays 2."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from w2s_course.learn.exercises import Case, Exercise
from w2s_course.learn.units.unit_3 import BATCH, LABELS, LORA, OFF
from w2s_course.learn.variants import draw

END = 2


def labels_cases(r: Random) -> tuple[Case, ...]:
    """A prompt of `a, b`, a label of `x, y` and the end mark; the last prompt begins with an end mark."""
    a, b, x, y = r.sample(range(3, 60), 4)
    gap = r.choice((2, 3))
    plain, off = [a, b, x, y, END], [OFF] * gap
    return (
        Case(
            f"loss_labels([{a}, {b}], [{x}, {y}, {END}], 5)",
            [OFF, OFF, x, y, END],
            wrong={
                "masks by id": [OFF, OFF, x, y, OFF],
                "trains on the prompt": plain,
                "shifts already": [OFF, x, y, END, OFF],
                "starts at the front": [x, y, END, OFF, OFF],
                "masks with 0": [0, 0, x, y, END],
            },
            why="the two prompt tokens are given, and the end mark has to be learned",
        ),
        Case(
            f"loss_labels([{a}, {b}], [{x}, {y}, {END}], {5 + gap})",
            [OFF, OFF, x, y, END, *off],
            wrong={
                "masks by id": [OFF, OFF, x, y, OFF, *off],
                "trains on the prompt": plain + off,
                "trains on padding": [OFF, OFF, x, y, END] + [END] * gap,
                "shifts already": [OFF, x, y, END, OFF, *off],
                "starts at the front": [x, y, END, OFF, OFF, *off],
                "masks with 0": [0, 0, x, y, END] + [0] * gap,
            },
            why=f"{gap} positions of padding follow the end mark",
        ),
        Case(
            f"loss_labels([{END}, {b}, {a}], [{x}, {END}], 6)",
            [OFF, OFF, OFF, x, END, OFF],
            wrong={
                "masks by id": [OFF, OFF, OFF, x, OFF, OFF],
                "trains on the prompt": [END, b, a, x, END, OFF],
                "trains on padding": [OFF, OFF, OFF, x, END, END],
                "shifts already": [OFF, OFF, x, END, OFF, OFF],
                "starts at the front": [x, END, OFF, OFF, OFF, OFF],
                "masks with 0": [0, 0, 0, x, END, 0],
                "looks for the first end mark": [OFF] * 6,
            },
            why="an end mark in the prompt ends nothing",
        ),
    )


def loss_labels(cohort: int) -> Exercise:
    """3.1 with other token ids."""
    cases = labels_cases(draw(cohort, "3.1"))
    return replace(LABELS, example=f"{cases[1].call} == {cases[1].expected}", cases=cases)


def _batch(*pairs: tuple[list[int], list[int]]) -> dict[str, Any]:
    """Rows of ids, each with its attention, as `pad_batch` returns them."""
    return {"input_ids": [ids for ids, _ in pairs], "attention": [seen for _, seen in pairs]}


def batch_cases(r: Random) -> tuple[Case, ...]:
    """Rows that end with the end mark, which is also the padding; then a row with the padding's id inside."""
    a, b, c, d = r.sample(range(3, 60), 4)
    short, long, one, four = [a, END], [b, c, d, END], [1, 1, 0, 0], [1] * 4
    inside, lone = [b, 0, c], [d]
    return (
        Case(
            f"pad_batch([[{a}, {b}, {END}]], {END})",
            _batch(([a, b, END], [1, 1, 1])),
            wrong={
                "finds padding by id": _batch(([a, b, END], [1, 1, 0])),
                "attention upside down": _batch(([a, b, END], [0, 0, 0])),
            },
            why="a single row needs no padding, and its end mark is a real token",
        ),
        Case(
            f"pad_batch([{short}, {long}], {END})",
            _batch((short + [END] * 2, one), (long, four)),
            wrong={
                "finds padding by id": _batch((short + [END] * 2, [1, 0, 0, 0]), (long, [1, 1, 1, 0])),
                "pads on the left": _batch(([END] * 2 + short, [0, 0, 1, 1]), (long, four)),
                "attention upside down": _batch((short + [END] * 2, [0, 0, 1, 1]), (long, [0] * 4)),
                "attends to padding": _batch((short + [END] * 2, four), (long, four)),
                "cuts to the shortest": _batch((short, [1, 1]), (long[:2], [1, 1])),
                "pads with -100": _batch((short + [OFF] * 2, one), (long, four)),
            },
            why="the first row lacks two tokens",
        ),
        Case(
            f"pad_batch([{inside}, {lone}], 0)",
            _batch((inside, [1, 1, 1]), ([d, 0, 0], [1, 0, 0])),
            wrong={
                "finds padding by id": _batch((inside, [1, 0, 1]), ([d, 0, 0], [1, 0, 0])),
                "pads on the left": _batch((inside, [1, 1, 1]), ([0, 0, d], [0, 0, 1])),
                "attention upside down": _batch((inside, [0, 0, 0]), ([d, 0, 0], [0, 1, 1])),
                "attends to padding": _batch((inside, [1, 1, 1]), ([d, 0, 0], [1, 1, 1])),
                "cuts to the shortest": _batch((inside[:1], [1]), (lone, [1])),
                "pads with -100": _batch((inside, [1, 1, 1]), ([d, OFF, OFF], [1, 0, 0])),
            },
            why="a real token in the middle of the first row happens to have the id of the padding",
        ),
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
