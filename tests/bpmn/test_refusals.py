"""What forms refuse for reasons of the trade, and that nothing happened then."""

from __future__ import annotations

from datetime import date

import pytest

from app.casework import errors, queries, writers
from app.casework.cases import decisions
from tests.bpmn import walking
from tests.bpmn.test_steps import helped, ready_for_plan


def refused(walk, element, **typed):
    """The codes with which a submission is refused; the task stays open."""
    with pytest.raises(errors.ValuesRefused) as caught:
        walk.do(element, **typed)
    assert element in walk.open
    return caught.value.fields


def write(walk, name, process=None, **values):
    """Calls a writer as the completion of a task would."""
    writers.WRITERS[name](
        walk.session, case_id=walk.case_id, values=values, actor=walking.person("VM"), now=walk.now, element="test",
        process=process or {},
    )  # fmt: skip


def to_signature(walk):
    ready_for_plan(walk)
    walk.do("plan_draft")
    walk.do("plan_consent")
    return walk


@pytest.mark.parametrize("side", ["services", "duties"])
def test_plan_binds_both_sides(walk, side):
    walk.arrive("V01")
    line = {"what": "Bewerbung", "due_on": "2004-02-01", "proof": "Durchschrift"}
    other = {"services": "duties", "duties": "services"}[side]
    with pytest.raises(errors.ValuesRefused) as caught:
        write(walk, "plan.draft", priority="yes", **{other: [line]})
    assert caught.value.fields == {side: "empty_side"}


def test_every_line_of_a_plan_has_a_day_ahead_and_a_proof(walk):
    ready_for_plan(walk)
    fields = refused(walk, "plan_draft", **{"duties-0-due_on": "02.01.2004"})
    assert fields == {"duties-0-due_on": "in_past"}


def test_plan_that_does_not_put_placement_first_says_why(walk):
    walk.arrive("V01")
    with pytest.raises(errors.ValuesRefused) as caught:
        write(walk, "plan.draft", priority="no")
    assert caught.value.fields["priority_reason"] == "required"


def test_signature_comes_after_talk_and_instruction(walk):
    to_signature(walk)
    before = {"talk_on": "05.01.2004", "instructed_on": "05.01.2004", "signed_on": "02.01.2004"}
    assert refused(walk, "plan_talk", **before) == {"signed_on": "before_talk"}
    late = {"talk_on": "02.01.2004", "instructed_on": "05.01.2004", "signed_on": "04.01.2004"}
    assert refused(walk, "plan_talk", **late) == {"instructed_on": "instructed_late"}


def test_talk_that_has_not_been_held_cannot_be_signed(walk):
    to_signature(walk)
    assert refused(walk, "plan_talk", talk_on="06.01.2004") == {"talk_on": "in_future"}


def test_follow_up_ends_with_a_next_date(walk):
    helped(walk)
    walk.until(walk.case.next_contact)
    fields = refused(walk, "follow_up_talk", follow_up_outcome="continue", next_contact="02.01.2004")
    assert fields == {"next_contact": "next_required"}


def test_next_talk_of_a_social_history_lies_ahead(walk):
    walk.arrive("V03")
    with pytest.raises(errors.ValuesRefused) as caught:
        write(walk, "anamnesis.record", process={"talk_outcome": "again", "next_talk": "2004-01-05"})
    assert caught.value.fields == {"next_talk": "in_past"}


def test_answer_to_nothing_proposed_is_refused(walk):
    walk.arrive("V01")
    with pytest.raises(errors.ValuesRefused) as caught:
        write(walk, "placement.result", process={"result": "hired"})
    assert caught.value.fields == {"result": "nothing_proposed"}


def test_only_a_match_of_this_client_can_be_decided(walk):
    walk.arrive("V01")
    with pytest.raises(errors.ValuesRefused) as caught:
        write(walk, "intake.match", match="4711", match_decision="same")
    assert caught.value.fields == {"match": "unknown_match"}


def test_stay_after_31_ends_with_the_agreement(walk):
    walk.arrive("V20", geburtsdatum="20.09.1973").through_routing()
    walk.until(date(2004, 9, 20))
    fields = refused(walk, "age_31", transition="extend", extend_until="20.03.2005")
    assert fields == {"extend_until": "too_late"}


def test_deviation_to_the_proposal_itself_is_none(walk):
    walk.arrive("V01")
    fields = refused(
        walk, "routing_confirm", decision="deviate", chosen_route="VOLL_U25", second_role="VM",
        deviation_reason="Ich finde den Vorschlag gut.",
    )  # fmt: skip
    assert fields == {"chosen_route": "same_as_proposal"}


def test_a_declined_section_keeps_no_text_that_was_typed_before(walk):
    walk.arrive("V03")
    write(walk, "anamnesis.record", debts_declined=True, debts_text="doch etwas", debts_obstacle="yes")
    assert queries.latest_values(walk.session, walk.case_id, "anamnesis", section="debts") == {"declined": True}


def test_a_decision_that_was_taken_is_never_changed(walk):
    walk.arrive("V01").through_routing()
    decisions.settle(
        walk.session, walk.case_id, route="GRUND_P4", group="basic", valid_from=walk.today, now=walk.now
    )  # fmt: skip
    assert queries.latest_decision(walk.session, walk.case_id).route == "VOLL_U25"
