"""A case that rests: care waits until the day and comes back by itself; money and age limits go on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.casework import errors, service
from app.casework.cases import pauses
from app.office import dates
from tests.bpmn import answers, walking
from tests.bpmn.test_ages import SANDRA, sandra_paid_by_the_office
from workflows.models import Instance, Waiting


def pause(walk, until, *, reason="illness", role="FM"):
    who = walking.person(role)
    service.pause(walk.session, walk.case_id, until=until, reason=reason, remark="", actor=who, now=walk.now)


def resting(walk):
    return {name for name, task in walk.tasks().items() if task.held_until and task.held_until > walk.now}


def waits(walk):
    found = select(Waiting.element, Waiting.due_at).join(Instance, Instance.id == Waiting.instance_id)
    rows = walk.session.execute(found.where(Instance.subject == str(walk.case_id), Waiting.due_at.is_not(None)))
    return {row.element: row.due_at for row in rows}


def test_care_rests_and_money_does_not(walk):
    walk.arrive("V01").through_routing()
    walk.do("book_first_talk")
    pause(walk, date(2004, 3, 1))
    assert resting(walk) == {"profile_interview"}
    assert "Krankheit" not in str(walk.tasks()["profile_interview"].held_reason)
    assert walk.case.next_contact == date(2004, 3, 1)
    walk.until(date(2004, 2, 20))
    assert "profile_escalate" not in walk.open
    walk.until(date(2004, 3, 1))
    assert not resting(walk)
    assert pauses.current_pause(walk.session, walk.case_id, walk.today) is None


def test_an_overdue_step_is_reported_later_by_the_days_of_the_rest(walk):
    walk.arrive("V01").through_routing()
    walk.do("book_first_talk")
    before = waits(walk)["profile_escalate_due"]
    pause(walk, date(2004, 3, 1))
    assert dates.day_of(waits(walk)["profile_escalate_due"]) >= dates.day_of(before) + timedelta(56)


def test_the_next_date_of_a_resting_case_is_the_day_on_which_it_goes_on(walk):
    walk.arrive("V09").through_routing().through_plan()
    walk.do("placement_check", placeable="no", placement_reason="erst Qualifizierung")
    walk.do("placement_apply")
    pause(walk, date(2004, 6, 1), role="VM")
    assert walk.case.next_contact == date(2004, 6, 1)
    walk.until(date(2004, 5, 31))
    assert walk.open == set()
    walk.until(date(2004, 6, 1))
    assert walk.open == {"follow_up_talk"}


def test_a_resting_case_that_is_taken_up_early_is_as_if_it_had_rested_until_that_day(walk):
    walk.arrive("V09").through_routing().through_plan()
    walk.do("placement_check", placeable="no", placement_reason="erst Qualifizierung")
    walk.do("placement_apply")
    planned = walk.case.next_contact
    pause(walk, planned + timedelta(60), role="VM")
    walk.until(walk.today + timedelta(7))
    service.resume(walk.session, walk.case_id, actor=walking.person("VM"), now=walk.now)
    walk.until(planned)
    assert walk.open == {"follow_up_talk"}


def test_payment_goes_over_to_department_5_while_the_case_rests(walk):
    sandra_paid_by_the_office(walk)
    pause(walk, date(2004, 9, 1))
    walk.until(date(2004, 4, 20))
    assert SANDRA["id"] == "D1"
    assert "handover_prepare" in walk.open
    assert "handover_prepare" not in resting(walk)


@pytest.mark.parametrize(
    ("until", "reason", "code"),
    [
        (date(2004, 1, 5), "illness", {"until": "in_past"}),
        (date(2005, 1, 6), "illness", {"until": "pause_too_long"}),
        (date(2004, 2, 1), "", {"reason": "unknown_choice"}),
    ],
)
def test_a_rest_has_a_day_ahead_and_a_reason(walk, until, reason, code):
    walk.arrive("V01")
    with pytest.raises(errors.ValuesRefused) as refused:
        pause(walk, until, reason=reason, role="KS")
    assert refused.value.fields == code


def test_nobody_but_the_lead_and_the_leaders_lets_a_case_rest(walk):
    walk.arrive("V01").through_routing()
    with pytest.raises(errors.AccessDenied):
        pause(walk, date(2004, 2, 1), role="VM")
    pause(walk, date(2004, 2, 1), role="LTG_AA")
    with pytest.raises(errors.ValuesRefused):
        pause(walk, date(2004, 3, 1))


STEPS = {
    "placement_check": {"placeable": "no", "placement_reason": "erst Qualifizierung"},
    "follow_up_talk": {"follow_up_outcome": "continue"},
}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), number=st.sampled_from(["V01", "V03", "V09", "V12", "V20"]))
def test_no_open_case_is_ever_without_a_task_or_a_date(session, registry, data, number):
    """Whatever is done, put off or rested: there is a task, or a day on which the case moves on (R48)."""
    with session.begin_nested() as savepoint:
        walk = walking.Walk(session, registry).arrive(number)
        for _ in range(data.draw(st.integers(1, 14))):
            act = data.draw(st.sampled_from(["do", "do", "do", "wait", "rest", "resume"]))
            _act(walk, act, data)
            if walk.case.status == "open":
                moves = [at for element, at in waits(walk).items() if element != "age_reached"]
                assert walk.open or moves
                care = any(name not in {"benefit_prepare", "benefit_release"} for name in walk.open)
                assert care or any(at > walk.now for at in moves)
        savepoint.rollback()
    session.expire_all()


def _act(walk, act, data):
    if act == "do" and walk.open:
        name = data.draw(st.sampled_from(sorted(walk.open)))
        typed = dict(STEPS.get(name, {}))
        if name == "follow_up_talk":
            typed["next_contact"] = answers.german(walk.today + timedelta(data.draw(st.integers(1, 60))))
        walk.do(name, **typed)
    elif act == "wait":
        walk.until(walk.today + timedelta(data.draw(st.integers(1, 40))))
    elif (
        act == "rest"
        and walk.case.status == "open"
        and not pauses.current_pause(walk.session, walk.case_id, walk.today)
    ):
        pause(walk, walk.today + timedelta(data.draw(st.integers(1, 90))), role="LTG_STADT")
    elif act == "resume" and walk.case.status == "open":
        service.resume(walk.session, walk.case_id, actor=walking.person("LTG_STADT"), now=walk.now)
