"""Reading drafts, unread marks and saved filters of a member of staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from app.casework import vault
from app.casework.desk import models

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class DraftRow:
    """What somebody typed and did not hand in yet."""

    values: Mapping[str, Any]
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class FilterRow:
    """A filter of the inbox under a name: one's own, or one that a colleague shares."""

    id: int
    name: str
    query: Mapping[str, Any]
    shared: bool
    own: bool
    owner: str


def draft(session: Session, task_id: int, account_id: int) -> DraftRow | None:
    """What this person typed into this task's form and did not hand in; nobody else's drafts are ever read."""
    table = models.Draft
    row = session.scalars(select(table).where(table.task_id == task_id, table.account_id == account_id)).one_or_none()
    return None if row is None else DraftRow(vault.of(session).open(row.sealed), row.saved_at)


def drafted(session: Session, task_ids: Collection[int], account_id: int) -> frozenset[int]:
    """For which of these tasks this person has a draft."""
    table = models.Draft
    found = select(table.task_id).where(table.task_id.in_(task_ids), table.account_id == account_id)
    return frozenset(session.scalars(found))


def seen(session: Session, task_ids: Collection[int], account_id: int) -> dict[int, datetime]:
    """When this person last saw each of these tasks; tasks never seen are left out."""
    table = models.ReadMark
    rows = session.execute(
        select(table.task_id, table.seen_at).where(table.task_id.in_(task_ids), table.account_id == account_id)
    )
    return {row.task_id: row.seen_at for row in rows}


def filters(session: Session, account_id: int) -> tuple[FilterRow, ...]:
    """The saved filters of this person, by name, then those that colleagues share."""
    table = models.SavedFilter
    own = (table.account_id == account_id).label("own")
    rows = session.execute(
        select(table.id, table.name, table.query, table.shared, own, table.owner)
        .where(or_(own, table.shared))
        .order_by(own.desc(), table.name, table.id)
    )
    return tuple(FilterRow(*row) for row in rows)
