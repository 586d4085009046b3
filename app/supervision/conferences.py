"""Case conferences: a leader calls those together who are concerned with a case that does not get on. The process
`conference` gives each of them a task and the leader the one to note the result; the case itself goes on meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from app.casework import begun
from app.casework import models as casework_models
from app.casework import service as casework
from app.notices import service as notices
from app.notices.models import Kind
from app.office import dates
from app.office import queries as office
from app.supervision import errors
from workflows import engine
from workflows.models import Task

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor, Value

PROCESS: Final = begun.CONFERENCE
LONGEST: Final = 500
# Whoever works on cases may be called; data protection and administration are not.
PARTIES: Final = ("KS", "BFK", "FM", "VM", "FB5", "LTG_STADT", "LTG_AA")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A conference as a leader calls it: the day, where and when on it, who comes, what it is about, and at which
    start event its process begins where it has several.
    """

    day: date
    place: str
    parties: tuple[str, ...]
    reason: str
    start: str = ""


def beginnings(session: Session) -> dict[str, tuple[str, str]]:
    """The start events of the process to choose from, with their names, German and English."""
    return casework.beginnings(session, PROCESS)


def concerned(session: Session, case_id: int) -> frozenset[str]:
    """The roles that have the lead or an open task of the case."""
    lead = session.scalar(select(casework_models.CaseFile.lead).where(casework_models.CaseFile.id == case_id))
    roles = session.scalars(select(Task.role).where(Task.subject == str(case_id)).distinct())
    return frozenset({lead or "", *roles}) & frozenset(PARTIES)


def is_called(session: Session, case_id: int) -> bool:
    """Whether a conference about the case is called and not held yet."""
    found = select(Task.id).where(Task.subject == str(case_id), Task.process == PROCESS).limit(1)
    return session.scalar(found) is not None


def call(session: Session, case_id: int, wanted: Wanted, *, actor: Actor, now: datetime, line: str) -> None:
    """Calls a conference about an open case: tasks for those invited, a remark with day and reason (`line`, in words)
    on the case, and a line in its history.

    Raises ConferenceRefused: role, unknown (no open case), called, past, parties, required, start.
    """
    chair = next((role for role in office.LEADERS.values() if role in actor.roles), None)
    if chair is None:
        raise errors.ConferenceRefused("role")
    instance_id = _open(session, case_id)
    _check(session, case_id, wanted, today=dates.day_of(now), known=office.roles(session))
    values: dict[str, Value] = {
        "conference_on": wanted.day.isoformat(),
        "parties": list(wanted.parties),
        "chair": chair,
    }
    casework.comment(session, case_id, line, actor=actor, now=now)
    detail = {"on": wanted.day.isoformat(), "parties": list(wanted.parties), "reason": wanted.reason}
    engine.note(session, instance_id, actor=actor, now=now, kind="conference", name="Fallbesprechung", detail=detail)
    engine.start(session, PROCESS, subject=str(case_id), values=values, actor=actor, now=now, at=wanted.start)
    people = {one.account_id for role in (*wanted.parties, chair) for one in office.people_in_role(session, role, now)}
    notices.tell(session, people, Kind.CONFERENCE, target=case_id, actor=actor, now=now, case_id=case_id)


def _open(session: Session, case_id: int) -> int:
    """The instance of an open case; its row is locked, so that two leaders do not call side by side."""
    file = casework_models.CaseFile
    found = session.execute(
        select(file.instance_id).where(file.id == case_id, file.status == "open").with_for_update()
    ).one_or_none()  # fmt: skip
    if found is None or found.instance_id is None:
        raise errors.ConferenceRefused("unknown")
    return int(found.instance_id)


def _check(session: Session, case_id: int, wanted: Wanted, *, today: date, known: Collection[str]) -> None:
    if is_called(session, case_id):
        raise errors.ConferenceRefused("called")
    if wanted.day <= today:
        raise errors.ConferenceRefused("past", "day")
    if not wanted.parties or not set(wanted.parties) <= set(PARTIES) & set(known):
        raise errors.ConferenceRefused("parties", "parties")
    if not wanted.reason.strip():
        raise errors.ConferenceRefused("required", "reason")
    choices = beginnings(session)
    if (wanted.start or len(choices) > 1) and wanted.start not in choices:
        raise errors.ConferenceRefused("start", "start")
