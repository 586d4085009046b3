"""The tables of the office: partners, people, calendar, deadlines, agreement, clock. Periods are half-open."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Numeric,
    SmallInteger,
    Text,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.office.columns import Instant, Key, Moment, Word, one_of
from workflows.database import Base


class AgreementStatus(StrEnum):
    """The life of the agreement between the partners."""

    DRAFT = "draft"
    READY = "ready"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    TERMINATED = "terminated"
    ENDED = "ended"


class ClosingKind(StrEnum):
    """Why the office is closed on a day."""

    HOLIDAY = "holiday"
    CUSTOM = "custom"


class RunStatus(StrEnum):
    """The life of a move of the office clock."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Partner(Base):
    """An agency that shares the office; its names are dated rows."""

    __tablename__ = "office_partner"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    legal_area: Mapped[Word]
    delegated_by: Mapped[Word] = mapped_column(server_default=text("''"))
    address: Mapped[Word] = mapped_column(server_default=text("''"))
    phone: Mapped[Word] = mapped_column(server_default=text("''"))


class PartnerName(Base):
    """The name that a partner bears from a day on."""

    __tablename__ = "office_partner_name"
    __table_args__ = (UniqueConstraint("partner_id", "name"),)

    id: Mapped[Key]
    partner_id: Mapped[str] = mapped_column(ForeignKey(Partner.id))
    name: Mapped[Word]
    short_name: Mapped[Word]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class Staff(Base):
    """A person who works for a partner; the system administration for none. `account_id` links to the login,
    `languages` (set off by commas) are those besides German.
    """

    __tablename__ = "office_staff"

    id: Mapped[Key]
    login: Mapped[Word] = mapped_column(unique=True)
    name: Mapped[Word]
    partner_id: Mapped[str | None] = mapped_column(ForeignKey(Partner.id))
    account_id: Mapped[int | None] = mapped_column(unique=True)
    phone: Mapped[Word] = mapped_column(server_default=text("''"))
    room: Mapped[Word] = mapped_column(server_default=text("''"))
    languages: Mapped[Word] = mapped_column(server_default=text("''"))
    active_from: Mapped[date]
    active_to: Mapped[date | None]


class Post(Base):
    """A role held by a person with a share of a full post; `hours` says when; empty means always.

    Hours by weekday: {"0": [["08:00", "12:00"]]}, 0 is Monday.
    """

    __tablename__ = "office_post"
    __table_args__ = (
        UniqueConstraint("staff_id", "role", "valid_from"),
        CheckConstraint("share > 0 AND share <= 1", name="share"),
        Index("ix_office_post_role", "role"),
    )

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(ForeignKey(Staff.id))
    role: Mapped[Word]
    share: Mapped[Decimal] = mapped_column(Numeric(3, 2))
    hours: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Substitution(Base):
    """While nobody who holds `role` is at work, those who hold `by_role` act for it."""

    __tablename__ = "office_substitution"
    __table_args__ = (UniqueConstraint("role", "by_role", "valid_from"),)

    id: Mapped[Key]
    role: Mapped[Word]
    by_role: Mapped[Word]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class AbsenceKind(StrEnum):
    """What kind of absence a leader plans with; an illness is one of the others and stays unnamed."""

    LEAVE = "leave"
    TRAINING = "training"
    DUTY = "duty"
    OTHER = "other"


class Absence(Base):
    """A person is away, `to` excluded. The reason is not kept: it may be an illness. While it lasts, the tasks of the
    person lie with the substitute, if one is named.
    """

    __tablename__ = "office_absence"
    __table_args__ = (
        UniqueConstraint("staff_id", "valid_from"),
        CheckConstraint("valid_to > valid_from", name="period"),
        CheckConstraint("substitute_id <> staff_id", name="substitute"),
        one_of("kind", AbsenceKind),
    )

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(ForeignKey(Staff.id))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    kind: Mapped[Word] = mapped_column(server_default=text("'other'"))
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    entered_by: Mapped[Word] = mapped_column(server_default=text("''"))


class ClosingDay(Base):
    """A day on which the office is closed besides the days without opening hours."""

    __tablename__ = "office_closing_day"
    __table_args__ = (one_of("kind", ClosingKind),)

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    name: Mapped[Word]
    kind: Mapped[Word]


class WorkingDay(Base):
    """A day on which the office works, numbered on, for statements that count working days over many rows."""

    __tablename__ = "office_working_day"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)


class OpeningHours(Base):
    """When the office is open on a weekday (0 = Monday)."""

    __tablename__ = "office_opening_hours"
    __table_args__ = (UniqueConstraint("weekday", "opens"), CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"))

    id: Mapped[Key]
    weekday: Mapped[int] = mapped_column(SmallInteger)
    opens: Mapped[time] = mapped_column(Time)
    closes: Mapped[time] = mapped_column(Time)


class Deadline(Base):
    """A named deadline: what `frist("name")` means from a day on."""

    __tablename__ = "office_deadline"
    __table_args__ = (UniqueConstraint("name", "valid_from"),)

    id: Mapped[Key]
    name: Mapped[Word]
    expression: Mapped[Word]
    label: Mapped[Word]
    basis: Mapped[Word] = mapped_column(server_default=text("''"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Target(Base):
    """How long a step may take from a day on, when it is yellow and red, and who is told (see office.targets)."""

    __tablename__ = "office_target"
    __table_args__ = (UniqueConstraint("step", "valid_from"), CheckConstraint("amber <= red", name="order"))

    id: Mapped[Key]
    place: Mapped[int]
    step: Mapped[Word]
    label: Mapped[Word]
    label_en: Mapped[Word]
    unit: Mapped[Word]
    target: Mapped[int | None]
    amber: Mapped[int | None]
    red: Mapped[int | None]
    level1: Mapped[Word]
    level2: Mapped[Word]
    further: Mapped[int]
    measure: Mapped[Word]
    elements: Mapped[list[str]] = mapped_column(ARRAY(Text))
    diagram: Mapped[list[str]] = mapped_column(ARRAY(Text))
    basis: Mapped[Word]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Room(Base):
    """A room of the office."""

    __tablename__ = "office_room"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[Word]
    kind: Mapped[Word]
    partner_id: Mapped[str | None] = mapped_column(ForeignKey(Partner.id))


class Agreement(Base):
    """The contract of the partners: in force from `begins` to `ends` (last day), the doors open on `opens`."""

    __tablename__ = "office_agreement"
    __table_args__ = (
        one_of("status", AgreementStatus),
        CheckConstraint("begins <= opens AND opens <= ends", name="order"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[Word]
    council_paper: Mapped[Word]
    status: Mapped[Word]
    begins: Mapped[date]
    opens: Mapped[date]
    ends: Mapped[date]


class Place(Base):
    """A place or district with its postcode: does the office serve its residents, or who else?"""

    __tablename__ = "office_place"
    __table_args__ = (UniqueConstraint("postcode", "name"),)

    id: Mapped[Key]
    postcode: Mapped[Word]
    name: Mapped[Word]
    inside: Mapped[bool]
    responsible: Mapped[Word] = mapped_column(server_default=text("''"))


class Programme(Base):
    """A special programme with its contingent and its last day of entry."""

    __tablename__ = "office_programme"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[Word]
    partner_id: Mapped[str] = mapped_column(ForeignKey(Partner.id))
    places: Mapped[int]
    valid_from: Mapped[date]
    last_entry: Mapped[date]


class Setting(Base):
    """A named choice of the office: the access matrix, the purposes, what the contract leaves open."""

    __tablename__ = "office_setting"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    reason: Mapped[Word] = mapped_column(server_default=text("''"))


class Clock(Base):
    """The training clock: its date stands, the time of day runs. Without a row the system clock counts."""

    __tablename__ = "office_clock"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False, server_default=text("1"))
    day: Mapped[date]
    not_before: Mapped[Moment]


class Mark(Base):
    """What kind of database this is: which profile was loaded, and whether it may be thrown away."""

    __tablename__ = "office_mark"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False, server_default=text("1"))
    training: Mapped[bool]
    profile: Mapped[Word]
    title: Mapped[Word]
    loaded_at: Mapped[Moment]


class Run(Base):
    """A move of the office clock: how far it is, who asked for it, what stood in its way. One at a time."""

    __tablename__ = "office_run"
    __table_args__ = (
        one_of("status", RunStatus),
        Index("uq_office_run_active", "kind", unique=True, postgresql_where=text("status IN ('queued', 'running')")),
    )

    id: Mapped[Key]
    kind: Mapped[Word] = mapped_column(server_default=text("'advance'"))
    status: Mapped[Word] = mapped_column(server_default=text("'queued'"))
    started_from: Mapped[Moment]
    target: Mapped[Moment]
    current: Mapped[Moment]
    total: Mapped[int]
    done: Mapped[int] = mapped_column(server_default=text("0"))
    events: Mapped[int] = mapped_column(server_default=text("0"))
    message: Mapped[Word] = mapped_column(server_default=text("''"))
    cancel_requested: Mapped[bool] = mapped_column(server_default=text("false"))
    skipped: Mapped[list[int]] = mapped_column(JSONB, server_default=text("'[]'"))
    requested_by: Mapped[Word]
    requested_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
