"""Which deadlines will break at today's speed: reckoned from the median of the last ninety days, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from app.office import dates
from app.office import targets as office
from app.supervision import target_queries as queries
from app.supervision import targets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.office.targets import Target
    from app.supervision.desk import Reader
    from app.supervision.target_queries import Breaking, Speed

SOON: Final = 30
LATER: Final = 90
# Fewer ended steps than these say nothing about the speed.
FEWEST: Final = 5


@dataclass(frozen=True, slots=True)
class Forecast:
    """A step, how fast it goes, and how many cases of the own agency will be red in 30 and 90 days; None: no telling.
    `slow`: half of the cases take as long as is allowed, or longer.
    """

    target: Target
    name: str
    speed: Speed | None
    soon: int | None
    later: int | None
    slow: bool


def breaking(reader: Reader, days: int, fast: Mapping[str, Speed]) -> Mapping[str, Breaking]:
    """What will break within so many days at these speeds, for each step of which the speed is known."""
    known = {one.step: one for one in office.valid(reader.session, dates.day_of(reader.now)) if _tells(one, fast)}
    medians = {step: (one.unit, fast[step].gross) for step, one in known.items()}
    began = queries.began(reader.session, medians, now=reader.now)
    until = reader.now + timedelta(days)
    return {
        step: queries.Breaking(until, is_slow(fast[step].gross, known[step]), since) for step, since in began.items()
    }


def _tells(target: Target, fast: Mapping[str, Speed]) -> bool:
    """Whether a speed tells anything: the day of a review is fixed, and few cases are no rule."""
    return target.unit != "date" and target.step in fast and fast[target.step].ended >= FEWEST


def is_slow(median: int, target: Target) -> bool:
    """Whether half of the cases take as long as is allowed, or longer."""
    return target.red is not None and median >= target.red


def forecasts(reader: Reader) -> tuple[Forecast, ...]:
    """What will break, step by step."""
    fast = queries.speeds(reader.session, now=reader.now)
    wanted = breaking(reader, LATER, fast)
    soon = reader.now + timedelta(SOON)
    found = queries.breaks(reader.session, wanted, roles=reader.led(), now=reader.now, soon=soon)
    return tuple(
        Forecast(one, targets.name(one, reader.locale), fast.get(one.step), *_numbers(one.step, wanted, found))
        for one in office.valid(reader.session, dates.day_of(reader.now))
        if one.red is not None and one.unit != "date"
    )


def _numbers(
    step: str, wanted: Mapping[str, Breaking], found: Mapping[str, tuple[int, int]]
) -> tuple[int | None, int | None, bool]:
    if step not in wanted:
        return None, None, False
    soon, later = found.get(step, (0, 0))
    return soon, later, wanted[step].slow
