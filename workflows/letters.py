"""Messages that nobody awaited when they came: kept about their subject until somebody does, or they expire.

Who begins to wait does not look for them, which would cost every act: the worker brings together what fits, every few
seconds. So neither side can miss the other, and no lock is needed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
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


_KEEP = text("""
INSERT INTO workflow_letter (name, correlation, processes, payload, sent_at, expires_at)
VALUES (:name, :subject, CAST(:processes AS text[]), CAST(:payload AS jsonb), :now, :expires)
""")
_AWAITED = text("""
SELECT letter.id, letter.name, letter.correlation, letter.processes, letter.payload, letter.expires_at,
    ARRAY(
        SELECT wait.instance_id
        FROM workflow_waiting AS wait JOIN workflow_instance AS instance ON instance.id = wait.instance_id
        WHERE wait.kind = 'message' AND wait.name = letter.name AND wait.correlation = letter.correlation
            AND instance.status IN ('running', 'suspended')
        ORDER BY wait.instance_id
    ) AS instances
FROM workflow_letter AS letter
WHERE letter.expires_at > :now AND EXISTS (
    SELECT FROM workflow_waiting AS wait
    WHERE wait.kind = 'message' AND wait.name = letter.name AND wait.correlation = letter.correlation
)
ORDER BY letter.id
LIMIT :most
FOR UPDATE OF letter SKIP LOCKED
""")
_GONE = text("DELETE FROM workflow_letter WHERE id = ANY(:ids)")
_EXPIRE = text("DELETE FROM workflow_letter WHERE expires_at <= :now")


def keep(session: Session, message: Message, *, now: datetime) -> bool:
    """Keeps a message for who will await it, unless it shall not be kept; whether it was."""
    if message.keep_for is None:
        return False
    given = {"name": message.name, "subject": message.subject, "payload": orjson.dumps(dict(message.payload)).decode()}
    only = None if message.processes is None else sorted(message.processes)
    session.execute(_KEEP, {**given, "processes": only, "now": now, "expires": now + message.keep_for})
    return True


def take(
    session: Session, runs: Callable[[int], frozenset[str]], *, now: datetime, most: int
) -> list[tuple[int, Message]]:
    """The kept messages for which an instance waits by now, the oldest first, each with that instance; they are kept no
    longer. `runs` tells which processes an instance runs.
    """
    given: Counter[tuple[int, str]] = Counter()
    taken: dict[int, tuple[int, Message]] = {}
    for row in session.execute(_AWAITED, {"now": now, "most": most}).all():
        waits = Counter(row.instances)
        only = None if row.processes is None else frozenset(row.processes)
        for instance_id in waits:
            free = waits[instance_id] > given[instance_id, row.name]
            if free and (only is None or runs(instance_id) & only):
                given[instance_id, row.name] += 1
                message = Message(row.name, row.correlation, row.payload, only, row.expires_at - now)
                taken[row.id] = instance_id, message
                break
    if taken:
        session.execute(_GONE, {"ids": list(taken)})
    return list(taken.values())


def expire(session: Session, now: datetime) -> int:
    """Throws away what nobody awaited in time; how many."""
    return int(session.execute(_EXPIRE, {"now": now}).rowcount)  # type: ignore[attr-defined]  # a cursor result
