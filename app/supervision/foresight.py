"""What comes within ninety days, as a leader reads it: whom it is about, what follows by the rules, what to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.casework import handlers_situation, rulebooks, words
from app.casework import queries as casework
from app.office import dates
from app.supervision import foresight_queries as queries
from app.supervision import foresight_start
from rules import routing, transitions
from rules.facts import Facts, FactsInvalid
from workflows import definitions
from workflows.errors import WorkflowError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.casework.queries import Card
    from app.supervision.desk import Reader

DAYS: Final = 90
PAGE: Final = 30
# Counting stops here; a day of the calendar says "500+".
CAP: Final = 500
TITLES: Final[Mapping[str, Any]] = {
    "turn_18": _("Wird 18"), "turn_25": _("Wird 25"), "turn_31": _("Wird 31"),
    "payer": _("Zahlung geht an Fachbereich 5 über"), "long_term": _("Wird langzeitarbeitslos"),
    "programme": _("Programm endet"), "review": _("Plan ist zu überprüfen"), "plan_end": _("Plan läuft ab"),
    "task": _("Frist einer Aufgabe"), "timer": _("Termin im Ablauf"),
}  # fmt: skip
# What the hand-over at 25 prepares.
HANDED_OVER: Final = frozenset({"turn_25", "payer"})
FORESEEN: Final = frozenset({"turn_18", "turn_25", "turn_31", "long_term"})


@dataclass(frozen=True, slots=True)
class Line:
    """What comes, with client, what follows from it, and the task with which it is prepared or done."""

    row: queries.Row
    day: date
    title: str
    name: str
    card: Card | None
    follows: tuple[str, ...]
    task_id: int | None
    startable: bool


def span(reader: Reader) -> tuple[date, date]:
    """Today and the last of the ninety days."""
    today = dates.day_of(reader.now)
    return today, today + timedelta(DAYS)


def page(reader: Reader, wanted: queries.Wanted) -> tuple[tuple[Line, ...], str]:
    """A page of what comes, and the token of the next one (empty on the last)."""
    today = dates.day_of(reader.now)
    parameters = rulebooks.in_force(reader.session, today).parameters(today)
    rows = queries.listing(reader.session, wanted, parameters, limit=PAGE)
    following = queries.token(rows[PAGE - 1]) if len(rows) > PAGE else ""
    return _lines(reader, rows[:PAGE]), following


def month(reader: Reader, wanted: queries.Wanted) -> dict[date, list[tuple[str, int]]]:
    """How many of each kind come on each day, counted no further than CAP."""
    today = dates.day_of(reader.now)
    parameters = rulebooks.in_force(reader.session, today).parameters(today)
    found: dict[date, list[tuple[str, int]]] = {}
    day = wanted.first
    while day <= wanted.last:
        rows = queries.listing(reader.session, replace(wanted, first=day, last=day), parameters, limit=CAP)
        kinds = [row.kind for row in rows]
        found[day] = [(kind, kinds.count(kind)) for kind in queries.KINDS if kind in kinds]
        day += timedelta(1)
    return found


def number(reader: Reader, wanted: queries.Wanted) -> int:
    """How much of it comes, counted no further than CAP."""
    today = dates.day_of(reader.now)
    parameters = rulebooks.in_force(reader.session, today).parameters(today)
    return min(CAP, len(queries.listing(reader.session, wanted, parameters, limit=CAP)))


def _lines(reader: Reader, rows: Sequence[queries.Row]) -> tuple[Line, ...]:
    cases = {row.case_id for row in rows}
    cards = casework.cards(reader.session, cases)
    begun, names = queries.preparing(reader.session, cases, reader.led()), _names(reader)
    turning = {row.case_id for row in rows if row.kind in HANDED_OVER}
    startable = foresight_start.possible(reader.session, turning, roles=reader.led(), now=reader.now)
    return tuple(
        Line(
            row, dates.day_of(row.at), str(TITLES[row.kind]), _name(row, names, reader.locale),
            cards.get(row.case_id), _follows(reader, row),
            row.ref if row.kind == "task" else begun.get(row.case_id) if row.place < queries.KINDS.index("programme")
            else None,
            row.kind in HANDED_OVER and row.case_id in startable,
        )
        for row in rows
    )  # fmt: skip


def _name(row: queries.Row, names: Mapping[str, tuple[str, str]], locale: str) -> str:
    if row.kind == "programme":
        return words.word(row.detail, "programme")
    german, english = names.get(row.detail, (row.name, ""))
    return (english if locale == "en" and english else row.name or german) if row.detail else ""


def _names(reader: Reader) -> dict[str, tuple[str, str]]:
    """The names of steps in both languages."""
    try:
        newest = definitions.latest(reader.session, "case")
    except WorkflowError:
        return {}
    known = definitions.specs(reader.session, newest.id).elements
    return {element: (info.name, info.name_en) for element, info in known.items()}


def _follows(reader: Reader, row: queries.Row) -> tuple[str, ...]:
    """What the rules say of the case on that day, from what is known of it today."""
    if row.kind == "payer":
        return (gettext("Die Zahlung der Hilfe zum Lebensunterhalt wechselt zum Monatsersten."),)
    if row.kind not in FORESEEN:
        return ()
    day = dates.day_of(row.at)
    book = rulebooks.in_force(reader.session, day)
    try:
        known = Facts(**casework.facts_of(reader.session, row.case_id, day))
    except FactsInvalid:
        return (gettext("Was folgt, ist offen: Angaben fehlen oder widersprechen sich."),)
    found = routing.foresee(known, day, book)
    said = [gettext("Route: %(route)s", route=words.word(found.outcome, "route"))]
    if found.hlu_payer:
        said.append(gettext("Es zahlt: %(payer)s", payer=words.word(found.hlu_payer, "payer")))
    if found.programme:
        said.append(gettext("Programm: %(name)s", name=words.word(found.programme, "programme")))
    if row.kind == "turn_25" and known.birth_date and known.current_payer == handlers_situation.OFFICE:
        planned = transitions.handover(known.birth_date, book.parameters(day))
        said.append(gettext(
            "Übergabe vorbereiten ab %(prepare)s, anbieten am %(offer)s", prepare=_day(planned.prepare_on),
            offer=_day(planned.offer_on),
        ))  # fmt: skip
    return tuple(said)


def _day(day: date) -> str:
    return words.day(day.isoformat())
