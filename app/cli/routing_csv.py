"""A table of clients in, the same table with the routes out: line by line, so that its length does not matter."""

from __future__ import annotations

import codecs
import csv
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from rules import places, records, routing
from rules.facts import RulesError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from rules.book import Book
    from rules.decision import Finding

RESULTS = ("alter", "route", "regel", "hlu_zahlt", "alhi_alg_zahlt", "programm", "merker")
DELIMITERS = ";,\t|"
LONGEST_LINE = 1 << 17
MOST_LINES = 50
#: What a file is called until all of it is written.
PART = ".part"
#: A spreadsheet takes a cell that begins so for a formula and would compute it.
FORMULA = ("=", "+", "-", "@", "\t", "\r")

TEXTS = {
    "encoding": ("Die Zeile ist nicht in UTF-8 geschrieben.", "The line is not written in UTF-8."),
    "too_long": ("Die Zeile ist zu lang.", "The line is too long."),
    "quotes": ("Ein Anführungszeichen fehlt oder ist zu viel.", "A quotation mark is missing or one too many."),
    "columns": (
        "Die Zeile hat {found} statt {expected} Spalten.",
        "The line has {found} columns instead of {expected}.",
    ),
    "refused": ("Kein Ergebnis: {reason}.", "No result: {reason}."),
    "empty": ("Die Datei ist leer.", "The file is empty."),
    "header_encoding": (
        "Die Datei ist nicht in UTF-8 geschrieben. Bitte als „CSV UTF-8“ speichern.",
        'The file is not written in UTF-8. Please save it as "CSV UTF-8".',
    ),
    "header_missing": (
        "In der Kopfzeile fehlen Spalten: {names}.",
        "Columns are missing in the header line: {names}.",
    ),
    "header_twice": ("Eine Spalte steht zweimal in der Kopfzeile: {names}.", "A column stands twice: {names}."),
}


def told(key: str, locale: str, **values: object) -> str:
    """The sentence of a key in one language."""
    german, english = TEXTS[key]
    return (english if locale == "en" else german).format(**values)


@dataclass
class TableUnreadable(Exception):  # noqa: N818  the house names errors by what is the case
    """The file is not a table of clients."""

    key: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass
class LineUnreadable(Exception):  # noqa: N818
    """One line of the table cannot be read."""

    key: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many lines were routed and how many could not be."""

    routed: int
    failed: int


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: the book, the day that overrides the reference date, the language of messages."""

    book: Book
    on: date | None
    locale: str


@dataclass(frozen=True, slots=True)
class Shape:
    """How the table is written, so that the answer is written likewise."""

    names: tuple[str, ...]
    header: tuple[str, ...]
    delimiter: str
    newline: str
    mark: bytes


class Lines:
    """The physical lines of a file with their numbers; a line that was read too far can be given back."""

    def __init__(self, file: IO[bytes], advance: Callable[[int], None]) -> None:
        self._file = file
        self._advance = advance
        self._back: deque[tuple[int, bytes]] = deque()
        self._number = 0

    def next(self) -> tuple[int, bytes] | None:
        """The next line with its number, None at the end. Of an over-long line only the beginning is kept."""
        if self._back:
            return self._back.popleft()
        line = rest = self._file.readline(LONGEST_LINE)
        if not line:
            return None
        while len(rest) == LONGEST_LINE and not rest.endswith(b"\n"):
            self._advance(len(rest))
            rest = self._file.readline(LONGEST_LINE)
        self._advance(len(rest))
        self._number += 1
        return self._number, line

    def give_back(self, lines: Sequence[tuple[int, bytes]]) -> None:
        """Puts lines back in front, in their order."""
        self._back.extendleft(reversed(lines))


def convert(source: Path, target: Path, order: Order, *, advance: Callable[[int], None]) -> Tally:
    """Writes the routes of all clients of `source` to `target`, and the lines that cannot be read with number and
    reason to `<target>.errors.csv`, which exists afterwards only if there were any. Neither file is seen half-written.
    Raises TableUnreadable if it is no table of clients, OSError if a file cannot be read or written.
    """
    failed = 0
    routed = 0
    faults = errors_beside(target)
    with source.open("rb") as file:
        lines = Lines(file, advance)
        shape = _shape(lines, needs_day=order.on is None)
        with _replacing(target) as good, _replacing(faults) as bad:
            good.write(shape.mark)
            write = _writer(good, shape)
            complain = _writer(bad, shape)
            write([*shape.header, *(name for name in RESULTS if name not in shape.names)])
            complain(["zeile", "id", "grund"] if order.locale == "de" else ["line", "id", "reason"])
            for number, cells in _cells(lines, shape):
                answer = _answer(cells, shape, order)
                if isinstance(answer, str):
                    failed += 1
                    complain([str(number), _harmless(_id(cells, shape)), answer])
                else:
                    routed += 1
                    write(answer)
    if not failed:
        faults.unlink()
    return Tally(routed, failed)


def errors_beside(target: Path) -> Path:
    """The file for the lines that cannot be read, beside the output."""
    return target.with_suffix(".errors.csv")


def _shape(lines: Lines, *, needs_day: bool) -> Shape:
    first = lines.next()
    if first is None:
        raise TableUnreadable("empty")
    mark = codecs.BOM_UTF8 if first[1].startswith(codecs.BOM_UTF8) else b""
    try:
        text = first[1].removeprefix(mark).decode()
        delimiter = max(DELIMITERS, key=text.count)
        header = _split(text, delimiter)
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableUnreadable("header_encoding") from error
    names = tuple(cell.strip().lower() for cell in header)
    needed = [name for name in records.COLUMNS if needs_day or name != "stichtag"]
    if missing := [name for name in needed if name not in names]:
        raise TableUnreadable("header_missing", {"names": ", ".join(missing)})
    if twice := sorted({name for name in names if name and names.count(name) > 1}):
        raise TableUnreadable("header_twice", {"names": ", ".join(twice)})
    return Shape(names, tuple(header), delimiter, "\r\n" if text.endswith("\r\n") else "\n", mark)


def _cells(lines: Lines, shape: Shape) -> Iterator[tuple[int, list[str] | LineUnreadable]]:
    """The records with the number of their first line; what cannot be read comes as the reason, empty lines not."""
    while (line := lines.next()) is not None:
        if not line[1].strip():
            continue
        try:
            cells = _record(line, lines, shape.delimiter)
            if len(cells) != len(shape.names):
                yield line[0], LineUnreadable("columns", {"found": len(cells), "expected": len(shape.names)})
            else:
                yield line[0], cells
        except LineUnreadable as unreadable:
            yield line[0], unreadable


def _record(line: tuple[int, bytes], lines: Lines, delimiter: str) -> list[str]:
    """The cells of the record that begins with a line; a quoted cell may go on in the next lines. If the quote is
    never closed the lines taken for its end are given back: one missing mark must not swallow the clients below.
    """
    taken: list[tuple[int, bytes]] = []
    text = _decoded(line[1])
    while True:
        try:
            return _split(text, delimiter)
        except csv.Error as error:
            more = lines.next() if "unexpected end of data" in str(error) and len(taken) < MOST_LINES else None
            if more is None:
                lines.give_back(taken)
                raise LineUnreadable("quotes") from error
            taken.append(more)
            try:
                text += _decoded(more[1])
            except LineUnreadable:
                lines.give_back(taken)
                raise LineUnreadable("quotes") from error


def _decoded(line: bytes) -> str:
    if len(line) >= LONGEST_LINE:
        raise LineUnreadable("too_long")
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise LineUnreadable("encoding") from error


def _split(text: str, delimiter: str) -> list[str]:
    return next(csv.reader([text], delimiter=delimiter, strict=True))


def _answer(cells: list[str] | LineUnreadable, shape: Shape, order: Order) -> list[str] | str:
    """The line with its results, or the sentence that says why there are none."""
    if isinstance(cells, LineUnreadable):
        return told(cells.key, order.locale, **cells.values)
    row = dict(zip(shape.names, cells, strict=True))
    try:
        record = records.parse({"stichtag": "", **row}, places.load())
        on = order.on or record.reference_date or order.book.first_day
        found = routing.find(record.facts(on=order.on), on, order.book)
    except records.RecordRefused as refused:
        return " ".join(flaw.text(order.locale) for flaw in refused.flaws)
    except RulesError as error:
        return told("refused", order.locale, reason=error)
    row.update(zip(RESULTS, _results(found), strict=True))
    return [*(row[name] for name in shape.names), *(row[name] for name in RESULTS if name not in shape.names)]


def _results(found: Finding) -> tuple[str, ...]:
    age = "" if found.age is None else str(found.age)
    payers = (found.hlu_payer, found.alg_payer)
    return (age, found.outcome, found.rule, *payers, found.programme, ",".join(found.flags))


def _id(cells: list[str] | LineUnreadable, shape: Shape) -> str:
    return "" if isinstance(cells, LineUnreadable) or "id" not in shape.names else cells[shape.names.index("id")]


def _harmless(cell: str) -> str:
    """The cell so that a spreadsheet shows it instead of computing it. Only here: the routes themselves hand on what
    came in as it was, for those cells are the user's own; this file is ours and is opened to be read.
    """
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _writer(file: IO[bytes], shape: Shape) -> Callable[[Sequence[str]], object]:
    encoded = codecs.getwriter("utf-8")(file)
    return csv.writer(encoded, delimiter=shape.delimiter, lineterminator=shape.newline).writerow


@contextmanager
def _replacing(target: Path) -> Iterator[IO[bytes]]:
    """A file that takes its name only when all of it is written."""
    part = target.with_name(f"{target.name}{PART}")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
