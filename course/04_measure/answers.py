"""Answers as learners write them: each wrong one shows a misconception, each right one must be accepted."""

from math import sqrt
from statistics import fmean, mean, median, pstdev, stdev, variance

import numpy as np

# --- 4.1


def _guarded(ratio):
    def gap_recovered(weak, w2s, ceiling):
        if ceiling <= weak:
            raise ValueError("no gap")
        return ratio(weak, w2s, ceiling)

    return gap_recovered


def no_guard(weak, w2s, ceiling):
    return (w2s - weak) / (ceiling - weak)


def guards_equality_only(weak, w2s, ceiling):
    if ceiling == weak:
        raise ValueError("no gap")
    return (w2s - weak) / (ceiling - weak)


def zero_for_undefined(weak, w2s, ceiling):
    gap = ceiling - weak
    return (w2s - weak) / gap if gap > 0 else 0.0


def gap_first(weak, w2s, ceiling):
    gap, gain = ceiling - weak, w2s - weak
    if not gap > 0:
        raise ValueError(f"the gap is {gap}")
    return gain / gap


def by_complement(weak, w2s, ceiling):
    assert_gap = ceiling > weak
    if assert_gap:
        return 1 - (ceiling - w2s) / (ceiling - weak)
    raise ValueError


# --- 4.2


def report_by_package(weak, w2s, ceiling, gap_low):
    from w2s_course.metrics import NoGap, clamped_pgr, performance_gap_recovered

    try:
        raw = performance_gap_recovered(weak, w2s, ceiling)
    except NoGap:
        return {"raw": None, "clamped": None, "status": "no gap"}
    status = "ok" if gap_low > 0 else "gap within noise"
    return {"raw": raw, "clamped": clamped_pgr(raw), "status": status}


def report_in_order(weak, w2s, ceiling, gap_low):
    found = {"raw": None, "clamped": None, "status": "no gap"}
    if ceiling > weak:
        raw = (w2s - weak) / (ceiling - weak)
        found["raw"], found["clamped"] = raw, raw if raw > 0 else 0
        found["status"] = "gap within noise" if gap_low <= 0 else "ok"
    return found


def clamps_both(weak, w2s, ceiling, gap_low):
    found = report_in_order(weak, w2s, ceiling, gap_low)
    return found | {"raw": found["clamped"]}


def clamps_neither(weak, w2s, ceiling, gap_low):
    found = report_in_order(weak, w2s, ceiling, gap_low)
    return found | {"clamped": found["raw"]}


def harm_is_no_gap(weak, w2s, ceiling, gap_low):
    if w2s < weak:
        return {"raw": None, "clamped": None, "status": "no gap"}
    return report_in_order(weak, w2s, ceiling, gap_low)


def clamps_above_too(weak, w2s, ceiling, gap_low):
    found = report_in_order(weak, w2s, ceiling, gap_low)
    if found["clamped"] is not None:
        found["clamped"] = min(1, found["clamped"])
    return found


def ignores_the_interval(weak, w2s, ceiling, gap_low):
    found = report_in_order(weak, w2s, ceiling, gap_low)
    return found | {"status": "no gap" if found["raw"] is None else "ok"}


def an_end_at_zero(weak, w2s, ceiling, gap_low):
    found = report_in_order(weak, w2s, ceiling, gap_low)
    if found["raw"] is not None:
        found["status"] = "ok" if gap_low >= 0 else "gap within noise"
    return found


def hides_what_it_doubts(weak, w2s, ceiling, gap_low):
    if ceiling > weak and gap_low <= 0:
        return {"raw": None, "clamped": None, "status": "gap within noise"}
    return report_in_order(weak, w2s, ceiling, gap_low)


def report_zero_for_undefined(weak, w2s, ceiling, gap_low):
    found = report_in_order(weak, w2s, ceiling, gap_low)
    return {k: 0.0 if v is None else v for k, v in found.items()}


def asks_the_interval_first(weak, w2s, ceiling, gap_low):
    raw = (w2s - weak) / (ceiling - weak)
    if gap_low <= 0:
        return {"raw": raw, "clamped": max(0, raw), "status": "gap within noise"}
    if ceiling <= weak:
        return {"raw": None, "clamped": None, "status": "no gap"}
    return {"raw": raw, "clamped": max(0, raw), "status": "ok"}


# --- 4.3


def _draw_means(claims, draws):
    return sorted(fmean(c for i in draw for c in claims[i]) for draw in draws)


def by_percentile(claims, draws):
    means = [np.mean([claims[i] for i in draw]) for draw in draws]
    return np.percentile(means, [2.5, 97.5])


def by_sorting_and_arrays(claims, draws):
    per_snippet = np.asarray(claims).mean(axis=1)
    means = np.sort(per_snippet[np.asarray(draws)].mean(axis=1))
    out = len(draws) // 40
    return means[out], means[-1 - out]


def _unsorted_means(claims, draws):
    return [fmean(c for i in draw for c in claims[i]) for draw in draws]


def takes_the_draws_as_they_come(claims, draws):
    means, out = _unsorted_means(claims, draws), len(draws) // 40
    return [means[out], means[-1 - out]]


def sorts_the_draws(claims, draws):
    return takes_the_draws_as_they_come(claims, sorted(draws))


def smallest_and_largest(claims, draws):
    means = _draw_means(claims, draws)
    return [means[0], means[-1]]


def leaves_out_five(claims, draws):
    return list(np.percentile(_draw_means(claims, draws), [5, 95]))


def counts_a_snippet_once(claims, draws):
    return list(np.percentile(_draw_means(claims, [set(draw) for draw in draws]), [2.5, 97.5]))


def spread_of_the_snippets(claims, draws):
    per_snippet = [fmean(c) for c in claims]
    m, s = fmean(per_snippet), pstdev(per_snippet)
    return [m - 1.96 * s, m + 1.96 * s]


def no_draws(claims, draws):
    flat = [c for snippet in claims for c in snippet]
    p = sum(flat) / len(flat)
    half = 1.96 * sqrt(p * (1 - p) / len(flat))
    return [p - half, p + half]


def draws_claims(claims, draws):
    flat = [c for snippet in claims for c in snippet]
    means = [fmean(flat[i] for i in draw) for draw in draws]
    return list(np.percentile(means, [2.5, 97.5]))


# --- 4.4


def _middle(values, draws):
    means = sorted(fmean(values[i] for i in draw) for draw in draws)
    out = (len(draws) - 1) // 40
    return means[out], means[-1 - out]


def gain_by_arrays(weak, student, draws):
    difference = np.array(student) - np.array(weak)
    return [difference.mean(), *np.percentile(difference[np.array(draws)].mean(1), [2.5, 97.5])]


def gain_draw_by_draw(weak, student, draws):
    def accuracy(arm, chosen):
        return sum(arm[i] for i in chosen) / len(chosen)

    gains = sorted(accuracy(student, d) - accuracy(weak, d) for d in draws)
    out = len(gains) // 40
    everyone = range(len(weak))
    return accuracy(student, everyone) - accuracy(weak, everyone), gains[out], gains[-out - 1]


def does_not_sort(weak, student, draws):
    difference = [s - w for w, s in zip(weak, student, strict=True)]
    gains, out = [fmean(difference[i] for i in draw) for draw in draws], len(draws) // 40
    return [fmean(difference), gains[out], gains[-1 - out]]


def teacher_minus_student(weak, student, draws):
    difference = [w - s for w, s in zip(weak, student, strict=True)]
    return [fmean(difference), *_middle(difference, draws)]


def subtracts_the_ends(weak, student, draws):
    (wl, wh), (sl, sh) = _middle(weak, draws), _middle(student, draws)
    return [fmean(student) - fmean(weak), sl - wl, sh - wh]


def two_separate_intervals(weak, student, draws):
    (wl, wh), (sl, sh) = _middle(weak, draws), _middle(student, draws)
    return [fmean(student) - fmean(weak), sl - wh, sh - wl]


def fresh_draws_for_each_arm(weak, student, draws):
    both = zip(draws, draws[::-1], strict=True)
    gains = sorted(fmean(student[i] for i in b) - fmean(weak[i] for i in a) for a, b in both)
    out = (len(gains) - 1) // 40
    return [fmean(student) - fmean(weak), gains[out], gains[-1 - out]]


def counts_every_disagreement(weak, student, draws):
    difference = [abs(s - w) for s, w in zip(student, weak, strict=True)]
    return [fmean(difference), *_middle(difference, draws)]


def gain_hides_harm(weak, student, draws):
    difference = [max(0, s - w) for s, w in zip(student, weak, strict=True)]
    return [fmean(difference), *_middle(difference, draws)]


# --- 4.5


def _error(p, n):
    return sqrt(p * (1 - p) / n)


def _names(table, keep):
    return [name for name, row in table.items() if keep(*row)]


def _clear_gap(weak, ceiling, n):
    return ceiling - weak > 1.96 * np.hypot(_error(weak, n), _error(ceiling, n))


def quotable_by_variance(table):
    chosen = []
    for name, (weak, _, ceiling, n, chance) in table.items():
        v_weak, v_ceiling = weak * (1 - weak) / n, ceiling * (1 - ceiling) / n
        clear = (ceiling - weak) - 1.96 * (v_weak + v_ceiling) ** 0.5 > 0
        if clear and ceiling - 1.96 * v_ceiling**0.5 > chance:
            chosen.append(name)
    return chosen


def quotable_by_score(table):
    def keep(weak, w2s, ceiling, n, chance):
        gap_z = (ceiling - weak) / np.hypot(_error(weak, n), _error(ceiling, n))
        return gap_z > 1.96 and (ceiling - chance) / _error(ceiling, n) > 1.96

    return _names(table, keep)


def no_n(table):
    def keep(w, s, c, n, k):
        v_weak, v_ceiling = w * (1 - w), c * (1 - c)
        return c - w > 1.96 * (v_weak + v_ceiling) ** 0.5 and c - k > 1.96 * v_ceiling**0.5

    return _names(table, keep)


def a_large_pgr(table):
    return _names(table, lambda w, s, c, n, k: c > w and (s - w) / (c - w) >= 0.5)


def any_gap(table):
    return _names(table, lambda w, s, c, n, k: c > w)


def five_points(table):
    return _names(table, lambda w, s, c, n, k: c - w >= 0.05 and c > k)


def no_overlap(table):
    def keep(w, s, c, n, k):
        return c - 1.96 * _error(c, n) > max(k, w + 1.96 * _error(w, n))

    return _names(table, keep)


def forgets_chance(table):
    return _names(table, lambda w, s, c, n, k: _clear_gap(w, c, n))


def chance_without_noise(table):
    return _names(table, lambda w, s, c, n, k: _clear_gap(w, c, n) and c > k)


def leaves_harm_out(table):
    return _names(table, lambda w, s, c, n, k: _clear_gap(w, c, n) and s > w and c - 1.96 * _error(c, n) > k)


def only_the_ceiling(table):
    return _names(table, lambda w, s, c, n, k: c - 1.96 * _error(c, n) > max(w, k))


# --- 4.6

T975 = {1: 12.7062, 2: 4.3027, 3: 3.1824, 4: 2.7764, 5: 2.5706, 6: 2.4469, 7: 2.3646, 8: 2.3060, 9: 2.2622}


def _around(gains, half):
    return [mean(gains), mean(gains) - half, mean(gains) + half]


def _unless_single(half):
    return lambda gains: _around(gains, half(gains)) if len(gains) > 1 else [gains[0], None, None]


def seeds_by_numpy(gains):
    x, n = np.asarray(gains, dtype=float), len(gains)
    if n < 2:
        return x.mean(), None, None
    half = T975[n - 1] * x.std(ddof=1) / np.sqrt(n)
    return x.mean(), x.mean() - half, x.mean() + half


def seeds_by_variance(gains):
    n = len(gains)
    if n == 1:
        return [gains[0], None, None]
    return _around(gains, T975[n - 1] * (variance(gains) / n) ** 0.5)


def seeds_by_exact_t(gains):
    exact = {1: 12.706205, 2: 4.302653, 3: 3.182446, 4: 2.776445}
    if len(gains) == 1:
        return [gains[0], None, None]
    return _around(gains, exact[len(gains) - 1] * stdev(gains) / sqrt(len(gains)))


def one_seed_is_certain(gains):
    return _around(gains, T975[len(gains) - 1] * stdev(gains) / sqrt(len(gains)) if len(gains) > 1 else 0)


def median_of_seeds(gains):
    if len(gains) == 1:
        return [gains[0], None, None]
    half = T975[len(gains) - 1] * stdev(gains) / sqrt(len(gains))
    return [median(gains), median(gains) - half, median(gains) + half]


def seeds_without_harm(gains):
    kept = [g for g in gains if g > 0]
    return seeds_by_numpy(kept) if kept else [0.0, None, None]


# --- 4.7


def _ends(results, arm):
    return results["arms"][arm]["exact"]["ci95"]


def reading_by_steps(results):
    low, high = results["gain"]["ci95"]
    said = "not shown"
    if low > 0:
        said = "better"
    if high < 0:
        said = "worse"
    pgr = results["pgr"]
    gold = results["arms"]["strong_on_gold"]["exact"]
    student = results["arms"]["weak_to_strong"]["exact"]
    first = gold["ci95"][0] > student["ci95"][1]
    return {"student": said, "pgr": pgr["raw"] if pgr["status"] == "ok" else None, "gold_first": first}


def reading_by_lookup(results):
    low, high = results["gain"]["ci95"]
    names = {(True, True): "better", (False, False): "worse"}
    status, raw = results["pgr"]["status"], results["pgr"]["raw"]
    return {
        "student": names.get((low > 0, high >= 0), "not shown"),
        "pgr": {"ok": raw}.get(status),
        "gold_first": min(_ends(results, "strong_on_gold")) > max(_ends(results, "weak_to_strong")),
    }


def reads_the_sign_only(results):
    gain = results["gain"]["value"]
    return reading_by_steps(results) | {"student": "better" if gain > 0 else "worse"}


def compares_the_arms(results):
    weak, student = _ends(results, "weak"), _ends(results, "weak_to_strong")
    said = "better" if student[0] > weak[1] else "worse" if student[1] < weak[0] else "not shown"
    return reading_by_steps(results) | {"student": said}


def harm_is_only_not_shown(results):
    said = "better" if results["gain"]["ci95"][0] > 0 else "not shown"
    return reading_by_steps(results) | {"student": said}


def quotes_whatever(results):
    return reading_by_steps(results) | {"pgr": results["pgr"]["raw"]}


def zero_is_no_number(results):
    pgr = results["pgr"]
    return reading_by_steps(results) | {"pgr": (pgr["status"] == "ok" and pgr["raw"]) or None}


def takes_the_clamped(results):
    pgr = results["pgr"]
    return reading_by_steps(results) | {"pgr": pgr["clamped"] if pgr["status"] == "ok" else None}


def any_lead_of_gold(results):
    arms = results["arms"]
    lead = arms["strong_on_gold"]["exact"]["value"] > arms["weak_to_strong"]["exact"]["value"]
    return reading_by_steps(results) | {"gold_first": lead}


def takes_the_ceiling(results):
    first = _ends(results, "ceiling")[0] > _ends(results, "weak_to_strong")[1]
    return reading_by_steps(results) | {"gold_first": first}


def _student_by(above, below):
    def reading(results):
        low, high = results["gain"]["ci95"]
        said = "better" if above(low) else "worse" if below(high) else "not shown"
        return reading_by_steps(results) | {"student": said}

    return reading


def touching_is_above(results):
    first = _ends(results, "strong_on_gold")[0] >= _ends(results, "weak_to_strong")[1]
    return reading_by_steps(results) | {"gold_first": first}


WRONG = {
    "4.1": [
        ("divides by the ceiling", _guarded(lambda w, s, c: (s - w) / c)),
        ("gain relative to the teacher", _guarded(lambda w, s, c: (s - w) / w)),
        ("gain relative to the teacher", _guarded(lambda w, s, c: s / w - 1)),
        ("share of the ceiling", _guarded(lambda w, s, c: s / c)),
        ("what is still missing", _guarded(lambda w, s, c: (c - s) / (c - w))),
        ("clamps", _guarded(lambda w, s, c: max(0, (s - w) / (c - w)))),
        ("forces it into 0 to 1", _guarded(lambda w, s, c: min(1, max(0, (s - w) / (c - w))))),
        ("no guard", no_guard),
        ("guards equality only", guards_equality_only),
        ("zero for undefined", zero_for_undefined),
    ],
    "4.2": [
        ("clamps both", clamps_both),
        ("clamps neither", clamps_neither),
        ("harm is no gap", harm_is_no_gap),
        ("clamps above too", clamps_above_too),
        ("ignores the interval", ignores_the_interval),
        ("an end at 0 counts as above it", an_end_at_zero),
        ("hides what it doubts", hides_what_it_doubts),
        ("zero for undefined", report_zero_for_undefined),
        ("asks the interval first", asks_the_interval_first),
    ],
    "4.3": [
        ("takes the draws as they come", takes_the_draws_as_they_come),
        ("sorts the draws, not their shares", sorts_the_draws),
        ("smallest and largest draw", smallest_and_largest),
        ("leaves out 5% on each side", leaves_out_five),
        ("counts a snippet once", counts_a_snippet_once),
        ("spread of the snippets", spread_of_the_snippets),
        ("no draws, a formula", no_draws),
        ("draws claims, not snippets", draws_claims),
    ],
    "4.4": [
        ("teacher minus student", teacher_minus_student),
        ("does not sort", does_not_sort),
        ("subtracts the ends", subtracts_the_ends),
        ("two separate intervals", two_separate_intervals),
        ("fresh draws for each arm", fresh_draws_for_each_arm),
        ("counts every disagreement", counts_every_disagreement),
        ("hides harm", gain_hides_harm),
    ],
    "4.5": [
        ("a large PGR means something", a_large_pgr),
        ("no n in the error", no_n),
        ("another order", lambda table: sorted(quotable_by_score(table))),
        ("any gap will do", any_gap),
        ("five points are enough", five_points),
        ("intervals must not overlap", no_overlap),
        ("forgets chance", forgets_chance),
        ("chance without noise", chance_without_noise),
        ("leaves harm out", leaves_harm_out),
        ("only the ceiling is noisy", only_the_ceiling),
    ],
    "4.6": [
        ("median for mean", median_of_seeds),
        ("one seed is certain", one_seed_is_certain),
        ("1.96 for any number of seeds", _unless_single(lambda g: 1.96 * stdev(g) / sqrt(len(g)))),
        ("t for n instead of n - 1", _unless_single(lambda g: T975[len(g)] * stdev(g) / sqrt(len(g)))),
        (
            "spread of a whole population",
            _unless_single(lambda g: T975[len(g) - 1] * np.std(g) / sqrt(len(g))),
        ),
        ("spread of single runs", _unless_single(lambda g: T975[len(g) - 1] * stdev(g))),
        (
            "lowest to highest",
            lambda g: [mean(g), min(g), max(g)] if len(g) > 1 else [g[0], None, None],
        ),
        ("drops the seeds with harm", seeds_without_harm),
    ],
    "4.7": [
        ("reads the sign only", reads_the_sign_only),
        ("compares the arms' intervals", compares_the_arms),
        ("harm is only not shown", harm_is_only_not_shown),
        ("quotes PGR whatever its status", quotes_whatever),
        ("zero is no number", zero_is_no_number),
        ("takes the clamped", takes_the_clamped),
        ("any lead of gold", any_lead_of_gold),
        ("an end at 0 is beyond it", _student_by(lambda low: low >= 0, lambda high: high <= 0)),
        ("an end at 0 is beyond it", _student_by(lambda low: low >= 0, lambda high: high < 0)),
        ("an end at 0 is beyond it", _student_by(lambda low: low > 0, lambda high: high <= 0)),
        ("touching is above", touching_is_above),
        ("takes the ceiling for gold", takes_the_ceiling),
    ],
    "4.8": [
        ("no evidence is evidence of none", ["a", "e"]),
        ("a clear gap is a clear gain", ["b", "c", "e"]),
        ("the interval covers other seeds", ["d", "e"]),
        ("one setting is the method", ["e", "f"]),
        ("overlapping intervals mean equal arms", ["e", "g"]),
        ("misses what does follow", ["e"]),
        ("misses what does follow", []),
    ],
}
RIGHT = {
    "4.1": [gap_first, by_complement],
    "4.2": [report_by_package, report_in_order],
    "4.3": [by_percentile, by_sorting_and_arrays],
    "4.4": [gain_by_arrays, gain_draw_by_draw],
    "4.5": [quotable_by_variance, quotable_by_score],
    "4.6": [seeds_by_numpy, seeds_by_variance, seeds_by_exact_t],
    "4.7": [reading_by_steps, reading_by_lookup],
    "4.8": [["e", "b"], ("b", "e"), {"b", "e"}],
}
