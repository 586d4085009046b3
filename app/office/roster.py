"""Who holds which post on a day: asked at each request, so the statement is made once and brings rows, not objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, Select, and_, bindparam, or_, select

from app.office import arrays, models
from workflows import kept

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Row
    from sqlalchemy.orm import Session


def of(session: Session, day: date) -> Sequence[Row[Any]]:
    """The posts of a day; each row carries the substitutions of the day, too, which spares a statement."""
    return kept.once(session, ("roster", day), _NAMES, lambda: session.execute(_STATEMENT, {"day": day}).all())


def _valid(start: Any, end: Any, day: Any) -> tuple[Any, Any]:  # noqa: ANN401  columns of any table with a period
    return start <= day, or_(end.is_(None), end > day)


def _statement() -> Select[Any]:
    staff, post, away, substitution = (table.c for table in _TABLES)
    day = bindparam("day", type_=Date)
    absent = select(away.id).where(away.staff_id == staff.id, away.valid_from <= day, away.valid_to > day).exists()
    covers = arrays.every(
        (substitution.role, substitution.by_role),
        and_(*_valid(substitution.valid_from, substitution.valid_to, day)),
        order=(substitution.id,),
    )
    return (
        select(
            staff.id, staff.account_id, staff.name, staff.partner_id, post.role, post.hours, absent.label("away"),
            covers.label("covers"),
        )
        .join_from(_TABLES[0], _TABLES[1], post.staff_id == staff.id)
        .where(*_valid(staff.active_from, staff.active_to, day), *_valid(post.valid_from, post.valid_to, day))
        .order_by(staff.id, post.id)
    )  # fmt: skip


_TABLES = tuple(table.__table__ for table in (models.Staff, models.Post, models.Absence, models.Substitution))
_NAMES = frozenset({"office_staff", "office_post", "office_absence", "office_substitution"})
_STATEMENT = _statement()
