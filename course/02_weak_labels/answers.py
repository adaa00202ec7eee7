"""Answers that learners write: wrong ones with the misconception that each shows, and right alternatives."""

# ruff: noqa: B905

import math
from collections import Counter, defaultdict
from fractions import Fraction
from statistics import mean

from w2s_course.judging.claims import Unreadable, parse
from w2s_course.judging.execution import same_behaviour, wrong_claims

SLOTS = ("aggregate", "transform", "condition")
END = "<end>"

# --- 2.1 ----------------------------------------------------------------------------------------------


def _row(snippet, text, sure, labeller):
    return {
        "id": snippet["id"],
        "code": snippet["code"],
        "explanation": text,
        "confidence": sure,
        "labeller": labeller,
    }


def keeps_sure_ones(explain, snippets, labeller):
    rows = []
    for snippet in snippets:
        text, sure = explain(snippet["code"])
        if sure >= 0.5:
            rows.append(_row(snippet, text, sure, labeller))
    return rows


def drops_what_it_hardly_believes(explain, snippets, labeller):
    rows = [_row(s, *explain(s["code"]), labeller) for s in snippets]
    return [row for row in rows if row["confidence"] > 0.1]


def keeps_those_that_said_something(explain, snippets, labeller):
    answers = [(s, *explain(s["code"])) for s in snippets]
    return [_row(s, text, sure, labeller) for s, text, sure in answers if text.strip()]


def skips_repeats(explain, snippets, labeller):
    seen, rows = set(), []
    for snippet in snippets:
        if snippet["code"] in seen:
            continue
        seen.add(snippet["code"])
        rows.append(_row(snippet, *explain(snippet["code"]), labeller))
    return rows


def best_first(explain, snippets, labeller):
    rows = [_row(s, *explain(s["code"]), labeller) for s in snippets]
    return sorted(rows, key=lambda row: row["confidence"], reverse=True)


def anonymous(explain, snippets, labeller):
    rows = []
    for snippet in snippets:
        text, sure = explain(snippet["code"])
        rows.append({"id": snippet["id"], "code": snippet["code"], "explanation": text, "confidence": sure})
    return rows


def spreads_the_snippet(explain, snippets, labeller):
    rows = []
    for snippet in snippets:
        text, sure = explain(snippet["code"])
        rows.append({**snippet, "explanation": text, "confidence": sure, "labeller": labeller})
    return rows


def prefers_the_gold(explain, snippets, labeller):
    rows = []
    for snippet in snippets:
        text, sure = explain(snippet["code"])
        rows.append(_row(snippet, snippet.get("gold", text), sure, labeller))
    return rows


def pool_by_comprehension(explain, snippets, labeller):
    keys = ("explanation", "confidence")
    return [
        {"id": s["id"], "code": s["code"], "labeller": labeller, **dict(zip(keys, explain(s["code"])))}
        for s in snippets
    ]


def pool_by_map(explain, snippets, labeller):
    def one(snippet):
        row = {key: snippet[key] for key in ("id", "code")}
        row["explanation"], row["confidence"] = explain(row["code"])
        row["labeller"] = labeller
        return row

    return list(map(one, snippets))


# --- 2.2 ----------------------------------------------------------------------------------------------


def _counted(tokens, log_probs):
    n = tokens.index(END) + 1 if END in tokens else len(tokens)
    return log_probs[:n]


def geometric_mean(tokens, log_probs):
    return math.exp(mean(_counted(tokens, log_probs)))


def mean_probability(tokens, log_probs):
    return mean(math.exp(lp) for lp in _counted(tokens, log_probs))


def log_of_it(tokens, log_probs):
    return sum(_counted(tokens, log_probs))


def words_only(tokens, log_probs):
    return math.exp(sum(lp for token, lp in zip(tokens, log_probs) if token != END))


def with_padding(tokens, log_probs):
    return math.exp(sum(log_probs))


def weakest(tokens, log_probs):
    return math.exp(min(_counted(tokens, log_probs)))


def up_to_index(tokens, log_probs):
    return math.exp(sum(log_probs[: tokens.index("<end>") + 1]))


def product_of_probabilities(tokens, log_probs):
    return math.prod(math.exp(lp) for lp in _counted(tokens, log_probs))


def by_a_while_loop(tokens, log_probs):
    probability, i, ended = 1.0, 0, False
    while i < len(tokens) and not ended:
        probability *= math.exp(log_probs[i])
        ended = tokens[i] == END
        i += 1
    return probability


# --- 2.3 ----------------------------------------------------------------------------------------------


def _slots_by(said, true, is_wrong):
    claimed, truth = parse(said), parse(true)
    if isinstance(claimed, Unreadable):
        return ["unreadable"]
    return sorted(slot for slot in SLOTS if is_wrong(claimed, truth, slot))


def _changes(claimed, truth, slot):
    return not same_behaviour(truth.with_claim(claimed[slot]), truth)


def by_equality(said, true):
    return _slots_by(said, true, lambda claimed, truth, slot: claimed[slot] != truth[slot])


def by_name(said, true):
    return _slots_by(said, true, lambda claimed, truth, slot: claimed[slot].name != truth[slot].name)


def by_sentence(said, true):
    claimed, truth = parse(said), parse(true)
    if isinstance(claimed, Unreadable):
        return ["unreadable"]
    return [] if same_behaviour(claimed, truth) else sorted(SLOTS)


def first_only(said, true):
    return _slots_by(said, true, _changes)[:1]


def as_they_stand(said, true):
    found = _slots_by(said, true, _changes)
    return [slot for slot in SLOTS if slot in found] or found


def silent_is_fine(said, true):
    found = _slots_by(said, true, _changes)
    return [slot for slot in found if slot in SLOTS]


def into_the_claim(said, true):
    return _slots_by(
        said, true, lambda claimed, truth, slot: not same_behaviour(claimed.with_claim(truth[slot]), claimed)
    )


def by_the_package(said, true):
    claimed = parse(said)
    return ["unreadable"] if isinstance(claimed, Unreadable) else sorted(wrong_claims(claimed, parse(true)))


def by_running(said, true):
    claimed, truth = parse(said), parse(true)
    if not hasattr(claimed, "run"):
        return ["unreadable"]
    lists = [[], *([x] for x in range(-12, 40)), [3, -4, 8, 5, -7, 12, 5, 6], [-3, -9, 4, 9, 1, 1, 10, 15]]
    bad = []
    for slot in ("aggregate", "condition", "transform"):
        mixed = truth.with_claim(claimed[slot])
        if any(mixed.run(xs) != truth.run(xs) for xs in lists):
            bad.append(slot)
    return bad


# --- 2.4 ----------------------------------------------------------------------------------------------


def _tables(pairs):
    counters = defaultdict(Counter)
    for true, said in pairs:
        counters[true][said] += 1
    return counters


def _top(counter):
    return min(counter, key=lambda name: (-counter[name], name))


def with_right_ones(pairs):
    return {
        true: [_top(counter), counter[_top(counter)] / counter.total()]
        for true, counter in _tables(pairs).items()
    }


def of_all_labels(pairs):
    labels = Counter(true for true, _ in pairs)
    errors = _tables([pair for pair in pairs if pair[0] != pair[1]])
    return {true: [_top(c), c[_top(c)] / labels[true]] for true, c in errors.items()}


def of_all_errors(pairs):
    wrong = [(true, said) for true, said in pairs if true != said]
    return {true: [_top(c), c[_top(c)] / len(wrong)] for true, c in _tables(wrong).items()}


def sideways(pairs):
    errors = _tables([(said, true) for true, said in pairs if true != said])
    return {said: [_top(c), c[_top(c)] / c.total()] for said, c in errors.items()}


def with_flawless(pairs):
    found = {}
    for true in dict(pairs):
        errors = Counter(said for t, said in pairs if t == true and said != true)
        found[true] = [_top(errors), errors[_top(errors)] / errors.total()] if errors else [None, 0.0]
    return found


def first_come(pairs):
    errors = _tables([(true, said) for true, said in pairs if true != said])
    return {true: [c.most_common(1)[0][0], c.most_common(1)[0][1] / c.total()] for true, c in errors.items()}


def by_lists(pairs):
    found = {}
    for concept in sorted({true for true, said in pairs if true != said}):
        wrong = sorted(said for true, said in pairs if true == concept and said != concept)
        best = max(wrong, key=wrong.count)
        found[concept] = (best, wrong.count(best) / len(wrong))
    return found


def by_ranked_counters(pairs):
    counts = Counter((true, said) for true, said in pairs if true != said)
    totals = Counter(true for true, said in pairs if true != said)
    found = {}
    for (true, said), n in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        found.setdefault(true, [said, n / totals[true]])
    return found


# --- 2.5 ----------------------------------------------------------------------------------------------


def _bins(confidence, right, bins):
    if not right:
        raise ValueError("no labels")
    cut = [[] for _ in range(bins)]
    for c, r in zip(confidence, right):
        cut[min(int(c * bins), bins - 1)].append((c, r))
    return cut


def _off(cut):
    return mean(c for c, _ in cut) - mean(int(r) for _, r in cut)


def mean_over_bins(confidence, right, bins):
    return mean(abs(_off(cut)) for cut in _bins(confidence, right, bins) if cut)


def signed(confidence, right, bins):
    return abs(sum(len(cut) * _off(cut) for cut in _bins(confidence, right, bins) if cut)) / len(right)


def from_the_middle(confidence, right, bins):
    total = 0.0
    for b, cut in enumerate(_bins(confidence, right, bins)):
        if cut:
            total += len(cut) * abs((b + 0.5) / bins - mean(int(r) for _, r in cut))
    return total / len(right)


def _equal_groups(cut_of):
    def calibration_error(confidence, right, bins):
        if not right:
            raise ValueError("no labels")
        cuts = cut_of(sorted(zip(confidence, right)), bins)
        return sum(abs(sum(c for c, _ in cut) - sum(r for _, r in cut)) for cut in cuts) / len(right)

    return calibration_error


def _split_like_numpy(pairs, bins):
    # Equal groups; the first ones hold the labels that are left over.
    size, more = divmod(len(pairs), bins)
    starts = [b * size + min(b, more) for b in range(bins + 1)]
    return [pairs[starts[b] : starts[b + 1]] for b in range(bins)]


def _split_like_the_lesson(pairs, bins):
    return [pairs[len(pairs) * b // bins : len(pairs) * (b + 1) // bins] for b in range(bins)]


def one_by_one(confidence, right, bins):
    if not right:
        raise ValueError("no labels")
    return mean(abs(c - r) for c, r in zip(confidence, right))


def open_at_one(confidence, right, bins):
    if not right:
        raise ValueError("no labels")
    total = 0.0
    for b in range(bins):
        cut = [(c, r) for c, r in zip(confidence, right) if b / bins <= c < (b + 1) / bins]
        if cut:
            total += len(cut) * abs(_off(cut))
    return total / len(right)


def _edges_down(fits):
    def calibration_error(confidence, right, bins):
        if not right:
            raise ValueError("no labels")
        cuts = [[(c, r) for c, r in zip(confidence, right) if fits(c, b, bins)] for b in range(bins)]
        return sum(len(cut) * abs(_off(cut)) for cut in cuts if cut) / len(right)

    return calibration_error


def fails_on_empty_bins(confidence, right, bins):
    total = 0.0
    for b in range(bins):
        cut = [(c, r) for c, r in zip(confidence, right) if min(int(c * bins), bins - 1) == b]
        sure = sum(c for c, _ in cut) / len(cut)
        share = sum(r for _, r in cut) / len(cut)
        total += len(cut) / len(right) * abs(sure - share)
    return total


def zero_for_nothing(confidence, right, bins):
    if len(right) == 0:
        return 0.0
    return sum(len(cut) * abs(_off(cut)) for cut in _bins(confidence, right, bins) if cut) / len(right)


def by_weighted_means(confidence, right, bins):
    filled = [cut for cut in _bins(confidence, right, bins) if cut]
    return sum(len(cut) / len(right) * abs(_off(cut)) for cut in filled)


def by_numpy(confidence, right, bins):
    import numpy as np

    c, r = np.asarray(confidence, float), np.asarray(right, float)
    if c.size == 0:
        raise ValueError("nothing to measure")
    which = np.clip((c * bins).astype(int), 0, bins - 1)
    return np.abs(np.bincount(which, c - r, minlength=bins)).sum() / c.size


# --- 2.6: values --------------------------------------------------------------------------------------


def _audit(audited, right, low, high, more, pool, contradicts):
    return {
        "audited": audited,
        "right": right,
        "low": low,
        "high": high,
        "more_than_half_right": more,
        "pool_right": pool,
        "contradicts": contradicts,
    }


# --- 2.7 ----------------------------------------------------------------------------------------------


def _bill(seconds, hour_price, gold_pairs, gold_price):
    return seconds / 3600 * hour_price + gold_pairs * gold_price


def per_label(labels, share_right, seconds, hour_price, gold_pairs, gold_price):
    if labels * share_right == 0:
        raise ValueError("none right")
    return _bill(seconds, hour_price, gold_pairs, gold_price) / labels


def cheaper_when_wrong(labels, share_right, seconds, hour_price, gold_pairs, gold_price):
    if labels * share_right == 0:
        raise ValueError("none right")
    return _bill(seconds, hour_price, gold_pairs, gold_price) / labels * share_right


def computing_only(labels, share_right, seconds, hour_price, gold_pairs, gold_price):
    if labels * share_right == 0:
        raise ValueError("none right")
    return seconds / 3600 * hour_price / (labels * share_right)


def by_the_second(labels, share_right, seconds, hour_price, gold_pairs, gold_price):
    if labels * share_right == 0:
        raise ValueError("none right")
    return (seconds * hour_price + gold_pairs * gold_price) / (labels * share_right)


def gold_on_top(labels, share_right, seconds, hour_price, gold_pairs, gold_price):
    if labels * share_right == 0:
        raise ValueError("none right")
    return seconds / 3600 * hour_price / (labels * share_right) + gold_pairs * gold_price


def naive(labels, share_right, seconds, hour_price, gold_pairs, gold_price):
    return (seconds / 3600 * hour_price + gold_pairs * gold_price) / (labels * share_right)


def price_in_cents(labels, share_right, seconds, hour_price, gold_pairs, gold_price):
    if not labels or not share_right:
        raise ValueError("no right label")
    cents = 100 * hour_price * seconds / 60 / 60 + 100 * gold_price * gold_pairs
    return cents / labels / share_right / 100


def price_as_a_fraction(labels, share_right, seconds, hour_price, gold_pairs, gold_price):
    right_labels = labels * Fraction(share_right)
    if right_labels == 0:
        raise ValueError("there is no right label")
    return (Fraction(seconds, 3600) * Fraction(hour_price) + gold_pairs * Fraction(gold_price)) / right_labels


def price_by_exception(labels, share_right, seconds, hour_price, gold_pairs, gold_price):
    try:
        return naive(labels, share_right, seconds, hour_price, gold_pairs, gold_price)
    except ZeroDivisionError:
        raise ValueError("there is no right label") from None


WRONG = {
    "2.1": [
        ("drops unsure labels", keeps_sure_ones),
        ("drops unsure labels", drops_what_it_hardly_believes),
        ("drops empty sentences", keeps_those_that_said_something),
        ("drops repeats", skips_repeats),
        ("sorts by confidence", best_first),
        ("no provenance", anonymous),
        ("copies the gold along", spreads_the_snippet),
        ("labels with the gold", prefers_the_gold),
    ],
    "2.2": [
        ("averages over the tokens", geometric_mean),
        ("averages probabilities", mean_probability),
        ("stays a logarithm", log_of_it),
        ("forgets the end mark", words_only),
        ("counts the padding", with_padding),
        ("asks the weakest token", weakest),
        ("needs an end mark", up_to_index),
    ],
    "2.3": [
        ("compares names", by_equality),
        ("ignores the number", by_name),
        ("all or nothing", by_sentence),
        ("stops at the first", first_only),
        ("not by the alphabet", as_they_stand),
        ("unreadable is no error", silent_is_fine),
        ("puts the truth into the claim", into_the_claim),
    ],
    "2.4": [
        ("counts the right answers", with_right_ones),
        ("share of all labels", of_all_labels),
        ("share of all errors", of_all_errors),
        ("reads the table sideways", sideways),
        ("keeps flawless concepts", with_flawless),
        ("depends on the order", first_come),
    ],
    "2.5": [
        ("all bins count alike", mean_over_bins),
        ("signs cancel", signed),
        ("uses the middle of the bin", from_the_middle),
        ("label by label", one_by_one),
        ("bins of equal size", _equal_groups(_split_like_numpy)),
        ("bins of equal size", _equal_groups(_split_like_the_lesson)),
        ("certainty falls out", open_at_one),
        ("the edge falls down", _edges_down(lambda c, b, bins: max(0, math.ceil(c * bins) - 1) == b)),
        ("the edge falls down", _edges_down(lambda c, b, bins: b / bins < c <= (b + 1) / bins)),
        ("trips over empty bins", fails_on_empty_bins),
        ("nothing is perfect", zero_for_nothing),
    ],
    "2.6": [
        ("share plus or minus", _audit(20, 11, 0.33, 0.77, "cannot say", 0.55, False)),
        ("share plus or minus", _audit(20, 20, 1.0, 1.0, "yes", 0.9, True)),
        ("counts the whole pool", _audit(20, 11, 0.52, 0.58, "yes", 0.55, False)),
        ("reads the share, not the interval", _audit(20, 11, 0.34, 0.74, "yes", 0.55, False)),
        ("reads the share, not the interval", _audit(20, 8, 0.22, 0.61, "no", 0.35, False)),
        ("wants certainty", _audit(20, 17, 0.64, 0.95, "cannot say", 0.8, False)),
        ("every difference contradicts", _audit(20, 11, 0.34, 0.74, "cannot say", 0.47, True)),
        ("overlooks a contradiction", _audit(20, 17, 0.64, 0.95, "yes", 0.47, False)),
        ("percentages for shares", _audit(20, 11, 34.2, 74.2, "cannot say", 55.4, False)),
        ("stops early", _audit(8, 5, 0.31, 0.86, "cannot say", 0.55, False)),
    ],
    "2.7": [
        ("prices all labels", per_label),
        ("multiplies by the share", cheaper_when_wrong),
        ("forgets the gold", computing_only),
        ("takes seconds for hours", by_the_second),
        ("charges the gold to each label", gold_on_top),
        ("divides by no labels", naive),
    ],
}

RIGHT = {
    "2.1": [pool_by_comprehension, pool_by_map],
    "2.2": [product_of_probabilities, by_a_while_loop],
    "2.3": [by_the_package, by_running],
    "2.4": [by_lists, by_ranked_counters],
    "2.5": [by_weighted_means, by_numpy],
    "2.6": [
        _audit(20, 11, 0.342, 0.742, "cannot say", 0.554, False),
        _audit(20, 3, 0.05, 0.36, "no", 0.319, False),
        _audit(20.0, 3.0, 0.05, 0.36, "no", 0.319, False),
        _audit(40, 33, 0.68, 0.91, "yes", 0.55, True),
        _audit(20, 20, 0.84, 1, "yes", 0.97, False),
        # One half, or the pool's share, so near an end that two digits decide.
        _audit(26, 18, 0.5, 0.83, "yes", 0.62, False),
        _audit(26, 18, 0.5, 0.83, "cannot say", 0.62, False),
        _audit(21, 15, 0.5, 0.86, "yes", 0.62, False),
        _audit(21, 6, 0.14, 0.5, "no", 0.4, False),
        _audit(26, 8, 0.17, 0.5, "no", 0.4, False),
        _audit(21, 7, 0.17, 0.55, "cannot say", 0.55, False),
        _audit(21, 7, 0.17, 0.55, "cannot say", 0.55, True),
    ],
    "2.7": [price_in_cents, price_by_exception, price_as_a_fraction],
}
