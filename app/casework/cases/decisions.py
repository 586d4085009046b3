"""Decisions on the route: a proposal stays open until a person has decided; what was decided is never changed.

Who calls them holds the lock on the case's process, so no other act changes the same decision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.casework import errors
from app.casework.cases import models, queries, standing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

NOT_COPIED = frozenset({
    "id", "case_id", "proposed_at", "route", "route_group", "deviation_reason", "decided_by", "decided_by_id",
    "decided_at", "second_by", "second_by_id", "second_at", "valid_from",
})  # fmt: skip


def propose(session: Session, case_id: int, proposal: Mapping[str, Any], *, now: datetime) -> None:
    """Keeps a proposal of the rules; one that nobody has decided on yet is replaced."""
    row = pending(session, case_id)
    if row is None:
        row = models.RouteDecision(case_id=case_id)
        session.add(row)
    _reset(row)
    row.proposed_at = now
    for name, value in proposal.items():
        setattr(row, name, value)
    session.flush()


def propose_again(session: Session, case_id: int, *, now: datetime) -> models.RouteDecision:
    """An open decision on the newest proposal, for those who decide where the rules have a gap."""
    row = pending(session, case_id)
    if row is None:
        last = session.scalars(_newest_first(case_id)).first()
        if last is None:
            raise errors.UnknownCase(case_id)
        copied = {column.key: getattr(last, column.key) for column in models.RouteDecision.__table__.columns}
        kept = {name: value for name, value in copied.items() if name not in NOT_COPIED}
        row = models.RouteDecision(case_id=case_id, proposed_at=now, **kept)
        _reset(row)
        session.add(row)
        session.flush()
    return row


def take(session: Session, case_id: int, *, actor: Actor, reason: str, now: datetime) -> None:
    """Notes who decides and why, before a second person may have looked at it."""
    row = propose_again(session, case_id, now=now)
    row.decided_by, row.decided_by_id, row.deviation_reason = actor.name, actor.id, reason
    row.second_by, row.second_by_id, row.second_at = "", None, None


def second(session: Session, case_id: int, *, actor: Actor, now: datetime) -> None:
    """Notes who looked at a deviation as second person."""
    row = propose_again(session, case_id, now=now)
    row.second_by, row.second_by_id, row.second_at = actor.name, actor.id, now


def settle(session: Session, case_id: int, *, route: str, group: str, valid_from: date, now: datetime) -> None:
    """Makes the open decision final with this route and the case say so; does nothing when none is open."""
    row = pending(session, case_id)
    if row is None:
        return
    row.route, row.route_group, row.valid_from, row.decided_at = route, group, valid_from, now
    case = queries.case_file(session, case_id)
    case.route, case.route_group, case.rule, case.rule_version = route, group, row.rule, row.book_version


def pending(session: Session, case_id: int) -> models.RouteDecision | None:
    """The decision that waits for a person."""
    return standing.standing(session, case_id).pending()


def last_settled(session: Session, case_id: int) -> models.RouteDecision | None:
    """The decision that is valid now."""
    return standing.standing(session, case_id).settled()


def _newest_first(case_id: int) -> Any:  # noqa: ANN401  a select of rows
    table = models.RouteDecision
    return select(table).where(table.case_id == case_id).order_by(table.id.desc()).limit(1)


def _reset(row: models.RouteDecision) -> None:
    row.route = row.route_group = row.deviation_reason = row.decided_by = row.second_by = ""
    row.decided_by_id = row.decided_at = row.second_by_id = row.second_at = row.valid_from = None
