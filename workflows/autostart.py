"""Processes that the clock starts: each occurrence begins one instance, whoever looks first."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from workflows import definitions, engine, errors, start_timers

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.orm import Session, sessionmaker

    Sessions = sessionmaker[Session]
    Clock = Callable[[Session], datetime]

log = logging.getLogger("workflows.autostart")


def sweep(sessions: Sessions, clock: Clock, *, limit: int) -> int:
    """Begins what is due, the earliest first, each in a transaction of its own; how many.

    A start that fails is told with its timer, which goes on to its next occurrence.
    """
    for done in range(limit):
        with sessions.begin() as session:
            if not one(session, clock(session)):
                return done
    return limit


def one(session: Session, now: datetime) -> bool:
    """Begins what is due first; False when nothing is."""
    timer = start_timers.due(session, now)
    if timer is None:
        return False
    try:
        with session.begin_nested():
            start(session, timer, now)
    except errors.StepFailed as failed:
        log.warning("start failed", extra={"definition": timer.definition_id, "element": failed.element})
        start_timers.move_on(session, timer, _source(session, timer), trouble=f"{failed.element}: {failed.reason}")
    return True


def start(session: Session, timer: Row[Any], now: datetime) -> int:
    """Begins an instance at a start event whose instant has come, and sets its timer to the next; the instance's id.
    Raises StepFailed.
    """
    start_timers.move_on(session, timer, _source(session, timer))
    return engine.begin(session, timer.definition_id, start=timer.start, subject="", payload={}, now=now)


def _source(session: Session, timer: Row[Any]) -> str:
    found = definitions.specs(session, timer.definition_id).starts
    return next(start.event for start in found if start.name == timer.start)
