# ruff: noqa: SLF001  these classes are parts of the library, by its own protocol
"""Gateways that wait for tokens as the standard says.

The library's own joins decide by looking through the whole tree of finished tasks; in a loop they see the tokens of
the round before and fire early, and nothing of the past may be forgotten. Here a token that has arrived waits at
the gateway and remembers where it came from, so that the tokens present decide, and only they.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit, _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway, ParallelGateway
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from workflows import catching, errors, rounds, undoing, values

if TYPE_CHECKING:
    from collections.abc import Iterable

# What a token that waits at a gateway notes: from where it came, and when.
SOURCE = "source"
ARRIVAL = "arrival"
NOTES = frozenset({SOURCE, ARRIVAL})
_PRESENT = TaskState.READY | TaskState.WAITING | TaskState.STARTED


def _arrive(task: Any) -> None:  # noqa: ANN401  here and below: tasks and specs of the library
    if task.state != TaskState.WAITING:
        task._inherit_data()
        task.internal_data[SOURCE] = task.parent.task_spec.name
        task.internal_data[ARRIVAL] = values.tick(task.workflow.top_workflow)
        task._set_state(TaskState.WAITING)


def _tokens(spec: Any, workflow: Any) -> list[Any]:  # noqa: ANN401
    waiting = [task for task in workflow.tasks.values() if task.task_spec is spec and task.state == TaskState.WAITING]
    return sorted(waiting, key=lambda task: task.internal_data[ARRIVAL])


def _oldest(tokens: Iterable[Any], needed: Counter[str]) -> list[Any]:
    """Of each incoming flow as many of the oldest tokens as are needed."""
    chosen = []
    for token in tokens:
        source = token.internal_data[SOURCE]
        if needed[source]:
            needed[source] -= 1
            chosen.append(token)
    return chosen


def _unite(winner: Any, tokens: list[Any]) -> None:  # noqa: ANN401
    winner.data = values.merged(token.data for token in tokens)
    for token in tokens:
        if token is not winner:
            token.cancel()


class ParallelJoin(ParallelGateway):  # type: ignore[misc]  # the library is untyped
    """Fires when every incoming flow has a token, takes one from each, and leaves the others for the next time."""

    def _update_hook(self, my_task: Any) -> bool:  # noqa: ANN401
        _arrive(my_task)
        chosen = _oldest(_tokens(self, my_task.workflow), Counter(self._inputs))
        if len(chosen) < len(self._inputs) or my_task not in chosen:
            return False
        _unite(my_task, chosen)
        return True

    def _run_hook(self, my_task: Any) -> bool:  # noqa: ANN401, ARG002
        return True


class InclusiveJoin(InclusiveGateway):  # type: ignore[misc]  # the library is untyped
    """Fires when no token elsewhere could still come in over a flow that has none yet."""

    def _update_hook(self, my_task: Any) -> bool:  # noqa: ANN401
        _arrive(my_task)
        tokens = _tokens(self, my_task.workflow)
        chosen = _oldest(tokens, Counter(set(self._inputs)))
        present = {token.internal_data[SOURCE] for token in chosen}
        if my_task not in chosen or self._expects(my_task.workflow, present):
            return False
        _unite(my_task, chosen)
        return True

    def _expects(self, workflow: Any, present: set[str]) -> bool:  # noqa: ANN401
        missing = set(self._inputs) - present
        if not missing:
            return False
        for places in _tokens_elsewhere(workflow, self):
            reached = set().union(*(downstream(spec, self) for spec in places))
            if reached & missing and not reached & present:
                return True
        return False

    def _run_hook(self, my_task: Any) -> bool:  # noqa: ANN401
        matches, defaults = self._get_matching_outputs(my_task)
        if not matches and not defaults:
            raise errors.NoWay
        my_task._sync_children(matches or defaults, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


def _tokens_elsewhere(workflow: Any, gateway: Any) -> set[frozenset[Any]]:  # noqa: ANN401
    """Where the other tokens of this workflow stand: each in one place, or in an activity and so at its border, too."""
    return {
        frozenset([task.task_spec, *_border(task)])
        for task in workflow.tasks.values()
        if task.task_spec is not gateway
        and not task.has_state(TaskState.FINISHED_MASK)
        and not isinstance(task.task_spec, BoundaryEvent)
        and (task.has_state(_PRESENT) or task.parent is None or task.parent.has_state(TaskState.FINISHED_MASK))
    }


def _border(task: Any) -> list[Any]:  # noqa: ANN401
    """The events that wait at the border of the activity in which a token stands."""
    if task.parent is None or not isinstance(task.parent.task_spec, BoundaryEventSplit):
        return []
    beside = (other for other in task.parent.children if other.state == TaskState.WAITING)
    return [other.task_spec for other in beside if isinstance(other.task_spec, BoundaryEvent)]


def downstream(spec: Any, gateway: Any) -> set[str]:  # noqa: ANN401
    """The names of all elements that a token can pass from here without passing the gateway."""
    names: set[str] = set()
    open_ = [spec]
    while open_:
        current = open_.pop()
        if current.name not in names and current is not gateway:
            names.add(current.name)
            open_.extend(current.outputs)
    return names


class EndJoin(_EndJoin):  # type: ignore[misc]  # the library is untyped
    """The end of a process: waits until no token is left; the tokens that ended are one, with what was written last."""

    def _update_hook(self, my_task: Any) -> bool:  # noqa: ANN401
        _arrive(my_task)
        _unite(my_task, _tokens(self, my_task.workflow))
        ends = {self.name, *self._outputs}
        return not any(
            not task.has_state(TaskState.FINISHED_MASK)
            and task.task_spec.name not in ends
            and not isinstance(task.task_spec, catching.Listener)
            for task in my_task.workflow.tasks.values()
        )

    def _run_hook(self, my_task: Any) -> bool:  # noqa: ANN401
        for task in list(my_task.workflow.tasks.values()):
            if isinstance(task.task_spec, catching.Listener) and task.state == TaskState.WAITING:
                task.cancel()
        undoing.forget(my_task.workflow)
        my_task.workflow.data.update(values.visible(my_task.data))
        return True


_REPLACED = {ParallelGateway: ParallelJoin, InclusiveGateway: InclusiveJoin, _EndJoin: EndJoin, **rounds.REPLACED}


def install(process: Any) -> None:  # noqa: ANN401
    """Makes the gateways of a freshly parsed process token-exact, its loops fit for restored documents and its events
    repeat.
    """
    for spec in process.task_specs.values():
        replacement = _REPLACED.get(type(spec))
        if replacement is not None:
            spec.__class__ = replacement
        catching.install(spec)
        if isinstance(spec, LoopTask):
            # The library connects this when an instance is created, which a freshly started worker never saw.
            done = process.task_specs[spec.task_spec].completed_event
            done.connect(spec.merge_child)
