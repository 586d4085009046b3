"""What the inbox's pages show: the list of tasks with clients and marks, the counts, who may be given a task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from app.casework import queries as casework
from app.casework import words
from app.inbox import waiting
from app.office import dates
from app.office import queries as office
from workflows import definitions
from workflows import queries as host

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.casework.queries import Card
    from app.inbox.forms import Wanted
    from app.office.queries import Person
    from workflows.backlog import Order, View
    from workflows.handlers import Actor
    from workflows.queries import TaskRow

PAGE = 30
FOUND = 400
CAP = 1000
DONE = "done"
TEAM = "team"
WAITING = "waiting_partner"
# The host would count what waits for the other agency by role; here it is counted by case.
COUNTED: tuple[View, ...] = ("mine", "role", "unassigned", "overdue", "held", "done")
STAFF = frozenset({"KS", "BFK", "FM", "VM", "FB5", "LTG_STADT", "LTG_AA"})


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list."""

    task: TaskRow
    card: Card | None
    name: str
    process: str
    role: str
    unread: bool
    drafted: bool
    days: int
    due_day: date | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list and where the next one begins."""

    lines: tuple[Line, ...]
    next: str


@dataclass(frozen=True, slots=True)
class Names:
    """The names of roles and steps in the reader's language."""

    session: Session
    locale: str
    roles: Mapping[str, office.RoleRow]

    def role(self, code: str) -> str:
        """The role in words."""
        row = self.roles.get(code)
        return code if row is None else (row.name_en if self.locale == "en" else row.name)

    def task(self, row: TaskRow) -> str:
        """The task's name; rows bear the German one."""
        if self.locale != "en":
            return row.name
        info = definitions.specs(self.session, row.definition_id).elements.get(row.element)
        return info.name_en if info is not None and info.name_en else row.name

    def process(self, row: TaskRow) -> str:
        """The name of the step of the case that the task belongs to."""
        return words.word(row.process, "process")


def names(session: Session, locale: str) -> Names:
    """The names in this language."""
    return Names(session, locale, office.roles(session))


def listing(session: Session, wanted: Wanted, *, actor: Actor, now: datetime, locale: str) -> Listing:
    """A page of the tasks that somebody wants to see."""
    subjects, roles = _subjects(session, wanted), _roles(session, wanted, actor)
    if wanted.view == WAITING:
        there = waiting.at_the_other(session, actor, now=now)
        subjects = tuple(one for one in there.subjects if subjects is None or one in subjects)
        roles = there.roles
    if subjects is not None and not subjects:
        return Listing((), "")
    page = host.inbox(
        session, roles=roles, actor_id=actor.id, now=now,
        view=cast("View", "role" if wanted.view in {TEAM, WAITING} else wanted.view), order=cast("Order", wanted.order),
        search_subjects=subjects,
        role=wanted.role or None, process=wanted.process or None, limit=PAGE, after=wanted.after or None,
    )  # fmt: skip
    return Listing(_lines(session, page.rows, actor=actor, now=now, locale=locale), page.next or "")


def _subjects(session: Session, wanted: Wanted) -> tuple[str, ...] | None:
    if not wanted.words:
        return None
    return tuple(str(case_id) for case_id in casework.find(session, wanted.words, limit=FOUND))


def _roles(session: Session, wanted: Wanted, actor: Actor) -> frozenset[str]:
    return team(session, actor) if wanted.view == TEAM else actor.roles


def team(session: Session, actor: Actor) -> frozenset[str]:
    """The roles that this person leads: those of the own agency, for its leader; nothing for others (R41)."""
    if office.LEADERS.get(actor.partner, "") not in actor.roles:
        return frozenset()
    return frozenset(code for code, row in office.roles(session).items() if row.partner == actor.partner) & STAFF


def _lines(
    session: Session, rows: Sequence[TaskRow], *, actor: Actor, now: datetime, locale: str
) -> tuple[Line, ...]:  # fmt: skip
    cards = casework.cards(session, {int(row.subject) for row in rows})
    marks = casework.marks(session, [row.id for row in rows], actor.id)
    named, today = _Once(names(session, locale)), dates.day_of(now)
    return tuple(
        Line(
            row, cards.get(int(row.subject)), named.task(row), named.process(row), named.role(row.role),
            unread=row.id not in marks.seen or marks.seen[row.id] < row.changed_at,
            drafted=row.id in marks.drafted, days=max(0, (today - dates.day_of(row.created_at)).days),
            due_day=None if row.due_at is None else dates.day_of(row.due_at),
        )
        for row in rows
    )  # fmt: skip


class _Once:
    """Names that are looked up once for a list, in which most stand many times."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._known: dict[tuple[object, ...], str] = {}

    def task(self, row: TaskRow) -> str:
        return self._once(("task", row.definition_id, row.element, row.name), lambda: self._names.task(row))

    def process(self, row: TaskRow) -> str:
        return self._once(("process", row.process), lambda: self._names.process(row))

    def role(self, code: str) -> str:
        return self._once(("role", code), lambda: self._names.role(code))

    def _once(self, key: tuple[object, ...], look: Callable[[], str]) -> str:
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = look()
        return found


def counts(session: Session, *, actor: Actor, now: datetime) -> dict[str, str]:
    """How many tasks each view holds, as people read it; beyond the cap it says 1000+, so that nothing is scanned."""
    led = team(session, actor)
    found = host.counts(session, roles=actor.roles, actor_id=actor.id, now=now, views=COUNTED, led=led)
    found[WAITING] = waiting.at_the_other(session, actor, now=now).count
    return {view: f"{CAP}+" if number > CAP else str(number) for view, number in found.items()}


def leads(session: Session, task: TaskRow, actor: Actor) -> bool:
    """Whether this person leads those who hold the task's role."""
    return task.role in team(session, actor)


def may_see(session: Session, task: TaskRow, actor: Actor) -> bool:
    """Whether somebody sees a task with its form: who holds its role, and the leader of those who hold it."""
    return task.role in actor.roles or leads(session, task, actor)


def colleagues(session: Session, task: TaskRow, *, actor: Actor, now: datetime) -> tuple[Person, ...]:
    """To whom a leader may hand the task: the own agency's staff, oneself first; nobody else hands work over (R41)."""
    if not leads(session, task, actor):
        return ()
    people = [
        person
        for person in office.people_in_role(session, task.role, now)
        if person.account_id is not None and person.account_id != task.excluded_id and person.partner == actor.partner
    ]
    return tuple(sorted(people, key=lambda person: (person.account_id != actor.id, person.substitute, person.name)))


def staff(session: Session, *, actor: Actor, now: datetime, locale: str) -> list[tuple[int, str]]:
    """The people of the own agency to whom its leader may hand work, the leader last; nobody for others."""
    led = team(session, actor)
    held: dict[tuple[int, str], list[str]] = {}
    for post in office.posts(session, dates.local(now)) if led else ():
        if post.role in led and post.account_id is not None:
            held.setdefault((post.account_id, post.name), []).append(names(session, locale).role(post.role))
    # A leader hands work on, and holds few of these tasks.
    people = sorted(held, key=lambda person: (person[0] == actor.id, person[1]))
    return [(account, f"{name} ({', '.join(held[account, name])})") for account, name in people]


def following(listing: Listing, task_id: int) -> int | None:
    """The task after this one in the list, else the one before it."""
    ids = [line.task.id for line in listing.lines]
    if task_id not in ids:
        return ids[0] if ids else None
    at = ids.index(task_id)
    rest = ids[at + 1 :] + ids[:at][::-1]
    return rest[0] if rest else None
