"""What can be cited: one row a key, with how its value is read from a run, from runs, or from a sweep.

To add a key, add a row to `KEYS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from w2s_course.evidence.claims import CLAIMS
from w2s_course.evidence.measured import Measured, Setting, difference, effect, mean_of, measured
from w2s_course.evidence.remedies import REMEDIES, without
from w2s_course.findings import Results, beyond_chance, exact
from w2s_course.findings import verdict as verdict_of
from w2s_course.seeds import summary
from w2s_course.wording import decimal, money, percent, plural, points, with_interval, words


@dataclass(frozen=True)
class Key:
    """One row of the table.

    name: what is written between the braces; what: what it measures; unit: of the value;
    where: 'run' (the own run, else a recorded one), 'runs' (all recorded runs), 'sweep' (recorded sweeps);
    read: from a run, from runs, or from one setting of a sweep to the text; None where it was not measured.
    """

    name: str
    what: str
    unit: str
    where: str
    read: Callable[[Any], str | None]


# --- from one run


def _arm(arm: str) -> Callable[[Results], str | None]:
    return lambda run: _share(run["arms"][arm]["exact"])


def _share(estimate: Mapping[str, Any]) -> str | None:
    return None if estimate["value"] is None else with_interval(estimate)


def _signed(estimate: Mapping[str, Any]) -> str | None:
    if estimate["value"] is None:
        return None
    if estimate["ci95"] is None:
        return points(estimate["value"])
    low, high = estimate["ci95"]
    ends = f"{points(low)} to {points(high)}".replace(" points", "")
    return f"{points(estimate['value'])} ({ends})"


def _pgr(run: Results) -> str:
    pgr = run["pgr"]
    if pgr["status"] != "ok" or pgr["raw"] is None:
        return f"undefined ({pgr['status']})"
    interval = f" ({decimal(pgr['ci95'][0])} to {decimal(pgr['ci95'][1])})" if pgr["ci95"] else ""
    return f"{decimal(pgr['raw'])}{interval}"


_TONES = {
    "gain": "better than its teacher, beyond the noise of the test snippets",
    "harm": "worse than its teacher, beyond the noise of the test snippets",
    "unclear": "not shown to be better or worse than its teacher",
}


def _tone(run: Results) -> str | None:
    return _TONES.get(verdict_of(run).tone)


def _confidence(run: Results) -> str:
    return percent(run["labels"]["confidence"])


def _fate(fate: str) -> Callable[[Results], str | None]:
    return lambda run: _share(run["errors"][fate])


def _test_size(run: Results) -> str:
    return plural(run["arms"]["weak"]["exact"]["n"], "test snippet")


def _confusion(run: Results) -> str:
    found = run["errors"]["confusions"]
    if not found:
        return "none"
    first = max(found, key=lambda c: c["count"])
    return (
        f"'{words(first['truth'])}' taken for '{words(first['claimed'])}', {plural(first['count'], 'time')}"
    )


def _gold_lead(run: Results) -> str | None:
    gold, student = (run["arms"][arm]["exact"] for arm in ("strong_on_gold", "weak_to_strong"))
    if gold["value"] is None or student["value"] is None:
        return None
    doubt = "beyond chance" if beyond_chance(run, "strong_on_gold") else "which may be chance"
    return f"{points(gold['value'] - student['value'])} ({doubt})"


def _gold_price(run: Results) -> str:
    return money(run["arms"]["weak"]["labels"] * run["cost"]["per_1000_labels"]["human"] / 1000)


def _price(who: str) -> Callable[[Results], str]:
    return lambda run: money(run["cost"]["per_1000_labels"][who])


# --- from all recorded runs


def _over_seeds(left: str, right: str) -> Callable[[Sequence[Results]], str | None]:
    def read(runs: Sequence[Results]) -> str | None:
        pairs = {run["config"]["seed"]: (exact(run, left), exact(run, right)) for run in runs}
        found = measured({s: a - b for s, (a, b) in pairs.items() if a is not None and b is not None})
        return None if found is None else found.points()

    return read


def _seeds_gain(runs: Sequence[Results]) -> str:
    found = summary(runs)
    by_seed = dict.fromkeys(range(len(found.accuracy)), found.gain)  # only their number is told
    return Measured(found.gain, found.gain_ci95, by_seed).points()


def _seeds_pgr(runs: Sequence[Results]) -> str | None:
    raw = [run["pgr"]["raw"] for run in runs if run["pgr"]["status"] == "ok"]
    undefined = len(runs) - len(raw)
    if not raw:
        return None
    also = f"; undefined in {undefined}" if undefined else ""
    return f"{decimal(min(raw))} to {decimal(max(raw))} over {plural(len(raw), 'seed')}{also}"


# --- from a sweep


def _planted(plan: str, name: str) -> Callable[[Setting], str | None]:
    def read(setting: Setting) -> str | None:
        found = mean_of([r for r in setting.where(labels="gold", plan=plan) if not _of_a_style(r)], name)
        return None if found is None else found.percent()

    return read


def _of_a_style(row: Mapping[str, Any]) -> bool:
    """Whether a rule of this row is a blind spot, an error about a coding style: it has a key of its own."""
    from w2s_course.labeling.rules import RULES

    names = str(row.get("planted_rules") or "").split(", ")
    return any(RULES[name].style for name in names if name in RULES)


def _claim(key: str) -> Callable[[Setting], str | None]:
    """The verdict that the page of evidence gives on a claim."""
    find = next(claim.find for claim in CLAIMS if claim.key == key)

    def read(setting: Setting) -> str | None:
        found = find(setting)
        return None if found is None else found.verdict.rstrip(".")

    return read


def _worth(setting: Setting) -> str | None:
    found = next(claim.find for claim in CLAIMS if claim.key == "worth")(setting)
    return None if found is None else found.lines[0][1].removeprefix("Worth ").rstrip(".")


def _remedy(method: str) -> Callable[[Setting], str | None]:
    def read(setting: Setting) -> str | None:
        reference = without(method, setting)
        rows = [row for row in setting.where(method=method) if row not in reference]
        found = difference(rows, reference, "exact")
        return None if found is None else f"{found.points()}: {effect(found)}"

    return read


_ARMS = {
    "weak": "weak teacher, fully right",
    "strong_prompted": "strong model with examples in its prompt, fully right",
    "strong_on_gold": "strong model on the teacher's own gold, fully right",
    "weak_to_strong": "student on weak labels, fully right",
    "ceiling": "the same student on gold for the same snippets, fully right",
    "control": "the teacher's architecture, not pre-trained, on weak labels, fully right",
}
_SHARE, _POINTS = "share (95% interval)", "points (95% interval)"
_DOLLARS, _FINDING = "US dollars, assumed prices", "a sentence by the intervals"
_FATES = {
    "inherited": "of the teacher's wrong claims, repeated",
    "corrected": "of the teacher's wrong claims, corrected",
    "invented": "of the teacher's right claims, broken",
}
_PRICES = {
    "weak": "1,000 labels by the weak model, at the margin",
    "strong": "1,000 labels by a hosted strong model",
    "human": "1,000 labels by people",
}
_BETWEEN = {
    "gold_lead": ("strong on the teacher's gold minus student", "strong_on_gold", "weak_to_strong"),
    "control": ("student minus the control on the same labels", "weak_to_strong", "control"),
    "below_ceiling": ("ceiling minus student", "ceiling", "weak_to_strong"),
}
_PLANTED = {
    "systematic": ("systematic", "planted claims repeated where the labels' errors follow a rule"),
    "random": ("matched", "the same claims after as many random errors"),
}
_CLAIMS = {
    "inherited.says": ("inheritance", "systematic against random errors"),
    "blind_spot": ("blind_spot", "a coding style that the teacher never understood"),
    "pretraining": ("pretraining", "whether the gain needs pre-training"),
    "plateau": ("plateau", "what more labels add, weak and gold"),
    "strength": ("strength", "whether a better teacher has a better student"),
    "generations": ("generations", "models that learn from models"),
    "stopping": ("stopping", "stopping early by the teacher's labels"),
    "cascade": ("cascade", "asking the small model first"),
}

RUN_KEYS = (
    *(Key(arm, what, _SHARE, "run", _arm(arm)) for arm, what in _ARMS.items()),
    Key("gain", "student minus teacher, same snippets", _POINTS, "run", lambda r: _signed(r["gain"])),
    Key("gain.says", "what this permits to say: the student is ...", "words", "run", _tone),
    Key("pgr", "share of the gap that came back, unclamped", "number (95% interval)", "run", _pgr),
    Key("gold_lead", "strong on the teacher's gold minus student", "points", "run", _gold_lead),
    Key("labels.right", "weak labels that are right", _SHARE, "run", lambda r: _share(r["labels"]["exact"])),
    Key("labels.confidence", "the teacher's mean confidence in its labels", "share", "run", _confidence),
    *(Key(fate, what, _SHARE, "run", _fate(fate)) for fate, what in _FATES.items()),
    Key("confusion", "the student's most frequent wrong claim", "words", "run", _confusion),
    *(Key(f"price.{who}", what, _DOLLARS, "run", _price(who)) for who, what in _PRICES.items()),
    Key("price.gold", "the teacher's own gold, at the price of people", _DOLLARS, "run", _gold_price),
    Key("test.size", "test snippets that every arm answered", "count", "run", _test_size),
)
SEED_KEYS = (
    Key("seeds.gain", "student minus teacher, mean over seeds", _POINTS, "runs", _seeds_gain),
    Key("seeds.pgr", "PGR, lowest to highest of the seeds", "number", "runs", _seeds_pgr),
    *(
        Key(f"seeds.{name}", f"{what}, mean over seeds", _POINTS, "runs", _over_seeds(left, right))
        for name, (what, left, right) in _BETWEEN.items()
    ),
)
SWEEP_KEYS = (
    *(
        Key(f"inherited.{name}", what, _SHARE, "sweep", _planted(plan, "planted_repeated"))
        for name, (plan, what) in _PLANTED.items()
    ),
    *(Key(name, what, _FINDING, "sweep", _claim(claim)) for name, (claim, what) in _CLAIMS.items()),
    Key("worth", "what the weak labels are worth in gold ones", _FINDING, "sweep", _worth),
    *(
        Key(f"remedy.{method}", f"{words(method)}, against the plain one", _POINTS, "sweep", _remedy(method))
        for method in REMEDIES
    ),
)
KEYS: tuple[Key, ...] = (*RUN_KEYS, *SEED_KEYS, *SWEEP_KEYS)
"""Everything that can be cited, beside the learner's predictions."""
