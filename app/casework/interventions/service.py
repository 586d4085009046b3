"""Intervening: at once where one person is enough, else asked for by one and confirmed by another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from app.casework import errors
from app.casework.interventions import acts, authority, models, queries
from app.office import queries as office
from workflows import engine, instances, interventions
from workflows import errors as host_errors
from workflows.handlers import SYSTEM, Actor, environment_of
from workflows.interventions import Order

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.casework.interventions.acts import Foreseen, Wanted

PERIOD: Final = 'frist("intervention")'
LONGEST: Final = 500
table = models.InterventionRequest


def intervene(
    session: Session, wanted: Wanted, *, reason: str, seen: str, actor: Actor, now: datetime
) -> models.InterventionRequest | None:
    """Does what is wanted, or, where a second person is needed, asks for it and returns the request.

    Raises ConsequenceChanged when the consequence is no longer the one that was `seen`, ValuesRefused without a
    reason, AccessDenied, InterventionRefused, and as the intervention does.
    """
    instances.lock(session, wanted.instance_id)
    acts.require(session, wanted, actor=actor, now=now)
    foreseen = _agreed(session, wanted, seen, actor=actor, now=now)
    reason = _reason(reason)
    if foreseen.preview.needs_second:
        return _ask(session, wanted, foreseen, reason=reason, actor=actor, now=now)
    acts.carry_out(session, wanted, Order(actor, reason, now, told=foreseen.told))
    return None


def _agreed(session: Session, wanted: Wanted, seen: str, *, actor: Actor, now: datetime) -> Foreseen:
    """The consequence as it is now, if it is possible and the one that was seen."""
    foreseen = acts.foresee(session, wanted, actor=actor, now=now)
    if foreseen.digest != seen:
        raise errors.ConsequenceChanged
    if not foreseen.preview.possible:
        raise host_errors.InterventionRefused(foreseen.preview.element, foreseen.preview.code)
    return foreseen


def _reason(text: str) -> str:
    if not text.strip():
        raise errors.ValuesRefused({"reason": "required"})
    if len(text.strip()) > LONGEST:
        raise errors.ValuesRefused({"reason": "too_long"})
    return text.strip()


def _ask(
    session: Session, wanted: Wanted, foreseen: Foreseen, *, reason: str, actor: Actor, now: datetime
) -> models.InterventionRequest:
    _refuse_twin(session, wanted, now)
    due = environment_of(session).calendar.due(PERIOD, now, {})
    row = models.InterventionRequest(
        case_id=wanted.case_id, instance_id=wanted.instance_id, act=wanted.act.value, key=wanted.key,
        target=wanted.target, values=dict(wanted.values), element=foreseen.element, name=foreseen.name, reason=reason,
        money_only=authority.is_money_only(foreseen.preview.guards), told=foreseen.told, digest=foreseen.digest,
        actor_id=actor.id, actor=actor.name, at=now, expires_at=due, status=models.RequestStatus.OPEN, remark="",
    )  # fmt: skip
    session.add(row)
    session.flush()
    _note(session, row, "intervention_asked", actor=actor, now=now, reason=reason)
    return row


def _refuse_twin(session: Session, wanted: Wanted, now: datetime) -> None:
    """The same asked for twice would be confirmed twice. The lock on the instance makes this look reliable."""
    same = select(table).where(
        table.instance_id == wanted.instance_id, table.act == wanted.act.value, table.target == wanted.target,
        table.key.is_not_distinct_from(wanted.key), table.status == models.RequestStatus.OPEN, table.expires_at > now,
    )  # fmt: skip
    if session.scalars(same).first() is not None:
        raise errors.ValuesRefused({"reason": "asked_already"})


def _note(
    session: Session, row: models.InterventionRequest, kind: str, *, actor: Actor, now: datetime, reason: str = ""
) -> None:
    told = {"act": row.act, "request": row.id, "element": row.element, "to": row.target, "reason": reason}
    engine.note(session, row.instance_id, actor=actor, now=now, kind=kind, name=row.name, detail=told)


def wanted_of(row: models.InterventionRequest | queries.RequestRow) -> Wanted:
    """What a request asks for."""
    return acts.Wanted(row.case_id, row.instance_id, acts.Act(row.act), row.key, row.target, row.values)


def confirm_intervention(session: Session, request_id: int, *, seen: str, actor: Actor, now: datetime) -> None:
    """Does what was asked for, with this person as the second one.

    Raises ConsequenceChanged when it would no longer lead to what this person has `seen`, RequestOver, AccessDenied
    (also when whoever asked may not any more), InterventionRefused.
    """
    row = _decidable(session, request_id, actor=actor, now=now)
    wanted, asker = wanted_of(row), office.actor(session, row.actor_id, now)
    instances.lock(session, wanted.instance_id)
    acts.require(session, wanted, actor=asker, now=now)
    foreseen = _agreed(session, wanted, seen, actor=asker, now=now)
    _require_competent(foreseen.preview, actor)
    acts.carry_out(session, wanted, Order(asker, row.reason, now, second=actor, told=foreseen.told))
    _decide(row, models.RequestStatus.DONE, actor=actor, now=now)
    row.told = foreseen.told
    session.flush()


def _require_competent(preview: interventions.Preview, actor: Actor) -> None:
    """More may hang on it by now than when it was asked for."""
    roles = authority.confirmers(money_only=authority.is_money_only(preview.guards))
    authority.require(actor.roles & roles or not preview.guards)


def refuse_intervention(session: Session, request_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Refuses what was asked for, with a reason; raises RequestOver, AccessDenied, ValuesRefused."""
    row = _decidable(session, request_id, actor=actor, now=now)
    row.remark = _reason(reason)
    _decide(row, models.RequestStatus.REFUSED, actor=actor, now=now)
    _note(session, row, "intervention_refused", actor=actor, now=now, reason=row.remark)


def withdraw_intervention(session: Session, request_id: int, *, actor: Actor, now: datetime) -> None:
    """Takes an own request back; raises RequestOver, AccessDenied."""
    row = _open(session, request_id, now)
    authority.require(row.actor_id == actor.id)
    _decide(row, models.RequestStatus.WITHDRAWN, actor=actor, now=now)
    _note(session, row, "intervention_withdrawn", actor=actor, now=now)


def expire_intervention(session: Session, *, now: datetime) -> bool:
    """Ends one request whose period is over; False when there is none. One at a time, so that no two locks are held."""
    late = select(table).where(table.status == models.RequestStatus.OPEN, table.expires_at <= now)
    row = session.scalars(late.order_by(table.expires_at).limit(1).with_for_update(skip_locked=True)).first()
    if row is None:
        return False
    _decide(row, models.RequestStatus.EXPIRED, actor=SYSTEM, now=now)
    _note(session, row, "intervention_expired", actor=SYSTEM, now=now)
    return True


def retry_incident(
    session: Session, case_id: int, incident_id: int, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Makes a failed step due again, with a reason; raises AccessDenied, UnknownIncident, ValuesRefused."""
    row = next((row for row in queries.troubles(session, case_id=case_id) if row.id == incident_id), None)
    if row is None:
        raise host_errors.UnknownIncident(incident_id)
    found = authority.of(session, case_id, row.instance_id, actor)
    authority.require(found.partners or found.technical)
    engine.retry(session, incident_id, actor=actor, now=now, reason=_reason(reason))


def _open(session: Session, request_id: int, now: datetime) -> models.InterventionRequest:
    row = session.scalars(select(table).where(table.id == request_id).with_for_update()).one_or_none()
    if row is None:
        raise errors.UnknownRequest(request_id)
    if row.status != models.RequestStatus.OPEN or row.expires_at <= now:
        raise errors.RequestOver(request_id)
    return row


def _decidable(session: Session, request_id: int, *, actor: Actor, now: datetime) -> models.InterventionRequest:
    row = _open(session, request_id, now)
    authority.require(row.actor_id != actor.id and actor.roles & authority.confirmers(money_only=row.money_only))
    return row


def _decide(row: models.InterventionRequest, status: models.RequestStatus, *, actor: Actor, now: datetime) -> None:
    row.status, row.decided_by_id, row.decided_by, row.decided_at = status.value, actor.id, actor.name, now
