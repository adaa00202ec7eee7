"""Answers by which each check is tested: wrong ones as learners write them, right ones written differently.

Each wrong answer stands with the misconception that the check must recognise.
"""

import ast
import math
import re
from collections import Counter


def words(text):
    return set(text.split())


def dice(one, other):
    return 2 * len(words(one) & words(other)) / (len(words(one)) + len(words(other)))


def jaccard(one, other):
    return len(words(one) & words(other)) / len(words(one) | words(other))


# --- 8.1


def _accuracy(credit_of, draw_of=lambda g: range(4 * g, 4 * g + 4), outside=1):
    def choice_accuracy(scores, answers, draws):
        credit = [credit_of(options, answer) for options, answer in zip(scores, answers, strict=True)]
        shares = []
        for draw in draws:
            drawn = [credit[i] for g in draw for i in draw_of(g)]
            shares.append(sum(drawn) / len(drawn))
        shares.sort()
        return [sum(credit) / len(credit), shares[outside], shares[-1 - outside]]

    return choice_accuracy


def _shared(options, answer):
    best = max(options)
    return 1 / options.count(best) if options[answer] == best else 0.0


def _groups_and_shares(scores, answers, draws):
    credit = [_shared(options, answer) for options, answer in zip(scores, answers, strict=True)]
    groups = [sum(credit[i : i + 4]) / 4 for i in range(0, len(credit), 4)]
    return groups, [sum(groups[g] for g in draw) / len(draw) for draw in draws]


def each_group_once(scores, answers, draws):
    return by_counting_ahead(scores, answers, [sorted(set(draw)) for draw in draws])


def first_and_last_draw(scores, answers, draws):
    groups, shares = _groups_and_shares(scores, answers, draws)
    return [sum(groups) / len(groups), min(shares[1:-1]), max(shares[1:-1])]


def second_and_last_but_one(scores, answers, draws):
    groups, shares = _groups_and_shares(scores, answers, draws)
    return [sum(groups) / len(groups), shares[1], shares[-2]]


def by_counting_ahead(scores, answers, draws):
    credit = []
    for options, answer in zip(scores, answers, strict=True):
        mine = options[answer]
        ahead = sum(value > mine for value in options)
        equal = sum(value == mine for value in options)
        credit.append(0 if ahead else 1 / equal)
    groups = [sum(credit[i : i + 4]) / 4 for i in range(0, len(credit), 4)]
    shares = sorted(sum(groups[g] for g in draw) / len(draw) for draw in draws)[1:-1]
    return [sum(groups) / len(groups), shares[0], shares[-1]]


def with_arrays(scores, answers, draws):
    import numpy as np

    table = np.array(scores, dtype=float)
    top = table == table.max(axis=1, keepdims=True)
    hit = top[np.arange(len(answers)), answers]
    credit = (hit / top.sum(axis=1)).reshape(-1, 4).mean(axis=1)
    shares = np.sort([credit[list(draw)].mean() for draw in draws])
    return np.array([credit.mean(), shares[1], shares[-2]])


# --- 8.2


def _tree(rename_node, strip=True, fill=True):
    def hide_name(code):
        function = ast.parse(code).body[0]
        name, function.name = function.name, "f"
        if strip and ast.get_docstring(function) is not None:
            function.body = function.body[1:] or ([ast.Pass()] if fill else [])
        for node in ast.walk(function):
            rename_node(node, name)
        return ast.unparse(function)

    return hide_name


def _variables(node, name):
    if isinstance(node, ast.Name) and node.id == name:
        node.id = "f"


def _nothing(node, name):
    pass


def _methods_too(node, name):
    _variables(node, name)
    if isinstance(node, ast.Attribute) and node.attr == name:
        node.attr = "f"


def _calls(node, name):
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        node.func.id = "f"


def replaces_text(code):
    name = re.search(r"def (\w+)", code).group(1)
    return code.replace(name, "f")


def renames_words(code):
    function = ast.parse(code).body[0]
    if ast.get_docstring(function) is not None:
        function.body = function.body[1:] or [ast.Pass()]
    return re.sub(rf"(?<!\.)\b{function.name}\b", "f", ast.unparse(function))


class _Renamer(ast.NodeTransformer):
    def __init__(self, name):
        self.name = name

    def visit_FunctionDef(self, node):
        if node.name == self.name:
            node.name = "f"
        first = node.body[0]
        if (
            isinstance(first, ast.Expr)
            and isinstance(first.value, ast.Constant)
            and isinstance(first.value.value, str)
        ):
            node.body = node.body[1:]
        if not node.body:
            node.body = [ast.Pass()]
        return self.generic_visit(node)

    def visit_Name(self, node):
        return ast.Name("f", node.ctx) if node.id == self.name else node


def by_transformer(code):
    tree = ast.parse(code)
    return ast.unparse(_Renamer(tree.body[0].name).visit(tree))


def by_words_of_the_tree(code):
    function = ast.parse(code).body[0]
    old = function.name
    if ast.get_docstring(function):
        del function.body[0]
    if not function.body:
        function.body.append(ast.Pass())
    for node in (n for n in ast.walk(function) if isinstance(n, ast.Name)):
        node.id = {old: "f"}.get(node.id, node.id)
    function.name = "f"
    return ast.unparse(ast.fix_missing_locations(function))


# --- 8.3


def _best(score):
    def best_by_pmi(given, alone):
        scores = [score(g, a) for g, a in zip(given, alone, strict=True)]
        return scores.index(max(scores))

    return best_by_pmi


def pmi_with_loop(given, alone):
    best, most = 0, -math.inf
    for i, (with_code, without) in enumerate(zip(given, alone, strict=True)):
        gain = math.fsum(with_code) - math.fsum(without)
        if gain > most:
            best, most = i, gain
    return best


def pmi_token_by_token(given, alone):
    gains = [sum(a - b for a, b in zip(g, w, strict=True)) for g, w in zip(given, alone, strict=True)]
    return max(range(len(gains)), key=gains.__getitem__)


# --- 8.4


def _distractors(key=lambda true, other: -jaccard(true, other), fits=lambda near: near < 0.5):
    def hard_distractors(true, others):
        return sorted((o for o in others if fits(jaccard(true, o))), key=lambda o: key(true, o))[:3]

    return hard_distractors


def takes_the_first_three(true, others):
    return [other for other in others if jaccard(true, other) < 0.5][:3]


def cuts_before_it_filters(true, others):
    nearest = sorted(others, key=lambda other: -jaccard(true, other))[:3]
    return [other for other in nearest if jaccard(true, other) < 0.5]


def distractors_by_dice(true, others):
    fit = [other for other in others if dice(true, other) < 0.5]
    return sorted(fit, key=lambda other: -dice(true, other))[:3]


def divides_by_one(true, others):
    near = {other: len(words(true) & words(other)) / len(words(other)) for other in others}
    return sorted((o for o in others if near[o] < 0.5), key=lambda o: -near[o])[:3]


def distractors_by_rank(true, others):
    near = []
    for place, other in enumerate(others):
        value = jaccard(true, other)
        if value < 0.5:
            near.append((-value, place, other))
    return tuple(other for _, _, other in sorted(near)[:3])


def distractors_one_by_one(true, others):
    left, chosen = [o for o in others if 2 * jaccard(true, o) < 1], []
    while left and len(chosen) < 3:
        nearest = max(left, key=lambda o: jaccard(true, o))
        left.remove(nearest)
        chosen.append(nearest)
    return chosen


# --- 8.5


def _kept(is_twin):
    def without_twins(sentences, limit):
        kept = []
        for sentence in sentences:
            if not any(is_twin(sentence, before, limit) for before in kept):
                kept.append(sentence)
        return kept

    return without_twins


def _near(one, other, limit):
    return jaccard(one, other) >= limit


def drops_both(sentences, limit):
    return [
        s
        for i, s in enumerate(sentences)
        if not any(i != j and _near(s, other, limit) for j, other in enumerate(sentences))
    ]


def keeps_the_last(sentences, limit):
    return _kept(_near)(sentences[::-1], limit)[::-1]


def only_neighbours(sentences, limit):
    pairs = zip(sentences[1:], sentences[:-1], strict=True)
    return sentences[:1] + [s for s, before in pairs if not _near(s, before, limit)]


def with_dropped_ones(sentences, limit):
    return [
        s for i, s in enumerate(sentences) if not any(_near(s, before, limit) for before in sentences[:i])
    ]


def twins_recursively(sentences, limit):
    if not sentences:
        return []
    first, *rest = sentences
    return [first, *twins_recursively([s for s in rest if not _near(first, s, limit)], limit)]


def twins_by_place(sentences, limit):
    gone = set()
    for i, one in enumerate(sentences):
        for j in range(i + 1, len(sentences)):
            if i not in gone and _near(one, sentences[j], limit):
                gone.add(j)
    return [s for i, s in enumerate(sentences) if i not in gone]


# --- 8.6


def _agreement(one, other):
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def _by_habits(one, other):
    return sum(one.count(c) * other.count(c) for c in set(one)) / len(one) ** 2


def _kappa(chance, scale=lambda o, e: (o - e) / (1 - e)):
    def kappa(one, other):
        observed, expected = _agreement(one, other), chance(one, other)
        return None if expected == 1 else scale(observed, expected)

    return kappa


def _pooled(one, other):
    both = Counter([*one, *other])
    return sum((n / (2 * len(one))) ** 2 for n in both.values())


def one_for_undefined(one, other):
    found = _kappa(_by_habits)(one, other)
    return 1.0 if found is None else found


def no_guard(one, other):
    expected = _by_habits(one, other)
    return (_agreement(one, other) - expected) / (1 - expected)


def never_below_zero(one, other):
    found = _kappa(_by_habits)(one, other)
    return None if found is None else max(0.0, found)


def kappa_by_counts(one, other):
    n = len(one)
    mine, theirs = Counter(one), Counter(other)
    agreed = sum(a == b for a, b in zip(one, other, strict=True))
    by_chance = sum(mine[c] * theirs[c] for c in mine | theirs)
    return (n * agreed - by_chance) / (n**2 - by_chance) if by_chance < n**2 else None


def kappa_by_table(one, other):
    import numpy as np

    names = sorted({*one, *other})
    table = np.zeros((len(names), len(names)))
    for a, b in zip(one, other, strict=True):
        table[names.index(a), names.index(b)] += 1 / len(one)
    if len(names) == 1:
        return None
    expected = table.sum(0) @ table.sum(1)
    return (np.trace(table) - expected) / (1 - expected)


# --- 8.7

KEY = {"a": "false", "b": "true", "c": "false", "d": "vague", "e": "true", "g": "vague"}


# --- 8.8


def _reading(above=lambda row: row["low"] > 0.25, baseline="strong_untrained", key=None, already=None):
    def helped(student, before):
        return student["low"] > before["high"]

    helped = key or helped
    ahead = already or (lambda before, weak: before["low"] > weak["high"])

    def reading(rows):
        arms = {row["arm"]: row for row in rows}
        student, before = arms["weak_to_strong"], arms[baseline]
        labels = "helped" if helped(student, before) else "hurt" if helped(before, student) else None
        return {
            "above_chance": [row["arm"] for row in rows if above(row)],
            "labels": labels or "no difference shown",
            "already": ahead(arms["strong_untrained"], arms["weak"]),
        }

    return reading


def harm_is_only_not_shown(rows):
    found = _reading()(rows)
    return {**found, "labels": "helped" if found["labels"] == "helped" else "no difference shown"}


def _touching(word):
    """Touching intervals make the one word, and not its opposite."""

    def reading(rows):
        found, loose = _reading()(rows), _reading(key=lambda a, b: a["low"] >= b["high"])(rows)
        return {**found, "labels": word if loose["labels"] == word else found["labels"]}

    return reading


helped_by_touching, hurt_by_touching = _touching("helped"), _touching("hurt")


def reading_by_columns(rows):
    import pandas as pd

    table = pd.DataFrame(rows).set_index("arm")
    low, high = table["low"], table["high"]
    labels = "no difference shown"
    if low["weak_to_strong"] > high["strong_untrained"]:
        labels = "helped"
    if high["weak_to_strong"] < low["strong_untrained"]:
        labels = "hurt"
    already = bool(low["strong_untrained"] > high["weak"])
    return {"already": already, "labels": labels, "above_chance": list(table.index[low > 0.25])}


def reading_by_search(rows):
    def of(arm):
        return next((row["low"], row["high"]) for row in rows if row["arm"] == arm)

    (low, high), (floor, roof) = of("weak_to_strong"), of("strong_untrained")
    words = {(True, False): "helped", (False, True): "hurt", (False, False): "no difference shown"}
    return {
        "above_chance": tuple(row["arm"] for row in rows if 4 * row["low"] > 1),
        "labels": words[low > roof, high < floor],
        "already": floor > of("weak")[1],
    }


WRONG = {
    "8.1": [
        ("first of equals", _accuracy(lambda o, a: float(o.index(max(o)) == a))),
        ("a tie is a hit", _accuracy(lambda o, a: float(o[a] == max(o)))),
        ("a tie is a miss", _accuracy(lambda o, a: float(o[a] == max(o) and o.count(o[a]) == 1))),
        (
            "takes the lowest",
            _accuracy(lambda o, a: 1 / o.count(min(o)) if o[a] == min(o) else 0.0),
        ),
        ("draws questions", _accuracy(_shared, draw_of=lambda g: [g])),
        ("keeps every draw", _accuracy(_shared, outside=0)),
        ("each group once", each_group_once),
        ("trusts the order of the draws", first_and_last_draw),
        ("trusts the order of the draws", second_and_last_but_one),
    ],
    "8.2": [
        ("replaces text", replaces_text),
        ("renames words", renames_words),
        ("forgets the calls", _tree(_nothing)),
        ("renames methods", _tree(_methods_too)),
        ("leaves the docstring", _tree(_variables, strip=False)),
        ("hides every call", _tree(_calls)),
        ("an empty body", _tree(_variables, fill=False)),
    ],
    "8.3": [
        ("the likeliest sentence", _best(lambda g, a: sum(g))),
        ("mean per token", _best(lambda g, a: sum(g) / len(g))),
        ("information per token", _best(lambda g, a: (sum(g) - sum(a)) / len(g))),
        ("upside down", _best(lambda g, a: sum(a) - sum(g))),
        ("any change counts", _best(lambda g, a: abs(sum(g) - sum(a)))),
        ("subtracts probabilities", _best(lambda g, a: math.exp(sum(g)) - math.exp(sum(a)))),
    ],
    "8.4": [
        ("nearest, true or not", _distractors(fits=lambda near: True)),
        ("lets the border through", _distractors(fits=lambda near: near <= 0.5)),
        ("farthest first", _distractors(key=jaccard)),
        ("equals by the alphabet", _distractors(key=lambda true, other: (-jaccard(true, other), other))),
        ("takes the first three", takes_the_first_three),
        ("counts shared words", _distractors(key=lambda t, o: -len(words(t) & words(o)))),
        ("divides by one sentence", divides_by_one),
        ("cuts before it filters", cuts_before_it_filters),
        ("another index", distractors_by_dice),
    ],
    "8.5": [
        ("only equal ones", _kept(lambda one, other, limit: words(one) == words(other))),
        ("drops both", drops_both),
        ("keeps the last", keeps_the_last),
        ("only neighbours", only_neighbours),
        ("compares with dropped ones too", with_dropped_ones),
        (
            "a part is a twin",
            _kept(lambda a, b, limit: len(words(a) & words(b)) / min(len(words(a)), len(words(b))) >= limit),
        ),
        ("another index", _kept(lambda a, b, limit: dice(a, b) >= limit)),
        ("lets the border through", _kept(lambda a, b, limit: jaccard(a, b) > limit)),
    ],
    "8.6": [
        ("raw agreement", _agreement),
        (
            "every category equally likely",
            _kappa(lambda one, other: 1 / len({*one, *other})),
        ),
        ("one habit for both", _kappa(_pooled)),
        ("only subtracts", _kappa(_by_habits, scale=lambda o, e: o - e)),
        ("never below 0", never_below_zero),
        ("1 for undefined", one_for_undefined),
        ("no guard", no_guard),
    ],
    "8.7": [
        ("fluent is true", {**KEY, "a": "true", "d": "true"}),
        ("short is vague", {**KEY, "b": "vague", "e": "vague"}),
        ("other words are other claims", {**KEY, "b": "false", "e": "false"}),
        ("mostly true is true", {**KEY, "c": "true"}),
        ("not false is true", {**KEY, "d": "true", "g": "true"}),
        ("vague is false", {**KEY, "d": "false", "g": "false"}),
    ],
    "8.8": [
        ("any value above a quarter", _reading(above=lambda row: row["accuracy"] > 0.25)),
        ("chance is a half", _reading(above=lambda row: row["low"] > 0.5)),
        ("compares with the teacher", _reading(baseline="weak")),
        ("reads the sign only", _reading(key=lambda a, b: a["accuracy"] > b["accuracy"])),
        ("harm is only not shown", harm_is_only_not_shown),
        ("any lead is a head start", _reading(already=lambda a, b: a["accuracy"] > b["accuracy"])),
        ("an end at chance is above it", _reading(above=lambda row: row["low"] >= 0.25)),
        ("touching makes a difference", _reading(key=lambda a, b: a["low"] >= b["high"])),
        ("touching makes a difference", helped_by_touching),
        ("touching makes a difference", hurt_by_touching),
        ("touching is a head start", _reading(already=lambda a, b: a["low"] >= b["high"])),
        (
            "apart is ahead",
            _reading(already=lambda a, b: a["low"] > b["high"] or a["high"] < b["low"]),
        ),
    ],
}
RIGHT = {
    "8.1": [by_counting_ahead, with_arrays],
    "8.2": [by_transformer, by_words_of_the_tree],
    "8.3": [pmi_with_loop, pmi_token_by_token],
    "8.4": [distractors_by_rank, distractors_one_by_one],
    "8.5": [twins_recursively, twins_by_place],
    "8.6": [kappa_by_counts, kappa_by_table],
    "8.7": [dict(reversed(KEY.items())), Counter(KEY)],
    "8.8": [reading_by_columns, reading_by_search],
}
