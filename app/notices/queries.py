"""What somebody was told: the list, newest first, and how many of it are unread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from app.casework import queries as casework
from app.notices.models import Choice, StaffNotice

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

PAGE: Final = 50
# More is told as "99+": counting on costs time and helps nobody.
CAP: Final = 99


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as the list shows it; `number` is the case's, empty where there is none."""

    id: int
    kind: str
    target: int
    actor: str
    at: datetime
    is_read: bool
    number: str = ""


def unread(session: Session, account_id: int) -> int:
    """How many notices this person has not read; at most one more than CAP."""
    found = (
        select(StaffNotice.id).where(StaffNotice.account_id == account_id, StaffNotice.read_at.is_(None)).limit(CAP + 1)
    )
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def choice(session: Session, account_id: int) -> Choice | None:
    """What this person has chosen about e-mail."""
    return session.get(Choice, account_id)


def listed(session: Session, account_id: int, *, before: int = 0) -> list[Told]:
    """The person's notices, newest first, a page of them and one more; `before` is the id where the last page ended."""
    query = select(StaffNotice).where(StaffNotice.account_id == account_id)
    if before:
        query = query.where(StaffNotice.id < before)
    rows = session.scalars(query.order_by(StaffNotice.id.desc()).limit(PAGE + 1)).all()
    cards = casework.cards(session, sorted({row.case_id for row in rows if row.case_id is not None}))
    return [
        Told(
            row.id, row.kind, row.target, row.actor, row.at, row.read_at is not None,
            cards[row.case_id].number if row.case_id in cards else "",
        )
        for row in rows
    ]  # fmt: skip
