"""What an act on many tasks does with one of them, and how it is taken back; each says why not, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.casework import errors as casework_errors
from app.casework import queries as casework_queries
from app.casework import service as casework
from app.office import dates
from app.office import queries as office
from app.supervision import assigning, errors, models, reminders, service
from workflows import engine
from workflows import queries as host

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

_finding = models.Finding.__table__.c


def do(session: Session, row: Any, actor: Actor, now: datetime) -> str:  # noqa: ANN401  a row of bulks
    """Does what was planned with this task, if it still lies where it lay, or with this case, if it still stands
    still; why not, else nothing.
    """
    return (_with_case if row.task_id is None else _with_task)(session, row, actor, now)


def _with_task(session: Session, row: Any, actor: Actor, now: datetime) -> str:  # noqa: ANN401  as above
    task = host.task(session, row.task_id)
    if task is None:
        return "gone"
    if task.assignee_id != row.from_id:
        return "kept"
    if not office.can_reassign(session, actor, task.role):
        return "own_agency"
    reason = assigning.AND.join(part for part in (row.reason, row.why) if part)
    if row.to_id is not None:
        return assigning.hand(
            session, row.task_id, assigning.Hand(row.from_id, row.to_id, reason), actor=actor, now=now
        ).code  # fmt: skip
    if row.kind in {"release", "leave"}:
        engine.assign(session, row.task_id, assignee_id=None, assignee=None, actor=actor, now=now, reason=reason)
        return ""
    return _other(session, row, actor, now)


def _with_case(session: Session, row: Any, actor: Actor, now: datetime) -> str:  # noqa: ANN401  as above
    still = select(_finding.id).where(_finding.case_id == row.case_id, _finding.cause == row.cause).limit(1)
    if session.scalar(still) is None:
        return "moved"
    if row.kind == "retry":
        casework.retry_incident(session, row.case_id, row.ref, reason=row.reason, actor=actor, now=now)
        return ""
    if row.kind == "pause":
        return _rest(session, row, actor, now)
    try:
        service.ask(
            session, row.case_id, cause=row.cause, name=row.name, words=row.reason, actor=actor, now=now
        )  # fmt: skip
    except errors.PleaRefused as refused:
        return refused.code
    return ""


def _rest(session: Session, row: Any, actor: Actor, now: datetime) -> str:  # noqa: ANN401  as above
    """Lets the case rest until the day; several findings of one case let it rest once."""
    resting = casework_queries.current_pause(session, row.case_id, dates.day_of(now))
    if resting is not None and resting.until == row.due and resting.remark == row.reason:
        return ""
    try:
        casework.pause(
            session, row.case_id, until=row.due, reason="other", remark=row.reason, actor=actor, now=now
        )  # fmt: skip
    except casework_errors.ValuesRefused as refused:
        return next(iter(refused.fields.values()))
    return ""


def _wake(session: Session, row: Any, actor: Actor, now: datetime) -> str:  # noqa: ANN401  as above
    resting = casework_queries.current_pause(session, row.case_id, dates.day_of(now))
    if resting is not None and (resting.until != row.due or resting.remark != row.reason):
        return "kept"
    casework.resume(session, row.case_id, actor=actor, now=now)
    return ""


def _other(session: Session, row: Any, actor: Actor, now: datetime) -> str:  # noqa: ANN401  as above
    if row.kind == "due":
        end = dates.end_of(row.due)
        engine.set_due(session, row.task_id, due_at=end, reason=row.reason, actor=actor, now=now)
    else:
        try:
            reminders.remind(session, row.task_id, words=row.reason, actor=actor, now=now)
        except errors.ReminderRefused as refused:
            return refused.code
    return ""


def undo(session: Session, row: Any, actor: Actor, now: datetime) -> str:  # noqa: ANN401  as above
    """Takes back what was done, if nobody has done anything else since; why not, else nothing."""
    if row.kind == "pause":
        return _wake(session, row, actor, now)
    task = host.task(session, row.task_id)
    if task is None:
        return "gone"
    reason = assigning.UNDONE.format(reason=row.reason)
    if row.kind == "due":
        if task.due_at != dates.end_of(row.due):
            return "kept"
        engine.set_due(session, row.task_id, due_at=row.before, reason=reason, actor=actor, now=now)
        return ""
    if task.assignee_id != row.to_id:
        return "kept"
    engine.assign(
        session, row.task_id, assignee_id=row.from_id, assignee=row.from_name or None, actor=actor, now=now,
        reason=reason,
    )  # fmt: skip
    return ""
