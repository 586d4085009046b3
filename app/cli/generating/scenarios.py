"""The lives of which the history consists, and how often each position of them occurs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.cli.generating import answers
from app.cli.generating import walk as walks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.cli.generating.walk import Walk

CARE = ("placement_check", "placement_proposal", "placement_result", "placement_integration", "placement_notify")
PAYING = ("benefit_prepare", "benefit_release", "benefit_confirm")


def _record(  # noqa: PLR0917  a line of the file
    born: str, day: str, benefit: str, fit: str, available: str, since: str, city: str
) -> dict[str, str]:
    return {
        "id": "VORLAGE-0", "name": "Vorlage Musterfall", "geburtsdatum": born, "stichtag": day, "wohnort": city,
        "leistung": benefit, "arbeitsfaehig": fit, "verfuegbar": available, "arbeitslos_seit": since,
    }  # fmt: skip


HERE = "Bergisch Gladbach"
# One for each route of the rule book, far from every birthday and anniversary that the rules look at.
RECORDS: dict[str, dict[str, str]] = {
    "young": _record("14.05.1982", "06.01.2004", "HLU", "ja", "ja", "01.06.2002", HERE),
    "combined": _record("30.07.1981", "02.02.2004", "HLU+ALHI", "ja", "ja", "20.01.2003", HERE),
    "basic": _record("02.05.1981", "11.02.2004", "ALHI", "ja", "ja", "01.10.2002", HERE),
    "minor": _record("20.08.1987", "19.02.2004", "HLU", "ja", "ja", "01.10.2003", HERE),
    "intensive": _record("12.10.1977", "04.03.2004", "HLU", "ja", "ja", "01.02.2002", HERE),
    "short": _record("04.10.1976", "12.03.2004", "HLU", "ja", "ja", "01.11.2003", HERE),
    "unfit": _record("07.07.1981", "16.02.2004", "HLU", "nein", "nein", "01.01.2001", HERE),
    "unclear": _record("09.09.1980", "17.02.2004", "HLU", "ungeklaert", "ungeklaert", "03.03.2003", HERE),
    "duration": _record("02.08.1977", "01.06.2004", "HLU", "ja", "ja", "", HERE),
    "elsewhere": _record("02.09.1981", "02.06.2004", "HLU", "ja", "ja", "01.06.2003", "Rösrath"),
    "older": _record("11.10.1969", "06.04.2004", "HLU", "ja", "ja", "01.05.2001", HERE),
    "child": _record("06.09.1990", "08.01.2004", "HLU", "ja", "ja", "", HERE),
    "none": _record("20.09.1983", "02.03.2004", "", "ja", "ja", "15.01.2004", HERE),
    "gap": _record("09.09.1980", "01.04.2004", "ASYLBLG", "ja", "ja", "01.01.2003", HERE),
}


def _start(walk: Walk) -> Iterator[tuple[str, float]]:
    yield "new", 1
    walk.later(10)
    yield "unclaimed", 2
    walk.claim("routing_confirm")
    walk.later(12)
    yield "overdue", 1


def _middle(walk: Walk) -> Iterator[tuple[str, float]]:
    walk.all_of("routing_confirm")
    yield "routed", 1
    walk.all_of(*PAYING, "book_first_talk")
    yield "invited", 1
    walk.later(25)
    yield "client", 2
    walk.all_of("profile_interview", "profile_joint_vm")
    yield "joint", 1
    walk.later(7)
    walk.all_of(*walks.TALKS)
    yield "partner", 2
    walk.all_of(*walks.PLAN)
    yield "planned", 2
    walk.later(20)
    yield "idle", 2


def _long(walk: Walk) -> Iterator[tuple[str, float]]:
    walk.all_of("routing_confirm", *PAYING, *walks.TALKS, *walks.PLAN)
    walk.all_of(*CARE)
    yield "placed", 4
    for _ in range(2):
        walk.until(walk.case.next_contact or walk.today)
        yield "talk", 2
        following = answers.german(walk.today + timedelta(42))
        walk.do("follow_up_talk", follow_up_outcome="continue", next_contact=following)
        yield "accompanied", 4
    walk.until(walk.case.next_contact or walk.today)
    walk.all_of("follow_up_talk", "closing_talk", "closing_confirm_benefit")
    if walk.case.status == "closed":
        yield "closed", 12
        walk.later(30).reopen()
        yield "reopened", 3


def _referred(walk: Walk) -> Iterator[tuple[str, float]]:
    walk.all_of("routing_confirm")
    yield "referral", 1
    walk.all_of("referral_advice")
    if walk.case.status == "closed":
        yield "closed", 40


def _loop(walk: Walk) -> Iterator[tuple[str, float]]:
    """The clarification leads back to the routing."""
    walk.all_of("routing_confirm")
    yield "clarifying", 2
    walk.later(60)
    yield "escalated", 2
    walk.all_of("clarify_fitness_order", "clarify_fitness", "clarify_duration", "clarify_availability")
    walk.all_of("routing_confirm", *PAYING, *walks.TALKS, *walks.PLAN)
    yield "looped", 6


def _rest(walk: Walk) -> Iterator[tuple[str, float]]:
    walk.all_of("routing_confirm", *PAYING, *walks.TALKS, *walks.PLAN)
    walk.all_of(*CARE)
    walk.pause(90)
    yield "paused", 4


def _held(walk: Walk) -> Iterator[tuple[str, float]]:
    walk.hold("routing_confirm", 40)
    yield "held", 2


def _broken(walk: Walk) -> Iterator[tuple[str, float]]:
    walk.fail("routing_propose", "Vorschlag bilden")
    yield "incident", 1


def _gap(walk: Walk) -> Iterator[tuple[str, float]]:
    walk.all_of("routing_confirm")
    yield "gap", 1
    walk.later(15)
    walk.all_of("gap_city")
    yield "one_leader", 1


CARED = ("young", "combined", "basic", "minor", "intensive", "short")
REFERRED = ("unfit", "elsewhere", "older", "child", "none")
LIVES: tuple[tuple[str, Callable[[Walk], Iterator[tuple[str, float]]]], ...] = (
    *((name, life) for name in CARED for life in (_middle, _long)),
    *((name, _referred) for name in REFERRED),
    ("unclear", _loop),
    ("duration", _loop),
    ("gap", _gap),
    *((name, life) for name in ("young", "basic", "intensive") for life in (_start, _rest)),
    ("combined", _held),
    ("short", _broken),
)
