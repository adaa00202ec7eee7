"""Unit 3, 'Fine-tune the strong model': what its exercises demand, and the keys of its activities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from w2s_course.learn.answers import Outcome, is_number
from w2s_course.learn.bank import activities_of
from w2s_course.learn.exercises import Case, Exercise, Unit, Verdict
from w2s_course.learn.units.quizzes_3 import BANK

OFF = -100

LABELS = Exercise(
    id="3.1",
    name="loss_labels",
    title="Which tokens count?",
    points=2,
    minutes=5,
    difficulty=2,
    contract=(
        "`loss_labels(prompt, label, length)` takes two lists of token ids and the length of the padded "
        "row, which is at least that of both together. The label ends with the end mark, 2; the prompt may "
        "hold end marks too. It returns a "
        "list of `length` ints: at the position of each label token, its end mark included, that token's "
        "id; at all other positions -100."
    ),
    example="loss_labels([7, 8], [5, 2], 6) == [-100, -100, 5, 2, -100, -100]",
    verified=(
        "the loss falls on the label and its end mark, each at its own position, and on nothing else; no "
        "token id decides what is masked."
    ),
    cases=(
        Case(
            "loss_labels([7, 8], [5, 2], 4)",
            [OFF, OFF, 5, 2],
            wrong={
                "masks by id": [OFF, OFF, 5, OFF],
                "trains on the prompt": [7, 8, 5, 2],
                "shifts already": [OFF, 5, 2, OFF],
                "starts at the front": [5, 2, OFF, OFF],
                "masks with 0": [0, 0, 5, 2],
            },
            why="the two prompt tokens are given, and the end mark has to be learned",
        ),
        Case(
            "loss_labels([7, 8], [5, 2], 6)",
            [OFF, OFF, 5, 2, OFF, OFF],
            wrong={
                "masks by id": [OFF, OFF, 5, OFF, OFF, OFF],
                "trains on the prompt": [7, 8, 5, 2, OFF, OFF],
                "trains on padding": [OFF, OFF, 5, 2, 2, 2],
                "shifts already": [OFF, 5, 2, OFF, OFF, OFF],
                "starts at the front": [5, 2, OFF, OFF, OFF, OFF],
                "masks with 0": [0, 0, 5, 2, 0, 0],
            },
            why="two positions of padding follow the end mark",
        ),
        Case(
            "loss_labels([2, 9, 4], [6, 2], 6)",
            [OFF, OFF, OFF, 6, 2, OFF],
            wrong={
                "masks by id": [OFF, OFF, OFF, 6, OFF, OFF],
                "trains on the prompt": [2, 9, 4, 6, 2, OFF],
                "trains on padding": [OFF, OFF, OFF, 6, 2, 2],
                "shifts already": [OFF, OFF, 6, 2, OFF, OFF],
                "starts at the front": [6, 2, OFF, OFF, OFF, OFF],
                "masks with 0": [0, 0, 0, 6, 2, 0],
                "looks for the first end mark": [OFF] * 6,
            },
            why="an end mark in the prompt ends nothing",
        ),
    ),
    misconceptions={
        "masks by id": (
            "Your labels have no end mark. Padding and end mark have the same id here: what do you "
            "compare? A model that never sees the end mark in its labels never learns to stop."
        ),
        "trains on the prompt": (
            "You take the loss on the prompt too. Equation 4.10 asks for the probability of the label "
            "given the code: nobody wants the student to write code. Look at the first positions."
        ),
        "trains on padding": (
            "Your padding carries labels, so the student would be praised for writing end mark after end "
            "mark. Look at what stands behind the first end mark of the label."
        ),
        "shifts already": (
            "Your labels stand one position too early. A label stands at its own position; that position t "
            "predicts t + 1 is taken care of where the loss is computed (exercise 3.2). Count from 0."
        ),
        "starts at the front": (
            "Your label begins at position 0, where the prompt stands. Labels and input ids are two rows "
            "of the same length; position by position they speak of the same token."
        ),
        "masks with 0": (
            "You write 0 where there is no loss, but 0 is a token like any other and would be trained on. "
            "Which number can never be a token id?"
        ),
        "looks for the first end mark": (
            "You take the first end mark of the row for the end of the label. Prompts may hold end marks "
            "as well (chat formats are full of them). You know both lengths: no search is needed."
        ),
    },
    hints=(
        "Write the row of positions on paper: prompt, label, padding. How long is each of the three?",
        "None of the three parts needs an `if`, nor a look at an id. The padding is as long as `length` "
        "minus the other two.",
        "Put three lists one after the other: -100 as often as the prompt is long, the label as it is, "
        "-100 for what is left. `[-100] * n` is a list of n times -100.",
    ),
)

# Logits [0, ln 3] give the probabilities 1/4 and 3/4; [0, 0] gives 1/2 and 1/2.
_QUARTER, _HALF, _MOST = 1.3862944, 0.6931472, 0.2876821

LOSS = Exercise(
    id="3.2",
    name="label_loss",
    title="The loss of equation 4.10",
    points=3,
    minutes=12,
    difficulty=4,
    contract=(
        "`label_loss(logits, labels)` takes a float tensor of shape (batch, length, vocabulary) and an int "
        "tensor of shape (batch, length), with -100 where there is no loss. The logits at position t "
        "predict the token at position t + 1. It returns the mean of -log p over all label tokens of the "
        "batch, in nats, as a float or as a tensor without dimensions (not as a list or a tensor of one "
        "number). Label tokens stand at position 1 or "
        "later, and there is at least one. Logits may be large."
    ),
    example="round(float(label_loss(torch.zeros(1, 2, 2), torch.tensor([[-100, 1]]))), 4) == 0.6931",
    verified=(
        "the right positions predict the right tokens; masked positions neither add to the loss nor are "
        "counted; each label token of the batch weighs the same; large logits do no harm."
    ),
    imports="import torch",
    tolerance=1e-4,
    cases=(
        Case(
            "label_loss(torch.zeros(1, 2, 2), torch.tensor([[-100, 1]]))",
            _HALF,
            wrong={"forgets the sign": -_HALF},
            why="two tokens are equally likely, and -log(1/2) = 0.6931",
        ),
        Case(
            "label_loss(torch.tensor([[[0, 0], [0, 1.0986123], [0, 1.0986123], [0, 0]]]), "
            "torch.tensor([[-100, -100, 1, 0]]))",
            (_MOST + _QUARTER) / 2,
            wrong={
                "divides by all positions": (_MOST + _QUARTER) / 3,
                "sums": _MOST + _QUARTER,
                "counts masked positions": (_HALF + _MOST + _QUARTER) / 3,
                "does not shift": (_MOST + _HALF) / 2,
                "forgets the sign": -(_MOST + _QUARTER) / 2,
            },
            why="positions 1 and 2 give their label tokens the probabilities 3/4 and 1/4",
        ),
        Case(
            "label_loss(torch.tensor([[[0, 1.0986123], [0, 1.0986123], [0, 0]], "
            "[[0, 1.0986123], [0, 0], [1.0986123, 0]]]), torch.tensor([[-100, 1, -100], [-100, 0, 0]]))",
            (_MOST + _QUARTER + _HALF) / 3,
            wrong={
                "divides by all positions": (_MOST + _QUARTER + _HALF) / 4,
                "sums": _MOST + _QUARTER + _HALF,
                "counts masked positions": (_MOST + _QUARTER + _QUARTER + _HALF) / 4,
                "does not shift": (_MOST + _HALF + _MOST) / 3,
                "averages examples": (_MOST + (_QUARTER + _HALF) / 2) / 2,
                "forgets the sign": -(_MOST + _QUARTER + _HALF) / 3,
            },
            why="the batch has three label tokens, one in the first row and two in the second",
        ),
        Case(
            "label_loss(torch.tensor([[[0.0, 1000.0], [0.0, 0.0]]]), torch.tensor([[-100, 0]]))",
            1000.0,
            wrong={"takes the log of the softmax": float("inf"), "forgets the sign": -1000.0},
            why="log p = 0 - log(e^0 + e^1000), which is -1000",
        ),
    ),
    misconceptions={
        "divides by all positions": (
            "You divide by the number of positions, masked ones included. A batch with long prompts would "
            "seem to have a small loss. How many tokens are there to learn?"
        ),
        "sums": (
            "You add up where a mean is asked for. The optimum is the same, but with a sum a batch of long "
            "labels takes larger steps, and the learning rate depends on the batch size."
        ),
        "counts masked positions": (
            "Masked positions enter your loss, as if token 0 had been the right answer there. To replace "
            "-100 by a valid id keeps `gather` from failing, but those values have to be thrown away "
            "afterwards."
        ),
        "does not shift": (
            "You compare each position with its own token, which the model has already read there. Which "
            "position's logits predict the token at position t?"
        ),
        "averages examples": (
            "You take the mean within each example first, then over examples. A token of a short label "
            "then weighs more than one of a long label; the contract counts all label tokens of the batch "
            "alike."
        ),
        "takes the log of the softmax": (
            "A probability of e^-1000 is 0 for a computer, and its log is minus infinity. One such token "
            "ruins a run. Work with log-probabilities from the start: there is a function for it."
        ),
        "forgets the sign": (
            "Your loss is negative. Equation 4.10 maximises the log-probability, and optimisers minimise: "
            "what turns one into the other?"
        ),
    },
    hints=(
        "Three steps: bring logits and labels of the same prediction together (two slices), turn logits "
        "into log-probabilities, then pick and average those of the label tokens.",
        "The last position's logits predict nothing that you have, and the first token is predicted by "
        "nothing: drop one on each side. `predicted != -100` is then a mask that indexes both tensors.",
        "`logits[:, :-1]` belongs to `labels[:, 1:]`. Index both with the mask: you get (tokens, "
        "vocabulary) and (tokens,). Then `torch.log_softmax(..., -1)`, `gather` along the last dimension, "
        "and minus the mean.",
    ),
)

BATCH = Exercise(
    id="3.3",
    name="pad_batch",
    title="Rows of different length in one batch",
    points=2,
    minutes=6,
    difficulty=2,
    contract=(
        "`pad_batch(rows, pad_id)` takes at least one list of token ids (none is empty) and the id to pad "
        "with. It returns a dict with `input_ids` and `attention`, each a list of rows, all as long as the "
        "longest. Padding stands on the right; attention is 1 on every real token and 0 on padding, as "
        "numbers and not as True and False. A real token may have the id `pad_id`."
    ),
    example=(
        "pad_batch([[5, 2], [6, 7, 2]], 2) == "
        "{'input_ids': [[5, 2, 2], [6, 7, 2]], 'attention': [[1, 1, 0], [1, 1, 1]]}"
    ),
    verified="every real token is kept and attended to, whatever its id, and rows are filled up on the "
    "right.",
    cases=(
        Case(
            "pad_batch([[5, 2]], 2)",
            {"input_ids": [[5, 2]], "attention": [[1, 1]]},
            wrong={
                "finds padding by id": {"input_ids": [[5, 2]], "attention": [[1, 0]]},
                "attention upside down": {"input_ids": [[5, 2]], "attention": [[0, 0]]},
            },
            why="a single row needs no padding, and its end mark is a real token",
        ),
        Case(
            "pad_batch([[5, 2], [6, 7, 8, 2]], 2)",
            {"input_ids": [[5, 2, 2, 2], [6, 7, 8, 2]], "attention": [[1, 1, 0, 0], [1, 1, 1, 1]]},
            wrong={
                "finds padding by id": {
                    "input_ids": [[5, 2, 2, 2], [6, 7, 8, 2]],
                    "attention": [[1, 0, 0, 0], [1, 1, 1, 0]],
                },
                "pads on the left": {
                    "input_ids": [[2, 2, 5, 2], [6, 7, 8, 2]],
                    "attention": [[0, 0, 1, 1], [1, 1, 1, 1]],
                },
                "attention upside down": {
                    "input_ids": [[5, 2, 2, 2], [6, 7, 8, 2]],
                    "attention": [[0, 0, 1, 1], [0, 0, 0, 0]],
                },
                "attends to padding": {
                    "input_ids": [[5, 2, 2, 2], [6, 7, 8, 2]],
                    "attention": [[1, 1, 1, 1], [1, 1, 1, 1]],
                },
                "cuts to the shortest": {"input_ids": [[5, 2], [6, 7]], "attention": [[1, 1], [1, 1]]},
                "pads with -100": {
                    "input_ids": [[5, 2, -100, -100], [6, 7, 8, 2]],
                    "attention": [[1, 1, 0, 0], [1, 1, 1, 1]],
                },
            },
            why="the first row lacks two tokens",
        ),
        Case(
            "pad_batch([[9, 0, 4], [3]], 0)",
            {"input_ids": [[9, 0, 4], [3, 0, 0]], "attention": [[1, 1, 1], [1, 0, 0]]},
            wrong={
                "finds padding by id": {
                    "input_ids": [[9, 0, 4], [3, 0, 0]],
                    "attention": [[1, 0, 1], [1, 0, 0]],
                },
                "pads on the left": {
                    "input_ids": [[9, 0, 4], [0, 0, 3]],
                    "attention": [[1, 1, 1], [0, 0, 1]],
                },
                "attention upside down": {
                    "input_ids": [[9, 0, 4], [3, 0, 0]],
                    "attention": [[0, 0, 0], [0, 1, 1]],
                },
                "attends to padding": {
                    "input_ids": [[9, 0, 4], [3, 0, 0]],
                    "attention": [[1, 1, 1], [1, 1, 1]],
                },
                "cuts to the shortest": {"input_ids": [[9], [3]], "attention": [[1], [1]]},
                "pads with -100": {
                    "input_ids": [[9, 0, 4], [3, -100, -100]],
                    "attention": [[1, 1, 1], [1, 0, 0]],
                },
            },
            why="a real token in the middle of the first row happens to have the id of the padding",
        ),
    ),
    misconceptions={
        "finds padding by id": (
            "You take every token with the id `pad_id` for padding. In this model the end mark has that "
            "id, so the real end mark is hidden. What else tells you where padding begins?"
        ),
        "pads on the left": (
            "Your padding stands on the left. That is right for generating, where all answers must begin "
            "together; in training it moves tokens away from the positions at which labels expect them."
        ),
        "attention upside down": (
            "Your attention is 1 on padding and 0 on tokens. Libraries read it as 'may be looked at': look "
            "at the row that has no padding at all."
        ),
        "attends to padding": (
            "Your attention is 1 everywhere, so padding is taken for text. Compare the length of each row "
            "before and after."
        ),
        "cuts to the shortest": (
            "Tokens are missing: you cut the longer rows (`zip` does it silently). What is lost first is "
            "the end of the label."
        ),
        "pads with -100": (
            "-100 stands in your input ids. It is a mark for labels; the model looks every input id up "
            "in its table of embeddings, and there is no row -100."
        ),
    },
    hints=(
        "How long is the longest row? For each row you then know how much is missing, before you add "
        "anything.",
        "Attention depends on the length of a row alone: ones for what is there, zeros for what is added.",
        "`longest = max(map(len, rows))`; then for each row `row + [pad_id] * (longest - len(row))`, and "
        "beside it as many 1s as the row is long, followed by as many 0s as were added.",
    ),
)

LORA = Exercise(
    id="3.4",
    name="lora_parameters",
    title="How many numbers does LoRA train?",
    points=2,
    minutes=5,
    difficulty=2,
    contract=(
        "`lora_parameters(shapes, rank, alpha)` takes a list of pairs (inputs, outputs), one for each "
        "linear layer that gets an adapter, and LoRA's two settings. The layer computes W x + (alpha / "
        "rank) B A x, where A maps the inputs to `rank` numbers and B maps those to the outputs; W is "
        "frozen, and there are no biases. It returns how many numbers are trained, as an int."
    ),
    example="lora_parameters([(3, 5)], 2, 4) == 16",
    verified=(
        "both small matrices of each layer are counted, nothing frozen is, and the factor in front adds "
        "nothing."
    ),
    cases=(
        Case(
            "lora_parameters([(3, 5)], 2, 4)",
            16,
            wrong={
                "the whole matrix": 15,
                "one of the two": 6,
                "multiplies": 30,
                "a third matrix": 20,
                "frozen ones too": 31,
                "alpha makes more": 32,
            },
            why="A is 2 by 3 and B is 5 by 2",
        ),
        Case(
            "lora_parameters([(3, 5), (5, 4)], 1, 2)",
            17,
            wrong={
                "the whole matrix": 35,
                "one of the two": 8,
                "multiplies": 35,
                "a third matrix": 19,
                "frozen ones too": 52,
                "alpha makes more": 34,
            },
            why="the layers have 8 and 9",
        ),
        Case(
            "lora_parameters([(3, 5), (3, 5)], 2, 4)",
            32,
            wrong={
                "the whole matrix": 30,
                "one of the two": 12,
                "multiplies": 60,
                "a third matrix": 40,
                "frozen ones too": 62,
                "alpha makes more": 64,
            },
            why="two layers of one shape are two layers, of 16 each",
        ),
        Case(
            "lora_parameters([(576, 1536)], 16, 32)",
            33792,
            wrong={
                "the whole matrix": 884736,
                "one of the two": 9216,
                "multiplies": 14155776,
                "a third matrix": 34048,
                "frozen ones too": 918528,
                "alpha makes more": 67584,
            },
            why="A is 16 by 576 and B is 1536 by 16",
        ),
    ),
    misconceptions={
        "the whole matrix": (
            "You count the numbers of W, which LoRA leaves frozen. What is trained are A and B: write down "
            "the shape of each."
        ),
        "one of the two": (
            "You count one of the two matrices. From the inputs to `rank` numbers is A; and from there to "
            "the outputs?"
        ),
        "multiplies": (
            "You multiply inputs, outputs and rank. B A, multiplied out, would be as large as W; what is "
            "stored and trained are two thin matrices. Count them one after the other."
        ),
        "a third matrix": (
            "You count a matrix of rank by rank in the middle. A decomposition of a matrix has one, LoRA "
            "does not: there are A and B alone."
        ),
        "frozen ones too": (
            "You count W as well. It stays as pre-training left it and gets no gradient: that is where the "
            "memory is saved."
        ),
        "alpha makes more": (
            "Your count depends on alpha. It is a fixed factor in front of B A that scales how much the "
            "adapter says: nothing in it is trained."
        ),
    },
    hints=(
        "Draw the path of x beside W: first through A, then through B. Which shapes must the two have?",
        "A has `rank` rows and as many columns as there are inputs. B has as many rows as there are "
        "outputs and `rank` columns. Add the two, and then over all layers.",
        "For one layer it is rank times inputs, plus rank times outputs: `rank * (n_in + n_out)`. Sum it "
        "over `shapes`; alpha is not used.",
    ),
)


def _curve(*points: tuple[int, float, float, float]) -> list[dict[str, float]]:
    return [dict(zip(("step", "loss", "gold", "weak"), point, strict=True)) for point in points]


_ONE_POINT = _curve((10, 0.5, 0.5, 0.25))
_HUMP = _curve(
    (10, 0.9, 0.25, 0.25),
    (20, 0.5, 0.75, 0.5),
    (30, 0.4, 0.5, 0.875),
    (40, 0.2, 0.625, 0.75),
    (50, 0.3, 0.375, 0.5),
)
_TIED = _curve((1, 0.9, 0.5, 0.5), (2, 0.6, 0.5, 0.75), (3, 0.4, 0.25, 0.75), (4, 0.3, 0.375, 0.5))

STOPPING = Exercise(
    id="3.5",
    name="stopping_cost",
    title="What it costs to stop by the teacher's word",
    points=2,
    minutes=7,
    difficulty=3,
    contract=(
        "`stopping_cost(curve)` takes a list of dicts in the order of training, at least one, each with "
        "the keys `step`, `loss`, `gold` (share of validation snippets whose answer is true) and `weak` "
        "(share answered as the teacher would). Whoever knows the truth stops where `gold` is largest; "
        "whoever has only the teacher stops where `weak` is largest; of equal values the first step "
        "counts. It returns the share of true answers that the second loses against the first, in [0, 1]."
    ),
    example=(
        "stopping_cost([{'step': 1, 'loss': 2.0, 'gold': 0.75, 'weak': 0.25}, "
        "{'step': 2, 'loss': 1.0, 'gold': 0.5, 'weak': 0.5}]) == 0.25"
    ),
    verified="each measure picks its own step, the first of equals, and both steps are compared by the "
    "truth.",
    cases=(
        Case(
            f"stopping_cost({_ONE_POINT})",
            0.0,
            wrong={"mixes the two measures": 0.25},
            why="with one checkpoint there is nothing to choose",
        ),
        Case(
            f"stopping_cost({_TIED})",
            0.0,
            wrong={
                "mixes the two measures": -0.25,
                "trains to the end": 0.125,
                "stops by the loss": 0.125,
                "counts steps": 1,
                "takes the last of equals": 0.25,
            },
            why="agreement is largest at step 2 for the first time, where as many answers are true as at "
            "best",
        ),
        Case(
            f"stopping_cost({_HUMP})",
            0.25,
            wrong={
                "mixes the two measures": -0.125,
                "trains to the end": 0.375,
                "stops by the loss": 0.125,
                "counts steps": 10,
                "wrong way round": -0.25,
            },
            why="the truth stops at step 20 (0.75 true), the teacher at step 30 (0.5 true)",
        ),
    ),
    misconceptions={
        "mixes the two measures": (
            "You subtract agreement with the teacher from accuracy: two different things in one "
            "difference. Agreement decides where the second person stops; what they get there is "
            "measured by `gold`."
        ),
        "trains to the end": (
            "You compare with the last step. Nobody stops there unless agreement is largest there: which "
            "step would the teacher's word choose?"
        ),
        "stops by the loss": (
            "You let the training loss choose. In a first pass it mostly goes on falling, and it is "
            "measured on other snippets; both people here look at validation answers. Which key do they "
            "read?"
        ),
        "counts steps": (
            "You return a number of steps. The cost that is asked for is in true answers: look up `gold` "
            "at the two steps."
        ),
        "wrong way round": (
            "Your cost is below 0. Nobody can have more true answers than at the step where they are most: "
            "what is subtracted from what?"
        ),
        "takes the last of equals": (
            "Where two steps agree equally often with the teacher you take the later one. The contract "
            "takes the first: why train longer for the same? Mind `>=`, and sorting."
        ),
    },
    hints=(
        "Two questions, one after the other: at which point of the curve does each of the two stop? And "
        "what is `gold` at these points?",
        "`max` with a `key` finds a whole dict, and of equal ones the first.",
        "`by_teacher = max(curve, key=lambda point: point['weak'])` is where the second person stops. "
        "Subtract its `gold` from the largest `gold` of the curve.",
    ),
)

FEW = 6
"""Changed snippets from which all of them going one way is rarer than 1 in 20: 2 / 2**6 = 0.03."""


def _judge_reading(outcomes: Sequence[Outcome]) -> Verdict:
    given = outcomes[0].value
    problem = _shape_of_reading(given)
    if problem:
        return Verdict(False, text=problem)
    n, gold, lost = given["n"], given["gold"], given["lost"]
    conclusion = str(given["conclusion"]).strip().lower()
    if any(value > 1 for value in gold):
        return Verdict(False, "percent for shares")
    if any(abs(value * n - round(value * n)) > 0.17 for value in gold):
        return Verdict(False, "not shares of n")
    true = round(max(gold) * n) - round(gold[-1] * n)
    if lost != true:
        return Verdict(False, *_miscounted(n, gold, lost, true))
    right = "a" if true == 0 else "b" if true < FEW else "c"
    if conclusion == right:
        return Verdict(True)
    name = {
        "a": "sees a fall where there is none",
        "b": "overlooks the fall" if conclusion == "a" else "takes every fall for real",
        "c": "overlooks the fall" if conclusion == "a" else "excuses every fall",
    }[right]
    return Verdict(False, name, f"You count {lost} of {n} snippets fewer than at best.")


def _shape_of_reading(given: Any) -> str:
    """What is wrong with the form of the answer, in words; empty if nothing is."""
    keys = ("n", "gold", "lost", "conclusion")
    if not isinstance(given, dict) or set(given) != set(keys):
        return f"`my_reading` must be a dict with the keys {', '.join(keys)}, and no others."
    numbers = given["gold"]
    if not isinstance(numbers, list) or not numbers or not all(is_number(value, 0) for value in numbers):
        return "`gold` must be a list of numbers, one for each checkpoint."
    if not is_number(given["n"], 0) or given["n"] < 1 or given["n"] != round(given["n"]):
        return "`n` must be the number of validation snippets."
    if not is_number(given["lost"], 0):
        return "`lost` must be a number of snippets."
    if str(given["conclusion"]).strip().lower() not in ("a", "b", "c"):
        return "`conclusion` must be 'a', 'b' or 'c'."
    return ""


def _miscounted(n: float, gold: Sequence[float], lost: float, true: int) -> tuple[str, str]:
    """The misconception behind a wrong count, and what to add to its message."""
    fall = max(gold) - gold[-1]
    if true and any(abs(lost - share) < 0.006 * scale for scale in (1, 100) for share in (fall * scale,)):
        return "shares, not snippets", ""
    between = round(gold[-1] * n) - round(gold[0] * n)
    if lost == abs(between):
        return "from the first, not from the best", ""
    return "", f"`lost` is {lost:g}; with these values of `gold` and `n` it is another number. Count again."


OWN = Exercise(
    id="3.6",
    name="my_reading",
    title="Read your own curve",
    points=2,
    minutes=6,
    difficulty=3,
    contract=(
        "`my_reading` is a dict of four: `n`, the number of validation snippets; `gold`, the list of the "
        "shares of true answers at your checkpoints, in order, each in [0, 1]; `lost`, how many *snippets* "
        "fewer are answered truly at the last checkpoint than at the best one; `conclusion`, which is "
        f"`'a'` if nothing was lost, `'b'` if fewer than {FEW} snippets were, `'c'` if {FEW} or more."
    ),
    example=("{'n': 10, 'gold': [0.2, 0.6, 0.5], 'lost': 3, 'conclusion': 'b'}  # the form, not the answer"),
    verified="your count of lost snippets follows from your curve, and your conclusion follows from the "
    "count.",
    cases=(Case("my_reading", None),),
    judge=_judge_reading,
    misconceptions={
        "percent for shares": (
            "`gold` holds numbers above 1. Shares lie between 0 and 1; with percent the count of snippets "
            "would come out a hundred times too large."
        ),
        "not shares of n": (
            "At least one value of `gold`, times `n`, is no whole number of snippets. Did you copy it with "
            "all its digits, and is it accuracy on validation snippets (not a loss, not the test set)?"
        ),
        "shares, not snippets": (
            "`lost` is a share (or percentage points), and a number of snippets is asked for. 6 points "
            "sound different from 2 snippets of 32: multiply by `n`."
        ),
        "from the first, not from the best": (
            "You compare the last checkpoint with the first. Learning shows there; a fall, if there is "
            "one, is measured from the best checkpoint."
        ),
        "takes every fall for real": (
            "You call it a fall that needs an explanation. How likely is it that so few snippets all go "
            "the wrong way if each is a coin toss? Look at the table in the story."
        ),
        "overlooks the fall": (
            "Your numbers hold a fall, and your conclusion says that there is none. It may be small, but "
            "compare the largest value with the last."
        ),
        "sees a fall where there is none": (
            "The last checkpoint is as good as the best one: nothing fell. What your curve cannot say is "
            "whether it would have risen further."
        ),
        "excuses every fall": (
            "You call it too small to mean anything. Look at the table in the story again: from how many "
            "snippets on is chance a poor excuse?"
        ),
    },
    hints=(
        "The cell above prints `gold` and the number of snippets; copy both with all their digits.",
        "The fall in snippets is the largest share minus the last share, times `n`, rounded to a whole "
        "number.",
        "`lost = round((max(gold) - gold[-1]) * n)`. Then the contract tells the letter: nothing, fewer "
        f"than {FEW}, or {FEW} and more.",
    ),
)


UNIT = Unit(
    number=3,
    slug="03_fine_tune",
    title="Fine-tune the strong model",
    minutes=71,
    stages=("weak_to_strong",),
    exercises=(LABELS, LOSS, BATCH, LORA, STOPPING, OWN),
    activities=activities_of(BANK),
)
