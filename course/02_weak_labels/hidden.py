"""The cases of unit 2 that only the grader sees: other inputs, the same misconceptions."""

from w2s_course.learn.exercises import Case, Raises
from w2s_course.learn.units.unit_2 import anonymous
from w2s_course.learn.units.variants_2 import confidence_cases, direction_cases, price_cases
from w2s_course.learn.variants import draw

_X = {"id": 4, "code": "x", "explanation": "X.", "confidence": 0.7, "labeller": "small-2"}
_Y = {"id": 3, "code": "y", "explanation": "", "confidence": 0.05, "labeller": "small-2"}
_Z = {"id": 9, "code": "x", "explanation": "X.", "confidence": 0.7, "labeller": "small-2"}
_V = {"id": 5, "code": "v", "explanation": "V.", "confidence": 0.95, "labeller": "small-2"}

_POOL = (
    'label_pool({"x": ("X.", 0.7), "y": ("", 0.05), "v": ("V.", 0.95)}.get, '
    '[{"id": 4, "code": "x", "gold": "G."}, {"id": 3, "code": "y"}, {"id": 9, "code": "x"}, '
    '{"id": 5, "code": "v"}], "small-2")'
)
_TRUE = "Returns the largest of the cubes of the odd numbers."

HIDDEN = {
    "2.1": (
        Case(
            _POOL,
            [_X, _Y, _Z, _V],
            wrong={
                "no provenance": anonymous(_X, _Y, _Z, _V),
                "drops unsure labels": [_X, _Z, _V],
                "drops empty sentences": [_X, _Z, _V],
                "drops repeats": [_X, _Y, _V],
                "sorts by confidence": [_V, _X, _Z, _Y],
                "copies the gold along": [{**_X, "gold": "G."}, _Y, _Z, _V],
                "labels with the gold": [{**_X, "explanation": "G."}, _Y, _Z, _V],
            },
            part="all of it",
        ),
        Case('label_pool(lambda code: ("A.", 0.4), [], "none")', [], part="no snippets"),
    ),
    "2.2": (
        Case(
            'sentence_confidence([" a", " b", "<end>", "<end>"], [log(0.9), log(0.8), log(0.5), log(0.2)])',
            0.36,
            wrong={
                "averages over the tokens": 0.711378661,
                "averages probabilities": 0.733333333,
                "stays a logarithm": -1.021651248,
                "forgets the end mark": 0.72,
                "counts the padding": 0.072,
                "asks the weakest token": 0.5,
            },
            part="end",
        ),
        Case(
            'sentence_confidence([" a", " b", " c"], [log(0.5), log(0.4), log(0.5)])',
            0.1,
            wrong={
                "averages over the tokens": 0.464158883,
                "averages probabilities": 0.466666667,
                "stays a logarithm": -2.302585093,
                "asks the weakest token": 0.4,
                "needs an end mark": Raises("ValueError"),
            },
            part="cut off",
        ),
        Case('sentence_confidence(["<end>"], [log(0.3)])', 0.3, part="end"),
    ),
    "2.3": (
        Case(
            'wrong_slots("Gives the maximum of the numbers greater than 4.", '
            '"Returns the largest of the numbers at least 5.")',
            [],
            wrong={"compares names": ["condition"], "ignores the number": ["condition"]},
            part="right",
        ),
        Case(
            'wrong_slots("Returns the product of the multiples of 4.", '
            '"Returns the product of the numbers divisible by 3.")',
            ["condition"],
            wrong={"ignores the number": [], "all or nothing": ["aggregate", "condition", "transform"]},
            part="errors",
        ),
        Case(
            f'wrong_slots("Returns the smallest of the triples of the odd numbers.", "{_TRUE}")',
            ["aggregate", "transform"],
            wrong={
                "stops at the first": ["aggregate"],
                "all or nothing": ["aggregate", "condition", "transform"],
            },
            part="errors",
        ),
        Case(
            f'wrong_slots("Returns the number of the doubles of the odd numbers.", "{_TRUE}")',
            ["aggregate", "transform"],
            wrong={
                "stops at the first": ["aggregate"],
                "puts the truth into the claim": ["aggregate"],
                "all or nothing": ["aggregate", "condition", "transform"],
            },
            part="errors",
        ),
        Case(
            f'wrong_slots("Returns the largest of the squares of the even numbers.", "{_TRUE}")',
            ["condition", "transform"],
            wrong={
                "stops at the first": ["condition"],
                "all or nothing": ["aggregate", "condition", "transform"],
                "not by the alphabet": ["transform", "condition"],
            },
            part="errors",
        ),
        Case(
            f'wrong_slots("", "{_TRUE}")',
            ["unreadable"],
            wrong={"unreadable is no error": []},
            part="unreadable",
        ),
    ),
    "2.4": (
        Case(
            'error_direction([("half", "double"), ("half", "half"), ("cube", "square"), ("half", "cube"), '
            '("cube", "cube"), ("half", "double"), ("cube", "cube"), ("half", "cube"), ("half", "half"), '
            '("last", "last"), ("half", "half")])',
            {"half": ["cube", 0.5], "cube": ["square", 1.0]},
            wrong={
                "counts the right answers": {
                    "half": ["half", 0.428571429],
                    "cube": ["cube", 0.666666667],
                    "last": ["last", 1.0],
                },
                "share of all labels": {"half": ["cube", 0.285714286], "cube": ["square", 0.333333333]},
                "share of all errors": {"half": ["cube", 0.4], "cube": ["square", 0.2]},
                "reads the table sideways": {
                    "double": ["half", 1.0],
                    "square": ["cube", 1.0],
                    "cube": ["half", 1.0],
                },
                "keeps flawless concepts": {
                    "half": ["cube", 0.5],
                    "cube": ["square", 1.0],
                    "last": [None, 0.0],
                },
                "depends on the order": {"half": ["double", 0.5], "cube": ["square", 1.0]},
            },
            part="table",
        ),
        Case('error_direction([("all", "all")])', {}, wrong={}, part="flawless"),
    ),
    "2.5": (
        Case(
            "calibration_error([0.9, 0.82, 0.85, 0.25, 1.0], [True, False, True, True, True], 5)",
            0.264,
            wrong={
                "all bins count alike": 0.44625,
                "uses the middle of the bin": 0.26,
                "label by label": 0.364,
                "bins of equal size": 0.364,
                "signs cancel": 0.036,
                "trips over empty bins": Raises("ZeroDivisionError"),
            },
            part="bins",
        ),
        Case(
            "calibration_error([0.95, 0.1, 0.15, 0.6, 0.05, 0.2], "
            "[False, True, True, True, False, False], 3)",
            0.475,
            wrong={
                "bins of equal size": 0.341666667,
                "all bins count alike": 0.575,
                "uses the middle of the bin": 0.444444444,
                "label by label": 0.558333333,
                "signs cancel": 0.158333333,
            },
            part="bins",
        ),
        Case(
            "calibration_error([1.0], [False], 3)",
            1.0,
            wrong={
                "certainty falls out": 0.0,
                "uses the middle of the bin": 0.833333333,
                "trips over empty bins": Raises("ZeroDivisionError"),
            },
            part="edges",
        ),
        Case(
            "calibration_error([0.5, 0.9], [True, False], 2)",
            0.2,
            wrong={
                "the edge falls down": 0.7,
                "uses the middle of the bin": 0.25,
                "label by label": 0.7,
                "trips over empty bins": Raises("ZeroDivisionError"),
            },
            part="edges",
        ),
        Case(
            "calibration_error([0.0], [True], 3)",
            1.0,
            wrong={
                "the edge falls down": 0.0,
                "uses the middle of the bin": 0.833333333,
                "trips over empty bins": Raises("ZeroDivisionError"),
            },
            part="edges",
        ),
        Case(
            "calibration_error([], [], 1)",
            Raises("ValueError"),
            wrong={"nothing is perfect": 0.0, "trips over empty bins": Raises("ZeroDivisionError")},
            part="nothing",
        ),
    ),
    "2.6": (Case("my_audit", None, part="conclusion"),),
    "2.7": (
        Case(
            "price_per_right_label(200, 0.25, 1800, 0.50, 100, 1.0)",
            2.005,
            wrong={
                "prices all labels": 0.50125,
                "multiplies by the share": 0.1253125,
                "forgets the gold": 0.005,
                "takes seconds for hours": 20.0,
                "charges the gold to each label": 100.005,
            },
            part="price",
        ),
        Case(
            "price_per_right_label(7, 0.25, 1800, 0.70, 1, 2.1)",
            1.4,
            wrong={
                "prices all labels": 0.35,
                "multiplies by the share": 0.0875,
                "forgets the gold": 0.2,
                "takes seconds for hours": 721.2,
                "charges the gold to each label": 2.3,
            },
            part="price",
        ),
        Case(
            "price_per_right_label(0, 0.5, 0, 0.10, 0, 2.0)",
            Raises("ValueError"),
            wrong={"divides by no labels": Raises("ZeroDivisionError")},
            part="none right",
        ),
    ),
}

HIDDEN_VARIANTS = {
    "2.2": lambda cohort: (*HIDDEN["2.2"], *confidence_cases(draw(cohort, "2.2 hidden"))),
    "2.4": lambda cohort: (*HIDDEN["2.4"], *direction_cases(draw(cohort, "2.4 hidden"))),
    "2.7": lambda cohort: (*HIDDEN["2.7"], *price_cases(draw(cohort, "2.7 hidden"))),
}
