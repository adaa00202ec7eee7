"""Answers as learners write them: each wrong one shows a misconception, each right one must be accepted."""

import math
from collections import Counter

import torch
import torch.nn.functional as F

# --- 7.1


def _student(logits, in_use):
    return logits.log_softmax(-1)[:, in_use]


def kd_by_kl_div(weak, logits, in_use):
    return F.kl_div(_student(logits, in_use), weak, reduction="batchmean")


def kd_by_loops(weak, logits, in_use):
    total = 0.0
    for teacher, row in zip(weak.tolist(), logits.double().tolist(), strict=True):
        top = max(row)
        log_total = top + math.log(sum(math.exp(x - top) for x in row))
        for p, token in zip(teacher, in_use, strict=True):
            if p > 0:
                total += p * (math.log(p) - (row[token] - log_total))
    return total / len(weak)


def kd_by_scatter(weak, logits, in_use):
    full = torch.zeros_like(logits)
    full[:, in_use] = weak
    entropy = -torch.xlogy(full, full).sum(-1)
    return (F.cross_entropy(logits, full, reduction="none") - entropy).mean()


def reverse(weak, logits, in_use):
    student = _student(logits, in_use)
    return (student.exp() * (student - weak.log())).sum(-1).mean()


def forgets_the_entropy(weak, logits, in_use):
    return -(weak * _student(logits, in_use)).sum(-1).mean()


def takes_logits(weak, logits, in_use):
    return (torch.xlogy(weak, weak) - weak * logits[:, in_use]).sum(-1).mean()


def sign_of_413(weak, logits, in_use):
    return -kd_by_kl_div(weak, logits, in_use)


def renormalises(weak, logits, in_use):
    student = logits[:, in_use].log_softmax(-1)
    return (torch.xlogy(weak, weak) - weak * student).sum(-1).mean()


def first_columns(weak, logits, in_use):
    student = logits.log_softmax(-1)[:, : weak.shape[1]]
    return (torch.xlogy(weak, weak) - weak * student).sum(-1).mean()


def over_all_entries(weak, logits, in_use):
    return (torch.xlogy(weak, weak) - weak * _student(logits, in_use)).mean()


def adds_tokens(weak, logits, in_use):
    return F.kl_div(_student(logits, in_use), weak, reduction="sum")


def zero_log_zero(weak, logits, in_use):
    return (weak * (weak.log() - _student(logits, in_use))).sum(-1).mean()


# --- 7.2


def _nll(label_log_probs):
    return -sum(label_log_probs) / len(label_log_probs)


def loss_in_steps(label_log_probs, kd, progress, start):
    loss = 0.0
    for log_prob in label_log_probs:
        loss -= log_prob / len(label_log_probs)
    weight = start - start * progress
    return loss + weight * kd


def loss_by_negation(label_log_probs, kd, progress, start):
    import numpy as np

    return -(np.mean(label_log_probs) - start * (1.0 - progress) * kd)


def maximises(label_log_probs, kd, progress, start):
    return -_nll(label_log_probs) - start * (1 - progress) * kd


def subtracts(label_log_probs, kd, progress, start):
    return _nll(label_log_probs) - start * (1 - progress) * kd


def adds_up(label_log_probs, kd, progress, start):
    return -sum(label_log_probs) + start * (1 - progress) * kd


def mixes(label_log_probs, kd, progress, start):
    weight = start * (1 - progress)
    return (1 - weight) * _nll(label_log_probs) + weight * kd


def lambda_grows(label_log_probs, kd, progress, start):
    return _nll(label_log_probs) + start * progress * kd


def lambda_stays(label_log_probs, kd, progress, start):
    return _nll(label_log_probs) + start * kd


def fades_all(label_log_probs, kd, progress, start):
    return (1 - progress) * (_nll(label_log_probs) + start * kd)


# --- 7.3


def _checked(share):
    if not 0 < share <= 1:
        raise ValueError("give a share above 0 and at most 1")


def _keep(labels, share, score):
    _checked(share)
    order = sorted(range(len(labels)), key=lambda i: -score(labels[i]))
    return [labels[i]["id"] for i in sorted(order[: max(1, round(share * len(labels)))])]


def _whole(label):
    return sum(label["log_probs"])


def by_argsort(labels, share):
    import numpy as np

    if share <= 0 or share > 1:
        raise ValueError(share)
    scores = np.array([np.sum(label["log_probs"]) for label in labels])
    best = np.argsort(-scores, kind="stable")[: max(1, round(share * len(labels)))]
    return [labels[i]["id"] for i in np.sort(best)]


def by_removing(labels, share):
    _checked(share)
    left = list(labels)
    while len(left) > max(1, round(share * len(labels))):
        least = min(math.exp(_whole(label)) for label in left)
        last = max(i for i, label in enumerate(left) if math.exp(_whole(label)) == least)
        left.pop(last)
    return [label["id"] for label in left]


def peeks(labels, share):
    _checked(share)
    return [label["id"] for label in labels if label["text"] == label["gold"]]


def likeliest_first(labels, share):
    _checked(share)
    ranked = sorted(labels, key=_whole, reverse=True)
    return [label["id"] for label in ranked[: max(1, round(share * len(labels)))]]


def by_a_bound(labels, share):
    _checked(share)
    return [label["id"] for label in labels if math.exp(_whole(label)) >= share]


def rounds_down(labels, share):
    _checked(share)
    order = sorted(range(len(labels)), key=lambda i: -_whole(labels[i]))
    return [labels[i]["id"] for i in sorted(order[: int(share * len(labels))])]


def cuts_off(labels, share):
    _checked(share)
    order = sorted(range(len(labels)), key=lambda i: -_whole(labels[i]))
    return [labels[i]["id"] for i in sorted(order[: max(1, int(share * len(labels)))])]


def rounds_halves_up(labels, share):
    _checked(share)
    order = sorted(range(len(labels)), key=lambda i: -_whole(labels[i]))
    return [labels[i]["id"] for i in sorted(order[: max(1, int(share * len(labels) + 0.5))])]


def gives_places(labels, share):
    _checked(share)
    order = sorted(range(len(labels)), key=lambda i: -_whole(labels[i]))
    return sorted(order[: max(1, round(share * len(labels)))])


def any_share(labels, share):
    order = sorted(range(len(labels)), key=lambda i: -_whole(labels[i]))
    return [labels[i]["id"] for i in sorted(order[: max(1, round(share * len(labels)))])]


# --- 7.4

SLOTS = ("aggregate", "transform", "condition")


def _readable(ballots):
    return [(claims, sure) for claims, sure in ballots if claims is not None]


def vote_by_ranking(ballots):
    readable = _readable(ballots)
    if not readable:
        return None
    found = {}
    for slot in SLOTS:
        names = [claims[slot] for claims, _ in readable]
        sums = {n: math.fsum(sure for claims, sure in readable if claims[slot] == n) for n in names}
        ranked = sorted(dict.fromkeys(names), key=lambda n: (-names.count(n), -sums[n]))
        found[slot] = ranked[0]
    return found


def vote_by_counters(ballots):
    found = {}
    for slot in SLOTS:
        count, weight = Counter(), Counter()
        for claims, sure in ballots:
            if claims:
                count[claims[slot]] += 1
                weight[claims[slot]] += sure
        if not count:
            return None
        top = max(count.values())
        tied = [name for name in count if count[name] == top]
        found[slot] = max(tied, key=lambda name: weight[name])
    return found


def whole_sentences(ballots):
    readable = [claims for claims, _ in _readable(ballots)]
    if not readable:
        return None
    return dict(Counter(tuple(claims.items()) for claims in readable).most_common(1)[0][0])


def asks_the_surest(ballots):
    return max(ballots, key=lambda ballot: ballot[1])[0]


def adds_up_confidences(ballots):
    readable, found = _readable(ballots), {}
    if not readable:
        return None
    for slot in SLOTS:
        weight = Counter()
        for claims, sure in readable:
            weight[claims[slot]] += sure
        found[slot] = weight.most_common(1)[0][0]
    return found


def first_wins_ties(ballots):
    readable = _readable(ballots)
    if not readable:
        return None
    return {slot: Counter(c[slot] for c, _ in readable).most_common(1)[0][0] for slot in SLOTS}


def wants_more_than_half(ballots):
    found = {}
    for slot in SLOTS:
        counts = Counter(claims[slot] for claims, _ in ballots if claims)
        name, votes = counts.most_common(1)[0] if counts else (None, 0)
        found[slot] = name if votes > len(ballots) / 2 else None
    return found


def _by_backers(ballots, claim, tied=sum):
    found = {}
    for slot in SLOTS:
        backers = {}
        for claims, sure in ballots:
            backers.setdefault(claim(claims, slot), []).append(sure)
        found[slot] = max(backers, key=lambda name: (len(backers[name]), tied(backers[name])))
    return found


def the_surest_breaks_ties(ballots):
    readable = _readable(ballots)
    return _by_backers(readable, lambda claims, slot: claims[slot], tied=max) if readable else None


def unreadable_ones_vote(ballots):
    return _by_backers(ballots, lambda claims, slot: claims[slot] if claims else None)


def trips(ballots):
    return _by_backers(ballots, lambda claims, slot: claims[slot])


# --- 7.5


def cascade_by_loop(small, ask_large, threshold):
    answers = []
    for i in range(len(small)):
        answer, sure = small[i]
        if sure < threshold:
            answer = ask_large(i)
        answers.append(answer)
    return answers


def cascade_in_two_rounds(small, ask_large, threshold):
    answers = [answer for answer, _ in small]
    for i in (i for i, (_, sure) in enumerate(small) if not sure >= threshold):
        answers[i] = ask_large(i)
    return answers


def upside_down(small, ask_large, threshold):
    return [answer if sure < threshold else ask_large(i) for i, (answer, sure) in enumerate(small)]


def asks_everything(small, ask_large, threshold):
    large = [ask_large(i) for i in range(len(small))]
    return [a if sure >= threshold else b for (a, sure), b in zip(small, large, strict=True)]


def more_than(small, ask_large, threshold):
    return [answer if sure > threshold else ask_large(i) for i, (answer, sure) in enumerate(small)]


def one_decision(small, ask_large, threshold):
    mean = sum(sure for _, sure in small) / len(small)
    if mean >= threshold:
        return [answer for answer, _ in small]
    return [ask_large(i) for i in range(len(small))]


def drops_the_doubtful(small, ask_large, threshold):
    return [answer for answer, sure in small if sure >= threshold]


def loses_the_order(small, ask_large, threshold):
    sure_ones = [answer for answer, sure in small if sure >= threshold]
    return sure_ones + [ask_large(i) for i, (_, sure) in enumerate(small) if sure < threshold]


# --- 7.6


def by_soft_targets(logits, labels, trust):
    size = logits.shape[-1]
    target = (1 - trust) * F.one_hot(labels, size) + trust * F.one_hot(logits.argmax(-1), size)
    return F.cross_entropy(logits, target)


def by_gathering(logits, labels, trust):
    scores = logits.log_softmax(-1)
    on_label = scores.gather(1, labels[:, None])[:, 0]
    on_own = scores.max(-1).values
    return -((1 - trust) * on_label + trust * on_own).mean()


def swaps(logits, labels, trust):
    return by_gathering(logits, labels, 1 - trust)


def adds(logits, labels, trust):
    return F.cross_entropy(logits, labels) + trust * F.cross_entropy(logits, logits.argmax(-1))


def soft(logits, labels, trust):
    own = logits.softmax(-1).detach()
    return (1 - trust) * F.cross_entropy(logits, labels) + trust * F.cross_entropy(logits, own)


def mixes_probabilities(logits, labels, trust):
    p = logits.softmax(-1)
    mixed = (1 - trust) * p.gather(1, labels[:, None])[:, 0] + trust * p.max(-1).values
    return -mixed.log().mean()


def adds_up_tokens(logits, labels, trust):
    return by_gathering(logits, labels, trust) * len(labels)


def skips(logits, labels, trust):
    agreed = logits.argmax(-1) == labels
    return F.cross_entropy(logits[agreed], labels[agreed])


# --- 7.7


def trust_by_min(progress, most, warmup):
    return most if warmup == 0 else most * min(1.0, progress / warmup)


def trust_by_interpolation(progress, most, warmup):
    if warmup <= 0:
        return float(most)
    part = progress / warmup
    if part > 1:
        part = 1
    return part * most


def still_jumps(progress, most, warmup):
    return most * (1.0 if progress > warmup else progress)


def over_the_whole_run(progress, most, warmup):
    return most * progress


def never_gets_there(progress, most, warmup):
    return most * min(progress, warmup)


def never_stops(progress, most, warmup):
    return most * progress / warmup


def full_from_the_start(progress, most, warmup):
    return most


def counts_down(progress, most, warmup):
    return most * max(0.0, 1 - progress / warmup)


def divides(progress, most, warmup):
    return most * min(1.0, progress / warmup)


# --- 7.8: values


def _selection(known, hard, right, hard_share, conclusion):
    return {
        "known": known,
        "hard": hard,
        "right": right,
        "hard_share": hard_share,
        "conclusion": conclusion,
    }


CLEANER, SAME = [0.59, 0.82], [0.50, 0.51]

WRONG = {
    "7.1": [
        ("reverse", reverse),
        ("forgets the teacher's entropy", forgets_the_entropy),
        ("takes logits for log-probabilities", takes_logits),
        ("has the sign of 4.13", sign_of_413),
        ("renormalises", renormalises),
        ("takes the first columns", first_columns),
        ("averages over all entries", over_all_entries),
        ("adds over the tokens", adds_tokens),
        ("0 log 0", zero_log_zero),
    ],
    "7.2": [
        ("maximises", maximises),
        ("subtracts the divergence", subtracts),
        ("adds up the tokens", adds_up),
        ("mixes", mixes),
        ("lambda grows", lambda_grows),
        ("lambda stays", lambda_stays),
        ("fades the labels too", fades_all),
    ],
    "7.3": [
        ("peeks at the gold", peeks),
        (
            "averages over the tokens",
            lambda labels, share: _keep(labels, share, lambda x: _whole(x) / len(x["log_probs"])),
        ),
        ("asks the weakest token", lambda labels, share: _keep(labels, share, lambda x: min(x["log_probs"]))),
        ("keeps the unlikely", lambda labels, share: _keep(labels, share, lambda x: -_whole(x))),
        ("likeliest first", likeliest_first),
        ("a bound, not a share", by_a_bound),
        ("rounds down to nothing", rounds_down),
        ("rounds down", cuts_off),
        ("rounds halves up", rounds_halves_up),
        ("places for ids", gives_places),
        ("accepts any share", any_share),
    ],
    "7.4": [
        ("votes on whole sentences", whole_sentences),
        ("asks the surest", asks_the_surest),
        ("adds up confidences", adds_up_confidences),
        ("the first wins ties", first_wins_ties),
        ("the surest breaks ties", the_surest_breaks_ties),
        ("wants more than half", wants_more_than_half),
        ("unreadable ones vote", unreadable_ones_vote),
        ("trips over the unreadable", trips),
    ],
    "7.5": [
        ("upside down", upside_down),
        ("asks about everything", asks_everything),
        ("more than, not at least", more_than),
        ("one decision for all", one_decision),
        ("drops the doubtful", drops_the_doubtful),
        ("loses the order", loses_the_order),
    ],
    "7.6": [
        ("swaps the weights", swaps),
        ("adds instead of mixing", adds),
        ("keeps its prediction soft", soft),
        ("mixes probabilities", mixes_probabilities),
        ("adds up the tokens", adds_up_tokens),
        ("skips what it doubts", skips),
    ],
    "7.7": [
        ("still jumps", still_jumps),
        ("over the whole run", over_the_whole_run),
        ("never gets there", never_gets_there),
        ("never stops rising", never_stops),
        ("full from the start", full_from_the_start),
        ("counts down", counts_down),
        ("divides by no warm-up", divides),
    ],
    "7.8": [
        ("percent for shares", _selection([320, 480], [180, 520], [59, 82], [52, 36], "a")),
        ("kept share, not make-up", _selection([320, 480], [180, 520], CLEANER, [0.52, 0.346], "a")),
        ("divides by the whole pool", _selection([320, 480], [180, 520], CLEANER, [0.52, 0.18], "a")),
        ("before and after swapped", _selection([320, 480], [180, 520], CLEANER, [0.36, 0.52], "a")),
        ("overlooks thinning", _selection([320, 480], [180, 520], CLEANER, [0.52, 0.36], "b")),
        ("overlooks thinning", _selection([320, 480], [180, 520], SAME, [0.52, 0.36], "d")),
        ("sees thinning where there is none", _selection([240, 480], [260, 520], CLEANER, [0.52, 0.52], "a")),
        ("takes cleaning for granted", _selection([320, 480], [180, 520], SAME, [0.52, 0.36], "a")),
        ("overlooks the cleaning", _selection([320, 480], [180, 520], CLEANER, [0.52, 0.36], "c")),
    ],
}
RIGHT = {
    "7.1": [kd_by_kl_div, kd_by_loops, kd_by_scatter],
    "7.2": [loss_in_steps, loss_by_negation],
    "7.3": [by_argsort, by_removing],
    "7.4": [vote_by_ranking, vote_by_counters],
    "7.5": [cascade_by_loop, cascade_in_two_rounds],
    "7.6": [by_soft_targets, by_gathering],
    "7.7": [trust_by_min, trust_by_interpolation],
    "7.8": [
        _selection([320, 480], [180, 520], CLEANER, [0.52, 0.36], "a"),
        _selection([250, 490], [250, 510], CLEANER, [0.51, 0.5], "b"),
        _selection([10, 10], [2, 14], [0.5, 0.4], [0.5833, 0.1667], "c"),
        _selection([12, 24], [0, 0], [0.0, 0.0], [0, 0], "d"),
        # Changes of exactly 0.03, which binary fractions make a little less.
        _selection([250, 490], [250, 510], [0.112, 0.142], [0.51, 0.5], "b"),
        _selection([53, 100], [47, 100], [0.5, 0.5], [0.5, 0.47], "c"),
    ],
}
