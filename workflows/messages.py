"""What others say to processes: messages about a subject and signals to all; and what these begin.

Each command takes the row of its instance first, then looks again; none commits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows import acts, events, history, instances, letters, starts
from workflows.handlers import SYSTEM
from workflows.models import InstanceStatus, WaitingKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from sqlalchemy.orm import Session

    from workflows.handlers import Value
    from workflows.instances import Locked


def deliver(
    session: Session,
    message: str,
    *,
    subject: str,
    payload: Mapping[str, Value],
    now: datetime,
    keep_for: timedelta | None = letters.KEPT_FOR,
) -> bool:
    """Brings a message to who waits for it about this subject, else begins each process that it starts; False when
    there is neither: then the message is kept so long for who will wait, or forgotten (None).

    With one listener it happens here and now, with several each gets a job of its own, so that no two locks are
    ever held.
    """
    acts.checked(payload)
    listening = events.listeners(session, WaitingKind.MESSAGE, message, subject)
    if len(listening) == 1:
        return receive(
            session, listening[0], kind=WaitingKind.MESSAGE, name=message, payload=payload, now=now, keep_for=keep_for
        )
    for instance_id in listening:
        events.send_message(session, instance_id, letters.Message(message, subject, payload, keep_for=keep_for))
    if listening:
        return True
    begun = starts.waiting(session, WaitingKind.MESSAGE, message)
    for definition_id, start in begun:
        begin(session, definition_id, start=start, subject=subject, payload=payload, now=now)
    if not begun:
        letters.keep(session, letters.Message(message, subject, payload, keep_for=keep_for), now=now)
    return bool(begun)


def begin(
    session: Session, definition_id: int, *, start: str, subject: str, payload: Mapping[str, Value], now: datetime
) -> int:
    """Begins an instance at the start event whose message or signal has come; returns its id. Raises StepFailed."""
    return acts.begin(session, definition_id, subject=subject, given=payload, actor=SYSTEM, now=now, start=start)


def signal(session: Session, name: str, *, payload: Mapping[str, Value], subject: str = "") -> int:
    """Leaves a job for each instance that waits for this signal, and for each process that it begins (about this
    subject); returns how many.
    """
    acts.checked(payload)
    listening = events.listeners(session, WaitingKind.SIGNAL, name, "")
    for instance_id in listening:
        events.send(session, instance_id, kind=WaitingKind.SIGNAL, name=name, payload=payload)
    return len(listening) + starts.leave_jobs(session, WaitingKind.SIGNAL, name, subject=subject, payload=payload)


def receive(
    session: Session,
    instance_id: int,
    *,
    kind: WaitingKind,
    name: str,
    payload: Mapping[str, Value],
    now: datetime,
    keep_for: timedelta | None = None,
    processes: frozenset[str] | None = None,
) -> bool:
    """Lets one instance take a message or signal, a suspended one later; False when it no longer waits for it: then
    others may, and a message that none awaits is kept so long. Raises StepFailed.
    """
    instance = instances.lock(session, instance_id)
    taken = _taken(session, instance, kind=kind, name=name, payload=payload, now=now)
    if not taken and kind is WaitingKind.MESSAGE and keep_for is not None:
        message = letters.Message(name, instance.subject, payload, processes, keep_for)
        if not events.post(session, message, sender=instance_id):
            letters.keep(session, message, now=now)
    return taken


def _taken(
    session: Session, instance: Locked, *, kind: WaitingKind, name: str, payload: Mapping[str, Value], now: datetime
) -> bool:
    if instance.status == InstanceStatus.SUSPENDED:
        detail = {"event": kind.value, "name": name, "values": dict(payload)}
        history.record(session, instance, history.Line("message_held", SYSTEM, now, detail=detail))
        return True
    if instance.status != InstanceStatus.RUNNING:
        return False
    with acts.opened(session, instance, actor=SYSTEM, now=now) as act:
        taken = events.catch(act.work, kind, name, payload)
    return taken  # noqa: RET504  the act is saved in between
