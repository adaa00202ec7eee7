"""The methods themselves, each a few lines at the bench: which labels, which objective, what to measure.

The functions of the book and of the papers live in `training/`; here they are put to work. `TEACH` says which
function a method of the registry is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from w2s_course import metrics
from w2s_course.arms.files import ANSWERS, CURVE, read_answers, read_rows, splits
from w2s_course.arms.small import load_weak
from w2s_course.config import Config
from w2s_course.experiment import SMALL
from w2s_course.labeling import load_labels, relabelled
from w2s_course.results import judge_all
from w2s_course.stages import Inputs
from w2s_course.training.objectives import Objective
from w2s_course.trials.bench import CHANGING, JUDGING, TRAINING, WRITING, Bench, Taught
from w2s_course.trials.generations import FOUND, write_generations
from w2s_course.trials.kd import kd_objective, teacher_on_shared_ids
from w2s_course.trials.measures import cascade_measures, stopping_measures
from w2s_course.trials.methods import middle_architecture
from w2s_course.trials.pairs import answers_in, save

if TYPE_CHECKING:
    from datasets import Dataset

EARLY = "early_answers"
SELECTION = ("training/selection",)


def plain(bench: Bench) -> Taught:
    """Equation 4.10 on the labels as they are."""
    return Taught(bench.student(bench.pairs), bench.pairs)


# --- another objective ------------------------------------------------------------------------------


def confidence(bench: Bench) -> Taught:
    """The student trusts its own prediction more and more."""

    def objective(config: Config, inputs: Inputs) -> Objective:
        from w2s_course.training.objectives import ramping, with_confidence

        return with_confidence(ramping(settings["trust"], settings["warmup"]))

    settings = bench.trial.settings
    student = bench.student(bench.pairs, objective=objective, name="confidence", settings=settings)
    return Taught(student, bench.pairs)


def kd(bench: Bench, schedule: str) -> Taught:
    """The student learns the labels of a teacher on its own token ids, and that teacher's doubts.

    With a weight of 0 it is the plain student of these labels: what the loss is to be compared with.
    """
    teacher = teacher_on_shared_ids(bench)
    student = bench.student(
        teacher,
        objective=partial(kd_objective, schedule=schedule, weight=bench.trial.settings["weight"]),
        name=schedule,
        code=("training/distillation", "trials/kd"),
        inputs={"teacher": teacher},
        settings=bench.trial.settings,
    )
    return Taught(student, teacher, {"own_teacher_exact": _exact(bench, teacher)}, {"teacher": teacher})


# --- other labels -----------------------------------------------------------------------------------


def select(bench: Bench) -> Taught:
    """The labels that the weak model finds likeliest; the same number of steps on fewer labels."""

    def change(labels: Dataset, inputs: Inputs) -> Dataset:
        from w2s_course.training.selection import select_by_likelihood

        return select_by_likelihood(labels, share)

    share = bench.trial.settings["share"]
    learned = bench.changed("selected", change, SELECTION, {})
    return Taught(bench.student(learned), learned)


def gold_fraction(bench: Bench) -> Taught:
    """A share of the labels is bought from experts."""

    def change(labels: Dataset, inputs: Inputs) -> Dataset:
        from w2s_course.training.selection import mix_gold

        return mix_gold(labels, share, bench.trial.seed)

    share = bench.trial.settings["share"]
    learned = bench.changed("mixed", change, SELECTION, {})
    return Taught(bench.student(learned), learned)


def filter_agreement(bench: Bench) -> Taught:
    """An early student says what it thinks of its labels; the final one learns from those that it shares."""

    def change(labels: Dataset, inputs: Inputs) -> Dataset:
        from w2s_course.training.selection import agreeing

        return agreeing(labels, read_answers(inputs["early"] / f"{EARLY}.jsonl"))

    share = bench.trial.settings["early"]
    early = bench.student(bench.pairs, share_of_steps=share, also=EARLY)
    learned = bench.changed("agreeing", change, (*SELECTION, *JUDGING), {"early": early})
    return Taught(bench.student(learned), learned, also={"early": early})


def weak_members(bench: Bench) -> list[Path]:
    """Folders of further weak models: the teacher's gold, other first weights and another order."""

    def write_gold(config: Config, inputs: Inputs, out: Path) -> None:
        from w2s_course.labeling import gold_answers, label_set

        gold = splits(config)["gold"]
        save("The teacher's gold", label_set(gold, gold_answers(gold), "gold"), out)

    gold = bench.run("gold_pairs", write_gold, CHANGING, {}, {})
    # Seed 1 is the control's.
    return [bench.small_model(gold, seed) for seed in range(2, int(bench.trial.settings["members"]) + 1)]


def vote(bench: Bench) -> Taught:
    """The teacher and other weak models vote on every claim."""

    def change(labels: Dataset, inputs: Inputs) -> Dataset:
        from w2s_course.training.ensemble import majority_vote

        others = [answers_in(load_labels(inputs[name])) for name in sorted(inputs) if name != "labels"]
        return relabelled(labels, majority_vote([answers_in(labels), *others]), "vote of weak models")

    members = {f"member{i}": folder for i, folder in enumerate(weak_members(bench), start=1)}
    written = {name: bench.written_by(folder) for name, folder in members.items()}
    learned = bench.changed("voted", change, ("training/ensemble", "judging/claims"), written)
    return Taught(bench.student(learned), learned, also=members)


def average(bench: Bench) -> Taught:
    """The teacher and other weak models write one sentence together, token by token."""

    def change(labels: Dataset, inputs: Inputs) -> Dataset:
        from w2s_course.training.batches import prompt_of
        from w2s_course.training.ensemble import average_distributions

        loaded = [load_weak(inputs[name]) for name in sorted(inputs) if name != "labels"]
        models, tokenizer = [model for model, _ in loaded], loaded[0][1]
        prompts = [prompt_of(code) for code in labels["code"]]
        answers = average_distributions(models, tokenizer, prompts, progress="average")
        return relabelled(labels, answers, "average of weak models")

    members = {f"member{i}": folder for i, folder in enumerate(weak_members(bench), start=1)}
    all_members = {"member0": bench.teacher["weak"], **members}
    learned = bench.changed("averaged", change, ("training/ensemble", *WRITING), all_members)
    return Taught(bench.student(learned), learned, also=members)


def bootstrap(bench: Bench) -> Taught:
    """A model of middle size learns from the weak labels and teaches in its turn.

    It labels the snippets that it learned from: what it has learned by heart it hands on as it was.
    `training.bootstrapping` can label each half by a model of the other, at twice the cost.
    """
    middle = middle_architecture(bench.trial.config, bench.trial.settings)
    model = bench.small_model(bench.pairs, 1, middle)
    learned = bench.written_by(model)
    return Taught(bench.student(learned), learned, {"middle_exact": _exact(bench, model)}, {"middle": model})


# --- no further training ----------------------------------------------------------------------------


def cascade(bench: Bench) -> Taught:
    """Teacher and student answer together; the threshold is chosen on validation snippets."""
    student = bench.student(bench.pairs)
    extra = cascade_measures(bench.trial.config, bench.teacher["labels"], student)
    return Taught(student, bench.pairs, extra)


def stopping(bench: Bench) -> Taught:
    """Where the curve of the student is best by the teacher's labels, and by gold."""
    student, config = bench.student(bench.pairs), bench.trial.config
    extra = stopping_measures(config, bench.teacher["labels"], read_rows(student / CURVE))
    return Taught(student, bench.pairs, extra)


def generations(bench: Bench, mode: str) -> Taught:
    """Small models teach each other; nothing strong is trained."""
    count = int(bench.trial.settings["generations"])
    folder = bench.run(
        "generations",
        partial(write_generations, mode=mode, count=count),
        # What it leaves behind has been judged inside.
        (*TRAINING, "generations", "trials/pairs", "metrics", *JUDGING),
        {"weak": bench.teacher["weak"]},
        {"mode": mode, "count": count},
        SMALL,
    )
    return Taught(folder, folder, json.loads((folder / FOUND).read_text()))


def _exact(bench: Bench, folder: Path) -> float | None:
    """The accuracy of the test answers in a folder."""
    test = splits(bench.trial.config)["test"]
    said = [a.text for a in read_answers(folder / ANSWERS)]
    return metrics.share([v.exact for v in judge_all(said, test)]).value


TEACH: Mapping[str, Callable[[Bench], Taught]] = {
    "plain": plain,
    "confidence": confidence,
    "kd": partial(kd, schedule="constant"),
    "kd_decaying": partial(kd, schedule="decaying"),
    "select": select,
    "vote": vote,
    "average": average,
    "bootstrap": bootstrap,
    "gold_fraction": gold_fraction,
    "filter_agreement": filter_agreement,
    "cascade": cascade,
    "stopping": stopping,
    "generations_replace": partial(generations, mode="replace"),
    "generations_accumulate": partial(generations, mode="accumulate"),
}
"""The function of each method of the registry, by the name of its row in `methods.METHODS`."""
