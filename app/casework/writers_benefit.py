"""Benefit: preparation, release, messages to the payer. Status and references only, no amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.casework import errors, queries
from app.casework.cases import payers
from app.casework.cases import service as cases
from app.casework.circumstances import service as circumstances

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.casework.submitted import Submitted

LIVING_COSTS = "HLU"
RECEIVERS = {"BFK": "SB", "FB5": "FB5"}


def prepare(sent: Submitted) -> None:
    """What the adviser prepared; the reference of the city's own system stands with the benefit."""
    if sent.process.get("documents") == "complete":
        if not sent.text("reference"):
            raise errors.ValuesRefused({"reference": "required"})
        if sent.process.get("grant") == "granted" and _has_benefit(sent):
            circumstances.change_benefit(
                sent.session, sent.client_id, kind=LIVING_COSTS, status="running", actor=sent.actor, now=sent.now,
                reference=sent.text("reference"),
            )  # fmt: skip
    elif not sent.text("missing_papers"):
        raise errors.ValuesRefused({"missing_papers": "required"})
    sent.keep("benefit_preparation", "benefit_status")


def _has_benefit(sent: Submitted) -> bool:
    known = queries.circumstances(sent.session, sent.client_id, sent.today)
    return any(row.kind == LIVING_COSTS for row in known.counting(sent.today))


def release(sent: Submitted) -> None:
    """What the second person decided."""
    if sent.process.get("release") == "return" and not sent.text("return_reason"):
        raise errors.ValuesRefused({"return_reason": "required"})
    sent.keep("benefit_release", "benefit_status")


def notice(sent: Submitted) -> None:
    """A message to the payer is confirmed by a person there; a query stays with it."""
    for role, receiver in RECEIVERS.items():
        if role in sent.actor.roles:
            if sent.text("remark"):
                query = sent.text("remark")
                cases.query_notices(sent.session, sent.case_id, receiver=receiver, query=query)
            cases.confirm_notices(sent.session, sent.case_id, receiver=receiver, actor=sent.actor, now=sent.now)
    sent.keep_as("notice_confirmation", {"benefit_status": sent.values}, section=sent.element)


def prepare_handover(sent: Submitted) -> None:
    """The papers for department 5 are together."""
    cases.send_notice(
        sent.session, sent.case_id, kind="handover", receiver="FB5", actor=sent.actor, now=sent.now,
        text=sent.text("remark"),
    )  # fmt: skip
    sent.keep("handover_preparation", "benefit_status")


def answer_handover(sent: Submitted) -> None:
    """Department 5 accepts, or asks back; without acceptance the office goes on paying."""
    if sent.process.get("handover") == "query":
        if not sent.text("query"):
            raise errors.ValuesRefused({"query": "required"})
        cases.query_notices(sent.session, sent.case_id, receiver="FB5", query=sent.text("query"))
    else:
        cases.confirm_notices(sent.session, sent.case_id, receiver="FB5", actor=sent.actor, now=sent.now)
    sent.keep("handover_acceptance", "benefit_status")


def end(sent: Submitted) -> None:
    """Whether the benefit ends with the case, and when; otherwise the payer goes on paying."""
    if sent.text("benefit_outcome") == "ends":
        last = sent.required_day("end_on")
        payers.end(sent.session, sent.case_id, last_month=last)
        if _has_benefit(sent):
            circumstances.change_benefit(
                sent.session, sent.client_id, kind=LIVING_COSTS, status="ended", actor=sent.actor, now=sent.now
            )
    sent.keep("benefit_end", "benefit_status")


def household(sent: Submitted) -> None:
    """Who the main applicant is, and who is to pay the household."""
    sent.keep("household_payer", "benefit_status")


def answer_household(sent: Submitted) -> None:
    """Department 5 agrees, or says what speaks against it."""
    if sent.process.get("household_answer") == "disagree" and not sent.text("remark"):
        raise errors.ValuesRefused({"remark": "required"})
    sent.keep("household_answer", "benefit_status")


WRITERS: Final[dict[str, Callable[[Submitted], None]]] = {
    "benefit.preparation": prepare,
    "benefit.release": release,
    "benefit.notice": notice,
    "benefit.handover": prepare_handover,
    "benefit.acceptance": answer_handover,
    "benefit.household": household,
    "benefit.household_answer": answer_household,
    "benefit.end": end,
}
