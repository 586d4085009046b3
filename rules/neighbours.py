"""The facts next to the given ones: what if the birthday came, the benefit were granted, fitness were cleared?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from rules import ages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rules.derivation import Derived
    from rules.facts import Facts


@dataclass(frozen=True, slots=True)
class Attempt:
    """One neighbouring set of facts; `by_time` if nothing but the calendar leads there."""

    kind: str
    fact: str
    before: str
    after: str
    facts: Facts
    on: date
    by_time: bool


def attempts(facts: Facts, on: date, derived: Derived, *, parameters: Mapping[str, Any]) -> Iterator[Attempt]:
    """Every single step away from the facts that is worth trying."""
    yield from _by_time(facts, on, derived, parameters=parameters)
    yield from _by_statement(facts, on)
    yield from _by_benefit(facts, on, derived)
    yield from _by_duration(facts, on, derived)


def _by_time(facts: Facts, on: date, derived: Derived, *, parameters: Mapping[str, Any]) -> Iterator[Attempt]:
    if facts.birth_date is not None and derived.age is not None:
        for age in (parameters["age_min"], parameters["young_below"], parameters["over_from"]):
            if derived.age < age:
                day = ages.birthday(facts.birth_date, age)
                yield Attempt("birthday", "age", str(derived.age), str(age), facts, day, by_time=True)
                break
    if derived.lza_on is not None and derived.lza_on > on:
        yield Attempt("lza", "lza", "no", "yes", facts, derived.lza_on, by_time=True)


def _by_statement(facts: Facts, on: date) -> Iterator[Attempt]:
    """Fitness, availability and residence stated otherwise than now."""
    tries = (
        ("fit_for_work", "fit", facts.fit_for_work),
        ("available", "available", facts.available),
        ("residence", "residence", facts.residence),
    )
    for fact, kind, before in tries:
        for after in ("yes", "no"):
            if after != before and not (fact == "fit_for_work" and before == "limited" and after == "yes"):
                changed = replace(facts, **{fact: after})  # type: ignore[arg-type]  # the three facts are strings
                yield Attempt(f"{kind}_{after}", fact, before, after, changed, on, by_time=False)


def _by_benefit(facts: Facts, on: date, derived: Derived) -> Iterator[Attempt]:
    before = "+".join(sorted(derived.benefits)) or "none"
    if not facts.benefits_known:
        known = replace(facts, benefits_known=True, benefits=facts.benefits | {"HLU"})
        yield Attempt("benefit_known_hlu", "benefits", "unknown", "HLU", known, on, by_time=False)
        return
    if "HLU" not in derived.benefits:
        granted = replace(facts, benefits=facts.benefits | {"HLU"})
        yield Attempt("hlu_granted", "benefits", before, "HLU", granted, on, by_time=False)
    if derived.benefits:
        ended = replace(facts, benefits=frozenset(), applied=frozenset())
        yield Attempt("benefit_ended", "benefits", before, "none", ended, on, by_time=False)


def _by_duration(facts: Facts, on: date, derived: Derived) -> Iterator[Attempt]:
    """Where the beginning of unemployment is unknown: both proofs that could turn up."""
    if derived.subject["lza"] != "unknown" or derived.age is None:
        return
    long_ago = replace(facts, unemployed_since=date(on.year - 5, 1, 1))
    yield Attempt("since_long", "unemployed_since", "unknown", "long", long_ago, on, by_time=False)
    yield Attempt(
        "since_short", "unemployed_since", "unknown", "short", replace(facts, unemployed_since=on), on, by_time=False
    )
