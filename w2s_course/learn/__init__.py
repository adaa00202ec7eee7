"""What a learner uses inside a notebook. Names are loaded when they are first asked for."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_WHERE = {
    "Cohort": "variants",
    "activity": "exercises",
    "audit": "browser",
    "check": "check",
    "error_browser": "browser",
    "error_rows": "browser",
    "export_progress": "overview",
    "filter_rows": "browser",
    "hint": "check",
    "label_rows": "browser",
    "live_finetune": "live",
    "not_attempted": "check",
    "predict": "predict",
    "progress": "overview",
    "setup": "setup",
    "show_row": "browser",
    "what_if": "what_if",
    "what_if_panel": "what_if",
}


def __dir__() -> list[str]:
    return sorted(_WHERE)


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)


class _Named(ModuleType):
    """Some functions are called as the module is that they stand in, `predict` for one. Importing a submodule
    would put the module in the function's place; here the function keeps it."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _WHERE and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Named
