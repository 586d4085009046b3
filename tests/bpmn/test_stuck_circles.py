"""Cases that stand still by turning in a circle, by an age limit or a change of payer: lived through to the way out."""

from __future__ import annotations

from datetime import date, timedelta

from app.casework import service as casework
from app.supervision import conferences
from tests.bpmn import answers, walking
from tests.bpmn.test_ages import sandra_paid_by_the_office
from tests.bpmn.test_stuck import later, standing
from workflows import interventions


def talked(walk, times: int):
    """A social history that takes another talk so many times."""
    if "anamnesis_talk" not in walk.open:
        walk.arrive("V03").through_routing()
        walk.do("book_first_talk")
        walk.do("profile_interview", anamnesis_suggested="yes")
        walk.do("profile_joint_vm")
        walk.do("profile_joint_fm")
    for _ in range(times):
        following = walk.today + timedelta(7)
        walk.do("anamnesis_talk", talk_outcome="again", next_talk=answers.german(following))
        walk.until(following)
    return walk


def test_talks_that_lead_nowhere_show_after_the_second_and_rest_with_the_case(walk):
    talked(walk, 1)
    assert "no_show" not in standing(walk)
    talked(walk, 1)
    assert "anamnesis_talk" in standing(walk)["no_show"]
    casework.pause(
        walk.session, walk.case_id, until=walk.today + timedelta(20), reason="illness", remark="",
        actor=walking.person("FM"), now=walk.now,
    )  # fmt: skip
    found = standing(walk)
    assert "no_show" not in found
    assert "paused" in found


def test_a_circle_shows_after_the_third_turn_and_a_conference_is_the_way_out(walk):
    talked(walk, 4)
    found = standing(walk)
    assert "anamnesis_talk" in found["loop"]
    assert "no_show" not in found
    wanted = conferences.Wanted(walk.today + timedelta(7), "", ("FM", "VM"), "Das vierte Gespräch ohne Ergebnis")
    leader = walking.person("LTG_STADT")
    conferences.call(walk.session, walk.case_id, wanted, actor=leader, now=walk.now, line="Fallbesprechung")
    assert "loop" not in standing(walk)
    for role in ("FM", "VM"):
        assert role in {task.role for task in conferences_of(walk)}


def conferences_of(walk):
    """The open tasks of the conference."""
    return [task for task in walk.every_task() if task.process == conferences.PROCESS]


def test_a_payment_that_nobody_takes_over_shows_two_weeks_before_and_is_red_at_last(walk):
    sandra_paid_by_the_office(walk).until(date(2004, 4, 20))
    walk.do("handover_prepare")
    assert "payer" not in standing(walk)
    walk.until(date(2004, 6, 16))
    assert "payer" not in standing(walk)
    walk.until(date(2004, 6, 21))
    assert standing(walk)["payer"]["handover_accept"].red_at > walk.now
    walk.until(date(2004, 6, 27))
    assert standing(walk)["payer"]["handover_accept"].red_at <= walk.now
    walk.do("handover_accept")
    assert "payer" not in standing(walk)


def test_an_age_limit_that_nothing_waits_for_any_more_shows_eight_weeks_before(walk):
    sandra_paid_by_the_office(walk)
    assert "age" not in standing(walk)
    order = interventions.Order(walking.person("LTG_STADT"), "Ablauf war falsch", walk.now, walking.person("LTG_AA"))
    interventions.cancel(walk.session, walk.case.instance_id, order)
    later(walk, 1)
    assert "age" not in standing(walk)
    walk.until(date(2004, 5, 3))
    found = standing(walk)["age"][""]
    assert found.ref == 25
    assert found.due.date() in {date(2004, 6, 14), date(2004, 6, 15)}
