"""Who pays: exactly one payer in a month, a change only on the first, and only when the new one has accepted.

Until then the old one goes on paying. An offer that is overtaken by a later one is dropped.

Who calls this holds the lock on the case's process, so no other act changes the same payers. All raise UnknownCase.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.casework import errors
from app.casework.cases import models, queries
from app.office import dates
from workflows import kept

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

PENDING = (models.PayerState.PLANNED, models.PayerState.OFFERED)


def begin(session: Session, case_id: int, *, payer: str, valid_from: date, actor: Actor, now: datetime) -> None:
    """Notes the first payer of a case; raises PayerRefused when one pays already."""
    queries.case_file(session, case_id)
    if _rows(session, case_id, models.PayerState.ACTIVE):
        raise errors.PayerRefused("paid_already")
    _activate(session, case_id, payer=payer, valid_from=valid_from.replace(day=1), actor=actor, now=now)


def offer(session: Session, case_id: int, *, payer: str, valid_from: date, actor: Actor, now: datetime) -> None:
    """Offers the payment to another payer from a month on; an earlier offer that is still open is dropped.

    Raises PayerRefused when the day is no first of a month, lies behind, or the payer pays then already.
    """
    queries.case_file(session, case_id)
    if valid_from.day != 1:
        raise errors.PayerRefused("not_first_of_month")
    if valid_from <= dates.day_of(now):
        raise errors.PayerRefused("not_in_future")
    if queries.payer_on(session, case_id, valid_from) == payer:
        raise errors.PayerRefused("pays_already")
    withdraw(session, case_id)
    row = {"case_id": case_id, "payer": payer, "valid_from": valid_from, "state": models.PayerState.OFFERED.value}
    session.add(models.PayerPeriod(**row, author=actor.name, recorded_at=now))
    session.flush()


def accept(session: Session, case_id: int, *, actor: Actor, now: datetime) -> date:
    """The new payer takes over what was offered; returns the first day it pays for.

    Accepted after that day, the change moves to the next first of a month: what was paid stays paid by the old one.
    Raises PayerRefused when nothing is offered.
    """
    queries.case_file(session, case_id)
    pending = [row for state in PENDING for row in _rows(session, case_id, state)]
    if not pending:
        raise errors.PayerRefused("nothing_offered")
    offered, today = pending[-1], dates.day_of(now)
    start = offered.valid_from if offered.valid_from > today else dates.first_of_next_month(today)
    payer = offered.payer
    withdraw(session, case_id)
    _activate(session, case_id, payer=payer, valid_from=start, actor=actor, now=now)
    return start


def take_over(session: Session, case_id: int, *, payer: str, actor: Actor, now: datetime) -> date:
    """The payer who released the payment itself begins with the next month, or with this one when nobody pays yet."""
    queries.case_file(session, case_id)
    today = dates.day_of(now)
    if queries.payer_on(session, case_id, today) == payer:
        return today.replace(day=1)
    nobody = not queries.payer_on(session, case_id, today)
    start = today.replace(day=1) if nobody else dates.first_of_next_month(today)
    withdraw(session, case_id)
    _activate(session, case_id, payer=payer, valid_from=start, actor=actor, now=now)
    return start


def withdraw(session: Session, case_id: int) -> None:
    """Drops what was offered and not accepted; the present payer goes on."""
    for state in PENDING:
        for row in _rows(session, case_id, state):
            row.state = models.PayerState.SUPERSEDED
    session.flush()


def end(session: Session, case_id: int, *, last_month: date) -> None:
    """Nobody pays after the month of `last_month`; offers and later payers are dropped."""
    queries.case_file(session, case_id)
    withdraw(session, case_id)
    _cut(session, case_id, dates.first_of_next_month(last_month))


def _activate(
    session: Session, case_id: int, *, payer: str, valid_from: date, actor: Actor, now: datetime
) -> None:  # fmt: skip
    _cut(session, case_id, valid_from)
    row = {"case_id": case_id, "payer": payer, "valid_from": valid_from, "state": models.PayerState.ACTIVE.value}
    session.add(models.PayerPeriod(**row, author=actor.name, recorded_at=now))
    session.flush()


def _cut(session: Session, case_id: int, day: date) -> None:
    """Ends what is paid on `day`, and drops what would begin then or later."""
    for row in _rows(session, case_id, models.PayerState.ACTIVE):
        if row.valid_from >= day:
            row.state = models.PayerState.SUPERSEDED
        elif row.valid_to is None or row.valid_to > day:
            row.valid_to = day
    session.flush()


def _rows(session: Session, case_id: int, state: models.PayerState) -> list[models.PayerPeriod]:
    table = models.PayerPeriod
    found = select(table).where(table.case_id == case_id).order_by(table.valid_from, table.id)
    watched = (kept.NEW + table.__tablename__,)
    rows = kept.once(session, (table, case_id), watched, lambda: list(session.scalars(found)))
    return [row for row in rows if row.state == state]
