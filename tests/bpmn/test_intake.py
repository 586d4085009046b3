"""Intake: people at the desk and from the list, possible duplicates, missing papers."""

from __future__ import annotations

from datetime import date, timedelta

from app.casework.cases import service as cases
from app.casework.clients import service as clients
from tests.bpmn import walking
from workflows import engine

JANA = {
    "family_name": "Becker", "given_names": "Jana", "birth_date": "14.03.1982", "city": "Bergisch Gladbach",
    "street": "Hauptstr. 5", "benefits": ["HLU"], "fit_for_work": "yes", "available": "yes",
    "unemployed_since": "01.09.2003",
}  # fmt: skip


def at_the_desk(walk, **changed):
    client = clients.register(walk.session, JANA | changed, actor=walking.person("KS"), now=walk.now)
    walk.case_id = cases.open_case(walk.session, client, actor=walking.person("KS"), now=walk.now)
    return walk


def test_person_at_the_desk_is_identified_before_the_routing(walk):
    at_the_desk(walk)
    assert walk.open == {"intake_identity"}
    walk.do("intake_identity")
    assert walk.open == {"routing_confirm"}


def test_possible_duplicate_is_decided_by_a_person(walk):
    at_the_desk(walk)
    at_the_desk(walk, given_names="Janna")
    walk.do("intake_identity")
    assert walk.open == {"intake_match"}
    walk.do("intake_match", match=next(iter(walk._options()["open_matches"])).value)
    assert walk.open == {"routing_confirm"}


def test_same_person_gets_no_second_case(walk):
    at_the_desk(walk)
    at_the_desk(walk, given_names="Janna")
    walk.do("intake_identity")
    walk.do("intake_match", match=walk._options()["open_matches"][0].value, match_decision="same")
    assert (walk.case.status, walk.case.closing_reason) == ("closed", "reservation")


def test_unknown_benefits_are_asked_for_and_escalate(walk):
    at_the_desk(walk, benefits="unknown")
    walk.do("intake_identity")
    assert walk.open == {"intake_confirm_benefits"}
    walk.until(date(2004, 1, 8))
    assert walk.open == {"intake_confirm_benefits", "intake_escalate_benefits"}
    walk.do("intake_confirm_benefits")
    assert walk.open == {"routing_confirm"}


def test_imported_record_without_benefits_waits_for_data_in_its_route(walk):
    walk.arrive("V37").through_routing()
    assert walk.open == {"clarify_data"}
    walk.do("clarify_data", benefits_answer="known", benefits=["HLU"])
    assert walk.open == {"routing_confirm"}


def test_missing_papers_are_reminded_of_and_then_decided_on(walk):
    at_the_desk(walk, city="")
    walk.do("intake_identity")
    assert walk.open == {"intake_papers"}
    walk.until(date(2004, 1, 20))
    assert walk.open == {"intake_papers", "intake_remind"}
    walk.do("intake_remind")
    walk.until(date(2004, 2, 4))
    assert walk.open == {"intake_decide"}
    walk.do("intake_decide", intake_outcome="reservation")
    assert (walk.case.status, walk.case.closing_reason) == ("closed", "reservation")


def test_papers_that_arrive_complete_the_data(walk):
    at_the_desk(walk, city="")
    walk.do("intake_identity")
    walk.do("intake_papers", city="Bergisch Gladbach")
    assert walk.open == {"routing_confirm"}


def test_urgent_need_is_helped_beside_the_case_and_reported_after_an_hour(walk):
    at_the_desk(walk)
    walk.do("intake_identity", urgent="true")
    assert walk.open == {"routing_confirm", "urgent_help"}
    task = walk.tasks()["urgent_help"]
    assert (task.role, task.due_at) == ("BFK", walk.now + timedelta(hours=1))
    walk.now += timedelta(minutes=61)
    engine.wake(walk.session, task.instance_id, now=walk.now)
    assert walk.tasks()["urgent_escalate"].role == "LTG_STADT"
    walk.do("urgent_help")
    assert walk.open == {"routing_confirm"}
