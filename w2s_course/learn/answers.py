"""Asking a learner's code for its answers: a call goes in as text, plain data comes out.

Nothing here knows what is right. The visible check in a notebook and the grader ask in the same way; the
grader does it where the submission runs and judges elsewhere, so no expected value ever meets the submission.
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from numbers import Rational
from typing import Any

LONGEST_MESSAGE = 300


@dataclass(frozen=True)
class Outcome:
    """What came of one call: a value as plain data, or the kind and message of what was raised.

    missing: the name that the learner has not defined yet; raised: the exception's class, 'NotAttempted' for
    an untouched answer. kinds: Python's own exceptions that it is or is derived from, the nearest first.
    """

    value: Any = None
    raised: str = ""
    message: str = ""
    missing: str = ""
    kinds: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "kinds": list(self.kinds)}

    def is_a(self, kind: str) -> bool:
        """Whether it raised that exception or, as `except` would have it, one that is derived from it.

        >>> Outcome(raised="StatisticsError", kinds=("ValueError", "Exception")).is_a("ValueError")
        True
        """
        return kind in (self.raised, *self.kinds)


_HELD: Mapping[type, Callable[[Any], Any]] = {int: int.__int__, float: float.__float__, str: str.__str__}
"""What a value of a derived class holds; its own methods, which may do anything, are not asked."""


def plain(value: Any, depth: int = 0) -> Any:
    """`value` as JSON could hold it: arrays and tuples as lists, numpy's and torch's scalars as Python's,
    fractions as floats.

    A value of a class derived from these becomes the number or the text that it holds. What has no such form
    becomes {'type': its class}, which equals no expected value.

    >>> plain((1, {"a": {3}}))
    [1, {'a': [3]}]
    >>> plain(object)
    {'type': 'type'}
    """
    if value is None or isinstance(value, bool):
        return value
    for kind, held in _HELD.items():
        if isinstance(value, kind):
            return held(value)
    if depth > 20:
        return {"type": "nested too deeply"}
    if hasattr(value, "detach") and hasattr(value, "tolist"):
        return plain(value.detach().tolist(), depth + 1)
    if hasattr(value, "tolist"):
        return plain(value.tolist(), depth + 1)
    if isinstance(value, Rational):  # exact, such as a Fraction: the number is right, whatever its class
        return float(value)
    if isinstance(value, Mapping):
        return {_key(k): plain(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v, depth + 1) for v in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(v, depth + 1) for v in value), key=repr)
    return {"type": type(value).__name__}


def _key(key: Any) -> str:
    """A key as text: of an enum of texts what it holds, as for a value."""
    return str.__str__(key if isinstance(key, str) else str(key))


def ask(call: str, namespace: Mapping[str, Any]) -> Outcome:
    """What `call`, an expression, gives in `namespace`; never raises for what the learner's code does.

    >>> ask("double(4)", {"double": lambda x: 2 * x}).value
    8
    >>> ask("double(4)", {}).missing
    'double'
    >>> ask("double(4)", {"double": lambda x: x / 0}).raised
    'ZeroDivisionError'
    """
    names = dict(namespace)
    try:
        return Outcome(plain(eval(compile(call, "<check>", "eval"), names)))
    except NameError as err:
        if err.name is not None and err.name in call and err.name not in names:
            return Outcome(missing=err.name)
        return _raised(err)
    except Exception as err:
        return _raised(err)


def _raised(err: Exception) -> Outcome:
    try:
        message = str.__str__(str(err))[:LONGEST_MESSAGE]
    except Exception:  # a learner's own `__str__` may fail too
        message = ""
    own = [kind.__name__ for kind in type(err).__mro__ if issubclass(kind, Exception) and _is_builtin(kind)]
    return Outcome(raised=type(err).__name__, message=message, kinds=tuple(own))


def _is_builtin(kind: type) -> bool:
    return getattr(builtins, kind.__name__, None) is kind


def same(one: Any, other: Any, tolerance: float = 1e-6) -> bool:
    """Whether two plain values are equal: numbers within `tolerance` (relative or absolute).

    All else must be equal exactly. True and 1 differ, as do 'b' and ['b']; 1 and 1.0 do not.

    >>> same([1, 2.0], [1.0, 2.0000001]), same(True, 1), same({"a": 1}, {"a": 1, "b": 2})
    (True, False, False)
    """
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return _close(one, other, tolerance)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(a, b, tolerance) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k], tolerance) for k in one)
    return type(one) is type(other) and bool(one == other)


def _close(one: float, other: float, tolerance: float) -> bool:
    try:
        if math.isnan(one) or math.isnan(other):
            return math.isnan(one) and math.isnan(other)
        return math.isclose(one, other, rel_tol=tolerance, abs_tol=tolerance)
    except OverflowError:  # a whole number that no float can hold
        return one == other


def is_number(value: Any, least: float = -math.inf) -> bool:
    """Whether a plain value is a finite number of at least `least`; True and False are none.

    >>> is_number(0.5), is_number(-1, least=0), is_number(True), is_number(float("nan")), is_number("1")
    (True, False, False, False, False)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return least <= value and abs(value) < math.inf
