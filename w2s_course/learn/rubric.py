"""By what a verdict is judged, by its writer, a peer or an instructor: six criteria at four levels.

One table; `course/09_the_verdict/rubric.md` and the peer-review sheet are made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from w2s_course.errors import unknown_name
from w2s_course.learn.friendly import Mistake

LEVELS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Criterion:
    """One row. key: for scores; asks: the question that it asks of an essay; levels: what 1, 2, 3 and 4 look
    like, in that order; guidance: what to mind when two levels seem to fit."""

    key: str
    title: str
    asks: str
    levels: tuple[str, str, str, str]
    guidance: str


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        "claim",
        "Claim",
        "Is there one verdict, about one stated decision, with its conditions?",
        (
            "no verdict, or two that contradict each other",
            "a verdict, but of what, or for whom, stays open",
            "a verdict on the stated decision; conditions are named and not used",
            "a verdict on the stated decision whose conditions the rest of the essay carries",
        ),
        "Sound, not sound and undecided are equal. *Undecided* is a 4 where the essay shows what is missing "
        "and what decides it; it is a 1 where it is a way out.",
    ),
    Criterion(
        "advantage",
        "Advantage, with evidence",
        "Is the main advantage the right size, and do the numbers cited carry it?",
        (
            "asserted, without a number of a run",
            "numbers that don't bear on the sentence, or prices without the teacher's gold",
            "the right number with its source; its interval is not used",
            "the right number, its interval and its price in full, against the rival that costs the same",
        ),
        "A small or absent advantage, well shown, is a 4. A large one that is only asserted is a 1.",
    ),
    Criterion(
        "risk",
        "Risk, with evidence",
        "Is the most significant risk named, shown, and told from the lesser ones?",
        (
            "none, or 'the teacher makes errors'",
            "inherited errors as one lump: systematic and random are not told apart",
            "systematic errors as the risk, with a number; why nobody would notice is missing",
            "systematic errors, a number, who would be hurt, and why the plan itself cannot notice them",
        ),
        "An essay that argues for another risk as the greater one, with numbers, can have a 4.",
    ),
    Criterion(
        "weighing",
        "Weighing: ceiling and remedies",
        "Are ceiling, rivals and remedies weighed by evidence, also by what speaks against the verdict?",
        (
            "left out, or a list of names",
            "only what supports the verdict; 'no effect shown' is read as 'no effect'",
            "both sides, each with evidence; the sum is not drawn",
            "both sides, and the reader can follow why one outweighs the other",
        ),
        "Look for the arm that is most awkward for the verdict. Is it there?",
    ),
    Criterion(
        "reversal",
        "What would reverse it",
        "Could the verdict turn out wrong, and would one see it?",
        (
            "nothing could reverse it, or the section is missing",
            "'better models' or 'more data', without a measurement",
            "a measurement that could be made, without the value from which the verdict turns",
            "a measurement, the value from which the verdict turns, and how far today's number is from it",
        ),
        "The value may be a price, an accuracy or a share. It must come from somewhere.",
    ),
    Criterion(
        "limits",
        "Limits of one's own experiment",
        "Does the writer know what this design cannot show?",
        (
            "missing, or modesty without content ('more research is needed')",
            "limits of any experiment (one seed, a small model), not of this one",
            "limits of this design, but the claim is not the narrower for them",
            "limits of this design, what each does to the claim, and predictions set beside outcomes",
        ),
        "Of this design: programs from a grammar, chosen so that an effect shows; a teacher that stands in "
        "for one that learned elsewhere; gold that exists in order to measure.",
    ),
)
"""In the order in which an essay is read."""


def checked_scores(scores: Mapping[str, object]) -> dict[str, int]:
    """Scores with exactly one level for each criterion.

    Raises: Mistake for a missing or unknown criterion, or a level that there is not.
    """
    known = [criterion.key for criterion in CRITERIA]
    for key in scores:
        if key not in known:
            raise Mistake(str(unknown_name("criterion", str(key), known)))
    missing = [key for key in known if key not in scores]
    if missing:
        raise Mistake(f"There is no level for {', '.join(missing)}. Give each criterion one of 1, 2, 3, 4.")
    wrong = {key: value for key, value in scores.items() if isinstance(value, bool) or value not in LEVELS}
    if wrong:
        key, value = next(iter(wrong.items()))
        raise Mistake(f"{key} is {value!r}. Give each criterion one of 1, 2, 3, 4.")
    return {key: int(str(scores[key])) for key in known}


def as_markdown() -> str:
    """The six criteria as a table, then the guidance."""
    head = "| criterion | 1 | 2 | 3 | 4 |\n|---|---|---|---|---|"
    rows = [f"| **{c.title}** ({c.key}): {c.asks} | {' | '.join(c.levels)} |" for c in CRITERIA]
    notes = [f"- **{c.title}.** {c.guidance}" for c in CRITERIA]
    return "\n".join([head, *rows, "", *notes])
