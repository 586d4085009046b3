"""What authorised people may do to a running instance beside its diagram: suspend and resume it, skip a step, do one
again, move a token, change data, end it. Always with a reason, always in the history; where the diagram itself asks
for four eyes, with a second person.

Who may intervene is for the edge to say. `preview` tells what an intervention would lead to and changes nothing.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from workflows import (
    acts,
    definitions,
    displacements,
    engine,
    errors,
    events,
    four_eyes,
    history,
    instances,
    jobs,
    previews,
)

# Looking ahead is part of intervening.
from workflows.four_eyes import Guard as Guard
from workflows.models import Entry, Incident, Instance, InstanceStatus, Waiting, WaitingKind
from workflows.previews import Piece as Piece
from workflows.previews import Preview as Preview
from workflows.previews import preview as preview

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor, Value
    from workflows.instances import Locked
    from workflows.specs import ElementInfo, Specs


@dataclass(frozen=True, slots=True)
class Order:
    """Who intervenes, why, when, and who stands by it where one person is not enough."""

    actor: Actor
    reason: str
    now: datetime
    second: Actor | None = None
    # What the intervention was foreseen to change, for the history: values that JSON can hold.
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A step where a token stands, and the elements to which it could be moved."""

    key: UUID
    process: str
    element: str
    name: str
    kind: str
    role: str
    targets: tuple[str, ...]


def places(session: Session, instance_id: int, *, now: datetime) -> tuple[Place, ...]:
    """Where the instance stands; raises UnknownInstance."""
    instance = instances.lock(session, instance_id)
    with acts.looked_at(session, instance, now=now) as work:
        return tuple(
            Place(
                key=task.id,
                process=element.process,
                element=element.id,
                name=element.name,
                kind=element.kind,
                role=element.role,
                targets=tuple(info.id for info in displacements.targets(work, task)),
            )
            for task, element in displacements.standing(work)
        )


def values(session: Session, instance_id: int, *, now: datetime) -> dict[str, list[Value]]:
    """The process values wherever tokens stand, each different one once, by name; raises UnknownInstance."""
    instance = instances.lock(session, instance_id)
    with acts.looked_at(session, instance, now=now) as work:
        return displacements.held(work)


def suspend(session: Session, instance_id: int, order: Order) -> None:
    """Stops the instance: nobody can complete its tasks, no timer fires, messages are kept. Raises InstanceClosed."""
    instance = _taken(session, instance_id, order)
    _record(session, instance, order, "suspended")
    _set_status(session, instance_id, InstanceStatus.SUSPENDED)


def resume(session: Session, instance_id: int, order: Order) -> int:
    """Lets a suspended instance go on: it takes the messages that came meanwhile, their number is returned; outside
    calls are made again under their keys, timers that have become due fire at the next sweep. Raises InstanceClosed,
    StepFailed.
    """
    _require(order)
    instance = instances.lock(session, instance_id)
    if instance.status != InstanceStatus.SUSPENDED:
        raise errors.InstanceClosed(instance_id)
    held = _held(session, instance_id)
    instance.status = InstanceStatus.RUNNING
    with acts.opened(session, instance, actor=order.actor, now=order.now) as act:
        act.work.lines.append(_line(order, "resumed"))
        for detail in held:
            events.catch(act.work, WaitingKind(detail["event"]), detail["name"], detail["values"])
    _call_again(session, instance_id, except_for={task.id for task in act.work.outside})
    return len(held)


def _call_again(session: Session, instance_id: int, *, except_for: Collection[UUID]) -> None:
    """An answer that came while the instance rested was not taken. Who is in trouble waits for a person."""
    wait, trouble = Waiting.__table__.c, Incident.__table__.c
    troubled = select(trouble.element).where(trouble.instance_id == instance_id, trouble.resolved_at.is_(None))
    calls = select(wait.key).where(
        wait.instance_id == instance_id, wait.kind == WaitingKind.HANDLER, wait.element.not_in(troubled)
    )
    for key in session.execute(calls).scalars():
        if key not in except_for:
            jobs.enqueue(session, jobs.CALL_HANDLER, instance_id=instance_id, key=key.hex)


def skip(session: Session, instance_id: int, order: Order, key: UUID, *, values: Mapping[str, Value]) -> None:
    """Passes the step under this key without doing it, with these values in place of what it would have given.

    Raises InterventionRefused, InstanceClosed, NotAllowed, StepFailed.
    """
    acts.checked(values)
    with _acting(session, instance_id, order, key) as (work, task, element):
        work.lines.append(_line(order, "skipped", element, values=dict(values)))
        displacements.skip(work, task, element, values)
    _settle_incidents(session, instance_id, order, element.id)


def move(session: Session, instance_id: int, order: Order, key: UUID, *, to: str) -> None:
    """Moves the token under this key to another element of the same process. Raises as skip()."""
    with _acting(session, instance_id, order, key, jumps=True) as (work, task, element):
        work.lines.append(_line(order, "moved", element, to=to))
        displacements.move(work, task, element, to)
    _settle_incidents(session, instance_id, order, element.id)


def redo(session: Session, instance_id: int, order: Order, key: UUID, *, element: str) -> None:
    """Moves the token under this key back to a step that was done before, to be done again. Raises as skip()."""
    with _acting(session, instance_id, order, key, jumps=True) as (work, task, stands):
        if element not in _done(session, instance_id, stands.process):
            raise errors.InterventionRefused(element, "not_done")
        work.lines.append(_line(order, "redone", stands, to=element))
        displacements.move(work, task, stands, element)
    _settle_incidents(session, instance_id, order, stands.id)


def change(session: Session, instance_id: int, order: Order, *, values: Mapping[str, Value]) -> int:
    """Changes process values in all branches and computes anew the timers that hang on them; how many moved. Raises
    InstanceClosed, NotAllowed, ValueRefused.
    """
    instance = _taken(session, instance_id, order)
    _require_second(session, instance, order, four_eyes.of_all)
    acts.checked(values)
    with acts.opened(session, instance, actor=order.actor, now=order.now) as act:
        before = displacements.overwrite(act.work, values)
        act.work.lines.append(_line(order, "values_set", values=dict(values), before=before))
    return engine.reschedule(session, instance_id, now=order.now)


def cancel(session: Session, instance_id: int, order: Order) -> None:
    """Ends the instance at once, a suspended one, too. Raises InstanceClosed, NotAllowed."""
    _require(order)
    instance = instances.lock(session, instance_id)
    if instance.status == InstanceStatus.SUSPENDED:
        _set_status(session, instance_id, InstanceStatus.RUNNING)
        instance = instances.lock_running(session, instance_id)
    _require_second(session, instance, order, four_eyes.of_all)
    detail = _line(order, "cancelled").detail
    engine.cancel(session, instance_id, actor=order.actor, reason=_reason(order), now=order.now, detail=detail)


def _require(order: Order) -> None:
    if not _reason(order):
        raise errors.NotAllowed("reason")


def _reason(order: Order) -> str:
    return order.reason.strip()


def _taken(session: Session, instance_id: int, order: Order) -> Locked:
    _require(order)
    return instances.lock_running(session, instance_id)


@contextmanager
def _acting(
    session: Session, instance_id: int, order: Order, key: UUID, *, jumps: bool = False
) -> Iterator[tuple[Any, Any, ElementInfo]]:
    """The act of an intervention on the step under this key; raises before anything is changed. A token that `jumps`
    may pass over any step of its process.
    """
    instance = _taken(session, instance_id, order)
    with acts.looked_at(session, instance, now=order.now) as work:
        _, element = displacements.find(work, key)

    def touched(specs: Specs) -> tuple[four_eyes.Guard, ...]:
        return four_eyes.of_process(specs, element.process) if jumps else four_eyes.of_step(specs, element)

    _require_second(session, instance, order, touched)
    with acts.opened(session, instance, actor=order.actor, now=order.now) as act:
        yield (act.work, *displacements.find(act.work, key))


def _require_second(
    session: Session, instance: Locked, order: Order, touched: Callable[[Specs], tuple[four_eyes.Guard, ...]]
) -> None:
    """Four eyes where the diagram asks for them at a step that is touched: money or rights hang on it."""
    guards = touched(definitions.specs(session, instance.definition_id))
    if not guards:
        return
    is_alone = order.second is None or order.second.id == order.actor.id
    if not previews.is_noted(session, guards) and is_alone:
        raise errors.NotAllowed("four_eyes")


def _line(order: Order, kind: str, element: ElementInfo | None = None, **detail: Any) -> history.Line:  # noqa: ANN401
    line = history.Line(kind, order.actor, order.now, detail={"reason": _reason(order), **order.told, **detail})
    if order.second is not None:
        line.detail["second"] = {"id": order.second.id, "name": order.second.name}
    if element is not None:
        line.element, line.name = element.id, element.name
        line.detail["process"] = element.process
    return line


def _record(session: Session, instance: Locked, order: Order, kind: str) -> None:
    history.record(session, instance, _line(order, kind))


def _set_status(session: Session, instance_id: int, status: InstanceStatus) -> None:
    table: Any = Instance.__table__
    session.execute(update(table).where(table.c.id == instance_id).values(status=status.value))


def _held(session: Session, instance_id: int) -> list[Mapping[str, Any]]:
    """What came for the instance since it was suspended, in order."""
    entry = Entry.__table__.c
    found = session.execute(
        select(entry.kind, entry.detail).where(entry.instance_id == instance_id).order_by(entry.sequence.desc())
    )
    held: list[Mapping[str, Any]] = []
    for row in found:
        if row.kind == "suspended":
            break
        if row.kind == "message_held":
            held.insert(0, row.detail)
    return held


def _done(session: Session, instance_id: int, process: str) -> set[str]:
    """The elements of a process that tokens of the instance have passed."""
    entry = Entry.__table__.c
    details = session.execute(select(entry.detail).where(entry.instance_id == instance_id)).scalars()
    return {name for detail in details for name in ((detail or {}).get("passed") or {}).get(process, ())}


def _settle_incidents(session: Session, instance_id: int, order: Order, element: str) -> None:
    """The trouble of a step that was passed over or left is over."""
    columns = Incident.__table__.c
    table: Any = Incident.__table__
    session.execute(
        update(table)
        .where(columns.instance_id == instance_id, columns.element == element, columns.resolved_at.is_(None))
        .values(resolved_at=order.now, resolved_by=order.actor.name)
    )
