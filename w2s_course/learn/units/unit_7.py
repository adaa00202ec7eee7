"""Unit 7, Remedies: what its exercises ask, and how a wrong answer is recognised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from w2s_course.learn.answers import Outcome, is_number
from w2s_course.learn.bank import activities_of
from w2s_course.learn.exercises import Case, Exercise, Raises, Unit, Verdict
from w2s_course.learn.units.quizzes_7 import BANK

NAN = float("nan")

# --- what the checks hand to a learner's function ---------------------------------------------------


def labelled(*log_probs: Sequence[float], right: Sequence[int] = ()) -> list[dict[str, Any]]:
    """Labels with the teacher's log-probability of each of their tokens; those in `right` equal the gold.

    >>> labelled([-0.1, -0.2], right=[0])
    [{'id': 0, 'text': 'label 0', 'gold': 'label 0', 'log_probs': [-0.1, -0.2]}]
    """
    return [
        {
            "id": i,
            "text": f"label {i}",
            "gold": f"label {i}" if i in right else f"truth {i}",
            "log_probs": list(each),
        }
        for i, each in enumerate(log_probs)
    ]


Ballot = tuple[dict[str, str] | None, float]


def said(aggregate: str, transform: str, condition: str, sure: float) -> Ballot:
    """One member's claims about a snippet, and how sure it is of its sentence.

    >>> said("sum", "square", "even", 0.9)
    ({'aggregate': 'sum', 'transform': 'square', 'condition': 'even'}, 0.9)
    """
    return {"aggregate": aggregate, "transform": transform, "condition": condition}, sure


def unreadable(sure: float) -> Ballot:
    """A member whose sentence could not be read.

    >>> unreadable(0.4)
    (None, 0.4)
    """
    return None, sure


def run_cascade(
    cascade: Callable[..., Any], small: list[tuple[str, float]], large: list[str], threshold: float
) -> dict[str, Any]:
    """What a learner's cascade answers, and about which snippets it asked the large model.

    >>> run_cascade(lambda small, ask_large, threshold: [ask_large(0)], [("a", 0.1)], ["A"], 0.5)
    {'answers': ['A'], 'asked': [0]}
    """
    asked: list[int] = []

    def ask_large(i: int) -> str:
        asked.append(i)
        return large[i]

    answers = list(cascade(small, ask_large, threshold))
    return {"answers": answers, "asked": sorted(asked)}


# --- 7.1

# Natural logarithms: of 2, 4 and 8, and of 4/3.
_LN2, _LN4, _LN8, _LN43 = 0.69314718, 1.38629436, 2.07944154, 0.28768207
_EVEN = "torch.tensor([[0.5, 0.5]])"
"""A teacher in doubt between two tokens."""

KD_LOSS = Exercise(
    id="7.1",
    name="kd_loss",
    title="The teacher's doubts: equation 4.12",
    points=3,
    minutes=7,
    difficulty=4,
    contract=(
        "`kd_loss(weak, logits, in_use)` takes the teacher's probabilities at each label token, a tensor of "
        "shape (tokens, K) whose rows add up to 1; the student's logits there, a tensor of shape (tokens, "
        "vocabulary); and `in_use`, a list of K ids: the student's id of each of the teacher's K tokens. To "
        "every other token the teacher gives the probability 0. Returns KL(teacher || student) over the "
        "whole vocabulary, in nats, as the mean over the tokens. Probabilities of the teacher may be 0, and "
        "0 times log 0 counts as 0."
    ),
    example="float(kd_loss(torch.tensor([[0.5, 0.5]]), torch.zeros(1, 2), [0, 1])) == 0.0",
    verified="the divergence runs from teacher to student, over the student's whole vocabulary, a mean over "
    "tokens, and certain teachers do no harm.",
    imports="import torch",
    tolerance=1e-4,
    cases=(
        Case(
            f"kd_loss({_EVEN}, torch.zeros(1, 2), [0, 1])",
            0.0,
            wrong={"forgets the teacher's entropy": _LN2, "takes logits for log-probabilities": -_LN2},
            why="student and teacher agree",
            part="divergence",
        ),
        Case(
            f"kd_loss({_EVEN}, torch.tensor([[1.0, 3.0]]).log(), [0, 1])",
            0.14384104,
            wrong={
                "reverse": 0.13081204,
                "forgets the teacher's entropy": 0.83698822,
                "averages over all entries": 0.07192052,
                "takes logits for log-probabilities": -1.24245332,
                "has the sign of 4.13": -0.14384104,
            },
            why="the student gives 1/4 and 3/4 where the teacher gives 1/2 and 1/2",
            part="divergence",
        ),
        Case(
            f"kd_loss({_EVEN}, torch.tensor([[2.0, 1.0, 4.0, 1.0]]).log(), [1, 3])",
            _LN4,
            wrong={
                "renormalises": 0.0,
                "takes the first columns": 1.5 * _LN2,
                "reverse": -0.25 * _LN4,
                "forgets the teacher's entropy": _LN8,
                "averages over all entries": _LN2,
                "takes logits for log-probabilities": -_LN2,
                "has the sign of 4.13": -_LN4,
            },
            why="of the student's probability three quarters are on tokens that the teacher never uses",
            part="vocabulary",
        ),
        Case(
            "kd_loss(torch.tensor([[0.5, 0.5], [1.0, 0.0]]), torch.zeros(2, 2), [0, 1])",
            0.5 * _LN2,
            wrong={
                "adds over the tokens": _LN2,
                "forgets the teacher's entropy": _LN2,
                "averages over all entries": 0.25 * _LN2,
                "takes logits for log-probabilities": -0.5 * _LN2,
                "has the sign of 4.13": -0.5 * _LN2,
                "0 log 0": NAN,
            },
            why="the divergence is 0 at the first token and log 2 at the second, the certain one",
            part="tokens",
        ),
    ),
    misconceptions={
        "reverse": "Your divergence runs from student to teacher. In 4.12 the expectation is taken under "
        "which of the two? (The other one punishes the student for what the teacher finds impossible.)",
        "forgets the teacher's entropy": "You compute a cross-entropy: it does not become 0 where the two "
        "agree. Its gradient is the same, but as a loss to be read it hides how close they are. What is "
        "missing depends on the teacher alone.",
        "takes logits for log-probabilities": "Logits are no log-probabilities: their exponentials need not "
        "add up to 1, and a divergence cannot be negative. What turns a row of logits into one?",
        "has the sign of 4.13": "The minus sign belongs to 4.13, where the loss is subtracted. A divergence "
        "itself is 0 or more.",
        "renormalises": "You take the softmax over the ids in use alone, so what the student spends on all "
        "other tokens costs it nothing. Over how many tokens does its softmax run?",
        "takes the first columns": "Token 0 of the teacher need not be token 0 of the student. What is "
        "`in_use` for? Models without shared ids have no 4.12 at all.",
        "averages over all entries": "You divide by the number of all entries. The sum over the vocabulary "
        "*is* the divergence at one token; only tokens are averaged. (PyTorch's `kl_div` does what you did "
        "by default, and says so in its documentation.)",
        "adds over the tokens": "You add the tokens up, so a batch of long labels would weigh more. What "
        "does the contract ask for?",
        "0 log 0": "Where the teacher's probability is 0, 0 times log 0 is NaN for a computer, and one NaN "
        "ends a training. Look at a teacher that is certain.",
    },
    hints=(
        "At one token: sum over v of w(v) * (log w(v) - log s(v)). Which tokens v have a w(v) above 0?",
        "`logits.log_softmax(-1)` over the whole vocabulary first, then only the columns `in_use`. Sum over "
        "the columns, mean over the rows.",
        "`torch.xlogy(weak, weak)` is w log w with 0 log 0 = 0. From it subtract weak times the student's "
        "log-probabilities of the ids in use; `.sum(-1)`, then `.mean()`.",
    ),
)


# --- 7.2

STUDENT_LOSS = Exercise(
    id="7.2",
    name="student_loss",
    title="Both together: equation 4.13",
    points=2,
    minutes=4,
    difficulty=2,
    contract=(
        "`student_loss(label_log_probs, kd, progress, start)` returns the number to be *minimised* so that "
        "4.13 is maximised. `label_log_probs` is a list of the student's log-probabilities of the label "
        "tokens, of which the mean is taken; `kd` is the mean divergence of 7.1; `progress` is the share of "
        "the steps that are done, in [0, 1]; lambda falls linearly from `start` at progress 0 to 0 at "
        "progress 1."
    ),
    example="student_loss([-1.0, -3.0], 0.5, 0.5, 2.0) == 2.5",
    verified="the labels pull throughout, the teacher's doubts less and less, and less loss is better.",
    cases=(
        Case(
            "student_loss([-1.0], 0.0, 0.0, 1.0)",
            1.0,
            wrong={"maximises": -1.0, "mixes": 0.0},
            why="without a divergence only the label is left",
            part="terms",
        ),
        Case(
            "student_loss([-1.0, -3.0], 0.5, 0.0, 2.0)",
            3.0,
            wrong={
                "maximises": -3.0,
                "subtracts the divergence": 1.0,
                "adds up the tokens": 5.0,
                "mixes": -1.0,
                "lambda grows": 2.0,
            },
            why="before the first step lambda is 2: 2 + 2 times 0.5",
            part="terms",
        ),
        Case(
            "student_loss([-1.0, -3.0], 0.5, 0.75, 2.0)",
            2.25,
            wrong={
                "maximises": -2.25,
                "subtracts the divergence": 1.75,
                "adds up the tokens": 4.25,
                "mixes": 1.25,
                "lambda grows": 2.75,
                "lambda stays": 3.0,
                "fades the labels too": 0.75,
            },
            why="with a quarter of the steps left lambda is 0.5",
            part="lambda",
        ),
        Case(
            "student_loss([-2.0], 3.0, 1.0, 4.0)",
            2.0,
            wrong={
                "maximises": -2.0,
                "lambda grows": 14.0,
                "lambda stays": 14.0,
                "fades the labels too": 0.0,
            },
            why="after the last step the teacher's doubts weigh nothing",
            part="lambda",
        ),
    ),
    misconceptions={
        "maximises": "You return the quantity of 4.13 itself. An optimiser makes its loss *small*: what "
        "would this one teach?",
        "subtracts the divergence": "With your sign a student that moves away from the teacher is rewarded. "
        "4.13 is maximised, a loss is minimised: which signs change?",
        "adds up the tokens": "You add up the label's tokens, and the divergence is a mean: with longer "
        "labels lambda would weigh less and less. Both terms are means here.",
        "mixes": "You weigh the labels with 1 - lambda. In 4.13 lambda stands before the divergence alone, "
        "and it may well be above 1.",
        "lambda grows": "Your lambda grows while the student learns. Who needs the teacher more, a student "
        "at the first step or at the last?",
        "lambda stays": "Your lambda is the same at every step. Look at `progress`.",
        "fades the labels too": "You let the whole loss fade, the labels with it. What is left to learn "
        "from at the last step?",
    },
    hints=(
        "Two terms. For each ask: should the optimiser make it large or small?",
        "lambda is a straight line through (0, start) and (1, 0). It multiplies one of the two terms.",
        "Minus the mean of the log-probabilities, plus `start * (1 - progress)` times `kd`.",
    ),
)


# --- 7.3

LIKELIEST = Exercise(
    id="7.3",
    name="likeliest",
    title="Selection by the teacher's likelihood",
    points=2,
    minutes=5,
    difficulty=2,
    contract=(
        "`likeliest(labels, share)` takes a list of dicts with the keys `id`, `text`, `gold` and "
        "`log_probs` (the teacher's log-probability of each token of its label, end mark included). It "
        "returns the ids of the labels that the teacher finds likeliest as whole sentences, in the order of "
        "`labels`: `share` of them, rounded with `round`, and at least one. Of equally likely ones the "
        "first stay. Raises ValueError for a share that is not above 0 and at most 1."
    ),
    example="likeliest(labelled([-0.1], [-0.3], [-0.2, -0.2], [-0.9]), 0.5) == [0, 1]",
    verified="labels are ranked by the likelihood of the whole sentence, as many are kept as asked for, and "
    "nobody looked at the truth.",
    imports="from w2s_course.learn.units.unit_7 import labelled",
    cases=(
        Case(
            "likeliest(labelled([-0.1], [-2.0], right=[1]), 0.5)",
            [0],
            wrong={"peeks at the gold": [1], "keeps the unlikely": [1]},
            why="label 0 is likelier, whatever the truth is",
            part="likelihood",
        ),
        Case(
            "likeliest(labelled([-0.3, -0.3, -0.3], [-0.5], [-0.1], [-2.0, -0.02, -0.02, -0.02], "
            "right=[0, 1]), 0.5)",
            [1, 2],
            wrong={
                "peeks at the gold": [0, 1],
                "averages over the tokens": [0, 2],
                "asks the weakest token": [0, 2],
                "keeps the unlikely": [0, 3],
                "likeliest first": [2, 1],
            },
            why="the logs of whole sentences are -0.9, -0.5, -0.1 and -2.06",
            part="likelihood",
        ),
        Case(
            "likeliest(labelled([-1.0, -0.01, -0.01, -0.01], [-0.3, -0.3, -0.3, -0.3, -0.3, -0.3], [-0.95]), "
            "0.34)",
            [2],
            wrong={
                "peeks at the gold": [],
                "averages over the tokens": [0],
                "asks the weakest token": [1],
                "keeps the unlikely": [1],
                "a bound, not a share": [0, 2],
            },
            why="the logs of whole sentences are -1.03, -1.8 and -0.95",
            part="likelihood",
        ),
        Case(
            "likeliest(labelled([-0.1], [-0.2], [-0.05], [-0.3], right=[0, 3]), 0.25)",
            [2],
            wrong={
                "peeks at the gold": [0, 3],
                "keeps the unlikely": [3],
                "a bound, not a share": [0, 1, 2, 3],
            },
            why="a quarter of four labels is one",
            part="share",
        ),
        Case(
            "likeliest(labelled([-0.5], [-0.5], [-0.5]), 0.1)",
            [0],
            wrong={"peeks at the gold": [], "rounds down to nothing": [], "a bound, not a share": [0, 1, 2]},
            why="at least one is kept, and of equals the first",
            part="share",
        ),
        Case(
            "likeliest(labelled([-0.1], [-0.2], [-0.3]), 0.9)",
            [0, 1, 2],
            wrong={
                "peeks at the gold": [],
                "rounds down": [0, 1],
                "rounds down to nothing": [0, 1],
                "a bound, not a share": [0],
            },
            why="2.7 labels are rounded to 3",
            part="share",
        ),
        Case(
            "likeliest(labelled([-0.1], [-0.2]), 0)",
            Raises("ValueError"),
            wrong={"accepts any share": [0]},
            why="keeping none of the labels is no selection",
            part="share",
        ),
        Case(
            "likeliest(labelled([-0.1], [-0.2]), 50)",
            Raises("ValueError"),
            wrong={"accepts any share": [0, 1]},
            why="a share of 50 is probably meant to be 50%",
            part="share",
        ),
        Case(
            "likeliest(labelled([-2.0], [-0.1], [-0.5])[::-1], 0.67)",
            [2, 1],
            wrong={
                "peeks at the gold": [],
                "keeps the unlikely": [2, 0],
                "likeliest first": [1, 2],
                "a bound, not a share": [1],
                "places for ids": [0, 1],
            },
            why="the labels come with the ids 2, 1 and 0, and those asked for are ids",
            part="likelihood",
        ),
        Case(
            "likeliest(labelled([-0.1], [-0.2], [-0.3], [-0.4], [-0.5]), 0.5)",
            [0, 1],
            wrong={
                "peeks at the gold": [],
                "keeps the unlikely": [3, 4],
                "a bound, not a share": [0, 1, 2, 3, 4],
                "rounds halves up": [0, 1, 2],
            },
            why="`round(2.5)` is 2",
            part="share",
        ),
    ),
    misconceptions={
        "peeks at the gold": "You keep the labels that are right. Nobody in the scenario knows which these "
        "are; if somebody did, no selection would be needed.",
        "averages over the tokens": "You rank by the mean over tokens. The likelihood of a sentence is the "
        "*product* over its tokens, so long sentences are less likely. Look at the labels of several tokens.",
        "asks the weakest token": "You rank by the least likely token. What is the probability of the whole "
        "sentence, if each token's is given?",
        "keeps the unlikely": "You keep the labels that the teacher doubts. Are log-probabilities nearer to "
        "0 likelier, or less likely?",
        "rounds halves up": "You round a half up. The contract says `round`: try `round(2.5)`.",
        "places for ids": "You return the places of the labels in the list. The two are the same only while "
        "the ids count from 0: where does a label say its own?",
        "likeliest first": "The right labels, in another order: the student should see them in the order of "
        "`labels`, not the easiest ones first.",
        "a bound, not a share": "You keep every label above a probability. That is a rule too, but a sure "
        "teacher's labels would all stay. How many should be left here?",
        "rounds down": "You cut the number of labels off behind its point. With which function does the "
        "contract round?",
        "rounds down to nothing": "A small share of few labels rounds to none, and a student with nothing "
        "to learn from fails later, far from here. What does the contract say of 'at least'?",
        "accepts any share": "A share of 0, or of 50, goes through without a word. Whoever mixes up shares "
        "and percent should hear of it here.",
    },
    hints=(
        "Three steps: one number for each label; the ids with the largest numbers; back into order.",
        "The number is the sum of `log_probs`. `sorted` is stable: sort positions by minus that number, "
        "take the first `max(1, round(share * n))`.",
        "`best = sorted(range(n), key=lambda i: -sum(labels[i]['log_probs']))[:keep]`, then the ids of "
        "`sorted(best)`. Check the share before.",
    ),
)


# --- 7.4


def claims_of(aggregate: Any, transform: Any, condition: Any) -> dict[str, Any]:
    """What `vote` returns, None being a concept that no right answer holds."""
    return {"aggregate": aggregate, "transform": transform, "condition": condition}


VOTE = Exercise(
    id="7.4",
    name="vote",
    title="A vote, claim by claim",
    points=3,
    minutes=8,
    difficulty=3,
    contract=(
        "`vote(ballots)` takes a list of one pair `(claims, sure)` for each weak model: `claims` is a dict "
        "from slot (`aggregate`, `transform`, `condition`) to concept, or None if its sentence could not be "
        "read; `sure` is its confidence. It returns a dict from slot to the concept with the most votes in "
        "that slot. Unreadable sentences do not vote. Where several concepts have as many votes, the one "
        "whose voters have the larger sum of confidences wins, then the one that was voted for first. If no "
        "sentence could be read it returns None."
    ),
    example='vote([said("sum", "square", "even", 0.9)]) == said("sum", "square", "even", 0.9)[0]',
    verified="each slot is decided by itself and by counting, confidence only breaks ties, and who cannot be "
    "read does not vote.",
    imports="from w2s_course.learn.units.unit_7 import said, unreadable",
    cases=(
        Case('vote([said("sum", "square", "even", 0.9)])', claims_of("sum", "square", "even"), part="count"),
        Case(
            'vote([said("sum", "square", "even", 0.5), said("sum", "square", "odd", 0.6), '
            'said("product", "square", "odd", 0.9)])',
            claims_of("sum", "square", "odd"),
            wrong={
                "votes on whole sentences": claims_of("sum", "square", "even"),
                "asks the surest": claims_of("product", "square", "odd"),
            },
            why="two say sum, three say square, two say odd, though no two say it in one sentence",
            part="count",
        ),
        Case(
            'vote([said("sum", "square", "even", 0.2), said("sum", "square", "even", 0.3), '
            'said("max", "square", "odd", 0.9)])',
            claims_of("sum", "square", "even"),
            wrong={
                "asks the surest": claims_of("max", "square", "odd"),
                "adds up confidences": claims_of("max", "square", "odd"),
            },
            why="two unsure members are more than one sure one",
            part="count",
        ),
        Case(
            'vote([said("sum", "square", "positive", 0.4), said("sum", "square", "odd", 0.6)])',
            claims_of("sum", "square", "odd"),
            wrong={
                "votes on whole sentences": claims_of("sum", "square", "positive"),
                "the first wins ties": claims_of("sum", "square", "positive"),
                "wants more than half": claims_of("sum", "square", None),
            },
            why="one vote each for the condition, and the second voter is surer",
            part="ties",
        ),
        Case(
            'vote([said("sum", "square", "even", 0.9), said("sum", "square", "even", 0.1), '
            'said("max", "square", "odd", 0.6), said("max", "square", "odd", 0.5)])',
            claims_of("max", "square", "odd"),
            wrong={
                "votes on whole sentences": claims_of("sum", "square", "even"),
                "asks the surest": claims_of("sum", "square", "even"),
                "the first wins ties": claims_of("sum", "square", "even"),
                "wants more than half": claims_of(None, "square", None),
                "the surest breaks ties": claims_of("sum", "square", "even"),
            },
            why="two votes each, and 0.6 + 0.5 is more than 0.9 + 0.1",
            part="ties",
        ),
        Case(
            'vote([unreadable(0.9), said("sum", "square", "odd", 0.3), unreadable(0.8)])',
            claims_of("sum", "square", "odd"),
            wrong={
                "unreadable ones vote": claims_of(None, None, None),
                "trips over the unreadable": Raises("TypeError"),
                "asks the surest": None,
                "wants more than half": claims_of(None, None, None),
            },
            why="one of three said something",
            part="unreadable",
        ),
        Case(
            "vote([unreadable(0.9), unreadable(0.2)])",
            None,
            wrong={
                "unreadable ones vote": claims_of(None, None, None),
                "trips over the unreadable": Raises("TypeError"),
                "wants more than half": claims_of(None, None, None),
            },
            why="nobody said anything",
            part="unreadable",
        ),
    ),
    misconceptions={
        "votes on whole sentences": "You look for the most frequent whole sentence. Three members with one "
        "error each, in different slots, hold the truth between them and agree on no sentence. Look at the "
        "slots one at a time.",
        "asks the surest": "You return what the most confident member says. Then the others need not have "
        "been asked: where does the majority come in?",
        "adds up confidences": "You weigh votes by confidence, so that one sure member beats two unsure "
        "ones. That is a weighted vote, which is another method; here confidence only breaks ties.",
        "the first wins ties": "You count rightly, and in a tie the first comer wins. Who should win it "
        "by the contract?",
        "the surest breaks ties": "In a tie you ask who has the surest single voter. What does the contract "
        "compare: one of the voters, or all of them?",
        "wants more than half": "You ask for more than half of all members. The most votes are enough, and "
        "those who could not be read are no votes against.",
        "unreadable ones vote": "Your members without a sentence vote for None. An unreadable sentence "
        "claims nothing, so it must not be able to win.",
        "trips over the unreadable": "None has no slots: an unreadable sentence stops your function. Small "
        "models write such sentences early in training. Look at who votes before you count.",
    },
    hints=(
        "Leave out who cannot be read. Then solve the vote for a single slot, and do it three times.",
        "For one slot collect two numbers for each concept: how many voted for it, and the sum of their "
        "confidences. Pairs of numbers can be compared.",
        "Per slot a dict concept -> list of confidences, filled in the order of the ballots; the winner is "
        "`max(backers, key=lambda c: (len(backers[c]), sum(backers[c])))`, which keeps the first of equals.",
    ),
)


# --- 7.5


def asked(answers: str, *asked: int) -> dict[str, Any]:
    """What `run_cascade` gives: one letter an answer, and who was asked about."""
    return {"answers": list(answers), "asked": list(asked)}


CASCADE = Exercise(
    id="7.5",
    name="cascade",
    title="Ask the large model only when needed",
    points=2,
    minutes=4,
    difficulty=2,
    contract=(
        "`cascade(small, ask_large, threshold)` takes the small model's `(answer, confidence)` about each "
        "snippet; a function that asks the large model about snippet i and returns its answer, "
        "`ask_large(i)`; and the threshold. It returns the list of answers, one for each snippet in order: "
        "the small model's where its confidence is at least the threshold, else the large one's. Each call "
        "of `ask_large` costs money: none may be made in vain."
    ),
    example='run_cascade(cascade, [("a", 0.9), ("b", 0.3)], ["A", "B"], 0.5) == '
    "{'answers': ['a', 'B'], 'asked': [1]}",
    verified="each snippet is decided by itself, the order is kept, and the large model is asked about the "
    "doubtful ones alone.",
    imports="from w2s_course.learn.units.unit_7 import run_cascade",
    cases=(
        Case(
            'run_cascade(cascade, [("a", 0.9)], ["A"], 0.5)',
            asked("a"),
            wrong={"upside down": asked("A", 0), "asks about everything": asked("a", 0)},
            why="the small model is sure enough",
            part="choice",
        ),
        Case(
            'run_cascade(cascade, [("a", 0.5)], ["A"], 0.5)',
            asked("a"),
            wrong={
                "more than, not at least": asked("A", 0),
                "asks about everything": asked("a", 0),
            },
            why="'at least' includes the threshold itself",
            part="choice",
        ),
        Case(
            'run_cascade(cascade, [("a", 0.9), ("b", 0.3)], ["A", "B"], 0.5)',
            asked("aB", 1),
            wrong={
                "upside down": asked("Ab", 0),
                "asks about everything": asked("aB", 0, 1),
                "one decision for all": asked("ab"),
                "drops the doubtful": asked("a"),
            },
            why="the second answer is doubtful, the first is not",
            part="choice",
        ),
        Case(
            'run_cascade(cascade, [("a", 0.2), ("b", 0.95), ("c", 0.4)], ["A", "B", "C"], 0.9)',
            asked("AbC", 0, 2),
            wrong={
                "upside down": asked("aBc", 1),
                "asks about everything": asked("AbC", 0, 1, 2),
                "one decision for all": asked("ABC", 0, 1, 2),
                "drops the doubtful": asked("b"),
                "loses the order": asked("bAC", 0, 2),
            },
            why="only the second answer stands",
            part="order and calls",
        ),
        Case(
            'run_cascade(cascade, [("a", 0.2), ("b", 0.1)], ["A", "B"], 0.0)',
            asked("ab"),
            wrong={
                "upside down": asked("AB", 0, 1),
                "asks about everything": asked("ab", 0, 1),
            },
            why="no confidence is below 0",
            part="order and calls",
        ),
    ),
    misconceptions={
        "upside down": "You send the sure answers to the large model and keep the doubtful ones. What is "
        "it paid for?",
        "asks about everything": "Your answers are right, and the large model was asked about every "
        "snippet: that is the price of no cascade at all. When is its answer needed?",
        "more than, not at least": "An answer whose confidence *equals* the threshold is sent on. What does "
        "the contract say?",
        "one decision for all": "You decide once for all snippets, by a mean. Easy and hard snippets come "
        "mixed: what makes a cascade cheap is that each is decided by itself.",
        "drops the doubtful": "The doubtful snippets get no answer at all. Abstaining is another remedy; "
        "here somebody is asked.",
        "loses the order": "The answers are right but stand at the wrong snippets: first the sure ones, then "
        "the others. Whoever scores them compares position by position.",
    },
    hints=(
        "Go through the snippets with their numbers, and decide for each.",
        "`enumerate(small)` gives the number, the answer and its confidence. Call `ask_large(i)` only in "
        "the branch that needs it.",
        "One list: `answer if sure >= threshold else ask_large(i)` for each of them. In Python only the "
        "chosen side of `if ... else` is evaluated.",
    ),
)


# --- 7.6

_SURE = "torch.tensor([[1.0, 3.0]]).log()"
"""A student that gives 1/4 and 3/4: log 4 for token 0, log 4/3 for token 1, entropy 0.5623."""
_ENTROPY = 0.56233514

CONFIDENCE_LOSS = Exercise(
    id="7.6",
    name="confidence_loss",
    title="The confidence loss",
    points=3,
    minutes=6,
    difficulty=3,
    contract=(
        "`confidence_loss(logits, labels, trust)` takes the student's logits at the label tokens, a tensor "
        "of shape (tokens, vocabulary); the weak labels, a tensor of shape (tokens,) of ids; and `trust`, "
        "alpha in [0, 1]. Returns (1 - alpha) times the cross-entropy against the weak labels plus alpha "
        "times the cross-entropy against the student's own hardened prediction: at each token the one that "
        "it finds likeliest. Both are means over the tokens."
    ),
    example="round(float(confidence_loss(torch.tensor([[1.0, 3.0]]).log(), torch.tensor([1]), 0.5)), 4) "
    "== 0.2877",
    verified="the two targets are weighed rightly, the student's own is hard, and no token is left out.",
    imports="import torch",
    tolerance=1e-4,
    cases=(
        Case(
            f"confidence_loss({_SURE}, torch.tensor([1]), 0.5)",
            _LN43,
            wrong={
                "adds instead of mixing": 1.5 * _LN43,
                "keeps its prediction soft": 0.5 * (_LN43 + _ENTROPY),
            },
            why="label and own prediction agree, so trust changes nothing",
            part="agreement",
        ),
        Case(
            f"confidence_loss({_SURE}, torch.tensor([0]), 0.25)",
            0.75 * _LN4 + 0.25 * _LN43,
            wrong={
                "swaps the weights": 0.25 * _LN4 + 0.75 * _LN43,
                "adds instead of mixing": _LN4 + 0.25 * _LN43,
                "keeps its prediction soft": 0.75 * _LN4 + 0.25 * _ENTROPY,
                "mixes probabilities": 0.98082925,
                "skips what it doubts": NAN,
            },
            why="the label says 0, the student is sure of 1, and is trusted with a quarter",
            part="disagreement",
        ),
        Case(
            "confidence_loss(torch.tensor([[1.0, 3.0], [3.0, 1.0]]).log(), torch.tensor([0, 0]), 0.5)",
            0.25 * _LN4 + 0.75 * _LN43,
            wrong={
                "adds instead of mixing": 0.5 * _LN4 + _LN43,
                "keeps its prediction soft": 0.25 * (_LN4 + _LN43) + 0.5 * _ENTROPY,
                "mixes probabilities": 0.5 * (_LN2 + _LN43),
                "adds up the tokens": 0.5 * _LN4 + 1.5 * _LN43,
                "skips what it doubts": _LN43,
            },
            why="they disagree at the first token and agree at the second",
            part="disagreement",
        ),
        Case(
            f"confidence_loss({_SURE}, torch.tensor([0]), 0.0)",
            _LN4,
            wrong={"swaps the weights": _LN43, "skips what it doubts": NAN},
            why="without trust it is the loss of 4.10",
            part="disagreement",
        ),
    ),
    misconceptions={
        "swaps the weights": "You give the weak label the weight alpha. With a trust of 0, whom does the "
        "student believe?",
        "adds instead of mixing": "Your weak labels keep their full weight, and the student's own come on "
        "top. The two weights should add up to 1, or the step grows with the trust.",
        "keeps its prediction soft": "You compare the student with its own *probabilities*, which is its "
        "entropy. The prediction is hardened first: what target does that make?",
        "mixes probabilities": "You take the logarithm of a mixture of probabilities. The formula mixes two "
        "losses, each with its own logarithm: they are not the same.",
        "adds up the tokens": "Your loss grows with the number of tokens. Both terms are means.",
        "skips what it doubts": "You leave out the tokens at which student and label disagree. These are "
        "where the loss does something: it weighs two opinions, it filters none.",
    },
    hints=(
        "It is the loss of 4.10 twice, with two targets. What is the second target at each token?",
        "`logits.argmax(-1)` is a tensor of ids, like `labels`. No gradient can flow through it.",
        "`F.cross_entropy(logits, target)` is the mean over tokens. Once with `labels`, times "
        "`1 - trust`; once with the argmax, times `trust`.",
    ),
)


# --- 7.7

TRUST = Exercise(
    id="7.7",
    name="trust",
    title="The warm-up that jumps",
    points=2,
    minutes=4,
    difficulty=2,
    contract=(
        "`trust(progress, most, warmup)` returns alpha at a share `progress` of the steps, in [0, 1): it "
        "rises linearly from 0 at the first step to `most` at `progress == warmup`, and stays there. With a "
        "`warmup` of 0 it is `most` from the first step."
    ),
    example="trust(0.05, 0.5, 0.1) == 0.25",
    verified="the weight starts at 0, climbs in equal steps to its top where the warm-up ends, and stays.",
    cases=(
        Case(
            "trust(0.0, 0.5, 0.1)",
            0.0,
            wrong={"full from the start": 0.5, "counts down": 0.5},
            why="the student knows nothing yet",
            part="ramp",
        ),
        Case(
            "trust(0.05, 0.5, 0.1)",
            0.25,
            wrong={
                "still jumps": 0.025,
                "over the whole run": 0.025,
                "never gets there": 0.025,
                "full from the start": 0.5,
            },
            why="half of the warm-up is half of the weight",
            part="ramp",
        ),
        Case(
            "trust(0.5, 0.5, 0.1)",
            0.5,
            wrong={
                "over the whole run": 0.25,
                "never gets there": 0.05,
                "never stops rising": 2.5,
                "counts down": 0.0,
            },
            why="the warm-up is long over",
            part="plateau",
        ),
        Case(
            "trust(0.1, 0.5, 0.1)",
            0.5,
            wrong={
                "still jumps": 0.05,
                "over the whole run": 0.05,
                "never gets there": 0.05,
                "counts down": 0.0,
            },
            why="the ramp ends at the top, not below it",
            part="plateau",
        ),
        Case(
            "trust(0.0, 0.5, 0.0)",
            0.5,
            wrong={
                "still jumps": 0.0,
                "over the whole run": 0.0,
                "never gets there": 0.0,
                "divides by no warm-up": Raises("ZeroDivisionError"),
                "never stops rising": Raises("ZeroDivisionError"),
                "counts down": Raises("ZeroDivisionError"),
            },
            why="no warm-up means full weight at once",
            part="no warm-up",
        ),
    ),
    misconceptions={
        "still jumps": "Your weight still jumps: print it just before and just after the end of the "
        "warm-up. During the warm-up it is a share of *what*: of all steps, or of the warm-up's?",
        "over the whole run": "Your weight rises over all steps. Where should it have reached its top?",
        "never gets there": "Your weight stays at what it is where the warm-up ends, and that is far below "
        "`most`. By what must `progress` be divided so that the ramp reaches 1?",
        "never stops rising": "Your ramp goes on after the warm-up, to weights above 1. What holds it?",
        "full from the start": "Your weight is at its top at the first step, when the student's own "
        "predictions are still those of an untrained one.",
        "counts down": "Your weight falls where it should rise. That is the shape of lambda in 7.2; who is "
        "trusted more and more here?",
        "divides by no warm-up": "A warm-up of 0 is allowed, and a division by it is not. Which case comes "
        "first?",
    },
    hints=(
        "Draw it: a straight line from (0, 0) to (warmup, most), then level.",
        "`progress / warmup` says how much of the warm-up is done. It must not count above 1, and not be "
        "asked for where there is no warm-up.",
        "`if progress >= warmup:` return `most`; that also catches a warm-up of 0. Else `most` times the "
        "share of the warm-up.",
    ),
)


# --- 7.8

CLEAR = 0.03
"""From this difference on a change of a share counts: of 500 labels, half of them right, the standard error
of the share is 0.022."""
_KEYS = ("known", "hard", "right", "hard_share", "conclusion")


def _judge_selection(outcomes: Sequence[Outcome]) -> Verdict:
    """Whether share and conclusion follow from the learner's own counts."""
    given = outcomes[0].value
    if problem := _shape_of_selection(given):
        return Verdict(False, text=problem)
    (known_kept, known), (hard_kept, hard) = given["known"], given["hard"]
    before, after = given["hard_share"]
    if max(*given["right"], before, after) > 1:
        return Verdict(False, "percent for shares")
    true_before, true_after = hard / (known + hard), hard_kept / (known_kept + hard_kept)
    if not _close(after, true_after):
        mistakes = {
            "kept share, not make-up": hard_kept / hard if hard else 0.0,
            "divides by the whole pool": hard_kept / (known + hard),
        }
        if _close(after, true_before) and _close(before, true_after):
            return Verdict(False, "before and after swapped")
        named = [name for name, value in mistakes.items() if _close(after, value)]
        return Verdict(
            False, *(named[:1] or ["", "The second number of `hard_share` is not hard / all kept."])
        )
    if not _close(before, true_before):
        return Verdict(False, text="The first number of `hard_share` does not follow from your counts.")
    return _judge_conclusion(given["right"], true_before - true_after, str(given["conclusion"]).strip())


def _judge_conclusion(right: Sequence[float], thinned: float, letter: str) -> Verdict:
    least = CLEAR - 1e-9  # 0.142 - 0.112 is a little less than 0.03 in binary
    cleaner, narrower = right[1] - right[0] >= least, thinned >= least
    wanted = {(True, True): "a", (True, False): "b", (False, True): "c", (False, False): "d"}
    if letter == wanted[cleaner, narrower]:
        return Verdict(True)
    says_cleaner, says_narrower = letter in "ab", letter in "ac"
    if says_narrower != narrower:
        return Verdict(False, "sees thinning where there is none" if says_narrower else "overlooks thinning")
    return Verdict(False, "takes cleaning for granted" if says_cleaner else "overlooks the cleaning")


def _close(one: float, other: float) -> bool:
    return abs(one - other) < 0.006


def _shape_of_selection(given: Any) -> str:
    """What is wrong with the form of the answer, in words; empty if nothing is."""
    if not isinstance(given, dict) or set(given) != set(_KEYS):
        return f"`my_selection` must be a dict with the keys {', '.join(_KEYS)}, and no others."
    for key in _KEYS[:4]:
        pair = given[key]
        numbers = isinstance(pair, list) and len(pair) == 2 and all(is_number(each, 0) for each in pair)
        if not numbers:
            return f"`{key}` must be a list of two finite numbers that are not negative."
    for key in ("known", "hard"):
        kept, of = given[key]
        if kept > of or kept != round(kept) or of != round(of):
            return f"`{key}` must be two whole numbers: labels kept, and labels there were."
    if not given["known"][0] + given["hard"][0]:
        return "No label is kept. Copy the counts as they are printed."
    if str(given["conclusion"]).strip() not in tuple("abcd"):
        return "`conclusion` must be 'a', 'b', 'c' or 'd'."
    return ""


SELECTION = Exercise(
    id="7.8",
    name="my_selection",
    title="What did your selection select?",
    points=3,
    minutes=6,
    difficulty=3,
    contract=(
        "`my_selection` is a dict of five: `known` and `hard`, each `[kept, all]`, counts of labels as "
        "printed above; `right`, `[before, after]`, the share of labels that are right among all and among "
        "those kept; `hard_share`, `[before, after]`, the share of labels about *hard* concepts among all "
        "and among those kept, which you compute; `conclusion`, one letter. A change of a share counts if "
        "it is at least 0.03: `'a'` cleaner and narrower (the share that is right rose, the share about "
        "hard concepts fell), `'b'` cleaner only, `'c'` narrower only, `'d'` neither."
    ),
    example="{'known': [40, 50], 'hard': [10, 50], 'right': [0.5, 0.7], 'hard_share': [0.3, 0.4], "
    "'conclusion': 'd'}  # the form, not the answer",
    verified="the make-up of what is kept follows from your counts, and your conclusion from both changes.",
    cases=(Case("my_selection", None),),
    judge=_judge_selection,
    misconceptions={
        "percent for shares": "There is a share above 1 among your numbers. Shares lie between 0 and 1: "
        "divide percent by 100.",
        "kept share, not make-up": "You give the part of the hard labels that was kept. Asked is what the "
        "student will practise on: of all that is kept, how much is about hard concepts?",
        "divides by the whole pool": "You divide by all labels of the pool, those thrown away included. The "
        "student sees the kept ones only: how many are they in all?",
        "before and after swapped": "Your two shares stand in the wrong order: first among all labels, then "
        "among those that are kept.",
        "overlooks thinning": "By your own counts the hard concepts make up a clearly smaller share of what "
        "is kept. Cleaner or not, what will the student hardly practise?",
        "sees thinning where there is none": "By your own counts the share of hard concepts did not fall by "
        "0.03. The worry may be right in general; what do *your* labels show?",
        "takes cleaning for granted": "You call it cleaner. By your own numbers, by how much did the share "
        "of right labels rise? A teacher whose confidence says nothing selects nothing.",
        "overlooks the cleaning": "The share of right labels rose by 0.03 or more by your own numbers. A "
        "fair judgement names the gain as well as the price.",
    },
    hints=(
        "Copy the counts first. `hard_share` needs two divisions: hard by all before, and the same with "
        "what is kept.",
        "After: the hard labels that were kept, divided by *all* labels that were kept, known and hard "
        "together. Then look at two differences, one for `right`, one for `hard_share`.",
        "`right` rose by 0.03 or more: a or b, else c or d. `hard_share` fell by 0.03 or more: a or c, "
        "else b or d.",
    ),
)


UNIT = Unit(
    number=7,
    slug="07_remedies",
    title="Remedies",
    minutes=69,
    stages=("labels",),
    exercises=(KD_LOSS, STUDENT_LOSS, LIKELIEST, VOTE, CASCADE, CONFIDENCE_LOSS, TRUST, SELECTION),
    activities=activities_of(BANK),
)
