"""The one door to the queue of jobs: a job is written in the transaction of the act that causes it, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

QUEUE = "drehscheibe"
CALL_HANDLER = "workflows.call_handler"
DELIVER = "workflows.deliver"
MIGRATE = "workflows.migrate"
START = "workflows.start"
WAKE = "workflows.wake"

_DEFER = text(
    "SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[ROW(:queue, :name, 0, NULL, NULL, :arguments, :at)"
    "::procrastinate_job_to_defer_v1]))"
).bindparams(bindparam("arguments", type_=JSONB))


def enqueue(session: Session, name: str, /, *, at: datetime | None = None, **arguments: Any) -> int:  # noqa: ANN401  any JSON
    """Leaves a job that runs after this transaction has committed (not before the system time `at`); returns its id."""
    values = {"queue": QUEUE, "name": name, "arguments": arguments, "at": at}
    return int(session.execute(_DEFER, values).scalar_one())
