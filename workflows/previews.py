"""What an intervention would lead to: it is carried out in a savepoint, looked at, and undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from workflows import errors, instances, kept
from workflows.models import Entry, Instance, Task, Waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from workflows.four_eyes import Guard


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that comes or goes: a task for a role, or a wait (`kind` timer, message, signal or handler)."""

    kind: str
    element: str
    name: str
    role: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What an intervention would lead to. If it is not possible: at which element, and why."""

    possible: bool
    element: str = ""
    code: str = ""
    gone: tuple[Piece, ...] = ()
    new: tuple[Piece, ...] = ()
    services: tuple[str, ...] = ()
    status: str = ""
    guards: tuple[Guard, ...] = ()

    @property
    def needs_second(self) -> bool:
        """Whether one person alone may not do it."""
        return bool(self.guards)


@dataclass(slots=True)
class _Seen(Exception):  # noqa: N818  no fault: it carries what was seen out of a savepoint that is undone by it
    preview: Preview


def preview(session: Session, instance_id: int, intervene: Callable[[Session], object]) -> Preview:
    """What this call of an intervention would lead to: it is carried out in a savepoint, looked at and undone. A second
    person is not asked for, only told to be needed. Raises UnknownInstance.
    """
    before = _rows(session, instance_id)
    sequence = instances.lock(session, instance_id).sequence
    session.info[_PREVIEWED] = ()
    try:
        with session.begin_nested():
            intervene(session)
            _undo(_seen(session, instance_id, before, sequence))
    except _Seen as seen:
        return seen.preview
    except errors.InterventionRefused as refused:
        return Preview(False, refused.element, refused.code)
    except errors.StepFailed as failed:
        return Preview(False, failed.element, "failed")
    except errors.InstanceClosed:
        return Preview(False, "", "closed")
    finally:
        session.info.pop(_PREVIEWED, None)
        kept.forget(session)
    return Preview(False)


def _undo(seen: Preview) -> None:
    raise _Seen(seen)


def is_noted(session: Session, guards: tuple[Guard, ...]) -> bool:
    """Whether this is a preview; if so, it tells why a second person is needed."""
    if _PREVIEWED not in session.info:
        return False
    session.info[_PREVIEWED] = guards
    return True


# While a preview is under way: what asks for a second person.
_PREVIEWED = "intervention_previewed"


def _rows(session: Session, instance_id: int) -> dict[tuple[UUID, str, str], Piece]:
    """The tasks and waits of an instance as its rows tell them."""
    task, wait = Task.__table__.c, Waiting.__table__.c
    tasks = session.execute(
        select(task.key, task.element, task.name, task.role, task.due_at).where(task.instance_id == instance_id)
    )
    found = {(row.key, "task", ""): Piece("task", row.element, row.name, row.role, row.due_at) for row in tasks}
    waits = session.execute(
        select(wait.key, wait.kind, wait.element, wait.name, wait.due_at).where(wait.instance_id == instance_id)
    )
    return found | {
        (row.key, row.kind, row.name): Piece(row.kind, row.element, row.name, "", row.due_at) for row in waits
    }


def _seen(session: Session, instance_id: int, before: Mapping[tuple[UUID, str, str], Piece], sequence: int) -> Preview:
    after = _rows(session, instance_id)
    entry = Entry.__table__.c
    run = select(entry.name).where(
        entry.instance_id == instance_id, entry.sequence > sequence, entry.kind == "handler_run"
    )
    return Preview(
        possible=True,
        gone=tuple(piece for key, piece in before.items() if after.get(key) != piece),
        new=tuple(piece for key, piece in after.items() if before.get(key) != piece),
        services=tuple(session.execute(run.order_by(entry.sequence)).scalars()),
        status=session.execute(select(Instance.status).where(Instance.id == instance_id)).scalar_one(),
        guards=session.info[_PREVIEWED],
    )
