"""Reading drafts, unread marks and saved filters of a member of staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, BigInteger, Integer, bindparam, false, func, null, or_, select, true, union_all

from app.casework import vault
from app.casework.desk import models

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import CompoundSelect, Select
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class DraftRow:
    """What somebody typed and did not hand in yet."""

    values: Mapping[str, Any]
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Marks:
    """What somebody did with tasks of a list: when each was last seen, and which have a draft."""

    seen: Mapping[int, datetime]
    drafted: frozenset[int]


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


def marks(session: Session, task_ids: Collection[int], account_id: int) -> Marks:
    """When this person last saw each of these tasks, and for which of them it has a draft, in one statement."""
    rows = session.execute(_MARKS, {"tasks": list(task_ids), "account": account_id}).all()
    return Marks(
        seen={row.task_id: row.seen_at for row in rows if not row.is_draft},
        drafted=frozenset(row.task_id for row in rows if row.is_draft),
    )


def _marks() -> CompoundSelect[Any]:
    tasks, account = bindparam("tasks", type_=ARRAY(BigInteger)), bindparam("account", type_=Integer)
    read, draft = models.ReadMark.__table__.c, models.Draft.__table__.c
    return union_all(
        select(read.task_id, read.seen_at, false().label("is_draft")).where(
            read.task_id == func.any(tasks), read.account_id == account
        ),
        select(draft.task_id, null(), true()).where(draft.task_id == func.any(tasks), draft.account_id == account),
    )


_MARKS = _marks()


def filters(session: Session, account_id: int) -> tuple[FilterRow, ...]:
    """The saved filters of this person, by name, then those that colleagues share."""
    return tuple(FilterRow(*row) for row in session.execute(_FILTERS, {"account": account_id}))


def _filters() -> Select[Any]:
    table = models.SavedFilter.__table__.c
    own = (table.account_id == bindparam("account", type_=Integer)).label("own")
    return (
        select(table.id, table.name, table.query, table.shared, own, table.owner)
        .where(or_(own, table.shared))
        .order_by(own.desc(), table.name, table.id)
    )


_FILTERS = _filters()
