"""What forms tell about the person and the circumstances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.casework import begun, errors, queries
from app.casework.circumstances import service as circumstances
from app.casework.clients import service as clients
from workflows import engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.casework.submitted import Submitted

PERSON = ("birth_date", "city", "postcode")


def identity(sent: Submitted) -> None:
    """Notices handed out, paper seen, interpreter needed; whoever is in urgent need is helped beside the case."""
    sent.keep("intake_identity", "core")
    if sent.values.get("interpreter"):
        queries.client(sent.session, sent.client_id).interpreter = True
    if sent.is_yes("urgent"):
        subject = str(sent.case_id)
        engine.start(sent.session, begun.URGENT, subject=subject, values={}, actor=sent.actor, now=sent.now)


def match(sent: Submitted) -> None:
    """Whether two files are of one person; only a match of this case's client can be decided here."""
    chosen, client_id = sent.text("match"), sent.client_id
    if chosen not in {str(row.id) for row in queries.matches(sent.session, client_id)}:
        raise errors.ValuesRefused({"match": "unknown_match"})
    decision = sent.text("match_decision")
    clients.decide_match(sent.session, int(chosen), decision, actor=sent.actor, now=sent.now)
    sent.keep("person_match", "core")


def data(sent: Submitted) -> None:
    """Data that were missing: birth date, place, benefits, fitness; only what was typed changes anything."""
    changes: dict[str, Any] = {name: sent.text(name) for name in PERSON if sent.text(name)}
    if changes:
        if "birth_date" in changes:
            changes["birth_precision"] = "day"
        clients.change_person(sent.session, sent.client_id, changes, actor=sent.actor, now=sent.now)
    if sent.text("benefits_answer"):
        _benefits(sent)
    if sent.text("fit_for_work"):
        circumstances.state_fitness(
            sent.session, sent.client_id, sent.text("fit_for_work"), actor=sent.actor, now=sent.now, basis="SELF",
            found_on=sent.today,
        )  # fmt: skip
    sent.keep(sent.element or "client_data", "core")


def benefits(sent: Submitted) -> None:
    """Which benefits there are, and who pays for the household."""
    _benefits(sent)
    household = sent.text("household_payer")
    if household:
        queries.case_file(sent.session, sent.case_id).household_payer = "" if household == "none" else household
    sent.keep("benefit_status", "benefit_status")


def _benefits(sent: Submitted) -> None:
    answer = sent.text("benefits_answer")
    chosen = list(sent.values.get("benefits") or [])
    if answer == "known" and not chosen:
        raise errors.ValuesRefused({"benefits": "needs_other"})
    known = queries.circumstances(sent.session, sent.client_id, sent.today)
    counting = {row.kind for row in known.counting(sent.today)}
    kinds = None if answer == "not_found" else [kind for kind in chosen if kind not in counting]
    status = sent.text("benefit_state") or "running"
    circumstances.state_benefits(sent.session, sent.client_id, kinds, actor=sent.actor, now=sent.now, status=status)
    for kind in counting - set(chosen) if answer != "not_found" else ():
        circumstances.change_benefit(
            sent.session, sent.client_id, kind=kind, status="ended", actor=sent.actor, now=sent.now
        )


def order_fitness(sent: Submitted) -> None:
    """A medical order; question and basis stay sealed."""
    sent.not_later("ordered_on")
    sent.keep("fitness_order", "medical")


def find_fitness(sent: Submitted) -> None:
    """The finding on fitness for work, without any diagnosis."""
    sent.not_later("found_on")
    until, found = sent.day("valid_until"), sent.day("found_on")
    if until is not None and found is not None and until < found:
        raise errors.ValuesRefused({"valid_until": "before_start"})
    circumstances.state_fitness(
        sent.session, sent.client_id, sent.text("fit_for_work"), actor=sent.actor, now=sent.now,
        basis=sent.text("basis"), found_on=found, valid_until=until,
    )  # fmt: skip
    sent.keep("fitness_result", "fitness")


def state_unemployment(sent: Submitted) -> None:
    """Since when the client is without work."""
    sent.not_later("unemployed_since")
    since = sent.required_day("unemployed_since")
    circumstances.state_unemployment(
        sent.session, sent.client_id, since, actor=sent.actor, now=sent.now, source=sent.text("source")
    )
    sent.keep("unemployment", "profile")


def state_availability(sent: Submitted) -> None:
    """Whether the client is available to the labour market."""
    circumstances.state_availability(
        sent.session, sent.client_id, sent.text("available"), actor=sent.actor, now=sent.now, reason=sent.text("reason")
    )
    sent.keep("availability", "profile")


WRITERS: Final[dict[str, Callable[[Submitted], None]]] = {
    "intake.identity": identity,
    "intake.match": match,
    "client.data": data,
    "benefit.status": benefits,
    "fitness.order": order_fitness,
    "fitness.result": find_fitness,
    "unemployment.state": state_unemployment,
    "availability.state": state_availability,
}
