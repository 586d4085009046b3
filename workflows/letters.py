"""Messages that nobody awaited when they came: kept about their subject until somebody does, or they expire.

Who sends and who begins to wait take the same lock before they look for each other, so that neither misses the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Value

KEPT_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Message:
    """What is said about a subject: to all processes or to these alone, and how long it is kept where nobody waits."""

    name: str
    subject: str
    payload: Mapping[str, Value]
    processes: frozenset[str] | None = None
    keep_for: timedelta | None = KEPT_FOR


_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
_KEEP = text("""
INSERT INTO workflow_letter (name, correlation, processes, payload, sent_at, expires_at)
VALUES (:name, :subject, CAST(:processes AS text[]), CAST(:payload AS jsonb), :now, :expires)
""")
_TAKE = text("""
DELETE FROM workflow_letter WHERE id IN (
    SELECT id FROM workflow_letter
    WHERE name = :name AND correlation = :subject AND expires_at > :now
        AND (processes IS NULL OR processes && CAST(:mine AS text[]))
    ORDER BY id LIMIT :most
) RETURNING id, payload
""")
_EXPIRE = text("DELETE FROM workflow_letter WHERE expires_at <= :now")


def lock(session: Session, *letters: tuple[str, str]) -> None:
    """Nobody else sends or begins to await these messages (name, subject) until the transaction is over."""
    for name, subject in sorted(set(letters)):
        session.execute(_LOCK, {"key": f"{name}\n{subject}"})


def keep(session: Session, message: Message, *, now: datetime) -> bool:
    """Keeps a message for who will await it, unless it shall not be kept; whether it was."""
    if message.keep_for is None:
        return False
    given = {"name": message.name, "subject": message.subject, "payload": orjson.dumps(dict(message.payload)).decode()}
    only = None if message.processes is None else sorted(message.processes)
    session.execute(_KEEP, {**given, "processes": only, "now": now, "expires": now + message.keep_for})
    return True


def take(
    session: Session, name: str, *, subject: str, mine: frozenset[str], now: datetime, most: int
) -> list[dict[str, Any]]:
    """What the oldest kept messages of this name about this subject bring to who runs these processes; they are kept
    no longer.
    """
    given = {"name": name, "subject": subject, "mine": sorted(mine), "now": now, "most": most}
    rows = session.execute(_TAKE, given).all()
    return [row.payload for row in sorted(rows, key=lambda row: row.id)]


def expire(session: Session, now: datetime) -> int:
    """Throws away what nobody awaited in time; how many."""
    return int(session.execute(_EXPIRE, {"now": now}).rowcount)  # type: ignore[attr-defined]  # a cursor result
