"""Clients of each route from arrival to closing, through forms, writers, handlers, engine and database."""

from __future__ import annotations

from app.casework import queries


def test_under_25_is_paid_in_the_office_and_placed(walk):
    walk.arrive("V01")
    assert walk.open == {"routing_confirm"}
    walk.through_routing()
    assert walk.case.route == "VOLL_U25"
    assert walk.open == {"book_first_talk", "benefit_prepare"}
    walk.do("benefit_prepare")
    walk.do("benefit_release")
    walk.through_plan()
    walk.do("placement_check")
    walk.do("placement_proposal")
    walk.do("placement_result")
    walk.do("placement_integration")
    assert queries.integrations(walk.session, walk.case_id)[0].market == 1
    walk.do("placement_notify")
    walk.until(walk.case.next_contact)
    walk.do("follow_up_talk")
    walk.do("closing_talk")
    walk.do("closing_confirm_benefit")
    assert (walk.case.status, walk.case.closing_reason, walk.open) == ("closed", "job_unsubsidised", set())
