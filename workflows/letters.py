"""Messages that nobody awaited when they came: kept about their subject until somebody does, or they expire.

Who sends and who begins to wait take the same lock before they look for each other, so that neither misses the other.
"""

from __future__ import annotations

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

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
_KEEP = text("""
INSERT INTO workflow_letter (name, correlation, payload, sent_at, expires_at)
VALUES (:name, :subject, CAST(:payload AS jsonb), :now, :expires)
""")
_TAKE = text("""
DELETE FROM workflow_letter WHERE id IN (
    SELECT id FROM workflow_letter
    WHERE name = :name AND correlation = :subject AND expires_at > :now ORDER BY id LIMIT :most
) RETURNING id, payload
""")
_EXPIRE = text("DELETE FROM workflow_letter WHERE expires_at <= :now")


def lock(session: Session, *letters: tuple[str, str]) -> None:
    """Nobody else sends or begins to await these messages (name, subject) until the transaction is over."""
    for name, subject in sorted(set(letters)):
        session.execute(_LOCK, {"key": f"{name}\n{subject}"})


def keep(
    session: Session, name: str, *, subject: str, payload: Mapping[str, Value], now: datetime, keep_for: timedelta
) -> None:
    """Keeps a message for who will await it about this subject."""
    given = {"name": name, "subject": subject, "payload": orjson.dumps(dict(payload)).decode()}
    session.execute(_KEEP, {**given, "now": now, "expires": now + keep_for})


def take(session: Session, name: str, *, subject: str, now: datetime, most: int) -> list[dict[str, Any]]:
    """What the oldest kept messages of this name about this subject bring; they are kept no longer."""
    rows = session.execute(_TAKE, {"name": name, "subject": subject, "now": now, "most": most}).all()
    return [row.payload for row in sorted(rows, key=lambda row: row.id)]


def expire(session: Session, now: datetime) -> int:
    """Throws away what nobody awaited in time; how many."""
    return int(session.execute(_EXPIRE, {"now": now}).rowcount)  # type: ignore[attr-defined]  # a cursor result
