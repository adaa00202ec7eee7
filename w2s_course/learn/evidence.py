"""The evidence that a verdict may cite: a value for each key, from the learner's own run or a recorded one.

A number in an essay is a key, `{{pgr}}`, and not digits: so that it is the writer's own number, that it is
right, and that a reader sees where it comes from. Which keys there are says `evidence_keys`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from w2s_course.errors import CourseError, unknown_name
from w2s_course.evidence.measured import Setting, settings_in
from w2s_course.findings import Results, is_smoke, pgr_text
from w2s_course.findings import verdict as verdict_of
from w2s_course.learn.evidence_keys import KEYS, Key
from w2s_course.learn.headless import is_headless
from w2s_course.learn.overview import whole_course
from w2s_course.recorded import recorded_runs, recorded_sweeps
from w2s_course.wording import plural

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
    def run(self) -> Results | None:
        """The own run, or the first of the recorded ones in its place."""
        return self.own if self.own is not None else next(iter(self.recorded), None)

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
        run = self.run
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
    settings = [s for table in recorded_sweeps() if table.rows for s in settings_in(table.name, table.rows)]
    kept = whole_course()["predictions"]
    predictions = {id: record for id, record in kept.items() if "question" in record}
    return Evidence(own, recorded_runs(), settings, predictions)


def reading(evidence: Evidence) -> str:
    """The run's own verdict and PGR in two sentences, or why there is none.

    Raises: nothing: an own run of the smoke preset gives its refusal.
    """
    run = evidence.run
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
