"""Who is away when, and who stands in: tasks move to the substitute on the first day and back after the last one.

The worker does both, by the office's rule; each move stands in the history with its reason. A task that somebody else
has moved in between stays where it is then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select, text, update

from app.office import clock, dates, roster
from app.office import models as office
from app.office import queries as people
from app.supervision import assigning, errors, models
from workflows import touched

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

LONGEST: Final = 730
_away = office.Absence.__table__.c
_moves = models.StandIn.__table__.c
# Open tasks of people who are away by then, for whom somebody stands in; what was put aside beyond the return stays.
_OPEN = """
FROM office_absence AS away
JOIN office_staff AS person ON person.id = away.staff_id
JOIN office_staff AS cover ON cover.id = away.substitute_id
JOIN workflow_task AS task ON task.assignee_id = person.account_id
WHERE away.valid_from <= :day AND away.valid_to > :today
    AND (task.held_until IS NULL OR task.held_until < away.valid_to::timestamp AT TIME ZONE 'Europe/Berlin')
    AND NOT EXISTS (SELECT FROM supervision_stand_in AS move WHERE move.absence_id = away.id AND move.task_id = task.id)
"""
_LEAVING = text(f"""
SELECT away.id, away.valid_from, away.valid_to, task.id AS task_id, person.account_id AS person_id,
    person.name AS person, cover.account_id AS substitute_id {_OPEN} ORDER BY task.id LIMIT :number
""")
_NEXT_LEAVING = text(f"SELECT min(away.valid_from) {_OPEN}")
_TASKS_OF = text("""
SELECT DISTINCT task.subject FROM workflow_task AS task JOIN office_staff AS person
    ON person.account_id = task.assignee_id WHERE person.id = :staff_id
""")


@dataclass(frozen=True, slots=True)
class Planned:
    """An absence as a leader enters it: both days belong to it."""

    staff_id: int
    first: date
    last: date
    kind: str
    substitute_id: int | None


def enter(session: Session, planned: Planned, *, actor: Actor, now: datetime) -> int:
    """Enters an absence of somebody whom this leader leads (R41); returns its id. What has begun moves at once.

    Raises AbsenceRefused: own_agency, before_start, too_long, past, unknown_choice, overlap, substitute,
    substitute_away.
    """
    _require_own(session, planned.staff_id, actor)
    _check(session, planned, today=dates.day_of(now))
    if planned.substitute_id is not None and planned.substitute_id not in {
        one for one, _name in substitutes(session, planned.staff_id, now=now)
    }:
        raise errors.AbsenceRefused("substitute", "substitute")
    row = {
        "staff_id": planned.staff_id, "valid_from": planned.first, "valid_to": planned.last + timedelta(1),
        "kind": planned.kind, "substitute_id": planned.substitute_id, "entered_by": actor.name,
    }  # fmt: skip
    made = session.execute(insert(office.Absence).values(row).returning(office.Absence.id)).scalar_one()
    _refresh(session, planned.staff_id)
    turn(session, now=now, limit=LIMIT)
    return int(made)


LIMIT: Final = 50


def _require_own(session: Session, staff_id: int, actor: Actor) -> None:
    """The row of the person is locked, so that two absences are never entered side by side."""
    found = session.execute(
        select(office.Staff.partner_id).where(office.Staff.id == staff_id).with_for_update()
    ).one_or_none()
    leader = people.LEADERS.get(actor.partner)
    if found is None or leader not in actor.roles or found.partner_id != actor.partner:
        raise errors.AbsenceRefused("own_agency")


def _check(session: Session, planned: Planned, *, today: date) -> None:
    if planned.last < planned.first:
        raise errors.AbsenceRefused("before_start", "last")
    if (planned.last - planned.first).days > LONGEST:
        raise errors.AbsenceRefused("too_long", "last")
    if planned.last < today:
        raise errors.AbsenceRefused("past", "last")
    if planned.kind not in set(office.AbsenceKind):
        raise errors.AbsenceRefused("unknown_choice", "kind")
    met = _meets(session, planned.staff_id, planned)
    if met is not None:
        raise errors.AbsenceRefused("overlap", "first", met.valid_from, met.valid_to - timedelta(1))
    cover = None if planned.substitute_id is None else _meets(session, planned.substitute_id, planned)
    if cover is not None:
        raise errors.AbsenceRefused("substitute_away", "substitute", cover.valid_from, cover.valid_to - timedelta(1))


def _meets(session: Session, staff_id: int, planned: Planned) -> Any:  # noqa: ANN401  a row
    """An absence of this person that shares a day with the planned one."""
    return session.execute(
        select(office.Absence.__table__)
        .where(_away.staff_id == staff_id, _away.valid_from <= planned.last, _away.valid_to > planned.first)
        .order_by(_away.valid_from)
    ).first()


def substitutes(session: Session, staff_id: int, *, now: datetime) -> tuple[tuple[int, str], ...]:
    """Who may stand in for somebody, by name: whoever of the agency holds one of the roles, or stands in for it."""
    held = people.posts(session, dates.local(now))
    own = {post.role for post in held if post.staff_id == staff_id}
    agency = {post.partner for post in held if post.staff_id == staff_id}
    rows = roster.of(session, dates.day_of(now))
    covers = {by_role for role, by_role in (rows[0].covers if rows else ()) if role in own}
    fitting = own | covers
    found = {
        (post.staff_id, post.name)
        for post in held
        if post.role in fitting and post.partner in agency and post.staff_id != staff_id and post.account_id is not None
    }
    return tuple(sorted(found, key=lambda one: one[1]))


def end(session: Session, absence_id: int, *, actor: Actor, now: datetime) -> None:
    """The person is back from today on, or does not go at all; what was moved goes back. Raises AbsenceRefused."""
    row = session.execute(select(office.Absence.__table__).where(_away.id == absence_id)).one_or_none()
    if row is None:
        raise errors.AbsenceRefused("unknown")
    _require_own(session, row.staff_id, actor)
    today = dates.day_of(now)
    if row.valid_to <= today:
        raise errors.AbsenceRefused("past")
    if row.valid_from < today:
        session.execute(update(office.Absence).where(_away.id == absence_id).values(valid_to=today))
    else:
        session.execute(delete(office.Absence).where(_away.id == absence_id))
    session.execute(
        update(models.StandIn).where(_moves.absence_id == absence_id, _moves.outcome == "").values(back_on=today)
    )
    _refresh(session, row.staff_id)
    turn(session, now=now, limit=LIMIT)


def _refresh(session: Session, staff_id: int) -> None:
    """What stands still because of this person is found anew before the transaction ends."""
    for subject in session.scalars(_TASKS_OF, {"staff_id": staff_id}):
        touched.mark(session, subject)


def turn(session: Session, *, now: datetime, limit: int) -> int:
    """Moves so many tasks whose day has come, back ones first; how many were looked at."""
    session.flush()
    today = dates.day_of(now)
    back = session.execute(
        select(models.StandIn.__table__)
        .where(_moves.outcome == "", _moves.back_on <= today)
        .order_by(_moves.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in back:
        _give_back(session, row, now)
    rest = limit - len(back)
    leaving = session.execute(_LEAVING, {"day": today, "today": today, "number": rest}).all() if rest else []
    for row in leaving:
        _give_away(session, row, now)
    return len(back) + len(leaving)


def _give_away(session: Session, row: Any, now: datetime) -> None:  # noqa: ANN401  a row of _LEAVING
    last = row.valid_to - timedelta(1)
    reason = assigning.AWAY.format(first=assigning.written(row.valid_from), last=assigning.written(last))
    given = assigning.hand(
        session, row.task_id, assigning.Hand(row.person_id, row.substitute_id, reason), now=now
    )  # fmt: skip
    move = {
        "absence_id": row.id, "task_id": row.task_id, "person_id": row.person_id, "person": row.person,
        "substitute_id": row.substitute_id, "back_on": row.valid_to, "moved_at": now,
        "outcome": "" if given.done else "refused", "code": given.code,
    }  # fmt: skip
    session.execute(insert(models.StandIn).values(move))


def _give_back(session: Session, row: Any, now: datetime) -> None:  # noqa: ANN401  a row of moves
    begins = session.scalar(select(office.Absence.valid_from).where(_away.id == row.absence_id))
    first = assigning.written(begins or dates.day_of(row.moved_at))
    last = max(row.back_on - timedelta(1), begins or dates.day_of(row.moved_at))
    reason = assigning.BACK.format(first=first, last=assigning.written(last))
    given = assigning.hand(session, row.task_id, assigning.Hand(row.substitute_id, row.person_id, reason), now=now)
    outcome = "back" if given.done else given.code if given.code in {"kept", "gone"} else "refused"
    session.execute(
        update(models.StandIn).where(_moves.id == row.id).values(outcome=outcome, code=given.code)
    )  # fmt: skip


class Source:
    """The days on which tasks move, for the moves of the training clock."""

    def next_at(self, session: Session, until: datetime, skipped: Sequence[int]) -> datetime | None:  # noqa: ARG002
        """The beginning of the earliest day on which a task moves."""
        last = dates.day_of(until)
        known = {"day": last, "today": clock.training_day(session) or last}
        days = [
            session.scalar(_NEXT_LEAVING, known),
            session.scalar(select(_moves.back_on).where(_moves.outcome == "").order_by(_moves.back_on).limit(1)),
        ]
        found = [day for day in days if day is not None and day <= last]
        return dates.start_of(min(found)) if found else None

    def play(self, session: Session, at: datetime, skipped: Sequence[int]) -> int | None:  # noqa: ARG002
        """Moves the tasks of this day."""
        turn(session, now=at, limit=LIMIT)
        return None
