"""What operations write: failed jobs begun again with a reason, backups noted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from app.operations import errors, models

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

LONGEST = 500
_FAILED = text("""
SELECT id FROM procrastinate_jobs
WHERE status = 'failed' AND task_name = :task AND (CAST(:job AS bigint) IS NULL OR id = :job) FOR UPDATE SKIP LOCKED
""")
_AGAIN = text("SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM unnest(:jobs) AS id")


def retry(session: Session, task: str, *, job_id: int | None, reason: str, actor: Actor, at: datetime) -> int:
    """Begins a failed job of this kind again, or all of them; how many. The queue takes them up at once.

    Raises RetryRefused without a reason, or when none of them has failed any more.
    """
    if not reason.strip():
        raise errors.RetryRefused("reason")
    found = list(session.scalars(_FAILED, {"task": task, "job": job_id}))
    if not found:
        raise errors.RetryRefused("gone")
    session.execute(_AGAIN, {"jobs": found})
    session.add(
        models.Retry(
            at=at, task=task, number=len(found), reason=reason.strip()[:LONGEST], actor_id=actor.id, actor=actor.name
        )
    )
    return len(found)


def note_backup(session: Session, *, place: str, size: int, by: str, at: datetime) -> None:
    """Notes that a backup of the database was made, where it lies and how large it is (0: unknown)."""
    session.add(models.Backup(at=at, place=place.strip()[:LONGEST], bytes=size, by=by))
