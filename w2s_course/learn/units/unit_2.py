"""Unit 2, weak labels: its exercises, how their wrong answers are recognised, and the keys of its quizzes."""

from __future__ import annotations

from collections.abc import Sequence
from math import isclose, sqrt
from typing import Any

from w2s_course.learn.answers import Outcome, is_number
from w2s_course.learn.bank import activities_of
from w2s_course.learn.exercises import Case, Exercise, Raises, Unit, Verdict
from w2s_course.learn.units.quizzes_2 import BANK

# --- 2.1 a label set ----------------------------------------------------------------------------------


def _row(id: int, code: str, explanation: str, confidence: float, labeller: str = "weak") -> dict[str, Any]:
    facts = {"id": id, "code": code, "explanation": explanation, "confidence": confidence}
    return {**facts, "labeller": labeller}


def anonymous(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows as they look where nobody noted who labelled them."""
    return [{key: value for key, value in row.items() if key != "labeller"} for row in rows]


# Three rows whose ids and whose confidences are in no order, so that every sorting shows.
_A, _B, _C = _row(3, "a", "A.", 0.6), _row(1, "b", "B.", 0.05), _row(2, "c", "C.", 0.9)
_EMPTY, _SAID = _row(1, "a", "", 0.9), _row(2, "b", "B.", 0.8)
_ONCE, _AGAIN = _row(1, "a", "A.", 0.9), _row(2, "a", "A.", 0.9)
_KNOWN = _row(1, "a", "A.", 0.9)
_GOLDEN = {**_KNOWN, "gold": "True."}

LABEL_POOL = Exercise(
    id="2.1",
    name="label_pool",
    title="A label set that can be trusted later",
    points=2,
    minutes=6,
    difficulty=1,
    contract=(
        "`label_pool(explain, snippets, labeller)`: `explain(code)` returns a pair `(explanation, "
        "confidence)`; `snippets` is a list of dicts with `id` and `code`, and sometimes `gold`. Returns a "
        "list of dicts, one for each snippet, in the order given, each with exactly the keys `id`, `code`, "
        "`explanation`, `confidence` and `labeller`. Every snippet gets its row: one with a low "
        "confidence, with an empty explanation, or with code that came before, too. The explanation is "
        "always that of `explain`."
    ),
    example=(
        'label_pool(lambda code: ("A.", 0.5), [{"id": 1, "code": "a"}], "weak") == '
        '[{"id": 1, "code": "a", "explanation": "A.", "confidence": 0.5, "labeller": "weak"}]'
    ),
    verified=(
        "every snippet has its row, in its place, with who labelled it and how sure it was, and the gold "
        "stays out."
    ),
    cases=(
        Case(
            'label_pool(lambda code: ("Returns 1.", 0.8), [{"id": 7, "code": "f"}], "weak v1")',
            [_row(7, "f", "Returns 1.", 0.8, "weak v1")],
            wrong={"no provenance": anonymous(_row(7, "f", "Returns 1.", 0.8))},
            why="each row says who labelled it",
            part="rows",
        ),
        Case(
            'label_pool({"a": ("A.", 0.6), "b": ("B.", 0.05), "c": ("C.", 0.9)}.get, '
            '[{"id": 3, "code": "a"}, {"id": 1, "code": "b"}, {"id": 2, "code": "c"}], "weak")',
            [_A, _B, _C],
            wrong={
                "drops unsure labels": [_A, _C],
                "sorts by confidence": [_C, _A, _B],
                "no provenance": anonymous(_A, _B, _C),
            },
            why="a label of which the model is unsure is a label too, and the order is that of the snippets",
            part="nothing dropped",
        ),
        Case(
            'label_pool({"a": ("", 0.9), "b": ("B.", 0.8)}.get, '
            '[{"id": 1, "code": "a"}, {"id": 2, "code": "b"}], "weak")',
            [_EMPTY, _SAID],
            wrong={"drops empty sentences": [_SAID], "no provenance": anonymous(_EMPTY, _SAID)},
            why="an empty explanation is what the model said, and must be counted",
            part="nothing dropped",
        ),
        Case(
            'label_pool(lambda code: ("A.", 0.9), [{"id": 1, "code": "a"}, {"id": 2, "code": "a"}], "weak")',
            [_ONCE, _AGAIN],
            wrong={"drops repeats": [_ONCE], "no provenance": anonymous(_ONCE, _AGAIN)},
            why="two snippets with one code are two snippets",
            part="nothing dropped",
        ),
        Case(
            'label_pool(lambda code: ("A.", 0.9), [{"id": 1, "code": "a", "gold": "True."}], "weak")',
            [_KNOWN],
            wrong={
                "copies the gold along": [_GOLDEN],
                "labels with the gold": [{**_KNOWN, "explanation": "True."}],
                "no provenance": anonymous(_KNOWN),
            },
            why="what stands in the rows can be trained on, and the gold must not be",
            part="no gold",
        ),
    ),
    misconceptions={
        "drops unsure labels": "Rows with a low confidence are missing. Whether to leave them out is a "
        "decision for later, with the accuracy before and after beside it; here it would be made without a "
        "trace.",
        "drops empty sentences": "Rows without words are missing. Count them as answers: who drops the "
        "model's failures measures a better model than the one that will label.",
        "drops repeats": "A snippet whose code came before has no row. What will the next list, the one of "
        "gold labels for the same snippets, be lined up with?",
        "sorts by confidence": "Your rows are in another order than the snippets. Labels, verdicts and the "
        "ceiling's gold are lined up by position: look at what row 1 is now compared with.",
        "no provenance": "Nobody will know where these labels come from. Which key of the contract says who "
        "wrote them?",
        "copies the gold along": "The gold stands in your rows. Look at how you copy the snippet: whatever "
        "it holds goes along, and whoever trains on the rows can train on the truth by accident.",
        "labels with the gold": "Where a snippet has a gold explanation, you label with that. Then these "
        "are not the weak model's labels any more, and what the student gains is not what weak labels give.",
    },
    hints=(
        "One snippet in, one row out. Nothing in the contract depends on what the explanation or its "
        "confidence is.",
        "Go through the snippets in order, call `explain` on the code, and build a new dict with five "
        "named keys. Do not start from a copy of the snippet.",
        "Inside the loop: `text, sure = explain(snippet['code'])`, then append a dict with `id` and `code` "
        "from the snippet, `text`, `sure`, and the labeller. There is no `if`.",
    ),
)

# --- 2.2 the confidence of a sentence -----------------------------------------------------------------

LN_04, LN_036, LN_025 = -0.916290731874155, -1.021651247531981, -1.386294361119891

SENTENCE_CONFIDENCE = Exercise(
    id="2.2",
    name="sentence_confidence",
    title="How sure is it of the whole sentence?",
    points=2,
    minutes=7,
    difficulty=2,
    contract=(
        "`sentence_confidence(tokens, log_probs)`: `tokens` is what the model wrote, a list of strings; "
        "`log_probs` holds, for each of them, the natural logarithm of the probability that the model gave "
        'to it, given all before it. The first `"<end>"` ends the sentence; after it comes padding, which '
        'is also `"<end>"`, and which the model did not write. Returns the probability, in (0, 1], that '
        "the model writes exactly these tokens up to and with its end mark. A sentence that was cut off "
        "has no end mark: then all its tokens count, and nothing else."
    ),
    example='sentence_confidence(["Sum", "<end>"], [log(0.5), log(0.5)]) == 0.25',
    verified="the probability is a product over the tokens, with the end mark and without the padding.",
    imports="from math import log",
    cases=(
        Case(
            'sentence_confidence(["Sum", "<end>"], [log(0.5), log(0.8)])',
            0.4,
            wrong={
                "averages over the tokens": 0.632455532,
                "averages probabilities": 0.65,
                "stays a logarithm": LN_04,
                "forgets the end mark": 0.5,
                "asks the weakest token": 0.5,
            },
            why="0.5 · 0.8 = 0.4: the word, and then the end",
            part="product",
        ),
        Case(
            'sentence_confidence(["Sum", " of", " x", "<end>"], [log(0.9), log(0.5), log(0.8), log(1.0)])',
            0.36,
            wrong={
                "averages over the tokens": 0.774596669,
                "averages probabilities": 0.8,
                "stays a logarithm": LN_036,
                "asks the weakest token": 0.5,
            },
            why="0.9 · 0.5 · 0.8 · 1 = 0.36",
            part="product",
        ),
        Case(
            'sentence_confidence(["Sum", "<end>", "<end>", "<end>"], [log(0.5), log(0.8), log(0.1), '
            "log(0.1)])",
            0.4,
            wrong={
                "averages over the tokens": 0.632455532,
                "averages probabilities": 0.65,
                "stays a logarithm": LN_04,
                "forgets the end mark": 0.5,
                "asks the weakest token": 0.5,
                "counts the padding": 0.004,
            },
            why="what comes after the first end mark is padding",
            part="end",
        ),
        Case(
            'sentence_confidence(["Sum", " of"], [log(0.5), log(0.5)])',
            0.25,
            wrong={
                "averages over the tokens": 0.5,
                "averages probabilities": 0.5,
                "stays a logarithm": LN_025,
                "asks the weakest token": 0.5,
                "needs an end mark": Raises("ValueError"),
            },
            why="the sentence was cut off, and its two tokens are all there is",
            part="end",
        ),
    ),
    misconceptions={
        "averages over the tokens": "You took a mean over the tokens (the n-th root of the product). That "
        "is how sure the model is of a *typical token*, and useful to compare sentences of different "
        "lengths; the contract asks for the probability of the whole sentence.",
        "averages probabilities": "You took the mean of the probabilities. Try one token with probability "
        "1 and one with 0: can the model write that sentence at all?",
        "stays a logarithm": "Your answer is negative, so it is no probability. Which function undoes `log`?",
        "forgets the end mark": "You left out the end mark. Without it this is the probability that the "
        "model's text *begins* like this: 'Returns the sum' also begins 'Returns the sum of the squares'.",
        "counts the padding": "You go on after the first end mark. The padding fills up the batch; the "
        "model never chose it, and a short sentence must not look unsure because its neighbour is long.",
        "asks the weakest token": "You took the least sure token alone. Two tokens at 0.5 are less probable "
        "together than one: what happens to the others?",
        "needs an end mark": "Your function fails where there is no end mark. Models are stopped after a "
        "number of tokens; what are the tokens of such a sentence?",
    },
    hints=(
        "The probability of a sequence is a product, one factor a token: each is conditional on what "
        "stands before.",
        "Products become sums of logarithms. Decide first which positions count: up to the first end mark, "
        "with it.",
        "Add up `log_probs` in a loop over both lists, leave the loop after the first end mark, then `exp` "
        "the sum.",
    ),
)

# --- 2.3 kinds of error -------------------------------------------------------------------------------

_ALL_WRONG = ["aggregate", "condition", "transform"]
_TRUE = "Returns the sum of the squares of the negative numbers."

WRONG_SLOTS = Exercise(
    id="2.3",
    name="wrong_slots",
    title="What exactly is wrong with it?",
    points=3,
    minutes=10,
    difficulty=3,
    contract=(
        "`wrong_slots(said, true)` takes two sentences; `true` is readable. Returns an alphabetical list "
        "of the slots (of `aggregate`, `condition`, `transform`) in which `said` errs: take the *true* "
        "claims, put in the one claim of `said`, and see whether the function that is described behaves "
        'differently. `[]` if no slot errs, `["unreadable"]` if `said` cannot be read.'
    ),
    example=(
        'wrong_slots("Returns the sum of the odd numbers.", "Returns the sum of the even numbers.") == '
        '["condition"]'
    ),
    verified="harmless paraphrase counts as right, every slot is judged on its own, and unreadable is "
    "unreadable.",
    cases=(
        Case(f'wrong_slots("{_TRUE}", "{_TRUE}")', [], why="it is the true sentence", part="right"),
        Case(
            f'wrong_slots("Returns the sum of the squares of the positive numbers.", "{_TRUE}")',
            ["condition"],
            wrong={"all or nothing": _ALL_WRONG},
            why="aggregate and transform are as they should be",
            part="errors",
        ),
        Case(
            'wrong_slots("Computes the total of the numbers at most 9.", '
            '"Returns the sum of the numbers less than 10.")',
            [],
            wrong={"compares names": ["condition"], "ignores the number": ["condition"]},
            why="for whole numbers, less than 10 is at most 9",
            part="right",
        ),
        Case(
            'wrong_slots("Returns the sum of the numbers at most 8.", "Returns the sum of the numbers at '
            'most 9.")',
            ["condition"],
            wrong={"ignores the number": [], "all or nothing": _ALL_WRONG},
            why="a wrong number is a wrong claim: 9 itself tells them apart",
            part="errors",
        ),
        Case(
            f'wrong_slots("Returns the count of the squares of the even numbers.", "{_TRUE}")',
            ["aggregate", "condition"],
            wrong={"stops at the first": ["aggregate"], "all or nothing": _ALL_WRONG},
            why="two claims are wrong",
            part="errors",
        ),
        Case(
            f'wrong_slots("Returns the count of the cubes of the negative numbers.", "{_TRUE}")',
            ["aggregate", "transform"],
            wrong={
                "stops at the first": ["aggregate"],
                "puts the truth into the claim": ["aggregate"],
                "all or nothing": _ALL_WRONG,
            },
            why="the sum of the cubes is not the sum of the squares",
            part="errors",
        ),
        Case(
            f'wrong_slots("Returns the sum of the cubes of the positive numbers.", "{_TRUE}")',
            ["condition", "transform"],
            wrong={
                "stops at the first": ["condition"],
                "all or nothing": _ALL_WRONG,
                "not by the alphabet": ["transform", "condition"],
            },
            why="two claims are wrong, and condition comes before transform",
            part="errors",
        ),
        Case(
            f'wrong_slots("It adds things up, I think.", "{_TRUE}")',
            ["unreadable"],
            wrong={"unreadable is no error": []},
            why="a sentence that claims nothing checkable cannot be called right",
            part="unreadable",
        ),
    ),
    misconceptions={
        "compares names": "You compare how the claims are said, not what they do. Which numbers are less "
        "than 10 and not at most 9, or the other way round?",
        "ignores the number": "You compare the concepts and not their numbers. `Claim` has a `name` and a "
        "`k`: are 'at most 8' and 'at most 9' the same claim?",
        "all or nothing": "One wrong claim makes you call all of them wrong. Put in one claim at a time, "
        "and leave the other slots as they truly are.",
        "stops at the first": "You stop at the first wrong slot. A label can be wrong in two ways, and a "
        "student can inherit one of them and not the other.",
        "not by the alphabet": "The right slots, in the order of the sentence or of the package. The "
        "contract asks for another order, so that lists can be compared.",
        "unreadable is no error": "You find nothing wrong with a sentence that could not be read. `parse` "
        "returns `Unreadable` then: nothing was claimed, so nothing was got right.",
        "puts the truth into the claim": "You put the true claim into what was *said*. In the count of the "
        "cubes the cubes make no difference, so you miss that they are wrong. Start from the truth, and "
        "change one thing.",
    },
    hints=(
        "Read both sentences with `parse`. Deal with `Unreadable` first; after that there are claims to "
        "compare.",
        "For each slot: build the truth with one claim exchanged (`truth.with_claim(...)`), and ask "
        "`same_behaviour` whether it still does what the truth does.",
        "A list comprehension over `sorted(SLOTS)` that keeps a slot if "
        "`same_behaviour(truth.with_claim(claimed[slot]), truth)` is False.",
    ),
)

# --- 2.4 the direction of errors ----------------------------------------------------------------------

ERROR_DIRECTION = Exercise(
    id="2.4",
    name="error_direction",
    title="Scattered, or all in one direction?",
    points=2,
    minutes=8,
    difficulty=3,
    contract=(
        "`error_direction(pairs)` takes a list of pairs `(true, said)` of concept names. Returns a dict: "
        "each true concept that was got wrong at least once -> `[value, share]`, the wrong value that was "
        "said of it most often, and the share of *this concept's errors* that went there, in (0, 1]. Of "
        "equally frequent values the alphabetically first. Concepts without an error do not appear."
    ),
    example=(
        'error_direction([("odd", "even"), ("odd", "even"), ("odd", "cube"), ("odd", "odd")]) == '
        '{"odd": ["even", 2 / 3]}'
    ),
    verified="the direction of each concept's errors is found among its errors alone.",
    cases=(
        Case(
            'error_direction([("odd", "even")])',
            {"odd": ["even", 1.0]},
            wrong={"reads the table sideways": {"even": ["odd", 1.0]}},
            why="one error, and it calls odd even",
            part="direction",
        ),
        Case(
            'error_direction([("odd", "odd"), ("odd", "odd"), ("odd", "even")])',
            {"odd": ["even", 1.0]},
            wrong={
                "counts the right answers": {"odd": ["odd", 0.666666667]},
                "share of all labels": {"odd": ["even", 0.333333333]},
                "reads the table sideways": {"even": ["odd", 1.0]},
            },
            why="the two right labels are no errors",
            part="direction",
        ),
        Case(
            'error_direction([("odd", "even"), ("odd", "even"), ("odd", "negative"), ("cube", "triple")])',
            {"odd": ["even", 0.666666667], "cube": ["triple", 1.0]},
            wrong={
                "share of all errors": {"odd": ["even", 0.5], "cube": ["triple", 0.25]},
                "reads the table sideways": {
                    "even": ["odd", 1.0],
                    "negative": ["odd", 1.0],
                    "triple": ["cube", 1.0],
                },
            },
            why="2 of the 3 errors about odd, and the only error about cube",
            part="direction",
        ),
        Case(
            'error_direction([("sum", "sum"), ("odd", "even")])',
            {"odd": ["even", 1.0]},
            wrong={
                "keeps flawless concepts": {"sum": [None, 0.0], "odd": ["even", 1.0]},
                "counts the right answers": {"sum": ["sum", 1.0], "odd": ["even", 1.0]},
                "reads the table sideways": {"even": ["odd", 1.0]},
            },
            why="nothing was got wrong about sum",
            part="which concepts",
        ),
        Case(
            'error_direction([("odd", "positive"), ("odd", "even")])',
            {"odd": ["even", 0.5]},
            wrong={
                "depends on the order": {"odd": ["positive", 0.5]},
                "reads the table sideways": {"positive": ["odd", 1.0], "even": ["odd", 1.0]},
            },
            why="of two equally frequent values it is the alphabetically first",
            part="direction",
        ),
        Case("error_direction([])", {}, why="no labels, no errors", part="which concepts"),
    ),
    misconceptions={
        "counts the right answers": "You count right labels as if they were errors, so a concept that is "
        "mostly right seems to be mistaken for itself. Which pairs are errors?",
        "share of all labels": "You divide by all labels of the concept. That is how *often* it goes wrong "
        "there; the question is where it goes *when* it goes wrong.",
        "share of all errors": "You divide by the errors about all concepts together. One concept's errors "
        "can all go one way, and still be few among the rest.",
        "reads the table sideways": "You grouped by what was said. The student meets an odd filter and "
        "asks what labels say of it: which of the two names is what the code does?",
        "keeps flawless concepts": "A concept without errors has no direction. Leave it out: 0 would read "
        "like a measurement.",
        "depends on the order": "With two equally frequent values your answer depends on which label came "
        "first. A result must not change when the rows are shuffled: settle ties by the alphabet.",
    },
    hints=(
        "First throw away the right labels. Then count, for each true concept, what was said instead.",
        "A dict of `collections.Counter`s, one a true concept; the share is the largest count over the sum "
        "of that same counter.",
        "For one counter: `best = max(sorted(counter), key=counter.get)` takes the alphabetically first of "
        "the most frequent; the share is `counter[best] / sum(counter.values())`.",
    ),
)

# --- 2.5 calibration ----------------------------------------------------------------------------------

CALIBRATION_ERROR = Exercise(
    id="2.5",
    name="calibration_error",
    title="Is it as right as it is sure?",
    points=3,
    minutes=10,
    difficulty=3,
    contract=(
        "`calibration_error(confidence, right, bins)`: `confidence` holds numbers in [0, 1], `right` a "
        "bool for each, `bins` is how many equally wide bins [0, 1] is cut into. A bin holds its lower "
        "edge and not its upper one, but 1 belongs to the last bin. Returns the *expected calibration "
        "error*: for each bin the distance between its mean confidence and the share of its labels that is "
        "right, averaged over bins with the number of labels as weight, in [0, 1]. Empty bins count "
        "nothing. Raises ValueError without labels."
    ),
    example="calibration_error([0.75], [True], 10) == 0.25",
    verified="bins are compared one by one, weighted by their labels, and empty ones don't count.",
    cases=(
        Case(
            "calibration_error([0.75, 0.35], [True, False], 2)",
            0.3,
            wrong={"uses the middle of the bin": 0.25, "signs cancel": 0.05},
            why="the upper bin is 0.25 off, the lower one 0.35, a label each",
            part="bins",
        ),
        Case(
            "calibration_error([0.6, 0.8, 0.4], [True, False, False], 2)",
            0.266666667,
            wrong={
                "all bins count alike": 0.3,
                "uses the middle of the bin": 0.25,
                "label by label": 0.533333333,
            },
            why="the upper bin is 0.2 off with two labels, the lower one 0.4 with one",
            part="bins",
        ),
        Case(
            "calibration_error([0.3, 0.9], [True, False], 2)",
            0.8,
            wrong={"signs cancel": 0.1, "uses the middle of the bin": 0.75},
            why="too unsure below, too sure above: both are errors, 0.7 and 0.9",
            part="bins",
        ),
        Case(
            "calibration_error([0.1, 0.2, 0.4, 0.3, 0.8, 0.9], [False, True, True, False, True, False], 2)",
            0.283333333,
            wrong={
                "bins of equal size": 0.083333333,
                "all bins count alike": 0.3,
                "uses the middle of the bin": 0.25,
                "label by label": 0.483333333,
                "signs cancel": 0.05,
            },
            why="four labels stand in the lower bin, 0.25 off, and two in the upper one, 0.35 off",
            part="bins",
        ),
        Case(
            "calibration_error([1.0, 1.0], [True, False], 4)",
            0.5,
            wrong={
                "certainty falls out": 0.0,
                "uses the middle of the bin": 0.375,
                "trips over empty bins": Raises("ZeroDivisionError"),
            },
            why="both labels stand in the last bin: sure to 1, right by half",
            part="edges",
        ),
        Case(
            "calibration_error([0.1, 0.2], [False, False], 5)",
            0.15,
            wrong={
                "uses the middle of the bin": 0.2,
                "trips over empty bins": Raises("ZeroDivisionError"),
            },
            why="two bins hold a label each, three hold none",
            part="edges",
        ),
        Case(
            "calibration_error([0.0], [True], 4)",
            1.0,
            wrong={
                "the edge falls down": 0.0,
                "uses the middle of the bin": 0.875,
                "trips over empty bins": Raises("ZeroDivisionError"),
            },
            why="0 is the lower edge of the first bin, which holds this label",
            part="edges",
        ),
        Case(
            "calibration_error([0.5, 0.9, 0.7], [True, False, True], 2)",
            0.033333333,
            wrong={
                "the edge falls down": 0.366666667,
                "uses the middle of the bin": 0.083333333,
                "label by label": 0.566666667,
                "bins of equal size": 0.566666667,
                "trips over empty bins": Raises("ZeroDivisionError"),
            },
            why="0.5 is the lower edge of the upper bin, so all three labels stand there",
            part="edges",
        ),
        Case(
            "calibration_error([], [], 5)",
            Raises("ValueError"),
            wrong={
                "nothing is perfect": 0.0,
                "trips over empty bins": Raises("ZeroDivisionError"),
            },
            why="nothing was measured, and 0 would mean perfect",
            part="edges",
        ),
    ),
    misconceptions={
        "all bins count alike": "You average over the bins as if each held equally many labels. A bin with "
        "two labels should count twice as much as a bin with one.",
        "signs cancel": "You keep the sign, so being too sure in one bin makes up for being too unsure in "
        "another. A distance has no sign.",
        "uses the middle of the bin": "You compare with the middle of the bin. Labels rarely lie there on "
        "average: use the mean of the confidences that are in it.",
        "bins of equal size": "You put equally many labels into each bin, as the lesson's plot does. Here "
        "the bins are equally *wide*: a label's bin follows from its own confidence, and a bin may hold many "
        "labels, or none.",
        "label by label": "You compare each confidence with its own label, 1 or 0. Then a model that says "
        "0.6 and is right in 6 of 10 looks bad, though it is perfectly calibrated: compare means of "
        "*groups*.",
        "certainty falls out": "A confidence of exactly 1 is in none of your bins. Look at the upper edge "
        "of the last one.",
        "the edge falls down": "A confidence on an edge, such as 0.5 of two bins, is in your lower bin, and "
        "0 may be in none. Which of its two edges does a bin hold?",
        "trips over empty bins": "You divide by the number of labels of a bin that has none. What does an "
        "empty bin tell about the model?",
        "nothing is perfect": "Without labels you report 0, which reads as perfectly calibrated. Say that "
        "nothing was measured: raise ValueError.",
    },
    hints=(
        "Put each label into the bin `min(int(c * bins), bins - 1)`, then look at one bin at a time.",
        "For a bin with n labels: n / N times the distance of two means (N: all labels). Skip bins without "
        "labels.",
        "`abs(sum(c) - sum(right)) / N` for the labels of one bin is the same as n / N times the distance "
        "of the means. Add that up over the bins that are not empty, after raising ValueError for N = 0.",
    ),
)

# --- 2.6 one's own audit ------------------------------------------------------------------------------

LEAST_AUDITED, ROUNDING = 20, 0.006
_KEYS = {"audited", "right", "low", "high", "more_than_half_right", "pool_right", "contradicts"}
_SAYS = ("yes", "no", "cannot say")


def wilson(count: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The 95% interval of a share, `count` of `n`, as the notebook reckons it (Wilson 1927).

    >>> low, high = wilson(20, 20)
    >>> round(low, 3), round(high, 3)
    (0.839, 1.0)
    """
    share = count / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return middle - half, middle + half


def _malformed(audit: Any) -> str:
    """What is missing, or of the wrong kind; '' if nothing is."""
    if not isinstance(audit, dict):
        return "`my_audit` must be a dict with the keys of the contract."
    if set(audit) != _KEYS:
        lacking, strange = sorted(_KEYS - set(audit)), sorted(set(audit) - _KEYS)
        return f"Keys that are missing: {lacking or 'none'}; keys that nobody asked for: {strange or 'none'}."
    # 15.0 is a count like 15.
    whole = all(is_number(audit[key]) and audit[key] == int(audit[key]) for key in ("audited", "right"))
    if not whole or not 0 <= audit["right"] <= audit["audited"] or not audit["audited"]:
        return "`audited` and `right` are whole numbers, and there are at most as many right ones as audited."
    if not all(is_number(audit[key]) for key in ("low", "high", "pool_right")):
        return "`low`, `high` and `pool_right` are numbers between 0 and 1."
    if audit["more_than_half_right"] not in _SAYS or not isinstance(audit["contradicts"], bool):
        return f"`more_than_half_right` is one of {', '.join(_SAYS)}; `contradicts` is True or False."
    return ""


def _interval_error(audit: dict[str, Any]) -> Verdict | None:
    """What is wrong with `low` and `high`; None if nothing is."""
    right, n, given = audit["right"], audit["audited"], (audit["low"], audit["high"])
    wanted = wilson(right, n)
    reach = 1.96 * sqrt(right / n * (1 - right / n) / n)
    plain = right / n - reach, right / n + reach

    def near(one: tuple[float, float]) -> bool:
        return all(isclose(a, b, abs_tol=ROUNDING) for a, b in zip(given, one, strict=True))

    if near(wanted):
        return None
    if near(plain) or near((max(0.0, plain[0]), min(1.0, plain[1]))):
        return Verdict(False, "share plus or minus")
    if 0 <= given[1] - given[0] < 0.6 * (wanted[1] - wanted[0]) and given[0] <= right / n <= given[1]:
        return Verdict(False, "counts the whole pool")
    return Verdict(False, text=f"`low` and `high` are not what `wilson({right:g}, {n:g})` gives.")


def _rounded_away(low: float, high: float) -> str:
    """What may be said as well where one half lies so near an end that rounding decides; '' elsewhere."""
    if abs(low - 0.5) <= ROUNDING:
        return "cannot say" if low > 0.5 else "yes"
    if abs(high - 0.5) <= ROUNDING:
        return "cannot say" if high < 0.5 else "no"
    return ""


def _judge_audit(outcomes: Sequence[Outcome]) -> Verdict:
    """Whether what is concluded follows from the numbers that stand beside it, whatever these are."""
    audit = outcomes[0].value
    if problem := _malformed(audit):
        return Verdict(False, text=problem)
    if max(audit["low"], audit["high"], audit["pool_right"]) > 1.5:
        return Verdict(False, "percentages for shares")
    if audit["audited"] < LEAST_AUDITED:
        return Verdict(False, "stops early")
    if wrong := _interval_error(audit):
        return wrong
    # By the exact interval: two digits will do, so nobody is to be judged by a third.
    (low, high), said = wilson(audit["right"], audit["audited"]), audit["more_than_half_right"]
    follows = "yes" if low > 0.5 else "no" if high < 0.5 else "cannot say"
    if said not in (follows, _rounded_away(low, high)):
        if follows == "cannot say":
            return Verdict(False, "reads the share, not the interval")
        if said == "cannot say":
            return Verdict(False, "wants certainty")
        return Verdict(False, text=f"An interval from {low:.2f} to {high:.2f} does not say '{said}'.")
    pool = audit["pool_right"]
    outside, at_an_end = not low <= pool <= high, min(abs(pool - low), abs(pool - high)) <= ROUNDING
    if audit["contradicts"] != outside and not at_an_end:
        return Verdict(False, "overlooks a contradiction" if outside else "every difference contradicts")
    return Verdict(True)


MY_AUDIT = Exercise(
    id="2.6",
    name="my_audit",
    title="What your audit shows, and what it does not",
    points=3,
    minutes=7,
    difficulty=2,
    contract=(
        "`my_audit` is a dict: `audited`, how many labels you judged by hand (20 or more); `right`, how "
        "many of them you found right; `low` and `high`, from `wilson`; `more_than_half_right`, what "
        'follows from this interval alone about "more than half of the pool\'s labels are right": '
        '`"yes"`, `"no"` or `"cannot say"`; `pool_right`, the share of all the pool\'s labels that '
        "the judge finds right (the lesson prints it); `contradicts`, whether your audit speaks against "
        "that share: True or False. Shares are between 0 and 1; two digits will do."
    ),
    example=(
        '{"audited": 20, "right": 4, "low": 0.08, "high": 0.42, "more_than_half_right": "yes", '
        '"pool_right": 0.3, "contradicts": True}  # the form, not the answer'
    ),
    verified="the interval is that of your counts, and both conclusions follow from it.",
    cases=(Case("my_audit", None, part="conclusion"),),
    judge=_judge_audit,
    misconceptions={
        "share plus or minus": "Your interval is the share plus or minus 1.96 standard errors. With few "
        "labels that is too narrow near 0 and 1 (20 of 20 right would leave no doubt at all). Use `wilson` "
        "from the cell above.",
        "counts the whole pool": "Your interval is far too narrow for so few labels. Which number goes into "
        "`wilson`: the labels in the pool, or those that you looked at?",
        "reads the share, not the interval": "You drew a conclusion that the share suggests and the "
        "interval does not support: it holds values on both sides of one half. What can you say then?",
        "wants certainty": "The whole interval lies on one side of one half, so the audit does say "
        "something, at the usual 95%. More than that no sample will ever give.",
        "every difference contradicts": "The judge's share lies within your interval, so your audit does "
        "not speak against it. Two numbers that differ need not disagree.",
        "overlooks a contradiction": "The judge's share lies outside your interval. That happens by chance "
        "in about one audit in twenty, or you and the judge read labels differently: either way it is "
        "worth a look.",
        "percentages for shares": "The contract asks for shares between 0 and 1, and a number here is "
        "larger. Divide percentages by 100.",
        "stops early": "Judge at least 20 labels by hand first, in the lesson. Fewer leave an interval "
        "that is too wide to say anything.",
    },
    hints=(
        "Take `audited` and `right` from your audit in the lesson, and let `wilson(right, audited)` do the "
        "rest.",
        "Where does 0.5 lie: below the interval, within it, or above it? And where does the judge's share "
        "lie?",
        '0.5 within the interval: "cannot say". The interval above 0.5: "yes"; below: "no". `contradicts` '
        "is True only if `pool_right` lies outside the interval.",
    ),
)

# --- 2.7 the price of a right label -------------------------------------------------------------------

PRICE = Exercise(
    id="2.7",
    name="price_per_right_label",
    title="The price of a right label",
    points=2,
    minutes=5,
    difficulty=2,
    contract=(
        "`price_per_right_label(labels, share_right, seconds, hour_price, gold_pairs, gold_price)` returns "
        "US dollars for each label that is right. `labels` were written in `seconds` of computing at "
        "`hour_price` dollars an *hour*, and the share `share_right` of them, in [0, 1], is right; before "
        "that the model learned from `gold_pairs` pairs that cost `gold_price` dollars each, once. The "
        "number of right labels need not be whole: half of 3 are 1.5. Raises ValueError if no label is right."
    ),
    example="price_per_right_label(1000, 0.5, 3600, 0.10, 10, 0.04) == 0.001",
    verified="computing and gold are both paid for, and only right labels share the bill.",
    cases=(
        Case(
            "price_per_right_label(1000, 1.0, 3600, 0.10, 0, 2.0)",
            0.0001,
            wrong={"takes seconds for hours": 0.36},
            why="an hour costs 0.10 and gives 1000 right labels",
            part="computing",
        ),
        Case(
            "price_per_right_label(1000, 0.5, 3600, 0.10, 0, 2.0)",
            0.0002,
            wrong={
                "prices all labels": 0.0001,
                "multiplies by the share": 0.00005,
                "takes seconds for hours": 0.72,
            },
            why="0.10 is shared by 500 right labels",
            part="computing",
        ),
        Case(
            "price_per_right_label(3, 0.5, 3600, 0.30, 0, 2.0)",
            0.2,
            wrong={
                "prices all labels": 0.1,
                "multiplies by the share": 0.05,
                "takes seconds for hours": 720.0,
            },
            why="0.30 is shared by 1.5 right labels, which is not to be rounded",
            part="computing",
        ),
        Case(
            "price_per_right_label(1000, 0.5, 36, 100.0, 500, 2.0)",
            2.002,
            wrong={
                "prices all labels": 1.001,
                "multiplies by the share": 0.5005,
                "takes seconds for hours": 9.2,
                "forgets the gold": 0.002,
                "charges the gold to each label": 1000.002,
            },
            why="1 for computing and 1000 for gold, shared by 500 right labels",
            part="gold",
        ),
        Case(
            "price_per_right_label(1000, 0.0, 36, 100.0, 500, 2.0)",
            Raises("ValueError"),
            wrong={"divides by no labels": Raises("ZeroDivisionError")},
            why="no label is right, so none has a price",
            part="none right",
        ),
    ),
    tolerance=1e-7,
    misconceptions={
        "prices all labels": "You share the bill among all labels. Half of them may be wrong: what does "
        "one that is *right* cost?",
        "multiplies by the share": "With fewer right labels your price falls. A teacher that is right half "
        "of the time makes a right label twice as dear: which way does the share go in?",
        "forgets the gold": "You leave out what the model learned from. Without it there are no labels at "
        "all: which two arguments did you not use?",
        "takes seconds for hours": "You pay each second like an hour. The price is for 3600 seconds.",
        "charges the gold to each label": "You charge all the gold to every label. It is paid once: among "
        "how many right labels is it shared?",
        "divides by no labels": "Where no label is right you divide by zero. Say what is the matter: raise "
        "ValueError.",
    },
    hints=(
        "Write down the whole bill first: computing and gold. Then ask who shares it.",
        "Computing is seconds / 3600 times the price of an hour; gold is pairs times price. Right labels "
        "are labels times the share.",
        "Divide the sum of the two costs by `labels * share_right`, after raising ValueError where that is "
        "0.",
    ),
)


UNIT = Unit(
    number=2,
    slug="02_weak_labels",
    title="Weak labels",
    minutes=98,
    stages=("labels",),
    exercises=(
        LABEL_POOL,
        SENTENCE_CONFIDENCE,
        WRONG_SLOTS,
        ERROR_DIRECTION,
        CALIBRATION_ERROR,
        MY_AUDIT,
        PRICE,
    ),
    activities=activities_of(BANK),
)
