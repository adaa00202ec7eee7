"""The quiz bank of unit 4: one row an option, see `w2s_course.learn.bank`."""

from __future__ import annotations

from w2s_course.learn.bank import Item, right, wrong

_CLAMP = "#4.2-What-clamping-hides"
_STATUS = "#4.3-Undefined-is-a-result"
_DRAW = "#4.4-How-sure?-Draw-again"
_PAIRED = "#4.5-The-same-snippets-for-both"
_SEEDS = "#4.6-What-no-bootstrap-covers"
_CEILING = "#4.7-Which-ceiling?"
_CHANCE = "#4.8-PGR-0.81-at-chance"

BANK = (
    Item(
        "4.clamped",
        "Five seeds have the raw PGRs -0.4, -0.2, 0.1, 0.3 and 0.4. A report gives a mean PGR of 0.16. What "
        "was done?",
        (
            right(
                "Each PGR was clamped before their mean was taken",
                "0, 0, 0.1, 0.3 and 0.4 make 0.16; the raw mean is 0.04. Two seeds with harm were counted as "
                "no effect.",
            ),
            wrong(
                "Nothing odd: 0.16 is the mean of these five",
                "Add them up: 0.2, and a fifth of it is 0.04.",
                "clamping leaves means as they are",
                _CLAMP,
            ),
            wrong(
                "The two seeds with a PGR below 0 were left out",
                "Then it would be 0.27, the mean of the other three. Left out and set to 0 are two things.",
                "to clamp is to drop",
                _CLAMP,
            ),
            wrong(
                "Their mean was taken first and clamped afterwards",
                "Then it would be 0.04: clamped last, only a mean below 0 changes.",
                "it does not matter when one clamps",
                _CLAMP,
            ),
        ),
    ),
    Item(
        "4.permission",
        "Of 100 test snippets the teacher has 61 right, its student 64, the ceiling 66; the gap's interval "
        "goes from -3 to 13 points. A draft says: 'PGR is 0.60.' What should stand there?",
        (
            wrong(
                "'PGR is 0': the three points of gain may be chance",
                "0 would say that nothing came back. Nobody has shown that: the share is unknown.",
                "not shown means zero",
                _STATUS,
            ),
            wrong(
                "'PGR is 0.60, of a small gap': the reader is warned",
                "A small gap is not the matter: it may be none at all, and 0.60 a share of chance.",
                "a caveat makes a number sound",
                _STATUS,
            ),
            wrong(
                "'PGR is 1': student and ceiling cannot be told apart",
                "That two values are not shown to differ does not make them equal.",
                "no difference shown means equal",
                _STATUS,
            ),
            right(
                "'Gap within noise': no share of this gap is stated",
                "The ceiling's lead may be chance. Then there is nothing of which a share could have come "
                "back.",
            ),
        ),
    ),
    Item(
        "4.paired",
        "Teacher and student answer the same 200 snippets, 60% and 66% rightly. Drawn apart, the interval of "
        "the gain is -3.5 to 15.5 points; paired it is 1 to 11. Which one do you report?",
        (
            wrong(
                "The wide one: whoever is cautious cannot be wrong",
                "It is cautious about what did not happen: two arms with different snippets.",
                "wider is more honest",
                _PAIRED,
            ),
            right(
                "The paired one: both arms had the same snippets",
                "Luck that both share cancels in the difference. Drawn apart, it is put in twice.",
            ),
            wrong(
                "The paired one: it is the one that shows a gain",
                "That chooses a method by its result. The reason must hold where the paired one has 0 in it, "
                "too.",
                "the better result is the better method",
                _PAIRED,
            ),
            wrong(
                "Neither: the two contradict each other about 0",
                "They answer two questions: other snippets for each arm, or other snippets for both.",
                "two intervals of a gain must agree",
                _PAIRED,
            ),
        ),
    ),
    Item(
        "4.covers",
        "Another seed brings other gold, other first weights and other test snippets. Which consequence is "
        "not in the bootstrap interval of a run?",
        (
            wrong(
                "That the test snippets may be harder or easier",
                "This is the one thing that is in it: it draws other test sets from yours.",
                "the interval is blind to the test set",
                _DRAW,
            ),
            wrong(
                "None is missing: 95% holds for whatever may change",
                "Which 95%? An interval holds for what was drawn again, and the rest is held fixed.",
                "an interval covers all sources of variation",
                _SEEDS,
            ),
            right(
                "That the teacher may be better or worse",
                "Both models stay as they are in every draw, so a better or worse teacher never appears.",
            ),
            wrong(
                "That a hard snippet may be hard for both arms",
                "A paired interval has just that in it: each draw is used for both arms.",
                "pairing is a matter of seeds",
                _PAIRED,
            ),
        ),
    ),
    Item(
        "4.ceiling",
        "A student learned from 1,000 weak labels, its ceiling from 5,000 gold pairs of another pool. "
        "PGR is 0.2. Which question does this design leave open?",
        (
            wrong(
                "Whether the ceiling is better than the teacher",
                "Both were measured, and the interval of their gap tells.",
                "another ceiling makes the gap unknown",
                _CEILING,
            ),
            wrong(
                "Whether the student is better than the teacher",
                "The gain is measured without the ceiling, whatever that has learned from.",
                "a bad ceiling spoils the gain",
                _CEILING,
            ),
            wrong(
                "None of them: the higher a ceiling, the fairer the share",
                "Then the share would shrink with each pair that the ceiling is given, and the weak labels "
                "would be blamed.",
                "the ceiling is the best that there is",
                _CEILING,
            ),
            right(
                "Whether the labels or the snippets cost the other 0.8",
                "Ceiling and student differ in three things: labels, snippets, and how many. With the same "
                "inputs the labels would be the only difference.",
            ),
        ),
    ),
    Item(
        "4.guessing",
        "200,000 yes-or-no questions: teacher 50.2% right, student 50.9%, ceiling 51.1%. The "
        "gap is beyond its noise, PGR is 0.78. What do you conclude?",
        (
            right(
                "That even the ceiling hardly knows the task",
                "The gap is real, and it lies between arms that all but guess. A share of next to nothing is "
                "next to nothing.",
            ),
            wrong(
                "That most of what the teacher lacks came back",
                "What it lacks to a ceiling that is itself hardly better than a coin.",
                "a high PGR is a high skill",
                _CHANCE,
            ),
            wrong(
                "That more questions are needed to quote a PGR",
                "The gap is beyond noise already. More questions make the difference between two guessers "
                "more certain, and no larger.",
                "significance is all that can be missing",
                _CHANCE,
            ),
            wrong(
                "That the student has learned to correct errors",
                "It gained less than a point, where a coin has 50%.",
                "any gain is a correction",
                _CHANCE,
            ),
        ),
    ),
)
