"""Which versions of the processes there are, and what runs in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from workflows.models import Definition, Instance, InstanceStatus

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a process and how many instances run in it."""

    process: str
    version: int
    running: int


def all_of(session: Session) -> list[VersionRow]:
    """All versions of all processes, by process, the newest first."""
    running = func.count(Instance.id).filter(Instance.status == InstanceStatus.RUNNING)
    query = (
        select(Definition.process, Definition.version, running.label("running"))
        .outerjoin(Instance, Instance.definition_id == Definition.id)
        .group_by(Definition.id)
        .order_by(Definition.process, Definition.version.desc())
    )
    return [VersionRow(row.process, row.version, row.running) for row in session.execute(query)]


def find(session: Session, process: str, version: int | None = None) -> int | None:
    """The id of this version (else the newest) of the process; None when there is none."""
    query = select(Definition.id).where(Definition.process == process).order_by(Definition.version.desc()).limit(1)
    if version is not None:
        query = query.where(Definition.version == version)
    return session.execute(query).scalar()
