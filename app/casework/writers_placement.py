"""Placement: the check, proposals and their results, integrations, places in programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.casework import errors
from app.casework.models import Integration, Participation, Proposal
from app.casework.plans import service as plans

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.casework.submitted import Submitted

PLACES = {"free": "entered", "waiting": "waiting", "refused": "refused"}


def check(sent: Submitted) -> None:
    """Whether the client can be placed at once; anything else needs a reason (R37)."""
    if sent.process.get("placeable") != "yes" and not sent.text("placement_reason"):
        raise errors.ValuesRefused({"placement_reason": "required"})
    sent.keep("placement_check", "placement")


def propose(sent: Submitted) -> None:
    """A place proposed to the client; without subsidy first."""
    if sent.is_yes("subsidised") and not sent.text("subsidy_reason"):
        raise errors.ValuesRefused({"subsidy_reason": "subsidy_reason"})
    proposed, answer = sent.required_day("proposed_on"), sent.required_day("answer_by")
    if answer < proposed:
        raise errors.ValuesRefused({"answer_by": "before_start"})
    plans.add(
        sent.session, Proposal, sent.case_id, actor=sent.actor, now=sent.now, employer=sent.text("employer"),
        position=sent.text("position"), kind=sent.text("kind") or "job", subsidised=sent.is_yes("subsidised"),
        subsidy_reason=sent.text("subsidy_reason"), proposed_on=proposed, answer_by=answer,
    )  # fmt: skip


def answer(sent: Submitted) -> None:
    """What came of the newest proposal."""
    sent.not_later("result_on")
    result, reason = str(sent.process.get("result") or ""), sent.text("reason")
    if result != "hired" and not reason:
        raise errors.ValuesRefused({"reason": "required"})
    plans.answer_proposal(sent.session, sent.case_id, result=result, result_on=sent.day("result_on"), reason=reason)


def integrate(sent: Submitted) -> None:
    """Work or training taken up: first or second market, subsidised or not."""
    started, limited = sent.required_day("started_on"), sent.day("limited_until")
    if limited is not None and limited < started:
        raise errors.ValuesRefused({"limited_until": "before_start"})
    if sent.text("market") not in {"1", "2"}:
        raise errors.ValuesRefused({"market": "unknown_choice"})
    covers = sent.is_yes("covers_needs") if sent.text("covers_needs") else None
    plans.add(
        sent.session, Integration, sent.case_id, actor=sent.actor, now=sent.now, started_on=started,
        employer=sent.text("employer"), market=int(sent.text("market")), subsidised=sent.is_yes("subsidised"),
        insured=sent.is_yes("insured"), training=sent.is_yes("training"), limited_until=limited, covers_needs=covers,
    )  # fmt: skip


def enrol(sent: Submitted) -> None:
    """A place in a programme: entered, waiting, or refused. Which one, and the age at entry, the handler adds."""
    entry = sent.day("entry_on")
    place = sent.text("place")
    if place == "free" and entry is None:
        raise errors.ValuesRefused({"entry_on": "required"})
    plans.add(
        sent.session, Participation, sent.case_id, actor=sent.actor, now=sent.now,
        programme="", status=PLACES.get(place, "refused"),
        entry_on=entry, threatened=sent.is_yes("threatened"),
        deviation_reason=sent.text("reason"),
    )  # fmt: skip


WRITERS: Final[dict[str, Callable[[Submitted], None]]] = {
    "placement.check": check,
    "placement.proposal": propose,
    "placement.result": answer,
    "placement.integration": integrate,
    "placement.programme": enrol,
}
