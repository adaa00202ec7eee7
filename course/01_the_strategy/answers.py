"""Answers that learners would give to the exercises of unit 1, by which its checks are tested."""

PLAN = ["split", "teacher", "labels", "student", "ceiling", "answers", "gap"]


def _decision(**changed):
    return {"advantage": "b", "risk": "d", "against": "a", **changed}


def _roles(**changed):
    right = {
        "assistant": "strong to weak",
        "proofs": "weak to strong",
        "filter": "weak to strong",
        "votes": "neither",
        "cascade": "neither",
    }
    return {**right, **changed}


# --- 1.3 --------------------------------------------------------------------------------------------


def _table(arm, gold, pool, weak_labels, pool_gold):
    weak, truth = list(zip(pool, weak_labels, strict=True)), list(zip(pool, pool_gold, strict=True))
    return {
        "weak": gold,
        "strong_prompted": [],
        "strong_on_gold": gold,
        "weak_to_strong": weak,
        "ceiling": truth,
        "control": weak,
    }


def trains_the_prompted(arm, gold, pool, weak_labels, pool_gold):
    return {**_table(arm, gold, pool, weak_labels, pool_gold), "strong_prompted": gold}.get(arm) or _refuse(
        arm
    )


def _refuse(arm):
    raise ValueError(arm)


def teacher_on_its_own_labels(arm, gold, pool, weak_labels, pool_gold):
    if arm == "strong_on_gold":
        return gold
    if arm in ("weak", "weak_to_strong", "control"):
        return list(zip(pool, weak_labels, strict=True))
    if arm == "ceiling":
        return list(zip(pool, pool_gold, strict=True))
    if arm == "strong_prompted":
        return []
    raise ValueError(f"unknown arm {arm}")


def gold_means_the_ceilings_gold(arm, gold, pool, weak_labels, pool_gold):
    pairs = _table(arm, gold, pool, weak_labels, pool_gold)
    pairs["strong_on_gold"] = pairs["ceiling"]
    if arm not in pairs:
        raise ValueError(arm)
    return pairs[arm]


def student_with_true_labels(arm, gold, pool, weak_labels, pool_gold):
    if arm == "weak_to_strong":
        arm = "ceiling"
    if arm not in (pairs := _table(arm, gold, pool, weak_labels, pool_gold)):
        raise ValueError(arm)
    return pairs[arm]


def student_with_a_little_gold(arm, gold, pool, weak_labels, pool_gold):
    if arm not in (pairs := _table(arm, gold, pool, weak_labels, pool_gold)):
        raise ValueError(arm)
    return gold + pairs[arm] if arm == "weak_to_strong" else pairs[arm]


def ceiling_on_the_gold_set(arm, gold, pool, weak_labels, pool_gold):
    if arm in ("weak", "strong_on_gold", "ceiling"):
        return gold
    if arm in ("weak_to_strong", "control"):
        return [(pool[i], weak_labels[i]) for i in range(len(pool))]
    if arm == "strong_prompted":
        return []
    raise ValueError("no such arm")


def control_on_gold(arm, gold, pool, weak_labels, pool_gold):
    pairs = {**_table(arm, gold, pool, weak_labels, pool_gold), "control": gold}
    if arm not in pairs:
        raise ValueError(arm)
    return pairs[arm]


def unknown_arm_is_empty(arm, gold, pool, weak_labels, pool_gold):
    return _table(arm, gold, pool, weak_labels, pool_gold).get(arm, [])


def pairs_by_if(arm, gold, pool, weak_labels, pool_gold):
    if arm in ("weak", "strong_on_gold"):
        return [tuple(pair) for pair in gold]
    if arm == "strong_prompted":
        return []
    labels = {"weak_to_strong": weak_labels, "control": weak_labels, "ceiling": pool_gold}
    if arm not in labels:
        raise ValueError(f"There is no arm '{arm}'.")
    return list(zip(pool, labels[arm], strict=True))


def pairs_by_match(arm, gold, pool, weak_labels, pool_gold):
    match arm:
        case "weak" | "strong_on_gold":
            return gold
        case "weak_to_strong" | "control":
            return [[snippet, label] for snippet, label in zip(pool, weak_labels, strict=False)]
        case "ceiling":
            return [[snippet, truth] for snippet, truth in zip(pool, pool_gold, strict=False)]
        case "strong_prompted":
            return []
        case _:
            raise ValueError(arm)


# --- 1.5 --------------------------------------------------------------------------------------------


def forgets_the_fixed_cost(budget, price, fixed, pool):
    return pool if price == 0 else min(pool, int(budget // price))


def fixed_cost_with_every_label(budget, price, fixed, pool):
    if fixed > budget:
        return 0
    if price == 0:
        return pool
    return min(pool, int(budget / (price + fixed)))


def rounds_to_the_nearest(budget, price, fixed, pool):
    left = max(0, budget - fixed)
    if price == 0:
        return pool if budget >= fixed else 0
    return min(pool, round(left / price))


def on_credit(budget, price, fixed, pool):
    if price == 0:
        return pool if budget >= fixed else 0
    return min(pool, int((budget - fixed) // price))


def labels_anyway(budget, price, fixed, pool):
    left = budget - fixed if budget >= fixed else budget
    return pool if price == 0 else min(pool, int(left // price))


def more_than_there_are(budget, price, fixed, pool):
    if budget < fixed:
        return 0
    return pool if price == 0 else int((budget - fixed) // price)


def divides_by_zero(budget, price, fixed, pool):
    return max(0, min(pool, int((budget - fixed) // price)))


def affordable_by_counting(budget, price, fixed, pool):
    left, labels = budget - fixed, 0
    while labels < pool and left >= price and left >= 0:
        left -= price
        labels += 1
    return labels


def affordable_by_floor(budget, price, fixed, pool):
    import math

    left = budget - fixed
    if left < 0:
        return 0
    return min(pool, math.floor(left / price)) if price > 0 else pool


# --- 1.6 --------------------------------------------------------------------------------------------


def _side(above, below):
    return "yes" if above else "no" if below else "open"


def _answers(gain, student, gold, **changed):
    beats = _side(gain[0] > 0, gain[1] < 0)
    better = _side(gold[0] > student[1], gold[1] < student[0])
    return {"beats": beats, "gold_better": better, "sound": "open", **changed}


def middle_of_the_gain(gain, student, gold):
    middle = sum(gain) / 2
    return _answers(gain, student, gold, beats=_side(middle > 0, middle < 0))


def middles_of_two(gain, student, gold):
    difference = sum(gold) - sum(student)
    return _answers(gain, student, gold, gold_better=_side(difference > 0, difference < 0))


def two_answers_only(gain, student, gold):
    beats = "yes" if gain[0] > 0 else "no"
    return _answers(gain, student, gold, beats=beats, gold_better="yes" if gold[0] > student[1] else "no")


def touching_counts(gain, student, gold):
    beats = _side(gain[0] >= 0, gain[1] <= 0)
    better = _side(gold[0] >= student[1], gold[1] <= student[0])
    return _answers(gain, student, gold, beats=beats, gold_better=better)


def sound_if_it_gains(gain, student, gold):
    return _answers(gain, student, gold, sound="yes" if gain[0] > 0 else "open")


def unsound_if_it_loses(gain, student, gold):
    return _answers(gain, student, gold, sound="no" if gain[1] < 0 else "open")


def unsound_if_gold_is_better(gain, student, gold):
    return _answers(gain, student, gold, sound="no" if gold[0] > student[1] else "open")


def follows_by_if(gain, student, gold):
    found = {"beats": "open", "gold_better": "open", "sound": "open"}
    if min(gain) > 0:
        found["beats"] = "yes"
    if max(gain) < 0:
        found["beats"] = "no"
    if min(gold) > max(student):
        found["gold_better"] = "yes"
    elif max(gold) < min(student):
        found["gold_better"] = "no"
    return found


def follows_by_difference(gain, student, gold):
    def against_zero(low, high):
        return "open" if low <= 0 <= high else ("yes" if low > 0 else "no")

    apart = (gold[0] - student[1], gold[1] - student[0])
    return {"beats": against_zero(*gain), "gold_better": against_zero(*apart), "sound": "open"}


WRONG = {
    "1.1": [
        ("the strong model corrects first", [*PLAN[:3], "correct", *PLAN[3:]]),
        ("experts check every label", ["split", "teacher", "labels", "experts", *PLAN[3:]]),
        ("picks by the test set", [*PLAN[:5], "pick", "answers", "gap"]),
        ("trains the weak model instead", ["split", "reverse", "student", "ceiling", "answers", "gap"]),
        ("test set last", ["teacher", "labels", "student", "ceiling", "split", "answers", "gap"]),
        (
            "the student before its labels",
            ["split", "teacher", "student", "labels", "ceiling", "answers", "gap"],
        ),
        (
            "the student before its labels",
            ["split", "labels", "teacher", "student", "ceiling", "answers", "gap"],
        ),
        ("no upper end of the gap", ["split", "teacher", "labels", "student", "answers", "gap"]),
        ("answers before training", ["split", "teacher", "labels", "student", "answers", "ceiling", "gap"]),
        ("answers before training", ["split", "teacher", "labels", "answers", "student", "ceiling", "gap"]),
    ],
    "1.2": [
        ("weak labels are good labels", _decision(advantage="a")),
        ("the ceiling is guaranteed", _decision(advantage="c")),
        ("no truth is needed", _decision(advantage="d")),
        ("running the weak model is the cost", _decision(risk="a")),
        ("a student is a copy", _decision(risk="b")),
        ("the tokens must match", _decision(risk="c")),
        ("a perfect copy is the aim", _decision(against="b")),
        ("more labels are the point", _decision(against="c")),
        ("a stronger student refutes it", _decision(against="d")),
    ],
    "1.3": [
        ("a prompt is training", trains_the_prompted),
        ("the teacher learns its own labels", teacher_on_its_own_labels),
        ("strong on gold is the ceiling", gold_means_the_ceilings_gold),
        ("the student sees the truth", student_with_true_labels),
        ("gold is mixed in", student_with_a_little_gold),
        ("the ceiling has inputs of its own", ceiling_on_the_gold_set),
        ("the control learns from gold", control_on_gold),
        ("an unknown arm passes in silence", unknown_arm_is_empty),
    ],
    "1.4": [
        ("every machine label is a weak label", _roles(assistant="weak to strong")),
        ("people are never the weak ones", _roles(proofs="strong to weak")),
        ("only models supervise", _roles(proofs="neither")),
        ("the small one must be the pupil", _roles(filter="strong to weak")),
        ("own labels are weak labels", _roles(votes="weak to strong")),
        ("two models are enough", _roles(cascade="weak to strong")),
        ("asking is teaching", _roles(cascade="strong to weak")),
    ],
    "1.5": [
        ("forgets the fixed cost", forgets_the_fixed_cost),
        ("pays the fixed cost with every label", fixed_cost_with_every_label),
        ("rounds", rounds_to_the_nearest),
        ("buys on credit", on_credit),
        ("labels before the bill is paid", labels_anyway),
        ("labels snippets that don't exist", more_than_there_are),
        ("stumbles over a price of zero", divides_by_zero),
    ],
    "1.6": [
        ("reads the middle", middle_of_the_gain),
        ("compares the middles", middles_of_two),
        ("not shown means no", two_answers_only),
        ("touching is enough", touching_counts),
        ("a gain makes it sound", sound_if_it_gains),
        ("a loss makes it unsound", unsound_if_it_loses),
        ("better gold makes it unsound", unsound_if_gold_is_better),
    ],
}

RIGHT = {
    "1.1": [
        ["split", "ceiling", "teacher", "labels", "student", "answers", "gap"],
        ["split", "teacher", "ceiling", "labels", "student", "answers", "gap"],
        tuple(PLAN),
    ],
    "1.2": [_decision(), _decision(risk="D", against=" A"), {"against": "a", "risk": "d", "advantage": "b"}],
    "1.3": [pairs_by_if, pairs_by_match],
    "1.4": [_roles(), dict(sorted(_roles().items()))],
    "1.5": [affordable_by_counting, affordable_by_floor],
    "1.6": [follows_by_if, follows_by_difference],
}
