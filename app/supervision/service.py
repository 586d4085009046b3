"""Keeps what stands still up to date: in the transaction of the act that moves a case, or for all cases at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import event, insert, select, text, update

from app.casework import models as casework
from app.notices import service as notices
from app.notices.models import Kind
from app.office import dates
from app.office import queries as office
from app.supervision import causes, distribution, errors, models, target_rows
from workflows import engine, touched
from workflows.handlers import environment_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

LEADERS = {"LTG_STADT": "LTG_AA", "LTG_AA": "LTG_STADT"}
LONGEST = 2000
# So many working days has the other leader for an answer (the handbook's "partner's answer").
ANSWER_DAYS = 3
# An act on a case and the worker may come to the same case at once; the second one sees what the first has written.
# It brings along by which rules new tasks go to people: that costs no statement of its own.
_LOCK = text("""
SELECT pg_advisory_xact_lock('supervision_finding'::regclass::oid::integer, :case_id),
    (SELECT value FROM office_setting WHERE key = 'distribution') AS rules
""")
_WRITE = text(causes.insert("one"))
_STEPS = text(target_rows.keep("one"))
_ALL_STEPS = text(target_rows.keep("all"))
_EMPTY = (text("DELETE FROM supervision_finding"), text("DELETE FROM supervision_watch"))
_ALL = text(causes.insert("all"))
_DUE = text(causes.DUE)


def refresh(session: Session, case_ids: Iterable[int]) -> None:
    """Finds anew why these cases stand still, or when they will."""
    session.flush()
    # One by one: for a single case the server keeps a plan and need not think anew at every act.
    for case_id in sorted(case_ids):
        session.execute(_LOCK, {"case_id": case_id})
        session.execute(_STEPS, {"case_id": case_id})
        session.execute(_WRITE, {"case_id": case_id})


def ripen(session: Session, *, limit: int) -> int:
    """Brings up to date so many cases of which a reason to stand still is about to hold; how many there were. The
    worker does it again and again: this is what time alone brings onto the desk.
    """
    cases = session.scalars(_DUE, {"number": limit}).all()
    refresh(session, cases)
    return len(cases)


def compute(session: Session) -> int:
    """Finds anew for all cases why they stand still; how many findings."""
    session.flush()
    for statement in _EMPTY:
        session.execute(statement)
    session.execute(_ALL_STEPS)
    made: Any = session.execute(_ALL)
    return int(made.rowcount)


def keep_up(sessions: Any) -> None:  # noqa: ANN401  a session or a factory of sessions
    """From now on each transaction of these sessions that acts on a case brings its findings up to date."""
    event.listen(sessions, "before_commit", _before_commit)


def _before_commit(session: Session) -> None:
    # What is released within a transaction is not over: the act may go on.
    if not session.in_nested_transaction():
        cases = {int(subject) for subject in touched.take(session) if subject.isdigit()}
        if cases:
            session.flush()
        for case_id in sorted(cases):
            rules = session.execute(_LOCK, {"case_id": case_id}).one().rules
            if rules:
                distribution.hand_out(session, str(case_id), rules)
            session.execute(_STEPS, {"case_id": case_id})
            session.execute(_WRITE, {"case_id": case_id})
        # What the rules have just handed out is up to date.
        touched.take(session)


def ask(session: Session, case_id: int, *, cause: str, name: str, words: str, actor: Actor, now: datetime) -> int:
    """Asks the leader of the other agency to move a case (R41); returns the id. Raises PleaRefused."""
    own = next((role for role in LEADERS if role in actor.roles), None)
    if own is None:
        raise errors.PleaRefused("role")
    if not words.strip():
        raise errors.PleaRefused("required")
    instance_id = session.scalar(select(casework.CaseFile.instance_id).where(casework.CaseFile.id == case_id))
    due = environment_of(session).calendar.due(f"werktage({ANSWER_DAYS})", now, {})
    row = {
        "case_id": case_id, "cause": cause, "name": name, "from_role": own, "to_role": LEADERS[own],
        "asked_by_id": actor.id, "asked_by": actor.name, "text": words.strip()[:LONGEST], "asked_at": now,
        "answer_by": dates.day_of(due),
    }  # fmt: skip
    made = session.execute(insert(models.Plea).values(row).returning(models.Plea.id)).scalar_one()
    if instance_id is not None:
        detail = {"to": LEADERS[own], "plea": made}
        engine.note(session, instance_id, actor=actor, now=now, kind="plea", name=name, detail=detail)
    people = [one.account_id for one in office.people_in_role(session, LEADERS[own], now)]
    notices.tell(session, people, Kind.ASKED, target=made, actor=actor, now=now, case_id=case_id)
    return made


def answer(session: Session, plea_id: int, *, words: str, actor: Actor, now: datetime) -> None:
    """Answers what the other leader asked; raises PleaRefused for whom it was not asked, and when it is answered."""
    plea = session.execute(
        select(models.Plea.__table__).where(models.Plea.id == plea_id).with_for_update()
    ).one_or_none()  # fmt: skip
    if plea is None or plea.to_role not in actor.roles:
        raise errors.PleaRefused("role")
    if plea.answered_at is not None:
        raise errors.PleaRefused("answered")
    if not words.strip():
        raise errors.PleaRefused("required")
    session.execute(
        update(models.Plea)
        .where(models.Plea.id == plea_id)
        .values(answer=words.strip()[:LONGEST], answered_by=actor.name, answered_at=now)
    )
    notices.tell(
        session, [plea.asked_by_id], Kind.ANSWERED, target=plea_id, actor=actor, now=now, case_id=plea.case_id
    )  # fmt: skip
