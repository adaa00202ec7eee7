"""What learners write in unit 3: the answers by which its checks are tested."""

import math

import torch
import torch.nn.functional as F

OFF, END = -100, 2


# --- 3.1 ------------------------------------------------------------------------------------------------


def masks_by_id(prompt, label, length):
    ids = prompt + label + [END] * (length - len(prompt) - len(label))
    return [OFF if i < len(prompt) or token == END else token for i, token in enumerate(ids)]


def trains_on_the_prompt(prompt, label, length):
    row = prompt + label
    return row + [OFF] * (length - len(row))


def trains_on_padding(prompt, label, length):
    return [OFF] * len(prompt) + label + [END] * (length - len(prompt) - len(label))


def shifts_already(prompt, label, length):
    row = [OFF] * len(prompt) + label + [OFF] * (length - len(prompt) - len(label))
    return [*row[1:], OFF]


def starts_at_the_front(prompt, label, length):
    return label + [OFF] * (length - len(label))


def masks_with_0(prompt, label, length):
    row = [0] * length
    row[len(prompt) : len(prompt) + len(label)] = label
    return row


def looks_for_the_first_end_mark(prompt, label, length):
    ids = prompt + label + [END] * (length - len(prompt) - len(label))
    end = ids.index(END)
    return [token if len(prompt) <= i <= end else OFF for i, token in enumerate(ids)]


def labels_by_slice(prompt, label, length):
    row = [OFF] * length
    row[len(prompt) : len(prompt) + len(label)] = label
    return row


def labels_by_loop(prompt, label, length):
    row = []
    for position in range(length):
        inside = len(prompt) <= position < len(prompt) + len(label)
        row.append(label[position - len(prompt)] if inside else OFF)
    return row


def labels_as_tensor(prompt, label, length):
    row = torch.full((length,), OFF)
    row[len(prompt) : len(prompt) + len(label)] = torch.tensor(label)
    return row


# --- 3.2 ------------------------------------------------------------------------------------------------


def divides_by_all_positions(logits, labels):
    following = labels[:, 1:]
    losses = F.cross_entropy(logits[:, :-1].flatten(0, 1), following.flatten(), reduction="none")
    return losses.mean()


def sums(logits, labels):
    return F.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten(), reduction="sum")


def counts_masked_positions(logits, labels):
    log_probs = logits[:, :-1].log_softmax(-1)
    following = labels[:, 1:].clamp(min=0)
    return -log_probs.gather(-1, following[..., None]).mean()


def does_not_shift(logits, labels):
    return F.cross_entropy(logits.flatten(0, 1), labels.flatten())


def averages_examples(logits, labels):
    rows = zip(logits[:, :-1], labels[:, 1:], strict=True)
    return torch.stack([F.cross_entropy(row, wanted) for row, wanted in rows]).mean()


def takes_the_log_of_the_softmax(logits, labels):
    following = labels[:, 1:]
    counted = following != OFF
    probabilities = logits[:, :-1].softmax(-1)[counted]
    return -probabilities[torch.arange(len(probabilities)), following[counted]].log().mean()


def forgets_the_sign(logits, labels):
    following = labels[:, 1:]
    counted = following != OFF
    log_probs = logits[:, :-1].log_softmax(-1)[counted]
    return log_probs.gather(-1, following[counted][:, None]).mean()


def loss_by_cross_entropy(logits, labels):
    return F.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten(), ignore_index=OFF)


def loss_by_loops(logits, labels):
    losses = []
    for scores, wanted in zip(logits.tolist(), labels.tolist(), strict=True):
        for t in range(1, len(wanted)):
            if wanted[t] != OFF:
                before = scores[t - 1]
                top = max(before)
                total = top + math.log(sum(math.exp(s - top) for s in before))
                losses.append(total - before[wanted[t]])
    return sum(losses) / len(losses)


def loss_by_mask(logits, labels):
    following = labels[:, 1:]
    counted = (following != OFF).float()
    picked = logits[:, :-1].gather(-1, following.clamp(min=0)[..., None])[..., 0]
    losses = logits[:, :-1].logsumexp(-1) - picked
    return (losses * counted).sum() / counted.sum()


# --- 3.3 ------------------------------------------------------------------------------------------------


def _padded(rows, pad_id):
    longest = max(len(row) for row in rows)
    return [row + [pad_id] * (longest - len(row)) for row in rows]


def finds_padding_by_id(rows, pad_id):
    ids = _padded(rows, pad_id)
    return {"input_ids": ids, "attention": [[int(token != pad_id) for token in row] for row in ids]}


def pads_on_the_left(rows, pad_id):
    longest = max(map(len, rows))
    return {
        "input_ids": [[pad_id] * (longest - len(row)) + row for row in rows],
        "attention": [[0] * (longest - len(row)) + [1] * len(row) for row in rows],
    }


def attention_upside_down(rows, pad_id):
    longest = max(map(len, rows))
    attention = [[int(i >= len(row)) for i in range(longest)] for row in rows]
    return {"input_ids": _padded(rows, pad_id), "attention": attention}


def attends_to_padding(rows, pad_id):
    ids = _padded(rows, pad_id)
    return {"input_ids": ids, "attention": [[1] * len(row) for row in ids]}


def cuts_to_the_shortest(rows, pad_id):
    columns = list(zip(*rows))  # noqa: B905  what a learner would write
    ids = [list(row) for row in zip(*columns)]  # noqa: B905
    return {"input_ids": ids, "attention": [[1] * len(row) for row in ids]}


def pads_with_minus_100(rows, pad_id):
    longest = max(map(len, rows))
    attention = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
    return {"input_ids": _padded(rows, OFF), "attention": attention}


def batch_by_zip_longest(rows, pad_id):
    from itertools import zip_longest

    marked = [[(token, 1) for token in row] for row in rows]
    full = [list(row) for row in zip(*zip_longest(*marked, fillvalue=(pad_id, 0)), strict=True)]
    return {
        "input_ids": [[token for token, _ in row] for row in full],
        "attention": [[real for _, real in row] for row in full],
    }


def batch_by_tensors(rows, pad_id):
    longest = max(map(len, rows))
    ids = torch.full((len(rows), longest), pad_id)
    attention = torch.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
        attention[i, : len(row)] = 1
    return {"input_ids": ids, "attention": attention}


# --- 3.4 ------------------------------------------------------------------------------------------------


def the_whole_matrix(shapes, rank, alpha):
    return sum(inputs * outputs for inputs, outputs in shapes)


def one_of_the_two(shapes, rank, alpha):
    return sum(rank * inputs for inputs, _ in shapes)


def multiplies(shapes, rank, alpha):
    return sum(rank * inputs * outputs for inputs, outputs in shapes)


def a_third_matrix(shapes, rank, alpha):
    return sum(rank * inputs + rank * rank + rank * outputs for inputs, outputs in shapes)


def frozen_ones_too(shapes, rank, alpha):
    return sum(inputs * outputs + rank * (inputs + outputs) for inputs, outputs in shapes)


def alpha_makes_more(shapes, rank, alpha):
    return int(alpha / rank * sum(rank * (inputs + outputs) for inputs, outputs in shapes))


def count_by_matrices(shapes, rank, alpha):
    return sum(torch.zeros(rank, i).numel() + torch.zeros(o, rank).numel() for i, o in shapes)


def count_by_loop(shapes, rank, alpha):
    total = 0
    for pair in shapes:
        total += sum(pair) * rank
    return total


# --- 3.5 ------------------------------------------------------------------------------------------------


def _best(curve, key):
    return max(curve, key=lambda point: point[key])


def mixes_the_two_measures(curve):
    return _best(curve, "gold")["gold"] - _best(curve, "weak")["weak"]


def trains_to_the_end(curve):
    return max(point["gold"] for point in curve) - curve[-1]["gold"]


def stops_by_the_loss(curve):
    stop = min(curve, key=lambda point: point["loss"])
    return max(point["gold"] for point in curve) - stop["gold"]


def counts_steps(curve):
    return abs(_best(curve, "gold")["step"] - _best(curve, "weak")["step"])


def wrong_way_round(curve):
    return _best(curve, "weak")["gold"] - _best(curve, "gold")["gold"]


def takes_the_last_of_equals(curve):
    stop = sorted(curve, key=lambda point: point["weak"])[-1]
    return max(point["gold"] for point in curve) - stop["gold"]


def cost_by_index(curve):
    weak, gold = [point["weak"] for point in curve], [point["gold"] for point in curve]
    return max(gold) - gold[weak.index(max(weak))]


def cost_by_loop(curve):
    best, stop = 0.0, curve[0]
    for point in curve:
        best = max(best, point["gold"])
        if point["weak"] > stop["weak"]:
            stop = point
    return best - stop["gold"]


# --- 3.6 ------------------------------------------------------------------------------------------------


def _reading(n, gold, lost, conclusion):
    return {"n": n, "gold": gold, "lost": lost, "conclusion": conclusion}


RISEN, FALLEN, FAR = [0.25, 0.5, 0.75], [0.25, 0.5625, 0.75, 0.6875], [0.25, 0.75, 0.5]

WRONG = {
    "3.1": [
        ("masks by id", masks_by_id),
        ("trains on the prompt", trains_on_the_prompt),
        ("trains on padding", trains_on_padding),
        ("shifts already", shifts_already),
        ("starts at the front", starts_at_the_front),
        ("masks with 0", masks_with_0),
        ("looks for the first end mark", looks_for_the_first_end_mark),
    ],
    "3.2": [
        ("divides by all positions", divides_by_all_positions),
        ("sums", sums),
        ("counts masked positions", counts_masked_positions),
        ("does not shift", does_not_shift),
        ("averages examples", averages_examples),
        ("takes the log of the softmax", takes_the_log_of_the_softmax),
        ("forgets the sign", forgets_the_sign),
    ],
    "3.3": [
        ("finds padding by id", finds_padding_by_id),
        ("pads on the left", pads_on_the_left),
        ("attention upside down", attention_upside_down),
        ("attends to padding", attends_to_padding),
        ("cuts to the shortest", cuts_to_the_shortest),
        ("pads with -100", pads_with_minus_100),
    ],
    "3.4": [
        ("the whole matrix", the_whole_matrix),
        ("one of the two", one_of_the_two),
        ("multiplies", multiplies),
        ("a third matrix", a_third_matrix),
        ("frozen ones too", frozen_ones_too),
        ("alpha makes more", alpha_makes_more),
    ],
    "3.5": [
        ("mixes the two measures", mixes_the_two_measures),
        ("trains to the end", trains_to_the_end),
        ("stops by the loss", stops_by_the_loss),
        ("counts steps", counts_steps),
        ("wrong way round", wrong_way_round),
        ("takes the last of equals", takes_the_last_of_equals),
    ],
    "3.6": [
        ("percent for shares", _reading(32, [25.0, 75.0, 68.75], 2, "b")),
        ("not shares of n", _reading(32, [0.881, 0.198, 0.146], 24, "c")),
        ("shares, not snippets", _reading(32, FALLEN, 0.0625, "b")),
        ("shares, not snippets", _reading(32, FALLEN, 6.25, "c")),
        ("from the first, not from the best", _reading(32, FALLEN, 14, "c")),
        ("from the first, not from the best", _reading(32, RISEN, 16, "c")),
        ("takes every fall for real", _reading(32, FALLEN, 2, "c")),
        ("overlooks the fall", _reading(32, FALLEN, 2, "a")),
        ("overlooks the fall", _reading(32, FAR, 8, "a")),
        ("sees a fall where there is none", _reading(32, RISEN, 0, "b")),
        ("sees a fall where there is none", _reading(8, [0.0], 0, "c")),
        ("excuses every fall", _reading(32, FAR, 8, "b")),
    ],
}

RIGHT = {
    "3.1": [labels_by_slice, labels_by_loop, labels_as_tensor],
    "3.2": [loss_by_cross_entropy, loss_by_loops, loss_by_mask],
    "3.3": [batch_by_zip_longest, batch_by_tensors],
    "3.4": [count_by_matrices, count_by_loop],
    "3.5": [cost_by_index, cost_by_loop],
    "3.6": [
        _reading(32, RISEN, 0, "a"),
        _reading(32, [0.25, 0.56, 0.75, 0.69], 2.0, "B"),
        _reading(32, FAR, 8, " c"),
        _reading(8, [0.125], 0, "a"),
    ],
}
