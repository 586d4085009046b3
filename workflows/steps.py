"""One run: from what a person or an event did to the next wait, through gateways, scripts and service tasks."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import (
    ErrorEventDefinition,
    EscalationEventDefinition,
    SignalEventDefinition,
)
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.service_task import ServiceTask
from SpiffWorkflow.util.task import TaskState
from sqlalchemy.exc import OperationalError

from workflows import catching, compaction, errors, history, markup, reasons, throwing, values
from workflows.handlers import Call, Mode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from SpiffWorkflow.task import Task
    from sqlalchemy.orm import Session

    from workflows.handlers import Actor, Environment, Registered, Value
    from workflows.instances import Locked
    from workflows.serializer import Run
    from workflows.specs import ElementInfo, Specs

# A diagram whose automatic steps run in a circle must fail, not run for ever.
MAX_STEPS = 10_000
# At so many places an instance may stand at once: what multiplies its tokens stops before it fills the memory.
MAX_PLACES = 2_500
_COMPACT_EVERY = 100


@dataclass(slots=True)
class Work:
    """One act on one locked instance: who, when, and what it left behind so far."""

    session: Session
    environment: Environment
    instance: Locked
    specs: Specs
    workflow: Run
    actor: Actor
    now: datetime
    lines: list[history.Line] = field(default_factory=list)
    passed: dict[str, list[str]] = field(default_factory=dict)
    outside: list[Task] = field(default_factory=list)
    said: list[Any] = field(default_factory=list)

    def element(self, task: Task) -> ElementInfo | None:
        """What the diagram says of the element of this task."""
        return self.specs.info(task.workflow.spec.name, task.task_spec.bpmn_id)

    def completed(self, task: Task) -> None:
        """Notes that a token has passed this task's element."""
        element = self.element(task) if not task.task_spec.name.endswith(markup.PUT_IN) else None
        if element is not None and element.id not in self.passed.setdefault(element.process, []):
            self.passed[element.process].append(element.id)

    def line(self, kind: str, task: Task, **detail: Any) -> history.Line:  # noqa: ANN401  any JSON
        """Adds a line of history about this task's element."""
        element = self.element(task)
        line = history.Line(kind, self.actor, self.now, detail=detail)
        if element is not None:
            line.element, line.name = element.id, element.name
            line.detail["process"] = element.process
        self.lines.append(line)
        return line

    def failed(self, task: Task, reason: str) -> errors.StepFailed:
        """The error that says that this task's element could not be done."""
        element = self.element(task)
        name = element.name if element is not None else markup.drawn(task.task_spec.name)
        drawn = task.task_spec.bpmn_id or markup.drawn(task.task_spec.name)
        return errors.StepFailed(drawn, name, reason, self.instance.id)


def frames(workflow: Run) -> Iterator[Any]:
    """The workflow and what it has called, callers first."""
    yield workflow
    yield from workflow.subprocesses.values()


def find(workflow: Run, key: UUID) -> Task | None:
    """The task with this key, wherever in the workflow."""
    return next((frame.tasks[key] for frame in frames(workflow) if key in frame.tasks), None)


def advance(work: Work) -> None:
    """Runs what can run without people and events; raises StepFailed."""
    for number in range(MAX_STEPS):
        task = _next(work.workflow)
        if task is not None:
            step(work, task)
        elif not _meet_conditions(work):
            _refuse_deadlock(work)
            _refuse_crowd(work)
            return
        if number % _COMPACT_EVERY == _COMPACT_EVERY - 1:
            compaction.compact(work.workflow)
            _refuse_crowd(work)
    raise work.failed(task or work.workflow.task_tree, reasons.kept("circle"))


def _refuse_crowd(work: Work) -> None:
    """A process that multiplies its tokens without end is stopped while it can still be looked at."""
    if sum(len(frame.tasks) for frame in frames(work.workflow)) <= MAX_PLACES:
        return
    tasks = [
        task for frame in frames(work.workflow) for task in frame.tasks.values() if task.has_state(catching.AT_REST)
    ]
    if len(tasks) > MAX_PLACES:
        raise work.failed(tasks[-1], reasons.kept("crowd", number=MAX_PLACES))


def _next(workflow: Run) -> Task | None:
    """The first ready task that no person does; what was called comes before its caller."""
    for frame in sorted(frames(workflow), key=lambda frame: -frame.depth):
        if not frame.completed:
            for task in frame.tasks.values():
                if task.state == TaskState.READY and not task.task_spec.manual:
                    return task
    return None


def step(work: Work, task: Task) -> None:
    """Runs one task and what it triggers at once; raises StepFailed."""
    with _told(work, task):
        task.run()
        if task.state == TaskState.STARTED and isinstance(task.task_spec, ServiceTask):
            _serve(work, task)
        if task.state == TaskState.COMPLETED:
            work.completed(task)
        for event in work.workflow.get_events():
            _throw(work, task, event)


@contextmanager
def _told(work: Work, task: Task) -> Iterator[None]:
    """Makes whatever goes wrong here a failed step of this task: the library raises what it likes on odd data."""
    try:
        yield
    except (OperationalError, errors.StepFailed):
        # A deadlock or a lost connection says nothing about the diagram.
        raise
    except Exception as error:
        raise work.failed(place_of(error) or task, reasons.of(error)) from error


def happen(work: Work, task: Task, definition: Any, given: Mapping[str, Any] | None = None) -> None:  # noqa: ANN401
    """Lets the event of a waiting task happen, with values that it brings (stamped); raises StepFailed."""
    with _told(work, task):
        happened = catching.take(task, definition, given)
    if happened and isinstance(task.task_spec, BoundaryEvent):
        work.completed(task)


def come(work: Work, task: Task) -> None:
    """Lets a waiting task look whether its timer has come; raises StepFailed."""
    with _told(work, task):
        task.task_spec._update(task)  # noqa: SLF001  the library's own protocol


def _throw(work: Work, thrower: Task, event: Any) -> None:  # noqa: ANN401  an event of the library
    """Brings what a task threw to who catches it; signals leave the instance too, messages when nobody in it waits."""
    definition, taken = event.event_definition, False
    is_signal = isinstance(definition, SignalEventDefinition)
    element = work.element(thrower)
    event.receivers = element.receivers if element else None
    event.target = throwing.addressee(thrower, element.to, work.instance.subject) if element and element.to else None
    for task in throwing.receivers(work.workflow, thrower, event):
        happen(work, task, definition, None if is_signal else throwing.carried(thrower, task))
        taken = True
    if isinstance(definition, ErrorEventDefinition) and not taken:
        work.line("error_uncaught", thrower, code=definition.code or "")
        throwing.end(work.workflow, thrower)
    elif is_signal or not taken:
        work.said.append(event)


def _meet_conditions(work: Work) -> bool:
    """Lets the first conditional event happen whose condition has become true; whether there was one."""
    for task in list(work.workflow.event_manager.tasks.values()):
        for definition in catching.definitions(task):
            if isinstance(definition, catching.Condition) and task.state == TaskState.WAITING:
                with _told(work, task):
                    data = catching.seen_values(task)
                    is_met = definition.becomes_true(task, data)
                if is_met:
                    happen(work, task, definition, data)
                    return True
    return False


def place_of(error: BaseException) -> Task | None:
    """The task whose expression could not be evaluated, where that is not the one that ran: the next waits already."""
    return error.place if isinstance(error, errors.ExpressionInvalid) else None


def _serve(work: Work, task: Task) -> None:
    element = work.element(task)
    if element is None or not element.handler:
        raise work.failed(task, reasons.kept("handler_unnamed"))
    handler = work.environment.handlers.get(element.handler)
    if handler.mode is Mode.OUTSIDE:
        work.outside.append(task)
        return
    try:
        outputs = _called(work, task, handler)
    except errors.ProcessError as known:
        fail(work, task, known.code)
    else:
        finish(work, task, handler, outputs)


def fail(work: Work, task: Task, code: str) -> None:
    """Lets an activity fail with an error that the diagram knows; raises StepFailed when nobody catches it."""
    definition = ErrorEventDefinition(code, code)
    found = throwing.caught_at(task, definition) or throwing.caught_above(task, definition)
    if found is None:
        raise work.failed(task, reasons.kept("uncaught", error=code))
    work.line("error_raised", task, code=code)
    happen(work, found, definition, throwing.carried(task, found))


def _called(work: Work, task: Task, handler: Registered) -> Mapping[str, Value]:
    try:
        return handler.run(call_of(work, task, handler))
    except (OperationalError, errors.StepFailed, errors.ProcessError):
        raise
    except Exception as error:  # a handler is foreign code; whatever it raises is a failed step
        raise work.failed(task, reasons.of(error)) from error


def call_of(work: Work, task: Task, handler: Registered) -> Call:
    """What the handler of this service task is given."""
    inputs = {name: task.data.get(name) for name in handler.inputs}
    return Call(
        session=work.session,
        instance_id=work.instance.id,
        subject=work.instance.subject,
        element=task.task_spec.bpmn_id,
        inputs=inputs,
        actor=work.actor,
        now=work.now,
        key=f"{work.instance.id}:{task.id.hex}",
    )


def finish(work: Work, task: Task, handler: Registered, outputs: Mapping[str, Value]) -> None:
    """Takes the outputs of a handler into the process and completes its task; raises StepFailed when they are not
    as declared.
    """
    undeclared = sorted(set(outputs) - set(handler.outputs))
    if undeclared:
        raise work.failed(task, reasons.kept("undeclared", handler=handler.name, names=", ".join(undeclared)))
    refused = values.refusal(outputs)
    if refused is not None:
        raise work.failed(task, reasons.kept("no_value", handler=handler.name, names=refused))
    values.write(task, outputs)
    work.line("handler_run", task, handler=handler.name, outputs=dict(outputs))
    task.complete()


def _refuse_deadlock(work: Work) -> None:
    """A process that nobody and nothing can move on must not wait silently."""
    if work.workflow.completed or any(map(_may_happen, work.workflow.event_manager.tasks.values())):
        return
    tasks = [task for frame in frames(work.workflow) for task in frame.tasks.values()]
    if any(task.state in {TaskState.READY, TaskState.STARTED} and _is_moved(task) for task in tasks):
        return
    stuck = next((task for task in tasks if task.state == TaskState.WAITING), work.workflow.task_tree)
    raise work.failed(stuck, reasons.kept("stuck"))


def _may_happen(task: Task) -> bool:
    """Whether what a task waits for can come from outside; errors and escalations come from the steps inside alone."""
    inner = (ErrorEventDefinition, EscalationEventDefinition)
    return not all(isinstance(item, inner) for item in catching.definitions(task))


def _is_moved(task: Task) -> bool:
    return task.task_spec.manual or isinstance(task.task_spec, ServiceTask)
