"""Processes that a message or a signal begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows import definitions, jobs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from workflows.handlers import Value


def waiting(session: Session, kind: str, name: str) -> list[tuple[int, str]]:
    """The newest definitions that this message or signal begins, each with the start event that waits for it."""
    found = []
    for definition_id in definitions.newest(session):
        starts = definitions.specs(session, definition_id).starts
        found += [(definition_id, start.name) for start in starts if (start.kind, start.event) == (kind, name)]
    return found


def leave_jobs(
    session: Session,
    kind: str,
    name: str,
    *,
    subject: str,
    payload: Mapping[str, Value],
    processes: frozenset[str] | None = None,
) -> int:
    """Leaves a job for each process (of these, if any are named) that this message or signal begins; how many."""
    found = waiting(session, kind, name)
    if processes is not None:
        found = [item for item in found if definitions.specs(session, item[0]).process in processes]
    for definition_id, start in found:
        jobs.enqueue(
            session, jobs.START, definition_id=definition_id, start=start, subject=subject, payload=dict(payload)
        )
    return len(found)
