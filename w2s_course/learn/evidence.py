"""The evidence that a verdict may cite: one row a key, filled from the learner's own run or a recorded one.

A number in an essay is a key, `{{pgr}}`, and not digits: so that it is the writer's own number, that it is
right, and that a reader sees where it comes from. To add a key, add a row to `KEYS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from w2s_course.errors import CourseError, unknown_name
from w2s_course.evidence.claims import CLAIMS
from w2s_course.evidence.measured import Measured, Setting, difference, effect, mean_of, measured, settings_in
from w2s_course.evidence.remedies import REMEDIES
from w2s_course.findings import Results, beyond_chance, exact, is_smoke, pgr_text
from w2s_course.findings import verdict as verdict_of
from w2s_course.learn.headless import is_headless
from w2s_course.seeds import summary
from w2s_course.wording import decimal, money, percent, plural, points, with_interval, words

REFUSED = (
    "the smoke preset trains on a handful of examples, so its numbers are no evidence. Run the cpu preset, "
    "or cite the recorded runs"
)
PREDICTION = "prediction."
"""How the key of a prediction begins: `{{prediction.1.gain}}`."""


@dataclass(frozen=True)
class Value:
    """What a key stands for. source: where it comes from; missing: why there is no value, else ''."""

    text: str
    source: str
    missing: str = ""

    def __str__(self) -> str:
        return f"not measured: {self.missing}" if self.missing else f"{self.text} [{self.source}]"


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
    return measured_text(found.gain, found.gain_ci95, len(found.accuracy))


def measured_text(mean: float, ci95: tuple[float, float] | None, seeds: int) -> str:
    """A mean over seeds in points, as the page of evidence writes it.

    >>> measured_text(0.1, None, 1)
    '+10.0 points (1 seed, no interval)'
    """
    return Measured(mean, ci95, dict.fromkeys(range(seeds), mean)).points()


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
        rows = setting.where(method=method)
        plain = setting.where()
        if method.startswith("kd"):  # compared with the same training at a weight of 0
            plain = [r for r in setting.where(method="kd") if r["weight"] == 0]
            rows = [r for r in rows if r["weight"] != 0]
        found = difference(rows, plain, "exact")
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


@dataclass(frozen=True)
class Evidence:
    """What one learner may cite. own: the results of their run, or None; recorded: those of the shipped runs;
    settings: of the shipped sweeps; predictions: id -> record, as progress keeps them.

    >>> from w2s_course.recorded import recorded_runs
    >>> Evidence(None, recorded_runs()).value("weak").source
    'recorded run, seed 0'
    """

    own: Results | None
    recorded: Sequence[Results]
    settings: Sequence[Setting] = ()
    predictions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def refusal(self) -> str:
        """Why the own run is no evidence; '' where it is, or where there is none."""
        return REFUSED if self.own is not None and is_smoke(self.own) else ""

    @property
    def names(self) -> list[str]:
        """All keys: the table's, then one a prediction."""
        return [*self._rows, *(f"{PREDICTION}{id}" for id in self.predictions)]

    @cached_property
    def _rows(self) -> dict[str, Key]:
        return {key.name: key for key in KEYS}

    def value(self, name: str) -> Value:
        """What a key stands for; a value that was not measured says why.

        Raises: UsageError for a name that is no key, with the nearest.
        """
        if name.startswith(PREDICTION):
            return self._prediction(name.removeprefix(PREDICTION))
        if name not in self._rows:
            raise unknown_name("evidence key", name, self.names)
        key = self._rows[name]
        read = {"run": self._from_run, "runs": self._from_runs, "sweep": self._from_sweep}[key.where]
        return read(key)

    def table(self) -> list[dict[str, str]]:
        """One row a key: name, what it is, unit, the value here, and where it comes from."""
        rows = []
        for name in self.names:
            value, key = self.value(name), self._rows.get(name)
            what, unit = (key.what, key.unit) if key else ("what you predicted", "as you wrote it")
            shown = f"({value.missing})" if value.missing else value.text
            rows.append({"key": name, "what": what, "unit": unit, "value": shown, "source": value.source})
        return rows

    def _from_run(self, key: Key) -> Value:
        run = self.own if self.own is not None else next(iter(self.recorded), None)
        if run is None:
            return Value("", "no run", "there is neither an own run nor a recorded one")
        whose = "recorded run" if self.own is None else "own run"
        source = f"{whose}, seed {run['config'].get('seed')}"
        if self.refusal:
            return Value("", source, self.refusal)
        text = key.read(run)
        return Value(text, source) if text else Value("", source, "this run has no value for it")

    def _from_runs(self, key: Key) -> Value:
        source = f"recorded runs, {plural(len(self.recorded), 'seed')}"
        try:
            text = key.read(self.recorded) if self.recorded else None
        except CourseError as problem:
            return Value("", source, str(problem).rstrip("."))
        return Value(text, source) if text else Value("", source, "no recorded run has it")

    def _from_sweep(self, key: Key) -> Value:
        for setting in self.settings:
            text = key.read(setting)
            if text:
                return Value(text, f"recorded sweep '{setting.table}'")
        return Value("", "recorded sweeps", "no recorded sweep has these rows yet")

    def _prediction(self, id: str) -> Value:
        record = self.predictions.get(id)
        if record is None:
            return Value("", "your predictions", f"you kept no prediction {id} in this folder")
        return Value(str(record.get("shown", record.get("answer"))), "predicted")


def own_run(lesson: Any) -> Results | None:
    """The learner's whole run if nothing of it has to be computed, else None; says which, and how to get it.

    A headless run is a build and no learner: it has no run of its own.
    """
    from w2s_course.experiment import STAGES
    from w2s_course.learn.lesson import steps_to
    from w2s_course.speed import in_words

    if is_headless():
        return None
    missing = [step for step in steps_to(lesson.config, [s.name for s in STAGES]) if not step.cached]
    if missing:
        wait = in_words(sum(step.seconds for step in missing))
        print(f"Your own run is not complete: it lacks {plural(len(missing), 'stage')}, about {wait} here.")
        print("Until then the recorded run stands in. `lesson.results()` makes your own, and keeps it.")
        return None
    results: Results = lesson.results()
    print(f"Your own run is here: {results.get('command', 'preset ' + lesson.config.preset)}.")
    if is_smoke(results):
        print("It is no evidence. `evidence = gather()` cites the recorded runs in its place.")
    return results


def gather(own: Results | None = None) -> Evidence:
    """All evidence there is: the own run if there is one, shipped runs and sweeps, the predictions kept.

    An audit and a rating are kept with the predictions, and are none: they answer no question.
    """
    from w2s_course.learn.progress import whole_course
    from w2s_course.recorded import recorded_runs, recorded_sweeps

    settings = [s for table in recorded_sweeps() if table.rows for s in settings_in(table.name, table.rows)]
    kept = whole_course()["predictions"]
    predictions = {id: record for id, record in kept.items() if "question" in record}
    return Evidence(own, recorded_runs(), settings, predictions)


def reading(evidence: Evidence) -> str:
    """The run's own verdict and PGR in two sentences, or why there is none.

    Raises: nothing: an own run of the smoke preset gives its refusal.
    """
    run = evidence.own if evidence.own is not None else next(iter(evidence.recorded), None)
    if run is None:
        return "There is no run to read."
    return evidence.refusal or f"{verdict_of(run).headline} {pgr_text(run)}"


def against_bar(run: Results, least: float) -> str:
    """What a rule that was fixed in advance says of a run: is its gain, a share, at least `least`?

    >>> against_bar({"config": {"preset": "cpu"}, "gain": {"ci95": [0.02, 0.2]}}, 0.1)
    'undecided'
    """
    ends = run["gain"]["ci95"]
    if is_smoke(run) or ends is None:
        return "no evidence"
    reached = [end >= least for end in ends]
    return "sound" if all(reached) else "undecided" if any(reached) else "not sound"
