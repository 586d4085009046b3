# ruff: noqa: SLF001  documents tell what the library keeps to itself
"""The state of an instance as one small document, without the process specification.

The layout is our own: JSON of lists, compressed. The order of dictionaries is kept, because the library resolves
data in that order. Values of users stand in places of their own and are never looked through for type names, so no
field name can break loading. What a document of an older version looked like is told by READERS; stored documents
of each version are kept among the tests.
"""

from __future__ import annotations

import threading
from copy import copy
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
import zstandard
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.start_event import StartEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows import errors, library, markup, rounds, scripts

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.specs import Specs

library.adapt()

VERSION = 2
_LIMIT = 64 * 1024 * 1024

# Task: id, specification, state, parent, children, flags, internal data, data
_TRIGGERED = 1
_NO_DATA = 0


class Frame(BpmnSubWorkflow):  # type: ignore[misc]  # the library is untyped
    """What a call activity or subprocess runs."""

    def update_waiting_tasks(self) -> None:
        """See Run."""
        _ask_again(self)

    def _task_removed_notify(self, task: Task) -> None:
        _forgotten(task)


class Run(BpmnWorkflow):  # type: ignore[misc]  # the library is untyped
    """A workflow of the library with the counter of writes and arrivals."""

    def __init__(self, specs: Specs, **options: Any) -> None:  # noqa: ANN401
        self.ticks = 0
        self._info = specs.info
        super().__init__(specs.top, specs.subprocesses, script_engine=scripts.ScriptEngine(), **options)

    def create_subprocess(self, my_task: Task, spec_name: str) -> Frame:
        """The frame that this task runs, remembered under it."""
        frame = Frame(self.subprocess_specs[spec_name], parent_task_id=my_task.id, top_workflow=self)
        self.subprocesses[my_task.id] = frame
        caller = self._info(my_task.workflow.spec.name, my_task.task_spec.bpmn_id)
        _enter(frame, markup.running(caller.start) if caller is not None else "")
        return frame

    def catch(self, event: Any) -> None:  # noqa: ANN401  an event of the library
        """Keeps what a task throws; the host decides who catches it as soon as the task is done."""
        self.bpmn_events.append(event)

    def _task_removed_notify(self, task: Task) -> None:
        _forgotten(task)

    def update_waiting_tasks(self) -> None:
        """Asks those that wait whether they may go on, but not timers: these fire one by one, in the order of their
        instants.
        """
        _ask_again(self)


def _ask_again(workflow: Any) -> None:  # noqa: ANN401  a workflow or frame
    """Asks those that wait whether they may go on. Events are not asked: they happen, or they do not."""
    for task in list(workflow.tasks.values()):
        if task.state == TaskState.WAITING and not isinstance(task.task_spec, CatchingEvent):
            task.task_spec._update(task)


def _forgotten(task: Task) -> None:
    """A task that an interruption took out of the tree waits for nothing and runs nothing any more."""
    top = task.workflow.top_workflow
    top.event_manager.remove_task(task)
    frame = top.subprocesses.get(task.id)
    if frame is not None and not frame.completed:
        frame.cancel()


def _enter(workflow: Any, chosen: str) -> None:  # noqa: ANN401
    """Of several start events one begins: the chosen one, else the one that waits for nothing."""
    if len(workflow.spec.bpmn_start_events) > 1:
        chosen = chosen or getattr(workflow.spec, "plain_start", "") or workflow.spec.bpmn_start_events[0].name
        for child in workflow.task_tree.children:
            if isinstance(child.task_spec, StartEvent) and child.task_spec.name != chosen:
                workflow._remove_task(child.id)


class _Codec(threading.local):
    """Compressors are not shared between threads."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=6, write_content_size=True)
        self.decompressor = zstandard.ZstdDecompressor()


_codec = _Codec()


def fresh(specs: Specs, *, start: str = "") -> Run:
    """A new workflow that stands before its start: the start event of this name, else the plain one."""
    workflow = Run(specs)
    _enter(workflow, start)
    return workflow


def dump(workflow: Run) -> bytes:
    """The document of this workflow, in the newest version."""
    return _codec.compressor.compress(orjson.dumps(outline(workflow)))


def outline(workflow: Run) -> dict[str, Any]:
    """The document before it is packed."""
    frames = [[parent.hex, *_frame(child)] for parent, child in workflow.subprocesses.items()]
    return {"ticks": workflow.ticks, "top": _frame(workflow), "frames": frames}


def _frame(workflow: Any) -> list[Any]:  # noqa: ANN401  here and below: objects of the library
    places = {key: number for number, key in enumerate(workflow.tasks)}
    last = places.get(workflow.last_task.id) if workflow.last_task is not None else None
    return [
        workflow.data,
        workflow.correlations,
        [workflow.success, workflow.completed, last, places[workflow.task_tree.id]],
        [_task(task, places) for task in workflow.tasks.values()],
    ]


def _task(task: Task, places: dict[UUID, int]) -> list[Any]:
    return [
        task.id.hex,
        task.task_spec.name,
        task._state,
        places.get(task._parent, -1),
        [places[child] for child in task._children],
        _TRIGGERED if task.triggered else 0,
        task.internal_data or 0,
        _difference(task),
    ]


def _difference(task: Task) -> Any:  # noqa: ANN401
    if not task.data:
        return _NO_DATA
    parent = task.parent
    above = parent.data if parent is not None else {}
    if not above:
        return task.data
    changed = {name: value for name, value in task.data.items() if name not in above or above[name] != value}
    return [changed, [name for name in above if name not in task.data]]


def load(document: bytes, specs: Specs, *, version: int = VERSION, instance_id: int = 0) -> Run:
    """The workflow that this document tells of; raises DocumentUnreadable."""
    reader = READERS.get(version)
    if reader is None:
        raise errors.DocumentUnreadable(instance_id, version)
    try:
        return reader(orjson.loads(_codec.decompressor.decompress(document, max_output_size=_LIMIT)), specs)
    except (zstandard.ZstdError, orjson.JSONDecodeError, LookupError, TypeError, ValueError) as broken:
        raise errors.DocumentUnreadable(instance_id, version) from broken


def _read_1(document: dict[str, Any], specs: Specs) -> Run:
    """Version 1 kept lists of instances that were over."""
    workflow = _read_2(document, specs)
    for frame in (workflow, *workflow.subprocesses.values()):
        for task in frame.tasks.values():
            if isinstance(task.task_spec, rounds.Rounds):
                rounds.upgrade(task)
    return workflow


def _read_2(document: dict[str, Any], specs: Specs) -> Run:
    workflow = Run(specs, deserializing=True)
    workflow.ticks = document["ticks"]
    _restore(workflow, document["top"])
    for parent, *frame in document["frames"]:
        owner = workflow.get_task_from_id(UUID(parent))
        child = Frame(specs.subprocesses[owner.task_spec.spec], owner.id, workflow, deserializing=True)
        _restore(child, frame)
        workflow.subprocesses[owner.id] = child
        child.completed_event.connect(owner.task_spec._on_subworkflow_completed, owner)
    return workflow


READERS: dict[int, Callable[[dict[str, Any], Specs], Run]] = {1: _read_1, 2: _read_2}


def _restore(workflow: Any, frame: list[Any]) -> None:  # noqa: ANN401
    data, correlations, (success, completed, last, root), rows = frame
    tasks = [_task_of(workflow, row) for row in rows]
    for task, row in zip(tasks, rows, strict=True):
        task._parent = tasks[row[3]].id if row[3] >= 0 else None
        task._children = [tasks[child].id for child in row[4]]
    workflow.data, workflow.correlations = data, correlations
    workflow.success, workflow.completed = success, completed
    workflow.last_task = tasks[last] if last is not None else None
    workflow.task_tree = tasks[root]
    _fill(workflow.task_tree, {row[0]: row[7] for row in rows})


def _task_of(workflow: Any, row: list[Any]) -> Task:  # noqa: ANN401
    task = Task(workflow, workflow.spec.task_specs[row[1]], state=row[2], id=UUID(row[0]))
    task.triggered = bool(row[5] & _TRIGGERED)
    task.internal_data = row[6] or {}
    if task.state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
        workflow.top_workflow.event_manager.add_task(task)
    return task


def _fill(root: Task, stored: dict[str, Any]) -> None:
    """Resolves the data from the root downwards, each task's against its parent's."""
    open_ = [root]
    while open_:
        task = open_.pop()
        entry = stored[task.id.hex]
        if isinstance(entry, dict):
            task.data = entry
        elif entry != _NO_DATA:
            changed, gone = entry
            above = {name: copy(value) for name, value in task.parent.data.items() if name not in gone}
            task.data = {**above, **changed}
        open_.extend(task.children)
