"""The conditions of a row as lines of a form, and back: a column each, with the words or the limit that are meant.

Lines without a way must all hold. Of lines with a way ("1a", "1b") those of one letter must hold together, and one
letter of each number is enough.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from app.casework import rulebooks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from werkzeug.datastructures import MultiDict

LETTERS = "abcd"
COMPARISONS = (">=", "<=", "<", ">", "==", "!=")
MOST = 40
_DIGITS = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Line:
    """A condition: of a column with words which of them are meant, of a number how it compares with which limit.

    `limit` names a value of the book; without one `number` is the limit, as it was typed.
    """

    fact: str
    way: str = ""
    words: tuple[str, ...] = ()
    comparison: str = ">="
    limit: str = ""
    number: str = ""

    @property
    def fault(self) -> str:
        """The code of what is wrong with it; empty when nothing is."""
        if self.fact in rulebooks.WORDS:
            return "" if self.words else "words"
        return "" if self.limit or self._meant() is not None else "day" if self.fact == "day" else "number"

    def _meant(self) -> int | None:
        if self.fact == "day":
            day = read_day(self.number)
            return None if day is None else day.year * 10000 + day.month * 100 + day.day
        return int(self.number) if _DIGITS.fullmatch(self.number.strip()) else None

    def term(self) -> list[Any]:
        """The condition as the book holds it; the line has no fault."""
        if self.fact in rulebooks.WORDS:
            return [self.fact, "in", list(self.words)] if len(self.words) > 1 else [self.fact, "==", self.words[0]]
        return [self.fact, self.comparison, f"${self.limit}" if self.limit else self._meant()]


def read_day(typed: str) -> date | None:
    """A day as people type it."""
    try:
        return datetime.strptime(typed.strip(), "%d.%m.%Y").date()  # noqa: DTZ007  a day has no zone
    except ValueError:
        return None


def lines(when: Iterable[Any]) -> list[Line]:
    """The conditions of a row as lines."""
    return list(_lines(when))


def _lines(when: Iterable[Any]) -> Iterator[Line]:
    number = 0
    for part in when:
        if not isinstance(part, dict):
            yield _line(part, "")
            continue
        number += 1
        for letter, group in zip(LETTERS, part["any"], strict=False):
            for term in group:
                yield _line(term, f"{number}{letter}")


def fits(when: Sequence[Any]) -> bool:
    """Whether lines say the same: more ways than there are letters cannot be edited here."""
    return all(len(part["any"]) <= len(LETTERS) for part in when if isinstance(part, dict))


def _line(term: Sequence[Any], way: str) -> Line:
    fact, comparison, value = term
    if fact in rulebooks.WORDS:
        given = value if isinstance(value, list) else [value]
        known = rulebooks.WORDS[fact]
        return Line(fact, way, tuple(word for word in known if (word in given) == (comparison != "!=")))
    if isinstance(value, str) and value.startswith("$"):
        return Line(fact, way, comparison=comparison, limit=value[1:])
    return Line(fact, way, comparison=comparison, number=_typed(fact, int(value)))


def _typed(fact: str, value: int) -> str:
    return f"{value % 100:02}.{value // 100 % 100:02}.{value // 10000:04}" if fact == "day" else str(value)


def conditions(found: Sequence[Line]) -> list[Any]:
    """The lines as the conditions of a row; none of them has a fault."""
    when: list[Any] = []
    ways: dict[str, dict[str, list[Any]]] = {}
    for line in found:
        if not line.way:
            when.append(line.term())
            continue
        number, letter = line.way[:-1], line.way[-1]
        if number not in ways:
            ways[number] = {}
            when.append(ways[number])
        ways[number].setdefault(letter, []).append(line.term())
    return [{"any": list(part.values())} if isinstance(part, dict) else part for part in when]


def typed(form: MultiDict[str, str]) -> list[Line]:
    """The lines as the page of a row sent them, without those that are to go."""
    found = []
    for number in range(MOST):
        fact = form.get(f"line-{number}-fact", "")
        if (fact not in rulebooks.WORDS and fact not in rulebooks.NUMBERS) or form.get(f"line-{number}-gone"):
            continue
        chosen = form.getlist(f"line-{number}-word")
        comparison = form.get(f"line-{number}-comparison", "")
        way = form.get(f"line-{number}-way", "")
        found.append(
            Line(
                fact, way if re.fullmatch(rf"[1-9][{LETTERS}]", way) else "",
                tuple(word for word in rulebooks.WORDS.get(fact, ()) if word in chosen),
                comparison if comparison in COMPARISONS else ">=",
                form.get(f"line-{number}-limit", "")[:60], form.get(f"line-{number}-number", "").strip()[:20],
            )
        )  # fmt: skip
    return found


def ways(found: Sequence[Line]) -> list[str]:
    """The ways that lines can be put in: those there are, one more letter of each, and one more number."""
    numbers = sorted({line.way[0] for line in found if line.way})
    last = int(numbers[-1]) if numbers else 0
    offered = []
    for number in [*numbers, str(last + 1)]:
        used = [line.way[1] for line in found if line.way[:1] == number]
        offered += [f"{number}{letter}" for letter in LETTERS[: max(2, len(set(used)) + 1)]]
    return offered
