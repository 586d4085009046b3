"""What counts of a client's circumstances on a day; plain values from which the rules' facts are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from app.casework.circumstances import models

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

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
    table = models.Benefit
    rows = session.execute(
        select(table.id, table.kind, table.status, table.valid_from, table.valid_to, table.payer, table.reference)
        .where(table.client_id == client_id)
        .order_by(table.valid_from.nulls_first(), table.id)
    )
    return tuple(BenefitRow(*row) for row in rows)


def circumstances(session: Session, client_id: int, on: date) -> Circumstances:
    """What is known about a client on a day: of each kind the newest statement; an expired one is unknown."""
    rows = benefits(session, client_id)
    check = _newest(session, models.BenefitCheck, client_id)
    fitness = _newest(session, models.Fitness, client_id)
    valid = fitness is not None and (fitness.valid_until is None or fitness.valid_until >= on)
    availability = _newest(session, models.Availability, client_id)
    return Circumstances(
        benefits=rows,
        benefits_known=bool(rows) if check is None else check.known,
        fit_for_work=(fitness.value if valid else models.FitnessValue.UNKNOWN.value) if fitness else "",
        fitness_basis=fitness.basis if fitness else "",
        fitness_date=fitness.found_on if fitness else None,
        fitness_until=fitness.valid_until if fitness else None,
        available=availability.value if availability else models.AvailabilityValue.UNKNOWN.value,
        not_available_reason=availability.reason if availability else "",
        unemployed_since=unemployed_since(session, client_id, on),
    )


def unemployed_since(session: Session, client_id: int, on: date) -> date | None:
    """Since when a client is without work on a day, by the newest statement; None when not known or not out of work."""
    table = models.UnemploymentSpell
    newest: date | None = session.scalar(
        select(table.since)
        .where(table.client_id == client_id, table.kind == "unemployed", or_(table.until.is_(None), table.until > on))
        .order_by(table.id.desc())
        .limit(1)
    )
    return newest


def _newest(session: Session, table: Any, client_id: int) -> Any:  # noqa: ANN401  rows of different tables
    return session.scalars(select(table).where(table.client_id == client_id).order_by(table.id.desc()).limit(1)).first()
