"""What changes drafts, unread marks and saved filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects.postgresql import insert

from app.casework import errors, vault
from app.casework.desk import models

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

LONGEST_NAME = 80


def save_draft(session: Session, task_id: int, account_id: int, *, values: Mapping[str, Any], now: datetime) -> None:
    """Keeps what somebody typed so far, encrypted; the last one wins."""
    row = {"task_id": task_id, "account_id": account_id, "sealed": vault.of(session).seal(values), "saved_at": now}
    _upsert(session, models.Draft, ["task_id", "account_id"], row)


_DISCARD = delete(models.Draft.__table__).where(models.Draft.__table__.c.task_id == bindparam("task_id"))  # type: ignore[arg-type]  # a Table


def discard_drafts(session: Session, task_id: int) -> None:
    """Forgets what anybody typed into a task's form, because the task is done or gone."""
    session.execute(_DISCARD, {"task_id": task_id})


def discard_draft(session: Session, task_id: int, account_id: int) -> None:
    """Forgets what this person typed."""
    table = models.Draft
    session.execute(delete(table).where(table.task_id == task_id, table.account_id == account_id))


def mark_seen(session: Session, task_id: int, account_id: int, *, now: datetime) -> None:
    """Notes that this person saw the task as it is now."""
    row = {"task_id": task_id, "account_id": account_id, "seen_at": now}
    _upsert(session, models.ReadMark, ["task_id", "account_id"], row)


def mark_unseen(session: Session, task_id: int, account_id: int) -> None:
    """Makes the task new again for this person."""
    table = models.ReadMark
    session.execute(delete(table).where(table.task_id == task_id, table.account_id == account_id))


def save_filter(
    session: Session,
    account_id: int,
    name: str,
    *,
    query: Mapping[str, Any],
    now: datetime,
    shared: bool = False,
    owner: str = "",
) -> None:
    """Keeps a filter in place of an older one of that name; raises ValuesRefused for an empty or long name.

    A shared one shows to everybody under its owner's name; only the owner can change or delete it.
    """
    name = name.strip()
    if not name:
        raise errors.ValuesRefused({"name": "required"})
    if len(name) > LONGEST_NAME:
        raise errors.ValuesRefused({"name": "too_long"})
    row = {
        "account_id": account_id,
        "name": name,
        "query": dict(query),
        "created_at": now,
        "shared": shared,
        "owner": owner,
    }
    _upsert(session, models.SavedFilter, ["account_id", "name"], row)


def delete_filter(session: Session, filter_id: int, account_id: int) -> None:
    """Forgets a filter of this person; somebody else's stays."""
    table = models.SavedFilter
    session.execute(delete(table).where(table.id == filter_id, table.account_id == account_id))


def _upsert(session: Session, table: Any, keys: list[str], row: dict[str, Any]) -> None:  # noqa: ANN401  any desk table
    statement = insert(table).values(**row)
    rest = {name: statement.excluded[name] for name in row if name not in keys}
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))
