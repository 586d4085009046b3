"""Reading attachments, each as far as a reader may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.casework import errors, vault
from app.casework.attachments import models

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.casework.access import Reading
    from workflows.handlers import Actor


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A file of a case. `name` is None where the reader learns only that there is one."""

    id: int
    case_id: int
    form: str
    field: str
    category: str
    name: str | None
    media: str
    size: int
    uploaded_by: str
    uploaded_at: datetime

    @property
    def staged_until(self) -> datetime:
        """When it goes unless it is handed in before."""
        return self.uploaded_at + models.KEEPS_STAGED


@dataclass(frozen=True, slots=True)
class File:
    """A file to be handed out."""

    name: str
    media: str
    category: str
    content: bytes


def staged(session: Session, task_id: int, account_id: int) -> dict[str, AttachmentRow]:
    """What this person has attached to a task that is not handed in yet, by field; the last one counts."""
    table = models.Attachment
    rows = session.scalars(
        select(table)
        .where(
            table.task_id == task_id,
            table.uploaded_by_id == account_id,
            table.state == models.AttachmentState.STAGED,
        )
        .order_by(table.id)
    )
    return {row.field: _row(session, row) for row in rows}


def kept(
    session: Session, case_id: int, readings: Mapping[str, Reading], reader_id: int
) -> tuple[AttachmentRow, ...]:  # fmt: skip
    """The files of a case that a reader with these readings may know of, the newest first."""
    table = models.Attachment
    visible = [category for category, reading in readings.items() if reading.is_visible]
    rows = session.scalars(
        select(table)
        .where(
            table.case_id == case_id,
            table.category.in_(visible),
            table.state == models.AttachmentState.KEPT,
        )
        .order_by(table.id.desc())
    )
    return tuple(
        _row(session, row, known=readings[row.category].is_full)
        for row in rows
        if not readings[row.category].authored_only or row.uploaded_by_id == reader_id
    )


def _row(session: Session, row: models.Attachment, *, known: bool = True) -> AttachmentRow:
    name = vault.of(session).open(row.sealed_name)["name"] if known else None
    return AttachmentRow(
        row.id, row.case_id, row.form, row.field, row.category, name, row.media, row.size, row.uploaded_by,
        row.uploaded_at,
    )  # fmt: skip


def attachment(
    session: Session, case_id: int, attachment_id: int, *, readings: Mapping[str, Reading], actor: Actor
) -> File:  # fmt: skip
    """A file of a case, to be handed out to this reader: kept ones as their section is read, staged ones to whoever
    attached them. Raises UnknownAttachment, AccessDenied.
    """
    row: Any = session.get(models.Attachment, attachment_id)
    if row is None or row.case_id != case_id:
        raise errors.UnknownAttachment(attachment_id)
    reading, is_own = readings[row.category], row.uploaded_by_id == actor.id
    if row.state == models.AttachmentState.STAGED and not is_own:
        raise errors.UnknownAttachment(attachment_id)
    if not reading.is_full and not (row.state == models.AttachmentState.STAGED and is_own):
        raise errors.AccessDenied("no_access")
    if reading.authored_only and not is_own:
        raise errors.AccessDenied("no_access")
    opened = vault.of(session)
    return File(opened.open(row.sealed_name)["name"], row.media, row.category, opened.open_bytes(row.sealed))
