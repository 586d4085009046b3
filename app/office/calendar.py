"""The office calendar: what a deadline in a diagram means in working days, months and named periods of this office.

A period counted in days, weeks or months ends with the last second of its last day, because § 188 BGB lets the
whole day count; when that day is no working day, the next one is the last (§ 26 (3) SGB X). ISO durations are
exact. A date means its first instant.
"""

from __future__ import annotations

import re
import threading
import time as system_time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.office import dates, models
from workflows import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.orm import Session

    from workflows.handlers import Value

COUNTED = re.compile(r"(werktage|tage|wochen|monate)\(\s*(-?\d+|[A-Za-z_]\w*)\s*\)")
NAMED = re.compile(r"frist\(\s*(?:\"([^\"]+)\"|'([^']+)'|([A-Za-z_]\w*))\s*\)")
DURATION = re.compile(
    r"(?:R\d*/)?(?=P.)P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)
NAME = re.compile(r"[A-Za-z_]\w*")
NESTED = 5
FRESH_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Term:
    """What a named deadline means while it is valid."""

    name: str
    expression: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The calendar of the office at one moment: open weekdays, closed days, named deadlines."""

    weekdays: frozenset[int] = frozenset(range(5))
    closed: frozenset[date] = frozenset()
    terms: tuple[Term, ...] = field(default=())

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on this day."""
        return day.weekday() in self.weekdays and day not in self.closed

    def working_day_from(self, day: date, *, step: int = 1) -> date:
        """The day itself, or the nearest working day after it (before it with step -1)."""
        while not self.is_working_day(day):
            day += timedelta(days=step)
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, not counting the day itself (§ 187 (1) BGB). Negative goes back."""
        step = -1 if count < 0 else 1
        for _ in range(abs(count)):
            day = self.working_day_from(day + timedelta(days=step), step=step)
        return self.working_day_from(day, step=step)

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and including `end`."""
        span = (end - start).days
        return sum(self.is_working_day(start + timedelta(days=number)) for number in range(1, span + 1))

    def term(self, name: str, on: date) -> str | None:
        """The expression of a named deadline on a day."""
        for term in self.terms:
            if term.name == name and term.valid_from <= on and (term.valid_to is None or on < term.valid_to):
                return term.expression
        return None


class OfficeCalendar:
    """Tells the host of processes when something is due, from a snapshot that its source gives."""

    def __init__(self, source: Callable[[], Snapshot]) -> None:
        self._source = source

    def snapshot(self) -> Snapshot:
        """The calendar as it is now."""
        return self._source()

    def due(self, expression: str, start: datetime, values: Mapping[str, Value]) -> datetime:
        """The instant (UTC) that the expression means, counted from `start`.

        Raises ExpressionInvalid when it means nothing: no such form, no such named deadline, no such value.
        """
        snapshot = self._source()
        text = expression.strip()
        for _ in range(NESTED):
            named = NAMED.fullmatch(text)
            if named is None:
                break
            text = _named(snapshot, named, start, values)
        try:
            return _due(snapshot, text, start, values)
        except (OverflowError, ValueError):
            # Beyond the year 9999.
            raise errors.ExpressionInvalid(expression, "not_a_time", text[:40]) from None


def _named(snapshot: Snapshot, match: re.Match[str], start: datetime, values: Mapping[str, Value]) -> str:
    name = match[1] or match[2] or str(values.get(match[3], ""))
    found = snapshot.term(name, dates.day_of(start))
    if found is None:
        raise errors.ExpressionInvalid(match[0], "unknown_deadline", name)
    return found


def _due(snapshot: Snapshot, text: str, start: datetime, values: Mapping[str, Value]) -> datetime:
    counted = COUNTED.fullmatch(text)
    if counted is not None:
        return dates.end_of(_last_day(snapshot, counted, dates.day_of(start), values))
    value = values.get(text) if NAME.fullmatch(text) and not DURATION.fullmatch(text) else text
    duration = DURATION.fullmatch(value) if isinstance(value, str) else None
    return _instant(text, value) if duration is None else add_duration(start, duration)


def _last_day(snapshot: Snapshot, match: re.Match[str], start: date, values: Mapping[str, Value]) -> date:
    unit, count = match[1], _count(match, values)
    if unit == "werktage":
        return snapshot.add_working_days(start, count)
    if unit == "monate":
        last = dates.add_months(start, count)
    else:
        last = start + timedelta(days=count * (7 if unit == "wochen" else 1))
    return snapshot.working_day_from(last, step=-1 if count < 0 else 1)


def _count(match: re.Match[str], values: Mapping[str, Value]) -> int:
    try:
        return int(match[2])
    except ValueError:
        value = values.get(match[2])
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise errors.ExpressionInvalid(match[0], "not_a_number", match[2]) from None


def add_duration(start: datetime, match: re.Match[str]) -> datetime:
    """`start` plus an ISO duration: days on the wall clock, so that they stay days when the clocks change."""
    part = {name: int(value) for name, value in match.groupdict(default="0").items()}
    wall = dates.local(start)
    day = dates.add_months(wall.date(), part["years"] * 12 + part["months"])
    day += timedelta(weeks=part["weeks"], days=part["days"])
    moved = (
        datetime.combine(
            day,
            wall.time(),
            dates.ZONE,
        )
        .replace(fold=wall.fold)
        .astimezone(UTC)
    )
    return moved + timedelta(hours=part["hours"], minutes=part["minutes"], seconds=part["seconds"])


def _instant(text: str, value: Value) -> datetime:
    try:
        if isinstance(value, str) and len(value) == len("2004-01-05"):
            return dates.start_of(date.fromisoformat(value))
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        raise errors.ExpressionInvalid(text, "not_a_time", str(value)[:40]) from None
    return (instant if instant.tzinfo else instant.replace(tzinfo=dates.ZONE)).astimezone(UTC)


def snapshot(session: Session) -> Snapshot:
    """The calendar as the office's tables have it."""
    weekdays = frozenset(session.scalars(select(models.OpeningHours.weekday)))
    closed = frozenset(session.scalars(select(models.ClosingDay.day)))
    terms = tuple(
        Term(row.name, row.expression, row.valid_from, row.valid_to)
        for row in session.scalars(select(models.Deadline).order_by(models.Deadline.name, models.Deadline.valid_from))
    )
    return Snapshot(weekdays or Snapshot().weekdays, closed, terms)


class TableSource:
    """Reads the snapshot from the office's tables, again after half a minute at the latest; shared by threads."""

    def __init__(self, sessions: Callable[[], Session]) -> None:
        self._sessions = sessions
        self._lock = threading.Lock()
        self._held: tuple[float, Snapshot] | None = None

    def __call__(self) -> Snapshot:
        """The snapshot, at most half a minute old."""
        with self._lock:
            # The age of a cache is no office time: it counts on the machine, whatever the office's date is.
            age = system_time.monotonic()
            if self._held is None or age - self._held[0] > FRESH_SECONDS:
                with self._sessions() as session:
                    self._held = (age, snapshot(session))
            return self._held[1]

    def forget(self) -> None:
        """Makes the next reader read the tables anew; for those who just changed them."""
        with self._lock:
            self._held = None
