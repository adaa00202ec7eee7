"""The cases that only the grader sees: other inputs, and the parts of the visible ones."""

from random import Random

from w2s_course.learn.exercises import Case, Raises
from w2s_course.learn.units.unit_5 import compared, ledger_of
from w2s_course.learn.units.variants_5 import matched_case, matched_cases, never, read_case, read_cases
from w2s_course.learn.variants import draw

_TRUTH = "{'transform': 'half', 'condition': 'odd'}"
_RULE = "{'slot': 'transform', 'of': 'half', 'style': 'loop', 'says': 'double'}"
_DIVISORS = "{'slot': 'condition', 'of': 'not divisible by', 'style': None, 'says': 'divisible by'}"
_FILTER = "{'slot': 'condition', 'of': None, 'style': 'map_filter', 'says': 'nonzero'}"

HIDDEN = {
    "5.1": [
        Case(f"fates({_TRUTH}, {_TRUTH}, {_TRUTH})", {"transform": "both right", "condition": "both right"},
             wrong={"agreement is inheritance": {"transform": "inherited", "condition": "inherited"}},
             part="fates"),
        Case(f"fates({_TRUTH}, {{'transform': 'double', 'condition': 'even'}}, "
             "{'transform': 'double', 'condition': 'negative'})",
             {"transform": "inherited", "condition": "still wrong"},
             wrong={"any error after an error": {"transform": "inherited", "condition": "inherited"},
                    "a new error is invented": {"transform": "inherited", "condition": "invented"},
                    "judges the sentence": {"transform": "still wrong", "condition": "still wrong"}},
             part="fates"),
        Case(f"fates({_TRUTH}, {{'transform': 'half', 'condition': 'even'}}, "
             "{'transform': 'cube', 'condition': 'odd'})",
             {"transform": "invented", "condition": "corrected"},
             wrong={"judges the sentence": {"transform": "still wrong", "condition": "still wrong"}},
             part="fates"),
        Case(f"fates({_TRUTH}, {_TRUTH}, None)", {"transform": "invented", "condition": "invented"},
             wrong={"trips over silence": Raises("TypeError")}, part="silence"),
        Case(f"fates({_TRUTH}, None, None)", {"transform": "still wrong", "condition": "still wrong"},
             wrong={"silence is shared": {"transform": "inherited", "condition": "inherited"},
                    "any error after an error": {"transform": "inherited", "condition": "inherited"},
                    "a new error is invented": {"transform": "invented", "condition": "invented"},
                    "trips over silence": Raises("TypeError")}, part="silence"),
        Case(f"fates({_TRUTH}, None, {{'transform': 'half', 'condition': 'even'}})",
             {"transform": "corrected", "condition": "still wrong"},
             wrong={"silence decides": {"transform": "corrected", "condition": "corrected"},
                    "any error after an error": {"transform": "corrected", "condition": "inherited"},
                    "a new error is invented": {"transform": "corrected", "condition": "invented"},
                    "judges the sentence": {"transform": "still wrong", "condition": "still wrong"},
                    "trips over silence": Raises("TypeError")}, part="silence"),
        Case(f"fates({_TRUTH}, {{'transform': 'half', 'condition': 'even'}}, None)",
             {"transform": "invented", "condition": "still wrong"},
             wrong={"silence decides": {"transform": "invented", "condition": "invented"},
                    "any error after an error": {"transform": "invented", "condition": "inherited"},
                    "a new error is invented": {"transform": "invented", "condition": "invented"},
                    "judges the sentence": {"transform": "still wrong", "condition": "still wrong"},
                    "trips over silence": Raises("TypeError")}, part="silence"),
    ],
    "5.2": [
        Case("ledger([])", ledger_of(None, None, None),
             wrong={"zero for nothing": ledger_of(0.0, 0.0, 0.0),
                    "divides by nothing": Raises("ZeroDivisionError")}, part="nothing"),
        Case("ledger([{'condition': 'invented'}])", ledger_of(None, None, 1.0),
             wrong={"shares of all claims": ledger_of(0.0, 0.0, 1.0),
                    "invented among errors": ledger_of(None, None, None),
                    "zero for nothing": ledger_of(0.0, 0.0, 1.0),
                    "divides by nothing": Raises("ZeroDivisionError")}, part="nothing"),
        Case("ledger([{'transform': 'corrected', 'condition': 'corrected'}, "
             "{'transform': 'inherited', 'condition': 'both right'}, "
             "{'transform': 'invented', 'condition': 'still wrong'}])",
             ledger_of(0.25, 0.5, 0.5),
             wrong={"shares of all claims": ledger_of(1 / 6, 2 / 6, 1 / 6),
                    "averages the snippets": ledger_of(1 / 3, 1 / 3, 0.5),
                    "forgets the still wrong": ledger_of(1 / 3, 2 / 3, 0.5),
                    "invented among errors": ledger_of(0.25, 0.5, 0.25)}, part="shares"),
    ],
    "5.3": [
        Case(f"plant_rule([{{'style': 'loop', 'condition': ['not divisible by', 3]}}, "
             f"{{'style': 'loop', 'condition': ['divisible by', 3]}}], {_DIVISORS})",
             [[{"style": "loop", "condition": ["divisible by", 3]},
               {"style": "loop", "condition": ["divisible by", 3]}], [0]],
             wrong={"drops the number": [[{"style": "loop", "condition": ["divisible by", None]},
                                          {"style": "loop", "condition": ["divisible by", 3]}], [0]]},
             part="rule"),
        Case(f"plant_rule([{{'style': 'loop', 'transform': ['half', None]}}, "
             "{'style': 'while', 'transform': ['half', None]}, "
             f"{{'style': 'loop', 'transform': ['cube', None]}}], {_RULE})",
             [[{"style": "loop", "transform": ["double", None]},
               {"style": "while", "transform": ["half", None]},
               {"style": "loop", "transform": ["cube", None]}], [0]],
             wrong={"ignores the style": [[{"style": "loop", "transform": ["double", None]},
                                           {"style": "while", "transform": ["double", None]},
                                           {"style": "loop", "transform": ["cube", None]}], [0, 1]],
                    "ignores what it is of": [[{"style": "loop", "transform": ["double", None]},
                                               {"style": "while", "transform": ["half", None]},
                                               {"style": "loop", "transform": ["double", None]}], [0, 2]],
                    "either will do": [[{"style": "loop", "transform": ["double", None]},
                                        {"style": "while", "transform": ["double", None]},
                                        {"style": "loop", "transform": ["double", None]}], [0, 1, 2]]},
             part="where"),
        Case(f"plant_rule([{{'style': 'map_filter', 'condition': ['nonzero', None]}}], {_FILTER})",
             [[{"style": "map_filter", "condition": ["nonzero", None]}], []],
             wrong={"counts what it left alone":
                    [[{"style": "map_filter", "condition": ["nonzero", None]}], [0]]},
             part="where"),
        Case("plant_rule([{'style': 'loop', 'aggregate': ['sum', None], 'transform': ['half', None], "
             f"'condition': ['less than', 7]}}], {_RULE})",
             [[{"style": "loop", "aggregate": ["sum", None], "transform": ["double", None],
                "condition": ["less than", 7]}], [0]],
             wrong={"drops the other claims": [[{"style": "loop", "transform": ["double", None]}], [0]]},
             part="rule"),
        Case(f"(lambda gold: [*plant_rule(gold, {_RULE}), gold])"
             "([{'style': 'loop', 'transform': ['half', None]}])",
             [[{"style": "loop", "transform": ["double", None]}], [0],
              [{"style": "loop", "transform": ["half", None]}]],
             wrong={"spoils the gold": [[{"style": "loop", "transform": ["double", None]}], [0],
                                        [{"style": "loop", "transform": ["double", None]}]]}, part="gold"),
    ],
    "5.4": [
        matched_case(2, 6, 0, 0, Random(1)),
        matched_case(2, 4, 3, 1, Random(2)),
        matched_case(4, 3, 1, 4, Random(3)),
        Case("matched_errors([0, 0, 0], [1, 0, 0])", {"accuracy": 0.0, "rate": None},
             wrong={"counts errors twice": {"accuracy": -1 / 3, "rate": None},
                    "share of all labels": {"accuracy": 0.0, "rate": 0.0},
                    "share of the touched": {"accuracy": 0.0, "rate": 0.0},
                    "errors for accuracy": {"accuracy": 1.0, "rate": None},
                    "takes labels for gold": {"accuracy": 2 / 3, "rate": 1 / 3},
                    "two wrongs make a right": {"accuracy": 1 / 3, "rate": None},
                    "divides by none": Raises("ZeroDivisionError")}, part="weak labels"),
    ],
    "5.5": [
        Case("passed_on_more(rows_of({}, plain=0.5))", compared(0, None, None, "not recorded"),
             wrong={"no rows, no effect": compared(0, 0.0, None, "not shown")}, part="too little"),
        Case("passed_on_more(rows_of({3: (0.5, 0.9)}))", compared(1, -0.4, None, "not shown"),
             wrong={"reads the sign only": compared(1, -0.4, None, "random")}, part="too little"),
        Case("passed_on_more(rows_of({4: (1.0, 0.5), 7: (1.3, 0.6)}, plain=0.8))",
             compared(2, 0.6, 1.27062, "not shown"),
             wrong={"reads the sign only": compared(2, 0.6, 1.27062, "systematic"),
                    "pairs by position": compared(2, 0.6, 2.54124, "not shown"),
                    "1.96 for three seeds": compared(2, 0.6, 0.196, "systematic"),
                    "all the rest is random": compared(2, 0.35, 1.90593, "not shown")}, part="verdict"),
        Case("passed_on_more(rows_of({0: (0.9, 0.3), 1: (1.0, None), 2: (1.1, 0.3), 3: (None, 0.1)}))",
             compared(2, 0.7, 1.27062, "not shown"),
             wrong={"reads the sign only": compared(2, 0.7, 1.27062, "systematic"),
                    # Of those that were measured: 0.9, 1.0, 1.1 beside 0.1, 0.3, 0.3.
                    "pairs by position": compared(3, 0.7666667, 0.1434233, "systematic"),
                    "1.96 for three seeds": compared(2, 0.7, 0.196, "systematic"),
                    # 0.6, 1.0, 0.8, -0.1
                    "missing is zero": compared(4, 0.575, 0.7617290, "not shown")}, part="pairs"),
        Case(
            "passed_on_more(rows_of({0: (0.9, 0.2), 1: (0.6, 0.0), 2: (0.9, 0.1)}))",
            compared(3, 0.7, 0.2484165, "systematic"),
            wrong={
                "1.96 for three seeds": compared(3, 0.7, 0.1131607, "systematic"),
                "zero is missing": compared(2, 0.75, 0.6353100, "systematic"),
            },
            part="pairs",
        ),
        Case(
            "passed_on_more(rows_of({3: (0.6, 0.4), 1: (0.7, 0.6), 2: (1.4, 0.8)}))",
            compared(3, 0.3, 0.6572483, "not shown"),
            wrong={
                "reads the sign only": compared(3, 0.3, 0.6572483, "systematic"),
                "pairs by position": compared(3, 0.3, 1.5513605, "not shown"),
                "1.96 for three seeds": compared(3, 0.3, 0.2993949, "systematic"),
                "median for mean": compared(3, 0.2, 0.6572483, "not shown"),
            },
            part="verdict",
        ),
        Case(
            "passed_on_more(rows_of({5: (0.9, 0.9), 2: (0.4, 0.4)}))",
            compared(2, 0.0, 0.0, "not shown"),
            wrong={
                "reads the sign only": compared(2, 0.0, 0.0, "random"),
                "an end at 0 is beyond it": compared(2, 0.0, 0.0, "systematic"),
                "pairs by position": compared(2, 0.0, 6.3531000, "not shown"),
            },
            part="verdict",
        ),
        Case("passed_on_more(rows_of({0: (0.2, 0.7), 1: (0.3, 0.9), 2: (0.3, 1.0)}))",
             compared(3, -0.6, 0.2484165, "random"),
             wrong={"pairs by position": compared(3, -0.6, 0.4968330, "random"),
                    "1.96 for three seeds": compared(3, -0.6, 0.1131607, "random"),
                    "expects one outcome": compared(3, -0.6, 0.2484165, "not shown")}, part="verdict"),
    ],
    "5.6": [
        Case("beyond_chance('abc', 'abc', 'abc', 4)", 0.0,
             wrong={"raw agreement": 1.0, "chance is one in so many": 1.0,
                    "trips over certainty": Raises("ZeroDivisionError")}, part="chance"),
        # Accuracies 0.5 and 0.75, agreement on 3 of 4.
        Case("beyond_chance('abab', 'abcc', 'abac', 3)", (0.75 - 0.4375) / 0.5625,
             wrong={"raw agreement": 0.75, "chance is one in so many": 0.625,
                    "forgets shared errors": 0.375 / 0.625,
                    "the truth is an error too": (0.75 - 0.375 - 0.125 / 3) / (0.625 - 0.125 / 3),
                    "subtracts and stops": 0.3125}, part="scale"),
        # Accuracies 0.5 and 0.5, both wrong on the same two, and never alike there.
        Case("beyond_chance('aaaa', 'aabb', 'aacc', 3)", 0.2,
             wrong={"raw agreement": 0.5, "chance is one in so many": 0.25,
                    "forgets shared errors": 1 / 3, "the truth is an error too": 0.25,
                    "subtracts and stops": 0.125, "both wrong is agreement": 1.0}, part="scale"),
    ],
    "5.7": [
        read_case(0.22, 1.0, 0.95),
        read_case(0.12, 0.5, 0.95),
        read_case(0.3, 0.3, 0.9),
        never(0.3, 0.0, 0.95),
        never(0.0, 0.5, 0.95),
    ],
    "5.8": [Case("dict(my_blind_spot)", None, part="conclusion")],
}  # fmt: skip

HIDDEN_VARIANTS = {
    "5.4": lambda cohort: (*HIDDEN["5.4"], *matched_cases(draw(cohort, "5.4 hidden"))),
    "5.7": lambda cohort: (*HIDDEN["5.7"], *read_cases(draw(cohort, "5.7 hidden"))),
}
