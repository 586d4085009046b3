"""The values of a process: what may enter it, how they are written, how the copies of parallel branches come
together.

Every token of a process carries its own copy of the values. The library joins copies by taking whatever the last
arriving branch holds, stale or not. Here each written value bears a stamp, a number that grows with every write of
the instance; where branches meet, the value written last wins, whichever branch arrives last.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from workflows.handlers import Value

# No identifier, so that neither a form nor an expression can name it; what the host notes beside begins with it, too.
STAMPS = "~"
_LARGEST = 2**53


def refusal(values: Mapping[str, object]) -> str | None:
    """The name of the first value that a process may not hold, or None when all are well."""
    return next((name for name, value in values.items() if name.startswith(STAMPS) or not _plain(value)), None)


def _plain(value: object) -> bool:
    if isinstance(value, int | float) and not isinstance(value, bool):
        # What JSON keeps exactly everywhere.
        return math.isfinite(value) and (isinstance(value, float) or abs(value) <= _LARGEST)
    if isinstance(value, str):
        # Neither PostgreSQL's JSON nor UTF-8 can hold these.
        return "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, list):
        return all(_plain(item) for item in value)
    if isinstance(value, dict):
        return all(isinstance(key, str) and _plain(key) and _plain(item) for key, item in value.items())
    return value is None or isinstance(value, bool)


def write(task: Any, values: Mapping[str, Value]) -> None:  # noqa: ANN401  a task of the library
    """Puts the values into this task's copy, each with a new stamp."""
    number = tick(task.workflow.top_workflow)
    task.data.update(values)
    task.data[STAMPS] = {**task.data.get(STAMPS, {}), **dict.fromkeys(values, number)}


def tick(workflow: Any) -> int:  # noqa: ANN401  a workflow of the library
    """The next number of this instance: later writes and arrivals have greater ones."""
    workflow.ticks += 1
    number: int = workflow.ticks
    return number


def visible(data: Mapping[str, Any]) -> dict[str, Value]:
    """The values without the stamps and what else the host notes beside them."""
    return {name: value for name, value in data.items() if not name.startswith(STAMPS)}


def merged(copies: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """One copy out of several: of each value the one written last, of unwritten ones the one that arrived last."""
    result: dict[str, Any] = {}
    stamps: dict[str, int] = {}
    for copy in copies:
        written = copy.get(STAMPS, {})
        for name, value in copy.items():
            stamp = written.get(name, 0)
            if name != STAMPS and (name not in result or stamp >= stamps.get(name, 0)):
                result[name] = value
                stamps[name] = stamp
    return {**result, STAMPS: stamps} if stamps else result


def without(data: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """These values (stamped) without some of them."""
    kept = {name: value for name, value in data.items() if name not in names}
    if STAMPS in kept:
        kept[STAMPS] = {name: stamp for name, stamp in kept[STAMPS].items() if name not in names}
    return kept
