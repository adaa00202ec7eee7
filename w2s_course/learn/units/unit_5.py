"""Unit 5, The risk: what its exercises ask, and how a wrong answer is recognised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isclose
from typing import Any

from w2s_course.learn.answers import Outcome, is_number
from w2s_course.learn.bank import activities_of
from w2s_course.learn.exercises import Case, Exercise, Raises, Unit, Verdict
from w2s_course.learn.units.quizzes_5 import BANK
from w2s_course.learn.units.unit_2 import LEAST_AUDITED, ROUNDING, wilson

# --- 5.1

_EVEN = "{'condition': 'even'}"
_ODD = "{'condition': 'odd'}"
_SUM = "{'aggregate': 'sum', 'transform': 'square', 'condition': 'even'}"


def _condition(fate: str) -> dict[str, str]:
    return {"condition": fate}


def _three(aggregate: str, transform: str, condition: str) -> dict[str, str]:
    return {"aggregate": aggregate, "transform": transform, "condition": condition}


FATES = Exercise(
    id="5.1",
    name="fates",
    title="The ledger of one snippet",
    points=2,
    minutes=6,
    difficulty=2,
    contract=(
        "`fates(truth, teacher, student)` takes three dicts from slot to claim; equal claims are equal "
        "strings. `teacher` or `student` is None where that sentence could not be read: then all its claims "
        "are wrong, and it has no claim in common with anybody. Returns a dict from slot to one of "
        "`'both right'`, `'corrected'` (teacher wrong, student right), `'inherited'` (the student repeats "
        "the wrong claim), `'still wrong'` (both wrong, not the same) and `'invented'` (only the student is "
        "wrong)."
    ),
    example="fates({'condition': 'even'}, {'condition': 'odd'}, {'condition': 'odd'}) == "
    "{'condition': 'inherited'}",
    verified="each claim has its own fate, repeating is told from erring again, and silence repeats nothing.",
    cases=(
        Case(f"fates({_EVEN}, {_ODD}, {_ODD})", _condition("inherited"), part="fates"),
        Case(
            f"fates({_EVEN}, {_EVEN}, {_EVEN})",
            _condition("both right"),
            wrong={"agreement is inheritance": _condition("inherited")},
            why="there is no error to inherit",
            part="fates",
        ),
        Case(
            f"fates({_EVEN}, {_ODD}, {{'condition': 'positive'}})",
            _condition("still wrong"),
            wrong={
                "any error after an error": _condition("inherited"),
                "a new error is invented": _condition("invented"),
            },
            why="the student left its teacher's error, and made another one",
            part="fates",
        ),
        Case(
            f"fates({_SUM}, {{'aggregate': 'sum', 'transform': 'cube', 'condition': 'odd'}}, "
            "{'aggregate': 'sum', 'transform': 'square', 'condition': 'odd'})",
            _three("both right", "corrected", "inherited"),
            wrong={
                "agreement is inheritance": _three("inherited", "corrected", "inherited"),
                "judges the sentence": _three("still wrong", "still wrong", "still wrong"),
            },
            why="a sentence may correct one claim and repeat another",
            part="fates",
        ),
        Case(
            f"fates({_SUM}, {_SUM}, {{'aggregate': 'count', 'transform': 'square', 'condition': 'even'}})",
            _three("invented", "both right", "both right"),
            wrong={
                "agreement is inheritance": _three("invented", "inherited", "inherited"),
                "judges the sentence": _three("invented", "invented", "invented"),
            },
            why="only the student is wrong, and only in one claim",
            part="fates",
        ),
        Case(
            f"fates({_EVEN}, None, {_EVEN})",
            _condition("corrected"),
            wrong={"trips over silence": Raises("TypeError")},
            why="a sentence that cannot be read is wrong throughout",
            part="silence",
        ),
        Case(
            f"fates({_EVEN}, None, None)",
            _condition("still wrong"),
            wrong={
                "silence is shared": _condition("inherited"),
                "any error after an error": _condition("inherited"),
                "a new error is invented": _condition("invented"),
                "trips over silence": Raises("TypeError"),
            },
            why="two sentences that nobody can read need not say the same",
            part="silence",
        ),
        Case(
            f"fates({_EVEN}, None, {_ODD})",
            _condition("still wrong"),
            wrong={
                "silence decides": _condition("corrected"),
                "any error after an error": _condition("inherited"),
                "a new error is invented": _condition("invented"),
                "trips over silence": Raises("TypeError"),
            },
            why="a silent teacher is corrected only where the student is right",
            part="silence",
        ),
        Case(
            f"fates({_EVEN}, {_ODD}, None)",
            _condition("still wrong"),
            wrong={
                "silence decides": _condition("invented"),
                "any error after an error": _condition("inherited"),
                "a new error is invented": _condition("invented"),
                "trips over silence": Raises("TypeError"),
            },
            why="a silent student broke nothing that its teacher had wrong already",
            part="silence",
        ),
    ),
    misconceptions={
        "agreement is inheritance": "You call it inherited wherever the two agree. Two models that are both "
        "right agree as well: what must be true of the teacher first?",
        "any error after an error": "The teacher is wrong and the student is wrong, and you call that "
        "inherited. Do they make the same claim?",
        "a new error is invented": "You call every error that the teacher did not make invented. The word is "
        "kept for claims that the teacher had right: what was there to break here?",
        "judges the sentence": "You give all slots the fate of the sentence. Where one claim was corrected "
        "and another repeated, what does your answer show?",
        "silence is shared": "Two unreadable sentences are equal to your comparison (None == None). Does "
        "that mean that they claim the same?",
        "silence decides": "Where one of the two is silent you look no further. Silence makes *one* of them "
        "wrong: what of the other one's claim?",
        "trips over silence": "A sentence that cannot be read comes as None, and None has no slots. Ask for "
        "it before you look into it.",
    },
    hints=(
        "Go slot by slot. Two questions give four cases: is the teacher right here, is the student right "
        "here? One of the four needs a third question.",
        "Teacher right: 'both right' or 'invented'. Teacher wrong: 'corrected' if the student is right; else "
        "compare what the two *say*. For None, take a claim that equals nothing.",
        "Let `t = teacher[slot] if teacher else 'unreadable'`, and for the student another word, such as "
        "'silent', so that they differ. Then an if for each case, comparing `t`, `s` and `truth[slot]`.",
    ),
)

# --- 5.2


def ledger_of(inherited: float | None, corrected: float | None, invented: float | None) -> dict[str, Any]:
    """What `ledger` returns."""
    return {"inherited": inherited, "corrected": corrected, "invented": invented}


LEDGER = Exercise(
    id="5.2",
    name="ledger",
    title="The ledger of a test set",
    points=2,
    minutes=6,
    difficulty=2,
    contract=(
        "`ledger(entries)` takes a list of dicts as `fates` of 5.1 returns them, one a snippet. It returns a "
        "dict: `inherited` and `corrected` are shares of all claims that the *teacher* has wrong, `invented` "
        "is a share of all claims that the *teacher* has right. A share of no claims is None. Claims count "
        "equally, whichever snippet they are from."
    ),
    example="ledger([{'condition': 'inherited'}, {'condition': 'corrected'}]) == "
    "{'inherited': 0.5, 'corrected': 0.5, 'invented': None}",
    verified="each share is one of the right claims, and where there are none you say so.",
    cases=(
        Case(
            "ledger([{'condition': 'inherited'}, {'condition': 'corrected'}])",
            ledger_of(0.5, 0.5, None),
            wrong={
                "shares of all claims": ledger_of(0.5, 0.5, 0.0),
                "invented among errors": ledger_of(0.5, 0.5, 0.0),
                "zero for nothing": ledger_of(0.5, 0.5, 0.0),
                "divides by nothing": Raises("ZeroDivisionError"),
            },
            why="the teacher has no claim right, so none could be broken",
            part="nothing",
        ),
        Case(
            "ledger([{'condition': 'both right'}])",
            ledger_of(None, None, 0.0),
            wrong={
                "shares of all claims": ledger_of(0.0, 0.0, 0.0),
                "invented among errors": ledger_of(None, None, None),
                "zero for nothing": ledger_of(0.0, 0.0, 0.0),
                "divides by nothing": Raises("ZeroDivisionError"),
            },
            why="a teacher without errors leaves none to inherit",
            part="nothing",
        ),
        Case(
            "ledger([{'aggregate': 'both right', 'transform': 'inherited', 'condition': 'corrected'}, "
            "{'aggregate': 'invented', 'transform': 'both right', 'condition': 'inherited'}])",
            ledger_of(2 / 3, 1 / 3, 1 / 3),
            wrong={
                "shares of all claims": ledger_of(1 / 3, 1 / 6, 1 / 6),
                "averages the snippets": ledger_of(0.75, 0.25, 0.25),
            },
            why="of three wrong claims two are repeated, and of three right ones one is broken",
            part="shares",
        ),
        Case(
            "ledger([{'transform': 'still wrong', 'condition': 'inherited'}, "
            "{'transform': 'corrected', 'condition': 'still wrong'}, "
            "{'transform': 'both right', 'condition': 'invented'}])",
            ledger_of(0.25, 0.25, 0.5),
            wrong={
                "shares of all claims": ledger_of(1 / 6, 1 / 6, 1 / 6),
                "forgets the still wrong": ledger_of(0.5, 0.5, 0.5),
                "invented among errors": ledger_of(0.25, 0.25, 0.25),
            },
            why="the teacher has four claims wrong, two of which became another error",
            part="shares",
        ),
    ),
    misconceptions={
        "shares of all claims": "You divide by all claims. A student can only repeat an error that its "
        "teacher made: of which claims is 'inherited' a share?",
        "averages the snippets": "You average over snippets, so a claim in a snippet with one error counts "
        "more than one in a snippet with two. The contract counts claims.",
        "forgets the still wrong": "Your inherited and corrected always add up to 1. What of the claims on "
        "which the student is wrong in a way of its own?",
        "invented among errors": "You divide the invented errors by the teacher's errors. What did the "
        "student need to find in order to break it?",
        "zero for nothing": "You report 0 where there was nothing to count. A student that inherits none of "
        "no errors is not a good one; nothing was measured.",
        "divides by nothing": "With no wrong claims, or no right ones, you divide by zero. The contract says "
        "what stands there instead.",
    },
    hints=(
        "Put all fates of all snippets into one list first. Which of the five mean that the teacher was "
        "wrong?",
        "Wrong: 'inherited', 'corrected' and 'still wrong'. Right: 'both right' and 'invented'. Count each "
        "group; those two counts are your denominators.",
        "`found = [f for entry in entries for f in entry.values()]`; `wrong` is the sum of three "
        "`found.count(...)`, `right` of two. Divide, or give None where the denominator is 0.",
    ),
)

# --- 5.3

_NEGATIVE = "{'slot': 'condition', 'of': 'negative', 'style': None, 'says': 'positive'}"
_LESS = "{'slot': 'condition', 'of': 'less than', 'style': None, 'says': 'at most'}"
_WHILE_EVEN = "{'slot': 'condition', 'of': 'even', 'style': 'while', 'says': 'odd'}"
_WHILE_COUNT = "{'slot': 'aggregate', 'of': None, 'style': 'while', 'says': 'count'}"


def _label(style: str, slot: str, concept: str, k: int | None = None) -> dict[str, Any]:
    return {"style": style, slot: [concept, k]}


PLANT = Exercise(
    id="5.3",
    name="plant_rule",
    title="A teacher with a rule",
    points=2,
    minutes=7,
    difficulty=3,
    contract=(
        "`plant_rule(gold, rule)` takes gold labels, each a dict with `style` and, for each slot, a claim "
        "`[concept, number]` (number None where there is none), and a rule: a dict with `slot`, `says` (the "
        "concept that it always says there), `of` (only where the true concept is this one; None: whichever) "
        "and `style` (only in code of this style; None: any). Both must hold. Returns `[labels, planted]`: "
        "new labels in the same order, in which the rule's concept stands with the old number, and the "
        "numbers (from 0) of the labels that are different now. `gold` stays as it is."
    ),
    example="plant_rule([{'style': 'loop', 'condition': ['even', None]}], {'slot': 'condition', 'of': "
    "'even', 'style': None, 'says': 'odd'}) == [[{'style': 'loop', 'condition': ['odd', None]}], [0]]",
    verified="the rule errs where it applies and nowhere else, and the truth is still there to measure with.",
    cases=(
        Case(
            f"plant_rule([{{'style': 'loop', 'condition': ['negative', None]}}], {_NEGATIVE})",
            [[_label("loop", "condition", "positive")], [0]],
            part="rule",
        ),
        Case(
            "plant_rule([{'style': 'loop', 'condition': ['less than', 7]}, "
            f"{{'style': 'while', 'condition': ['greater than', 7]}}], {_LESS})",
            [
                [_label("loop", "condition", "at most", 7), _label("while", "condition", "greater than", 7)],
                [0],
            ],
            wrong={
                "drops the number": [
                    [_label("loop", "condition", "at most"), _label("while", "condition", "greater than", 7)],
                    [0],
                ],
                "ignores what it is of": [
                    [_label("loop", "condition", "at most", 7), _label("while", "condition", "at most", 7)],
                    [0, 1],
                ],
            },
            why="the end of the comparison is mistaken, its number is not",
            part="rule",
        ),
        Case(
            "plant_rule([{'style': 'loop', 'condition': ['even', None]}, "
            "{'style': 'while', 'condition': ['even', None]}, "
            f"{{'style': 'while', 'condition': ['positive', None]}}], {_WHILE_EVEN})",
            [
                [
                    _label("loop", "condition", "even"),
                    _label("while", "condition", "odd"),
                    _label("while", "condition", "positive"),
                ],
                [1],
            ],
            wrong={
                "ignores the style": [
                    [
                        _label("loop", "condition", "odd"),
                        _label("while", "condition", "odd"),
                        _label("while", "condition", "positive"),
                    ],
                    [0, 1],
                ],
                "ignores what it is of": [
                    [
                        _label("loop", "condition", "even"),
                        _label("while", "condition", "odd"),
                        _label("while", "condition", "odd"),
                    ],
                    [1, 2],
                ],
                "either will do": [
                    [
                        _label("loop", "condition", "odd"),
                        _label("while", "condition", "odd"),
                        _label("while", "condition", "odd"),
                    ],
                    [0, 1, 2],
                ],
            },
            why="both conditions of this rule must hold",
            part="where",
        ),
        Case(
            "plant_rule([{'style': 'while', 'aggregate': ['sum', None]}, "
            "{'style': 'while', 'aggregate': ['count', None]}, "
            f"{{'style': 'loop', 'aggregate': ['sum', None]}}], {_WHILE_COUNT})",
            [
                [
                    _label("while", "aggregate", "count"),
                    _label("while", "aggregate", "count"),
                    _label("loop", "aggregate", "sum"),
                ],
                [0],
            ],
            wrong={
                "ignores the style": [
                    [
                        _label("while", "aggregate", "count"),
                        _label("while", "aggregate", "count"),
                        _label("loop", "aggregate", "count"),
                    ],
                    [0, 2],
                ],
                "counts what it left alone": [
                    [
                        _label("while", "aggregate", "count"),
                        _label("while", "aggregate", "count"),
                        _label("loop", "aggregate", "sum"),
                    ],
                    [0, 1],
                ],
            },
            why="who always says 'count' is right about programs that count",
            part="where",
        ),
        Case(
            "plant_rule([{'style': 'loop', 'aggregate': ['sum', None], 'condition': ['negative', None]}], "
            f"{_NEGATIVE})",
            [[{**_label("loop", "condition", "positive"), "aggregate": ["sum", None]}], [0]],
            wrong={"drops the other claims": [[_label("loop", "condition", "positive")], [0]]},
            why="the rule is about the condition, and the label says more than that",
            part="rule",
        ),
        Case(
            f"(lambda gold: [*plant_rule(gold, {_NEGATIVE}), gold])"
            "([{'style': 'loop', 'condition': ['negative', None]}])",
            [[_label("loop", "condition", "positive")], [0], [_label("loop", "condition", "negative")]],
            wrong={
                "spoils the gold": [
                    [_label("loop", "condition", "positive")],
                    [0],
                    [_label("loop", "condition", "positive")],
                ]
            },
            why="without the truth nobody could measure what was planted",
            part="gold",
        ),
    ),
    misconceptions={
        "drops the number": "Your planted claims lose their number. A teacher that takes 'less than 7' for "
        "'at most' still reads the 7.",
        "ignores what it is of": "Your rule also errs where the true concept is another one than `of`. Then "
        "it is a teacher that says one thing always, and easily noticed.",
        "ignores the style": "Your rule also errs in code of other styles. What makes a blind spot blind is "
        "that everything outside it looks fine.",
        "either will do": "You plant where `of` fits *or* `style` fits. Where a rule gives both, both must "
        "hold.",
        "counts what it left alone": "You report labels as planted that already said so. Where the rule's "
        "claim happens to be true there is no error.",
        "drops the other claims": "Your planted labels hold the rule's slot only. What else did the label "
        "say, and does the rule speak of it?",
        "spoils the gold": "After your function has run, `gold` itself is altered. Changing a dict (or a "
        "list inside it) changes it for everyone who holds it: make new ones.",
    },
    hints=(
        "For each label ask: does the style fit, does the concept fit, and is what the rule says different "
        "from what stands there? Only then write.",
        "`rule['style'] in (None, label['style'])` is one test in a line; the same for `of` and the concept. "
        "`{**label, slot: [...]}` makes a new dict with one entry changed.",
        "Loop with enumerate. `concept, k = label[slot]`. If both tests hold and `concept != rule['says']`, "
        "append `{**label, slot: [rule['says'], k]}` and note the number; else append the label as it is.",
    ),
)

# --- 5.4


def _matched(accuracy: float, rate: float | None) -> dict[str, float | None]:
    return {"accuracy": accuracy, "rate": rate}


MATCHED = Exercise(
    id="5.4",
    name="matched_errors",
    title="Equally many errors, at random",
    points=2,
    minutes=6,
    difficulty=3,
    contract=(
        "`matched_errors(right, touched)` takes two lists of 1 and 0, an entry a label: whether it is right "
        "*before* anything is planted (the labels may be weak ones), and whether the rule makes a false "
        "claim about its program. Where it does, the label is wrong afterwards. Returns a dict: `accuracy`, "
        "the share of labels that are right after the rule was planted; `rate`, the share of the *right* "
        "labels that a random teacher has to make wrong for the same accuracy (None if no label is right)."
    ),
    example="matched_errors([1, 1, 1, 1], [1, 0, 0, 0]) == {'accuracy': 0.75, 'rate': 0.25}",
    verified="both teachers end at the same accuracy, also where the labels had errors before.",
    cases=(
        Case(
            "matched_errors([1, 1, 1, 1], [1, 0, 0, 0])",
            _matched(0.75, 0.25),
            wrong={"share of the touched": _matched(0.75, 1.0), "errors for accuracy": _matched(0.25, 0.25)},
            why="one of four right labels becomes wrong",
            part="gold labels",
        ),
        Case(
            "matched_errors([1, 1, 0, 0], [1, 0, 1, 0])",
            _matched(0.25, 0.5),
            wrong={
                "counts errors twice": _matched(0.0, 1.0),
                "share of all labels": _matched(0.25, 0.25),
                "errors for accuracy": _matched(0.75, 0.5),
                "takes labels for gold": _matched(0.5, 0.5),
                "two wrongs make a right": _matched(0.5, 0.0),
            },
            why="one of the two touched labels was wrong already",
            part="weak labels",
        ),
        Case(
            "matched_errors([1, 1, 1, 1, 1, 1, 0, 0], [1, 1, 0, 0, 0, 0, 0, 1])",
            _matched(0.5, 1 / 3),
            wrong={
                "counts errors twice": _matched(0.375, 0.5),
                "share of all labels": _matched(0.5, 0.25),
                "share of the touched": _matched(0.5, 2 / 3),
                "takes labels for gold": _matched(0.625, 0.375),
                "two wrongs make a right": _matched(0.625, 1 / 6),
            },
            why="of six right labels two become wrong, and four of eight are left",
            part="weak labels",
        ),
        Case(
            "matched_errors([0, 0], [1, 0])",
            _matched(0.0, None),
            wrong={
                "counts errors twice": _matched(-0.5, None),
                "share of all labels": _matched(0.0, 0.0),
                "share of the touched": _matched(0.0, 0.0),
                "errors for accuracy": _matched(1.0, None),
                "takes labels for gold": _matched(0.5, 0.5),
                "two wrongs make a right": _matched(0.5, None),
                "divides by none": Raises("ZeroDivisionError"),
            },
            why="no right label is left to make wrong",
            part="weak labels",
        ),
    ),
    misconceptions={
        "counts errors twice": "You take every touched label for a new error. Which of them were wrong "
        "before the rule came?",
        "share of all labels": "Your rate is a share of all labels. A random teacher that hits a label which "
        "is wrong already makes no new error: which labels can it hit?",
        "share of the touched": "Your rate is a share of the touched labels, which is what the *rule* does "
        "to them. The random teacher knows no rule: among which labels does it choose?",
        "errors for accuracy": "Your accuracy is the share of wrong labels. Turn it round.",
        "takes labels for gold": "You do not look at `right`: that is the answer for gold labels. Weak ones "
        "have errors before anything is planted.",
        "two wrongs make a right": "A label that was wrong becomes right in your count when the rule touches "
        "it. The contract says what a touched label is afterwards.",
        "divides by none": "Where no label is right you divide by zero. What does the contract give there?",
    },
    hints=(
        "Write down the four kinds of label: right or not, touched or not. Which kind changes when the rule "
        "is planted?",
        "Only labels that are right *and* touched are newly wrong. Right afterwards are those that are right "
        "and not touched.",
        "`newly = sum(r and t for r, t in zip(right, touched))`. Accuracy is `(sum(right) - newly) / "
        "len(right)`, the rate `newly / sum(right)`, or None where that sum is 0.",
    ),
)

# --- 5.5


def rows_of(
    pairs: Mapping[int, tuple[float | None, float | None]], plain: float | None = None
) -> list[dict[str, Any]]:
    """Rows as a sweep records them, for exercise 5.5: seed -> `passed_on` of its two students.

    pairs: seed -> (after systematic errors, after random ones); None where it was not measured.
    plain: adds, for each seed, a row without planted errors.

    >>> rows_of({0: (1.2, 0.4)})[1]
    {'seed': 0, 'plan': 'matched', 'passed_on': 0.4}
    """
    rows = [{"seed": seed, "plan": "systematic", "passed_on": one} for seed, (one, _) in pairs.items()]
    # A sweep is recorded by several processes: seeds come in any order.
    others = reversed(list(pairs.items()))
    rows += [{"seed": seed, "plan": "matched", "passed_on": other} for seed, (_, other) in others]
    if plain is not None:
        rows += [{"seed": seed, "plan": None, "passed_on": plain} for seed in pairs]
    return rows


def compared(seeds: int, difference: float | None, half: float | None, verdict: str) -> dict[str, Any]:
    """What `passed_on_more` returns, `half` being half the width of the interval."""
    low, high = (None, None) if difference is None or half is None else (difference - half, difference + half)
    return {"seeds": seeds, "difference": difference, "low": low, "high": high, "verdict": verdict}


_CLEAR = compared(3, 0.9, 0.2484165, "systematic")
_CLEAR_WRONG = {
    "pairs by position": compared(3, 0.9, 0.7452494, "systematic"),
    "1.96 for three seeds": compared(3, 0.9, 0.1131607, "systematic"),
}

COMPARE = Exercise(
    id="5.5",
    name="passed_on_more",
    title="From rows to a verdict",
    points=3,
    minutes=10,
    difficulty=4,
    contract=(
        "`passed_on_more(rows)` takes recorded rows: dicts with `seed`, `plan` (`'systematic'`, `'matched'` "
        "for random errors at the same label accuracy, or None) and `passed_on` (a number, or None where it "
        "was not measured), in any order. For each seed that has both, it takes systematic minus random. "
        "Returns a dict: `seeds`, how many those are; `difference`, their mean; `low` and `high`, its 95% "
        "t-interval over seeds (`T975` holds t by n - 1), None for a single seed; `verdict`: `'systematic'` "
        "or `'random'` where the interval lies above or below 0, else `'not shown'`. Without a seed all "
        "three numbers are None, and the verdict is `'not recorded'`."
    ),
    example="passed_on_more([]) == {'seeds': 0, 'difference': None, 'low': None, 'high': None, 'verdict': "
    "'not recorded'}",
    verified="seeds are paired, what was not measured is left out, and the interval speaks, in both "
    "directions.",
    cases=(
        Case(
            "passed_on_more(rows_of({}))",
            compared(0, None, None, "not recorded"),
            wrong={"no rows, no effect": compared(0, 0.0, None, "not shown")},
            why="what was not tried has no effect, great or small",
            part="too little",
        ),
        Case(
            "passed_on_more(rows_of({0: (1.2, 0.4)}))",
            compared(1, 0.8, None, "not shown"),
            wrong={"reads the sign only": compared(1, 0.8, None, "systematic")},
            why="a single seed says nothing about other seeds",
            part="too little",
        ),
        Case(
            "passed_on_more(rows_of({0: (1.2, 0.4), 1: (1.4, 0.5), 2: (1.6, 0.6)}))",
            _CLEAR,
            wrong=_CLEAR_WRONG,
            why="the differences are 0.8, 0.9 and 1.0",
            part="pairs",
        ),
        Case(
            "passed_on_more(rows_of({0: (1.2, 0.4), 1: (1.4, 0.5), 2: (1.6, 0.6)}, plain=0.6))",
            _CLEAR,
            wrong={
                **_CLEAR_WRONG,
                "all the rest is random": compared(3, 0.8, 0.4968330, "systematic"),
            },
            why="rows without planted errors have no part in it",
            part="pairs",
        ),
        Case(
            "passed_on_more(rows_of({0: (1.2, 0.4), 1: (1.3, None), 2: (1.4, 0.5)}))",
            compared(2, 0.85, 0.635310, "systematic"),
            wrong={
                "pairs by position": compared(2, 0.8, 1.27062, "not shown"),
                "1.96 for three seeds": compared(2, 0.85, 0.098, "systematic"),
                "missing is zero": compared(3, 1.0, 0.6572517, "systematic"),
            },
            why="seed 1 has one side only",
            part="pairs",
        ),
        Case(
            "passed_on_more(rows_of({0: (0.5, 0.0), 1: (0.7, 0.1), 2: (0.9, 0.2)}))",
            compared(3, 0.6, 0.2484165, "systematic"),
            wrong={
                "pairs by position": compared(3, 0.6, 0.7452495, "not shown"),
                "1.96 for three seeds": compared(3, 0.6, 0.1131607, "systematic"),
                "zero is missing": compared(2, 0.65, 0.6353100, "systematic"),
            },
            why="a student that passed on nothing was measured: 0.0 is a number",
            part="pairs",
        ),
        Case(
            "passed_on_more(rows_of({0: (0.4, 0.5), 1: (0.6, 0.5), 2: (0.8, 0.5)}))",
            compared(3, 0.1, 0.4968330, "not shown"),
            wrong={
                "reads the sign only": compared(3, 0.1, 0.4968330, "systematic"),
                "1.96 for three seeds": compared(3, 0.1, 0.2263213, "not shown"),
            },
            why="the interval includes 0",
            part="verdict",
        ),
        Case(
            "passed_on_more(rows_of({0: (0.6, 0.5), 1: (0.8, 0.6), 2: (1.3, 0.7)}))",
            compared(3, 0.3, 0.6572483, "not shown"),
            wrong={
                "reads the sign only": compared(3, 0.3, 0.6572483, "systematic"),
                "pairs by position": compared(3, 0.3, 1.1383874, "not shown"),
                "1.96 for three seeds": compared(3, 0.3, 0.2993949, "systematic"),
                "median for mean": compared(3, 0.2, 0.6572483, "not shown"),
            },
            why="the mean of 0.1, 0.2 and 0.6 is 0.3, and the interval includes 0",
            part="verdict",
        ),
        Case(
            "passed_on_more(rows_of({0: (0.5, 0.5), 1: (0.7, 0.7)}))",
            compared(2, 0.0, 0.0, "not shown"),
            wrong={
                "reads the sign only": compared(2, 0.0, 0.0, "random"),
                "an end at 0 is beyond it": compared(2, 0.0, 0.0, "systematic"),
                "pairs by position": compared(2, 0.0, 2.54124, "not shown"),
            },
            why="both ends are 0 itself, which lies neither above nor below 0",
            part="verdict",
        ),
        Case(
            "passed_on_more(rows_of({0: (0.4, 0.8), 1: (0.5, 1.0), 2: (0.6, 1.2)}))",
            compared(3, -0.5, 0.2484165, "random"),
            wrong={
                "pairs by position": compared(3, -0.5, 0.7452494, "not shown"),
                "1.96 for three seeds": compared(3, -0.5, 0.1131607, "random"),
                "expects one outcome": compared(3, -0.5, 0.2484165, "not shown"),
            },
            why="the whole interval is below 0: against expectation, and a finding",
            part="verdict",
        ),
    ),
    imports="from w2s_course.learn.units.unit_5 import rows_of",
    tolerance=1e-4,
    misconceptions={
        "pairs by position": "You pair the first systematic row with the first random one. Rows come in any "
        "order: what says which two belong together?",
        "reads the sign only": "You go by the sign of the mean. Which end of the interval must be on the "
        "same side, and what if there is no interval?",
        "1.96 for three seeds": "Your interval is too narrow for so few seeds: 1.96 is for a spread that is "
        "known. Look up t for n - 1.",
        "zero is missing": "You leave out a value that was measured as 0.0. Python takes it for false in `if "
        "row['passed_on']`: ask whether it `is not None`.",
        "median for mean": "Your interval has the right width around the wrong middle: the difference in the "
        "middle is not the mean of all.",
        "an end at 0 is beyond it": "An end of the interval is 0 itself. Does the interval still hold the "
        "value 'no difference'?",
        "missing is zero": "You count a value that was not measured as 0. Which seeds have both sides?",
        "all the rest is random": "You take every row that is not systematic for one of random errors. Some "
        "rows have no planted errors at all: what does `plan` say there?",
        "expects one outcome": "Your function cannot say that random errors were passed on more. Rows that "
        "speak against a claim must be able to.",
        "no rows, no effect": "Without a single pair you report an effect of 0. Nobody has looked: which "
        "verdict says that?",
    },
    hints=(
        "Three steps: collect `passed_on` by seed for each of the two plans; subtract where a seed has both; "
        "describe the differences as in exercise 4.6.",
        "Two dicts from seed to number, leaving out None. The differences are those of the seeds in both. No "
        "differences: all None. One: the mean, and no interval. More: t times stdev over the root of n.",
        "`values = {r['seed']: r['passed_on'] for r in rows if r['plan'] == kind and r['passed_on'] is not "
        "None}`, once for each kind; then 'systematic' if low > 0, 'random' if high < 0, else 'not shown'.",
    ),
)

# --- 5.6

CHANCE = Exercise(
    id="5.6",
    name="beyond_chance",
    title="Do they err together?",
    points=2,
    minutes=7,
    difficulty=3,
    contract=(
        "`beyond_chance(truth, teacher, student, options)` takes three sequences of claims, an entry a "
        "snippet, and how many different claims are possible. Returns (observed - expected) / (1 - "
        "expected): observed is the share of snippets on which teacher and student claim the same; expected "
        "is that share for two *independent* models of their accuracies, whose errors fall on each of the "
        "wrong options equally often. Returns 0.0 where expected is 1."
    ),
    example="beyond_chance('aaaa', 'aabb', 'aabc', 3) == 0.6",
    verified="being right together is not counted, and sharing an error counts for more than having one.",
    cases=(
        Case(
            "beyond_chance('aa', 'aa', 'aa', 3)",
            0.0,
            wrong={
                "raw agreement": 1.0,
                "chance is one in so many": 1.0,
                "trips over certainty": Raises("ZeroDivisionError"),
            },
            why="two models that are always right must agree, whoever taught them",
            part="chance",
        ),
        Case(
            "beyond_chance('aaaa', 'aabb', 'aabb', 3)",
            1.0,
            wrong={"subtracts and stops": 0.625},
            why="they always claim the same",
            part="scale",
        ),
        Case(
            "beyond_chance('aaaa', 'aabb', 'aabc', 3)",
            0.6,
            wrong={
                "raw agreement": 0.75,
                "chance is one in so many": 0.625,
                "forgets shared errors": 2 / 3,
                "the truth is an error too": 0.625,
                "subtracts and stops": 0.375,
                "both wrong is agreement": 1.0,
            },
            why="they agree on 3 of 4, and 0.25 + 0.25 / 2 was to be expected",
            part="scale",
        ),
        Case(
            "beyond_chance('aaaaa', 'aaaab', 'aabaa', 5)",
            -1 / 7,
            wrong={
                "raw agreement": 0.6,
                "chance is one in so many": 0.5,
                "forgets shared errors": -1 / 9,
                "the truth is an error too": -0.048 / 0.352,
                "subtracts and stops": -0.05,
            },
            why="each errs where the other is right: they agree less than chance",
            part="scale",
        ),
        Case(
            "beyond_chance('aaaa', 'abbb', 'abbc', 4)",
            2 / 3,
            wrong={
                "raw agreement": 0.75,
                "forgets shared errors": 0.6875 / 0.9375,
                "the truth is an error too": 0.546875 / 0.796875,
                "subtracts and stops": 0.5,
                "both wrong is agreement": 1.0,
            },
            why="two poor models share two of three errors",
            part="chance",
        ),
    ),
    misconceptions={
        "raw agreement": "You return how often they agree. Two models that are both right nearly always do, "
        "also if they never met: take that away.",
        "chance is one in so many": "You expect agreement as if both were guessing. They have accuracies: "
        "how often are two such models right at the same time?",
        "forgets shared errors": "Your expected agreement counts only being right together. Two independent "
        "models are now and then wrong together and say the same.",
        "the truth is an error too": "Given that both are wrong, you let them choose among all options. One "
        "of them is the truth: how many are left?",
        "subtracts and stops": "Observed minus expected depends on how much room was left. Two models that "
        "always say the same should get 1.",
        "both wrong is agreement": "You count it as agreement when both are wrong. Do they claim the same?",
        "trips over certainty": "Where both are always right expected is 1, and you divide by 0.",
    },
    hints=(
        "Four shares first: how often they claim the same, and the accuracy of each against `truth`.",
        "Independent models are both right with a1 * a2, both wrong with (1 - a1) * (1 - a2), and in the "
        "latter case they hit on the same one of `options - 1` claims once in so many times.",
        "`expected = a1 * a2 + (1 - a1) * (1 - a2) / (options - 1)`; return 0.0 if that is 1, else the "
        "fraction of the contract.",
    ),
)

# --- 5.7

READ = Exercise(
    id="5.7",
    name="labels_to_read",
    title="How many labels must one read?",
    points=2,
    minutes=6,
    difficulty=3,
    contract=(
        "`labels_to_read(share, rate, sure)`: a teacher has a blind spot, a kind of code that makes up "
        "`share` of a large pool; within it the share `rate` of its labels is wrong. You read labels drawn "
        "at random and notice each wrong one. Returns the smallest number of labels for which the "
        "probability to see at least one error of the blind spot is at least `sure`, in (0, 1). `share * "
        "rate` is below 1. Raises ValueError where no number is enough."
    ),
    example="labels_to_read(0.25, 1.0, 0.95) == 11",
    verified="you can plan an audit, and know what one of 20 labels cannot promise.",
    cases=(
        Case(
            "labels_to_read(0.5, 1.0, 0.5)",
            1,
            wrong={"waits for one on average": 2},
            why="the first label already shows it half of the time",
            part="number",
        ),
        Case(
            "labels_to_read(0.1, 1.0, 0.5)",
            7,
            wrong={"adds up the chances": 5, "waits for one on average": 10, "rounds down": 6},
            why="0.9 ** 6 is 0.53, 0.9 ** 7 is 0.48",
            part="number",
        ),
        Case(
            "labels_to_read(0.25, 1.0, 0.95)",
            11,
            wrong={
                "adds up the chances": 4,
                "waits for one on average": 4,
                "rounds down": 10,
                "mistakes sure for unsure": 1,
            },
            why="0.75 ** 10 is 0.056, 0.75 ** 11 is 0.042",
            part="number",
        ),
        Case(
            "labels_to_read(0.07, 0.5, 0.9)",
            65,
            wrong={
                "adds up the chances": 26,
                "waits for one on average": 29,
                "rounds down": 64,
                "mistakes sure for unsure": 3,
                "takes the spot for wrong throughout": 32,
            },
            why="a drawn label is an error of the spot with probability 0.035",
            part="rate",
        ),
        Case(
            "labels_to_read(0.2, 0.0, 0.9)",
            Raises("ValueError"),
            wrong={
                "takes the spot for wrong throughout": 11,
                "divides by never": Raises("ZeroDivisionError"),
            },
            why="where nothing is wrong nobody ever sees an error",
            part="rate",
        ),
        Case(
            "labels_to_read(0.0, 1.0, 0.9)",
            Raises("ValueError"),
            wrong={
                "takes the spot for wrong throughout": Raises("ZeroDivisionError"),
                "divides by never": Raises("ZeroDivisionError"),
            },
            why="a spot that makes up none of the pool is never drawn",
            part="rate",
        ),
    ),
    misconceptions={
        "adds up the chances": "You add the chances of single labels (n times share times rate). Two labels "
        "at 60% each would then be sure at 120%: what is the chance that *all* n show nothing?",
        "waits for one on average": "You return how many labels hold one such error on average. Where the "
        "spot is small, about a third of such audits hold none, and `sure` has no part in your answer.",
        "takes the spot for wrong throughout": "You leave `rate` out: a label from the blind spot is wrong "
        "only some of the time. What is the probability that one drawn label shows the error?",
        "rounds down": "One label fewer than needed: with your number the probability is just below `sure`.",
        "mistakes sure for unsure": "Your number of labels *misses* the blind spot with probability `sure`. "
        "Which of the two probabilities must be small?",
        "divides by never": "Where no label of the spot is wrong, or none is ever drawn, you divide by 0. "
        "Say so: raise ValueError.",
    },
    hints=(
        "What is the probability that one drawn label shows nothing? And that n of them, drawn "
        "independently, all show nothing?",
        "With p = share * rate, n labels show nothing with probability (1 - p) ** n. That must be at most "
        "1 - sure. A loop that multiplies until it is small enough will do.",
        "`p = share * rate`; if it is 0, raise ValueError; else `math.ceil(math.log(1 - sure) / math.log(1 - "
        "p))`.",
    ),
)

# --- 5.8

STYLES = ("comprehension", "loop", "map_filter", "while")
_SAYS = ("yes", "cannot say")
_KEYS = {"wrong", "suspect", "low", "high", "stands_out"}


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _malformed(found: Any) -> str:
    """What is missing, or of the wrong kind; '' if nothing is."""
    if not isinstance(found, dict) or set(found) != _KEYS:
        return f"`my_blind_spot` must be a dict with the keys {', '.join(sorted(_KEYS))}."
    counts = found["wrong"]
    if not isinstance(counts, dict) or not counts or set(counts) - set(STYLES):
        return f"`wrong` is a dict from style to two counts; the styles are {', '.join(STYLES)}."
    for style, pair in counts.items():
        if not isinstance(pair, list) or len(pair) != 2 or not all(map(_is_count, pair)) or pair[0] > pair[1]:
            return f"`wrong['{style}']` must be [labels found wrong, labels read], not {pair!r}."
    suspect = found["suspect"]
    if not isinstance(suspect, str) or suspect not in counts or not counts[suspect][1]:
        return "`suspect` must be one of the styles of which you read labels."
    ends = (found["low"], found["high"])
    if not all(map(is_number, ends)):
        return "`low` and `high` are numbers between 0 and 1."
    return "" if found["stands_out"] in _SAYS else f"`stands_out` is one of {', '.join(_SAYS)}."


def _judge_blind_spot(outcomes: Sequence[Outcome]) -> Verdict:
    """Whether suspicion and conclusion follow from the counts that stand beside them, whatever these are."""
    found = outcomes[0].value
    if problem := _malformed(found):
        return Verdict(False, text=problem)
    counts = {style: pair for style, pair in found["wrong"].items() if pair[1]}
    wrong, read = (sum(pair[i] for pair in counts.values()) for i in (0, 1))
    if read < LEAST_AUDITED:
        return Verdict(False, "stops early")
    shares = {style: pair[0] / pair[1] for style, pair in counts.items()}
    suspect = found["suspect"]
    if shares[suspect] < max(shares.values()):
        most = max(pair[0] for pair in counts.values())
        if shares[suspect] == min(shares.values()) and counts[suspect][0] < most:
            return Verdict(False, "suspects the innocent")
        return Verdict(False, "counts, not shares")
    inside, n = counts[suspect]
    low, high = wilson(inside, n)
    given = (found["low"], found["high"])
    if not all(isclose(a, b, abs_tol=ROUNDING) for a, b in zip(given, (low, high), strict=True)):
        whole = [wilson(inside, read), wilson(wrong, read)]
        if any(all(isclose(a, b, abs_tol=ROUNDING) for a, b in zip(given, w, strict=True)) for w in whole):
            return Verdict(False, "an interval of the whole audit")
        return Verdict(False, text=f"`low` and `high` are not what `wilson({inside}, {n})` gives.")
    others = wilson(wrong - inside, read - n)[1] if read > n else 1.0
    follows = "yes" if low > others else "cannot say"
    if found["stands_out"] != follows:
        return Verdict(False, "a suspicion is a finding" if follows == "cannot say" else "wants certainty")
    return Verdict(True)


MY_SPOT = Exercise(
    id="5.8",
    name="my_blind_spot",
    title="What your audit says about the blind spot",
    points=3,
    minutes=7,
    difficulty=3,
    contract=(
        "`my_blind_spot` is a dict. `wrong`: from each style to `[labels that you found wrong, labels that "
        "you read]`, at least 20 read in all. `suspect`: the style in which the *share* of wrong labels is "
        "largest. `low` and `high`: `wilson` of that share, two digits will do. `stands_out`: `'yes'` if "
        "this interval lies above the interval of the other styles taken together, else `'cannot say'`."
    ),
    example="{'wrong': {'loop': [4, 8], 'while': [1, 12]}, 'suspect': 'loop', 'low': 0.22, "
    "'high': 0.9, 'stands_out': 'yes'}  # the form, not the answer",
    verified="suspicion, interval and conclusion follow from the labels that you read.",
    cases=(Case("my_blind_spot", None, part="conclusion"),),
    judge=_judge_blind_spot,
    misconceptions={
        "stops early": "Read at least 20 labels in the lesson first. With fewer, hardly any blind spot can "
        "stand out.",
        "counts, not shares": "Another style has a larger *share* of wrong labels than your suspect. You may "
        "have read more of one style than of another: divide.",
        "suspects the innocent": "Your suspect is the style with the smallest share of wrong labels. Which "
        "of the two counts in `wrong` comes first?",
        "an interval of the whole audit": "Your interval belongs to the whole audit. How many labels of the "
        "*suspected* style did you read?",
        "a suspicion is a finding": "The interval of your suspect overlaps that of the other styles. That "
        "is a reason to read more of this style, and no finding yet.",
        "wants certainty": "The whole interval of your suspect lies above that of the others. At the usual "
        "95% that is a finding; more than that no sample gives.",
    },
    hints=(
        "Take the counts that the lesson prints after the audit. For each style, divide wrong by read.",
        "`wilson(wrong, read)` of the suspect gives `low` and `high`. For the others, add up their wrong "
        "labels and their labels read, and take `wilson` of these two sums.",
        "'yes' only if your `low` is above the upper end for the others; else 'cannot say', however "
        "suspicious it looks.",
    ),
)

UNIT = Unit(
    number=5,
    slug="05_the_risk",
    title="The risk",
    minutes=105,
    stages=("weak_to_strong",),
    exercises=(FATES, LEDGER, PLANT, MATCHED, COMPARE, CHANCE, READ, MY_SPOT),
    activities=activities_of(BANK),
)
