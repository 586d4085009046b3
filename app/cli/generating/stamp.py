"""A template on other days, compiled so that a case is made by filling numbers and names into finished lines."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import orjson

from app.casework.clients.service import ALPHABET, NUMBER_LENGTH
from app.cli.generating import templates
from workflows import history

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from app.cli.generating.people import Person
    from app.cli.generating.templates import Template

# What stands before bytes in a line of COPY.
MARK = "\\\\x"
HEADER = ("sequence", "at", "recorded_at", "actor_id", "kind", "element", "name")
PERSON = ("family_name", "given_names", "search_name", "sort_name", "phonetic")
LOOSE = {"instance_id": "workflow_instance", "task_id": "workflow_task", "case_id": "case_file", "client_id": "client"}
# Odd: multiplied with it, numbers below the modulus stay different and lie far from each other.
SPREAD = 0x5DEECE66D1F
# Of these wide tables only so much differs from case to case; a case sends it as one line, each column a list.
WIDE = {
    "workflow_entry": ("instance_id", "task_id", "digest"), "route_decision": ("case_id",), "case_record": ("case_id",),
    "workflow_instance": ("id", "subject", "head"),
}  # fmt: skip
# Of a known length, and so sent without anything between them.
PACKED = {"digest": 32, "head": 32}
FIXED = {"workflow_entry": ("recorded_at",)}


def number_of(client_id: int) -> bytes:
    """The number of a client: no order, nothing to guess, the same for the same id."""
    rest, signs = client_id * SPREAD % len(ALPHABET) ** NUMBER_LENGTH, []
    for _ in range(NUMBER_LENGTH):
        rest, place = divmod(rest, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "".join(signs).encode()


class Variant:
    """A template moved by some days. `reference` is the day of its case, `stamp` makes one."""

    def __init__(self, template: Template, days: int, random: Random, *, key: int) -> None:
        self.key = key
        # Of wide tables the columns and lines that are the same for all cases.
        self.fixed: dict[str, tuple[list[str], bytes]] = {}
        self.template, self.moved = template, templates.shift(template, days)
        self.reference: date = self.moved.day(template.arrived)
        self.counts = {name: len(template.ids.get(name, ())) for name in templates.REFERRED}
        # What differs from case to case, by name: its place in the list of values.
        self.places: dict[object, int] = {}
        for name in templates.REFERRED:
            for position in range(self.counts[name]):
                self._place((name, position))
        for name in ("case_number", "client_number", *PERSON):
            self._place(name)
        self.salts: dict[tuple[int, int], tuple[str, str]] = {}
        self.chains = self._chains(random)
        self.tables = {name: self._compiled(name) for name in template.lines if template.lines[name]}

    def _place(self, name: object) -> int:
        return self.places.setdefault(name, len(self.places))

    def _chains(self, random: Random) -> list[tuple[int, list[tuple[bytes, int | None, bytes]]]]:
        """For each instance the parts of its chain: the fixed part of each header, the task's place, the digest of the
        payload.
        """
        found: dict[int, list[tuple[bytes, int | None, bytes]]] = {
            number: [] for number in self.template.ids["workflow_instance"]
        }
        tasks = self.template.ids["workflow_task"]
        for row in self.template.entries:
            at = self.moved.instant(row.at)
            fields = [row.sequence, at, row.recorded_at, row.actor_id, row.kind, row.element, row.name]
            header = b"," + orjson.dumps(fields, option=orjson.OPT_UTC_Z)[1:-1] + b","
            salt = random.randbytes(16)
            payload = history._payload_digest(salt, row.actor, templates.moved_detail(row.detail, self.moved))  # noqa: SLF001  the same digest as the host's
            task = None if row.task_id is None else self.places["workflow_task", tasks.index(row.task_id)]
            found[row.instance_id].append((header, task, payload))
            self.salts[row.instance_id, row.sequence] = ("\\\\x" + salt.hex(), "\\\\x" + payload.hex())
            self._place(("digest", row.instance_id, row.sequence))
        for number in found:
            self._place(("head", number))
        return [(self.template.ids["workflow_instance"].index(number), parts) for number, parts in found.items()]

    def _compiled(self, name: str) -> tuple[list[str], bytes, Callable[[list[Any]], Any]]:
        """The lines of a table: columns, the text with places, and what goes into the places."""
        columns = self.template.columns[name]
        kept = [column for column in columns if column != "id" or name in templates.REFERRED]
        arguments: list[int] = []
        lines = []
        rows = [dict(zip(columns, row, strict=True)) for row in self.template.lines[name]]
        if name in WIDE and self._fix(name, [column for column in kept if column not in WIDE[name]]):
            lists = [self._list(name, column, rows, arguments) for column in WIDE[name]]
            line = "\t".join((str(self.key), *lists)) + "\n"
            return ["variant", *WIDE[name]], line.encode(), itemgetter(*arguments, arguments[0])
        for row in rows:
            fields = [self._field(name, column, row, arguments) for column in kept]
            lines.append("\t".join(fields) + "\n")
        return kept, "".join(lines).encode(), itemgetter(*arguments, arguments[0])

    def _list(self, name: str, column: str, rows: list[dict[str, str]], arguments: list[int]) -> str:
        """What goes into a column of all rows of a case; 0 where there is nothing."""
        fields = [self._field(name, column, row, arguments) for row in rows]
        if column in PACKED:
            return MARK + "".join(field.removeprefix(MARK) for field in fields)
        return "{" + ",".join("0" if field == "\\N" else field for field in fields) + "}"

    def _fix(self, name: str, columns: list[str]) -> bool:
        """Sets aside what is the same for all cases; not if a text names the case after all."""
        arguments: list[int] = []
        lines = []
        for place, row in enumerate(self.template.lines[name], start=1):
            given = dict(zip(self.template.columns[name], row, strict=True))
            fields = [self._field(name, column, given, arguments).replace("%%", "%") for column in columns]
            lines.append("\t".join((str(self.key), str(place), *fields)) + "\n")
        if not arguments:
            self.fixed[name] = (columns, "".join(lines).encode())
        return not arguments

    def _field(self, table: str, column: str, row: Mapping[str, str], arguments: list[int]) -> str:
        value = row[column]
        if value == "\\N":
            return value
        place = self._varying(table, column, row)
        if place is not None:
            arguments.append(place)
            return f"{MARK}%b" if column in PACKED else "%b"
        own = self._own(table, column, row)
        return self._text(self.moved.text(value).replace("%", "%%"), arguments) if own is None else own

    def _own(self, table: str, column: str, row: Mapping[str, str]) -> str | None:
        """What is the same for all cases of this variant and no text with dates in it; None for such a text."""
        value = row[column]
        if table == "workflow_entry" and column in {"salt", "payload_digest"}:
            return self.salts[int(row["instance_id"]), int(row["sequence"])][column == "payload_digest"]
        if table == "workflow_instance" and column == "document":
            packed = templates.packed(self.template.documents[int(row["id"])], self.moved)
            return "\\\\x" + packed.hex()
        if table == "payer_period" and column.startswith("valid_"):
            return self.moved.month(date.fromisoformat(value)).isoformat()
        return value.replace("%", "%%") if value.startswith("\\\\x") or column in FIXED.get(table, ()) else None

    def _text(self, value: str, arguments: list[int]) -> str:
        """A text that may name the case."""
        parts = value.split(self.template.number)
        arguments.extend([self.places["case_number"]] * (len(parts) - 1))
        return "%b".join(parts)

    def _varying(self, table: str, column: str, row: Mapping[str, str]) -> int | None:
        """The place of what differs from case to case; None for what does not."""
        value, ids = row[column], self.template.ids
        name: object = None
        if table == "client" and column in PERSON:
            name = column
        elif (table, column) in {("client", "number"), ("client_identifier", "number")}:
            name = "client_number"
        elif table == "workflow_entry" and column == "digest":
            name = ("digest", int(row["instance_id"]), int(row["sequence"]))
        elif table == "workflow_instance" and column == "head":
            name = ("head", int(row["id"]))
        elif column == "subject" or (column == "correlation" and value == str(ids["case_file"][0])):
            name = ("case_file", 0)
        return self._parent(table, column, value) if name is None else self.places[name]

    def _parent(self, table: str, column: str, value: str) -> int | None:
        """The place of the id that this column holds, if it holds one."""
        parent = table if column == "id" else "plan" if column == "plan_id" else LOOSE.get(column, "")
        known = self.template.ids.get(parent, [])
        return self.places[parent, known.index(int(value))] if value.isdigit() and int(value) in known else None

    def stamp(self, first: Mapping[str, int], person: Person) -> list[Any]:
        """The values of a case whose ids begin at these."""
        values: list[Any] = [
            b"%d" % (first[name] + position) for name in templates.REFERRED for position in range(self.counts[name])
        ]
        case_id = first["case_file"]
        values.append(b"%d-%05d" % (self.reference.year, case_id))
        values.append(number_of(first["client"]))
        values.extend(person)
        heads = []
        for position, parts in self.chains:
            instance = b"[%d" % (first["workflow_instance"] + position)
            head = b""
            for header, task, payload in parts:
                middle = b"null]" if task is None else values[task] + b"]"
                head = hashlib.sha256(head + instance + header + middle + payload).digest()
                values.append(head.hex().encode())
            heads.append(values[-1])
        values.extend(heads)
        return values


def allowed(template: Template, opening: date, end: datetime) -> list[int]:
    """By how many days the template may be moved so that the case stands as it does at the end of the history: arrived
    after the opening, nothing done after the end, nothing due before it.
    """

    def fits(days: int) -> bool:
        moved = templates.Shift(days, None, None)
        return moved.instant(template.last) <= end and (template.limit is None or moved.instant(template.limit) > end)

    first = (opening - template.arrived).days
    if template.limit is not None:
        first = max(first, (end - template.limit).days - 1)
    found = [days for days in range(first, (end - template.last).days + 2) if fits(days)]
    # Whole weeks keep the days of the week.
    return [days for days in found if days % 7 == 0] or found
