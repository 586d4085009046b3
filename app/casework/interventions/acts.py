"""An intervention as somebody wants it: foreseen, compared with what was shown, and carried out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from app.casework.cases import queries as cases
from app.casework.cases import service as case_service
from app.casework.interventions import authority
from workflows import errors, interventions
from workflows import queries as host

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor, Value

CLOSING_REASON: Final = "cancelled"


class Act(StrEnum):
    """What people may do to a running case beside its diagram."""

    SUSPEND = "suspend"
    RESUME = "resume"
    SKIP = "skip"
    REDO = "redo"
    MOVE = "move"
    CHANGE = "change"
    CANCEL = "cancel"


STEPS: Final = frozenset({Act.SKIP, Act.REDO, Act.MOVE})
AIMED: Final = frozenset({Act.REDO, Act.MOVE})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which intervention on which instance; `key` names the step, `target` the step to which its token shall go."""

    case_id: int
    instance_id: int
    act: Act
    key: UUID | None = None
    target: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an intervention would lead to, and the fingerprint of it: the same as long as the consequence is."""

    preview: interventions.Preview
    element: str
    name: str

    @property
    def digest(self) -> str:
        """The fingerprint. Due dates are left out: those that count from now change while somebody reads."""
        seen = self.preview
        pieces = [sorted((piece.kind, piece.element, piece.role) for piece in side) for side in (seen.gone, seen.new)]
        guards = [(guard.kind, guard.process, guard.element) for guard in seen.guards]
        facts = (seen.possible, seen.code, seen.element, pieces, seen.services, seen.status, guards, self.element)
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]

    @property
    def told(self) -> dict[str, Any]:
        """The consequence as the history keeps it."""
        sides = (("gone", self.preview.gone), ("new", self.preview.new))
        told: dict[str, Any] = {name: [_told(piece) for piece in side] for name, side in sides}
        return told | {"services": list(self.preview.services), "status": self.preview.status}


def _told(piece: interventions.Piece) -> dict[str, str]:
    due = piece.due_at.isoformat() if piece.due_at is not None else ""
    return {"kind": piece.kind, "element": piece.element, "name": piece.name, "role": piece.role, "due": due}


def foresee(session: Session, wanted: Wanted, *, actor: Actor, now: datetime) -> Foreseen:
    """What it would lead to at this moment; nothing is changed. Raises UnknownInstance."""
    order = interventions.Order(actor, "?", now)
    seen = interventions.preview(session, wanted.instance_id, lambda inner: _do(inner, wanted, order))
    place = next((place for place in places(session, wanted.instance_id, now=now) if place.key == wanted.key), None)
    return Foreseen(seen, place.element if place else "", place.name if place else "")


def places(session: Session, instance_id: int, *, now: datetime) -> tuple[interventions.Place, ...]:
    """Where the instance stands; nowhere when it is unknown."""
    try:
        return interventions.places(session, instance_id, now=now)
    except errors.UnknownInstance:
        return ()


def carry_out(session: Session, wanted: Wanted, order: interventions.Order) -> None:
    """Does it. A case whose run is over is closed with it. Raises as the intervention does."""
    _do(session, wanted, order)
    case = cases.case_file(session, wanted.case_id)
    runs = {row.id for row in host.instances(session, str(wanted.case_id)) if row.status in {"running", "suspended"}}
    if case.instance_id == wanted.instance_id and wanted.instance_id not in runs:
        case_service.close_case(session, wanted.case_id, reason=CLOSING_REASON, now=order.now)


def _do(session: Session, wanted: Wanted, order: interventions.Order) -> None:
    key = _key(wanted)
    if wanted.act is Act.SUSPEND:
        interventions.suspend(session, wanted.instance_id, order)
    elif wanted.act is Act.RESUME:
        interventions.resume(session, wanted.instance_id, order)
    elif wanted.act is Act.CANCEL:
        interventions.cancel(session, wanted.instance_id, order)
    elif wanted.act is Act.CHANGE:
        interventions.change(session, wanted.instance_id, order, values=wanted.values)
    else:
        _step(session, wanted, order, key)


def _key(wanted: Wanted) -> UUID | None:
    if wanted.act in STEPS and wanted.key is None:
        raise errors.InterventionRefused("", "gone")
    return wanted.key


def _step(session: Session, wanted: Wanted, order: interventions.Order, key: UUID | None) -> None:
    assert key is not None
    if wanted.act is Act.SKIP:
        interventions.skip(session, wanted.instance_id, order, key, values=wanted.values)
    elif wanted.act is Act.REDO:
        interventions.redo(session, wanted.instance_id, order, key, element=wanted.target)
    else:
        interventions.move(session, wanted.instance_id, order, key, to=wanted.target)


def require(session: Session, wanted: Wanted, *, actor: Actor, now: datetime) -> None:
    """Raises AccessDenied unless this person may do this here, alone or with a second one."""
    found = authority.of(session, wanted.case_id, wanted.instance_id, actor)
    if wanted.act in STEPS:
        place = next((place for place in places(session, wanted.instance_id, now=now) if place.key == wanted.key), None)
        if place is None:
            raise errors.InterventionRefused("", "gone")
        partner = authority.step_partner(session, wanted.case_id, place.key, place.role)
        authority.require(found.may_step(partner, place.element))
    elif wanted.act is Act.SUSPEND:
        authority.require(found.may_suspend)
    elif wanted.act is Act.RESUME:
        authority.require(found.may_resume)
    else:
        authority.require(found.whole)
