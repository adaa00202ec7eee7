"""The quiz bank of unit 8: one row an option, see `w2s_course.learn.bank`."""

from __future__ import annotations

from w2s_course.learn.bank import Item, right, wrong

_QUESTION = "#8.2-What-a-question-gives-away"
_NAME = "#8.3-What-a-name-gives-away"
_LIKELY = "#8.4-Likely,-or-made-likely?"
_LIKENESS = "#8.6-Likeness-is-not-truth"
_TEN = "#8.7-Ten-explanations,-read-critically"

BANK = (
    Item(
        "8.blind",
        "Why does each of the four functions of a group get the same four sentences?",
        (
            wrong(
                "So that four questions cost the model no more than a single one",
                "The sentences' own likelihoods are shared, but each code is still read: cost is no reason.",
                "the design saves work",
                _QUESTION,
            ),
            right(
                "So that a rule that sees no code is right once in four",
                "Each sentence is the true one exactly once, so any fixed choice among the four scores "
                "exactly 25%.",
            ),
            wrong(
                "So that the wrong ones are as unlike the true one as possible",
                "They are chosen to be near in words. Unlike ones could be told apart by their subject.",
                "wrong answers should be easy to reject",
                _QUESTION,
            ),
            wrong(
                "So that four questions can be counted as independent ones",
                "It is the reverse: shared sentences make them depend on each other, and so groups are drawn "
                "whole.",
                "more questions are more evidence",
                _QUESTION,
            ),
        ),
    ),
    Item(
        "8.leak",
        "A reader without any model finds the true sentence far more often when names are shown. What "
        "follows?",
        (
            wrong(
                "Names are a part of code, so hiding them is unfair",
                "They may be shown in practice. But then the score also measures how maintainers choose "
                "names.",
                "whatever is in the text is understanding",
                _NAME,
            ),
            wrong(
                "This reader has understood what the functions compute",
                "It compares letters. A function that is named wrongly would be explained wrongly.",
                "a high score shows understanding",
                _NAME,
            ),
            wrong(
                "With names hidden, one choice in four is the best possible",
                "What is called, strings and structure remain, and readers may still use them.",
                "without names nothing is left",
                _NAME,
            ),
            right(
                "With names shown, a high score need not come from the code",
                "Part of the score can be had from shared words, so the score alone does not show more than "
                "that.",
            ),
        ),
    ),
    Item(
        "8.score",
        "Two wrong sentences: a short, common one and a long, rare one. Which score prefers the short one "
        "even if the code says nothing about either?",
        (
            right(
                "The total log-likelihood of the sentence after the code",
                "Each further token lowers it, and a rare token lowers it more, whatever the code is.",
            ),
            wrong(
                "The pointwise information that the code gives about it",
                "If the code says nothing, both terms are equal and it is 0 for every sentence, long or "
                "short.",
                "subtracting keeps the bias",
                _LIKELY,
            ),
            wrong(
                "None of them, since a model takes the code into account",
                "It does, and also length and habit: a sum over tokens holds all three.",
                "a likelihood given the code is about the code only",
                _LIKELY,
            ),
            wrong(
                "All of them alike, since no score knows how long it is",
                "Length enters a sum of negative numbers, and leaves where the same tokens are subtracted.",
                "all scores share all biases",
                _LIKELY,
            ),
        ),
    ),
    Item(
        "8.similar",
        "A tool scores explanations by the words they share with the maintainers' text, and gives a mean of "
        "0.95. What may you conclude?",
        (
            wrong(
                "That about 95% of them are true of their code",
                "It is no share of true ones: a word can turn a sentence round and hardly move the score.",
                "similarity is a probability of truth",
                _LIKENESS,
            ),
            right(
                "That their wording is close to the maintainers'",
                "That is what was measured. Whether any of them is true of its code, nobody has looked yet.",
            ),
            wrong(
                "That false ones are rare, as they would score low",
                "'Is sorted' and 'is not sorted' share nearly all of their words.",
                "what is false is far away",
                _LIKENESS,
            ),
            wrong(
                "That the model writes better than maintainers do",
                "The score compares with their text, so it cannot rank anything above it.",
                "a score knows quality",
                _LIKENESS,
            ),
        ),
    ),
    Item(
        "8.kappas",
        "Two raters agree on 8 of 10 explanations; each said 'true' nine times. Kappa comes out near 0. Why?",
        (
            wrong(
                "Ten explanations are too few for any such coefficient",
                "Ten are few, and any coefficient is uncertain. But that does not pull it to 0.",
                "small samples shrink coefficients",
                _TEN,
            ),
            wrong(
                "Kappa fails whenever two raters agree on nearly all",
                "It reaches 1 for raters who agree on everything and use more than one word.",
                "high agreement breaks kappa",
                _TEN,
            ),
            right(
                "Raters who rarely say anything else agree that often anyhow",
                "With 90% 'true' on both sides, chance alone agrees on 82%: not much is left to show skill.",
            ),
            wrong(
                "One of the two cannot have read the explanations at all",
                "It may be, and kappa cannot tell: careful raters of good explanations look the same.",
                "a low kappa convicts a rater",
                _TEN,
            ),
        ),
    ),
)
