"""The edge of the host without people: the functions of jobs, the sweep of due timers, the rescue of jobs whose
worker died.

Each function opens its own transactions. A job may run twice; each locks, looks again, and does nothing when the
work is done.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import procrastinate
import psycopg
from sqlalchemy import exists, select, text

from workflows import (
    autostart,
    definitions,
    engine,
    errors,
    events,
    instances,
    jobs,
    letters,
    migration_batches,
    reasons,
    serializer,
    steps,
)
from workflows.handlers import SYSTEM, environment_of
from workflows.models import Instance, InstanceStatus, Waiting, WaitingKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session, sessionmaker

    from workflows.handlers import Registered, Value

    Sessions = sessionmaker[Session]
    Clock = Callable[[Session], datetime]

log = logging.getLogger("workflows.runner")
ATTEMPTS = 6
# So many kept messages are brought in one transaction.
LETTERS = 1000
TIMER = "timer"
_RETRY = procrastinate.RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=3)


def build(url: str, sessions: Sessions, clock: Clock) -> procrastinate.App:
    """The queue's application with all job functions, on this database."""
    address = url.replace("postgresql+psycopg://", "postgresql://", 1)
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=address, min_size=1, max_size=4))
    register(app, sessions, clock)
    return app


def register(app: procrastinate.App, sessions: Sessions, clock: Clock) -> None:
    """Makes the host's job functions known to the queue."""

    @app.task(name=jobs.CALL_HANDLER, queue=jobs.QUEUE, retry=_RETRY, pass_context=True)
    def _call(context: procrastinate.JobContext, *, instance_id: int, key: str) -> None:
        call_handler(sessions, clock, instance_id=instance_id, key=key, last=context.job.attempts + 1 >= ATTEMPTS)

    @app.task(name=jobs.DELIVER, queue=jobs.QUEUE, retry=_RETRY)
    def _deliver(**arguments: Any) -> None:  # noqa: ANN401  what events.send leaves
        deliver(sessions, clock, **arguments)

    @app.task(name=jobs.START, queue=jobs.QUEUE, retry=_RETRY)
    def _start(*, definition_id: int, start: str, subject: str, payload: dict[str, Any]) -> None:
        begin(sessions, clock, definition_id, start=start, subject=subject, payload=payload)

    @app.task(name=jobs.WAKE, queue=jobs.QUEUE, retry=_RETRY)
    def _wake(*, instance_id: int) -> None:
        wake(sessions, clock, instance_id)

    @app.task(name=jobs.MIGRATE, queue=jobs.QUEUE, retry=_RETRY)
    def _migrate(*, batch_id: int) -> None:
        migration_batches.work_off(sessions, clock, batch_id)

    _register_rounds(app, sessions, clock)


def _register_rounds(app: procrastinate.App, sessions: Sessions, clock: Clock) -> None:
    """What is looked after again and again, by one worker at a time."""

    @app.periodic(cron="17 * * * *")
    @app.task(name="workflows.expire", queue=jobs.QUEUE)
    def _expire(timestamp: int) -> None:  # noqa: ARG001  the queue passes it
        with sessions.begin() as session:
            letters.expire(session, clock(session))

    @app.periodic(cron="* * * * * */5")
    @app.task(name="workflows.bring_letters", queue=jobs.QUEUE)
    def _bring_letters(timestamp: int) -> None:  # noqa: ARG001  the queue passes it
        bring_letters(sessions, clock)

    @app.periodic(cron="* * * * * */5")
    @app.task(name="workflows.rescue", queue=jobs.QUEUE)
    def _rescue(timestamp: int) -> None:  # noqa: ARG001  the queue passes it
        rescue(
            str(sessions.kw["bind"].url.set(drivername="postgresql").render_as_string(hide_password=False)), seconds=6
        )


def call_handler(sessions: Sessions, clock: Clock, *, instance_id: int, key: str, last: bool = False) -> bool:
    """Makes one outside call, with no transaction held, and takes its answer into the process; False when nobody
    waits for it.

    An exception of the call is raised again for the queue to retry; at the `last` attempt, or when it is final, it
    becomes an incident.
    """
    with sessions() as session:
        prepared = _prepared(session, clock, instance_id, key)
    if prepared is None:
        return False
    handler, call, failed = prepared
    try:
        outputs = handler.run(call)
    except errors.ProcessError as known:
        code = known.code
        return _applied(
            sessions, clock, lambda session, now: engine.fail(session, instance_id, key=key, code=code, now=now)
        )
    except Exception as error:
        # The boundary of the outside: whatever it raises is told, tried again, and in the end shown to people.
        log.warning("outside call failed", extra={"handler": handler.name, "instance": instance_id})
        outage = error if isinstance(error, errors.CallFailed) else None
        if not last and not (outage and outage.is_final):
            raise
        _report(sessions, clock, failed(outage.told if outage else reasons.of(error)), "call")
        return False
    finally:
        call.session.close()
    return _applied(
        sessions, clock, lambda session, now: engine.resolve(session, instance_id, key=key, outputs=outputs, now=now)
    )


def _prepared(session: Session, clock: Clock, instance_id: int, key: str) -> tuple[Registered, Any, Any] | None:
    """The handler, its call and how to name its failure, read without a lock; the transaction ends before the call."""
    row = session.execute(
        select(Instance.document, Instance.document_version, Instance.definition_id, Instance.subject)
        .join(Waiting, Waiting.instance_id == Instance.id)
        .where(Instance.id == instance_id, Waiting.key == UUID(key), Waiting.kind == WaitingKind.HANDLER)
        # Who rests calls nobody; the call is made when the instance is resumed.
        .where(Instance.status == InstanceStatus.RUNNING)
    ).one_or_none()
    if row is None:
        return None
    specs = definitions.specs(session, row.definition_id)
    workflow = serializer.load(row.document, specs, version=row.document_version, instance_id=instance_id)
    task = steps.find(workflow, UUID(key))
    if task is None:
        return None
    now = clock(session)
    locked = instances.Locked(
        instance_id, row.definition_id, row.subject, "running", b"", row.document_version, 0, b"", now, troubled=False
    )
    outside = type(session)(session.get_bind(), info=session.info)
    work = steps.Work(outside, environment_of(session), locked, specs, workflow, SYSTEM, now)
    element = work.element(task)
    handler = work.environment.handlers.get((element.handler if element is not None else None) or "")
    return handler, steps.call_of(work, task, handler), lambda reason: work.failed(task, reason)


def deliver(
    sessions: Sessions,
    clock: Clock,
    *,
    instance_id: int,
    kind: str,
    name: str,
    payload: Mapping[str, Value],
    keep_for: float | None = None,
    processes: list[str] | None = None,
) -> bool:
    """Brings a message or signal to one instance; False when it no longer waits for it (then a message is kept for so
    many seconds, for these processes).
    """
    kept = None if keep_for is None else timedelta(seconds=keep_for)
    only = None if processes is None else frozenset(processes)
    return _applied(
        sessions,
        clock,
        lambda session, now: engine.receive(
            session,
            instance_id,
            kind=WaitingKind(kind),
            name=name,
            payload=payload,
            now=now,
            keep_for=kept,
            processes=only,
        ),
    )


def begin(
    sessions: Sessions, clock: Clock, definition_id: int, *, start: str, subject: str, payload: Mapping[str, Value]
) -> int:
    """Begins an instance at the start event whose message or signal has come; a step that fails fails the job, for
    there is no instance that could tell of it.
    """
    with sessions.begin() as session:
        now = clock(session)
        return engine.begin(session, definition_id, start=start, subject=subject, payload=payload, now=now)


def wake(sessions: Sessions, clock: Clock, instance_id: int) -> bool:
    """Fires what is due in one instance; whether anything was."""
    return _applied(sessions, clock, lambda session, now: engine.wake(session, instance_id, now=now) > 0, TIMER)


def _applied(sessions: Sessions, clock: Clock, act: Callable[[Session, datetime], bool], code: str = "step") -> bool:
    """Does the act in one transaction; a step that fails is rolled back and becomes an incident in the next."""
    try:
        with sessions.begin() as session:
            return act(session, clock(session))
    except errors.StepFailed as failed:
        _report(sessions, clock, failed, code)
        return False
    except errors.UnknownInstance:
        return False


def _report(sessions: Sessions, clock: Clock, failed: errors.StepFailed, code: str) -> None:
    log.warning("step failed", extra={"instance": failed.instance_id, "element": failed.element})
    with sessions.begin() as session:
        engine.record_incident(session, failed, now=clock(session), code=code)


def bring_letters(sessions: Sessions, clock: Clock) -> int:
    """Leaves the jobs that bring kept messages to who awaits them by now; how many."""
    with sessions.begin() as session:
        return events.bring_letters(session, now=clock(session), most=LETTERS)


def sweep(sessions: Sessions, clock: Clock, *, limit: int) -> int:
    """Fires due timers, the earliest first, one instance in each transaction, past instances that others hold; how
    many instances.

    An instance whose timer failed is left alone until its incident is dealt with.
    """
    done = autostart.sweep(sessions, clock, limit=limit)
    for _ in range(limit - done):
        fired = _sweep_one(sessions, clock)
        if fired is None:
            break
        done += fired
    return done


def _sweep_one(sessions: Sessions, clock: Clock) -> bool | None:
    """Whether one instance was worked off; None when nothing is due."""
    try:
        with sessions.begin() as session:
            now = clock(session)
            instance_id = session.execute(DUE, {"now": now}).scalar()
            return None if instance_id is None else _woken(session, instance_id, now)
    except errors.StepFailed as failed:
        _report(sessions, clock, failed, TIMER)
    return True


def _woken(session: Session, instance_id: int, now: datetime) -> bool:
    """Whether anything fired. Another sweeper may have fired it and committed between our look and our lock: then
    the row that was seen is gone, and that is no trouble.
    """
    if engine.wake(session, instance_id, now=now):
        return True
    if session.scalar(select(exists().where(Waiting.instance_id == instance_id, Waiting.due_at <= now))):
        raise errors.StepFailed("", "", reasons.kept("timer_silent"), instance_id)
    return False


# Text, because building a statement anew for every look costs more than the server takes for it.
DUE = text("""
SELECT instance.id
FROM workflow_waiting AS wait JOIN workflow_instance AS instance ON instance.id = wait.instance_id
WHERE wait.due_at <= :now AND instance.status = 'running' AND NOT EXISTS (
    SELECT FROM workflow_incident AS trouble
    WHERE trouble.instance_id = instance.id AND trouble.resolved_at IS NULL AND trouble.code = 'timer'
)
ORDER BY wait.due_at, wait.instance_id
LIMIT 1
FOR UPDATE OF instance SKIP LOCKED
""")
_STALLED = """
WITH dead AS (
    DELETE FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => %(seconds)s) RETURNING id
)
SELECT id FROM procrastinate_jobs
WHERE status = 'doing' AND (worker_id IS NULL OR worker_id IN (SELECT id FROM dead)
    OR worker_id NOT IN (SELECT id FROM procrastinate_workers))
FOR UPDATE SKIP LOCKED
"""


def rescue(url: str, *, seconds: float = 0.0) -> int:
    """Makes the jobs due again whose worker has not shown itself for that long (0: any worker, when it is known
    that none lives); how many. The library finds such jobs and leaves them.
    """
    address = url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(address) as connection:
        stalled = [row[0] for row in connection.execute(_STALLED, {"seconds": seconds})]
        for job_id in stalled:
            connection.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", (job_id,))
    return len(stalled)
