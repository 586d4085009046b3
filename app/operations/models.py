"""The tables of operations: backups that were made, failed jobs that somebody has begun again."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.office.columns import Key, Moment, Word
from workflows.database import Base


class Backup(Base):
    """A backup of the database that somebody, or the job that makes it, has noted. Instants are the system's."""

    __tablename__ = "operations_backup"
    __table_args__ = (Index("ix_operations_backup_at", "at"),)

    id: Mapped[Key]
    at: Mapped[Moment]
    place: Mapped[Word]
    bytes: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    by: Mapped[Word]


class Retry(Base):
    """Failed jobs of one kind that a person has begun again, how many and why. Instants are the system's."""

    __tablename__ = "operations_retry"

    id: Mapped[Key]
    at: Mapped[Moment]
    task: Mapped[Word]
    number: Mapped[int]
    reason: Mapped[Word]
    actor_id: Mapped[int]
    actor: Mapped[Word]
