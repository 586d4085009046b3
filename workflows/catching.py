# ruff: noqa: SLF001  these classes are parts of the library, by its own protocol
"""Events that wait: at the border of an activity, beside a whole process or subprocess, in the way of a token.

What interrupts does so at once: whatever runs inside is gone before anything else happens. What does not interrupt
goes on waiting and sends out a token each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import CycleTimerEventDefinition, TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import CallActivity
from SpiffWorkflow.bpmn.util import BpmnEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows import expressions, values
from workflows.errors import ExpressionInvalid

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

AT_REST = TaskState.READY | TaskState.WAITING | TaskState.STARTED
_BEFORE = "held before"


class Condition(EventDefinition):  # type: ignore[misc]  # the library is untyped
    """Happens when an expression about the process values becomes true."""

    def __init__(self, name: str, expression: str, **options: Any) -> None:  # noqa: ANN401
        super().__init__(name, **options)
        self.expression = expression

    def becomes_true(self, task: Any, data: Mapping[str, Any]) -> bool:  # noqa: ANN401  here and below: tasks
        """Whether it holds now and did not at the last look; what reads a value that is not there yet does not hold."""
        holds = self.holds(data)
        # A gateway asks several conditions with one task; what was stored before knows one answer for all of them.
        known = f"{_BEFORE}: {self.expression}" if len(definitions(task)) > 1 else _BEFORE
        before = bool(task.internal_data.get(known, task.internal_data.get(_BEFORE)))
        if holds != before:
            task.internal_data[known] = holds
        return holds and not before

    def holds(self, data: Mapping[str, Any]) -> bool:
        """Whether it holds for these values."""
        try:
            return bool(expressions.compile_expression(self.expression).evaluate(data))
        except ExpressionInvalid as invalid:
            if invalid.code != "unknown_name":
                raise
            return False

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


class DataThere(Condition):
    """Happens when all values of one of several sets are there: `a b | c` stands for a and b, or c alone."""

    def holds(self, data: Mapping[str, Any]) -> bool:
        """Whether a set is there: what is empty (None) is not."""
        sets = (names.split() for names in self.expression.split("|"))
        return any(all(data.get(name) is not None for name in names) for names in sets)


class RepeatingEvent(BoundaryEvent):  # type: ignore[misc]  # the library is untyped
    """An event that may happen again and again beside an activity that goes on.

    The library hangs the tokens that it sends out below the event itself: they vanish when the activity ends, and
    the end of the process does not wait for them. Here they get a branch of their own outside of the activity with
    its border: one that leads back to the same activity begins it anew, and each is over by itself.
    """

    def _predict_hook(self, my_task: Any) -> None:  # noqa: ANN401, ARG002
        return

    def _update_hook(self, my_task: Any) -> bool:  # noqa: ANN401
        my_task._inherit_data()
        is_cycle = isinstance(self.event_definition, CycleTimerEventDefinition)
        if is_cycle and self.event_definition.has_fired(my_task):
            return True
        if my_task.state != TaskState.WAITING:
            my_task._set_state(TaskState.WAITING)
        my_task.workflow.top_workflow.event_manager.add_task(my_task)
        if is_cycle and self.event_definition.cycle_complete(my_task):
            self.send(my_task)
        return False

    def send(self, event: Any) -> None:  # noqa: ANN401
        """Sends out a token with the values of the event."""
        _send_outside(event, self.values(event))

    def values(self, event: Any) -> dict[str, Any]:  # noqa: ANN401
        """What the token carries."""
        return dict(event.data)


class OnceBeside(BoundaryEvent):  # type: ignore[misc]  # the library is untyped
    """A timer beside an activity that goes on: it comes once, and its token, too, is outside of the activity."""

    def _run_hook(self, my_task: Any) -> bool:  # noqa: ANN401
        done = bool(super()._run_hook(my_task))
        for child in my_task.children:
            if not _closes(child.task_spec):
                my_task.workflow._remove_task(child.id)
        _send_outside(my_task, dict(my_task.data))
        return done


def _closes(output: Any) -> bool:  # noqa: ANN401
    """Whether an output is no way, but the library's own end of an activity with its border."""
    return isinstance(output, BoundaryEventJoin)


def _send_outside(event: Any, data: dict[str, Any]) -> None:  # noqa: ANN401
    """Sends out a token of an event on a branch of its own, with this data."""
    around, spec = event.parent, event.task_spec
    outside = around.parent if isinstance(around.task_spec, BoundaryEventSplit) else around
    fired = Task(event.workflow, spec, outside, TaskState.COMPLETED)
    fired.data = data
    for output in spec.outputs:
        if not _closes(output):
            token = fired._add_child(output, TaskState.FUTURE)
            output._predict(token, mask=TaskState.NOT_FINISHED_MASK)
            output._update(token)
    fired.data = {}


class Listener(BoundaryEvent):  # type: ignore[misc]  # the library is untyped
    """The start of an event subprocess: listens as long as the scope around it lives."""

    def _predict_hook(self, my_task: Any) -> None:  # noqa: ANN401, ARG002
        return

    def _run_hook(self, my_task: Any) -> bool:  # noqa: ANN401
        my_task.data = scope_values(my_task.workflow, my_task.data)
        if self.cancel_activity:
            withdraw(my_task.workflow, {my_task.id})
        self.event_definition.reset(my_task)
        my_task._sync_children(self.outputs, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


class RepeatingListener(RepeatingEvent, Listener):
    """The start of an event subprocess that may begin again and again."""

    def values(self, event: Any) -> dict[str, Any]:  # noqa: ANN401
        """What its token carries: the values of the scope as they are now."""
        return scope_values(event.workflow, event.data)


def repeats(spec: Any) -> bool:  # noqa: ANN401
    """Whether an event at a border or beside a scope can happen more than once."""
    if not isinstance(spec, BoundaryEvent) or spec.cancel_activity:
        return False
    definition = spec.event_definition
    return isinstance(definition, CycleTimerEventDefinition) or not isinstance(definition, TimerEventDefinition)


def install(spec: Any) -> None:  # noqa: ANN401
    """Makes an event of the library one of these where it happens beside an activity or scope that goes on."""
    if repeats(spec):
        spec.__class__ = RepeatingListener if isinstance(spec, Listener) else RepeatingEvent
    elif isinstance(spec, BoundaryEvent) and not isinstance(spec, Listener) and not spec.cancel_activity:
        spec.__class__ = OnceBeside


def definitions(task: Any) -> tuple[Any, ...]:  # noqa: ANN401
    """What a waiting task waits for."""
    definition = getattr(task.task_spec, "event_definition", None)
    return tuple(definition.event_definitions) if isinstance(definition, MultipleEventDefinition) else (definition,)


def take(task: Any, definition: Any, given: Mapping[str, Any] | None = None) -> bool:  # noqa: ANN401
    """Lets the event of a waiting task happen, with the values that it brings (stamped); whether it may run now.

    An event at a border or beside a scope has run when this returns.
    """
    if given:
        task.data = values.merged([task.data, given])
    spec = task.task_spec
    if isinstance(spec, RepeatingEvent):
        spec.send(task)
        return True
    spec.event_definition.catch(task, BpmnEvent(definition, payload={}))
    if not spec.event_definition.has_fired(task):
        return False
    task._ready()
    if isinstance(spec, BoundaryEvent):
        task.run()
    return True


def _frames_of(frame: Any, hidden: frozenset[str] = frozenset()) -> Iterator[tuple[Any, frozenset[str]]]:  # noqa: ANN401
    """A scope and the subprocesses drawn inside it that run now, each with the names that only it sees."""
    yield frame, hidden
    top = frame.top_workflow
    for owner, inner in list(top.subprocesses.items()):
        if owner in frame.tasks and not inner.completed and not isinstance(frame.tasks[owner].task_spec, CallActivity):
            yield from _frames_of(inner, hidden | only_inside(frame.tasks[owner]))


def scope_values(frame: Any, own: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ANN401
    """The values of all tokens of a scope in one: of each the one written last; what only an instance sees stays."""
    copies = [
        values.without(task.data, hidden | only_inside(task))
        for part, hidden in _frames_of(frame)
        for task in part.tasks.values()
        if task.has_state(AT_REST)
    ]
    return values.merged([own, *copies])


def seen_values(task: Any) -> dict[str, Any]:  # noqa: ANN401
    """What a waiting event sees: the values of its scope, and what other tokens of the process have written since."""
    frame, seen = task.workflow, scope_values(task.workflow, task.data)
    own: set[str] = set()
    while frame.parent_task_id is not None:
        owner = frame.top_workflow.get_task_from_id(frame.parent_task_id)
        if isinstance(owner.task_spec, CallActivity):
            break
        own |= only_inside(owner)
        frame = owner.workflow
    if frame is task.workflow:
        return seen
    outside = values.without(scope_values(frame, {}), own)
    stamps = seen.get(values.STAMPS, {})
    news = {name for name, stamp in outside.get(values.STAMPS, {}).items() if stamp > stamps.get(name, 0)}
    return values.merged([seen, values.without(outside, outside.keys() - news - {values.STAMPS})])


def only_inside(activity: Any) -> frozenset[str]:  # noqa: ANN401
    """The names that only an instance of this activity sees, where it is done several times."""
    loop = activity.parent
    if loop is None or not isinstance(loop.task_spec, LoopTask) or loop.task_spec.task_spec != activity.task_spec.name:
        return frozenset()
    names: frozenset[str] = loop.task_spec.own_names()
    return names


def withdraw(frame: Any, kept: Collection[Any] = ()) -> None:  # noqa: ANN401
    """Takes all tokens of a process or subprocess away, but those of these ids."""
    for task in list(frame.tasks.values()):
        if task.id in kept or task.id not in frame.tasks or task.has_state(TaskState.FINISHED_MASK):
            continue
        alone = task.parent is None or task.parent.has_state(TaskState.FINISHED_MASK)
        if task.has_state(AT_REST) or alone:
            task.cancel()
