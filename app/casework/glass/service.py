"""What opens a closed category, and what notes that data protection has looked at it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.casework import access, errors, page
from app.casework.glass import models, queries
from app.casework.records import service as records

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

LONGEST_REASON = 500
SHORTEST_REASON = 10
PURPOSE = "break_glass"


def require_closed(session: Session, case_id: int, category: str, *, actor: Actor, now: datetime) -> None:
    """Raises AccessDenied unless this person could open the category with a reason and has not done so yet."""
    reading = page.readings_of(session, case_id, actor, now=now).get(category)
    if reading is None or reading.level is not access.Level.BREAK_GLASS:
        raise errors.AccessDenied("no_glass")


def break_glass(
    session: Session,
    case_id: int,
    category: str,
    *,
    choice: str,
    reason: str,
    known: Collection[str],
    actor: Actor,
    now: datetime,
) -> datetime:
    """Opens a category for a short time and writes it into the log of reads; returns until when it is open.

    Raises AccessDenied, UnknownCase, and ValuesRefused without a reason in words.
    """
    require_closed(session, case_id, category, actor=actor, now=now)
    refused = {"choice": "" if choice in known else "unknown_choice" if choice else "required"}
    refused["reason"] = _refused(reason.strip())
    if any(refused.values()):
        raise errors.ValuesRefused({name: code for name, code in refused.items() if code})
    until = now + timedelta(minutes=access.matrix(session).glass_minutes)
    session.add(models.Opening(
        case_id=case_id, category=category, actor_id=actor.id, actor=actor.name, partner=actor.partner, choice=choice,
        reason=reason.strip(), at=now, until=until,
    ))  # fmt: skip
    records.log_read(session, case_id, categories=[category], actor=actor, now=now, purpose=PURPOSE)
    return until


def _refused(reason: str) -> str:
    if not reason:
        return "required"
    if len(reason) > LONGEST_REASON:
        return "too_long"
    return "too_short" if len(reason) < SHORTEST_REASON else ""


def review(session: Session, opening_id: int, *, actor: Actor, now: datetime) -> None:
    """Notes that data protection has looked at an opening; raises AccessDenied for one's own and for anybody else."""
    table = models.Opening
    row = session.scalars(select(table).where(table.id == opening_id).with_for_update()).one_or_none()
    if row is None or row.actor_id == actor.id or not queries.DATA_PROTECTION & actor.roles:
        raise errors.AccessDenied("no_review")
    if row.reviewed_at is None:
        row.reviewed_by, row.reviewed_by_id, row.reviewed_at = actor.name, actor.id, now
