"""The table of targets as a leader reads it: each step with its limits, what runs now, and how fast it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.casework import queries as casework
from app.office import dates
from app.office import targets as office
from app.supervision import target_queries as queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.casework.queries import Card
    from app.office.targets import Target
    from app.supervision.desk import Reader

PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class Share:
    """How many running steps are red, yellow and green."""

    red: int
    amber: int
    green: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A step with its target, what runs of it in the own agency and in the other, and how fast it went lately."""

    target: Target
    name: str
    own: Share
    other: Share
    speed: queries.Speed | None


@dataclass(frozen=True, slots=True)
class Line:
    """A running step of a case of the own agency."""

    row: queries.Row
    card: Card | None
    colour: str


def table(reader: Reader) -> tuple[Standing, ...]:
    """All steps that have a target today."""
    found = queries.counts(reader.session, now=reader.now)
    fast = queries.speeds(reader.session, now=reader.now)
    led = reader.led()
    own, other = _shares(one for one in found if one.role in led), _shares(one for one in found if one.role not in led)
    none = Share(0, 0, 0)
    return tuple(
        Standing(one, name(one, reader.locale), own.get(one.step, none), other.get(one.step, none), fast.get(one.step))
        for one in office.valid(reader.session, dates.day_of(reader.now))
    )


def name(target: Target, locale: str) -> str:
    """What the step is called in the reader's language."""
    return target.label_en if locale == "en" and target.label_en else target.label


def _shares(found: Iterable[queries.Count]) -> Mapping[str, Share]:
    sums: dict[str, Share] = {}
    for one in found:
        have = sums.get(one.step, Share(0, 0, 0))
        sums[one.step] = Share(have.red + one.red, have.amber + one.amber, have.green + one.green)
    return sums


def page(reader: Reader, wanted: queries.Wanted) -> tuple[tuple[Line, ...], str]:
    """A page of running steps, and the token of the next one (empty on the last)."""
    rows = queries.listing(reader.session, wanted, now=reader.now, limit=PAGE)
    following = queries.token(rows[PAGE - 1]) if len(rows) > PAGE else ""
    cards = casework.cards(reader.session, {row.case_id for row in rows[:PAGE]})
    lines = tuple(Line(row, cards.get(row.case_id), row.colour(reader.now)) for row in rows[:PAGE])
    return lines, following
