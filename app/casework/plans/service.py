"""What changes plans, proposals, integrations and places in programmes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.casework import errors
from app.casework.plans import models
from workflows import kept

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
    last = version(session, case_id)
    plan = models.Plan(
        case_id=case_id, version=last + 1, priority_answer=priority_answer, created_by=actor.name,
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
    for old in _plans(session, case_id):
        if old.status == models.PlanStatus.ACTIVE:
            old.status = models.PlanStatus.REPLACED
            # The one in force goes first: there are never two.
            session.flush()
    plan = rows[0]
    plan.status, plan.activated_at = models.PlanStatus.ACTIVE, now
    plan.review_on, plan.valid_until = review_on, valid_until
    return plan.version


def current(session: Session, case_id: int) -> models.Plan:
    """The version that is being agreed; raises ValuesRefused when there is none."""
    rows = _under_way(session, case_id)
    if not rows:
        raise errors.ValuesRefused({"plan": "no_draft"})
    return rows[0]


def version(session: Session, case_id: int) -> int:
    """The number of the newest version, 0 when there is none."""
    return max((row.version for row in _plans(session, case_id)), default=0)


def is_complete(session: Session, case_id: int) -> bool:
    """Whether the draft has dated services of the office and dated duties of the client, and answers the priority."""
    plan = current(session, case_id)
    rows = session.scalars(select(models.PlanItem).where(models.PlanItem.plan_id == plan.id)).all()
    dated = {row.kind for row in rows if row.due_on is not None}
    return {"service", "duty"} <= dated and all(row.due_on for row in rows) and bool(plan.priority_answer)


def review_day(session: Session, case_id: int) -> date | None:
    """When the plan in force has to be looked at again."""
    rows = _plans(session, case_id)
    return next((row.review_on for row in rows if row.status == models.PlanStatus.ACTIVE), None)


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
    rows = _places(session, case_id)
    return any(row.status in {"entered", "waiting"} and row.exit_on is None for row in rows)


def unnamed_participation(session: Session, case_id: int) -> models.Participation | None:
    """The newest place whose programme is not noted yet."""
    return next((row for row in _places(session, case_id) if not row.programme), None)


def _places(session: Session, case_id: int) -> list[models.Participation]:
    """All places, the newest first; read once in an act."""
    table = models.Participation
    found = select(table).where(table.case_id == case_id).order_by(table.id.desc())
    watched = (kept.NEW + table.__tablename__,)
    return kept.once(session, (table, case_id), watched, lambda: list(session.scalars(found)))


def _under_way(session: Session, case_id: int) -> list[models.Plan]:
    return [row for row in _plans(session, case_id) if row.status in UNDER_WAY]


def _plans(session: Session, case_id: int) -> list[models.Plan]:
    """All versions, the newest first; read once in an act."""
    table = models.Plan
    found = select(table).where(table.case_id == case_id).order_by(table.version.desc())
    watched = (kept.NEW + table.__tablename__,)
    return kept.once(session, (table, case_id), watched, lambda: list(session.scalars(found)))
