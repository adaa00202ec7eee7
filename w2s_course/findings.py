"""What the numbers of a run say, in words: the one place where a result becomes a sentence.

The report, the plots' alt texts, the command line and the notebooks all take their words from here, so that
none of them says more than the others. Every number in a sentence is computed from `results.json`, and a
value that was not measured is called *undefined*, never zero. Needs neither matplotlib nor a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from w2s_course.wording import decimal, money, percent, plural, points, times, with_interval, words

Results = Mapping[str, Any]
"""The content of a `results.json`, as `results.schema.json` describes it."""


class ArmText(NamedTuple):
    """How an arm is called in front of a reader, and what it is."""

    name: str
    what: str


ARMS: Mapping[str, ArmText] = {
    "weak": ArmText("weak teacher", "a small, cheap model, trained on a little gold"),
    "strong_prompted": ArmText("strong, prompted", "the strong model as it comes, shown a few gold examples"),
    "strong_on_gold": ArmText(
        "strong on the teacher's gold", "the strong model, fine-tuned on the same gold as the teacher"
    ),
    "weak_to_strong": ArmText(
        "weak-to-strong student", "the strong model, fine-tuned on what the teacher wrote about the pool"
    ),
    "ceiling": ArmText("ceiling", "the strong model, fine-tuned on gold for that same pool"),
    "control": ArmText(
        "control, not pre-trained", "a fresh model of the teacher's own kind, trained on the teacher's labels"
    ),
}
"""The six arms in the order in which they are always shown."""


def arm_name(key: str) -> str:
    """What to call an arm, or a stage named like one, in front of a reader.

    >>> arm_name("weak"), arm_name("test_answers")
    ('weak teacher', 'test answers')
    """
    return ARMS[key].name if key in ARMS else words(key)


PGR_STATUS: Mapping[str, str] = {
    "ok": "the ceiling beats the weak teacher by more than chance, so there is a gap to recover",
    "no gap": "the ceiling does not beat the weak teacher, so there is nothing to recover",
    "gap within noise": "the ceiling's lead over the weak teacher may be chance, and so may any share of it",
}


@dataclass(frozen=True)
class Verdict:
    """Whether the student beat its teacher, as far as this run can tell.

    tone: `gain`, `unclear`, `harm` by the gain's 95% interval; `unmeasured` where there is none.
    headline: one sentence.
    gold: whether the teacher's gold would have been better spent on the strong model; empty if not measured.
    reasons: what else a fair reader must know, a sentence or two each.
    """

    tone: Literal["gain", "unclear", "harm", "unmeasured"]
    headline: str
    gold: str
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([self.headline, *(f"- {also}" for also in (self.gold, *self.reasons) if also)])

    __rich__ = __str__  # so that a rich console prints the sentences, not the fields


def is_smoke(results: Results) -> bool:
    """Whether the run only proves that everything runs."""
    return bool(results["config"].get("preset") == "smoke")


SMOKE_NOTICE = (
    "These numbers mean nothing. The smoke preset trains on a handful of examples, only to show that "
    "everything runs. For numbers, run the cpu or the gpu preset."
)


def verdict(results: Results) -> Verdict:
    """The honest verdict: computed from the intervals, with what speaks against it."""
    warning = SMOKE_NOTICE if is_smoke(results) else ""
    reasons = (warning, _against_control(results), _against_prompt(results), _scope(results))
    tone, headline = _gain(results)
    return Verdict(tone, headline, _against_gold(results), tuple(reason for reason in reasons if reason))


def _gain(results: Results) -> tuple[Literal["gain", "unclear", "harm", "unmeasured"], str]:
    gain = results["gain"]
    if gain["value"] is None or gain["ci95"] is None:
        return "unmeasured", "Not measured: this run has no gain with an interval."
    low, high = gain["ci95"]
    student, teacher = (percent(exact(results, arm)) for arm in ("weak_to_strong", "weak"))
    kind = "gain" if low > 0 else "difference"
    difference = f"{student} against {teacher}, a {kind} of {points(gain['value'])} ({_interval(low, high)})"
    if low > 0:
        return "gain", f"Yes: the student beat its teacher, {difference}."
    if high < 0:
        return "harm", f"No: the student is worse than its teacher, {difference}."
    return (
        "unclear",
        f"Not shown: the student got {difference}. The interval includes zero: "
        "this run cannot tell the difference from chance.",
    )


def _interval(low: float, high: float) -> str:
    return f"95% interval {points(low).removesuffix(' points')} to {points(high)}"


def _interval_of_lead(results: Results, arm: str, sign: int = 1) -> str:
    """That of the student's lead over `arm`, with sign -1 of the arm's lead over it; nothing if unknown."""
    ends = results.get("leads", {}).get(arm, {}).get("ci95")
    return f" ({_interval(*sorted(sign * end for end in ends))})" if ends else ""


def _against_gold(results: Results) -> str:
    """Whether the gold would have been better spent on the strong model: every critic's first question."""
    gold, student = (results["arms"][arm]["exact"] for arm in ("strong_on_gold", "weak_to_strong"))
    if gold["value"] is None or student["value"] is None:
        return ""
    pairs = plural(results["arms"]["strong_on_gold"]["labels"], "gold pair")
    facts = f"Trained directly on the teacher's {pairs}, the strong model reached {percent(gold['value'])}"
    difference = gold["value"] - student["value"]
    doubt = "" if beyond_chance(results, "strong_on_gold") else ", which may be chance"
    doubt = _interval_of_lead(results, "strong_on_gold", sign=-1 if difference > 0 else 1) + doubt
    if difference > 0:
        return (
            f"{facts}, {points(difference)} more than on the weak labels{doubt}: "
            "whoever has the gold should give it to the strong model."
        )
    if difference < 0:
        return f"{facts}, {points(-difference)} less than on the weak labels{doubt}."
    return f"{facts}, exactly as much as on the weak labels."


def _against_control(results: Results) -> str:
    control, student = (results["arms"][arm]["exact"] for arm in ("control", "weak_to_strong"))
    if control["value"] is None or student["value"] is None:
        return ""
    facts = f"A student without pre-training, on the same weak labels, reached {percent(control['value'])}"
    lead = student["value"] - control["value"]
    if lead <= 0:
        return f"{facts}: this run shows no lead of the student over it."
    facts += f", {points(lead)} less{_interval_of_lead(results, 'control')}"
    if beyond_chance(results, "control"):
        return f"{facts}: what the student has beyond that, the labels alone do not explain."
    return f"{facts}: that may be chance, so this run alone shows no lead of the student."


def _against_prompt(results: Results) -> str:
    prompted = exact(results, "strong_prompted")
    if prompted is None:
        return ""
    return f"Merely shown a few examples, without training, the strong model reached {percent(prompted)}."


def _scope(results: Results) -> str:
    seed = results["config"].get("seed")
    run = "This is one run" if seed is None else f"This is one run, seed {seed}"
    tested = plural(results["arms"]["weak_to_strong"]["exact"]["n"], "test snippet")
    return f"{run}. Its intervals say what other than these {tested} might give; another seed varies too."


def exact(results: Results, arm: str) -> float | None:
    """The share of test snippets whose whole sentence is true, or None."""
    value: float | None = results["arms"][arm]["exact"]["value"]
    return value


def beyond_chance(results: Results, arm: str) -> bool:
    """Whether student and `arm` differ by more than other test snippets might make of it.

    By the interval of their difference, paired by snippet. Results that were made before it was kept have the
    two arms' own intervals alone: there only those that lie apart are enough, which asks for more. False, the
    cautious answer, where an interval is missing.
    """
    if arm in results.get("leads", {}):
        ends = results["leads"][arm]["ci95"]
        return ends is not None and not ends[0] <= 0 <= ends[1]
    one, other = (results["arms"][name]["exact"]["ci95"] for name in (arm, "weak_to_strong"))
    return None not in (one, other) and (one[1] < other[0] or other[1] < one[0])


def pgr_text(results: Results) -> str:
    """PGR in one line, with its interval, or why it is undefined."""
    pgr = results["pgr"]
    if pgr["status"] != "ok" or pgr["raw"] is None:
        return f"PGR is undefined ({pgr['status']}): {PGR_STATUS[pgr['status']]}."
    interval = ""
    if pgr["ci95"] is not None:
        interval = f" (95% interval {decimal(pgr['ci95'][0])} to {decimal(pgr['ci95'][1])})"
    return (
        f"PGR {decimal(pgr['raw'])}{interval}: the share of the gap from teacher to ceiling that came back."
    )


def calibration_text(results: Results) -> str:
    """Whether the teacher knows when it is wrong, from its mean confidence and its accuracy on the pool."""
    labels = results["labels"]
    sure = overconfidence(results)
    if sure is None:
        return "The truth of the weak labels was not measured."
    if sure == 0:
        mood = "as sure as it deserves to be, within the interval"
    else:
        mood = f"{points(abs(sure))} {'more' if sure > 0 else 'less'} than it deserves"
    return (
        f"{with_interval(labels['exact'])} of the {plural(labels['n'], 'weak label')} are true, and on "
        f"average the teacher gave its own label a probability of {percent(labels['confidence'])}: {mood}."
    )


def overconfidence(results: Results) -> float | None:
    """Mean confidence minus accuracy of the weak labels; 0 where the interval covers it, None if unknown."""
    exact_labels, confidence = results["labels"]["exact"], results["labels"]["confidence"]
    if exact_labels["value"] is None:
        return None
    if exact_labels["ci95"] is not None and exact_labels["ci95"][0] <= confidence <= exact_labels["ci95"][1]:
        return 0.0
    return float(confidence - exact_labels["value"])


def cost_text(results: Results) -> str:
    """What a thousand labels cost from each source, and what the cheapest of them keeps quiet about."""
    prices = results["cost"]["per_1000_labels"]
    text = (
        f"A thousand labels cost {money(prices['weak'])} from the weak model, {money(prices['strong'])} from "
        f"a hosted strong model and {money(prices['human'])} from people"
    )
    if prices["weak"] > 0 and prices["human"] > prices["weak"]:
        text += f", {times(prices['human'] / prices['weak'])} times the price of the weak model's"
    pairs = results["arms"]["weak"]["labels"]
    gold = money(pairs * prices["human"] / 1000)
    return (
        f"{text}. That is the price of writing them. The {plural(pairs, 'gold pair')} that the weak model "
        f"itself learned from would cost {gold} at the price of people, once."
    )


# --- the run as plain data


class ArmRow(NamedTuple):
    """One line of the six-arm table, ready to print."""

    arm: str
    exact: str
    claims: str
    labels: str
    steps: str
    trained_on: str


ARM_COLUMNS = ArmRow("arm", "fully right (95%)", "claims right", "labels", "steps x batch", "trained on")
"""The headings of `arms_table`."""


def arms_table(results: Results) -> list[ArmRow]:
    """The headings, then the six arms, as rows of text for a table in a terminal, a notebook or a page."""
    rows = [ARM_COLUMNS]
    for key, text in ARMS.items():
        arm = results["arms"][key]
        rows.append(
            ArmRow(
                arm=text.name,
                exact=with_interval(arm["exact"]),
                claims=percent(arm["claims"]["value"]),
                labels=f"{arm['labels']:,}" if arm["labels"] else "none",
                steps=f"{arm['steps']:,} x {arm['batch_size']}" if arm["steps"] else "none",
                trained_on=arm["trained_on"],
            )
        )
    return rows
