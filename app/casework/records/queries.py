"""Reading records, contacts, comments and the log of reads, each as far as a reader may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.casework import vault
from app.casework.records import models

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.casework.access import Reading


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A version of what a form wrote. `values` is None where the reader learns only that there is something."""

    id: int
    kind: str
    section: str
    category: str
    version: int
    author: str
    partner: str
    at: datetime
    values: Mapping[str, Any] | None
    latest: bool


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A talk, call or letter; a reduced reader learns date and kind only."""

    id: int
    held_on: date
    kind: str
    note: str | None
    next_step: str | None
    next_on: date | None
    author: str


@dataclass(frozen=True, slots=True)
class CommentRow:
    """A remark of staff."""

    id: int
    task_id: int | None
    text: str
    author: str
    partner: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AccessRow:
    """A line of the log of reads."""

    at: datetime
    actor: str
    partner: str
    purpose: str
    categories: tuple[str, ...]
    across: bool


def records(session: Session, case_id: int, readings: Mapping[str, Reading], reader_id: int) -> tuple[RecordRow, ...]:
    """The records of a case that a reader with these readings may see, the newest of each kind and section first."""
    table = models.Record
    visible = [category for category, reading in readings.items() if reading.is_visible]
    rows = session.scalars(
        select(table)
        .where(table.case_id == case_id, table.category.in_(visible))
        .order_by(table.kind, table.section, table.category, table.version.desc())
    )
    return tuple(_shown(session, rows, readings, reader_id))


def _shown(
    session: Session, rows: Iterable[models.Record], readings: Mapping[str, Reading], reader_id: int
) -> Iterable[RecordRow]:  # fmt: skip
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        reading = readings[row.category]
        if reading.authored_only and row.author_id != reader_id:
            continue
        key = (row.kind, row.section, row.category)
        values = _values(session, row) if reading.is_full else None
        yield RecordRow(
            row.id, row.kind, row.section, row.category, row.version, row.author, row.partner, row.at, values,
            latest=key not in seen,
        )  # fmt: skip
        seen.add(key)


def _values(session: Session, row: models.Record) -> Mapping[str, Any]:
    return vault.of(session).open(row.sealed) if row.sealed is not None else row.values or {}


def latest_values(session: Session, case_id: int, kind: str, *, section: str = "") -> dict[str, Any]:
    """What a form wrote last about a case, all categories together; for services and handlers, who are no readers."""
    table = models.Record
    found: dict[str, Any] = {}
    rows = session.scalars(
        select(table)
        .where(table.case_id == case_id, table.kind == kind, table.section == section)
        .order_by(table.category, table.version)
    )
    newest = {row.category: row for row in rows}
    for row in newest.values():
        found |= _values(session, row)
    return found


def contacts(session: Session, case_id: int, reading: Reading) -> tuple[ContactRow, ...]:
    """The contacts of a case, the newest first; notes only for a full reader."""
    table = models.Contact
    if not reading.is_visible:
        return ()
    rows = session.scalars(
        select(table).where(table.case_id == case_id).order_by(table.held_on.desc(), table.id.desc())
    )
    return tuple(
        ContactRow(
            row.id, row.held_on, row.kind, row.note if reading.is_full else None,
            row.next_step if reading.is_full else None, row.next_on, row.author,
        )
        for row in rows
    )  # fmt: skip


def comments(session: Session, case_id: int) -> tuple[CommentRow, ...]:
    """The remarks about a case and its tasks, the oldest first."""
    table = models.Comment
    rows = session.execute(
        select(table.id, table.task_id, table.text, table.author, table.partner, table.at)
        .where(table.case_id == case_id)
        .order_by(table.id)
    )
    return tuple(CommentRow(*row) for row in rows)


def reads(session: Session, case_id: int, *, limit: int = 200) -> tuple[AccessRow, ...]:
    """Who read a case, the newest first."""
    table = models.AccessEntry
    rows = session.scalars(select(table).where(table.case_id == case_id).order_by(table.id.desc()).limit(limit))
    return tuple(
        AccessRow(row.at, row.actor, row.partner, row.purpose, tuple(row.categories), row.across) for row in rows
    )
