"""Intake: what is known of a person when the case begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from app.casework import handlers_situation, queries
from app.casework.models import BenefitCheck, CaseFile, CaseStatus, MatchStatus, Residence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from workflows.handlers import Call, Value

CHECKED: Final[Mapping[str, Value]] = {
    "imported": False, "duplicates_open": False, "benefits_known": False, "complete": False, "intake_outcome": "go_on",
}  # fmt: skip


def check(call: Call) -> dict[str, Value]:
    """Whether somebody may be registered twice, whether benefits are known and the mandatory data complete.

    Somebody who turns out to have an open case already gets no second one: this becomes a reservation.
    """
    case = queries.case_file(call.session, handlers_situation.case_id(call))
    client = queries.client(call.session, case.client_id)
    known = queries.circumstances(call.session, client.id, case.reference_date)
    pending = any(row.status == MatchStatus.PENDING for row in queries.matches(call.session, client.id))
    second = _has_older_case(call.session, case)
    return {
        "imported": bool(call.inputs["imported"]),
        "duplicates_open": pending and not second,
        "benefits_known": known.benefits_known and not _asked_before(call.session, case),
        "complete": client.birth_date is not None and client.residence != Residence.UNCLEAR,
        "intake_outcome": "reservation" if second else "go_on",
    }


def _asked_before(session: Session, case: CaseFile) -> bool:
    """Whether what is known of benefits was told before the case was opened again."""
    began = queries.began_at(session, case.id)
    if began == case.opened_at:
        return False
    since = select(BenefitCheck.id).where(BenefitCheck.client_id == case.client_id, BenefitCheck.recorded_at >= began)
    return session.scalar(since.limit(1)) is None


def _has_older_case(session: Session, case: CaseFile) -> bool:
    people = queries.same_person(session, case.client_id)
    older = select(CaseFile.id).where(
        CaseFile.client_id.in_(people), CaseFile.status == CaseStatus.OPEN, CaseFile.id < case.id
    )
    return session.scalar(older.limit(1)) is not None
