"""To whom a task goes by the stated rules of its role, and why: whoever knows the case, speaks the language, has room.

A role without rules distributes nothing: its tasks lie open to all who hold it, until somebody takes them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from app.office import dates, roster
from app.office import models as office
from app.office import queries as people
from app.supervision import assigning, errors
from workflows import engine
from workflows import queries as host

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from workflows.handlers import Actor
    from workflows.queries import TaskRow

SETTING: Final = "distribution"
CONTINUITY, LANGUAGE, LOAD = "continuity", "language", "load"
# In this order a role asks, by its name; the first one that tells people apart decides, the load comes last.
ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "load": (LOAD,),
    "continuity": (CONTINUITY, LOAD),
    "language": (LANGUAGE, LOAD),
    "continuity_language": (CONTINUITY, LANGUAGE, LOAD),
    "language_continuity": (LANGUAGE, CONTINUITY, LOAD),
}
USUAL: Final = "continuity_language"
LONGEST: Final = 200
_SHARES = text("""
SELECT person.id, person.account_id, person.languages, sum(post.share) AS share
FROM office_staff AS person JOIN office_post AS post ON post.staff_id = person.id
WHERE person.id = ANY(:ids) AND post.valid_from <= :day AND (post.valid_to IS NULL OR post.valid_to > :day)
GROUP BY person.id
""")
_OPEN = text("""
SELECT assignee_id, count(*) AS open FROM workflow_task WHERE assignee_id = ANY(:accounts) AND NOT aside
GROUP BY assignee_id
""")
_LAST = text("""
SELECT line.actor_id FROM workflow_instance AS run JOIN workflow_entry AS line ON line.instance_id = run.id
WHERE run.subject = :subject AND line.kind = 'task_completed' AND line.actor_id = ANY(:accounts)
ORDER BY line.at DESC, line.id DESC LIMIT 1
""")
_LANGUAGE = text("""
SELECT client.language FROM case_file JOIN client ON client.id = case_file.client_id WHERE case_file.id = :case_id
""")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may get a task: open tasks, share of a full post, and what fits the case."""

    account_id: int
    name: str
    tasks: int
    share: Decimal
    knows: bool = False
    speaks: bool = False

    @property
    def load(self) -> Decimal:
        """Open tasks for each full-time post."""
        return Decimal(self.tasks) / self.share


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets the task, and the reason for the history."""

    account_id: int
    name: str
    reason: str


@dataclass
class Extra:
    """Tasks that are about to go to people, and whom to leave out: for a plan of many tasks at once."""

    tasks: Counter[int] = field(default_factory=Counter)
    without: frozenset[int] = frozenset()
    known: dict[str, Standing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who holds a role, is in service and not away: names, shares with languages, and open tasks, by account."""

    names: Mapping[int, str]
    shares: Sequence[Row[Any]]
    tasks: Mapping[int, int]


def choose(candidates: Sequence[Candidate], order: Sequence[str], language: str = "") -> Choice | None:
    """Who gets the task in this order of rules, and by which of them; None when there is nobody."""
    if not candidates:
        return None
    if len(candidates) == 1:
        only = candidates[0]
        return Choice(only.account_id, only.name, assigning.BY_RULE + assigning.ONLY)
    left, why = list(candidates), []
    for rule in order:
        fitting = _fitting(left, rule)
        if fitting and len(fitting) < len(left):
            left = fitting
            why.append(_why(rule, left[0], language))
        if len(left) == 1:
            break
    best = min(left, key=lambda one: (one.load, one.name, one.account_id))
    return Choice(best.account_id, best.name, assigning.BY_RULE + "; ".join(why or [assigning.EQUAL]))


def _fitting(left: Sequence[Candidate], rule: str) -> list[Candidate]:
    if rule == CONTINUITY:
        return [one for one in left if one.knows]
    if rule == LANGUAGE:
        return [one for one in left if one.speaks]
    least = min(one.load for one in left)
    return [one for one in left if one.load == least]


def _why(rule: str, one: Candidate, language: str) -> str:
    if rule == CONTINUITY:
        return assigning.KNOWS
    if rule == LANGUAGE:
        return assigning.SPEAKS.format(language=language)
    number = f"{one.load.quantize(Decimal('0.1'))}".replace(".", ",")
    return assigning.LEAST.format(number=number)


def candidates(session: Session, task: TaskRow, *, now: datetime, extra: Extra | None = None) -> list[Candidate]:
    """Who holds the task's role, is in service today and not away, and may do the task."""
    extra = extra or Extra()
    if task.role not in extra.known:
        extra.known[task.role] = _standing(session, task.role, now)
    standing = extra.known[task.role]
    out = extra.without | {task.excluded_id}
    accounts = [one for one in standing.names if one not in out]
    if not accounts:
        return []
    last = session.scalar(_LAST, {"accounts": accounts, "subject": task.subject})
    language = language_of(session, task).casefold()
    return [
        Candidate(
            row.account_id, standing.names[row.account_id],
            standing.tasks.get(row.account_id, 0) + extra.tasks[row.account_id],
            row.share, knows=row.account_id == last, speaks=language in _languages(row.languages),
        )
        for row in standing.shares if row.account_id not in out
    ]  # fmt: skip


def _standing(session: Session, role: str, now: datetime) -> Standing:
    day = dates.day_of(now)
    there = [row for row in roster.of(session, day) if row.role == role and not row.away and row.account_id is not None]
    names = {row.account_id: row.name for row in there}
    if not there:
        return Standing(names, (), {})
    shares = session.execute(_SHARES, {"ids": [row.id for row in there], "day": day}).all()
    tasks = {row.assignee_id: row.open for row in session.execute(_OPEN, {"accounts": list(names)})}
    return Standing(names, shares, tasks)


def _languages(typed: str) -> set[str]:
    return {one.strip().casefold() for one in typed.split(",")} - {""}


def language_of(session: Session, task: TaskRow) -> str:
    """The client's language; empty where none is noted."""
    found = session.scalar(_LANGUAGE, {"case_id": int(task.subject)}) if task.subject.isdigit() else None
    return str(found or "").strip()


def propose(session: Session, task: TaskRow, order: str, *, now: datetime, extra: Extra | None = None) -> Choice | None:
    """Who would get this task by the rules in this order."""
    found = candidates(session, task, now=now, extra=extra)
    return choose(found, ORDERS.get(order, ORDERS[USUAL]), language_of(session, task))


def hand_out(session: Session, subject: str, rules: Mapping[str, str]) -> None:
    """Gives the new tasks of a case to people, where the rules of their role say so. What somebody has handled since
    it came up is left alone.
    """
    for task in host.open_tasks(session, subject):
        if task.role not in rules or task.assignee_id is not None or host.is_handled(session, task):
            continue
        found = propose(session, task, rules[task.role], now=task.created_at)
        if found is not None:
            engine.assign(
                session, task.id, assignee_id=found.account_id, assignee=found.name, actor=assigning.RULE,
                now=task.created_at, reason=found.reason,
            )  # fmt: skip


def rules(session: Session) -> dict[str, str]:
    """The order of rules of each role that distributes its tasks."""
    return dict(people.setting(session, SETTING) or {})


def set_rule(session: Session, role: str, order: str, *, reason: str, actor: Actor, now: datetime) -> None:
    """From now on new tasks of this role are distributed in this order; an empty one: not at all.

    Raises DistributionRefused: own_agency (R41), unknown_choice, required (a reason).
    """
    if role not in people.roles(session) or not people.can_reassign(session, actor, role):
        raise errors.DistributionRefused("own_agency")
    if order and order not in ORDERS:
        raise errors.DistributionRefused("unknown_choice")
    if not reason.strip():
        raise errors.DistributionRefused("required")
    table = office.Setting
    session.execute(insert(table).values(key=SETTING, value={}, reason="").on_conflict_do_nothing())
    row = session.get(table, SETTING, with_for_update=True, populate_existing=True)
    assert row is not None
    others = {one: kept for one, kept in row.value.items() if one != role}
    row.value = others | ({role: order} if order else {})
    words = " ".join(reason.split())[:LONGEST]
    said = _reasons(row.reason) | {role: f"{words} ({actor.name}, {assigning.written(dates.day_of(now))})"}
    row.reason = "\n".join(f"{code}: {line}" for code, line in said.items())
    session.flush()


def _reasons(text: str) -> dict[str, str]:
    """The reason of each role: a line of its own."""
    return {code: line for code, _colon, line in (one.partition(": ") for one in text.splitlines())}


def reasons(session: Session) -> dict[str, str]:
    """Why the rules of each role were last changed, by whom and when."""
    return _reasons(session.scalar(select(office.Setting.reason).where(office.Setting.key == SETTING)) or "")


def set_languages(session: Session, staff_id: int, languages: str, *, actor: Actor) -> None:
    """Which languages a person of the own agency speaks, set off by commas; raises DistributionRefused."""
    partner = people.LEADERS.get(actor.partner, "") in actor.roles and actor.partner
    names = ", ".join(one.strip() for one in languages.split(",") if one.strip())[:LONGEST]
    done: Any = session.execute(
        update(office.Staff)
        .where(office.Staff.id == staff_id, office.Staff.partner_id == (partner or ""))
        .values(languages=names)
    )
    if not done.rowcount:
        raise errors.DistributionRefused("own_agency")
