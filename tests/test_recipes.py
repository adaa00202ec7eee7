"""Claims about recipes: every module that decides what a stage writes is among the code that names it.

What a stage's functions use is followed name by name through the package's own source.
"""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

import w2s_course
from w2s_course.experiment import STAGES
from w2s_course.stages import Stage
from w2s_course.trials import bench
from w2s_course.trials.methods import METHODS
from w2s_course.trials.remedies import TEACH

PACKAGE = Path(w2s_course.__file__).parent
VARIED: dict[str, Any] = {
    "": {},
    "plan": {"plan": {"kind": "systematic", "rules": ["even-as-odd"]}},
    "gold": {"labels": "gold"},
    "control": {"student": "control"},
}
NEUTRAL = {
    "cache": "where folders are kept",
    "disk": "how files are written",
    "config": "its values are in the recipe",
    "costs/assumptions": "prices, which are put to what was counted",
    "errors": "what is said where nothing comes out",
    "models/catalog": "the weights that it names are in the recipe",
    "models/device": "where the work is done, and the precision, which is in the recipe",
    "models/weights": "the weights that it finds are in the recipe",
    "results": "versions and hardware, for the reader",
    "stages": "the recipe itself",
}

spec = importlib.util.spec_from_file_location("trials_tiny", Path(__file__).parent / "trials" / "tiny.py")
tiny = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tiny)


# --- what a function uses ---------------------------------------------------------------------------


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse((PACKAGE / f"{module}.py").read_text("utf-8"))


def module_named(dotted: str) -> str | None:
    """arms/files for w2s_course.arms.files, costs/__init__ for a package, None for what is no module."""
    path = dotted.removeprefix(PACKAGE.name).lstrip(".").replace(".", "/")
    found = [m for m in (path, f"{path}/__init__".lstrip("/")) if (PACKAGE / f"{m}.py").is_file()]
    return found[0] if found else None


@cache
def imported(node: ast.AST) -> dict[str, tuple[str, str | None]]:
    """Local name -> module of this package, and the name there, None for the module itself."""
    found: dict[str, tuple[str, str | None]] = {}
    for each in running(node):
        if isinstance(each, ast.ImportFrom) and (each.module or "").startswith(PACKAGE.name):
            for alias in each.names:
                whole = module_named(f"{each.module}.{alias.name}")
                there = (whole, None) if whole else (module_named(each.module or ""), alias.name)
                found[alias.asname or alias.name] = there  # type: ignore[assignment]
    return found


def running(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes below that are there when the program runs."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)):
            yield from running(child)


@cache
def handed_on(module: str) -> dict[str, tuple[str, str | None]]:
    """What a module imports at its top."""
    return imported(ast.Module([n for n in tree_of(module).body if isinstance(n, ast.ImportFrom)], []))


@cache
def defined(module: str) -> dict[str, ast.AST]:
    """What a module itself defines, by name."""
    found: dict[str, ast.AST] = {}
    for node in tree_of(module).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {n.id: node for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    return found


def follow(module: str, path: list[str], seen: set[tuple[str, str]]) -> None:
    """Add to `seen` every (module, name) that what stands at `path` uses, itself included."""
    if (module, ".".join(path)) in seen or module in NEUTRAL:
        return
    seen.add((module, ".".join(path)))
    top = handed_on(module)
    if path[0] in top:  # a package hands on what one of its modules defines
        there, name = top[path[0]]
        follow(there, [name or path[-1]], seen)
        return
    outer = node = defined(module)[path[0]]
    for name in path[1:]:
        node = next(n for n in ast.walk(node) if isinstance(n, ast.FunctionDef) and n.name == name)
    visible = {**top, **imported(outer)}
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            there, name = visible.get(each.value.id, ("", ""))
            if there and name is None:
                follow(there, [each.attr], seen)
        elif isinstance(each, ast.Name) and each.id in defined(module):
            follow(module, [each.id], seen)
        elif isinstance(each, ast.Name) and visible.get(each.id, ("", None))[1]:
            there, name = visible[each.id]
            follow(there, [name or ""], seen)


def functions_in(compute: Any) -> Iterator[Callable[..., Any]]:
    """The functions of a stage: those bound to the first as arguments too."""
    if isinstance(compute, partial):
        for part in (compute.func, *compute.args, *compute.keywords.values()):
            yield from functions_in(part)
    elif callable(compute):
        yield compute


def used_by(stage: Stage) -> set[str]:
    """The modules that decide what a stage writes."""
    return set().union(*(used_by_function(function) for function in functions_in(stage.compute)))


@cache
def used_by_function(function: Callable[..., Any]) -> set[str]:
    seen: set[tuple[str, str]] = set()
    path = function.__qualname__.replace(".<locals>", "").split(".")
    follow(module_named(function.__module__) or "", path, seen)
    return {module for module, _ in seen if not module.endswith("__init__")}


def listed(stage: Stage) -> set[str]:
    return {
        path.relative_to(PACKAGE).with_suffix("").as_posix()
        for part in stage.code
        for path in (list((PACKAGE / part).rglob("*.py")) or [PACKAGE / f"{part}.py"])
    }


# --- claims -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_a_stage_of_the_experiment_names_every_module_that_decides_what_it_writes(stage):
    assert used_by(stage) - listed(stage) == set()


@pytest.mark.parametrize(
    ("method", "changes"),
    [
        (method, changes)
        for method in sorted(METHODS)
        for ignored, changes in VARIED.items()
        if ignored not in METHODS[method].ignores
    ],
)
def test_a_stage_of_a_trial_names_every_module_that_decides_what_it_writes(
    method, changes, tiny_strong, tmp_path, monkeypatch
):
    """Nothing is computed: each stage is asked for, and finds a folder."""
    asked: list[Stage] = []
    monkeypatch.setattr(bench, "run_stage", lambda stage, *_: asked.append(stage) or tmp_path)
    monkeypatch.setattr("w2s_course.trials.remedies._exact", lambda *_: None)
    monkeypatch.setattr("w2s_course.trials.remedies.read_rows", lambda _: [])
    for measures in ("cascade_measures", "stopping_measures"):
        monkeypatch.setattr(f"w2s_course.trials.remedies.{measures}", lambda *_: {})
    (tmp_path / "generations.json").write_text("{}")
    TEACH[method](bench.Bench(tiny.tiny_trial(tiny_strong, method=method, **changes)))
    assert len(asked) > 2
    assert {stage.name: sorted(used_by(stage) - listed(stage)) for stage in asked} == {
        stage.name: [] for stage in asked
    }
