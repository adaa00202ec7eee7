"""Answers as learners write them: each wrong one shows a misconception, each right one must be accepted."""

import math
from bisect import bisect_left
from itertools import pairwise

import numpy as np

# --- 6.1


def in_three_products(parameters, tokens, passes, reached, frozen):
    product = 2 * parameters * tokens * passes
    forward, activations, gradients = product, product * reached, 0 if frozen else product * reached
    return forward + activations + gradients


def six_n_less(parameters, tokens, passes, reached, frozen):
    per_token = 6 * parameters
    per_token -= 4 * parameters * (1 - reached)
    if frozen:
        per_token -= 2 * parameters * reached
    return per_token * tokens * passes


def one_operation(parameters, tokens, passes, reached, frozen):
    return parameters * tokens * passes * (1 + reached * (1 if frozen else 2))


def forward_only(parameters, tokens, passes, reached, frozen):
    return 2 * parameters * tokens * passes


def forgets_passes(parameters, tokens, passes, reached, frozen):
    return 2 * parameters * tokens * (1 + reached * (1 if frozen else 2))


def frozen_is_free(parameters, tokens, passes, reached, frozen):
    backward = 0 if frozen else 4 * reached
    return parameters * tokens * passes * (2 + backward)


def frozen_as_usual(parameters, tokens, passes, reached, frozen):
    return parameters * tokens * passes * (2 + 4 * reached)


def upper_part_only(parameters, tokens, passes, reached, frozen):
    return parameters * reached * tokens * passes * (4 if frozen else 6)


def ignores_share(parameters, tokens, passes, reached, frozen):
    return parameters * tokens * passes * (4 if frozen else 6)


def ignores_share_if_frozen(parameters, tokens, passes, reached, frozen):
    return parameters * tokens * passes * (4 if frozen else 2 + 4 * reached)


# --- 6.2


def by_crossing(one, other):
    (a, b), (c, d) = one, other
    if b > d or (b == d and a >= c):
        return None
    if a < c:
        return 1
    return math.floor((a - c) / (d - b)) + 1


def by_counting(one, other):
    def bill(source, n):
        return source[0] + n * source[1]

    if one[1] > other[1]:
        return None
    if one[1] == other[1]:
        return 1 if one[0] < other[0] else None
    n = 1
    while bill(one, n) >= bill(other, n):
        n += 1
    return n


def one_more_only(one, other):
    return 1 if one[1] < other[1] else None


def tie_is_cheaper(one, other):
    (a, b), (c, d) = one, other
    if b > d or (b == d and a > c):
        return None
    if b == d:
        return 1
    return max(1, math.ceil((a - c) / (d - b)))


def forgets_other_making(one, other):
    return by_crossing(one, (0, other[1]))


def cheaper_at_first(one, other):
    for n in range(1, 10_000):
        if one[0] + n * one[1] < other[0] + n * other[1]:
            return n
    return None


def divides_first(one, other):
    return max(1, math.floor((one[0] - other[0]) / (other[1] - one[1])) + 1)


def in_fractions(one, other):
    (a, b), (c, d) = one, other
    if b > d or (b == d and a >= c):
        return None
    return 1 if b == d else max(1, (a - c) / (d - b))


# --- 6.3


def step_by_step(labels, strong, weak, making):
    per_strong, per_weak = 2 * strong[0] * strong[1], 2 * weak[0] * weak[1]
    left = labels * per_strong - making
    if left < 0:
        return 0
    return math.floor(left / per_weak)


def in_products(labels, strong, weak, making):
    budget = labels * math.prod(strong) - making / 2
    return int(max(0, budget) // math.prod(weak))


def upside_down(labels, strong, weak, making):
    return max(0, int((labels * weak[0] * weak[1] - making / 2) // (strong[0] * strong[1])))


def equal_tokens(labels, strong, weak, making):
    return step_by_step(labels, (strong[0], weak[1]), weak, making)


def no_making(labels, strong, weak, making):
    return step_by_step(labels, strong, weak, 0)


def one_each(labels, strong, weak, making):
    return max(0, int((labels * strong[0] * strong[1] - making) // (weak[0] * weak[1])))


def six_each(labels, strong, weak, making):
    return max(0, int((6 * labels * strong[0] * strong[1] - making) // (6 * weak[0] * weak[1])))


def making_each_time(labels, strong, weak, making):
    return int(2 * labels * math.prod(strong) // (2 * math.prod(weak) + making))


def rounds_up(labels, strong, weak, making):
    return max(0, math.ceil((2 * labels * math.prod(strong) - making) / (2 * math.prod(weak))))


def into_debt(labels, strong, weak, making):
    return int((2 * labels * math.prod(strong) - making) // (2 * math.prod(weak)))


# --- 6.4


def _dominates(a, b):
    return a[0] <= b[0] and a[1] >= b[1] and (a[0], a[1]) != (b[0], b[1])


def _places(dominates, clear=lambda a, b: a[2] > b[3]):
    def places(points):
        found = []
        for b in points:
            better = [a for a in points if dominates(a, b)]
            sure = any(clear(a, b) for a in better)
            found.append("clearly dominated" if sure else "maybe dominated" if better else "frontier")
        return found

    return places


def places_by_loop(points):
    found = ["frontier"] * len(points)
    for i, (cost, accuracy, _low, high) in enumerate(points):
        for other_cost, other_accuracy, other_low, _ in points:
            if other_cost > cost or other_accuracy < accuracy:
                continue
            if other_cost == cost and other_accuracy == accuracy:
                continue
            if other_low > high:
                found[i] = "clearly dominated"
            elif found[i] == "frontier":
                found[i] = "maybe dominated"
    return found


def overlap_saves(points):
    places = _places(_dominates)(points)
    return ["frontier" if place == "maybe dominated" else place for place in places]


def stops_at_the_first(points):
    found = []
    for b in points:
        first = next((a for a in points if _dominates(a, b)), None)
        if first is None:
            found.append("frontier")
        else:
            found.append("clearly dominated" if first[2] > b[3] else "maybe dominated")
    return found


def _judged_by_one(choose):
    def places(points):
        found = []
        for b in points:
            better = [a for a in points if _dominates(a, b)]
            sure = better and choose(better)[2] > b[3]
            found.append("clearly dominated" if sure else "maybe dominated" if better else "frontier")
        return found

    return places


by_the_best = _judged_by_one(lambda better: max(better, key=lambda a: a[1]))
by_the_last = _judged_by_one(lambda better: better[-1])


def somebody_is_clearly_better(points):
    found = []
    for b in points:
        better = [a for a in points if _dominates(a, b)]
        sure = better and any(a[2] > b[3] for a in points)
        found.append("clearly dominated" if sure else "maybe dominated" if better else "frontier")
    return found


def equal_is_better(points):
    found = []
    for i, b in enumerate(points):
        better = [a for j, a in enumerate(points) if i != j and a[0] <= b[0] and a[1] >= b[1]]
        sure = any(a[2] > b[3] for a in better)
        found.append("clearly dominated" if sure else "maybe dominated" if better else "frontier")
    return found


# --- 6.5


def by_interp(accuracy, curve):
    if not curve[0][1] <= accuracy <= curve[-1][1]:
        return None
    at = bisect_left([y for _, y in curve], accuracy)
    if curve[at][1] == accuracy:
        return curve[at][0]
    (x0, y0), (x1, y1) = curve[at - 1], curve[at]
    return float(np.exp(np.interp(accuracy, [y0, y1], np.log([x0, x1]))))


def by_logs(accuracy, curve):
    for x, y in curve:
        if y == accuracy:
            return x
    for (x0, y0), (x1, y1) in pairwise(curve):
        if y0 < accuracy < y1:
            way = (accuracy - y0) / (y1 - y0)
            return 10 ** ((1 - way) * math.log10(x0) + way * math.log10(x1))
    return None


def _inside(accuracy, curve):
    return curve[0][1] <= accuracy <= curve[-1][1]


def straight(accuracy, curve):
    for x, y in curve:
        if y == accuracy:
            return x
    for (x0, y0), (x1, y1) in pairwise(curve):
        if y0 < accuracy < y1:
            return x0 + (x1 - x0) * (accuracy - y0) / (y1 - y0)
    return None


def nearest_size(accuracy, curve):
    return min(curve, key=lambda point: abs(point[1] - accuracy))[0] if _inside(accuracy, curve) else None


def next_size(accuracy, curve):
    return next(x for x, y in curve if y >= accuracy) if _inside(accuracy, curve) else None


def prolonged(accuracy, curve):
    if _inside(accuracy, curve):
        return by_logs(accuracy, curve)
    (x0, y0), (x1, y1) = curve[:2] if accuracy < curve[0][1] else curve[-2:]
    return x0 * (x1 / x0) ** ((accuracy - y0) / (y1 - y0))


def clamped(accuracy, curve):
    return by_logs(min(max(accuracy, curve[0][1]), curve[-1][1]), curve)


def end_to_end(accuracy, curve):
    return by_logs(accuracy, [curve[0], curve[-1]])


def end_of_plateau(accuracy, curve):
    same = [x for x, y in curve if y == accuracy]
    return same[-1] if same else by_logs(accuracy, curve)


# --- 6.6


def two_bills(worth, labels, price, training, teacher_gold):
    if worth > teacher_gold:
        return (labels * price + training) / (worth - teacher_gold)
    return None


def gold_saved_first(worth, labels, price, training, teacher_gold):
    saved = max(0, worth - teacher_gold)
    return (training + price * labels) / saved if saved else None


def over_weak_labels(worth, labels, price, training, teacher_gold):
    return (labels * price + training) / labels


def gold_for_a_dollar(worth, labels, price, training, teacher_gold):
    return (worth - teacher_gold) / (labels * price + training)


def no_training(worth, labels, price, training, teacher_gold):
    return two_bills(worth, labels, price, 0, teacher_gold)


def no_teacher_gold(worth, labels, price, training, teacher_gold):
    return two_bills(worth, labels, price, training, 0)


def adds_teacher_gold(worth, labels, price, training, teacher_gold):
    return (labels * price + training) / (worth + teacher_gold)


def no_question(worth, labels, price, training, teacher_gold):
    return (labels * price + training) / (worth - teacher_gold)


def zero_for_never(worth, labels, price, training, teacher_gold):
    return two_bills(worth, labels, price, training, teacher_gold) or 0.0


# --- 6.7


def _memo(budget, chosen, rejected, difference, reason):
    return {
        "budget": budget,
        "chosen": chosen,
        "rejected": rejected,
        "difference": difference,
        "reason": reason,
    }


GOLD, WEAK, MORE = [600.0, 0.93, 0.88, 0.98], [600.1, 0.63, 0.51, 0.75], [2000.0, 0.958, 0.942, 0.974]
FREE = [0.0001, 0.63, 0.51, 0.75]

WRONG = {
    "6.1": [
        ("one operation a weight", one_operation),
        ("forward only", forward_only),
        ("forgets the passes", forgets_passes),
        ("frozen is free", frozen_is_free),
        ("frozen costs the same", frozen_as_usual),
        ("lower layers are not read", upper_part_only),
        ("the share is ignored", ignores_share),
        ("the share is ignored", ignores_share_if_frozen),
    ],
    "6.2": [
        ("compares one more label only", one_more_only),
        ("a tie is cheaper", tie_is_cheaper),
        ("forgets the other's making", forgets_other_making),
        ("cheaper at first", cheaper_at_first),
        ("divides before it asks", divides_first),
        ("labels in fractions", in_fractions),
    ],
    "6.3": [
        ("upside down", upside_down),
        ("takes tokens for equal", equal_tokens),
        ("forgets the making", no_making),
        ("one operation a weight", one_each),
        ("counts a training", six_each),
        ("pays the making with every label", making_each_time),
        ("rounds up", rounds_up),
        ("goes into debt", into_debt),
    ],
    "6.4": [
        ("ignores the intervals", _places(_dominates, clear=lambda a, b: True)),
        ("overlap saves", overlap_saves),
        ("must win both", _places(lambda a, b: a[0] < b[0] and a[1] > b[1])),
        ("better is enough", _places(lambda a, b: a[1] > b[1] or (a[1] == b[1] and a[0] < b[0]))),
        ("cheaper is enough", _places(lambda a, b: a[0] < b[0])),
        ("stops at the first", stops_at_the_first),
        ("the best speaks for all", by_the_best),
        ("the last speaks for all", by_the_last),
        ("somebody is clearly better", somebody_is_clearly_better),
        ("a mean for an end", _places(_dominates, clear=lambda a, b: a[1] > b[3])),
        ("a mean for an end", _places(_dominates, clear=lambda a, b: a[2] > b[1])),
        ("equal counts as better", equal_is_better),
    ],
    "6.5": [
        ("straight along the labels", straight),
        ("takes the nearest size", nearest_size),
        ("takes the next size", next_size),
        ("goes beyond what was recorded", prolonged),
        ("clamps to the end", clamped),
        ("one line from end to end", end_to_end),
        ("the end of a plateau", end_of_plateau),
    ],
    "6.6": [
        ("divides by the weak labels", over_weak_labels),
        ("upside down", gold_for_a_dollar),
        ("forgets the training", no_training),
        ("forgets the teacher's gold", no_teacher_gold),
        ("adds the teacher's gold", adds_teacher_gold),
        ("no price for never", no_question),
        ("zero for never", zero_for_never),
    ],
    "6.7": [
        ("over budget", _memo(700, MORE, GOLD, "open", "better")),
        (
            "percentages for shares",
            _memo(700, [600, 93, 88, 98], [600.1, 63, 51, 75], "chosen better", "better"),
        ),
        ("percentages for shares", _memo(700, [600, 1.2, 0.8, 1.4], WEAK, "chosen better", "better")),
        ("reads the means", _memo(2500, MORE, GOLD, "chosen better", "better")),
        ("wants certainty", _memo(700, GOLD, WEAK, "open", "cheaper")),
        ("turned round", _memo(700, FREE, GOLD, "chosen better", "cheaper")),
        ("chooses what is dominated", _memo(700, WEAK, GOLD, "rejected better", "cheaper")),
        ("a reason without numbers", _memo(2500, MORE, GOLD, "open", "better")),
    ],
    "6.8": [
        ("takes over the accuracy", ["a", "b", "d", "e"]),
        ("takes over the factor", ["b", "c", "d", "e"]),
        ("takes a strong teacher for a weak one", ["b", "d", "e", "f"]),
        ("counts labels, not right labels", ["b", "g"]),
        ("misses what does follow", ["b", "d"]),
        ("misses what does follow", []),
    ],
}

RIGHT = {
    "6.1": [in_three_products, six_n_less],
    "6.2": [by_crossing, by_counting],
    "6.3": [step_by_step, in_products],
    "6.4": [places_by_loop, _places(_dominates)],
    "6.5": [by_interp, by_logs],
    "6.6": [two_bills, gold_saved_first],
    "6.7": [
        _memo(700, GOLD, WEAK, "chosen better", "better"),
        _memo(100, tuple(FREE), tuple(GOLD), "rejected better", "alone within budget"),
        _memo(2500, GOLD, MORE, "open", "cheaper"),
        _memo(2500, FREE, GOLD, "rejected better", "cheaper"),
    ],
    "6.8": [["e", "d", "b"], ("b", "d", "e")],
}
