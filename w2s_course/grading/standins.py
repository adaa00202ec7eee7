"""What stands in a sandbox for the course's notebook helpers: nothing is checked, fetched or shown there.

Runs inside the sandbox. Imports nothing but the standard library.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

STAND_IN = "__ipython__"
"""The name under which a cell's magics find nothing."""


class NotAttempted(Exception):
    """What a stub raises; known by its name outside."""


class Nothing:
    """Takes every attribute, call and index, and gives itself: `lesson`, `check` and widgets while grading.

    A learner's own cell that looks at a run then stops or sees nothing, and the functions in it are kept.
    """

    def __getattr__(self, name: str) -> Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> Nothing:
        return self

    def __getitem__(self, key: Any) -> Nothing:
        return self

    def __iter__(self) -> Iterator[Nothing]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "not available while grading"


def not_attempted(exercise_id: str) -> None:
    """Raise `NotAttempted`: the stub of an exercise."""
    raise NotAttempted(f"exercise {exercise_id}")


class _StandIn(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing()


class _Below(MetaPathFinder, Loader):
    """Finds a stand-in for every module of `package`: statements say to import helpers from there."""

    def __init__(self, package: str) -> None:
        self.package = package

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        return ModuleSpec(name, self) if name.startswith(f"{self.package}.") else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing: every name of it is `Nothing`."""


def install() -> dict[str, Any]:
    """Put the stand-ins in the place of the helpers; the names that a notebook has without importing them."""
    from w2s_course import learn

    helpers: dict[str, str] = vars(learn)["_WHERE"]
    for name in {*helpers.values(), "lesson", "units"}:
        full = f"{learn.__name__}.{name}"
        sys.modules[full] = _StandIn(full)
    units = f"{learn.__name__}.units"
    sys.modules[units].__path__ = []
    sys.meta_path.insert(0, _Below(units))
    for name in helpers:
        setattr(learn, name, Nothing())
    module = sys.modules[f"{learn.__name__}.check"]
    for place in (learn, module):
        place.not_attempted = not_attempted  # type: ignore[attr-defined]
    return {"display": Nothing(), "get_ipython": Nothing(), STAND_IN: Nothing()}
