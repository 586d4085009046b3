# ruff: noqa: SLF001  the tree of tasks has no public face
"""What is finished leaves the document; the history keeps it.

Why this is exact. Of a finished task the library asks only four things: its data, by tasks below it that have not
begun (an unfinished task that waits has taken them already, and taking them again changes nothing); which branches
a split with boundary events had, by the join that belongs to it; whether all instances of a parallel multi-instance
are complete (one that failed or was cancelled keeps it from completing, a completed one does not); and which tokens
had arrived at a gateway, which workflows.joins keeps with the tokens that wait there. So these stay: all unfinished
tasks, the root, each split whose join is unfinished together with its direct branches, and failed or cancelled
instances of a loop that goes on. Everything else goes. What hung below it is hung to the nearest task that stays,
so that the order in which tasks are visited remains. Finished tasks that stay give up their data, because what is
rehung must not inherit old values from them. Random walks against runs that never forget prove it
(tests/workflows/test_compaction.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.specs.Join import Join
from SpiffWorkflow.util.task import TaskState

if TYPE_CHECKING:
    from uuid import UUID

    from SpiffWorkflow.task import Task

    from workflows.serializer import Run


def compact(workflow: Run) -> None:
    """Drops what is finished and no longer asked for. To be called between two steps."""
    _prune(workflow)
    for owner, frame in list(workflow.subprocesses.items()):
        if _is_over(workflow, owner):
            del workflow.subprocesses[owner]
        else:
            _prune(frame)


def _is_over(workflow: Run, owner: UUID) -> bool:
    """Whether the activity that called this frame is finished or itself forgotten (frames stand after those that
    called them).
    """
    frames = [workflow, *workflow.subprocesses.values()]
    task = next((frame.tasks[owner] for frame in frames if owner in frame.tasks), None)
    return task is None or task.has_state(TaskState.FINISHED_MASK)


def _prune(workflow: Any) -> None:  # noqa: ANN401  a workflow or subprocess of the library
    kept = _kept(workflow)
    if len(kept) == len(workflow.tasks):
        _forget_data(workflow)
        return
    below: dict[UUID, list[UUID]] = {key: [] for key in kept}
    open_: list[tuple[UUID, UUID]] = [
        (child, workflow.task_tree.id) for child in reversed(workflow.task_tree._children)
    ]
    while open_:
        key, nearest = open_.pop()
        task = workflow.tasks[key]
        if key in kept:
            below[nearest].append(key)
            task._parent = nearest
            nearest = key
        open_.extend((child, nearest) for child in reversed(task._children))
    workflow.tasks = {key: task for key, task in workflow.tasks.items() if key in kept}
    for key, children in below.items():
        workflow.tasks[key]._children = children
    if workflow.last_task is not None and workflow.last_task.id not in kept:
        workflow.last_task = None
    _forget_data(workflow)


def _kept(workflow: Any) -> set[UUID]:  # noqa: ANN401
    kept = {workflow.task_tree.id}
    for key, task in workflow.tasks.items():
        if not task.has_state(TaskState.FINISHED_MASK):
            kept.add(key)
            if isinstance(task.task_spec, Join) and task.task_spec.split_task:
                kept.update(_structure(task))
        elif _is_failed_instance(task):
            kept.add(key)
    return kept


def _structure(join: Task) -> list[UUID]:
    """The split that a structured join belongs to, with its direct branches."""
    split = join.parent
    while split is not None and split.task_spec.name != join.task_spec.split_task:
        split = split.parent
    return [split.id, *split._children] if split is not None else []


def _is_failed_instance(task: Task) -> bool:
    parent = task.parent
    return (
        parent is not None
        and task.state != TaskState.COMPLETED
        and isinstance(parent.task_spec, LoopTask)
        and not parent.has_state(TaskState.FINISHED_MASK)
    )


def _forget_data(workflow: Any) -> None:  # noqa: ANN401
    for task in workflow.tasks.values():
        if task.has_state(TaskState.FINISHED_MASK):
            task.data = {}
            task.internal_data = {}
