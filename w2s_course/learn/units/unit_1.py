"""Unit 1, the strategy: the keys of its exercises, quizzes and ordering task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from w2s_course.learn.answers import Outcome
from w2s_course.learn.bank import activities_of
from w2s_course.learn.exercises import Case, Exercise, Raises, Unit, Verdict
from w2s_course.learn.units.quizzes_1 import BANK

# --- 1.1: the plan and its proof, a partial order ---------------------------------------------------

STEPS = ("split", "teacher", "labels", "student", "ceiling", "answers", "gap")
DISTRACTORS = {
    "correct": "the strong model corrects first",
    "experts": "experts check every label",
    "pick": "picks by the test set",
    "reverse": "trains the weak model instead",
}
# (first, then) -> the misconception of those who turn them round.
BEFORE = {
    ("split", "teacher"): "test set last",
    ("split", "ceiling"): "test set last",
    ("teacher", "labels"): "the student before its labels",
    ("labels", "student"): "the student before its labels",
    ("student", "answers"): "answers before training",
    ("ceiling", "answers"): "answers before training",
    ("answers", "gap"): "answers before training",
}


def judge_schedule(outcomes: Sequence[Outcome]) -> Verdict:
    """The schedule as a partial order: what does not belong, then what is missing, then what is too early."""
    given = outcomes[0].value
    if not isinstance(given, list) or not all(isinstance(key, str) for key in given):
        return Verdict(False, text="`schedule` must be a list of keys, such as the two of the example.")
    unknown = [key for key in given if key not in STEPS and key not in DISTRACTORS]
    if unknown:
        return Verdict(False, text=f"`{unknown[0]}` is no key of the table.")
    if len(set(given)) < len(given):
        return Verdict(False, text="A step stands twice. Each is done once.")
    for key in given:
        if key in DISTRACTORS:
            return Verdict(False, DISTRACTORS[key])
    if "ceiling" not in given:
        return Verdict(False, "no upper end of the gap")
    missing = [key for key in STEPS if key not in given]
    if missing:
        return Verdict(False, text=f"The plan cannot do without `{missing[0]}`. What would be left undone?")
    for (first, then), misconception in BEFORE.items():
        if given.index(first) > given.index(then):
            return Verdict(False, misconception)
    return Verdict(True)


SCHEDULE = Exercise(
    id="1.1",
    name="schedule",
    title="The plan, and what proves it",
    points=2,
    minutes=6,
    difficulty=2,
    contract=(
        "`schedule` is a list of keys from the table, first step first. Each step that the plan and its "
        "measurement need stands in it once; steps that do not belong are left out. Every order in which no "
        "step comes before one that it depends on is right."
    ),
    example='["labels", "student"]: the snippets are labelled before the strong model is fine-tuned',
    verified="every step stands after all that it depends on, and nothing is in the plan that would spoil "
    "it.",
    cases=(Case("schedule", None),),
    judge=judge_schedule,
    misconceptions={
        "the strong model corrects first": (
            "You let the strong model correct the labels. Ask what it would correct them by: it has not "
            "learned the task yet. If it could tell right sentences from wrong ones, what would the weak "
            "model be for?"
        ),
        "experts check every label": (
            "You let experts read every weak label. Look again at what the team lacks: how many hours "
            "is one expert sentence for every snippet of the pool?"
        ),
        "picks by the test set": (
            "You keep the training step that is best on the test set. Then the test set has taken part in "
            "the training. What will its accuracy tell you about new snippets?"
        ),
        "trains the weak model instead": (
            "You fine-tune the weak model on what the strong one writes. That is a real method with arrows "
            "the other way round. Which of the two is to explain code in the product?"
        ),
        "test set last": (
            "You set the test snippets aside after something has been trained. How would you know that no "
            "model has learned from them?"
        ),
        "the student before its labels": (
            "Something in your list uses labels that do not exist yet. For each of `teacher`, `labels` and "
            "`student`, ask what it reads and which step writes that."
        ),
        "no upper end of the gap": (
            "Your measurement has a lower end, the teacher, and no upper one. How would you tell a student "
            "held back by its labels from one that could not have done better with true ones?"
        ),
        "answers before training": (
            "You measure too early: the gap is between three accuracies, and each is that of a model that "
            "has finished its training. Look at where `answers` and `gap` stand."
        ),
    },
    hints=(
        "Two things must be true of the list: no step reads what a later step writes, and nothing is in it "
        "that the team of the story cannot do or that a fair measurement forbids.",
        "Four of the eleven keys do not belong. What is set aside for the measurement is set aside first, "
        "and measuring itself comes last.",
        "Begin with `split`; `teacher`, `labels`, `student` follow in this order; `ceiling` may stand "
        "anywhere between `split` and `answers`; `answers` and `gap` end the list.",
    ),
)

# --- 1.2: the decision in three choices -------------------------------------------------------------

DECISION = Exercise(
    id="1.2",
    name="decision",
    title="The decision in three choices",
    points=3,
    minutes=5,
    difficulty=2,
    contract=(
        '`decision` is a dict with the keys "advantage", "risk" and "against", each with one of the letters '
        '"a" to "d" of the list above.'
    ),
    example='{"advantage": "?", "risk": "?", "against": "?"} has the right form, with letters for "?"',
    verified="you named what the plan gains, what it risks, and the finding that would speak most against "
    "it.",
    cases=(
        Case(
            'decision["advantage"]',
            "b",
            wrong={
                "weak labels are good labels": "a",
                "the ceiling is guaranteed": "c",
                "no truth is needed": "d",
            },
            part="advantage",
        ),
        Case(
            'decision["risk"]',
            "d",
            wrong={
                "running the weak model is the cost": "a",
                "a student is a copy": "b",
                "the tokens must match": "c",
            },
            part="risk",
        ),
        Case(
            'decision["against"]',
            "a",
            wrong={
                "a perfect copy is the aim": "b",
                "more labels are the point": "c",
                "a stronger student refutes it": "d",
            },
            part="against",
        ),
    ),
    misconceptions={
        "weak labels are good labels": (
            "You count on accurate labels. Look at what makes the labeller *weak* in this plan, and at the "
            "weak label in 1.2 of the lesson."
        ),
        "the ceiling is guaranteed": (
            "You count on the ceiling. What is the strong model trained on in the arm of that name, and "
            "does the team have it?"
        ),
        "no truth is needed": (
            "You think that nothing true is needed. From what did the weak model learn, and by what would "
            "the team notice that its student is wrong?"
        ),
        "running the weak model is the cost": (
            "You fear the running cost of the weak model. Compare the rows of the price table in 1.1 of the "
            "lesson: which row would have to change for that to matter?"
        ),
        "a student is a copy": (
            "You expect every slip to be repeated, and no student to pass its teacher. Which kind of slip "
            "can a model follow as a rule, and which one can't it?"
        ),
        "the tokens must match": (
            "You expect trouble from unlike vocabularies. What passes from teacher to student in 4.10: "
            "probabilities of tokens, or text?"
        ),
        "a perfect copy is the aim": (
            "You worry that the loss on weak labels stays above zero. What would a student have learned, "
            "errors included, whose loss is zero?"
        ),
        "more labels are the point": (
            "That more labels bring little says where to stop labelling. Would it make the "
            "student worse than what the team could have done instead?"
        ),
        "a stronger student refutes it": (
            "A stronger student is no finding against the plan: it is a change of one of its parts. Look "
            "for a comparison that the team could make with the same money."
        ),
    },
    hints=(
        "For each question, cross out what would be true of fine-tuning in general, or is not true at all. "
        "What is left is peculiar to labels that a weak model wrote.",
        "The advantage is about how many, not about how good. The risk is about errors that look like a "
        "rule. The finding is about another use of something that the plan uses anyway.",
        "The advantage: labels in a quantity that experts would be too dear for. The risk: the teacher's "
        "consistent errors. Against: the small gold set does more good in the strong model's hands.",
    ),
)

# --- 1.3: what each arm learns from -----------------------------------------------------------------

PAIRS = Exercise(
    id="1.3",
    name="training_pairs",
    title="Who learns from what",
    points=3,
    minutes=7,
    difficulty=3,
    contract=(
        "`training_pairs(arm, gold, pool, weak_labels, pool_gold)` returns the list of pairs (snippet, "
        "explanation) that an arm is trained on. `gold` is the list of gold pairs of the weak model; `pool` "
        "a list of snippets; `weak_labels` and `pool_gold` are their explanations by the weak model and by "
        "the truth, in the order of `pool`. `arm` is one of 'weak', 'strong_prompted', 'strong_on_gold', "
        "'weak_to_strong', 'ceiling', 'control'. An arm that is not trained gets an empty list; an unknown "
        "arm raises ValueError."
    ),
    example=(
        'training_pairs("weak_to_strong", [("g", "G")], ["p"], ["weak p"], ["true p"]) == [("p", "weak p")]'
    ),
    verified="each arm gets the right inputs with the right labels, and the ceiling the student's own "
    "inputs.",
    cases=(
        Case(
            'training_pairs("strong_prompted", [("g", "G")], ["p"], ["weak p"], ["true p"])',
            [],
            wrong={"a prompt is training": [["g", "G"]]},
            why="this arm sees its examples in the prompt and is not trained",
            part="not trained",
        ),
        Case(
            'training_pairs("weak", [("g", "G")], ["p"], ["weak p"], ["true p"])',
            [["g", "G"]],
            wrong={"the teacher learns its own labels": [["p", "weak p"]]},
            why="the weak model learned from its gold before it labelled anything",
            part="gold",
        ),
        Case(
            'training_pairs("strong_on_gold", [("g", "G")], ["p"], ["weak p"], ["true p"])',
            [["g", "G"]],
            wrong={"strong on gold is the ceiling": [["p", "true p"]]},
            why="this arm asks what the weak model's own gold would have done for the strong model",
            part="gold",
        ),
        Case(
            'training_pairs("weak_to_strong", [("g", "G")], ["p", "q"], ["weak p", "weak q"], '
            '["true p", "true q"])',
            [["p", "weak p"], ["q", "weak q"]],
            wrong={
                "the student sees the truth": [["p", "true p"], ["q", "true q"]],
                "gold is mixed in": [["g", "G"], ["p", "weak p"], ["q", "weak q"]],
            },
            why="the student learns from the weak labels and from nothing else",
            part="pool",
        ),
        Case(
            'training_pairs("ceiling", [("g", "G")], ["p", "q"], ["weak p", "weak q"], ["true p", "true q"])',
            [["p", "true p"], ["q", "true q"]],
            wrong={"the ceiling has inputs of its own": [["g", "G"]]},
            why="only the labels may differ from the student's, not the snippets",
            part="pool",
        ),
        Case(
            'training_pairs("control", [("g", "G")], ["p", "q"], ["weak p", "weak q"], ["true p", "true q"])',
            [["p", "weak p"], ["q", "weak q"]],
            wrong={"the control learns from gold": [["g", "G"]]},
            why="it is a student like the other, on the same labels, without the pre-training",
            part="pool",
        ),
        Case(
            'training_pairs("middle", [("g", "G")], ["p"], ["weak p"], ["true p"])',
            Raises("ValueError"),
            wrong={"an unknown arm passes in silence": []},
            why="a misspelt arm must not become an untrained one",
            part="not trained",
        ),
    ),
    misconceptions={
        "a prompt is training": (
            "You train the arm that is only prompted. Where do its examples stand, and do its weights change?"
        ),
        "the teacher learns its own labels": (
            "You train the weak model on what it wrote itself. When was it trained, before or after "
            "labelling?"
        ),
        "strong on gold is the ceiling": (
            "You give 'strong_on_gold' the whole pool. Then it is another arm's twin. Whose gold is it to "
            "have?"
        ),
        "the student sees the truth": (
            "Your student learns from true explanations of the pool. Does the team of the story have them?"
        ),
        "gold is mixed in": (
            "You add gold pairs to the weak labels. That is a remedy of unit 7; in 4.10 there is one sum, "
            "over what?"
        ),
        "the ceiling has inputs of its own": (
            "Your ceiling is trained on other snippets than the student. If it wins, is that because of its "
            "labels or because of its snippets? Which arms must differ in one thing only?"
        ),
        "the control learns from gold": (
            "Your control learns from gold. It is to show what pre-training adds to weak labels: what must "
            "it share with the student?"
        ),
        "an unknown arm passes in silence": (
            "For an arm that does not exist you return a list. Try a name with a spelling mistake: would you "
            "notice, in a run of an hour?"
        ),
    },
    hints=(
        "There are three sets of pairs, and each trained arm gets exactly one of them. Which inputs, and "
        "whose sentences?",
        "The weak model and 'strong_on_gold' share one set, the student and the control another; the ceiling "
        "has the student's snippets. `zip` pairs two lists.",
        "Make a dict from arm to list: two entries are `gold`, two are `list(zip(...))` of the pool and the "
        "weak labels, one of the pool and its gold, one is empty. Then raise ValueError if the arm is not in "
        "the dict.",
    ),
)

# --- 1.4: who is weak, who is strong ----------------------------------------------------------------

UP, DOWN, NEITHER = "weak to strong", "strong to weak", "neither"

ROLES = Exercise(
    id="1.4",
    name="roles",
    title="Which way does the supervision flow?",
    points=2,
    minutes=4,
    difficulty=1,
    contract=(
        f"`roles` is a dict with the keys 'assistant', 'proofs', 'filter', 'votes' and 'cascade', each with "
        f"one of the values '{UP}', '{DOWN}' or '{NEITHER}'."
    ),
    example=f'{{"assistant": "{UP}", ...}} has the right form',
    verified="you told the five projects apart by who writes the labels and who learns from them.",
    cases=(
        Case(
            'roles["assistant"]',
            DOWN,
            wrong={"every machine label is a weak label": UP},
            part="assistant",
        ),
        Case(
            'roles["proofs"]',
            UP,
            wrong={"people are never the weak ones": DOWN, "only models supervise": NEITHER},
            part="proofs",
        ),
        Case('roles["filter"]', UP, wrong={"the small one must be the pupil": DOWN}, part="filter"),
        Case('roles["votes"]', NEITHER, wrong={"own labels are weak labels": UP}, part="votes"),
        Case(
            'roles["cascade"]',
            NEITHER,
            wrong={"two models are enough": UP, "asking is teaching": DOWN},
            part="cascade",
        ),
    ),
    misconceptions={
        "every machine label is a weak label": (
            "A machine wrote the labels of 'assistant', but which machine? Compare the writer with the "
            "learner."
        ),
        "people are never the weak ones": (
            "In 'proofs' people judge something that is beyond them. Weak and strong are roles: who could do "
            "the task better, the one who labels or the one who learns?"
        ),
        "only models supervise": (
            "In 'proofs' someone supplies labels and someone learns from them. Does the supervisor have to "
            "be a model for that?"
        ),
        "the small one must be the pupil": (
            "In 'filter' look at who writes and who learns, not at who is larger. Whose weights change?"
        ),
        "own labels are weak labels": (
            "In 'votes' count the models. Is there a weaker one that supervises a stronger one?"
        ),
        "two models are enough": (
            "In 'cascade' there are a small and a large model. Which of them learns from the other?"
        ),
        "asking is teaching": (
            "In 'cascade' the large model gives answers to users. Does the small one ever learn from them?"
        ),
    },
    hints=(
        "For each project write down two names: who writes the labels, and whose weights change because of "
        "them. If one of the two is missing, or both are the same, that settles it.",
        "Then compare the two on the task in question: which would do better if somebody taught it the "
        "truth? Size, price and being human don't decide it.",
        "Two projects have no weaker or stronger supervisor at all, one is ordinary distillation, and in the "
        "other two the less able side labels.",
    ),
)

# --- 1.5: what a budget buys ------------------------------------------------------------------------

AFFORDABLE = Exercise(
    id="1.5",
    name="affordable",
    title="How many labels does a budget buy?",
    points=2,
    minutes=6,
    difficulty=2,
    contract=(
        "`affordable(budget, price, fixed, pool)` returns how many snippets can be labelled, as an int. "
        "`budget` is in dollars, `price` in dollars a label (0 or more; 0 means that labels cost nothing), "
        "`fixed` in dollars, paid once before the first label (0 or more), `pool` the number of snippets "
        "that there are. Labels are bought whole, and never more than there are snippets."
    ),
    example="affordable(10, 2.0, 4, 100) == 3",
    verified="the fixed cost is paid once and first, labels are whole, and the pool sets the limit.",
    cases=(
        Case("affordable(10, 2.0, 0, 100)", 5, why="ten dollars buy five labels of two"),
        Case(
            "affordable(10, 2.0, 4, 100)",
            3,
            wrong={"forgets the fixed cost": 5, "pays the fixed cost with every label": 1},
            why="six dollars are left for labels",
        ),
        Case(
            "affordable(11, 4.0, 0, 100)", 2, wrong={"rounds": 3}, why="the third label costs a dollar more"
        ),
        Case(
            "affordable(2, 2.0, 8, 100)",
            0,
            wrong={
                "buys on credit": -3,
                "forgets the fixed cost": 1,
                "labels before the bill is paid": 1,
            },
            why="the fixed cost alone is more than the budget",
        ),
        Case(
            "affordable(1000, 1.0, 0, 50)",
            50,
            wrong={"labels snippets that don't exist": 1000},
            why="there are only fifty snippets",
        ),
        Case(
            "affordable(5, 0.0, 5, 40)",
            40,
            wrong={"stumbles over a price of zero": Raises("ZeroDivisionError")},
            why="after the fixed cost labels cost nothing, so all of the pool is labelled",
        ),
        Case(
            "affordable(5, 0.0, 6, 40)",
            0,
            wrong={
                "stumbles over a price of zero": Raises("ZeroDivisionError"),
                "forgets the fixed cost": 40,
                "labels before the bill is paid": 40,
            },
            why="labels that cost nothing do not help who cannot pay what comes first",
        ),
    ),
    misconceptions={
        "forgets the fixed cost": (
            "Where did the fixed cost go? A weak model that has learned nothing cannot label: somebody paid "
            "for its gold."
        ),
        "pays the fixed cost with every label": (
            "You pay the fixed cost for each label. How often is the weak model trained?"
        ),
        "rounds": "You round. Multiply your number of labels by the price: is that still within the budget?",
        "buys on credit": (
            "You return a negative number of labels. What can be bought if the fixed cost is above the "
            "budget?"
        ),
        "labels before the bill is paid": (
            "You label although the fixed cost cannot be paid in full. Which bill comes first?"
        ),
        "labels snippets that don't exist": (
            "You buy more labels than there are snippets. Which argument says how many can be used?"
        ),
        "stumbles over a price of zero": (
            "You divide by a price of zero. How many labels does one get that cost nothing?"
        ),
    },
    hints=(
        "Do it in the order of the bills: first what is paid once, then what is left, then how many whole "
        "labels that buys, then whether there are so many snippets.",
        "Two inputs need a branch of their own: a budget below the fixed cost, and a price of zero. For the "
        "rest, `//` or `int` gives whole labels and `min` sets the limit.",
        "Return 0 if `budget` is below `fixed`; return `pool` if `price` is 0; else the smaller of `pool` "
        "and the whole part of what is left, divided by the price.",
    ),
)

# --- 1.6: what follows from a run -------------------------------------------------------------------

FOLLOWS = Exercise(
    id="1.6",
    name="what_follows",
    title="What follows from a run, and what does not",
    points=3,
    minutes=7,
    difficulty=3,
    contract=(
        "`what_follows(gain, student, gold)` takes three 95% intervals, each a pair (low, high) of "
        "fractions: of the student's gain over its teacher, of the student's accuracy, and of the accuracy "
        "of the strong "
        'model on the teacher\'s gold. It returns a dict with three answers, each "yes", "no" or "open": '
        '"beats" (does the student beat its teacher? "no" means that it is worse), "gold_better" (does the '
        'gold do more for the strong model than the weak labels? "no" means that it does less), "sound" (is '
        "the plan sound for code that people write?). An interval that only touches 0, or another one, "
        "settles nothing."
    ),
    example=(
        "what_follows((0.02, 0.1), (0.5, 0.6), (0.8, 0.9)) == "
        '{"beats": "yes", "gold_better": "yes", "sound": "open"}'
    ),
    verified="you say yes or no only where an interval settles it, and never more than one run can tell.",
    cases=(
        Case(
            'what_follows((0.02, 0.1), (0.5, 0.6), (0.8, 0.9))["beats"]',
            "yes",
            why="the whole interval of the gain lies above 0",
            part="beats",
        ),
        Case(
            'what_follows((-0.1, -0.02), (0.5, 0.6), (0.8, 0.9))["beats"]',
            "no",
            why="the whole interval of the gain lies below 0",
            part="beats",
        ),
        Case(
            'what_follows((-0.04, 0.1), (0.5, 0.6), (0.8, 0.9))["beats"]',
            "open",
            wrong={"reads the middle": "yes", "not shown means no": "no"},
            why="the interval holds 0, harm and gain",
            part="beats",
        ),
        Case(
            'what_follows((0.0, 0.1), (0.5, 0.6), (0.8, 0.9))["beats"]',
            "open",
            wrong={"reads the middle": "yes", "not shown means no": "no", "touching is enough": "yes"},
            why="no gain at all is still within the interval",
            part="beats",
        ),
        Case(
            'what_follows((0.02, 0.1), (0.5, 0.6), (0.8, 0.9))["gold_better"]',
            "yes",
            why="the two intervals are apart",
            part="gold",
        ),
        Case(
            'what_follows((0.02, 0.1), (0.7, 0.8), (0.4, 0.6))["gold_better"]',
            "no",
            why="the two intervals are apart, and the student's is the higher",
            part="gold",
        ),
        Case(
            'what_follows((0.02, 0.1), (0.5, 0.7), (0.6, 0.8))["gold_better"]',
            "open",
            wrong={"compares the middles": "yes", "not shown means no": "no"},
            why="the two intervals overlap",
            part="gold",
        ),
        Case(
            'what_follows((0.02, 0.1), (0.5, 0.6), (0.6, 0.8))["gold_better"]',
            "open",
            wrong={"compares the middles": "yes", "touching is enough": "yes", "not shown means no": "no"},
            why="the two intervals touch",
            part="gold",
        ),
        Case(
            'what_follows((0.02, 0.1), (0.6, 0.7), (0.4, 0.6))["gold_better"]',
            "open",
            wrong={"compares the middles": "no", "touching is enough": "no", "not shown means no": "no"},
            why="the two intervals touch, the student's being the higher",
            part="gold",
        ),
        Case(
            'what_follows((0.02, 0.1), (0.5, 0.6), (0.8, 0.9))["sound"]',
            "open",
            wrong={"a gain makes it sound": "yes", "better gold makes it unsound": "no"},
            why="none of the three intervals was measured on code that people wrote",
            part="sound",
        ),
        Case(
            'what_follows((-0.04, 0.1), (0.5, 0.7), (0.6, 0.8))["sound"]',
            "open",
            wrong={"not shown means no": "no"},
            why="none of the three intervals was measured on code that people wrote",
            part="sound",
        ),
        Case(
            'what_follows((-0.1, -0.02), (0.5, 0.7), (0.6, 0.8))["sound"]',
            "open",
            wrong={"a loss makes it unsound": "no"},
            why="a harm, too, was not measured on code that people wrote",
            part="sound",
        ),
    ),
    misconceptions={
        "reads the middle": (
            "You look at the middle of the gain's interval, or at one of its ends. Which other values does "
            "the interval hold? What if one of them is the true gain?"
        ),
        "compares the middles": (
            "You compare the middles of two intervals. Draw them one above the other: could the order of the "
            "two accuracies be the other way round?"
        ),
        "not shown means no": (
            "You answer 'no' where nothing was shown. What would the run have to look like to show a *harm*? "
            "Not proven is a third answer."
        ),
        "touching is enough": (
            "You say 'yes' or 'no' where an interval only touches. Look at the last sentence of the contract."
        ),
        "a gain makes it sound": (
            "You call the plan sound because the student gained. On what kind of snippets was the gain "
            "measured, and what does 'sound' also ask?"
        ),
        "a loss makes it unsound": (
            "You call the plan unsound because this student lost against its teacher. On what kind of "
            "snippets was that measured, and with how many weak labels?"
        ),
        "better gold makes it unsound": (
            "You call the plan unsound because gold did better. In this run, on these snippets; and does a "
            "team have gold that asks whether a plan without it is sound?"
        ),
    },
    hints=(
        "Two questions are about the position of an interval: wholly above, wholly below, or neither. The "
        "third is about what was measured at all.",
        "For `beats` compare the ends of `gain` with 0; for `gold_better` compare the low end of one "
        "interval with the high end of the other. All comparisons are strict.",
        'Write a helper that gives "yes" if its first condition holds, "no" if its second does, else "open". '
        "Use it with `gain[0] > 0` and `gain[1] < 0`, then with `gold[0] > student[1]` and its mirror image. "
        '`sound` is "open" whatever the intervals say.',
    ),
)


# --- quizzes and the ordering task of the lesson ----------------------------------------------------


def order_of_the_plan() -> Any:
    """The steps of the strategy, without its measurement."""
    from w2s_course.learn.order import Distractor, order

    return order(
        "1.order",
        "Put the plan in order. Some steps do not belong in it: leave them out.",
        steps={
            "collect": "Collect the snippets that need an explanation",
            "teach": "Train the weak model on the few gold explanations there are",
            "label": "Let the weak model explain every snippet of the collection",
            "pair": "Pair each snippet with the weak model's explanation of it",
            "tune": "Fine-tune the strong model on the pairs",
            "test": "Try the strong model on snippets that nothing was trained on",
        },
        before=[
            ("collect", "label", "what is not collected cannot be explained"),
            ("teach", "label", "an untrained weak model writes nonsense"),
            ("label", "pair", "a pair needs its second half"),
            ("pair", "tune", "the pairs are what the strong model learns from"),
            ("tune", "test", "there is nothing to try before it has learned"),
        ],
        distractors={
            "correct": Distractor(
                "Let the strong model correct the weak labels before it learns from them",
                "it has not learned the task, so it has nothing to correct them by. If it could, nobody "
                "would need the weak model.",
            ),
            "experts": Distractor(
                "Collect an expert's explanation of every snippet",
                "that is exactly what the team has neither money nor time for; with it there would be no "
                "reason to ask a weak model.",
            ),
            "reverse": Distractor(
                "Train the weak model on what the strong one writes",
                "that is ordinary distillation, from strong to weak. Here the strong model is the one that "
                "learns.",
            ),
        },
    )


def bet_on_the_gain() -> Any:
    """The prediction that unit 4 sets the outcome beside."""
    from w2s_course.learn.predict import predict

    question = (
        "By how many points will the student be right more often than its teacher? (Below 0: less often.)"
    )
    return predict("1.gain", question, low=-50, high=50, unit="points")


def bet_on_the_errors() -> Any:
    """The prediction that unit 5 sets the outcome beside."""
    from w2s_course.learn.predict import predict

    question = (
        "Of the teacher's wrong claims on the test snippets, which share will the student make in the same "
        "way?"
    )
    return predict("1.errors", question, low=0, high=100, unit="%")


UNIT = Unit(
    number=1,
    slug="01_the_strategy",
    title="The strategy",
    minutes=65,
    exercises=(SCHEDULE, DECISION, PAIRS, ROLES, AFFORDABLE, FOLLOWS),
    activities=activities_of(BANK)
    | {"1.order": order_of_the_plan, "1.gain": bet_on_the_gain, "1.errors": bet_on_the_errors},
)
