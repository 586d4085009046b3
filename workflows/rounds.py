# ruff: noqa: SLF001  these classes are parts of the library, by its own protocol
"""Activities that are done several times: for each of a list, so many times, or as long as a condition holds.

Each instance sees its item and the numbers of the standard (loopCounter from 1, numberOfInstances and its like) as
values that end with it. What it writes to other values reaches those after it and the process; what was written last
wins. The library's own classes look through finished instances, which here are forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.defaults import (
    ParallelMultiInstanceTask,
    SequentialMultiInstanceTask,
    StandardLoopTask,
)
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows import errors, expressions, values
from workflows.errors import ExpressionInvalid

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

MAX_INSTANCES = 1000
COUNTER, ALL = "loopCounter", "numberOfInstances"
ACTIVE, DONE, ENDED = "numberOfActiveInstances", "numberOfCompletedInstances", "numberOfTerminatedInstances"
NUMBERS = frozenset({COUNTER, ALL, ACTIVE, DONE, ENDED})

_INDEX, _COUNT, _BEGUN, _OVER, _ITEMS, _RESULTS = "index", "count", "begun", "over", "items", "results"


class Rounds(LoopTask):  # type: ignore[misc]  # the library is untyped
    """What both kinds share: instances begin, and what they wrote is taken over when they end."""

    def _arrive(self, my_task: Any) -> None:  # noqa: ANN401  here and below: tasks of the library
        if my_task.has_state(TaskState.PREDICTED_MASK):
            # Behind a border event a loop begins from a state in which the library lets it have no instances.
            my_task._set_state(TaskState.FUTURE)
        my_task._inherit_data()

    def _begin(self, my_task: Any, index: int, seen: dict[str, Any]) -> None:  # noqa: ANN401
        """The next instance; it takes over the values that stand in its loop at this moment."""
        spec = my_task.workflow.spec.task_specs[self.task_spec]
        outer, my_task.data = my_task.data, {**my_task.data, **seen}
        child = my_task._add_child(spec, TaskState.WAITING)
        child.triggered = True
        child.internal_data[_INDEX] = index
        spec._update(child)
        my_task.data = outer

    def set_down(self, my_task: Any, key: UUID, data: Mapping[str, Any], internal: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """An instance that began in another tree goes on here, under its key and with its values; returns its task.
        The loop itself has been set down before, with its counts.
        """
        spec = my_task.workflow.spec.task_specs[self.task_spec]
        child = Task(my_task.workflow, spec, my_task, TaskState.WAITING, key)
        child.triggered, child.thread_id = True, my_task.thread_id
        child.internal_data.update(internal)
        outer, my_task.data = my_task.data, dict(data)
        spec._update(child)
        my_task.data = outer
        return child

    def manner(self) -> tuple[str, ...]:
        """How the rounds go on: what must be the same in two versions for a loop to change in the middle."""
        return (type(self).__name__,)

    def own_names(self) -> frozenset[str]:
        """The names that end with an instance."""
        return NUMBERS

    def _take_over(self, my_task: Any, child: Any) -> None:  # noqa: ANN401
        my_task.data = values.merged([my_task.data, values.without(child.data, self.own_names())])

    def _goes_on(self, my_task: Any) -> bool:  # noqa: ANN401
        """Whether the loop was set down in the middle: then its instances follow, and none begins."""
        if _OVER not in my_task.internal_data:
            return False
        my_task._set_state(TaskState.STARTED)
        return True

    def _finish(self, my_task: Any) -> None:  # noqa: ANN401
        for child in list(self._instances(my_task)):
            if not child.has_state(TaskState.FINISHED_MASK):
                child.cancel()
        my_task._set_state(TaskState.READY)

    def _holds(self, task: Any, condition: str, data: dict[str, Any]) -> bool:  # noqa: ANN401
        with errors.placed(task):
            return bool(expressions.compile_expression(condition).evaluate(data))


class Instances(Rounds):
    """Several instances: for each item of a list, or a number of times."""

    def own_names(self) -> frozenset[str]:
        """The names that end with an instance: counters and items."""
        items = (item.bpmn_id for item in (self.input_item, self.output_item) if item is not None)
        return NUMBERS | frozenset(items)

    def manner(self) -> tuple[str, ...]:
        """Beside the order: what an item and a result are called, and whether there is a list of results."""
        items = [item.bpmn_id if item is not None else "" for item in (self.input_item, self.output_item)]
        return (*super().manner(), *items, "results" if self.data_output is not None else "")

    def _update_hook(self, my_task: Any) -> bool:  # noqa: ANN401
        self._arrive(my_task)
        if self._goes_on(my_task):
            return False
        with errors.placed(my_task):
            items = self._items(my_task)
            count = len(items) if items is not None else self._number(my_task)
        state = {_COUNT: count, _BEGUN: 0, _OVER: 0, _ITEMS: items}
        if self.data_output is not None:
            state[_RESULTS] = [None] * count
        my_task.internal_data.update(state)
        if count == 0:
            self._deliver(my_task)
            return True
        my_task._set_state(TaskState.STARTED)
        for _ in range(1 if self.is_sequential else count):
            self._next(my_task)
        return False

    @property
    def is_sequential(self) -> bool:
        """Whether one instance ends before the next begins."""
        return isinstance(self, SequentialMultiInstanceTask)

    def _items(self, my_task: Any) -> list[Any] | None:  # noqa: ANN401
        if self.data_input is None:
            return None
        name = self.data_input.bpmn_id
        items = my_task.data.get(name)
        if not isinstance(items, list) or len(items) > MAX_INSTANCES:
            raise ExpressionInvalid(name, "unknown_name" if name not in my_task.data else "no_list", name)
        return list(items)

    def _number(self, my_task: Any) -> int:  # noqa: ANN401
        """How many; the library takes any value and any number, and hangs on some."""
        count = expressions.compile_expression(self.cardinality).evaluate(my_task.data)
        if type(count) is not int or not 0 <= count <= MAX_INSTANCES:
            raise ExpressionInvalid(self.cardinality, "count", repr(count)[:40])
        return count

    def _next(self, my_task: Any) -> None:  # noqa: ANN401
        state = my_task.internal_data
        index = state[_BEGUN]
        state[_BEGUN] = index + 1
        seen = {COUNTER: index + 1, **self._numbers(my_task)}
        if self.input_item is not None:
            seen[self.input_item.bpmn_id] = index if state[_ITEMS] is None else state[_ITEMS][index]
        self._begin(my_task, index, seen)

    def _numbers(self, my_task: Any) -> dict[str, int]:  # noqa: ANN401
        state = my_task.internal_data
        active = state[_BEGUN] - state[_OVER]
        return {ALL: state[_COUNT], ACTIVE: active, DONE: state[_OVER], ENDED: 0}

    def merge_child(self, _workflow: Any, child: Any) -> None:  # noqa: ANN401
        """Takes over what an instance wrote and goes on; the library calls it when one has ended."""
        my_task, state = child.parent, child.parent.internal_data
        self._take_over(my_task, child)
        state[_OVER] += 1
        if self.data_output is not None and self.output_item is not None:
            state[_RESULTS][child.internal_data[_INDEX]] = child.data.get(self.output_item.bpmn_id)
        if state[_OVER] == state[_COUNT] or self._is_enough(my_task, child):
            self._deliver(my_task)
            self._finish(my_task)
        elif self.is_sequential:
            self._next(my_task)

    def _is_enough(self, my_task: Any, child: Any) -> bool:  # noqa: ANN401
        if not self.condition:
            return False
        return self._holds(
            my_task, self.condition, {**child.data, **my_task.data, **self._seen(child), **self._numbers(my_task)}
        )

    def _seen(self, child: Any) -> dict[str, Any]:  # noqa: ANN401
        return {name: child.data[name] for name in self.own_names() if name in child.data}

    def _deliver(self, my_task: Any) -> None:  # noqa: ANN401
        """The list of results, each at the place of its item; of an instance that did not end, None."""
        if self.data_output is not None:
            values.write(my_task, {self.data_output.bpmn_id: list(my_task.internal_data[_RESULTS])})


class ParallelInstances(Instances, ParallelMultiInstanceTask):  # type: ignore[misc]
    """All at once."""


class SequentialInstances(Instances, SequentialMultiInstanceTask):  # type: ignore[misc]
    """One after the other."""


class Repetition(Rounds, StandardLoopTask):  # type: ignore[misc]
    """Again and again as long as a condition holds, at most so often as is said."""

    def _update_hook(self, my_task: Any) -> bool:  # noqa: ANN401
        self._arrive(my_task)
        if self._goes_on(my_task):
            return False
        my_task.internal_data[_OVER] = 0
        if self.test_before and self._is_over(my_task):
            return True
        my_task._set_state(TaskState.STARTED)
        self._begin(my_task, 0, {COUNTER: 1})
        return False

    def merge_child(self, _workflow: Any, child: Any) -> None:  # noqa: ANN401
        """Takes over what a round wrote and begins the next, or not."""
        my_task = child.parent
        self._take_over(my_task, child)
        my_task.internal_data[_OVER] += 1
        over = my_task.internal_data[_OVER]
        if self._is_over(my_task):
            self._finish(my_task)
        else:
            self._begin(my_task, over, {COUNTER: over + 1})

    def _is_over(self, my_task: Any) -> bool:  # noqa: ANN401
        over = my_task.internal_data[_OVER]
        if self.maximum is not None and over >= self.maximum:
            return True
        return bool(self.condition) and not self._holds(my_task, self.condition, {**my_task.data, COUNTER: over})


def upgrade(task: Any) -> None:  # noqa: ANN401
    """Counts the instances of a loop under way in a document of version 1, which listed those that were over."""
    state = task.internal_data
    if "merged" not in state:
        return
    over = len(state.pop("merged"))
    under_way = sum(not child.has_state(TaskState.FINISHED_MASK) for child in task.task_spec._instances(task))
    count, begun = state.pop("cardinality", over + under_way), state.pop("current", over + under_way)
    state.update({_OVER: over, _COUNT: count, _BEGUN: begun, _ITEMS: None})


REPLACED = {
    ParallelMultiInstanceTask: ParallelInstances,
    SequentialMultiInstanceTask: SequentialInstances,
    StandardLoopTask: Repetition,
}
