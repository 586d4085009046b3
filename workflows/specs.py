"""The pieces of a parsed diagram where the library's own would do the wrong thing, and the description of each element.

Timers keep an absolute instant, an event-based gateway lets one event win, conditions and scripts are in our language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.defaults import EventBasedGateway
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import CycleTimerEventDefinition, TimerEventDefinition
from SpiffWorkflow.bpmn.util import BpmnEvent, PendingBpmnEvent
from SpiffWorkflow.util.task import TaskState

from workflows import clock, errors, expressions, timers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

DUE = "due"


@dataclass(frozen=True, slots=True)
class ElementInfo:
    """What a diagram says of an element; message flows lead to `receivers` (None: none is drawn), a call to `start`."""

    id: str
    process: str
    name: str
    name_en: str
    kind: str
    role: str = ""
    form: str | None = None
    deadline: str | None = None
    waits_for: str = "own"
    priority: int = 50
    handler: str | None = None
    distinct_from: str | None = None
    to: str | None = None
    receivers: frozenset[str] | None = None
    lane: str | None = None
    four_eyes: frozenset[str] = frozenset()
    start: str = ""


@dataclass(frozen=True, slots=True)
class Start:
    """A way in which an instance begins: `name` is given to serializer.fresh, `kind` is "" for a plain start, else
    what starts it; `event` is the name of the message or signal, or the expression of the timer.
    """

    element: str
    name: str
    kind: str = ""
    event: str = ""


@dataclass(frozen=True)
class Specs:
    """A process ready to run: its own spec, those that it calls or embeds, and what is known of their elements.

    `elements` finds an element by its id (that of the top process first), `info` by the spec that holds it, too.
    """

    process: str
    top: Any
    subprocesses: Mapping[str, Any]
    elements: Mapping[str, ElementInfo]
    by_spec: Mapping[tuple[str, str], ElementInfo]
    processes: frozenset[str]
    definition_id: int = 0
    starts: tuple[Start, ...] = ()

    def info(self, spec: str, element: str) -> ElementInfo | None:
        """The element with this id in the process or subprocess named `spec`; None for the library's internal nodes."""
        return self.by_spec.get((spec, element))


@dataclass(frozen=True, slots=True)
class Pending:
    """A timer that a task waits for: the element that carries it and the instant at which it fires."""

    element: str
    due_at: datetime


class Language(PythonScriptEngine):  # type: ignore[misc]  # the library has no types
    """Evaluates conditions and scripts in the language of diagrams and in nothing else; raises ExpressionInvalid."""

    class _Environment:
        """The part of the library that evaluates without a task (message correlation)."""

        @staticmethod
        def evaluate(expression: str, context: Mapping[str, Any], _external: Any = None) -> Any:  # noqa: ANN401
            """The value of the expression."""
            return expressions.compile_expression(expression).evaluate(context)

    def __init__(self) -> None:
        super().__init__(self._Environment())

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:  # noqa: ANN401, ARG002
        """The value of the expression for the task's values."""
        return expressions.compile_expression(expression).evaluate(task.data)

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:  # noqa: ANN401, ARG002
        """Sets what the script assigns."""
        task.set_data(**expressions.compile_script(script).execute(task.data))
        return True

    def call_service(self, task: Any, **_arguments: Any) -> None:  # noqa: ANN401
        """Refused: service tasks run handlers of the host."""
        raise TypeError(task.task_spec.name)


class InstantTimer(TimerEventDefinition):  # type: ignore[misc]  # the library has no types
    """Fires once. The instant is computed when the task begins to wait and then stands in the task, with its offset."""

    def __init__(self, name: str, expression: str, element: str, **options: Any) -> None:  # noqa: ANN401
        super().__init__(name, expression, **options)
        self.element = element

    def _first(self, source: str, values: Mapping[str, Any], start: datetime) -> datetime:
        timer = timers.compile_timer(source)
        if not timer.cycle:
            return clock.due(source, values, start)
        return _occurrence(timer, 1, start)

    def due_at(self, task: Any) -> datetime:  # noqa: ANN401
        """The instant for this task; computed at the first call."""
        kept = task.internal_data.setdefault(DUE, {})
        if self.element not in kept:
            start = clock.now()
            with errors.placed(task):
                due = self._first(self.expression, task.data, start)
            kept[self.element] = {"start": start.isoformat(), "due": due.isoformat()}
        return datetime.fromisoformat(kept[self.element]["due"])

    def has_come(self, task: Any) -> bool:  # noqa: ANN401
        """Whether the instant has come (at the very instant it has)."""
        return self.due_at(task) <= clock.now()

    def has_fired(self, my_task: Any) -> bool:  # noqa: ANN401
        """Whether the event has happened."""
        if self.has_come(my_task):
            my_task._set_internal_data(event_fired=True)  # noqa: SLF001  the library's own protocol
        return bool(my_task._get_internal_data("event_fired", False))  # noqa: SLF001

    def reset(self, my_task: Any) -> None:  # noqa: ANN401
        """Forgets the instant, so that a next round counts anew."""
        my_task.internal_data.get(DUE, {}).pop(self.element, None)
        super().reset(my_task)

    def details(self, my_task: Any) -> Any:  # noqa: ANN401
        """What the library shows of a waiting event."""
        return PendingBpmnEvent(self.name, type(self).__name__, self.due_at(my_task).isoformat())

    def reschedule(self, task: Any) -> None:  # noqa: ANN401
        """Computes the instant anew from the values as they are now, still counted from when the wait began."""
        kept = task.internal_data.get(DUE, {}).get(self.element)
        if kept is not None and timers.compile_timer(self.expression).names:
            start = datetime.fromisoformat(kept["start"])
            kept["due"] = self._first(self.expression, task.data, start).isoformat()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, InstantTimer) and self.element == other.element

    def __hash__(self) -> int:
        return hash(self.element)


def occurrence(source: str, number: int, activated: datetime) -> datetime | None:
    """The instant of the occurrence of this number of a timer that was activated then; None after the last."""
    timer = timers.compile_timer(source)
    if not timer.cycle:
        return clock.due(source, {}, activated) if number == 1 else None
    if timer.repetitions is not None and number > timer.repetitions:
        return None
    due = _occurrence(timer, number, activated)
    return None if timer.end and due > clock.due(timer.end, {}, due) else due


def _occurrence(timer: timers.Timer, number: int, activated: datetime) -> datetime:
    """The instant of the occurrence of this number (the first is 1) of a cycle that was activated then.

    With a start, the first occurrence is that instant; otherwise it comes one interval after the activation.
    """
    if timer.start:
        start = clock.due(timer.start, {}, activated)
        return clock.due(timer.occurrence(number - 1), {}, start) if number > 1 else start
    return clock.due(timer.occurrence(number), {}, activated)


class CycleTimer(CycleTimerEventDefinition):  # type: ignore[misc]  # the library has no types
    """Fires again and again beside an activity that goes on; number and instant of the next time stand in the task."""

    def __init__(self, name: str, expression: str, element: str, **options: Any) -> None:  # noqa: ANN401
        super().__init__(name, expression, **options)
        self.element = element

    def _state(self, task: Any) -> dict[str, Any]:  # noqa: ANN401
        kept: dict[str, Any] = task.internal_data.setdefault(DUE, {})
        if self.element not in kept:
            first: dict[str, Any] = {"start": clock.now().isoformat(), "number": 1}
            with errors.placed(task):
                self._set_next(first)
            kept[self.element] = first
        state: dict[str, Any] = kept[self.element]
        return state

    def _set_next(self, state: dict[str, Any]) -> None:
        due = occurrence(self.expression, state["number"], datetime.fromisoformat(state["start"]))
        state["due"] = due.isoformat() if due else None

    def due_at(self, task: Any) -> datetime | None:  # noqa: ANN401
        """The instant of the next occurrence; None after the last."""
        due = self._state(task)["due"]
        return datetime.fromisoformat(due) if due else None

    def has_fired(self, my_task: Any) -> bool:  # noqa: ANN401
        """Whether all occurrences have passed, which ends the event."""
        if self.due_at(my_task) is None:
            my_task._set_internal_data(event_fired=True)  # noqa: SLF001  the library's own protocol
        return bool(my_task._get_internal_data("event_fired", False))  # noqa: SLF001

    def cycle_complete(self, my_task: Any) -> bool:  # noqa: ANN401
        """Whether the next occurrence has come; counts it. One call passes one, so that missed ones are caught up."""
        state = self._state(my_task)
        due = state["due"]
        if due is None or datetime.fromisoformat(due) > clock.now():
            return False
        state["number"] += 1
        self._set_next(state)
        return True

    def reset(self, my_task: Any) -> None:  # noqa: ANN401
        """Forgets the count, so that a next round begins anew."""
        my_task.internal_data.get(DUE, {}).pop(self.element, None)
        super().reset(my_task)

    def details(self, my_task: Any) -> Any:  # noqa: ANN401
        """What the library shows of a waiting event."""
        return PendingBpmnEvent(self.name, type(self).__name__, self._state(my_task)["due"])

    def reschedule(self, task: Any) -> None:  # noqa: ANN401
        """A cycle hangs on no process value: nothing to compute anew."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CycleTimer) and self.element == other.element

    def __hash__(self) -> int:
        return hash(self.element)


class FirstOf(MultipleEventDefinition):  # type: ignore[misc]  # the library has no types
    """What an event-based gateway waits for: the first of several events, the earliest when several timers are due."""

    def has_fired(self, my_task: Any) -> bool:  # noqa: ANN401
        """Whether one of the events has happened."""
        due = [item for item in self.event_definitions if isinstance(item, InstantTimer) and item.has_come(my_task)]
        if due and not my_task.internal_data.get("seen_events"):
            winner = min(due, key=lambda timer: timer.due_at(my_task))
            my_task.internal_data["seen_events"] = [BpmnEvent(winner)]
        return bool(my_task.internal_data.get("seen_events"))


class EventGateway(EventBasedGateway):  # type: ignore[misc]  # the library has no types
    """Takes exactly one way, that of the first event, and forgets the event, which no document could hold."""

    def _run_hook(self, my_task: Any) -> Any:  # noqa: ANN401
        my_task.internal_data["seen_events"] = my_task.internal_data.get("seen_events", [])[:1]
        result = super()._run_hook(my_task)
        my_task.internal_data.pop("seen_events", None)
        return result


def _definitions(task: Any) -> Iterable[Any]:  # noqa: ANN401
    definition = getattr(task.task_spec, "event_definition", None)
    return definition.event_definitions if isinstance(definition, MultipleEventDefinition) else (definition,)


def _timers(task: Any) -> Iterator[InstantTimer | CycleTimer]:  # noqa: ANN401
    return (item for item in _definitions(task) if isinstance(item, InstantTimer | CycleTimer))


def pending(task: Any) -> tuple[Pending, ...]:  # noqa: ANN401
    """The timers that a waiting task has, each with its instant; empty for any other task."""
    if task.state != TaskState.WAITING:
        return ()
    due = ((timer.element, timer.due_at(task)) for timer in _timers(task))
    return tuple(Pending(element, at) for element, at in due if at is not None)


def reschedule(task: Any) -> None:  # noqa: ANN401
    """Computes the timers of a waiting task anew from its values; those that hang on none keep their instants."""
    for timer in _timers(task):
        timer.reschedule(task)
