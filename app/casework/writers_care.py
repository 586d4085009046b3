"""What talks with the client leave behind: contacts, profile, social history, closing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.casework import errors
from app.casework.cases import service as cases
from app.casework.plans import service as plans
from app.casework.records import service as records

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from app.casework.submitted import Submitted

SECTIONS = ("family", "housing", "debts", "addiction", "health", "offences", "network", "childcare")
OBSTACLE = "_obstacle"
# What people read as the next step where the process itself knows it.
GOES_ON = "weiter im Ablauf"


def _contact(sent: Submitted, kind: str, *, held_on: date, next_step: str, next_on: date | None = None) -> None:
    talk = records.Talk(held_on, kind, sent.text("note"), next_step, next_on)
    records.add_contact(sent.session, sent.case_id, talk, actor=sent.actor, now=sent.now)


def contact(sent: Submitted) -> None:
    """A letter, call or talk of today."""
    _contact(sent, sent.text("kind") or "talk", held_on=sent.today, next_step=GOES_ON)
    sent.keep(sent.element, "contact")


def appointment(sent: Submitted) -> None:
    """The first talk: when, with whom, where."""
    sent.not_earlier("talk_on")
    _contact(sent, "appointment", held_on=sent.today, next_step="Erstgespräch", next_on=sent.required_day("talk_on"))
    cases.set_next_contact(sent.session, sent.case_id, sent.required_day("talk_on"))
    sent.keep("first_talk", "contact")


def profile(sent: Submitted) -> None:
    """Strengths and obstacles, a new version each time."""
    sent.not_later("held_on")
    sent.keep("profile", "profile")


def anamnesis(sent: Submitted) -> None:
    """The social history: each section its own record, one that the client declined holds no text.

    Placement learns from the profile that there is an obstacle, never what was told.
    """
    sent.not_later("held_on")
    if sent.process.get("talk_outcome") == "again" and not _is_ahead(sent, "next_talk"):
        raise errors.ValuesRefused({"next_talk": "in_past"})
    for name in SECTIONS:
        told = _section(sent, name)
        if told:
            sent.keep_as("anamnesis", {"anamnesis": told}, section=name)
    obstacles = [name for name in SECTIONS if sent.values.get(name + OBSTACLE) == "yes"]
    sent.keep_as("anamnesis_result", {"profile": {"obstacle_found": bool(obstacles)}})


def _section(sent: Submitted, name: str) -> dict[str, Any]:
    if sent.values.get(f"{name}_declined"):
        return {"declined": True}
    told = {"text": sent.text(f"{name}_text"), "obstacle": sent.values.get(name + OBSTACLE)}
    return told if told["text"] or told["obstacle"] else {}


def _is_ahead(sent: Submitted, key: str) -> bool:
    day = str(sent.process.get(key) or "")
    return day > sent.today.isoformat()


def follow_up(sent: Submitted) -> None:
    """A follow-up talk; it ends with a next date, another step or the closing (R48)."""
    sent.not_later("held_on")
    if sent.process.get("follow_up_outcome") == "continue" and not _is_ahead(sent, "next_contact"):
        raise errors.ValuesRefused({"next_contact": "next_required"})
    step = sent.text("next_step") or str(sent.process.get("follow_up_outcome") or "")
    held_on = sent.required_day("held_on")
    _contact(sent, sent.text("kind") or "talk", held_on=held_on, next_step=step)
    if sent.text("still_employed") == "yes":
        plans.still_employed(sent.session, sent.case_id, on=held_on)
    sent.keep("follow_up", "contact")


def closing(sent: Submitted) -> None:
    """The last talk or letter."""
    sent.not_later("held_on")
    _contact(sent, "closing", held_on=sent.required_day("held_on"), next_step="Abschluss")
    sent.keep("closing", "contact")


WRITERS: Final[dict[str, Callable[[Submitted], None]]] = {
    "contact.record": contact,
    "contact.appointment": appointment,
    "profile.record": profile,
    "anamnesis.record": anamnesis,
    "follow_up.record": follow_up,
    "closing.record": closing,
}
