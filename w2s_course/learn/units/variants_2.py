"""Unit 2 for cohorts: other probabilities in 2.2, other concepts in 2.4, other prices in 2.7."""

from __future__ import annotations

from dataclasses import replace
from math import log, sqrt
from random import Random

from w2s_course.learn.exercises import Case, Exercise, Raises
from w2s_course.learn.units.unit_2 import ERROR_DIRECTION, PRICE, SENTENCE_CONFIDENCE
from w2s_course.learn.variants import draw


def confidence_cases(r: Random) -> tuple[Case, ...]:
    """Sentences of a word with probability `p`, surer ones with `a` and `b`, and an end with `q`."""
    word = r.choice(("Count", "Gives", "Product", "Largest"))
    p, q, a, b = (
        r.choice((0.4, 0.5, 0.6)),
        r.choice((0.8, 0.9)),
        r.choice((0.7, 0.95)),
        r.choice((0.75, 0.85)),
    )
    end = {
        "averages over the tokens": sqrt(p * q),
        "averages probabilities": (p + q) / 2,
        "stays a logarithm": log(p * q),
        "forgets the end mark": p,
        "asks the weakest token": p,
    }
    return (
        Case(
            f'sentence_confidence(["{word}", "<end>"], [log({p}), log({q})])',
            p * q,
            wrong=end,
            why=f"{p} · {q} = {p * q:.2f}: the word, and then the end",
            part="product",
        ),
        Case(
            f'sentence_confidence(["{word}", " of", " x", "<end>"], [log({a}), log({p}), log({b}), '
            "log(1.0)])",
            a * p * b,
            wrong={
                "averages over the tokens": (a * p * b) ** 0.25,
                "averages probabilities": (a + p + b + 1) / 4,
                "stays a logarithm": log(a * p * b),
                "asks the weakest token": p,
            },
            why=f"{a} · {p} · {b} · 1 = {a * p * b:.4g}",
            part="product",
        ),
        Case(
            f'sentence_confidence(["{word}", "<end>", "<end>", "<end>"], [log({p}), log({q}), log(0.1), '
            "log(0.1)])",
            p * q,
            wrong={**end, "counts the padding": p * q * 0.01},
            why="what comes after the first end mark is padding",
            part="end",
        ),
        Case(
            f'sentence_confidence(["{word}", " of"], [log({p}), log({a})])',
            p * a,
            wrong={
                "averages over the tokens": sqrt(p * a),
                "averages probabilities": (p + a) / 2,
                "stays a logarithm": log(p * a),
                "asks the weakest token": p,
                "needs an end mark": Raises("ValueError"),
            },
            why="the sentence was cut off, and its two tokens are all there is",
            part="end",
        ),
    )


def sentence_confidence(cohort: int) -> Exercise:
    """2.2 with other tokens and probabilities."""
    cases = confidence_cases(draw(cohort, "2.2"))
    example = f"{cases[0].call} == {cases[0].expected:.2f}"
    return replace(SENTENCE_CONFIDENCE, example=example, cases=cases)


def direction_cases(r: Random) -> tuple[Case, ...]:
    """Of `true`, `often` is said `k` times, and `late`, which comes later in the alphabet, less often."""
    true, other, flawless = r.sample(("odd", "half", "negated", "sum", "product"), 3)
    often, late = sorted(r.sample(("even", "largest", "count", "square", "triple"), 2))
    third, k = r.choice(("absolute", "minimum", "prime")), r.randint(2, 4)
    slip, right = (true, often), (true, true)
    return (
        Case(
            f"error_direction({[slip]})",
            {true: [often, 1.0]},
            wrong={"reads the table sideways": {often: [true, 1.0]}},
            why=f"one error, and it calls {true} {often}",
            part="direction",
        ),
        Case(
            f"error_direction({[right] * k + [slip]})",
            {true: [often, 1.0]},
            wrong={
                "counts the right answers": {true: [true, k / (k + 1)]},
                "share of all labels": {true: [often, 1 / (k + 1)]},
                "reads the table sideways": {often: [true, 1.0]},
            },
            why=f"the {k} right labels are no errors",
            part="direction",
        ),
        Case(
            f"error_direction({[slip] * k + [(true, late), (other, third)]})",
            {true: [often, k / (k + 1)], other: [third, 1.0]},
            wrong={
                "share of all errors": {true: [often, k / (k + 2)], other: [third, 1 / (k + 2)]},
                "reads the table sideways": {often: [true, 1.0], late: [true, 1.0], third: [other, 1.0]},
            },
            why=f"{k} of the {k + 1} errors about {true}, and the only error about {other}",
            part="direction",
        ),
        Case(
            f"error_direction({[(flawless, flawless), slip]})",
            {true: [often, 1.0]},
            wrong={
                "keeps flawless concepts": {flawless: [None, 0.0], true: [often, 1.0]},
                "counts the right answers": {flawless: [flawless, 1.0], true: [often, 1.0]},
                "reads the table sideways": {often: [true, 1.0]},
            },
            why=f"nothing was got wrong about {flawless}",
            part="which concepts",
        ),
        Case(
            f"error_direction({[(true, late), slip]})",
            {true: [often, 0.5]},
            wrong={
                "depends on the order": {true: [late, 0.5]},
                "reads the table sideways": {late: [true, 1.0], often: [true, 1.0]},
            },
            why="of two equally frequent values it is the alphabetically first",
            part="direction",
        ),
        Case("error_direction([])", {}, why="no labels, no errors", part="which concepts"),
    )


def error_direction(cohort: int) -> Exercise:
    """2.4 with other concepts and other counts."""
    cases = direction_cases(draw(cohort, "2.4"))
    return replace(ERROR_DIRECTION, example=f"{cases[1].call} == {cases[1].expected}", cases=cases)


def price_cases(r: Random) -> tuple[Case, ...]:
    """`labels` of which `share` are right; `computing` and `gold` are the two bills, in dollars."""
    labels, share = r.choice((400, 800, 2000)), r.choice((0.25, 0.4, 0.8))
    seconds, hour_price = r.choice((900, 1800, 7200)), r.choice((0.2, 0.4, 1.2))
    pairs, gold_price = r.choice((200, 300, 500)), r.choice((0.5, 1.5, 2.5))
    computing, by_the_second, gold = seconds / 3600 * hour_price, seconds * hour_price, pairs * gold_price
    right, few = labels * share, r.choice((3, 5, 7))
    call = f"price_per_right_label({labels}, {{}}, {seconds}, {hour_price}, {{}}, {gold_price})"
    return (
        Case(
            call.format(1.0, 0),
            computing / labels,
            wrong={"takes seconds for hours": by_the_second / labels},
            why=f"computing costs {computing:g} and gives {labels} right labels",
            part="computing",
        ),
        Case(
            call.format(share, 0),
            computing / right,
            wrong={
                "prices all labels": computing / labels,
                "multiplies by the share": computing / labels * share,
                "takes seconds for hours": by_the_second / right,
            },
            why=f"{computing:g} is shared by {right:g} right labels",
            part="computing",
        ),
        Case(
            f"price_per_right_label({few}, 0.5, {seconds}, {hour_price}, 0, {gold_price})",
            computing / (few / 2),
            wrong={
                "prices all labels": computing / few,
                "multiplies by the share": computing / few * 0.5,
                "takes seconds for hours": by_the_second / (few / 2),
            },
            why=f"{computing:g} is shared by {few / 2:g} right labels, which is not to be rounded",
            part="computing",
        ),
        Case(
            call.format(share, pairs),
            (computing + gold) / right,
            wrong={
                "prices all labels": (computing + gold) / labels,
                "multiplies by the share": (computing + gold) / labels * share,
                "takes seconds for hours": (by_the_second + gold) / right,
                "forgets the gold": computing / right,
                "charges the gold to each label": computing / right + gold,
            },
            why=f"{computing:g} for computing and {gold:g} for gold, shared by {right:g} right labels",
            part="gold",
        ),
        Case(
            call.format(0.0, pairs),
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
