"""The commands of the host. Each takes the row of its instance first, then looks again; none commits.

A step that fails raises StepFailed: the edge rolls back, so that nothing happened, and then calls `record_incident`
in a new transaction. Rights are checked here: the role of a task, whose it is, and four eyes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from SpiffWorkflow.util.task import TaskState
from sqlalchemy import delete, insert, select, update

from workflows import (
    acts,
    definitions,
    errors,
    events,
    history,
    instances,
    jobs,
    parser,
    reasons,
    steps,
    storage,
    tasks,
    values,
)
from workflows.handlers import SYSTEM

# What others say to a process, and the lesser acts on a task, are commands of the host, too.
from workflows.messages import begin as begin
from workflows.messages import deliver as deliver
from workflows.messages import receive as receive
from workflows.messages import signal as signal
from workflows.models import Incident, Instance, InstanceStatus, Waiting, WaitingKind
from workflows.tasks import assign as assign
from workflows.tasks import claim as claim
from workflows.tasks import hold as hold
from workflows.tasks import release as release
from workflows.tasks import resume as resume
from workflows.tasks import set_due as set_due
from workflows.tasks import set_priority as set_priority

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor, Value
    from workflows.specs import Specs


@dataclass(frozen=True, slots=True)
class Completed:
    """What a completion did: where, and which tasks it opened."""

    instance_id: int
    subject: str
    element: str
    name: str
    next_tasks: tuple[int, ...]


def start(
    session: Session,
    process: str,
    *,
    subject: str,
    values: Mapping[str, Value],
    actor: Actor,
    now: datetime,
    at: str = "",
) -> int:
    """Starts the newest version of the process about this subject and runs it to its first wait; returns the
    instance's id. `at` is the id of the plain start event; needed where there are several. Raises StepFailed.
    """
    acts.checked(values)
    definition = definitions.latest(session, process)
    chosen = _chosen(definitions.specs(session, definition.id), at)
    return acts.begin(session, definition.id, subject=subject, given=values, actor=actor, now=now, start=chosen)


def _chosen(specs: Specs, at: str) -> str:
    """The plain start event that is meant, by the name under which it runs; "" where none is drawn."""
    plain = parser.plain(specs.starts)
    fitting = [start.name for start in plain if at in {"", start.element}]
    if len(fitting) == 1:
        return fitting[0]
    if not plain and not at:
        return ""
    code = "start_unknown" if at else "start_unclear"
    names = ", ".join(_shown(specs, start.element) for start in plain)
    raise errors.StepFailed(specs.process, at or specs.process, reasons.kept(code, start=at, names=names or "-"))


def _shown(specs: Specs, element: str) -> str:
    info = specs.info(specs.process, element)
    return element if info is None or info.name == element else f"{info.name} ({element})"


def complete(
    session: Session,
    task_id: int,
    *,
    actor: Actor,
    values: Mapping[str, Value],
    now: datetime,
    store: Callable[[Session], None] | None = None,
) -> Completed:
    """Completes the task with these values and runs on to the next wait.

    `store` is called after the lock and the checks and before the process goes on, in the same transaction.
    Raises TaskNotOpen (by whom, when), TaskTaken, NotAllowed, StepFailed.
    """
    acts.checked(values)
    instance, row = tasks.lock(session, task_id)
    tasks.require(row, actor)
    if store is not None:
        store(session)
        if not instances.is_unmoved(session, instance):
            # What was stored has moved this very instance (a message to it, a note): look once more.
            instance, row = tasks.lock(session, task_id)
    with acts.opened(session, instance, actor=actor, now=now) as act:
        task = steps.find(act.work.workflow, row.key)
        if task is None or task.state != TaskState.READY:
            raise errors.TaskNotOpen(task_id)
        _write(task, values)
        line = act.work.line("task_completed", task, values=dict(values))
        line.task_id = task_id
        steps.step(act.work, task)
    return Completed(instance.id, instance.subject, row.element, row.name, act.new_tasks)


_write = values.write


def note(
    session: Session, instance_id: int, *, actor: Actor, now: datetime, kind: str, name: str, detail: Mapping[str, Any]
) -> None:
    """Adds a line of the application to the history; raises UnknownInstance."""
    instance = instances.lock(session, instance_id)
    history.record(session, instance, history.Line(kind, actor, now, name=name, detail=dict(detail)))


def wake(session: Session, instance_id: int, *, now: datetime) -> int:
    """Fires the timers of the instance that are due, in their order; returns how many. Raises StepFailed."""
    instance = instances.lock(session, instance_id)
    if instance.status != InstanceStatus.RUNNING:
        return 0
    with acts.opened(session, instance, actor=SYSTEM, now=now) as act:
        fired = events.fire(act.work)
    return fired  # noqa: RET504  the act is saved in between


def resolve(
    session: Session, instance_id: int, *, key: str, outputs: Mapping[str, Value], now: datetime, actor: Actor = SYSTEM
) -> bool:
    """Takes the outputs of an outside handler into the process; False when its task no longer waits. Raises
    StepFailed.
    """
    instance = instances.lock(session, instance_id)
    if instance.status != InstanceStatus.RUNNING:
        return False
    with acts.opened(session, instance, actor=actor, now=now) as act:
        task = steps.find(act.work.workflow, UUID(key))
        waits = task is not None and task.state == TaskState.STARTED
        element = act.work.element(task) if task is not None else None
        if task is not None and waits and element is not None:
            handler = act.work.environment.handlers.get(element.handler or "")
            steps.finish(act.work, task, handler, outputs)
    return waits


def fail(session: Session, instance_id: int, *, key: str, code: str, now: datetime, actor: Actor = SYSTEM) -> bool:
    """Lets an outside call fail with an error that the diagram knows; False when its task no longer waits. Raises
    StepFailed when nobody catches it.
    """
    instance = instances.lock(session, instance_id)
    if instance.status != InstanceStatus.RUNNING:
        return False
    with acts.opened(session, instance, actor=actor, now=now) as act:
        task = steps.find(act.work.workflow, UUID(key))
        waits = task is not None and task.state == TaskState.STARTED
        if task is not None and waits:
            steps.fail(act.work, task, code)
    return waits


def cancel(
    session: Session,
    instance_id: int,
    *,
    actor: Actor,
    reason: str,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Ends the instance at once; its open tasks and waits are gone; `detail` goes into the history with the reason.
    Raises UnknownInstance, InstanceClosed.
    """
    instance = instances.lock_running(session, instance_id)
    storage.withdraw(session, instance_id, now)
    session.execute(delete(Waiting.__table__).where(Waiting.instance_id == instance_id))  # type: ignore[arg-type]
    told = {**(detail or {}), "reason": reason}
    history.record(session, instance, history.Line("cancelled", actor, now, detail=told))
    session.execute(
        update(Instance.__table__)  # type: ignore[arg-type]  # a Table
        .where(Instance.id == instance_id)
        .values(status=InstanceStatus.CANCELLED.value, ended_at=now)
    )


def reschedule(session: Session, instance_id: int, *, now: datetime) -> int:
    """Computes the timers that hang on process values anew; returns how many moved. Raises InstanceClosed."""
    instance = instances.lock_running(session, instance_id)
    with acts.opened(session, instance, actor=SYSTEM, now=now) as act:
        moved = events.reschedule(act.work)
    return moved  # noqa: RET504  the act is saved in between


def set_values(
    session: Session, instance_id: int, *, values: Mapping[str, Value], actor: Actor, now: datetime, reason: str
) -> None:
    """Sets process values in all branches of the instance; raises InstanceClosed."""
    acts.checked(values)
    instance = instances.lock_running(session, instance_id)
    with acts.opened(session, instance, actor=actor, now=now) as act:
        work = act.work
        work.lines.append(history.Line("values_set", actor, now, detail={"values": dict(values), "reason": reason}))
        for frame in steps.frames(work.workflow):
            for task in frame.tasks.values():
                if task.has_state(TaskState.READY | TaskState.WAITING | TaskState.STARTED):
                    _write(task, values)


def record_incident(session: Session, failed: errors.StepFailed, *, now: datetime, code: str = "step") -> int | None:
    """Records that a step failed, once as long as it is open; None when there is no instance (a start that failed)."""
    if failed.instance_id is None:
        return None
    try:
        instance = instances.lock(session, failed.instance_id)
    except errors.UnknownInstance:
        return None
    columns = Incident.__table__.c
    same = (columns.instance_id == instance.id, columns.element == failed.element, columns.code == code)
    known = session.execute(select(columns.id).where(*same, columns.resolved_at.is_(None))).scalar()
    if known is not None:
        return int(known)
    row = {
        "instance_id": instance.id,
        "element": failed.element,
        "name": failed.name,
        "code": code,
        "detail": failed.reason,
        "created_at": now,
    }
    made = session.execute(insert(Incident.__table__).values(row).returning(columns.id)).scalar_one()  # type: ignore[arg-type]
    line = history.Line("incident", SYSTEM, now, failed.element, failed.name, detail={"reason": failed.reason})
    history.record(session, instance, line)
    return int(made)


def retry(session: Session, incident_id: int, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """Marks the incident as dealt with and makes the failed step due again: an outside call gets a new job, a timer
    fires at the next sweep, a person's task is open anyway. Raises UnknownIncident.
    """
    columns = Incident.__table__.c
    incident = session.execute(select(Incident.__table__).where(columns.id == incident_id)).one_or_none()
    if incident is None:
        raise errors.UnknownIncident(incident_id)
    instance = instances.lock_running(session, incident.instance_id)
    done = session.execute(
        update(Incident.__table__)  # type: ignore[arg-type]  # a Table
        .where(columns.id == incident_id, columns.resolved_at.is_(None))
        .values(resolved_at=now, resolved_by=actor.name)
    )
    if not done.rowcount:  # type: ignore[attr-defined]  # a cursor result
        raise errors.UnknownIncident(incident_id)
    waiting = select(Waiting.key).where(
        Waiting.instance_id == instance.id, Waiting.kind == WaitingKind.HANDLER, Waiting.element == incident.element
    )
    for key in session.execute(waiting).scalars():
        jobs.enqueue(session, jobs.CALL_HANDLER, instance_id=instance.id, key=key.hex)
    line = history.Line("retried", actor, now, incident.element, incident.name, detail={"reason": reason})
    history.record(session, instance, line)
