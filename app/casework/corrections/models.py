"""The table of corrections."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.casework.cases.models import CaseFile
from app.casework.clients.models import Client
from app.office.columns import Key, Moment, Word
from workflows.database import Base


class Correction(Base):
    """One act of putting right: each changed field with the value before and after, and the reason."""

    __tablename__ = "correction"
    __table_args__ = (Index("ix_correction_client_id", "client_id", "id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    client_id: Mapped[int] = mapped_column(ForeignKey(Client.id))
    section: Mapped[Word]
    category: Mapped[Word]
    changes: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    reason: Mapped[Word]
    author: Mapped[Word]
    author_id: Mapped[int]
    partner: Mapped[Word] = mapped_column(server_default=text("''"))
    at: Mapped[Moment]
