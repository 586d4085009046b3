"""Single turns of the processes: loops, four eyes, escalations, dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import zstandard
from sqlalchemy import text

from app.casework import errors as casework_errors
from app.casework import queries
from app.casework.plans import service as plans
from tests.bpmn import answers, walking
from workflows import errors, forms
from workflows.models import Instance

DEVIATION = {
    "decision": "deviate", "chosen_route": "GRUND_P4", "deviation_reason": "Auf eigenen Wunsch nur Grundangebot.",
    "second_role": "VM",
}  # fmt: skip


def test_deviation_counts_when_a_second_person_approves(walk):
    walk.arrive("V01")
    walk.do("routing_confirm", **DEVIATION)
    assert walk.open == {"routing_second"}
    walk.do("routing_second")
    decided = queries.latest_decision(walk.session, walk.case_id)
    assert (decided.proposal, decided.route, decided.decided_by, decided.second_by) == (
        "VOLL_U25", "GRUND_P4", "KS 0", "VM 0",
    )  # fmt: skip


def test_rejected_deviation_goes_back_to_reception(walk):
    walk.arrive("V01")
    walk.do("routing_confirm", **DEVIATION)
    walk.do("routing_second", second_decision="reject", second_reason="Die Regel passt.")
    assert walk.open == {"routing_confirm"}
    assert walk.case.route == ""


def test_second_person_is_never_the_first(walk):
    walk.arrive("V01")
    both = replace(walking.person("KS"), roles=frozenset({"KS", "VM"}))
    walk.do("routing_confirm", by=both, **DEVIATION)
    with pytest.raises(errors.NotAllowed):
        walk.do("routing_second", by=both)


def test_deviation_needs_a_reason(walk):
    walk.arrive("V01")
    form = walk._form(walk.tasks()["routing_confirm"])
    with pytest.raises(AssertionError, match="deviation_reason"):
        walk.fill(form, DEVIATION | {"deviation_reason": ""})


def test_reception_alone_takes_nobody_over_30_in(walk):
    walk.arrive("V22")
    with pytest.raises(casework_errors.ValuesRefused) as refused:
        walk.do("routing_confirm", **DEVIATION)
    assert refused.value.fields == {"chosen_route": "leaders_decide"}


def test_who_prepares_a_payment_does_not_release_it(walk):
    walk.arrive("V01").through_routing()
    both = replace(walking.person("BFK"), roles=frozenset({"BFK", "FB5"}))
    walk.do("benefit_prepare", by=both)
    with pytest.raises(errors.NotAllowed):
        walk.do("benefit_release", by=both)
    walk.do("benefit_release")


def test_returned_payment_goes_back_to_the_adviser(walk):
    walk.arrive("V01").through_routing()
    walk.do("benefit_prepare")
    walk.do("benefit_release", release="return", return_reason="Aktenzeichen fehlt")
    assert "benefit_prepare" in walk.open


def test_missing_papers_are_asked_for_before_the_release(walk):
    walk.arrive("V01").through_routing()
    walk.do("benefit_prepare", documents="missing", missing_papers="Mietvertrag")
    walk.do("benefit_documents")
    assert "benefit_prepare" in walk.open


def test_office_pays_from_the_first_of_the_next_month_after_release(walk):
    walk.arrive("V01").through_routing()
    walk.do("benefit_prepare")
    walk.do("benefit_release")
    payers = [queries.payer_on(walk.session, walk.case_id, date(2004, month, 15)) for month in (1, 2)]
    assert payers == ["FB5", "SB"]


def test_unconfirmed_message_escalates_after_three_working_days_and_stays_open(walk):
    walk.arrive("V03").through_routing()
    walk.until(date(2004, 1, 8))
    assert "benefit_escalate_notice" not in walk.open
    walk.until(date(2004, 1, 9))
    assert {"benefit_confirm", "benefit_escalate_notice"} <= walk.open
    assert walk.tasks()["benefit_escalate_notice"].role == "LTG_STADT"
    walk.do("benefit_confirm")
    assert not {"benefit_confirm", "benefit_escalate_notice"} & walk.open


def test_joint_view_is_done_only_when_both_confirmed(walk):
    walk.arrive("V01").through_routing()
    walk.do("book_first_talk")
    walk.do("profile_interview")
    walk.do("profile_joint_fm")
    assert "plan_draft" not in walk.open
    walk.do("profile_joint_vm")
    assert "plan_draft" in walk.open


def test_many_obstacles_lead_to_case_management_and_a_social_history(walk):
    walk.arrive("V09").through_routing()
    walk.do("book_first_talk")
    walk.do("profile_interview", obstacles_surroundings=["debts", "housing"], obstacles_capability=["endurance"])
    walk.do("profile_joint_vm")
    walk.do("profile_joint_fm")
    assert (walk.case.lead, "anamnesis_talk" in walk.open) == ("FM", True)


def test_social_history_may_take_several_talks(walk):
    walk.arrive("V03").through_routing()
    walk.do("book_first_talk")
    walk.do("profile_interview", anamnesis_suggested="yes")
    walk.do("profile_joint_vm")
    walk.do("profile_joint_fm")
    walk.do("anamnesis_talk", talk_outcome="again", next_talk="26.01.2004")
    assert "anamnesis_talk" not in walk.open
    walk.until(date(2004, 1, 26))
    walk.do("anamnesis_talk")
    assert "plan_draft" in walk.open
    told = queries.latest_values(walk.session, walk.case_id, "anamnesis", section="addiction")
    assert told == {"declined": True}


def ready_for_plan(walk, number="V01"):
    walk.arrive(number).through_routing()
    for element in ("book_first_talk", "profile_interview", "profile_joint_vm", "profile_joint_fm"):
        if element in walk.open:
            walk.do(element)
    return walk


def test_plan_with_an_empty_side_or_a_vague_promise_is_refused(walk):
    ready_for_plan(walk)
    with pytest.raises(casework_errors.ValuesRefused) as refused:
        walk.do("plan_draft", **{"services-0-what": "Beratung bei Bedarf"})
    assert refused.value.fields == {"services-0-what": "vague"}


@pytest.mark.parametrize("side", ["goals", "services", "duties"])
def test_each_side_of_a_plan_is_asked_for_by_its_form(side):
    form = forms.compile_form(walking.files()["forms/plan_draft.json"])
    typed = {key: [str(value)] for key, value in answers.for_form("plan_draft", date(2004, 1, 5)).items()}
    kept = {key: value for key, value in typed.items() if not key.startswith(side)}
    sent = forms.submit(form, kept, values={}, options={}, today=date(2004, 1, 5))
    assert {key: error.code for key, error in sent.errors.items()} == {side: "rows_too_few"}


def test_other_agency_that_does_not_consent_sends_the_plan_back(walk):
    ready_for_plan(walk)
    walk.do("plan_draft")
    assert walk.tasks()["plan_consent"].role == "VM"
    walk.do("plan_consent", consent="disagree", consent_remark="Termin zu früh")
    assert "plan_draft" in walk.open
    walk.do("plan_draft")
    walk.do("plan_consent")
    assert "plan_talk" in walk.open


def test_missing_consent_escalates_to_the_leader_of_the_other_agency(walk):
    ready_for_plan(walk)
    walk.do("plan_draft")
    walk.until(date(2004, 1, 14))
    assert walk.tasks()["plan_escalate_consent"].role == "LTG_AA"
    assert "plan_consent" in walk.open


def test_refused_signature_leads_to_a_talk_and_duties_by_letter(walk):
    ready_for_plan(walk)
    walk.do("plan_draft")
    walk.do("plan_consent")
    walk.do("plan_talk", signed="refused", refusal_reason="will nicht")
    assert walk.tasks()["plan_refusal"].role == "LTG_STADT"
    walk.do("plan_refusal")
    assert queries.active_plan(walk.session, walk.case_id) is not None
    assert "placement_check" in walk.open


def test_plan_under_25_is_reviewed_after_three_months(walk):
    ready_for_plan(walk).through_plan()
    assert plans.review_day(walk.session, walk.case_id) == date(2004, 4, 5)


def test_programme_is_offered_only_after_placement_was_ruled_out_with_a_reason(walk):
    ready_for_plan(walk).through_plan()
    assert not {"placement_apply", "placement_help"} & walk.open
    form = walk._form(walk.tasks()["placement_check"])
    with pytest.raises(AssertionError, match="placement_reason"):
        walk.fill(form, {"placeable": "programme_first"})
    walk.do("placement_check", placeable="programme_first", placement_reason="Platz nur jetzt frei")
    assert "placement_apply" in walk.open


def test_refused_proposal_is_followed_by_another(walk):
    ready_for_plan(walk).through_plan()
    walk.do("placement_check")
    walk.do("placement_proposal")
    walk.do("placement_result", result="refused", reason="zu weit", next_step="again")
    assert "placement_proposal" in walk.open
    assert queries.proposals(walk.session, walk.case_id)[0].result == "refused"


def helped(walk, number="V01"):
    ready_for_plan(walk, number).through_plan()
    walk.do("placement_check", placeable="no", placement_reason="erst Qualifizierung")
    walk.do("placement_apply")
    return walk


def test_no_open_case_is_without_a_next_date(walk):
    helped(walk)
    assert walk.case.next_contact > walk.today
    walk.until(walk.case.next_contact)
    asked = answers.german(date(2004, 3, 1))
    walk.do("follow_up_talk", follow_up_outcome="continue", next_contact=asked)
    assert walk.case.next_contact == date(2004, 3, 1)


@pytest.mark.parametrize(("outcome", "element"), [("replan", "plan_draft"), ("place", "placement_check")])
def test_follow_up_leads_back_to_plan_or_placement(walk, outcome, element):
    helped(walk)
    walk.until(walk.case.next_contact)
    walk.do("follow_up_talk", follow_up_outcome=outcome)
    assert element in walk.open


def test_a_social_history_can_be_offered_when_the_plan_is_renewed(walk):
    helped(walk)
    walk.until(walk.case.next_contact)
    walk.do("follow_up_talk", follow_up_outcome="replan", needs_anamnesis="true")
    walk.do("anamnesis_talk")
    assert "plan_draft" in walk.open


def test_many_follow_ups_do_not_wear_the_case_out(walk):
    helped(walk)
    for _ in range(8):
        walk.until(walk.case.next_contact)
        asked = walk.today + timedelta(days=14)
        walk.do("follow_up_talk", follow_up_outcome="continue", next_contact=answers.german(asked))
        assert walk.case.next_contact == asked


def test_what_is_told_for_the_office_stands_in_no_process_document(walk):
    marker = "Geheimnis4711"
    ready_for_plan(walk)
    walk.do("plan_draft", **{"goals-0-what": marker, "duties-0-proof": marker})
    walk.do("plan_consent", consent="disagree", consent_remark=marker)
    instance = walk.session.get(Instance, walk.case.instance_id)
    walk.session.refresh(instance, ["document"])
    history = walk.session.execute(text("SELECT coalesce(json_agg(e)::text, '') FROM workflow_entry e")).scalar_one()
    rest = walk.session.execute(text("SELECT coalesce(json_agg(t)::text, '') FROM workflow_task t")).scalar_one()
    assert marker.encode() not in zstandard.ZstdDecompressor().decompress(instance.document)
    assert marker not in history + rest
