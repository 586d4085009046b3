"""One client of each route from registration to closing, by typing and clicking as each role."""

from __future__ import annotations

import pytest

from tests.acceptance import test_pages as pages
from tests.acceptance.stage import staff, stage

__all__ = ["staff", "stage"]
pytestmark = pytest.mark.browser


def test_under_25_everything_in_one_office_with_forms_that_all_can_use(staff):
    found, seen = [], set()

    def look(page, name):
        if name not in seen:
            found.extend(pages.flaws(page, f"task-{len(seen):02}"))
        seen.add(name)

    staff.look = look
    staff.register().until_closed()

    assert staff.did("Vorschlag bestätigen oder abweichen")
    assert {"ks", "bfk", "fm", "vm", "fb5"} <= {login for login, _ in staff.trail}
    assert "Volle Betreuung unter 25" in staff.case_page("fm")
    page = staff.page("fm")
    page.goto(page.locator("a[href$='/letter']").first.get_attribute("href"))
    found += pages.flaws(page, "letter")
    assert len(seen) >= 12
    assert found == []


def test_25_to_30_two_lanes_and_department_5_goes_on_paying(staff):
    staff.register(birth_date="12.03.1977", unemployed_since="01.06.2002").until_closed()

    assert {"ks", "fm", "vm", "fb5"} <= {login for login, _ in staff.trail}
    assert "bfk" not in {login for login, _ in staff.trail}
    assert "Intensive Betreuung von 25 bis 30" in staff.case_page("fm")


def test_basic_offer(staff):
    staff.register(benefits=["ALHI"]).until_closed()

    assert not {"bfk", "fb5"} & {login for login, _ in staff.trail}
    assert "Grundangebote" in staff.case_page("vm")


@pytest.mark.parametrize(
    ("client", "route"),
    [
        ({"city": "Rösrath"}, "Verweis an das Amt am Wohnort"),
        ({"benefits": ["none"]}, "Verweisberatung: kein Leistungsbezug"),
        ({"birth_date": "12.03.1970"}, "Regelangebot für über 30-Jährige"),
    ],
)
def test_who_is_not_for_this_office_is_advised_and_referred(staff, client, route):
    staff.register(**client).until_closed()

    assert route in staff.case_page("ks")


def test_unclear_fitness_is_clarified_first_and_whoever_cannot_work_is_referred(staff):
    staff.answers = {"fitness_result": {"fit_for_work": "no"}}
    staff.register(fit_for_work="unknown")
    staff.until_closed()

    text = staff.case_page("fm")
    assert "Klärung: Arbeitsfähigkeit" in text
    assert "Verweisberatung: zurzeit nicht arbeitsfähig" in text


def test_a_gap_in_the_rules_is_closed_by_both_leaders(staff):
    staff.register(benefits=["GSIG"])
    staff.until_closed()

    assert {"leitung.stadt", "leitung.aa"} <= {login for login, _ in staff.trail}
    assert "Grundangebote" in staff.case_page("vm")


def test_who_is_under_15_is_outside_the_office(staff):
    staff.register(birth_date="12.03.1990").until_closed()

    assert "unter 15" in staff.case_page("ks")
