"""What must be true of a book before anyone relies on it. Each problem is a short sentence for the person who edits
the book.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from rules.derivation import ASKED, RESULT

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


def problems(raw: Mapping[str, Any], *, comparisons: frozenset[str]) -> tuple[str, ...]:
    """Everything that is wrong with a book; empty if it may be used."""
    try:
        return tuple(_all(raw, comparisons))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return (f"the book lacks something that every book has: {error!r}",)


def _all(raw: Mapping[str, Any], comparisons: frozenset[str]) -> Iterator[str]:
    known = frozenset(raw["parameters"]) | DERIVED_PARAMETERS
    yield from _table(raw)
    for row in raw["rules"]:
        where = f"rule {row['id']}"
        yield from _row(row, raw, known)
        yield from _conditions(row["when"], where, names=(ASKED, known, comparisons))
        yield from _texts({**row["texts"], "when": []}, where, names=(ASKED | RESULT, known, comparisons))
    for row in raw["programmes"]:
        yield from _conditions(row["when"], f"programme {row['id']}", names=(ASKED, known, comparisons))
    for row in raw["notes"]:
        yield from _texts(row, f"note {row['id']}", names=(ASKED | RESULT, known, comparisons))
    for setting in raw["settings"]:
        if setting["parameter"] is not None and setting["parameter"] not in known:
            yield f"setting {setting['id']}: there is no parameter {setting['parameter']}"
    for name, entries in raw["parameters"].items():
        if not entries or len({date.fromisoformat(entry["from"]) for entry in entries}) != len(entries):
            yield f"parameter {name}: needs at least one value, and only one from the same day"


def _table(raw: Mapping[str, Any]) -> Iterator[str]:
    rows = sorted(raw["rules"], key=lambda row: row["priority"])
    if len(rows) > MOST_ROWS:
        yield f"the book has {len(rows)} rules, and no more than {MOST_ROWS} are evaluated safely: join some"
    if len({row["priority"] for row in rows}) != len(rows):
        yield "two rules have the same priority: which of them comes first is open"
    if len({row["id"] for row in rows}) != len(rows):
        yield "two rules have the same id"
    if rows[-1]["when"]:
        yield "the last rule must be met by everybody, so that nobody stays without an answer"


def _row(row: Mapping[str, Any], raw: Mapping[str, Any], known: frozenset[str]) -> Iterator[str]:
    where = f"rule {row['id']}"
    if row["status"] not in STATUSES:
        yield f"{where}: the status {row['status']} is not known"
    if not row["texts"]["legal_basis"]:
        yield f"{where}: the legal basis is missing"
    if not set(row["flags"]) <= FLAGS:
        yield f"{where}: a flag is not known"
    yield from _value(row["outcome"], where, known=known, values=frozenset(raw["names"]["outcomes"]))
    yield from _value(row["hlu_payer"], where, known=known, values=HLU_PAYERS)
    date.fromisoformat(row["from"])
    if row["to"] is not None:
        date.fromisoformat(row["to"])


def _value(value: str, where: str, *, known: frozenset[str], values: frozenset[str]) -> Iterator[str]:
    if value.startswith("$"):
        if value[1:] not in known:
            yield f"{where}: there is no parameter {value[1:]}"
    elif value not in values:
        yield f"{where}: {value} is not known"


def _conditions(rows: Sequence[Any], where: str, *, names: tuple[frozenset[str], ...]) -> Iterator[str]:
    facts, parameters, comparisons = names
    for row in rows:
        if isinstance(row, Mapping):
            for group in row["any"]:
                yield from _conditions(group, where, names=names)
            continue
        fact, comparison, value = row
        if fact not in facts:
            yield f"{where}: there is no fact {fact}"
        if comparison not in comparisons:
            yield f"{where}: {comparison} is not a comparison"
        if isinstance(value, str) and value.startswith("$") and value[1:] not in parameters:
            yield f"{where}: there is no parameter {value[1:]}"


def _texts(row: Mapping[str, Any], where: str, *, names: tuple[frozenset[str], ...]) -> Iterator[str]:
    yield from _conditions(row["when"], where, names=names)
    for text in [*row["client"], *row["clerk"]]:
        yield from _conditions(text.get("when", []), where, names=names)
        for language in ("de", "en"):
            used = {field for _, field, _, _ in string.Formatter().parse(text[language]) if field is not None}
            for name in sorted(used - PLACEHOLDERS):
                yield f"{where}: nobody fills the placeholder {name}"
