"""The whole space of what a book may be asked, on one day: which people no row meets, which several rows meet, which
rows decide for nobody.

Nothing is sampled. The conditions of a book cut the facts into regions inside which every row answers alike; one
person stands for each region, so that whatever is found can be shown by routing that person.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from rules import ages, conditions, derivation, editions, evaluator, facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from rules.book import Book
    from rules.editions import Edition

FOREIGN = "ASYLBLG"
_BENEFITS = (*derivation.KNOWN_BENEFITS, FOREIGN)
_BENEFIT_FACTS = frozenset({"benefit", "hlu", "alhi", "alg", "programme_claim"})
_ORDINARY_AGE = 40
#: Where an answer changes beside the number of a comparison; the others change on both sides of it.
_STEPS = {"<": (0,), ">=": (0,), "<=": (1,), ">": (1,)}
_PAYERS = (None, *sorted(facts.PAYERS))

#: What a region allows of each fact that the rows ask for; "" where the fact is not there. A number is the first of
#: those that the rows do not tell apart.
Region = tuple[tuple[str, frozenset[str | int]], ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """People whom no row meets but the last, which takes everybody, and one of them."""

    region: Region
    example: facts.Facts


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rows that meet the same people and send them to different outcomes; the order alone decides."""

    first: str
    second: str
    example: facts.Facts


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the check of a book found for a day. `shadowed` rows are met, but never first; `impossible` ones are met
    by nobody.
    """

    on: date
    people: int
    gaps: tuple[Gap, ...]
    overlaps: tuple[Overlap, ...]
    shadowed: tuple[str, ...]
    impossible: tuple[str, ...]


def check(book: Book, on: date) -> Coverage:
    """Gaps, overlaps and idle rows of the rows that are in force on a day."""
    edition = book.edition(on)
    asked = tuple(sorted({term.fact for term in _terms(edition)}))
    cuts = _cuts(edition)
    hits: dict[tuple[str | int, ...], tuple[facts.Facts, tuple[str, ...]]] = {}
    rows = [row for row in edition.rows if row.parts]
    for person in people(edition, on):
        subject = derivation.derive(person, on, edition.parameters).subject
        place = tuple(_class(subject.get(fact, ""), cuts.get(fact, ())) for fact in asked)
        if place not in hits:
            hits[place] = person, evaluator.matches(rows, subject)
    met = {each for _, matched in hits.values() for each in matched}
    first = {matched[0] for _, matched in hits.values() if matched}
    return Coverage(
        on=on,
        people=len(hits),
        gaps=_gaps(asked, {cell: person for cell, (person, matched) in hits.items() if not matched}),
        overlaps=_overlaps(hits.values(), {row.id: row.outcome for row in rows}),
        shadowed=tuple(row.id for row in rows if row.id in met - first),
        impossible=tuple(row.id for row in rows if row.id not in met),
    )


def size(book: Book, on: date) -> int:
    """How many people a check asks at most: it grows with each further limit that the rows compare with."""
    edition = book.edition(on)
    asked = {term.fact for term in _terms(edition)}
    plain = len(facts.RESIDENCE) * len(facts.FITNESS) * len(facts.AVAILABILITY)
    benefits, extras = len(list(_benefits(edition, on, asked))), len(list(_extras(asked)))
    return plain * benefits * extras * len(list(_births(edition, on))) * (len(list(_spells(edition, on))) + 1)


def days(book: Book) -> tuple[date, ...]:
    """One day for each edition of the book: the first on which it holds and any row is in force."""
    return tuple(day for day in editions.change_dates(book.raw) if book.edition(day).rows)


def people(edition: Edition, on: date) -> Iterator[facts.Facts]:
    """At least one person for every region that the rows of an edition tell apart."""
    asked = {term.fact for term in _terms(edition)}
    axes = itertools.product(
        sorted(facts.RESIDENCE, reverse=True),
        list(_benefits(edition, on, asked)),
        sorted(facts.FITNESS, reverse=True),
        sorted(facts.AVAILABILITY, reverse=True),
        list(_extras(asked)),
    )
    spells = list(_spells(edition, on))
    births = list(_births(edition, on))
    for residence, benefits, fitness, available, extra in axes:
        for (birth, reference), since in itertools.product(births, spells):
            person = replace(
                benefits, birth_date=birth, reference_date=reference, residence=residence, fit_for_work=fitness
            )
            yield replace(person, available=available, unemployed_since=since, **extra)  # type: ignore[arg-type]
        # Unemployed since before birth cannot be; the rows see it as a spell of unknown length.
        for birth, reference in births:
            if birth is not None and birth > date.min:
                before = replace(benefits, birth_date=birth, reference_date=reference, residence=residence)
                since = birth - timedelta(days=1)
                known = replace(before, fit_for_work=fitness, available=available, unemployed_since=since)
                yield replace(known, **extra)  # type: ignore[arg-type]  # each value fits its fact


def cell(edition: Edition, subject: conditions.Subject) -> dict[str, str | int]:
    """The place of a subject among the regions: the class of each fact that the rows ask for."""
    cuts = _cuts(edition)
    asked = {term.fact for term in _terms(edition)}
    return {fact: _class(subject.get(fact, ""), cuts.get(fact, ())) for fact in asked}


def _terms(edition: Edition) -> Iterator[conditions.Term]:
    for row in edition.rows:
        for part in row.parts:
            yield from part.terms()


def _cuts(edition: Edition) -> Mapping[str, tuple[int, ...]]:
    """For each fact that is a number the values at which an answer may change."""
    found: dict[str, set[int]] = {"age": {0}, "months": {0}, "day": {0}}
    for term in _terms(edition):
        values = term.value if isinstance(term.value, tuple) else (term.value,)
        for value in values:
            if term.fact in found and isinstance(value, int):
                found[term.fact] |= {value + step for step in _STEPS.get(term.comparison, (0, 1))}
    asked_below = edition.parameters["fitness_asked_below"]
    found["age"] |= {asked_below} if asked_below is not None else set()
    return {fact: tuple(sorted(each for each in values if each >= 0)) for fact, values in found.items()}


def _class(value: str | int, cuts: Sequence[int]) -> str | int:
    return max(cut for cut in cuts if cut <= value) if cuts and isinstance(value, int) else value


def _births(edition: Edition, on: date) -> Iterator[tuple[date | None, date | None]]:
    """Birth and reference date: each class of age on its first day, then whatever is missing or cannot be."""
    oldest = edition.parameters["age_max"]
    cuts = {*_cuts(edition)["age"], _ORDINARY_AGE}
    for age in sorted((cut for cut in cuts if cut <= oldest), reverse=True):
        yield _born(on, age), on
    yield _born(on, _ORDINARY_AGE), None
    yield None, on
    yield on + timedelta(days=1), on
    yield _born(on, oldest + 1), on


def _born(on: date, age: int) -> date:
    """The last day of birth on which someone is of that age on a day."""
    start = on - timedelta(days=366 * age + 2)
    return _last(start, on, lambda day: ages.legal_age(day, on) >= age)


def _spells(edition: Edition, on: date) -> Iterator[date | None]:
    """Since when unemployed: not known, and the last day of each class of length, short ones first."""
    parameters = edition.parameters
    earliest = on - timedelta(days=366 * 50)
    found = {
        _last(earliest, on, lambda day, least=months: ages.months_over(day, on) >= least)  # type: ignore[misc]
        for months in _cuts(edition)["months"]
    }
    counted = {"months": parameters["lza_months"], "days": parameters["lza_days"], "count": parameters["lza_count"]}
    found.add(_last(earliest, on, lambda day: ages.long_term_on(day, **counted) <= on))
    yield from sorted(found)
    yield None


def _last(low: date, high: date, holds: Callable[[date], bool]) -> date:
    """The last day of a span that holds, where early days do and late ones do not."""
    while low < high:
        middle = low + timedelta(days=((high - low).days + 1) // 2)
        low, high = (middle, high) if holds(middle) else (low, middle - timedelta(days=1))
    return low


def _benefits(edition: Edition, on: date, asked: set[str]) -> Iterator[facts.Facts]:
    """Somebody for each set of benefits that the rows tell apart, granted or applied for, and where it is unknown."""
    names = asked & (_BENEFIT_FACTS | {"provisional"})
    seen = set()
    start = facts.Facts(None, on)
    for size in range(len(_BENEFITS) + 1):
        for chosen in itertools.combinations(_BENEFITS, size):
            codes = frozenset(chosen)
            for each in (replace(start, benefits=codes), replace(start, applied=codes)):
                subject = derivation.derive(each, on, edition.parameters).subject
                seen_as = tuple(subject[name] for name in sorted(names))
                if seen_as not in seen:
                    seen.add(seen_as)
                    yield each
    yield replace(start, benefits_known=False)


def _extras(asked: set[str]) -> Iterator[dict[str, object]]:
    """The facts that few rows ask for, in each form where one does."""
    axes: list[list[dict[str, object]]] = []
    if "household" in asked:
        axes.append([{"household_payer": payer} for payer in _PAYERS])
    if "current_payer" in asked:
        axes.append([{"current_payer": payer} for payer in _PAYERS])
    if "reasoned" in asked:
        axes.append([{"not_available_reason": reason} for reason in (None, "OTHER")])
    if "fitness_dated" in asked:
        axes.append([{}, {"fitness_basis": "DOCTOR", "fitness_date": date(2004, 1, 1)}])
    for parts in itertools.product(*axes):
        yield {key: value for part in parts for key, value in part.items()}


def _gaps(asked: tuple[str, ...], cells: Mapping[tuple[str | int, ...], facts.Facts]) -> tuple[Gap, ...]:
    """The cells that nobody covers, put together to as few regions as meet at whole sides."""
    boxes = {tuple(frozenset({value}) for value in cell): person for cell, person in cells.items()}
    for axis in range(len(asked)):
        merged: dict[tuple[frozenset[str | int], ...], tuple[frozenset[str | int], facts.Facts]] = {}
        for box, person in boxes.items():
            rest = (*box[:axis], *box[axis + 1 :])
            side, example = merged.get(rest, (frozenset(), person))
            merged[rest] = side | box[axis], example
        boxes = {(*rest[:axis], side, *rest[axis:]): person for rest, (side, person) in merged.items()}
    return tuple(Gap(tuple(zip(asked, box, strict=True)), person) for box, person in boxes.items())


def _overlaps(hits: Iterable[tuple[facts.Facts, tuple[str, ...]]], outcomes: Mapping[str, str]) -> tuple[Overlap, ...]:
    found: dict[tuple[str, str], facts.Facts] = {}
    for person, matched in hits:
        for first, second in itertools.combinations(matched, 2):
            if outcomes[first] != outcomes[second]:
                found.setdefault((first, second), person)
    return tuple(Overlap(first, second, person) for (first, second), person in found.items())
