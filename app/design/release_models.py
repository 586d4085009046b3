"""The tables of releases: what is to come into force, who of the two agencies signed it, what happened to it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.design.models import Draft
from app.identity.models import Account
from app.office.columns import Instant, Key, Moment, Word, one_of
from workflows.database import Base


class State(StrEnum):
    """How far a release is."""

    REVIEW = "review"
    SCHEDULED = "scheduled"
    ACTIVE = "active"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    VOID = "void"
    FAILED = "failed"


class Release(Base):
    """A state of a draft (or, to go back, the files of before) that is to come into force. `hash` is what is signed."""

    __tablename__ = "design_release"
    __table_args__ = (one_of("state", State), Index("ix_design_release_state", "state", "effective_on"))

    id: Mapped[Key]
    title: Mapped[Word]
    state: Mapped[Word]
    draft_id: Mapped[int | None] = mapped_column(ForeignKey(Draft.id, ondelete="SET NULL"))
    revision: Mapped[int | None] = mapped_column(Integer)
    # For a way back: the release that is undone.
    undoes: Mapped[int | None] = mapped_column(ForeignKey("design_release.id", ondelete="SET NULL"))
    hash: Mapped[Word]
    # Content hashes by file: of this release, and of what was in force when it was submitted ("" for a new file).
    files: Mapped[dict[str, str]] = mapped_column(JSONB)
    base: Mapped[dict[str, str]] = mapped_column(JSONB)
    warnings: Mapped[int] = mapped_column(Integer)
    # The titles of the scenarios that passed when it was submitted.
    scenarios: Mapped[list[str]] = mapped_column(JSONB, default=list)
    effective_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[Word]
    submitted_at: Mapped[Moment]
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    submitted_name: Mapped[Word]
    activated_at: Mapped[datetime | None] = mapped_column(Instant)


class ScenarioEdition(Base):
    """A scenario as a release brought it into force; the newest of its file holds."""

    __tablename__ = "design_scenario"
    __table_args__ = (Index("ix_design_scenario_file", "file"), Index("ix_design_scenario_digest", "digest"))

    id: Mapped[Key]
    file: Mapped[Word]
    digest: Mapped[Word]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    put_at: Mapped[Moment]


class WhatIfStatus(StrEnum):
    """The life of a count of what a draft would touch."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class WhatIf(Base):
    """A count of what a draft would do to the open cases; `hash` says on which content, `result` holds numbers only."""

    __tablename__ = "design_whatif"
    __table_args__ = (
        one_of("status", WhatIfStatus),
        Index("ix_design_whatif_draft_id", "draft_id", "id"),
        Index("ix_design_whatif_active", "id", postgresql_where=text("status IN ('queued', 'running')")),
    )

    id: Mapped[Key]
    draft_id: Mapped[int] = mapped_column(ForeignKey(Draft.id, ondelete="CASCADE"))
    hash: Mapped[Word]
    status: Mapped[Word]
    question: Mapped[dict[str, Any]] = mapped_column(JSONB)
    result: Mapped[dict[str, Any]] = mapped_column(JSONB)
    total: Mapped[int] = mapped_column(Integer)
    done: Mapped[int] = mapped_column(Integer, default=0)
    cursor: Mapped[int] = mapped_column(BigInteger, default=0)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    requested_at: Mapped[Moment]
    requested_name: Mapped[Word]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Signature(Base):
    """One agency's consent to exactly this content."""

    __tablename__ = "design_signature"

    release_id: Mapped[int] = mapped_column(ForeignKey(Release.id, ondelete="CASCADE"), primary_key=True)
    partner: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[Word]
    signed_at: Mapped[Moment]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    signed_name: Mapped[Word]


class Document(Base):
    """The signed paper of a release, as a scan."""

    __tablename__ = "design_document"

    release_id: Mapped[int] = mapped_column(ForeignKey(Release.id, ondelete="CASCADE"), primary_key=True)
    media: Mapped[Word]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    digest: Mapped[Word]
    added_at: Mapped[Moment]
    added_name: Mapped[Word]


class ReleaseEntry(Base):
    """A line of the history of a release; lines are added and never changed."""

    __tablename__ = "design_release_entry"
    __table_args__ = (Index("ix_design_release_entry_release_id", "release_id"),)

    id: Mapped[Key]
    release_id: Mapped[int] = mapped_column(ForeignKey(Release.id, ondelete="CASCADE"))
    at: Mapped[Moment]
    name: Mapped[Word]
    act: Mapped[Word]
    detail: Mapped[Word]
