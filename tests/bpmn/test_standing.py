"""Where a case stands is read once in an act, and what the act has written counts at once."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event, update

from app.casework import queries
from app.casework.cases import decisions
from app.casework.cases import payers as paying
from app.casework.cases import service as cases
from app.casework.circumstances import service as circumstances
from app.casework.models import Benefit
from tests.bpmn.walking import person
from workflows import instances, kept

ON = date(2004, 1, 5)


@pytest.fixture
def case(walk):
    """A case whose standing was read already."""
    walk.arrive("V01")
    _ask(walk)
    return walk


def _ask(walk):
    session, case_id = walk.session, walk.case_id
    return (
        queries.facts_of(session, case_id, ON),
        queries.notices(session, case_id),
        queries.began_at(session, case_id),
        decisions.pending(session, case_id),
        decisions.last_settled(session, case_id),
        queries.payer_on(session, case_id, ON),
    )


def _known(walk):
    return queries.facts_of(walk.session, walk.case_id, ON)


def _client(walk) -> int:
    return queries.case_file(walk.session, walk.case_id).client_id


def _statements(walk) -> int:
    found, engine = [], walk.session.get_bind()

    def note(*_event):
        found.append(1)

    event.listen(engine, "before_cursor_execute", note)
    _ask(walk)
    event.remove(engine, "before_cursor_execute", note)
    return len(found)


def test_all_of_it_is_one_statement_and_then_none(case):
    kept.forget(case.session)
    assert _statements(case) == 1
    assert _statements(case) == 0


def test_what_is_stated_counts_at_once(case):
    session, client, by = case.session, _client(case), {"actor": person("KS"), "now": case.now}
    circumstances.state_fitness(session, client, "no", **by)
    assert _known(case)["fit_for_work"] == "no"
    circumstances.state_availability(session, client, "no", reason="care", **by)
    assert (_known(case)["available"], _known(case)["not_available_reason"]) == ("no", "care")
    circumstances.state_unemployment(session, client, date(2001, 2, 3), **by)
    assert _known(case)["unemployed_since"] == date(2001, 2, 3)
    circumstances.state_benefits(session, client, None, **by)
    assert not _known(case)["benefits_known"]


def test_changed_benefit_counts_at_once(case):
    by = {"actor": person("KS"), "now": case.now}
    circumstances.change_benefit(case.session, _client(case), kind="HLU", status="ended", **by)
    assert "HLU" not in _known(case)["benefits"]
    case.session.execute(update(Benefit).values(status="running"))
    assert "HLU" in _known(case)["benefits"]


def test_changed_person_and_file_count_at_once(case):
    queries.client(case.session, _client(case)).birth_date = date(1980, 2, 29)
    queries.case_file(case.session, case.case_id).household_payer = "SB"
    assert (_known(case)["birth_date"], _known(case)["household_payer"]) == (date(1980, 2, 29), "SB")


def test_changed_payer_counts_at_once(case):
    session, by = case.session, {"actor": person("BFK"), "now": case.now}
    before = queries.payer_on(session, case.case_id, date(2004, 2, 1))
    paying.take_over(session, case.case_id, payer="SB", **by)
    assert (before, queries.payer_on(session, case.case_id, date(2004, 2, 1))) == ("FB5", "SB")
    paying.end(session, case.case_id, last_month=date(2004, 2, 1))
    assert not queries.payer_on(session, case.case_id, date(2004, 3, 1))


def test_notice_counts_at_once_and_so_does_its_confirmation(case):
    session, by = case.session, {"actor": person("FB5"), "now": case.now}
    cases.send_notice(session, case.case_id, kind="start", receiver="FB5", **by)
    assert [row.confirmed_at for row in queries.notices(session, case.case_id)] == [None]
    cases.confirm_notices(session, case.case_id, receiver="FB5", **by)
    assert [row.confirmed_at for row in queries.notices(session, case.case_id)] == [case.now]


def test_decision_moves_from_open_to_settled_at_once(case):
    session = case.session
    decisions.take(session, case.case_id, actor=person("KS"), reason="", now=case.now)
    decisions.settle(session, case.case_id, route="VOLL_U25", group="full", valid_from=ON, now=case.now)
    assert decisions.pending(session, case.case_id) is None
    assert decisions.last_settled(session, case.case_id).route == "VOLL_U25"
    again = decisions.propose_again(session, case.case_id, now=case.now)
    assert decisions.pending(session, case.case_id) is again


def test_lock_makes_it_be_read_anew(case):
    instances.lock(case.session, queries.case_file(case.session, case.case_id).instance_id)
    assert _statements(case) == 1
