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
    false,
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

    from sqlalchemy import ColumnElement, CompoundSelect

CAP = 1000
RESTING = 300
View = Literal["mine", "role", "unassigned", "overdue", "held", "waiting_partner", "done"]
Order = Literal["due", "priority", "created", "changed", "name"]

_table = Task.__table__
_task, _instance, _entry = _table.c, Instance.__table__.c, Entry.__table__.c


def _unseen(name: str, kind: Any) -> Any:  # noqa: ANN401  a scalar subselect
    """A parameter that the planner cannot look into: so it makes one plan for all values, and keeps it."""
    return select(bindparam(name, type_=kind)).scalar_subquery()


_NOW = _unseen("now", DateTime(timezone=True))
_ACTOR = _unseen("actor", Integer)
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
    """Tasks of a role (or of a person) that lie together in an index: in this order, or (None) in every order.
    `side` leads the indexes of all orders, `rest` is what else is asked of them.
    """

    side: ColumnElement[bool]
    rest: tuple[ColumnElement[bool], ...]
    order: tuple[By, ...] | None

    @property
    def sortable(self) -> int:
        """Up to how many it costs less to sort them than to look for them among the others in the wanted order: there
        are twenty times as many others here as among what was put aside.
        """
        return RESTING if self.order == _RETURN else CAP

    def opaque(self) -> ColumnElement[bool]:
        """What else is asked, so that no index can answer it."""
        return func.coalesce(and_(*self.rest), false())


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
    here, aside, back = not_(_task.aside), _task.aside, _task.held_until <= _NOW
    due = ORDERS["due"]
    if view == "role":
        return _Slice(here, (), None), _Slice(aside, (back,), _RETURN)
    if view == "mine":
        return _Slice(here, (), due), _Slice(aside, (back,), due)
    if view == "held":
        return (_Slice(aside, (_task.held_until > _NOW,), _RETURN),)
    narrower = {
        "unassigned": _task.assignee_id.is_(None),
        "overdue": _task.due_at < _NOW,
        "waiting_partner": _task.waits_for == literal_column("'partner'"),
    }[view]
    return _Slice(here, (narrower,), due), _Slice(aside, (back, narrower), _RETURN)


def _each(parameter: str, column: str) -> Any:  # noqa: ANN401  a table of one column
    values = func.unnest(_unseen(parameter, ARRAY(Text)))
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
    for each in _slices(wanted.view):
        if wanted.view == "mine" or each.order in {None, order}:
            yield from _ordered(wanted, names, scope, each.side, *each.rest)
        else:
            large = _is_large(scope, each)
            yield _sorted(wanted, names, _small(names, scope, each, not_(large)))
            yield from _ordered(wanted, names, scope, each.side, each.opaque(), large)


def _filters(wanted: Wanted, columns: Any = _task) -> Iterator[ColumnElement[bool]]:  # noqa: ANN401  of a table or subquery
    if wanted.by_process:
        yield columns.process == bindparam("process", type_=Text)
    if wanted.view == "mine" and wanted.by_role:
        yield columns.role == func.any(bindparam("roles", type_=ARRAY(Text)))


def _ordered(wanted: Wanted, names: tuple[str, ...], *conditions: ColumnElement[bool]) -> Iterator[Select[Any]]:
    """The beginning of what fits, as an index holds it in the wanted order."""
    for beyond in _beyond(ORDERS[wanted.order], wanted.empty):
        rows = select(*(_task[name] for name in names)).where(*conditions, *_filters(wanted), beyond)
        yield select(_cut(wanted, rows, _task).subquery())


def _cut(wanted: Wanted, rows: Select[Any], columns: Any) -> Select[Any]:  # noqa: ANN401  of a table or subquery
    return rows.order_by(*_sorting(ORDERS[wanted.order], columns)).limit(_number(wanted.limit + 1))


def _is_large(scope: ColumnElement[bool], each: _Slice) -> ColumnElement[bool]:
    """Whether a slice holds too much to be sorted, counted in its index."""
    beginning = _beginning(scope, each, each.sortable + 1).subquery()
    number: ColumnElement[Any] = select(func.count()).select_from(beginning).scalar_subquery()
    return number > literal_column(str(each.sortable), Integer)


def _beginning(scope: ColumnElement[bool], each: _Slice, number: int) -> Select[Any]:
    """So many of a slice, in the order of its index: so nothing is gathered first, whatever is estimated."""
    found = select(_task.id).where(scope, each.side, *each.rest)
    return found.order_by(*_sorting(each.order or ORDERS["due"], _task)).limit(_number(number))


def _small(names: tuple[str, ...], scope: ColumnElement[bool], each: _Slice, small: ColumnElement[bool]) -> Any:  # noqa: ANN401  a lateral join
    """The rows of a small slice: found in the index alone, then fetched one by one, as the planner must not do
    otherwise.
    """
    found = _beginning(scope, each, each.sortable).where(small).subquery()
    one = _table.alias()
    row = select(*(one.c[name] for name in names)).where(one.c.id == found.c.id).limit(_number(1)).lateral()
    return found.join(row, true()), row


def _sorted(wanted: Wanted, names: tuple[str, ...], small: Any) -> Select[Any]:  # noqa: ANN401  see _small
    source, row = small
    rows = select(*(row.c[name] for name in names)).select_from(source)
    rows = rows.where(or_(*_beyond(ORDERS[wanted.order], wanted.empty, row.c)), *_filters(wanted, row.c))
    return select(_cut(wanted, rows, row.c).subquery())


def _of_subjects(wanted: Wanted, names: tuple[str, ...]) -> Select[Any]:
    """The tasks of some subjects: few, so they are read by subject and sorted."""
    subject = _each("subjects", "subject")
    state = or_(*(and_(each.side, *each.rest) for each in _slices(wanted.view)))
    scope = (
        _task.assignee_id == _ACTOR
        if wanted.view == "mine"
        else _task.role == func.any(bindparam("roles", type_=ARRAY(Text)))
    )
    beyond = or_(*_beyond(ORDERS[wanted.order], wanted.empty))
    rows = select(*(_task[name] for name in names)).join_from(subject, _table, _task.subject == subject.c.subject)
    return _cut(wanted, rows.where(scope, state, *_filters(wanted), beyond), _task)


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
    return union_all(*(select(_beginning(scope, each, CAP + 1).subquery()) for each in _slices(view)))
