"""One process instance in the hands of the player: run by the same steps as in the database, stored and loaded again
between any two of them, so that what is played survives what a real case survives.
"""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.service_task import ServiceTask
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from workflows import (
    clock,
    compaction,
    errors,
    events,
    markup,
    player_answers,
    player_tape,
    projection,
    reasons,
    serializer,
    steps,
    values,
)
from workflows.handlers import SYSTEM
from workflows.instances import Locked
from workflows.models import InstanceStatus, WaitingKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from workflows.handlers import Environment, Value
    from workflows.player_tape import Recorder, Tape
    from workflows.specs import ElementInfo, Specs

_AT_REST = TaskState.READY | TaskState.WAITING | TaskState.STARTED
_SERVED = frozenset({"serviceTask", "businessRuleTask"})
_PASSES = frozenset({"task", "scriptTask", "sendTask"})
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
SUBJECT = "1"


@dataclass(frozen=True, slots=True)
class Open:
    """A step that somebody has to complete; `once` marks an optional step that is offered again and again."""

    key: Any
    element: str
    name: str
    kind: str
    process: str
    role: str
    form: str | None
    due_at: datetime | None
    once: tuple[Any, str] | None


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that the instance waits for."""

    kind: str
    name: str
    element: str
    process: str
    due_at: datetime | None


def prepared(specs: Specs, held: frozenset[str]) -> Specs:
    """The specs for a trial: what a service does is asked by the name of its element where it names no handler,
    nobody is kept from a task, and the elements that are held wait for somebody.
    """
    infos = {key: _prepared(info) for key, info in specs.by_spec.items()}
    for spec in (specs.top, *specs.subprocesses.values()):
        for node in spec.task_specs.values():
            info = infos.get((spec.name, node.bpmn_id or ""))
            if info is not None and info.id in held and info.kind in _PASSES and not isinstance(node, LoopTask):
                node.manual = node.manual or not isinstance(node, ServiceTask)
    return dataclasses.replace(specs, by_spec=infos)


def _prepared(info: ElementInfo) -> ElementInfo:
    served = info.handler or info.kind in _SERVED
    handler = player_answers.name_of(info.id, info.handler) if served else None
    return dataclasses.replace(info, handler=handler, distinct_from=None)


class Pool:
    """An instance between two acts: a document, and what it shows."""

    def __init__(self, number: int, specs: Specs, *, environment: Environment, tape: Tape) -> None:
        self.number = number
        self.specs = specs
        self.environment = environment
        self.tape = tape
        self.said: list[Any] = []
        self.open: list[Open] = []
        self.waits: list[Wait] = []
        self.completed = False
        self.broken: tuple[str, str] | None = None
        self.data: dict[str, Value] = {}
        self._document = b""
        self._due: dict[Any, datetime | None] = {}
        self._listen()

    def _listen(self) -> None:
        for spec in (self.specs.top, *self.specs.subprocesses.values()):
            for node in spec.task_specs.values():
                if node.bpmn_id and not node.completed_event.is_connected(_heard):
                    node.completed_event.connect(_heard)

    def start(self, given: Mapping[str, Value], *, at: str, now: datetime) -> None:
        """Begins at the start event of this name ("" for the plain one) and runs to the first wait."""
        with self._acting(lambda: serializer.fresh(self.specs, start=at), now) as work:
            values.write(work.workflow.task_tree, given)

    def complete(self, key: Any, given: Mapping[str, Value], now: datetime) -> None:  # noqa: ANN401  a task's id
        """Completes an open step with these values."""
        with self._acting(self._stored, now) as work:
            task = steps.find(work.workflow, key)
            assert task is not None
            if task.state == TaskState.STARTED:
                element = work.element(task)
                assert element is not None
                handler = self.environment.handlers.get(element.handler or "")
                outputs = given or handler.outputs
                steps.finish(work, task, dataclasses.replace(handler, outputs=outputs), outputs)
            else:
                values.write(task, given)
                steps.step(work, task)

    def fail(self, element: str, code: str, now: datetime) -> bool:
        """Lets an activity that is under way fail with an error; False when none of this id is."""
        if not self._alive(element):
            return False
        with self._acting(self._stored, now) as work:
            steps.fail(work, self._under_way(work, element)[0], code)
        return True

    def _alive(self, element: str) -> bool:
        if self.completed:
            return False
        with clock.at(_EPOCH, self.environment.calendar):
            return bool(self._under_way(self._recorder(self._stored(), _EPOCH), element))

    @staticmethod
    def _under_way(work: Recorder, element: str) -> list[Any]:
        tasks = [task for frame in steps.frames(work.workflow) for task in frame.tasks.values()]
        found = [task for task in tasks if task.has_state(_AT_REST) and task.task_spec.bpmn_id == element]
        return [task for task in found if not isinstance(task.task_spec, BoundaryEvent)]

    def fire(self, now: datetime) -> int:
        """Fires the timers that are due; how many."""
        with self._acting(self._stored, now) as work:
            fired = events.fire(work)
        return fired  # noqa: RET504  the act is stored in between

    def take(self, kind: str, name: str, payload: Mapping[str, Value], now: datetime) -> bool:
        """Takes a message or signal; False when the instance does not wait for it."""
        if not any((wait.kind, wait.name) == (kind, name) for wait in self.waits):
            return False
        with self._acting(self._stored, now) as work:
            taken = events.catch(work, WaitingKind(kind), name, payload)
        return taken  # noqa: RET504

    def _stored(self) -> serializer.Run:
        return serializer.load(self._document, self.specs)

    def _recorder(self, workflow: serializer.Run, now: datetime) -> Recorder:
        locked = Locked(self.number, 0, SUBJECT, InstanceStatus.RUNNING, b"", serializer.VERSION, 0, b"", now, False)
        # There is no database: what would ask it (jobs, history) is not part of a run.
        return player_tape.Recorder(None, self.environment, locked, self.specs, workflow, SYSTEM, now, tape=self.tape)  # type: ignore[arg-type]

    @contextmanager
    def _acting(self, stored: Callable[[], serializer.Run], now: datetime) -> Iterator[Recorder]:
        """Like an act on the database: run to the next wait, forget what is over, store. Raises StepFailed."""
        with clock.at(now, self.environment.calendar):
            work = self._recorder(stored(), now)
            with _hearing(work), _failing(work):
                yield work
                steps.advance(work)
                compaction.compact(work.workflow)
                self._look(work)
            self._document = serializer.dump(work.workflow)

    def _look(self, work: Recorder) -> None:
        workflow = work.workflow
        self.said += work.said
        self.completed = bool(workflow.completed)
        uncaught = next((line for line in work.lines if line.kind == "error_uncaught"), None)
        self.broken = (uncaught.element, uncaught.detail.get("code", "")) if uncaught else None
        view = projection.view(workflow)
        self.open = [] if self.completed else [self._opened(work, task) for task in _held(workflow, view)]
        self.waits = [] if self.completed else list(self._waits(view))
        self._due = {item.key: item.due_at for item in self.open}
        tasks = (task for frame in steps.frames(workflow) for task in frame.tasks.values() if task.has_state(_AT_REST))
        self.data = values.visible(workflow.data if self.completed else values.merged(task.data for task in tasks))

    def _opened(self, work: Recorder, task: Any) -> Open:  # noqa: ANN401
        element = work.element(task)
        if element is None:
            raise work.failed(task, reasons.kept("element_unknown"))
        due = self._due[task.id] if task.id in self._due else _due(work, task, element)
        role = str(task.data.get(element.role[1:], "")) if element.role.startswith("=") else element.role
        offered = any(name.endswith(markup.OFFERS) for name in task.task_spec._inputs)  # noqa: SLF001
        closes = task.task_spec.name.endswith(markup.CLOSE)
        once = (task.workflow.parent_task_id, task.task_spec.name) if offered and not closes else None
        return Open(task.id, element.id, element.name, element.kind, element.process, role, element.form, due, once)

    def _waits(self, view: projection.View) -> Iterator[Wait]:
        for (_, kind, name), wait in view.waits.items():
            if kind != WaitingKind.HANDLER:
                yield Wait(str(kind), name, wait.element, self._process(wait.element), wait.due_at)

    def _process(self, element: str) -> str:
        info = self.specs.elements.get(element)
        return info.process if info is not None else self.specs.process


def _held(workflow: serializer.Run, view: projection.View) -> list[Any]:
    served = [key for key, kind, _ in view.waits if kind == WaitingKind.HANDLER]
    found = [steps.find(workflow, key) for key in served]
    return [*view.tasks.values(), *(task for task in found if task is not None)]


def _due(work: Recorder, task: Any, element: ElementInfo) -> datetime | None:  # noqa: ANN401
    if not element.deadline:
        return None
    try:
        return clock.due(element.deadline, values.visible(task.data))
    except errors.ExpressionInvalid as error:
        raise work.failed(task, reasons.of(error)) from error


@contextmanager
def _failing(work: Recorder) -> Iterator[None]:
    """Whatever a diagram does wrong outside of a single step is a failed step all the same."""
    try:
        yield
    except (errors.ExpressionInvalid, errors.HandlerMissing, SpiffWorkflowException) as error:
        raise work.failed(steps.place_of(error) or work.workflow.task_tree, reasons.of(error)) from error
    except RecursionError as error:
        raise work.failed(work.workflow.task_tree, reasons.kept("nested")) from error


_hearer: ContextVar[Recorder] = ContextVar("player_work")


@contextmanager
def _hearing(work: Recorder) -> Iterator[None]:
    token = _hearer.set(work)
    try:
        yield
    finally:
        _hearer.reset(token)


def _heard(_workflow: Any, task: Any) -> None:  # noqa: ANN401
    """The library tells that a task was completed."""
    work = _hearer.get()
    work.tape.note(work.element(task), task.task_spec, work.now)
