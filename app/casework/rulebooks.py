"""Which rule book decides on a day: the last one that was put into force for it, else the one of the profile."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from app.casework.editions import queries
from app.casework.editions.models import RuleEdition
from app.casework.editions.queries import EditionRow
from rules import book, checks, derivation, faults, parameters
from rules import portrait as portraits
from rules.book import BookInvalid as BookInvalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from rules.book import Book as Book
    from rules.facts import Facts
    from rules.samples import Result

#: What the columns can be; of a column that is not here, a number.
WORDS = derivation.WORDS
NUMBERS = ("age", "months", "day")
FLAGS = ("U18", "25", "31", "FREIWILLIG", "LZA")
PAYERS = tuple(sorted(checks.HLU_PAYERS))
COUNTING = parameters.COUNTING
MOST_ROWS = checks.MOST_ROWS
# Books by content and version: they never change, and there are a few a year.
_BOOKS: dict[tuple[str, str], Book] = {}


def name() -> str:
    """What the rule book of the office is called; every edition of it carries this name."""
    return shipped().name


def file() -> str:
    """The file in which a release holds the rule book."""
    return f"books/{name()}.json"


def shipped() -> Book:
    """The rule book of the profile: what holds until another one was put into force."""
    return book.load()


def in_force(session: Session, on: date) -> Book:
    """The rule book that decides on a day; its version is what a decision records."""
    return book_of(session, edition_on(session, on))


def book_of(session: Session, row: EditionRow) -> Book:
    """The rule book of an edition."""
    if not row.id:
        return shipped()
    key = (row.digest, row.version)
    if key not in _BOOKS:
        content = queries.contents(session, [row.digest])[row.digest]
        _BOOKS[key] = replace(book.read(content), version=row.version)
    return _BOOKS[key]


def edition_on(session: Session, on: date) -> EditionRow:
    """The edition that decides on a day; of several from the same day the one that was put last."""
    return next((row for row in queries.editions(session) if row.valid_from <= on), _of_the_profile())


def history(session: Session) -> list[EditionRow]:
    """Every edition that was ever in force, the newest first; the last is the one of the profile."""
    return [*queries.editions(session), _of_the_profile()]


@functools.lru_cache(maxsize=16)
def digest(content: bytes) -> str:
    """The hash by which the file of a rule book is known."""
    return hashlib.sha256(content).hexdigest()


def kind(found: Book, parameter: str) -> str:
    """Of which kind a value of the book is: "number", "truth", "outcome" and others (rules.parameters)."""
    return parameters.kind(found.raw, parameter)


def newest(session: Session) -> EditionRow:
    """The edition that will decide in the end: what the next change is made from."""
    return history(session)[0]


def put(session: Session, content: bytes, *, now: datetime, by: str, valid_from: date) -> EditionRow:
    """Lets this rule book decide from a day on. Content that was in force before keeps the version that it had then;
    any other gets one that no decision names yet.

    Raises BookInvalid, also for a book of another name.
    """
    found = read(content)
    hashed = digest(content)
    deciding = edition_on(session, valid_from)
    if (deciding.digest, deciding.valid_from) == (hashed, valid_from):
        return deciding
    made = RuleEdition(
        name=found.name, version=_version(session, hashed, found.version), digest=hashed, content=content,
        valid_from=valid_from, put_at=now, put_by=by,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return edition_on(session, valid_from)


def read(content: bytes) -> Book:
    """The rule book of this office that a file holds. Raises BookInvalid."""
    found = book.read(content)
    if found.name != name():
        raise book.BookInvalid((faults.Fault("other_book", values={"value": found.name, "wanted": name()}),))
    return found


def next_version(session: Session) -> str:
    """A version that no edition carries yet."""
    numbers = [int(row.version) for row in history(session) if row.version.isdecimal()]
    return str(max(numbers, default=0) + 1)


def contents(session: Session, digests: Iterable[str]) -> dict[str, bytes]:
    """The rule books of these content hashes, byte for byte, as far as they were ever in force."""
    wanted = set(digests)
    found = queries.contents(session, wanted)
    if _of_the_profile().digest in wanted:
        found[_of_the_profile().digest] = book.content(name())
    return found


def portrait(found: Book, person: Facts, locale: str) -> str:
    """Somebody made up, in one line of words."""
    return portraits.sentence(person, found, locale)


def told(found: Book, result: Result) -> dict[str, str]:
    """What was expected of a test row and what came of it, by language."""
    values = {"row": result.id}
    for locale in ("de", "en"):
        values[f"expected_{locale}"] = _outcome(found, result.outcome, result.rule, locale)
        values[f"found_{locale}"] = _outcome(found, result.found_outcome, result.found_rule, locale)
    return values


def _outcome(found: Book, code: str, rule: str, locale: str) -> str:
    return f"{found.outcome_name(code, locale)} ({rule})" if rule else found.outcome_name(code, locale)


def _version(session: Session, hashed: str, own: str) -> str:
    known: Mapping[str, str] = {row.digest: row.version for row in reversed(history(session))}
    if hashed in known:
        return known[hashed]
    return own if own not in known.values() else next_version(session)


def _of_the_profile() -> EditionRow:
    found = shipped()
    return EditionRow(0, found.version, digest(book.content(found.name)), found.first_day, None, "")
