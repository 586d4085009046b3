"""A draft is played in the browser, kept as a scenario, and changed so that the page that draws says what differs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.app import browsing
from tests.app.conftest import PASSWORD

pytestmark = pytest.mark.browser


@pytest.mark.usefixtures("office_sessions")
def test_play_becomes_a_scenario_and_a_change_shows(page):
    browsing.signed_in(page, "design", PASSWORD)
    page.goto("/design")
    page.get_by_label("Aus einem geltenden Prozess").select_option("reminder.bpmn")
    page.get_by_role("button", name="Beginnen", exact=True).click()
    page.locator("[data-designer][data-ready]").wait_for()
    draft = page.url

    page.get_by_role("link", name="Durchspielen").click()
    page.locator("summary", has_text="Angaben zu Beginn").click()
    page.get_by_label("Angaben zu Beginn").fill("remind_on = 2004-03-01")
    page.get_by_role("button", name="Anfangen").click()
    page.get_by_role("button", name="Zum nächsten Termin").click()
    page.locator(".diagram").first.scroll_into_view_if_needed()
    expect(page.locator(".diagram .djs-element.is-active")).to_have_count(1)
    page.get_by_label("Brief").check()
    page.get_by_label("Notiz").or_(page.locator("#f-note")).first.fill("Eingeladen")
    browsing.shot(page, "play")
    assert browsing.violations(page) == []
    page.get_by_role("button", name="Erledigen").click()
    page.get_by_label("Was das Szenario zeigt").fill("Mit 15 eingeladen")
    page.get_by_role("button", name="Szenario speichern").click()
    expect(page.get_by_text("läuft wie aufgenommen", exact=True)).to_be_visible()

    page.goto(draft)
    page.locator("[data-designer][data-ready]").wait_for()
    expect(page.locator("[data-place=trials]")).to_have_text("Szenarien: 1 von 1 wie aufgenommen")
    page.locator('[data-element-id="reminder_offer"]').click()
    page.keyboard.press("Delete")
    page.locator('[data-place="saved"][data-state="unsaved"]').wait_for()
    expect(page.locator("[data-place=trials]")).to_have_text("Szenarien: 1 von 1 anders")
    expect(page.locator("[data-place=trials-failing]")).to_contain_text("Mit 15 eingeladen")
    browsing.shot(page, "play-differs")
