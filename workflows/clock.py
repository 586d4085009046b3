"""The time inside a run of a process: what the library's timers take for now, and the calendar that they ask."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from workflows.handlers import Calendar, Value


@dataclass(frozen=True, slots=True)
class _Time:
    now: datetime
    calendar: Calendar


_time: ContextVar[_Time] = ContextVar("workflow_time")


@contextmanager
def at(now: datetime, calendar: Calendar) -> Iterator[None]:
    """Within this block it is `now`, and deadlines are counted by this calendar."""
    token = _time.set(_Time(now, calendar))
    try:
        yield
    finally:
        _time.reset(token)


def now() -> datetime:
    """The office time of the run; raises LookupError outside of one."""
    return _time.get().now


def due(expression: str, values: Mapping[str, Value], start: datetime | None = None) -> datetime:
    """The instant that a timer or deadline expression means, counted from `start` (else from now).

    Raises ExpressionInvalid when it means nothing.
    """
    time = _time.get()
    return time.calendar.due(expression, start or time.now, values)
