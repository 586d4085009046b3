"""Who may read what of a case: the office's access matrix, applied to a reader's roles and standing in the case."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

from app.office import errors as office_errors
from app.office import queries as office

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

CATEGORIES = (
    "core", "benefit_status", "benefit_account", "alg_details", "fitness", "medical", "profile", "anamnesis", "plan",
    "referral", "placement", "breach", "contact", "route", "task", "log",
)  # fmt: skip


class Level(IntEnum):
    """How much a reader sees; the higher, the more."""

    NONE = 0
    BREAK_GLASS = 1
    REDUCED = 2
    FULL = 3


class Condition(StrEnum):
    """What must hold for a grant beside the role."""

    ALWAYS = ""
    OWN = "own"
    UNDER_25 = "under_25"
    FROM_25 = "from_25"
    AUTHOR = "author"


LEVELS = {
    "W": (Level.FULL, True),
    "R": (Level.FULL, False),
    "rW": (Level.REDUCED, True),
    "r": (Level.REDUCED, False),
    "B": (Level.BREAK_GLASS, False),
    "-": (Level.NONE, False),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A cell of the matrix."""

    level: Level
    writes: bool
    condition: Condition


@dataclass(frozen=True, slots=True)
class Standing:
    """How a reader stands to a case: is it one of the own department's, and does the service office pay in it?"""

    own: bool = True
    office_pays: bool = True


STANDINGS = tuple(Standing(own, pays) for own in (True, False) for pays in (True, False))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader may do with a category of a case."""

    level: Level = Level.NONE
    writes: bool = False
    authored_only: bool = False

    @property
    def is_full(self) -> bool:
        """Whether everything of the category shows."""
        return self.level is Level.FULL

    @property
    def is_visible(self) -> bool:
        """Whether anything of the category shows."""
        return self.level >= Level.REDUCED


@dataclass(frozen=True, slots=True)
class Matrix:
    """The office's access matrix."""

    grants: Mapping[str, Mapping[str, Grant]]
    sealed: frozenset[str] = frozenset()
    purposes: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    glass_minutes: int = 30

    def reading(self, category: str, roles: Iterable[str], standing: Standing) -> Reading:
        """What these roles together may do with a category: the widest grant whose condition holds."""
        best = Reading()
        for role in roles:
            grant = self.grants.get(category, {}).get(role)
            if grant is None or not _holds(grant.condition, standing):
                continue
            found = Reading(grant.level, grant.writes, grant.condition is Condition.AUTHOR)
            best = max(best, found, key=lambda reading: (reading.level, not reading.authored_only, reading.writes))
        return best

    def readings(self, roles: Iterable[str], standing: Standing) -> dict[str, Reading]:
        """What these roles may do with each category."""
        held = frozenset(roles)
        return {category: self.reading(category, held, standing) for category in CATEGORIES}

    def purpose(self, roles: Iterable[str]) -> str:
        """The purpose for which somebody in these roles usually reads."""
        return next((self.purposes[role] for role in sorted(roles) if role in self.purposes), "")

    def across(self, partner: str, categories: Iterable[str]) -> list[str]:
        """Those of the categories that belong to another agency than this one."""
        return [category for category in categories if self.owners.get(category) not in {None, "", partner}]


def _holds(condition: Condition, standing: Standing) -> bool:
    if condition is Condition.OWN:
        return standing.own
    if condition is Condition.UNDER_25:
        return standing.office_pays
    if condition is Condition.FROM_25:
        return standing.own and not standing.office_pays
    return True


def parse(raw: Mapping[str, Any]) -> Matrix:
    """The matrix as an office profile writes it; raises KeyError or ValueError on words it does not know."""
    grants = {
        category: {role: _grant(text) for role, text in roles.items()} for category, roles in raw["matrix"].items()
    }
    return Matrix(grants, frozenset(raw["sealed"]), raw["purposes"], raw["owners"], raw["glass_minutes"])


def _grant(text: str) -> Grant:
    level, _, condition = text.partition(" ")
    seen, writes = LEVELS[level]
    return Grant(seen, writes, Condition(condition))


def matrix(session: Session) -> Matrix:
    """The access matrix of the loaded office; raises MatrixMissing."""
    raw = office.setting(session, "access")
    if raw is None:
        raise office_errors.MatrixMissing
    return _parsed(json.dumps(raw, sort_keys=True))


@functools.lru_cache(maxsize=8)
def _parsed(raw: str) -> Matrix:
    """It is asked for at each request and never changes but with the office's profile."""
    return parse(json.loads(raw))


def glass_minutes(session: Session) -> int:
    """For how many minutes a category stays open that somebody opened with a reason."""
    return matrix(session).glass_minutes
