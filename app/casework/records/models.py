"""The tables of records, contacts, comments and the log of reads."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.casework.cases.models import CaseFile
from app.office.columns import Key, Moment, Word
from workflows.database import Base

EMPTY = text("''")


class Record(Base):
    """What a form wrote about a case: one version of one section in one category.

    Special categories stand encrypted in `sealed`.
    """

    __tablename__ = "case_record"
    __table_args__ = (
        UniqueConstraint("case_id", "kind", "section", "category", "version"),
        CheckConstraint("(values IS NULL) <> (sealed IS NULL)", name="one_form"),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    kind: Mapped[Word]
    section: Mapped[Word]
    category: Mapped[Word]
    version: Mapped[int]
    values: Mapped[dict[str, Any] | None] = mapped_column("values", JSONB(none_as_null=True))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    author: Mapped[Word]
    author_id: Mapped[int]
    partner: Mapped[Word] = mapped_column(server_default=EMPTY)
    at: Mapped[Moment]


class Contact(Base):
    """A talk, call or letter: when, how, what was noted, what comes next."""

    __tablename__ = "contact"
    __table_args__ = (Index("ix_contact_case_id", "case_id", "held_on"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    held_on: Mapped[date]
    kind: Mapped[Word]
    note: Mapped[Word] = mapped_column(server_default=EMPTY)
    next_step: Mapped[Word] = mapped_column(server_default=EMPTY)
    next_on: Mapped[date | None]
    author: Mapped[Word]
    author_id: Mapped[int]
    partner: Mapped[Word] = mapped_column(server_default=EMPTY)
    recorded_at: Mapped[Moment]


class Comment(Base):
    """A remark of staff beside a task of a case; stays when the task is done."""

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_case_id", "case_id", "id"), Index("ix_comment_task_id", "task_id"))

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    task_id: Mapped[int | None]
    text: Mapped[Word]
    author: Mapped[Word]
    author_id: Mapped[int]
    partner: Mapped[Word] = mapped_column(server_default=EMPTY)
    at: Mapped[Moment]


class AccessEntry(Base):
    """One read of a case by somebody: who, for which agency, which categories, for what purpose.

    Rows are only ever added: a trigger refuses changes.
    """

    __tablename__ = "access_log"
    __table_args__ = (
        Index("ix_access_log_case_id", "case_id", "id"),
        Index("ix_access_log_actor_id", "actor_id", "id"),
    )

    id: Mapped[Key]
    at: Mapped[Moment]
    recorded_at: Mapped[Moment] = mapped_column(server_default=text("clock_timestamp()"))
    case_id: Mapped[int]
    client_id: Mapped[int]
    actor_id: Mapped[int]
    actor: Mapped[Word]
    partner: Mapped[Word] = mapped_column(server_default=EMPTY)
    purpose: Mapped[Word]
    categories: Mapped[list[str]] = mapped_column(JSONB)
    across: Mapped[bool]
