"""The tables of the drafts: what a draft began from, and each state of it that was ever saved."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.identity.models import Account
from app.office.columns import Instant, Key, Moment, Word, one_of
from workflows.database import Base

if TYPE_CHECKING:
    from collections.abc import Mapping


class Origin(StrEnum):
    """What a draft began from."""

    RELEASED = "released"
    EMPTY = "empty"
    IMPORTED = "imported"
    COPY = "copy"


class Act(StrEnum):
    """How a state of a draft came about."""

    BEGUN = "begun"
    DRAWN = "drawn"
    LISTED = "listed"
    RESTORED = "restored"
    IMPORTED = "imported"


class Draft(Base):
    """A file that is being changed. `revision` is the number of its newest state; who saves must know it.

    `part_of` is the draft of the process that a form, rule book or scenario is released with.
    """

    __tablename__ = "design_draft"
    __table_args__ = (
        one_of("origin", Origin),
        Index("ix_design_draft_changed_at", "changed_at"),
        Index("ix_design_draft_part_of", "part_of"),
    )

    id: Mapped[Key]
    title: Mapped[Word]
    # The file that a release of this draft would replace, and the version that it was when the draft began.
    file: Mapped[Word]
    base_version: Mapped[int | None] = mapped_column(Integer)
    base_digest: Mapped[str | None] = mapped_column(Text)
    origin: Mapped[Word]
    part_of: Mapped[int | None] = mapped_column(ForeignKey("design_draft.id", ondelete="CASCADE"))
    copy_of: Mapped[int | None] = mapped_column(ForeignKey("design_draft.id", ondelete="SET NULL"))
    copy_of_revision: Mapped[int | None] = mapped_column(Integer)
    revision: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[Moment]
    created_by: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    created_name: Mapped[Word]
    changed_at: Mapped[Moment]
    changed_name: Mapped[Word]
    discarded_at: Mapped[datetime | None] = mapped_column(Instant)


class Play(Base):
    """How far somebody has come in trying a draft out: the steps so far, played again at each look."""

    __tablename__ = "design_play"

    draft_id: Mapped[int] = mapped_column(ForeignKey(Draft.id, ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True)
    script: Mapped[dict[str, Any]] = mapped_column(JSONB)
    changed_at: Mapped[Moment]


class Comment(Base):
    """What somebody remarks on an element of a draft ("" for all of it); `mentions` are the logins of whom it names."""

    __tablename__ = "design_comment"
    __table_args__ = (Index("ix_design_comment_draft_id", "draft_id", "id"),)

    id: Mapped[Key]
    draft_id: Mapped[int] = mapped_column(ForeignKey(Draft.id, ondelete="CASCADE"))
    element: Mapped[Word]
    text: Mapped[Word]
    mentions: Mapped[list[str]] = mapped_column(JSONB)
    made_at: Mapped[Moment]
    made_by: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    made_name: Mapped[Word]
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    resolved_name: Mapped[Word] = mapped_column(default="")

    def named(self, names: Mapping[str, str]) -> str:
        """The names of whom it names; who does not work here any more keeps the login."""
        return ", ".join(names.get(login, login) for login in self.mentions)


class Revision(Base):
    """A state of a draft as somebody saved it, compressed; states are added and never changed."""

    __tablename__ = "design_revision"
    __table_args__ = (one_of("act", Act),)

    draft_id: Mapped[int] = mapped_column(ForeignKey(Draft.id, ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    digest: Mapped[Word]
    act: Mapped[Word]
    # For a restored state: which one.
    source: Mapped[int | None] = mapped_column(Integer)
    saved_at: Mapped[Moment]
    saved_by: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    saved_name: Mapped[Word]
