"""Placement first, then programmes, then further support."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.casework import handlers_situation
from app.casework.cases import service as cases
from app.casework.plans import service as plans
from app.office import dates
from rules import ages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.handlers import Call, Value

RECORDED: Final[Mapping[str, Value]] = {"placement_outcome": "open", "income_notice": False, "payer_role": "FB5"}
INCOME = "income"


def check_programme(call: Call) -> dict[str, Value]:
    """Which programme is open to the client by age, benefit and duration today; none while in one already."""
    case = handlers_situation.case_id(call)
    found = handlers_situation.finding(call.session, case, dates.day_of(call.now))
    name = found.programme.strip("()")
    return {"programme": name, "programme_possible": bool(name) and not plans.in_programme(call.session, case)}


def record(call: Call) -> dict[str, Value]:
    """What came of the placement; whoever pays social assistance is told of a job."""
    case = handlers_situation.case_id(call)
    found = handlers_situation.situation(call.session, case, call.now)
    hired = call.inputs["placeable"] == "yes" and call.inputs["result"] == "hired"
    tell = hired and bool(found["hlu"])
    if tell:
        receiver = str(found["payer"] or "FB5")
        cases.send_notice(call.session, case, kind=INCOME, receiver=receiver, actor=call.actor, now=call.now)
    _complete_participation(call, case)
    helped = "programme" if plans.in_programme(call.session, case) else "help"
    return {
        "placement_outcome": "integrated" if hired else helped,
        "income_notice": tell,
        "payer_role": found["payer_role"],
    }


def _complete_participation(call: Call, case: int) -> None:
    """Adds the programme that was found open, and the age at entry, which counts to its end (A15)."""
    place = plans.unnamed_participation(call.session, case)
    if place is None:
        return
    place.programme = str(call.inputs["programme"] or "")
    birth = handlers_situation.facts(call.session, case, dates.day_of(call.now)).birth_date
    if birth is not None and place.entry_on is not None:
        place.age_at_entry = ages.legal_age(birth, place.entry_on)
