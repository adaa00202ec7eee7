"""The snippets of a run, and the files that a stage leaves behind."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from w2s_course.config import Config
from w2s_course.costs import StageCost
from w2s_course.models.answers import Answer
from w2s_course.snippets.grammar import Snippet, make_splits

ANSWERS, CURVE, COSTS, HOSTED = "answers.jsonl", "curve.jsonl", "costs.json", "hosted.json"
FIRST_LABEL = "first-label.jsonl"


def splits(config: Config) -> dict[str, tuple[Snippet, ...]]:
    """The run's snippets: test, val, gold and pool, disjoint, balanced, and of one distribution."""
    sizes = config.sizes
    return _splits((sizes.test, sizes.val, sizes.gold, sizes.pool), config.seed, config.with_view)


@lru_cache(maxsize=4)
def _splits(sizes: tuple[int, ...], seed: int, with_view: bool) -> dict[str, tuple[Snippet, ...]]:
    return make_splits(dict(zip(("test", "val", "gold", "pool"), sizes, strict=True)), seed, with_view)


def write_rows(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows as JSON lines."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write_answers(path: Path, answers: Sequence[Answer]) -> None:
    """Answers as JSON lines."""
    write_rows(path, [asdict(a) for a in answers])


def read_answers(path: Path) -> list[Answer]:
    """The answers that a stage wrote."""
    return [Answer(**row) for row in read_rows(path)]


def write_costs(out: Path, costs: Mapping[str, StageCost]) -> None:
    """What each part of a stage took, by its name."""
    (out / COSTS).write_text(json.dumps({name: asdict(cost) for name, cost in costs.items()}, indent=1))


def read_costs(folder: Path) -> dict[str, StageCost]:
    """The costs that a stage wrote."""
    return {name: StageCost(**cost) for name, cost in json.loads((folder / COSTS).read_text()).items()}
