"""What stands about a client, section by section, as texts of a form: what people correct, and what is compared."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.casework.circumstances import queries as circumstances
from app.casework.clients import birthdates
from app.casework.clients import queries as clients

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from app.casework.clients.models import Client

YES = "yes"
NEW = "new"
PERSON_TEXTS: Final = (
    "family_name", "given_names", "birth_name", "sex", "nationality", "language", "representative", "street",
    "postcode", "city", "phone", "email",
)  # fmt: skip
PERSON_FLAGS: Final = ("interpreter", "no_fixed_abode", "blocked")
# What an Auskunftssperre hides from everybody but the lead.
PROTECTED: Final = frozenset({"street", "postcode", "city", "phone", "email", "no_fixed_abode", "blocked"})
BENEFIT_PARTS: Final = ("kind", "status", "from", "to", "payer")


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a section somebody may see and correct: the counting benefits without dates, or an open address."""

    reduced: bool = False
    protected: bool = False


def day(value: date | None) -> str:
    """A date as people type it."""
    return f"{value:%d.%m.%Y}" if value else ""


def birth(client: Client) -> str:
    """A date of birth as far as it is known, as people type it."""
    return birthdates.written(client.birth_date, client.birth_precision)


def key(benefit: int | str, part: str) -> str:
    """The name of a field of a benefit."""
    return f"benefit-{benefit}-{part}"


def _person(session: Session, client_id: int, _on: date) -> dict[str, str]:
    client = clients.client(session, client_id)
    texts = {name: str(getattr(client, name)) for name in PERSON_TEXTS}
    flags = {name: YES if getattr(client, name) else "" for name in PERSON_FLAGS}
    return texts | {"birth_date": birth(client)} | flags


def _benefits(session: Session, client_id: int, _on: date) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in circumstances.benefits(session, client_id):
        parts = (row.kind, row.status, day(row.valid_from), day(row.valid_to), row.payer)
        found |= {key(row.id, part): text for part, text in zip(BENEFIT_PARTS, parts, strict=True)}
    return found


def _fitness(session: Session, client_id: int, on: date) -> dict[str, str]:
    known = circumstances.circumstances(session, client_id, on)
    return {
        "fit_for_work": known.fit_for_work,
        "fitness_basis": known.fitness_basis,
        "fitness_date": day(known.fitness_date),
        "fitness_until": day(known.fitness_until),
    }


def _work(session: Session, client_id: int, on: date) -> dict[str, str]:
    known = circumstances.circumstances(session, client_id, on)
    return {
        "unemployed_since": day(known.unemployed_since),
        "available": known.available,
        "not_available_reason": known.not_available_reason,
    }


READERS: Final[Mapping[str, Callable[[Session, int, date], dict[str, str]]]] = {
    "person": _person,
    "benefits": _benefits,
    "fitness": _fitness,
    "work": _work,
}


def standing(session: Session, client_id: int, section: str, on: date) -> dict[str, str]:
    """All fields of a section with what stands in them."""
    return READERS[section](session, client_id, on)


def offered(session: Session, client_id: int, section: str, on: date, *, scope: Scope) -> dict[str, str]:
    """The fields that somebody may see and correct. A reduced reader gets the counting benefits, their dates empty."""
    found = standing(session, client_id, section, on)
    if scope.protected:
        found = {name: text for name, text in found.items() if name not in PROTECTED}
    if section == "benefits" and scope.reduced:
        rows = circumstances.circumstances(session, client_id, on).counting(on)
        shown = {key(row.id, part): part in {"kind", "status"} for row in rows for part in BENEFIT_PARTS}
        found = {name: text if shown[name] else "" for name, text in found.items() if name in shown}
    return found


def digest(fields: Mapping[str, str]) -> str:
    """A short sign by which a form sees whether somebody else has changed what it shows."""
    return hashlib.sha256(repr(sorted(fields.items())).encode()).hexdigest()[:16]
