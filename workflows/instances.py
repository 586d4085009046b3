"""The lock on an instance: whoever acts on it takes its row first, then looks again."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, column, text

from workflows import errors, kept, touched
from workflows.models import InstanceStatus

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


_LOCK = """
SELECT id, definition_id, subject, status, document, document_version, sequence, head, clock_timestamp(),
    EXISTS (SELECT FROM workflow_incident WHERE instance_id = instance.id AND resolved_at IS NULL)
FROM workflow_instance AS instance
WHERE id = {which}
FOR UPDATE OF instance
"""
# Whoever writes one of these has moved an instance.
TABLES = frozenset({"workflow_instance", "workflow_task", "workflow_incident"})
# Text, because building a statement anew for every act costs more than the server takes for it; with its columns,
# because else they are looked up at every act.
_COLUMNS: list[Any] = [column(field.name) for field in dataclasses.fields(Locked)]
_BY_ID = text(_LOCK.format(which=":id")).columns(*_COLUMNS)
_BY_TASK = text(_LOCK.format(which="(SELECT instance_id FROM workflow_task WHERE id = :id)")).columns(*_COLUMNS)


def lock(session: Session, instance_id: int) -> Locked:
    """Takes the row of the instance until the end of the transaction; raises UnknownInstance."""
    row = session.connection().execute(_BY_ID, {"id": instance_id}).one_or_none()
    if row is None:
        raise errors.UnknownInstance(instance_id)
    return _locked(session, row)


def lock_of_task(session: Session, task_id: int) -> Locked | None:
    """Takes the row of the instance that this task belongs to; None when there is no such task (any more)."""
    row = session.connection().execute(_BY_TASK, {"id": task_id}).one_or_none()
    return _locked(session, row) if row is not None else None


def _locked(session: Session, row: Row[Any]) -> Locked:
    # What was read before may have been changed by whoever held the lock.
    kept.forget(session)
    found = Locked(*tuple(row))
    touched.mark(session, found.subject)
    kept.keep(session, (Locked, found.id), found, TABLES)
    return found


def is_unmoved(session: Session, instance: Locked) -> bool:
    """Whether neither the instance nor a task was written since it was locked last."""
    return kept.is_kept(session, (Locked, instance.id))


def lock_running(session: Session, instance_id: int) -> Locked:
    """Takes the row of an instance that runs; raises UnknownInstance, InstanceClosed."""
    instance = lock(session, instance_id)
    require_running(instance)
    return instance


def require_running(instance: Locked) -> None:
    """Raises InstanceSuspended or InstanceClosed unless the instance runs."""
    if instance.status == InstanceStatus.SUSPENDED:
        raise errors.InstanceSuspended(instance.id)
    if instance.status != InstanceStatus.RUNNING:
        raise errors.InstanceClosed(instance.id)
