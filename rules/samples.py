"""Test rows that are kept with a book: people made up by its authors, and what is to become of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from rules import facts, routing

if TYPE_CHECKING:
    from rules.book import Book


@dataclass(frozen=True, slots=True)
class Result:
    """A test row and what the book says of it. `rule` is empty where any rule will do."""

    id: str
    title: str
    on: date
    person: facts.Facts
    outcome: str
    rule: str
    found_outcome: str
    found_rule: str

    @property
    def holds(self) -> bool:
        """Whether the book does what was expected."""
        return self.found_outcome == self.outcome and self.rule in {"", self.found_rule}


def run(book: Book) -> tuple[Result, ...]:
    """Every test row of a book, in its order."""
    results = []
    for row in book.raw.get("tests", ()):
        person, on = facts.restored(row["facts"]), date.fromisoformat(row["on"])
        found = routing.foresee(person, on, book)
        results.append(
            Result(
                row["id"], row["title"], on, person, row["outcome"], row.get("rule", ""), found.outcome, found.row,
            )
        )  # fmt: skip
    return tuple(results)
