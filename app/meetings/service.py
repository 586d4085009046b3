"""What leaders do with a meeting: prepare, begin, write down, present, agree. From the moment at which both agencies
have agreed nothing of it changes any more (R72).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import delete, func, select, update

from app.meetings import errors, queries, series
from app.meetings.models import OWN, PRESENT, Consent, Decision, Meeting, Series, State, Topic
from app.meetings.series import note
from app.notices import service as notices
from app.notices.models import Kind
from app.office import calendar, dates
from app.office import queries as office

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

TITLE: Final = 200
TEXT: Final = 10_000
LINE: Final = 1_000
MOST: Final = 100


def _locked(session: Session, meeting_id: int, *states: State) -> Meeting:
    """The meeting, locked, if it is in one of these states."""
    row = session.scalar(select(Meeting).where(Meeting.id == meeting_id).with_for_update())
    if row is None:
        raise errors.UnknownMeeting
    if row.state not in states:
        raise errors.MeetingRefused("state")
    return row


def add_topic(session: Session, meeting_id: int, title: str, *, actor: Actor, now: datetime) -> None:
    """Puts a topic on the agenda; everybody who is invited may propose one until the meeting begins, leaders until the
    minutes are presented. Raises MeetingRefused.
    """
    states = (State.PLANNED, State.RUNNING) if queries.is_leader(actor) else (State.PLANNED,)
    row = _locked(session, meeting_id, *states)
    if not title:
        raise errors.MeetingRefused("required", "title")
    last = session.scalar(select(func.max(Topic.place)).where(Topic.meeting_id == meeting_id)) or 0
    if last >= MOST:
        raise errors.MeetingRefused("many", "title")
    session.add(Topic(
        meeting_id=meeting_id, place=last + 1, source=OWN, title=title[:TITLE], author=actor.name, author_id=actor.id
    ))  # fmt: skip
    note(session, row.series_id, meeting_id, "topic", actor=actor, now=now, detail={"title": title[:TITLE]})


def drop_topic(session: Session, meeting_id: int, topic_id: int, *, actor: Actor, now: datetime) -> None:
    """Takes a topic off the agenda of a meeting that has not begun: a leader any, everybody else the own ones."""
    row = _locked(session, meeting_id, State.PLANNED)
    topic = session.get(Topic, topic_id)
    if topic is None or topic.meeting_id != meeting_id:
        raise errors.UnknownMeeting
    if topic.author_id != actor.id and not queries.is_leader(actor):
        raise errors.MeetingRefused("not_yours")
    note(session, row.series_id, meeting_id, "topic_dropped", actor=actor, now=now, detail={"title": topic.title})
    session.delete(topic)


def move(session: Session, meeting_id: int, day: date, *, reason: str, actor: Actor, now: datetime) -> None:
    """Puts a meeting that has not begun on another day; those invited are told. Raises MeetingRefused."""
    row = _locked(session, meeting_id, State.PLANNED)
    if day < dates.day_of(now):
        raise errors.MeetingRefused("past", "day")
    if not calendar.snapshot(session).is_working_day(day):
        raise errors.MeetingRefused("closed_day", "day")
    if not reason:
        raise errors.MeetingRefused("required", "reason")
    told = {"from": row.planned_on.isoformat(), "to": day.isoformat(), "reason": reason}
    row.planned_on = day
    note(session, row.series_id, meeting_id, "moved", actor=actor, now=now, detail=told)
    _tell(session, row, Kind.MEETING, actor=actor, now=now)


def call_off(session: Session, meeting_id: int, *, reason: str, actor: Actor, now: datetime) -> int:
    """Calls a meeting off; the next one of the series is planned and gets the topics that people proposed. Returns it.

    A meeting that was called off does not count as held: the series stays due. Raises MeetingRefused.
    """
    row = _locked(session, meeting_id, State.PLANNED)
    if not reason:
        raise errors.MeetingRefused("required", "reason")
    row.state = State.CANCELLED
    note(session, row.series_id, meeting_id, "called_off", actor=actor, now=now, detail={"reason": reason})
    session.flush()
    following = series.plan(session, _series(session, row), now=now)
    tomorrow = calendar.snapshot(session).add_working_days(dates.day_of(now), 1)
    following.planned_on = max(following.planned_on, tomorrow)
    session.execute(
        update(Topic).where(Topic.meeting_id == meeting_id, Topic.source == OWN).values(meeting_id=following.id)
    )
    _tell(session, following, Kind.MEETING, actor=actor, now=now)
    return following.id


def _series(session: Session, row: Meeting) -> Series:
    found = session.get(Series, row.series_id)
    assert found is not None
    return found


def _tell(session: Session, row: Meeting, kind: Kind, *, actor: Actor, now: datetime) -> None:
    invited = _series(session, row).roles
    people = {one.account_id for role in invited for one in office.people_in_role(session, role, now)}
    notices.tell(session, people, kind, target=row.id, actor=actor, now=now)


def begin(
    session: Session,
    meeting_id: int,
    agenda: Iterable[tuple[str, list[dict[str, Any]]]],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Begins a meeting: its agenda stands from now on with the figures of this moment, those made from figures first.
    The next meeting of the series is planned.
    """
    row = _locked(session, meeting_id, State.PLANNED)
    own = list(queries.topics(session, meeting_id))
    present = Topic(meeting_id=meeting_id, source=PRESENT, note=_expected(session, row, now))
    made = [Topic(meeting_id=meeting_id, source=source, lines=lines) for source, lines in agenda]
    for place, topic in enumerate([present, *made, *own]):
        topic.place = place
    session.add_all([present, *made])
    row.state, row.held_on, row.begun_at = State.RUNNING, dates.day_of(now), now
    note(session, row.series_id, meeting_id, "begun", actor=actor, now=now)
    session.flush()
    found = _series(session, row)
    if found.ended_at is None:
        series.plan(session, found, now=now)


def _expected(session: Session, row: Meeting, now: datetime) -> str:
    """Who is at work in the roles that are invited, a line each: to be put right by whoever writes."""
    found = [one for role in _series(session, row).roles for one in office.people_in_role(session, role, now)]
    return "\n".join(dict.fromkeys(one.name for one in found if one.present and not one.substitute))


def write(session: Session, meeting_id: int, notes: Mapping[int, tuple[str, str]], *, actor: Actor) -> None:
    """Keeps what was written on topics: each text with the one that its writer had before them.

    Where somebody else has written on a topic meanwhile nothing is kept, and NotesConflict tells what stands there now.
    Raises MeetingRefused when the minutes are presented or closed.
    """
    _locked(session, meeting_id, State.RUNNING)
    changed = [
        (topic, *notes[topic.id])
        for topic in queries.topics(session, meeting_id)
        if topic.id in notes and notes[topic.id][0] not in {notes[topic.id][1], topic.note}
    ]
    theirs = {
        topic.id: topic.note for topic, _typed, was in changed if topic.note != was and topic.writer_id != actor.id
    }
    if theirs:
        raise errors.NotesConflict(theirs)
    for topic, typed, _was in changed:
        topic.note, topic.writer_id = typed[:TEXT], actor.id
    session.flush()


def decide(session: Session, meeting_id: int, text: str, topic_id: int | None, *, actor: Actor, now: datetime) -> None:
    """Writes down a decision; it holds when both leaders have agreed to the minutes. Raises MeetingRefused."""
    row = _locked(session, meeting_id, State.RUNNING)
    if not text:
        raise errors.MeetingRefused("required", "decision")
    session.add(Decision(meeting_id=meeting_id, topic_id=_topic(session, meeting_id, topic_id), text=text[:LINE]))
    note(session, row.series_id, meeting_id, "decided", actor=actor, now=now, detail={"text": text[:LINE]})


def _topic(session: Session, meeting_id: int, topic_id: int | None) -> int | None:
    found = session.get(Topic, topic_id) if topic_id else None
    return found.id if found is not None and found.meeting_id == meeting_id else None


def strike(session: Session, meeting_id: int, decision_id: int, *, actor: Actor, now: datetime) -> None:
    """Takes a decision out of minutes that are not presented yet."""
    row = _locked(session, meeting_id, State.RUNNING)
    found = session.get(Decision, decision_id)
    if found is None or found.meeting_id != meeting_id:
        raise errors.UnknownMeeting
    note(session, row.series_id, meeting_id, "struck", actor=actor, now=now, detail={"text": found.text})
    session.delete(found)


def present(session: Session, meeting_id: int, *, actor: Actor, now: datetime) -> None:
    """Presents the minutes: nobody writes on them any more, whoever presents them has agreed, the other leader is
    asked. Raises MeetingRefused when nothing has been written.
    """
    row = _locked(session, meeting_id, State.RUNNING)
    if not _is_written(session, row):
        raise errors.MeetingRefused("empty")
    row.state, row.digest = State.PRESENTED, digest(session, row)
    note(session, row.series_id, meeting_id, "presented", actor=actor, now=now)
    session.flush()
    agree(session, meeting_id, row.digest, actor=actor, now=now)
    others = [role for partner, role in office.LEADERS.items() if partner != actor.partner]
    people = {one.account_id for role in others for one in office.people_in_role(session, role, now)}
    notices.tell(session, people, Kind.MINUTES, target=meeting_id, actor=actor, now=now)


def _is_written(session: Session, row: Meeting) -> bool:
    return (
        any(topic.note for topic in queries.topics(session, row.id) if topic.source != PRESENT)
        or bool(queries.decisions(session, row.id))
        or bool(queries.tasks(session, row.id))
    )


def agree(session: Session, meeting_id: int, seen: str, *, actor: Actor, now: datetime) -> bool:
    """Notes that the leader agrees to the minutes as they were seen; whether they are closed now. One person agrees for
    one agency. Raises MeetingRefused.
    """
    row = _locked(session, meeting_id, State.PRESENTED)
    if office.LEADERS.get(actor.partner) not in actor.roles:
        raise errors.UnknownMeeting
    if seen != row.digest:
        raise errors.MeetingRefused("changed")
    given = queries.consents(session, meeting_id)
    if any(one.account_id == actor.id or one.partner == actor.partner for one in given):
        raise errors.MeetingRefused("agreed")
    session.add(Consent(meeting_id=meeting_id, partner=actor.partner, account_id=actor.id, name=actor.name, at=now))
    note(session, row.series_id, meeting_id, "agreed", actor=actor, now=now)
    session.flush()
    if len(given) + 1 < len(office.LEADERS):
        return False
    row.state, row.closed_at = State.CLOSED, now
    note(session, row.series_id, meeting_id, "closed", actor=actor, now=now, detail={"digest": row.digest})
    return True


def send_back(session: Session, meeting_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Opens presented minutes again for writing; nobody has agreed to them any more. Raises MeetingRefused."""
    row = _locked(session, meeting_id, State.PRESENTED)
    if not reason:
        raise errors.MeetingRefused("required", "reason")
    session.execute(delete(Consent).where(Consent.meeting_id == meeting_id))
    row.state, row.digest = State.RUNNING, ""
    note(session, row.series_id, meeting_id, "sent_back", actor=actor, now=now, detail={"reason": reason})
    people = {one.account_id for role in queries.LEADERS for one in office.people_in_role(session, role, now)}
    notices.tell(session, people, Kind.MINUTES, target=meeting_id, actor=actor, now=now)


def digest(session: Session, row: Meeting) -> str:
    """What both leaders agree to, as one number: date, those present, figures, notes, decisions, tasks as given out."""
    content = {
        "series": row.series_id, "held_on": row.held_on, "begun_at": row.begun_at,
        "topics": [[one.source, one.title, one.lines, one.note] for one in queries.topics(session, row.id)],
        "decisions": [one.text for one in queries.decisions(session, row.id)],
        "tasks": [[one.text, one.partner, one.due_on] for one in queries.tasks(session, row.id)],
    }  # fmt: skip
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)).hexdigest()
