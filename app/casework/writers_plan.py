"""The plan: both sides with dates, consent of the other agency, signatures."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from app.casework import errors
from app.casework.plans import service as plans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from app.casework.submitted import Submitted

KINDS = {"goals": "goal", "services": "service", "duties": "duty"}
# What an audit of such agreements found most often: a promise that binds nobody (R60).
VAGUE = re.compile(r"\b(bei|nach) bedarf\b|\bgegebenenfalls\b|\bggf\b|\bif needed\b|\bas needed\b", re.IGNORECASE)


def draft(sent: Submitted) -> None:
    """A draft with goals, services and duties; refused with an empty side, without dates, or where it binds nobody."""
    refused = dict(_faults(sent))
    refused |= {side: "empty_side" for side in ("services", "duties") if not sent.rows(side)}
    if refused:
        raise errors.ValuesRefused(refused)
    lines = [
        plans.Line(
            kind, str(row["what"]).strip(), _day(row), str(row.get("who") or ""), str(row.get("proof") or "").strip()
        )
        for side, kind in KINDS.items()
        for row in sent.rows(side)
    ]
    answer = "placement_first" if sent.is_yes("priority") else sent.text("priority_reason")
    plans.draft(sent.session, sent.case_id, lines, priority_answer=answer, actor=sent.actor, now=sent.now)


def _faults(sent: Submitted) -> Iterator[tuple[str, str]]:
    if not sent.is_yes("priority") and not sent.text("priority_reason"):
        yield "priority_reason", "required"
    for side in KINDS:
        for number, row in enumerate(sent.rows(side)):
            for key, code in _row_faults(sent, side, row):
                yield f"{side}-{number}-{key}", code


def _row_faults(sent: Submitted, side: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    what, due = str(row.get("what") or "").strip(), _day(row)
    if not what:
        yield "what", "required"
    elif VAGUE.search(what):
        yield "what", "vague"
    if due is None:
        yield "due_on", "required"
    elif due < sent.today:
        yield "due_on", "in_past"
    if side != "goals" and not str(row.get("proof") or "").strip():
        yield "proof", "required"


def _day(row: Mapping[str, Any]) -> date | None:
    value = row.get("due_on")
    return date.fromisoformat(str(value)) if value else None


def consent(sent: Submitted) -> None:
    """The other agency agrees to its own services, or says what has to change."""
    if sent.process.get("consent") == "agree":
        plans.consent(sent.session, sent.case_id, actor=sent.actor, now=sent.now)
    elif not sent.text("consent_remark"):
        raise errors.ValuesRefused({"consent_remark": "required"})
    sent.keep("plan_consent", "plan")


def sign(sent: Submitted) -> None:
    """A talk, an instruction, then a signature or a refusal with its reasons; nothing by post alone."""
    sent.not_later("talk_on", "instructed_on", "signed_on")
    talk, instructed, signed = sent.required_day("talk_on"), sent.required_day("instructed_on"), sent.day("signed_on")
    if signed is not None and signed < talk:
        raise errors.ValuesRefused({"signed_on": "before_talk"})
    if signed is not None and instructed > signed:
        raise errors.ValuesRefused({"instructed_on": "instructed_late"})
    refusal = sent.text("refusal_reason")
    plans.sign(sent.session, sent.case_id, instructed_on=instructed, signed_on=signed, refusal_reason=refusal)
    sent.keep("plan_signature", "plan")


def represent(sent: Submitted) -> None:
    """The legal representative of somebody under 18 was informed, and signed or did not."""
    sent.not_later("informed_on")
    plans.represent(sent.session, sent.case_id, signed=sent.is_yes("representative_signed"))
    sent.keep("plan_representative", "plan")


def adult(sent: Submitted) -> None:
    """Somebody who turned 18 signs in person."""
    sent.not_later("talk_on")
    sent.keep("age_18", "plan")


def support(sent: Submitted) -> None:
    """Further support beside or instead of a programme."""
    begins, ends = sent.required_day("begins_on"), sent.day("ends_on")
    if ends is not None and ends < begins:
        raise errors.ValuesRefused({"ends_on": "before_start"})
    sent.keep("further_help", "plan")


WRITERS: Final[dict[str, Callable[[Submitted], None]]] = {
    "plan.draft": draft,
    "plan.consent": consent,
    "plan.signature": sign,
    "plan.representative": represent,
    "plan.adult": adult,
    "placement.help": support,
}
