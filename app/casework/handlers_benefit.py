"""Benefit: who pays social assistance, from which month, and that the payer knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.casework import errors, handlers_ages, handlers_situation, queries
from app.casework.cases import payers
from app.casework.cases import service as cases
from app.casework.circumstances import service as circumstances
from app.casework.records import service as records
from app.office import dates
from workflows import events
from workflows.models import WaitingKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from workflows.handlers import Call, Value

OFFICE, DEPARTMENT = "SB", "FB5"
STARTED = "start"
NOBODY = "none"
SETTLED = "household_settled"
FACTS_CHANGED = "facts_changed"


def begin(call: Call) -> dict[str, Value]:
    """Who pays; department 5 gets a message when a case begins whose benefit it pays. Who pays a household comes first:
    while that is open (A20) nobody is told anything and the present payer goes on.
    """
    case = handlers_situation.case_id(call)
    found = handlers_situation.situation(call.session, case, call.now)
    if _household_open(call, case, found):
        return found | {"household_open": True}
    began = queries.began_at(call.session, case)
    told = any(row.kind == STARTED and row.sent_at >= began for row in queries.notices(call.session, case))
    if found["notify_payer"] and not told:
        cases.send_notice(call.session, case, kind=STARTED, receiver=DEPARTMENT, actor=call.actor, now=call.now)
    return found | {"household_open": False}


def settle_household(call: Call) -> dict[str, Value]:
    """Adviser and department agree on who pays the household; the case says so from now on."""
    case, choice = handlers_situation.case_id(call), str(call.inputs["household_choice"])
    queries.case_file(call.session, case).household_payer = "" if choice == NOBODY else choice
    values = {"benefit_status": {"payer": choice}}
    records.record(call.session, case, kind=SETTLED, values=values, actor=call.actor, now=call.now)
    return {"household_open": False}


def release(call: Call) -> dict[str, Value]:
    """The second person has released: the office pays from the next month on, or from this one when nobody does yet.

    A refused application ends here too. Whoever turns 25 before the office would begin stays with department 5.
    """
    case = handlers_situation.case_id(call)
    if call.inputs["grant"] == "refused":
        _refuse(call, case)
    elif not _turns_too_soon(call, case):
        payers.take_over(call.session, case, payer=OFFICE, actor=call.actor, now=call.now)
    return _payer(call, case)


def confirm(call: Call) -> dict[str, Value]:
    """Department 5 knows of the case; what was open is confirmed by whoever completed the task.

    From the confirmation on it pays where nobody paid before: never nobody in a month (B4).
    """
    case = handlers_situation.case_id(call)
    if not queries.payer_on(call.session, case, dates.day_of(call.now)):
        payers.take_over(call.session, case, payer=DEPARTMENT, actor=call.actor, now=call.now)
    cases.confirm_notices(call.session, case, receiver=DEPARTMENT, actor=call.actor, now=call.now)
    return {"notice_confirmed": True}


def plan_handover(call: Call) -> dict[str, Value]:
    """Department 5 has accepted: it pays from the month after the birthday, or from the next possible one."""
    case = handlers_situation.case_id(call)
    start = _handover_from(call, case)
    try:
        payers.offer(call.session, case, payer=DEPARTMENT, valid_from=start, actor=call.actor, now=call.now)
        start = payers.accept(call.session, case, actor=call.actor, now=call.now)
    except errors.PayerRefused as refused:
        # Department 5 pays on that day anyway: there is nothing to hand over.
        if refused.reason != "pays_already":
            raise
    return {"payer_from": start.isoformat()}


def hand_over(call: Call) -> dict[str, Value]:
    """The day has come: the case says who pays now."""
    case = handlers_situation.case_id(call)
    return _payer(call, case)


def _household_open(call: Call, case: int, found: Mapping[str, Value]) -> bool:
    """Whether somebody named a payer of the household, or did not know it, and both desks have not agreed on it."""
    named = queries.case_file(call.session, case).household_payer
    if not named or not (found["benefit_in_office"] or found["notify_payer"]):
        return False
    return named != queries.latest_values(call.session, case, SETTLED).get("payer")


def _handover_from(call: Call, case: int) -> date:
    today = dates.day_of(call.now)
    planned = handlers_ages.handover_day(call.session, case, today)
    return planned if planned is not None and planned > today else dates.first_of_next_month(today)


def _turns_too_soon(call: Call, case: int) -> bool:
    today = dates.day_of(call.now)
    planned = handlers_ages.handover_day(call.session, case, today)
    nobody = not queries.payer_on(call.session, case, today)
    return planned is not None and not nobody and planned <= dates.first_of_next_month(today)


def _refuse(call: Call, case: int) -> None:
    client_id = queries.case_file(call.session, case).client_id
    known = queries.circumstances(call.session, client_id, dates.day_of(call.now))
    if any(row.kind == handlers_situation.LIVING_COSTS for row in known.counting(dates.day_of(call.now))):
        circumstances.change_benefit(
            call.session, client_id, kind=handlers_situation.LIVING_COSTS, status="refused", actor=call.actor,
            now=call.now,
        )  # fmt: skip
        # The route may hang on it: whoever waits for the next date looks again now, in an act of its own.
        events.send(call.session, call.instance_id, kind=WaitingKind.MESSAGE, name=FACTS_CHANGED, payload={})


def _payer(call: Call, case: int) -> dict[str, Value]:
    found = handlers_situation.situation(call.session, case, call.now)
    return {"payer": found["payer"], "payer_role": found["payer_role"]}
