"""What a label costs, in parts: what each label takes, and what had to be paid before the first one.

A weak label is nearly free *at the margin*. The weak model that writes it was not: it learned from gold, and
gold is bought at the price of people. Which of the two counts depends on how many labels one makes, so no
price here is a single number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from w2s_course.costs.assumptions import ASSUMPTIONS, Assumptions, recorded_assumptions
from w2s_course.costs.operations import SECONDS_AN_HOUR, StageCost
from w2s_course.errors import UsageError

MINUTES_AN_HOUR = 60
GOLD_PAIRS = "gold pairs"
"""The part of a making that people are paid for."""
SOURCES: Mapping[str, str] = {
    "weak": "weak model, on this machine",
    "strong_hosted": "strong model, hosted",
    "strong_own": "strong model, on this machine",
    "human": "people",
}
"""Who writes labels, in the order of tables, and the name of each."""


@dataclass(frozen=True)
class LabelPrice:
    """The price of labels of one source. All in US dollars.

    each: part -> what it adds for every label. once: part -> what it costs before the first label.
    """

    each: Mapping[str, float]
    once: Mapping[str, float] = field(default_factory=dict)

    @property
    def marginal(self) -> float:
        """What one label more costs."""
        return sum(self.each.values())

    @property
    def making(self) -> float:
        """What must be paid before the first label."""
        return sum(self.once.values())

    @property
    def training(self) -> float:
        """The making without the gold pairs: what a computer took for it."""
        return sum(dollars for part, dollars in self.once.items() if part != GOLD_PAIRS)

    def total(self, labels: float) -> float:
        """What that many labels cost in all; nothing where none is made."""
        return self.making + labels * self.marginal if labels > 0 else 0.0

    def per_1000(self, labels: float | None = None) -> float:
        """What 1,000 labels cost: at the margin, or with the making spread over `labels` of them.

        Raises: UsageError where the making would be spread over no label.

        >>> weak = LabelPrice(each={"computer": 1e-7}, once={"gold pairs": 600.0})
        >>> round(weak.per_1000(), 9), round(weak.per_1000(labels=1_000), 4)
        (0.0001, 600.0001)
        """
        if labels is None:
            return 1000 * self.marginal
        if not labels > 0:
            raise UsageError(f"The making was to be spread over {labels} labels; give at least 1.")
        return 1000 * self.total(labels) / labels


def human_price(assumptions: Assumptions = ASSUMPTIONS) -> float:
    """US dollars for one explanation written by a person.

    >>> human_price()
    2.0
    """
    return assumptions["expert_minutes"].value / MINUTES_AN_HOUR * assumptions["expert_hour"].value


def hosted_price(read: float, written: float, assumptions: Assumptions = ASSUMPTIONS) -> dict[str, float]:
    """US dollars for one label of a hosted model that reads and writes so many tokens for it, in parts."""
    million = 1e6
    return {
        "tokens read": read * assumptions["hosted_input"].value / million,
        "tokens written": written * assumptions["hosted_output"].value / million,
    }


def price_of_1000_labels(
    weak: StageCost,
    labels: int,
    read: float,
    written: float,
    assumptions: Assumptions = ASSUMPTIONS,
) -> dict[str, float]:
    """US dollars for 1,000 explanations by the weak model, a hosted strong one, and a person, at the margin.

    What each had to learn first is not in it; `prices_of_run` says that too.

    Args: weak: the stage in which the weak model wrote `labels` labels; read, written: tokens that a hosted
        model would read and write for one label, a few examples in its prompt included.

    >>> costs = price_of_1000_labels(StageCost(seconds=36), labels=1000, read=500, written=20)
    >>> costs["weak"], costs["strong"], costs["human"]
    (0.001, 1.45, 2000.0)
    """
    dollars = {
        "weak": weak.money(assumptions) / max(1, labels),
        "strong": sum(hosted_price(read, written, assumptions).values()),
        "human": human_price(assumptions),
    }
    # Twelve digits that count, not twelve decimals: no label is so cheap that rounding makes it free.
    return {source: float(f"{1000 * price:.12g}") for source, price in dollars.items()}


def prices_of_run(
    results: Mapping[str, Any], assumptions: Assumptions | None = None
) -> dict[str, LabelPrice]:
    """What labels of each source cost by the clock and the token counts of a run.

    weak: its measured seconds; once: its own gold pairs at the price of people, and its training.
    strong_hosted: tokens that the few-shot prompt and the sentence take; once: the examples in the prompt.
    strong_own: the same, but by the seconds that the run's strong model took, prompted, on this machine.
    human: an expert's minutes.

    These are prices of labels as they come: how many of them are right is another column of the results.

    Args:
        results: the content of a `results.json`.
        assumptions: None for those under which the run was recorded.
    """
    assumed = recorded_assumptions(results) if assumptions is None else assumptions
    sizes, stages, tokens = (
        results["config"]["sizes"],
        results["cost"]["stages"],
        results["cost"]["hosted_tokens"],
    )
    hour, person = assumed["computer_hour"].value, human_price(assumed)

    def computing(stage: str) -> float:
        return float(stages[stage]["seconds"]) / SECONDS_AN_HOUR * hour

    shots = {GOLD_PAIRS: sizes["shots"] * person}
    asked = results["arms"]["strong_prompted"]["exact"]["n"]
    return {
        "weak": LabelPrice(
            {"computer": computing("weak labels") / sizes["pool"]},
            {GOLD_PAIRS: sizes["gold"] * person, "training": computing("weak training")},
        ),
        "strong_hosted": LabelPrice(hosted_price(tokens["read"], tokens["written"], assumed), shots),
        "strong_own": LabelPrice({"computer": computing("strong_prompted answers") / asked}, shots),
        "human": LabelPrice({"minutes of an expert": person}),
    }


def plan_cost(
    prices: Mapping[str, LabelPrice], gold: float, weak: float, *, teacher_gold: float | None = None
) -> float:
    """US dollars for the labels of a training plan: `gold` from people and `weak` from the weak model.

    Computing of the student is left out: compared plans make equally many steps.

    Args: teacher_gold: gold pairs that were bought for the weak model; None for those in its price. With 0
        it was already there, as in the course's scenario, and its making is on nobody's bill.

    >>> weak = LabelPrice(each={"computer": 1e-3}, once={GOLD_PAIRS: 600.0, "training": 0.5})
    >>> prices = {"human": LabelPrice({"minutes of an expert": 2.0}), "weak": weak}
    >>> plan_cost(prices, gold=100, weak=1000), plan_cost(prices, gold=100, weak=1000, teacher_gold=0)
    (801.5, 201.0)
    """
    person, teacher = prices["human"].marginal, prices["weak"]
    making = teacher.making
    if teacher_gold is not None:
        making = teacher_gold * person + (teacher.training if teacher_gold else 0.0)
    return gold * person + (making + weak * teacher.marginal if weak > 0 else 0.0)
