"""Changes of a rule book as a file: rows, their order, what is void, values, test rows. Each gives another book."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from app.casework import rulebooks
from app.design import errors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

Json = dict[str, Any]
STEP = 10


def read(content: bytes) -> Json:
    """The book as JSON. Raises BookInvalid."""
    rulebooks.read(content)
    found: Json = json.loads(content)
    return found


def written(book: Json) -> bytes:
    """The book as a file."""
    return (json.dumps(book, ensure_ascii=False, indent=1) + "\n").encode()


def row(book: Json, name: str, held_in: str = "rules") -> Json:
    """The row of this number in a list of the book. Raises StepRefused when there is none."""
    found: Json | None = next((one for one in book[held_in] if one["id"] == name), None)
    if found is None:
        raise errors.StepRefused("row_unknown")
    return found


def _ordered(book: Json) -> list[Json]:
    return sorted(book["rules"], key=lambda one: one["priority"])


def _renumbered(book: Json, rows: Sequence[Json]) -> Json:
    """The rows in this order, with as few new places as that takes."""
    placed, last = [], -1
    for one in rows:
        place = one["priority"] if one["priority"] > last else last + 1
        placed.append({**one, "priority": place})
        last = place
    return {**book, "rules": placed}


def shift(book: Json, name: str, step: int) -> Json:
    """The row one place up (-1) or down (1); the last row, which takes everybody, stays the last."""
    rows = _ordered(book)
    at = rows.index(row(book, name))
    to = at + step
    if not (0 <= to < len(rows) - 1 and at < len(rows) - 1):
        raise errors.StepRefused("row_fixed")
    first, second = rows[at]["priority"], rows[to]["priority"]
    rows[at], rows[to] = {**rows[to], "priority": first}, {**rows[at], "priority": second}
    return {**book, "rules": rows}


def remove(book: Json, name: str) -> Json:
    """The book without this row; the last one, which takes everybody, stays."""
    rows = _ordered(book)
    if row(book, name) is rows[-1]:
        raise errors.StepRefused("row_fixed")
    return {**book, "rules": [one for one in rows if one["id"] != name]}


def add(book: Json, name: str, after: str) -> Json:
    """One more row behind this one and like it, for people to change. Raises StepRefused."""
    rows = _ordered(book)
    if not name or any(one["id"] == name for one in rows):
        raise errors.StepRefused("row_name")
    if len(rows) >= rulebooks.MOST_ROWS:
        raise errors.StepRefused("row_count")
    at = rows.index(row(book, after))
    if at == len(rows) - 1:
        raise errors.StepRefused("row_fixed")
    made = copy.deepcopy(rows[at]) | {"id": name, "rule": name, "status": "in_force", "replaced_by": None}
    made.pop("reason", None)
    return _renumbered(book, [*rows[: at + 1], made, *rows[at + 1 :]])


def edit(book: Json, name: str, values: Mapping[str, Any], held_in: str = "rules") -> Json:
    """The row with other values. Raises StepRefused for a number that is taken."""
    old = row(book, name, held_in)
    changed = {**old, **values}
    if changed["id"] != name and (not changed["id"] or any(one["id"] == changed["id"] for one in book[held_in])):
        raise errors.StepRefused("row_name")
    return {**book, held_in: [changed if one is old else one for one in book[held_in]]}


def void(book: Json, name: str, *, reason: str, replaced_by: str) -> Json:
    """Strikes out the rule that this row belongs to, with all its rows, and says why and what takes its place."""
    rule = row(book, name)["rule"]
    if not reason:
        raise errors.StepRefused("void_reason")
    if replaced_by and replaced_by not in {one["rule"] for one in book["rules"] if one["rule"] != rule}:
        raise errors.StepRefused("row_unknown")
    if rule == _ordered(book)[-1]["rule"]:
        raise errors.StepRefused("row_fixed")
    said = {
        "status": "replaced_by" if replaced_by else "void", "replaced_by": replaced_by or None, "reason": reason,
    }  # fmt: skip
    return {**book, "rules": [one | said if one["rule"] == rule else one for one in book["rules"]]}


def revive(book: Json, name: str) -> Json:
    """Lets the rule that this row belongs to hold again."""
    rule = row(book, name)["rule"]
    rows = []
    for one in book["rules"]:
        kept = {key: value for key, value in one.items() if key != "reason"}
        rows.append(kept | {"status": "in_force", "replaced_by": None} if one["rule"] == rule else one)
    return {**book, "rules": rows}


def set_parameter(book: Json, name: str, entries: Sequence[tuple[date, object]]) -> Json:
    """The book with these values of a parameter, each from a day on. Raises StepRefused."""
    if name not in book["parameters"]:
        raise errors.StepRefused("row_unknown")
    rows = [{"from": day.isoformat(), "value": value} for day, value in sorted(entries, key=lambda entry: entry[0])]
    return {**book, "parameters": {**book["parameters"], name: rows}}


def add_test(book: Json, test: Mapping[str, Any]) -> Json:
    """The book with one more test row; it is numbered."""
    tests = book.get("tests", [])
    numbers = [int(one["id"][1:]) for one in tests if one["id"][1:].isdecimal()]
    return {**book, "tests": [*tests, {"id": f"P{max(numbers, default=0) + 1}", **test}]}


def remove_test(book: Json, name: str) -> Json:
    """The book without this test row."""
    return {**book, "tests": [one for one in book.get("tests", []) if one["id"] != name]}
