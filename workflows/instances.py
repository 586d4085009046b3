"""The lock on an instance: whoever acts on it takes its row first, then looks again."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sqlalchemy import column, text

from workflows import errors, kept, touched
from workflows.models import InstanceStatus, Task

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


_INSTANCE = """
instance.id, instance.definition_id, instance.subject, instance.status, instance.document, instance.document_version,
instance.sequence, instance.head, clock_timestamp(),
EXISTS (SELECT FROM workflow_incident WHERE instance_id = instance.id AND resolved_at IS NULL)
"""
# Whoever writes one of these has moved an instance.
TABLES = frozenset({"workflow_instance", "workflow_task", "workflow_incident"})
# Text, because building a statement anew for every act costs more than the server takes for it; with its columns,
# because else they are looked up at every act.
_COLUMNS: list[Any] = [column(field.name) for field in dataclasses.fields(Locked)]
_TASK = [one.name for one in Task.__table__.c]
_BY_ID = text(f"SELECT {_INSTANCE} FROM workflow_instance AS instance WHERE id = :id FOR UPDATE").columns(*_COLUMNS)  # noqa: S608  our own names
# One way to the server for both. Where the server had to wait for the instance, the task is still the one of before;
# then the instance is another version than the one before the wait, and the task is looked at once more.
_WITH_TASK = text(
    f"SELECT {_INSTANCE}, instance.xmin = (SELECT xmin FROM workflow_instance WHERE id = task.instance_id), "  # noqa: S608  our own names
    f"{', '.join(f'task.{name}' for name in _TASK)} FROM workflow_task AS task "
    "JOIN workflow_instance AS instance ON instance.id = task.instance_id WHERE task.id = :id FOR UPDATE OF instance"
).columns(*_COLUMNS, column("at_once"), *(column(f"task_{name}") for name in _TASK))
_AGAIN = text(f"SELECT {', '.join(_TASK)} FROM workflow_task WHERE id = :id").columns(*map(column, _TASK))  # noqa: S608  our own names


def lock(session: Session, instance_id: int) -> Locked:
    """Takes the row of the instance until the end of the transaction; raises UnknownInstance."""
    row = session.connection().execute(_BY_ID, {"id": instance_id}).one_or_none()
    if row is None:
        raise errors.UnknownInstance(instance_id)
    return _locked(session, tuple(row))


def lock_with_task(session: Session, task_id: int) -> tuple[Locked, SimpleNamespace] | None:
    """Takes the row of the instance that this task belongs to, and reads the task as it is then; None when there is
    no such task (any more).
    """
    row = session.connection().execute(_WITH_TASK, {"id": task_id}).one_or_none()
    if row is None:
        return None
    own = len(_COLUMNS)
    instance, at_once = _locked(session, row[:own]), row[own]
    task = row[own + 1 :] if at_once else session.connection().execute(_AGAIN, {"id": task_id}).one_or_none()
    return None if task is None else (instance, SimpleNamespace(**dict(zip(_TASK, task, strict=True))))


def _locked(session: Session, row: tuple[Any, ...]) -> Locked:
    # What was read before may have been changed by whoever held the lock.
    kept.forget(session)
    found = Locked(*row)
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
