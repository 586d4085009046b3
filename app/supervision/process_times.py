"""How long the steps of a process took in a period: half of them, nine of ten, and their part of all waiting time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ARRAY, Text, bindparam, select, text

from app.office import dates
from app.supervision import process_rows
from workflows.models import Definition

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

# Of fewer ended steps no times are told: they would tell of single cases and of who worked on them.
FEWEST: Final = 5
HALF, MOST = 0.5, 0.9
# So far back can a period begin.
MONTHS: Final = 60


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months, from the first day of one to the first day after another."""

    first: date
    end: date

    @property
    def last(self) -> date:
        """The first day of the last month."""
        return dates.add_months(self.end, -1)

    @property
    def months(self) -> int:
        """How many months it has."""
        return (self.end.year - self.first.year) * 12 + self.end.month - self.first.month

    def clipped(self, months: int) -> Period:
        """Its last months, if it has more than so many."""
        return self if self.months <= months else Period(dates.add_months(self.end, -months), self.end)

    def back(self, months: int) -> Period:
        """The same period so many months earlier."""
        return Period(dates.add_months(self.first, -months), dates.add_months(self.end, -months))


def period(first: date, last: date) -> Period:
    """From one month to another, both included, in whichever order they are named."""
    first, last = sorted((first, last))
    return Period(first.replace(day=1), dates.first_of_next_month(last))


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a process, and since when new cases begin in it."""

    id: int
    number: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Measure:
    """The ended steps of an element: how many, how many of them withdrawn; without `told` they are too few to tell
    times. `median` and `slow`: half and nine of ten of them took as long at most, right to five of a hundred (the mean
    of the class in which the last of them lies). `net` is the median without the time for which they were put aside.
    """

    process: str
    element: str
    definition_id: int
    number: int
    withdrawn: int
    total: timedelta
    median: timedelta
    slow: timedelta
    net: timedelta

    @property
    def told(self) -> bool:
        """Whether there are enough to tell times."""
        return self.number >= FEWEST


_LEFT: Final = "(SELECT *, 1 AS times FROM workflow_ended WHERE process = ANY(:processes))"
_ROWS = text(f"""
WITH every AS MATERIALIZED (
    SELECT process, element, net, bucket, sum(number) AS number, sum(withdrawn) AS withdrawn, sum(seconds) AS seconds,
        max(definition_id) AS definition_id
    FROM (
        SELECT process, element, role, net, bucket, number, withdrawn, seconds, definition_id FROM supervision_flow
        WHERE process = ANY(:processes) AND month >= :first AND month < :end
        UNION ALL
        SELECT process, element, role, net, bucket, number, withdrawn, seconds, definition_id
        FROM ({process_rows.counted(_LEFT)}) AS new
        WHERE month >= :first AND month < :end
    ) AS row
    WHERE (CAST(:roles AS text[]) IS NULL OR role = ANY(:roles))
        AND (CAST(:definition AS int) IS NULL OR definition_id = :definition)
    GROUP BY process, element, net, bucket
), sides AS (
    SELECT process, element, false AS net, bucket, number, withdrawn, seconds, definition_id FROM every WHERE NOT net
    UNION ALL
    SELECT process, element, true, bucket, sum(number), 0, sum(seconds), 0 FROM every
    GROUP BY process, element, bucket HAVING sum(number) > 0
), run AS (
    SELECT *, seconds / number AS mean, sum(number) OVER (PARTITION BY process, element, net ORDER BY bucket) AS upto,
        sum(number) OVER (PARTITION BY process, element, net) AS whole
    FROM sides
)
-- Classes and their means rise together: the first class that holds enough is the one with the lowest mean.
SELECT process, element, max(definition_id) AS definition_id,
    sum(number) FILTER (WHERE NOT net) AS number, sum(withdrawn) AS withdrawn,
    sum(seconds) FILTER (WHERE NOT net) AS seconds,
    min(mean) FILTER (WHERE NOT net AND upto >= whole * {HALF}) AS median,
    min(mean) FILTER (WHERE NOT net AND upto >= whole * {MOST}) AS slow,
    min(mean) FILTER (WHERE net AND upto >= whole * {HALF}) AS net
FROM run GROUP BY process, element
""").bindparams(*(bindparam(name, type_=ARRAY(Text)) for name in ("roles", "processes")))  # noqa: S608  only our own words
_FIRST = text("""
SELECT least(
    (SELECT min(first) FROM unnest(:processes) AS one CROSS JOIN LATERAL
        (SELECT month AS first FROM supervision_flow WHERE process = one ORDER BY month LIMIT 1) AS found),
    (SELECT min(ended_at AT TIME ZONE 'Europe/Berlin')::date FROM workflow_ended WHERE process = ANY(:processes))
)
""").bindparams(bindparam("processes", type_=ARRAY(Text)))


def measures(
    session: Session,
    processes: Collection[str],
    within: Period,
    *,
    roles: Collection[str] | None,
    definition_id: int | None = None,
) -> Mapping[str, Measure]:
    """How long each element of these processes took in a period; narrowed to tasks of some roles, or to those that
    ended in one version.
    """
    values = {
        "processes": sorted(processes), "first": within.first, "end": within.end, "definition": definition_id,
        "roles": None if roles is None else sorted(roles),
    }  # fmt: skip
    return {row.element: _measure(row) for row in session.execute(_ROWS, values)}


def _measure(row: Any) -> Measure:  # noqa: ANN401  a row of _ROWS
    total, median, slow, net = (
        timedelta(seconds=round(part or 0)) for part in (row.seconds, row.median, row.slow, row.net)
    )
    return Measure(
        row.process, row.element, row.definition_id, int(row.number), int(row.withdrawn), total, median, slow, net
    )  # fmt: skip


def versions(session: Session, process: str) -> tuple[Version, ...]:
    """All versions of a process, the newest first."""
    query = select(Definition.id, Definition.version, Definition.deployed_at).where(Definition.process == process)
    rows = session.execute(query.order_by(Definition.version.desc()))
    return tuple(Version(row.id, row.version, row.deployed_at) for row in rows)


def first_month(session: Session, processes: Collection[str]) -> date | None:
    """The month in which the first step of these processes has ended."""
    found: date | None = session.scalar(_FIRST, {"processes": sorted(processes)})
    return None if found is None else found.replace(day=1)
