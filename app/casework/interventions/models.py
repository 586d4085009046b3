"""The table of interventions that wait for a second person, or did."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import Mapped, mapped_column

from app.casework.cases.models import CaseFile
from app.office.columns import Instant, Key, Moment, Word, one_of
from workflows.database import Base
from workflows.models import Instance

EMPTY = text("''")


class RequestStatus(StrEnum):
    """The life of a request."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class InterventionRequest(Base):
    """An intervention that one person asks for and another must confirm; `money_only` says that no rights hang on it.
    `told` is the consequence as whoever asked saw it, `digest` its fingerprint.
    """

    __tablename__ = "intervention_request"
    __table_args__ = (
        one_of("status", RequestStatus),
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("decided_by_id <> actor_id OR status <> 'done'", name="four_eyes"),
        Index("ix_intervention_request_open", "expires_at", postgresql_where=text("status = 'open'")),
        Index("ix_intervention_request_case_id", "case_id", "id"),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    instance_id: Mapped[int] = mapped_column(ForeignKey(Instance.id))
    act: Mapped[Word]
    key: Mapped[Any] = mapped_column(UUID(as_uuid=True), nullable=True)
    target: Mapped[Word] = mapped_column(server_default=EMPTY)
    values: Mapped[dict[str, Any]] = mapped_column(JSONB)
    element: Mapped[Word] = mapped_column(server_default=EMPTY)
    name: Mapped[Word] = mapped_column(server_default=EMPTY)
    reason: Mapped[Word]
    money_only: Mapped[bool]
    told: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[Word]
    actor_id: Mapped[int]
    actor: Mapped[Word]
    at: Mapped[Moment]
    expires_at: Mapped[Moment]
    status: Mapped[Word] = mapped_column(server_default=text("'open'"))
    decided_by_id: Mapped[int | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    remark: Mapped[Word] = mapped_column(server_default=EMPTY)
