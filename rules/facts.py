"""What a rule may see of a person, and nothing else: typed, closed vocabularies, checked when made."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

RESIDENCE = frozenset({"yes", "no", "unclear"})
FITNESS = frozenset({"yes", "no", "limited", "unknown", ""})
AVAILABILITY = frozenset({"yes", "no", "unknown"})
PAYERS = frozenset({"SB", "FB5"})


class RulesError(Exception):
    """The rules could not give an answer."""


@dataclass
class FactsInvalid(RulesError):  # noqa: N818  the house names errors by what is the case
    """A value is not of the kind that the rules understand."""

    fact: str
    value: object

    def __str__(self) -> str:
        return f"{self.fact}: {type(self.value).__name__} is not understood"


@dataclass(frozen=True, slots=True)
class Facts:
    """One person as the rules see them. None and "" mean: not stated; "unknown" means: asked and not clear.

    `applied` are benefits applied for and not yet granted, whether or not they also stand among `benefits`.
    """

    birth_date: date | None
    reference_date: date | None
    residence: str = "unclear"
    benefits: frozenset[str] = frozenset()
    benefits_known: bool = True
    fit_for_work: str = ""
    available: str = "unknown"
    unemployed_since: date | None = None
    applied: frozenset[str] = frozenset()
    household_payer: str | None = None
    current_payer: str | None = None
    not_available_reason: str | None = None
    fitness_basis: str | None = None
    fitness_date: date | None = None

    def __post_init__(self) -> None:
        """Refuses values outside the vocabularies, so that no rule ever compares a string with a number."""
        self._check_dates()
        self._check_words()
        self._check_benefits()

    def _check_dates(self) -> None:
        for name in ("birth_date", "reference_date", "unemployed_since", "fitness_date"):
            value = getattr(self, name)
            if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
                raise FactsInvalid(name, value)

    def _check_words(self) -> None:
        allowed: dict[str, frozenset[str] | frozenset[str | None]] = {
            "residence": RESIDENCE,
            "fit_for_work": FITNESS,
            "available": AVAILABILITY,
            "household_payer": PAYERS | {None},
            "current_payer": PAYERS | {None},
        }
        for name, words in allowed.items():
            value = getattr(self, name)
            if not isinstance(value, str | None) or value not in words:
                raise FactsInvalid(name, value)
        for name in ("not_available_reason", "fitness_basis"):
            if not isinstance(getattr(self, name), str | None):
                raise FactsInvalid(name, getattr(self, name))

    def _check_benefits(self) -> None:
        if type(self.benefits_known) is not bool:
            raise FactsInvalid("benefits_known", self.benefits_known)
        for name in ("benefits", "applied"):
            value = getattr(self, name)
            if not isinstance(value, frozenset) or not all(isinstance(code, str) and code for code in value):
                raise FactsInvalid(name, value)

    def snapshot(self) -> dict[str, object]:
        """The facts as JSON can hold them, for the record of the decision."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def restored(values: Mapping[str, Any]) -> Facts:
    """The facts of a snapshot; what it does not hold is not stated. Raises FactsInvalid, TypeError, ValueError."""
    known = {field.name for field in fields(Facts)}
    if set(values) - known:
        raise FactsInvalid(min(set(values) - known), None)
    found: dict[str, Any] = {"birth_date": None, "reference_date": None, **values}
    for name in ("birth_date", "reference_date", "unemployed_since", "fitness_date"):
        if found.get(name) is not None:
            found[name] = date.fromisoformat(found[name])
    for name in ("benefits", "applied"):
        found[name] = frozenset(found.get(name, ()))
    return Facts(**found)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    return value
