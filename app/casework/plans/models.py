"""The tables of plans, proposals and integrations."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.casework.cases.models import CaseFile
from app.office.columns import Instant, Key, Moment, Word, one_of
from workflows.database import Base

EMPTY = text("''")


class PlanStatus(StrEnum):
    """The life of a plan: only one is active in a case."""

    DRAFT = "draft"
    CONSENTED = "consented"
    ACTIVE = "active"
    REPLACED = "replaced"
    ENDED = "ended"


class ItemKind(StrEnum):
    """What a line of a plan is: a goal, a service of the office, a duty of the client."""

    GOAL = "goal"
    SERVICE = "service"
    DUTY = "duty"


class Plan(Base):
    """A version of help plan and integration agreement."""

    __tablename__ = "plan"
    __table_args__ = (
        one_of("status", PlanStatus),
        UniqueConstraint("case_id", "version"),
        Index("uq_plan_active", "case_id", unique=True, postgresql_where=text("status = 'active'")),
        Index("ix_plan_review_on", "review_on", postgresql_where=text("status = 'active'")),
        Index("ix_plan_valid_until", "valid_until", postgresql_where=text("status = 'active'")),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    version: Mapped[int]
    status: Mapped[Word] = mapped_column(server_default=text("'draft'"))
    priority_answer: Mapped[Word] = mapped_column(server_default=EMPTY)
    created_by: Mapped[Word]
    created_by_id: Mapped[int]
    created_at: Mapped[Moment]
    consent_by: Mapped[Word] = mapped_column(server_default=EMPTY)
    consent_by_id: Mapped[int | None]
    consent_at: Mapped[datetime | None] = mapped_column(Instant)
    instructed_on: Mapped[date | None]
    signed_on: Mapped[date | None]
    signed_by_representative: Mapped[bool] = mapped_column(server_default=text("false"))
    refusal_reason: Mapped[Word] = mapped_column(server_default=EMPTY)
    activated_at: Mapped[datetime | None] = mapped_column(Instant)
    valid_until: Mapped[date | None]
    review_on: Mapped[date | None]


class PlanItem(Base):
    """A line of a plan: what, who does it, until when, by what it is proven."""

    __tablename__ = "plan_item"
    __table_args__ = (one_of("kind", ItemKind), UniqueConstraint("plan_id", "position"))

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(ForeignKey(Plan.id))
    position: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[Word]
    what: Mapped[Word]
    who: Mapped[Word] = mapped_column(server_default=EMPTY)
    due_on: Mapped[date | None]
    proof: Mapped[Word] = mapped_column(server_default=EMPTY)
    done_on: Mapped[date | None]


class Proposal(Base):
    """A job or training place proposed to the client, and what came of it."""

    __tablename__ = "proposal"
    __table_args__ = (Index("ix_proposal_case_id", "case_id", "id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    employer: Mapped[Word]
    position: Mapped[Word]
    kind: Mapped[Word] = mapped_column(server_default=text("'job'"))
    subsidised: Mapped[bool] = mapped_column(server_default=text("false"))
    subsidy_reason: Mapped[Word] = mapped_column(server_default=EMPTY)
    proposed_on: Mapped[date]
    answer_by: Mapped[date | None]
    result: Mapped[Word] = mapped_column(server_default=EMPTY)
    result_on: Mapped[date | None]
    reason: Mapped[Word] = mapped_column(server_default=EMPTY)
    author: Mapped[Word]
    recorded_at: Mapped[Moment]


class Integration(Base):
    """The client took up work or training: labour market, subsidised or not, and whether it lasted."""

    __tablename__ = "integration"
    __table_args__ = (
        CheckConstraint("market IN (1, 2)", name="market"),
        Index("ix_integration_case_id", "case_id", "id"),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    started_on: Mapped[date]
    employer: Mapped[Word] = mapped_column(server_default=EMPTY)
    market: Mapped[int] = mapped_column(SmallInteger)
    subsidised: Mapped[bool]
    insured: Mapped[bool] = mapped_column(server_default=text("true"))
    training: Mapped[bool] = mapped_column(server_default=text("false"))
    limited_until: Mapped[date | None]
    covers_needs: Mapped[bool | None]
    still_after_months: Mapped[int | None] = mapped_column(SmallInteger)
    author: Mapped[Word]
    recorded_at: Mapped[Moment]


class Participation(Base):
    """A place in a programme or help: entry, exit, age at entry, result."""

    __tablename__ = "participation"
    __table_args__ = (
        Index("ix_participation_case_id", "case_id", "id"),
        Index("ix_participation_exit_on", "exit_on", postgresql_where=text("exit_on IS NOT NULL")),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    programme: Mapped[Word]
    status: Mapped[Word] = mapped_column(server_default=text("'applied'"))
    entry_on: Mapped[date | None]
    exit_on: Mapped[date | None]
    age_at_entry: Mapped[int | None] = mapped_column(SmallInteger)
    threatened: Mapped[bool] = mapped_column(server_default=text("false"))
    deviation_reason: Mapped[Word] = mapped_column(server_default=EMPTY)
    result: Mapped[Word] = mapped_column(server_default=EMPTY)
    author: Mapped[Word]
    recorded_at: Mapped[Moment]
