"""Reading series, meetings and their tasks. Leaders read all of it; others what they are invited to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from app.meetings import errors
from app.meetings.models import (
    Consent,
    Decision,
    Meeting,
    MeetingEntry,
    MeetingTask,
    Series,
    State,
    TaskState,
    Topic,
)
from app.office import calendar, dates
from app.office import queries as office

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

LEADERS: Final = tuple(office.LEADERS.values())
PAGE: Final = 30
# Figures of the meeting before this one are told beside the new ones.
BEGUN: Final = (State.RUNNING, State.PRESENTED, State.CLOSED)


@dataclass(frozen=True, slots=True)
class Standing:
    """A series: its next or unfinished meeting, when one is due, and by how many days it is overdue."""

    series: Series
    meeting: Meeting | None
    due_on: date
    late: int


def is_leader(actor: Actor) -> bool:
    """Whether this person leads one of the agencies now."""
    return not actor.roles.isdisjoint(LEADERS)


def _may_read(row: Series, actor: Actor) -> bool:
    return is_leader(actor) or bool(set(row.roles) & actor.roles)


def due_on(session: Session, row: Series) -> date:
    """The day on which the next meeting of a series is due, if no day off is in the way."""
    held = session.scalar(
        select(func.max(Meeting.held_on)).where(Meeting.series_id == row.id, Meeting.state.in_(BEGUN))
    )
    return row.first_on if held is None else held + timedelta(weeks=row.weeks)


def standings(session: Session, actor: Actor, *, now: datetime) -> list[Standing]:
    """The series that go on and that this person may read, those that are overdue first."""
    today, snapshot = dates.day_of(now), calendar.snapshot(session)
    rows = session.scalars(select(Series).where(Series.ended_at.is_(None)).order_by(Series.name, Series.id))
    found = []
    for row in rows:
        if not _may_read(row, actor):
            continue
        due = snapshot.working_day_from(due_on(session, row))
        found.append(Standing(row, _current(session, row), due, max(0, (today - due).days)))
    return sorted(found, key=lambda one: -one.late)


def _current(session: Session, row: Series) -> Meeting | None:
    """What is to be done next: a meeting whose minutes are not closed, or the planned one."""
    unfinished = (State.RUNNING, State.PRESENTED, State.PLANNED)
    return session.scalar(
        select(Meeting).where(Meeting.series_id == row.id, Meeting.state.in_(unfinished))
        .order_by((Meeting.state == State.PLANNED), Meeting.planned_on).limit(1)
    )  # fmt: skip


def series(session: Session, series_id: int, actor: Actor) -> Series:
    """The series; raises UnknownMeeting for who may not read it."""
    row = session.get(Series, series_id)
    if row is None or not _may_read(row, actor):
        raise errors.UnknownMeeting
    return row


def meeting(session: Session, meeting_id: int, actor: Actor) -> tuple[Meeting, Series]:
    """The meeting with its series; raises UnknownMeeting for who may not read it."""
    row = session.get(Meeting, meeting_id)
    if row is None:
        raise errors.UnknownMeeting
    return row, series(session, row.series_id, actor)


def held(session: Session, actor: Actor, *, series_id: int = 0, before: int = 0) -> list[tuple[Meeting, str]]:
    """Meetings that were begun or called off, with the name of their series, the newest first: a page and one more."""
    query = (
        select(Meeting, Series.name).join(Series, Series.id == Meeting.series_id)
        .where(Meeting.state != State.PLANNED).order_by(Meeting.id.desc()).limit(PAGE + 1)
    )  # fmt: skip
    if not is_leader(actor):
        query = query.where(Series.roles.overlap(sorted(actor.roles)))
    if series_id:
        query = query.where(Meeting.series_id == series_id)
    if before:
        query = query.where(Meeting.id < before)
    return [(row, name) for row, name in session.execute(query)]


def topics(session: Session, meeting_id: int) -> Sequence[Topic]:
    """The agenda as it is kept, in its order."""
    return session.scalars(select(Topic).where(Topic.meeting_id == meeting_id).order_by(Topic.place, Topic.id)).all()


def decisions(session: Session, meeting_id: int) -> Sequence[Decision]:
    """What was decided, in the order in which it was written down."""
    return session.scalars(select(Decision).where(Decision.meeting_id == meeting_id).order_by(Decision.id)).all()


def tasks(session: Session, meeting_id: int) -> Sequence[MeetingTask]:
    """Who does what until when."""
    return session.scalars(
        select(MeetingTask).where(MeetingTask.meeting_id == meeting_id).order_by(MeetingTask.id)
    ).all()


def consents(session: Session, meeting_id: int) -> Sequence[Consent]:
    """Whose leaders have agreed to the minutes."""
    return session.scalars(select(Consent).where(Consent.meeting_id == meeting_id).order_by(Consent.at)).all()


def entries(session: Session, *, meeting_id: int = 0, series_id: int = 0) -> Sequence[MeetingEntry]:
    """The history of a meeting, or of a series without its meetings."""
    where = (
        MeetingEntry.meeting_id == meeting_id
        if meeting_id
        else (MeetingEntry.series_id == series_id) & MeetingEntry.meeting_id.is_(None)
    )
    return session.scalars(select(MeetingEntry).where(where).order_by(MeetingEntry.id)).all()


def before(session: Session, row: Meeting) -> Meeting | None:
    """The meeting of the same series that was held before this one."""
    return session.scalar(
        select(Meeting).where(Meeting.series_id == row.series_id, Meeting.state.in_(BEGUN), Meeting.id != row.id)
        .where(Meeting.held_on <= (row.held_on or row.planned_on)).order_by(Meeting.held_on.desc(), Meeting.id.desc())
        .limit(1)
    )  # fmt: skip


def open_before(session: Session, row: Meeting) -> Sequence[MeetingTask]:
    """What is still to be done of what earlier meetings of the series gave out."""
    earlier = select(Meeting.id).where(Meeting.series_id == row.series_id, Meeting.id != row.id)
    return session.scalars(_open().where(MeetingTask.meeting_id.in_(earlier))).all()


def _open() -> Select[MeetingTask]:
    return select(MeetingTask).where(MeetingTask.state == TaskState.OPEN).order_by(MeetingTask.due_on, MeetingTask.id)


def tasks_of(session: Session, actor: Actor) -> Sequence[MeetingTask]:
    """The open tasks of this person; for a leader all of the own agency (R41)."""
    mine = MeetingTask.assignee_id == actor.id
    if office.LEADERS.get(actor.partner) in actor.roles:
        mine |= MeetingTask.partner == actor.partner
    return session.scalars(_open().where(mine)).all()
