"""The table of attachments."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app.casework.cases.models import CaseFile
from app.office.columns import Instant, Key, Moment, Word, one_of
from workflows.database import Base

# So long a file lies beside a task without being handed in.
KEEPS_STAGED = timedelta(days=1)


class AttachmentState(StrEnum):
    """Whether the form that a file belongs to was handed in."""

    STAGED = "staged"
    KEPT = "kept"


class Attachment(Base):
    """A file of a case. Its name and its content are encrypted; `media` was found in the content, not believed.

    A staged one belongs to the task and the person, and goes when the task is done without it, or after a day.
    """

    __tablename__ = "case_attachment"
    __table_args__ = (
        one_of("state", AttachmentState),
        Index("ix_case_attachment_case_id", "case_id", "id"),
        Index("ix_case_attachment_task_id", "task_id"),
        Index("ix_case_attachment_staged", "uploaded_at", postgresql_where=text("state = 'staged'")),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    task_id: Mapped[int]
    form: Mapped[Word]
    field: Mapped[Word]
    category: Mapped[Word]
    state: Mapped[Word] = mapped_column(server_default=text("'staged'"))
    media: Mapped[Word]
    size: Mapped[int]
    sha256: Mapped[Word]
    sealed_name: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_by: Mapped[Word]
    uploaded_by_id: Mapped[int]
    uploaded_at: Mapped[Moment]
    kept_at: Mapped[datetime | None] = mapped_column(Instant)
