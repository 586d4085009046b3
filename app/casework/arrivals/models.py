"""The table of arrivals."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.casework.cases.models import CaseFile
from app.office.columns import Instant, Key, Moment, Word, one_of
from workflows.database import Base


class ArrivalStatus(StrEnum):
    """What became of an arrival."""

    WAITING = "waiting"
    IMPORTED = "imported"
    FAILED = "failed"


class Arrival(Base):
    """A client record that is expected on its Stichtag.

    `external_id` makes a second import of the same line harmless.
    """

    __tablename__ = "arrival"
    __table_args__ = (
        one_of("status", ArrivalStatus),
        Index("ix_arrival_due", "reference_date", "id", postgresql_where=text("status = 'waiting'")),
    )

    id: Mapped[Key]
    external_id: Mapped[Word] = mapped_column(unique=True)
    reference_date: Mapped[date]
    values: Mapped[dict[str, Any]] = mapped_column("values", JSONB)
    status: Mapped[Word] = mapped_column(server_default=text("'waiting'"))
    reason: Mapped[Word] = mapped_column(server_default=text("''"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey(CaseFile.id))
    staged_at: Mapped[Moment]
    imported_at: Mapped[datetime | None] = mapped_column(Instant)
