"""Reading corrections, each as far as a reader may: old values only where the category is open to the reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.casework.corrections import models, standing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.casework.access import Reading


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A field with what stood there and what stands there now; `of` names the benefit that it belongs to."""

    field: str
    of: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """Who put what right, when and why; a reduced reader learns who, when and about what."""

    id: int
    section: str
    author: str
    partner: str
    at: datetime
    reason: str
    changes: tuple[ChangeRow, ...]


def corrections(
    session: Session, client_id: int, readings: Mapping[str, Reading], *, without: frozenset[str]
) -> tuple[CorrectionRow, ...]:
    """The corrections about a client in the categories that a reader sees, the newest first."""
    table = models.Correction
    visible = [category for category, reading in readings.items() if reading.is_visible]
    rows = session.scalars(
        select(table).where(table.client_id == client_id, table.category.in_(visible)).order_by(table.id.desc())
    )
    return tuple(_row(row, readings[row.category], without) for row in rows)


def hidden_fields(*, address: bool) -> frozenset[str]:
    """The fields that a protected address keeps from whoever does not lead the case."""
    return standing.PROTECTED if address else frozenset()


def _row(row: models.Correction, reading: Reading, without: frozenset[str]) -> CorrectionRow:
    shown = [ChangeRow(**change) for change in row.changes if change["field"] not in without]
    reason = row.reason if reading.is_full and len(shown) == len(row.changes) else ""
    return CorrectionRow(
        row.id, row.section, row.author, row.partner, row.at, reason, tuple(shown) if reading.is_full else ()
    )
