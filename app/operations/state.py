"""The running system at a glance, and what of it calls for somebody: the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.operations import queries
from rules import host

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.operations import models

SILENT_SECONDS = 30
LATE = timedelta(minutes=5)
WAITING_SECONDS = 120
OLD_BACKUP = timedelta(hours=26)
CROWDED = 0.8


@dataclass(frozen=True, slots=True)
class State:
    """Everything that the page shows."""

    workers: tuple[queries.Worker, ...]
    queues: tuple[queries.Queue, ...]
    failed: tuple[queries.FailedJob, ...]
    timers: queries.Timers
    trouble: tuple[queries.Trouble, ...]
    database: queries.Database
    backup: models.Backup | None
    durable: bool
    schema: tuple[str, str]

    def alive(self) -> tuple[queries.Worker, ...]:
        """The workers that have shown themselves lately."""
        return tuple(worker for worker in self.workers if worker.seconds <= SILENT_SECONDS)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that calls for somebody: how urgent ("danger", "warning"), what, and the number to say it with."""

    kind: str
    code: str
    number: int = 0


def state(session: Session, *, now: datetime, schema: tuple[str, str]) -> State:
    """The state by the clock of the office; `schema` holds the version of the tables that are there, and of those
    that this program needs.
    """
    return State(
        workers=queries.workers(session), queues=queries.queues(session), failed=queries.failed(session),
        timers=queries.timers(session, now), trouble=queries.trouble(session), database=queries.database(session),
        backup=queries.last_backup(session), durable=host.available(), schema=schema,
    )  # fmt: skip


def problems(found: State, *, now: datetime, system_now: datetime) -> list[Problem]:
    """What calls for somebody, the most urgent first."""
    made = [*_of_workers(found), *_of_timers(found, now), *_of_database(found), *_of_backups(found, system_now)]
    return sorted(made, key=lambda problem: problem.kind)


def _of_workers(found: State) -> Iterator[Problem]:
    alive = found.alive()
    if not alive:
        yield Problem("danger", "no_worker")
    elif len(alive) < len(found.workers):
        yield Problem("warning", "silent_worker", len(found.workers) - len(alive))
    if failed := sum(queue.failed for queue in found.queues):
        yield Problem("danger", "failed_jobs", failed)
    waiting = max((queue.oldest for queue in found.queues), default=0.0)
    if alive and waiting > WAITING_SECONDS:
        yield Problem("warning", "slow_queue", round(waiting / 60))


def _of_timers(found: State, now: datetime) -> Iterator[Problem]:
    oldest = found.timers.oldest
    if oldest is not None and now - oldest > LATE:
        yield Problem("danger", "late_timers", found.timers.due)
    if number := sum(trouble.number for trouble in found.trouble):
        yield Problem("warning", "incidents", number)


def _of_database(found: State) -> Iterator[Problem]:
    there, needed = found.schema
    if there != needed:
        yield Problem("danger", "schema")
    if found.database.connections > CROWDED * found.database.limit:
        yield Problem("warning", "connections", found.database.connections)
    if not found.durable:
        yield Problem("warning", "evaluator")


def _of_backups(found: State, system_now: datetime) -> Iterator[Problem]:
    if found.backup is None:
        yield Problem("danger", "no_backup")
    elif system_now - found.backup.at > OLD_BACKUP:
        yield Problem("danger", "old_backup", (system_now - found.backup.at).days)
