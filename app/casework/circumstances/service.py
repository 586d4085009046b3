"""What changes a client's circumstances: each statement is a new dated row."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from app.casework import errors
from app.casework.circumstances import models

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

AGENCY_BENEFITS = frozenset({"ALHI", "ALG"})


def state_benefits(
    session: Session,
    client_id: int,
    kinds: Iterable[str] | None,
    *,
    actor: Actor,
    now: datetime,
    status: str = "running",
) -> None:
    """Notes which benefits a client has; None means that nobody knows yet, nothing means none."""
    known = kinds is not None
    session.add(models.BenefitCheck(client_id=client_id, known=known, author=actor.name, recorded_at=now))
    for kind in kinds or ():
        payer = "AA" if kind in AGENCY_BENEFITS else ""
        row = {"client_id": client_id, "kind": kind, "status": status, "payer": payer}
        session.add(models.Benefit(**row, author=actor.name, recorded_at=now))
    session.flush()


@dataclass(frozen=True, slots=True)
class BenefitStatement:
    """A benefit as somebody states it; the period is [from, to)."""

    kind: str
    status: str
    valid_from: date | None = None
    valid_to: date | None = None
    payer: str = ""
    reference: str = ""


def add_benefit(session: Session, client_id: int, stated: BenefitStatement, *, actor: Actor, now: datetime) -> int:
    """Notes a benefit with its period; raises ValuesRefused for a period that ends before it begins."""
    if stated.valid_from and stated.valid_to and stated.valid_to <= stated.valid_from:
        raise errors.ValuesRefused({"valid_to": "before_start"})
    row = models.Benefit(client_id=client_id, author=actor.name, recorded_at=now, **asdict(stated))
    session.add(row)
    session.add(models.BenefitCheck(client_id=client_id, known=True, author=actor.name, recorded_at=now))
    session.flush()
    return row.id


def change_benefit(
    session: Session,
    client_id: int,
    *,
    kind: str,
    status: str,
    actor: Actor,
    now: datetime,
    valid_to: date | None = None,
    reference: str | None = None,
) -> None:
    """Gives the newest benefit of a kind a new status; raises ValuesRefused when the client has none."""
    table = models.Benefit
    same = aliased(table)
    newest = select(func.max(same.id)).where(same.client_id == client_id, same.kind == kind).scalar_subquery()
    changes: dict[str, Any] = {"status": status, "author": actor.name, "recorded_at": now}
    changes |= {} if valid_to is None else {"valid_to": valid_to}
    changes |= {} if reference is None else {"reference": reference}
    change = update(table).where(table.id == newest).values(**changes)
    done = session.execute(change, execution_options={"synchronize_session": "fetch"})
    if not done.rowcount:  # type: ignore[attr-defined]  # a cursor result
        raise errors.ValuesRefused({"kind": "unknown_benefit"})


def state_unemployment(
    session: Session, client_id: int, since: date | None, *, actor: Actor, now: datetime, source: str = ""
) -> None:
    """Notes since when a client is without work; None means that the start is not known."""
    row = {"client_id": client_id, "since": since, "source": source}
    session.add(models.UnemploymentSpell(**row, author=actor.name, recorded_at=now))


def state_fitness(
    session: Session,
    client_id: int,
    value: str,
    *,
    actor: Actor,
    now: datetime,
    basis: str = "",
    found_on: date | None = None,
    valid_until: date | None = None,
) -> None:
    """Notes whether a client can work; raises ValuesRefused for a word that means neither."""
    if value not in set(models.FitnessValue):
        raise errors.ValuesRefused({"fit_for_work": "unknown_choice"})
    row = {"client_id": client_id, "value": value, "basis": basis, "found_on": found_on, "valid_until": valid_until}
    session.add(models.Fitness(**row, author=actor.name, recorded_at=now))


def state_availability(
    session: Session, client_id: int, value: str, *, actor: Actor, now: datetime, reason: str = ""
) -> None:
    """Notes whether a client is available to the labour market; raises ValuesRefused for a word that means neither."""
    if value not in set(models.AvailabilityValue):
        raise errors.ValuesRefused({"available": "unknown_choice"})
    row = {"client_id": client_id, "value": value, "reason": reason}
    session.add(models.Availability(**row, author=actor.name, recorded_at=now))
