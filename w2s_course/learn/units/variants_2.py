"""Unit 2 for cohorts: other probabilities in 2.2, other concepts in 2.4, other prices in 2.7."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import log, prod
from random import Random
from typing import Any

from w2s_course.learn.exercises import Case, Exercise, Raises, telling
from w2s_course.learn.units.unit_2 import ERROR_DIRECTION, PRICE, SENTENCE_CONFIDENCE
from w2s_course.learn.variants import draw

END = "<end>"


def _confidence_case(tokens: list[str], chances: list[float], why: str, part: str) -> Case:
    """One case of 2.2, tokens beside their probabilities, with what each misconception gives."""
    said = chances[: tokens.index(END) + 1] if END in tokens else chances
    right = prod(said)
    wrong = {
        "averages over the tokens": right ** (1 / len(said)),
        "averages probabilities": sum(said) / len(said),
        "stays a logarithm": log(right),
        "forgets the end mark": prod(said[:-1]) if END in tokens else right,
        "asks the weakest token": min(said),
        "counts the padding": prod(chances),
        "needs an end mark": right if END in tokens else Raises("ValueError"),
    }
    logs = ", ".join(f"log({chance})" for chance in chances)
    call = f"sentence_confidence({tokens}, [{logs}])".replace("'", '"')
    return Case(call, right, telling(wrong, right), why, part)


def confidence_cases(r: Random) -> tuple[Case, ...]:
    """Sentences of a word with probability `p`, surer ones with `a` and `b`, and an end with `q`."""
    word = r.choice(("Count", "Gives", "Product", "Largest"))
    p, q = r.choice((0.4, 0.5, 0.6)), r.choice((0.8, 0.9))
    a, b = r.choice((0.7, 0.95)), r.choice((0.75, 0.85))
    short, long = f"{p} · {q} = {p * q:.2f}: the word, and then the end", f"{a} · {p} · {b} · 1"
    padding = "what comes after the first end mark is padding"
    cut_off = "the sentence was cut off, and its two tokens are all there is"
    return (
        _confidence_case([word, END], [p, q], short, "product"),
        _confidence_case([word, " of", " x", END], [a, p, b, 1.0], f"{long} = {a * p * b:.4g}", "product"),
        _confidence_case([word, END, END, END], [p, q, 0.1, 0.1], padding, "end"),
        _confidence_case([word, " of"], [p, a], cut_off, "end"),
    )


def sentence_confidence(cohort: int) -> Exercise:
    """2.2 with other tokens and probabilities."""
    cases = confidence_cases(draw(cohort, "2.2"))
    example = f"round({cases[0].call}, 6) == {cases[0].expected:.2f}"
    return replace(SENTENCE_CONFIDENCE, example=example, cases=cases)


Pair = tuple[str, str]
"""A true concept, and what a label says in its place."""


def _most_said(pairs: Sequence[Pair], *, first_come: bool = False) -> dict[str, Any]:
    """Of each concept what is said most often, of equals the first in the alphabet, and its share."""
    said: dict[str, Counter[str]] = {}
    for true, claim in pairs:
        said.setdefault(true, Counter())[claim] += 1
    found = {}
    for true, counts in said.items():
        most = max(counts if first_come else sorted(counts), key=counts.__getitem__)
        found[true] = [most, counts[most] / counts.total()]
    return found


def _direction_case(pairs: list[Pair], why: str, part: str = "direction") -> Case:
    """One case of 2.4 with what each misconception gives."""
    errors = [(true, said) for true, said in pairs if true != said]
    right, count, labels = _most_said(errors), Counter(errors), Counter(true for true, _ in pairs)
    wrong = {
        "reads the table sideways": _most_said([(said, true) for true, said in errors]),
        "counts the right answers": _most_said(pairs),
        "share of all labels": {t: [said, count[t, said] / labels[t]] for t, (said, _) in right.items()},
        "share of all errors": {t: [said, count[t, said] / len(errors)] for t, (said, _) in right.items()},
        "keeps flawless concepts": {true: right.get(true, [None, 0.0]) for true in labels},
        "depends on the order": _most_said(errors, first_come=True),
    }
    return Case(f"error_direction({pairs})", right, telling(wrong, right), why, part)


def direction_cases(r: Random) -> tuple[Case, ...]:
    """Of `true`, `often` is said `k` times, and `late`, which comes later in the alphabet, less often."""
    true, other, flawless = r.sample(("odd", "half", "negated", "sum", "product"), 3)
    often, late = sorted(r.sample(("even", "largest", "count", "square", "triple"), 2))
    third, k = r.choice(("absolute", "minimum", "prime")), r.randint(2, 4)
    slip, right = (true, often), (true, true)
    tie = "of two equally frequent values it is the alphabetically first"
    most = f"{k} of the {k + 1} errors about {true}, and the only error about {other}"
    return (
        _direction_case([slip], f"one error, and it calls {true} {often}"),
        _direction_case([right] * k + [slip], f"the {k} right labels are no errors"),
        _direction_case([slip] * k + [(true, late), (other, third)], most),
        _direction_case(
            [(flawless, flawless), slip], f"nothing was got wrong about {flawless}", "which concepts"
        ),
        _direction_case([(true, late), slip], tie),
        _direction_case([], "no labels, no errors", "which concepts"),
    )


def error_direction(cohort: int) -> Exercise:
    """2.4 with other concepts and other counts."""
    cases = direction_cases(draw(cohort, "2.4"))
    return replace(ERROR_DIRECTION, example=f"{cases[1].call} == {cases[1].expected}", cases=cases)


def _price_case(
    labels: int, share: float, computing: tuple[int, float], gold: tuple[int, float], why: str, part: str
) -> Case:
    """One case of 2.7, of which some labels are right, with what each misconception gives.

    computing: seconds, and the price of an hour; gold: pairs, and the price of one.
    """
    (seconds, hour_price), (pairs, gold_price) = computing, gold
    computed, paid, right = seconds / 3600 * hour_price, pairs * gold_price, labels * share
    bill = computed + paid
    wrong = {
        "prices all labels": bill / labels,
        "multiplies by the share": bill / labels * share,
        "takes seconds for hours": (seconds * hour_price + paid) / right,
        "forgets the gold": computed / right,
        "charges the gold to each label": computed / right + paid,
    }
    call = f"price_per_right_label({labels}, {share}, {seconds}, {hour_price}, {pairs}, {gold_price})"
    return Case(call, bill / right, telling(wrong, bill / right), why, part)


def price_cases(r: Random) -> tuple[Case, ...]:
    """Of `labels` the `share` is right; bills for computing alone, then for gold as well."""
    labels, share = r.choice((400, 800, 2000)), r.choice((0.25, 0.4, 0.8))
    seconds, hour_price = computing = r.choice((900, 1800, 7200)), r.choice((0.2, 0.4, 1.2))
    pairs, gold_price = gold = r.choice((200, 300, 500)), r.choice((0.5, 1.5, 2.5))
    none, few = (0, gold_price), r.choice((3, 5, 7))
    computed, paid, right = f"{seconds / 3600 * hour_price:g}", f"{pairs * gold_price:g}", labels * share
    all_right = f"computing costs {computed} and gives {labels} right labels"
    half = f"{computed} is shared by {few / 2:g} right labels, which is not to be rounded"
    both = f"{computed} for computing and {paid} for gold, shared by {right:g} right labels"
    shared = f"{computed} is shared by {right:g} right labels"
    return (
        _price_case(labels, 1.0, computing, none, all_right, "computing"),
        _price_case(labels, share, computing, none, shared, "computing"),
        _price_case(few, 0.5, computing, none, half, "computing"),
        _price_case(labels, share, computing, gold, both, "gold"),
        Case(
            f"price_per_right_label({labels}, 0.0, {seconds}, {hour_price}, {pairs}, {gold_price})",
            Raises("ValueError"),
            wrong={"divides by no labels": Raises("ZeroDivisionError")},
            why="no label is right, so none has a price",
            part="none right",
        ),
    )


def price(cohort: int) -> Exercise:
    """2.7 with other prices."""
    cases = price_cases(draw(cohort, "2.7"))
    return replace(PRICE, example=f"round({cases[1].call}, 8) == {cases[1].expected:.8f}", cases=cases)


VARIANTS = {"2.2": sentence_confidence, "2.4": error_direction, "2.7": price}
