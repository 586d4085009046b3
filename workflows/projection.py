"""What a workflow says to the world in rows: open tasks for people, and what it waits for. Only differences are
written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.service_task import ServiceTask
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import select

from workflows import catching, clock, errors, markup, reasons, specs, steps, values
from workflows.models import Entry, WaitingKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from SpiffWorkflow.task import Task as Node

    from workflows.serializer import Run
    from workflows.specs import ElementInfo
    from workflows.steps import Work

Key = tuple["UUID", str, str]


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that a workflow waits for; `element` carries it."""

    element: str
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class View:
    """The rows that a workflow asks for at this moment."""

    tasks: dict[UUID, Node]
    waits: dict[Key, Wait]


EMPTY = View({}, {})


def view(workflow: Run) -> View:
    """What rows there should be. A workflow that is over asks for none."""
    if workflow.completed:
        return EMPTY
    tasks: dict[UUID, Node] = {}
    waits: dict[Key, Wait] = {}
    for frame in steps.frames(workflow):
        for key, task in frame.tasks.items():
            if task.state == TaskState.READY and task.task_spec.manual:
                tasks[key] = task
            elif task.state == TaskState.STARTED and isinstance(task.task_spec, ServiceTask):
                waits[key, WaitingKind.HANDLER, ""] = Wait(task.task_spec.bpmn_id)
    for key, task in workflow.event_manager.tasks.items():
        waits.update({(key, kind, name): wait for kind, name, wait in _events(task)})
    return View(tasks, waits)


def _events(task: Node) -> Iterator[tuple[str, str, Wait]]:
    if task.state != TaskState.WAITING:
        return
    for pending in specs.pending(task):
        yield WaitingKind.TIMER, pending.element, Wait(markup.drawn(pending.element), pending.due_at)
    definition = task.task_spec.event_definition
    for item in definition.event_definitions if isinstance(definition, MultipleEventDefinition) else [definition]:
        if isinstance(item, MessageEventDefinition):
            yield WaitingKind.MESSAGE, item.name, Wait(task.task_spec.bpmn_id)
        elif isinstance(item, SignalEventDefinition):
            yield WaitingKind.SIGNAL, item.name, Wait(task.task_spec.bpmn_id)
        elif isinstance(item, catching.Condition):
            element = markup.drawn(task.task_spec.bpmn_id or task.task_spec.name)
            yield WaitingKind.CONDITION, item.expression, Wait(element)
        elif not isinstance(item, NoneEventDefinition):
            continue


@dataclass(frozen=True, slots=True)
class Differences:
    """The rows that come and go."""

    tasks: list[dict[str, Any]]
    gone_tasks: list[UUID]
    waits: list[dict[str, Any]]
    gone_waits: list[dict[str, Any]]


def differences(work: Work, before: View, after: View) -> Differences:
    """What has to be written. Raises StepFailed when nobody would see a task."""
    return Differences(
        tasks=[task_row(work, task) for key, task in after.tasks.items() if key not in before.tasks],
        gone_tasks=[key for key in before.tasks if key not in after.tasks],
        waits=[_wait_row(work, key, wait) for key, wait in after.waits.items() if before.waits.get(key) != wait],
        gone_waits=[
            {"key": key, "kind": kind, "name": name}
            for key, kind, name in before.waits
            if (key, kind, name) not in after.waits
        ],
    )


def _wait_row(work: Work, key: Key, wait: Wait) -> dict[str, Any]:
    number, kind, name = key
    return {
        "key": number,
        "kind": kind,
        "name": name,
        "element": wait.element,
        "correlation": work.instance.subject if kind == WaitingKind.MESSAGE else "",
        "due_at": wait.due_at,
    }


def task_row(work: Work, task: Node) -> dict[str, Any]:
    """What an inbox shows of a task that opens now. Raises StepFailed when nobody would see it."""
    element = work.element(task)
    if element is None:
        raise work.failed(task, reasons.kept("element_unknown"))
    return {
        "key": task.id,
        "subject": work.instance.subject,
        "process": element.process,
        "element": element.id,
        "name": element.name,
        "role": _role(work, task, element),
        "form": element.form,
        "waits_for": element.waits_for,
        "priority": element.priority,
        "due_at": _due(work, task, element),
        "created_at": work.now,
        "changed_at": work.now,
        "excluded_id": _excluded(work, element),
    }


def _role(work: Work, task: Node, element: ElementInfo) -> str:
    """The role that does the task; a task without one would lie where nobody looks."""
    role = task.data.get(element.role[1:]) if element.role.startswith("=") else element.role
    if not isinstance(role, str) or not role.strip():
        raise work.failed(task, reasons.kept("no_role_value" if element.role else "no_role", name=element.role[1:]))
    return role


def _due(work: Work, task: Node, element: ElementInfo) -> datetime | None:
    if not element.deadline:
        return None
    try:
        return clock.due(element.deadline, values.visible(task.data))
    except errors.ExpressionInvalid as error:
        raise work.failed(task, reasons.of(error)) from error


def _excluded(work: Work, element: ElementInfo) -> int | None:
    """Who completed the other of two tasks that one person may not both do: the last time, in this instance."""
    if not element.distinct_from:
        return None
    for line in reversed(work.lines):
        if line.kind == "task_completed" and line.element == element.distinct_from:
            return line.actor.id or None
    columns = Entry.__table__.c
    query = (
        select(columns.actor_id)
        .where(
            columns.instance_id == work.instance.id,
            columns.element == element.distinct_from,
            columns.kind == "task_completed",
        )
        .order_by(columns.sequence.desc())
        .limit(1)
    )
    return work.session.execute(query).scalar() or None
