"""What meetings give out to do: to whom, until when, and what became of it. Each leader names the own people (R41)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.meetings import errors, queries
from app.meetings.models import Meeting, MeetingTask, State, TaskState, Topic
from app.meetings.series import note
from app.notices import service as notices
from app.notices.models import Kind
from app.office import dates
from app.office import queries as office
from workflows.handlers import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

LINE = 1_000
LIMIT = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done, by which agency, by whom of the own staff (else its leader names somebody), until when."""

    text: str
    partner: str
    assignee_id: int | None
    due_on: date
    topic_id: int | None = None


def people(session: Session, partner: str, now: datetime) -> dict[int, str]:
    """The staff of an agency that can be given something to do, by name."""
    held = office.posts(session, dates.local(now))
    found = {post.account_id: post.name for post in held if post.partner == partner and post.account_id}
    return dict(sorted(found.items(), key=lambda one: one[1]))


def give(session: Session, meeting_id: int, wanted: Wanted, *, actor: Actor, now: datetime) -> int:
    """Gives out a task while the minutes are written; who is named, or the agency's leader, is told. Returns its id.

    Raises MeetingRefused.
    """
    row = _writable(session, meeting_id)
    if not wanted.text:
        raise errors.MeetingRefused("required", "task")
    if wanted.due_on < dates.day_of(now):
        raise errors.MeetingRefused("past", "due_on")
    if wanted.partner not in office.LEADERS:
        raise errors.MeetingRefused("required", "partner")
    own = people(session, actor.partner, now)
    if wanted.assignee_id is not None and (wanted.partner != actor.partner or wanted.assignee_id not in own):
        raise errors.MeetingRefused("own_staff", "assignee")
    topic = session.get(Topic, wanted.topic_id) if wanted.topic_id else None
    made = MeetingTask(
        meeting_id=meeting_id, topic_id=topic.id if topic and topic.meeting_id == meeting_id else None,
        text=wanted.text[:LINE], partner=wanted.partner, assignee_id=wanted.assignee_id,
        assignee=own.get(wanted.assignee_id or 0, ""), due_on=wanted.due_on, state=TaskState.OPEN,
    )  # fmt: skip
    session.add(made)
    session.flush()
    detail = {"text": made.text, "due_on": made.due_on.isoformat(), "assignee": made.assignee, "partner": made.partner}
    note(session, row.series_id, meeting_id, "task", actor=actor, now=now, detail=detail)
    _tell(session, made, actor=actor, now=now)
    return made.id


def _writable(session: Session, meeting_id: int) -> Meeting:
    row = session.scalar(select(Meeting).where(Meeting.id == meeting_id).with_for_update())
    if row is None:
        raise errors.UnknownMeeting
    if row.state != State.RUNNING:
        raise errors.MeetingRefused("state")
    return row


def _tell(session: Session, task: MeetingTask, *, actor: Actor, now: datetime) -> None:
    leader = office.LEADERS[task.partner]
    people = (
        [task.assignee_id]
        if task.assignee_id is not None
        else [one.account_id for one in office.people_in_role(session, leader, now)]
    )
    notices.tell(session, people, Kind.MEETING_TASK, target=task.id, actor=actor, now=now)


def take_back(session: Session, task_id: int, *, actor: Actor, now: datetime) -> None:
    """Takes a task out of minutes that are not presented yet."""
    task = _locked(session, task_id)
    row = _writable(session, task.meeting_id)
    note(session, row.series_id, row.id, "task_struck", actor=actor, now=now, detail={"text": task.text})
    session.delete(task)


def _locked(session: Session, task_id: int) -> MeetingTask:
    row = session.scalar(select(MeetingTask).where(MeetingTask.id == task_id).with_for_update())
    if row is None:
        raise errors.UnknownMeeting
    return row


def _is_led(task: MeetingTask, actor: Actor) -> bool:
    return task.partner == actor.partner and office.LEADERS.get(actor.partner) in actor.roles


def hand(session: Session, task_id: int, assignee_id: int, *, actor: Actor, now: datetime) -> None:
    """Names who of the own staff does a task of the own agency; they are told. Raises MeetingRefused."""
    task = _locked(session, task_id)
    own = people(session, actor.partner, now)
    if not _is_led(task, actor) or assignee_id not in own:
        raise errors.MeetingRefused("own_staff", "assignee")
    if task.state != TaskState.OPEN:
        raise errors.MeetingRefused("over")
    detail = {"text": task.text, "from": task.assignee, "to": own[assignee_id]}
    task.assignee_id, task.assignee, task.told_late = assignee_id, own[assignee_id], False
    _note(session, task, "task_handed", actor=actor, now=now, detail=detail)
    _tell(session, task, actor=actor, now=now)


def end(session: Session, task_id: int, state: TaskState, outcome: str, *, actor: Actor, now: datetime) -> None:
    """Notes that a task is done, by who has it or leads the agency, or that it is dropped, by the leader with a reason.

    Raises MeetingRefused.
    """
    task = _locked(session, task_id)
    led = _is_led(task, actor)
    if not led and task.assignee_id != actor.id:
        raise errors.UnknownMeeting
    if task.state != TaskState.OPEN:
        raise errors.MeetingRefused("over")
    if state == TaskState.DROPPED and not led:
        raise errors.MeetingRefused("own_staff", "outcome")
    if state == TaskState.DROPPED and not outcome:
        raise errors.MeetingRefused("required", "outcome")
    task.state, task.outcome, task.ended_at, task.ended_by = state, outcome[:LINE], now, actor.name
    detail = {"text": task.text, "outcome": task.outcome}
    _note(session, task, f"task_{state.value}", actor=actor, now=now, detail=detail)


def _note(
    session: Session, task: MeetingTask, act: str, *, actor: Actor, now: datetime, detail: Mapping[str, str]
) -> None:
    row = session.get(Meeting, task.meeting_id)
    assert row is not None
    note(session, row.series_id, row.id, act, actor=actor, now=now, detail=dict(detail))


def tell_late(session: Session, *, now: datetime) -> int:
    """Tells once who has a task whose day is over; how many."""
    today = dates.day_of(now)
    late = select(MeetingTask).where(
        MeetingTask.state == TaskState.OPEN, MeetingTask.due_on < today, MeetingTask.told_late.is_(False)
    )
    rows = session.scalars(
        late.order_by(MeetingTask.due_on, MeetingTask.id).limit(LIMIT).with_for_update(skip_locked=True)
    )
    told = 0
    for task in rows:
        task.told_late = True
        _tell(session, task, actor=SYSTEM, now=now)
        told += 1
    return told


def of(session: Session, task_id: int, actor: Actor) -> MeetingTask:
    """The task, for who has it or leads the agency; raises UnknownMeeting for anybody else."""
    task = session.get(MeetingTask, task_id)
    if task is None or not (_is_led(task, actor) or task.assignee_id == actor.id or queries.is_leader(actor)):
        raise errors.UnknownMeeting
    return task
