"""A line of a client file: the columns id to arbeitslos_seit, turned into a registration and a Stichtag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.casework import errors
from app.casework.clients import birthdates, names, registration

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

REQUIRED = ("id", "name", "geburtsdatum", "stichtag", "wohnort", "leistung", "arbeitsfaehig")
FITNESS = {"ja": "yes", "nein": "no", "eingeschraenkt": "limited", "ungeklaert": "unknown", "": ""}
AVAILABILITY = {"ja": "yes", "nein": "no", "ungeklaert": "unknown", "": "unknown"}
UNKNOWN_BENEFIT = "unbekannt"


class LineRefused(ValueError):  # noqa: N818  the house names errors by what is the case
    """A line of the file cannot be read; the argument says which column and why."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was read: who, when, what is known, and the start event of the case (the column `beginn`, needed
    only where its process has several).
    """

    external_id: str
    reference_date: date
    registration: registration.Registration
    start: str = ""


def read(row: Mapping[str, str | None]) -> Line:
    """The line as a registration, seen from its Stichtag; raises LineRefused with the column and the reason."""
    missing = [name for name in REQUIRED if row.get(name) is None]
    if missing:
        raise LineRefused(f"{missing[0]}: missing_column")
    values = {name: (text or "").strip() for name, text in row.items() if isinstance(text, str) and name}
    if not values["id"]:
        raise LineRefused("id: required")
    day = _day(values, "stichtag")
    return Line(values["id"], day, _registration(values, day), values.get("beginn", ""))


def _registration(values: Mapping[str, str], day: date) -> registration.Registration:
    family_name, given_names = names.split(values["name"])
    typed: dict[str, Any] = {
        "family_name": family_name,
        "given_names": given_names,
        "birth_date": values["geburtsdatum"],
        "city": values["wohnort"],
        "benefits": _benefits(values["leistung"]),
        "fit_for_work": _word(values, "arbeitsfaehig", FITNESS),
        "available": _word(values, "verfuegbar", AVAILABILITY),
        "unemployed_since": values.get("arbeitslos_seit", ""),
        "external_id": values["id"],
    }
    try:
        return registration.check(typed, today=day)
    except errors.ValuesRefused as refused:
        field, code = next(iter(refused.fields.items()))
        raise LineRefused(f"{field}: {code}") from None


def _day(values: Mapping[str, str], name: str) -> date:
    try:
        return birthdates.parse_day(values[name])
    except birthdates.DateRefused as refused:
        raise LineRefused(f"{name}: {refused.code}") from None


def _benefits(text: str) -> list[str]:
    if text.lower() == UNKNOWN_BENEFIT:
        return [registration.UNKNOWN]
    return [code.strip().upper() for code in text.split("+") if code.strip()]


def _word(values: Mapping[str, str], name: str, words: Mapping[str, str]) -> str:
    try:
        return words[values.get(name, "").lower()]
    except KeyError:
        raise LineRefused(f"{name}: unknown_choice") from None
