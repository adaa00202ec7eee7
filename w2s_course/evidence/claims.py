"""The claims of the course, each a row: the question it answers, and how that is read off the tables.

A claim is a function from one setting (the rows of one pair of models) to its findings. A finding is a
measured line, or a verdict on it; verdicts are chosen by the intervals, so a result against expectation is
told as one. To add a claim, add a function to one of these modules and a row here.
"""

from __future__ import annotations

from w2s_course.evidence import ceiling, gains, remedies, risk
from w2s_course.evidence.finding import Claim

CLAIMS: tuple[Claim, ...] = (
    Claim("gain", 4, "Is a student better than the weak teacher whose labels it learned from?", gains.gain),
    Claim(
        "pretraining",
        5,
        "Does a small student without pre-training gain less?",
        gains.pretraining,
    ),
    Claim(
        "inheritance",
        5,
        "Are systematic errors inherited, and random ones of the same rate hardly?",
        risk.inheritance,
    ),
    Claim(
        "blind_spot", 5, "What the teacher never understood: does the student understand it?", risk.blind_spot
    ),
    Claim(
        "ledger", 5, "Of the teacher's errors, does the student correct more than it repeats?", risk.ledger
    ),
    Claim(
        "plateau", 5, "Do more weak labels end in a plateau below what gold labels reach?", ceiling.plateau
    ),
    Claim("strength", 5, "Does a better teacher make a better student?", ceiling.strength),
    Claim(
        "generations",
        5,
        "Do models that learn from models lose accuracy, unless the old data are kept?",
        ceiling.generations,
    ),
    Claim("worth", 6, "How many bought gold labels do free weak ones replace?", gains.worth),
    Claim("remedies", 7, "Do the remedies of the book and of the literature help?", remedies.remedies),
    Claim("stopping", 7, "Does stopping early by the teacher's validation labels help?", remedies.stopping),
    Claim("cascade", 7, "Does a cascade save work without losing accuracy?", remedies.cascading),
)
