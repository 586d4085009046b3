"""The values of a registration: what was typed at the desk or came with a line of a file, checked."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from app.casework import errors
from app.casework.circumstances.models import AvailabilityValue, BenefitStatus, FitnessValue
from app.casework.clients import birthdates
from app.casework.clients.models import Precision

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LONGEST = 200
TEXTS = (
    "family_name", "given_names", "birth_name", "sex", "nationality", "language", "street", "postcode", "city", "phone",
    "email", "representative",
)  # fmt: skip
FLAGS = ("interpreter", "no_fixed_abode", "blocked")
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Registration:
    """A client with circumstances, checked. `benefits` is None when nobody knows; fitness is empty when not asked."""

    family_name: str
    given_names: str = ""
    birth_name: str = ""
    birth_date: date | None = None
    birth_precision: str = Precision.UNKNOWN.value
    sex: str = ""
    nationality: str = ""
    language: str = ""
    interpreter: bool = False
    street: str = ""
    postcode: str = ""
    city: str = ""
    no_fixed_abode: bool = False
    blocked: bool = False
    phone: str = ""
    email: str = ""
    representative: str = ""
    benefits: tuple[str, ...] | None = ()
    benefit_status: str = BenefitStatus.RUNNING.value
    fit_for_work: str = ""
    fitness_basis: str = ""
    fitness_date: date | None = None
    available: str = AvailabilityValue.UNKNOWN.value
    not_available_reason: str = ""
    unemployed_since: date | None = None
    current_payer: str = ""
    household_payer: str = ""
    identifiers: Mapping[str, str] = field(default_factory=dict)

    def person(self) -> dict[str, Any]:
        """The values of the client's own row."""
        names = [each.name for each in fields(self)]
        return {name: getattr(self, name) for name in names[: names.index("benefits")]}


def check(values: Mapping[str, Any], *, today: date) -> Registration:
    """The registration that these values mean; raises ValuesRefused with a code for each field that cannot be taken.

    Keys are the names of Registration's fields; dates as text or date; `benefits` a list of codes, or "unknown".
    """
    refused: dict[str, str] = {}
    taken: dict[str, Any] = {name: _text(values, name, refused) for name in TEXTS}
    taken |= {name: bool(values.get(name)) for name in FLAGS}
    if not taken["family_name"]:
        refused.setdefault("family_name", "required")
    taken |= _birth(values, today, refused)
    taken |= _circumstances(values, today, refused)
    since, born = taken["unemployed_since"], taken["birth_date"]
    if since is not None and born is not None and since < born:
        refused["unemployed_since"] = "before_birth"
    if refused:
        raise errors.ValuesRefused(refused)
    return Registration(**taken, identifiers=_identifiers(values))


def _text(values: Mapping[str, Any], name: str, refused: dict[str, str]) -> str:
    text = str(values.get(name) or "").strip()
    if len(text) > LONGEST:
        refused[name] = "too_long"
    return text


def _birth(values: Mapping[str, Any], today: date, refused: dict[str, str]) -> dict[str, Any]:
    found = birthdates.BirthDate(None, Precision.UNKNOWN)
    text = _written(values.get("birth_date"))
    if text or values.get("birth_precision") != Precision.UNKNOWN:
        try:
            found = birthdates.parse_birth(text, today=today)
        except birthdates.DateRefused as refusal:
            refused["birth_date"] = refusal.code
    if not text and values.get("birth_precision", "") == Precision.DAY:
        refused["birth_date"] = "required"
    return {"birth_date": found.day, "birth_precision": found.precision.value}


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "").strip()


def _circumstances(values: Mapping[str, Any], today: date, refused: dict[str, str]) -> dict[str, Any]:
    def past(text: str) -> date:
        return birthdates.parse_past(text, today=today)

    return {
        "benefits": _benefits(values.get("benefits")),
        "benefit_status": _choice(values, "benefit_status", set(BenefitStatus), refused) or BenefitStatus.RUNNING.value,
        "fit_for_work": _choice(values, "fit_for_work", set(FitnessValue), refused),
        "fitness_basis": _text(values, "fitness_basis", refused),
        "fitness_date": _day(values, "fitness_date", past, refused),
        "available": _choice(values, "available", set(AvailabilityValue), refused) or UNKNOWN,
        "not_available_reason": _text(values, "not_available_reason", refused),
        "unemployed_since": _day(values, "unemployed_since", past, refused),
        "current_payer": _text(values, "current_payer", refused),
        "household_payer": _text(values, "household_payer", refused),
    }


def _benefits(value: object) -> tuple[str, ...] | None:
    if value == UNKNOWN or (isinstance(value, list | tuple) and UNKNOWN in value):
        return None
    codes = [value] if isinstance(value, str) and value else value if isinstance(value, list | tuple) else []
    return tuple(dict.fromkeys(str(code) for code in codes if code and code != "none"))


def _choice(values: Mapping[str, Any], name: str, known: set[Any], refused: dict[str, str]) -> str:
    value = str(values.get(name) or "")
    if value and value not in known:
        refused[name] = "unknown_choice"
    return value


def _day(
    values: Mapping[str, Any], name: str, parse: Callable[[str], date], refused: dict[str, str]
) -> date | None:  # fmt: skip
    text = _written(values.get(name))
    if not text:
        return None
    try:
        return parse(text)
    except birthdates.DateRefused as refusal:
        refused[name] = refusal.code
        return None


def _identifiers(values: Mapping[str, Any]) -> dict[str, str]:
    found = {"AA": values.get("aa_number"), "STADT": values.get("stadt_number"), "IMPORT": values.get("external_id")}
    return {system: str(number).strip() for system, number in found.items() if number}
