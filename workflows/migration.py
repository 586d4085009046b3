"""Running instances change to another version of their process, one by one, and back as long as nothing has happened.

What an instance is waiting for decides whether it can: each of its tokens needs its place in the other version
(workflows.tokens). Open tasks stay the same rows, so who has them, until when, drafts and comments stay; what the
diagram says of them (name, role, form) is the other version's. An instance that cannot change stays where it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflows import (
    acts,
    clock,
    compaction,
    definitions,
    errors,
    history,
    instances,
    projection,
    serializer,
    storage,
    tokens,
)
from workflows.handlers import environment_of
from workflows.models import ALIVE, Definition, Instance
from workflows.steps import Work

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor
    from workflows.instances import Locked
    from workflows.serializer import Run
    from workflows.specs import Specs


@dataclass(frozen=True, slots=True)
class Target:
    """The version that instances shall change to; `names` gives elements that are called otherwise there."""

    definition_id: int
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an instance can change. If not, at which element, and why: one of CODES."""

    instance_id: int
    possible: bool
    element: str = ""
    code: str = ""


CODES = frozenset(
    {"closed", "current", "process", "missing", "kind", "source", "due", "instances", "structure", "failed", "changed"}
)


@dataclass(frozen=True, slots=True)
class Before:
    """An instance as it was before it changed; `revision` is the one that the change made."""

    instance_id: int
    definition_id: int
    document: bytes
    document_version: int
    revision: int


def preview(session: Session, instance_id: int, target: Target, *, actor: Actor, now: datetime) -> Verdict:
    """What migrate() would say; changes nothing. Raises UnknownInstance."""
    instance = instances.lock(session, instance_id)
    try:
        _prepared(session, instance, target, actor=actor, now=now)
    except errors.TokenRefused as refused:
        return Verdict(instance_id, False, refused.element, refused.code)
    return Verdict(instance_id, True)


def migrate(
    session: Session, instance_id: int, target: Target, *, actor: Actor, now: datetime, reason: str
) -> tuple[Verdict, Before | None]:
    """Changes the instance to the version if it can; what it was before, for revert(). Raises UnknownInstance."""
    instance = instances.lock(session, instance_id)
    try:
        change = _prepared(session, instance, target, actor=actor, now=now)
    except errors.TokenRefused as refused:
        return Verdict(instance_id, False, refused.element, refused.code), None
    versions = _versions(session, instance.definition_id, target.definition_id)
    detail = {**versions, "names": dict(target.names), "reason": reason}
    change.work.lines.append(history.Line("migrated", actor, now, detail=detail))
    revision = _save(change, target.definition_id)
    before = Before(instance_id, instance.definition_id, instance.document, instance.document_version, revision)
    return Verdict(instance_id, True), before


def revert(session: Session, before: Before, *, actor: Actor, now: datetime, reason: str) -> Verdict:
    """Changes the instance back to what it was. Refused ("changed") when it has moved on since."""
    instance = instances.lock(session, before.instance_id)
    columns = Instance.__table__.c
    revision = session.execute(select(columns.revision).where(columns.id == instance.id)).scalar_one()
    if instance.status not in ALIVE or revision != before.revision:
        return Verdict(instance.id, False, "", "changed")
    environment = environment_of(session)
    specs = definitions.specs(session, before.definition_id)
    with clock.at(now, environment.calendar):
        current = _loaded(session, instance)
        old = serializer.load(before.document, specs, version=before.document_version, instance_id=instance.id)
        change = _change(Work(session, environment, instance, specs, old, actor, now), current)
    versions = _versions(session, instance.definition_id, before.definition_id)
    detail = {**versions, "reason": reason, "back": True}
    change.work.lines.append(history.Line("migrated", actor, now, detail=detail))
    _save(change, before.definition_id)
    return Verdict(instance.id, True)


def _loaded(session: Session, instance: Locked) -> Run:
    specs = definitions.specs(session, instance.definition_id)
    return serializer.load(instance.document, specs, version=instance.document_version, instance_id=instance.id)


def _prepared(session: Session, instance: Locked, target: Target, *, actor: Actor, now: datetime) -> _Change:
    """The instance in the other version. Raises TokenRefused."""
    _check(session, instance, target)
    environment = environment_of(session)
    specs = definitions.specs(session, target.definition_id)
    with clock.at(now, environment.calendar):
        current = _loaded(session, instance)
        moved = _moved(current, specs, target)
        work = Work(session, environment, instance, specs, moved, actor, now)
        try:
            return _change(work, current)
        except errors.StepFailed as failed:
            raise errors.TokenRefused(failed.element, "failed") from failed


@dataclass(frozen=True, slots=True)
class _Change:
    """The instance as it will be, what comes and goes, and how its open tasks are described."""

    work: Work
    differences: projection.Differences
    rows: list[dict[str, Any]]


def _change(work: Work, current: Run) -> _Change:
    after = projection.view(work.workflow)
    rows = [projection.task_row(work, task) for task in after.tasks.values()]
    return _Change(work, projection.differences(work, projection.view(current), after), rows)


def _moved(current: Run, specs: Specs, target: Target) -> Run:
    moved = tokens.plant(specs, tokens.read(current), names=target.names, ticks=current.ticks)
    compaction.compact(moved)
    # Only what a document can hold counts.
    return serializer.load(serializer.dump(moved), specs)


def _check(session: Session, instance: Locked, target: Target) -> None:
    if instance.status not in ALIVE:
        raise errors.TokenRefused("", "closed")
    if instance.definition_id == target.definition_id:
        raise errors.TokenRefused("", "current")
    query = select(Definition.process).where(Definition.id.in_([instance.definition_id, target.definition_id]))
    if len(set(session.execute(query).scalars())) != 1:
        raise errors.TokenRefused("", "process")


def _versions(session: Session, old: int, new: int) -> dict[str, Any]:
    query = select(Definition.id, Definition.version).where(Definition.id.in_([old, new]))
    versions = {row.id: row.version for row in session.execute(query)}
    return {"from_version": versions[old], "to_version": versions[new]}


def _save(change: _Change, definition_id: int) -> int:
    """Writes the instance as it now is; returns its revision."""
    work = change.work
    acts.save(work, change.differences)
    return storage.change_version(work.session, work.instance.id, definition_id, change.rows)
