"""What people do with tasks short of completing them: take, give back, hand on, put aside, move in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from workflows import aside, errors, history, instances
from workflows.models import Entry, Task

if TYPE_CHECKING:
    from datetime import datetime
    from types import SimpleNamespace

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor
    from workflows.instances import Locked

_columns = Task.__table__.c


def lock(session: Session, task_id: int) -> tuple[Locked, SimpleNamespace]:
    """Takes the instance of this task, and the task's columns; raises TaskNotOpen (by whom, when), InstanceClosed."""
    found = instances.lock_with_task(session, task_id)
    if found is None:
        raise _gone(session, task_id)
    instances.require_running(found[0])
    return found


def _gone(session: Session, task_id: int) -> errors.TaskNotOpen:
    query = select(Entry.actor, Entry.at).where(Entry.task_id == task_id, Entry.kind == "task_completed")
    row = session.execute(query).one_or_none()
    return (
        errors.TaskNotOpen(task_id, row.actor, row.at.isoformat()) if row is not None else errors.TaskNotOpen(task_id)
    )


def require(task: SimpleNamespace, actor: Actor) -> None:
    """Raises NotAllowed (role, four_eyes) or TaskTaken unless this actor may work on the task."""
    if task.role not in actor.roles:
        raise errors.NotAllowed("role")
    if task.excluded_id is not None and task.excluded_id == actor.id:
        raise errors.NotAllowed("four_eyes")
    if task.assignee_id is not None and task.assignee_id != actor.id:
        raise errors.TaskTaken(task.id, task.assignee or "")


def claim(session: Session, task_id: int, *, actor: Actor, now: datetime) -> None:
    """Makes the task this actor's; raises TaskNotOpen, NotAllowed, TaskTaken."""
    instance, task = lock(session, task_id)
    require(task, actor)
    if task.assignee_id is None:
        _change(session, task, now, assignee_id=actor.id, assignee=actor.name)
        history.record(session, instance, _line("claimed", task, actor, now))


def release(session: Session, task_id: int, *, actor: Actor, now: datetime) -> None:
    """Gives the task back to its role; raises TaskNotOpen, NotAllowed, TaskTaken."""
    instance, task = lock(session, task_id)
    require(task, actor)
    if task.assignee_id is None:
        raise errors.NotAllowed("not_claimed")
    _change(session, task, now, assignee_id=None, assignee=None)
    history.record(session, instance, _line("released", task, actor, now))


def assign(
    session: Session,
    task_id: int,
    *,
    assignee_id: int | None,
    assignee: str | None,
    actor: Actor,
    now: datetime,
    reason: str,
) -> None:
    """Hands the task to someone (None: back to the role). Whether the actor may order that is the application's
    question.

    Raises TaskNotOpen, and NotAllowed when the assignee is the one who may not do both of two tasks.
    """
    instance, task = lock(session, task_id)
    if assignee_id is not None and assignee_id == task.excluded_id:
        raise errors.NotAllowed("four_eyes")
    _change(session, task, now, assignee_id=assignee_id, assignee=assignee)
    detail = {"to": assignee_id, "name": assignee, "from": task.assignee_id, "reason": reason}
    history.record(session, instance, _line("assigned", task, actor, now, **detail))


def hold(session: Session, task_id: int, *, until: datetime, reason: str, actor: Actor, now: datetime) -> None:
    """Puts the task aside until an instant; raises TaskNotOpen, NotAllowed, TaskTaken."""
    instance, task = lock(session, task_id)
    require(task, actor)
    if until <= now:
        raise errors.NotAllowed("past")
    _change(session, task, now, **aside.put(until=until, reason=reason, now=now))
    history.record(session, instance, _line("held", task, actor, now, until=until.isoformat(), reason=reason))


def resume(session: Session, task_id: int, *, actor: Actor, now: datetime) -> None:
    """Takes up a task that was put aside; raises TaskNotOpen, NotAllowed, TaskTaken."""
    instance, task = lock(session, task_id)
    require(task, actor)
    _change(session, task, now, **aside.back(now))
    history.record(session, instance, _line("resumed", task, actor, now))


def set_due(
    session: Session, task_id: int, *, due_at: datetime | None, reason: str, actor: Actor, now: datetime
) -> None:
    """Moves the due date; raises TaskNotOpen. Whether the actor may is the application's question."""
    instance, task = lock(session, task_id)
    _change(session, task, now, due_at=due_at)
    detail = {"from": _text(task.due_at), "to": _text(due_at), "reason": reason}
    history.record(session, instance, _line("due_changed", task, actor, now, **detail))


def set_priority(session: Session, task_id: int, *, priority: int, actor: Actor, now: datetime) -> None:
    """Sets the priority (0 to 100, higher is more urgent); raises TaskNotOpen, NotAllowed."""
    instance, task = lock(session, task_id)
    if not 0 <= priority <= 100:  # noqa: PLR2004  the scale
        raise errors.NotAllowed("priority")
    _change(session, task, now, priority=priority)
    detail = {"from": task.priority, "to": priority}
    history.record(session, instance, _line("priority_changed", task, actor, now, **detail))


def _change(session: Session, task: SimpleNamespace, now: datetime, **changes: Any) -> None:  # noqa: ANN401  columns
    session.execute(
        update(Task.__table__).where(_columns.id == task.id).values(changed_at=now, **changes)  # type: ignore[arg-type]
    )


def _line(kind: str, task: SimpleNamespace, actor: Actor, now: datetime, **detail: Any) -> history.Line:  # noqa: ANN401
    return history.Line(kind, actor, now, task.element, task.name, task.id, {"process": task.process, **detail})


def _text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant is not None else None
