"""What happened to an instance: an append-only chain of entries, each with the digest of the one before.

The digest covers a salted digest of the payload (who by name, and the detail), not the payload itself. So the
payload of an entry can be erased, and the chain still verifies; whoever changes, drops or inserts an entry breaks
it.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select, update

from workflows import instances, storage
from workflows.models import Entry, Instance

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from workflows.handlers import Actor
    from workflows.instances import Locked

_HEADER = ("sequence", "at", "recorded_at", "actor_id", "kind", "element", "name", "task_id")


@dataclass(slots=True)
class Line:
    """An entry that is about to be written."""

    kind: str
    actor: Actor
    at: datetime
    element: str = ""
    name: str = ""
    task_id: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def rows(instance: Locked, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The rows of these lines, chained behind the last; moves the head of the locked instance in memory."""
    return [_row(instance, line) for line in lines]


def record(session: Session, instance: Locked, *lines: Line) -> None:
    """Writes the lines behind the chain of the locked instance."""
    chained = rows(instance, lines)
    storage.record(session, chained, id=instance.id, sequence=instance.sequence, head=instance.head)


def _row(instance: Locked, line: Line) -> dict[str, Any]:
    instance.sequence += 1
    header = {
        "sequence": instance.sequence,
        "at": line.at,
        "recorded_at": instance.recorded_at,
        "actor_id": line.actor.id,
        "kind": line.kind,
        "element": line.element,
        "name": line.name,
        "task_id": line.task_id,
    }
    salt = os.urandom(16)
    payload = _payload_digest(salt, line.actor.name, line.detail)
    instance.head = _digest(instance.head, instance.id, header, payload)
    return {
        **header,
        "actor": line.actor.name,
        "detail": line.detail,
        "salt": salt.hex(),
        "payload_digest": payload.hex(),
        "digest": instance.head.hex(),
    }


def _payload_digest(salt: bytes, actor: str, detail: object) -> bytes:
    text = orjson.dumps([actor, _canonical(detail)], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(salt + text).digest()


def _canonical(value: Any) -> Any:  # noqa: ANN401  any JSON
    """JSONB keeps neither the order of keys nor the difference between 1e3 and 1000."""
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(int(value)) if isinstance(value, int) or value.is_integer() else repr(value)
    return value


def _digest(before: bytes, instance_id: int, header: dict[str, Any], payload: bytes) -> bytes:
    fields = [instance_id, *(header[name] for name in _HEADER)]
    return hashlib.sha256(before + orjson.dumps(fields, option=orjson.OPT_UTC_Z) + payload).digest()


def verify(session: Session, instance_id: int) -> bool:
    """Whether the chain of this instance is whole: nothing changed, dropped or inserted; erased payloads are
    allowed.
    """
    end = session.execute(select(Instance.sequence, Instance.head).where(Instance.id == instance_id)).one_or_none()
    if end is None:
        return False
    columns = Entry.__table__.c
    head, sequence = b"", 0
    found = session.execute(
        select(Entry.__table__).where(columns.instance_id == instance_id).order_by(columns.sequence)
    )
    for row in found.yield_per(1000):
        sequence += 1
        if not _holds(row, head, sequence):
            return False
        head = bytes(row.digest)
    return sequence == end.sequence and head == bytes(end.head)


def _holds(row: Row[Any], before: bytes, sequence: int) -> bool:
    header = {name: getattr(row, name) for name in _HEADER}
    payload = bytes(row.payload_digest)
    if row.sequence != sequence or _digest(before, row.instance_id, header, payload) != bytes(row.digest):
        return False
    if row.salt is None:
        return row.detail is None
    return _payload_digest(bytes(row.salt), row.actor, row.detail) == payload


def erase(session: Session, instance_id: int, *, sequences: Sequence[int]) -> int:
    """Erases the payload (who by name, the detail, the salt) of these entries; the chain still verifies. Returns
    how many.
    """
    instances.lock(session, instance_id)
    done = session.execute(
        update(Entry)
        .where(Entry.instance_id == instance_id, Entry.sequence.in_(sequences))
        .values(detail=None, salt=None, actor="")
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]  # a cursor result
