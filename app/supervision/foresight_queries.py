"""What comes in a week, in rows: age limits, changes of payer, ends, reviews, deadlines and timers, by keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from app.office import dates
from rules import ages, transitions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from sqlalchemy.orm import Session

# In this order on the same day; the place in it is part of the key of a page.
KINDS: Final = (
    "turn_18", "turn_25", "turn_31", "payer", "long_term", "programme", "review", "plan_end", "task", "timer",
)  # fmt: skip
BIRTHS: Final = KINDS[:4]
PAYING_ROLE: Final = "BFK"
FIRST_ROLE: Final = "KS"
_MONTH: Final = timedelta(31)
# So many days ahead are looked at first.
AHEAD: Final = (1, 10)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which days, whose cases and which kinds; `after` is where the page before has ended."""

    first: date
    last: date
    roles: frozenset[str]
    kinds: tuple[str, ...] = KINDS
    after: tuple[datetime, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """What comes, when, in which case, and who must move then; `ref` is the row that says so."""

    at: datetime
    place: int
    ref: int
    case_id: int
    role: str
    name: str
    detail: str

    @property
    def kind(self) -> str:
        """What it is that comes."""
        return KINDS[self.place]


_LEAD: Final = f"CASE one.lead WHEN '' THEN '{FIRST_ROLE}' ELSE one.lead END"
_LED: Final = f"{_LEAD} = ANY(:roles)"
_START: Final = "({day}::timestamp AT TIME ZONE 'Europe/Berlin')"
_OPEN: Final = "one.status = 'open'"
# Birth dates and first days of unemployment are asked for one by one: the rules say which of them come to which day.
_BORN: Final = """
SELECT {at} AS at, {place} AS place, one.id AS ref, one.id AS case_id, {role} AS role, '' AS name, '' AS detail
FROM unnest(CAST(:{kind}_from AS date[]), CAST(:{kind}_to AS date[])) AS turn(begun, day)
JOIN client ON client.birth_date = turn.begun JOIN case_file AS one ON one.client_id = client.id
WHERE {open} AND {where}
"""
_PAID: Final = f"""'{PAYING_ROLE}' = ANY(:roles) AND EXISTS (
    SELECT FROM payer_period AS paid WHERE paid.case_id = one.id AND paid.state = 'active' AND paid.payer = 'SB'
    AND (paid.valid_to IS NULL OR paid.valid_to > turn.day))"""
_SPELL: Final = f"""
SELECT {_START.format(day="turn.day")} AS at, {{place}} AS place, one.id AS ref, one.id AS case_id, {_LEAD} AS role,
    '' AS name, '' AS detail
FROM unnest(CAST(:{{kind}}_from AS date[]), CAST(:{{kind}}_to AS date[])) AS turn(begun, day)
JOIN unemployment_spell AS spell ON spell.since = turn.begun AND spell.kind = 'unemployed' AND spell.until IS NULL
JOIN case_file AS one ON one.client_id = spell.client_id
WHERE {_OPEN} AND {_LED} AND NOT EXISTS (SELECT FROM unemployment_spell AS newer
    WHERE newer.client_id = spell.client_id AND newer.kind = 'unemployed' AND newer.until IS NULL
    AND newer.id > spell.id)
"""  # noqa: S608  only our own words
_DATED: Final = f"""
SELECT {_START.format(day="dated.{column}")} AS at, {{place}} AS place, dated.id AS ref, one.id AS case_id,
    {_LEAD} AS role, '' AS name, {{detail}} AS detail
FROM {{table}} AS dated JOIN case_file AS one ON one.id = dated.case_id
WHERE dated.{{column}} BETWEEN :first AND :last {{more}} AND {_OPEN} AND {_LED}
"""  # noqa: S608  only our own words
_TASK: Final = """
SELECT task.due_at AS at, {place} AS place, task.id AS ref, one.id AS case_id, task.role, task.name, task.element
    AS detail
FROM unnest(CAST(:roles AS text[])) AS own(role) CROSS JOIN LATERAL (
    SELECT due_at, id, subject, role, name, element FROM workflow_task
    WHERE role = own.role AND NOT aside AND due_at >= :start AND due_at < :end {key}
    ORDER BY due_at, id LIMIT :number
) AS task JOIN case_file AS one ON one.id = task.subject::bigint
"""
_TIMER: Final = f"""
SELECT wait.due_at AS at, {{place}} AS place, wait.id AS ref, one.id AS case_id, {_LEAD} AS role, '' AS name,
    wait.element AS detail
FROM workflow_waiting AS wait JOIN case_file AS one ON one.instance_id = wait.instance_id
WHERE wait.due_at >= :start AND wait.due_at < :end AND wait.kind = 'timer' AND wait.element <> 'age_reached'
    AND {_OPEN} AND {_LED}
"""  # noqa: S608  only our own words


def _selects() -> dict[str, str]:
    """One select for each kind."""
    start = _START.format(day="turn.day")
    found = {
        kind: _BORN.format(at=start, place=place, role=_LEAD, kind=kind, open=_OPEN, where=_LED)
        for place, kind in enumerate(BIRTHS[:3])
    }
    found["payer"] = _BORN.format(at=start, place=3, role=f"'{PAYING_ROLE}'", kind="payer", open=_OPEN, where=_PAID)
    found["long_term"] = _SPELL.format(place=4, kind="long_term")
    found["programme"] = _DATED.format(
        column="exit_on", place=5, table="participation", detail="dated.programme", more=""
    )
    valid = "AND dated.status = 'active'"
    found["review"] = _DATED.format(column="review_on", place=6, table="plan", detail="''", more=valid)
    found["plan_end"] = _DATED.format(column="valid_until", place=7, table="plan", detail="''", more=valid)
    return found | {"task": _TASK, "timer": _TIMER.format(place=9)}


_SELECTS: Final = _selects()


def _statement(wanted: Wanted) -> str:
    arms = []
    for kind in wanted.kinds:
        place = KINDS.index(kind)
        beyond = _beyond(place, wanted.after)
        # Tasks are many: each role's are asked for in the order of its index, and no more than a page of them.
        inner = _SELECTS[kind].format(place=place, key=beyond.format(at="due_at", ref="id")) if kind == "task" else (
            _SELECTS[kind])  # fmt: skip
        outer = beyond.format(at="at", ref="ref")
        arms.append(f"(SELECT * FROM ({inner}) AS {kind} WHERE true {outer} ORDER BY at, ref LIMIT :number)")  # noqa: S608  only our own words
    return f"SELECT * FROM ({' UNION ALL '.join(arms)}) AS coming ORDER BY at, place, ref LIMIT :number"  # noqa: S608  only our own words


def _beyond(place: int, after: tuple[datetime, int, int] | None) -> str:
    if after is None:
        return ""
    if place == after[1]:
        return "AND ({at}, {ref}) > (:after_at, :after_ref)"
    return "AND {at} >= :after_at" if place > after[1] else "AND {at} > :after_at"


def _days(wanted: Wanted, parameters: Mapping[str, Any]) -> dict[str, list[date]]:
    """Which birth dates and first days of unemployment come to a day of the window, as the rules count."""
    limits = {"turn_18": "adult_from", "turn_25": "young_below", "turn_31": "over_from"}
    found: dict[str, list[date]] = {}

    def put(kind: str, begun: Iterable[date], counted: Callable[[date], date]) -> None:
        pairs = [(one, counted(one)) for one in begun]
        inside = [pair for pair in pairs if wanted.first <= pair[1] <= wanted.last]
        found[f"{kind}_from"], found[f"{kind}_to"] = [one for one, _ in inside], [day for _, day in inside]

    for kind, name in limits.items():
        years = int(parameters[name])
        put(kind, _around(wanted, 12 * years), lambda born, years=years: ages.birthday(born, years))  # type: ignore[misc]
    young = 12 * int(parameters["young_below"])
    put("payer", _around(wanted, young), lambda born: transitions.handover(born, parameters).payer_from)
    lasted = {"months": parameters["lza_months"], "days": parameters["lza_days"], "count": parameters["lza_count"]}
    begun = _around(wanted, int(parameters["lza_months"]))
    put("long_term", begun, lambda since: ages.long_term_on(since, **lasted))
    return found


def _around(wanted: Wanted, months: int) -> list[date]:
    """All days that may come to the window after so many months, and a month more on either side."""
    first = dates.add_months(wanted.first, -months) - _MONTH
    return [first + timedelta(number) for number in range((wanted.last - wanted.first).days + 2 * _MONTH.days + 1)]


def statement(wanted: Wanted, parameters: Mapping[str, Any], *, limit: int) -> tuple[str, dict[str, Any]]:
    """The select of a page with its values."""
    values: dict[str, Any] = {
        "roles": sorted(wanted.roles), "first": wanted.first, "last": wanted.last, "number": limit + 1,
        "start": dates.start_of(wanted.first), "end": dates.start_of(wanted.last + timedelta(1)),
    }  # fmt: skip
    if wanted.after is not None:
        values |= {"after_at": wanted.after[0], "after_ref": wanted.after[2]}
    used = _statement(wanted)
    every = values | _days(wanted, parameters)
    return used, {name: value for name, value in every.items() if f":{name}" in used}


def listing(session: Session, wanted: Wanted, parameters: Mapping[str, Any], *, limit: int) -> tuple[Row, ...]:
    """So many rows and one more if there are more, the next first.

    A page is mostly full after a few days: the others are asked for only if it is not.
    """
    first = wanted.first if wanted.after is None else max(wanted.first, dates.day_of(wanted.after[0]))
    rows: tuple[Row, ...] = ()
    for days in (*AHEAD, (wanted.last - first).days):
        last = min(first + timedelta(days), wanted.last)
        used, values = statement(replace(wanted, first=first, last=last), parameters, limit=limit)
        rows = tuple(Row(*row) for row in session.execute(text(used), values))
        if len(rows) > limit or last == wanted.last:
            break
    return rows


_BEGUN = text("""
SELECT DISTINCT ON (subject) subject, id FROM workflow_task
WHERE subject = ANY(:subjects) AND process = 'age_transition' AND role = ANY(:roles)
ORDER BY subject, due_at NULLS LAST, id
""")


def preparing(session: Session, case_ids: Collection[int], roles: Collection[str]) -> dict[int, int]:
    """The open task of these roles with which an age limit is prepared, of each case that has one."""
    values = {"subjects": [str(case_id) for case_id in case_ids], "roles": sorted(roles)}
    return {int(row.subject): row.id for row in session.execute(_BEGUN, values)}


def token(row: Row) -> str:
    """Where the page after this row begins."""
    return f"{row.at.astimezone(UTC).timestamp():.6f}_{row.place}_{row.ref}"


def key(given: str) -> tuple[datetime, int, int] | None:
    """The place that a token names; None for what is none."""
    try:
        moment, place, ref = given.split("_")
        return datetime.fromtimestamp(float(moment), UTC), int(place), int(ref)
    except (ValueError, OverflowError, OSError):
        return None
