"""Rows of other tables as JSON arrays inside a statement, so that one statement brings what several would."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement


def every(columns: Sequence[Any], where: Any, *, order: Sequence[Any]) -> ColumnElement[Any]:  # noqa: ANN401  SQL
    """All rows that fit, in this order, as an array of arrays."""
    row = func.jsonb_build_array(*columns, type_=JSONB)
    ordered = func.jsonb_agg(aggregate_order_by(row, *order), type_=JSONB)
    return select(func.coalesce(ordered, cast([], JSONB), type_=JSONB)).where(where).scalar_subquery()


def newest(columns: Sequence[Any], where: Any, key: Any) -> ColumnElement[Any]:  # noqa: ANN401  SQL
    """The fitting row with the highest key as an array; NULL when there is none."""
    row = func.jsonb_build_array(*columns, type_=JSONB)
    return select(row).where(where).order_by(key.desc()).limit(1).scalar_subquery()


def day(text: str | None) -> date | None:
    """A date as JSON holds it."""
    return None if text is None else date.fromisoformat(text)
