"""The cases that only the grader sees: other inputs, and the parts of the visible ones."""

from w2s_course.learn.exercises import Case, Raises
from w2s_course.learn.units.unit_4 import MIXED, SWEEP, read_as, reported
from w2s_course.learn.units.variants_4 import gap_cases, report_cases, seeds_cases
from w2s_course.learn.variants import draw

_SLOW = "[[0] * (40 - k // 2) + [39] * (k // 2) for k in range(81)]"

HIDDEN = {
    "4.1": [
        Case(
            "gap_recovered(0.2, 0.35, 0.7)",
            0.3,
            wrong={
                "divides by the ceiling": 0.15 / 0.7,
                "gain relative to the teacher": 0.75,
                "share of the ceiling": 0.5,
                "what is still missing": 0.7,
            },
            part="gain",
        ),
        Case(
            "gap_recovered(0.4, 1.0, 0.9)",
            1.2,
            wrong={
                "forces it into 0 to 1": 1.0,
                "share of the ceiling": 1 / 0.9,
                "what is still missing": -0.2,
            },
            part="gain",
        ),
        Case(
            "gap_recovered(0.5, 0.25, 1.0)",
            -0.5,
            wrong={
                "clamps": 0.0,
                "forces it into 0 to 1": 0.0,
                "divides by the ceiling": -0.25,
                "share of the ceiling": 0.25,
                "what is still missing": 1.5,
            },
            part="harm",
        ),
        Case(
            "gap_recovered(0.5, 0.5, 0.6)",
            0.0,
            wrong={"what is still missing": 1.0, "share of the ceiling": 0.5 / 0.6},
            part="harm",
        ),
        Case(
            "gap_recovered(0.3, 0.3, 0.3)",
            Raises("ValueError"),
            wrong={"no guard": Raises("ZeroDivisionError"), "zero for undefined": 0.0},
            part="no gap",
        ),
        Case(
            "gap_recovered(0.9, 0.7, 0.5)",
            Raises("ValueError"),
            wrong={"no guard": 0.5, "guards equality only": 0.5, "zero for undefined": 0.0},
            part="no gap",
        ),
    ],
    "4.2": [
        Case("report(0.2, 0.35, 0.7, 0.4)", reported(0.3, 0.3, "ok"), part="gain and harm"),
        Case(
            "report(0.5, 0.25, 1.0, 0.4)",
            reported(-0.5, 0.0, "ok"),
            wrong={
                "clamps both": reported(0.0, 0.0, "ok"),
                "clamps neither": reported(-0.5, -0.5, "ok"),
                "harm is no gap": reported(None, None, "no gap"),
            },
            part="gain and harm",
        ),
        Case(
            "report(0.4, 1.0, 0.9, 0.4)",
            reported(1.2, 1.2, "ok"),
            wrong={"clamps above too": reported(1.2, 1.0, "ok")},
            part="gain and harm",
        ),
        Case(
            "report(0.50, 0.45, 0.60, -0.01)",
            reported(-0.5, 0.0, "gap within noise"),
            wrong={
                "ignores the interval": reported(-0.5, 0.0, "ok"),
                "hides what it doubts": reported(None, None, "gap within noise"),
            },
            part="noise",
        ),
        Case(
            "report(0.4, 0.5, 0.6, 0.0)",
            reported(0.5, 0.5, "gap within noise"),
            wrong={
                "ignores the interval": reported(0.5, 0.5, "ok"),
                "an end at 0 counts as above it": reported(0.5, 0.5, "ok"),
                "hides what it doubts": reported(None, None, "gap within noise"),
            },
            part="noise",
        ),
        Case(
            "report(0.6, 0.9, 0.6, 0.0)",
            reported(None, None, "no gap"),
            wrong={
                "zero for undefined": reported(0.0, 0.0, "no gap"),
                "asks the interval first": Raises("ZeroDivisionError"),
            },
            part="no gap",
        ),
        Case("report(0.9, 0.9, 0.1, -0.9)", reported(None, None, "no gap"), part="no gap"),
    ],
    "4.3": [
        Case(
            f"interval([[0]] * 39 + [[1]], {_SLOW})",
            [0.025, 0.975],
            wrong={
                "smallest and largest draw": [0.0, 1.0],
                "leaves out 5% on each side": [0.05, 0.95],
                "counts a snippet once": [0.5, 0.5],
            },
            part="one claim",
        ),
        Case(
            f"interval([[1]] * 10 + [[0]] * 20 + [[1]] * 10, {MIXED})",
            [0.025, 0.975],
            wrong={
                "takes the draws as they come": [38 / 40, 3 / 40],
                "sorts the draws, not their shares": [37 / 40, 38 / 40],
                "smallest and largest draw": [0.0, 1.0],
                "leaves out 5% on each side": [0.05, 0.95],
                "counts a snippet once": [0.5, 0.5],
            },
            part="one claim",
        ),
        Case("interval([[1], [1], [0]], [[0, 1, 1]] * 41)", [1.0, 1.0], part="one claim"),
        Case(
            f"interval([[1, 0, 0]] * 10 + [[1, 1, 1]] * 20 + [[1, 0, 0]] * 10, {MIXED})",
            [1 / 3 + 2 / 3 / 40, 1 / 3 + 2 / 3 * 39 / 40],
            wrong={
                "smallest and largest draw": [1 / 3, 1.0],
                "leaves out 5% on each side": [1 / 3 + 2 / 3 * 2 / 40, 1 / 3 + 2 / 3 * 38 / 40],
                "counts a snippet once": [2 / 3, 2 / 3],
                "takes the draws as they come": [1 / 3 + 2 / 3 * 2 / 40, 1 / 3 + 2 / 3 * 37 / 40],
                "sorts the draws, not their shares": [1 / 3 + 2 / 3 * 3 / 40, 1 / 3 + 2 / 3 * 2 / 40],
                # Of the snippets' own shares: 20 times 1/3, 20 times 1.
                "spread of the snippets": [2 / 3 - 1.96 / 3, 2 / 3 + 1.96 / 3],
                "no draws, a formula": [
                    2 / 3 - 1.96 * (2 / 9 / 120) ** 0.5,
                    2 / 3 + 1.96 * (2 / 9 / 120) ** 0.5,
                ],
                "draws claims, not snippets": [1.0, 1.0],
            },
            part="several claims",
        ),
    ],
    "4.4": [
        Case(
            f"paired_gain([0] * 40, [0] * 10 + [1] * 30, {_SLOW})",
            [0.75, 0.025, 0.975],
            wrong={"teacher minus student": [-0.75, -0.975, -0.025]},
            part="gain",
        ),
        Case(
            f"paired_gain([1] + [0] * 39, [1] + [0] * 39, {SWEEP})",
            [0.0, 0.0, 0.0],
            wrong={
                "two separate intervals": [0.0, -0.95, 0.95],
                "fresh draws for each arm": [0.0, -0.95, 0.95],
            },
            part="pairs",
        ),
        Case(
            f"paired_gain([1] * 10 + [0] * 30, [0] * 30 + [1] * 10, {SWEEP})",
            [0.0, -0.95, 0.95],
            wrong={
                "subtracts the ends": [0.0, 0.0, 0.0],
                "fresh draws for each arm": [0.0, 0.0, 0.0],
                "counts every disagreement": [0.5, 1.0, 1.0],
            },
            part="pairs",
        ),
        Case(
            f"paired_gain([0] * 10 + [1] * 20 + [0] * 10, [0] * 10 + [1] + [0] * 29, {MIXED})",
            [-19 / 40, -0.975, -0.025],
            wrong={
                "does not sort": [-19 / 40, -2 / 40, -37 / 40],
                "teacher minus student": [19 / 40, 0.025, 0.975],
                "subtracts the ends": [-19 / 40, -0.025, -0.975],
                "counts every disagreement": [19 / 40, 0.025, 0.975],
                "hides harm": [0.0, 0.0, 0.0],
            },
            part="harm",
        ),
        Case(
            "paired_gain([1, 1], [0, 1], [[0, 0]] * 10 + [[0, 1]] * 21 + [[1, 1]] * 10)",
            [-0.5, -1.0, 0.0],
            wrong={"teacher minus student": [0.5, 0.0, 1.0], "hides harm": [0.0, 0.0, 0.0]},
            part="harm",
        ),
    ],
    "4.5": [
        Case(
            'quotable({"x": (0.3, 0.35, 0.8, 400, 0.25)})', ["x"], wrong={"no n in the error": []}, part="gap"
        ),
        Case(
            'quotable({"p": (0.4, 0.58, 0.6, 30, 0.25), "q": (0.8, 0.803, 0.82, 20000, 0.25)})',
            ["q"],
            wrong={
                "no n in the error": [],
                "a large PGR means something": ["p"],
                "any gap will do": ["p", "q"],
                "five points are enough": ["p"],
            },
            part="gap",
        ),
        Case(
            'quotable({"p": (0.5, 0.52, 0.56, 600, 0.0), "q": (0.5, 0.52, 0.545, 600, 0.0)})',
            ["p"],
            wrong={
                "no n in the error": [],
                "intervals must not overlap": [],
                "only the ceiling is noisy": ["p", "q"],
                "any gap will do": ["p", "q"],
            },
            part="gap",
        ),
        Case(
            'quotable({"p": (0.7, 0.6, 0.9, 500, 0.0), "q": (0.9, 0.95, 0.7, 500, 0.0)})',
            ["p"],
            wrong={"leaves harm out": [], "a large PGR means something": [], "no n in the error": []},
            part="gap",
        ),
        Case(
            'quotable({"p": (0.22, 0.24, 0.25, 10000, 0.25), "q": (0.3, 0.4, 0.6, 500, 0.25)})',
            ["q"],
            wrong={
                "forgets chance": ["p", "q"],
                "a large PGR means something": ["p"],
                "no n in the error": [],
            },
            part="chance",
        ),
        Case(
            'quotable({"p": (0.2, 0.3, 0.27, 400, 0.25), "q": (0.2, 0.3, 0.4, 400, 0.25)})',
            ["q"],
            wrong={
                "no n in the error": [],
                "a large PGR means something": ["p", "q"],
                "any gap will do": ["p", "q"],
                "five points are enough": ["p", "q"],
                "forgets chance": ["p", "q"],
                "chance without noise": ["p", "q"],
            },
            part="chance",
        ),
        Case(
            'quotable({"q": (0.45, 0.52, 0.8, 900, 0.25), "x": (0.5, 0.68, 0.8, 900, 0.25), '
            '"r": (0.7, 0.72, 0.71, 900, 0.25), "b": (0.5, 0.62, 0.9, 900, 0.25)})',
            ["q", "x", "b"],
            wrong={
                "a large PGR means something": ["x", "r"],
                "any gap will do": ["q", "x", "r", "b"],
                "another order": ["b", "q", "x"],
                "no n in the error": [],
            },
            part="gap",
        ),
        Case(
            'quotable({"p": (0.4, 0.43, 0.44, 1000, 0.0), "q": (0.6, 0.61, 0.643, 1000, 0.0), '
            '"r": (0.3, 0.4, 0.6, 20, 0.0)})',
            ["q", "r"],
            wrong={
                "a large PGR means something": ["p"],
                "any gap will do": ["p", "q", "r"],
                "five points are enough": ["r"],
                "intervals must not overlap": [],
                "only the ceiling is noisy": ["p", "q", "r"],
                "no n in the error": [],
            },
            part="gap",
        ),
        Case(
            'quotable({"p": (0.1, 0.2, 0.276, 1000, 0.25), "q": (0.1, 0.2, 0.278, 1000, 0.25)})',
            ["q"],
            wrong={
                "a large PGR means something": ["p", "q"],
                "any gap will do": ["p", "q"],
                "five points are enough": ["p", "q"],
                "forgets chance": ["p", "q"],
                "chance without noise": ["p", "q"],
                "no n in the error": [],
            },
            part="chance",
        ),
    ],
    "4.6": [
        Case(
            "over_seeds([-0.05])",
            [-0.05, None, None],
            wrong={"one seed is certain": [-0.05] * 3},
            part="one seed",
        ),
        Case(
            "over_seeds([0.0, 0.2, 0.4])",
            [0.2, 0.2 - 0.4968330, 0.2 + 0.4968330],
            wrong={
                "1.96 for any number of seeds": [0.2, 0.2 - 0.2263213, 0.2 + 0.2263213],
                "t for n instead of n - 1": [0.2, 0.2 - 0.3674719, 0.2 + 0.3674719],
                "spread of a whole population": [0.2, 0.2 - 0.4056624, 0.2 + 0.4056624],
                "spread of single runs": [0.2, 0.2 - 0.86054, 0.2 + 0.86054],
                "lowest to highest": [0.2, 0.0, 0.4],
                "drops the seeds with harm": [0.3, 0.3 - 1.27062, 0.3 + 1.27062],
            },
            part="interval",
        ),
        Case(
            "over_seeds([0.02, 0.04, 0.3])",
            [0.12, 0.12 - 0.3880390, 0.12 + 0.3880390],
            wrong={
                "median for mean": [0.04, 0.04 - 0.3880390, 0.04 + 0.3880390],
                "1.96 for any number of seeds": [0.12, 0.12 - 0.1767626, 0.12 + 0.1767626],
                "t for n instead of n - 1": [0.12, 0.12 - 0.2870047, 0.12 + 0.2870047],
                "spread of a whole population": [0.12, 0.12 - 0.3168325, 0.12 + 0.3168325],
                "spread of single runs": [0.12, 0.12 - 0.6721032, 0.12 + 0.6721032],
                "lowest to highest": [0.12, 0.02, 0.3],
            },
            part="interval",
        ),
        Case(
            "over_seeds([-0.02, 0.0, 0.02, 0.04, 0.06])",
            [0.02, 0.02 - 0.0392642, 0.02 + 0.0392642],
            wrong={
                "1.96 for any number of seeds": [0.02, 0.02 - 0.0277186, 0.02 + 0.0277186],
                "spread of a whole population": [0.02, 0.02 - 0.0351190, 0.02 + 0.0351190],
                "spread of single runs": [0.02, 0.02 - 0.0877975, 0.02 + 0.0877975],
                "drops the seeds with harm": [0.04, 0.04 - 0.0496833, 0.04 + 0.0496833],
            },
            part="interval",
        ),
    ],
    "4.7": [
        Case(
            "reading(run_like(gain=(0.3, 0.2, 0.4), pgr=(0.9, 'ok'), student=(0.8, 0.74, 0.86), "
            "gold=(0.84, 0.78, 0.9)))",
            read_as("better", 0.9, False),
            wrong={
                "takes the ceiling for gold": read_as("better", 0.9, True),
                "any lead of gold": read_as("better", 0.9, True),
            },
            part="gold",
        ),
        Case(
            "reading(run_like(gain=(0.07, 0.01, 0.13), pgr=(0.15, 'ok'), student=(0.57, 0.5, 0.64)))",
            read_as("better", 0.15, True),
            wrong={"compares the arms' intervals": read_as("not shown", 0.15, True)},
            part="student",
        ),
        Case(
            "reading(run_like(gain=(-0.02, -0.08, 0.04), pgr=(-0.05, 'ok'), student=(0.48, 0.41, 0.55)))",
            read_as("not shown", -0.05, True),
            wrong={
                "reads the sign only": read_as("worse", -0.05, True),
                "takes the clamped": read_as("not shown", 0.0, True),
            },
            part="student",
        ),
        Case(
            "reading(run_like(gain=(-0.06, -0.11, -0.01), pgr=(-0.13, 'ok'), student=(0.44, 0.37, 0.51)))",
            read_as("worse", -0.13, True),
            wrong={
                "harm is only not shown": read_as("not shown", -0.13, True),
                "compares the arms' intervals": read_as("not shown", -0.13, True),
                "takes the clamped": read_as("worse", 0.0, True),
            },
            part="student",
        ),
        Case(
            "reading(run_like(gain=(0.03, 0.01, 0.05), pgr=(1.5, 'gap within noise'), "
            "ceiling=(0.52, 0.45, 0.59)))",
            read_as("better", None, True),
            wrong={
                "quotes PGR whatever its status": read_as("better", 1.5, True),
                "compares the arms' intervals": read_as("not shown", None, True),
                "takes the ceiling for gold": read_as("better", None, False),
            },
            part="pgr",
        ),
        Case(
            "reading(run_like(gain=(0.0, -0.08, 0.08), pgr=(0.0, 'ok'), student=(0.5, 0.42, 0.58)))",
            read_as("not shown", 0.0, True),
            wrong={
                "reads the sign only": read_as("worse", 0.0, True),
                "zero is no number": read_as("not shown", None, True),
            },
            part="pgr",
        ),
        Case(
            "reading(run_like(gain=(0.03, 0.0, 0.06), pgr=(0.07, 'ok'), student=(0.53, 0.46, 0.6)))",
            read_as("not shown", 0.07, True),
            wrong={
                "reads the sign only": read_as("better", 0.07, True),
                "an end at 0 is beyond it": read_as("better", 0.07, True),
            },
            part="student",
        ),
        Case(
            "reading(run_like(gain=(-0.04, -0.08, 0.0), pgr=(-0.09, 'ok'), student=(0.46, 0.39, 0.53)))",
            read_as("not shown", -0.09, True),
            wrong={
                "reads the sign only": read_as("worse", -0.09, True),
                "an end at 0 is beyond it": read_as("worse", -0.09, True),
                "takes the clamped": read_as("not shown", 0.0, True),
            },
            part="student",
        ),
        Case(
            "reading(run_like(gain=(0.2, 0.1, 0.3), pgr=(0.44, 'ok'), student=(0.7, 0.64, 0.76), "
            "gold=(0.8, 0.76, 0.84)))",
            read_as("better", 0.44, False),
            wrong={
                "any lead of gold": read_as("better", 0.44, True),
                "takes the ceiling for gold": read_as("better", 0.44, True),
                "touching is above": read_as("better", 0.44, True),
            },
            part="gold",
        ),
    ],
    "4.8": [Case("list(follows)", None)],
}

HIDDEN_VARIANTS = {
    "4.1": lambda cohort: (*HIDDEN["4.1"], *gap_cases(draw(cohort, "4.1 hidden"))),
    "4.2": lambda cohort: report_cases(HIDDEN["4.2"], draw(cohort, "4.2 hidden")),
    "4.6": lambda cohort: seeds_cases(HIDDEN["4.6"], draw(cohort, "4.6 hidden").choice((0.5, 1.5, 2.0))),
}
