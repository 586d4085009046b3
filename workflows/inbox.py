"""The inbox in rows: pages by key, never by number, and counts that stop counting. What it costs does not grow with
the number of open tasks: see `backlog`.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select, tuple_

from workflows import backlog
from workflows.models import Entry, Instance, Task

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from workflows.backlog import Order, View

CAP = backlog.CAP
VIEWS: tuple[View, ...] = ("mine", "role", "unassigned", "overdue", "held", "waiting_partner", "done")


@dataclass(frozen=True, slots=True)
class TaskRow:
    """An open task (in the view `done`: a completed one, `changed_at` being when)."""

    id: int
    instance_id: int
    definition_id: int
    key: Any
    subject: str
    process: str
    element: str
    name: str
    role: str
    form: str | None
    waits_for: str
    assignee_id: int | None
    assignee: str | None
    priority: int
    due_at: datetime | None
    held_until: datetime | None
    held_reason: str | None
    created_at: datetime
    changed_at: datetime
    excluded_id: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows in order, and the key after which the next page begins (None on the last)."""

    rows: tuple[TaskRow, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class _Wanted:
    subjects: Sequence[str] | None
    process: str | None
    limit: int
    after: str | None


_task = Task.__table__.c
_NAMES = tuple(TaskRow.__dataclass_fields__)


def task_columns() -> list[Any]:
    """The columns of a TaskRow, for a select that joins the instance."""
    return [
        Instance.__table__.c.definition_id if name == "definition_id" else _task[name]
        for name in TaskRow.__dataclass_fields__
    ]


def inbox(  # noqa: PLR0913  the filters of the screen
    session: Session,
    *,
    roles: Iterable[str],
    actor_id: int,
    now: datetime,
    view: View = "role",
    order: Order = "due",
    search_subjects: Sequence[str] | None = None,
    role: str | None = None,
    process: str | None = None,
    limit: int = 50,
    after: str | None = None,
) -> Page:
    """A page of what this person may do, or has done."""
    if view == "done":
        return _done(session, actor_id, wanted=_Wanted(search_subjects, process, limit, after))
    allowed = [held for held in sorted(set(roles)) if role in {None, held}]
    key = _key(order, after)
    wanted = backlog.Wanted(
        view, order, limit,
        by_role=role is not None, by_subject=search_subjects is not None, by_process=process is not None,
        empty=None if key is None else tuple(value is None for value in key),
    )  # fmt: skip
    values = {
        "now": now, "actor": actor_id, "roles": allowed, "process": process, "subjects": list(search_subjects or ()),
    } | {f"key_{place}": value for place, value in enumerate(key or ())}  # fmt: skip
    found = session.execute(backlog.listed(wanted, _NAMES), values)
    return _page([TaskRow(*row) for row in found], limit, [by.column for by in backlog.ORDERS[order]])


def _key(order: Order, after: str | None) -> list[Any] | None:
    if after is None:
        return None
    try:
        values = orjson.loads(base64.urlsafe_b64decode(after))
        names = [by.column for by in backlog.ORDERS[order]]
        return [
            datetime.fromisoformat(value) if name.endswith("_at") and value is not None else value
            for name, value in zip(names, values, strict=True)
        ]
    except (ValueError, TypeError, binascii.Error):
        # A key of another order, or one that somebody has altered: begin anew.
        return None


def _page(rows: list[TaskRow], limit: int, names: Sequence[str]) -> Page:
    if len(rows) <= limit:
        return Page(tuple(rows), None)
    last = [getattr(rows[limit - 1], name) for name in names]
    return Page(tuple(rows[:limit]), _token(last))


def _token(key: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(key)).decode()


def _done(session: Session, actor_id: int, *, wanted: _Wanted) -> Page:
    """What this person has completed, newest first; the role and the dates of the task are gone with it."""
    query = (
        select(Entry, Instance.subject, Instance.definition_id)
        .join(Instance, Instance.id == Entry.instance_id)
        .where(Entry.actor_id == actor_id, Entry.kind == "task_completed")
        .order_by(Entry.at.desc(), Entry.id.desc())
        .limit(wanted.limit + 1)
    )
    if wanted.subjects is not None:
        query = query.where(Instance.subject.in_(wanted.subjects))
    if wanted.process is not None:
        query = query.where(Entry.detail["process"].astext == wanted.process)
    key = _key("changed", wanted.after)
    if key is not None:
        query = query.where(tuple_(Entry.at, Entry.id) < tuple_(*key))
    found = session.execute(query).all()
    rows = tuple(_done_row(entry, subject, definition_id) for entry, subject, definition_id in found[: wanted.limit])
    return Page(
        rows,
        _token([found[wanted.limit - 1][0].at, found[wanted.limit - 1][0].id]) if len(found) > wanted.limit else None,
    )


def _done_row(row: Entry, subject: str, definition_id: int) -> TaskRow:
    detail = row.detail or {}
    return TaskRow(
        id=row.task_id or 0,
        instance_id=row.instance_id,
        definition_id=definition_id,
        key=None,
        subject=subject,
        process=detail.get("process", ""),
        element=row.element,
        name=row.name,
        role=detail.get("role", ""),
        form=None,
        waits_for="own",
        assignee_id=row.actor_id,
        assignee=row.actor,
        priority=50,
        due_at=None,
        held_until=None,
        held_reason=None,
        created_at=row.at,
        changed_at=row.at,
        excluded_id=None,
    )


def counts(
    session: Session,
    *,
    roles: Iterable[str],
    actor_id: int,
    now: datetime,
    views: Iterable[View] = VIEWS,
    led: Iterable[str] = (),
) -> dict[str, int]:
    """How many tasks each view holds, under `team` those of the roles led, if any; counting stops one beyond CAP."""
    values = {"now": now, "actor": actor_id, "roles": sorted(set(roles)), "led": sorted(set(led))}
    wanted = (*views, "team") if values["led"] else tuple(views)
    row = session.execute(backlog.counted(wanted), values).one()
    return dict(zip(wanted, row, strict=True))
