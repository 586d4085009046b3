# ruff: noqa: SLF001  the library's own methods are replaced
"""What we change in SpiffWorkflow before any workflow is made, and why."""

from __future__ import annotations

import time
from copy import copy

from SpiffWorkflow.bpmn.util.task import BpmnTaskIterator
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.deep_merge import DeepMerge
from SpiffWorkflow.util.task import TaskIterator, TaskState


def adapt() -> None:
    """Puts our methods in the place of the library's. Doing so again changes nothing."""
    for iterator in (TaskIterator, BpmnTaskIterator):
        # Beyond 1000 tasks the library overlooks the open ones and calls the process complete.
        start = iterator.__init__
        start.__defaults__ = tuple(10**12 if default == 1000 else default for default in start.__defaults__)  # noqa: PLR2004
    TaskSpec._predict = _predict_one_step
    TaskSpec._update = _update_predicted
    Task._set_state = _set_state
    Task._inherit_data = _inherit_data


def _predict_one_step(
    self: TaskSpec,
    my_task: Task,
    _seen: object = None,
    _looked_ahead: int = 0,
    mask: int = TaskState.PREDICTED_MASK,
) -> None:
    """The tasks right behind this one, and no further: the library follows every way that is certain to its end, and
    one that leads in a circle without a gateway for ever.
    """
    if my_task.has_state(mask):
        self._predict_hook(my_task)


def _update_predicted(self: TaskSpec, my_task: Task) -> None:
    """What comes behind is made when a token arrives."""
    if my_task.has_state(TaskState.PREDICTED_MASK) or not my_task._children:
        self._predict(my_task, mask=TaskState.NOT_FINISHED_MASK)
    if self._update_hook(my_task):
        my_task._ready()


def _set_state(self: Task, value: int) -> None:
    """Without the library's line of log, which carries the data of the process and is put together even when nobody
    reads it. When a task changed is kept: joins take what their branches bring in that order.
    """
    if value != self._state:
        self.last_state_change = time.time()
        self._state = value


def _inherit_data(self: Task) -> None:
    """The library's merge, without its search for common names where there can be none."""
    above = self.workflow.tasks[self._parent].data
    if self.data:
        self.data = DeepMerge.merge(self.data, above)
    else:
        self.data = {
            name: copy(value) if isinstance(value, (dict, list, set)) else value for name, value in above.items()
        }
