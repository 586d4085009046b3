"""How a section is changed: what was typed becomes the newest statement, or is refused with a code for each field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.casework import errors
from app.casework.circumstances import service as circumstances
from app.casework.circumstances.models import AvailabilityValue, Benefit, BenefitStatus, FitnessValue
from app.casework.clients import birthdates
from app.casework.clients import queries as clients
from app.casework.clients import service as client_service
from app.casework.corrections import standing
from app.office import dates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

LONGEST = 200


class Typed:
    """What was typed into the fields of a section; refusals gather until `require` raises them."""

    def __init__(self, fields: Mapping[str, str], *, actor: Actor, now: datetime, scope: standing.Scope) -> None:
        self.fields = fields
        self.actor = actor
        self.now = now
        self.scope = scope
        self.refused: dict[str, str] = {name: "too_long" for name, text in fields.items() if len(text) > LONGEST}

    @property
    def today(self) -> date:
        """The office's day."""
        return dates.day_of(self.now)

    def text(self, name: str) -> str:
        """What stands in a field."""
        return self.fields.get(name, "")

    def day(self, name: str, *, past: str = "") -> date | None:
        """The date in a field; one that is none is refused, with `past` also one that has not come."""
        if not self.text(name):
            return None
        try:
            found = birthdates.parse_day(self.text(name))
        except birthdates.DateRefused as refusal:
            self.refused[name] = refusal.code
            return None
        if past and found > self.today:
            self.refused[name] = past
        return found

    def choice(self, name: str, known: set[Any], *, default: str = "") -> str:
        """The code in a field; one that nobody knows is refused."""
        value = self.text(name) or default
        if value not in known:
            self.refused[name] = "unknown_choice" if value else "required"
        return value

    def require(self) -> None:
        """Raises ValuesRefused when anything was refused."""
        if self.refused:
            raise errors.ValuesRefused(self.refused)


def _person(session: Session, client_id: int, typed: Typed) -> None:
    values: dict[str, Any] = dict(typed.fields)
    if not values.get("birth_date"):
        if clients.client(session, client_id).birth_date is not None:
            typed.refused["birth_date"] = "required"
        values["birth_precision"] = "unknown"
    elif "birth_precision" not in values:
        values["birth_precision"] = ""
    typed.require()
    client_service.change_person(session, client_id, values, actor=typed.actor, now=typed.now)


def _benefits(session: Session, client_id: int, typed: Typed) -> None:
    ids = dict.fromkeys(name.split("-")[1] for name in typed.fields if name.startswith("benefit-"))
    rows = [(which, _benefit(typed, which)) for which in ids if which != standing.NEW]
    added = None
    if any(typed.text(standing.key(standing.NEW, part)) for part in ("kind", "from", "to")):
        added = _benefit(typed, standing.NEW)
    typed.require()
    for which, values in rows:
        row = session.get_one(Benefit, int(which))
        for name, value in values.items():
            setattr(row, name, value)
        if session.is_modified(row):
            row.author, row.recorded_at = typed.actor.name, typed.now
    session.flush()
    if added is not None:
        stated = circumstances.BenefitStatement(**added)
        circumstances.add_benefit(session, client_id, stated, actor=typed.actor, now=typed.now)


def _benefit(typed: Typed, which: str) -> dict[str, Any]:
    """The values of a benefit's row; for whoever does not see the old dates an empty field leaves them."""
    names = {part: standing.key(which, part) for part in standing.BENEFIT_PARTS}
    kind, status = typed.text(names["kind"]), typed.choice(names["status"], set(BenefitStatus), default="running")
    if not kind:
        typed.refused[names["kind"]] = "required"
    begins, ends = typed.day(names["from"]), typed.day(names["to"])
    if begins and ends and ends <= begins:
        typed.refused[names["to"]] = "before_start"
    found = {
        "kind": kind,
        "status": status,
        "valid_from": begins,
        "valid_to": ends,
        "payer": typed.text(names["payer"]),
    }
    if typed.scope.reduced and which != standing.NEW:
        return {name: value for name, value in found.items() if value}
    return found


def _fitness(session: Session, client_id: int, typed: Typed) -> None:
    value = typed.choice("fit_for_work", set(FitnessValue))
    found, until = typed.day("fitness_date", past="future"), typed.day("fitness_until")
    if found and until and until < found:
        typed.refused["fitness_until"] = "before_start"
    typed.require()
    circumstances.state_fitness(
        session, client_id, value, actor=typed.actor, now=typed.now, basis=typed.text("fitness_basis"),
        found_on=found, valid_until=until,
    )  # fmt: skip


def _work(session: Session, client_id: int, typed: Typed) -> None:
    since = typed.day("unemployed_since", past="future")
    born = clients.client(session, client_id).birth_date
    if since and born and since < born:
        typed.refused["unemployed_since"] = "before_birth"
    available = typed.choice("available", set(AvailabilityValue))
    typed.require()
    reason = typed.text("not_available_reason")
    circumstances.state_unemployment(session, client_id, since, actor=typed.actor, now=typed.now, source="correction")
    circumstances.state_availability(session, client_id, available, actor=typed.actor, now=typed.now, reason=reason)


WRITERS: Final[Mapping[str, Callable[[Session, int, Typed], None]]] = {
    "person": _person,
    "benefits": _benefits,
    "fitness": _fitness,
    "work": _work,
}
