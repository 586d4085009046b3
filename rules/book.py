"""The book of rules: rows, dated parameters, settings and texts, read from a file and checked before anyone relies
on them.
"""

from __future__ import annotations

import functools
import hashlib
import json
import pathlib
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from rules import checks, conditions, editions
from rules.facts import RulesError
from rules.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = pathlib.Path(__file__).with_name("books")


@dataclass
class BookUnknown(RulesError):  # noqa: N818  the house names errors by what is the case
    """There is no rule book of this name and version."""

    name: str

    def __str__(self) -> str:
        return f"there is no rule book {self.name}"


@dataclass
class BookInvalid(RulesError):  # noqa: N818
    """The rule book contradicts itself; nothing is decided with it."""

    problems: tuple[Fault, ...]

    def __str__(self) -> str:
        return "; ".join(map(str, self.problems))


@dataclass(frozen=True, slots=True)
class Setting:
    """A question that the agreement leaves open, how this book answers it and why; `parameter` is None where there
    is no choice.
    """

    id: str
    title_de: str
    title_en: str
    parameter: str | None
    options: tuple[object, ...]
    default: object
    reason_de: str
    reason_en: str
    paper_de: str
    paper_en: str


@dataclass(frozen=True, eq=False)
class Book:
    """One version of a rule book. It never changes; what edits it gives another one."""

    name: str
    version: str
    raw: Mapping[str, Any]

    @functools.cached_property
    def digest(self) -> str:
        """The fingerprint of everything that the book says."""
        return hashlib.sha256(json.dumps(self.raw, sort_keys=True).encode()).hexdigest()

    @functools.cached_property
    def rules(self) -> tuple[Mapping[str, Any], ...]:
        """The rows of the routing table in the order in which they are asked, whatever their validity and status."""
        return tuple(sorted(self.raw["rules"], key=lambda row: row["priority"]))

    @functools.cached_property
    def settings(self) -> tuple[Setting, ...]:
        """The open questions of the agreement that act on the rules."""
        return tuple(Setting(**{**row, "options": tuple(row["options"])}) for row in self.raw["settings"])

    @functools.cached_property
    def _changes(self) -> tuple[date, ...]:
        return editions.change_dates(self.raw)

    @functools.cached_property
    def _editions(self) -> dict[int, editions.Edition]:
        return {}

    @functools.cached_property
    def first_day(self) -> date:
        """The first day on which a rule of the book is in force."""
        return date.fromisoformat(min(row["from"] for row in self.raw["rules"]))

    def edition(self, on: date) -> editions.Edition:
        """What is in force on a day, ready to be asked; the days between two changes share one edition."""
        index = sum(change <= on for change in self._changes)
        if index not in self._editions:
            self._editions[index] = editions.build(self.raw, on, name=f"{self.name}/{self.version}")
        return self._editions[index]

    def parameters(self, on: date) -> Mapping[str, Any]:
        """The parameters as they are in force on a day."""
        return self.edition(on).parameters

    def outcome_name(self, code: str, locale: str) -> str:
        """What people call a route."""
        return self.word("outcomes", code, locale)

    def group(self, code: str) -> str:
        """The kind of process that a route leads into."""
        return str(self.raw["names"]["outcomes"][code]["group"])

    def flag_text(self, flag: str, locale: str) -> str:
        """What a flag such as U18 or 25_am_06.01.04 means, as a sentence."""
        age, birthday, day = flag.partition("_am_")
        if birthday:
            return self.word("flags", "birthday", locale).format(age=age, date=day)
        kind, _, day = flag.partition("_ab_")
        return self.word("flags", kind, locale).format(date=day)

    def word(self, list_name: str, code: str, locale: str) -> str:
        """The name for people of a code in one of the book's lists; a code that is not in it stands for itself."""
        entry = self.raw["names"][list_name].get(code)
        return str(entry["en" if locale == "en" else "de"]) if entry else code

    def with_parameter(self, name: str, value: object, *, since: date | None = None) -> Book:
        """The same book with another value of a parameter from a day on, or altogether. Raises BookInvalid."""
        entries = [{"from": editions.BEGINNING, "value": value}]
        if since is not None:
            kept = [entry for entry in self.raw["parameters"].get(name, []) if entry["from"] < since.isoformat()]
            entries = [*kept, {"from": since.isoformat(), "value": value}]
        return self._edited({**self.raw, "parameters": {**self.raw["parameters"], name: entries}})

    def without(self, rule: str, *, replaced_by: str | None = None) -> Book:
        """The same book with a rule struck out: void, or replaced by another. Raises BookInvalid."""
        status = "replaced_by" if replaced_by else "void"
        changed = {"status": status, "replaced_by": replaced_by}
        rows = [{**row, **changed} if row["rule"] == rule else row for row in self.raw["rules"]]
        return self._edited({**self.raw, "rules": rows})

    def with_rule(self, row: Mapping[str, Any]) -> Book:
        """The same book with one more row. Raises BookInvalid."""
        return self._edited({**self.raw, "rules": [*self.raw["rules"], dict(row)]})

    def _edited(self, raw: Mapping[str, Any]) -> Book:
        edited = _checked(replace(self, raw=raw))
        return replace(edited, version=f"{self.version.partition('+')[0]}+{edited.digest[:8]}")


def load(name: str | pathlib.Path = "bergisch_gladbach_2004") -> Book:
    """The book of a name ("bergisch_gladbach_2004"), a name and version ("bergisch_gladbach_2004/1") or a file.
    Raises BookUnknown and BookInvalid.
    """
    return _read(_find(str(name)))


def read(content: bytes) -> Book:
    """The book that a file holds. Raises BookInvalid."""
    try:
        raw = json.loads(content)
        found = Book(str(raw["name"]), str(raw["version"]), raw)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BookInvalid(
            (Fault("unreadable", values={"detail": f"{type(error).__name__}, {error}"[:200]}),)
        ) from error
    return _checked(found)


def content(name: str) -> bytes:
    """The file of a shipped book, byte for byte. Raises BookUnknown."""
    return _content(_find(name))


def names() -> tuple[str, ...]:
    """The books that are shipped, each as name/version."""
    books = (_read(path) for path in sorted(FOLDER.glob("*.json")))
    return tuple(f"{book.name}/{book.version}" for book in books)


@functools.lru_cache(maxsize=16)
def _find(name: str) -> pathlib.Path:
    stem, _, version = name.partition("/")
    candidates = [pathlib.Path(name)] if name.endswith(".json") else []
    if stem.replace("_", "").isalnum():
        candidates += [FOLDER / f"{stem}-{version}.json", FOLDER / f"{stem}.json"]
    for path in candidates:
        if path.is_file() and (name.endswith(".json") or version in {"", _read(path).version}):
            return path
    raise BookUnknown(name)


@functools.lru_cache(maxsize=16)
def _content(path: pathlib.Path) -> bytes:
    return path.read_bytes()


@functools.lru_cache(maxsize=16)
def _read(path: pathlib.Path) -> Book:
    return read(_content(path))


def _checked(book: Book) -> Book:
    problems = checks.problems(book.raw, comparisons=conditions.COMPARISONS)
    if problems:
        raise BookInvalid(problems)
    return book
