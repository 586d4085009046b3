"""The rule book in the browser: a limit is changed without a mouse, the gap that it leaves is seen and mended."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.app import browsing
from tests.app.conftest import PASSWORD
from tests.app.design import test_forms_browser as keys

pytestmark = pytest.mark.browser
GAP = "Keine Zeile trifft zu"


def test_limit_is_changed_by_keyboard_and_the_gap_that_shows_is_mended(page):
    browsing.signed_in(page, "design", PASSWORD)
    page.goto("/design")
    keys.press(page, page.get_by_role("button", name="Regelwerk ändern"))
    book = page.url
    gaps = page.locator("[data-place=gaps] li")
    known = gaps.count()
    keys.press(page, page.get_by_role("link", name="Z6", exact=True))
    keys.reach(page, page.get_by_label("Rechtsgrundlage"))
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    keys.reach(page, page.locator("#f-line-3-number"))
    page.keyboard.type("24")
    keys.reach(page, page.locator("#f-line-3-limit"))
    page.keyboard.press("Home")
    keys.press(page, page.get_by_role("button", name="Sichern").last)
    expect(page.get_by_role("alert")).to_contain_text("Die Rechtsgrundlage fehlt")
    keys.looked_at(page, "rules-row-refused")
    keys.fill(page, "Rechtsgrundlage", "§ 4 der Vereinbarung")
    keys.press(page, page.get_by_role("button", name="Sichern").last)

    expect(gaps).not_to_have_count(known)
    expect(gaps.filter(has_text="Sozialhilfe").first).to_contain_text(GAP)
    keys.looked_at(page, "rules-gap")
    keys.press(page, gaps.filter(has_text="Sozialhilfe").get_by_role("link").first)
    keys.choose(page, "#f-outcome", "VOLL_U25")
    keys.looked_at(page, "rules-test")
    keys.press(page, page.get_by_role("button", name="Aufnehmen"))
    expect(page.get_by_text("1 Prüfzeile ergibt etwas anderes als erwartet")).to_be_visible()

    keys.press(page, page.get_by_role("link", name="Z6", exact=True))
    keys.reach(page, page.locator("#f-line-3-number"))
    page.keyboard.press("Control+a")
    page.keyboard.type("25")
    keys.press(page, page.get_by_role("button", name="Sichern").last)
    expect(gaps).to_have_count(known)
    expect(page.get_by_text("wie erwartet")).to_be_visible()

    page.goto(f"{book}/values/fitness_asked_below")
    keys.looked_at(page, "rules-value")
    for address in ("/rules?on=15.03.2004", "/rules/history"):
        page.goto(address)
        keys.looked_at(page, f"rules-{address.rpartition('/')[2].partition('?')[0]}")
