"""Unit 6, The advantage: what its exercises ask, and how a wrong answer is recognised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from w2s_course.learn.answers import Outcome, is_number
from w2s_course.learn.bank import activities_of
from w2s_course.learn.choosing import judge_chosen
from w2s_course.learn.exercises import Case, Exercise, Raises, Unit, Verdict, telling
from w2s_course.learn.units.quizzes_6 import BANK

# --- 6.1


OPERATIONS = Exercise(
    id="6.1",
    name="training_operations",
    title="What a training computes",
    points=2,
    minutes=5,
    difficulty=2,
    contract=(
        "`training_operations(parameters, tokens, passes, reached, frozen)` returns the floating-point "
        "operations of training a model of `parameters` weights on `tokens` tokens, each read `passes` "
        "times. Gradients go from the output down through the share `reached` of the weights, in [0, 1]; if "
        "`frozen`, those weights stay as they are (small adapters learn in their place, and their own "
        "operations are left out). Attention and the embedding table are left out too."
    ),
    example="training_operations(100, 10, 1, 1.0, False) == 6000",
    verified="the forward pass runs through all weights, the backward pass only where gradients go, and "
    "frozen weights save a part of it.",
    cases=(
        Case(
            "training_operations(100, 10, 1, 1.0, False)",
            6000,
            wrong={"one operation a weight": 3000, "forward only": 2000},
            why="each of 1,000 products costs 2 forward and 4 backward",
            part="full",
        ),
        Case(
            "training_operations(100, 10, 3, 1.0, False)",
            18000,
            wrong={"one operation a weight": 9000, "forward only": 6000, "forgets the passes": 6000},
            why="the tokens are read three times",
            part="full",
        ),
        Case(
            "training_operations(100, 10, 1, 1.0, True)",
            4000,
            wrong={
                "one operation a weight": 2000,
                "forward only": 2000,
                "frozen is free": 2000,
                "frozen costs the same": 6000,
            },
            why="the gradients of the weights are not needed, those of the activations are",
            part="frozen",
        ),
        Case(
            "training_operations(100, 10, 1, 0.25, True)",
            2500,
            wrong={
                "one operation a weight": 1250,
                "forward only": 2000,
                "frozen is free": 2000,
                "frozen costs the same": 3000,
                "lower layers are not read": 1000,
                "the share is ignored": 4000,
            },
            why="forward through everything, backward through the upper quarter",
            part="frozen",
        ),
        Case(
            "training_operations(100, 10, 2, 0.5, False)",
            8000,
            wrong={
                "one operation a weight": 4000,
                "forward only": 4000,
                "forgets the passes": 4000,
                "lower layers are not read": 6000,
                "the share is ignored": 12000,
            },
            why="forward 2 through everything, backward 4 through the upper half, all of it twice",
            part="full",
        ),
    ),
    misconceptions={
        "one operation a weight": "You count one operation for each weight and token. A product is added to "
        "a sum: how many operations are that?",
        "forward only": "You count what reading costs. What else happens in a training step?",
        "forgets the passes": "You count one pass over the tokens. How often is each of them read?",
        "frozen is free": "You leave out the backward pass where the weights are frozen. How do gradients "
        "reach an adapter that sits below a frozen layer?",
        "frozen costs the same": "You count the gradients of weights that never change. Which of the two "
        "products of the backward pass is needed for an adapter further down, and which is not?",
        "lower layers are not read": "You take the share of the whole. Does the forward pass begin where the "
        "gradients end?",
        "the share is ignored": "You send gradients through the whole model. `reached` says how far down "
        "they go.",
    },
    hints=(
        "Three products for each weight and token: one forward; backward one for the gradient of what enters "
        "the layer, and one for the gradient of the weight itself. Which of them happen, and where?",
        "A product costs 2 operations. Forward: all weights. Backward: only the share `reached`; with frozen "
        "weights the last of the three products falls away.",
        "`2 * parameters * tokens * passes` is the forward pass. Multiply it by 1 + `reached` times the "
        "number of backward products, which is 1 if `frozen`, else 2.",
    ),
)


# --- 6.2


CHEAPER = Exercise(
    id="6.2",
    name="cheaper_from",
    title="From how many labels on?",
    points=2,
    minutes=5,
    difficulty=3,
    contract=(
        "`cheaper_from(one, other)` takes two sources of labels, each a pair `(once, each)` of US dollars: "
        "paid before the first label, and for every label. It returns the smallest whole number of labels, "
        "at least 1, from which on `one` costs less in all than `other`, for that number and every larger "
        "one; None if there is no such number."
    ),
    example="cheaper_from((10, 1), (0, 2)) == 11",
    verified="both makings are paid, equal is not cheaper, and 'from which on' means for good.",
    cases=(
        Case("cheaper_from((0, 1), (0, 2))", 1, part="a number"),
        Case(
            "cheaper_from((10, 1), (0, 2))",
            11,
            wrong={"compares one more label only": 1, "a tie is cheaper": 10, "labels in fractions": 10},
            why="ten labels cost 20 from both",
            part="a number",
        ),
        Case(
            "cheaper_from((10, 1), (4, 3))",
            4,
            wrong={
                "compares one more label only": 1,
                "a tie is cheaper": 3,
                "forgets the other's making": 6,
                "labels in fractions": 3,
            },
            why="three labels cost 13 from both, four cost 14 and 16",
            part="a number",
        ),
        Case(
            "cheaper_from((5, 1), (0, 4))",
            2,
            wrong={"compares one more label only": 1, "labels in fractions": 5 / 3},
            why="one label costs 6 and 4, two cost 7 and 8",
            part="a number",
        ),
        Case(
            "cheaper_from((0, 2), (10, 1))",
            None,
            wrong={"cheaper at first": 1, "divides before it asks": 11},
            why="it is cheaper for nine labels, and dearer from eleven on",
            part="never",
        ),
        Case(
            "cheaper_from((4, 2), (5, 2))",
            1,
            wrong={
                "compares one more label only": None,
                "forgets the other's making": None,
                "divides before it asks": Raises("ZeroDivisionError"),
            },
            why="every label costs the same, and the making is a dollar less",
            part="equal margins",
        ),
        Case(
            "cheaper_from((5, 2), (5, 2))",
            None,
            wrong={"a tie is cheaper": 1, "divides before it asks": Raises("ZeroDivisionError")},
            why="neither is ever cheaper",
            part="equal margins",
        ),
    ),
    misconceptions={
        "compares one more label only": "You compare what one label *more* costs. What was paid before the "
        "first one?",
        "a tie is cheaper": "Work out both bills for the number that you give: is one below the other, or "
        "are they equal?",
        "forgets the other's making": "You count what must be paid before the first label for one source "
        "only. The other one has a making too.",
        "cheaper at first": "At the number that you give it is cheaper, but is it still for a hundred "
        "labels, and for a million?",
        "divides before it asks": "You divide by the difference of the two prices of a label. What does it "
        "say where it is zero, or below?",
        "labels in fractions": "That is where the two bills cross. Nobody sells a part of a label: which "
        "whole number comes *after* the crossing?",
    },
    hints=(
        "Two straight lines over the number of labels: each begins at `once` and rises by `each`. From which "
        "whole number on is the first one below the second?",
        "`one` wins for good only if its label costs less, or as much with a lower making. Where its label "
        "costs less, the lines cross at the difference of the makings over the difference of the prices.",
        "Equal prices: 1 if `one[0] < other[0]`, else None. A dearer label: None. Else the crossing, "
        "`math.floor` of it plus 1, and at least 1.",
    ),
)


# --- 6.3


MATCHED = Exercise(
    id="6.3",
    name="matched",
    title="As many operations for both",
    points=2,
    minutes=4,
    difficulty=2,
    contract=(
        "`matched(labels, strong, weak, making)` returns how many whole labels a weak model writes with the "
        "operations that a strong model spends on `labels` of its own. `strong` and `weak` are pairs "
        "`(parameters, tokens)`: the weights of the model, and the tokens that it reads and writes for one "
        "label. `making` is what the training of the weak model took, in operations; it is paid first, from "
        "the same budget."
    ),
    example="matched(1, (100, 10), (10, 10), 0) == 10",
    verified="operations are matched and not parameters, the making is paid once, and labels are whole.",
    cases=(
        Case(
            "matched(1, (100, 10), (10, 10), 0)",
            10,
            wrong={"upside down": 0},
            why="a weak label takes a tenth of the operations",
            part="equal tokens",
        ),
        Case(
            "matched(1, (100, 30), (10, 10), 0)",
            30,
            wrong={"upside down": 0, "takes tokens for equal": 10},
            why="the strong model reads three times as many tokens a label, such as examples in its prompt",
            part="other tokens",
        ),
        Case(
            "matched(1, (100, 10), (10, 20), 0)",
            5,
            wrong={"upside down": 0, "takes tokens for equal": 10},
            why="the small vocabulary of the weak model needs twice as many tokens",
            part="other tokens",
        ),
        Case(
            "matched(2, (100, 10), (10, 10), 2000)",
            10,
            wrong={
                "upside down": 0,
                "forgets the making": 20,
                "one operation a weight": 0,
                "counts a training": 16,
                "pays the making with every label": 1,
            },
            why="of 4,000 operations the making takes 2,000, and a weak label takes 200",
            part="making",
        ),
        Case(
            "matched(1, (100, 10), (30, 10), 0)",
            3,
            wrong={"upside down": 0, "rounds up": 4},
            why="the fourth label would go over the budget",
            part="equal tokens",
        ),
        Case(
            "matched(1, (100, 10), (10, 10), 5000)",
            0,
            wrong={
                "forgets the making": 10,
                "counts a training": 1,
                "goes into debt": -15,
            },
            why="the making alone takes more than there is",
            part="making",
        ),
    ),
    misconceptions={
        "upside down": "You get fewer labels from the weak model than from the strong one. Which of them "
        "takes more operations for a label?",
        "takes tokens for equal": "You compare the weights alone. Do both models read equally many tokens "
        "for a label? Look at what the pairs hold beside the parameters.",
        "forgets the making": "The weak model can label nothing before it was trained. Who pays for that?",
        "one operation a weight": "Where the making counts, the factor does not cancel: how many operations "
        "are a product and its sum?",
        "counts a training": "You count 6 operations for each weight and token. Nobody learns while a label "
        "is written: which of them are left?",
        "pays the making with every label": "You pay the training again for each label. How often is the "
        "weak model trained?",
        "rounds up": "You round up. Do your labels still fit into the operations that there are?",
        "goes into debt": "A negative number of labels: what can be written if the making alone is above the "
        "budget?",
    },
    hints=(
        "Write down the operations of one strong label and of one weak label first. Both models only read "
        "and write here.",
        "Reading or writing a token takes 2 operations for each weight. Budget: those of all strong labels. "
        "Take the making off, then divide.",
        "`2 * parameters * tokens` for each of the two; `left = labels * strong_label - making`; return 0 if "
        "nothing is left, else `left // weak_label`.",
    ),
)


# --- 6.4


_F, _M, _C = "frontier", "maybe dominated", "clearly dominated"


PLACES = Exercise(
    id="6.4",
    name="places",
    title="Who is dominated, and how surely?",
    points=3,
    minutes=8,
    difficulty=4,
    contract=(
        "`places(points)` takes a list of plans, each `(dollars, accuracy, low, high)` with the ends of its "
        "95% interval, and returns a list of their places, in the same order. One plan *dominates* another "
        "if it costs at most as much and is at least as accurate, and is better in one of the two. A plan is "
        "`'clearly dominated'` if some plan dominates it whose interval lies wholly above its own; "
        "`'maybe dominated'` if it is dominated otherwise; else `'frontier'`. Costs count as exact."
    ),
    example="places([(1, 0.8, 0.7, 0.9), (2, 0.5, 0.4, 0.6)]) == ['frontier', 'clearly dominated']",
    verified="both cost and accuracy decide, one of them may be equal, and the intervals say how surely.",
    cases=(
        Case("places([(1, 0.5, 0.4, 0.6)])", [_F], part="frontier"),
        Case(
            "places([(1, 0.5, 0.45, 0.55), (2, 0.8, 0.75, 0.85)])",
            [_F, _F],
            wrong={"better is enough": [_C, _F], "cheaper is enough": [_F, _M]},
            why="one is cheaper, the other better: a choice, and no mistake",
            part="frontier",
        ),
        Case("places([(1, 0.8, 0.75, 0.85), (2, 0.5, 0.45, 0.55)])", [_F, _C], part="dominated"),
        Case(
            "places([(1, 0.7, 0.6, 0.8), (2, 0.65, 0.55, 0.75)])",
            [_F, _M],
            wrong={"ignores the intervals": [_F, _C], "overlap saves": [_F, _F]},
            why="by its mean the first is cheaper and better, but the intervals overlap",
            part="dominated",
        ),
        Case(
            "places([(2, 0.8, 0.75, 0.85), (2, 0.5, 0.45, 0.55)])",
            [_F, _C],
            wrong={"must win both": [_F, _F], "cheaper is enough": [_F, _F]},
            why="for the same money the first is better",
            part="dominated",
        ),
        Case(
            "places([(1, 0.6, 0.5, 0.7), (1.5, 0.9, 0.85, 0.95), (2, 0.55, 0.45, 0.65)])",
            [_F, _F, _C],
            wrong={
                "better is enough": [_C, _F, _C],
                "cheaper is enough": [_F, _M, _C],
                "stops at the first": [_F, _F, _M],
            },
            why="the second plan dominates the third with intervals apart, whatever the first one does",
            part="dominated",
        ),
        Case(
            "places([(1, 0.5, 0.4, 0.6), (1, 0.5, 0.4, 0.6)])",
            [_F, _F],
            wrong={"equal counts as better": [_M, _M]},
            why="of two equal plans neither is better in anything",
            part="frontier",
        ),
        Case(
            "places([(1, 0.7, 0.62, 0.78), (2, 0.6, 0.54, 0.66)])",
            [_F, _M],
            wrong={
                "ignores the intervals": [_F, _C],
                "overlap saves": [_F, _F],
                "a mean for an end": [_F, _C],
            },
            why="0.62 is above the second plan's mean, and within its interval",
            part="dominated",
        ),
        Case(
            "places([(2, 0.5, 0.4, 0.6), (1, 0.55, 0.45, 0.65), (3, 0.9, 0.85, 0.95)])",
            [_M, _F, _F],
            wrong={
                "ignores the intervals": [_C, _F, _F],
                "overlap saves": [_F, _F, _F],
                "better is enough": [_C, _C, _F],
                "cheaper is enough": [_M, _F, _M],
                "somebody is clearly better": [_C, _F, _F],
            },
            why="the plan that lies clearly above the first costs more, so it dominates nobody",
            part="dominated",
        ),
        Case(
            "places([(1.5, 0.8, 0.3, 1.0), (1, 0.7, 0.65, 0.75), (2, 0.5, 0.45, 0.55)])",
            [_F, _F, _C],
            wrong={
                "better is enough": [_F, _M, _C],
                "cheaper is enough": [_M, _F, _C],
                "stops at the first": [_F, _F, _M],
                "the best speaks for all": [_F, _F, _M],
            },
            why="the second plan dominates the third with intervals apart, whatever the first does",
            part="dominated",
        ),
        Case(
            "places([(1, 0.7, 0.65, 0.75), (1.5, 0.8, 0.3, 1.0), (2, 0.5, 0.45, 0.55)])",
            [_F, _F, _C],
            wrong={
                "better is enough": [_M, _F, _C],
                "cheaper is enough": [_F, _M, _C],
                "the best speaks for all": [_F, _F, _M],
                "the last speaks for all": [_F, _F, _M],
            },
            why="the order of the plans does not matter",
            part="dominated",
        ),
    ),
    misconceptions={
        "ignores the intervals": "You go by the means alone. Where two intervals overlap, how sure is it "
        "that the cheaper plan is the better one?",
        "overlap saves": "You take overlapping intervals for proof that nothing dominates. There is a word "
        "for a plan that is dominated by its mean, and perhaps by chance.",
        "must win both": "You want a plan to win in both respects. What of one that is better for the same "
        "money, or as good for less?",
        "better is enough": "You let a more accurate plan dominate whatever it costs. Who cannot pay for it "
        "still needs the cheaper one.",
        "cheaper is enough": "You let a cheaper plan dominate whatever it achieves. What if the dearer one "
        "is more accurate?",
        "stops at the first": "You judge by the first plan that dominates. Does another one dominate more "
        "surely?",
        "the best speaks for all": "You judge by the most accurate of the plans that dominate. Its interval "
        "may be wide: does another of them dominate more surely?",
        "the last speaks for all": "You judge by the last plan that dominates. Does one before it dominate "
        "more surely?",
        "a mean for an end": "You compare a mean with an end, or an end with a mean. Where must the whole of "
        "an interval lie, to be above the whole of another?",
        "somebody is clearly better": "You look for an interval above the plan's own among all plans. Must "
        "it not be that of a plan which *dominates* it?",
        "equal counts as better": "You let plans dominate each other that are equal in both respects. In "
        "what is either of them better?",
    },
    hints=(
        "Write a small function that says whether plan a dominates plan b, by cost and accuracy alone. The "
        "intervals come second.",
        "For each plan collect *all* that dominate it. None: frontier. Otherwise look whether one of them "
        "has its `low` above the plan's `high`.",
        "a dominates b if `a[0] <= b[0]` and `a[1] >= b[1]` and `(a[0], a[1]) != (b[0], b[1])`. Clearly, if "
        "also `a[2] > b[3]` for `any` of them.",
    ),
)


# --- 6.5


_TWO = "[(100, 0.5), (1600, 0.9)]"


WORTH = Exercise(
    id="6.5",
    name="worth",
    title="What are weak labels worth in gold?",
    points=2,
    minutes=6,
    difficulty=3,
    contract=(
        "`worth(accuracy, curve)` takes the accuracy of a student on weak labels, and the recorded curve of "
        "the same student on gold: a list of `(gold labels, accuracy)` with rising numbers of labels, on "
        "which accuracy never falls. It returns the least number of gold labels that gives this accuracy. "
        "Between two recorded sizes accuracy rises evenly with the *logarithm* of the labels. Outside the "
        "recorded accuracies it returns None."
    ),
    example="round(worth(0.7, [(100, 0.5), (400, 0.9)]), 6) == 200.0",
    verified="it reads between neighbouring sizes, along the logarithm, and says nothing beyond them.",
    cases=(
        Case(f"worth(0.5, {_TWO})", 100, part="inside"),
        Case(
            f"worth(0.6, {_TWO})",
            200,
            wrong={
                "straight along the labels": 475,
                "takes the nearest size": 100,
                "takes the next size": 1600,
            },
            why="0.6 is a quarter of the way up, and 1,600 is 2 x 2 x 2 x 2 times 100",
            part="inside",
        ),
        Case(
            "worth(0.6, [(10, 0.2), (100, 0.5), (1600, 0.9)])",
            200,
            wrong={
                "straight along the labels": 475,
                "takes the nearest size": 100,
                "takes the next size": 1600,
                "one line from end to end": 10 * 160 ** (4 / 7),
            },
            why="it lies between the second size and the third",
            part="inside",
        ),
        Case(
            f"worth(0.4, {_TWO})",
            None,
            wrong={"goes beyond what was recorded": 50, "clamps to the end": 100},
            why="all that is known is: fewer than 100",
            part="outside",
        ),
        Case(
            f"worth(0.95, {_TWO})",
            None,
            wrong={"goes beyond what was recorded": 1600 * 2**0.5, "clamps to the end": 1600},
            why="all that is known is: more than 1,600",
            part="outside",
        ),
        Case(
            "worth(0.5, [(10, 0.5), (100, 0.5), (1000, 0.9)])",
            10,
            wrong={"the end of a plateau": 100},
            why="ten labels are enough for 0.5",
            part="inside",
        ),
    ),
    misconceptions={
        "straight along the labels": "You go straight from one size to the next. Look at the recorded sizes: "
        "do they grow by adding, or by multiplying?",
        "takes the nearest size": "You give a size that was recorded. Its accuracy is near, but not the one "
        "that was asked for.",
        "takes the next size": "You give the first recorded size that is good enough. How far before it was "
        "the accuracy reached?",
        "goes beyond what was recorded": "You prolong the curve beyond its ends. What do you know about it "
        "there?",
        "clamps to the end": "You give the end of the curve where the accuracy lies beyond it. A reader "
        "would take a bound for a measurement.",
        "one line from end to end": "You use the first and the last point only. What is in between was "
        "recorded too.",
        "the end of a plateau": "Several sizes give this accuracy. Which of them would you rather pay for?",
    },
    hints=(
        "Find the two neighbouring sizes between which the accuracy lies; then how far along it is, as a "
        "share of their difference in accuracy.",
        "That same share of the way is gone on the logarithm of the labels: half-way between 100 and 400 is "
        "200. First ask whether the accuracy lies on the curve at all.",
        "For neighbours `(x0, y0), (x1, y1)` with `y0 < accuracy <= y1`: `x0 * (x1 / x0) ** ((accuracy - y0) "
        "/ (y1 - y0))`. The first point is a case of its own.",
    ),
)


# --- 6.6


def _break_even_case(
    worth: int, labels: int, price: float, training: float, teacher_gold: int, why: str
) -> Case:
    """One case of 6.6 with what each misconception gives."""
    bill, saved = labels * price + training, worth - teacher_gold
    right = round(bill / saved, 9) if saved > 0 else None
    wrong: dict[str, Any] = {
        "divides by the weak labels": bill / labels,
        "upside down": saved / bill,
        "forgets the teacher's gold": bill / worth,
        "adds the teacher's gold": bill / (worth + teacher_gold),
    }
    if right is None:
        wrong["no price for never"] = bill / saved if saved else Raises("ZeroDivisionError")
        wrong["zero for never"] = 0.0
    else:
        wrong["forgets the training"] = labels * price / saved
    call = f"break_even({worth}, {labels}, {price}, {training:g}, {teacher_gold})"
    return Case(call, right, telling(wrong, right), why, "laboratory" if teacher_gold else "scenario")


def break_even_cases(factor: float = 1.0) -> tuple[Case, ...]:
    """The cases with all dollars times `factor`: every price, right or wrong, grows with them."""

    def f(dollars: float) -> float:
        return round(dollars * factor, 6)

    label, two = f(0.002), f"${f(2):g}"
    as_much = "the teacher took as much gold as its labels replace"
    return (
        _break_even_case(200, 1000, label, 0, 0, f"{two} bought what 200 gold labels would have given"),
        _break_even_case(200, 1000, label, f(3), 0, f"labels for {two} and a training for ${f(3):g}"),
        _break_even_case(
            *(300, 1000, label, f(1), 100),
            "of the 300 gold labels that it replaces, the teacher itself took 100",
        ),
        _break_even_case(100, 1000, label, f(1), 100, as_much),
        _break_even_case(50, 1000, label, f(1), 100, "the teacher took more gold than its labels replace"),
    )


BREAK_EVEN = Exercise(
    id="6.6",
    name="break_even",
    title="From which price of a human explanation?",
    points=2,
    minutes=5,
    difficulty=3,
    contract=(
        "`break_even(worth, labels, price, training, teacher_gold)`: `labels` weak labels at `price` dollars "
        "each give as good a student as `worth` gold labels. Their teacher took `training` dollars of "
        "computing and learned from `teacher_gold` gold labels, which cost as much each as any other gold "
        "label (0: the teacher was already there). Returns the price of *one gold label*, in dollars, at "
        "which both ways cost the same; None where weak labels are not the cheaper way at any price."
    ),
    example="break_even(200, 1000, 0.002, 0, 0) == 0.01",
    verified="both sides of the bill hold their gold, and never is told from free.",
    cases=break_even_cases(),
    misconceptions={
        "divides by the weak labels": "You spread the costs over the weak labels: that is what *they* cost. "
        "Over which number of labels is the saving spread?",
        "upside down": "That is gold labels for a dollar. Asked for are dollars for a gold label.",
        "forgets the training": "Somebody paid for training the weak model. On which side of the bill is it?",
        "forgets the teacher's gold": "The teacher's own gold is bought at the same price as all gold. How "
        "many gold labels does the detour through the teacher save, then?",
        "adds the teacher's gold": "The teacher's gold makes the detour dearer. Write both bills down: on "
        "which side does it stand, and what happens when it is brought to the other?",
        "no price for never": "What if the teacher took as much gold as its labels replace, or more? Then "
        "both bills grow with the price, and they never meet.",
        "zero for never": "0 would say: weak labels pay even if gold is nearly free. Here they pay at no "
        "price at all.",
    },
    hints=(
        "Write two bills with the unknown price p of a gold label: one for the gold that the weak labels "
        "replace, one for the weak labels with all that made them.",
        "Gold alone: worth x p. Through the teacher: labels x price + training + teacher_gold x p. Set them "
        "equal and solve for p.",
        "`(labels * price + training) / (worth - teacher_gold)`, and None unless `worth` is above "
        "`teacher_gold`.",
    ),
)


# --- 6.7


_KEYS = ("budget", "chosen", "rejected", "difference", "reason")
_DIFFERENCES = ("chosen better", "rejected better", "open")
_REASONS = ("better", "cheaper", "alone within budget")


def _malformed(memo: Any) -> str:
    """What is wrong with the form of a memo; '' for nothing."""
    if not isinstance(memo, Mapping) or set(memo) != set(_KEYS):
        return f"`memo` must be a dict with the keys {', '.join(_KEYS)}."
    numbers = [memo["budget"], *(x for k in ("chosen", "rejected") for x in _as_list(memo[k]))]
    if not all(is_number(number, 0) for number in numbers):
        return (
            "The budget, and four numbers for each plan: each must be a finite number, and none is negative. "
            "Take plans with an interval."
        )
    if any(len(_as_list(memo[k])) != 4 for k in ("chosen", "rejected")):
        return (
            "`chosen` and `rejected` are lists of four: dollars, accuracy, and the two ends of its interval."
        )
    for key, known in (("difference", _DIFFERENCES), ("reason", _REASONS)):
        if memo[key] not in known:
            return f"`{key}` is one of: {', '.join(map(repr, known))}."
    return ""


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _judge_memo(outcomes: Sequence[Outcome]) -> Verdict:
    """Whether what is concluded follows from the numbers that stand beside it, whatever these are."""
    memo = outcomes[0].value
    if problem := _malformed(memo):
        return Verdict(False, text=problem)
    (cost, accuracy, low, high), (its_cost, its_accuracy, its_low, its_high) = (
        memo["chosen"],
        memo["rejected"],
    )
    if max(accuracy, low, high, its_accuracy, its_low, its_high) > 1:
        return Verdict(False, "percentages for shares")
    if not (low <= accuracy <= high and its_low <= its_accuracy <= its_high):
        return Verdict(
            False, text="An accuracy lies outside its own interval: check the order of the numbers."
        )
    if memo["chosen"] == memo["rejected"]:
        return Verdict(False, text="You reject the plan that you choose. Take the strongest rival.")
    if cost > memo["budget"]:
        return Verdict(False, "over budget")
    follows = "chosen better" if low > its_high else "rejected better" if its_low > high else "open"
    if memo["difference"] != follows:
        said = memo["difference"]
        name = (
            "reads the means"
            if follows == "open"
            else "wants certainty"
            if said == "open"
            else "turned round"
        )
        return Verdict(False, name)
    if follows == "rejected better" and its_cost <= cost:
        return Verdict(False, "chooses what is dominated")
    carried = {
        "better": follows == "chosen better",
        "cheaper": cost < its_cost,
        "alone within budget": its_cost > memo["budget"],
    }
    return Verdict(True) if carried[memo["reason"]] else Verdict(False, "a reason without numbers")


MEMO = Exercise(
    id="6.7",
    name="memo",
    title="Decide, and let the numbers carry it",
    points=3,
    minutes=6,
    difficulty=3,
    contract=(
        "`memo` is a dict: `budget` in dollars; `chosen` and `rejected`, your plan and its strongest rival, "
        "each a list `[dollars, accuracy, low, high]` with shares in [0, 1], from your own table; "
        "`difference`, what their intervals say: `'chosen better'` or `'rejected better'` where they lie "
        "apart, else `'open'`; `reason`, one that these numbers carry: `'better'` (the chosen plan is, and "
        "not by chance), `'cheaper'`, or `'alone within budget'`."
    ),
    example=(
        '{"budget": 50, "chosen": [40, 0.6, 0.5, 0.7], "rejected": [90, 0.65, 0.5, 0.8], '
        '"difference": "chosen better", "reason": "better"}  # the form, not the answer'
    ),
    verified="the plan can be paid for, the difference is what the intervals say, the reason rests on it.",
    cases=(Case("memo", None, part="decision"),),
    judge=_judge_memo,
    misconceptions={
        "over budget": "Your plan costs more than your budget. What does the best plan that you *can* pay "
        "for look like?",
        "percentages for shares": "The contract asks for shares between 0 and 1, and a number here is "
        "larger. Divide percentages by 100.",
        "reads the means": "You call one plan better because its mean is higher. Their intervals overlap: "
        "what do you know?",
        "wants certainty": "The two intervals do not even touch. More than that no table will give you: say "
        "which plan is better.",
        "turned round": "The intervals lie apart, but the other way round. Which of the two plans is the "
        "higher one?",
        "chooses what is dominated": "The plan that you reject costs no more, and its interval lies above "
        "that of your plan. What speaks for yours?",
        "a reason without numbers": "Your numbers do not carry this reason. 'Better' needs intervals that "
        "lie apart, 'cheaper' a lower cost, 'alone within budget' a rival that costs more than you have.",
    },
    hints=(
        "Take two rows of your table: the plan that you would pay for, and the one that a critic would name.",
        "Intervals lie apart if the lower end of one is above the upper end of the other. Otherwise the "
        "difference is open, however far apart the means are.",
        "Where the difference is open, only money can be the reason: 'cheaper' if your plan costs less, "
        "'alone within budget' if the rival costs more than the budget.",
    ),
)


# --- 6.8


_FOLLOW = ("b", "d", "e")
_DO_NOT = {
    "a": "takes over the accuracy",
    "c": "takes over the factor",
    "f": "takes a strong teacher for a weak one",
    "g": "counts labels, not right labels",
}


_judge_transfers = judge_chosen(_FOLLOW, _DO_NOT, example='["a", "f"]')

TRANSFERS = Exercise(
    id="6.8",
    name="transfers",
    title="Does the figure travel?",
    points=2,
    minutes=4,
    difficulty=3,
    contract=(
        "`transfers` is the list of the letters of all sentences that are justified by what the two studies "
        "report, and of no others; their order does not matter."
    ),
    example='transfers = ["a", "f"]  # the form, not the letters',
    verified="you take from a published figure what it measured, and compute the rest anew.",
    cases=(Case("sorted(transfers)", None),),
    misconceptions={
        "takes over the accuracy": "Who was compared with whom there, and on which task? A small model that "
        "learned from a few hundred examples is not the labeller of that study.",
        "takes over the factor": "A factor has two sides. Who are the people in that comparison, what do "
        "they do for their money, and who would they be here?",
        "takes a strong teacher for a weak one": "That the data were cheap is one thing. Which of the two "
        "models was the better one, the teacher or the student?",
        "counts labels, not right labels": "The price holds for every label, right or wrong. Which number of "
        "your own do you need before you know what a *right* one costs?",
        "misses what does follow": "All that you chose is justified, but something else is too, or you chose "
        "nothing. A critic also says what a figure *does* show, and what would have to be computed.",
    },
    hints=(
        "Ask of each sentence: which task, which labeller, compared with whom? Then: is that your case?",
        "Three sentences are justified. None of them takes a number over; they say what a number is about, "
        "or what has to be worked out again.",
        "What is left out are the sentences that carry an accuracy, a factor, a success or a count of right "
        "labels from there to here.",
    ),
    judge=_judge_transfers,
)


UNIT = Unit(
    number=6,
    slug="06_the_advantage",
    title="The advantage",
    minutes=68,
    exercises=(OPERATIONS, CHEAPER, MATCHED, PLACES, WORTH, BREAK_EVEN, MEMO, TRANSFERS),
    activities=activities_of(BANK),
)
