"""Importing client records: a line is staged once and becomes a case when the office clock has reached its Stichtag."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.casework import errors
from app.casework.arrivals import models, rows
from app.casework.cases import queries as cases
from app.casework.cases import service as case_service
from app.casework.circumstances import queries as circumstances
from app.casework.clients import models as client_models
from app.casework.clients import service as clients
from app.office import dates
from app.office import queries as office
from workflows import engine, reasons
from workflows.errors import StepFailed, WorkflowError
from workflows.handlers import SYSTEM, Actor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

OPENING_HOUR = time(8)
FACTS_CHANGED = "facts_changed"
FIRST_LINE = 2


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was left out, with its number in the file and the reason."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the lines of a file: cases now, waiting for their day, known before, left out."""

    imported: int
    waiting: int
    known: int
    bad: tuple[BadLine, ...]


def import_records(
    session: Session,
    lines: Iterable[Mapping[str, str | None]],
    *,
    actor: Actor,
    now: datetime,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Takes the records of a client file in; safe to run twice, since a line is known by its id.

    A record whose Stichtag has come becomes a case at once, another one when the office clock reaches it. A line that
    cannot be read is reported with number and reason and stops nothing. `progress` is told how many lines were read.
    """
    staged = stage(session, lines, now=now, progress=progress)
    before = len(failures(session))
    arrived = 0
    while arrive(session, actor=actor, now=now) is not None:
        arrived += 1
    failed = len(failures(session)) - before
    return Report(arrived - failed, max(staged.waiting - arrived, 0), staged.known, staged.bad)


def stage(
    session: Session,
    lines: Iterable[Mapping[str, str | None]],
    *,
    now: datetime,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Notes the records of a file as arrivals and makes no case yet; for those who commit after each case."""
    fresh = known = 0
    bad: list[BadLine] = []
    for count, raw in enumerate(lines, start=1):
        try:
            line = rows.read(raw)
        except rows.LineRefused as refused:
            bad.append(BadLine(count + FIRST_LINE - 1, str(refused)))
        else:
            new = _stage(session, line, raw, now)
            fresh, known = fresh + new, known + (not new)
        if progress is not None:
            progress(count)
    return Report(0, fresh, known, tuple(bad))


def _stage(session: Session, line: rows.Line, raw: Mapping[str, str | None], now: datetime) -> bool:
    values = {name: text for name, text in raw.items() if isinstance(text, str) and name}
    table = models.Arrival
    row = {"reference_date": line.reference_date, "values": values, "staged_at": now}
    statement = insert(table).values(external_id=line.external_id, **row)
    # A record that was refused once is tried again: the reason may be gone, or the line corrected.
    again = row | {"status": models.ArrivalStatus.WAITING.value, "reason": ""}
    written = session.execute(
        statement.on_conflict_do_update(
            index_elements=["external_id"], set_=again, where=table.status == models.ArrivalStatus.FAILED
        ).returning(table.id)
    )
    return written.scalar() is not None


def arrive(session: Session, *, actor: Actor, now: datetime) -> int | None:
    """Makes a case of the next arrival whose Stichtag has come and returns the arrival's id; None when there is none.

    An arrival that is refused is marked with the reason and not tried again.
    """
    arrival = session.scalars(_due(session, dates.day_of(now)).with_for_update(skip_locked=True)).first()
    if arrival is None:
        return None
    try:
        with session.begin_nested():
            case_id = _case(session, arrival, actor=actor, now=now)
    except (errors.CaseworkError, errors.OfficeClosed, WorkflowError) as refused:
        arrival.status, arrival.reason = models.ArrivalStatus.FAILED, _reason(refused)
    else:
        arrival.status, arrival.case_id, arrival.imported_at = models.ArrivalStatus.IMPORTED, case_id, now
    session.flush()
    arrived: int = arrival.id
    return arrived


def _reason(refused: Exception) -> str:
    """Type and place, nothing of what the record says."""
    place = f" {refused.element}: {refused.reason}" if isinstance(refused, StepFailed) else ""
    return f"{type(refused).__name__}{place}"


def _due(session: Session, day: date) -> Select[Any]:
    """Arrivals whose day has come, while the agreement lasts and the office is open to new cases at all."""
    table = models.Arrival
    admission = office.admission(session)
    found = select(table).where(table.status == models.ArrivalStatus.WAITING, table.reference_date <= day)
    if admission is None or day < admission.first:
        return found.where(table.id.is_(None))
    return found.where(table.reference_date <= admission.last).order_by(table.reference_date, table.id).limit(1)


def _case(session: Session, arrival: models.Arrival, *, actor: Actor, now: datetime) -> int:
    line = rows.read(arrival.values)
    client_id = _same_record(session, line)
    if client_id is None:
        client_id = clients.store(session, line.registration, actor=actor, now=now)
    else:
        clients.identify(session, client_id, system="IMPORT", number=line.external_id, now=now)
        clients.state(session, client_id, line.registration, actor=actor, now=now)
    opened = cases.open_case_of(session, client_id)
    if opened is not None:
        # A later state of an open case: whoever waits to confirm its route is to see it decided anew.
        engine.deliver(session, FACTS_CHANGED, subject=str(opened), payload={}, now=now, keep_for=None)
        return opened
    return case_service.open_imported(
        session, client_id, reference_date=line.reference_date, actor=actor, now=now, at=line.start
    )  # fmt: skip


def _same_record(session: Session, line: rows.Line) -> int | None:
    """The client of an earlier record that differs in nothing that a person is known by: name, birth, place, start.

    A name and a birth date alone are no proof (two unrelated people may share them); then a match is proposed instead.
    """
    taken, client, numbers = line.registration, client_models.Client, client_models.ClientIdentifier
    if taken.birth_date is None or taken.unemployed_since is None:
        return None
    found = session.scalars(
        select(client.id)
        .join(numbers, numbers.client_id == client.id)
        .where(
            numbers.system == "IMPORT",
            client.family_name == taken.family_name,
            client.given_names == taken.given_names,
            client.birth_date == taken.birth_date,
            client.city == taken.city,
        )
        .distinct()
    ).all()
    same = [
        each
        for each in found
        if circumstances.unemployed_since(session, each, line.reference_date) == taken.unemployed_since
    ]
    return same[0] if len(same) == 1 else None


def failures(session: Session, locale: str = "de") -> tuple[tuple[str, str], ...]:
    """The arrivals that were refused: their ids in the file, and why; what a process says of it in this language."""
    table = models.Arrival
    failed = select(table.external_id, table.reason).where(table.status == models.ArrivalStatus.FAILED)
    return tuple((row.external_id, _told(row.reason, locale)) for row in session.execute(failed.order_by(table.id)))


def _told(reason: str, locale: str) -> str:
    place, kept, values = reason.partition("{")
    return place + reasons.told(kept + values, locale)


class ArrivalSource:
    """The expected arrivals as events of the office clock: each at the opening hour of its Stichtag."""

    def next_at(self, session: Session, until: datetime, skipped: Sequence[int]) -> datetime | None:
        """The instant of the earliest expected arrival."""
        del skipped  # arrivals belong to no instance yet
        arrival = session.scalars(_due(session, dates.day_of(until))).first()
        if arrival is None:
            return None
        at = dates.at(arrival.reference_date, OPENING_HOUR)
        return at if at <= until else None

    def play(self, session: Session, at: datetime, skipped: Sequence[int]) -> int | None:
        """Makes a case of the earliest expected arrival."""
        del skipped
        arrive(session, actor=SYSTEM, now=at)
        return None
