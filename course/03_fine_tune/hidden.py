"""The cases of unit 3 that only the grader sees: other inputs, the same misconceptions."""

from w2s_course.learn.exercises import Case
from w2s_course.learn.units.unit_3 import OFF
from w2s_course.learn.units.variants_3 import batch_cases, labels_cases, lora_cases
from w2s_course.learn.variants import draw

QUARTER, HALF, MOST = 1.3862944, 0.6931472, 0.2876821  # -log of 1/4, 1/2 and 3/4

HIDDEN = {
    "3.1": (
        Case(
            "loss_labels([11, 12, 13], [21, 0, 2], 8)",
            [OFF, OFF, OFF, 21, 0, 2, OFF, OFF],
            wrong={
                "masks by id": [OFF, OFF, OFF, 21, 0, OFF, OFF, OFF],
                "trains on the prompt": [11, 12, 13, 21, 0, 2, OFF, OFF],
                "trains on padding": [OFF, OFF, OFF, 21, 0, 2, 2, 2],
                "shifts already": [OFF, OFF, 21, 0, 2, OFF, OFF, OFF],
                "starts at the front": [21, 0, 2] + [OFF] * 5,
                "masks with 0": [0, 0, 0, 21, 0, 2, 0, 0],
            },
        ),
        Case(
            "loss_labels([2, 2], [2], 5)",
            [OFF, OFF, 2, OFF, OFF],
            wrong={
                "masks by id": [OFF] * 5,
                "trains on padding": [OFF, OFF, 2, 2, 2],
                "looks for the first end mark": [OFF] * 5,
                "shifts already": [OFF, 2, OFF, OFF, OFF],
                "starts at the front": [2, OFF, OFF, OFF, OFF],
                "masks with 0": [0, 0, 2, 0, 0],
                "trains on the prompt": [2, 2, 2, OFF, OFF],
            },
        ),
        Case("loss_labels([], [4, 2], 2)", [4, 2], wrong={"masks by id": [4, OFF]}),
    ),
    "3.2": (
        Case(
            "label_loss(torch.tensor([[[0, 0], [1.0986123, 0], [0, 0], [0, 0]]]), torch.tensor([[-100, "
            "-100, 0, -100]]))",
            MOST,
            wrong={
                "divides by all positions": MOST / 3,
                "counts masked positions": (HALF + MOST + HALF) / 3,
                "does not shift": HALF,
                "forgets the sign": -MOST,
            },
        ),
        Case(
            "label_loss(torch.tensor([[[0, 0], [0, 1.0986123], [0, 0], [0, 0]], "
            "[[0, 1.0986123], [0, 1.0986123], [1.0986123, 0], [0, 0]]]), "
            "torch.tensor([[-100, -100, 0, -100], [-100, 1, 1, 1]]))",
            (QUARTER + MOST + MOST + QUARTER) / 4,
            wrong={
                "divides by all positions": (QUARTER + MOST + MOST + QUARTER) / 6,
                "sums": QUARTER + MOST + MOST + QUARTER,
                "counts masked positions": (HALF + QUARTER + HALF + MOST + MOST + QUARTER) / 6,
                "does not shift": (HALF + MOST + QUARTER + HALF) / 4,
                "averages examples": (QUARTER + (MOST + MOST + QUARTER) / 3) / 2,
                "forgets the sign": -(QUARTER + MOST + MOST + QUARTER) / 4,
            },
        ),
        Case(
            "label_loss(torch.tensor([[[0.0, 400.0, 0.0], [800.0, 0.0, 0.0], [0.0, 0.0, 0.0]]]), "
            "torch.tensor([[-100, 2, 1]]))",
            600.0,
            wrong={
                "takes the log of the softmax": float("inf"),
                "sums": 1200.0,
                "forgets the sign": -600.0,
            },
        ),
    ),
    "3.3": (
        Case(
            "pad_batch([[4, 4, 1], [8, 1], [3, 5, 7, 1]], 1)",
            {
                "input_ids": [[4, 4, 1, 1], [8, 1, 1, 1], [3, 5, 7, 1]],
                "attention": [[1, 1, 1, 0], [1, 1, 0, 0], [1, 1, 1, 1]],
            },
            wrong={
                "finds padding by id": {
                    "input_ids": [[4, 4, 1, 1], [8, 1, 1, 1], [3, 5, 7, 1]],
                    "attention": [[1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 1, 0]],
                },
                "attention upside down": {
                    "input_ids": [[4, 4, 1, 1], [8, 1, 1, 1], [3, 5, 7, 1]],
                    "attention": [[0, 0, 0, 1], [0, 0, 1, 1], [0, 0, 0, 0]],
                },
            },
        ),
        Case(
            "pad_batch([[7], [7, 9, 2]], 0)",
            {"input_ids": [[7, 0, 0], [7, 9, 2]], "attention": [[1, 0, 0], [1, 1, 1]]},
            wrong={
                "cuts to the shortest": {"input_ids": [[7], [7]], "attention": [[1], [1]]},
                "pads on the left": {
                    "input_ids": [[0, 0, 7], [7, 9, 2]],
                    "attention": [[0, 0, 1], [1, 1, 1]],
                },
                "attends to padding": {
                    "input_ids": [[7, 0, 0], [7, 9, 2]],
                    "attention": [[1, 1, 1], [1, 1, 1]],
                },
                "pads with -100": {
                    "input_ids": [[7, OFF, OFF], [7, 9, 2]],
                    "attention": [[1, 0, 0], [1, 1, 1]],
                },
            },
        ),
    ),
    "3.4": (
        Case(
            "lora_parameters([(10, 1)], 3, 3)",
            33,
            wrong={"one of the two": 30, "multiplies": 30, "frozen ones too": 43},
        ),
        Case(
            "lora_parameters([(8, 6), (6, 6), (6, 2)], 4, 32)",
            136,
            wrong={
                "the whole matrix": 96,
                "one of the two": 80,
                "multiplies": 384,
                "a third matrix": 184,
                "frozen ones too": 232,
                "alpha makes more": 1088,
            },
        ),
        Case(
            "lora_parameters([(6, 6), (6, 2), (6, 6)], 4, 8)",
            128,
            wrong={
                "the whole matrix": 84,
                "one of the two": 72,
                "multiplies": 336,
                "a third matrix": 176,
                "frozen ones too": 212,
                "alpha makes more": 256,
            },
        ),
        Case("lora_parameters([], 4, 8)", 0),
    ),
    "3.5": (
        Case(
            "stopping_cost([{'step': 5, 'loss': 0.8, 'gold': 0.5, 'weak': 0.75}, "
            "{'step': 10, 'loss': 0.1, 'gold': 0.875, 'weak': 0.5}, "
            "{'step': 15, 'loss': 0.2, 'gold': 0.75, 'weak': 0.75}, "
            "{'step': 20, 'loss': 0.3, 'gold': 0.625, 'weak': 0.625}])",
            0.375,
            wrong={
                "mixes the two measures": 0.125,
                "trains to the end": 0.25,
                "stops by the loss": 0.0,
                "counts steps": 5,
                "wrong way round": -0.375,
                "takes the last of equals": 0.125,
            },
        ),
        Case(
            "stopping_cost([{'step': 3, 'loss': 1.5, 'gold': 0.25, 'weak': 0.25}, "
            "{'step': 6, 'loss': 1.0, 'gold': 0.75, 'weak': 0.5}])",
            0.0,
            wrong={"mixes the two measures": 0.25},
        ),
    ),
    "3.6": (Case("my_reading", None),),
}

HIDDEN_VARIANTS = {
    "3.1": lambda cohort: (*HIDDEN["3.1"], *labels_cases(draw(cohort, "3.1 hidden"))),
    "3.3": lambda cohort: (*HIDDEN["3.3"], *batch_cases(draw(cohort, "3.3 hidden"))),
    "3.4": lambda cohort: (*HIDDEN["3.4"], *lora_cases(draw(cohort, "3.4 hidden"))),
}
