"""Telling people, and noting what they have read. All of it happens inside the act's own transaction: what is rolled
back was never told.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql

from app.notices import errors
from app.notices.models import Choice, Kind, StaffNotice

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

# How long a notice is kept; what it told stands in the case's history anyway.
KEPT: Final = timedelta(days=90)
# One plain address; a line break or a second one would be another e-mail.
_ADDRESS: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def tell(
    session: Session,
    people: Iterable[int | None],
    kind: Kind,
    *,
    target: int,
    actor: Actor,
    now: datetime,
    case_id: int | None = None,
) -> None:
    """Tells each of these people once; nobody is told what they did themselves."""
    told = sorted({one for one in people if one is not None} - {actor.id})
    if told:
        row = {"kind": kind, "target": target, "case_id": case_id, "actor": actor.name, "at": now}
        session.execute(insert(StaffNotice), [row | {"account_id": one} for one in told])


def read(session: Session, notice_id: int, *, account_id: int, now: datetime) -> tuple[Kind, int]:
    """Notes that the person has read the notice; returns what it leads to. Raises UnknownNotice for anybody else's."""
    row = session.scalar(select(StaffNotice).where(StaffNotice.id == notice_id, StaffNotice.account_id == account_id))
    if row is None:
        raise errors.UnknownNotice(notice_id)
    row.read_at = row.read_at or now
    return Kind(row.kind), row.target


def read_all(session: Session, *, account_id: int, upto: int, now: datetime) -> None:
    """Notes that the person has read everything up to this notice; what came since stays unread."""
    mine = (StaffNotice.account_id == account_id, StaffNotice.read_at.is_(None), StaffNotice.id <= upto)
    session.execute(update(StaffNotice).where(*mine).values(read_at=now))


def choose(session: Session, account_id: int, *, address: str, is_mailed: bool, kinds: Iterable[str]) -> None:
    """Keeps what a person has chosen about e-mail. Raises ChoiceRefused."""
    if (is_mailed or address) and not _ADDRESS.fullmatch(address):
        raise errors.ChoiceRefused("address")
    known = {kind.value for kind in Kind}
    chosen = {
        "address": address, "is_mailed": is_mailed, "kinds": sorted(known & set(kinds)), "failures": 0, "trouble": "",
        "retry_at": None,
    }  # fmt: skip
    row = postgresql.insert(Choice).values(account_id=account_id, **chosen)
    session.execute(row.on_conflict_do_update(index_elements=[Choice.account_id], set_=chosen))


def sweep(session: Session, *, now: datetime, limit: int) -> int:
    """Deletes notices that are older than KEPT, the oldest first; how many."""
    old = select(StaffNotice.id).where(StaffNotice.at < now - KEPT).order_by(StaffNotice.at).limit(limit)
    gone = session.execute(delete(StaffNotice).where(StaffNotice.id.in_(old)).returning(StaffNotice.id))
    return len(gone.all())
