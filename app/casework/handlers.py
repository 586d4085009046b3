"""The one door between the processes and the office: every handler that a diagram may name.

The functions stand in `handlers_*`, each a noun of the work. They change rows inside the transaction of the act, may
run again without doing anything twice, and give back plain process values only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.casework import handlers_ages as ages
from app.casework import handlers_benefit as benefit
from app.casework import handlers_care as care
from app.casework import handlers_intake as intake
from app.casework import handlers_placement as placement
from app.casework import handlers_routing as routing
from app.casework import handlers_situation as situation

if TYPE_CHECKING:
    from workflows.handlers import Registry


def register(registry: Registry) -> None:
    """Makes all handlers of the office known."""
    add = registry.register
    where = situation.EMPTY
    add("intake.check", intake.check, inputs=("imported",), outputs=intake.CHECKED)
    add("routing.propose", routing.propose, outputs=routing.PROPOSED)
    decided = {**where, "clarify": ""}
    add("routing.decide", routing.decide, inputs=("decision", "chosen_route"), outputs=decided)
    add("routing.settle_gap", routing.settle_gap, inputs=("gap_route_city", "gap_route_agency"), outputs=decided)
    add("profile.assess", care.assess, inputs=("health_unclear",), outputs=care.ASSESSED)
    add("profile.settle", care.settle, inputs=("health_unclear",), outputs={**where, "clarify": ""})
    add("plan.check", care.check_plan, outputs={"plan_complete": False, "plan_version": 0})
    add("plan.activate", care.activate_plan, outputs={"plan_version": 0})
    add("programme.check", placement.check_programme, outputs={"programme": "", "programme_possible": False})
    add("placement.record", placement.record, inputs=("placeable", "result", "programme"), outputs=placement.RECORDED)
    add("case.refresh", routing.refresh, outputs={**where, "reroute": False})
    add("case.next_contact", care.next_contact, inputs=("next_contact",), outputs={"next_contact": ""})
    add("case.wind_up", care.wind_up, outputs=care.WINDING_UP)
    add("case.close", care.close, inputs=("closing_reason",), outputs={"closed": False})
    add("benefit.begin", benefit.begin, outputs={**where, "household_open": False})
    settled = {"household_open": False}
    add("benefit.household", benefit.settle_household, inputs=("household_choice",), outputs=settled)
    add("benefit.release", benefit.release, inputs=("grant",), outputs={"payer": "", "payer_role": ""})
    add("benefit.confirm", benefit.confirm, outputs={"notice_confirmed": False})
    add("benefit.handover_plan", benefit.plan_handover, outputs={"payer_from": ""})
    add("benefit.handover", benefit.hand_over, outputs={"payer": "", "payer_role": ""})
    add("age.next", ages.find_next, inputs=("age_event", "age_event_at"), outputs=ages.NEXT)
    add("age.apply", ages.apply, inputs=("age_event",), outputs={**where, **ages.PREPARED})
