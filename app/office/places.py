"""Places: whom the office serves by where they live, and who serves the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from app.office import models

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def residence(session: Session, city: str, postcode: str = "") -> str:
    """Whether somebody who lives there is served: yes, no, or unclear when nothing is known."""
    text, code = city.strip(), postcode.strip()
    if not text and not code:
        return "unclear"
    named = func.lower(models.Place.name) == text.lower()
    found = session.scalars(
        select(models.Place.inside).where(or_(named, models.Place.postcode == code) if code else named)
    ).all()
    if not found:
        # A place that the office never heard of lies outside; a bare unknown postcode says nothing.
        return "no" if text else "unclear"
    return "yes" if all(found) else "no" if not any(found) else "unclear"


def responsible_place(session: Session, city: str) -> str:
    """Who serves the residents of a place outside; empty when not known."""
    return session.scalar(select(models.Place.responsible).where(models.Place.name == city.strip()).limit(1)) or ""
