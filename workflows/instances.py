"""The lock on an instance: whoever acts on it takes its row first, then looks again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select

from workflows import errors
from workflows.models import Incident, Instance, InstanceStatus, Task

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(slots=True)
class Locked:
    """An instance whose row this transaction holds; `sequence` and `head` move with the history."""

    id: int
    definition_id: int
    subject: str
    status: str
    document: bytes
    document_version: int
    sequence: int
    head: bytes
    recorded_at: datetime
    troubled: bool


_columns = Instance.__table__.c
_LOCK = select(
    _columns.id,
    _columns.definition_id,
    _columns.subject,
    _columns.status,
    _columns.document,
    _columns.document_version,
    _columns.sequence,
    _columns.head,
    func.clock_timestamp(),
    exists().where(Incident.instance_id == _columns.id, Incident.resolved_at.is_(None)),
).with_for_update(of=Instance.__table__)


def lock(session: Session, instance_id: int) -> Locked:
    """Takes the row of the instance until the end of the transaction; raises UnknownInstance."""
    row = session.execute(_LOCK.where(_columns.id == instance_id)).one_or_none()
    if row is None:
        raise errors.UnknownInstance(instance_id)
    return Locked(*row)


def lock_of_task(session: Session, task_id: int) -> Locked | None:
    """Takes the row of the instance that this task belongs to; None when there is no such task (any more)."""
    owner = select(Task.instance_id).where(Task.id == task_id).scalar_subquery()
    row = session.execute(_LOCK.where(_columns.id == owner)).one_or_none()
    return Locked(*row) if row is not None else None


def lock_running(session: Session, instance_id: int) -> Locked:
    """Takes the row of an instance that runs; raises UnknownInstance, InstanceClosed."""
    instance = lock(session, instance_id)
    if instance.status != InstanceStatus.RUNNING:
        raise errors.InstanceClosed(instance_id)
    return instance
