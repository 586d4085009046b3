"""The tables of the desk."""

from __future__ import annotations

from typing import Any

from sqlalchemy import LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.office.columns import Key, Moment, Word
from workflows.database import Base


class Draft(Base):
    """What somebody typed into the form of a task and did not hand in yet; encrypted, for it may be anything."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("task_id", "account_id"),)

    id: Mapped[Key]
    task_id: Mapped[int]
    account_id: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    saved_at: Mapped[Moment]


class ReadMark(Base):
    """Somebody has seen a task as it was at this moment."""

    __tablename__ = "read_mark"

    task_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seen_at: Mapped[Moment]


class SavedFilter(Base):
    """A filter of the inbox that somebody keeps under a name, for everybody when it is shared."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[Key]
    account_id: Mapped[int]
    owner: Mapped[Word] = mapped_column(server_default=text("''"))
    shared: Mapped[bool] = mapped_column(server_default=text("false"))
    name: Mapped[Word]
    query: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    created_at: Mapped[Moment]
