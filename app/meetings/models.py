"""The tables of meetings. Figures stand in them, never a client: minutes are kept for good."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.identity.models import Account
from app.office.columns import Instant, Key, Moment, Word, one_of
from workflows.database import Base

EMPTY = sql("''")
# Sources of topics that are not made from figures: what somebody proposed, and the list of those present.
OWN = "own"
PRESENT = "present"


class SeriesKind(StrEnum):
    """What the meetings of a series are for (R72)."""

    STEERING = "steering"
    REFLECTION = "reflection"


class State(StrEnum):
    """How far a meeting is."""

    PLANNED = "planned"
    RUNNING = "running"
    PRESENTED = "presented"  # the minutes lie before both leaders
    CLOSED = "closed"
    CANCELLED = "cancelled"


class TaskState(StrEnum):
    """How far a task of a meeting is."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Series(Base):
    """Meetings that come again every so many weeks; whom they invite, by role. It ends on a day, with a reason."""

    __tablename__ = "meeting_series"
    __table_args__ = (one_of("kind", SeriesKind),)

    id: Mapped[Key]
    kind: Mapped[Word]
    name: Mapped[Word]
    weeks: Mapped[int]
    first_on: Mapped[date]
    time: Mapped[Word] = mapped_column(server_default=EMPTY)
    place: Mapped[Word] = mapped_column(server_default=EMPTY)
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Meeting(Base):
    """One meeting: planned on a day; its agenda is fixed with its figures at `begun_at`; from `closed_at` on nothing of
    it changes, and `digest` is what both leaders agreed to.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        one_of("state", State),
        Index("ix_meeting_series_id", "series_id", "planned_on"),
        Index("uq_meeting_planned", "series_id", unique=True, postgresql_where=sql("state = 'planned'")),
    )

    id: Mapped[Key]
    series_id: Mapped[int] = mapped_column(ForeignKey(Series.id))
    state: Mapped[Word]
    planned_on: Mapped[date]
    held_on: Mapped[date | None]
    begun_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    digest: Mapped[Word] = mapped_column(server_default=EMPTY)


class Topic(Base):
    """A point of the agenda: made from figures (`source` says from which) or proposed by somebody; `lines` are the
    figures as they stood when the meeting began, in both languages, `note` what the minutes say about it, `writer_id`
    who wrote that last. Who was present is the note of a topic of its own (PRESENT).
    """

    __tablename__ = "meeting_topic"
    __table_args__ = (Index("ix_meeting_topic_meeting_id", "meeting_id", "place"),)

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    place: Mapped[int]
    source: Mapped[Word]
    title: Mapped[Word] = mapped_column(server_default=EMPTY)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=sql("'[]'"))
    note: Mapped[Word] = mapped_column(server_default=EMPTY)
    writer_id: Mapped[int | None]
    author: Mapped[Word] = mapped_column(server_default=EMPTY)
    author_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))


class Decision(Base):
    """What was decided; it holds when both leaders have agreed to the minutes."""

    __tablename__ = "meeting_decision"
    __table_args__ = (Index("ix_meeting_decision_meeting_id", "meeting_id", "id"),)

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey(Topic.id))
    text: Mapped[Word]


class MeetingTask(Base):
    """Who does what until when. `partner` is the agency that does it; its leader names the person (R41)."""

    __tablename__ = "meeting_task"
    __table_args__ = (
        one_of("state", TaskState),
        Index("ix_meeting_task_meeting_id", "meeting_id", "id"),
        Index("ix_meeting_task_open", "due_on", "id", postgresql_where=sql("state = 'open'")),
        Index("ix_meeting_task_assignee_id", "assignee_id", postgresql_where=sql("state = 'open'")),
    )

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey(Topic.id))
    text: Mapped[Word]
    partner: Mapped[Word]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    assignee: Mapped[Word] = mapped_column(server_default=EMPTY)
    due_on: Mapped[date]
    state: Mapped[Word] = mapped_column(server_default=sql("'open'"))
    outcome: Mapped[Word] = mapped_column(server_default=EMPTY)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[Word] = mapped_column(server_default=EMPTY)
    told_late: Mapped[bool] = mapped_column(server_default=sql("false"))


class Consent(Base):
    """An agency's leader agrees to the minutes as they are presented."""

    __tablename__ = "meeting_consent"
    __table_args__ = (UniqueConstraint("meeting_id", "account_id"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    partner: Mapped[Word] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    name: Mapped[Word]
    at: Mapped[Moment]


class MeetingEntry(Base):
    """Who did what with a series or a meeting, when and why."""

    __tablename__ = "meeting_entry"
    __table_args__ = (
        Index("ix_meeting_entry_series_id", "series_id", "id"),
        Index("ix_meeting_entry_meeting_id", "meeting_id", "id"),
    )

    id: Mapped[Key]
    series_id: Mapped[int] = mapped_column(ForeignKey(Series.id))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    at: Mapped[Moment]
    actor: Mapped[Word]
    actor_id: Mapped[int | None]
    act: Mapped[Word]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
