"""Reading openings: which are open for somebody, and the list for those who watch over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import literal, or_, select

from app.casework.cases.models import CaseFile
from app.casework.glass import models

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

DATA_PROTECTION = frozenset({"DSB_STADT", "DSB_AA"})
LEADERS = {"LTG_STADT": "STADT", "LTG_AA": "AA"}


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """An opening as the list shows it."""

    id: int
    case_id: int
    case_number: str
    category: str
    actor_id: int
    actor: str
    partner: str
    choice: str
    reason: str
    at: datetime
    until: datetime
    reviewed_by: str | None
    reviewed_at: datetime | None


def opened(session: Session, case_id: int, actor_id: int, *, now: datetime) -> dict[str, datetime]:
    """Which categories of a case somebody has open now, and until when."""
    table = models.Opening
    rows = session.execute(
        select(table.category, table.until)
        .where(table.case_id == case_id, table.actor_id == actor_id, table.at <= now, table.until > now)
        .order_by(table.until)
    )
    return {row.category: row.until for row in rows}


def openings(session: Session, actor: Actor, *, limit: int = 200) -> tuple[OpeningRow, ...]:
    """The openings that this person watches over, the newest first: data protection all, leaders their own staff's."""
    table = models.Opening
    partners = [partner for role, partner in LEADERS.items() if role in actor.roles]
    everything = bool(DATA_PROTECTION & actor.roles)
    names = [name for name in OpeningRow.__dataclass_fields__ if name != "case_number"]
    rows = session.execute(
        select(*(getattr(table, name) for name in names), CaseFile.number.label("case_number"))
        .join(CaseFile, CaseFile.id == table.case_id)
        .where(or_(literal(everything), table.partner.in_(partners)))
        .order_by(table.id.desc())
        .limit(limit)
    )
    return tuple(OpeningRow(**{**row._mapping, "case_number": row.case_number or ""}) for row in rows)  # noqa: SLF001
