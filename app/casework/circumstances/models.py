"""The tables of circumstances. Rows are dated and kept; the newest statement counts."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.casework.clients.models import Client
from app.office.columns import Key, Moment, Word, one_of
from workflows.database import Base

EMPTY = text("''")


class BenefitStatus(StrEnum):
    """The life of a benefit."""

    APPLIED = "applied"
    RUNNING = "running"
    SUSPENDED = "suspended"
    REFUSED = "refused"
    ENDED = "ended"


class FitnessValue(StrEnum):
    """Whether a person can work."""

    YES = "yes"
    NO = "no"
    LIMITED = "limited"
    UNKNOWN = "unknown"


class AvailabilityValue(StrEnum):
    """Whether a person is available to the labour market."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Benefit(Base):
    """A benefit of a client, never with an amount. Kind is HLU, ALHI, ALG or any other code."""

    __tablename__ = "benefit"
    __table_args__ = (
        one_of("status", BenefitStatus),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to > valid_from", name="period"),
        Index("ix_benefit_client_id", "client_id"),
    )

    id: Mapped[Key]
    client_id: Mapped[int] = mapped_column(ForeignKey(Client.id))
    kind: Mapped[Word]
    status: Mapped[Word]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    payer: Mapped[Word] = mapped_column(server_default=EMPTY)
    reference: Mapped[Word] = mapped_column(server_default=EMPTY)
    author: Mapped[Word]
    recorded_at: Mapped[Moment]


class BenefitCheck(Base):
    """Whether the benefits of a client were asked for and answered: known or not, since when."""

    __tablename__ = "benefit_check"
    __table_args__ = (Index("ix_benefit_check_client_id", "client_id", "id"),)

    id: Mapped[Key]
    client_id: Mapped[int] = mapped_column(ForeignKey(Client.id))
    known: Mapped[bool]
    author: Mapped[Word]
    recorded_at: Mapped[Moment]


class UnemploymentSpell(Base):
    """A span of unemployment or of something else (work, measure, ...); without `since` its start is not known."""

    __tablename__ = "unemployment_spell"
    __table_args__ = (
        Index("ix_unemployment_spell_client_id", "client_id", "id"),
        Index(
            "ix_unemployment_spell_since",
            "since",
            postgresql_where=text("kind = 'unemployed' AND until IS NULL"),
        ),
    )

    id: Mapped[Key]
    client_id: Mapped[int] = mapped_column(ForeignKey(Client.id))
    kind: Mapped[Word] = mapped_column(server_default=text("'unemployed'"))
    since: Mapped[date | None]
    until: Mapped[date | None]
    source: Mapped[Word] = mapped_column(server_default=EMPTY)
    author: Mapped[Word]
    recorded_at: Mapped[Moment]


class Fitness(Base):
    """Fitness for work as found: value, on which basis, on which date, until when. No diagnosis."""

    __tablename__ = "fitness"
    __table_args__ = (one_of("value", FitnessValue), Index("ix_fitness_client_id", "client_id", "id"))

    id: Mapped[Key]
    client_id: Mapped[int] = mapped_column(ForeignKey(Client.id))
    value: Mapped[Word]
    basis: Mapped[Word] = mapped_column(server_default=EMPTY)
    found_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    author: Mapped[Word]
    recorded_at: Mapped[Moment]


class Availability(Base):
    """Availability to the labour market as stated, with the reason when not."""

    __tablename__ = "availability"
    __table_args__ = (one_of("value", AvailabilityValue), Index("ix_availability_client_id", "client_id", "id"))

    id: Mapped[Key]
    client_id: Mapped[int] = mapped_column(ForeignKey(Client.id))
    value: Mapped[Word]
    reason: Mapped[Word] = mapped_column(server_default=EMPTY)
    author: Mapped[Word]
    recorded_at: Mapped[Moment]
