# ruff: noqa: SLF001  tokens are moved in the library's tree by its own protocol
"""What an intervention does to the tokens of one instance: pass a step without doing it, or stand somewhere else.

A token that is set down arrives as if it had come along a flow: events at a border begin to listen, deadlines are
counted from now, a call begins anew. What cannot be told apart from an accident is refused: an activity in the
middle of several instances, a gateway that counts where tokens come from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import EventBasedGateway
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.service_task import ServiceTask
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows import catching, errors, markup, steps, values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from workflows.handlers import Value
    from workflows.specs import ElementInfo
    from workflows.steps import Work

_EXPECTED = TaskState.PREDICTED_MASK | TaskState.FUTURE
_SPLIT = ".BoundaryEventSplit"
# What the normal form puts before an element, in this order: it waits for its data, takes them, gathers its tokens.
_BEFORE = (markup.AWAIT, markup.FILL, markup.ENTRY)
_ENTERED = frozenset(
    {*markup.ACTIVITIES, "intermediateCatchEvent", "intermediateThrowEvent", "endEvent", "eventBasedGateway"}
)


def standing(work: Work) -> Iterator[tuple[Any, ElementInfo]]:
    """The steps where tokens stand, callers first; events beside them wait with them and are no places of their own."""
    for frame in steps.frames(work.workflow):
        for task in frame.tasks.values():
            element = work.element(task)
            is_beside = isinstance(task.task_spec, BoundaryEvent | catching.Listener)
            if element is not None and task.has_state(catching.AT_REST) and not is_beside:
                yield task, element


def find(work: Work, key: UUID) -> tuple[Any, ElementInfo]:
    """The step under this key; raises InterventionRefused("gone")."""
    found = next((pair for pair in standing(work) if pair[0].id == key), None)
    if found is None:
        raise errors.InterventionRefused("", "gone")
    return found


def targets(work: Work, task: Any) -> list[ElementInfo]:  # noqa: ANN401  here and below: tasks, specs, frames
    """The elements to which this token can be moved: those drawn in the same process or subprocess."""
    frame = task.workflow
    found = (work.specs.info(frame.spec.name, spec.bpmn_id or "") for spec in frame.spec.task_specs.values())
    known = {info.id: info for info in found if info is not None and info.kind in _ENTERED}
    return [info for name, info in known.items() if _spec(frame, name) is not None]


def held(work: Work) -> dict[str, list[Value]]:
    """The values wherever tokens stand, each different one once, by name."""
    found: dict[str, list[Value]] = {}
    for frame in steps.frames(work.workflow):
        for task in frame.tasks.values():
            if task.has_state(catching.AT_REST):
                for name, value in values.visible(task.data).items():
                    if value not in found.setdefault(name, []):
                        found[name].append(value)
    return found


def overwrite(work: Work, given: Mapping[str, Value]) -> dict[str, list[Value]]:
    """Sets values wherever a token stands; returns what stood there before, each different value once."""
    before = {name: known for name, known in held(work).items() if name in given}
    for frame in steps.frames(work.workflow):
        for task in frame.tasks.values():
            if task.has_state(catching.AT_REST):
                values.write(task, given)
    return before


def skip(work: Work, task: Any, element: ElementInfo, given: Mapping[str, Value]) -> None:  # noqa: ANN401
    """Passes the step without doing it, with these values in place of what it would have given."""
    _refuse_instances(task, element)
    spec = task.task_spec
    if isinstance(spec, CatchingEvent):
        _skip_wait(work, task, element, given)
        return
    values.write(task, given)
    if isinstance(spec, SubWorkflowTask):
        work.workflow.subprocesses[task.id].cancel()
        task._set_state(TaskState.READY)
        steps.step(work, task)
    elif isinstance(spec, LoopTask):
        for child in list(spec._instances(task)):
            child.cancel()
        task._set_state(TaskState.READY)
        steps.step(work, task)
    elif isinstance(spec, ServiceTask):
        task.complete()
    elif task.state == TaskState.READY:
        steps.step(work, task)
    else:
        raise errors.InterventionRefused(element.id, "gateway")


def _skip_wait(work: Work, task: Any, element: ElementInfo, given: Mapping[str, Value]) -> None:  # noqa: ANN401
    if task.task_spec.name.endswith(markup.AWAIT):
        # What waits before an activity has not begun it; passing it would do the step without its data.
        raise errors.InterventionRefused(element.id, "data")
    definitions = catching.definitions(task)
    # Of an event that waits for the first of several any may come; behind a gateway each leads elsewhere.
    if len(definitions) != 1 and element.kind != "intermediateCatchEvent":
        raise errors.InterventionRefused(element.id, "gateway")
    values.write(task, given)
    steps.happen(work, task, definitions[0])


def move(work: Work, task: Any, element: ElementInfo, to: str) -> None:  # noqa: ANN401
    """Takes the token from where it stands and sets it down before another element of the same process."""
    _refuse_instances(task, element)
    frame = task.workflow
    spec = _spec(frame, to)
    if spec is None or to not in {info.id for info in targets(work, task)}:
        raise errors.InterventionRefused(to, "missing")
    data = dict(task.data)
    # First set down, then taken away: a process without a token would count as ended.
    _set_down(frame, spec, data)
    _take_away(task)


def _spec(frame: Any, element: str) -> Any:  # noqa: ANN401
    """The spec at which a token that comes to this element begins; None where nothing leads to it."""
    specs = frame.spec.task_specs
    entries = (specs.get(element + put_in) for put_in in (*_BEFORE, ""))
    found = next((entry for entry in entries if entry is not None), None)
    if found is None or found.bpmn_id != element:
        return None
    if any(isinstance(before, EventBasedGateway) for before in found.inputs):
        # The gateway waits for the events behind it; set down at one of them a token would pass it at once.
        return None
    return specs.get(element + _SPLIT, found) if found.inputs else None


def _set_down(frame: Any, spec: Any, data: dict[str, Any]) -> None:  # noqa: ANN401
    carrier = Task(frame, spec.inputs[0], frame.task_tree, TaskState.COMPLETED)
    carrier.data = data
    task = Task(frame, spec, carrier, TaskState.FUTURE)
    spec._predict(task, mask=_EXPECTED)
    spec._update(task)


def _take_away(task: Any) -> None:  # noqa: ANN401
    split = task.parent
    if split is not None and isinstance(split.task_spec, BoundaryEventSplit):
        split.cancel()
    else:
        task.cancel()


def _refuse_instances(task: Any, element: ElementInfo) -> None:  # noqa: ANN401
    """One of several instances is no token of its own; all of them together can be moved or skipped."""
    parent = task.parent
    if parent is not None and isinstance(parent.task_spec, LoopTask):
        raise errors.InterventionRefused(element.id, "instances")
