"""Coming back: within six months the same file goes on with a new process, later a new case is opened."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.casework import errors, queries, service
from app.casework.models import CaseReopening
from app.office import dates
from tests.bpmn import walking
from tests.bpmn.test_walks import to_closing
from workflows import queries as host


def closed(walk, number="V09"):
    """A case that ended with work taken up, and the day of its end."""
    walk.arrive(number).through_routing()
    if "benefit_confirm" in walk.open:
        walk.do("benefit_confirm")
    walk.through_plan()
    walk.do("placement_check", placeable="no", placement_reason="erst Qualifizierung")
    walk.do("placement_apply")
    to_closing(walk)
    assert walk.case.status == "closed"
    return walk


def reopen(walk, *, role="KS", reason="Arbeit wieder verloren"):
    who = walking.person(role)
    service.reopen(walk.session, walk.case_id, reason=reason, actor=who, now=walk.now)


def test_the_same_file_goes_on_with_a_new_process_and_all_that_was(walk):
    closed(walk)
    old, before = walk.case.instance_id, len(host.timeline(walk.session, str(walk.case_id)))
    ended = walk.case.closed_at
    walk.until(walk.today + timedelta(30))
    reopen(walk)
    assert (walk.case.status, walk.case.closing_reason) == ("open", "")
    assert walk.case.instance_id != old
    assert len(host.timeline(walk.session, str(walk.case_id))) > before
    row = walk.session.scalars(select(CaseReopening)).one()
    assert (row.closed_at, row.instance_id, row.author, row.reason) == (ended, old, "KS 0", "Arbeit wieder verloren")


def test_who_comes_back_is_asked_for_benefits_and_routed_for_today(walk):
    closed(walk)
    walk.until(walk.today + timedelta(30))
    reopen(walk)
    walk.do("intake_identity")
    walk.do("intake_confirm_benefits", benefits=["ALHI"])
    proposed = queries.latest_decision(walk.session, walk.case_id)
    assert proposed.reference_date == walk.today
    walk.through_routing()
    assert "book_first_talk" in walk.open


def test_department_5_is_told_again_and_goes_on_paying(walk):
    closed(walk, "V03")
    walk.until(walk.today + timedelta(30))
    reopen(walk)
    walk.do("intake_identity")
    walk.do("intake_confirm_benefits")
    walk.through_routing()
    walk.do("benefit_confirm")
    told = [row for row in queries.notices(walk.session, walk.case_id) if row.kind == "start"]
    assert len(told) == 2
    assert queries.payer_on(walk.session, walk.case_id, walk.today) == "FB5"


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ended=st.dates(date(2004, 1, 5), date(2004, 6, 30)), later=st.integers(0, 220))
def test_six_months_count_from_the_end_of_the_case(closed_walk, ended, later):
    """The period ends with the day of the same number, the month's last where it is missing (§ 188 BGB)."""
    walk = closed_walk
    with walk.session.begin_nested() as savepoint:
        walk.case.closed_at = dates.start_of(ended)
        walk.now = dates.start_of(ended + timedelta(later)) + timedelta(hours=9)
        if ended + timedelta(later) <= dates.add_months(ended, 6):
            reopen(walk)
            assert walk.case.status == "open"
        else:
            with pytest.raises(errors.ValuesRefused) as refused:
                reopen(walk)
            assert refused.value.fields == {"reason": "reopen_too_late"}
        savepoint.rollback()
    walk.session.expire_all()


def test_who_registers_anew_within_six_months_is_led_to_the_old_file(closed_walk):
    walk = closed_walk
    today = {"actor": walking.person("KS"), "now": walk.now}
    with pytest.raises(errors.CaseReopenable) as earlier:
        service.open_case(walk.session, walk.case.client_id, reference_date=None, **today)
    assert earlier.value.case_id == walk.case_id


def test_after_six_months_a_new_file_is_opened(closed_walk):
    walk = closed_walk
    walk.now = dates.start_of(date(2004, 12, 2)) + timedelta(hours=9)
    again = service.open_case(walk.session, walk.case.client_id, actor=walking.person("KS"), now=walk.now)
    assert again != walk.case_id


def test_an_open_case_and_one_without_a_reason_are_not_opened_again(walk):
    walk.arrive("V07")
    with pytest.raises(errors.ValuesRefused):
        reopen(walk)
    walk.through_routing()
    walk.do("referral_advice")
    with pytest.raises(errors.ValuesRefused):
        reopen(walk, reason=" ")
    with pytest.raises(errors.AccessDenied):
        reopen(walk, role="FB5")


def test_who_was_referred_under_15_comes_back_at_15(walk):
    walk.arrive("V07").through_routing()
    walk.do("referral_advice")
    walk.until(date(2004, 1, 6))
    reopen(walk, reason="Ist jetzt 15")
    walk.do("intake_identity")
    walk.do("intake_confirm_benefits")
    walk.through_routing()
    assert walk.case.route == "VOLL_U25"


@pytest.fixture
def closed_walk(walk):
    walk.arrive("V26").through_routing()
    walk.do("referral_advice")
    return walk
