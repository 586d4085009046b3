# ruff: noqa: SLF001  tokens are set into the library's tree by its own protocol
"""Where an instance stands, told without the shape of its tree: tokens, which can be set into another version of the
process.

A token carries what must survive: its key (tasks in inboxes and drafts hang on it), its values, the instants of its
timers, and which of the events at its border have happened already. What the tree holds beside tokens (predictions,
finished tasks) the new version makes by itself when a token is set down: it arrives as it would have arrived by
running. An activity in the middle of several instances is one token that holds those that are under way. What cannot
be told as a token is refused, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.service_task import ServiceTask
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows import catching, errors, joins, markup, serializer
from workflows import specs as specs_
from workflows.rounds import Rounds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from workflows.serializer import Run
    from workflows.specs import Specs

_AT_REST = TaskState.READY | TaskState.WAITING | TaskState.STARTED
_EXPECTED = TaskState.PREDICTED_MASK | TaskState.FUTURE
_SPLIT, _JOIN = ".BoundaryEventSplit", ".BoundaryEventJoin"


@dataclass(frozen=True, slots=True)
class Border:
    """An event at the border of an activity: still waiting under its key, or (without key) over."""

    key: UUID | None = None
    internal: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Token:
    """One place where an instance stands. `element` is empty for a token that has come to the end and waits there
    for the others; `source` names where a token at a joining gateway came from. An activity that is done several
    times has its `manner` and the `instances` that are under way.
    """

    element: str
    key: UUID
    state: int
    data: Mapping[str, Any]
    internal: Mapping[str, Any]
    border: Mapping[str, Border] = field(default_factory=dict)
    source: str = ""
    inner: Frame | None = None
    manner: tuple[str, ...] = ()
    instances: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """The tokens of one process or subprocess, in the order in which they act."""

    process: str
    tokens: tuple[Token, ...]
    data: Mapping[str, Any]
    correlations: Mapping[str, Any]
    listeners: Mapping[str, Border] = field(default_factory=dict)


def read(workflow: Run) -> Frame:
    """All tokens of a workflow at rest; raises errors.TokenRefused(element, "structure") for what is no token."""
    return _frame(workflow, workflow)


def _frame(workflow: Run, frame: Any) -> Frame:  # noqa: ANN401  here and below: workflows, tasks, specs of the library
    tokens, seen = [], set()
    for task in frame.tasks.values():
        is_beside = isinstance(task.task_spec, BoundaryEvent | BoundaryEventJoin) or _is_instance(task)
        if task.has_state(_AT_REST) and not is_beside:
            tokens.append(_token(workflow, task))
            if _is_bordered(task):
                seen.add(task.parent.id)
    _refuse_strays(frame, seen)
    # Gateways look at the tokens that are there: who waits at one is set down after all others, in order of arrival.
    tokens.sort(key=lambda token: token.internal.get(joins.ARRIVAL, 0))
    return Frame(frame.spec.name, tuple(tokens), dict(frame.data), dict(frame.correlations), _listeners(frame))


def _listeners(frame: Any) -> dict[str, Border]:  # noqa: ANN401
    """The starts of event subprocesses: still listening under their keys, or over."""
    found = {spec.name: Border() for spec in frame.spec.task_specs.values() if isinstance(spec, catching.Listener)}
    listening = [task for task in frame.tasks.values() if task.task_spec.name in found]
    listening = [task for task in listening if task.state == TaskState.WAITING]
    return found | {task.task_spec.name: Border(task.id, dict(task.internal_data)) for task in listening}


def _is_bordered(task: Any) -> bool:  # noqa: ANN401
    return task.parent is not None and isinstance(task.parent.task_spec, BoundaryEventSplit)


def _is_instance(task: Any) -> bool:  # noqa: ANN401
    return task.parent is not None and isinstance(task.parent.task_spec, Rounds)


def _refuse_strays(frame: Any, splits: set[UUID]) -> None:  # noqa: ANN401
    """An event that waits belongs to an activity that is under way."""
    for task in frame.tasks.values():
        is_border = isinstance(task.task_spec, BoundaryEvent) and not isinstance(task.task_spec, catching.Listener)
        if task.state == TaskState.WAITING and is_border and task._parent not in splits:
            raise errors.TokenRefused(task.task_spec.bpmn_id, "structure")


def _token(workflow: Run, task: Any) -> Token:  # noqa: ANN401
    spec = task.task_spec
    is_end = isinstance(spec, joins.EndJoin)
    is_drawn = _is_instance(task) or (spec.bpmn_id is not None and markup.drawn(spec.name) == spec.bpmn_id)
    if not is_end and not (is_drawn and _is_known(task)):
        raise errors.TokenRefused(spec.bpmn_id or spec.name, "structure")
    internal = dict(task.internal_data)
    called = workflow.subprocesses.get(task.id)
    return Token(
        element="" if is_end else spec.name,
        key=task.id,
        state=task.state,
        data=dict(task.data),
        internal=internal,
        border=_border(task) if _is_bordered(task) else {},
        source=internal.get(joins.SOURCE, ""),
        inner=_frame(workflow, called) if called is not None else None,
        manner=spec.manner() if isinstance(spec, Rounds) else (),
        instances=tuple(_token(workflow, child) for child in task.children if _is_under_way(task, child)),
    )


def _is_under_way(task: Any, child: Any) -> bool:  # noqa: ANN401
    return isinstance(task.task_spec, Rounds) and child.triggered and child.has_state(_AT_REST)


def _is_known(task: Any) -> bool:  # noqa: ANN401
    spec = task.task_spec
    if task.state == TaskState.READY:
        return bool(spec.manual)
    if task.state == TaskState.STARTED:
        return isinstance(spec, ServiceTask | SubWorkflowTask | Rounds)
    return isinstance(spec, CatchingEvent | joins.ParallelJoin | joins.InclusiveJoin)


def _border(task: Any) -> dict[str, Border]:  # noqa: ANN401
    events = [child for child in task.parent.children if isinstance(child.task_spec, BoundaryEvent)]
    found = {_place(child): Border() for child in events}
    waiting = [child for child in events if child.state == TaskState.WAITING and not _is_spent(child)]
    return found | {_place(child): Border(child.id, dict(child.internal_data)) for child in waiting}


def _place(event: Any) -> str:  # noqa: ANN401
    """The name of an event at a border; of one with several triggers each has its own."""
    spec = event.task_spec
    return str(spec.name if spec.name.endswith(markup.EACH) else spec.bpmn_id)


def _is_spent(event: Any) -> bool:  # noqa: ANN401
    """Whether a repeating timer has had its last occurrence."""
    return isinstance(event.task_spec.event_definition, specs_.CycleTimer) and not specs_.pending(event)


def plant(specs: Specs, top: Frame, *, names: Mapping[str, str], ticks: int) -> Run:
    """A workflow of this version that stands where the tokens say; `names` gives elements that are called otherwise
    in it. Must run at the act's instant (workflows.clock).

    Raises errors.TokenRefused(element, code): "missing" (the version has no such element), "kind" (it is something
    else there), "source" (a token at a joining gateway no longer says from where it came), "due" (a timer is due and
    must be worked off before).
    """
    workflow = serializer.fresh(specs)
    workflow.ticks = ticks
    _fill(_Planting(names), workflow, top)
    return workflow


@dataclass(frozen=True, slots=True)
class _Planting:
    names: Mapping[str, str]

    def element(self, name: str) -> str:
        drawn = markup.drawn(name)
        return self.names.get(drawn, drawn) + name[len(drawn) :]

    def spec_name(self, name: str) -> str:
        """The same place in the new version: an element, or the way out of its border."""
        base, dot, rest = name.partition(_JOIN)
        return self.element(base) + dot + rest


def _fill(planting: _Planting, frame: Any, told: Frame) -> None:  # noqa: ANN401
    frame.data, frame.correlations = dict(told.data), dict(told.correlations)
    root = frame.task_tree
    root._drop_children(force=True)
    root._set_state(TaskState.COMPLETED)
    _listen(planting, frame, told)
    for token in told.tokens:
        set_down(frame, token, planting)


def _listen(planting: _Planting, frame: Any, told: Frame) -> None:  # noqa: ANN401
    """Lets the starts of event subprocesses listen again; one that is new in this version begins to."""
    known = {planting.element(name): border for name, border in told.listeners.items()}
    for spec in frame.spec.task_specs.values():
        border = known.get(spec.name)
        if not isinstance(spec, catching.Listener) or (border is not None and border.key is None):
            continue
        task = Task(frame, spec, frame.task_tree, TaskState.FUTURE, border.key if border is not None else None)
        _restore(task, border.internal if border is not None else {}, planting)
        spec._update(task)
        if task.state != TaskState.WAITING:
            raise errors.TokenRefused(spec.bpmn_id, "due")


def set_down(frame: Any, token: Token, planting: _Planting | None = None) -> Any:  # noqa: ANN401
    """Sets one token into this frame, beside those that are there; returns its task. Raises as plant()."""
    planting = planting or _Planting({})
    spec = _spec(frame, planting, token)
    is_bordered = spec.name + _SPLIT in frame.spec.task_specs
    task = (_behind_border if is_bordered else _arrived)(frame, spec, token, planting)
    _settled(task, token, planting)
    for instance in token.instances:
        internal = _kept(instance.internal, planting)
        _settled(spec.set_down(task, instance.key, instance.data, internal), instance, planting)
    return task


def _spec(frame: Any, planting: _Planting, token: Token) -> Any:  # noqa: ANN401
    specs = frame.spec.task_specs
    if not token.element:
        return next(spec for spec in specs.values() if isinstance(spec, joins.EndJoin))
    spec = specs.get(planting.element(token.element))
    if spec is None or spec.bpmn_id is None:
        raise errors.TokenRefused(token.element, "missing")
    if isinstance(spec, SubWorkflowTask) != (token.inner is not None) or isinstance(spec, Rounds) != bool(token.manner):
        raise errors.TokenRefused(token.element, "kind")
    if token.manner and spec.manner() != token.manner:
        raise errors.TokenRefused(token.element, "instances")
    return spec


def _carrier(frame: Any, origin: Any, token: Token) -> Any:  # noqa: ANN401
    """A finished task that hands the values on; it is forgotten at once."""
    carrier = Task(frame, origin, frame.task_tree, TaskState.COMPLETED)
    carrier.data = dict(token.data)
    return carrier


def _arrived(frame: Any, spec: Any, token: Token, planting: _Planting) -> Any:  # noqa: ANN401
    task = Task(frame, spec, _carrier(frame, _origin(spec, token, planting), token), TaskState.FUTURE, token.key)
    spec._predict(task, mask=_EXPECTED)
    _restore(task, token.internal, planting)
    spec._update(task)
    return task


def _origin(spec: Any, token: Token, planting: _Planting) -> Any:  # noqa: ANN401
    """The spec from which the token seems to come: a joining gateway counts by it."""
    if not token.source or isinstance(spec, joins.EndJoin):
        return spec.inputs[0]
    inputs = {found.name: found for found in spec.inputs}
    source = planting.spec_name(token.source)
    if source in inputs:
        return inputs[source]
    before = spec._wf_spec.task_specs.get(source)
    reached = joins.downstream(before, spec) & set(inputs) if before is not None else set()
    if len(reached) != 1:
        raise errors.TokenRefused(token.element, "source")
    return inputs[reached.pop()]


def _behind_border(frame: Any, spec: Any, token: Token, planting: _Planting) -> Any:  # noqa: ANN401
    """The activity with the events at its border, those that are over left out."""
    split = frame.spec.task_specs[spec.name + _SPLIT]
    entry = Task(frame, split, _carrier(frame, split.inputs[0], token), TaskState.FUTURE)
    split._predict(entry, mask=_EXPECTED)
    split._update(entry)
    main = next(child for child in entry.children if child.task_spec is spec)
    _rename(main, token.key)
    _restore(main, token.internal, planting)
    told = {planting.element(name): border for name, border in token.border.items()}
    for child in entry.children:
        border = told.get(_place(child))
        if isinstance(child.task_spec, BoundaryEvent) and border is not None:
            _set_border(child, border, planting)
    entry.run()
    for child in entry.children:
        if isinstance(child.task_spec, BoundaryEvent) and child.has_state(TaskState.READY | TaskState.COMPLETED):
            raise errors.TokenRefused(child.task_spec.bpmn_id, "due")
    return main


def _set_border(child: Any, border: Border, planting: _Planting) -> None:  # noqa: ANN401
    if border.key is None:
        child._drop_children(force=True)
        child._set_state(TaskState.CANCELLED)
    else:
        _rename(child, border.key)
        _restore(child, border.internal, planting)


def _restore(task: Any, internal: Mapping[str, Any], planting: _Planting) -> None:  # noqa: ANN401
    task.internal_data.update(_kept(internal, planting))


def _kept(internal: Mapping[str, Any], planting: _Planting) -> dict[str, Any]:
    """Instants of timers go along; where a token came from is noted anew when it arrives."""
    kept = {name: value for name, value in internal.items() if name not in joins.NOTES}
    if specs_.DUE in kept:
        kept[specs_.DUE] = {planting.element(name): state for name, state in kept[specs_.DUE].items()}
    return kept


def _rename(task: Any, key: UUID) -> None:  # noqa: ANN401
    frame, parent, old = task.workflow, task.parent, task.id
    task.id = key
    frame.tasks = {key if known == old else known: found for known, found in frame.tasks.items()}
    parent._children = [key if child == old else child for child in parent._children]
    for child in task.children:
        child._parent = key


def _settled(task: Any, token: Token, planting: _Planting) -> None:  # noqa: ANN401
    """The task is as the token says, with all that runs inside, or this is no place for it."""
    if token.state == TaskState.STARTED and task.state == TaskState.READY and isinstance(task.task_spec, ServiceTask):
        task._set_state(TaskState.STARTED)
    same = task.state == token.state and bool(task.task_spec.manual) == (token.state == TaskState.READY)
    if isinstance(task.task_spec, CatchingEvent) and task.state == TaskState.READY:
        raise errors.TokenRefused(token.element, "due")
    if not same or isinstance(task.task_spec, SubWorkflowTask) != (token.inner is not None):
        raise errors.TokenRefused(token.element, "kind")
    if token.inner is not None:
        _fill(planting, task.workflow.top_workflow.subprocesses[task.id], token.inner)
