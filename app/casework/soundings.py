"""What another rule book would do to the open cases, as numbers: nobody who reads them learns of a person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, select, true

from app.casework import models
from rules import facts, routing
from rules.facts import FactsInvalid

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from rules.book import Book

# What the record of a decision holds beside the facts.
_BESIDE = frozenset({"on", "derived"})


@dataclass(slots=True)
class Sounding:
    """What was counted in a part of the open cases; `last` is the id of the last one, None when there are no more."""

    last: int | None = None
    seen: int = 0
    unknown: int = 0
    routes: Counter[tuple[str, str]] = field(default_factory=Counter)
    groups: Counter[tuple[str, str]] = field(default_factory=Counter)


def open_cases(session: Session) -> int:
    """How many cases are open."""
    counted = select(func.count()).select_from(models.CaseFile).where(models.CaseFile.status == "open")
    return session.scalar(counted) or 0


def sound(session: Session, old: Book, new: Book, *, after: int, limit: int, on: date) -> Sounding:
    """Routes the next open cases by both books on one day, with the facts of their last decision."""
    case, decision = models.CaseFile, models.RouteDecision
    newest = (
        select(decision.inputs)
        .where(decision.case_id == case.id)
        .order_by(decision.id.desc())
        .limit(1)
        .lateral("newest")
    )
    query = (
        select(case.id, newest.c.inputs)
        .outerjoin(newest, true())
        .where(case.status == "open", case.id > after)
        .order_by(case.id)
        .limit(limit)
    )
    found = Sounding()
    for row in session.execute(query):
        found.last, found.seen = row.id, found.seen + 1
        _count(found, row.inputs, (old, new), on)
    return found


def _count(found: Sounding, inputs: dict[str, object] | None, books: tuple[Book, Book], on: date) -> None:
    try:
        person = facts.restored({name: value for name, value in (inputs or {}).items() if name not in _BESIDE})
    except (FactsInvalid, TypeError, ValueError):
        found.unknown += 1
        return
    if not inputs:
        found.unknown += 1
        return
    before, after = (routing.foresee(person, on, book) for book in books)
    found.routes[before.outcome, after.outcome] += 1
    found.groups[before.group, after.group] += 1
