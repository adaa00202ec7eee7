"""The claims of the course, each a row: what is claimed, and how it is read off the tables.

A claim is a function from one setting (the rows of one pair of models) to its findings. A finding is a
measured line, or a verdict on it; verdicts are chosen by the intervals, so a result against expectation is
told as one. To add a claim, add a function to one of these modules and a row here.
"""

from __future__ import annotations

from w2s_course.evidence import ceiling, gains, remedies, risk
from w2s_course.evidence.finding import Claim

__all__ = ["CLAIMS", "Claim"]

CLAIMS: tuple[Claim, ...] = (
    Claim("gain", 4, "A student is better than the weak teacher whose labels it learned from", gains.gain),
    Claim(
        "pretraining",
        5,
        "The gain comes from pre-training: a student without it gains less",
        gains.pretraining,
    ),
    Claim(
        "inheritance",
        5,
        "Systematic errors are inherited, random ones of the same rate hardly",
        risk.inheritance,
    ),
    Claim("blind_spot", 5, "What the teacher never understood, the student does not either", risk.blind_spot),
    Claim("ledger", 5, "Of the teacher's errors the student corrects more than it repeats", risk.ledger),
    Claim("plateau", 5, "More weak labels end in a plateau below what gold labels reach", ceiling.plateau),
    Claim("strength", 5, "A better teacher makes a better student", ceiling.strength),
    Claim(
        "generations",
        5,
        "Models that learn from models lose accuracy, unless the old data are kept",
        ceiling.generations,
    ),
    Claim("worth", 6, "Free weak labels replace some number of bought gold ones", gains.worth),
    Claim("remedies", 7, "The remedies of the book and of the literature help", remedies.remedies),
    Claim("stopping", 7, "Stopping early by the teacher's validation labels helps", remedies.stopping),
    Claim("cascade", 7, "A cascade saves work without losing accuracy", remedies.cascading),
)
