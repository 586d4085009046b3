"""The inbox in rows: pages by key, never by number, and counts that stop counting. What it costs does not grow with
the number of open tasks: each role's part is read from an index in the wanted order and cut off, then the parts are
merged.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import orjson
from sqlalchemy import ColumnElement, Select, and_, func, literal, select, tuple_, union_all

from workflows.models import Entry, Instance, Task

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

CAP = 1000
View = Literal["mine", "role", "unassigned", "overdue", "held", "waiting_partner", "done"]
Order = Literal["due", "priority", "created", "changed", "name"]


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
_entry = Entry.__table__.c
_NAMES = tuple(name for name in TaskRow.__dataclass_fields__ if name != "definition_id")
# Column, whether it descends, whether it may be empty (empty comes last, as in the indexes).
_ORDERS: Mapping[str, tuple[tuple[str, bool, bool], ...]] = {
    "due": (("due_at", False, True), ("id", False, False)),
    "priority": (("priority", True, False), ("due_at", False, True), ("id", False, False)),
    "created": (("created_at", False, False), ("id", False, False)),
    "changed": (("changed_at", True, False), ("id", True, False)),
    "name": (("name", False, False), ("id", False, False)),
}


def task_columns() -> list[Any]:
    """The columns of a TaskRow, for a select that joins the instance."""
    return [Instance.definition_id if name == "definition_id" else _task[name] for name in TaskRow.__dataclass_fields__]


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
    allowed = [held for held in sorted(set(roles)) if role in {None, held}]
    if view == "done":
        return _done(session, actor_id, wanted=_Wanted(search_subjects, process, limit, after))
    filters = _filters(search_subjects, process)
    scopes = [_task.assignee_id == actor_id] if view == "mine" else [_task.role == held for held in allowed]
    if view == "mine" and role is not None:
        filters.append(_task.role == role)
    conditions = [*_state(view, now), *filters]
    parts = [
        _part(order, limit, scope, beyond, *conditions)
        for scope in scopes
        for beyond in _beyond(order, _key(order, after))
    ]
    if not parts:
        return Page((), None)
    merged = union_all(*parts).subquery() if len(parts) > 1 else parts[0].subquery()
    columns = [
        Instance.definition_id if name == "definition_id" else merged.c[name] for name in TaskRow.__dataclass_fields__
    ]
    query = select(*columns).join_from(merged, Instance, Instance.id == merged.c.instance_id)
    rows = [TaskRow(*row) for row in session.execute(query.order_by(*_sorting(order, merged.c)).limit(limit + 1))]
    return _page(rows, limit, [name for name, _, _ in _ORDERS[order]])


def _filters(subjects: Sequence[str] | None, process: str | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if subjects is not None:
        found.append(_task.subject.in_(subjects))
    if process is not None:
        found.append(_task.process == process)
    return found


def _state(view: View, now: datetime) -> list[ColumnElement[bool]]:
    aside = _task.held_until.is_not(None) & (_task.held_until > now)
    if view == "held":
        return [aside]
    here = _task.held_until.is_(None) | (_task.held_until <= now)
    if view == "unassigned":
        return [_task.assignee_id.is_(None), here]
    if view == "overdue":
        return [_task.due_at < now, here]
    if view == "waiting_partner":
        return [_task.waits_for == "partner", here]
    return [here]


def _part(order: Order, limit: int, *conditions: ColumnElement[bool]) -> Select[Any]:
    rows = select(*(_task[name] for name in _NAMES)).where(*conditions)
    return select(rows.order_by(*_sorting(order, _task)).limit(limit + 1).subquery())


def _sorting(order: Order, columns: Any) -> list[Any]:  # noqa: ANN401  columns of a table or subquery
    return [columns[name].desc() if descends else columns[name].asc() for name, descends, _ in _ORDERS[order]]


def _beyond(order: Order, key: Sequence[Any] | None) -> Iterator[ColumnElement[bool]]:
    """What comes after the key, as one condition for each column in which it may differ first; an index serves each
    of them.
    """
    if key is None:
        yield literal(value=True)
        return
    same: list[ColumnElement[bool]] = []
    for (name, descends, nullable), value in zip(_ORDERS[order], key, strict=True):
        column = _task[name]
        if value is not None:
            yield and_(*same, column < value if descends else column > value)
            if nullable:
                yield and_(*same, column.is_(None))
        same.append(column.is_(None) if value is None else column == value)


def _key(order: Order, after: str | None) -> list[Any] | None:
    if after is None:
        return None
    try:
        values = orjson.loads(base64.urlsafe_b64decode(after))
        names = [name for name, _, _ in _ORDERS[order]]
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


_VIEWS: tuple[View, ...] = ("mine", "role", "unassigned", "overdue", "held", "waiting_partner")


def _counted(view: View, roles: Sequence[str], actor_id: int, now: datetime) -> list[Select[Any]]:
    """What a view holds, a part for each role in the order of an index: so a part can stop at the cap, where a scan
    without an order would gather all its rows first.
    """
    order = (_task.held_until,) if view == "held" else (_task.due_at, _task.id)
    scopes = [_task.assignee_id == actor_id] if view == "mine" else [_task.role == role for role in roles]
    return [select(_task.id).where(scope, *_state(view, now)).order_by(*order) for scope in scopes]


def _capped(parts: Sequence[Select[Any]]) -> Any:  # noqa: ANN401  a scalar subselect
    if not parts:
        return literal(0)
    cut = [select(part.limit(CAP + 1).subquery()) for part in parts]
    rows = union_all(*cut).limit(CAP + 1) if len(cut) > 1 else cut[0]
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()


def counts(session: Session, *, roles: Iterable[str], actor_id: int, now: datetime) -> dict[str, int]:
    """How many tasks each view holds; counting stops one beyond CAP."""
    held = sorted(set(roles))

    columns = {view: _capped(_counted(view, held, actor_id, now)) for view in _VIEWS}
    done = select(_entry.id).where(_entry.actor_id == actor_id, _entry.kind == "task_completed")
    columns["done"] = _capped([done])
    labelled = [column.label(view) for view, column in columns.items()]
    return {str(view): int(number) for view, number in session.execute(select(*labelled)).mappings().one().items()}
