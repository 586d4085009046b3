"""The office clock. In training its date stands and the time of day runs; in production it is the system's.

This is the one place below the edge that reads the system clock; everybody else is given `now`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.office import dates, models

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


# Asked at each request: made once.
_run, _clock = models.Run.__table__.c, models.Clock.__table__.c
_READING = select(
    _clock.day,
    _clock.not_before,
    select(_run.id).where(_run.status == models.RunStatus.RUNNING.value).exists().label("moving"),
)


def now(session: Session) -> datetime:
    """The office time (UTC)."""
    return reading(session, datetime.now(UTC))


def reading(session: Session, system: datetime) -> datetime:
    """The office time when the system clock shows `system`; never before what the clock was last moved to.

    While a move is under way the clock stands at the event that is played, so that nothing overtakes it.
    """
    row = session.execute(_READING).one_or_none()
    if row is None:
        return system
    not_before: datetime = row.not_before
    if row.moving:
        return not_before
    return max(dates.at(row.day, dates.local(system).time()), not_before)


def is_training(session: Session) -> bool:
    """Whether this office has its own date."""
    return session.scalar(select(models.Clock.day)) is not None


def training_day(session: Session) -> date | None:
    """The date that the training clock shows; None in production."""
    return session.scalar(select(models.Clock.day))


def turn_to(session: Session, instant: datetime) -> None:
    """Sets the training clock forward to this instant; an earlier one leaves it as it is."""
    row = session.scalars(select(models.Clock).with_for_update()).one()
    if instant > row.not_before:
        row.day = max(row.day, dates.day_of(instant))
        row.not_before = instant
        session.flush()
