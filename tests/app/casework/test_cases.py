from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.casework import errors, models
from app.casework.cases import queries, service
from app.casework.clients import service as clients
from app.casework.records import service as records
from app.office import dates
from app.office import models as office_models
from tests import factories
from workflows import models as host

NOW = factories.OPENING


def at(*day):
    return datetime(*day, 9, 0, tzinfo=UTC)


def open_case(session, client_id, acting, now=NOW, **dated):
    return service.open_case(session, client_id, actor=acting("KS"), now=now, **dated)


def test_opening_a_case_starts_its_process(processes, register, acting):
    case_id = open_case(processes, register(), acting)
    case = queries.case_file(processes, case_id)
    instance = processes.get(host.Instance, case.instance_id)
    assert (instance.subject, instance.status) == (str(case_id), "running")
    assert (case.number, case.reference_date, case.status) == (f"2004-{case_id:05d}", date(2004, 1, 5), "open")


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (at(2003, 12, 30), "before_agreement"),
        (at(2004, 1, 2), "before_opening"),
        (at(2004, 2, 29), "closed_day"),
        (at(2005, 1, 3), "after_agreement"),
    ],
)
def test_no_case_is_opened_while_the_office_is_closed(processes, register, acting, *, now, reason):
    client_id = register(now=now)
    with pytest.raises(errors.OfficeClosed) as closed:
        open_case(processes, client_id, acting, now)
    assert closed.value.reason == reason
    assert processes.scalar(select(func.count()).select_from(models.CaseFile)) == 0


def test_no_case_is_opened_before_the_agreement_is_in_force(processes, register, acting):
    processes.query(office_models.Agreement).one().status = "signed"
    with pytest.raises(errors.OfficeClosed, match="not_in_force"):
        open_case(processes, register(), acting)


def test_on_a_closed_day_a_case_may_be_dated_to_the_next_open_one(processes, register, acting):
    sunday = at(2004, 2, 29)
    client_id = register(now=sunday)
    with pytest.raises(errors.OfficeClosed) as closed:
        open_case(processes, client_id, acting, sunday)
    case_id = open_case(processes, client_id, acting, sunday, reference_date=closed.value.next_open)
    assert queries.case_file(processes, case_id).reference_date == date(2004, 3, 1)


@pytest.mark.parametrize("day", [date(2004, 1, 2), date(2003, 12, 1)])
def test_no_case_is_dated_before_the_opening(processes, register, acting, day):
    with pytest.raises(errors.OfficeClosed):
        open_case(processes, register(), acting, at(2004, 1, 20), reference_date=day)


def test_an_earlier_application_may_be_proven_and_a_later_day_not(processes, register, acting):
    case_id = open_case(processes, register(), acting, at(2004, 1, 20), reference_date=date(2004, 1, 12))
    assert queries.case_file(processes, case_id).reference_date == date(2004, 1, 12)
    with pytest.raises(errors.ValuesRefused):
        open_case(processes, register(given_names="Uwe"), acting, at(2004, 1, 20), reference_date=date(2004, 2, 12))


def test_a_person_has_one_open_case(processes, register, acting):
    client_id = register()
    case_id = open_case(processes, client_id, acting)
    with pytest.raises(errors.CaseOpenAlready) as refused:
        open_case(processes, client_id, acting)
    assert refused.value.case_id == case_id


def test_a_linked_file_of_the_same_person_has_no_second_case(processes, register, acting):
    one, other = register(), register()
    case_id = open_case(processes, one, acting)
    clients.link(processes, one, other, actor=acting("KS"), now=NOW)
    with pytest.raises(errors.CaseOpenAlready) as refused:
        open_case(processes, other, acting)
    assert refused.value.case_id == case_id


def test_after_closing_a_person_may_have_a_new_case(processes, register, acting):
    client_id = register()
    first = open_case(processes, client_id, acting)
    long_ago = NOW - timedelta(200)
    service.close_case(processes, first, reason="integration", now=long_ago)
    service.close_case(processes, first, reason="other", now=long_ago)
    processes.flush()
    assert queries.case_file(processes, first).closing_reason == "integration"
    assert open_case(processes, client_id, acting) != first


def test_department_5_goes_on_paying_whoever_it_pays(processes, register, acting):
    case_id = open_case(processes, register(), acting)
    assert queries.payer_on(processes, case_id, date(2004, 1, 1)) == "FB5"


@pytest.mark.parametrize("benefits", [[], ["ALHI"], ["ALG"]])
def test_nobody_pays_living_costs_that_nobody_receives(processes, register, acting, benefits):
    case_id = open_case(processes, register(benefits=benefits), acting)
    assert queries.payer_on(processes, case_id, date(2004, 1, 5)) == ""


def test_an_application_counts_provisionally_and_is_paid_by_nobody_yet(processes, register, acting):
    case_id = open_case(processes, register(benefit_status="applied"), acting)
    facts = queries.facts_of(processes, case_id, date(2004, 1, 5))
    assert facts["benefits"] == facts["applied"] == frozenset({"HLU"})
    assert facts["current_payer"] is None
    assert queries.case_file(processes, case_id).provisional


def test_facts_are_those_of_the_client(processes, register, acting):
    facts = queries.facts_of(processes, open_case(processes, register(), acting), date(2004, 1, 5))
    assert facts["birth_date"] == date(1982, 3, 14)
    assert (facts["residence"], facts["fit_for_work"], facts["available"]) == ("yes", "yes", "yes")
    assert (facts["current_payer"], facts["applied"]) == ("FB5", frozenset())


def test_cards_are_made_in_one_statement_and_leave_unknown_cases_out(processes, register, acting):
    case_id = open_case(processes, register(), acting)
    cards = queries.cards(processes, [case_id, case_id + 1])
    assert set(cards) == {case_id}
    assert cards[case_id].client_name == "Becker, Jana"
    assert queries.cards(processes, []) == {}


def test_a_case_is_found_by_name_number_and_birth_date(processes, register, acting):
    case_id = open_case(processes, register(), acting)
    for text in ("becker", "jana becker", f"2004-{case_id:05d}", "14.03.1982"):
        assert queries.find(processes, text) == [case_id]
    assert queries.find(processes, "  ") == []


def test_notices_are_confirmed_once_and_by_the_receiver(processes, register, acting):
    case_id = open_case(processes, register(), acting)
    service.send_notice(processes, case_id, kind="start", receiver="FB5", actor=acting("FM"), now=NOW)
    service.query_notices(processes, case_id, receiver="FB5", query="Seit wann?")
    assert service.confirm_notices(processes, case_id, receiver="FB5", actor=acting("FB5", 7), now=NOW) == 1
    assert service.confirm_notices(processes, case_id, receiver="FB5", actor=acting("FB5", 8), now=NOW) == 0
    row = queries.notices(processes, case_id)[0]
    assert (row.confirmed_by, row.query) == ("FB5 7", "Seit wann?")


def test_a_read_bears_the_offices_date(processes, register, acting):
    case_id = open_case(processes, register(), acting)
    records.log_read(processes, case_id, categories=(), actor=acting("FM"), now=NOW)
    assert dates.day_of(processes.query(models.AccessEntry).one().at) == date(2004, 1, 5)
