"""Steps with a target in rows: how many are green, yellow and red, how long they took, and which they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ARRAY, Text, bindparam, text

from app.office.columns import Instant
from app.supervision import target_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

COLOURS: Final = ("red", "amber", "green")
# What has ended in so many days says how fast work goes today.
RECENT: Final = timedelta(90)
_FIRST: Final = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Count:
    """How many running steps of cases that wait for a role are red, yellow and green."""

    step: str
    role: str
    red: int
    amber: int
    green: int


@dataclass(frozen=True, slots=True)
class Speed:
    """How many ended lately, and how long half of them took at most: gross, and net of waiting for the client."""

    ended: int
    gross: int
    net: int


@dataclass(frozen=True, slots=True)
class Breaking:
    """Which steps will be red by `until` at today's speed: all of them when half take as long as is allowed (`slow`),
    else those that began before `since` and so have taken longer than half of them do.
    """

    until: datetime
    slow: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which running steps: of whose roles, of which step and colour, which of them will break; `after` is where the
    page before has ended.
    """

    roles: frozenset[str]
    step: str
    colour: str = ""
    after: tuple[datetime, int] | None = None
    breaking: Breaking | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A running step; `gross` and `waited` (for the client) in its unit until now."""

    id: int
    case_id: int
    step: str
    unit: str
    role: str
    task_id: int | None
    since: datetime
    amber_at: datetime
    red_at: datetime
    waiting: bool
    level: int
    gross: int
    waited: int

    @property
    def net(self) -> int:
        """How long it has taken without the time in which the client was waited for."""
        return max(0, self.gross - self.waited)

    def colour(self, now: datetime) -> str:
        """Green, then yellow, then red: with time it only gets worse."""
        return "red" if self.red_at <= now else "amber" if self.amber_at <= now else "green"


_COUNTS: Final = text("""
SELECT step, role, count(*) FILTER (WHERE red_at <= :now), count(*) FILTER (WHERE amber_at <= :now AND red_at > :now),
    count(*) FILTER (WHERE amber_at > :now)
FROM supervision_step WHERE ended_at IS NULL GROUP BY step, role
""").bindparams(bindparam("now", type_=Instant))
_SPEEDS: Final = text("""
SELECT step, count(*) AS ended, percentile_disc(0.5) WITHIN GROUP (ORDER BY gross) AS gross,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY net) AS net
FROM supervision_step WHERE ended_at > :since GROUP BY step
""").bindparams(bindparam("since", type_=Instant))
_COLOURED: Final = {
    "": "true",
    "red": "run.red_at <= :now",
    "amber": "run.amber_at <= :now AND run.red_at > :now",
    "green": "run.amber_at > :now",
}


_BREAKING: Final = "AND run.red_at > :now AND run.red_at <= :until AND (:slow OR run.since < :began)"


def counts(session: Session, *, now: datetime) -> tuple[Count, ...]:
    """The running steps of both agencies, in numbers."""
    return tuple(Count(*row) for row in session.execute(_COUNTS, {"now": now}))


def speeds(session: Session, *, now: datetime) -> Mapping[str, Speed]:
    """How fast each step has gone in the last ninety days."""
    rows = session.execute(_SPEEDS, {"since": now - RECENT})
    return {row.step: Speed(row.ended, row.gross, row.net) for row in rows}


def listing(session: Session, wanted: Wanted, *, now: datetime, limit: int) -> tuple[Row, ...]:
    """So many rows and one more if there are more: the red ones first, then what becomes red soonest."""
    narrowed = f"AND {_COLOURED[wanted.colour]} {_BREAKING if wanted.breaking else ''}"
    found = text(f"""
SELECT run.id, run.case_id, run.step, run.unit, run.role, run.task_id, run.since, run.amber_at, run.red_at,
    run.client_since IS NOT NULL, run.level, {target_rows.span("run.unit", "run.since", ":now")},
    {target_rows.waiting("run", ":now")}
FROM (
    SELECT * FROM supervision_step AS run
    WHERE run.ended_at IS NULL AND run.step = :step AND run.role = ANY(:roles) {narrowed}
        AND (run.red_at, run.id) > (:after_at, :after_id)
    ORDER BY run.red_at, run.id LIMIT :number
) AS run
ORDER BY run.red_at, run.id
""")  # noqa: S608  only our own words
    moments = ["now", "after_at", *(("until", "began") if wanted.breaking else ())]
    bound = found.bindparams(
        bindparam("roles", type_=ARRAY(Text)), *(bindparam(name, type_=Instant) for name in moments)
    )
    after_at, after_id = wanted.after or (_FIRST, 0)
    values: dict[str, Any] = {
        "now": now, "step": wanted.step, "roles": sorted(wanted.roles), "number": limit + 1, "after_at": after_at,
        "after_id": after_id,
    }  # fmt: skip
    if one := wanted.breaking:
        values |= {"until": one.until, "began": one.since, "slow": one.slow}
    return tuple(Row(*row) for row in session.execute(bound, values))


def token(row: Row) -> str:
    """Where the page after this row begins."""
    return f"{row.red_at.astimezone(UTC).timestamp():.6f}_{row.id}"


_PACES = text(f"""
SELECT pace.step, CASE pace.unit WHEN 'hours' THEN CAST(:now AS timestamptz) - pace.median * interval '1 hour'
    ELSE (SELECT {target_rows.start("day")} FROM office_working_day
        WHERE number = {target_rows.number(":now")} - pace.median + 1) END AS began
FROM unnest(CAST(:steps AS text[]), CAST(:units AS text[]), CAST(:medians AS integer[])) AS pace(step, unit, median)
""").bindparams(bindparam("now", type_=Instant))  # noqa: S608  only our own words
_BREAKS = text("""
SELECT pace.step, count(*) FILTER (WHERE run.red_at <= :soon), count(*)
FROM unnest(CAST(:steps AS text[]), CAST(:slow AS boolean[]), CAST(:began AS timestamptz[]))
    AS pace(step, slow, began)
JOIN supervision_step AS run ON run.step = pace.step AND run.ended_at IS NULL AND run.role = ANY(:roles)
WHERE run.red_at > :now AND run.red_at <= :later AND (pace.slow OR run.since < pace.began)
GROUP BY pace.step
""").bindparams(
    *(bindparam(name, type_=Instant) for name in ("now", "soon", "later")), bindparam("roles", type_=ARRAY(Text))
)


def began(session: Session, medians: Mapping[str, tuple[str, int]], *, now: datetime) -> Mapping[str, datetime]:
    """Before which instant a step must have begun to have taken at least its median (unit, number) until now."""
    steps = sorted(medians)
    values = {
        "steps": steps, "units": [medians[step][0] for step in steps], "medians": [medians[step][1] for step in steps],
        "now": now,
    }  # fmt: skip
    return {row.step: row.began for row in session.execute(_PACES, values) if row.began is not None}


def breaks(
    session: Session, wanted: Mapping[str, Breaking], *, roles: frozenset[str], now: datetime, soon: datetime
) -> Mapping[str, tuple[int, int]]:
    """How many steps of these roles will be red by `soon`, and by the end of what is asked for."""
    if not wanted:
        return {}
    steps = sorted(wanted)
    values = {
        "steps": steps, "slow": [wanted[step].slow for step in steps],
        "began": [wanted[step].since for step in steps], "roles": sorted(roles), "now": now, "soon": soon,
        "later": max(one.until for one in wanted.values()),
    }  # fmt: skip
    return {row[0]: (row[1], row[2]) for row in session.execute(_BREAKS, values)}
