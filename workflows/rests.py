"""A rest of an instance: its tasks are put aside until a day and its timers wait with them, except where work goes on.

What is to rest is told by process. Appointments before the end of the rest move to its end; periods grow by its days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from workflows import acts, aside, history, instances, markup, specs
from workflows.handlers import environment_of
from workflows.models import Task
from workflows.specs import DUE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor
    from workflows.steps import Work

BEFORE = "before_rest"
PERIOD = "boundaryEvent"
_columns = Task.__table__.c


@dataclass(frozen=True, slots=True)
class Rest:
    """Which processes rest for how many days, until which instant; tasks of busy roles go on."""

    until: datetime
    days: int
    processes: Collection[str]
    busy_roles: Collection[str] = ()


def begin(session: Session, instance_id: int, rest: Rest, *, reason: str, actor: Actor, now: datetime) -> int:
    """Lets an instance rest; returns how many tasks were put aside. Raises UnknownInstance, InstanceClosed."""
    instance = instances.lock_running(session, instance_id)
    with acts.opened(session, instance, actor=actor, now=now) as act:
        for entry, kind in _entries(act.work, rest.processes):
            due = datetime.fromisoformat(entry["due"])
            entry.setdefault(BEFORE, entry["due"])
            entry["due"] = (_later(session, due, rest.days) if kind == PERIOD else max(due, rest.until)).isoformat()
        detail = {"until": rest.until.isoformat(), "reason": reason}
        act.work.lines.append(history.Line("rested", actor, now, detail=detail))
    return _put_aside(session, instance_id, rest, reason=reason, now=now)


def end(
    session: Session, instance_id: int, *, until: datetime, rested: int, left: int, actor: Actor, now: datetime
) -> None:
    """Ends a rest that was to last until this instant: tasks and timers come back, less by the days that are left.

    Raises UnknownInstance, InstanceClosed.
    """
    instance = instances.lock_running(session, instance_id)
    with acts.opened(session, instance, actor=actor, now=now) as act:
        for entry, kind in _entries(act.work, None):
            if BEFORE in entry:
                due = datetime.fromisoformat(entry.pop(BEFORE))
                entry["due"] = max(now, _later(session, due, rested) if kind == PERIOD else due).isoformat()
        act.work.lines.append(history.Line("rest_ended", actor, now))
    session.execute(
        update(Task.__table__)  # type: ignore[arg-type]  # a Table
        .where(_columns.instance_id == instance_id, _columns.held_until == until)
        .values(**aside.back(now), due_at=_columns.due_at - timedelta(days=left), changed_at=now)
    )


def _entries(work: Work, processes: Collection[str] | None) -> Iterator[tuple[dict[str, Any], str]]:
    """The kept instants of the waiting timers of these processes (None: of all), each with the kind of its element."""
    for task in work.workflow.event_manager.tasks.values():
        for pending in specs.pending(task):
            element = work.specs.info(task.workflow.spec.name, markup.drawn(pending.element))
            entry = task.internal_data.get(DUE, {}).get(pending.element)
            if element is not None and entry is not None and (processes is None or element.process in processes):
                yield entry, element.kind


def _later(session: Session, due: datetime, days: int) -> datetime:
    return environment_of(session).calendar.due(f"tage({days})", due, {}) if days > 0 else due


def _put_aside(session: Session, instance_id: int, rest: Rest, *, reason: str, now: datetime) -> int:
    resting = select(_columns.id, _columns.due_at, _columns.held_until).where(
        _columns.instance_id == instance_id,
        _columns.process.in_(rest.processes),
        _columns.role.not_in(rest.busy_roles),
    )
    rows = [row for row in session.execute(resting) if row.held_until is None or row.held_until < rest.until]
    for row in rows:
        due = None if row.due_at is None else _later(session, row.due_at, rest.days)
        session.execute(
            update(Task.__table__)  # type: ignore[arg-type]  # a Table
            .where(_columns.id == row.id)
            .values(**aside.put(until=rest.until, reason=reason, now=now), due_at=due, changed_at=now)
        )
    return len(rows)
