"""All running instances of a process change to another version: looked at first, then changed in small steps by jobs.

A batch is one row, each of its instances another; the rows are the progress, the result and the way back. A job works
off a handful and leaves the next job in its last transaction, so a batch goes on after any crash, and several workers
may share it. Nothing is changed before somebody has seen what the look said and begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, literal, select, update

from workflows import errors, jobs, migration
from workflows.handlers import Actor
from workflows.models import ALIVE, BatchStatus, Definition, Instance, ItemStatus, MigrationBatch, MigrationItem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session, sessionmaker

    Clock = Callable[[Session], datetime]

PER_JOB = 50
# What a running batch asks of the next item: the state in which it must be, by the state of the batch.
_NEXT = {
    BatchStatus.CHECKING: ItemStatus.OPEN,
    BatchStatus.MOVING: ItemStatus.POSSIBLE,
    BatchStatus.REVERTING: ItemStatus.MOVED,
}
_THEN = {
    BatchStatus.CHECKING: BatchStatus.CHECKED,
    BatchStatus.MOVING: BatchStatus.MOVED,
    BatchStatus.REVERTING: BatchStatus.REVERTED,
}


def plan(session: Session, target: migration.Target, *, actor: Actor, now: datetime, reason: str) -> int:
    """Makes a batch of all instances of older versions that live and lets jobs look at each; returns its id."""
    process = session.execute(select(Definition.process).where(Definition.id == target.definition_id)).scalar_one()
    row = {
        "definition_id": target.definition_id,
        "names": dict(target.names),
        "reason": reason,
        "actor_id": actor.id,
        "actor": actor.name,
        "created_at": now,
        "status": BatchStatus.CHECKING.value,
    }
    batch_id = session.execute(insert(MigrationBatch).values(row).returning(MigrationBatch.id)).scalar_one()
    older = (
        select(literal(batch_id), Instance.id, literal(ItemStatus.OPEN.value))
        .join(Definition, Definition.id == Instance.definition_id)
        .where(
            Definition.process == process,
            Instance.definition_id != target.definition_id,
            Instance.status.in_(ALIVE),
        )
        .order_by(Instance.id)
    )
    session.execute(insert(MigrationItem).from_select(["batch_id", "instance_id", "status"], older))
    jobs.enqueue(session, jobs.MIGRATE, batch_id=batch_id)
    return int(batch_id)


def begin(session: Session, batch_id: int) -> None:
    """Lets jobs change the instances that can. Raises BatchRefused unless all have been looked at."""
    _go(session, batch_id, BatchStatus.CHECKED, BatchStatus.MOVING)


def revert(session: Session, batch_id: int) -> None:
    """Lets jobs change the instances back that have not moved on. Raises BatchRefused while the batch is at work."""
    _go(session, batch_id, BatchStatus.MOVED, BatchStatus.REVERTING)


def _go(session: Session, batch_id: int, before: BatchStatus, after: BatchStatus) -> None:
    allowed = {before, BatchStatus.CANCELLED} if after is BatchStatus.REVERTING else {before}
    _become(session, batch_id, allowed, after)
    jobs.enqueue(session, jobs.MIGRATE, batch_id=batch_id)


def cancel(session: Session, batch_id: int) -> None:
    """Stops a batch that is at work after the instance that is under way; what is done stays done."""
    _become(session, batch_id, set(_NEXT), BatchStatus.CANCELLED)


def _become(session: Session, batch_id: int, allowed: set[BatchStatus], status: BatchStatus) -> None:
    changed = session.execute(
        update(MigrationBatch)
        .where(MigrationBatch.id == batch_id, MigrationBatch.status.in_([one.value for one in allowed]))
        .values(status=status.value)
        .returning(MigrationBatch.id)
    ).scalar()
    if changed is None:
        raise errors.BatchRefused(batch_id)


def progress(session: Session, batch_id: int) -> tuple[BatchStatus, Mapping[ItemStatus, int]]:
    """The state of the batch and how many of its instances are in which state. Raises BatchRefused when unknown."""
    status = session.execute(select(MigrationBatch.status).where(MigrationBatch.id == batch_id)).scalar()
    if status is None:
        raise errors.BatchRefused(batch_id)
    counted = (
        select(MigrationItem.status, func.count())
        .where(MigrationItem.batch_id == batch_id)
        .group_by(MigrationItem.status)
    )
    return BatchStatus(status), {ItemStatus(one): number for one, number in session.execute(counted)}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why some instances cannot change, and whose (subjects) they are."""

    code: str
    element: str
    subjects: tuple[str, ...]


def refusals(session: Session, batch_id: int) -> list[Refusal]:
    """The reasons why instances of the batch cannot change, the most frequent first."""
    query = (
        select(MigrationItem.code, MigrationItem.element, func.array_agg(Instance.subject).label("subjects"))
        .join(Instance, Instance.id == MigrationItem.instance_id)
        .where(MigrationItem.batch_id == batch_id, MigrationItem.status == ItemStatus.REFUSED.value)
        .group_by(MigrationItem.code, MigrationItem.element)
        .order_by(func.count().desc(), MigrationItem.code, MigrationItem.element)
    )
    return [Refusal(row.code, row.element, tuple(row.subjects)) for row in session.execute(query)]


def work_off(sessions: sessionmaker[Session], clock: Clock, batch_id: int, *, limit: int = PER_JOB) -> bool:
    """Deals with so many instances, each in its own transaction; whether there is more. The batch goes to its next
    state with the last one, and leaves a job where there is more.
    """
    for _ in range(limit):
        with sessions.begin() as session:
            if not _one(session, clock(session), batch_id):
                return False
    with sessions.begin() as session:
        jobs.enqueue(session, jobs.MIGRATE, batch_id=batch_id)
    return True


def _one(session: Session, now: datetime, batch_id: int) -> bool:
    """Deals with the next instance; False when there is none."""
    batch = session.get(MigrationBatch, batch_id)
    wanted = _NEXT.get(BatchStatus(batch.status)) if batch is not None else None
    if batch is None or wanted is None:
        return False
    item = session.execute(
        select(MigrationItem)
        .where(MigrationItem.batch_id == batch_id, MigrationItem.status == wanted.value)
        .order_by(MigrationItem.instance_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).scalar()
    if item is None:
        _finish(session, batch, wanted)
        return False
    _deal(session, batch, item, now)
    return True


def _finish(session: Session, batch: MigrationBatch, wanted: ItemStatus) -> None:
    """The batch has come to the end of its way, unless a colleague still holds an item."""
    left = select(MigrationItem.instance_id).where(
        MigrationItem.batch_id == batch.id, MigrationItem.status == wanted.value
    )
    if session.execute(left.limit(1)).scalar() is None:
        before = BatchStatus(batch.status)
        session.execute(
            update(MigrationBatch)
            .where(MigrationBatch.id == batch.id, MigrationBatch.status == before.value)
            .values(status=_THEN[before].value)
        )


def _deal(session: Session, batch: MigrationBatch, item: MigrationItem, now: datetime) -> None:
    act = {BatchStatus.CHECKING: _look, BatchStatus.MOVING: _move, BatchStatus.REVERTING: _move_back}
    try:
        verdict, done = act[BatchStatus(batch.status)](session, batch, item, now)
    except errors.WorkflowError:
        # A document that cannot be read, a handler that is gone: this instance stays, the others go on.
        verdict, done = migration.Verdict(item.instance_id, False, "", "failed"), ItemStatus.REFUSED
    item.status, item.element, item.code = done.value, verdict.element, verdict.code


def _actor(batch: MigrationBatch) -> Actor:
    return Actor(id=batch.actor_id, name=batch.actor, roles=frozenset(), partner="")


def _look(
    session: Session, batch: MigrationBatch, item: MigrationItem, now: datetime
) -> tuple[migration.Verdict, ItemStatus]:
    target = migration.Target(batch.definition_id, batch.names)
    verdict = migration.preview(session, item.instance_id, target, actor=_actor(batch), now=now)
    return verdict, ItemStatus.POSSIBLE if verdict.possible else ItemStatus.REFUSED


def _move(
    session: Session, batch: MigrationBatch, item: MigrationItem, now: datetime
) -> tuple[migration.Verdict, ItemStatus]:
    target = migration.Target(batch.definition_id, batch.names)
    verdict, before = migration.migrate(
        session, item.instance_id, target, actor=_actor(batch), now=now, reason=batch.reason
    )
    if before is None:
        return verdict, ItemStatus.REFUSED
    item.before_definition_id, item.before_document = before.definition_id, before.document
    item.before_version, item.revision = before.document_version, before.revision
    return verdict, ItemStatus.MOVED


def _move_back(
    session: Session, batch: MigrationBatch, item: MigrationItem, now: datetime
) -> tuple[migration.Verdict, ItemStatus]:
    assert item.before_definition_id is not None and item.before_document is not None  # noqa: PT018  it has moved
    assert item.before_version is not None and item.revision is not None  # noqa: PT018
    before = migration.Before(
        item.instance_id, item.before_definition_id, item.before_document, item.before_version, item.revision
    )
    verdict = migration.revert(session, before, actor=_actor(batch), now=now, reason=batch.reason)
    return verdict, ItemStatus.REVERTED if verdict.possible else ItemStatus.LEFT
