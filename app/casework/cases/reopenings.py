"""Opening closed cases again: whoever comes back within some months goes on in the same file, with a new process.

What was before stays: decisions, plans, talks, the history of the old process. Later a new case is opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from app.casework import errors
from app.casework.cases import models, queries, standing
from app.office import dates
from app.office import queries as office
from workflows import engine, starts

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

PROCESS = "case"
LEADERS: Final = frozenset({"LTG_STADT", "LTG_AA"})


def reopenable_until(session: Session, case: models.CaseFile) -> date | None:
    """The last day on which a closed case can be opened again; None while it is open."""
    if case.closed_at is None:
        return None
    return dates.add_months(dates.day_of(case.closed_at), int(office.setting(session, "reopen_months") or 0))


def may_reopen(case: models.CaseFile, actor: Actor) -> bool:
    """Reception, whoever led the case, and the leaders."""
    return bool(actor.roles & (LEADERS | {"KS", case.lead}))


def latest(session: Session, people: Collection[int], today: date) -> models.CaseFile | None:
    """The newest closed case of a person (under all its files) that can still be opened again."""
    table = models.CaseFile
    found = select(table).where(table.client_id.in_(people), table.status == models.CaseStatus.CLOSED)
    row = session.scalars(found.order_by(table.closed_at.desc()).limit(1)).first()
    last = None if row is None else reopenable_until(session, row)
    return row if last is not None and today <= last else None


def reopen(session: Session, case_id: int, *, reason: str, actor: Actor, now: datetime, at: str = "") -> None:
    """Opens a closed case again at the desk and starts a new process for it, at this start event where it has several.

    Raises UnknownCase, AccessDenied, CaseOpenAlready, OfficeClosed, and ValuesRefused when it is open, too long ago,
    no reason is given, or it is not clear where the process begins.
    """
    case = session.scalars(select(models.CaseFile).where(models.CaseFile.id == case_id).with_for_update()).one_or_none()
    if case is None:
        raise errors.UnknownCase(case_id)
    if not may_reopen(case, actor):
        raise errors.AccessDenied("not_lead")
    _check(session, case, reason, now=now)
    choices = {info.id for info in starts.plain(session, PROCESS)}
    if at not in choices and (at or len(choices) > 1):
        raise errors.ValuesRefused({"start": "start_unclear"})
    go_on(session, case, reason=reason, values={"imported": False}, actor=actor, now=now, at=at)


def go_on(
    session: Session,
    case: models.CaseFile,
    *,
    reason: str,
    values: dict[str, bool],
    actor: Actor,
    now: datetime,
    at: str = "",
) -> None:
    """Notes how the case had ended, and starts its new process with these values."""
    session.add(
        models.CaseReopening(
            case_id=case.id, closed_at=case.closed_at, closing_reason=case.closing_reason,
            instance_id=case.instance_id, reason=reason.strip(), author=actor.name, author_id=actor.id,
            reopened_at=now,
        )
    )  # fmt: skip
    case.status, case.closed_at, case.closing_reason = models.CaseStatus.OPEN, None, ""
    session.flush()
    case.instance_id = engine.start(
        session, PROCESS, subject=str(case.id), values=dict(values), actor=actor, now=now, at=at
    )
    session.flush()


def _check(session: Session, case: models.CaseFile, reason: str, *, now: datetime) -> None:
    last = reopenable_until(session, case)
    if last is None:
        raise errors.ValuesRefused({"reason": "case_open"})
    if dates.day_of(now) > last:
        raise errors.ValuesRefused({"reason": "reopen_too_late"})
    if not reason.strip():
        raise errors.ValuesRefused({"reason": "required"})
    opened = queries.open_case_of(session, case.client_id)
    if opened is not None:
        raise errors.CaseOpenAlready(opened)
    opening = office.opening(session, now)
    if not opening.is_open and opening.reason != "closed_day":
        raise errors.OfficeClosed(opening.reason, opening.day, opening.next_open)


def began_at(session: Session, case_id: int) -> datetime:
    """When the present run of a case began: when it was opened again last, or opened at all."""
    return standing.standing(session, case_id).began_at
