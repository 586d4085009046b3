"""The state of the running system, read from the tables of the queue, of the host and of PostgreSQL itself.

Nothing here reads a value of a client. Counts stop at CAP: nobody acts differently on 10,001 of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, text

from app.operations import models

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

CAP = 10_000
SHOWN = 20
LENGTH = 300
_LITERALS = re.compile(r"'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$|\b\d+(?:\.\d+)?\b", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker: seconds since it last showed itself, and how many jobs it is doing."""

    id: int
    seconds: float
    doing: int


@dataclass(frozen=True, slots=True)
class Queue:
    """The jobs of one kind: ready, planned for later, under way, failed; `oldest` is how many seconds the first of the
    ready ones has waited.
    """

    task: str
    ready: int
    later: int
    doing: int
    failed: int
    oldest: float


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that was given up; `case` is the number of the case it belongs to, if it belongs to one."""

    id: int
    task: str
    attempts: int
    failed_at: datetime | None
    case: str


@dataclass(frozen=True, slots=True)
class Timers:
    """Timers that should have fired, the oldest of them, the next to come, and how many come within a day."""

    due: int
    oldest: datetime | None
    next: datetime | None
    soon: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Open incidents at one step."""

    name: str
    code: str
    number: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Table:
    """A table with everything that belongs to it."""

    name: str
    bytes: int
    rows: int
    dead: int


@dataclass(frozen=True, slots=True)
class Database:
    """Version, size and connections of the server."""

    version: str
    bytes: int
    connections: int
    limit: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement without its values: how often, milliseconds at a time and altogether."""

    text: str
    calls: int
    mean: float
    total: float


_WORKERS = text("""
SELECT worker.id, EXTRACT(EPOCH FROM now() - worker.last_heartbeat)::float,
    (SELECT count(*) FROM procrastinate_jobs AS job WHERE job.worker_id = worker.id AND job.status = 'doing')
FROM procrastinate_workers AS worker ORDER BY worker.last_heartbeat DESC LIMIT :limit
""")
_QUEUES = text("""
SELECT job.task_name,
    count(*) FILTER (WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())),
    count(*) FILTER (WHERE job.status = 'todo' AND job.scheduled_at > now()),
    count(*) FILTER (WHERE job.status = 'doing'), count(*) FILTER (WHERE job.status = 'failed'),
    coalesce(EXTRACT(EPOCH FROM now() - min(coalesce(job.scheduled_at, deferred.at)) FILTER (
        WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now()))), 0)::float
FROM procrastinate_jobs AS job LEFT JOIN LATERAL (
    SELECT min(at) AS at FROM procrastinate_events AS event WHERE event.job_id = job.id
) AS deferred ON job.status = 'todo' AND job.scheduled_at IS NULL
WHERE job.status IN ('todo', 'doing', 'failed') GROUP BY job.task_name ORDER BY job.task_name
""")
_FAILED = text("""
SELECT job.id, job.task_name, job.attempts,
    (SELECT max(event.at) FROM procrastinate_events AS event WHERE event.job_id = job.id AND event.type = 'failed'),
    coalesce((SELECT file.number FROM workflow_instance AS run JOIN case_file AS file ON file.id::text = run.subject
        WHERE run.id = (job.args ->> 'instance_id')::bigint), '')
FROM procrastinate_jobs AS job WHERE job.status = 'failed' ORDER BY job.id DESC LIMIT :limit
""")
_TIMERS = text("""
SELECT (SELECT count(*) FROM (SELECT 1 FROM workflow_waiting WHERE due_at <= :now LIMIT :cap) AS counted),
    (SELECT min(due_at) FROM workflow_waiting WHERE due_at <= :now),
    (SELECT min(due_at) FROM workflow_waiting WHERE due_at > :now),
    (SELECT count(*) FROM (
        SELECT 1 FROM workflow_waiting WHERE due_at > :now AND due_at <= :now + interval '1 day' LIMIT :cap
    ) AS counted)
""")
_TROUBLE = text("""
SELECT name, code, count(*), min(created_at) FROM workflow_incident WHERE resolved_at IS NULL
GROUP BY name, code ORDER BY count(*) DESC, name LIMIT :limit
""")
_TABLES = text("""
SELECT relname, pg_total_relation_size(relid), n_live_tup, n_dead_tup FROM pg_stat_user_tables
ORDER BY pg_total_relation_size(relid) DESC LIMIT 10
""")
_DATABASE = text("""
SELECT current_setting('server_version'), pg_database_size(current_database()),
    (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
    current_setting('max_connections')::int
""")
_HAS_STATEMENTS = text("""
SELECT count(*) = 1 AND current_setting('shared_preload_libraries') LIKE '%pg_stat_statements%'
FROM pg_extension WHERE extname = 'pg_stat_statements'
""")
_STATEMENTS = text("""
SELECT query, calls, mean_exec_time, total_exec_time FROM pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY total_exec_time DESC LIMIT 10
""")
_ACTIVITY = text("""
SELECT query, 1, EXTRACT(EPOCH FROM clock_timestamp() - query_start)::float * 1000,
    EXTRACT(EPOCH FROM clock_timestamp() - query_start)::float * 1000
FROM pg_stat_activity
WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid() AND query <> ''
    AND backend_type = 'client backend'
ORDER BY query_start LIMIT 10
""")


def workers(session: Session) -> tuple[Worker, ...]:
    """The workers, who showed itself last first."""
    return tuple(Worker(*row) for row in session.execute(_WORKERS, {"limit": SHOWN}))


def queues(session: Session) -> tuple[Queue, ...]:
    """The jobs that are not done, by kind."""
    return tuple(Queue(*row) for row in session.execute(_QUEUES))


def failed(session: Session) -> tuple[FailedJob, ...]:
    """The jobs that were given up, the newest first."""
    return tuple(FailedJob(*row) for row in session.execute(_FAILED, {"limit": SHOWN}))


def timers(session: Session, now: datetime) -> Timers:
    """The timers by the clock of the office."""
    return Timers(*session.execute(_TIMERS, {"now": now, "cap": CAP}).one())


def trouble(session: Session) -> tuple[Trouble, ...]:
    """Open incidents by step, most first."""
    return tuple(Trouble(*row) for row in session.execute(_TROUBLE, {"limit": SHOWN}))


def tables(session: Session) -> tuple[Table, ...]:
    """The ten largest tables."""
    return tuple(Table(*row) for row in session.execute(_TABLES))


def database(session: Session) -> Database:
    """The server that holds everything."""
    return Database(*session.execute(_DATABASE).one())


def statements(session: Session) -> tuple[bool, tuple[Statement, ...]]:
    """Whether PostgreSQL keeps statistics of statements; then those that took most time, else what runs longest now."""
    kept = bool(session.scalar(_HAS_STATEMENTS))
    rows = session.execute(_STATEMENTS if kept else _ACTIVITY)
    return kept, tuple(Statement(without_values(row[0]), *row[1:]) for row in rows)


def without_values(statement: str) -> str:
    """A statement with a sign in the place of each literal, on one line, not too long."""
    return " ".join(_LITERALS.sub("?", statement).split())[:LENGTH]


def last_backup(session: Session) -> models.Backup | None:
    """The newest backup that somebody has noted."""
    return session.scalar(select(models.Backup).order_by(models.Backup.at.desc()).limit(1))


def retries(session: Session) -> list[models.Retry]:
    """Who has begun failed jobs again and why, the newest first."""
    return list(session.scalars(select(models.Retry).order_by(models.Retry.id.desc()).limit(SHOWN)))
