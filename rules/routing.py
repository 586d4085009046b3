"""The public door: facts of a person, a day and a book in; a decision with reasons out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from rules import ages, conditions, derivation, evaluator, explain, host
from rules.decision import Decision, Finding
from rules.facts import Facts, RulesError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rules.book import Book
    from rules.editions import Edition, Row

DURABLE = "durable+plain"
PLAIN = "plain"


@dataclass
class EvaluatorsDisagree(RulesError):  # noqa: N818  the house names errors by what is the case
    """The two evaluators of the rule book came to different results; nothing is decided."""

    edition: str
    durable: tuple[str, ...]
    plain: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.edition}: durable-rules found {self.durable}, the plain evaluator {self.plain}"


def route(facts: Facts, on: date, book: Book) -> Decision:
    """The decision for a person on a day, with everything that explains it. Both evaluators are asked where
    durable-rules is available. Raises EvaluatorsDisagree, FactsInvalid.
    """
    edition = book.edition(on)
    derived = derivation.derive(facts, on, edition.parameters)
    finding = _finding(facts, on, book, derived=derived, row=_cross_checked(edition, derived.subject))
    case = explain.Case(facts, on, book, derived, finding)
    return Decision(
        age=finding.age,
        outcome=finding.outcome,
        rule=finding.rule,
        group=finding.group,
        hlu_payer=finding.hlu_payer,
        alg_payer=finding.alg_payer,
        programme=finding.programme,
        flags=finding.flags,
        reasons=explain.reasons(case),
        others=explain.others(case),
        changes=explain.changes(case, foresee),
        book=book.name,
        version=book.version,
        evaluator=finding.evaluator,
        inputs={**facts.snapshot(), "on": on.isoformat(), "derived": dict(derived.subject)},
        lza_on=finding.lza_on,
        turns=_turns(facts, derived, edition.parameters),
        payer_change_on=explain.payer_change_on(case),
    )


def find(facts: Facts, on: date, book: Book) -> Finding:
    """The same decision without its explanation, asked of both evaluators: for bulk runs. Raises as route does."""
    edition = book.edition(on)
    derived = derivation.derive(facts, on, edition.parameters)
    return _finding(facts, on, book, derived=derived, row=_cross_checked(edition, derived.subject))


def foresee(facts: Facts, on: date, book: Book) -> Finding:
    """What the plain evaluator alone would find: for trying out and simulating, never for deciding."""
    edition = book.edition(on)
    derived = derivation.derive(facts, on, edition.parameters)
    hit = evaluator.first(edition.rows, derived.subject)
    found = _finding(facts, on, book, derived=derived, row=hit or edition.gap)
    return replace(found, evaluator=PLAIN)


def serving() -> str:
    """Which evaluators decide on this machine, as a decision records it."""
    return DURABLE if host.available() else PLAIN


def _cross_checked(edition: Edition, subject: conditions.Subject) -> Row:
    plain = evaluator.matches(edition.rows, subject)
    if host.available():
        decided = host.matches(edition, subject)
        if decided != plain:
            raise EvaluatorsDisagree(edition.name, decided, plain)
    else:
        decided = plain
    by_id = {row.id: row for row in edition.rows}
    return by_id[decided[0]] if decided else edition.gap


def _finding(facts: Facts, on: date, book: Book, *, derived: derivation.Derived, row: Row) -> Finding:
    edition = book.edition(on)
    struck = edition.struck_before(row, derived.subject)
    row = edition.gap if struck else row
    outcome = edition.parameters["void_outcome"] if struck else row.outcome
    return Finding(
        age=derived.age,
        outcome=outcome,
        rule=row.rule,
        row=row.id,
        group=book.group(outcome),
        hlu_payer=_hlu_payer(facts, derived, row, parameters=edition.parameters),
        alg_payer=edition.parameters["alhi_alg_payer"] if derived.benefits & {"ALHI", "ALG"} else "",
        programme=_programme(edition, derived, outcome),
        flags=_flags(facts, on, row, derived=derived, parameters=edition.parameters),
        evaluator=serving(),
        lza_on=derived.lza_on,
    )


def _hlu_payer(facts: Facts, derived: derivation.Derived, row: Row, *, parameters: Mapping[str, Any]) -> str:
    """Who pays HLU by rule (B1, B2, B6): nobody without HLU; where nothing changes whoever pays now; else as the
    row says, but the household's payer goes before the office (A20).
    """
    if "HLU" not in derived.benefits:
        return ""
    if row.hlu_payer == "unchanged":
        return facts.current_payer or str(parameters["payer_unknown"])
    if row.hlu_payer == "household":
        return facts.household_payer or facts.current_payer or str(parameters["payer_unknown"])
    if row.hlu_payer == "SB" and parameters["household_decides"] and facts.household_payer:
        return facts.household_payer
    return row.hlu_payer


def _programme(edition: Edition, derived: derivation.Derived, outcome: str) -> str:
    if outcome not in edition.parameters["programme_routes"] or derived.subject["since"] == "no":
        return ""
    fitting = next((each for each in edition.programmes if conditions.hold(each.parts, derived.subject)), None)
    if fitting is None:
        return ""
    voluntary = derived.subject["available"] != "yes" or outcome in edition.parameters["programme_regular_routes"]
    return f"({fitting.name})" if voluntary else fitting.name


def _flags(
    facts: Facts, on: date, row: Row, *, derived: derivation.Derived, parameters: Mapping[str, Any]
) -> tuple[str, ...]:
    """The flags in the handbook's order; each row says which of them it may raise."""
    raised: list[str] = []
    subject = derived.subject
    if "U18" in row.flags and derived.age is not None and derived.age < parameters["adult_from"]:
        raised.append("U18")
    for kind, age in (("25", parameters["young_below"]), ("31", parameters["over_from"])):
        turn = (
            ages.birthday(facts.birth_date, age)
            if kind in row.flags and facts.birth_date and derived.age is not None
            else None
        )
        if turn and on < turn <= on + timedelta(days=parameters["birthday_notice_days"]):
            raised.append(f"{age}_am_{turn:%d.%m.%y}")
    if "FREIWILLIG" in row.flags and subject["available"] == "no":
        raised.append("FREIWILLIG")
    if "LZA" in row.flags and subject["lza"] == "no":
        raised.append(f"LZA_ab_{derived.lza_on:%d.%m.%y}")
    if subject["provisional"] == "yes":
        raised.append("VORLAEUFIG")
    if row.hlu_payer == "SB" and _hlu_payer(facts, derived, row, parameters=parameters) == "FB5":
        raised.append("ZAHLSTELLE_BG")
    return tuple(raised)


def _turns(facts: Facts, derived: derivation.Derived, parameters: Mapping[str, Any]) -> dict[int, date]:
    """The birthdays on which something changes, by age."""
    if facts.birth_date is None or derived.age is None:
        return {}
    limits = (parameters["adult_from"], parameters["young_below"], parameters["over_from"])
    return {age: ages.birthday(facts.birth_date, age) for age in limits}
