"""Start events that wait for an instant: rows of the newest version of each process, each start once whoever looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from workflows import clock, specs
from workflows.handlers import environment_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from workflows.specs import Start

_FORGET = text("""
DELETE FROM workflow_start_timer WHERE definition_id IN (
    SELECT other.id FROM workflow_definition AS other JOIN workflow_definition AS mine ON mine.process = other.process
    WHERE mine.id = :id
)
""")
_INSERT = text("""
INSERT INTO workflow_start_timer (definition_id, start, number, began_at, due_at)
VALUES (:id, :start, :number, :now, :due)
""")
_DUE = text("""
SELECT timer.definition_id, timer.start, timer.number, timer.began_at, timer.due_at
FROM workflow_start_timer AS timer WHERE timer.due_at <= :now
ORDER BY timer.due_at, timer.definition_id, timer.start LIMIT 1
FOR UPDATE SKIP LOCKED
""")
_NEXT = text("SELECT min(due_at) FROM workflow_start_timer WHERE due_at <= :until")
_MOVE = text("""
UPDATE workflow_start_timer SET number = :number, due_at = :due, trouble = :trouble
WHERE definition_id = :id AND start = :start
""")


def install(session: Session, definition_id: int, starts: Iterable[Start], now: datetime) -> None:
    """From now on the timers of this version count, and those of the versions before it no more."""
    session.execute(_FORGET, {"id": definition_id})
    for start in starts:
        if start.kind == "timer":
            with clock.at(now, environment_of(session).calendar):
                number = first(start.event, now)
                due = specs.occurrence(start.event, number, now)
            given = {"id": definition_id, "start": start.name, "number": number, "now": now, "due": due}
            session.execute(_INSERT, given)


def first(source: str, now: datetime) -> int:
    """The number of the first occurrence after now: what was over before the process was there starts nothing."""
    low, high = 0, 1
    while _is_past(source, high, now):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _is_past(source, middle, now) else (low, middle)
    return high


def _is_past(source: str, number: int, now: datetime) -> bool:
    due = specs.occurrence(source, number, now)
    return due is not None and due <= now


def due(session: Session, now: datetime) -> Row[Any] | None:
    """The earliest timer that is due, held until the end of the transaction; None when there is none that nobody else
    holds.
    """
    return session.execute(_DUE, {"now": now}).one_or_none()


def next_at(session: Session, until: datetime) -> datetime | None:
    """The earliest instant up to this one at which a process starts."""
    found: datetime | None = session.execute(_NEXT, {"until": until}).scalar()
    return found


def move_on(session: Session, timer: Row[Any], source: str, *, trouble: str = "") -> None:
    """Sets a timer that has fired to its next occurrence, or to rest after the last; with what went wrong, if so."""
    with clock.at(timer.due_at, environment_of(session).calendar):
        following = specs.occurrence(source, timer.number + 1, timer.began_at)
    given = {"id": timer.definition_id, "start": timer.start, "number": timer.number + 1}
    session.execute(_MOVE, {**given, "due": following, "trouble": trouble})
