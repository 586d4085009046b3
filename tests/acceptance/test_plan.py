"""The plan binds both sides: an empty side is refused with what was typed kept; programme only when placing failed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.acceptance.stage import ROUTING, staff, stage

__all__ = ["staff", "stage"]
pytestmark = pytest.mark.browser
DRAFT = "Plan entwerfen"
RELEASE = "Zahlung freigeben"


def test_a_plan_with_an_empty_side_is_refused_and_what_was_typed_stays(staff):
    staff.register_and_check()
    staff.do("ks", ROUTING)
    login = staff.brought_to(DRAFT)
    page = staff.open(login, DRAFT)
    staff.fill_in(page, **{"duties-0-what": "", "duties-0-due_on": "", "duties-0-proof": ""})
    staff.complete(page)

    expect(page.locator("#messages", has_text="Erledigt")).to_have_count(0)
    expect(page.locator("#f-duties-error")).to_be_visible()
    expect(page.locator("[name=goals-0-what]")).to_have_value("Ausbildungsplatz")

    page.locator("fieldset.rows", has_text="Ziele").get_by_role("button", name="Zeile hinzufügen").click()
    page.locator("[name=goals-1-what]").wait_for()
    expect(page.locator("[name=goals-0-what]")).to_have_value("Ausbildungsplatz")
    page.get_by_role("button", name="Zeile entfernen 2").first.click()
    page.locator("[name=goals-1-what]").wait_for(state="detached")
    staff.fill_in(page)
    staff.complete(page)
    assert f"Erledigt: {DRAFT}" in page.locator("#messages").inner_text()


def test_whoever_prepared_the_benefit_does_not_release_it(staff):
    staff.register_and_check()
    staff.do("ks", ROUTING)
    assert "Hilfe zum Lebensunterhalt vorbereiten" in staff.listed("bfk")
    staff.do("bfk", "Hilfe zum Lebensunterhalt vorbereiten")

    assert RELEASE not in staff.listed("bfk")
    address = staff.open("fb5", RELEASE).url
    page = staff.page("bfk")
    page.goto(address)
    expect(page.get_by_role("button", name="Erledigen")).to_have_count(0)
    staff.do("fb5", RELEASE)
    assert "Fachbereich 5" in staff.case_page("fm") or "Servicebüro" in staff.case_page("fm")


def test_a_programme_follows_only_when_placing_at_once_is_not_possible(staff):
    staff.register_and_check(benefits=["ALHI"])
    staff.do("ks", ROUTING)
    staff.answers = {"placement_check": {"placeable": "no", "placement_reason": "Es fehlt der Schulabschluss."}}
    login = staff.brought_to("Programmplatz melden")
    assert "Stelle vorschlagen" not in staff.case_page("vm")

    staff.do(login, "Programmplatz melden")
    text = staff.case_page("vm")
    assert "Programme und Hilfen" in text
