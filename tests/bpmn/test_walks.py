"""Clients of each route from arrival to closing, through forms, writers, handlers, engine and database."""

from __future__ import annotations

import pytest

from app.casework import queries


def to_closing(walk, *, reason="job_unsubsidised"):
    """From a running follow-up to the closed case."""
    walk.until(walk.case.next_contact)
    walk.do("follow_up_talk")
    walk.do("closing_talk", closing_reason=reason)
    if "closing_confirm_benefit" in walk.open:
        walk.do("closing_confirm_benefit")


def test_under_25_is_paid_in_the_office_and_placed(walk):
    walk.arrive("V01").through_routing()
    assert (walk.case.route, walk.case.lead) == ("VOLL_U25", "FM")
    assert walk.open == {"book_first_talk", "benefit_prepare"}
    walk.do("benefit_prepare")
    walk.do("benefit_release")
    walk.through_plan()
    for element in ("placement_check", "placement_proposal", "placement_result", "placement_integration"):
        walk.do(element)
    assert queries.integrations(walk.session, walk.case_id)[0].market == 1
    walk.do("placement_notify")
    to_closing(walk)
    assert (walk.case.status, walk.case.closing_reason, walk.open) == ("closed", "job_unsubsidised", set())


def test_25_to_30_has_one_lead_and_department_5_goes_on_paying(walk):
    walk.arrive("V03").through_routing()
    assert walk.case.route == "INTENSIV_25_30"
    assert walk.open == {"book_first_talk", "benefit_confirm"}
    walk.do("benefit_confirm")
    assert queries.notices(walk.session, walk.case_id)[0].confirmed_by == "FB5 0"
    walk.through_plan()
    walk.do("placement_check", placeable="no", placement_reason="keine Stelle")
    walk.do("placement_apply")
    place = queries.participations(walk.session, walk.case_id)[0]
    assert (place.programme, place.age_at_entry) == ("AfL", 25)
    to_closing(walk, reason="second_market")
    assert (walk.case.status, queries.payer_on(walk.session, walk.case_id, walk.today)) == ("closed", "FB5")


def test_basic_offer_has_no_benefit_task_and_placement_leads(walk):
    walk.arrive("V09").through_routing()
    assert (walk.case.route, walk.case.lead) == ("GRUND_P4", "VM")
    assert walk.open == {"book_first_talk"}
    walk.through_plan()
    walk.do("placement_check", placeable="no", placement_reason="erst Qualifizierung")
    walk.do("placement_apply")
    to_closing(walk)
    assert walk.case.status == "closed"


@pytest.mark.parametrize(
    ("number", "route"),
    [("V07", "AUSSERHALB_U15"), ("V11", "VERWEIS_NICHT_ARBEITSFAEHIG"), ("V22", "REGEL_UE30"),
     ("V25", "VERWEIS_KEIN_BEZUG"), ("V26", "VERWEIS_ORT")],
)  # fmt: skip
def test_who_is_not_looked_after_here_is_advised_and_referred(walk, number, route):
    walk.arrive(number).through_routing()
    assert walk.open == {"referral_advice"}
    walk.do("referral_advice")
    assert (walk.case.route, walk.case.status, walk.case.closing_reason) == (route, "closed", "referral")


def test_unclear_fitness_is_clarified_and_routed_anew(walk):
    walk.arrive("V12").through_routing()
    assert walk.open == {"clarify_fitness_order"}
    walk.do("clarify_fitness_order")
    walk.do("clarify_fitness")
    walk.through_routing()
    assert walk.case.route == "VOLL_U25"


def test_who_cannot_work_is_referred_after_the_clarification(walk):
    walk.arrive("V12").through_routing()
    walk.do("clarify_fitness_order")
    walk.do("clarify_fitness", fit_for_work="no")
    walk.through_routing()
    assert walk.open == {"referral_advice"}


def test_unknown_duration_is_clarified_and_routed_anew(walk):
    walk.arrive("V27").through_routing()
    assert walk.open == {"clarify_duration"}
    walk.do("clarify_duration")
    walk.through_routing()
    assert walk.case.route == "INTENSIV_25_30"


def test_unclear_availability_is_clarified_and_routed_anew(walk):
    walk.arrive("V13", verfuegbar="ungeklaert").through_routing()
    assert walk.open == {"clarify_availability"}
    walk.do("clarify_availability", available="no", reason="betreut ein Kind von einem Jahr")
    walk.through_routing()
    assert walk.case.route == "GRUND_P4"


def test_missing_data_are_clarified_at_reception(walk):
    walk.arrive("V01", arbeitsfaehig="").through_routing()
    assert len(walk.open) == 1
    assert walk.open <= {"clarify_data", "clarify_fitness_order"}


def test_specialist_who_does_not_answer_is_escalated_while_the_task_stays(walk):
    walk.arrive("V12").through_routing()
    walk.do("clarify_fitness_order")
    walk.until(walk.today.replace(month=5))
    assert walk.open == {"clarify_fitness", "clarify_escalate_fitness"}
    walk.do("clarify_fitness")
    assert walk.open == {"routing_confirm"}


def test_gap_needs_the_same_answer_of_both_leaders(walk):
    walk.arrive("V01", leistung="GSIG").through_routing()
    assert walk.open == {"gap_city", "gap_agency"}
    walk.do("gap_city", gap_route_city="VERWEIS_KEIN_BEZUG")
    assert walk.open == {"gap_agency"}
    walk.do("gap_agency")
    assert walk.open == {"gap_city", "gap_agency"}
    walk.do("gap_agency")
    walk.do("gap_city")
    assert (walk.case.route, walk.open) == ("GRUND_P4", {"book_first_talk"})
    decided = queries.latest_decision(walk.session, walk.case_id)
    assert {decided.decided_by, decided.second_by} == {"LTG_AA 0", "LTG_STADT 0"}


def test_over_30_is_taken_in_by_both_leaders_only(walk):
    walk.arrive("V22")
    reason = "Beide Leitungen sollen über die Aufnahme entscheiden."
    walk.do(
        "routing_confirm", decision="deviate", chosen_route="REGELUNGSLUECKE", deviation_reason=reason, second_role="VM"
    )
    walk.do("routing_second")
    walk.do("gap_city")
    walk.do("gap_agency")
    assert walk.case.route == "GRUND_P4"


def test_under_18_needs_the_legal_representative(walk):
    walk.arrive("V06").through_routing()
    for element in ("book_first_talk", "profile_interview", "profile_joint_vm", "profile_joint_fm"):
        walk.do(element)
    for element in ("plan_draft", "plan_consent", "plan_talk"):
        walk.do(element)
    assert "plan_representative" in walk.open
    walk.do("plan_representative")
    assert "placement_check" in walk.open
