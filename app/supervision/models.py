"""The tables of supervision: what stands still or will, and what one leader asks of the other."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, Text, UniqueConstraint, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from app.casework.models import CaseFile
from app.office.columns import Instant, Key, Moment, Word, one_of
from workflows.database import Base

EMPTY = text("''")


class Finding(Base):
    """Why a case stands still from `at` until `until`, if nobody moves before: red from `red_at` on. It is written
    when the case is acted on, or shortly before `at` (see Watch). `ref` is the row that it is about, `due` the day on
    which the consequence comes.
    """

    __tablename__ = "supervision_finding"
    __table_args__ = (
        Index("ix_supervision_finding_case_id", "case_id"),
        Index("ix_supervision_finding_pressing", "red_at", "id"),
        Index("ix_supervision_finding_cause", "cause", "at", "role", "until", "red_at"),
        Index("ix_supervision_finding_cause_pressing", "cause", "red_at", "id"),
        Index("ix_supervision_finding_process", "process", "red_at", "id"),
        Index("ix_supervision_finding_grey", "red_at", "id", postgresql_where=text("cause IN ('held', 'paused')")),
        Index("ix_supervision_finding_role", "role", "red_at", "id"),
        Index(
            "ix_supervision_finding_person",
            "person_id",
            "red_at",
            "id",
            postgresql_where=text("person_id IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    case_id: Mapped[int]
    cause: Mapped[Word]
    role: Mapped[Word]
    person_id: Mapped[int | None]
    process: Mapped[Word]
    element: Mapped[Word]
    name: Mapped[Word]
    task_id: Mapped[int | None]
    ref: Mapped[int | None]
    since: Mapped[Moment]
    at: Mapped[Moment]
    red_at: Mapped[Moment]
    until: Mapped[Moment]
    due: Mapped[datetime | None] = mapped_column(Instant)


class Step(Base):
    """A run of a step that has a target, from `since` until `ended_at`; `ref` and `anchor` (a day) tell runs of one
    case apart. It is yellow from `amber_at` and red from `red_at` on. The client was waited for from `client_since`
    (still) and for `waited` units before. `level` is how far it has been escalated, `leaders` whose it is now,
    `next_at` when it goes further up; `gross` and `net` say in units how long it took. The running ones are kept with
    each act on the case; time alone changes only their colour, and that is reckoned when somebody looks.
    """

    __tablename__ = "supervision_step"
    __table_args__ = (
        Index(
            "uq_supervision_step_running", "case_id", "step", "ref", unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "ix_supervision_step_counts", "step", "role", "amber_at", "red_at",
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_supervision_step_red", "step", "red_at", "id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_supervision_step_next", "next_at", postgresql_where=text("ended_at IS NULL")),
        Index(
            "ix_supervision_step_ended", "ended_at", "step", "gross", "net",
            postgresql_where=text("ended_at IS NOT NULL"),
        ),
        Index("ix_supervision_step_told", "case_id", postgresql_where=text("ended_at IS NULL AND leaders <> '{}'")),
    )  # fmt: skip

    id: Mapped[Key]
    case_id: Mapped[int]
    step: Mapped[Word]
    ref: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    anchor: Mapped[date | None]
    unit: Mapped[Word]
    role: Mapped[Word]
    task_id: Mapped[int | None] = mapped_column(BigInteger)
    since: Mapped[Moment]
    amber_at: Mapped[Moment]
    red_at: Mapped[Moment]
    client_since: Mapped[datetime | None] = mapped_column(Instant)
    waited: Mapped[int] = mapped_column(server_default=text("0"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    gross: Mapped[int | None]
    net: Mapped[int | None]
    level: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    leaders: Mapped[list[str]] = mapped_column(postgresql.ARRAY(Text), server_default=text("'{}'"))
    told_at: Mapped[datetime | None] = mapped_column(Instant)
    next_at: Mapped[Moment]


class Flow(Base):
    """How many steps of an element ended in a month after about the same time: `bucket` is the class of their length,
    `seconds` the sum of it. Each is counted once with all its time. What was put aside is put right in rows that are
    `net`: less where it is counted, more where it belongs without that time. Nothing here leads to a case or a person.
    """

    __tablename__ = "supervision_flow"

    process: Mapped[Word] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    element: Mapped[Word] = mapped_column(primary_key=True)
    role: Mapped[Word] = mapped_column(primary_key=True)
    definition_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    net: Mapped[bool] = mapped_column(primary_key=True)
    bucket: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger)
    withdrawn: Mapped[int] = mapped_column(BigInteger)
    seconds: Mapped[int] = mapped_column(BigInteger)


class Watch(Base):
    """When the next reason of a case to stand still begins to hold, if nobody moves before. What may never come is not
    written out: most of it is overtaken by the next act.
    """

    __tablename__ = "supervision_watch"
    __table_args__ = (Index("ix_supervision_watch_at", "at"),)

    case_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[Moment]


class Plea(Base):
    """What the leader of one agency asks of the leader of the other about a case, by when, and the answer (R41)."""

    __tablename__ = "supervision_plea"
    __table_args__ = (
        Index("ix_supervision_plea_case_id", "case_id", "id"),
        Index("ix_supervision_plea_open", "to_role", "answer_by", postgresql_where=text("answered_at IS NULL")),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    cause: Mapped[Word]
    name: Mapped[Word] = mapped_column(server_default=EMPTY)
    from_role: Mapped[Word]
    to_role: Mapped[Word]
    asked_by_id: Mapped[int]
    asked_by: Mapped[Word]
    text: Mapped[Word]
    asked_at: Mapped[Moment]
    answer_by: Mapped[date]
    answer: Mapped[Word] = mapped_column(server_default=EMPTY)
    answered_by: Mapped[Word] = mapped_column(server_default=EMPTY)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


class StandIn(Base):
    """A task that the office's rule has moved to the substitute of somebody who is away, and from which day on it goes
    back. `outcome` says how that ended: back, kept (somebody else has decided since), gone (done by then), refused.
    """

    __tablename__ = "supervision_stand_in"
    __table_args__ = (
        UniqueConstraint("absence_id", "task_id"),
        Index("ix_supervision_stand_in_back", "back_on", postgresql_where=text("outcome = ''")),
    )

    id: Mapped[Key]
    absence_id: Mapped[int]
    task_id: Mapped[int] = mapped_column(BigInteger)
    person_id: Mapped[int]
    person: Mapped[Word]
    substitute_id: Mapped[int]
    back_on: Mapped[date]
    moved_at: Mapped[Moment]
    outcome: Mapped[Word] = mapped_column(server_default=EMPTY)
    code: Mapped[Word] = mapped_column(server_default=EMPTY)


class BulkStatus(StrEnum):
    """The life of an act on many tasks: first only a plan; `stopped` may begin again."""

    PLANNED = "planned"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class Bulk(Base):
    """One act of a leader on many tasks of the own staff: what, why, on whose behalf, how far. `staff_id` leaves after
    `last_day`, if it is about somebody who does (`active_to` stood there before); `due` is the new due date, `to_id`
    the one who gets the tasks.
    """

    __tablename__ = "supervision_bulk"
    __table_args__ = (
        one_of("status", BulkStatus),
        Index("ix_supervision_bulk_live", "id", postgresql_where=text("status IN ('running', 'undoing')")),
    )

    id: Mapped[Key]
    kind: Mapped[Word]
    partner: Mapped[Word]
    actor_id: Mapped[int]
    actor: Mapped[Word]
    reason: Mapped[Word]
    status: Mapped[Word] = mapped_column(server_default=text("'planned'"))
    created_at: Mapped[Moment]
    to_id: Mapped[int | None]
    due: Mapped[date | None]
    staff_id: Mapped[int | None]
    last_day: Mapped[date | None]
    active_to: Mapped[date | None]


class BulkItem(Base):
    """A task of such an act, or a case with the cause (and the row `ref`) for which it stands still: from whom to whom
    and why, and how it went (planned, refused, done, failed, undone, kept); `code` says why not, `before` is the due
    date as it was.
    """

    __tablename__ = "supervision_bulk_item"
    __table_args__ = (UniqueConstraint("bulk_id", "task_id"), Index("ix_supervision_bulk_item", "bulk_id", "status"))

    id: Mapped[Key]
    bulk_id: Mapped[int] = mapped_column(ForeignKey(Bulk.id))
    task_id: Mapped[int | None] = mapped_column(BigInteger)
    case_id: Mapped[int]
    cause: Mapped[Word] = mapped_column(server_default=EMPTY)
    ref: Mapped[int | None]
    name: Mapped[Word]
    from_id: Mapped[int | None]
    from_name: Mapped[Word] = mapped_column(server_default=EMPTY)
    to_id: Mapped[int | None]
    to_name: Mapped[Word] = mapped_column(server_default=EMPTY)
    why: Mapped[Word] = mapped_column(server_default=EMPTY)
    status: Mapped[Word] = mapped_column(server_default=text("'planned'"))
    code: Mapped[Word] = mapped_column(server_default=EMPTY)
    before: Mapped[datetime | None] = mapped_column(Instant)
