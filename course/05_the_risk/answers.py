"""Answers as learners write them: each wrong one shows a misconception, each right one must be accepted."""

from collections import Counter
from math import ceil, log, sqrt
from statistics import fmean, mean, median, stdev

# --- 5.1


def _said(claims, slot, silent):
    return silent if claims is None else claims[slot]


def _fate(true, taught, said):
    if taught == true:
        return "both right" if said == true else "invented"
    if said == true:
        return "corrected"
    return "inherited" if said == taught else "still wrong"


def fates_by_helper(truth, teacher, student):
    return {
        slot: _fate(true, _said(teacher, slot, "?teacher"), _said(student, slot, "?student"))
        for slot, true in truth.items()
    }


def fates_by_table(truth, teacher, student):
    found = {}
    for slot in truth:
        t = teacher is not None and teacher[slot] == truth[slot]
        s = student is not None and student[slot] == truth[slot]
        name = {(1, 1): "both right", (1, 0): "invented", (0, 1): "corrected", (0, 0): "still wrong"}[t, s]
        if name == "still wrong" and teacher and student and teacher[slot] == student[slot]:
            name = "inherited"
        found[slot] = name
    return found


def agreement_is_inheritance(truth, teacher, student):
    found = fates_by_helper(truth, teacher, student)
    for slot in truth:
        if teacher and student and teacher[slot] == student[slot]:
            found[slot] = "inherited"
    return found


def any_error(truth, teacher, student):
    found = fates_by_helper(truth, teacher, student)
    return {slot: "inherited" if fate == "still wrong" else fate for slot, fate in found.items()}


def new_is_invented(truth, teacher, student):
    found = fates_by_helper(truth, teacher, student)
    return {slot: "invented" if fate == "still wrong" else fate for slot, fate in found.items()}


def by_sentence(truth, teacher, student):
    fate = _fate(truth, teacher or "?teacher", student or "?student")
    return dict.fromkeys(truth, fate)


def silent_teacher_decides(truth, teacher, student):
    if teacher is None and student is not None:
        return dict.fromkeys(truth, "corrected")
    return fates_by_helper(truth, teacher, student)


def silent_student_decides(truth, teacher, student):
    if student is None and teacher is not None:
        return dict.fromkeys(truth, "invented")
    return fates_by_helper(truth, teacher, student)


def shared_silence(truth, teacher, student):
    return {
        slot: _fate(true, _said(teacher, slot, None), _said(student, slot, None))
        for slot, true in truth.items()
    }


def no_silence(truth, teacher, student):
    return {slot: _fate(truth[slot], teacher[slot], student[slot]) for slot in truth}


# --- 5.2

_TAUGHT_WRONG = ("inherited", "corrected", "still wrong")


def _counts(entries):
    return Counter(fate for entry in entries for fate in entry.values())


def _share(part, whole):
    return part / whole if whole else None


def ledger_by_counter(entries):
    c = _counts(entries)
    wrong, right = sum(c[f] for f in _TAUGHT_WRONG), c["both right"] + c["invented"]
    return {
        "inherited": _share(c["inherited"], wrong),
        "corrected": _share(c["corrected"], wrong),
        "invented": _share(c["invented"], right),
    }


def ledger_by_lists(entries):
    found = [fate for entry in entries for fate in entry.values()]
    wrong = [fate for fate in found if fate in _TAUGHT_WRONG]
    right = [fate for fate in found if fate not in _TAUGHT_WRONG]

    def part(of, name):
        return fmean([fate == name for fate in of]) if of else None

    return {
        "inherited": part(wrong, "inherited"),
        "corrected": part(wrong, "corrected"),
        "invented": part(right, "invented"),
    }


def of_all_claims(entries):
    c = _counts(entries)
    return {name: _share(c[name], sum(c.values())) for name in ("inherited", "corrected", "invented")}


def mean_of_snippets(entries):
    each = [ledger_by_counter([entry]) for entry in entries]
    found = {}
    for name in ("inherited", "corrected", "invented"):
        values = [one[name] for one in each if one[name] is not None]
        found[name] = fmean(values) if values else None
    return found


def without_still_wrong(entries):
    c = _counts(entries)
    wrong = c["inherited"] + c["corrected"]
    return ledger_by_counter(entries) | {
        "inherited": _share(c["inherited"], wrong),
        "corrected": _share(c["corrected"], wrong),
    }


def invented_of_errors(entries):
    c = _counts(entries)
    return ledger_by_counter(entries) | {"invented": _share(c["invented"], sum(c[f] for f in _TAUGHT_WRONG))}


def zero_for_nothing(entries):
    return {name: value or 0.0 for name, value in ledger_by_counter(entries).items()}


def ledger_divides(entries):
    c = _counts(entries)
    wrong, right = sum(c[f] for f in _TAUGHT_WRONG), c["both right"] + c["invented"]
    return {
        "inherited": c["inherited"] / wrong,
        "corrected": c["corrected"] / wrong,
        "invented": c["invented"] / right,
    }


# --- 5.3


def _planting(applies, new=lambda says, k: [says, k], keeps=True):
    """A planter with its own idea of where the rule applies, and of what it writes."""

    def plant_rule(gold, rule):
        slot, says, labels, planted = rule["slot"], rule["says"], [], []
        for i, label in enumerate(gold):
            concept, k = label[slot]
            if applies(rule, label["style"], concept) and (not keeps or concept != says):
                planted.append(i)
                label = {**label, slot: new(says, k)}
            labels.append(label)
        return labels, planted

    return plant_rule


def _both(rule, style, concept):
    return rule["of"] in (None, concept) and rule["style"] in (None, style)


def _either(rule, style, concept):
    of, where = rule["of"], rule["style"]
    return (of is not None and of == concept) or (where is not None and where == style)


planted_by_loop = _planting(_both)


def planted_by_copy(gold, rule):
    import copy

    labels, slot = copy.deepcopy(gold), rule["slot"]
    for label in labels:
        fits_style = not rule["style"] or label["style"] == rule["style"]
        fits_concept = not rule["of"] or label[slot][0] == rule["of"]
        if fits_style and fits_concept:
            label[slot][0] = rule["says"]
    return [labels, [i for i, (new, old) in enumerate(zip(labels, gold, strict=True)) if new != old]]


def one_slot_only(gold, rule):
    slot, labels, planted = rule["slot"], [], []
    for i, label in enumerate(gold):
        concept, k = label[slot]
        if _both(rule, label["style"], concept) and concept != rule["says"]:
            planted.append(i)
            labels.append({"style": label["style"], slot: [rule["says"], k]})
        else:
            labels.append(label)
    return labels, planted


def spoils_gold(gold, rule):
    planted = []
    for i, label in enumerate(gold):
        concept, k = label[rule["slot"]]
        if _both(rule, label["style"], concept) and concept != rule["says"]:
            label[rule["slot"]] = [rule["says"], k]
            planted.append(i)
    return gold, planted


# --- 5.4


def matched_by_zip(right, touched):
    newly = sum(1 for r, t in zip(right, touched, strict=True) if r and t)
    before = sum(right)
    return {"accuracy": (before - newly) / len(right), "rate": newly / before if before else None}


def matched_by_numpy(right, touched):
    import numpy as np

    r, t = np.array(right, dtype=bool), np.array(touched, dtype=bool)
    return {"accuracy": (r & ~t).mean(), "rate": t[r].mean() if r.any() else None}


def errors_twice(right, touched):
    before, planted = sum(right), sum(touched)
    return {"accuracy": (before - planted) / len(right), "rate": planted / before if before else None}


def of_all_labels(right, touched):
    found = matched_by_zip(right, touched)
    return found | {"rate": sum(r and t for r, t in zip(right, touched, strict=True)) / len(right)}


def of_the_touched(right, touched):
    found, newly = matched_by_zip(right, touched), sum(r and t for r, t in zip(right, touched, strict=True))
    return found | {"rate": newly / sum(touched) if sum(touched) else 0.0}


def errors_for_accuracy(right, touched):
    found = matched_by_zip(right, touched)
    return found | {"accuracy": 1 - found["accuracy"]}


def as_if_gold(right, touched):
    rate = sum(touched) / len(touched)
    return {"accuracy": 1 - rate, "rate": rate}


def flipped(right, touched):
    after, before = sum(r != t for r, t in zip(right, touched, strict=True)), sum(right)
    return {"accuracy": after / len(right), "rate": (before - after) / before if before else None}


def matched_divides(right, touched):
    newly = sum(r * t for r, t in zip(right, touched, strict=True))
    return {"accuracy": (sum(right) - newly) / len(right), "rate": newly / sum(right)}


# --- 5.5

_T = {1: 12.7062, 2: 4.3027, 3: 3.1824, 4: 2.7764, 5: 2.5706, 6: 2.4469, 7: 2.3646, 8: 2.3060, 9: 2.2622}


def _by_seed(rows, kind):
    return {r["seed"]: r["passed_on"] for r in rows if r["plan"] == kind and r["passed_on"] is not None}


def _told(differences, t=_T.__getitem__):
    n = len(differences)
    if not n:
        return {"seeds": 0, "difference": None, "low": None, "high": None, "verdict": "not recorded"}
    found = {"seeds": n, "difference": fmean(differences), "low": None, "high": None, "verdict": "not shown"}
    if n > 1:
        half = t(n - 1) * stdev(differences) / sqrt(n)
        found["low"], found["high"] = found["difference"] - half, found["difference"] + half
        found["verdict"] = (
            "systematic" if found["low"] > 0 else "random" if found["high"] < 0 else "not shown"
        )
    return found


def _paired(rows):
    one, other = _by_seed(rows, "systematic"), _by_seed(rows, "matched")
    return [one[seed] - other[seed] for seed in one if seed in other]


def compare_by_dicts(rows):
    return _told(_paired(rows))


def compare_by_pandas(rows):
    import pandas as pd

    if not rows:
        return _told([])
    table = pd.DataFrame(rows).dropna(subset=["plan", "passed_on"])
    if table.empty:
        return _told([])
    wide = table.pivot_table(index="seed", columns="plan", values="passed_on").dropna()
    if set(wide.columns) != {"systematic", "matched"}:
        return _told([])
    return _told([float(x) for x in wide["systematic"] - wide["matched"]])


def by_position(rows):
    one, other = list(_by_seed(rows, "systematic").values()), list(_by_seed(rows, "matched").values())
    return _told([a - b for a, b in zip(one, other, strict=False)])


def by_sign(rows):
    found = _told(_paired(rows))
    if found["difference"] is None:
        return found
    return found | {"verdict": "systematic" if found["difference"] > 0 else "random"}


def by_normal(rows):
    return _told(_paired(rows), t=lambda _: 1.96)


def missing_is_zero(rows):
    return _told(_paired([{**row, "passed_on": row["passed_on"] or 0.0} for row in rows]))


def zero_is_missing(rows):
    return _told(_paired([row for row in rows if row["passed_on"]]))


def median_of_differences(rows):
    found, differences = _told(_paired(rows)), _paired(rows)
    if found["low"] is None:
        return found
    moved = median(differences) - found["difference"]
    return found | {key: found[key] + moved for key in ("difference", "low", "high")}


def an_end_at_zero(rows):
    found = _told(_paired(rows))
    if found["low"] is None:
        return found
    said = "systematic" if found["low"] >= 0 else "random" if found["high"] <= 0 else "not shown"
    return found | {"verdict": said}


def rest_is_random(rows):
    return _told(
        _paired([{**row, "plan": "systematic" if row["plan"] == "systematic" else "matched"} for row in rows])
    )


def one_outcome(rows):
    found = _told(_paired(rows))
    return found | {"verdict": "not shown"} if found["verdict"] == "random" else found


def no_rows_no_effect(rows):
    found = _told(_paired(rows))
    return found if found["seeds"] else found | {"difference": 0.0, "verdict": "not shown"}


# --- 5.6


def _chance(expect, observe=None):
    """A learner's beyond_chance with another idea of what is expected, or observed."""

    def beyond_chance(truth, teacher, student, options):
        rows = list(zip(truth, teacher, student, strict=True))
        a1 = mean(float(t == true) for true, t, _ in rows)
        a2 = mean(float(s == true) for true, _, s in rows)
        same = observe or (lambda true, t, s: t == s)
        observed = mean(float(same(*row)) for row in rows)
        expected = expect(a1, a2, options)
        return (observed - expected) / (1 - expected) if expected < 1 else 0.0

    return beyond_chance


def _independent(a1, a2, options):
    return a1 * a2 + (1 - a1) * (1 - a2) / (options - 1)


chance_by_rows = _chance(_independent)


def chance_by_numpy(truth, teacher, student, options):
    import numpy as np

    true, t, s = (np.array(list(x)) for x in (truth, teacher, student))
    one, other, same = (t == true).mean(), (s == true).mean(), (t == s).mean()
    expected = one * other + (1 - one) * (1 - other) / (options - 1)
    return 0.0 if expected == 1 else 1 - (1 - same) / (1 - expected)


def raw_agreement(truth, teacher, student, options):
    return mean(float(t == s) for t, s in zip(teacher, student, strict=True))


def stops_early(truth, teacher, student, options):
    room = 1 - _independent(*(_accuracy(truth, x) for x in (teacher, student)), options)
    return chance_by_rows(truth, teacher, student, options) * room


def _accuracy(truth, said):
    return mean(float(a == b) for a, b in zip(truth, said, strict=True))


def no_certainty(truth, teacher, student, options):
    expected = _independent(_accuracy(truth, teacher), _accuracy(truth, student), options)
    return (_accuracy(teacher, student) - expected) / (1 - expected)


# --- 5.7


def read_by_logarithm(share, rate, sure):
    p = share * rate
    if p == 0:
        raise ValueError("nothing to be seen")
    return ceil(log(1 - sure) / log(1 - p))


def read_by_loop(share, rate, sure):
    if not share * rate > 0:
        raise ValueError(f"{share=}, {rate=}: no number of labels is enough")
    n = 0
    while 1 - (1 - share * rate) ** n < sure:
        n += 1
    return n


def _guarded(count):
    def labels_to_read(share, rate, sure):
        if share * rate == 0:
            raise ValueError("never")
        return count(share * rate, sure)

    return labels_to_read


def without_the_rate(share, rate, sure):
    return ceil(log(1 - sure) / log(1 - share))


def read_divides(share, rate, sure):
    return ceil(log(1 - sure) / log(1 - share * rate))


def asks_for_the_rate_only(share, rate, sure):
    if rate == 0:
        raise ValueError("nothing is wrong")
    return ceil(log(1 - sure) / log(1 - share * rate))


# --- 5.8


def _wilson(count, n, z=1.96):
    middle, scale = count / n + z**2 / (2 * n), 1 + z**2 / n
    half = z * sqrt(count / n * (1 - count / n) / n + z**2 / (4 * n**2))
    return round((middle - half) / scale, 3), round((middle + half) / scale, 3)


def _spot(wrong, suspect, stands_out, ends=None):
    low, high = ends or _wilson(*wrong[suspect])
    return {"wrong": wrong, "suspect": suspect, "low": low, "high": high, "stands_out": stands_out}


_CLEAR = {"comprehension": [0, 6], "loop": [1, 6], "map_filter": [6, 6], "while": [0, 6]}
_UNCLEAR = {"comprehension": [1, 5], "loop": [2, 7], "map_filter": [0, 4], "while": [2, 4]}
_UNEVEN = {"comprehension": [1, 8], "loop": [5, 14], "map_filter": [1, 3], "while": [4, 5]}

WRONG = {
    "5.1": [
        ("agreement is inheritance", agreement_is_inheritance),
        ("any error after an error", any_error),
        ("a new error is invented", new_is_invented),
        ("judges the sentence", by_sentence),
        ("silence is shared", shared_silence),
        ("silence decides", silent_teacher_decides),
        ("silence decides", silent_student_decides),
        ("trips over silence", no_silence),
    ],
    "5.2": [
        ("shares of all claims", of_all_claims),
        ("averages the snippets", mean_of_snippets),
        ("forgets the still wrong", without_still_wrong),
        ("invented among errors", invented_of_errors),
        ("zero for nothing", zero_for_nothing),
        ("divides by nothing", ledger_divides),
    ],
    "5.3": [
        ("drops the number", _planting(_both, new=lambda says, k: [says, None])),
        ("ignores what it is of", _planting(lambda rule, style, concept: rule["style"] in (None, style))),
        ("ignores the style", _planting(lambda rule, style, concept: rule["of"] in (None, concept))),
        ("either will do", _planting(_either)),
        ("counts what it left alone", _planting(_both, keeps=False)),
        ("drops the other claims", one_slot_only),
        ("spoils the gold", spoils_gold),
    ],
    "5.4": [
        ("counts errors twice", errors_twice),
        ("share of all labels", of_all_labels),
        ("share of the touched", of_the_touched),
        ("errors for accuracy", errors_for_accuracy),
        ("takes labels for gold", as_if_gold),
        ("two wrongs make a right", flipped),
        ("divides by none", matched_divides),
    ],
    "5.5": [
        ("pairs by position", by_position),
        ("reads the sign only", by_sign),
        ("1.96 for three seeds", by_normal),
        ("zero is missing", zero_is_missing),
        ("median for mean", median_of_differences),
        ("an end at 0 is beyond it", an_end_at_zero),
        ("missing is zero", missing_is_zero),
        ("all the rest is random", rest_is_random),
        ("expects one outcome", one_outcome),
        ("no rows, no effect", no_rows_no_effect),
    ],
    "5.6": [
        ("raw agreement", raw_agreement),
        ("chance is one in so many", _chance(lambda a1, a2, options: 1 / options)),
        ("forgets shared errors", _chance(lambda a1, a2, options: a1 * a2)),
        (
            "the truth is an error too",
            _chance(lambda a1, a2, options: a1 * a2 + (1 - a1) * (1 - a2) / options),
        ),
        ("subtracts and stops", stops_early),
        (
            "both wrong is agreement",
            _chance(_independent, observe=lambda true, t, s: (t == true) == (s == true)),
        ),
        ("trips over certainty", no_certainty),
    ],
    "5.7": [
        ("adds up the chances", _guarded(lambda p, sure: ceil(sure / p))),
        ("waits for one on average", _guarded(lambda p, sure: ceil(1 / p))),
        ("takes the spot for wrong throughout", without_the_rate),
        ("rounds down", _guarded(lambda p, sure: int(log(1 - sure) / log(1 - p)))),
        ("mistakes sure for unsure", _guarded(lambda p, sure: ceil(log(sure) / log(1 - p)))),
        ("divides by never", read_divides),
        ("divides by never", asks_for_the_rate_only),
    ],
    "5.8": [
        ("stops early", _spot({"loop": [2, 3], "while": [0, 4]}, "loop", "cannot say")),
        ("counts, not shares", _spot(_UNEVEN, "loop", "cannot say")),
        ("suspects the innocent", _spot(_UNCLEAR, "map_filter", "cannot say")),
        ("an interval of the whole audit", _spot(_CLEAR, "map_filter", "yes", ends=_wilson(6, 24))),
        ("an interval of the whole audit", _spot(_CLEAR, "map_filter", "yes", ends=_wilson(7, 24))),
        ("a suspicion is a finding", _spot(_UNCLEAR, "while", "yes")),
        ("wants certainty", _spot(_CLEAR, "map_filter", "cannot say")),
    ],
}

RIGHT = {
    "5.1": [fates_by_helper, fates_by_table],
    "5.2": [ledger_by_counter, ledger_by_lists],
    "5.3": [planted_by_loop, planted_by_copy],
    "5.4": [matched_by_zip, matched_by_numpy],
    "5.5": [compare_by_dicts, compare_by_pandas],
    "5.6": [chance_by_rows, chance_by_numpy],
    "5.7": [read_by_logarithm, read_by_loop],
    "5.8": [
        _spot(_CLEAR, "map_filter", "yes"),
        _spot(_UNCLEAR, "while", "cannot say"),
        _spot({"loop": [1, 10], "while": [3, 30]}, "loop", "cannot say", ends=(0.02, 0.4)),
    ],
}
