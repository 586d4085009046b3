"""Which versions of the processes there are, and what runs in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from workflows.models import ALIVE, Definition, Instance, MigrationBatch, MigrationItem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a process and how many instances run in it, those that are stopped among them."""

    process: str
    version: int
    running: int
    name: str = ""
    deployed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch of instances that change to a version of their process."""

    id: int
    process: str
    version: int
    name: str
    status: str
    reason: str
    actor: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An instance of a batch: about what it is, and what is known of its change."""

    subject: str
    status: str
    element: str
    code: str


def all_of(session: Session) -> list[VersionRow]:
    """All versions of all processes, by process, the newest first."""
    running = func.count(Instance.id).filter(Instance.status.in_(ALIVE))
    query = (
        select(
            Definition.process, Definition.version, running.label("running"), Definition.name, Definition.deployed_at
        )
        .outerjoin(Instance, Instance.definition_id == Definition.id)
        .group_by(Definition.id)
        .order_by(Definition.process, Definition.version.desc())
    )
    return [VersionRow(*row) for row in session.execute(query)]


def batches(session: Session, *, batch_id: int | None = None, limit: int = 50) -> list[BatchRow]:
    """The batches, or the one with this id, the newest first."""
    query = (
        select(
            MigrationBatch.id, Definition.process, Definition.version, Definition.name, MigrationBatch.status,
            MigrationBatch.reason, MigrationBatch.actor, MigrationBatch.created_at,
        )
        .join(Definition, Definition.id == MigrationBatch.definition_id)
        .order_by(MigrationBatch.id.desc())
        .limit(limit)
    )  # fmt: skip
    query = query if batch_id is None else query.where(MigrationBatch.id == batch_id)
    return [BatchRow(*row) for row in session.execute(query)]


def items(session: Session, batch_id: int, *, limit: int = 200) -> list[ItemRow]:
    """The instances of a batch, those that cannot change first."""
    query = (
        select(Instance.subject, MigrationItem.status, MigrationItem.element, MigrationItem.code)
        .join(Instance, Instance.id == MigrationItem.instance_id)
        .where(MigrationItem.batch_id == batch_id)
        .order_by((MigrationItem.code == "").asc(), MigrationItem.instance_id)
        .limit(limit)
    )
    return [ItemRow(*row) for row in session.execute(query)]


def find(session: Session, process: str, version: int | None = None) -> int | None:
    """The id of this version (else the newest) of the process; None when there is none."""
    query = select(Definition.id).where(Definition.process == process).order_by(Definition.version.desc()).limit(1)
    if version is not None:
        query = query.where(Definition.version == version)
    return session.execute(query).scalar()


def files(session: Session, process: str, version: int) -> dict[str, str]:
    """The files of a version by their content hashes; none when there is no such version."""
    query = select(Definition.files).where(Definition.process == process, Definition.version == version)
    return session.scalar(query) or {}


def holding(session: Session, names: Iterable[str]) -> frozenset[str]:
    """The processes that consist of one of these files, their own or one that they call or show."""
    wanted = set(names)
    rows = session.execute(select(Definition.process, Definition.files))
    return frozenset(row.process for row in rows if wanted & row.files.keys())
