"""A book on one day: the parameters then in force, put into the rows then in force."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from rules import conditions

if TYPE_CHECKING:
    from collections.abc import Mapping

BEGINNING = "0001-01-01"
GAP = "gap"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the routing table with its parameters put in."""

    id: str
    rule: str
    priority: int
    parts: tuple[conditions.Part, ...]
    outcome: str
    hlu_payer: str
    flags: frozenset[str]
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Programme:
    """One row of the programme table with its parameters put in."""

    id: str
    name: str
    parts: tuple[conditions.Part, ...]
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text and the conditions under which it is said."""

    parts: tuple[conditions.Part, ...]
    de: str
    en: str


@dataclass(frozen=True, slots=True)
class Note:
    """A further reason beside the rule's own: what is said to client and clerk when its conditions hold."""

    id: str
    parts: tuple[conditions.Part, ...]
    client: tuple[Text, ...]
    clerk: tuple[Text, ...]
    legal_basis: str


@dataclass(frozen=True, eq=False)
class Edition:
    """All that holds on a day. `rows` are asked in order; `struck` are the void ones; `gap` serves when nothing
    hits.
    """

    name: str
    parameters: Mapping[str, Any]
    rows: tuple[Row, ...]
    struck: tuple[Row, ...]
    gap: Row
    programmes: tuple[Programme, ...]
    notes: tuple[Note, ...]
    texts: Mapping[str, Note]

    def struck_before(self, row: Row, subject: conditions.Subject) -> Row | None:
        """The struck row that would have decided where now `row` does. A void rule's cases wait for people even if a
        later rule fits, too; those of a replaced one go on through the table and wait only at its end (R81).
        """
        at_the_end = row.rule == self.gap.rule
        for struck in self.struck:
            stops = struck.priority < row.priority if struck.raw["status"] == "void" else at_the_end
            if stops and conditions.hold(struck.parts, subject):
                return struck
        return None


def change_dates(raw: Mapping[str, Any]) -> tuple[date, ...]:
    """Every day on which something in the book begins or has ended."""
    days = {date.fromisoformat(entry["from"]) for entries in raw["parameters"].values() for entry in entries}
    for row in [*raw["rules"], *raw["programmes"]]:
        days.add(date.fromisoformat(row["from"]))
        if row["to"] is not None:
            days.add(date.fromisoformat(row["to"]) + timedelta(days=1))
    return tuple(sorted(days))


def build(raw: Mapping[str, Any], on: date, *, name: str) -> Edition:
    """The edition of a book for a day; its name tells book, version and content apart from every other edition."""
    parameters = parameters_on(raw, on)
    table = sorted(raw["rules"], key=lambda row: row["priority"])
    valid = [row for row in table if _in_force(row, on)] if _law_holds(parameters, on) else []
    rows = tuple(_row(row, parameters) for row in valid if row["status"] == "in_force")
    content = json.dumps([row.raw for row in rows] + [dict(parameters)], sort_keys=True)
    return Edition(
        name=f"{name}#{hashlib.sha256(content.encode()).hexdigest()[:16]}",
        parameters=parameters,
        rows=rows,
        struck=tuple(_row(row, parameters) for row in valid if row["status"] != "in_force"),
        gap=_row(table[-1], parameters),
        programmes=tuple(_programme(row, parameters) for row in raw["programmes"] if _in_force(row, on)),
        notes=tuple(_note(row, parameters) for row in raw["notes"]),
        texts={row["id"]: _note({**row["texts"], "id": row["id"], "when": []}, parameters) for row in table},
    )


def parameters_on(raw: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The value of each parameter on a day; before its first day a parameter has its first value."""
    day = on.isoformat()
    found = {}
    for name, entries in raw["parameters"].items():
        ordered = sorted(entries, key=lambda entry: entry["from"])
        found[name] = [entry for entry in ordered if entry["from"] <= day or entry is ordered[0]][-1]["value"]
    # The register asks the question of the upper limit as "inclusive or not"; the rows want the first age beyond it.
    found["over_from"] = found["upper_age"] + (1 if found["upper_age_inclusive"] else 0)
    found["upper_last"] = found["over_from"] - 1
    return found


def _law_holds(parameters: Mapping[str, Any], on: date) -> bool:
    last_day = parameters["last_day"]
    return last_day is None or on.isoformat() <= last_day


def _in_force(row: Mapping[str, Any], on: date) -> bool:
    return row["from"] <= on.isoformat() and (row["to"] is None or on.isoformat() <= row["to"])


def _row(row: Mapping[str, Any], parameters: Mapping[str, Any]) -> Row:
    return Row(
        id=row["id"],
        rule=row["rule"],
        priority=row["priority"],
        parts=conditions.parse(row["when"], parameters),
        outcome=_resolved(row["outcome"], parameters),
        hlu_payer=_resolved(row["hlu_payer"], parameters),
        flags=frozenset(row["flags"]),
        raw=row,
    )


def _programme(row: Mapping[str, Any], parameters: Mapping[str, Any]) -> Programme:
    return Programme(row["id"], row["name"], conditions.parse(row["when"], parameters), row)


def _note(row: Mapping[str, Any], parameters: Mapping[str, Any]) -> Note:
    return Note(
        id=row["id"],
        parts=conditions.parse(row["when"], parameters),
        client=_texts(row["client"], parameters),
        clerk=_texts(row["clerk"], parameters),
        legal_basis=row["legal_basis"],
    )


def _texts(rows: list[Mapping[str, Any]], parameters: Mapping[str, Any]) -> tuple[Text, ...]:
    return tuple(Text(conditions.parse(row.get("when", []), parameters), row["de"], row["en"]) for row in rows)


def _resolved(value: str, parameters: Mapping[str, Any]) -> str:
    return str(parameters[value[1:]]) if value.startswith("$") else value
