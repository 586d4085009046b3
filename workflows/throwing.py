# ruff: noqa: SLF001  the library has no public way to end a workflow
"""Events that happen inside: who catches them.

An error or escalation goes outward from where it was thrown: first to an event subprocess of the scope, then to the
border of the activity around it, and so on, through call activities too. A signal goes to all who wait, a message to
one; both leave the instance by a job.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import (
    ErrorEventDefinition,
    EscalationEventDefinition,
    SignalEventDefinition,
)
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from workflows import catching, markup, values
from workflows.errors import ExpressionInvalid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from SpiffWorkflow.bpmn.util import BpmnEvent
    from SpiffWorkflow.task import Task

    from workflows.serializer import Run

_COME_UP = (ErrorEventDefinition, EscalationEventDefinition)


def caught_above(task: Task, definition: Any) -> Task | None:  # noqa: ANN401  a definition of the library
    """The event that catches an error or escalation that this task throws; None when nobody does."""
    frame, owner = task.workflow, None
    while True:
        if owner is None or not _is_event_subprocess(owner):
            listening = [found for found in frame.tasks.values() if isinstance(found.task_spec, catching.Listener)]
            if (found := _best(listening, definition)) is not None:
                return found
        if frame.parent_task_id is None:
            return None
        owner = frame.top_workflow.get_task_from_id(frame.parent_task_id)
        if (found := caught_at(owner, definition)) is not None:
            return found
        frame = owner.workflow


def carried(thrower: Task, catcher: Task) -> dict[str, Any]:
    """The values that an error or escalation takes along; what only an instance of a loop sees ends with it."""
    task, own = thrower, set[str]()
    while True:
        own |= catching.only_inside(task)
        if task.workflow is catcher.workflow or task.workflow.parent_task_id is None:
            break
        task = task.workflow.top_workflow.get_task_from_id(task.workflow.parent_task_id)
    return values.without(thrower.data, own)


def _is_event_subprocess(owner: Task) -> bool:
    """Whether this activity is an event subprocess: what it throws is not for its neighbours."""
    name = owner.task_spec.name
    ends = owner.task_spec.outputs
    return any(end.name == f"{name}{markup.END}" for end in ends)


def caught_at(task: Task, definition: Any) -> Task | None:  # noqa: ANN401
    """The event at the border of this activity that catches an error or escalation."""
    activity = task.parent if task.parent is not None and isinstance(task.parent.task_spec, LoopTask) else task
    split = activity.parent
    if split is None or not isinstance(split.task_spec, BoundaryEventSplit):
        return None
    return _best([child for child in split.children if child is not activity], definition)


def _best(tasks: list[Task], definition: Any) -> Task | None:  # noqa: ANN401
    """Who names the code before who catches any."""
    waiting = [task for task in tasks if task.state == TaskState.WAITING]
    fitting = [task for task in waiting if task.task_spec.event_definition == definition]
    return min(fitting, key=lambda task: task.task_spec.event_definition.code is None, default=None)


def waiting_for(workflow: Run, definition: Any) -> list[Task]:  # noqa: ANN401
    """The tasks of an instance that wait for a message or signal of this name, in the order in which they began."""
    waiting = [task for task in workflow.event_manager.tasks.values() if task.state == TaskState.WAITING]
    return [task for task in waiting if definition in catching.definitions(task)]


def addressee(thrower: Task, name: str, own: str) -> str | None:
    """The other case to which a message is sent, by the process value that names it; None for the own one."""
    subject = thrower.data.get(name)
    if not isinstance(subject, str | int) or isinstance(subject, bool) or not str(subject).strip():
        raise ExpressionInvalid(name, "no_case", place=thrower)
    return None if str(subject) == own else str(subject)


def receivers(workflow: Run, thrower: Task, event: BpmnEvent) -> Iterator[Task]:
    """Who in the same instance catches what this task threw; ask for the next when the one before has run."""
    definition = event.event_definition
    if isinstance(definition, _COME_UP):
        found = caught_above(thrower, definition)
        if found is not None:
            yield found
    elif isinstance(definition, SignalEventDefinition):
        yield from (task for task in waiting_for(workflow, definition) if task.state == TaskState.WAITING)
    elif isinstance(definition, MessageEventDefinition) and event.target is None and event.receivers is None:
        yield from waiting_for(workflow, definition)[:1]


def end(workflow: Run, last: Task) -> None:
    """Ends an instance because of an error that nobody catches: no token is left."""
    catching.withdraw(workflow)
    workflow._mark_complete(last)
