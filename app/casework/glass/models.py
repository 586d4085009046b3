"""The table of openings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.casework.cases.models import CaseFile
from app.office.columns import Instant, Key, Moment, Word
from workflows.database import Base


class Opening(Base):
    """One opening: who, which category of which case, why, until when, and who looked at it afterwards."""

    __tablename__ = "glass_opening"
    __table_args__ = (Index("ix_glass_opening_case_id", "case_id", "actor_id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    category: Mapped[Word]
    actor_id: Mapped[int]
    actor: Mapped[Word]
    partner: Mapped[Word] = mapped_column(server_default=text("''"))
    choice: Mapped[Word]
    reason: Mapped[Word]
    at: Mapped[Moment]
    until: Mapped[Moment]
    reviewed_by: Mapped[str | None]
    reviewed_by_id: Mapped[int | None]
    reviewed_at: Mapped[datetime | None] = mapped_column(Instant)
