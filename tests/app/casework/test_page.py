from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.casework import errors, models, page
from app.casework.access import CATEGORIES
from app.casework.cases import payers, queries
from app.casework.cases import service as cases
from app.casework.records import service as records
from app.office import dates, profile
from tests import factories

NOW = factories.OPENING
ROLES = sorted(row["code"] for row in profile.read("bergisch_gladbach_2004").rows("roles"))


@pytest.fixture
def told(office, case, acting):
    """A case in which every category of records holds its own marker."""
    for category in CATEGORIES:
        records.record(
            office,
            case,
            kind=category,
            values={category: {"text": f"marker-{category}"}},
            actor=acting("FM", 9),
            now=NOW,
        )
    talk = records.Talk(held_on=date(2004, 1, 5), kind="talk", note="marker-talk", next_step="x")
    records.add_contact(office, case, talk, actor=acting("FM"), now=NOW)
    plan = models.Plan(case_id=case, version=1, status="active", created_by="FM", created_by_id=9, created_at=NOW)
    office.add(plan)
    office.flush()
    for position, kind in enumerate(("goal", "service", "duty")):
        office.add(models.PlanItem(plan_id=plan.id, position=position, kind=kind, what=f"marker-{kind}"))
    payers.begin(office, case, payer="FB5", valid_from=date(2004, 1, 1), actor=acting("KS"), now=NOW)
    office.flush()
    return case


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.frozensets(st.sampled_from(ROLES), min_size=1, max_size=3))
def test_a_page_shows_what_the_matrix_grants_and_nothing_else(office, told, acting, roles):
    actor = replace(acting("KS", 5), roles=roles)
    readings = page.readings_of(office, told, actor, now=NOW)
    if not any(reading.is_visible for reading in readings.values()):
        with pytest.raises(errors.AccessDenied):
            page.case_page(office, told, actor, NOW)
        return
    shown = page.case_page(office, told, actor, NOW)
    full = {category for category in CATEGORIES if readings[category].is_full and not readings[category].authored_only}
    text = repr(shown)
    assert {category for category in CATEGORIES if f"marker-{category}'" in text} == full
    assert ("marker-talk" in text) == readings["contact"].is_full
    assert ("Hauptstr. 5" in text) == readings["core"].is_visible


def shown(session, case, actor):
    return page.case_page(session, case, actor, NOW)


@pytest.mark.parametrize("role", ["PD", "ADM"])
def test_designers_and_administrators_are_turned_away(office, told, acting, role):
    with pytest.raises(errors.AccessDenied):
        shown(office, told, acting(role))


def test_department_5_sees_a_case_it_pays_for(office, told, acting):
    assert shown(office, told, acting("FB5")).core is not None


def test_department_5_sees_a_case_until_the_office_pays_in_its_place(office, case, acting):
    payers.begin(office, case, payer="FB5", valid_from=date(2004, 1, 1), actor=acting("FB5"), now=NOW)
    payers.take_over(office, case, payer="SB", actor=acting("BFK"), now=NOW)
    assert shown(office, case, acting("FB5")).core is not None


def test_department_5_is_turned_away_from_a_case_it_has_no_part_in(office, case, acting):
    payers.begin(office, case, payer="SB", valid_from=date(2004, 1, 1), actor=acting("BFK"), now=NOW)
    with pytest.raises(errors.AccessDenied):
        shown(office, case, acting("FB5"))


def test_a_notice_opens_the_case_to_department_5(office, case, acting):
    cases.send_notice(office, case, kind="start", receiver="FB5", actor=acting("FM"), now=NOW)
    assert shown(office, case, acting("FB5")).benefits.notices[0].kind == "start"


def test_department_5_sees_of_the_plan_only_the_duties(office, told, acting):
    plan = shown(office, told, acting("FB5")).plans[0]
    assert [item.kind for item in plan.items] == ["duty"]
    assert len(shown(office, told, acting("BFK")).plans[0].items) == 3


def test_placement_learns_of_the_social_history_only_that_it_exists(office, told, acting):
    found = shown(office, told, acting("VM")).records_of("anamnesis")
    assert [row.values for row in found] == [None]


def test_medical_papers_are_read_by_their_author_alone(office, told, acting):
    assert shown(office, told, acting("FM", 9)).records_of("medical")
    assert not shown(office, told, acting("FM", 8)).records_of("medical")


def test_a_protected_address_is_shown_to_the_lead_alone(office, case, acting):
    row = office.get(models.CaseFile, case)
    row.lead = "FM"
    office.get(models.Client, row.client_id).blocked = True
    office.flush()
    assert shown(office, case, acting("FM")).core.street == "Hauptstr. 5"
    core = shown(office, case, acting("VM")).core
    assert (core.street, core.city, core.address_hidden) == ("", "", True)


def test_reception_sees_which_benefit_runs_but_not_its_reference(office, case, acting):
    office.query(models.Benefit).one().reference = "AZ 50-1"
    office.flush()
    assert "AZ 50-1" not in repr(shown(office, case, acting("KS")))
    assert [row.kind for row in shown(office, case, acting("KS")).benefits.rows] == ["HLU"]
    assert "AZ 50-1" in repr(shown(office, case, acting("BFK")))


def test_data_protection_sees_who_read_but_nothing_of_the_client(office, told, acting):
    records.log_read(office, told, categories=shown(office, told, acting("VM")).shown, actor=acting("VM"), now=NOW)
    seen = shown(office, told, acting("DSB_AA"))
    assert [row.actor for row in seen.log] == ["VM 1"]
    assert "Becker" not in repr(seen)


def test_what_is_only_known_to_exist_does_not_count_as_seen(office, told, acting):
    assert {"anamnesis", "referral"}.isdisjoint(shown(office, told, acting("VM")).shown)
    assert {"anamnesis", "profile"}.isdisjoint(shown(office, told, acting("BFK")).shown)
    assert {"anamnesis", "profile", "contact"} <= set(shown(office, told, acting("FM", 9)).shown)
    assert "medical" in shown(office, told, acting("FM", 9)).shown
    assert "medical" not in shown(office, told, acting("FM", 8)).shown


def test_reduced_content_counts_as_seen(office, told, acting):
    assert {"benefit_status", "fitness", "contact"} <= set(shown(office, told, acting("KS")).shown)


def test_an_unknown_case_is_refused(office, acting):
    with pytest.raises(errors.UnknownCase):
        shown(office, 4711, acting("FM"))


def test_a_list_shows_to_department_5_its_own_cases_alone(office, told, acting, register):
    other = models.CaseFile(client_id=register(given_names="Uwe"), reference_date=date(2004, 1, 5), opened_at=NOW)
    office.add(other)
    office.flush()
    both = {told, other.id}
    assert page.readable(office, both, "core", acting("FB5"), now=NOW) == {told}
    assert page.readable(office, both, "core", acting("KS"), now=NOW) == both
    assert page.readable(office, both, "core", acting("PD"), now=NOW) == frozenset()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(2, 12), days=st.integers(0, 400))
def test_who_pays_and_who_reads_follow_the_day_and_not_the_last_act(office, told, acting, *, start, days):
    first, day = date(2004, start, 1), date(2004, 1, 5) + timedelta(days)
    with office.begin_nested() as savepoint:
        payers.offer(office, told, payer="SB", valid_from=first, actor=acting("BFK"), now=NOW)
        payers.accept(office, told, actor=acting("FB5"), now=NOW)
        now = dates.start_of(day)
        assert page.case_page(office, told, acting("BFK"), now).benefits.payer == ("FB5" if day < first else "SB")
        assert queries.facts_of(office, told, day)["current_payer"] == ("FB5" if day < first else "SB")
        assert page.may_read(office, told, "core", acting("FB5"), now=now) == (day < first)
        savepoint.rollback()
    office.expire_all()
