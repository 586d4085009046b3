"""Series of meetings: starting, changing, ending them, and the day of the next one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from app.meetings import errors, queries
from app.meetings.models import Meeting, MeetingEntry, Series, SeriesKind, State, Topic
from app.office import calendar, dates
from app.office import queries as office

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

# Who may be invited: whoever works on cases. Data protection and administration are not.
INVITED: Final = ("KS", "BFK", "FM", "VM", "FB5", "LTG_STADT", "LTG_AA")
RHYTHMS: Final = (1, 2, 4, 6, 8, 13, 26)
LONGEST: Final = 100
# With these questions people look back (R72, "Reflexion"); they may be struck off.
ASKED: Final = ("good", "bad", "change")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A series as leaders want it: what for, how often, from which day on, when and where on it, and who comes."""

    kind: str
    name: str
    weeks: int
    first_on: date
    time: str
    place: str
    roles: tuple[str, ...]


def start(session: Session, wanted: Wanted, *, actor: Actor, now: datetime) -> int:
    """Starts a series with its first meeting; returns the series' id. Raises MeetingRefused."""
    _check(wanted, office.roles(session))
    if wanted.first_on < dates.day_of(now):
        raise errors.MeetingRefused("past", "first_on")
    made = Series(**asdict(wanted) | {"roles": list(wanted.roles)})
    session.add(made)
    session.flush()
    note(session, made.id, None, "started", actor=actor, now=now, detail=_told(wanted))
    plan(session, made, now=now)
    return made.id


def _told(wanted: Wanted) -> dict[str, Any]:
    return asdict(wanted) | {"first_on": wanted.first_on.isoformat(), "roles": list(wanted.roles)}


def _check(wanted: Wanted, known: Any) -> None:  # noqa: ANN401  roles by code
    if wanted.kind not in set(SeriesKind):
        raise errors.MeetingRefused("required", "kind")
    if not wanted.name:
        raise errors.MeetingRefused("required", "name")
    if wanted.weeks not in RHYTHMS:
        raise errors.MeetingRefused("required", "weeks")
    if not wanted.roles or not set(wanted.roles) <= set(INVITED) & set(known):
        raise errors.MeetingRefused("roles", "roles")


def change(session: Session, series_id: int, wanted: Wanted, *, actor: Actor, now: datetime) -> None:
    """Changes name, rhythm, time, place and whom the series invites; kind and first day stay. Raises MeetingRefused."""
    row = locked(session, series_id)
    _check(wanted, office.roles(session))
    before = {name: getattr(row, name) for name in ("name", "weeks", "time", "place", "roles")}
    after = {name: value for name, value in _told(wanted).items() if name in before}
    changed = {name: [before[name], value] for name, value in after.items() if before[name] != value}
    if not changed:
        return
    for name, value in after.items():
        setattr(row, name, value)
    note(session, series_id, None, "changed", actor=actor, now=now, detail=changed)


def end(session: Session, series_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Ends a series: nothing of it is planned any more, what was held stays. Raises MeetingRefused."""
    row = locked(session, series_id)
    if not reason:
        raise errors.MeetingRefused("required", "reason")
    if session.scalar(_of(row, State.RUNNING, State.PRESENTED)) is not None:
        raise errors.MeetingRefused("unfinished")
    planned = session.scalar(_of(row, State.PLANNED))
    if planned is not None:
        planned.state = State.CANCELLED
    row.ended_at = now
    note(session, series_id, None, "ended", actor=actor, now=now, detail={"reason": reason})


def _of(row: Series, *states: State) -> Any:  # noqa: ANN401  a select
    return select(Meeting).where(Meeting.series_id == row.id, Meeting.state.in_(states)).limit(1)


def locked(session: Session, series_id: int) -> Series:
    """The series, locked, if it goes on; raises UnknownMeeting, or MeetingRefused when it has ended."""
    row = session.scalar(select(Series).where(Series.id == series_id).with_for_update())
    if row is None:
        raise errors.UnknownMeeting
    if row.ended_at is not None:
        raise errors.MeetingRefused("ended")
    return row


def plan(session: Session, row: Series, *, now: datetime) -> Meeting:
    """Plans the next meeting of a series on a day on which the office works."""
    day = max(queries.due_on(session, row), dates.day_of(now))
    made = Meeting(series_id=row.id, state=State.PLANNED, planned_on=calendar.snapshot(session).working_day_from(day))
    session.add(made)
    session.flush()
    if row.kind == SeriesKind.REFLECTION:
        session.add_all(
            Topic(meeting_id=made.id, place=number, source=f"asked_{one}") for number, one in enumerate(ASKED, 1)
        )
    return made


def note(
    session: Session, series_id: int, meeting_id: int | None, act: str, *, actor: Actor, now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Writes down who did what."""
    session.add(MeetingEntry(
        series_id=series_id, meeting_id=meeting_id, at=now, actor=actor.name, actor_id=actor.id, act=act,
        detail=detail or {},
    ))  # fmt: skip
