"""More ways in which a case stands still, lived through: what lies in the case and its rows instead of in a task."""

from __future__ import annotations

import contextlib
from datetime import timedelta

from sqlalchemy import select

from app.casework import models
from app.casework.clients import service as clients
from app.office import dates
from app.office import errors as office
from tests.bpmn import walking
from tests.bpmn.test_ages import sandra_paid_by_the_office
from tests.bpmn.test_stuck import later, standing
from workflows import engine, touched


def by_group(walk, group: str) -> None:
    """The first vignette that the rules put into this group."""
    for number in walking.vignettes():
        with walk.session.begin_nested() as tried:
            with contextlib.suppress(office.OfficeClosed):
                walk.arrive(number)
                if "routing_confirm" in walk.open:
                    walk.through_routing()
                if walk.case.route_group == group:
                    return
            tried.rollback()
    raise AssertionError(group)


def test_a_clarification_shows_after_fifteen_working_days_and_goes_with_the_route(walk):
    by_group(walk, "clarification")
    assert "clarification" not in standing(walk)
    later(walk, 30)
    assert "clarification" in standing(walk)


def test_where_no_rule_matches_the_leaders_see_it_at_once(walk):
    by_group(walk, "gap")
    assert "gap" in standing(walk)
    walk.do("gap_city")
    later(walk, 6)
    assert set(standing(walk)["joint"]) == {"gap_agency"}
    walk.do("gap_agency")
    assert not {"gap", "joint"} & set(standing(walk))


def test_a_notice_that_the_payer_does_not_confirm_is_found(walk):
    sandra_paid_by_the_office(walk)
    unconfirmed = select(models.Notice.sent_at).where(
        models.Notice.case_id == walk.case_id, models.Notice.confirmed_at.is_(None)
    )  # fmt: skip
    for _ in range(30):
        if walk.session.scalars(unconfirmed).all():
            break
        for element in ("handover_prepare", "handover_release", "handover_notify"):
            if element in walk.open:
                walk.do(element)
        later(walk, 7)
    assert walk.session.scalars(unconfirmed).all()
    later(walk, 7)
    assert "confirm" in standing(walk)


def test_a_plan_whose_review_has_passed_is_found(walk):
    walk.arrive("V09").through_routing().through_plan()
    plan = walk.session.scalars(select(models.Plan).where(models.Plan.case_id == walk.case_id)).one()
    day = min(one for one in (plan.review_on, plan.valid_until) if one is not None)
    walk.until(day - timedelta(1))
    assert "plan_over" not in standing(walk)
    walk.until(day)
    assert "plan_over" in standing(walk)


def test_a_missed_contact_shows_after_half_of_the_interval(walk):
    walk.arrive("V09").through_routing().through_plan()
    walk.do("placement_check", placeable="no", placement_reason="erst Qualifizierung")
    walk.do("placement_apply")
    assert "contact" not in standing(walk)
    walk.until(walk.case.next_contact + timedelta(120))
    assert "contact" in standing(walk)


def test_two_files_that_may_be_one_person_show_until_somebody_decides(walk):
    walk.arrive("V01")
    first = walk.case_id
    walk.arrive("V01", id="V99")
    assert first != walk.case_id
    pair = walk.session.scalars(select(models.ClientMatch)).first()
    assert pair is not None
    later(walk, 6)
    assert "duplicate" in standing(walk)
    clients.decide_match(walk.session, pair.id, "different", actor=walking.person("KS"), now=walk.now)
    assert "duplicate" not in standing(walk)


def test_a_closed_case_with_an_open_task_is_found_until_the_task_is_gone(walk):
    walk.arrive("V01")
    instance_id = walk.case.instance_id
    walk.session.get(models.CaseFile, walk.case_id).status = "closed"
    walk.session.get(models.CaseFile, walk.case_id).closed_at = walk.now
    touched.mark(walk.session, str(walk.case_id))
    assert "closed_open" in standing(walk)
    engine.cancel(walk.session, instance_id, actor=walking.person("LTG_STADT"), reason="beendet", now=walk.now)
    assert "closed_open" not in standing(walk)


def test_a_minor_stands_in_front(walk):
    for number in walking.vignettes():
        with walk.session.begin_nested() as tried:
            walk.arrive(number)
            birth = walk.session.scalar(
                select(models.Client.birth_date).join(models.CaseFile).where(models.CaseFile.id == walk.case_id)
            )
            if birth and birth > dates.add_months(walk.today, -17 * 12) and "routing_confirm" in walk.open:
                break
            tried.rollback()
    later(walk, 5)
    assert all(found.red_at <= walk.now for rows in standing(walk).values() for found in rows.values())
