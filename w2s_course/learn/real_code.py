"""What unit 8 does with real code: names shown again, recorded rows in words, larger models if they run."""

from __future__ import annotations

import ast
import os
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from w2s_course.errors import CourseError
from w2s_course.judging.choices import CHANCE, Question, make_questions
from w2s_course.learn.plain_errors import friendly_errors
from w2s_course.real_code.run import accuracy, rights
from w2s_course.seeds import mean_with_interval
from w2s_course.snippets.harvest import PACKAGES, RealFunction, SourcePackage, harvest, harvest_package
from w2s_course.wording import plural, points, words

Row = dict[str, Any]


def development_questions(limit: int = 0) -> list[Question]:
    """Questions of the modules on which choices may be made: no arm of any seed is tested on them.

    limit: the first so many, 0 for all; a multiple of four keeps groups of four whole.
    """
    from w2s_course.real_code.splits import is_development

    made = make_questions([f for f in harvest() if is_development(f)], seed=0)
    return made[: limit or None]


def found(package: str, name: str) -> RealFunction | None:
    """The harvested function of that name, None where the installed version has none."""
    wanted = [p for p in PACKAGES if p.distribution == package]
    return next((f for p in wanted for f in _documented(p) if f.name == name), None)


@cache
def _documented(package: SourcePackage) -> tuple[RealFunction, ...]:
    return tuple(harvest_package(package))


def ran(function: RealFunction, arguments: str) -> str:
    """The function itself, called: the call and what it gave. Of an installed package, so its code runs here.

    arguments: as they stand between the brackets. An iterator is shown as the list of what it yields.
    """
    module = import_module(Path(function.file).with_suffix("").as_posix().replace("/", "."))
    gave = eval(f"call({arguments})", {"call": getattr(module, function.name)})
    shown = list(gave) if hasattr(gave, "__next__") else gave
    return f"{function.name}({arguments}) gives {shown!r}"


def with_names(function: RealFunction) -> str:
    """The same function with the names that its maintainers gave, still without docstring and comments.

    Raises: CourseError where the package's file is no longer the one that was harvested.
    """
    node = _functions(function.package, function.file).get(function.line)
    if node is None or node.name != function.name:
        raise CourseError(f"{function.file} has changed since it was read: restart the notebook.")
    with_docstring = ast.get_docstring(node) is not None
    body = (node.body[1:] or [ast.Pass()]) if with_docstring else node.body
    parts = {name: value for name, value in ast.iter_fields(node) if name != "body"}
    return ast.unparse(ast.copy_location(ast.FunctionDef(body=body, **parts), node))


@cache
def _functions(package: str, file: str) -> dict[int, ast.FunctionDef]:
    """The functions at the top level of an installed file, by the line of their `def`."""
    text = Path(str(distribution(package).locate_file(file))).read_text("utf-8")
    return {node.lineno: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}


def shown_names(questions: Sequence[Question]) -> list[Question]:
    """The same questions about the code with its names."""
    from dataclasses import replace

    return [replace(q, function=replace(q.function, code=with_names(q.function))) for q in questions]


def what_rows_say(rows: Sequence[Row]) -> list[str]:
    """Sentences that the rows of one or several seeds support: each arm against chance, then the student.

    The questions are the same for all arms of a seed, but only the arms' own intervals are recorded, so two
    arms are called different only where these do not touch: cautious. Over seeds: a t-interval.
    """
    said = []
    for arm in dict.fromkeys(row["arm"] for row in rows):
        own = [row for row in rows if row["arm"] == arm]
        above = sum(row["low"] is not None and row["low"] > CHANCE for row in own)
        said.append(f"{words(arm)}: above chance in {above} of {plural(len(own), 'seed')}")
    for other in ("weak", "strong_untrained", "strong_on_gold", "ceiling"):
        said += _against(rows, "weak_to_strong", other)
    return said


def _against(rows: Sequence[Row], arm: str, other: str) -> list[str]:
    by_seed: dict[int, dict[str, Row]] = {}
    for row in rows:
        by_seed.setdefault(row["seed"], {})[row["arm"]] = row
    pairs = [(arms[arm], arms[other]) for arms in by_seed.values() if arm in arms and other in arms]
    if not pairs:
        return []
    mean, ci95 = mean_with_interval([one["accuracy"] - two["accuracy"] for one, two in pairs])
    told = f"{words(arm)} minus {words(other)}: {points(mean)}"
    if ci95 is None:
        (one, two) = pairs[0]
        above, below = _apart(one, two), _apart(two, one)
        return [f"{told} (one seed): {_verdict(above, below)}, by intervals that {_touch(above or below)}"]
    return [f"{told} ({points(ci95[0])} to {points(ci95[1])}): {_verdict(ci95[0] > 0, ci95[1] < 0)}"]


def _apart(one: Row, two: Row) -> bool:
    """Whether the whole interval of one lies above that of two."""
    return one["low"] is not None and two["high"] is not None and bool(one["low"] > two["high"])


def _verdict(above: bool, below: bool) -> str:
    return "better" if above else "worse" if below else "no difference shown"


def _touch(apart: bool) -> str:
    return "do not touch" if apart else "touch"


def why_not_larger() -> str:
    """Why larger models are not tried here, '' where they can be: it needs a GPU, and the hub."""
    import torch

    if not torch.cuda.is_available():
        return "Not here: no GPU. On Colab choose Runtime > Change runtime type > a GPU, and run again."
    return "" if _hub_answers() else "Not here: there is a GPU, but the Hugging Face hub does not answer."


def _hub_answers() -> bool:
    from urllib.request import urlopen

    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return False
    try:
        with urlopen(os.environ.get("HF_ENDPOINT", "https://huggingface.co"), timeout=5):
            return True
    except OSError:
        return False


@friendly_errors()
def untrained(models: Sequence[str], questions: Sequence[Question], precision: str = "float32") -> list[Row]:
    """Each model, untrained, on the same questions: a row with accuracy, interval, and each other score.

    models: names of the catalog, or local folders in the layout of the hub; fetched at first use.
    Raises: Friendly where the weights cannot be had.
    """
    from w2s_course.models.device import pick_device
    from w2s_course.models.strong import load_strong
    from w2s_course.real_code.likelihood import judge_options

    rows: list[Row] = []
    for name in models:
        model, tokenizer = load_strong(name, precision, pick_device())
        asked = judge_options(model, tokenizer, questions, progress=Path(name).name)
        row = {"model": Path(name).name, "parameters": model.num_parameters()}
        row |= accuracy(rights(asked, questions, "pmi"), seed=0)
        row |= {score: sum(rights(asked, questions, score)) / len(questions) for score in ("mean", "total")}
        rows.append(row)
        del model
    return rows
