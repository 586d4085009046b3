"""Resting cases: somebody is away, ill, in custody or on maternity leave until a day. Then the case goes on by itself.

Care rests: its tasks come back on the day, its periods grow, its next date is that day. Money, age limits and the
decisions of leaders go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from app.casework import errors
from app.casework.cases import models, queries
from app.office import dates
from app.office import queries as office
from workflows import rests

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

REASONS: Final = ("absence", "illness", "custody", "maternity", "other")
RESTING: Final = frozenset({
    "intake", "clarification", "profiling", "anamnesis", "plan", "placement", "follow_up",
})  # fmt: skip
# Whoever pays, and whoever leads, goes on working.
BUSY: Final = frozenset({"BFK", "FB5", "LTG_STADT", "LTG_AA"})
LEADERS: Final = frozenset({"LTG_STADT", "LTG_AA"})
# What everybody reads at a task: why somebody rests is for those who read the talks.
HELD = "Fall angehalten"


def may_pause(case: models.CaseFile, actor: Actor) -> bool:
    """Whoever leads the case, reception while nobody does, and the leaders."""
    return bool(actor.roles & (LEADERS | {case.lead or "KS"}))


def current_pause(session: Session, case_id: int, on: date) -> models.CasePause | None:
    """The pause in which a case is on a day."""
    table = models.CasePause
    found = select(table).where(
        table.case_id == case_id, table.begins <= on, table.until > on, table.ended_on.is_(None)
    )  # fmt: skip
    return session.scalars(found.order_by(table.id.desc()).limit(1)).first()


def pause(
    session: Session, case_id: int, *, until: date, reason: str, remark: str, actor: Actor, now: datetime
) -> None:
    """Lets an open case rest until a day, which becomes its next date; raises ValuesRefused, AccessDenied."""
    case, today = _open_case(session, case_id, actor), dates.day_of(now)
    refused = _refused(session, until, today, reason)
    if current_pause(session, case_id, today) is not None:
        refused["until"] = "paused_already"
    if refused:
        raise errors.ValuesRefused(refused)
    rest = rests.Rest(dates.start_of(until), (until - today).days, RESTING, BUSY)
    rests.begin(session, case.instance_id or 0, rest, reason=HELD, actor=actor, now=now)
    session.add(
        models.CasePause(
            case_id=case_id, reason=reason, remark=remark, begins=today, until=until, author=actor.name,
            author_id=actor.id, recorded_at=now,
        )
    )  # fmt: skip
    case.next_contact = max(case.next_contact or until, until)
    session.flush()


def resume(session: Session, case_id: int, *, actor: Actor, now: datetime) -> None:
    """Ends the pause of a case before its day; without one nothing happens. Raises AccessDenied."""
    case, today = _open_case(session, case_id, actor), dates.day_of(now)
    row = current_pause(session, case_id, today)
    if row is None:
        return
    rests.end(
        session, case.instance_id or 0, until=dates.start_of(row.until), rested=(today - row.begins).days,
        left=(row.until - today).days, actor=actor, now=now,
    )  # fmt: skip
    row.ended_on, row.ended_by = today, actor.name
    case.next_contact = today if case.next_contact == row.until else case.next_contact
    session.flush()


def _open_case(session: Session, case_id: int, actor: Actor) -> models.CaseFile:
    case = queries.case_file(session, case_id)
    if not may_pause(case, actor):
        raise errors.AccessDenied("not_lead")
    if case.status != models.CaseStatus.OPEN:
        raise errors.ValuesRefused({"until": "case_closed"})
    return case


def _refused(session: Session, until: date, today: date, reason: str) -> dict[str, str]:
    refused: dict[str, str] = {}
    if until <= today:
        refused["until"] = "in_past"
    elif until > dates.add_months(today, int(office.setting(session, "pause_months") or 0)):
        refused["until"] = "pause_too_long"
    if reason not in REASONS:
        refused["reason"] = "unknown_choice"
    return refused
