"""What a timer or deadline of a diagram may say: `werktage(5)`, `frist("papers")`, `P14D`, `R3/PT10H`, a date, a value.

The forms are checked at upload; what they mean in this office is the calendar's business at run time.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import datetime

from workflows import expressions
from workflows.errors import ExpressionInvalid

_COUNTED = re.compile(r"(?:werktage|tage|wochen|monate)\(\s*(?:-?\d{1,5}|([A-Za-z_]\w*))\s*\)")
_NAMED = re.compile(r"frist\(\s*(?:\"([^\"]{1,80})\"|'([^']{1,80})'|([A-Za-z_]\w*))\s*\)")
_DURATION = re.compile(
    r"(?=P.)P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?"
    r"(?:T(?=.)(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?"
)
_UNITS = (("Y", 0), ("M", 1), ("W", 2), ("D", 3)), (("H", 4), ("M", 5), ("S", 6))
_CYCLE = re.compile(r"R(\d{0,6})/(?:([^/P][^/]*)/)?(P[^/]+)(?:/([^/P][^/]*))?")
# A misspelt duration or cycle is no name.
_SPELLING = re.compile(r"[PR][0-9YMWDTHS]*")
MAX_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Timer:
    """A checked timer: one instant, or a cycle (`repetitions` is None for one without end)."""

    source: str
    names: frozenset[str] = frozenset()
    deadline: str = ""
    cycle: bool = False
    repetitions: int | None = None
    start: str = ""
    interval: str = ""
    end: str = ""

    def occurrence(self, number: int) -> str:
        """The duration from the start of a cycle to its occurrence of this number (the first is 1)."""
        match = _DURATION.fullmatch(self.interval)
        assert match is not None
        counts = [int(part or 0) * number for part in match.groups()]
        date, time = ("".join(f"{counts[index]}{unit}" for unit, index in half if counts[index]) for half in _UNITS)
        return f"P{date}T{time}" if time else f"P{date or '0D'}"


def _is_instant(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _cycle(text: str, source: str) -> Timer | None:
    match = _CYCLE.fullmatch(text)
    if match is None:
        return None
    count, start, interval, end = match[1], match[2] or "", match[3], match[4] or ""
    if not _DURATION.fullmatch(interval) or not re.search("[1-9]", interval) or (start and end):
        raise ExpressionInvalid(source, "cycle")
    if any(instant and not _is_instant(instant) for instant in (start, end)):
        raise ExpressionInvalid(source, "cycle")
    return Timer(source, cycle=True, repetitions=int(count) if count else None, start=start, interval=interval, end=end)


def _name(match: re.Match[str], group: int, source: str) -> frozenset[str]:
    name = match[group]
    if name is None:
        return frozenset()
    if not expressions.is_name(name):
        raise ExpressionInvalid(source, "private_name", name)
    return frozenset({name})


@functools.lru_cache(1024)
def _compiled(source: str) -> Timer:
    text = source.strip()
    if not text or len(text) > MAX_LENGTH:
        raise ExpressionInvalid(source[:MAX_LENGTH], "too_long" if text else "not_a_time")
    if counted := _COUNTED.fullmatch(text):
        return Timer(text, _name(counted, 1, source))
    if named := _NAMED.fullmatch(text):
        return Timer(text, _name(named, 3, source), deadline=named[1] or named[2] or "")
    if cycle := _cycle(text, source):
        return cycle
    if _DURATION.fullmatch(text) or _is_instant(text):
        return Timer(text)
    if expressions.is_name(text) and not _SPELLING.fullmatch(text):
        return Timer(text, frozenset({text}))
    raise ExpressionInvalid(source, "not_a_time")


def compile_timer(source: str, names: frozenset[str] | None = None) -> Timer:
    """The timer, checked; with `names`, it may use no other process value. Raises ExpressionInvalid(code)."""
    timer = _compiled(source)
    if names is not None and (unknown := timer.names - names):
        raise ExpressionInvalid(source, "unknown_name", ", ".join(sorted(unknown)))
    return timer
