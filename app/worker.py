"""The worker: jobs of the queue, due timers, and moves of the training clock, until it is asked to stop."""

from __future__ import annotations

import gc
import logging
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app import bootstrap, config, logs
from app.casework import service as casework
from app.design import releases, whatif
from app.meetings import tasks
from app.notices import digest
from app.notices import service as notices
from app.office import advance, clock
from app.supervision import absences, bulks, process_rows, target_escalation
from app.supervision import service as supervision
from workflows import engine, errors, runner

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker

    from app.config import Settings

log = logging.getLogger("app.worker")
IDLE_SECONDS = 1.0
LONGEST_PAUSE = 30.0
SWEEP = 100
# So many tasks of an act on many go into one transaction: the page shows how far it is.
BULK = 20
HEARTBEAT_SECONDS = 2.0
STALLED_SECONDS = 6.0
JOIN_SECONDS = 8.0
SOURCES = (
    releases.ReleaseSource(),
    advance.TimerSource(),
    advance.StartSource(),
    casework.ArrivalSource(),
    absences.Source(),
    target_escalation.Source(),
)


def run(settings: Settings) -> None:
    """Works until SIGTERM or SIGINT, or until the database is gone; then somebody starts it again."""
    logs.set_up(settings.log_level)
    office = bootstrap.office(settings, connections=settings.worker_jobs + 2)
    # What stands from here on is never garbage: collections need not look at it again.
    gc.collect()
    gc.freeze()
    stop = threading.Event()
    post = post_of(settings)
    hands = threading.Thread(target=_turn, args=(office.sessions, stop, post), name="clock", daemon=True)
    hands.start()
    log.info("worker started", extra={"jobs_at_once": settings.worker_jobs})
    try:
        runner.build(settings.database_url, office.sessions, clock.now).run_worker(
            concurrency=settings.worker_jobs,
            delete_jobs="successful",
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
            shutdown_graceful_timeout=JOIN_SECONDS,
        )
    finally:
        stop.set()
        hands.join(JOIN_SECONDS)
        office.close()
        log.info("worker stopped")


def _turn(sessions: sessionmaker[Session], stop: threading.Event, post: digest.Post | None) -> None:
    """Everything that the office clock causes: one event after the other, a pause when nothing is due."""
    pause = IDLE_SECONDS
    while not stop.is_set():
        try:
            busy = act(sessions) or (post is not None and mail(sessions, post, datetime.now(UTC)))
        except Exception:
            # The boundary of this thread: whatever went wrong is told and tried again, ever more slowly.
            log.exception("the clock's work failed")
            pause = min(pause * 2, LONGEST_PAUSE)
            stop.wait(pause)
        else:
            pause = IDLE_SECONDS
            if not busy:
                stop.wait(pause)


def act(sessions: sessionmaker[Session]) -> bool:
    """Does the next thing that the clock causes; False when there is nothing.

    While the clock is being moved, the move alone lets timers act: each on its own date, in the order of time.
    """
    with sessions() as session:
        run_id = advance.active(session)
    if run_id is not None:
        _move(sessions, run_id)
        return True
    swept = runner.sweep(sessions, clock.now, limit=SWEEP) >= SWEEP
    turns = (_expire, _activate, _stand_in, _bulk, _escalate, _ripen, _tally, _count, _forget, _sweep, _call)
    return swept or any(work(sessions) for work in turns)


def _expire(sessions: sessionmaker[Session]) -> bool:
    """Ends a request for an intervention that nobody has confirmed in time; whether there was one."""
    with sessions.begin() as session:
        return casework.expire_intervention(session, now=clock.now(session))


def _activate(sessions: sessionmaker[Session]) -> bool:
    """Brings a release that both agencies have signed into force on its day; whether there was one."""
    with sessions.begin() as session:
        return releases.activate_due(session, clock.now(session))


def _stand_in(sessions: sessionmaker[Session]) -> bool:
    """Moves tasks of those who are away to their substitutes, and back again; whether there are more."""
    with sessions.begin() as session:
        return absences.turn(session, now=clock.now(session), limit=SWEEP) >= SWEEP


def _escalate(sessions: sessionmaker[Session]) -> bool:
    """Tells leaders of steps that have become red; whether there are more."""
    with sessions.begin() as session:
        return target_escalation.turn(session, now=clock.now(session)) >= target_escalation.LIMIT


def _tally(sessions: sessionmaker[Session]) -> bool:
    """Counts the steps that have ended by element and month; whether there are more."""
    with sessions.begin() as session:
        return process_rows.fold(session) >= process_rows.LIMIT


def _bulk(sessions: sessionmaker[Session]) -> bool:
    """Goes on with what leaders have begun on many tasks; whether something was done."""
    with sessions.begin() as session:
        return bulks.work(session, now=clock.now(session), limit=BULK) > 0


def _count(sessions: sessionmaker[Session]) -> bool:
    """Goes on counting what a draft would do to the open cases; whether something was counted."""
    with sessions.begin() as session:
        return whatif.work(session, now=clock.now(session))


def _forget(sessions: sessionmaker[Session]) -> bool:
    """Deletes files that somebody attached to a form and did not hand in within a day; whether there are more."""
    with sessions.begin() as session:
        return casework.sweep_attachments(session, now=clock.now(session), limit=SWEEP) >= SWEEP


def post_of(settings: Settings) -> digest.Post | None:
    """How e-mails leave this installation; None where no mail server is set. Raises SettingMissing."""
    if not settings.mail_server:
        return None
    for name in ("mail_sender", "public_url"):
        if not getattr(settings, name):
            raise config.SettingMissing(config.VARIABLES[name])
    return digest.Post(settings.mail_server, settings.mail_sender, f"{settings.public_url.rstrip('/')}/messages")


def mail(sessions: sessionmaker[Session], post: digest.Post, system_now: datetime) -> bool:
    """Sends the next e-mail that is due, with no transaction open meanwhile; whether there was one."""
    with sessions.begin() as session:
        due = digest.take(session, now=clock.reading(session, system_now), system_now=system_now, link=post.link)
    if due is None:
        return False
    trouble = digest.send(due, post)
    if trouble:
        log.warning("an e-mail about notices was not accepted", extra={"account": due.account_id, "why": trouble})
    with sessions.begin() as session:
        digest.settle(session, due, trouble, system_now=system_now)
    return True


def _call(sessions: sessionmaker[Session]) -> bool:
    """Tells who has a task of a meeting that its day is over; whether there are more."""
    with sessions.begin() as session:
        return tasks.tell_late(session, now=clock.now(session)) >= tasks.LIMIT


def _sweep(sessions: sessionmaker[Session]) -> bool:
    """Deletes notices that are too old to matter; whether there are more."""
    with sessions.begin() as session:
        return notices.sweep(session, now=clock.now(session), limit=SWEEP) >= SWEEP


def _ripen(sessions: sessionmaker[Session]) -> bool:
    """Puts cases onto the stuck desk that time has brought there; whether there are more."""
    with sessions.begin() as session:
        return supervision.ripen(session, limit=SWEEP) >= SWEEP


def _move(sessions: sessionmaker[Session], run_id: int) -> None:
    """One event of a move in one transaction. A step that fails becomes an incident, and its case is left alone."""
    try:
        with sessions.begin() as session:
            advance.step(session, run_id, sources=SOURCES)
    except errors.StepFailed as failed:
        with sessions.begin() as session:
            engine.record_incident(session, failed, now=clock.now(session), code=runner.TIMER)
            if failed.instance_id is None:
                advance.fail(session, run_id, failed.element)
            else:
                advance.skip(session, run_id, failed.instance_id)
    except errors.WorkflowError as refused:
        log.warning("a move of the clock failed", extra=logs.error(refused))
        with sessions.begin() as session:
            advance.fail(session, run_id, type(refused).__name__)
