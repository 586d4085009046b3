"""The tables of clients."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.office.columns import Instant, Key, Moment, Word, one_of
from workflows.database import Base

EMPTY = text("''")


class Precision(StrEnum):
    """How exactly a date of birth is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


class Residence(StrEnum):
    """Whether a person lives where the office serves."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


class MatchStatus(StrEnum):
    """What a person decided about two files that may be of one client."""

    PENDING = "pending"
    SAME = "same"
    DIFFERENT = "different"
    OPEN = "open"


class Client(Base):
    """A person. Names stand as they were given.

    `search_name` and `phonetic` find them in every spelling, `sort_name` orders them.
    """

    __tablename__ = "client"
    __table_args__ = (
        one_of("birth_precision", Precision),
        one_of("residence", Residence),
        CheckConstraint("birth_date IS NOT NULL OR birth_precision = 'unknown'", name="birth_known"),
        Index(
            "ix_client_search_name",
            "search_name",
            postgresql_using="gin",
            postgresql_ops={"search_name": "gin_trgm_ops"},
        ),
        Index("ix_client_phonetic", "phonetic", postgresql_using="gin"),
        Index("ix_client_birth_date", "birth_date"),
        Index("ix_client_sort_name", "sort_name", "id"),
    )

    id: Mapped[Key]
    number: Mapped[Word] = mapped_column(unique=True)
    family_name: Mapped[Word]
    given_names: Mapped[Word] = mapped_column(server_default=EMPTY)
    birth_name: Mapped[Word] = mapped_column(server_default=EMPTY)
    birth_date: Mapped[date | None]
    birth_precision: Mapped[Word]
    sex: Mapped[Word] = mapped_column(server_default=EMPTY)
    nationality: Mapped[Word] = mapped_column(server_default=EMPTY)
    language: Mapped[Word] = mapped_column(server_default=EMPTY)
    interpreter: Mapped[bool] = mapped_column(server_default=text("false"))
    street: Mapped[Word] = mapped_column(server_default=EMPTY)
    postcode: Mapped[Word] = mapped_column(server_default=EMPTY)
    city: Mapped[Word] = mapped_column(server_default=EMPTY)
    residence: Mapped[Word]
    no_fixed_abode: Mapped[bool] = mapped_column(server_default=text("false"))
    blocked: Mapped[bool] = mapped_column(server_default=text("false"))
    phone: Mapped[Word] = mapped_column(server_default=EMPTY)
    email: Mapped[Word] = mapped_column(server_default=EMPTY)
    representative: Mapped[Word] = mapped_column(server_default=EMPTY)
    search_name: Mapped[Word]
    sort_name: Mapped[Word]
    phonetic: Mapped[list[str]] = mapped_column(JSONB)
    created_at: Mapped[Moment]
    created_by: Mapped[Word]
    changed_at: Mapped[Moment]
    changed_by: Mapped[Word] = mapped_column(server_default=EMPTY)
    version: Mapped[int] = mapped_column(server_default=text("1"))


class ClientIdentifier(Base):
    """The number under which another system knows a client: AA, STADT, IMPORT."""

    __tablename__ = "client_identifier"
    __table_args__ = (UniqueConstraint("system", "number"), Index("ix_client_identifier_client_id", "client_id"))

    id: Mapped[Key]
    client_id: Mapped[int] = mapped_column(ForeignKey(Client.id))
    system: Mapped[Word]
    number: Mapped[Word]
    created_at: Mapped[Moment]


class ClientMatch(Base):
    """Two clients who may be one person, with score and reasons; only a person decides."""

    __tablename__ = "client_match"
    __table_args__ = (
        one_of("status", MatchStatus),
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="order"),
        Index("ix_client_match_second_id", "second_id"),
    )

    id: Mapped[Key]
    first_id: Mapped[int] = mapped_column(ForeignKey(Client.id))
    second_id: Mapped[int] = mapped_column(ForeignKey(Client.id))
    score: Mapped[int]
    reasons: Mapped[list[str]] = mapped_column(JSONB)
    status: Mapped[Word] = mapped_column(server_default=text("'pending'"))
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[Moment]
