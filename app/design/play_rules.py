"""Business rules in a play: somebody made up is routed by the rule book of the draft, and the reasons are shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import get_locale

from app import security
from app.casework import rehearsal, rulebook, rulebooks
from app.design import files, rule_lines
from app.office import dates

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from app.casework.rehearsal import Rehearsed

# The function that asks the rule book; what it gives back is named in its declaration.
ASKS = "routing.propose"
_WORDS = {
    "residence": ("yes", "no", "unclear"), "fit_for_work": ("yes", "limited", "no", "unknown"),
    "available": ("yes", "no", "unknown"),
}  # fmt: skip
_DAYS = ("birth_date", "unemployed_since")


@dataclass(frozen=True, slots=True)
class Question:
    """What can be said of somebody made up, what was said, and what the rules make of it."""

    words: Mapping[str, list[tuple[str, str]]]
    benefits: list[tuple[str, str]]
    day: date
    # The version of the book in force that is asked; empty where the draft brings a book of its own.
    version: str
    typed: Mapping[str, list[str]] = field(default_factory=dict)
    fault: bool = False
    decision: Rehearsed | None = None

    def outputs(self, empty: Mapping[str, str]) -> dict[str, str]:
        """What the function would give back."""
        if self.decision is None:
            return dict(empty)
        known = {"proposal_route": self.decision.outcome, "proposal_group": self.decision.group, "second_role": "VM"}
        return {name: known.get(name, value) for name, value in empty.items()}


def question(bundle: Mapping[str, bytes], now: datetime) -> Question:
    """The question about somebody made up, and the answer where it was sent."""
    day = dates.day_of(now)
    held = next((content for name, content in bundle.items() if files.kind(name) == "book"), None)
    book = rulebooks.read(held) if held is not None else rulebooks.in_force(security.session(), day)
    words = {name: [(code, rulebook.value_name(book, code)) for code in codes] for name, codes in _WORDS.items()}
    benefits, version = rulebook.named(book, "benefits"), book.version if held is None else ""
    asked = Question(words, benefits, day, version, {"benefits": ["HLU"]})
    if request.form.get("act") != "decide":
        return asked
    typed = {key: request.form.getlist(key) for key in request.form}
    found = rehearsal.rehearse(book, _person(), day, str(get_locale()))
    return Question(words, benefits, day, version, typed, fault=found is None, decision=found)


def _person() -> dict[str, Any]:
    days = {name: rule_lines.read_day(request.form.get(name, "")) for name in _DAYS}
    person: dict[str, Any] = {name: None if day is None else day.isoformat() for name, day in days.items()}
    person |= {name: given for name in _WORDS if (given := request.form.get(name, "")[:40])}
    return person | {"benefits": sorted({code[:40] for code in request.form.getlist("benefits")})}
