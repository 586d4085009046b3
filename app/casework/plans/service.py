"""What changes plans, proposals, integrations and places in programmes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.casework import errors
from app.casework.plans import models

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

UNDER_WAY = (models.PlanStatus.DRAFT, models.PlanStatus.CONSENTED)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a plan as it is agreed."""

    kind: str
    what: str
    due_on: date | None
    who: str = ""
    proof: str = ""


def draft(
    session: Session, case_id: int, lines: Iterable[Line], *, priority_answer: str, actor: Actor, now: datetime
) -> int:
    """Writes a new version of the plan beside the one in force, replaces a draft not agreed on, returns the version."""
    for old in _under_way(session, case_id):
        old.status = models.PlanStatus.REPLACED
    last = session.scalar(select(func.max(models.Plan.version)).where(models.Plan.case_id == case_id))
    plan = models.Plan(
        case_id=case_id, version=(last or 0) + 1, priority_answer=priority_answer, created_by=actor.name,
        created_by_id=actor.id, created_at=now,
    )  # fmt: skip
    session.add(plan)
    session.flush()
    for position, line in enumerate(lines):
        row = {"kind": line.kind, "what": line.what, "due_on": line.due_on, "who": line.who, "proof": line.proof}
        session.add(models.PlanItem(plan_id=plan.id, position=position, **row))
    session.flush()
    return plan.version


def consent(session: Session, case_id: int, *, actor: Actor, now: datetime) -> None:
    """The other agency agrees to its own services in the draft."""
    plan = current(session, case_id)
    plan.status = models.PlanStatus.CONSENTED
    plan.consent_by, plan.consent_by_id, plan.consent_at = actor.name, actor.id, now


def sign(
    session: Session, case_id: int, *, instructed_on: date | None, signed_on: date | None, refusal_reason: str = ""
) -> None:
    """Notes that the client was instructed, and signed or refused."""
    plan = current(session, case_id)
    plan.instructed_on, plan.signed_on, plan.refusal_reason = instructed_on, signed_on, refusal_reason


def represent(session: Session, case_id: int, *, signed: bool) -> None:
    """Notes whether the legal representative signed for a client under age."""
    current(session, case_id).signed_by_representative = signed


def activate(session: Session, case_id: int, *, review_on: date, valid_until: date, now: datetime) -> int:
    """Puts the draft in force and freezes the one before it; returns its version. Without a draft nothing changes."""
    rows = _under_way(session, case_id)
    if not rows:
        return version(session, case_id)
    active = select(models.Plan).where(models.Plan.case_id == case_id, models.Plan.status == models.PlanStatus.ACTIVE)
    for old in session.scalars(active):
        old.status = models.PlanStatus.REPLACED
    session.flush()
    plan = rows[0]
    plan.status, plan.activated_at = models.PlanStatus.ACTIVE, now
    plan.review_on, plan.valid_until = review_on, valid_until
    session.flush()
    return plan.version


def current(session: Session, case_id: int) -> models.Plan:
    """The version that is being agreed; raises ValuesRefused when there is none."""
    rows = _under_way(session, case_id)
    if not rows:
        raise errors.ValuesRefused({"plan": "no_draft"})
    return rows[0]


def version(session: Session, case_id: int) -> int:
    """The number of the newest version, 0 when there is none."""
    return session.scalar(select(func.max(models.Plan.version)).where(models.Plan.case_id == case_id)) or 0


def is_complete(session: Session, case_id: int) -> bool:
    """Whether the draft has dated services of the office and dated duties of the client, and answers the priority."""
    plan = current(session, case_id)
    rows = session.scalars(select(models.PlanItem).where(models.PlanItem.plan_id == plan.id)).all()
    dated = {row.kind for row in rows if row.due_on is not None}
    return {"service", "duty"} <= dated and all(row.due_on for row in rows) and bool(plan.priority_answer)


def review_day(session: Session, case_id: int) -> date | None:
    """When the plan in force has to be looked at again."""
    found: date | None = session.scalar(
        select(models.Plan.review_on).where(
            models.Plan.case_id == case_id, models.Plan.status == models.PlanStatus.ACTIVE
        )
    )
    return found


def add(session: Session, table: type[Any], case_id: int, *, actor: Actor, now: datetime, **values: Any) -> None:  # noqa: ANN401
    """Keeps a proposal, an integration or a participation."""
    session.add(table(case_id=case_id, author=actor.name, recorded_at=now, **values))
    session.flush()


def answer_proposal(session: Session, case_id: int, *, result: str, result_on: date | None, reason: str) -> None:
    """Notes what came of the newest proposal; raises ValuesRefused when nothing was proposed."""
    table = models.Proposal
    row = session.scalars(select(table).where(table.case_id == case_id).order_by(table.id.desc()).limit(1)).first()
    if row is None:
        raise errors.ValuesRefused({"result": "nothing_proposed"})
    row.result, row.result_on, row.reason = result, result_on, reason


def newest_integration(session: Session, case_id: int) -> models.Integration | None:
    """The work or training that the client took up last."""
    table = models.Integration
    return session.scalars(select(table).where(table.case_id == case_id).order_by(table.id.desc()).limit(1)).first()


def still_employed(session: Session, case_id: int, *, on: date) -> None:
    """Notes how many months after its start the newest integration still lasts."""
    row = newest_integration(session, case_id)
    if row is not None and on >= row.started_on:
        row.still_after_months = (on.year - row.started_on.year) * 12 + on.month - row.started_on.month


def in_programme(session: Session, case_id: int) -> bool:
    """Whether the client has a place in a programme, or waits for one: never two at once (P5)."""
    table = models.Participation
    open_places = select(table.id).where(
        table.case_id == case_id, table.status.in_(("entered", "waiting")), table.exit_on.is_(None)
    )
    return session.scalar(open_places.limit(1)) is not None


def unnamed_participation(session: Session, case_id: int) -> models.Participation | None:
    """The newest place whose programme is not noted yet."""
    table = models.Participation
    unnamed = select(table).where(table.case_id == case_id, table.programme == "").order_by(table.id.desc()).limit(1)
    return session.scalars(unnamed).first()


def _under_way(session: Session, case_id: int) -> list[models.Plan]:
    table = models.Plan
    found = select(table).where(table.case_id == case_id, table.status.in_(UNDER_WAY)).order_by(table.version.desc())
    return list(session.scalars(found))
