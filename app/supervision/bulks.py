"""Acts of a leader on many tasks of the own staff (R41): a plan that can be looked at, the work task by task, what went
wrong, and the way back where there is one. A task that cannot be moved hinders no other.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, insert, select, tuple_, update

from app.casework import errors as casework_errors
from app.notices import service as notices
from app.notices.models import Kind
from app.office import errors as office_errors
from app.office import models as office
from app.office import queries as people
from app.supervision import assigning, bulk_acts, distribution, errors, models
from workflows import queries as host
from workflows import touched
from workflows.errors import WorkflowError
from workflows.models import Task

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor
    from workflows.queries import TaskRow

# So many tasks one act takes at most; whoever leaves with more is moved in two.
MOST: Final = 2000
LONGEST: Final = 200
KINDS: Final = ("assign", "rules", "release", "due", "remind")
# What is done with a case for the reason that it stands still: the other leader is asked, a failed step tried again,
# the case rests until a day.
OF_CASES: Final = ("ask", "retry", "pause")
DATED: Final = frozenset({"due", "pause"})
LEAVE: Final = "leave"
# What can be taken back.
UNDONE: Final = frozenset({"assign", "rules", "release", "due", "pause", LEAVE})
Status = models.BulkStatus
_bulk = models.Bulk.__table__.c
_item = models.BulkItem.__table__.c
_finding = models.Finding.__table__.c
_NEXT: Final = {
    "begin": ({Status.PLANNED, Status.STOPPED}, Status.RUNNING),
    "stop": ({Status.RUNNING, Status.UNDOING}, Status.STOPPED),
    "undo": ({Status.DONE, Status.STOPPED}, Status.UNDOING),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a leader wants to do, with the reason; to whom, until when, or who leaves after which day."""

    kind: str
    reason: str
    to_id: int | None = None
    due: date | None = None
    staff_id: int | None = None
    last_day: date | None = None
    active_to: date | None = None


@dataclass
class _Plan:
    """What a plan needs while it is made."""

    session: Session
    wanted: Wanted
    actor: Actor
    now: datetime
    rules: dict[str, str]
    extra: distribution.Extra = field(default_factory=distribution.Extra)


def plan(session: Session, wanted: Wanted, task_ids: Iterable[int], *, actor: Actor, now: datetime) -> int:
    """Writes down what would happen to these tasks and returns the id; nothing has happened yet.

    Raises BulkRefused: required (reason, person or day), nothing (no task).
    """
    _require(wanted)
    made = _Plan(session, wanted, actor, now, distribution.rules(session))
    rows = [host.task(session, task_id) for task_id in dict.fromkeys(task_ids)][:MOST]
    return _write(made, [row for row in rows if row is not None])


def _require(wanted: Wanted) -> None:
    if not wanted.reason.strip():
        raise errors.BulkRefused("required")
    if (wanted.kind == "assign" and wanted.to_id is None) or (wanted.kind in DATED and wanted.due is None):
        raise errors.BulkRefused("required")


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who leaves after which day, and the successor, if there is one already."""

    staff_id: int
    last_day: date
    successor_id: int | None = None


def plan_cases(
    session: Session, wanted: Wanted, picked: Iterable[tuple[int, str]], *, actor: Actor, now: datetime
) -> int:
    """Writes down what would be done with these cases, each for the cause for which it stands still; returns the id.

    Raises BulkRefused: required (a reason), nothing (no case that stands still).
    """
    _require(wanted)
    made = _Plan(session, wanted, actor, now, {})
    cases = list(dict.fromkeys(picked))[:MOST]
    found = select(_finding.case_id, _finding.cause, _finding.role, _finding.name, _finding.ref).where(
        tuple_(_finding.case_id, _finding.cause).in_(cases)
    )
    rows = {(row.case_id, row.cause, row.ref): row for row in session.execute(found.order_by(_finding.id))}
    if not rows:
        raise errors.BulkRefused("nothing")
    return _insert(made, [_case_of(made, row) for row in rows.values()])


def _case_of(made: _Plan, row: Any) -> dict[str, Any]:  # noqa: ANN401  a finding
    own = people.role_partner(made.session, row.role) == made.actor.partner
    code = ""
    if made.wanted.kind == "ask" and own:
        code = "own"
    elif made.wanted.kind == "pause" and not own:
        code = "own_agency"
    elif made.wanted.kind == "retry" and row.cause != "incident":
        code = "no_incident"
    return {
        "case_id": row.case_id, "cause": row.cause, "ref": row.ref, "name": row.name, "code": code,
        "status": "refused" if code else "planned",
    }  # fmt: skip


def plan_leaving(session: Session, leaving: Leaving, *, actor: Actor, now: datetime) -> int:
    """Plans where the open tasks of somebody of the own agency go who leaves: to the successor where that is allowed,
    else by the rules of their roles, and where nobody else is in the role, back to it. Returns the id. Raises
    BulkRefused: own_agency.
    """
    person, last_day = _own(session, leaving.staff_id, actor), leaving.last_day
    successor = None if leaving.successor_id is None else _own(session, leaving.successor_id, actor).account_id
    reason = assigning.LEFT.format(name=person.name, last=assigning.written(last_day))
    wanted = Wanted(
        LEAVE, reason, to_id=successor, staff_id=person.id, last_day=last_day, active_to=person.active_to
    )  # fmt: skip
    made = _Plan(session, wanted, actor, now, distribution.rules(session))
    made.extra.without = frozenset({person.account_id or 0})
    ids = session.scalars(
        select(Task.id).where(Task.assignee_id == person.account_id).order_by(Task.due_at, Task.id).limit(MOST)
    ).all()
    rows = [host.task(session, task_id) for task_id in ids]
    return _write(made, [row for row in rows if row is not None], empty_too=True)


def _own(session: Session, staff_id: int, actor: Actor) -> Any:  # noqa: ANN401  a row
    """The member of staff, for the leader of the own agency."""
    person = session.execute(select(office.Staff.__table__).where(office.Staff.id == staff_id)).one_or_none()
    leads = people.LEADERS.get(actor.partner, "") in actor.roles
    if person is None or not leads or person.partner_id != actor.partner:
        raise errors.BulkRefused("own_agency")
    return person


def _write(made: _Plan, tasks: list[TaskRow], *, empty_too: bool = False) -> int:
    if not tasks and not empty_too:
        raise errors.BulkRefused("nothing")
    return _insert(made, [_item_of(made, task) for task in tasks])


def _insert(made: _Plan, items: list[dict[str, Any]]) -> int:
    wanted, actor = made.wanted, made.actor
    head = {
        "kind": wanted.kind, "partner": actor.partner, "actor_id": actor.id, "actor": actor.name,
        "reason": wanted.reason.strip()[:LONGEST], "created_at": made.now, "to_id": wanted.to_id, "due": wanted.due,
        "staff_id": wanted.staff_id, "last_day": wanted.last_day, "active_to": wanted.active_to,
    }  # fmt: skip
    bulk_id = made.session.execute(insert(models.Bulk).values(head).returning(models.Bulk.id)).scalar_one()
    if items:
        made.session.execute(insert(models.BulkItem), [{"bulk_id": bulk_id} | item for item in items])
    return int(bulk_id)


def _item_of(made: _Plan, task: TaskRow) -> dict[str, Any]:
    """The row of a task: where it would go and why, or why it cannot."""
    to_id, to_name, why, code = _aim(made, task)
    return {
        "task_id": task.id, "case_id": int(task.subject), "name": task.name, "from_id": task.assignee_id,
        "from_name": task.assignee or "", "to_id": to_id, "to_name": to_name, "why": why, "code": code,
        "status": "refused" if code else "planned", "before": task.due_at,
    }  # fmt: skip


def _aim(made: _Plan, task: TaskRow) -> tuple[int | None, str, str, str]:
    """To whom the task would go, by name, why, and why not."""
    if not people.can_reassign(made.session, made.actor, task.role):
        return None, "", "", "own_agency"
    if made.wanted.to_id is not None:
        fixed = _fixed(made, task)
        if made.wanted.kind == "assign" or not fixed[3]:
            return fixed
    return _ruled(made, task) if made.wanted.kind in {"rules", LEAVE} else (None, "", "", "")


def _ruled(made: _Plan, task: TaskRow) -> tuple[int | None, str, str, str]:
    """By the rules; whoever leaves gives back to the role what nobody else can take."""
    order = made.rules.get(task.role, distribution.USUAL)
    found = distribution.propose(made.session, task, order, now=made.now, extra=made.extra)
    if found is not None:
        made.extra.tasks[found.account_id] += 1
        return found.account_id, found.name, found.reason, ""
    if made.wanted.kind == LEAVE:
        return None, "", assigning.BY_RULE + assigning.NOBODY, ""
    return None, "", "", "nobody"


def _fixed(made: _Plan, task: TaskRow) -> tuple[int | None, str, str, str]:
    known = {one.account_id: one.name for one in people.people_in_role(made.session, task.role, made.now)}
    name = known.get(made.wanted.to_id)
    if name is None:
        return None, "", "", "role"
    if made.wanted.to_id == task.excluded_id:
        return None, "", "", "four_eyes"
    return made.wanted.to_id, name, "", ""


# What may be asked of an act that is planned.
ACTS: Final = frozenset(_NEXT)


def go(session: Session, bulk_id: int, act: str, *, actor: Actor, now: datetime) -> None:
    """Begins, stops or takes back an act of the own agency; raises BulkRefused: own_agency, status."""
    row = session.execute(select(models.Bulk.__table__).where(_bulk.id == bulk_id).with_for_update()).one_or_none()
    if row is None or row.partner != actor.partner or people.LEADERS.get(actor.partner, "") not in actor.roles:
        raise errors.BulkRefused("own_agency")
    allowed, after = _NEXT[act]
    if row.status not in allowed or (act == "undo" and row.kind not in UNDONE):
        raise errors.BulkRefused("status")
    session.execute(update(models.Bulk).where(_bulk.id == bulk_id).values(status=after))
    if row.kind == LEAVE and act != "stop":
        _leaves(session, row, after=row.last_day + timedelta(1) if act == "begin" else row.active_to)
    _finish(session, {bulk_id}, now)


def _leaves(session: Session, row: Any, *, after: date | None) -> None:  # noqa: ANN401  a row
    """Notes from which day on the person is not in service any more; None: it stays."""
    session.execute(update(office.Staff).where(office.Staff.id == row.staff_id).values(active_to=after))
    account = select(office.Staff.account_id).where(office.Staff.id == row.staff_id).scalar_subquery()
    for subject in session.scalars(select(Task.subject).where(Task.assignee_id == account).distinct()):
        touched.mark(session, subject)


def work(session: Session, *, now: datetime, limit: int) -> int:
    """Does so many tasks of the acts that are under way; how many were dealt with."""
    forward = (_bulk.status == Status.RUNNING) & (_item.status == "planned")
    back = (_bulk.status == Status.UNDOING) & (_item.status == "done")
    rows = session.execute(
        select(
            models.BulkItem.__table__, _bulk.kind, _bulk.actor_id, _bulk.reason, _bulk.due,
            _bulk.status.label("state"),
        )
        .join(models.Bulk, _bulk.id == _item.bulk_id)
        .where(forward | back).order_by(_item.id).limit(limit).with_for_update(of=models.BulkItem, skip_locked=True)
    ).all()  # fmt: skip
    for row in rows:
        status, code = _deal(session, row, now)
        session.execute(update(models.BulkItem).where(_item.id == row.id).values(status=status, code=code))
    _finish(session, {row.bulk_id for row in rows}, now)
    return len(rows)


def _deal(session: Session, row: Any, now: datetime) -> tuple[str, str]:  # noqa: ANN401  a row
    """Does one task, or takes it back; what becomes of it and why."""
    undo = row.state == Status.UNDOING
    try:
        actor = people.actor(session, row.actor_id, now)
        with session.begin_nested():
            code = bulk_acts.undo(session, row, actor, now) if undo else bulk_acts.do(session, row, actor, now)
    except office_errors.UnknownAccount:
        code = "actor"
    except casework_errors.AccessDenied:
        code = "own_agency"
    except WorkflowError:
        code = "closed"
    if undo:
        return ("kept", code) if code else ("undone", "")
    return ("failed", code) if code else ("done", "")


def _finish(session: Session, bulk_ids: set[int], now: datetime) -> None:
    """An act of which nothing is left to do is over; who began it is told."""
    for bulk_id in bulk_ids:
        counted = progress(session, bulk_id)
        for state, left, over in (
            (Status.RUNNING, "planned", Status.DONE), (Status.UNDOING, "done", Status.UNDONE),
        ):  # fmt: skip
            if not counted[left]:
                ended = update(models.Bulk).where(_bulk.id == bulk_id, _bulk.status == state).values(status=over)
                who = session.scalars(ended.returning(_bulk.actor_id)).all()
                notices.tell(session, who, Kind.BULK, target=bulk_id, actor=assigning.RULE, now=now)


def progress(session: Session, bulk_id: int) -> Counter[str]:
    """How many tasks stand how."""
    rows = session.execute(select(_item.status, func.count()).where(_item.bulk_id == bulk_id).group_by(_item.status))
    return Counter({row[0]: row[1] for row in rows})
