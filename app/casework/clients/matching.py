"""How alike two clients are: a score with reasons. It proposes; people decide with papers in their hands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date  # noqa: TC003  the dataclass is read at run time

from app.casework.clients import names

SAME_BIRTH, SWAPPED_BIRTH, NEAR_BIRTH = 40, 30, 10
SAME_FAMILY, SHARED_FAMILY, SOUND_FAMILY = 30, 20, 20
SAME_GIVEN, SOUND_GIVEN = 20, 15
SAME_ADDRESS = 10
STREET = re.compile(r"(strasse|str)\b")


@dataclass(frozen=True, slots=True)
class Traits:
    """What two persons are compared by."""

    family_name: str
    given_names: str = ""
    birth_name: str = ""
    birth_date: date | None = None
    street: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A score of 0 to 100 and what it rests on."""

    score: int
    reasons: tuple[str, ...]


def compare(one: Traits, other: Traits) -> Likeness:
    """How alike two persons are; the order does not matter."""
    found = [
        *_birth(one.birth_date, other.birth_date),
        *_family(one, other),
        *_given(one, other),
        *_address(one, other),
    ]
    return Likeness(sum(points for points, _ in found), tuple(reason for _, reason in found))


def swapped(day: date) -> date | None:
    """The date with day and month changed over, where there is one and it differs."""
    try:
        other = day.replace(month=day.day, day=day.month)
    except ValueError:
        return None
    return other if other != day else None


def _birth(one: date | None, other: date | None) -> list[tuple[int, str]]:
    if one is None or other is None:
        return []
    if one == other:
        return [(SAME_BIRTH, "birth_same")]
    if swapped(one) == other:
        return [(SWAPPED_BIRTH, "birth_swapped")]
    alike = (one.year == other.year) + (one.month == other.month) + (one.day == other.day)
    return [(NEAR_BIRTH, "birth_near")] if alike >= 2 else []  # noqa: PLR2004  two of the three parts


def _family(one: Traits, other: Traits) -> list[tuple[int, str]]:
    if names.german(one.family_name) == names.german(other.family_name):
        return [(SAME_FAMILY, "family_same")]
    mine, theirs = (names.words(each.family_name, each.birth_name) for each in (one, other))
    if mine & theirs:
        return [(SHARED_FAMILY, "family_shared")]
    if set(names.sounds(*mine)) & set(names.sounds(*theirs)):
        return [(SOUND_FAMILY, "family_sound")]
    return []


def _given(one: Traits, other: Traits) -> list[tuple[int, str]]:
    mine, theirs = names.words(one.given_names), names.words(other.given_names)
    if mine & theirs:
        return [(SAME_GIVEN, "given_same")]
    if set(names.sounds(*mine)) & set(names.sounds(*theirs)):
        return [(SOUND_GIVEN, "given_sound")]
    return []


def _address(one: Traits, other: Traits) -> list[tuple[int, str]]:
    mine, theirs = _street(one.street), _street(other.street)
    alike = bool(mine) and mine == theirs and (not one.postcode or not other.postcode or one.postcode == other.postcode)
    return [(SAME_ADDRESS, "address_same")] if alike else []


def _street(street: str) -> str:
    """Hauptstr. 5 and Hauptstraße 5 are one address."""
    return STREET.sub("str", names.german(street)).replace(" ", "")
