"""The table of notices. No name and no value of a client stands in it: a case is told by its number."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.identity.models import Account
from app.office.columns import Instant, Key, Moment, Word, one_of
from workflows.database import Base


class Kind(StrEnum):
    """What a notice tells, and so what its target is."""

    ASSIGNED = "assigned"  # a task
    REMINDED = "reminded"  # a task
    CONFERENCE = "conference"  # a case
    ASKED = "asked"  # the stuck desk
    ANSWERED = "answered"  # the stuck desk
    MENTIONED = "mentioned"  # a draft
    SIGNATURE = "signature"  # a release
    BULK = "bulk"  # a bulk act
    MEETING = "meeting"  # a meeting
    MINUTES = "minutes"  # a meeting
    MEETING_TASK = "meeting_task"  # a task of a meeting


class StaffNotice(Base):
    """One thing that one person was told; by whom, about which case (if any), and when it was read."""

    __tablename__ = "staff_notice"
    __table_args__ = (
        one_of("kind", Kind),
        Index("ix_staff_notice_account_id", "account_id", "id"),
        Index("ix_staff_notice_unread", "account_id", postgresql_where=text("read_at IS NULL")),
        Index("ix_staff_notice_at", "at"),
    )

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    kind: Mapped[Word]
    target: Mapped[int] = mapped_column(BigInteger)
    case_id: Mapped[int | None] = mapped_column(BigInteger)
    actor: Mapped[Word]
    at: Mapped[Moment]
    read_at: Mapped[datetime | None] = mapped_column(Instant)


class Choice(Base):
    """What a person has chosen about e-mail: where to, of which kinds; and how far it has come.

    `mailed_on` is a day of the office, `retry_at` an instant of the system's clock.
    """

    __tablename__ = "staff_notice_choice"

    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True)
    address: Mapped[Word]
    is_mailed: Mapped[bool]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    mailed_on: Mapped[date | None]
    mailed_upto: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    retry_at: Mapped[datetime | None] = mapped_column(Instant)
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    trouble: Mapped[str] = mapped_column(Text, server_default=text("''"))
