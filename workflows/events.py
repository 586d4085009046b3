"""Messages, signals and outside calls: what one instance says to another, always by a job, never by holding two
locks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import select

from workflows import definitions, history, jobs, letters, markup, reasons, specs, starts, steps, throwing, values
from workflows.models import Instance, InstanceStatus, Waiting, WaitingKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from SpiffWorkflow.bpmn.util import BpmnEvent
    from SpiffWorkflow.task import Task
    from sqlalchemy.orm import Session

    from workflows.handlers import Value
    from workflows.steps import Work

# A wake that fires more often than this stands before a cycle that never ends.
_MOST_FIRINGS = 10_000


def listeners(session: Session, kind: WaitingKind, name: str, subject: str) -> list[int]:
    """The instances that wait for this message about this subject, or for this signal (subject "")."""
    query = (
        select(Waiting.instance_id)
        .join(Instance, Instance.id == Waiting.instance_id)
        .where(
            Waiting.kind == kind,
            Waiting.name == name,
            Waiting.correlation == subject,
            # Who is suspended takes it later.
            Instance.status.in_((InstanceStatus.RUNNING, InstanceStatus.SUSPENDED)),
        )
        .distinct()
        .order_by(Waiting.instance_id)
    )
    return list(session.execute(query).scalars())


def leave_jobs(work: Work) -> None:
    """Leaves a job for each outside call that began in this run, and for what the process has said to others."""
    for task in work.outside:
        jobs.enqueue(work.session, jobs.CALL_HANDLER, instance_id=work.instance.id, key=task.id.hex)
    for event in work.said:
        _pass_on(work, event)


def bring_letters(session: Session, *, now: datetime, most: int) -> int:
    """Leaves the jobs that bring kept messages to who awaits them by now; how many."""
    taken = letters.take(session, lambda instance_id: _runs(session, instance_id), now=now, most=most)
    for instance_id, message in taken:
        send_message(session, instance_id, message)
    return len(taken)


def _subject(work: Work, event: BpmnEvent) -> str:
    """The case that a message is about: its sender's, or the one that it is sent to."""
    return str(event.target or work.instance.subject)


def _pass_on(work: Work, event: BpmnEvent) -> None:
    """What others may take: a signal, a message that nobody in this instance took."""
    kind = _kind(event.event_definition)
    if kind is None:
        # A termination has been carried out, an escalation that nobody awaits has no effect.
        return
    name, subject = event.event_definition.name, _subject(work, event)
    if kind is WaitingKind.MESSAGE:
        if event.receivers == frozenset():
            # It goes to a pool that shows no process: out of the house.
            return
        message = letters.Message(name, subject, values.visible(event.payload or {}), event.receivers)
        if not post(work.session, message, sender=work.instance.id):
            letters.keep(work.session, message, now=work.now)
            detail = {"message": name, "subject": subject}
            work.lines.append(history.Line("message_kept", work.actor, work.now, name=name, detail=detail))
        return
    for listener in listeners(work.session, kind, name, ""):
        if listener != work.instance.id:
            send(work.session, listener, kind=kind, name=name, payload={})
    starts.leave_jobs(work.session, kind, name, subject=subject, payload={})


def post(session: Session, message: letters.Message, *, sender: int) -> bool:
    """Leaves the jobs that bring a message to who waits for it about its subject (but the sender), else to each process
    that it begins; whether there was anybody.
    """
    name, subject, processes = message.name, message.subject, message.processes
    others = [other for other in listeners(session, WaitingKind.MESSAGE, name, subject) if other != sender]
    if processes is not None:
        others = [other for other in others if _runs(session, other) & processes]
    for listener in others:
        send_message(session, listener, message)
    if others:
        # Who waits for a message comes before a process that it would begin; a signal does both.
        return True
    begun = starts.leave_jobs(
        session, WaitingKind.MESSAGE, name, subject=subject, payload=message.payload, processes=processes
    )
    return bool(begun)


def send_message(session: Session, instance_id: int, message: letters.Message) -> None:
    """Leaves the job that brings a message to one instance; where that no longer waits, it is for others or kept."""
    arguments: dict[str, Any] = {}
    if message.keep_for is not None:
        arguments["keep_for"] = message.keep_for.total_seconds()
    if message.processes is not None:
        arguments["processes"] = sorted(message.processes)
    payload, kind = dict(message.payload), WaitingKind.MESSAGE.value
    jobs.enqueue(
        session, jobs.DELIVER, instance_id=instance_id, kind=kind, name=message.name, payload=payload, **arguments
    )


def _runs(session: Session, instance_id: int) -> frozenset[str]:
    """The processes that an instance runs or may call."""
    definition_id = session.execute(select(Instance.definition_id).where(Instance.id == instance_id)).scalar_one()
    return definitions.specs(session, definition_id).processes


def send(session: Session, instance_id: int, *, kind: WaitingKind, name: str, payload: Mapping[str, Value]) -> None:
    """Leaves the job that brings a message (which is not kept) or signal to one instance."""
    jobs.enqueue(session, jobs.DELIVER, instance_id=instance_id, kind=kind.value, name=name, payload=dict(payload))


def _kind(definition: Any) -> WaitingKind | None:  # noqa: ANN401  a definition of the library
    if isinstance(definition, MessageEventDefinition):
        return WaitingKind.MESSAGE
    return WaitingKind.SIGNAL if isinstance(definition, SignalEventDefinition) else None


def catch(work: Work, kind: WaitingKind, name: str, payload: Mapping[str, Value]) -> bool:
    """Lets the waiting tasks of this instance take the message (the first that waits) or signal (all); whether one
    did.
    """
    expected = MessageEventDefinition(name) if kind is WaitingKind.MESSAGE else SignalEventDefinition(name)
    waiting = throwing.waiting_for(work.workflow, expected)
    for task in waiting[:1] if kind is WaitingKind.MESSAGE else waiting:
        if task.state != TaskState.WAITING:
            continue
        work.line(f"{kind.value}_received", task, **{kind.value: name, "values": dict(payload)})
        values.write(task, payload)
        steps.happen(work, task, expected)
        steps.advance(work)
    return bool(waiting)


def fire(work: Work) -> int:
    """Fires the timers that are due, in the order of their instants, each run to its next wait before the next;
    their number.
    """
    for fired in range(_MOST_FIRINGS):
        due = [(timer.due_at, task, timer) for task in _waiting(work) for timer in specs.pending(task)]
        due = [item for item in due if item[0] <= work.now]
        if not due:
            return fired
        at, task, timer = min(due, key=lambda item: item[0])
        line = work.line("timer_fired", task, due_at=at.isoformat())
        element = work.specs.info(task.workflow.spec.name, markup.drawn(timer.element))
        if element is not None:
            line.element, line.name = element.id, element.name
        steps.come(work, task)
        if (at, timer) in [(again.due_at, again) for again in specs.pending(task)]:
            raise work.failed(task, reasons.kept("timer_silent"))
        steps.advance(work)
    raise work.failed(work.workflow.task_tree, reasons.kept("timer_endless"))


def _waiting(work: Work) -> list[Task]:
    return list(work.workflow.event_manager.tasks.values())


def reschedule(work: Work) -> int:
    """Computes timers that hang on process values anew; returns how many moved."""
    moved = 0
    for task in _waiting(work):
        before = specs.pending(task)
        specs.reschedule(task)
        moved += before != specs.pending(task)
    return moved
