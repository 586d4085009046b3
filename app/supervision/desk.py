"""A page of the stuck desk: each finding with client, history, who must move, and what the reader may do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.casework import queries as casework
from app.office import dates, targets
from app.office import queries as office
from app.supervision import queries, words
from workflows import definitions
from workflows.errors import WorkflowError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.casework.queries import Card
    from app.office.queries import Person
    from app.supervision.queries import Happening, Row, Wanted
    from app.supervision.words import Cause
    from workflows.handlers import Actor

# Whose pages these are.
LEADERS = tuple(office.LEADERS.values())
PAGE = 30
PROCESS = "case"


@dataclass(frozen=True, slots=True)
class Line:
    """A case that stands still, as the desk shows it. `mine`: the reader leads who must move; `person` only then."""

    row: Row
    cause: Cause
    card: Card | None
    level: str
    days: int
    name: str
    mine: bool
    person: str
    events: tuple[Happening, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the desk, when, and in which language."""

    session: Session
    actor: Actor
    now: datetime
    locale: str

    def led(self) -> frozenset[str]:
        """The roles of the own agency; only its leader acts on them (R41)."""
        known = office.roles(self.session)
        return frozenset(code for code, row in known.items() if row.partner == self.actor.partner)


def lines(reader: Reader, rows: Sequence[Row]) -> tuple[Line, ...]:
    """These findings as the desk shows them."""
    cases = {row.case_id for row in rows}
    cards, events = casework.cards(reader.session, cases), queries.happenings(reader.session, cases)
    led, names = reader.led(), _names(reader)
    staff = queries.people(reader.session, {row.person_id for row in rows if row.person_id and row.role in led})
    hands = {role: _hands(reader, role) for role in {row.role for row in rows if row.task_id} & led}
    return tuple(
        Line(
            row, words.CAUSES[row.cause], cards.get(row.case_id), level(row, reader.now),
            max(0, (dates.day_of(reader.now) - dates.day_of(row.since)).days), names.get(row.element, row.name),
            row.role in led, staff.get(row.person_id or 0, ""), tuple(events.get(row.case_id, ())),
            hands.get(row.role, ()) if row.task_id else (),
        )
        for row in rows
    )  # fmt: skip


def level(row: Row, now: datetime) -> str:
    """Red when money, right, deadline or child are at stake now, grey while it rests until a day, else amber."""
    if row.cause in queries.GREY:
        return "grey"
    return "red" if row.red_at <= now else "amber"


def _names(reader: Reader) -> dict[str, str]:
    """The names of steps in the reader's language; rows bear the German ones."""
    if reader.locale != "en":
        return {}
    try:
        newest = definitions.latest(reader.session, PROCESS)
    except WorkflowError:
        return {}
    known = definitions.specs(reader.session, newest.id).elements
    stated = {f"target_{one.step}": one.label_en for one in targets.valid(reader.session, dates.day_of(reader.now))}
    return stated | {element: info.name_en for element, info in known.items() if info.name_en}


def _hands(reader: Reader, role: str) -> tuple[Person, ...]:
    found = office.people_in_role(reader.session, role, reader.now)
    own = [one for one in found if one.account_id is not None and one.partner == reader.actor.partner]
    return tuple(sorted(own, key=lambda one: (not one.present, one.substitute, one.name)))


def page(reader: Reader, wanted: Wanted) -> tuple[tuple[Line, ...], str]:
    """A page of the desk, and the token of the next one (empty on the last)."""
    rows = queries.listing(reader.session, wanted, now=reader.now, limit=PAGE)
    following = queries.token(rows[PAGE - 1]) if len(rows) > PAGE else ""
    return lines(reader, rows[:PAGE]), following


def cells(line: Line, texts: Any) -> list[str]:  # noqa: ANN401  functions from code to word
    """A line of the exported table; no cell can be taken for a formula."""
    number = line.card.number if line.card else str(line.row.case_id)
    found = [
        texts.level(line.level), number, str(line.cause.title), line.name, texts.day(line.row.since), str(line.days),
        texts.role(line.row.role), line.person, str(line.cause.consequence), texts.day(line.row.due),
        str(line.cause.remedy),
    ]  # fmt: skip
    return [f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell for cell in found]
