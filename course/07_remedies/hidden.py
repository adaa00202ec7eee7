"""The cases that only the grader sees: other inputs, and the parts of the visible ones."""

from math import log

from w2s_course.learn.exercises import Case, Raises
from w2s_course.learn.units.unit_7 import NAN, asked, claims_of
from w2s_course.learn.units.variants_7 import loss_cases, trust_cases
from w2s_course.learn.variants import draw

LN2, LN3, LN4, LN43 = log(2), log(3), log(4), log(4 / 3)

HIDDEN = {
    "7.1": [
        Case(
            "kd_loss(torch.tensor([[0.25, 0.75]]), torch.tensor([[5.0, 5.0]]), [0, 1])",
            0.25 * log(0.5) + 0.75 * log(1.5),
            wrong={
                "reverse": LN2 - LN3 / 2,
                "forgets the teacher's entropy": LN2,
                "has the sign of 4.13": -0.25 * log(0.5) - 0.75 * log(1.5),
            },
            part="divergence",
        ),
        Case(
            "kd_loss(torch.tensor([[0.25, 0.75]]), torch.tensor([[3.0, 1.0]]).log(), [1, 0])",
            0.0,
            wrong={"takes the first columns": 0.5 * LN3},
            part="vocabulary",
        ),
        Case(
            "kd_loss(torch.tensor([[0.5, 0.5]]), torch.tensor([[6.0, 1.0, 1.0]]).log(), [1, 2])",
            LN4,
            wrong={"renormalises": 0.0, "averages over all entries": LN2},
            part="vocabulary",
        ),
        Case(
            "kd_loss(torch.tensor([[0.0, 1.0], [0.5, 0.5], [0.5, 0.5]]), torch.zeros(3, 2), [0, 1])",
            LN2 / 3,
            wrong={"adds over the tokens": LN2, "forgets the teacher's entropy": LN2, "0 log 0": NAN},
            part="tokens",
        ),
    ],
    "7.2": [
        Case("student_loss([-0.5, -0.5, -2.0], 0.0, 0.3, 1.0)", 1.0, part="terms"),
        Case(
            "student_loss([-0.5, -0.5, -2.0], 2.0, 0.5, 1.0)",
            2.0,
            wrong={
                "maximises": -2.0,
                "subtracts the divergence": 0.0,
                "adds up the tokens": 4.0,
                "mixes": 1.5,
                "lambda stays": 3.0,
                "fades the labels too": 1.5,
            },
            part="terms",
        ),
        Case(
            "student_loss([-1.0], 1.0, 0.8, 5.0)",
            2.0,
            wrong={"lambda grows": 5.0, "lambda stays": 6.0, "fades the labels too": 1.2},
            part="lambda",
        ),
    ],
    "7.3": [
        Case(
            "likeliest(labelled([-0.2, -0.2], [-0.3], [-0.25], [-1.0], right=[3]), 0.5)",
            [1, 2],
            wrong={
                "averages over the tokens": [0, 2],
                "peeks at the gold": [3],
                "keeps the unlikely": [0, 3],
                "likeliest first": [2, 1],
            },
            part="likelihood",
        ),
        Case(
            "likeliest(labelled([-0.1, -0.1, -0.1, -0.1, -0.1], [-0.4], [-0.6]), 0.34)",
            [1],
            wrong={"asks the weakest token": [0], "averages over the tokens": [0]},
            part="likelihood",
        ),
        Case(
            "likeliest(labelled([-3.0], [-2.0]), 1)", [0, 1], wrong={"a bound, not a share": []}, part="share"
        ),
        Case(
            "likeliest(labelled([-0.3], [-0.3], [-0.4], [-0.3]), 0.2)",
            [0],
            wrong={"rounds down to nothing": [], "a bound, not a share": [0, 1, 2, 3]},
            part="share",
        ),
        Case(
            "likeliest(labelled([-1.0], [-0.5], [-0.7]), 0.6)",
            [1, 2],
            wrong={
                "peeks at the gold": [],
                "keeps the unlikely": [0, 2],
                "rounds down": [1],
                "rounds down to nothing": [1],
                "a bound, not a share": [1],
            },
            part="share",
        ),
        Case(
            "likeliest(labelled([-0.1]), 1.01)",
            Raises("ValueError"),
            wrong={"accepts any share": [0]},
            part="share",
        ),
        Case(
            "likeliest(labelled([-0.1]), -0.5)",
            Raises("ValueError"),
            wrong={"accepts any share": [0]},
            part="share",
        ),
        Case(
            "likeliest(labelled([-0.4], [-0.9], [-0.2], [-0.7])[2:], 0.5)",
            [2],
            wrong={
                "peeks at the gold": [],
                "keeps the unlikely": [3],
                "places for ids": [0],
            },
            part="likelihood",
        ),
        Case(
            "likeliest(labelled([-0.5], [-0.4], [-0.3], [-0.2], [-0.1]), 0.5)",
            [3, 4],
            wrong={
                "peeks at the gold": [],
                "keeps the unlikely": [0, 1],
                "likeliest first": [4, 3],
                "a bound, not a share": [0, 1, 2, 3, 4],
                "rounds halves up": [2, 3, 4],
            },
            part="share",
        ),
    ],
    "7.4": [
        Case(
            'vote([said("min", "double", "odd", 0.9), said("max", "double", "odd", 0.2), '
            'said("max", "negate", "even", 0.3)])',
            claims_of("max", "double", "odd"),
            wrong={
                "votes on whole sentences": claims_of("min", "double", "odd"),
                "asks the surest": claims_of("min", "double", "odd"),
                "adds up confidences": claims_of("min", "double", "odd"),
            },
            part="count",
        ),
        Case(
            'vote([said("count", "same", "odd", 0.1), said("sum", "same", "odd", 0.2), '
            'said("max", "same", "odd", 0.7)])',
            claims_of("max", "same", "odd"),
            wrong={
                "the first wins ties": claims_of("count", "same", "odd"),
                "votes on whole sentences": claims_of("count", "same", "odd"),
                "wants more than half": claims_of(None, "same", "odd"),
            },
            part="ties",
        ),
        Case(
            'vote([said("min", "same", "odd", 0.8), said("max", "same", "odd", 0.5), '
            'said("min", "same", "odd", 0.1), said("max", "same", "odd", 0.6)])',
            claims_of("max", "same", "odd"),
            wrong={
                "votes on whole sentences": claims_of("min", "same", "odd"),
                "asks the surest": claims_of("min", "same", "odd"),
                "the first wins ties": claims_of("min", "same", "odd"),
                "wants more than half": claims_of(None, "same", "odd"),
                "the surest breaks ties": claims_of("min", "same", "odd"),
            },
            part="ties",
        ),
        Case(
            'vote([said("sum", "same", "odd", 0.25), said("max", "same", "odd", 0.25)])',
            claims_of("sum", "same", "odd"),
            wrong={"wants more than half": claims_of(None, "same", "odd")},
            part="ties",
        ),
        Case(
            'vote([unreadable(0.5), unreadable(0.6), unreadable(0.7), said("sum", "same", "odd", 0.1)])',
            claims_of("sum", "same", "odd"),
            wrong={
                "unreadable ones vote": claims_of(None, None, None),
                "trips over the unreadable": Raises("TypeError"),
            },
            part="unreadable",
        ),
        Case("vote([unreadable(0.3)])", None, part="unreadable"),
    ],
    "7.5": [
        Case(
            'run_cascade(cascade, [("p", 0.7), ("q", 0.6), ("r", 0.1), ("s", 0.6)], '
            '["P", "Q", "R", "S"], 0.6)',
            asked("pqRs", 2),
            wrong={
                "upside down": asked("PQrS", 0, 1, 3),
                "asks about everything": asked("pqRs", 0, 1, 2, 3),
                "more than, not at least": asked("pQRS", 1, 2, 3),
                "one decision for all": asked("PQRS", 0, 1, 2, 3),
                "drops the doubtful": asked("pqs"),
                "loses the order": asked("pqsR", 2),
            },
            part="choice",
        ),
        Case(
            'run_cascade(cascade, [("p", 0.1), ("q", 1.0)], ["P", "Q"], 1.1)',
            asked("PQ", 0, 1),
            wrong={"upside down": asked("pq"), "drops the doubtful": asked("")},
            part="order and calls",
        ),
        Case(
            'run_cascade(cascade, [("p", 0.1), ("q", 0.8), ("r", 0.2), ("s", 0.9)], '
            '["P", "Q", "R", "S"], 0.5)',
            asked("PqRs", 0, 2),
            wrong={
                "asks about everything": asked("PqRs", 0, 1, 2, 3),
                "loses the order": asked("qsPR", 0, 2),
            },
            part="order and calls",
        ),
        Case("run_cascade(cascade, [], [], 0.5)", asked(""), part="choice"),
    ],
    "7.6": [
        Case(
            "confidence_loss(torch.tensor([[3.0, 1.0]]).log(), torch.tensor([1]), 1.0)",
            LN43,
            wrong={"swaps the weights": LN4},
            part="disagreement",
        ),
        Case(
            "confidence_loss(torch.tensor([[6.0, 1.0, 1.0]]).log(), torch.tensor([2]), 0.25)",
            0.75 * log(8) + 0.25 * LN43,
            wrong={
                "swaps the weights": 0.25 * log(8) + 0.75 * LN43,
                "adds instead of mixing": log(8) + 0.25 * LN43,
                "mixes probabilities": -log(0.75 / 8 + 0.25 * 0.75),
                "skips what it doubts": NAN,
            },
            part="disagreement",
        ),
        Case(
            "confidence_loss(torch.tensor([[1.0, 3.0], [1.0, 3.0]]).log(), torch.tensor([1, 1]), 0.75)",
            LN43,
            wrong={"adds up the tokens": 2 * LN43, "adds instead of mixing": 1.75 * LN43},
            part="agreement",
        ),
    ],
    "7.7": [
        Case(
            "trust(0.0, 0.8, 0.4)", 0.0, wrong={"full from the start": 0.8, "counts down": 0.8}, part="ramp"
        ),
        Case(
            "trust(0.3, 0.8, 0.4)",
            0.6,
            wrong={
                "still jumps": 0.24,
                "over the whole run": 0.24,
                "never gets there": 0.24,
                "full from the start": 0.8,
                "counts down": 0.2,
            },
            part="ramp",
        ),
        Case(
            "trust(0.8, 0.8, 0.4)",
            0.8,
            wrong={
                "over the whole run": 0.64,
                "never gets there": 0.32,
                "never stops rising": 1.6,
                "counts down": 0.0,
            },
            part="plateau",
        ),
        Case(
            "trust(0.5, 0.3, 0.0)",
            0.3,
            wrong={"divides by no warm-up": Raises("ZeroDivisionError")},
            part="no warm-up",
        ),
    ],
    "7.8": [Case("dict(my_selection)", None)],
}

HIDDEN_VARIANTS = {
    "7.2": lambda cohort: (*HIDDEN["7.2"], *loss_cases(draw(cohort, "7.2 hidden"))),
    "7.7": lambda cohort: (*HIDDEN["7.7"], *trust_cases(draw(cohort, "7.7 hidden"))),
}
