"""What Prometheus may ask: requests and their durations, and the state of the office, counted only up to a limit."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import text

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask
    from sqlalchemy.orm import Session

CONTENT_TYPE = CONTENT_TYPE_LATEST
# A count stops here: nobody acts differently on 10,001 open tasks, and a scan of a million would be felt.
CAP = 10_000
FRESH_SECONDS = 15.0

_registry = CollectorRegistry()
_requests = Counter(
    "drehscheibe_requests_total", "Answered requests", ["endpoint", "method", "status"], registry=_registry
)
_durations = Histogram("drehscheibe_request_seconds", "Time to answer", ["endpoint"], registry=_registry)
_tasks = Gauge("drehscheibe_open_tasks", f"Open tasks by role, counted up to {CAP}", ["role"], registry=_registry)
_timers = Gauge(
    "drehscheibe_due_timers", f"Timers that are due and not yet fired, counted up to {CAP}", registry=_registry
)
_incidents = Gauge(
    "drehscheibe_open_incidents", f"Incidents nobody has resolved, counted up to {CAP}", registry=_registry
)
_stuck = Gauge(
    "drehscheibe_stuck_cases", f"What stands still on the leaders' desk by level, counted up to {CAP}", ["level"],
    registry=_registry,
)  # fmt: skip
_timer_age = Gauge("drehscheibe_oldest_due_timer_seconds", "Age of the oldest timer that is due", registry=_registry)
_jobs = Gauge("drehscheibe_jobs", f"Jobs of the queue by status, counted up to {CAP}", ["status"], registry=_registry)
_job_age = Gauge("drehscheibe_oldest_ready_job_seconds", "Age of the oldest job that could run", registry=_registry)
_workers = Gauge("drehscheibe_workers", "Workers that have shown themselves within 30 seconds", registry=_registry)
_heartbeat = Gauge(
    "drehscheibe_worker_heartbeat_age_seconds", "Since when no worker has shown itself; -1: none is known",
    registry=_registry,
)  # fmt: skip
_backup = Gauge(
    "drehscheibe_backup_age_seconds", "Age of the newest backup that was noted; -1: none was", registry=_registry
)
_size = Gauge("drehscheibe_database_bytes", "Size of the database", registry=_registry)
_sampled_at = {"office": 0.0}

# Each role costs one step through the index and a capped count.
_TASKS = text("""
WITH RECURSIVE role AS (
  (SELECT role FROM workflow_task ORDER BY role LIMIT 1)
  UNION ALL
  SELECT (SELECT t.role FROM workflow_task t WHERE t.role > role.role ORDER BY t.role LIMIT 1)
  FROM role WHERE role.role IS NOT NULL
)
SELECT role, (SELECT count(*) FROM (SELECT 1 FROM workflow_task t WHERE t.role = role.role LIMIT :cap) counted)
FROM role WHERE role IS NOT NULL
""")
_TIMERS = text("""
SELECT count(*) FROM (SELECT 1 FROM workflow_waiting WHERE due_at IS NOT NULL AND due_at <= :now LIMIT :cap) counted
""")
_INCIDENTS = text("SELECT count(*) FROM (SELECT 1 FROM workflow_incident WHERE resolved_at IS NULL LIMIT :cap) counted")

# Word for word what the indexes of the desk say.
_STUCK = text("""
SELECT
  (SELECT count(*) FROM (SELECT 1 FROM supervision_finding
    WHERE red_at <= :now AND at <= :now AND until > :now LIMIT :cap) AS counted) AS red,
  (SELECT count(*) FROM (SELECT 1 FROM supervision_finding
    WHERE red_at > :now AND at <= :now AND until > :now AND cause NOT IN ('held', 'paused')
    LIMIT :cap) AS counted) AS amber,
  (SELECT count(*) FROM (SELECT 1 FROM supervision_finding
    WHERE cause IN ('held', 'paused') AND at <= :now AND until > :now LIMIT :cap) AS counted) AS grey
""")
_JOBS = text("""
SELECT status.name, (SELECT count(*) FROM (
  SELECT 1 FROM procrastinate_jobs AS job WHERE job.status = status.name::procrastinate_job_status LIMIT :cap
) AS counted) FROM unnest(ARRAY['todo', 'doing', 'failed']) AS status(name)
""")
_AGES = text("""
SELECT
  coalesce((SELECT EXTRACT(EPOCH FROM CAST(:now AS timestamptz) - min(due_at))
    FROM workflow_waiting WHERE due_at <= :now), 0)::float AS timer,
  coalesce((SELECT EXTRACT(EPOCH FROM now() - coalesce(job.scheduled_at,
      (SELECT min(event.at) FROM procrastinate_events AS event WHERE event.job_id = job.id)))
    FROM procrastinate_jobs AS job
    WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
    ORDER BY job.id LIMIT 1), 0)::float AS job,
  (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds') AS workers,
  coalesce((SELECT EXTRACT(EPOCH FROM now() - max(last_heartbeat)) FROM procrastinate_workers), -1)::float AS heartbeat,
  coalesce((SELECT EXTRACT(EPOCH FROM now() - max(at)) FROM operations_backup), -1)::float AS backup,
  pg_database_size(current_database()) AS size
""")


def set_up(app: Flask) -> None:
    """Lets each endpoint appear with zero, so that a rate can be drawn from the first request on."""
    for endpoint in app.view_functions:
        _durations.labels(endpoint)


def observe(endpoint: str, method: str, status: int, seconds: float) -> None:
    """Counts one answered request."""
    _requests.labels(endpoint, method, f"{status // 100}xx").inc()
    _durations.labels(endpoint).observe(seconds)


def exposition(session: Session, now: datetime) -> bytes:
    """All measures as text; those of the office at most some seconds old."""
    if time.monotonic() - _sampled_at["office"] > FRESH_SECONDS or not _sampled_at["office"]:
        _sample(session, now)
        _sampled_at["office"] = time.monotonic()
    return generate_latest(_registry)


def _sample(session: Session, now: datetime) -> None:
    _tasks.clear()
    for role, count in session.execute(_TASKS, {"cap": CAP}):
        _tasks.labels(role).set(count)
    _timers.set(session.execute(_TIMERS, {"cap": CAP, "now": now}).scalar_one())
    _incidents.set(session.execute(_INCIDENTS, {"cap": CAP}).scalar_one())
    for level, count in session.execute(_STUCK, {"cap": CAP, "now": now}).mappings().one().items():
        _stuck.labels(level).set(count)
    for status, count in session.execute(_JOBS, {"cap": CAP}):
        _jobs.labels(status).set(count)
    ages = session.execute(_AGES, {"now": now}).one()
    for gauge, value in zip((_timer_age, _job_age, _workers, _heartbeat, _backup, _size), ages, strict=True):
        gauge.set(value)
