"""Answers that learners write, by which the checks of unit 9 are tested."""

from bisect import bisect_left
from itertools import pairwise

# --- 9.1

_CARRIES = {
    "teacher": "gain",
    "again": "seeds.gain",
    "rule": "inherited.systematic",
    "gold": "seeds.gold_lead",
    "origin": "seeds.control",
    "cost": "price.gold",
}

# --- 9.4


def by_walking(student, rows):
    before = None
    for labels, accuracy in sorted(rows):
        if accuracy >= student:
            if before is None:
                return labels
            share = (student - before[1]) / (accuracy - before[1])
            return (1 - share) * before[0] + share * labels
        before = (labels, accuracy)
    return None


def by_highest_so_far(student, rows):
    rows = sorted(rows)
    highest = [max(y for _, y in rows[: i + 1]) for i in range(len(rows))]
    at = bisect_left(highest, student)
    if at == len(rows):
        return None
    if at == 0:
        return rows[0][0]
    (x0, y0), (x1, y1) = rows[at - 1], rows[at]
    return x1 - (y1 - student) / (y1 - y0) * (x1 - x0)


def takes_the_next_row(student, rows):
    return next((x for x, y in sorted(rows) if y >= student), None)


def takes_the_nearest_row(student, rows):
    if student < min(y for _, y in rows):
        return min(rows)[0]
    return min(sorted(rows), key=lambda row: round(abs(row[1] - student), 9))[0]


def counts_from_the_wrong_end(student, rows):
    rows = sorted(rows)
    if rows[0][1] >= student:
        return rows[0][0]
    for (x0, y0), (x1, y1) in pairwise(rows):
        if y1 >= student:
            return x0 + (x1 - x0) * (y1 - student) / (y1 - y0)
    return None


def extrapolates(student, rows):
    rows = sorted(rows)
    at = next((i for i, (_, y) in enumerate(rows) if i and y >= student), len(rows) - 1)
    (x0, y0), (x1, y1) = rows[max(at, 1) - 1], rows[max(at, 1)]
    return x0 + (x1 - x0) * (student - y0) / (y1 - y0)


def never_is_the_last_row(student, rows):
    found = by_walking(student, rows)
    return max(rows)[0] if found is None else found


def looks_between_the_rows_only(student, rows):
    rows = sorted(rows)
    if rows[0][1] >= student:
        return rows[0][0]
    for (x0, y0), (x1, y1) in pairwise(rows):
        if y0 < student < y1:
            return x0 + (x1 - x0) * (student - y0) / (y1 - y0)
    return None


def trusts_the_order_given(student, rows):
    for i, (x1, y1) in enumerate(rows):
        if y1 >= student:
            if i == 0:
                return x1
            x0, y0 = rows[i - 1]
            return x0 + (x1 - x0) * (student - y0) / (y1 - y0)
    return None


def takes_the_last_crossing(student, rows):
    rows = sorted(rows)
    pairs = pairwise(rows)
    found = [
        x0 + (x1 - x0) * (student - y0) / (y1 - y0) for (x0, y0), (x1, y1) in pairs if y0 < student <= y1
    ]
    return found[-1] if found else rows[0][0] if rows[0][1] >= student else None


def along_the_logarithm(student, rows):
    rows = sorted(rows)
    for (x0, y0), (x1, y1) in zip([rows[0], *rows], rows, strict=False):
        if y1 >= student:
            return x1 if x1 == x0 else x0 * (x1 / x0) ** ((student - y0) / (y1 - y0))
    return None


def counts_a_way_down(student, rows):
    rows = sorted(rows)
    for (x0, y0), (x1, y1) in pairwise(rows):
        if min(y0, y1) < student <= max(y0, y1):
            return x0 + (x1 - x0) * (student - y0) / (y1 - y0)
    return rows[0][0] if rows[0][1] >= student else None


# --- 9.5


def by_steps(results, least):
    gain = results["gain"]
    if gain["value"] is None or gain["ci95"] is None:
        return "no evidence"
    if results["config"]["preset"] == "smoke":
        return "no evidence"
    if min(gain["ci95"]) >= least:
        return "sound"
    if max(gain["ci95"]) < least:
        return "not sound"
    return "undecided"


def by_counting_ends(results, least):
    ends = results["gain"]["ci95"]
    if not ends or results["config"]["preset"] == "smoke":
        return "no evidence"
    return ("not sound", "undecided", "sound")[sum(end >= least for end in ends)]


def _with(rule):
    """A rule about (value, low, high, least), guarded as it should be."""

    def decision(results, least):
        if by_steps(results, least) == "no evidence":
            return "no evidence"
        return rule(results["gain"]["value"], *results["gain"]["ci95"], least)

    return decision


def _bar(sound, not_sound):
    """A rule by its two comparisons with the bar."""
    return _with(
        lambda v, low, high, least: (
            "sound" if sound(low, least) else "not sound" if not_sound(high, least) else "undecided"
        )
    )


def reads_any_run(results, least):
    return by_steps({**results, "config": {"preset": "cpu"}}, least)


def only_the_cpu_preset(results, least):
    if results["config"]["preset"] != "cpu":
        return "no evidence"
    return by_steps(results, least)


def missing_is_zero(results, least):
    if results["gain"]["ci95"] is None:
        return "not sound"
    return by_steps(results, least)


def missing_is_doubt(results, least):
    if results["gain"]["ci95"] is None:
        return "undecided"
    return by_steps(results, least)


# --- 9.7

_LEVELS = {"claim": 4, "advantage": 3, "risk": 4, "weighing": 2, "reversal": 1, "limits": 2}

WRONG = {
    "9.1": [
        ("an accuracy for a difference", {**_CARRIES, "teacher": "weak_to_strong"}),
        ("PGR for everything", {**_CARRIES, "teacher": "pgr", "gold": "pgr"}),
        ("one run for all seeds", {**_CARRIES, "again": "gain"}),
        ("one run for all seeds", {**_CARRIES, "again": "gain", "gold": "gold_lead"}),
        ("one run for all seeds", {**_CARRIES, "gold": "gold_lead"}),
        ("words for a gain", {**_CARRIES, "teacher": "gain.says"}),
        ("words for a rule", {**_CARRIES, "rule": "inherited.says"}),
        ("words for an origin", {**_CARRIES, "origin": "pretraining"}),
        ("an arm for a comparison", {**_CARRIES, "origin": "control"}),
        ("people for the gold", {**_CARRIES, "cost": "price.human"}),
        ("keys in braces", {name: f"{{{{{key}}}}}" for name, key in _CARRIES.items()}),
        ("the average for a kind", {**_CARRIES, "rule": "inherited"}),
        ("the ceiling for the rival", {**_CARRIES, "gold": "seeds.below_ceiling"}),
        ("a gain for its cause", {**_CARRIES, "origin": "seeds.gain"}),
        ("the margin for the price", {**_CARRIES, "cost": "price.weak"}),
    ],
    "9.2": [
        ("not shown is shown not to be", ["c", "e", "g"]),
        ("the interval covers other seeds", ["b", "e", "g"]),
        ("a good average excuses a kind", ["b", "c", "g"]),
        ("one setting is the world", ["b", "c", "e"]),
        ("distrusts a sober sentence", ["b", "c", "e", "f", "g"]),
        ("distrusts a sober sentence", ["a", "b", "c", "d", "e", "f", "g", "h"]),
    ],
    "9.3": [
        (
            "bends the evidence to the claim",
            ["question", "predict", "bar", "read", "fit", "claim", "against", "weigh", "limits", "verdict"],
        ),
        (
            "bends the evidence to the claim",
            ["question", "predict", "bar", "read", "claim", "drop", "against", "weigh", "limits", "verdict"],
        ),
        (
            "sets the bar after the numbers",
            ["question", "predict", "read", "bar", "claim", "against", "weigh", "limits", "verdict"],
        ),
        (
            "predicts what it knows",
            ["question", "bar", "read", "predict", "claim", "against", "weigh", "limits", "verdict"],
        ),
        (
            "claims before it reads",
            ["question", "predict", "bar", "claim", "read", "against", "weigh", "limits", "verdict"],
        ),
        (
            "weighs one side",
            ["question", "predict", "bar", "read", "claim", "weigh", "against", "limits", "verdict"],
        ),
        (
            "doubts come after the verdict",
            ["question", "predict", "bar", "read", "claim", "against", "weigh", "verdict", "limits"],
        ),
        (
            "narrows a claim that is not there yet",
            ["question", "predict", "bar", "read", "limits", "claim", "against", "weigh", "verdict"],
        ),
        (
            "the question comes last",
            ["predict", "bar", "question", "read", "claim", "against", "weigh", "limits", "verdict"],
        ),
        ("skips a step", ["question", "predict", "bar", "read", "claim", "limits", "verdict"]),
    ],
    "9.4": [
        ("takes the next row", takes_the_next_row),
        ("takes the nearest row", takes_the_nearest_row),
        ("counts from the wrong end", counts_from_the_wrong_end),
        ("extrapolates", extrapolates),
        ("never is the last row", never_is_the_last_row),
        ("looks between the rows only", looks_between_the_rows_only),
        ("trusts the order given", trusts_the_order_given),
        ("takes the last crossing", takes_the_last_crossing),
        ("along the logarithm", along_the_logarithm),
        ("counts a way down", counts_a_way_down),
    ],
    "9.5": [
        ("takes the value", _with(lambda v, low, high, least: "sound" if v >= least else "not sound")),
        (
            "any gain will do",
            _with(
                lambda v, low, high, least: "sound" if low > 0 else "not sound" if high < 0 else "undecided"
            ),
        ),
        ("no third answer", _with(lambda v, low, high, least: "sound" if low >= least else "not sound")),
        (
            "a gain is never against",
            _with(
                lambda v, low, high, least: (
                    "sound" if low >= least else "not sound" if high < 0 else "undecided"
                )
            ),
        ),
        (
            "the bar itself is too low",
            _bar(lambda low, least: low >= least, lambda high, least: high <= least),
        ),
        ("the bar itself is too low", _bar(lambda low, least: low > least, lambda high, least: high < least)),
        ("reads any run", reads_any_run),
        ("one preset only", only_the_cpu_preset),
        ("missing is zero", missing_is_zero),
        ("missing is doubt", missing_is_doubt),
    ],
    "9.6": [
        ("a chosen setting spoils its seeds", {"chosen": "a", "planted": "d", "standin": "a"}),
        ("possible needs a sample", {"chosen": "c", "planted": "d", "standin": "a"}),
        ("a chosen setting has no noise", {"chosen": "d", "planted": "d", "standin": "a"}),
        ("planted errors show nothing", {"chosen": "b", "planted": "a", "standin": "a"}),
        ("the number of errors decides", {"chosen": "b", "planted": "b", "standin": "a"}),
        ("a mechanism must be common", {"chosen": "b", "planted": "c", "standin": "a"}),
        ("an arm for measuring is no evidence", {"chosen": "b", "planted": "d", "standin": "b"}),
        ("gold that is there is free", {"chosen": "b", "planted": "d", "standin": "c"}),
        ("without gold no ceiling", {"chosen": "b", "planted": "d", "standin": "d"}),
    ],
    "9.7": [
        ("one impression for all", dict.fromkeys(_LEVELS, 3)),
        ("marks the verdict", {**_LEVELS, "claim": 1}),
        ("wants a large advantage", {**_LEVELS, "advantage": 1}),
        ("discounts what it disagrees with", {**_LEVELS, "risk": 2}),
        ("counts evidence, not sides", {**_LEVELS, "weighing": 4}),
        ("takes certainty for strength", {**_LEVELS, "reversal": 4}),
        ("takes modesty for limits", {**_LEVELS, "limits": 4}),
    ],
}
RIGHT = {
    "9.1": [dict(sorted(_CARRIES.items())), dict(reversed(_CARRIES.items()))],
    "9.2": [["g", "e", "c", "b"], ("b", "c", "e", "g"), {"b", "c", "e", "g"}],
    "9.3": [
        ["question", "bar", "predict", "read", "claim", "limits", "against", "weigh", "verdict"],
        ("question", "predict", "bar", "read", "claim", "against", "limits", "weigh", "verdict"),
    ],
    "9.4": [by_walking, by_highest_so_far],
    "9.5": [by_steps, by_counting_ends],
    "9.6": [
        {"standin": "a", "planted": "d", "chosen": "b"},
        {"planted": "d", "chosen": "b", "standin": "a"},
    ],
    "9.7": [
        {"claim": 3, "advantage": 3, "risk": 4, "weighing": 2, "reversal": 1, "limits": 1},
        {"limits": 3, "claim": 4, "advantage": 2, "risk": 3, "weighing": 3, "reversal": 2},
    ],
}
