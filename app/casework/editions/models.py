"""The table of the rule books that were put into force; rows are added and never changed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.office.columns import Key, Moment, Word
from workflows.database import Base


class RuleEdition(Base):
    """A rule book as a file, byte for byte, and the day from which it decides. `version` is what decisions record."""

    __tablename__ = "rule_edition"
    __table_args__ = (Index("ix_rule_edition_digest", "digest"),)

    id: Mapped[Key]
    name: Mapped[Word]
    version: Mapped[Word]
    digest: Mapped[Word]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    valid_from: Mapped[date]
    put_at: Mapped[Moment]
    put_by: Mapped[Word]
