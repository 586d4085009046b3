"""Positions of lived cases as they stand in the database: all their rows, ready to be stamped out for other people on
other days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
import zstandard
from sqlalchemy import func, select, text

from app.casework.clients.models import Client
from app.office import dates
from workflows.database import Base
from workflows.models import Entry, Instance, Waiting

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from app.cli.generating.walk import Walk

# These tables' ids stand in other rows; all others number themselves.
REFERRED = ("client", "case_file", "workflow_instance", "workflow_task", "plan")
# Not of the case itself: what is computed from it, and what belongs to two.
APART = ("supervision_", "workflow_migration_", "workflow_letter", "client_match", "notices_")
MONTH = 30.436875
ADULT = (15, 18, 25, 31)
SIGN = re.compile(
    r"(?<![\d-])(\d{4}-\d\d-\d\d)(?:([T ])(\d\d:\d\d:\d\d(?:\.\d+)?)(\+00:00|\+00|Z))?(?![\d-])"
    r"|(?<!\d)(\d\d\.\d\d\.\d{4})(?!\d)"
)


@dataclass(slots=True)
class Template:
    """A case at a position: lines of COPY by table, what was told, the documents; and between which instants it may
    stand so: after `last`, before `limit`.
    """

    life: str
    position: str
    weight: float
    arrived: date
    born: date | None
    last: datetime
    limit: datetime | None
    number: str
    ids: dict[str, list[int]] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    lines: dict[str, list[list[str]]] = field(default_factory=dict)
    entries: list[Any] = field(default_factory=list)
    documents: dict[int, bytes] = field(default_factory=dict)
    ended: list[dict[str, Any]] = field(default_factory=list)


def take(walk: Walk, life: str, position: str, weight: float) -> Template:
    """The case of this walk as it stands now."""
    session, case = walk.session, walk.case
    client = session.get_one(Client, walk.client_id)
    made = Template(
        life, position, weight, walk.arrived, client.birth_date, walk.now, None, case.number,
        ids={"client": [walk.client_id], "case_file": [walk.case_id]}, ended=walk.ended(),
    )  # fmt: skip
    for table in Base.metadata.sorted_tables:
        if not table.name.startswith(APART):
            _rows(session, table, made)
    instances = made.ids["workflow_instance"]
    made.limit = session.scalar(select(func.min(Waiting.due_at)).where(Waiting.instance_id.in_(instances)))
    entries = Entry.__table__
    told = select(entries).where(entries.c.instance_id.in_(instances))
    made.entries = list(session.execute(told.order_by(entries.c.instance_id, entries.c.sequence)))
    known = set(made.ids["workflow_task"]) | {row.task_id for row in made.entries if row.task_id is not None}
    made.ids["workflow_task"] = sorted(known)
    documents = select(Instance.id, Instance.document).where(Instance.id.in_(instances))
    made.documents = {number: zstandard.decompress(content) for number, content in session.execute(documents)}
    return made


def _rows(session: Session, table: Table, made: Template) -> None:
    where = _belongs(table, made)
    if where is None:
        return
    names = [column.name for column in table.columns if column.computed is None]
    listed = ", ".join(f'"{name}"' for name in names)
    order = "sequence" if table.name == "workflow_entry" else "id" if "id" in names else names[0]
    command = f'COPY (SELECT {listed} FROM "{table.name}" WHERE {where} ORDER BY {order}) TO STDOUT'  # noqa: S608  our own names
    with driver(session).cursor().copy(command.encode()) as out:
        lines = b"".join(map(bytes, out)).decode().splitlines()
    if lines or table.name in REFERRED:
        made.columns[table.name] = names
        made.lines[table.name] = [line.split("\t") for line in lines]
        if "id" in names:
            made.ids[table.name] = [int(line.split("\t")[names.index("id")]) for line in lines]


def _belongs(table: Table, made: Template) -> str | None:
    """Which rows of a table belong to the case; None for tables of the office."""
    case_id = made.ids["case_file"][0]
    if table.name == "client":
        return f"id = {made.ids['client'][0]}"
    if "case_id" in table.c:
        return f"case_id = {case_id}"
    if "client_id" in table.c:
        return f"client_id = {made.ids['client'][0]}"
    if "subject" in table.c:
        return f"subject = '{case_id}'"
    for name, parent in (("instance_id", "workflow_instance"), ("plan_id", "plan")):
        if name in table.c and made.ids.get(parent):
            return f"{name} IN ({', '.join(map(str, made.ids[parent]))})"
    return None


def driver(session: Session) -> Any:  # noqa: ANN401  the library is another
    """The connection of the driver, which alone speaks COPY."""
    return session.connection().connection.driver_connection


@dataclass(frozen=True, slots=True)
class Shift:
    """Moves every date of a case by some days, by the clock on the wall. The birthday moves so that the next one that
    matters falls on the day that the case waits for.
    """

    days: int
    born: date | None
    new_born: date | None

    def day(self, day: date) -> date:
        """The day that many days later."""
        return self.new_born if day == self.born and self.new_born else day + timedelta(self.days)

    def instant(self, moment: datetime) -> datetime:
        """The same time of day in the office that many days later."""
        wall = dates.local(moment)
        if wall.day == 1 and wall.time() == datetime.min.time():
            return dates.start_of(self.month(wall.date()))
        return dates.at((wall + timedelta(self.days)).date(), wall.time().replace(tzinfo=None)).astimezone(UTC)

    def month(self, day: date) -> date:
        """The first of a month as many months later: who pays changes with the month."""
        return dates.add_months(day, round(self.days / MONTH))

    def text(self, given: str) -> str:
        """A text with all dates in it moved."""
        return SIGN.sub(self._moved, given)

    def _moved(self, found: re.Match[str]) -> str:
        day, between, time, zone, german = found.groups()
        try:
            if german:
                return f"{self.day(datetime.strptime(german, '%d.%m.%Y').date()):%d.%m.%Y}"  # noqa: DTZ007  a day
            if not between:
                return self.day(date.fromisoformat(day)).isoformat()
            moved = self.instant(datetime.fromisoformat(f"{day}T{time}+00:00"))
        except ValueError:
            # It only looks like a date.
            return found[0]
        digits = "microseconds" if "." in time else "seconds"
        return moved.replace(tzinfo=None).isoformat(between, digits) + zone


def shift(template: Template, days: int) -> Shift:
    """The shift of a template by so many days."""
    if template.born is None:
        return Shift(days, None, None)
    following = (dates.add_months(template.born, 12 * years) for years in ADULT)
    years = next((n for n, day in zip(ADULT, following, strict=True) if day > dates.day_of(template.last)), 31)
    birthday = dates.add_months(template.born, 12 * years) + timedelta(days)
    return Shift(days, template.born, dates.add_months(birthday, -12 * years))


def packed(document: bytes, moved: Shift) -> bytes:
    """A document with its dates moved, packed as the host packs it."""
    return zstandard.ZstdCompressor(level=6, write_content_size=True).compress(moved.text(document.decode()).encode())


def moved_detail(detail: object, moved: Shift) -> object:
    """What a line of history tells, with its dates moved."""
    return orjson.loads(moved.text(orjson.dumps(detail).decode()))


def reserve(session: Session, table: str, count: int) -> int:
    """The first of so many ids in a row that nobody else has. Somebody who draws in between makes it draw again."""
    statement = text(
        "SELECT min(n), max(n) FROM ("
        "SELECT nextval(CAST(:name AS regclass)) AS n FROM generate_series(1, :count)) AS drawn"
    )
    while True:
        first, last = session.execute(statement, {"name": f"{table}_id_seq", "count": count}).one()
        if last - first + 1 == count:
            return int(first)
