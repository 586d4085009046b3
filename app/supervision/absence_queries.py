"""Who of an agency is away when, who stands in, and where their tasks are meanwhile; rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from app.office import models as office
from app.supervision import absences, models

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

_staff = office.Staff


@dataclass(frozen=True, slots=True)
class Planned:
    """An absence that is not over, `last` being its last day; what became of the tasks so far."""

    id: int
    name: str
    first: date
    last: date
    kind: str
    substitute: str
    moved: int
    refused: int


def staff(session: Session, partner: str, day: date) -> list[tuple[int, str]]:
    """The people of an agency who are in service on this day, by name."""
    return _named(session, partner, _staff.active_from <= day, or_(_staff.active_to.is_(None), _staff.active_to > day))


def everybody(session: Session, partner: str) -> list[tuple[int, str]]:
    """The people of an agency, those who have left, too, by name."""
    return _named(session, partner)


def _named(session: Session, partner: str, *where: ColumnElement[bool]) -> list[tuple[int, str]]:
    query = select(_staff.id, _staff.name).where(_staff.partner_id == partner, *where)
    return [(row.id, row.name) for row in session.execute(query.order_by(_staff.name, _staff.id))]


def grid(session: Session, partner: str, first: date, last: date) -> dict[tuple[int, date], str]:
    """The kind of absence of each person on each day from the first to the last."""
    away = office.Absence
    rows = session.execute(
        select(away.staff_id, away.valid_from, away.valid_to, away.kind)
        .join(_staff, _staff.id == away.staff_id)
        .where(_staff.partner_id == partner, away.valid_from <= last, away.valid_to > first)
    )
    found = {}
    for row in rows:
        day, end = max(row.valid_from, first), min(row.valid_to, last + timedelta(1))
        while day < end:
            found[row.staff_id, day] = row.kind
            day += timedelta(1)
    return found


def planned(session: Session, partner: str, today: date) -> tuple[Planned, ...]:
    """The absences of an agency that are not over, the next first."""
    away, cover = office.Absence, aliased(office.Staff)
    rows = session.execute(
        select(away.id, _staff.name, away.valid_from, away.valid_to, away.kind, cover.name.label("cover"))
        .join(_staff, _staff.id == away.staff_id)
        .outerjoin(cover, cover.id == away.substitute_id)
        .where(_staff.partner_id == partner, away.valid_to > today)
        .order_by(away.valid_from, _staff.name, away.id)
    ).all()
    moves: Counter[tuple[int, str]] = Counter()
    for absence_id, outcome, number in session.execute(_moved([row.id for row in rows])):
        moves[absence_id, outcome] = number
    return tuple(
        Planned(
            row.id, row.name, row.valid_from, row.valid_to - timedelta(1), row.kind, row.cover or "",
            moved=moves[row.id, ""], refused=moves[row.id, "refused"],
        )
        for row in rows
    )  # fmt: skip


def _moved(ids: Iterable[int]) -> Any:  # noqa: ANN401  a statement
    move = models.StandIn
    return (
        select(move.absence_id, move.outcome, func.count())
        .where(move.absence_id.in_(list(ids)))
        .group_by(move.absence_id, move.outcome)
    )


def covers(session: Session, people: Iterable[tuple[int, str]], *, now: datetime) -> list[tuple[int, str]]:
    """Everybody who may stand in for any of these people, by name."""
    found = {one for staff_id, _name in people for one in absences.substitutes(session, staff_id, now=now)}
    return sorted(found, key=lambda one: one[1])
