"""The cases that only the grader sees: other inputs, and the parts of the visible ones."""

from w2s_course.learn.exercises import Case, Raises
from w2s_course.learn.units.unit_6 import break_even_cases
from w2s_course.learn.units.variants_6 import operations_cases, price_factor
from w2s_course.learn.variants import draw

_F, _M, _C = "frontier", "maybe dominated", "clearly dominated"

HIDDEN = {
    "6.1": [
        Case(
            "training_operations(50, 4, 1, 1.0, False)",
            1200,
            wrong={"one operation a weight": 600, "forward only": 400},
            part="full",
        ),
        Case(
            "training_operations(50, 4, 5, 0.2, False)",
            2800,
            wrong={
                "one operation a weight": 1400,
                "forward only": 2000,
                "forgets the passes": 560,
                "lower layers are not read": 1200,
                "the share is ignored": 6000,
            },
            part="full",
        ),
        Case(
            "training_operations(50, 4, 1, 0.0, True)",
            400,
            wrong={
                "one operation a weight": 200,
                "lower layers are not read": 0,
                "the share is ignored": 800,
            },
            part="frozen",
        ),
        Case(
            "training_operations(50, 4, 2, 0.75, True)",
            1400,
            wrong={
                "one operation a weight": 700,
                "forward only": 800,
                "frozen is free": 800,
                "frozen costs the same": 2000,
                "forgets the passes": 700,
                "lower layers are not read": 1200,
                "the share is ignored": 1600,
            },
            part="frozen",
        ),
    ],
    "6.2": [
        Case("cheaper_from((0, 1), (3, 1))", 1, part="equal margins"),
        Case("cheaper_from((3, 1), (0, 1))", None, part="equal margins"),
        Case(
            "cheaper_from((5, 2), (6, 2))",
            1,
            wrong={
                "compares one more label only": None,
                "forgets the other's making": None,
                "divides before it asks": Raises("ZeroDivisionError"),
            },
            part="equal margins",
        ),
        Case(
            "cheaper_from((7, 0), (7, 0))",
            None,
            wrong={"a tie is cheaper": 1, "divides before it asks": Raises("ZeroDivisionError")},
            part="equal margins",
        ),
        Case(
            "cheaper_from((20, 1), (8, 3))",
            7,
            wrong={
                "compares one more label only": 1,
                "a tie is cheaper": 6,
                "forgets the other's making": 11,
                "labels in fractions": 6,
            },
            part="a number",
        ),
        Case(
            "cheaper_from((0, 2), (50, 3))",
            1,
            part="a number",
        ),
        Case(
            "cheaper_from((20, 1), (0, 8))",
            3,
            wrong={"compares one more label only": 1, "labels in fractions": 20 / 7},
            part="a number",
        ),
        Case(
            "cheaper_from((1, 3), (9, 1))",
            None,
            wrong={"cheaper at first": 1, "divides before it asks": 5},
            part="never",
        ),
    ],
    "6.3": [
        Case(
            "matched(3, (50, 8), (5, 8), 0)",
            30,
            wrong={"upside down": 0},
            part="equal tokens",
        ),
        Case(
            "matched(2, (40, 10), (30, 10), 0)",
            2,
            wrong={"upside down": 1, "rounds up": 3},
            part="equal tokens",
        ),
        Case(
            "matched(2, (40, 50), (20, 10), 0)",
            20,
            wrong={"upside down": 0, "takes tokens for equal": 4},
            part="other tokens",
        ),
        Case(
            "matched(1, (40, 10), (10, 40), 0)",
            1,
            wrong={"takes tokens for equal": 4},
            part="other tokens",
        ),
        Case(
            "matched(5, (100, 10), (10, 10), 4000)",
            30,
            wrong={
                "upside down": 0,
                "forgets the making": 50,
                "one operation a weight": 10,
                "counts a training": 43,
                "pays the making with every label": 2,
            },
            part="making",
        ),
        Case(
            "matched(1, (100, 10), (10, 10), 9000)",
            0,
            wrong={"forgets the making": 10, "goes into debt": -35},
            part="making",
        ),
    ],
    "6.4": [
        Case("places([])", [], part="frontier"),
        Case(
            "places([(3, 0.9, 0.85, 0.95), (1, 0.6, 0.55, 0.65), (2, 0.7, 0.66, 0.74)])",
            [_F, _F, _F],
            wrong={"better is enough": [_F, _C, _C], "cheaper is enough": [_M, _F, _M]},
            part="frontier",
        ),
        Case(
            "places([(4, 0.6, 0.5, 0.7), (4, 0.6, 0.55, 0.65)])",
            [_F, _F],
            wrong={"equal counts as better": [_M, _M]},
            part="frontier",
        ),
        Case(
            "places([(5, 0.60, 0.5, 0.7), (2, 0.60, 0.5, 0.7)])",
            [_M, _F],
            wrong={"must win both": [_F, _F], "ignores the intervals": [_C, _F], "overlap saves": [_F, _F]},
            part="dominated",
        ),
        Case(
            "places([(2, 0.4, 0.3, 0.5), (2, 0.9, 0.8, 1.0)])",
            [_C, _F],
            wrong={"must win both": [_F, _F], "cheaper is enough": [_F, _F]},
            part="dominated",
        ),
        Case(
            "places([(3, 0.50, 0.45, 0.55), (1, 0.52, 0.42, 0.62), (2, 0.8, 0.75, 0.85)])",
            [_C, _F, _F],
            wrong={
                "better is enough": [_C, _C, _F],
                "cheaper is enough": [_C, _F, _M],
                "stops at the first": [_M, _F, _F],
            },
            part="dominated",
        ),
        Case(
            "places([(1, 0.7, 0.58, 0.82), (2, 0.6, 0.52, 0.68)])",
            [_F, _M],
            wrong={
                "ignores the intervals": [_F, _C],
                "overlap saves": [_F, _F],
                "a mean for an end": [_F, _C],
            },
            part="dominated",
        ),
        Case(
            "places([(1, 0.7, 0.62, 0.78), (2, 0.6, 0.5, 0.7)])",
            [_F, _M],
            wrong={
                "ignores the intervals": [_F, _C],
                "overlap saves": [_F, _F],
                "a mean for an end": [_F, _C],
            },
            part="dominated",
        ),
        Case(
            "places([(1, 0.4, 0.3, 0.5), (4, 0.38, 0.28, 0.48), (6, 0.8, 0.7, 0.9)])",
            [_F, _M, _F],
            wrong={
                "ignores the intervals": [_F, _C, _F],
                "overlap saves": [_F, _F, _F],
                "better is enough": [_C, _C, _F],
                "cheaper is enough": [_F, _M, _M],
                "somebody is clearly better": [_F, _C, _F],
            },
            part="dominated",
        ),
        Case(
            "places([(1, 0.7, 0.6, 0.8), (9, 0.69, 0.59, 0.79)])",
            [_F, _M],
            wrong={"ignores the intervals": [_F, _C], "overlap saves": [_F, _F]},
            part="dominated",
        ),
        Case(
            "places([(3, 0.5, 0.4, 0.55), (2, 0.9, 0.5, 1.0), (1, 0.7, 0.6, 0.8)])",
            [_C, _F, _F],
            wrong={
                "better is enough": [_C, _F, _M],
                "cheaper is enough": [_C, _M, _F],
                "stops at the first": [_M, _F, _F],
                "the best speaks for all": [_M, _F, _F],
            },
            part="dominated",
        ),
        Case(
            "places([(3, 0.5, 0.4, 0.55), (1, 0.7, 0.6, 0.8), (2, 0.9, 0.5, 1.0)])",
            [_C, _F, _F],
            wrong={
                "better is enough": [_C, _M, _F],
                "cheaper is enough": [_C, _F, _M],
                "the best speaks for all": [_M, _F, _F],
                "the last speaks for all": [_M, _F, _F],
            },
            part="dominated",
        ),
    ],
    "6.5": [
        Case("worth(0.9, [(100, 0.5), (1600, 0.9)])", 1600, part="inside"),
        Case(
            "worth(0.45, [(32, 0.3), (512, 0.5)])",
            256,
            wrong={
                "straight along the labels": 392,
                "takes the nearest size": 512,
                "takes the next size": 512,
            },
            part="inside",
        ),
        Case(
            "worth(0.35, [(8, 0.1), (16, 0.3), (256, 0.5), (512, 0.8)])",
            32,
            wrong={
                "straight along the labels": 76,
                "takes the nearest size": 16,
                "takes the next size": 256,
                "one line from end to end": 8 * 64 ** (0.25 / 0.7),
            },
            part="inside",
        ),
        Case(
            "worth(0.7, [(10, 0.2), (50, 0.7), (90, 0.7), (200, 0.8)])",
            50,
            wrong={
                "the end of a plateau": 90,
                "one line from end to end": 10 * 20 ** (0.5 / 0.6),
            },
            part="inside",
        ),
        Case(
            "worth(0.1, [(32, 0.3), (512, 0.5)])",
            None,
            wrong={"goes beyond what was recorded": 2, "clamps to the end": 32},
            part="outside",
        ),
        Case(
            "worth(0.6, [(32, 0.3), (512, 0.5)])",
            None,
            wrong={"goes beyond what was recorded": 2048, "clamps to the end": 512},
            part="outside",
        ),
    ],
    "6.6": [
        Case(
            "break_even(50, 400, 0.5, 0, 0)",
            4.0,
            wrong={"upside down": 0.25, "divides by the weak labels": 0.5},
            part="scenario",
        ),
        Case(
            "break_even(50, 400, 0.5, 100, 0)",
            6.0,
            wrong={"upside down": 1 / 6, "divides by the weak labels": 0.75, "forgets the training": 4.0},
            part="scenario",
        ),
        Case(
            "break_even(90, 400, 0.5, 100, 40)",
            6.0,
            wrong={
                "upside down": 1 / 6,
                "divides by the weak labels": 0.75,
                "forgets the training": 4.0,
                "forgets the teacher's gold": 300 / 90,
                "adds the teacher's gold": 300 / 130,
            },
            part="laboratory",
        ),
        Case(
            "break_even(40, 400, 0.5, 100, 40)",
            None,
            wrong={
                "upside down": 0.0,
                "divides by the weak labels": 0.75,
                "forgets the teacher's gold": 7.5,
                "adds the teacher's gold": 3.75,
                "no price for never": Raises("ZeroDivisionError"),
                "zero for never": 0.0,
            },
            part="laboratory",
        ),
        Case(
            "break_even(20, 400, 0.5, 100, 80)",
            None,
            wrong={
                "upside down": -0.2,
                "divides by the weak labels": 0.75,
                "forgets the teacher's gold": 15.0,
                "adds the teacher's gold": 3.0,
                "no price for never": -5.0,
                "zero for never": 0.0,
            },
            part="laboratory",
        ),
    ],
    "6.7": [Case("memo", None, part="decision")],
    "6.8": [Case("sorted(transfers)", None)],
}


def _operations(cohort: int) -> tuple[Case, ...]:
    return operations_cases(HIDDEN["6.1"], draw(cohort, "6.1").choice((2, 3, 5, 7)))


def _break_even(cohort: int) -> tuple[Case, ...]:
    return (*HIDDEN["6.6"], *break_even_cases(1.5 * price_factor(cohort)))


HIDDEN_VARIANTS = {"6.1": _operations, "6.6": _break_even}
