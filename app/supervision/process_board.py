"""What a leader reads of a process over time: its steps with their times in a period and in another one beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from app.office import dates
from app.office import queries as office
from app.supervision import process_queries, process_times
from workflows import definitions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import date

    from app.supervision.desk import Reader
    from app.supervision.process_times import Measure, Period, Version
    from workflows.specs import ElementInfo, Specs

# A step from this share of all waiting time on is said to be the bottleneck, if half of its tasks wait this long.
MUCH, LONG = 0.5, timedelta(days=1)
# Where one of ten takes so many times as long as half of them, some are out of line.
APART: Final = 4
# Shares from which on the diagram marks a step more strongly.
HEAT: Final = (0.02, 0.1, 0.25, 0.5)
COMPARED: Final = ("before", "year", "own", "none")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader wants to see: of which processes, in which period, beside which other one, whose tasks, and in
    which version they ended (None: in any).
    """

    processes: tuple[str, ...]
    within: Period
    other: Period | None
    compare: str
    agency: str
    version: Version | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A step: its times in the period and in the other one (None: nothing ended), its part of all waiting time."""

    process: str
    element: str
    name: str
    role: str
    waits_for: str
    now: Measure | None
    other: Measure | None
    share: float
    running: int
    longer: int

    @property
    def told(self) -> Measure | None:
        """The times of the period, if they may be told."""
        return self.now if self.now is not None and self.now.told else None

    @property
    def compared(self) -> timedelta | None:
        """By how much half of the tasks take longer than in the other period; None where one of them is not told."""
        if self.told is None or self.other is None or not self.other.told:
            return None
        return self.told.median - self.other.median

    @property
    def heat(self) -> int:
        """How strongly the diagram marks it."""
        return sum(self.share >= least for least in HEAT) if self.told is not None else 0


@dataclass(frozen=True, slots=True)
class Board:
    """The steps of a process in a period; `waits` says whom its waiting time was spent on, as parts of it."""

    asked: Asked
    lines: tuple[Line, ...]
    ended: int
    waits: Mapping[str, float]


def months(reader: Reader, processes: Collection[str]) -> tuple[date, ...]:
    """The months that can be asked for, the last one first."""
    last = dates.day_of(reader.now).replace(day=1)
    first = process_times.first_month(reader.session, processes) or last
    found = (dates.add_months(last, -back) for back in range(process_times.MONTHS))
    return tuple(month for month in found if month >= min(first, last))


def board(reader: Reader, known: Specs, asked: Asked) -> Board:
    """The steps of the processes, those with the most waiting time first; of several processes only those at which
    something ended or is open.
    """
    roles = _roles(reader, asked.agency)
    narrowed: Any = {"roles": roles, "definition_id": asked.version.id if asked.version else None}
    found = process_times.measures(reader.session, asked.processes, asked.within, **narrowed)
    other = process_times.measures(reader.session, asked.processes, asked.other, **narrowed) if asked.other else {}
    open_now = _running(reader, asked.processes, found, roles)
    told = sum((one.total for one in found.values() if one.told), timedelta())
    lines = []
    for element in {*found, *other, *open_now, *_steps(known, asked.processes, roles)}:
        info = _info(reader, known, element, found.get(element) or other.get(element))
        if info is None:
            continue
        now = found.get(element)
        share = now.total / told if now is not None and now.told and told else 0.0
        name = (info.name_en if reader.locale == "en" else "") or info.name or element
        lines.append(
            Line(
                info.process, element, name, info.role, info.waits_for, now, other.get(element), share,
                *open_now.get(element, (0, 0)),
            )
        )  # fmt: skip
    lines.sort(key=lambda line: (-line.share, line.name))
    return Board(asked, tuple(lines), sum(one.number for one in found.values()), _waits(lines))


def _roles(reader: Reader, agency: str) -> frozenset[str] | None:
    if not agency:
        return None
    return frozenset(code for code, row in office.roles(reader.session).items() if row.partner == agency)


def _steps(known: Specs, processes: Collection[str], roles: Collection[str] | None) -> list[str]:
    if len(processes) != 1:
        return []
    people = [one for one in known.elements.values() if one.kind in {"userTask", "manualTask"}]
    return [one.id for one in people if one.process in processes and (roles is None or one.role in roles)]


def _running(
    reader: Reader, processes: Collection[str], found: Mapping[str, Measure], roles: Collection[str] | None
) -> dict[str, tuple[int, int]]:
    """How many tasks are open now, and how many of them longer than nine of ten took in the period."""
    slow = {element: one.slow for element, one in found.items() if one.told}
    return process_queries.running(reader.session, processes, slow, roles=roles, now=reader.now)


def _info(reader: Reader, known: Specs, element: str, measure: Measure | None) -> ElementInfo | None:
    """How the step is drawn today, or was in the version in which it ended."""
    if element in known.elements or measure is None:
        return known.elements.get(element)
    return definitions.specs(reader.session, measure.definition_id).elements.get(element)


def _waits(lines: list[Line]) -> dict[str, float]:
    parts: dict[str, float] = {}
    for line in lines:
        parts[line.waits_for] = parts.get(line.waits_for, 0.0) + line.share
    return {code: part for code, part in sorted(parts.items(), key=lambda one: -one[1]) if part > 0}


_ORDERS: Mapping[str, Callable[[Line], Any]] = {
    "name": lambda line: line.name,
    "number": lambda line: line.now.number if line.now else 0,
    "median": lambda line: line.told.median if line.told else timedelta(-1),
    "slow": lambda line: line.told.slow if line.told else timedelta(-1),
    "net": lambda line: line.told.net if line.told else timedelta(-1),
    "share": lambda line: line.share,
    "change": lambda line: line.compared if line.compared is not None else timedelta(-9999),
    "running": lambda line: line.running,
}
ORDERS: Final = tuple(_ORDERS)


def ordered(lines: tuple[Line, ...], order: str) -> tuple[Line, ...]:
    """The lines by a column: names from A to Z, numbers from the highest; with a minus sign the other way round."""
    column = order.removeprefix("-")
    return tuple(sorted(lines, key=_ORDERS[column], reverse=(column != "name") != order.startswith("-")))


def bottleneck(lines: tuple[Line, ...]) -> Line | None:
    """The step on which most of the waiting time was spent."""
    return next((one for one in lines if one.told and one.share >= MUCH and one.told.median >= LONG), None)


def outliers(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The steps of which some take far longer than half of them."""
    return tuple(
        one for one in lines
        if one.told and one.told.slow >= APART * one.told.median and one.told.slow - one.told.median >= 5 * LONG
    )  # fmt: skip


def changed(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The steps that take at least half as long again as in the other period or at most two thirds, by a day or more;
    what became slower stands first.
    """
    found = []
    for one in lines:
        if one.compared is None or one.told is None or one.other is None or abs(one.compared) < LONG:
            continue
        low, high = sorted((one.told.median, one.other.median))
        if high * 2 >= low * 3:
            found.append(one)
    return tuple(sorted(found, key=lambda one: -(one.compared or timedelta())))
