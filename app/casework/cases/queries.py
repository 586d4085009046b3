"""Reading cases: cards for lists, finding by name or number, payers, decisions, notices, facts for the rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, Integer, bindparam, func, or_, select

from app.casework.cases import models, standing
from app.casework.circumstances import queries as circumstances
from app.casework.circumstances.models import BenefitStatus
from app.casework.clients import queries as clients
from app.casework.clients.models import Client
from workflows import kept

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from app.casework.cases.standing import NoticeRow, PayerRow


# What is neither of both is still to be cleared up (A20).
HOUSEHOLD_PAYERS = frozenset({"SB", "FB5"})


@dataclass(frozen=True, slots=True)
class Card:
    """A case as a line of a list shows it."""

    case_id: int
    number: str
    client_name: str
    client_number: str
    birth_date: date | None
    birth_precision: str
    route: str
    route_group: str
    lead: str
    status: str
    next_contact: date | None


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A proposal of the rules and what a person made of it."""

    id: int
    proposed_at: datetime
    reference_date: date
    proposal: str
    proposal_group: str
    rule: str
    book: str
    book_version: str
    evaluator: str
    age: int | None
    hlu_payer: str
    alg_payer: str
    programme: str
    flags: tuple[str, ...]
    inputs: dict[str, Any]
    reasons: tuple[dict[str, Any], ...]
    others: tuple[dict[str, Any], ...]
    changes: tuple[dict[str, Any], ...]
    route: str
    route_group: str
    deviation_reason: str
    decided_by: str
    decided_by_id: int | None
    decided_at: datetime | None
    second_by: str
    second_by_id: int | None
    second_at: datetime | None
    valid_from: date | None


def case_file(session: Session, case_id: int) -> models.CaseFile:
    """The row of a case, for services; raises UnknownCase."""
    # Whoever asks for the file asks for more of the case soon: all of it is one statement.
    key = (models.CaseFile, case_id)
    return kept.once(session, key, (), lambda: standing.standing(session, case_id).case)


def cards(session: Session, case_ids: Collection[int]) -> dict[int, Card]:
    """The cards of these cases by case id, in one statement; unknown ids are left out."""
    if not case_ids:
        return {}
    return {
        row.id: Card(
            row.id, row.number or "", clients.full_name(row.family_name, row.given_names), row.client_number,
            row.birth_date, row.birth_precision, row.route, row.route_group, row.lead, row.status, row.next_contact,
        )
        for row in session.execute(_CARDS, {"cases": list(case_ids)})
    }  # fmt: skip


def _cards() -> Select[Any]:
    case, client = models.CaseFile.__table__.c, Client.__table__.c
    return (
        select(
            case.id, case.number, client.family_name, client.given_names, client.number.label("client_number"),
            client.birth_date, client.birth_precision, case.route, case.route_group, case.lead, case.status,
            case.next_contact,
        )
        .join_from(models.CaseFile.__table__, Client.__table__, client.id == case.client_id)
        .where(case.id == func.any(bindparam("cases", type_=ARRAY(Integer))))
    )  # fmt: skip


_CARDS = _cards()


def client_name(session: Session, case_id: int) -> str:
    """The name of a case's client as lists show it; raises UnknownCase."""
    client = clients.client(session, case_file(session, case_id).client_id)
    return clients.full_name(client.family_name, client.given_names)


def find(session: Session, text: str, *, limit: int = 50) -> list[int]:
    """The ids of the cases that the text means (a name in any spelling, a number, a birth date), in order of names."""
    if not text.strip():
        return []
    case = models.CaseFile
    found = (
        select(case.id)
        .join(Client, Client.id == case.client_id)
        .where(or_(case.number == text.strip(), clients.matching_text(text)))
        .order_by(Client.sort_name, case.id.desc())
        .limit(limit)
    )
    return list(session.scalars(found))


def open_case_of(session: Session, client_id: int) -> int | None:
    """The id of the open case of a person, under any of the files that were linked."""
    people = clients.same_person(session, client_id)
    case = models.CaseFile
    found: int | None = session.scalar(
        select(case.id).where(case.client_id.in_(people), case.status == models.CaseStatus.OPEN).order_by(case.id)
    )
    return found


def payers(session: Session, case_id: int) -> tuple[PayerRow, ...]:
    """All payers of a case, past, present and offered, the oldest first."""
    return standing.standing(session, case_id).payers


def payer_on(session: Session, case_id: int, day: date) -> str:
    """Who pays the living costs in the month of this day; empty when nobody does."""
    return standing.standing(session, case_id).payer_on(day)


def notices(session: Session, case_id: int) -> tuple[NoticeRow, ...]:
    """All notices of a case, the oldest first."""
    return standing.standing(session, case_id).notices


def decisions(session: Session, case_id: int) -> tuple[DecisionRow, ...]:
    """All proposals and decisions on the route of a case, the newest first."""
    table = models.RouteDecision
    rows = session.scalars(select(table).where(table.case_id == case_id).order_by(table.id.desc()))
    return tuple(_decision(row) for row in rows)


def latest_decision(session: Session, case_id: int) -> DecisionRow | None:
    """The newest proposal or decision on the route of a case."""
    table = models.RouteDecision
    row = session.scalars(select(table).where(table.case_id == case_id).order_by(table.id.desc()).limit(1)).first()
    return None if row is None else _decision(row)


def _decision(row: models.RouteDecision) -> DecisionRow:
    values = {name: getattr(row, name) for name in DecisionRow.__dataclass_fields__}
    lists = {name: tuple(values[name]) for name in ("flags", "reasons", "others", "changes")}
    return DecisionRow(**(values | lists))


def facts_of(session: Session, case_id: int, on: date) -> dict[str, Any]:
    """What the rules may see of a case on a day: exactly the fields of rules.facts.Facts."""
    found = standing.standing(session, case_id)
    case, client = found.case, found.client
    known = circumstances.circumstances(session, client.id, on)
    counting = known.counting(on)
    return {
        "birth_date": client.birth_date,
        "reference_date": on,
        "residence": client.residence,
        "benefits": frozenset(row.kind for row in counting),
        "benefits_known": known.benefits_known,
        "fit_for_work": known.fit_for_work,
        "fitness_basis": known.fitness_basis,
        "fitness_date": known.fitness_date,
        "available": known.available,
        "not_available_reason": known.not_available_reason,
        "unemployed_since": known.unemployed_since,
        "household_payer": case.household_payer if case.household_payer in HOUSEHOLD_PAYERS else None,
        "current_payer": found.payer_on(on) or None,
        "applied": frozenset(row.kind for row in counting if row.status == BenefitStatus.APPLIED),
    }


def numbers(session: Session, case_ids: Collection[int]) -> dict[int, str]:
    """The numbers of these cases: all of a case that may be told to those who may not know whose it is."""
    rows = session.execute(select(models.CaseFile.id, models.CaseFile.number).where(models.CaseFile.id.in_(case_ids)))
    return {row.id: row.number or "" for row in rows}
