"""Age limits and the day on which long-term unemployment begins: which comes next, and what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from app.casework import handlers_situation, queries, rulebooks
from app.office import dates
from app.office import queries as office
from rules import ages, transitions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from rules.facts import Facts
    from workflows.handlers import Call, Value

NONE = "NONE"
NEXT: Final[Mapping[str, Value]] = {"age_event": NONE, "age_event_at": ""}
PREPARE = "AGE_25_PREPARE"
FIFTEEN = "AGE_15"
PREPARED: Final[Mapping[str, Value]] = {"handover_needed": False, "handover_offer_on": ""}
ORDER = (FIFTEEN, "AGE_18", PREPARE, "AGE_25", "AGE_31", "LZA")


HANDOVER: Final = "handover_prepare"
_BEGUN: Final = text("""
SELECT EXISTS (SELECT FROM workflow_task WHERE subject = :subject AND element = :element)
    OR EXISTS (SELECT FROM workflow_entry AS line JOIN workflow_instance AS run ON run.id = line.instance_id
        WHERE run.subject = :subject AND line.element = :element AND line.kind = 'task_completed')
""")


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """A day on which something changes for the client, in the order in which such days are worked."""

    day: date
    order: int

    @property
    def code(self) -> str:
        """What the process calls it."""
        return ORDER[self.order]


def find_next(call: Call) -> dict[str, Value]:
    """The next event after the one that was handled last; an early step whose day has passed is due at once.

    An event that was waited for and has not come yet was not handled: its birth date was corrected meanwhile.
    """
    case = handlers_situation.case_id(call)
    row = queries.case_file(call.session, case)
    last, today = _last(call), dates.day_of(call.now)
    corrected = last is not None and last.day > today
    start = today if corrected else dates.day_of(queries.began_at(call.session, case))
    prepared = last is not None and last.order > ORDER.index(PREPARE)
    for event in _events(call.session, case, row.reference_date):
        if not corrected and _is_begun(call.session, case, event, last):
            continue
        begins = event.day > start or (not prepared and _still_ahead(call.session, case, event, start))
        if begins and (last is None or corrected or event > last):
            return {"age_event": event.code, "age_event_at": event.day.isoformat()}
    return {"age_event": NONE, "age_event_at": ""}


def apply(call: Call) -> dict[str, Value]:
    """Where the case stands on this day, whether the payment has to be handed over at 25, and when it is offered."""
    case = handlers_situation.case_id(call)
    found = handlers_situation.situation(call.session, case, call.now)
    needed = bool(found["benefit_in_office"]) or found["payer"] == "SB"
    return found | {"handover_needed": needed, "handover_offer_on": _offer_day(call, case)}


def handover_day(session: Session, case: int, on: date) -> date | None:
    """The first of the month from which department 5 pays for somebody who turns 25; None without a birth date."""
    known = handlers_situation.facts(session, case, on)
    if known.birth_date is None:
        return None
    return transitions.handover(known.birth_date, rulebooks.in_force(session, on).parameters(on)).payer_from


def reminder_day(session: Session, case: int, on: date) -> date | None:
    """The 15th birthday of somebody referred for being too young: within the months in which the file is kept and can
    be opened again, and where the office wants to be reminded (A17).
    """
    age, months = office.setting(session, "remind_at_age"), office.setting(session, "reopen_months")
    birth = handlers_situation.facts(session, case, on).birth_date
    if not age or birth is None:
        return None
    day = ages.birthday(birth, int(age))
    return day if on < day <= dates.add_months(on, int(months or 0)) else None


def _offer_day(call: Call, case: int) -> str:
    """Four weeks before the birthday, or at once when that day has passed."""
    today = dates.day_of(call.now)
    birth = handlers_situation.facts(call.session, case, today).birth_date
    if birth is None:
        return today.isoformat()
    planned = transitions.handover(birth, rulebooks.in_force(call.session, today).parameters(today)).offer_on
    return max(planned, today).isoformat()


def _last(call: Call) -> Event | None:
    code, day = call.inputs.get("age_event"), call.inputs.get("age_event_at")
    if code not in ORDER or not day:
        return None
    return Event(date.fromisoformat(str(day)), ORDER.index(str(code)))


def _events(session: Session, case: int, on: date) -> list[Event]:
    known = handlers_situation.facts(session, case, on)
    if known.birth_date is None:
        return []
    parameters = rulebooks.in_force(session, on).parameters(on)
    handover = transitions.handover(known.birth_date, parameters)
    days = {
        "AGE_18": ages.birthday(known.birth_date, int(parameters["adult_from"])),
        PREPARE: handover.prepare_on,
        "AGE_25": handover.birthday,
        "AGE_31": ages.birthday(known.birth_date, int(parameters["over_from"])),
    } | _long_term(session, case, known, parameters)
    if age := office.setting(session, "remind_at_age"):
        days[FIFTEEN] = ages.birthday(known.birth_date, int(age))
    return sorted(Event(day, ORDER.index(code)) for code, day in days.items())


def _long_term(session: Session, case: int, known: Facts, parameters: Mapping[str, Any]) -> dict[str, date]:
    """The day matters between the two age limits only: the young are looked after anyway, the older are not."""
    if known.reference_date is None or known.birth_date is None:
        return {}
    day = handlers_situation.finding(session, case, known.reference_date).lza_on
    if day is None:
        return {}
    age = ages.legal_age(known.birth_date, day)
    return {"LZA": day} if parameters["young_below"] <= age < parameters["over_from"] else {}


def _is_begun(session: Session, case: int, event: Event, last: Event | None) -> bool:
    """Whether the hand-over was begun before its day: a leader may do so. Then the day itself brings nothing new."""
    if event.code != PREPARE or last is None:
        return False
    return event.order == last.order or bool(session.scalar(_BEGUN, {"subject": str(case), "element": HANDOVER}))


def _still_ahead(session: Session, case: int, event: Event, start: date) -> bool:
    """Preparing the hand-over begins 56 days before the birthday, or at once while the birthday is still to come."""
    known = handlers_situation.facts(session, case, start)
    if event.code != PREPARE or known.birth_date is None:
        return False
    limit = int(rulebooks.in_force(session, start).parameters(start)["young_below"])
    return ages.birthday(known.birth_date, limit) > start
