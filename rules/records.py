"""One line of a table of clients, read strictly: typed values, or the reasons why it cannot be read.

A value that cannot be read is refused and never guessed. A value that can be read but is missing or cannot be true is
left to rule Z0, which asks people to clear it; `doubts` names such values for those who must not take them in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from rules import ages
from rules.facts import Facts, RulesError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rules.places import Places

T = TypeVar("T")

COLUMNS = ("geburtsdatum", "stichtag", "wohnort", "leistung", "arbeitsfaehig", "verfuegbar", "arbeitslos_seit")
FITNESS = {"ja": "yes", "nein": "no", "eingeschraenkt": "limited", "ungeklaert": "unknown", "": ""}
AVAILABILITY = {"ja": "yes", "nein": "no", "ungeklaert": "unknown", "": "unknown"}
NOT_KNOWN = frozenset({"", "unbekannt", "unbek.", "ungeklaert"})
OLDEST = 110

_DAY = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2}")
_BENEFIT = re.compile(r"[^\W_][\w §./-]{0,39}")
_SHOWN = 40

TEXTS = {
    "date_form": ("„{value}“ ist kein Datum der Form TT.MM.JJJJ.", '"{value}" is not a date of the form DD.MM.YYYY.'),
    "date_none": ("„{value}“: Dieses Datum gibt es nicht.", '"{value}": this date does not exist.'),
    "date_year": (
        "„{value}“: Bitte das Jahr mit vier Ziffern angeben.",
        '"{value}": please give the year with four digits.',
    ),
    "word": ("„{value}“ wird hier nicht verstanden.", '"{value}" is not understood here.'),
    "missing_column": ("Die Spalte fehlt.", "The column is missing."),
    "future": ("„{value}“ liegt nach dem Stichtag.", '"{value}" is after the reference date.'),
    "too_old": ("„{value}“ ergibt ein Alter über 110 Jahre.", '"{value}" gives an age over 110.'),
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one cell."""

    column: str
    code: str
    value: str

    def text(self, locale: str) -> str:
        """The sentence that names column, value and fault."""
        german, english = TEXTS[self.code]
        sentence = (english if locale == "en" else german).format(value=shown(self.value))
        return f"{self.column}: {sentence}"


@dataclass
class RecordRefused(RulesError):  # noqa: N818  the house names errors by what is the case
    """The line cannot be read as a client."""

    flaws: tuple[Flaw, ...]

    def __str__(self) -> str:
        return f"{len(self.flaws)} values cannot be read: {', '.join(flaw.column for flaw in self.flaws)}"


@dataclass(frozen=True, slots=True)
class Record:
    """One line as typed values."""

    id: str
    name: str
    birth_date: date | None
    reference_date: date | None
    place: str
    residence: str
    benefits: frozenset[str]
    benefits_known: bool
    fit_for_work: str
    available: str
    unemployed_since: date | None

    def facts(self, *, on: date | None = None) -> Facts:
        """What the rules see of this line, on another day than its own if one is given."""
        return Facts(
            birth_date=self.birth_date,
            reference_date=on or self.reference_date,
            residence=self.residence,
            benefits=self.benefits,
            benefits_known=self.benefits_known,
            fit_for_work=self.fit_for_work,
            available=self.available,
            unemployed_since=self.unemployed_since,
        )

    def doubts(self, *, on: date | None = None) -> tuple[Flaw, ...]:
        """Values that can be read but cannot be true on a day: a birth in the future or more than 110 years ago."""
        day, birth = on or self.reference_date, self.birth_date
        if birth is None or day is None:
            return ()
        written = f"{birth.day:02}.{birth.month:02}.{birth.year:04}"
        if birth > day:
            return (Flaw("geburtsdatum", "future", written),)
        return (Flaw("geburtsdatum", "too_old", written),) if ages.legal_age(birth, day) > OLDEST else ()


def parse(row: Mapping[str, str], places: Places) -> Record:
    """The record of a line, cells by column name. Raises RecordRefused with every flaw of the line, not only the
    first.
    """
    flaws: list[Flaw] = [Flaw(column, "missing_column", "") for column in COLUMNS if column not in row]
    if flaws:
        raise RecordRefused(tuple(flaws))
    birth = _read(row, "geburtsdatum", day, flaws)
    reference = _read(row, "stichtag", day, flaws)
    codes = _read(row, "leistung", benefits, flaws)
    fitness = _read(row, "arbeitsfaehig", lambda text: _word(text, FITNESS), flaws)
    available = _read(row, "verfuegbar", lambda text: _word(text, AVAILABILITY), flaws)
    since = _read(row, "arbeitslos_seit", day, flaws)
    if flaws:
        raise RecordRefused(tuple(flaws))
    return Record(
        id=row.get("id", "").strip(),
        name=row.get("name", "").strip(),
        birth_date=birth,
        reference_date=reference,
        place=row["wohnort"].strip(),
        residence=places.residence(row["wohnort"]),
        benefits=codes or frozenset(),
        benefits_known=codes is not None,
        fit_for_work=fitness or "",
        available=available or "unknown",
        unemployed_since=since,
    )


def day(text: str) -> date | None:
    """A date written TT.MM.JJJJ; None if it is not known. Raises ValueError with the code of the fault."""
    word = _plain(text)
    if word in NOT_KNOWN:
        return None
    written = _DAY.fullmatch(word)
    if written is None:
        raise ValueError("date_year" if _SHORT_YEAR.fullmatch(word) else "date_form")
    try:
        return date(int(written[3]), int(written[2]), int(written[1]))
    except ValueError as error:
        raise ValueError("date_none") from error


def benefits(text: str) -> frozenset[str] | None:
    """The codes of a list such as HLU+ALHI; empty for none, None if it is not known. Raises ValueError with the
    code.
    """
    word = _plain(text)
    if word in {"", "keine"}:
        return frozenset()
    codes = [part.strip() for part in word.split("+")]
    if any(code in NOT_KNOWN - {""} for code in codes):
        return None
    if not all(_BENEFIT.fullmatch(code) for code in codes):
        raise ValueError("word")
    return frozenset(code.upper() for code in codes)


def shown(value: str) -> str:
    """A value as it may stand in a message: without control characters, and not too long."""
    printable = "".join(each if each.isprintable() else "·" for each in value[: _SHOWN + 1])
    return printable if len(printable) <= _SHOWN else f"{printable[:_SHOWN]}…"


def _read(row: Mapping[str, str], column: str, read: Callable[[str], T], flaws: list[Flaw]) -> T | None:
    try:
        return read(row[column])
    except ValueError as error:
        flaws.append(Flaw(column, str(error), row[column]))
        return None


def _word(text: str, words: Mapping[str, str]) -> str:
    try:
        return words[_plain(text)]
    except KeyError as error:
        raise ValueError("word") from error


def _plain(text: str) -> str:
    return text.strip().lower().replace("ä", "ae").replace("a\u0308", "ae")
