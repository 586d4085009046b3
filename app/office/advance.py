"""Moving the training clock: what falls due on the way acts in the order of time, each thing at its own instant.

A move is a row that a worker works off, one event in one transaction: it can be watched, cancelled, and taken up after
a kill.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Select, func, select

from app.office import clock, dates, errors, models, queries
from workflows import autostart, engine, start_timers
from workflows import models as host

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

FARTHEST = timedelta(days=800)
_ANEW = {"populate_existing": True}
ACTIVE = (models.RunStatus.QUEUED, models.RunStatus.RUNNING)


@dataclass(frozen=True, slots=True)
class RunRow:
    """A move of the office clock as a screen shows it."""

    id: int
    started_from: datetime
    target: datetime
    current: datetime
    total: int
    done: int
    events: int
    status: str
    message: str
    requested_by: str
    requested_at: datetime
    ended_at: datetime | None
    cancel_requested: bool


class Source(Protocol):
    """Where events come from: the timers of the processes, expected arrivals."""

    def next_at(self, session: Session, until: datetime, skipped: Sequence[int]) -> datetime | None:
        """The instant of the earliest event due by `until`, skipped instances left out; None when there is none."""
        ...

    def play(self, session: Session, at: datetime, skipped: Sequence[int]) -> int | None:
        """Lets the earliest event act at the instant `at`; the instance to leave alone when it did not act."""
        ...


class TimerSource:
    """The due timers of the processes, oldest first."""

    def next_at(self, session: Session, until: datetime, skipped: Sequence[int]) -> datetime | None:
        """The instant of the earliest due timer."""
        due = self._due(skipped).where(host.Waiting.due_at <= until)
        found: datetime | None = session.scalar(due.with_only_columns(host.Waiting.due_at))
        return found

    def play(self, session: Session, at: datetime, skipped: Sequence[int]) -> int | None:
        """Wakes the instance of the earliest due timer; where nothing fired, the rest of the move leaves it alone."""
        instance_id: int | None = session.scalar(self._due(skipped).with_only_columns(host.Waiting.instance_id))
        if instance_id is None or engine.wake(session, instance_id, now=at):
            return None
        return instance_id

    @staticmethod
    def _due(skipped: Sequence[int]) -> Select[Any]:
        waiting, instance = host.Waiting, host.Instance
        return (
            select(waiting)
            .join(instance, instance.id == waiting.instance_id)
            .where(waiting.due_at.is_not(None), instance.status == host.InstanceStatus.RUNNING)
            .where(waiting.instance_id.not_in(skipped))
            .order_by(waiting.due_at, waiting.instance_id, waiting.id)
            .limit(1)
        )


class StartSource:
    """The processes that the clock starts."""

    def next_at(self, session: Session, until: datetime, skipped: Sequence[int]) -> datetime | None:  # noqa: ARG002
        """The instant of the earliest start."""
        return start_timers.next_at(session, until)

    def play(self, session: Session, at: datetime, skipped: Sequence[int]) -> int | None:  # noqa: ARG002
        """Begins what is due first."""
        autostart.one(session, at)
        return None


def request(session: Session, day: date, *, actor: Actor, now: datetime) -> int:
    """Asks for the clock to be moved to this day and returns the id of the run.

    Raises ClockRefused: no right, no training office, not forward, too far, or a move is under way.
    """
    _check(session, day, actor, now)
    target = dates.at(day, dates.local(now).time())
    run = models.Run(
        started_from=now, target=target, current=now, total=(day - dates.day_of(now)).days,
        requested_by=actor.name, requested_at=now, skipped=[],
    )  # fmt: skip
    session.add(run)
    session.flush()
    return run.id


def _check(session: Session, day: date, actor: Actor, now: datetime) -> None:
    if not queries.can_move_clock(actor):
        raise errors.ClockRefused("not_allowed")
    known = session.scalars(select(models.Clock).with_for_update(), execution_options=_ANEW).one_or_none()
    if known is None:
        raise errors.ClockRefused("not_training")
    # Whoever had to wait for the row read the clock before another move had moved it.
    if day <= max(dates.day_of(now), known.day):
        raise errors.ClockRefused("backwards")
    if day - dates.day_of(now) > FARTHEST:
        raise errors.ClockRefused("too_far")
    if session.scalar(select(func.count()).where(models.Run.status.in_(ACTIVE))):
        raise errors.ClockRefused("under_way")


def cancel(session: Session, run_id: int, *, actor: Actor) -> None:
    """Asks the worker to stop after the event it plays; the clock stays where it then is."""
    if not queries.can_move_clock(actor):
        raise errors.ClockRefused("not_allowed")
    run = _locked(session, run_id)
    if run.status in ACTIVE:
        run.cancel_requested = True


def step(session: Session, run_id: int, *, sources: Sequence[Source]) -> bool:
    """Plays the next event of a move and turns the clock to it; False when the move has ended.

    Locks the run first: two workers never play one move at once. The caller commits after each step.
    """
    run = _locked(session, run_id)
    if run.status not in ACTIVE:
        return False
    if run.cancel_requested:
        return _end(run, models.RunStatus.CANCELLED)
    run.status = models.RunStatus.RUNNING
    at, source = _earliest(session, run, sources)
    if at is None:
        clock.turn_to(session, run.target)
        run.current, run.done = run.target, run.total
        return _end(run, models.RunStatus.DONE)
    # An event may lie before the clock, when the worker was late: it then acts now, time never goes back.
    run.current = max(at, run.current)
    run.done = (dates.day_of(run.current) - dates.day_of(run.started_from)).days
    clock.turn_to(session, run.current)
    if source is not None:
        run.events += 1
        untouched = source.play(session, run.current, run.skipped)
        run.skipped = run.skipped if untouched is None else [*run.skipped, untouched]
    return True


def _earliest(session: Session, run: models.Run, sources: Sequence[Source]) -> tuple[datetime | None, Source | None]:
    """The next instant and whose event it is; a change of the day is an event of nobody."""
    midnight = dates.start_of(dates.day_of(run.current) + timedelta(days=1))
    best: tuple[datetime | None, Source | None] = (midnight, None) if midnight <= run.target else (None, None)
    for source in sources:
        at = source.next_at(session, run.target, run.skipped)
        if at is not None and (best[0] is None or at < best[0]):
            best = (at, source)
    return best


def skip(session: Session, run_id: int, instance_id: int) -> None:
    """Leaves an instance alone for the rest of a move, because its step failed and was recorded."""
    run = _locked(session, run_id)
    run.skipped = [*run.skipped, instance_id]


def fail(session: Session, run_id: int, message: str) -> None:
    """Ends a move that cannot go on, with a reason for the screen."""
    run = _locked(session, run_id)
    run.message = message
    _end(run, models.RunStatus.FAILED)


def run(session: Session, run_id: int) -> RunRow | None:
    """A move of the clock; None when there is none of this id."""
    row = session.get(models.Run, run_id)
    return None if row is None else _row(row)


def latest(session: Session) -> RunRow | None:
    """The move that was asked for last."""
    row = session.scalars(select(models.Run).order_by(models.Run.id.desc()).limit(1)).first()
    return None if row is None else _row(row)


def _row(row: models.Run) -> RunRow:
    return RunRow(**{name: getattr(row, name) for name in RunRow.__dataclass_fields__})


def active(session: Session) -> int | None:
    """The id of the move that is asked for or under way."""
    return session.scalar(select(models.Run.id).where(models.Run.status.in_(ACTIVE)))


def _locked(session: Session, run_id: int) -> models.Run:
    found = session.scalars(select(models.Run).where(models.Run.id == run_id).with_for_update()).one_or_none()
    if found is None:
        raise errors.ClockRefused("unknown_run")
    return found


def _end(run: models.Run, status: models.RunStatus) -> bool:
    run.status = status
    run.ended_at = run.current
    return False
