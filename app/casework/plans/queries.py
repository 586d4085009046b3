"""Reading plans, proposals, integrations and participations of a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.casework.plans import models

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.casework.access import Reading


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A line of a plan."""

    id: int
    kind: str
    what: str
    who: str
    due_on: date | None
    proof: str
    done_on: date | None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A version of a plan with its lines."""

    id: int
    version: int
    status: str
    created_by: str
    created_at: datetime
    consent_by: str
    consent_at: datetime | None
    signed_on: date | None
    signed_by_representative: bool
    refusal_reason: str
    valid_until: date | None
    review_on: date | None
    priority_answer: str
    items: tuple[ItemRow, ...]

    def of_kind(self, kind: str) -> tuple[ItemRow, ...]:
        """The lines of one kind: goal, service, duty."""
        return tuple(item for item in self.items if item.kind == kind)


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A job or training place that was proposed, and its result."""

    id: int
    employer: str
    position: str
    kind: str
    subsidised: bool
    proposed_on: date
    answer_by: date | None
    result: str
    result_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class IntegrationRow:
    """Work or training that the client took up."""

    id: int
    started_on: date
    employer: str
    market: int
    subsidised: bool
    training: bool
    limited_until: date | None
    still_after_months: int | None


@dataclass(frozen=True, slots=True)
class ParticipationRow:
    """A place in a programme or help."""

    id: int
    programme: str
    status: str
    entry_on: date | None
    exit_on: date | None
    age_at_entry: int | None
    result: str


def plans(session: Session, case_id: int, reading: Reading) -> tuple[PlanRow, ...]:
    """The versions of a case's plan, the newest first; a reduced reader sees the client's duties only."""
    if not reading.is_visible:
        return ()
    table, item = models.Plan, models.PlanItem
    rows = session.scalars(select(table).where(table.case_id == case_id).order_by(table.version.desc())).all()
    lines: dict[int, list[ItemRow]] = {}
    found = select(item).where(item.plan_id.in_([row.id for row in rows])).order_by(item.plan_id, item.position)
    for line in session.scalars(found):
        if reading.is_full or line.kind == models.ItemKind.DUTY:
            lines.setdefault(line.plan_id, []).append(
                ItemRow(line.id, line.kind, line.what, line.who, line.due_on, line.proof, line.done_on)
            )
    return tuple(_plan(row, tuple(lines.get(row.id, ()))) for row in rows)


def _plan(row: models.Plan, items: tuple[ItemRow, ...]) -> PlanRow:
    values = {name: getattr(row, name) for name in PlanRow.__dataclass_fields__ if name != "items"}
    return PlanRow(**values, items=items)


def active_plan(session: Session, case_id: int) -> int | None:
    """The id of the plan that is in force."""
    table = models.Plan
    found: int | None = session.scalar(
        select(table.id).where(table.case_id == case_id, table.status == models.PlanStatus.ACTIVE)
    )
    return found


def proposals(session: Session, case_id: int) -> tuple[ProposalRow, ...]:
    """What was proposed to the client, the newest first."""
    table = models.Proposal
    columns = [getattr(table, name) for name in ProposalRow.__dataclass_fields__]
    rows = session.execute(select(*columns).where(table.case_id == case_id).order_by(table.id.desc()))
    return tuple(ProposalRow(*row) for row in rows)


def integrations(session: Session, case_id: int) -> tuple[IntegrationRow, ...]:
    """What the client took up, the newest first."""
    table = models.Integration
    columns = [getattr(table, name) for name in IntegrationRow.__dataclass_fields__]
    rows = session.execute(select(*columns).where(table.case_id == case_id).order_by(table.id.desc()))
    return tuple(IntegrationRow(*row) for row in rows)


def participations(session: Session, case_id: int) -> tuple[ParticipationRow, ...]:
    """The programmes and helps of a case, the newest first."""
    table = models.Participation
    columns = [getattr(table, name) for name in ParticipationRow.__dataclass_fields__]
    rows = session.execute(select(*columns).where(table.case_id == case_id).order_by(table.id.desc()))
    return tuple(ParticipationRow(*row) for row in rows)
