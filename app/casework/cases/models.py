"""The tables of cases."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.casework.clients.models import Client
from app.office.columns import Instant, Key, Moment, Word, one_of
from workflows.database import Base

EMPTY = text("''")


class CaseStatus(StrEnum):
    """The life of a case."""

    OPEN = "open"
    CLOSED = "closed"


class PayerState(StrEnum):
    """Whether a change of the payer was accepted by the new one. `superseded` was overtaken before its day."""

    PLANNED = "planned"
    OFFERED = "offered"
    ACTIVE = "active"
    SUPERSEDED = "superseded"


class CaseFile(Base):
    """The file of one client: one open case a person. Route, lead and payer stand here as they are valid now."""

    __tablename__ = "case_file"
    __table_args__ = (
        one_of("status", CaseStatus),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        Index("uq_case_file_open", "client_id", unique=True, postgresql_where=text("status = 'open'")),
        Index("ix_case_file_next_contact", "next_contact", postgresql_where=text("status = 'open'")),
    )

    id: Mapped[Key]
    number: Mapped[str | None] = mapped_column(unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey(Client.id), index=True)
    reference_date: Mapped[date]
    opened_at: Mapped[Moment]
    status: Mapped[Word] = mapped_column(server_default=text("'open'"))
    route: Mapped[Word] = mapped_column(server_default=EMPTY)
    route_group: Mapped[Word] = mapped_column(server_default=EMPTY)
    rule: Mapped[Word] = mapped_column(server_default=EMPTY)
    rule_version: Mapped[Word] = mapped_column(server_default=EMPTY)
    lead: Mapped[Word] = mapped_column(server_default=EMPTY)
    household_payer: Mapped[Word] = mapped_column(server_default=EMPTY)
    next_contact: Mapped[date | None]
    provisional: Mapped[bool] = mapped_column(server_default=text("false"))
    instance_id: Mapped[int | None] = mapped_column(unique=True)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closing_reason: Mapped[Word] = mapped_column(server_default=EMPTY)


class CasePause(Base):
    """A time in which a case rests, from a day until the day on which it goes on; `ended_on` when that came early."""

    __tablename__ = "case_pause"
    __table_args__ = (
        CheckConstraint("until > begins", name="order"),
        Index("ix_case_pause_case_id", "case_id", "id"),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    reason: Mapped[Word]
    remark: Mapped[Word] = mapped_column(server_default=EMPTY)
    begins: Mapped[date]
    until: Mapped[date]
    author: Mapped[Word]
    author_id: Mapped[int | None]
    recorded_at: Mapped[Moment]
    ended_on: Mapped[date | None]
    ended_by: Mapped[Word] = mapped_column(server_default=EMPTY)


class CaseReopening(Base):
    """A closed case that was opened again: how it had ended, which process had led there, who opened it and why."""

    __tablename__ = "case_reopening"
    __table_args__ = (Index("ix_case_reopening_case_id", "case_id", "id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    closed_at: Mapped[Moment]
    closing_reason: Mapped[Word] = mapped_column(server_default=EMPTY)
    instance_id: Mapped[int | None]
    reason: Mapped[Word]
    author: Mapped[Word]
    author_id: Mapped[int | None]
    reopened_at: Mapped[Moment]


class RouteDecision(Base):
    """A proposal of the rules and what a person made of it.

    A proposal without `decided_at` is open; decisions are never changed.
    """

    __tablename__ = "route_decision"
    __table_args__ = (Index("ix_route_decision_case_id", "case_id", "id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    proposed_at: Mapped[Moment]
    reference_date: Mapped[date]
    proposal: Mapped[Word]
    proposal_group: Mapped[Word]
    rule: Mapped[Word]
    book: Mapped[Word] = mapped_column(server_default=EMPTY)
    book_version: Mapped[Word] = mapped_column(server_default=EMPTY)
    evaluator: Mapped[Word] = mapped_column(server_default=EMPTY)
    age: Mapped[int | None]
    hlu_payer: Mapped[Word] = mapped_column(server_default=EMPTY)
    alg_payer: Mapped[Word] = mapped_column(server_default=EMPTY)
    programme: Mapped[Word] = mapped_column(server_default=EMPTY)
    flags: Mapped[list[str]] = mapped_column(JSONB, server_default=text("'[]'"))
    inputs: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    others: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    route: Mapped[Word] = mapped_column(server_default=EMPTY)
    route_group: Mapped[Word] = mapped_column(server_default=EMPTY)
    deviation_reason: Mapped[Word] = mapped_column(server_default=EMPTY)
    decided_by: Mapped[Word] = mapped_column(server_default=EMPTY)
    decided_by_id: Mapped[int | None]
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    second_by: Mapped[Word] = mapped_column(server_default=EMPTY)
    second_by_id: Mapped[int | None]
    second_at: Mapped[datetime | None] = mapped_column(Instant)
    valid_from: Mapped[date | None]


class PayerPeriod(Base):
    """Who pays the living costs from the first of a month on; `valid_to` excluded, empty = until further notice."""

    __tablename__ = "payer_period"
    __table_args__ = (
        one_of("state", PayerState),
        CheckConstraint("extract(day FROM valid_from) = 1", name="from_month"),
        CheckConstraint(
            "valid_to IS NULL OR (extract(day FROM valid_to) = 1 AND valid_to > valid_from)", name="to_month"
        ),
        Index(
            "uq_payer_period_active", "case_id", "valid_from", unique=True, postgresql_where=text("state = 'active'")
        ),
        Index(
            "uq_payer_period_last",
            "case_id",
            unique=True,
            postgresql_where=text("state = 'active' AND valid_to IS NULL"),
        ),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id), index=True)
    payer: Mapped[Word]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    state: Mapped[Word]
    author: Mapped[Word]
    recorded_at: Mapped[Moment]


class Notice(Base):
    """A message to the payer (start, change, end, hand-over) and its confirmation by a person there."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_case_id", "case_id", "id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    kind: Mapped[Word]
    receiver: Mapped[Word]
    text: Mapped[Word] = mapped_column(server_default=EMPTY)
    sent_by: Mapped[Word]
    sent_at: Mapped[Moment]
    confirmed_by: Mapped[Word] = mapped_column(server_default=EMPTY)
    confirmed_by_id: Mapped[int | None]
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    query: Mapped[Word] = mapped_column(server_default=EMPTY)
