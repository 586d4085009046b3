"""Care: profile, plan, the next date, the end of a case."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from app.casework import begun, handlers_ages, handlers_situation, queries, rulebooks
from app.casework.cases import service as cases
from app.casework.plans import service as plans
from app.office import dates
from app.office import queries as office
from rules import transitions
from workflows import engine
from workflows import handlers as host

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.handlers import Call, Value

MANY_OBSTACLES = 3
TOO_YOUNG = "AUSSERHALB_U15"
GROUPS = ("obstacles_qualification", "obstacles_capability", "obstacles_motivation", "obstacles_surroundings")
HEAVY = ("obstacles_capability", "obstacles_surroundings")
NEAR_MARKET = frozenset({"market", "activate"})
ASSESSED: Final[Mapping[str, Value]] = {
    "obstacles": 0, "needs_agreement": False, "needs_anamnesis": False, "health_unclear": False,
}  # fmt: skip
WINDING_UP: Final[Mapping[str, Value]] = {
    "closing_role": "KS", "closing_talk_needed": False, "closing_reason": "", "benefit_runs": False,
    "payer_role": "FB5",
}  # fmt: skip
INTERVALS = {"full": "contact_full", "intensive": "contact_intensive", "basic": "contact_basic"}
AFTERCARE = ("aftercare_first", "aftercare_second", "aftercare_third")


def assess(call: Call) -> dict[str, Value]:
    """Counts the obstacles of the profile and says whether an agreement and a social history are needed."""
    case = handlers_situation.case_id(call)
    profile = queries.latest_values(call.session, case, "profile")
    heavy = sum(len(profile.get(group) or ()) for group in HEAVY)
    group = queries.case_file(call.session, case).route_group
    return {
        "obstacles": sum(len(profile.get(group) or ()) for group in GROUPS),
        "needs_agreement": group in {"full", "intensive"} or heavy >= MANY_OBSTACLES,
        "needs_anamnesis": profile.get("anamnesis_suggested") == "yes" or heavy >= MANY_OBSTACLES,
        "health_unclear": bool(call.inputs["health_unclear"]),
    }


def settle(call: Call) -> dict[str, Value]:
    """Records the one lead: case management with many obstacles or under 25, placement for who is near the market."""
    case = handlers_situation.case_id(call)
    profile = queries.latest_values(call.session, case, "profile")
    heavy = sum(len(profile.get(group) or ()) for group in HEAVY)
    group = queries.case_file(call.session, case).route_group
    near = group == "basic" or (group == "intensive" and profile.get("profile_class") in NEAR_MARKET)
    cases.set_lead(call.session, case, "VM" if near and heavy < MANY_OBSTACLES else "FM")
    found = handlers_situation.situation(call.session, case, call.now)
    return found | {"clarify": "fitness" if call.inputs["health_unclear"] else ""}


def check_plan(call: Call) -> dict[str, Value]:
    """Whether the draft binds both sides with dates (R60) and says whether placement comes first (R37)."""
    case = handlers_situation.case_id(call)
    complete = plans.is_complete(call.session, case)
    return {"plan_complete": complete, "plan_version": plans.version(call.session, case)}


def activate_plan(call: Call) -> dict[str, Value]:
    """Puts the plan in force until its review: three months under 25, six from 25, never beyond the limits of A16."""
    case = handlers_situation.case_id(call)
    today = dates.day_of(call.now)
    known = handlers_situation.facts(call.session, case, today)
    parameters = rulebooks.in_force(call.session, today).parameters(today)
    found = handlers_situation.finding(call.session, case, today)
    young = found.age is not None and found.age < parameters["young_below"]
    review = _due(call, "review_under_25" if young else "review_from_25")
    ends = office.agreement_end(call.session)
    if known.birth_date is not None:
        ends = transitions.plan_ends(known.birth_date, parameters, agreement_ends=ends)
    last = min(review, ends) if ends is not None and ends > today else review
    return {"plan_version": plans.activate(call.session, case, review_on=last, valid_until=last, now=call.now)}


def next_contact(call: Call) -> dict[str, Value]:
    """The next date with the client: the one agreed, else the route's interval, aftercare or the plan's review,
    whichever comes first. No open case is without one (R48).
    """
    case = handlers_situation.case_id(call)
    today = dates.day_of(call.now)
    wished = call.inputs["next_contact"]
    day = date.fromisoformat(str(wished)) if wished else today
    if day <= today:
        day = min(_candidates(call, case, today))
    cases.set_next_contact(call.session, case, day)
    return {"next_contact": day.isoformat()}


def _candidates(call: Call, case: int, today: date) -> list[date]:
    group = queries.case_file(call.session, case).route_group
    found = [_due(call, INTERVALS.get(group, "contact_basic"))]
    review = plans.review_day(call.session, case)
    if review is not None:
        found.append(review)
    work = plans.newest_integration(call.session, case)
    if work is not None:
        found += [_due(call, name, work.started_on) for name in AFTERCARE]
    return [day for day in found if day > today]


def _due(call: Call, name: str, start: date | None = None) -> date:
    calendar = host.environment_of(call.session).calendar
    begins = call.now if start is None else dates.start_of(start)
    return dates.day_of(calendar.due(f'frist("{name}")', begins, {}))


def wind_up(call: Call) -> dict[str, Value]:
    """Who closes the case, and whether a benefit has to be looked at: only where somebody was looked after here."""
    case = handlers_situation.case_id(call)
    row = queries.case_file(call.session, case)
    found = handlers_situation.situation(call.session, case, call.now)
    here = bool(row.lead)
    reason = "" if here else ("referral" if row.route else "reservation")
    return {
        "closing_role": row.lead or "KS",
        "closing_talk_needed": here,
        "closing_reason": reason,
        "benefit_runs": here and bool(found["hlu"]),
        "payer_role": found["payer_role"],
    }


def close(call: Call) -> dict[str, Value]:
    """Closes the case with its reason; somebody referred for being too young is remembered until the birthday."""
    case = handlers_situation.case_id(call)
    reason = str(call.inputs["closing_reason"] or "other")
    cases.close_case(call.session, case, reason=reason, now=call.now)
    if queries.case_file(call.session, case).route == TOO_YOUNG:
        day = handlers_ages.reminder_day(call.session, case, dates.day_of(call.now))
        if day is not None:
            values: dict[str, Value] = {"remind_on": day.isoformat()}
            engine.start(
                call.session, begun.REMINDER, subject=call.subject, values=values, actor=call.actor, now=call.now
            )  # fmt: skip
    return {"closed": True}
