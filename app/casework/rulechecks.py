"""What a rule book would do, before it decides: whom no row meets, which rows meet the same people, what the test rows
say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules import coverage, samples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from rules.book import Book
    from rules.facts import Facts
    from rules.samples import Result

#: How many people one check asks at most, all days together: some seconds.
MOST = 80_000
KEPT = 16


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for a day: "gap", "overlap", "shadowed", "impossible", or "unchecked" where it would take too
    long. `person` is the example that shows it.
    """

    code: str
    on: date
    row: str = ""
    other: str = ""
    person: Facts | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """Everything that was found in a book, and what its test rows say."""

    findings: tuple[Finding, ...]
    results: tuple[Result, ...]


_held: dict[str, Examined] = {}


def examine(book: Book) -> Examined:
    """Checks the whole book, each of its editions, and runs its test rows; the same book is checked once."""
    found = _held.get(book.digest)
    if found is None:
        found = Examined(tuple(_findings(book)), samples.run(book))
        while len(_held) >= KEPT:
            _held.pop(next(iter(_held)), None)
        _held[book.digest] = found
    return found


def _findings(book: Book) -> Iterator[Finding]:
    told: set[object] = set()
    left = MOST
    for day in coverage.days(book):
        left -= coverage.size(book, day)
        if left < 0:
            yield Finding("unchecked", day)
            return
        for key, finding in _of_day(book, day):
            if key not in told:
                told.add(key)
                yield finding


def _of_day(book: Book, day: date) -> Iterator[tuple[object, Finding]]:
    """Each finding with what makes it the same on another day."""
    found = coverage.check(book, day)
    for gap in found.gaps:
        yield gap.region, Finding("gap", day, person=gap.example)
    for row in found.impossible:
        yield ("impossible", row), Finding("impossible", day, row)
    for row in found.shadowed:
        yield ("shadowed", row), Finding("shadowed", day, row)
    for both in found.overlaps:
        yield (both.first, both.second), Finding("overlap", day, both.first, both.second, both.example)
