"""Which rule books were put into force, without their contents. A case is read together with them: each of its steps
asks which book decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, true

from app.casework.editions.models import RuleEdition
from app.office import arrays
from workflows import kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

_TABLES = (RuleEdition.__tablename__,)


@dataclass(frozen=True, slots=True)
class EditionRow:
    """A rule book that was put into force, without its content. The one of the profile has no row and the id 0."""

    id: int
    version: str
    digest: str
    valid_from: date
    put_at: datetime | None
    put_by: str


def column() -> ColumnElement[Any]:
    """What a statement has to select so that `keep` finds all editions in its row."""
    columns = [getattr(RuleEdition, name) for name in EditionRow.__dataclass_fields__]
    return arrays.every(columns, true(), order=(RuleEdition.valid_from.desc(), RuleEdition.id.desc()))


def keep(session: Session, told: Sequence[Any]) -> None:
    """Keeps what such a statement found for the rest of the transaction, until the table is written."""
    kept.keep(session, EditionRow, tuple(_row(each) for each in told), _TABLES)


def editions(session: Session) -> tuple[EditionRow, ...]:
    """All editions, the one that decides first; of several from the same day the one that was put last."""
    return kept.once(
        session, EditionRow, _TABLES, lambda: tuple(map(_row, session.execute(select(column())).scalar_one()))
    )


def contents(session: Session, digests: Iterable[str]) -> dict[str, bytes]:
    """The books of these content hashes, byte for byte."""
    query = select(RuleEdition.digest, RuleEdition.content).where(RuleEdition.digest.in_(set(digests)))
    return {row.digest: row.content for row in session.execute(query)}


def _row(values: Sequence[Any]) -> EditionRow:
    key, version, digest, valid_from, put_at, put_by = values
    return EditionRow(key, version, digest, date.fromisoformat(valid_from), datetime.fromisoformat(put_at), put_by)
