"""Columns that the tables of the application share: keys, words, instants, and the check for an enum."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Identity, Text
from sqlalchemy.orm import mapped_column

if TYPE_CHECKING:
    from enum import StrEnum

Instant = DateTime(timezone=True)
Key = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
Word = Annotated[str, mapped_column(Text)]
Moment = Annotated[datetime, mapped_column(Instant)]


def one_of(column: str, values: type[StrEnum], *, name: str | None = None) -> CheckConstraint:
    """The check constraint that `column` holds one of the enum's values."""
    listed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name or column)
