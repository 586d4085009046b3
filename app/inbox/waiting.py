"""What the reader's cases wait for at the other agency: its open tasks there, as far as the reader may know of them.

A case is the reader's while a role of the reader leads it, and as long as the reader has completed something in it
lately. The search begins at these cases, so that it does not grow with the other agency's work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, DateTime, Integer, Text, bindparam, cast, func, literal_column, or_, select, union

from app.casework import page
from app.casework.cases import models
from app.office import queries as office
from workflows import kept
from workflows.models import Entry, Instance, Task

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import CompoundSelect, Select
    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

LATEST = 400
# The roles that lead cases: nobody needs to look for the cases of others.
LEADING = frozenset({"FM", "VM"})


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
    key = ("waiting", actor.id, now)
    return kept.once(session, key, _READ, lambda: _looked_up(session, actor, others, now=now))


def _looked_up(session: Session, actor: Actor, others: frozenset[str], *, now: datetime) -> Waiting:
    leads = sorted(actor.roles & LEADING)
    values = {"now": now, "others": sorted(others), "actor": actor.id, "leads": leads}
    row = session.execute(_LED_TOO if leads else _WORKED_ON, values).one()
    found: dict[int, int] = dict(zip(row.cases or (), row.numbers or (), strict=True))
    seen = page.readable(session, found, "task", actor, now=now) if found else frozenset()
    return Waiting(tuple(map(str, sorted(seen))), others, sum(found[case_id] for case_id in seen))


_task, _entry, _instance = Task.__table__.c, Entry.__table__.c, Instance.__table__.c
_case = models.CaseFile.__table__.c
_READ = frozenset({"workflow_task", "workflow_entry", "workflow_instance", "case_file"})
# As part of the text, so that the planner of a prepared statement sees it.
_LIMIT = literal_column(str(LATEST), Integer)


def _list(name: str) -> Any:  # noqa: ANN401  the right side of =
    return func.any(bindparam(name, type_=ARRAY(Text)))


def _worked_on() -> Select[tuple[str]]:
    done = (
        select(_entry.instance_id)
        .where(_entry.actor_id == bindparam("actor", type_=Integer), _entry.kind == literal_column("'task_completed'"))
        .order_by(_entry.at.desc(), _entry.id.desc())
        .limit(_LIMIT)
    )
    return select(_instance.subject).where(_instance.id.in_(done))


def _led() -> Select[tuple[str]]:
    led = (
        select(cast(_case.id, Text).label("subject"))
        .where(_case.status == literal_column("'open'"), _case.lead == _list("leads"))
        .order_by(_case.id.desc())
        .limit(_LIMIT)
    )
    return select(led.subquery().c.subject)


def _waiting(own: Select[tuple[str]] | CompoundSelect[tuple[str]]) -> Select[Any, Any]:
    """How many tasks of the other agency's roles each of these cases waits for."""
    here = or_(~_task.aside, _task.held_until <= bindparam("now", type_=DateTime(timezone=True)))
    each = (
        select(cast(_task.subject, Integer).label("case_id"), func.count().label("number"))
        .where(_task.subject.in_(own), _task.role == _list("others"), here)
        .group_by(_task.subject)
        .subquery()
        .c
    )
    # One row of two lists: hundreds of rows would cost more on their way than to be found.
    return select(func.array_agg(each.case_id).label("cases"), func.array_agg(each.number).label("numbers"))


_WORKED_ON, _LED_TOO = _waiting(_worked_on()), _waiting(union(_worked_on(), _led()))
