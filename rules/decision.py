"""The values that a decision is made of. Every text is ready to be read: no placeholder is left in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in two voices and two languages."""

    rule: str
    client_de: str
    client_en: str
    clerk_de: str
    clerk_en: str
    legal_basis: str

    def client(self, locale: str) -> str:
        """What the client reads."""
        return self.client_en if locale == "en" else self.client_de

    def clerk(self, locale: str) -> str:
        """What the caseworker reads."""
        return self.clerk_en if locale == "en" else self.clerk_de


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition that was not met: the fact, what it is and what the rule asks for, in words of both languages."""

    fact: str
    actual: object
    expected: object
    text_de: str
    text_en: str

    def text(self, locale: str) -> str:
        """The condition as a sentence."""
        return self.text_en if locale == "en" else self.text_de


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A rule that did not decide. `why` is "conditions" (not met), "later" (met, but an earlier rule came first) or
    "void" (struck out; it would have been met).
    """

    rule: str
    outcome: str
    why: str
    conditions: tuple[Condition, ...]
    text_de: str
    text_en: str

    def text(self, locale: str) -> str:
        """The whole of it as one sentence."""
        return self.text_en if locale == "en" else self.text_de


@dataclass(frozen=True, slots=True)
class Change:
    """One neighbouring fact that would lead elsewhere; `on` is the day if time alone brings it about."""

    fact: str
    before: str
    after: str
    outcome: str
    rule: str
    on: date | None
    text_de: str
    text_en: str

    def text(self, locale: str) -> str:
        """The change and where it would lead."""
        return self.text_en if locale == "en" else self.text_de


@dataclass(frozen=True, slots=True)
class Finding:
    """What the rules say, without the explanation: enough for lists, simulations and bulk runs."""

    age: int | None
    outcome: str
    rule: str
    row: str
    group: str
    hlu_payer: str
    alg_payer: str
    programme: str
    flags: tuple[str, ...]
    evaluator: str
    lza_on: date | None


@dataclass(frozen=True, slots=True)
class Decision:
    """A finding with everything that explains it and everything needed to understand it years later."""

    age: int | None
    outcome: str
    rule: str
    group: str
    hlu_payer: str
    alg_payer: str
    programme: str
    flags: tuple[str, ...]
    reasons: tuple[Reason, ...]
    others: tuple[Unmatched, ...]
    changes: tuple[Change, ...]
    book: str
    version: str
    evaluator: str
    inputs: Mapping[str, object]
    lza_on: date | None
    turns: Mapping[int, date] = field(default_factory=dict)
    payer_change_on: date | None = None
