"""What a rule book would decide for somebody made up, with the reasons that a caseworker would read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rules import facts, routing
from rules.facts import FactsInvalid

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from rules.book import Book


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A decision in words: reasons with their legal basis, and why the other rules did not decide."""

    outcome: str
    group: str
    rule: str
    reasons: tuple[tuple[str, str], ...]
    others: tuple[str, ...]


def rehearse(book: Book, person: Mapping[str, Any], on: date, locale: str) -> Rehearsed | None:
    """The decision for these facts on a day; None when they are none that the rules understand."""
    try:
        found = routing.route(facts.restored({**person, "reference_date": on.isoformat()}), on, book)
    except (FactsInvalid, TypeError, ValueError):
        return None
    reasons = tuple((reason.clerk(locale), reason.legal_basis) for reason in found.reasons)
    return Rehearsed(found.outcome, found.group, found.rule, reasons, tuple(one.text(locale) for one in found.others))
