"""Age limits: what happens on which day, who pays from when, and that a person confirms the new route."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from app.casework import handlers_ages, queries
from app.casework.cases import queries as cases
from app.casework.clients import service as clients
from app.office import dates
from app.office.models import Setting
from rules import ages
from tests.bpmn import walking
from tests.bpmn.test_steps import ready_for_plan
from workflows import engine
from workflows import queries as host
from workflows.handlers import Call

SANDRA = {
    "id": "D1", "name": "Sandra Kohl", "geburtsdatum": "15.06.1979", "stichtag": "12.01.2004",
    "arbeitslos_seit": "01.08.2003",
}  # fmt: skip


def sandra_paid_by_the_office(walk):
    walk.arrive("V01", **SANDRA).through_routing()
    walk.do("benefit_prepare")
    walk.do("benefit_release")
    return walk


def payers(walk, *months):
    return [queries.payer_on(walk.session, walk.case_id, date(2004, month, 1)) for month in months]


def test_turning_25_hands_the_payment_over_on_the_first_of_the_next_month(walk):
    sandra_paid_by_the_office(walk)
    walk.until(date(2004, 4, 19))
    assert "handover_prepare" not in walk.open
    walk.until(date(2004, 4, 20))
    walk.do("handover_prepare")
    walk.until(date(2004, 5, 17))
    assert "handover_accept" not in walk.open
    walk.until(date(2004, 5, 18))
    walk.do("handover_accept")
    walk.until(date(2004, 6, 15))
    assert "routing_confirm" in walk.open
    walk.do("routing_confirm")
    assert (walk.case.route, walk.case.lead) == ("GRUND_P4", "FM")
    walk.do("age_inform")
    walk.until(date(2004, 7, 1))
    walk.do("handover_first_payment")
    assert payers(walk, 1, 2, 6, 7, 12) == ["FB5", "SB", "SB", "FB5", "FB5"]


def test_long_term_unemployment_proposes_intensive_care_on_its_day(walk):
    sandra_paid_by_the_office(walk).until(date(2004, 6, 15))
    walk.do("routing_confirm")
    walk.until(date(2004, 8, 1))
    walk.do("routing_confirm")
    assert (walk.case.route, walk.case.lead) == ("INTENSIV_25_30", "FM")


def test_payment_that_nobody_takes_over_stays_and_escalates(walk):
    sandra_paid_by_the_office(walk).until(date(2004, 4, 20))
    walk.do("handover_prepare")
    walk.until(date(2004, 7, 5))
    assert {"handover_accept", "handover_escalate", "handover_escalate_agency"} <= walk.open
    assert walk.tasks()["handover_escalate_agency"].role == "LTG_AA"
    assert payers(walk, 6, 7, 8) == ["SB", "SB", "SB"]
    walk.do("handover_accept")
    assert payers(walk, 7, 8) == ["SB", "FB5"]


def test_query_of_department_5_goes_back_to_the_adviser(walk):
    sandra_paid_by_the_office(walk).until(date(2004, 4, 20))
    walk.do("handover_prepare")
    walk.until(date(2004, 5, 18))
    walk.do("handover_accept", handover="query", query="Mietvertrag fehlt")
    assert "handover_prepare" in walk.open


def test_turning_25_tomorrow_prepares_the_handover_at_once_and_keeps_one_payer(walk):
    walk.arrive("V02").through_routing()
    assert {"benefit_prepare", "handover_prepare"} <= walk.open
    walk.do("benefit_prepare")
    walk.do("benefit_release")
    walk.do("handover_prepare")
    walk.do("handover_accept")
    walk.until(date(2004, 1, 6))
    walk.do("routing_confirm")
    assert walk.case.route == "INTENSIV_25_30"
    assert payers(walk, 1, 2, 3) == ["FB5", "FB5", "FB5"]
    active = [row for row in cases.payers(walk.session, walk.case_id) if row.state == "active"]
    assert len(active) == 1


def test_turning_18_asks_for_the_own_signature(walk):
    ready_for_plan(walk, "V05")
    walk.until(date(2004, 1, 6))
    walk.do("age_18")
    assert "age_18" not in walk.open


def test_turning_31_lets_the_leader_extend_within_the_agreement(walk):
    walk.arrive("V20", geburtsdatum="20.09.1973").through_routing()
    walk.until(date(2004, 9, 20))
    walk.do("age_31", transition="extend", extend_until="31.12.2004")
    assert "routing_confirm" not in walk.open
    walk.until(date(2004, 12, 31))
    walk.do("routing_confirm")
    assert walk.case.route == "REGEL_UE30"


def test_who_leaves_at_31_is_closed_at_the_next_follow_up(walk):
    walk.arrive("V20", geburtsdatum="20.09.1973", stichtag="02.08.2004").through_routing()
    for element in ("book_first_talk", "profile_interview", "profile_joint_vm", "profile_joint_fm"):
        walk.do(element)
    walk.through_plan()
    walk.do("placement_check", placeable="no", placement_reason="erst Qualifizierung")
    walk.do("placement_apply")
    walk.until(date(2004, 8, 30))
    while walk.today < date(2004, 9, 20):
        walk.do("follow_up_talk", follow_up_outcome="continue", next_contact="27.09.2004")
        walk.until(date(2004, 9, 20))
    walk.do("age_31")
    walk.do("routing_confirm")
    walk.until(date(2004, 9, 27))
    assert "follow_up_talk" in walk.open or "closing_talk" in walk.open


def test_corrected_birth_date_moves_what_is_waited_for(walk):
    walk.arrive("V20").through_routing()
    clients.change_person(
        walk.session, walk.case.client_id, {"birth_date": "01.06.1973"}, actor=walking.person("KS"), now=walk.now
    )
    engine.deliver(walk.session, "birth_date_changed", subject=str(walk.case_id), payload={}, now=walk.now)
    walk.until(date(2004, 6, 1))
    assert "age_31" in walk.open


def test_somebody_under_15_is_referred_and_remembered_on_the_birthday(walk):
    walk.arrive("V07").through_routing()
    walk.do("referral_advice")
    assert (walk.case.status, walk.open) == ("closed", set())
    wake_reminder(walk, date(2004, 1, 6))
    assert walk.tasks()["reminder_offer"].role == "KS"
    walk.do("reminder_offer")
    assert walk.open == set()


@pytest.mark.parametrize(("born", "remembered"), [("05.07.1989", True), ("06.07.1989", False)])
def test_only_who_turns_15_while_the_file_is_kept_is_remembered(walk, born, remembered):
    walk.arrive("V07", geburtsdatum=born).through_routing()
    walk.do("referral_advice")
    assert len(reminders(walk)) == remembered


def test_an_office_that_does_not_want_to_be_reminded_is_not(walk):
    walk.session.execute(update(Setting).where(Setting.key == "remind_at_age").values(value=0))
    walk.arrive("V07").through_routing()
    walk.do("referral_advice")
    assert not reminders(walk)


def test_somebody_taken_in_under_15_is_routed_anew_at_15(walk):
    walk.arrive("V07")
    walk.do(
        "routing_confirm", decision="deviate", chosen_route="VOLL_U25", second_role="VM",
        deviation_reason="Der Geburtstag ist morgen.",
    )  # fmt: skip
    walk.do("routing_second")
    walk.until(date(2004, 1, 6))
    walk.do("age_15")
    walk.do("routing_confirm")
    assert (walk.case.route, walk.case.rule) == ("VOLL_U25", "Z6")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(birth=st.dates(date(1972, 1, 1), date(1990, 12, 31)) | st.sampled_from([date(y, 2, 29) for y in (1976, 1984)]))
def test_each_limit_is_met_once_on_its_own_day_and_in_order(opened_walk, birth):
    """15, 18, 25 and 31 are reached at the end of the day before the birthday; 29 February counts as 1 March."""
    walk = opened_walk
    queries.client(walk.session, walk.case.client_id).birth_date = birth
    walk.session.flush()
    met, last = [], {"age_event": "", "age_event_at": ""}
    while (last := handlers_ages.find_next(call(walk, last)))["age_event"] != "NONE":
        met.append((last["age_event"], date.fromisoformat(last["age_event_at"])))
        walk.now = max(walk.now, dates.start_of(met[-1][1]))
    walk.now = walking.OPENING
    days = [day for _, day in met]
    assert days == sorted(days)
    for code, age in (("AGE_15", 15), ("AGE_18", 18), ("AGE_25", 25), ("AGE_31", 31)):
        turned = ages.birthday(birth, age)
        assert [day for name, day in met if name == code] == ([turned] if turned > walk.today else [])
        assert ages.legal_age(birth, turned) == age == ages.legal_age(birth, turned - timedelta(1)) + 1


@pytest.fixture
def opened_walk(walk):
    return walk.arrive("V01")


def call(walk, last):
    return Call(walk.session, 1, str(walk.case_id), "age_next", last, walking.person("KS"), walk.now)


def reminders(walk):
    found = host.instances(walk.session, str(walk.case_id))
    return [row for row in found if row.process == "reminder"]


def wake_reminder(walk, day):
    walk.now = dates.start_of(day)
    engine.wake(walk.session, reminders(walk)[0].id, now=walk.now)
