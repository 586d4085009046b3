"""The plain evaluator: asks the rows one after the other. It cross-checks each decision and does the trying-out
alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules import conditions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.editions import Row


def matches(rows: Sequence[Row], subject: conditions.Subject) -> tuple[str, ...]:
    """The ids of all rows that the subject meets, in the order of the table: the first of them decides."""
    return tuple(row.id for row in rows if conditions.hold(row.parts, subject))


def first(rows: Sequence[Row], subject: conditions.Subject) -> Row | None:
    """The first row that the subject meets, if any."""
    return next((row for row in rows if conditions.hold(row.parts, subject)), None)
