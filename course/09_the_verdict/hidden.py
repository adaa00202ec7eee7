"""The cases that only the grader sees: other inputs, and the parts of the visible ones."""

from w2s_course.learn.exercises import Case, Raises
from w2s_course.learn.units.unit_9 import CARRIES, LIMITS
from w2s_course.learn.units.variants_9 import decision_cases, turning_cases
from w2s_course.learn.variants import draw


def _asked_otherwise(cases, name):
    """The cases of a dict, each key looked up in another way."""
    from dataclasses import replace

    return [replace(case, call=case.call.replace(f"{name}[", f"dict({name})[")) for case in cases]


HIDDEN = {
    "9.1": _asked_otherwise(CARRIES.cases, "carries"),
    "9.2": [Case("list(overclaims)", None)],
    "9.3": [Case("[*argument]", None)],
    "9.4": [
        Case(
            "reverses_at(0.725, [(50, 0.5), (150, 0.8)])",
            125.0,
            wrong={
                "takes the next row": 150,
                "takes the nearest row": 150,
                "counts from the wrong end": 75.0,
                "along the logarithm": 50 * 3**0.75,
            },
            part="between",
        ),
        Case(
            "reverses_at(0.4, [(50, 0.5), (150, 0.8)])",
            50,
            wrong={"extrapolates": 50 - 100 / 3},
            part="ends",
        ),
        Case("reverses_at(0.2, [(64, 0.3)])", 64, wrong={"extrapolates": Raises("IndexError")}, part="ends"),
        Case(
            "reverses_at(0.95, [(150, 0.8), (50, 0.5)])",
            None,
            wrong={"extrapolates": 200.0, "never is the last row": 150, "takes the nearest row": 150},
            part="ends",
        ),
        Case(
            "reverses_at(0.5, [(800, 0.9), (50, 0.2), (100, 0.4), (200, 0.6)])",
            150.0,
            wrong={
                "takes the next row": 200,
                "takes the nearest row": 100,
                "trusts the order given": 800,
                "along the logarithm": 100 * 2**0.5,
            },
            part="order",
        ),
        Case(
            "reverses_at(0.55, [(50, 0.3), (100, 0.6), (200, 0.5), (400, 0.9)])",
            50 + 250 / 6,
            wrong={
                "takes the next row": 100,
                "takes the last crossing": 225.0,
                "along the logarithm": 50 * 2 ** (5 / 6),
            },
            part="order",
        ),
        Case(
            "reverses_at(0.6, [(200, 0.9), (50, 0.4), (100, 0.6)])",
            100,
            wrong={
                "counts from the wrong end": 50,
                "trusts the order given": 200,
                "looks between the rows only": None,
            },
            part="ends",
        ),
        Case(
            "reverses_at(0.5, [(64, 0.6), (128, 0.4), (256, 0.7)])",
            64,
            wrong={
                "extrapolates": 512 / 3,
                "takes the last crossing": 512 / 3,
                "counts a way down": 96.0,
            },
            part="ends",
        ),
    ],
    "9.5": [
        Case("decision(outcome(0.15, 0.1, 0.2), 0.1)", "sound", part="bar"),
        Case(
            "decision(outcome(0.14, 0.06, 0.22), 0.1)",
            "undecided",
            wrong={"takes the value": "sound", "any gain will do": "sound", "no third answer": "not sound"},
            part="doubt",
        ),
        Case(
            "decision(outcome(0.05, 0.01, 0.09), 0.1)",
            "not sound",
            wrong={"any gain will do": "sound", "a gain is never against": "undecided"},
            part="bar",
        ),
        Case(
            "decision(outcome(0.02, -0.1, 0.14), 0.1)",
            "undecided",
            wrong={"takes the value": "not sound", "no third answer": "not sound"},
            part="doubt",
        ),
        Case("decision(outcome(-0.2, -0.3, -0.1), 0.1)", "not sound", part="bar"),
        Case(
            "decision(outcome(0.04, -0.02, 0.1), 0.1)",
            "undecided",
            wrong={
                "takes the value": "not sound",
                "no third answer": "not sound",
                "the bar itself is too low": "not sound",
            },
            part="bar",
        ),
        Case(
            "decision(outcome(0.2, 0.1, 0.3), 0.1)",
            "sound",
            wrong={"the bar itself is too low": "undecided"},
            part="bar",
        ),
        Case(
            "decision(outcome(0.5, 0.4, 0.6, preset='smoke'), 0.1)",
            "no evidence",
            wrong={"reads any run": "sound"},
            part="no evidence",
        ),
        Case(
            "decision(outcome(0.3, None, None), 0.1)",
            "no evidence",
            wrong={"missing is zero": "not sound", "missing is doubt": "undecided"},
            part="no evidence",
        ),
        Case(
            "decision(outcome(0.05, 0.01, 0.09, preset='gpu'), 0.1)",
            "not sound",
            wrong={
                "any gain will do": "sound",
                "a gain is never against": "undecided",
                "one preset only": "no evidence",
            },
            part="no evidence",
        ),
    ],
    "9.6": _asked_otherwise(LIMITS.cases, "limits"),
    "9.7": [Case("dict(levels)", None)],
}

HIDDEN_VARIANTS = {
    "9.4": lambda cohort: turning_cases(HIDDEN["9.4"], draw(cohort, "9.4 hidden").choice((2, 3, 4))),
    "9.5": lambda cohort: decision_cases(HIDDEN["9.5"], draw(cohort, "9.5 hidden").choice((0.6, 1.2, 1.4))),
}
