"""Routing: the rules propose, a person decides, and where they have a gap both leaders do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.casework import handlers_situation, queries, rulebooks
from app.casework.cases import decisions
from app.casework.cases import service as cases
from app.office import dates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.handlers import Call, Value

PROPOSED: Final[Mapping[str, Value]] = {"proposal_route": "", "proposal_group": "", "second_role": "VM"}
UNCLEAR = {
    "KLAERUNG_DATEN": "data",
    "KLAERUNG_ARBEITSFAEHIGKEIT": "fitness",
    "KLAERUNG_DAUER": "duration",
    "KLAERUNG_VERFUEGBARKEIT": "availability",
}
FIRST_LEAD = {"full": "FM", "intensive": "FM", "basic": "VM"}


def propose(call: Call) -> dict[str, Value]:
    """Keeps what the rules propose: on the reference date at first, on this day when the case is looked after already
    or again, or its facts changed before anybody decided.
    """
    case = handlers_situation.case_id(call)
    row = queries.case_file(call.session, case)
    routed = row.route_group in handlers_situation.HERE
    began = queries.began_at(call.session, case)
    anew = routed or began > row.opened_at or decisions.pending(call.session, case) is not None
    on = dates.day_of(call.now) if anew else row.reference_date
    found = handlers_situation.proposal(call.session, case, on)
    decisions.propose(call.session, case, found, now=call.now)
    return {"proposal_route": found["proposal"], "proposal_group": found["proposal_group"], "second_role": "VM"}


def decide(call: Call) -> dict[str, Value]:
    """Makes the decision final: the proposal, or the route that a person chose and a second one approved."""
    case = handlers_situation.case_id(call)
    open_decision = decisions.pending(call.session, case)
    if open_decision is not None:
        deviates = call.inputs["decision"] == "deviate"
        route = str(call.inputs["chosen_route"]) if deviates else open_decision.proposal
        if not open_decision.decided_by:
            decisions.take(call.session, case, actor=call.actor, reason="", now=call.now)
        _settle(call, case, route)
    return _where(call, case)


def settle_gap(call: Call) -> dict[str, Value]:
    """Both leaders decided alike: that is the route. Otherwise the gap stays and they are asked again."""
    case = handlers_situation.case_id(call)
    city, agency = call.inputs["gap_route_city"], call.inputs["gap_route_agency"]
    if city == agency:
        decisions.propose_again(call.session, case, now=call.now)
        _settle(call, case, str(city))
    return _where(call, case)


def refresh(call: Call) -> dict[str, Value]:
    """Where the case stands now, and whether the rules would decide otherwise than when it was last decided."""
    case = handlers_situation.case_id(call)
    today = dates.day_of(call.now)
    last = decisions.last_settled(call.session, case)
    undecided = decisions.pending(call.session, case) is not None
    found = handlers_situation.finding(call.session, case, today)
    reroute = not undecided and last is not None and last.proposal != found.outcome
    return handlers_situation.situation(call.session, case, call.now) | {"reroute": reroute}


def _settle(call: Call, case: int, route: str) -> None:
    today = dates.day_of(call.now)
    group = rulebooks.in_force(call.session, today).group(route)
    decisions.settle(call.session, case, route=route, group=group, valid_from=today, now=call.now)
    if group in FIRST_LEAD and not queries.case_file(call.session, case).lead:
        cases.set_lead(call.session, case, FIRST_LEAD[group])


def _where(call: Call, case: int) -> dict[str, Value]:
    found = handlers_situation.situation(call.session, case, call.now)
    return found | {"clarify": UNCLEAR.get(str(found["route"]), "")}
