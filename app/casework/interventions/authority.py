"""Who may intervene where: leaders in the cases and at the steps of their own staff, administration in technical
trouble, and who stands by as the second person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from app.casework import errors
from app.casework.cases import queries as cases
from app.office import queries as office
from workflows.models import Entry, Incident, Task

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor
    from workflows.interventions import Guard

LEADERS: Final = {"LTG_STADT": "STADT", "LTG_AA": "AA"}
ADMIN: Final = "ADM"
RECEPTION: Final = "KS"
MONEY: Final = "money"
# Where only money hangs on it, those who may release payments stand by: the department, or the city's leader.
STAND_BY_MONEY: Final = frozenset({"FB5", "LTG_STADT"})
STAND_BY: Final = frozenset(LEADERS)


@dataclass(frozen=True, slots=True)
class Authority:
    """What somebody may do in one instance of a case. `whole`: suspend, resume, end it, change values; `partners`:
    whose steps may be skipped or moved; `troubled`: the elements in trouble, where administration may act.
    """

    whole: bool
    partners: frozenset[str]
    technical: bool
    troubled: frozenset[str]
    may_resume: bool

    @property
    def may_suspend(self) -> bool:
        """Whether this person may stop the instance, or let it go on."""
        return self.whole or (self.technical and bool(self.troubled))

    def may_step(self, partner: str, element: str) -> bool:
        """Whether this person may skip, move or repeat a step of this partner's staff."""
        return partner in self.partners or (self.technical and element in self.troubled)


def of(session: Session, case_id: int, instance_id: int, actor: Actor) -> Authority:
    """What this person may do; raises UnknownCase."""
    partners = frozenset(LEADERS[role] for role in actor.roles if role in LEADERS)
    troubled = _troubled(session, instance_id)
    technical = ADMIN in actor.roles
    whole = lead_partner(session, case_id) in partners
    stopped = technical and (bool(troubled) or _stopped_by(session, instance_id) == actor.id)
    return Authority(whole, partners, technical, troubled, may_resume=whole or stopped)


def lead_partner(session: Session, case_id: int) -> str:
    """Whose staff leads the case; reception, while nobody does yet."""
    return office.role_partner(session, cases.case_file(session, case_id).lead or RECEPTION)


def step_partner(session: Session, case_id: int, key: UUID, role: str) -> str:
    """Whose staff a step belongs to: that of its open task, of its lane, else of the case's lead."""
    held = session.execute(select(Task.role).where(Task.key == key)).scalars().first() or role
    if not held or held.startswith("="):
        return lead_partner(session, case_id)
    return office.role_partner(session, held)


def confirmers(*, money_only: bool) -> frozenset[str]:
    """The roles of which one confirms."""
    return STAND_BY_MONEY if money_only else STAND_BY


def is_money_only(guards: Collection[Guard]) -> bool:
    """Whether money hangs on it and no right beside it."""
    return {guard.kind for guard in guards} == {MONEY}


def require(allowed: object) -> None:
    """Raises AccessDenied unless it is allowed."""
    if not allowed:
        raise errors.AccessDenied("no_intervention")


def _troubled(session: Session, instance_id: int) -> frozenset[str]:
    found = select(Incident.element).where(Incident.instance_id == instance_id, Incident.resolved_at.is_(None))
    return frozenset(session.execute(found).scalars())


def _stopped_by(session: Session, instance_id: int) -> int | None:
    found = select(Entry.actor_id).where(Entry.instance_id == instance_id, Entry.kind == "suspended")
    return session.execute(found.order_by(Entry.sequence.desc()).limit(1)).scalar()
