"""What people decide about the route."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.casework import errors, queries
from app.casework.cases import decisions
from app.office import dates
from app.office import queries as office

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.casework.submitted import Submitted

OVER_30 = "REGEL_UE30"
TAKEN_IN = frozenset({"VOLL_U25", "INTENSIV_25_30", "GRUND_P4"})
RUN_OUT_MONTHS = 6


def decide(sent: Submitted) -> None:
    """Who confirms the proposal or deviates from it, and why. Over 30 only both leaders take somebody in (A5)."""
    deviates = sent.process.get("decision") == "deviate"
    if deviates:
        _check_deviation(sent)
    reason = sent.text("deviation_reason") if deviates else ""
    decisions.take(sent.session, sent.case_id, actor=sent.actor, reason=reason, now=sent.now)


def _check_deviation(sent: Submitted) -> None:
    chosen = sent.process.get("chosen_route")
    proposed = queries.latest_decision(sent.session, sent.case_id)
    proposal = proposed.proposal if proposed is not None else ""
    if not sent.text("deviation_reason"):
        raise errors.ValuesRefused({"deviation_reason": "required"})
    if chosen == proposal:
        raise errors.ValuesRefused({"chosen_route": "same_as_proposal"})
    if proposal == OVER_30 and chosen in TAKEN_IN:
        raise errors.ValuesRefused({"chosen_route": "leaders_decide"})


def second(sent: Submitted) -> None:
    """Who looked at the deviation as second person; never the first one."""
    proposed = queries.latest_decision(sent.session, sent.case_id)
    if proposed is not None and proposed.decided_by_id == sent.actor.id:
        raise errors.ValuesRefused({"second_decision": "same_person"})
    decisions.second(sent.session, sent.case_id, actor=sent.actor, now=sent.now)
    sent.keep("second_decision", "route")


def gap(sent: Submitted) -> None:
    """What one of the leaders decides where no rule applies: the first is who decides, the other the second person."""
    row = decisions.propose_again(sent.session, sent.case_id, now=sent.now)
    reason = sent.text("gap_reason")
    if row.decided_by and row.decided_by_id != sent.actor.id and not row.second_by:
        decisions.second(sent.session, sent.case_id, actor=sent.actor, now=sent.now)
    else:
        decisions.take(sent.session, sent.case_id, actor=sent.actor, reason=reason, now=sent.now)
    sent.keep_as("gap_decision", {"route": sent.values}, section=sent.element)


def leave(sent: Submitted) -> None:
    """How somebody who turns 31 leaves: a plan may run out, six months at most and within the agreement (A16)."""
    wanted = sent.process.get("extend_until")
    if sent.process.get("transition") == "extend" and wanted:
        last = dates.add_months(sent.today, RUN_OUT_MONTHS)
        ends = office.agreement_end(sent.session)
        if str(wanted) > (min(last, ends) if ends is not None else last).isoformat():
            raise errors.ValuesRefused({"extend_until": "too_late"})
    sent.keep("age_31", "route")


WRITERS: Final[dict[str, Callable[[Submitted], None]]] = {
    "routing.decision": decide,
    "routing.second": second,
    "routing.gap": gap,
    "routing.leaving": leave,
}
