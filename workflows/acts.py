"""The frame of every act: lock the instance, load it once, let it run once, save it once."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.exceptions import SpiffWorkflowException
from sqlalchemy import insert, update

from workflows import (
    clock,
    compaction,
    definitions,
    errors,
    events,
    history,
    instances,
    projection,
    reasons,
    serializer,
    starts,
    steps,
    storage,
    values,
)
from workflows.handlers import SYSTEM, environment_of
from workflows.models import Incident, Instance, InstanceStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor, Value
    from workflows.instances import Locked
    from workflows.steps import Work

_instances = Instance.__table__


@dataclass(slots=True)
class Act:
    """An act that is under way; `new_tasks` is known when it is over."""

    work: Work
    before: projection.View
    new_tasks: tuple[int, ...] = ()


@contextmanager
def opened(session: Session, instance: Locked, *, actor: Actor, now: datetime) -> Iterator[Act]:
    """Loads the locked instance, and after the block runs it to its next wait, writes the rows, the document and
    the history.

    Raises StepFailed when a step fails; the caller's transaction must then be rolled back, nothing was done.
    """
    environment = environment_of(session)
    specs = definitions.specs(session, instance.definition_id)
    with clock.at(now, environment.calendar):
        workflow = serializer.load(instance.document, specs, version=instance.document_version, instance_id=instance.id)
        work = steps.Work(session, environment, instance, specs, workflow, actor, now)
        act = Act(work, projection.view(workflow))
        with _failing(work):
            yield act
            _close(act)


@contextmanager
def looked_at(session: Session, instance: Locked, *, now: datetime) -> Iterator[Work]:
    """The locked instance, loaded only to be looked at: nothing of the work is saved."""
    environment = environment_of(session)
    specs = definitions.specs(session, instance.definition_id)
    with clock.at(now, environment.calendar):
        workflow = serializer.load(instance.document, specs, version=instance.document_version, instance_id=instance.id)
        yield steps.Work(session, environment, instance, specs, workflow, SYSTEM, now)


def begin(
    session: Session,
    definition_id: int,
    *,
    subject: str,
    given: Mapping[str, Value],
    actor: Actor,
    now: datetime,
    start: str = "",
) -> int:
    """Makes an instance of this definition and runs it from this start event (else the plain one) to its first wait;
    returns its id. Raises StepFailed.
    """
    environment = environment_of(session)
    specs = definitions.specs(session, definition_id)
    instance = _created(session, definition_id, subject, now)
    with clock.at(now, environment.calendar):
        workflow = serializer.fresh(specs, start=start)
        work = steps.Work(session, environment, instance, specs, workflow, actor, now)
        values.write(workflow.task_tree, given)
        detail: dict[str, Any] = {"process": specs.process, "values": dict(given)}
        if begun := starts.told(specs, start):
            detail["start"] = begun
        work.lines.append(history.Line("instance_started", actor, now, detail=detail))
        with _failing(work):
            _close(Act(work, projection.EMPTY))
    return instance.id


@contextmanager
def _failing(work: Work) -> Iterator[None]:
    """Whatever a diagram does wrong outside of a single step is a failed step all the same."""
    try:
        yield
    except (errors.ExpressionInvalid, errors.HandlerMissing, SpiffWorkflowException) as error:
        raise work.failed(steps.place_of(error) or work.workflow.task_tree, reasons.of(error)) from error


def _created(session: Session, definition_id: int, subject: str, now: datetime) -> Locked:
    row = {
        "definition_id": definition_id,
        "subject": subject,
        "status": InstanceStatus.RUNNING.value,
        "document": b"",
        "document_version": serializer.VERSION,
        "started_at": now,
    }
    made = session.execute(insert(_instances).values(row).returning(_instances.c.id)).scalar_one()  # type: ignore[arg-type]
    return instances.lock(session, made)


def _close(act: Act) -> None:
    work = act.work
    _run(work)
    compaction.compact(work.workflow)
    changed = projection.differences(work, act.before, projection.view(work.workflow))
    events.leave_jobs(work)
    if work.workflow.completed:
        work.lines.append(history.Line("completed", work.actor, work.now))
    if work.passed and work.lines:
        work.lines[0].detail["passed"] = work.passed
    act.new_tasks = save(work, changed)
    if work.instance.troubled:
        _resolve_incidents(work)


def _run(work: Work) -> None:
    try:
        steps.advance(work)
    except RecursionError as error:
        raise work.failed(work.workflow.task_tree, reasons.kept("nested")) from error


def save(work: Work, changed: projection.Differences) -> tuple[int, ...]:
    """Writes the rows, the document and the history of this act; the ids of the new tasks."""
    over = work.workflow.completed
    entries = history.rows(work.instance, work.lines)
    return storage.save(
        work.session,
        {"tasks": changed.tasks, "waits": changed.waits, "gone_waits": changed.gone_waits, "entries": entries},
        gone_tasks=changed.gone_tasks,
        now=work.now,
        id=work.instance.id,
        document=serializer.dump(work.workflow),
        version=serializer.VERSION,
        sequence=work.instance.sequence,
        head=work.instance.head,
        status=(InstanceStatus.COMPLETED if over else InstanceStatus(work.instance.status)).value,
        ended_at=work.now if over else None,
    )


def _resolve_incidents(work: Work) -> None:
    """A step that failed before and has now been passed is no incident any more."""
    passed = [element for elements in work.passed.values() for element in elements]
    columns = Incident.__table__.c
    work.session.execute(
        update(Incident.__table__)  # type: ignore[arg-type]  # a Table
        .where(columns.instance_id == work.instance.id, columns.resolved_at.is_(None), columns.element.in_(passed))
        .values(resolved_at=work.now, resolved_by=work.actor.name)
    )


def checked(given: Mapping[str, Value]) -> None:
    """Raises ValueRefused when a process may not hold one of the values."""
    refused = values.refusal(given)
    if refused is not None:
        raise errors.ValueRefused(refused)
