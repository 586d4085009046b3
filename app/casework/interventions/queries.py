"""Reading requests for interventions, trouble, and which cases are stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, cast, func, or_, select
from sqlalchemy.orm import aliased

from app.casework.cases.models import CaseFile
from app.casework.interventions import authority, models
from workflows.models import Entry, Incident, Instance, InstanceStatus

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

_LIMIT = 200
table = models.InterventionRequest


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as lists and pages show it."""

    id: int
    case_id: int
    case_number: str
    instance_id: int
    act: str
    key: UUID | None
    target: str
    values: dict[str, Any]
    element: str
    name: str
    reason: str
    money_only: bool
    told: dict[str, Any]
    digest: str
    actor_id: int
    actor: str
    at: datetime
    expires_at: datetime
    status: str
    decided_by: str | None
    decided_at: datetime | None
    remark: str


@dataclass(frozen=True, slots=True)
class TroubleRow:
    """A step that failed and that nobody has dealt with, in a case."""

    id: int
    case_id: int
    case_number: str
    instance_id: int
    element: str
    name: str
    code: str
    detail: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Stop:
    """A run that was stopped: by whom, when, why."""

    case_id: int
    case_number: str
    instance_id: int
    actor: str
    at: datetime
    reason: str


def _requests() -> Select[Any]:
    names = [name for name in RequestRow.__dataclass_fields__ if name != "case_number"]
    columns = [getattr(table, name) for name in names]
    number = func.coalesce(CaseFile.number, "").label("case_number")
    return select(*columns, number).join(CaseFile, CaseFile.id == table.case_id).order_by(table.id.desc()).limit(_LIMIT)


def _rows(session: Session, query: Select[Any]) -> tuple[RequestRow, ...]:
    return tuple(RequestRow(**row._mapping) for row in session.execute(query))  # noqa: SLF001  SQLAlchemy's public name


def request(session: Session, request_id: int) -> RequestRow | None:
    """One request."""
    return next(iter(_rows(session, _requests().where(table.id == request_id))), None)


def of_case(session: Session, case_id: int) -> tuple[RequestRow, ...]:
    """All requests in a case, the newest first."""
    return _rows(session, _requests().where(table.case_id == case_id))


def asked_by(session: Session, actor: Actor) -> tuple[RequestRow, ...]:
    """What this person asked for and nobody has decided."""
    return _rows(session, _requests().where(table.actor_id == actor.id, table.status == models.RequestStatus.OPEN))


def _waiting(actor: Actor, now: datetime) -> list[Any]:
    money = bool(actor.roles & authority.confirmers(money_only=True))
    rights = bool(actor.roles & authority.confirmers(money_only=False))
    mine = [table.money_only.is_(True)] * money + [table.money_only.is_(False)] * rights
    open_ = (table.status == models.RequestStatus.OPEN, table.expires_at > now, table.actor_id != actor.id)
    return [*open_, or_(*mine) if mine else table.id.is_(None)]


def waiting_for(session: Session, actor: Actor, *, now: datetime) -> tuple[RequestRow, ...]:
    """The requests that this person can confirm or refuse."""
    return _rows(session, _requests().where(*_waiting(actor, now)))


def count_waiting_for(session: Session, actor: Actor, *, now: datetime) -> int:
    """How many requests this person can confirm or refuse; no statement for those who never can."""
    if not actor.roles & (authority.confirmers(money_only=True) | authority.confirmers(money_only=False)):
        return 0
    return session.execute(select(func.count()).select_from(table).where(*_waiting(actor, now))).scalar_one()


def may_decide(row: RequestRow, actor: Actor, *, now: datetime) -> bool:
    """Whether this person may confirm or refuse this request now; never who asked for it."""
    is_open = row.status == models.RequestStatus.OPEN and row.expires_at > now
    return is_open and row.actor_id != actor.id and bool(actor.roles & authority.confirmers(money_only=row.money_only))


def troubles(session: Session, *, case_id: int | None = None) -> tuple[TroubleRow, ...]:
    """The open incidents of cases, oldest first."""
    query = (
        select(
            Incident.id, CaseFile.id.label("case_id"), func.coalesce(CaseFile.number, "").label("case_number"),
            Incident.instance_id, Incident.element, Incident.name, Incident.code, Incident.detail, Incident.created_at,
        )
        .join(Instance, Instance.id == Incident.instance_id)
        .join(CaseFile, cast(CaseFile.id, Text) == Instance.subject)
        .where(Incident.resolved_at.is_(None))
    )  # fmt: skip
    query = query if case_id is None else query.where(CaseFile.id == case_id)
    rows = session.execute(query.order_by(Incident.created_at, Incident.id).limit(_LIMIT))
    return tuple(TroubleRow(**row._mapping) for row in rows)  # noqa: SLF001  SQLAlchemy's public name


def stopped(session: Session, case_ids: Collection[int]) -> frozenset[int]:
    """Which of these cases are stopped."""
    subjects = [str(case_id) for case_id in case_ids]
    found = select(Instance.subject).where(
        Instance.status == InstanceStatus.SUSPENDED, Instance.subject.in_(subjects)
    )  # fmt: skip
    return frozenset(int(subject) for subject in session.execute(found).scalars()) if subjects else frozenset()


def stops(session: Session, *, case_id: int | None = None) -> tuple[Stop, ...]:
    """The runs of cases that are stopped, the newest first."""
    line = aliased(Entry)
    newest = (
        select(func.max(line.id))
        .where(line.instance_id == Instance.id, line.kind == "suspended")
        .correlate(Instance)
        .scalar_subquery()
    )
    query = (
        select(
            CaseFile.id.label("case_id"), func.coalesce(CaseFile.number, "").label("case_number"),
            Instance.id.label("instance_id"), Entry.actor, Entry.at, Entry.detail["reason"].astext.label("reason"),
        )
        .join(CaseFile, cast(CaseFile.id, Text) == Instance.subject)
        .join(Entry, Entry.id == newest)
        .where(Instance.status == InstanceStatus.SUSPENDED)
    )  # fmt: skip
    query = query if case_id is None else query.where(Instance.subject == str(case_id))
    rows = session.execute(query.order_by(Entry.at.desc()).limit(_LIMIT))
    return tuple(Stop(**{**row._mapping, "reason": row.reason or ""}) for row in rows)  # noqa: SLF001  as above
