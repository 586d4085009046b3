"""Beginning what comes before its day: the hand-over of the payment at 25, by a leader and with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ARRAY, BigInteger, bindparam, text

from app.casework import errors as casework_errors
from app.casework import handlers_ages, rulebooks
from app.casework import service as casework
from app.casework.interventions import acts
from app.office import dates
from app.supervision import errors
from rules import transitions
from workflows import interventions

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

WAITS: Final = "age_reached"
# What casework refuses about a reason, and how it is called here.
KNOWN: Final = {"required": "required", "too_long": "too_long", "asked_already": "asked"}
_WAITING = text("""
SELECT file.id AS case_id, file.instance_id, file.lead, client.birth_date, wait.key, wait.due_at
FROM case_file AS file JOIN client ON client.id = file.client_id
JOIN workflow_waiting AS wait ON wait.instance_id = file.instance_id AND wait.element = :waits AND wait.kind = 'timer'
WHERE file.id = ANY(:cases) AND file.status = 'open' AND client.birth_date IS NOT NULL AND wait.due_at > :now
""").bindparams(bindparam("cases", type_=ARRAY(BigInteger)))


def _waiting(session: Session, case_ids: Collection[int], now: datetime) -> list[Any]:
    """The cases that wait for the day on which the hand-over at 25 is to be prepared."""
    today = dates.day_of(now)
    parameters = rulebooks.in_force(session, today).parameters(today)
    rows = session.execute(_WAITING, {"waits": WAITS, "cases": sorted(case_ids), "now": now}).all()
    return [
        row for row in rows if dates.day_of(row.due_at) == transitions.handover(row.birth_date, parameters).prepare_on
    ]


def possible(session: Session, case_ids: Collection[int], *, roles: Collection[str], now: datetime) -> frozenset[int]:
    """Of these cases those whose hand-over the leader of these roles may begin now (R41)."""
    return frozenset(row.case_id for row in _waiting(session, case_ids, now) if row.lead in roles)


def begin(session: Session, case_id: int, *, reason: str, actor: Actor, now: datetime) -> bool:
    """Sets the day that the case waits for to today; False when a second person must confirm it first, as the diagram
    asks wherever money hangs on a case.

    Raises PreparationRefused: gone (nothing waits for that day any more), asked (somebody has asked for it already),
    required, too_long; AccessDenied.
    """
    found = next(iter(_waiting(session, [case_id], now)), None)
    if found is None or not _is_next(session, found.instance_id, now):
        raise errors.PreparationRefused("gone")
    values = {"age_event_at": dates.day_of(now).isoformat()}
    wanted = acts.Wanted(case_id, found.instance_id, acts.Act.CHANGE, values=values)
    acts.require(session, wanted, actor=actor, now=now)
    foreseen = acts.foresee(session, wanted, actor=actor, now=now)
    if not foreseen.preview.possible:
        raise errors.PreparationRefused("gone")
    try:
        asked = casework.intervene(session, wanted, reason=reason, seen=foreseen.digest, actor=actor, now=now)
    except casework_errors.ValuesRefused as refused:
        raise errors.PreparationRefused(KNOWN.get(refused.fields.get("reason", ""), "gone")) from None
    return asked is None


def _is_next(session: Session, instance_id: int, now: datetime) -> bool:
    """Whether the hand-over is what the case waits for next."""
    return handlers_ages.PREPARE in interventions.values(session, instance_id, now=now).get("age_event", ())
