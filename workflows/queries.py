"""Reads: frozen rows, never objects of the ORM, and nothing locked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState
from sqlalchemy import Select, bindparam, select

from workflows import definitions, serializer, steps
from workflows import values as process_values
from workflows.inbox import CAP as CAP
from workflows.inbox import Page as Page
from workflows.inbox import TaskRow as TaskRow
from workflows.inbox import counts as counts
from workflows.inbox import inbox as inbox
from workflows.inbox import task_columns
from workflows.models import Definition, Entry, Incident, Instance, Task, Waiting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Value
    from workflows.specs import Specs

_LONGEST = 2000
_PATH = 12
_LIVE = TaskState.READY | TaskState.WAITING | TaskState.STARTED


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A line of history; `detail` is empty when it was erased."""

    id: int
    instance_id: int
    sequence: int
    at: datetime
    recorded_at: datetime
    actor_id: int
    actor: str
    kind: str
    element: str
    name: str
    task_id: int | None
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """Something that an instance waits for, with the name of the element that waits."""

    id: int
    instance_id: int
    element: str
    name: str
    kind: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """A process instance and the version of the process that it follows."""

    id: int
    definition_id: int
    process: str
    name: str
    version: int
    subject: str
    status: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """A step that failed and that nobody has dealt with."""

    id: int
    instance_id: int
    subject: str
    element: str
    name: str
    code: str
    detail: str
    created_at: datetime


_task, _instance = Task.__table__.c, Instance.__table__.c
_tasks = select(*task_columns()).join_from(Task.__table__, Instance.__table__, _instance.id == _task.instance_id)
_TASK = _tasks.where(_task.id == bindparam("task_id"))
_entries = select(*(Entry.__table__.c[name] for name in EntryRow.__dataclass_fields__))


def task(session: Session, task_id: int) -> TaskRow | None:
    """The task, while it is open."""
    row = session.execute(_TASK, {"task_id": task_id}).one_or_none()
    return TaskRow(*row) if row is not None else None


def open_tasks(session: Session, subject: str) -> list[TaskRow]:
    """All open tasks about this subject, the earliest due first."""
    return [
        TaskRow(*row) for row in session.execute(_tasks.where(Task.subject == subject).order_by(Task.due_at, Task.id))
    ]


def is_handled(session: Session, task: TaskRow) -> bool:
    """Whether anybody has done anything with this open task since it came up, of which the history tells."""
    found = select(Entry.sequence).where(Entry.instance_id == task.instance_id, Entry.task_id == task.id)
    return bool(session.scalar(select(found.exists())))


def completion(session: Session, task_id: int) -> EntryRow | None:
    """Who completed the task and when; None while it is open, or when it was withdrawn."""
    query = _entries.where(Entry.task_id == task_id, Entry.kind == "task_completed")
    return next(_rows(session, query), None)


def timeline(session: Session, subject: str) -> list[EntryRow]:
    """What happened about this subject, oldest first; of very long histories the newest part."""
    query = _entries.join(Instance, Instance.id == Entry.instance_id).where(Instance.subject == subject)
    newest = query.order_by(Entry.at.desc(), Entry.id.desc()).limit(_LONGEST)
    return list(reversed(list(_rows(session, newest))))


def _rows(session: Session, query: Select[Any]) -> Iterator[EntryRow]:
    for row in session.execute(query):
        known = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public name
        yield EntryRow(**known | {"detail": known["detail"] or {}})


def waiting(session: Session, subject: str) -> list[WaitingRow]:
    """What the instances about this subject wait for, the earliest first."""
    query = (
        select(Waiting.id, Waiting.instance_id, Waiting.element, Waiting.kind, Waiting.due_at, Instance.definition_id)
        .join(Instance, Instance.id == Waiting.instance_id)
        .where(Instance.subject == subject)
        .order_by(Waiting.due_at, Waiting.id)
    )
    return [_waiting_row(session, row) for row in session.execute(query).all()]


def _waiting_row(session: Session, row: Any) -> WaitingRow:  # noqa: ANN401  a joined row
    element = definitions.specs(session, row.definition_id).elements.get(row.element)
    name = element.name if element is not None else row.element
    return WaitingRow(row.id, row.instance_id, row.element, name, row.kind, row.due_at)


def instances(session: Session, subject: str) -> list[InstanceRow]:
    """The process instances about this subject, oldest first."""
    query = (
        select(
            Instance.id,
            Instance.definition_id,
            Definition.process,
            Definition.name,
            Definition.version,
            Instance.subject,
            Instance.status,
            Instance.started_at,
            Instance.ended_at,
        )
        .join(Definition, Definition.id == Instance.definition_id)
        .where(Instance.subject == subject)
        .order_by(Instance.id)
    )
    return [InstanceRow(*row) for row in session.execute(query)]


def incidents(session: Session, *, limit: int = 200) -> list[IncidentRow]:
    """The open incidents, oldest first."""
    query = (
        select(
            Incident.id,
            Incident.instance_id,
            Instance.subject,
            Incident.element,
            Incident.name,
            Incident.code,
            Incident.detail,
            Incident.created_at,
        )
        .join(Instance, Instance.id == Incident.instance_id)
        .where(Incident.resolved_at.is_(None))
        .order_by(Incident.created_at, Incident.id)
        .limit(limit)
    )
    return [IncidentRow(*row) for row in session.execute(query)]


def _loaded(session: Session, instance_id: int) -> serializer.Run | None:
    query = select(Instance.document, Instance.document_version, Instance.definition_id).where(
        Instance.id == instance_id
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    specs = definitions.specs(session, row.definition_id)
    return serializer.load(row.document, specs, version=row.document_version, instance_id=instance_id)


def values(session: Session, task_id: int) -> dict[str, Value]:
    """The process values as this open task sees them; empty when it is gone."""
    row = session.execute(select(Task.instance_id, Task.key).where(Task.id == task_id)).one_or_none()
    workflow = _loaded(session, row.instance_id) if row is not None else None
    if row is None or workflow is None:
        return {}
    node = steps.find(workflow, row.key)
    return process_values.visible(node.data) if node is not None else {}


def position(session: Session, instance_id: int) -> dict[str, Any]:
    """Where the instance stands, for the diagram: `process` with its `active` and `done` element ids, and in
    `processes` the same for each process that took or takes part, by its id.
    """
    workflow = _loaded(session, instance_id)
    if workflow is None:
        return {"process": "", "active": [], "done": [], "processes": {}}
    top = workflow.spec.name
    done = _passed(session, instance_id)
    active = _active(workflow, session, instance_id)
    processes = {
        process: {"active": active.get(process, []), "done": done.get(process, [])} for process in {top, *active, *done}
    }
    return {"process": top, **processes[top], "processes": processes}


def _active(workflow: serializer.Run, session: Session, instance_id: int) -> dict[str, list[str]]:
    definition = session.execute(select(Instance.definition_id).where(Instance.id == instance_id)).scalar_one()
    specs = definitions.specs(session, definition)
    found: dict[str, list[str]] = {}
    for frame in steps.frames(workflow):
        for node in frame.tasks.values():
            element = specs.info(frame.spec.name, node.task_spec.bpmn_id)
            if (
                node.has_state(_LIVE)
                and element is not None
                and element.id not in found.setdefault(element.process, [])
            ):
                found[element.process].append(element.id)
    return found


def _passed(session: Session, instance_id: int) -> dict[str, list[str]]:
    query = select(Entry.detail["passed"]).where(Entry.instance_id == instance_id, Entry.detail.has_key("passed"))
    found: dict[str, dict[str, None]] = {}
    for passed in session.execute(query.order_by(Entry.sequence)).scalars():
        for process, elements in passed.items():
            found.setdefault(process, {}).update(dict.fromkeys(elements))
    return {process: list(elements) for process, elements in found.items()}


def path(session: Session, instance_id: int, element: str) -> list[EntryRow]:
    """Why the instance came to this element: of each element before it what happened there last, oldest first."""
    definition = session.execute(select(Instance.definition_id).where(Instance.id == instance_id)).scalar()
    if definition is None:
        return []
    upstream = _upstream(definitions.specs(session, definition), element)
    kinds = ("instance_started", "task_completed", "handler_run", "timer_fired", "message_received", "signal_received")
    query = _entries.where(Entry.instance_id == instance_id, Entry.kind.in_(kinds)).order_by(Entry.sequence.desc())
    found: dict[tuple[str, str], EntryRow] = {}
    for row in _rows(session, query.limit(_LONGEST)):
        place = (row.detail.get("process", ""), row.element)
        if row.kind == "instance_started" or place in upstream:
            found.setdefault(place, row)
        if len(found) > _PATH:
            break
    return sorted(found.values(), key=lambda row: row.sequence)


def _upstream(specs: Specs, element: str) -> set[tuple[str, str]]:
    """The elements from which the flow can come to this one, through calls in both directions."""
    processes = {specs.top.name: specs.top, **specs.subprocesses}
    callers: dict[str, list[tuple[str, str]]] = {}
    for holder, process in processes.items():
        for name, spec in process.task_specs.items():
            if hasattr(spec, "spec"):
                callers.setdefault(spec.spec, []).append((holder, name))
    starts = [(holder, name) for holder, process in processes.items() for name, spec in process.task_specs.items()
              if spec.bpmn_id == element]  # fmt: skip
    seen: set[tuple[str, str]] = set()
    open_ = [before for start in starts for before in _before(processes, callers, *start)]
    while open_:
        place = open_.pop()
        if place not in seen and place[0] in processes:
            seen.add(place)
            spec = processes[place[0]].task_specs[place[1]]
            if hasattr(spec, "spec") and spec.spec in processes:
                open_.append((spec.spec, "End"))
            open_.extend(_before(processes, callers, *place))
    infos = (specs.info(holder, processes[holder].task_specs[name].bpmn_id) for holder, name in seen)
    return {(info.process, info.id) for info in infos if info is not None}


def _before(
    processes: dict[str, Any], callers: dict[str, list[tuple[str, str]]], holder: str, name: str
) -> Iterable[tuple[str, str]]:
    spec = processes[holder].task_specs[name]
    if name == "Start":
        return [before for caller in callers.get(holder, []) for before in _before(processes, callers, *caller)]
    return [(holder, source) for source in spec._inputs]  # noqa: SLF001  the library offers specs, names are enough
