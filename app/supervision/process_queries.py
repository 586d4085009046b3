"""How a process stands, element by element: what waits there, since when, what is overdue and what has failed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ARRAY, Text, bindparam, func, select, text

from workflows.models import Task

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime, timedelta

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

_task = Task.__table__.c


@dataclass(frozen=True, slots=True)
class Load:
    """The open tasks of an element: how many, how many of them overdue or put aside, how long half of them and nine of
    ten have waited at most, and the waiting time of all together.
    """

    element: str
    running: int
    overdue: int
    aside: int
    median: timedelta
    slow: timedelta
    total: timedelta


@dataclass(frozen=True, slots=True)
class Open:
    """An open task of a case."""

    id: int
    subject: str
    element: str
    name: str
    role: str
    created_at: datetime
    due_at: datetime | None
    held_until: datetime | None


_LOADS = text("""
SELECT element, count(*) AS running, count(*) FILTER (WHERE due_at < :now AND NOT aside) AS overdue,
       count(*) FILTER (WHERE aside) AS aside,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY :now - created_at) AS median,
       percentile_disc(0.9) WITHIN GROUP (ORDER BY :now - created_at) AS slow,
       sum(:now - created_at) AS total
FROM workflow_task WHERE process = :process GROUP BY element
""").bindparams(bindparam("now", type_=_task.created_at.type))

_RUNNING = text("""
SELECT task.element, count(*) AS running,
    count(*) FILTER (WHERE task.created_at < slow.since::timestamptz AND NOT task.aside) AS longer
FROM workflow_task AS task LEFT JOIN jsonb_each_text(CAST(:since AS jsonb)) AS slow (element, since)
    ON slow.element = task.element
WHERE task.process = ANY(:processes) AND (CAST(:roles AS text[]) IS NULL OR task.role = ANY(:roles))
GROUP BY task.element
""").bindparams(*(bindparam(name, type_=ARRAY(Text)) for name in ("roles", "processes")))

_INCIDENTS = text("""
SELECT element, count(*) FROM workflow_incident
WHERE resolved_at IS NULL AND element = ANY(:elements) GROUP BY element
""")


def loads(session: Session, process: str, *, now: datetime) -> dict[str, Load]:
    """The elements of a process at which tasks are open, of all agencies together."""
    rows = session.execute(_LOADS, {"process": process, "now": now})
    return {row.element: Load(*row) for row in rows}


def running(
    session: Session,
    processes: Collection[str],
    slow: Mapping[str, timedelta],
    *,
    roles: Collection[str] | None,
    now: datetime,
) -> dict[str, tuple[int, int]]:
    """How many tasks of each element are open, and how many of them for longer than is named for it."""
    since = {element: (now - longest).isoformat() for element, longest in slow.items()}
    values = {
        "processes": sorted(processes), "since": json.dumps(since), "roles": None if roles is None else sorted(roles),
    }  # fmt: skip
    return {row.element: (row.running, row.longer) for row in session.execute(_RUNNING, values)}


def incidents(session: Session, elements: Collection[str]) -> dict[str, int]:
    """How many failed steps nobody has resolved yet, at each of these elements."""
    return {row[0]: row[1] for row in session.execute(_INCIDENTS, {"elements": sorted(elements)})}


def _of(process: str, element: str) -> list[ColumnElement[bool]]:
    return [_task.process == process, *([_task.element == element] if element else [])]


def listing(session: Session, process: str, element: str, *, roles: Collection[str], limit: int) -> tuple[Open, ...]:
    """The open tasks of a process (or of one element) that wait for these roles, the longest waiting first."""
    # The ids alone stand in the index; only the rows that are shown are read.
    longest = select(_task.id).where(*_of(process, element), _task.role.in_(roles))
    longest = longest.order_by(_task.created_at, _task.id).limit(limit)
    query = select(*[_task[name] for name in Open.__dataclass_fields__]).where(_task.id.in_(longest))
    return tuple(Open(*row) for row in session.execute(query.order_by(_task.created_at, _task.id)))


def others(session: Session, process: str, element: str, *, roles: Collection[str]) -> int:
    """How many open tasks of a process (or of one element) wait for other roles than these."""
    query = select(func.count()).select_from(Task).where(*_of(process, element), _task.role.not_in(roles))
    return int(session.scalar(query) or 0)
