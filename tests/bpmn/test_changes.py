"""Facts that change: proposed anew, routed anew, paid anew."""

from __future__ import annotations

from sqlalchemy import text

from app.casework import queries
from app.casework.circumstances import service as circumstances
from tests.bpmn import walking
from tests.bpmn.test_steps import helped
from workflows import engine


def state_benefits(walk, *kinds):
    circumstances.state_benefits(walk.session, walk.case.client_id, kinds, actor=walking.person("BFK"), now=walk.now)


def tell(walk):
    engine.deliver(walk.session, "facts_changed", subject=str(walk.case_id), payload={}, now=walk.now)


def test_changed_facts_replace_a_proposal_that_nobody_decided_on(walk):
    walk.arrive("V09")
    state_benefits(walk, "HLU")
    tell(walk)
    assert walk.open == {"routing_confirm"}
    assert queries.latest_decision(walk.session, walk.case_id).proposal == "VOLL_U25"


def test_new_benefit_leads_to_a_new_route_and_to_its_payment(walk):
    helped(walk, "V09")
    state_benefits(walk, "HLU")
    tell(walk)
    assert walk.open == {"routing_confirm"}
    walk.do("routing_confirm")
    assert (walk.case.route, walk.open) == ("VOLL_U25", {"benefit_prepare"})
    walk.do("benefit_prepare")
    walk.do("benefit_release")
    assert walk.open == {"follow_up_talk"}


def test_refused_application_leads_to_a_referral(walk):
    helped(walk)
    circumstances.change_benefit(
        walk.session, walk.case.client_id, kind="HLU", status="refused", actor=walking.person("BFK"), now=walk.now
    )
    tell(walk)
    walk.do("routing_confirm")
    assert walk.case.route == "VERWEIS_KEIN_BEZUG"
    walk.do("closing_talk", closing_reason="other")
    assert walk.case.status == "closed"


def test_refused_payment_makes_the_case_look_again_at_its_route(walk):
    walk.arrive("V01").through_routing()
    walk.do("benefit_prepare", grant="refused")
    walk.do("benefit_release")
    left = walk.session.execute(text("SELECT args::text FROM procrastinate_jobs")).scalars().all()
    assert [args for args in left if "facts_changed" in args]
    assert queries.circumstances(walk.session, walk.case.client_id, walk.today).counting(walk.today) == ()
