"""What the reader's cases wait for at the other agency: its open tasks there, as far as the reader may know of them.

A case is the reader's while a role of the reader leads it, and as long as the reader has completed something in it
lately. The search begins at these cases, so that it does not grow with the other agency's work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Text, cast, func, select, union

from app.casework import page
from app.casework.cases import models
from app.office import queries as office
from workflows.models import Entry, Instance, Task

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import CompoundSelect
    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

LATEST = 400


@dataclass(frozen=True, slots=True)
class Waiting:
    """The reader's cases with open tasks at the other agency, the roles there, and how many tasks these are."""

    subjects: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    count: int = 0


def at_the_other(session: Session, actor: Actor, *, now: datetime) -> Waiting:
    """What the reader's cases wait for at the other agency; nothing for those who belong to none."""
    known = office.roles(session).items() if actor.partner else ()
    others = frozenset(code for code, row in known if row.partner not in {"", actor.partner})
    if not others:
        return Waiting()
    here = Task.held_until.is_(None) | (Task.held_until <= now)
    rows = session.execute(
        select(Task.subject, func.count())
        .where(Task.subject.in_(_own(actor)), Task.role.in_(others), here)
        .group_by(Task.subject)
    ).all()
    found = {int(subject): number for subject, number in rows}
    seen = page.readable(session, found, "task", actor, now=now) if found else frozenset()
    return Waiting(tuple(map(str, sorted(seen))), others, sum(found[case_id] for case_id in seen))


def _own(actor: Actor) -> CompoundSelect[tuple[str]]:
    done = (
        select(Entry.instance_id)
        .where(Entry.actor_id == actor.id, Entry.kind == "task_completed")
        .order_by(Entry.at.desc(), Entry.id.desc())
        .limit(LATEST)
    )
    case = models.CaseFile
    led = (
        select(cast(case.id, Text))
        .where(case.status == models.CaseStatus.OPEN, case.lead.in_(actor.roles))
        .order_by(case.id.desc())
        .limit(LATEST)
    )
    worked = select(Instance.subject).where(Instance.id.in_(done))
    return union(worked, select(led.subquery()))
