"""A leader's reminder: it stands in the history, on the task, and makes the task new again in the inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.casework import service as casework
from app.notices import service as notices
from app.notices.models import Kind
from app.office import queries as office
from app.supervision import errors
from workflows import engine
from workflows import queries as host

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

LONGEST: Final = 500


def remind(session: Session, task_id: int, *, words: str, actor: Actor, now: datetime) -> str:
    """Reminds whoever has the task, else all who hold its role; returns whom, in words (empty: the role).

    Raises ReminderRefused: gone, own_agency (the other leader reminds there, R41), required.
    """
    row = host.task(session, task_id)
    if row is None:
        raise errors.ReminderRefused("gone")
    if not office.can_reassign(session, actor, row.role):
        raise errors.ReminderRefused("own_agency")
    if not words.strip():
        raise errors.ReminderRefused("required")
    people = office.people_in_role(session, row.role, now)
    asked = {one.account_id for one in people if row.assignee_id in {None, one.account_id}} | {row.assignee_id}
    for account_id in asked:
        if account_id is not None:
            casework.mark_unseen(session, task_id, account_id)
    detail = {
        "task": task_id, "process": row.process, "to": row.assignee_id, "name": row.assignee,
        "text": words.strip()[:LONGEST],
    }  # fmt: skip
    engine.note(
        session, row.instance_id, actor=actor, now=now, kind="reminded", name=row.name, detail=detail
    )  # fmt: skip
    notices.tell(
        session, asked, Kind.REMINDED, target=task_id, actor=actor, now=now, case_id=int(row.subject)
    )  # fmt: skip
    return row.assignee or ""
