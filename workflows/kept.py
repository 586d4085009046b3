"""What a transaction has read once and need not read again: kept on the session until somebody writes it.

Each value names the tables it was read from. A write to one of them through the session, by objects or by a
statement, drops it; so does the end of the transaction (a savepoint's, too), and whoever takes the lock on an
instance drops everything, because others may have written while it waited.

A value that holds the session's own objects needs no reading again when they change: it names its table with a plus
(`NEW + "route_decision"`), and only rows that come or go, and statements, drop it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from sqlalchemy.orm import ORMExecuteState, SessionTransaction, UOWTransaction

T = TypeVar("T")
NEW = "+"
_PLACE = "kept"
_TABLES: dict[type, str] = {}


class _Kept(NamedTuple):
    value: Any
    tables: frozenset[str]


def keep(session: Session, key: Hashable, value: object, tables: Iterable[str]) -> None:
    """Keeps a value under this key until one of the tables is written or the transaction ends."""
    session.info.setdefault(_PLACE, {})[key] = _Kept(value, frozenset(tables))


def once(session: Session, key: Hashable, tables: Iterable[str], read: Callable[[], T]) -> T:
    """The value kept under this key, else what `read` finds, which is kept from now on."""
    watched = frozenset(tables)
    if watched:
        _flush(session, watched)
    found: _Kept | None = session.info.get(_PLACE, {}).get(key)
    if found is not None:
        value: T = found.value
        return value
    value = read()
    if value is not None:
        keep(session, key, value, watched)
    return value


def is_kept(session: Session, key: Hashable) -> bool:
    """Whether nothing has dropped the value since it was kept."""
    return key in session.info.get(_PLACE, {})


def forget(session: Session) -> None:
    """Drops everything that was kept."""
    session.info.pop(_PLACE, None)


def written(session: Session, *tables: str) -> None:
    """Drops what was read from these tables: for statements that the session cannot read, such as text."""
    _drop(session, {name for table in tables for name in (table, NEW + table)})


def _flush(session: Session, watched: frozenset[str]) -> None:
    """What was changed and not written yet must be seen, as any query would see it."""
    if watched & _changed(session):
        session.flush()


def _changed(session: Session) -> set[str]:
    """The tables with changes that the session has not written yet."""
    if not (session.new or session.deleted or session.dirty):
        return set()
    come_or_gone = {_table(row) for rows in (session.new, session.deleted) for row in rows}
    return come_or_gone | {NEW + table for table in come_or_gone} | {_table(row) for row in session.dirty}


def _table(row: object) -> str:
    kind = type(row)
    if kind not in _TABLES:
        _TABLES[kind] = str(inspect(kind).local_table.name)
    return _TABLES[kind]


def _drop(session: Session, tables: set[str]) -> None:
    kept: dict[Hashable, _Kept] = session.info.get(_PLACE, {})
    for key in [key for key, each in kept.items() if each.tables & tables]:
        del kept[key]


@event.listens_for(Session, "after_flush")
def _flushed(session: Session, _context: UOWTransaction) -> None:
    if session.info.get(_PLACE):
        _drop(session, _changed(session))


@event.listens_for(Session, "do_orm_execute")
def _executed(state: ORMExecuteState) -> None:
    if state.session.info.get(_PLACE) and (state.is_insert or state.is_update or state.is_delete):
        written(state.session, str(state.statement.table.name))  # type: ignore[attr-defined]  # a data statement


@event.listens_for(Session, "after_transaction_end")
def _ended(session: Session, transaction: SessionTransaction) -> None:
    # Each flush has a transaction of its own inside the session's; its end means nothing.
    if transaction.nested or transaction.parent is None:
        forget(session)
