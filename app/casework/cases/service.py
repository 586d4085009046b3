"""What changes cases: opening, the next date, notices to the payer, closing. The processes decide when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from app.casework import errors
from app.casework.cases import models, payers, queries, reopenings
from app.casework.circumstances import queries as circumstances
from app.casework.circumstances.models import BenefitStatus
from app.casework.clients import queries as clients
from app.office import calendar
from app.office import queries as office
from workflows import engine, starts

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

PROCESS = "case"
LIVING_COSTS = "HLU"
CAME_BACK = "Neuer Datensatz derselben Person"


def open_case(
    session: Session,
    client_id: int,
    *,
    actor: Actor,
    now: datetime,
    reference_date: date | None = None,
    household_payer: str = "",
    at: str = "",
) -> int:
    """Opens the case of a client at the desk and starts its process; returns the case's id. `at` is the start event,
    where the process has several (`beginnings`).

    On a closed day OfficeClosed tells the next open one; given as `reference_date`, the case is dated to it (R15).
    Raises OfficeClosed, CaseOpenAlready, UnknownClient, ValuesRefused, and CaseReopenable for somebody whose case was
    closed not long ago.
    """
    opening = office.opening(session, now)
    if not opening.is_open and (opening.reason != "closed_day" or reference_date != opening.next_open):
        raise errors.OfficeClosed(opening.reason, opening.day, opening.next_open)
    day = reference_date or opening.day
    if day > opening.day and day != opening.next_open:
        raise errors.ValuesRefused({"reference_date": "future"})
    _after_opening(session, day)
    earlier = _closed_lately(session, client_id, day)
    if earlier is not None:
        raise errors.CaseReopenable(earlier.id)
    values = {"imported": False}
    return _open(session, client_id, day, actor=actor, now=now, values=values, household_payer=household_payer, at=at)


def beginnings(session: Session, process: str = PROCESS) -> dict[str, tuple[str, str]]:
    """Where the process of a case, or another one, can begin: start events with their names, German and English."""
    return {info.id: (info.name, info.name_en) for info in starts.plain(session, process)}


def open_imported(
    session: Session, client_id: int, *, reference_date: date, actor: Actor, now: datetime, at: str = ""
) -> int:
    """Opens the case of an imported record as it stands, on a closed day too; returns the case's id. `at` as for
    `open_case`.

    Raises OfficeClosed while no agreement is in force or the office has not opened, CaseOpenAlready.
    """
    opening = office.opening(session, now)
    if not opening.is_open and opening.reason != "closed_day":
        raise errors.OfficeClosed(opening.reason, opening.day, opening.next_open)
    _after_opening(session, reference_date)
    values = {"imported": True}
    earlier = _closed_lately(session, client_id, reference_date)
    if earlier is not None:
        reopenings.go_on(session, earlier, reason=CAME_BACK, values=values, actor=actor, now=now, at=at)
        return earlier.id
    return _open(session, client_id, reference_date, actor=actor, now=now, values=values, at=at)


def _closed_lately(session: Session, client_id: int, day: date) -> models.CaseFile | None:
    """The case that goes on when this person comes back; None while one is open, or when all ended too long ago."""
    if queries.open_case_of(session, client_id) is not None:
        return None
    return reopenings.latest(session, clients.same_person(session, client_id), day)


def _after_opening(session: Session, day: date) -> None:
    """No case is dated before the doors were opened (R15)."""
    first = office.opening_day(session)
    if first is not None and day < first:
        raise errors.OfficeClosed("before_opening", day, calendar.snapshot(session).working_day_from(first))


def _open(
    session: Session,
    client_id: int,
    day: date,
    *,
    actor: Actor,
    now: datetime,
    values: dict[str, bool],
    household_payer: str = "",
    at: str = "",
) -> int:
    opened = queries.open_case_of(session, client_id)
    if opened is not None:
        raise errors.CaseOpenAlready(opened)
    case = models.CaseFile(client_id=client_id, reference_date=day, opened_at=now, household_payer=household_payer)
    session.add(case)
    session.flush()
    case.number = f"{day.year}-{case.id:05d}"
    _note_present_payer(session, case, actor=actor, now=now)
    session.flush()
    case.instance_id = engine.start(
        session, PROCESS, subject=str(case.id), values=dict(values), actor=actor, now=now, at=at
    )
    session.flush()
    return case.id


def _note_present_payer(session: Session, case: models.CaseFile, *, actor: Actor, now: datetime) -> None:
    """Whoever receives social assistance already is paid by somebody: by department 5, before the office opened."""
    known = circumstances.circumstances(session, case.client_id, case.reference_date)
    living = [row for row in known.counting(case.reference_date) if row.kind == LIVING_COSTS]
    case.provisional = any(row.status == BenefitStatus.APPLIED for row in living)
    if any(row.status == BenefitStatus.RUNNING for row in living):
        payer = next((row.payer for row in living if row.payer), "") or str(
            office.setting(session, "stock_payer") or ""
        )
        payers.begin(session, case.id, payer=payer, valid_from=case.reference_date, actor=actor, now=now)


def set_route(session: Session, case_id: int, *, route: str, route_group: str, rule: str, rule_version: str) -> None:
    """The route of a case as a person confirmed it."""
    case = queries.case_file(session, case_id)
    case.route, case.route_group, case.rule, case.rule_version = route, route_group, rule, rule_version


def set_lead(session: Session, case_id: int, lead: str) -> None:
    """The role that leads the case; each case has one."""
    queries.case_file(session, case_id).lead = lead


def set_next_contact(session: Session, case_id: int, day: date | None) -> None:
    """The next date with the client."""
    queries.case_file(session, case_id).next_contact = day


def send_notice(
    session: Session, case_id: int, *, kind: str, receiver: str, actor: Actor, now: datetime, text: str = ""
) -> int:
    """Sends the payer a message about the case (start, change, end, hand-over); returns its id."""
    row = models.Notice(case_id=case_id, kind=kind, receiver=receiver, text=text, sent_by=actor.name, sent_at=now)
    session.add(row)
    session.flush()
    return row.id


def confirm_notices(session: Session, case_id: int, *, receiver: str, actor: Actor, now: datetime) -> int:
    """Confirms all open notices to this receiver; returns how many there were."""
    table = models.Notice
    done = session.execute(
        update(table)
        .where(table.case_id == case_id, table.receiver == receiver, table.confirmed_at.is_(None))
        .values(confirmed_by=actor.name, confirmed_by_id=actor.id, confirmed_at=now)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]  # a cursor result


def query_notices(session: Session, case_id: int, *, receiver: str, query: str) -> None:
    """The receiver asks back instead of confirming; the notices stay open."""
    table = models.Notice
    for row in session.scalars(
        select(table).where(table.case_id == case_id, table.receiver == receiver, table.confirmed_at.is_(None))
    ):
        row.query = query


def close_case(session: Session, case_id: int, *, reason: str, now: datetime) -> None:
    """Closes a case with its reason; nothing is offered to payers any more. Closing twice keeps the first reason."""
    case = queries.case_file(session, case_id)
    if case.status == models.CaseStatus.CLOSED:
        return
    payers.withdraw(session, case_id)
    case.status, case.closed_at, case.closing_reason, case.next_contact = models.CaseStatus.CLOSED, now, reason, None
