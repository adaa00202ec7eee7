"""Unit 4, Measure: what its exercises ask, and how a wrong answer is recognised."""

from __future__ import annotations

from typing import Any

from w2s_course.learn.bank import activities_of
from w2s_course.learn.choosing import judge_chosen
from w2s_course.learn.exercises import Case, Exercise, Raises, Unit
from w2s_course.learn.imagined_runs import run_like as run_like
from w2s_course.learn.units.quizzes_4 import BANK

# --- 4.1


GAP_RECOVERED = Exercise(
    id="4.1",
    name="gap_recovered",
    title="Three accuracies, one number",
    points=2,
    minutes=4,
    difficulty=1,
    contract=(
        "`gap_recovered(weak, w2s, ceiling)` takes three accuracies in [0, 1] on the same test snippets and "
        "returns the share of the gap from weak to ceiling that the student recovers: raw, so it may be "
        "negative or above 1. Raises ValueError where the ceiling does not beat the weak model."
    ),
    example="gap_recovered(0.5, 0.75, 1.0) == 0.5",
    verified="the share is right for a gain, for harm and beyond the ceiling, and refused where there is no "
    "gap.",
    cases=(
        Case(
            "gap_recovered(0.0, 0.5, 1.0)",
            0.5,
            wrong={"gain relative to the teacher": Raises("ZeroDivisionError")},
            why="half of the way from 0 to 1 was recovered",
            part="gain",
        ),
        Case(
            "gap_recovered(0.5, 0.6, 0.9)",
            0.25,
            wrong={
                "divides by the ceiling": 0.1 / 0.9,
                "gain relative to the teacher": 0.2,
                "share of the ceiling": 0.6 / 0.9,
                "what is still missing": 0.75,
            },
            why="0.1 of a gap of 0.4 was recovered",
            part="gain",
        ),
        Case(
            "gap_recovered(0.6, 0.5, 0.8)",
            -0.5,
            wrong={
                "divides by the ceiling": -0.125,
                "gain relative to the teacher": -0.1 / 0.6,
                "share of the ceiling": 0.625,
                "what is still missing": 1.5,
                "clamps": 0.0,
                "forces it into 0 to 1": 0.0,
            },
            why="the student is 0.1 below its teacher, and the gap is 0.2",
            part="harm",
        ),
        Case(
            "gap_recovered(0.5, 0.9, 0.8)",
            4 / 3,
            wrong={
                "divides by the ceiling": 0.5,
                "gain relative to the teacher": 0.8,
                "share of the ceiling": 1.125,
                "what is still missing": -1 / 3,
                "forces it into 0 to 1": 1.0,
            },
            why="nothing keeps a student from passing the arm that is called ceiling",
            part="gain",
        ),
        Case(
            "gap_recovered(0.8, 0.9, 0.8)",
            Raises("ValueError"),
            wrong={"no guard": Raises("ZeroDivisionError"), "zero for undefined": 0.0},
            why="a share of no gap does not exist",
            part="no gap",
        ),
        Case(
            "gap_recovered(0.8, 0.7, 0.6)",
            Raises("ValueError"),
            wrong={"no guard": 0.5, "guards equality only": 0.5, "zero for undefined": 0.0},
            why="a ceiling below the weak model leaves no gap; two minus signs make a fine-looking number",
            part="no gap",
        ),
    ),
    misconceptions={
        "divides by the ceiling": "Which gap is the denominator? You divide by the ceiling, as if the weak "
        "model knew nothing.",
        "gain relative to the teacher": "You divide by the teacher's accuracy: that is how much better the "
        "student is than its teacher, not how much of the way to the ceiling it went.",
        "share of the ceiling": "You compare the student with the ceiling alone. A student that learned "
        "nothing beyond its teacher must score 0: does yours?",
        "what is still missing": "You measure the way that is left, not the way that was made: try a student "
        "that is as good as the ceiling.",
        "clamps": "Raw means raw: where the student is worse than its teacher, the reader must see it.",
        "forces it into 0 to 1": "A share of a gap need not lie between 0 and 1: look at a student below its "
        "teacher, and at one above the ceiling.",
        "no guard": "Before you divide: is there a gap at all? Look at a ceiling that equals the weak model, "
        "and at one below it.",
        "guards equality only": "You catch the gap of exactly zero. What does a *negative* gap do to the "
        "sign of the share?",
        "zero for undefined": "0 would say: nothing of the gap was recovered. Here there is no gap, and that "
        "is another statement; refuse to give a number.",
    },
    hints=(
        "Draw the three accuracies on a line. PGR says how far along the way from weak to ceiling the "
        "student is.",
        "Numerator: how far the student is from its teacher. Denominator: how far the ceiling is from it. "
        "Look at the denominator before you divide.",
        "If `ceiling <= weak`, raise a ValueError. Else subtract `weak` from the other two, and divide.",
    ),
)


# --- 4.2


def reported(raw: float | None, clamped: float | None, status: str) -> dict[str, Any]:
    """What `report` returns."""
    return {"raw": raw, "clamped": clamped, "status": status}


REPORT = Exercise(
    id="4.2",
    name="report",
    title="Raw, clamped, undefined",
    points=2,
    minutes=5,
    difficulty=2,
    contract=(
        "`report(weak, w2s, ceiling, gap_low)` takes three accuracies and the lower end of the 95% interval "
        "of the gap `ceiling - weak`; it returns a dict with the keys `raw`, `clamped` (equation 4.11) and "
        "`status`. Where the ceiling does not beat the weak model the status is `'no gap'` and both numbers "
        "are None. Otherwise both numbers are given, and the status is `'gap within noise'` where the "
        "interval of the gap does not lie above 0, else `'ok'`."
    ),
    example="report(0.5, 0.75, 1.0, 0.4) == {'raw': 0.5, 'clamped': 0.5, 'status': 'ok'}",
    verified="harm stays visible, noise is named, and no gap gives no number.",
    cases=(
        Case("report(0.0, 0.5, 1.0, 0.9)", reported(0.5, 0.5, "ok"), part="gain and harm"),
        Case(
            "report(0.5, 0.4, 0.9, 0.3)",
            reported(-0.25, 0.0, "ok"),
            wrong={
                "clamps both": reported(0.0, 0.0, "ok"),
                "clamps neither": reported(-0.25, -0.25, "ok"),
                "harm is no gap": reported(None, None, "no gap"),
            },
            why="the student lost 0.1, and the gap of 0.4 is clear: harm is a finding",
            part="gain and harm",
        ),
        Case(
            "report(0.5, 0.9, 0.8, 0.2)",
            reported(4 / 3, 4 / 3, "ok"),
            wrong={"clamps above too": reported(4 / 3, 1.0, "ok")},
            why="4.11 takes the larger of 0 and PGR, and does nothing at 1",
            part="gain and harm",
        ),
        Case(
            "report(0.50, 0.54, 0.55, -0.02)",
            reported(0.8, 0.8, "gap within noise"),
            wrong={
                "ignores the interval": reported(0.8, 0.8, "ok"),
                "hides what it doubts": reported(None, None, "gap within noise"),
            },
            why="with other snippets the gap could be negative",
            part="noise",
        ),
        Case(
            "report(0.6, 0.7, 0.8, 0.0)",
            reported(0.5, 0.5, "gap within noise"),
            wrong={
                "ignores the interval": reported(0.5, 0.5, "ok"),
                "an end at 0 counts as above it": reported(0.5, 0.5, "ok"),
                "hides what it doubts": reported(None, None, "gap within noise"),
            },
            why="an interval that begins at 0 does not lie above it",
            part="noise",
        ),
        Case(
            "report(0.7, 0.8, 0.7, -0.05)",
            reported(None, None, "no gap"),
            wrong={
                "zero for undefined": reported(0.0, 0.0, "no gap"),
                "asks the interval first": Raises("ZeroDivisionError"),
            },
            why="there is nothing to recover",
            part="no gap",
        ),
        Case(
            "report(0.8, 0.7, 0.6, -0.3)",
            reported(None, None, "no gap"),
            wrong={
                "zero for undefined": reported(0.0, 0.0, "no gap"),
                "asks the interval first": reported(0.5, 0.5, "gap within noise"),
            },
            why="the ceiling is below the weak model, and a share of a negative gap means nothing",
            part="no gap",
        ),
    ),
    misconceptions={
        "clamps both": "Your `raw` is clamped too. Which line of the report now shows that the student did "
        "worse than its teacher?",
        "clamps neither": "Your `clamped` is negative. What does equation 4.11 put around the ratio?",
        "harm is no gap": "'No gap' speaks of ceiling and weak model. Where the *student* fell below its "
        "teacher the gap is still there, and the harm is measurable.",
        "clamps above too": "4.11 is max{0, ...}, with no upper bound: a student above the ceiling is worth "
        "seeing, since it says that the ceiling was no upper bound.",
        "ignores the interval": "You ask whether the ceiling beats the weak model on *these* snippets. What "
        "does the interval of the gap say about others?",
        "an end at 0 counts as above it": "You use the interval, and let one pass that begins at 0 itself. "
        "Is 'no gap at all' among the values that it holds?",
        "hides what it doubts": "Within noise the numbers still exist: give them, and let the status say "
        "what they are worth. Only without a gap is there no number.",
        "zero for undefined": "An undefined PGR is not 0. A table of zeros cannot be told from a table of "
        "students who learned nothing.",
        "asks the interval first": "You judge the noise before you know that there is a gap, and divide by "
        "one that is zero or negative. Which question comes first?",
    },
    hints=(
        "Three situations: no gap at all; a gap that could be chance; a clear gap. Decide which one it is "
        "first, and begin with the one in which there is no number.",
        "Only the first situation looks at `ceiling` and `weak`; the second looks at `gap_low`. In both of "
        "the others raw is the ratio of 4.1 and clamped is never below 0.",
        "`if ceiling <= weak:` return None twice with 'no gap'. Otherwise compute raw, take `max` of 0 and "
        "raw, and choose the status by `gap_low > 0`.",
    ),
)


# --- 4.3


SWEEP = "[[0] * (40 - k) + [39] * k for k in range(41)]"
"""41 draws of 40 snippets: k times the last one, else the first."""

MIXED = (
    "[[39] * (40 - k) + [15] * k for k in range(0, 41, 2)] + "
    "[[0] * (40 - k) + [15] * k for k in range(1, 40, 2)]"
)
"""As many draws: k times number 15. Neither as they come nor as sorted lists are they in the order of k."""


BOOTSTRAP = Exercise(
    id="4.3",
    name="interval",
    title="An interval, draw by draw",
    points=3,
    minutes=8,
    difficulty=3,
    contract=(
        "`interval(claims, draws)` takes one list a snippet with 1 or 0 for each of its claims (all of the "
        "same length), and a list of draws, each a list of snippet numbers. It returns `[low, high]`: the "
        "middle 95% of the draws' shares of right claims. The number of draws is one more than a multiple of "
        "40, so that both ends are draws: leave out 1 of 41, 2 of 81, 50 of 2001 on each side."
    ),
    example="interval([[1], [1]], [[0, 1]] * 41) == [1.0, 1.0]",
    verified="snippets are drawn with all their claims, as often as they were drawn, and the middle 95% is "
    "kept.",
    cases=(
        Case(
            "interval([[0], [1]], [[0, 0]] * 10 + [[0, 1]] * 21 + [[1, 1]] * 10)",
            [0.0, 1.0],
            wrong={"no draws, a formula": [0.5 - 1.96 * 0.125**0.5, 0.5 + 1.96 * 0.125**0.5]},
            why="with two snippets nearly anything is possible",
            part="one claim",
        ),
        Case(
            f"interval([[0]] * 20 + [[1]] * 20, {SWEEP})",
            [0.025, 0.975],
            wrong={
                "smallest and largest draw": [0.0, 1.0],
                "leaves out 5% on each side": [0.05, 0.95],
                "counts a snippet once": [0.5, 0.5],
                "spread of the snippets": [0.5 - 1.96 * 0.5, 0.5 + 1.96 * 0.5],
                "no draws, a formula": [0.5 - 1.96 * (0.25 / 40) ** 0.5, 0.5 + 1.96 * (0.25 / 40) ** 0.5],
            },
            why="the draws' shares are 0/40, 1/40, ... 40/40, and one is left out on each side",
            part="one claim",
        ),
        Case(
            f"interval([[0]] * 10 + [[1]] * 20 + [[0]] * 10, {MIXED})",
            [0.025, 0.975],
            wrong={
                "takes the draws as they come": [2 / 40, 37 / 40],
                "sorts the draws, not their shares": [3 / 40, 2 / 40],
                "smallest and largest draw": [0.0, 1.0],
                "leaves out 5% on each side": [0.05, 0.95],
                "counts a snippet once": [0.5, 0.5],
                "spread of the snippets": [0.5 - 1.96 * 0.5, 0.5 + 1.96 * 0.5],
                "no draws, a formula": [0.5 - 1.96 * (0.25 / 40) ** 0.5, 0.5 + 1.96 * (0.25 / 40) ** 0.5],
            },
            why="the draws' shares are 0/40 to 40/40 again, and come in another order",
            part="one claim",
        ),
        Case(
            f"interval([[0, 0, 0]] * 20 + [[1, 1, 1]] * 20, {SWEEP})",
            [0.025, 0.975],
            wrong={
                "smallest and largest draw": [0.0, 1.0],
                "leaves out 5% on each side": [0.05, 0.95],
                "counts a snippet once": [0.5, 0.5],
                "spread of the snippets": [0.5 - 1.96 * 0.5, 0.5 + 1.96 * 0.5],
                "no draws, a formula": [0.5 - 1.96 * (0.25 / 120) ** 0.5, 0.5 + 1.96 * (0.25 / 120) ** 0.5],
                "draws claims, not snippets": [0.0, 0.0],
            },
            why="three claims that stand and fall together tell no more than one",
            part="several claims",
        ),
        Case(
            "interval([[0, 0, 0]] * 10 + [[1, 1, 0]] * 30, "
            "[[0] * (40 - k // 2) + [39] * (k // 2) for k in range(81)])",
            [1 / 60, 39 / 60],
            wrong={
                "smallest and largest draw": [0.0, 40 / 60],
                "leaves out 5% on each side": [2 / 60, 38 / 60],
                "counts a snippet once": [1 / 3, 1 / 3],
                # Of the snippets' own shares: 10 times 0, 30 times 2/3.
                "spread of the snippets": [0.5 - 1.96 * (1 / 12) ** 0.5, 0.5 + 1.96 * (1 / 12) ** 0.5],
                "no draws, a formula": [0.5 - 1.96 * (0.25 / 120) ** 0.5, 0.5 + 1.96 * (0.25 / 120) ** 0.5],
                "draws claims, not snippets": [1 / 40, 39 / 40],
            },
            why="of 81 draws two are left out on each side",
            part="several claims",
        ),
    ),
    misconceptions={
        "takes the draws as they come": "Draws come in the order of chance. The second of 41 is then any one "
        "of them: what must be done with the shares before places mean anything?",
        "sorts the draws, not their shares": "You sort the draws themselves, and Python sorts lists by their "
        "first numbers: by snippets, not by how many claims are right. What is to be in order?",
        "smallest and largest draw": "You keep all draws. The luckiest of 41 or 2001 draws is not the end of "
        "a 95% interval: how many draws may lie outside on each side?",
        "leaves out 5% on each side": "5% on each side leave 90% in the middle. How much may each side lose?",
        "counts a snippet once": "A snippet that was drawn twice counts twice: drawing with replacement is "
        "what makes a draw differ from the original. A set forgets that.",
        "spread of the snippets": "You describe how much single snippets differ. Asked for is how much the "
        "*mean* of many varies from draw to draw, and that shrinks with their number.",
        "no draws, a formula": "You did not use the draws but p(1-p)/n over all claims, as if they were "
        "independent. Those of one snippet are not: which part of the input knows that?",
        "draws claims, not snippets": "The numbers in a draw are numbers of snippets. You laid all claims in "
        "one row and looked up *claims*: what is number 1, the second snippet or the second claim of the "
        "first?",
    },
    hints=(
        "Two steps. First one share for each draw: of all claims of the snippets in that draw, how many are "
        "right? Then what these shares have in the middle.",
        "`claims[i]` are the claims of snippet i. Collect them for every i in a draw, repeated ones too, and "
        "take the mean. Sort the means of all draws.",
        "With n draws sorted, leave out `(n - 1) // 40` on each side: for 41 draws return the means at "
        "places 1 and -2. numpy.percentile with 2.5 and 97.5 gives the same.",
    ),
)


# --- 4.4


PAIRED = Exercise(
    id="4.4",
    name="paired_gain",
    title="The same snippets for both",
    points=2,
    minutes=5,
    difficulty=3,
    contract=(
        "`paired_gain(weak, student, draws)` takes 1 or 0 for each test snippet, in the same order for both "
        "arms, and draws as in 4.3. It returns `[gain, low, high]`: the student's accuracy minus the "
        "teacher's, and the middle 95% of that difference over the draws. Negative means harm."
    ),
    example="paired_gain([0, 1], [1, 1], [[0, 0]] * 41) == [0.5, 1.0, 1.0]",
    verified="both arms answer the same drawn snippets, and the difference keeps its sign.",
    cases=(
        Case(
            "paired_gain([0, 0], [0, 1], [[0, 0]] * 10 + [[0, 1]] * 21 + [[1, 1]] * 10)",
            [0.5, 0.0, 1.0],
            wrong={"teacher minus student": [-0.5, -1.0, 0.0]},
            part="gain",
        ),
        Case(
            f"paired_gain([0] * 20 + [1] * 20, [0] * 20 + [1] * 20, {SWEEP})",
            [0.0, 0.0, 0.0],
            wrong={
                "two separate intervals": [0.0, -0.95, 0.95],
                "fresh draws for each arm": [0.0, -0.95, 0.95],
            },
            why="two arms that agree on every snippet cannot differ on any draw",
            part="pairs",
        ),
        Case(
            f"paired_gain([1] * 20 + [0] * 20, [0] * 20 + [1] * 20, {SWEEP})",
            [0.0, -0.95, 0.95],
            wrong={
                "subtracts the ends": [0.0, 0.0, 0.0],
                "fresh draws for each arm": [0.0, 0.0, 0.0],
                "counts every disagreement": [1.0, 1.0, 1.0],
                "hides harm": [0.5, 0.025, 0.975],
            },
            why="equally good arms that never agree leave the difference wide open",
            part="pairs",
        ),
        Case(
            f"paired_gain([0] * 10 + [1] * 20 + [0] * 10, [0] * 40, {MIXED})",
            [-0.5, -0.975, -0.025],
            wrong={
                "does not sort": [-0.5, -2 / 40, -37 / 40],
                "teacher minus student": [0.5, 0.025, 0.975],
                "subtracts the ends": [-0.5, -0.025, -0.975],
                "counts every disagreement": [0.5, 0.025, 0.975],
                "hides harm": [0.0, 0.0, 0.0],
            },
            why="the student lost the 20 of 40 snippets that its teacher had right",
            part="harm",
        ),
    ),
    misconceptions={
        "teacher minus student": "A gain is positive where the *student* is better: which arm do you "
        "subtract?",
        "does not sort": "You take the second draw and the last but one as they come. Only among *sorted* "
        "gains does a place say how many lie outside.",
        "subtracts the ends": "You subtract the ends of two intervals from each other. A low end of the "
        "student and a low end of the teacher come from different draws: take the difference within each "
        "draw.",
        "two separate intervals": "You make an interval for each arm and combine the worst cases, as if the "
        "arms had answered different snippets. What would two arms that always agree get?",
        "fresh draws for each arm": "Teacher and student answer different draws in your code. A hard draw is "
        "hard for both: the same numbers for both arms.",
        "counts every disagreement": "A snippet on which the student loses counts *against* it; your "
        "absolute value turns losses into gains.",
        "hides harm": "You let no snippet count below 0, so the snippets that the student broke are "
        "forgotten. Keep the sign.",
    },
    hints=(
        "What single number could stand for a snippet, if both arms answered it? Then this is 4.3 again.",
        "That number is 1, 0 or -1: the student's minus the teacher's. Its mean over all snippets is the "
        "gain, its mean over a draw the gain on that draw.",
        "Make a list of differences with zip. gain = its mean; then one mean a draw, sorted, "
        "`(len(draws) - 1) // 40` left out on each side.",
    ),
)


# --- 4.5


QUOTABLE = Exercise(
    id="4.5",
    name="quotable",
    title="The published case",
    points=3,
    minutes=7,
    difficulty=3,
    contract=(
        "`quotable(table)` takes a dict: name -> `(weak, w2s, ceiling, n, chance)`, where n is the number of "
        "test questions that each arm answered and chance is what guessing scores. It returns the list of "
        "names, in the order of the table, whose PGR may be quoted at all: the 95% interval of the gap "
        "`ceiling - weak` lies above 0, *and* that of the ceiling lies above chance. Intervals are value ± "
        "1.96 standard errors, an accuracy p on n questions having the squared error p(1-p)/n; take the two "
        "arms as independent, since nobody gives you the pairs. The filter is necessary, not sufficient: it "
        "tells a gap from chance, not a task that was learned from a small gap that was tested often. "
        "`(0.502, 0.509, 0.511, 200_000, 0.5)` passes, and even its ceiling hardly knows the task."
    ),
    example='quotable({"a": (0.5, 0.6, 0.9, 1000, 0.0)}) == ["a"]',
    verified="the gap decides and not the size of PGR, with its noise, and a ceiling at chance is no "
    "ceiling.",
    cases=(
        Case(
            'quotable({"a": (0.5, 0.6, 0.9, 1000, 0.0)})',
            ["a"],
            wrong={"a large PGR means something": [], "no n in the error": []},
            part="gap",
        ),
        Case(
            'quotable({"a": (0.5, 0.62, 0.7, 20, 0.0), "b": (0.7, 0.706, 0.73, 10000, 0.0)})',
            ["b"],
            wrong={
                "a large PGR means something": ["a"],
                "any gap will do": ["a", "b"],
                "five points are enough": ["a"],
                "no n in the error": [],
            },
            why="20 questions leave a gap of 20 points open, and 10,000 settle one of 3",
            part="gap",
        ),
        Case(
            'quotable({"a": (0.6, 0.62, 0.66, 600, 0.0), "b": (0.6, 0.62, 0.645, 600, 0.0)})',
            ["a"],
            wrong={
                "a large PGR means something": [],
                "any gap will do": ["a", "b"],
                "intervals must not overlap": [],
                "only the ceiling is noisy": ["a", "b"],
                "no n in the error": [],
            },
            why="the error of a difference is the root of the sum of the squared errors",
            part="gap",
        ),
        Case(
            'quotable({"a": (0.6, 0.55, 0.75, 800, 0.0), "b": (0.8, 0.84, 0.68, 800, 0.0)})',
            ["a"],
            wrong={"a large PGR means something": [], "leaves harm out": [], "no n in the error": []},
            why="harm of a clear gap is a finding, and a ceiling below the teacher leaves no gap",
            part="gap",
        ),
        Case(
            'quotable({"m": (0.5, 0.62, 0.9, 1000, 0.0), "z": (0.5, 0.68, 0.8, 1000, 0.0), '
            '"k": (0.7, 0.72, 0.71, 1000, 0.0), "a": (0.45, 0.52, 0.8, 1000, 0.0)})',
            ["m", "z", "a"],
            wrong={
                "a large PGR means something": ["z", "k"],
                "any gap will do": ["m", "z", "k", "a"],
                "another order": ["a", "m", "z"],
                "no n in the error": [],
            },
            why="a filter leaves out rows and moves none",
            part="gap",
        ),
        Case(
            'quotable({"a": (0.5, 0.53, 0.54, 1000, 0.0), "b": (0.5, 0.51, 0.544, 1000, 0.0), '
            '"c": (0.35, 0.4, 0.65, 20, 0.0)})',
            ["b", "c"],
            wrong={
                "a large PGR means something": ["a"],
                "any gap will do": ["a", "b", "c"],
                "five points are enough": ["c"],
                "intervals must not overlap": [],
                "only the ceiling is noisy": ["a", "b", "c"],
                "no n in the error": [],
            },
            why="the gaps are 1.79, 1.97 and 1.99 of their standard errors",
            part="gap",
        ),
        Case(
            'quotable({"a": (0.484, 0.4969, 0.5, 10000, 0.5), "b": (0.52, 0.58, 0.8, 1000, 0.5)})',
            ["b"],
            wrong={
                "a large PGR means something": ["a"],
                "any gap will do": ["a", "b"],
                "forgets chance": ["a", "b"],
                "no n in the error": [],
            },
            why="in `a`, a PGR of 0.81, even the model that learned from the truth guesses",
            part="chance",
        ),
        Case(
            'quotable({"a": (0.3, 0.45, 0.52, 1000, 0.5)})',
            [],
            wrong={
                "a large PGR means something": ["a"],
                "any gap will do": ["a"],
                "five points are enough": ["a"],
                "forgets chance": ["a"],
                "chance without noise": ["a"],
            },
            why="on 1,000 questions a ceiling of 0.52 is 0.52 ± 0.031, and chance lies within that",
            part="chance",
        ),
        Case(
            'quotable({"a": (0.2, 0.3, 0.53, 1000, 0.5), "b": (0.2, 0.3, 0.531, 1000, 0.5)})',
            ["b"],
            wrong={
                "a large PGR means something": [],
                "any gap will do": ["a", "b"],
                "five points are enough": ["a", "b"],
                "forgets chance": ["a", "b"],
                "chance without noise": ["a", "b"],
                "no n in the error": [],
            },
            why="the ceilings lie 1.901 and 1.964 of their standard errors above chance",
            part="chance",
        ),
    ),
    misconceptions={
        "a large PGR means something": "You go by the size of PGR. A ratio is largest where its denominator "
        "is smallest: look at the gap and at n.",
        "no n in the error": "Hardly anything passes your filter, not even 40 points on 1,000 questions. Is "
        "each p(1-p) divided by the n on which it was measured?",
        "another order": "The right names, and not in the order of the table. Somebody who compares your "
        "list with the table reads both from top to bottom.",
        "any gap will do": "A ceiling above the weak model on these questions is not yet a gap: how far "
        "could it be chance, with this n?",
        "five points are enough": "A fixed number of points forgets n. The same gap is nothing on 20 "
        "questions and plenty on 10,000.",
        "intervals must not overlap": "You ask that the arms' own intervals do not touch, which is too "
        "strict: the errors of a difference don't add up, their squares do.",
        "forgets chance": "Look at the ceiling beside chance. If even the truth taught nothing, what is a "
        "share of the way there?",
        "chance without noise": "You compare the ceiling's value with chance. It was measured on n "
        "questions: where does its interval begin?",
        "leaves harm out": "A negative PGR of a clear gap is a result too. Leave out what is noise, not what "
        "is unwelcome.",
        "only the ceiling is noisy": "You gave the ceiling an error and none to the weak model. Both were "
        "measured on n questions.",
    },
    hints=(
        "The student's accuracy plays no part: whether the ruler is any good is decided by weak, ceiling, n "
        "and chance.",
        "The squared standard error of an accuracy p on n questions is p(1-p)/n. For a difference of two "
        "independent accuracies add the squares, then take the root.",
        "Quote a row if `ceiling - weak` is above 1.96 times the root of both squared errors together, and "
        "`ceiling - chance` above 1.96 times the root of the ceiling's own.",
    ),
)


# --- 4.6


OVER_SEEDS = Exercise(
    id="4.6",
    name="over_seeds",
    title="Five runs, one finding",
    points=2,
    minutes=4,
    difficulty=2,
    contract=(
        "`over_seeds(gains)` takes the gain of each seed and returns `[mean, low, high]` with the 95% "
        "t-interval of the mean: mean ± t × sample standard deviation / √n. `T975` holds t by degrees of "
        "freedom (1 to 9). For a single seed low and high are None."
    ),
    example="over_seeds([0.1, 0.1]) == [0.1, 0.1, 0.1]",
    tolerance=1e-4,  # t with more digits than `T975` has is right too
    verified="the spread is that of a sample, t fits the number of seeds, and one seed gives no interval.",
    cases=(
        Case(
            "over_seeds([0.2])",
            [0.2, None, None],
            wrong={"one seed is certain": [0.2, 0.2, 0.2]},
            why="one run says nothing about how much runs differ",
            part="one seed",
        ),
        Case(
            "over_seeds([0.1, 0.3])",
            [0.2, 0.2 - 1.27062, 0.2 + 1.27062],
            wrong={
                "1.96 for any number of seeds": [0.2, 0.004, 0.396],
                "t for n instead of n - 1": [0.2, 0.2 - 0.43027, 0.2 + 0.43027],
                "spread of a whole population": [0.2, 0.2 - 0.8984640, 0.2 + 0.8984640],
                "spread of single runs": [0.2, 0.2 - 1.7969280, 0.2 + 1.7969280],
                "lowest to highest": [0.2, 0.1, 0.3],
            },
            why="two seeds have one degree of freedom: the interval is very wide",
            part="interval",
        ),
        Case(
            "over_seeds([0.02, 0.04, 0.06, 0.08, 0.10])",
            [0.06, 0.06 - 0.0392642, 0.06 + 0.0392642],
            wrong={
                "1.96 for any number of seeds": [0.06, 0.06 - 0.0277186, 0.06 + 0.0277186],
                "t for n instead of n - 1": [0.06, 0.06 - 0.0363538, 0.06 + 0.0363538],
                "spread of a whole population": [0.06, 0.06 - 0.0351190, 0.06 + 0.0351190],
                "spread of single runs": [0.06, 0.06 - 0.0877975, 0.06 + 0.0877975],
                "lowest to highest": [0.06, 0.02, 0.10],
            },
            why="the sample standard deviation is 0.0316, that of the mean 0.0141, and t is 2.7764",
            part="interval",
        ),
        Case(
            "over_seeds([0.05, 0.1, 0.6])",
            [0.25, 0.25 - 0.7555293, 0.25 + 0.7555293],
            wrong={
                "median for mean": [0.1, 0.1 - 0.7555293, 0.1 + 0.7555293],
                "1.96 for any number of seeds": [0.25, 0.25 - 0.3441647, 0.25 + 0.3441647],
                "t for n instead of n - 1": [0.25, 0.25 - 0.5588111, 0.25 + 0.5588111],
                "spread of a whole population": [0.25, 0.25 - 0.6168871, 0.25 + 0.6168871],
                "spread of single runs": [0.25, 0.25 - 1.3086151, 0.25 + 1.3086151],
                "lowest to highest": [0.25, 0.05, 0.6],
            },
            why="one seed far from the others moves the mean, and not the one in the middle",
            part="interval",
        ),
        Case(
            "over_seeds([-0.1, 0.1, 0.3])",
            [0.1, 0.1 - 0.4968330, 0.1 + 0.4968330],
            wrong={
                "1.96 for any number of seeds": [0.1, 0.1 - 0.2263213, 0.1 + 0.2263213],
                "t for n instead of n - 1": [0.1, 0.1 - 0.3674719, 0.1 + 0.3674719],
                "spread of a whole population": [0.1, 0.1 - 0.4056624, 0.1 + 0.4056624],
                "spread of single runs": [0.1, 0.1 - 0.86054, 0.1 + 0.86054],
                "lowest to highest": [0.1, -0.1, 0.3],
                "drops the seeds with harm": [0.2, 0.2 - 1.27062, 0.2 + 1.27062],
            },
            why="a seed that did harm counts like the others",
            part="interval",
        ),
    ),
    misconceptions={
        "median for mean": "Your interval has the right width around the wrong middle: the seed in the "
        "middle is not the mean. Which of the two does t × s / √n belong to?",
        "one seed is certain": "A single seed gets an interval of no width from you, as if the next one "
        "could not differ. What do you know of the spread?",
        "1.96 for any number of seeds": "1.96 is for a spread that is known. Yours is estimated from a few "
        "seeds: look up t.",
        "t for n instead of n - 1": "One degree of freedom went into the mean: which row of `T975` belongs "
        "to n seeds?",
        "spread of a whole population": "Your standard deviation divides by n. These seeds are a sample of "
        "all that could have been: what does a sample divide by? (numpy's `std` needs `ddof=1`.)",
        "spread of single runs": "This is where single runs fall. The mean of n runs is steadier: by which "
        "factor?",
        "lowest to highest": "The range shows the runs you have, and can only grow with more of them. Asked "
        "for is how sure you are of the mean.",
        "drops the seeds with harm": "A seed with a negative gain is missing from your mean. Dropping what "
        "is unwelcome is how gains are made.",
    },
    hints=(
        "Four pieces: the mean, the sample standard deviation, the square root of the number of seeds, and "
        "t.",
        "`statistics.stdev` is the sample standard deviation. Divide it by √n. The degrees of freedom are n "
        "- 1.",
        "`half = T975[len(gains) - 1] * stdev(gains) / sqrt(len(gains))`; return the mean and the mean minus "
        "and plus half. Treat a single gain before that.",
    ),
)


# --- 4.7


def read_as(student: str, pgr: float | None, gold_first: bool) -> dict[str, Any]:
    """What `reading` returns."""
    return {"student": student, "pgr": pgr, "gold_first": gold_first}


READING = Exercise(
    id="4.7",
    name="reading",
    title="Read your own run",
    points=3,
    minutes=6,
    difficulty=2,
    contract=(
        "`reading(results)` takes the content of a `results.json` and returns a dict. `student`: `'better'`, "
        "`'worse'` or `'not shown'`, as the paired 95% interval of the gain, `results['gain']['ci95']`, lies "
        "above 0, below 0, or neither; an interval that ends at 0 does neither. "
        "`pgr`: the raw PGR, `results['pgr']['raw']`, where `results['pgr']['status']` is `'ok'`, else None. "
        "`gold_first`: True where the interval of the arm `strong_on_gold` lies wholly above that of "
        "`weak_to_strong`, without touching it, else False; an arm's interval is "
        "`results['arms'][arm]['exact']['ci95']`."
    ),
    example=(
        "reading(run_like(gain=(0.1, 0.02, 0.18), pgr=(0.2, 'ok'))) "
        "== {'student': 'better', 'pgr': 0.2, 'gold_first': True}"
    ),
    verified="each statement follows from the interval that carries it, and none says more.",
    cases=(
        Case(
            "reading(run_like(gain=(0.2, 0.1, 0.3), pgr=(0.5, 'ok'), student=(0.7, 0.64, 0.76), "
            "gold=(0.7, 0.64, 0.76)))",
            read_as("better", 0.5, False),
            wrong={"takes the ceiling for gold": read_as("better", 0.5, True)},
            why="the arm on gold is where the student is",
            part="gold",
        ),
        Case(
            "reading(run_like(gain=(0.1, 0.02, 0.18), pgr=(0.2, 'ok')))",
            read_as("better", 0.2, True),
            wrong={"compares the arms' intervals": read_as("not shown", 0.2, True)},
            why="on the same snippets the gain is above 0, although the arms' own intervals overlap",
            part="student",
        ),
        Case(
            "reading(run_like(gain=(0.04, -0.02, 0.1), pgr=(0.1, 'ok'), student=(0.54, 0.47, 0.61)))",
            read_as("not shown", 0.1, True),
            wrong={"reads the sign only": read_as("better", 0.1, True)},
            why="the interval of the gain includes 0",
            part="student",
        ),
        Case(
            "reading(run_like(gain=(-0.1, -0.18, -0.02), pgr=(-0.25, 'ok'), student=(0.4, 0.33, 0.47)))",
            read_as("worse", -0.25, True),
            wrong={
                "takes the clamped": read_as("worse", 0.0, True),
                "compares the arms' intervals": read_as("not shown", -0.25, True),
                "harm is only not shown": read_as("not shown", -0.25, True),
            },
            why="the whole interval of the gain is below 0",
            part="student",
        ),
        Case(
            "reading(run_like(gain=(0.01, -0.05, 0.07), pgr=(0.8, 'gap within noise'), "
            "student=(0.51, 0.44, 0.58), gold=(0.55, 0.48, 0.62), ceiling=(0.52, 0.45, 0.59)))",
            read_as("not shown", None, False),
            wrong={
                "quotes PGR whatever its status": read_as("not shown", 0.8, False),
                "reads the sign only": read_as("better", None, False),
                "any lead of gold": read_as("not shown", None, True),
            },
            why="the gap may be chance, and so may the lead of the arm on gold",
            part="pgr",
        ),
        Case(
            "reading(run_like(gain=(0.05, 0.01, 0.09), pgr=(None, 'no gap'), ceiling=(0.45, 0.38, 0.52)))",
            read_as("better", None, True),
            wrong={
                "takes the ceiling for gold": read_as("better", None, False),
                "compares the arms' intervals": read_as("not shown", None, True),
            },
            why="the student may be better where PGR is undefined",
            part="pgr",
        ),
        Case(
            "reading(run_like(gain=(0.05, 0.0, 0.1), pgr=(0.1, 'ok'), student=(0.55, 0.48, 0.62)))",
            read_as("not shown", 0.1, True),
            wrong={
                "reads the sign only": read_as("better", 0.1, True),
                "an end at 0 is beyond it": read_as("better", 0.1, True),
            },
            why="the interval begins at 0, so a gain of nothing is in it",
            part="student",
        ),
        Case(
            "reading(run_like(gain=(0.0, -0.06, 0.06), pgr=(0.0, 'ok'), student=(0.5, 0.43, 0.57)))",
            read_as("not shown", 0.0, True),
            wrong={
                "reads the sign only": read_as("worse", 0.0, True),
                "zero is no number": read_as("not shown", None, True),
            },
            why="the gap is clear and nothing of it was recovered: that is a PGR of 0, and no missing one",
            part="pgr",
        ),
        Case(
            "reading(run_like(gain=(-0.05, -0.1, 0.0), pgr=(-0.1, 'ok'), student=(0.45, 0.38, 0.52)))",
            read_as("not shown", -0.1, True),
            wrong={
                "reads the sign only": read_as("worse", -0.1, True),
                "an end at 0 is beyond it": read_as("worse", -0.1, True),
                "takes the clamped": read_as("not shown", 0.0, True),
            },
            why="the interval ends at 0, so a loss of nothing is in it",
            part="student",
        ),
        Case(
            "reading(run_like(gain=(0.1, 0.02, 0.18), pgr=(0.2, 'ok'), gold=(0.75, 0.67, 0.83)))",
            read_as("better", 0.2, False),
            wrong={
                "compares the arms' intervals": read_as("not shown", 0.2, False),
                "any lead of gold": read_as("better", 0.2, True),
                "takes the ceiling for gold": read_as("better", 0.2, True),
                "touching is above": read_as("better", 0.2, True),
            },
            why="gold begins where the student ends, at 0.67, and both may lie there",
            part="gold",
        ),
    ),
    misconceptions={
        "reads the sign only": "You go by the sign of the gain. Which end of its interval must be above 0 "
        "before you may say 'better'?",
        "compares the arms' intervals": "You ask whether teacher's and student's own intervals overlap. They "
        "answered the same snippets, so the gain has an interval of its own, and it is narrower.",
        "harm is only not shown": "You have a word for a gain and one for doubt. What if the whole interval "
        "lies below 0?",
        "quotes PGR whatever its status": "You quote a PGR whose status is not 'ok'. What is it a share of?",
        "zero is no number": "Where the raw PGR is exactly 0 you give None. Python takes 0.0 for false in "
        "`if raw` and in `raw or None`; ask for the status alone.",
        "takes the clamped": "The clamped value cannot be negative, so your reading cannot tell harm from no "
        "effect. Take the raw one.",
        "any lead of gold": "A higher value is not yet a lead: compare the lower end of one interval with "
        "the upper end of the other.",
        "an end at 0 is beyond it": "One end of the gain's interval is 0 itself. Does the interval still "
        "hold the value 'no difference'?",
        "touching is above": "One arm's interval ends where the other's begins. Is there a value that both "
        "intervals hold?",
        "takes the ceiling for gold": "The ceiling learned from gold for the *pool*. The critics' question "
        "is about the arm that got the teacher's own gold.",
    },
    hints=(
        "Look at one results dict first: `lesson.recorded(seed=0)['gain']`, then `['pgr']`, then `['arms']`. "
        "Each of the three statements needs one of them.",
        "An interval above 0 has its lower end above 0, one below 0 its upper end below 0; else nothing is "
        "shown. One arm's interval is above another's if its lower end is above the other's upper end.",
        "`low, high = results['gain']['ci95']`; 'better' if low > 0, 'worse' if high < 0. Intervals of arms: "
        "`results['arms'][name]['exact']['ci95']`. Keep `raw` only if `results['pgr']['status'] == 'ok'`.",
    ),
    imports="from w2s_course.learn.units.unit_4 import run_like",
)


# --- 4.8


_FOLLOW = ("b", "e")
_DO_NOT = {
    "a": "no evidence is evidence of none",
    "c": "a clear gap is a clear gain",
    "d": "the interval covers other seeds",
    "f": "one setting is the method",
    "g": "overlapping intervals mean equal arms",
}


_judge_follows = judge_chosen(
    _FOLLOW, _DO_NOT, example='["a", "d", "g"]'
)  # a length that no cohort's key has

FOLLOWS = Exercise(
    id="4.8",
    name="follows",
    title="Which sentences follow?",
    points=2,
    minutes=3,
    difficulty=2,
    contract=(
        "`follows` is the list of the letters of all sentences that follow from the run above, and of no "
        "others; their order does not matter."
    ),
    example='follows = ["a", "d", "g"]  # the form, not the letters',
    verified="you take from the run what it says, and nothing that it does not.",
    cases=(Case("sorted(follows)", None),),
    misconceptions={
        "no evidence is evidence of none": "The interval reaches from below 0 to well above it. Does it rule "
        "out that the student is better by 5 points?",
        "a clear gap is a clear gain": "The status 'ok' speaks of the denominator: there is a gap. Look at "
        "the interval of PGR itself for what was recovered of it.",
        "the interval covers other seeds": "The bootstrap draws other *snippets* for the same two models. "
        "What does another seed change that it leaves as it is?",
        "one setting is the method": "One teacher, one student, one task, one seed. How far does a single "
        "run reach?",
        "overlapping intervals mean equal arms": "Two overlapping intervals do not make two arms alike. "
        "Which interval speaks of their difference?",
        "misses what does follow": "All that you chose follows, but something else does too, or you chose "
        "nothing. Read each sentence beside the numbers: a sceptic also says what *is* shown.",
    },
    hints=(
        "Ask of each sentence: which number carries it? Then: does its interval leave room for the opposite?",
        "Two sentences follow. One says how little is known about the student, the other is about an arm "
        "whose interval is far from the student's.",
        "The sentences that speak of the method, of other seeds, of a share that 'was' recovered, and of "
        "equality all claim more than the numbers. Look at what is left.",
    ),
    judge=_judge_follows,
)


UNIT = Unit(
    number=4,
    slug="04_measure",
    title="Measure",
    minutes=67,
    exercises=(GAP_RECOVERED, REPORT, BOOTSTRAP, PAIRED, QUOTABLE, OVER_SEEDS, READING, FOLLOWS),
    activities=activities_of(BANK),
)
