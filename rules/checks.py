"""What must be true of a book before anyone relies on it. Each fault names row and column for whoever edits it."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from rules import derivation, facts, parameters, shapes
from rules.derivation import ASKED, RESULT
from rules.faults import Fault

STATUSES = frozenset({"in_force", "void", "replaced_by"})
FLAGS = frozenset({"U18", "25", "31", "FREIWILLIG", "LZA"})
HLU_PAYERS = frozenset({"", "SB", "FB5", "Wohnort", "unchanged", "household"})
#: durable-rules takes the whole process down with a book of some seventy rows: it writes beyond its own memory.
MOST_ROWS = 40
DERIVED_PARAMETERS = frozenset({"over_from", "upper_last"})

#: Every placeholder that a text may hold; explain fills each of them for every client.
PLACEHOLDERS = frozenset(
    {
        "on",
        "age",
        "benefits",
        "since",
        "lza_on",
        "lza_span",
        "lza_span_dat",
        "months_text",
        "fit",
        "fit_word",
        "missing",
        "reason",
    }
    | {"fitness_date", "fitness_basis", "deadline", "gap_deadline", "turn_date", "payer_from", "programme", "lacks"}
    | {"age_min", "adult_from", "young_below", "upper_last", "over_from", "run_out", "law_ends", "void_rule"}
    | {"agency", "agency_cap", "agency_nom", "agency_gen", "agency_dat"}
)
#: Days are counted on from; there must be some left.
_NEVER = "3000"
_ORDERING = frozenset({"<", "<=", ">", ">="})
#: What a file may lack or hold in the wrong place.
_ODD = (KeyError, TypeError, ValueError, AttributeError, IndexError)


class _Place:
    """A row of the book, to make faults for."""

    def __init__(self, kind: str, row: object) -> None:
        self.kind, self.row = kind, str(row)

    def fault(self, code: str, column: str = "", **values: object) -> Fault:
        """A fault of this row."""
        return Fault(code, self.kind, self.row, column, {name: str(value)[:200] for name, value in values.items()})


def problems(raw: Mapping[str, Any], *, comparisons: frozenset[str]) -> tuple[Fault, ...]:
    """Everything that is wrong with a book; empty if it may be used."""
    book = _Place("", "")
    found = (*_safely(shapes.faults(raw), book), *_safely(_parameters(raw), book))
    # What the rows say can be told only where there are parameters and names to speak of.
    return found or tuple(_safely(_all(raw, comparisons), book))


def _safely(found: Iterable[Fault], place: _Place) -> Iterator[Fault]:
    """The faults; where the file is not even built like a book, this is the last of them."""
    try:
        yield from found
    except _ODD as error:
        yield place.fault("lacks", detail=repr(error))


def _all(raw: Mapping[str, Any], comparisons: frozenset[str]) -> Iterator[Fault]:
    yield from _table(raw)
    names = _Names(raw, comparisons)
    for row in raw["rules"]:
        place = _Place("rule", row["id"])
        yield from _safely(_row(row, place, names), place)
    for row in raw["programmes"]:
        place = _Place("programme", row["id"])
        yield from _safely(_validity(row, place), place)
        yield from _safely(names.conditions(row["when"], place, "when", known=ASKED), place)
    for row in raw["notes"]:
        place = _Place("note", row["id"])
        yield from _safely(_texts(row, place, names), place)
    for row in raw.get("tests", []):
        place = _Place("test", row["id"])
        yield from _safely(_test(row, place, names), place)
    for setting in raw["settings"]:
        if setting["parameter"] is not None and setting["parameter"] not in names.values:
            yield _Place("setting", setting["id"]).fault("parameter_unknown", value=setting["parameter"])
    for name in ("title", "name", "version"):
        raw[name]  # a book without it is not told apart from others


def _parameters(raw: Mapping[str, Any]) -> Iterator[Fault]:
    for name in sorted(parameters.KINDS.keys() - raw["parameters"].keys()):
        yield _Place("parameter", name).fault("parameter_missing")
    for name, entries in raw["parameters"].items():
        place = _Place("parameter", name)
        yield from _safely(_entries(raw, name, entries, place=place), place)


def _entries(raw: Mapping[str, Any], name: str, entries: Sequence[Any], *, place: _Place) -> Iterator[Fault]:
    for entry in entries:
        if not _is_day(entry["from"]):
            yield place.fault("day", "from", value=entry["from"])
    if not entries or len({entry["from"] for entry in entries}) != len(entries):
        yield place.fault("entries", "value")
        return
    wanted = parameters.kind(raw, name)
    de, en = parameters.WANTED[wanted]
    for entry in entries:
        if not parameters.fits(entry["value"], wanted, raw):
            yield place.fault("value_kind", "value", value=entry["value"], wanted_de=de, wanted_en=en)


def _table(raw: Mapping[str, Any]) -> Iterator[Fault]:
    rows = sorted(raw["rules"], key=lambda row: row["priority"])
    book = _Place("", "")
    if len(rows) > MOST_ROWS:
        yield book.fault("too_many_rows", count=len(rows), limit=MOST_ROWS)
    yield from _twice(rows, "priority", "same_priority")
    yield from _twice(rows, "id", "same_id")
    if rows[-1]["when"]:
        yield _Place("rule", rows[-1]["id"]).fault("last_row", "when")


def _twice(rows: Sequence[Mapping[str, Any]], name: str, code: str) -> Iterator[Fault]:
    seen = set()
    for row in rows:
        if row[name] in seen:
            yield _Place("rule", row["id"]).fault(code, name)
        seen.add(row[name])


def _row(row: Mapping[str, Any], place: _Place, names: _Names) -> Iterator[Fault]:
    if row["status"] not in STATUSES:
        yield place.fault("status", "status", value=row["status"])
    if not row["texts"]["legal_basis"]:
        yield place.fault("legal_basis", "legal_basis")
    for flag in sorted(set(row["flags"]) - FLAGS):
        yield place.fault("flag", "flags", value=flag)
    yield from names.word(row["outcome"], place, "outcome", words=frozenset(names.raw["names"]["outcomes"]))
    yield from names.word(row["hlu_payer"], place, "hlu_payer", words=HLU_PAYERS)
    yield from _validity(row, place)
    yield from names.conditions(row["when"], place, "when", known=ASKED)
    yield from _texts({**row["texts"], "when": []}, place, names)


def _test(row: Mapping[str, Any], place: _Place, names: _Names) -> Iterator[Fault]:
    if not _is_day(row["on"]):
        yield place.fault("day", "facts", value=row["on"])
    try:
        facts.restored(row["facts"])
    except (facts.FactsInvalid, TypeError, ValueError) as error:
        yield place.fault("lacks", "facts", detail=error)
    yield from names.word(row["outcome"], place, "outcome", words=frozenset(names.raw["names"]["outcomes"]))
    row["title"]  # people find it by this


def _validity(row: Mapping[str, Any], place: _Place) -> Iterator[Fault]:
    wrong = [name for name in ("from", "to") if (name == "from" or row[name] is not None) and not _is_day(row[name])]
    for name in wrong:
        yield place.fault("day", name, value=row[name])
    if not wrong and row["to"] is not None and row["to"] < row["from"]:
        yield place.fault("ends_before", "to")


def _is_day(text: object) -> bool:
    try:
        return isinstance(text, str) and text < _NEVER and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


class _Names:
    """What the rows of a book may speak of: its parameters with all their values, the comparisons."""

    def __init__(self, raw: Mapping[str, Any], comparisons: frozenset[str]) -> None:
        self.raw, self.comparisons = raw, comparisons
        self.values = {name: [entry["value"] for entry in rows] for name, rows in raw["parameters"].items()}
        self.values |= {name: [0] for name in DERIVED_PARAMETERS}

    def word(self, value: str, place: _Place, column: str, *, words: frozenset[str]) -> Iterator[Fault]:
        """A word of a list, or a parameter whose values are such words."""
        if value.startswith("$") and value[1:] not in self.values:
            yield place.fault("parameter_unknown", column, value=value[1:])
            return
        for each in self.values[value[1:]] if value.startswith("$") else [value]:
            if each not in words:
                yield place.fault("value_unknown", column, value=each, choices=_listed(words))

    def conditions(self, rows: Sequence[Any], place: _Place, column: str, *, known: frozenset[str]) -> Iterator[Fault]:
        """The conditions of a row or text."""
        for row in rows:
            if isinstance(row, Mapping):
                yield from self._ways(row, place, column, known=known)
            elif not isinstance(row, list) or len(row) != 3:  # noqa: PLR2004  fact, comparison, value
                yield place.fault("condition", column, value=row)
            else:
                yield from self._condition(row, place, column, known=known)

    def _ways(self, row: Mapping[str, Any], place: _Place, column: str, *, known: frozenset[str]) -> Iterator[Fault]:
        """Several ways, each of plain conditions alone: the language knows no deeper nesting."""
        ways = row["any"]
        if (
            set(row) != {"any"}
            or not ways
            or any(not way or any(isinstance(each, Mapping) for each in way) for way in ways)
        ):
            yield place.fault("condition", column, value=row)
            return
        for way in ways:
            yield from self.conditions(way, place, column, known=known)

    def _condition(self, row: Sequence[Any], place: _Place, column: str, *, known: frozenset[str]) -> Iterator[Fault]:
        fact, comparison, value = row
        if fact not in known:
            yield place.fault("fact_unknown", column, value=fact)
            return
        words = derivation.WORDS.get(fact)
        orders = comparison in _ORDERING
        if comparison not in self.comparisons or (orders and words) or (comparison == "in") != isinstance(value, list):
            yield place.fault("comparison", column, value=comparison)
            return
        # The language looks up a parameter only where it stands alone.
        if isinstance(value, list) and any(isinstance(each, str) and each.startswith("$") for each in value):
            yield place.fault("condition", column, value=value)
            return
        for each in value if isinstance(value, list) else [value]:
            yield from self._value(each, place, column, words=words if fact in ASKED else ())

    def _value(self, value: object, place: _Place, column: str, *, words: tuple[str, ...] | None) -> Iterator[Fault]:
        """A value beside a fact: one of its words, a number where it has none (None), a word of any kind for ()."""
        is_parameter = isinstance(value, str) and value.startswith("$")
        if is_parameter and any(isinstance(each, list) for each in self.values.get(str(value)[1:], ())):
            yield place.fault("condition", column, value=value)
            return
        if is_parameter and str(value)[1:] not in self.values:
            yield place.fault("parameter_unknown", column, value=str(value)[1:])
            return
        for each in self.values[str(value)[1:]] if is_parameter else [value]:
            if words is None and type(each) is not int:
                de, en = parameters.WANTED["number"]
                yield place.fault("value_kind", column, value=each, wanted_de=de, wanted_en=en)
            elif words and each not in words:
                yield place.fault("value_unknown", column, value=each, choices=_listed(words))


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(word for word in words if word))


def _texts(row: Mapping[str, Any], place: _Place, names: _Names) -> Iterator[Fault]:
    yield from names.conditions(row["when"], place, "when", known=ASKED | RESULT)
    row["legal_basis"]  # every reason has one, be it empty
    for column in ("client", "clerk"):
        for text in row[column]:
            yield from names.conditions(text.get("when", []), place, column, known=ASKED | RESULT)
            if not (text["de"].strip() and text["en"].strip()):
                yield place.fault("text_empty", column)
            for language in ("de", "en"):
                yield from _placeholders(text[language], place, column)


def _placeholders(text: str, place: _Place, column: str) -> Iterator[Fault]:
    try:
        parts = [(name, form, conversion) for _, name, form, conversion in string.Formatter().parse(text)]
    except ValueError:
        yield place.fault("braces", column)
        return
    used = [(name, form, conversion) for name, form, conversion in parts if name is not None]
    if any(form or conversion for _, form, conversion in used):
        yield place.fault("braces", column)
    for name in sorted({name for name, _, _ in used} - PLACEHOLDERS):
        yield place.fault("placeholder", column, value=name, choices=_listed(PLACEHOLDERS))
