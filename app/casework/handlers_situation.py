"""Where a case stands, as process values: route, lead, payer. Every branch of a process takes its copy from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.casework import queries, rulebooks
from app.casework.cases import decisions
from app.office import dates
from rules import ages, routing
from rules.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from rules.decision import Finding
    from workflows.handlers import Call, Value

LIVING_COSTS = "HLU"
UNDER_25 = "VOLL_U25"
OFFICE = "SB"
HERE = frozenset({"full", "intensive", "basic"})
LEADERS = {"FM": "LTG_STADT", "VM": "LTG_AA"}
OTHERS = {"FM": "VM", "VM": "FM"}
PAYER_ROLES = {"SB": "BFK", "FB5": "FB5"}
EMPTY: Final[Mapping[str, Value]] = {
    "route": "", "route_group": "", "lead": "FM", "other_lead": "VM", "lead_leader": "LTG_STADT",
    "other_leader": "LTG_AA", "u18": False, "hlu": False, "payer": "", "payer_role": "FB5", "benefit_in_office": False,
    "notify_payer": False, "payer_changes": False,
}  # fmt: skip


def case_id(call: Call) -> int:
    """The case that the process is about."""
    return int(call.subject)


def facts(session: Session, case: int, on: date) -> Facts:
    """What the rules may see of the case on a day."""
    return Facts(**queries.facts_of(session, case, on))


def finding(session: Session, case: int, on: date) -> Finding:
    """What the rules say of the case on a day, without the explanation."""
    return routing.find(facts(session, case, on), on, rulebooks.in_force(session, on))


def situation(session: Session, case: int, now: datetime) -> dict[str, Value]:
    """Where the case stands now, as the values that all processes share."""
    row, today = queries.case_file(session, case), dates.day_of(now)
    known = facts(session, case, today)
    lead = row.lead or "FM"
    hlu = LIVING_COSTS in known.benefits
    here = row.route_group in HERE
    competent = competent_payer(session, case, known) if hlu else ""
    payer = queries.payer_on(session, case, today)
    adult = int(rulebooks.in_force(session, today).parameters(today)["adult_from"])
    return {
        "route": row.route,
        "route_group": row.route_group,
        "lead": lead,
        "other_lead": OTHERS[lead],
        "lead_leader": LEADERS[lead],
        "other_leader": LEADERS[OTHERS[lead]],
        "u18": known.birth_date is not None and ages.legal_age(known.birth_date, today) < adult,
        "hlu": hlu,
        "payer": payer,
        "payer_role": PAYER_ROLES.get(payer or competent, "FB5"),
        "benefit_in_office": here and competent == "SB",
        "notify_payer": here and competent == "FB5",
        "payer_changes": here and hlu and competent != payer,
    }


def competent_payer(session: Session, case: int, known: Facts) -> str:
    """Who is to pay by the decision that is valid: as the rules said, or as the route asks that a person chose."""
    decided = decisions.last_settled(session, case)
    if decided is None:
        return ""
    if decided.route == UNDER_25:
        # The household may have been cleared up after the decision.
        on = known.reference_date or decided.reference_date
        follows = rulebooks.in_force(session, on).parameters(on)["household_decides"]
        return (known.household_payer if follows else None) or OFFICE
    return decided.hlu_payer if decided.route == decided.proposal and decided.hlu_payer else "FB5"


def proposal(session: Session, case: int, on: date) -> dict[str, Any]:
    """The rules' decision on a day as the row that keeps it: inputs, reasons, rule, version, evaluator."""
    found = routing.route(facts(session, case, on), on, rulebooks.in_force(session, on))
    return {
        "reference_date": on,
        "proposal": found.outcome,
        "proposal_group": found.group,
        "rule": found.rule,
        "book": found.book,
        "book_version": found.version,
        "evaluator": found.evaluator,
        "age": found.age,
        "hlu_payer": found.hlu_payer,
        "alg_payer": found.alg_payer,
        "programme": found.programme,
        "flags": list(found.flags),
        "inputs": dict(found.inputs),
        "reasons": [_plain(reason) for reason in found.reasons],
        "others": [_plain(other) for other in found.others],
        "changes": [_plain(change) for change in found.changes],
    }


def _plain(value: Any) -> Any:  # noqa: ANN401  JSON of any depth
    """The value as JSON can hold it: dataclasses as objects, dates as text."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value
