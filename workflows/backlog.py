"""The statements that read open tasks for the inbox, each made once and kept. None reads a role's whole backlog.

The tasks of a view lie in slices, and each slice is one stretch of an index: what is open here, and what was put aside
and has come back. A list merges the beginnings of its slices. Where no index holds a slice in the wanted order, a small
slice is sorted and a large one is picked from the role's tasks in that order: of these, many belong to it.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sqlalchemy import (
    ARRAY,
    DateTime,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    union_all,
)

from workflows.models import Entry, Instance, Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, CompoundSelect, Subquery

CAP = 1000
View = Literal["mine", "role", "unassigned", "overdue", "held", "waiting_partner", "done"]
Order = Literal["due", "priority", "created", "changed", "name"]

_table = Task.__table__
_task, _instance, _entry = _table.c, Instance.__table__.c, Entry.__table__.c
_NOW = bindparam("now", type_=DateTime(timezone=True))
_ACTOR = bindparam("actor", type_=Integer)
_ROLES = bindparam("roles", type_=ARRAY(Text))
# A name without its table: the parts of a lateral join are written before they are joined.
_OF_ROLE = _task.role == literal_column("each_role.role", Text)


class By(NamedTuple):
    """A column of an order: whether it descends, and whether it may be empty (empty comes last, as in the indexes)."""

    column: str
    descends: bool = False
    nullable: bool = False


ORDERS: Mapping[str, tuple[By, ...]] = {
    "due": (By("due_at", nullable=True), By("id")),
    "priority": (By("priority", descends=True), By("due_at", nullable=True), By("id")),
    "created": (By("created_at"), By("id")),
    "changed": (By("changed_at", descends=True), By("id", descends=True)),
    "name": (By("name"), By("id")),
}
_RETURN = (By("held_until"),)


class _Slice(NamedTuple):
    """Tasks of a role (or of a person) that lie together in an index: in this order, or (None) in every order."""

    conditions: tuple[ColumnElement[bool], ...]
    order: tuple[By, ...] | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The shape of a list: all of it that changes the statement; `empty` tells which values of the key are none."""

    view: View
    order: Order
    limit: int
    by_role: bool
    by_subject: bool
    by_process: bool
    empty: tuple[bool, ...] | None


def _slices(view: View) -> tuple[_Slice, ...]:
    here, back = (not_(_task.aside),), (_task.aside, _task.held_until <= _NOW)
    due = ORDERS["due"]
    if view == "role":
        return _Slice(here, None), _Slice(back, _RETURN)
    if view == "mine":
        return _Slice(here, due), _Slice(back, due)
    if view == "held":
        return (_Slice((_task.aside, _task.held_until > _NOW), _RETURN),)
    narrower = {
        "unassigned": _task.assignee_id.is_(None),
        "overdue": _task.due_at < _NOW,
        "waiting_partner": _task.waits_for == literal_column("'partner'"),
    }[view]
    return _Slice((*here, narrower), due), _Slice((*back, narrower), _RETURN)


def _each(parameter: str, column: str) -> Any:  # noqa: ANN401  a table of one column
    values = func.unnest(bindparam(parameter, type_=ARRAY(Text)))
    return values.table_valued(column).render_derived(name=f"each_{column}")


def _number(number: int) -> Any:  # noqa: ANN401  a limit that the planner of a prepared statement sees
    return literal_column(str(number))


def _sorting(order: Sequence[By], columns: Any) -> list[Any]:  # noqa: ANN401  columns of a table or subquery
    return [columns[name].desc() if descends else columns[name].asc() for name, descends, _ in order]


# Lists


@functools.lru_cache(maxsize=256)
def listed(wanted: Wanted, names: tuple[str, ...]) -> Select[Any]:
    """These columns of the tasks in a list, one more than its limit; the columns are those of tasks and
    `definition_id`.
    """
    columns = tuple(name for name in names if name != "definition_id")
    if wanted.by_subject:
        rows: Any = _of_subjects(wanted, columns).subquery("part")
        source = rows
    elif wanted.view == "mine":
        rows = source = union_all(*_parts(wanted, columns, _task.assignee_id == _ACTOR)).subquery("part")
    else:
        role = _each("roles", "role")
        rows = union_all(*_parts(wanted, columns, _OF_ROLE)).lateral("part")
        source = role.join(rows, true())
    shown = [_instance.definition_id if name == "definition_id" else rows.c[name] for name in names]
    found = select(*shown).join_from(source, Instance.__table__, _instance.id == rows.c.instance_id)
    return found.order_by(*_sorting(ORDERS[wanted.order], rows.c)).limit(_number(wanted.limit + 1))


def _parts(wanted: Wanted, names: tuple[str, ...], scope: ColumnElement[bool]) -> Iterator[Select[Any]]:
    order = ORDERS[wanted.order]
    more = [*_filters(wanted)]
    for each in _slices(wanted.view):
        ordered = [
            _cut(names, wanted, scope, *each.conditions, *more, beyond) for beyond in _beyond(order, wanted.empty)
        ]
        if wanted.view == "mine" or each.order in {None, order}:
            yield from (select(part.subquery()) for part in ordered)
        else:
            large = _is_large(scope, each)
            few = _beginning(scope, each, [_task[name] for name in names]).where(not_(large))
            yield _sorted(names, wanted, few.subquery())
            yield from (select(part.where(large).subquery()) for part in ordered)


def _filters(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.by_process:
        yield _task.process == bindparam("process", type_=Text)
    if wanted.view == "mine" and wanted.by_role:
        yield _task.role == func.any(_ROLES)


def _cut(names: tuple[str, ...], wanted: Wanted, *conditions: ColumnElement[bool]) -> Select[Any]:
    rows = select(*(_task[name] for name in names)).where(*conditions)
    return rows.order_by(*_sorting(ORDERS[wanted.order], _task)).limit(_number(wanted.limit + 1))


def _is_large(scope: ColumnElement[bool], each: _Slice) -> ColumnElement[bool]:
    """Whether a slice holds more than CAP, counted in its index."""
    number: ColumnElement[Any] = (
        select(func.count()).select_from(_beginning(scope, each, [_task.id]).subquery()).scalar_subquery()
    )
    return number > literal_column(str(CAP), Integer)


def _beginning(scope: ColumnElement[bool], each: _Slice, columns: Sequence[Any]) -> Select[Any]:
    """One more than CAP of a slice, in the order of its index: so nothing is gathered first, whatever is estimated."""
    found = select(*columns).where(scope, *each.conditions)
    return found.order_by(*_sorting(each.order or ORDERS["due"], _task)).limit(_number(CAP + 1))


def _sorted(names: tuple[str, ...], wanted: Wanted, few: Subquery) -> Select[Any]:
    """The rows of a small slice, in the wanted order."""
    order = ORDERS[wanted.order]
    rows = select(*(few.c[name] for name in names)).where(or_(*_beyond(order, wanted.empty, few.c)))
    if wanted.by_process:
        rows = rows.where(few.c.process == bindparam("process", type_=Text))
    return select(rows.order_by(*_sorting(order, few.c)).limit(_number(wanted.limit + 1)).subquery())


def _of_subjects(wanted: Wanted, names: tuple[str, ...]) -> Select[Any]:
    """The tasks of some subjects: few, so they are read by subject and sorted."""
    subject = _each("subjects", "subject")
    state = or_(*(and_(*each.conditions) for each in _slices(wanted.view)))
    scope = _task.assignee_id == _ACTOR if wanted.view == "mine" else _task.role == func.any(_ROLES)
    beyond = or_(*_beyond(ORDERS[wanted.order], wanted.empty))
    rows = _cut(names, wanted, scope, state, *_filters(wanted), beyond)
    return rows.join_from(subject, _table, _task.subject == subject.c.subject)


def _beyond(
    order: Sequence[By],
    empty: Sequence[bool] | None,
    columns: Any = _task,  # noqa: ANN401  of a table or subquery
) -> Iterator[ColumnElement[bool]]:
    """What comes after the key (its values are the parameters key_0, key_1 ...), as one condition for each column in
    which it may differ first; an index serves each of them.
    """
    if empty is None:
        yield true()
        return
    same: list[ColumnElement[bool]] = []
    for place, (by, is_empty) in enumerate(zip(order, empty, strict=True)):
        column = columns[by.column]
        value = bindparam(f"key_{place}", type_=column.type)
        if not is_empty:
            yield and_(*same, column < value if by.descends else column > value)
            if by.nullable:
                yield and_(*same, column.is_(None))
        same.append(column.is_(None) if is_empty else column == value)


# Counts


@functools.lru_cache(maxsize=64)
def counted(views: tuple[str, ...]) -> Select[Any]:
    """How many tasks these views hold, each count stopping one beyond CAP; `team` is the view `role` of the roles in
    the parameter `led`.
    """
    return select(*(_count(view).label(view) for view in views))


def _count(view: str) -> Any:  # noqa: ANN401  a scalar subselect
    if view == "done":
        rows: Any = select(_entry.id).where(
            _entry.actor_id == _ACTOR, _entry.kind == literal_column("'task_completed'")
        )
        rows = rows.order_by(_entry.at, _entry.id)
    elif view == "mine":
        rows = _merged("mine", _task.assignee_id == _ACTOR)
    else:
        role = _each("led" if view == "team" else "roles", "role")
        part = _merged("role" if view == "team" else view, _OF_ROLE).lateral("part")
        rows = select(part.c.id).select_from(role.join(part, true()))
    return select(func.count()).select_from(rows.limit(_number(CAP + 1)).subquery()).scalar_subquery()


def _merged(view: Any, scope: ColumnElement[bool]) -> CompoundSelect[Any]:  # noqa: ANN401  a View
    return union_all(*(select(_beginning(scope, each, [_task.id]).subquery()) for each in _slices(view)))
