"""What counts of a client's circumstances on a day; plain values from which the rules' facts are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, bindparam, select

from app.casework.circumstances import models
from app.office import arrays
from workflows import kept

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

TABLES = frozenset(
    table.__tablename__
    for table in (models.Benefit, models.BenefitCheck, models.Fitness, models.Availability, models.UnemploymentSpell)
)

COUNTING = (models.BenefitStatus.APPLIED, models.BenefitStatus.RUNNING)


@dataclass(frozen=True, slots=True)
class BenefitRow:
    """A benefit as it is shown and counted."""

    id: int
    kind: str
    status: str
    valid_from: date | None
    valid_to: date | None
    payer: str
    reference: str

    def counts_on(self, day: date) -> bool:
        """Whether the benefit runs, or is applied for, on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        over = self.valid_to is not None and self.valid_to <= day
        return self.status in COUNTING and begun and not over


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known about a client on a day."""

    benefits: tuple[BenefitRow, ...]
    benefits_known: bool
    fit_for_work: str
    fitness_basis: str
    fitness_date: date | None
    fitness_until: date | None
    available: str
    not_available_reason: str
    unemployed_since: date | None

    def counting(self, day: date) -> tuple[BenefitRow, ...]:
        """The benefits that count on a day."""
        return tuple(row for row in self.benefits if row.counts_on(day))


def benefits(session: Session, client_id: int) -> tuple[BenefitRow, ...]:
    """All benefits of a client, the oldest first."""
    return _told(session, client_id).benefits


def circumstances(session: Session, client_id: int, on: date) -> Circumstances:
    """What is known about a client on a day: of each kind the newest statement; an expired one is unknown."""
    told = _told(session, client_id)
    fitness, availability = told.fitness, told.availability
    valid = fitness is not None and (fitness.valid_until is None or fitness.valid_until >= on)
    return Circumstances(
        benefits=told.benefits,
        benefits_known=bool(told.benefits) if told.benefits_known is None else told.benefits_known,
        fit_for_work=(fitness.value if valid else models.FitnessValue.UNKNOWN.value) if fitness else "",
        fitness_basis=fitness.basis if fitness else "",
        fitness_date=fitness.found_on if fitness else None,
        fitness_until=fitness.valid_until if fitness else None,
        available=availability[0] if availability else models.AvailabilityValue.UNKNOWN.value,
        not_available_reason=availability[1] if availability else "",
        unemployed_since=_unemployed_since(told, on),
    )


def unemployed_since(session: Session, client_id: int, on: date) -> date | None:
    """Since when a client is without work on a day, by the newest statement; None when not known or not out of work."""
    return _unemployed_since(_told(session, client_id), on)


def _unemployed_since(told: Told, on: date) -> date | None:
    return next((since for since, until in told.spells if until is None or until > on), None)


class _Fitness(NamedTuple):
    value: str
    basis: str
    found_on: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Told:
    """All that was told of a client's circumstances and may still count, whatever the day."""

    benefits: tuple[BenefitRow, ...]
    benefits_known: bool | None
    fitness: _Fitness | None
    availability: tuple[str, str] | None
    spells: tuple[tuple[date | None, date | None], ...]


def columns(client_id: Any) -> tuple[ColumnElement[Any], ...]:  # noqa: ANN401  a column or a parameter
    """What a statement has to select so that `keep` finds everything told of this client in its rows."""
    benefit, spell = models.Benefit, models.UnemploymentSpell
    check, fitness, availability = models.BenefitCheck, models.Fitness, models.Availability
    return (
        arrays.every(
            (benefit.id, benefit.kind, benefit.status, benefit.valid_from, benefit.valid_to, benefit.payer,
             benefit.reference),
            benefit.client_id == client_id, order=(benefit.valid_from.nulls_first(), benefit.id),
        ),
        arrays.newest((check.known,), check.client_id == client_id, check.id),
        arrays.newest(
            (fitness.value, fitness.basis, fitness.found_on, fitness.valid_until),
            fitness.client_id == client_id, fitness.id,
        ),
        arrays.newest((availability.value, availability.reason), availability.client_id == client_id, availability.id),
        arrays.every(
            (spell.since, spell.until), and_(spell.client_id == client_id, spell.kind == "unemployed"),
            order=(spell.id.desc(),),
        ),
    )  # fmt: skip


def keep(session: Session, client_id: int, row: Sequence[Any]) -> Told:
    """Keeps what such a statement found for the rest of the transaction, until one of the tables is written."""
    told = _of(row)
    kept.keep(session, (Told, client_id), told, TABLES)
    return told


def _told(session: Session, client_id: int) -> Told:
    return kept.once(
        session, (Told, client_id), TABLES, lambda: _of(session.execute(_TOLD, {"client_id": client_id}).one())
    )


def _of(row: Sequence[Any]) -> Told:
    benefits, check, fitness, availability, spells = row
    day = arrays.day
    return Told(
        benefits=tuple(_benefit(each) for each in benefits),
        benefits_known=None if check is None else check[0],
        fitness=None if fitness is None else _Fitness(*fitness[:2], *map(day, fitness[2:])),
        availability=None if availability is None else tuple(availability),
        spells=tuple((day(since), day(until)) for since, until in spells),
    )


def _benefit(row: Sequence[Any]) -> BenefitRow:
    number, kind, status, valid_from, valid_to, payer, reference = row
    return BenefitRow(number, kind, status, arrays.day(valid_from), arrays.day(valid_to), payer, reference)


_TOLD = select(*columns(bindparam("client_id")))
