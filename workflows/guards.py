"""Operators and functions of the language of diagrams, guarded: numbers stay numbers, nothing grows without bound."""

from __future__ import annotations

import ast
import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MAX_NUMBER = 10**30
MAX_SIZE = 10_000
MAX_DIGITS = 40
# A value as a whole: its parts and letters, and how deep lists lie in lists. A list that holds itself twice is small
# in memory and grows with every copy.
MAX_WEIGHT = 100_000
MAX_NESTING = 20


class RefusedError(Exception):
    """What a guard found while evaluating; becomes ExpressionInvalid with the source."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def _number(value: object) -> Any:  # noqa: ANN401  any kind of number
    if isinstance(value, float) and not math.isfinite(value):
        raise RefusedError("too_large")
    if isinstance(value, int) and abs(value) > MAX_NUMBER:
        raise RefusedError("too_large")
    return value


def require_small(value: object) -> None:
    """Raises RefusedError("too_large") for a value that holds too much or lies too deep."""
    left, pending = MAX_WEIGHT, [(value, 0)]
    while pending:
        item, depth = pending.pop()
        left -= len(item) + 1 if isinstance(item, str | list | tuple | dict) else 1
        if left < 0 or depth > MAX_NESTING:
            raise RefusedError("too_large")
        if isinstance(item, dict):
            pending += [(part, depth + 1) for part in item.values()]
        elif isinstance(item, list | tuple):
            pending += [(part, depth + 1) for part in item]


def _is_number(*values: object) -> bool:
    return all(isinstance(value, int | float) for value in values)


def _add(left: Any, right: Any) -> Any:  # noqa: ANN401
    if _is_number(left, right):
        return _number(left + right)
    if not isinstance(left, str | list) or type(left) is not type(right):
        raise TypeError("+")
    joined: Any = left
    if len(joined) + len(right) > MAX_SIZE:
        raise RefusedError("too_large")
    return joined + right


def _arithmetic(sign: str, compute: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """A guarded operation on numbers alone: neither repeats texts nor formats them."""

    def guarded(left: Any, right: Any) -> Any:  # noqa: ANN401
        if not _is_number(left, right):
            raise TypeError(sign)
        return _number(compute(left, right))

    return guarded


def _to_int(value: Any = 0) -> int:  # noqa: ANN401
    if isinstance(value, str) and len(value) > MAX_DIGITS:
        raise RefusedError("too_large")
    whole: int = _number(int(value))
    return whole


def _to_float(value: Any = 0) -> float:  # noqa: ANN401
    if isinstance(value, str) and len(value) > MAX_SIZE:
        raise RefusedError("too_large")
    real: float = _number(float(value))
    return real


def _to_str(value: Any = "") -> str:  # noqa: ANN401
    if isinstance(value, list | dict):
        raise TypeError("str")
    return str(value)


def _sum(values: Sequence[Any]) -> Any:  # noqa: ANN401
    if not _is_number(*values):
        raise TypeError("sum")
    return _number(sum(values))


def _round(value: Any, digits: int = 0) -> Any:  # noqa: ANN401
    if not _is_number(value) or not isinstance(digits, int) or abs(digits) > MAX_DIGITS:
        raise TypeError("round")
    return round(value, digits) if digits else round(value)


FUNCTIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "len": len,
        "min": min,
        "max": max,
        "any": any,
        "all": all,
        "sum": _sum,
        "abs": abs,
        "round": _round,
        "int": _to_int,
        "float": _to_float,
        "str": _to_str,
        "bool": bool,
    }
)
OPERATIONS: Mapping[type[ast.operator], tuple[str, Callable[[Any, Any], Any]]] = MappingProxyType(
    {
        ast.Add: ("_add", _add),
        ast.Sub: ("_sub", _arithmetic("-", lambda a, b: a - b)),
        ast.Mult: ("_mul", _arithmetic("*", lambda a, b: a * b)),
        ast.Div: ("_div", _arithmetic("/", lambda a, b: a / b)),
        ast.Mod: ("_mod", _arithmetic("%", lambda a, b: a % b)),
    }
)
# What compiled code sees, and nothing else. No source can spell these names, and no code can write them.
NAMESPACE: dict[str, Any] = {
    "__builtins__": {},
    **{f"_call_{name}": function for name, function in FUNCTIONS.items()},
    **dict(OPERATIONS.values()),
}
