"""From the facts of a person to the few plain values that the rows ask for: class of benefit, age, long-term
unemployed or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rules import ages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from rules.facts import Facts

KNOWN_BENEFITS = ("HLU", "ALHI", "ALG")
#: What somebody says of themselves is not quoted to them as a finding.
OWN_STATEMENT = frozenset({None, "", "SELF"})

#: What a row, note or programme of a book may ask for.
ASKED = frozenset(
    {"complete", "residence", "benefit", "hlu", "alhi", "alg", "age", "fitness", "lza", "available", "months", "since"}
    | {"provisional", "household", "fitness_dated", "reasoned", "current_payer", "programme_claim", "day"}
)

_YES_NO = ("yes", "no")
_PAYERS = ("SB", "FB5", "none")
#: What each of these can be; of those that are not here, it is a number.
WORDS: Mapping[str, tuple[str, ...]] = {
    "complete": _YES_NO,
    "residence": ("yes", "no", "unclear"),
    "benefit": ("none", "hlu", "sgb3", "foreign", "unknown"),
    "hlu": _YES_NO,
    "alhi": _YES_NO,
    "alg": _YES_NO,
    "fitness": ("yes", "limited", "no", "unknown", "not_asked"),
    "lza": ("yes", "no", "unknown"),
    "available": ("yes", "no", "unknown"),
    "since": _YES_NO,
    "provisional": _YES_NO,
    "household": _PAYERS,
    "fitness_dated": _YES_NO,
    "reasoned": _YES_NO,
    "current_payer": _PAYERS,
    "programme_claim": ("hlu", "alhi", "none"),
}

#: What a text may ask for besides: the result.
RESULT = frozenset(
    {"group", "minor", "turns_young", "turns_over", "after_law", "replaced", "hlu_payer"}
    | {"programme", "programme_open", "programme_voluntary"}
)


@dataclass(frozen=True, slots=True)
class Derived:
    """The values for the rows, and what else follows from the facts."""

    subject: Mapping[str, str | int]
    problems: tuple[str, ...]
    benefits: frozenset[str]
    age: int | None
    lza_on: date | None


def derive(facts: Facts, on: date, parameters: Mapping[str, Any]) -> Derived:
    """What follows from the facts on a day. A value that cannot be known is left out of the subject."""
    problems = _problems(facts, on, parameters)
    age = None
    if facts.birth_date and facts.reference_date and not any(each.startswith("birth") for each in problems):
        age = ages.legal_age(facts.birth_date, on)
    benefits = facts.benefits | facts.applied if parameters["applied_counts"] else facts.benefits - facts.applied
    lza_on = _long_term_on(facts, parameters)
    subject: dict[str, str | int] = {
        "complete": "no" if problems else "yes",
        "residence": facts.residence,
        "benefit": _benefit_class(benefits, facts, parameters),
        "fitness": _fitness(facts, age, parameters),
        "lza": "unknown" if lza_on is None else _word(lza_on <= on),
        "available": facts.available,
        "since": _word(facts.unemployed_since is not None),
        "provisional": _word(bool(parameters["applied_counts"]) and bool(facts.applied)),
        "household": facts.household_payer or "none",
        "fitness_dated": _word(facts.fitness_date is not None and facts.fitness_basis not in OWN_STATEMENT),
        "reasoned": _word(bool(facts.not_available_reason)),
        "current_payer": facts.current_payer or "none",
        "programme_claim": _programme_claim(benefits),
        "day": on.year * 10000 + on.month * 100 + on.day,
    }
    subject.update({code.lower(): _word(code in benefits) for code in KNOWN_BENEFITS})
    if age is not None:
        subject["age"] = age
    if facts.unemployed_since is not None:
        subject["months"] = ages.months_over(facts.unemployed_since, on)
    return Derived(subject, problems, benefits, age, lza_on)


def _problems(facts: Facts, on: date, parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """What of the mandatory values is missing or cannot be (rule Z0)."""
    found = []
    if facts.birth_date is None:
        found.append("birth_missing")
    elif facts.birth_date > on:
        found.append("birth_future")
    elif facts.birth_date.year + parameters["age_max"] <= on.year and (
        ages.legal_age(facts.birth_date, on) > parameters["age_max"]
    ):
        found.append("birth_too_old")
    if facts.reference_date is None:
        found.append("reference_missing")
    if facts.residence == "unclear":
        found.append("residence_unclear")
    if not facts.fit_for_work:
        found.append("fitness_missing")
    if not facts.benefits_known:
        found.append("benefits_unknown")
    return tuple(found)


def _benefit_class(benefits: frozenset[str], facts: Facts, parameters: Mapping[str, Any]) -> str:
    """none, hlu (alone or with Alhi or Alg), sgb3 (Alhi or Alg only), foreign (the office does not know it) or unknown.
    Alhi and Alg at once cannot be in law, but the route is the same whichever of the two is wrong.
    """
    if not facts.benefits_known:
        return "unknown"
    if not benefits:
        return "none"
    if not benefits <= set(KNOWN_BENEFITS):
        return "foreign"
    if "HLU" not in benefits:
        return "sgb3"
    kombi_only = not parameters["alg_with_hlu_counts_as_hlu"]
    return "foreign" if kombi_only and "ALG" in benefits else "hlu"


def _fitness(facts: Facts, age: int | None, parameters: Mapping[str, Any]) -> str:
    below = parameters["fitness_asked_below"]
    if below is not None and age is not None and age >= below:
        return "not_asked"
    if facts.fit_for_work == "limited" and not parameters["limited_is_fit"]:
        return "unknown"
    return facts.fit_for_work or "unknown"


def _long_term_on(facts: Facts, parameters: Mapping[str, Any]) -> date | None:
    since = facts.unemployed_since
    if since is None or (facts.birth_date is not None and since < facts.birth_date):
        return None
    return ages.long_term_on(
        since, months=parameters["lza_months"], days=parameters["lza_days"], count=parameters["lza_count"]
    )


def _programme_claim(benefits: frozenset[str]) -> str:
    """Which condition of the programmes applies: Alhi wins for Kombi clients, Alg beside HLU does not matter (A21)."""
    if "ALHI" in benefits:
        return "alhi"
    return "hlu" if "HLU" in benefits else "none"


def _word(value: bool) -> str:  # noqa: FBT001  turns a truth into the books' vocabulary
    return "yes" if value else "no"
