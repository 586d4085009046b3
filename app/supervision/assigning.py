"""Handing tasks on by the office's own rules: no person has done it, and the history says which rule and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.notices import service as notices
from app.notices.models import Kind
from app.office import queries as office
from workflows import engine, errors
from workflows import queries as host
from workflows.handlers import Actor

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from workflows.queries import TaskRow

# Who acts in the history when a rule does.
RULE: Final = Actor(id=0, name="Regel des Büros")
AWAY: Final = "Vertretung vom {first} bis {last}"
BACK: Final = "Zurück nach der Vertretung vom {first} bis {last}"
LEFT: Final = "Nachfolge: {name} scheidet am {last} aus"
UNDONE: Final = "Rückgängig gemacht: {reason}"
# Between what somebody has typed and what a rule adds.
AND: Final = " · "
BY_RULE: Final = "Verteilung nach Regel: "
ONLY: Final = "sonst ist niemand da"
NOBODY: Final = "sonst ist niemand in dieser Rolle da, die Aufgabe geht an die Rolle zurück"
KNOWS: Final = "hat zuletzt an diesem Fall gearbeitet"
SPEAKS: Final = "spricht {language}"
LEAST: Final = "hat am wenigsten offene Aufgaben je voller Stelle ({number})"
EQUAL: Final = "alle haben gleich viel"


def written(day: date) -> str:
    """A day as people write it in a reason."""
    return f"{day:%d.%m.%Y}"


@dataclass(frozen=True, slots=True)
class Given:
    """How a rule's try to hand a task on has ended: empty when it was done, else why not."""

    code: str = ""

    @property
    def done(self) -> bool:
        """Whether the task now lies with the one it was meant for."""
        return not self.code


@dataclass(frozen=True, slots=True)
class Hand:
    """A handing-on: from whom (None: whoever has it), to whom, and the reason for the history."""

    holder_id: int | None
    to_id: int
    reason: str


def hand(session: Session, task_id: int, given: Hand, *, actor: Actor = RULE, now: datetime) -> Given:
    """Gives the task to somebody who may work on it now. Says why not, and leaves it where it is: gone, kept (it no
    longer lies with the holder), role, four_eyes, closed.
    """
    row = host.task(session, task_id)
    if row is None:
        return Given("gone")
    if given.holder_id is not None and row.assignee_id != given.holder_id:
        return Given("kept")
    names = {one.account_id: one.name for one in office.people_in_role(session, row.role, now)}
    return _assigned(session, row, given, names.get(given.to_id), actor=actor, now=now)


def _assigned(
    session: Session, row: TaskRow, given: Hand, name: str | None, *, actor: Actor, now: datetime
) -> Given:  # fmt: skip
    if name is None:
        return Given("role")
    try:
        engine.assign(
            session, row.id, assignee_id=given.to_id, assignee=name, actor=actor, now=now, reason=given.reason
        )  # fmt: skip
    except errors.TaskNotOpen:
        return Given("gone")
    except errors.NotAllowed as refused:
        return Given(refused.reason)
    except errors.InstanceClosed:
        return Given("closed")
    notices.tell(
        session, [given.to_id], Kind.ASSIGNED, target=row.id, actor=actor, now=now, case_id=int(row.subject)
    )  # fmt: skip
    return Given()
