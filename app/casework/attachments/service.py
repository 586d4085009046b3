"""What keeps files: staged with what is typed, kept when the task is handed in, gone after a day otherwise."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from app.casework import errors, vault
from app.casework.attachments import kinds, models
from workflows import models as host

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file belongs: the case, the task, the form with its field, and the category that decides who reads it."""

    case_id: int
    task_id: int
    form: str
    field: str
    category: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in, and what the field takes."""

    name: str
    content: bytes
    accept: tuple[str, ...]
    limit: int


def stage_attachment(session: Session, place: Place, upload: Upload, *, actor: Actor, now: datetime) -> int:
    """Keeps a file beside a task that is not handed in yet, in place of an earlier one of this person and field.

    Raises FileRefused.
    """
    name, media = kinds.checked(upload.name, upload.content, accept=upload.accept, limit=upload.limit)
    drop_attachment(session, place.task_id, place.field, account_id=actor.id)
    sealing = vault.of(session)
    row = models.Attachment(
        case_id=place.case_id, task_id=place.task_id, form=place.form, field=place.field, category=place.category,
        media=media, size=len(upload.content), sha256=hashlib.sha256(upload.content).hexdigest(),
        sealed_name=sealing.seal({"name": name}), sealed=sealing.seal_bytes(upload.content),
        uploaded_by=actor.name, uploaded_by_id=actor.id, uploaded_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def drop_attachment(session: Session, task_id: int, field: str, *, account_id: int | None) -> None:
    """Forgets what this person attached in a field and did not hand in."""
    table = models.Attachment
    session.execute(
        delete(table).where(
            table.task_id == task_id,
            table.field == field,
            table.uploaded_by_id == account_id,
            table.state == models.AttachmentState.STAGED,
        )
    )


def keep_attachments(session: Session, task_id: int, ids: Mapping[str, int], *, actor: Actor, now: datetime) -> None:
    """The task is handed in: these files of this person, by field, stay with the case; other staged ones of it go.

    Raises ValuesRefused when one of them is gone in the meantime.
    """
    table = models.Attachment
    found = session.scalars(
        update(table)
        .where(
            table.id.in_(ids.values()),
            table.task_id == task_id,
            table.uploaded_by_id == actor.id,
            table.state == models.AttachmentState.STAGED,
        )
        .values(state=models.AttachmentState.KEPT, kept_at=now)
        .returning(table.id)
    ).all()
    if gone := {field: "file_gone" for field, number in ids.items() if number not in found}:
        raise errors.ValuesRefused(gone)
    session.execute(delete(table).where(table.task_id == task_id, table.state == models.AttachmentState.STAGED))


def sweep_attachments(session: Session, *, now: datetime, limit: int) -> int:
    """Forgets files that were not handed in, a day after they were attached or when their task is gone; how many."""
    table = models.Attachment
    is_old = table.uploaded_at < now - models.KEEPS_STAGED
    is_over = ~select(host.Task.id).where(host.Task.id == table.task_id).exists()
    old = (
        select(table.id)
        .where(table.state == models.AttachmentState.STAGED, or_(is_old, is_over))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return len(session.scalars(delete(table).where(table.id.in_(old)).returning(table.id)).all())
