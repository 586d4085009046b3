"""A meeting from its plan to its agreed minutes in a real browser, by keyboard where people write."""

from __future__ import annotations

import pytest

from tests.app import browsing
from tests.app.conftest import PASSWORD

pytestmark = pytest.mark.browser
SIZES = (browsing.WIDE, browsing.PHONE, browsing.NARROW)


def looked_at(page, name: str) -> None:
    """No barrier, and nothing wider than the window."""
    for size in SIZES:
        page.set_viewport_size(size)
        browsing.shot(page, f"meetings-{name}-{size['width']}")
        assert browsing.violations(page) == [], name
        assert browsing.overflows(page) <= 0, name
    page.set_viewport_size(browsing.WIDE)


def test_both_leaders_hold_a_meeting_and_agree_to_its_minutes(browser, address):
    with (
        browsing.opened(browser, address, browsing.WIDE) as city,
        browsing.opened(browser, address, browsing.WIDE) as agency,
    ):
        browsing.signed_in(city, "leitung.stadt", PASSWORD)
        browsing.signed_in(agency, "leitung.aa", PASSWORD)
        city.goto("/meetings")
        city.get_by_role("link", name="Neue Reihe").click()
        browsing.pressed(city, "Reihe anlegen")
        looked_at(city, "series-errors")
        city.get_by_label("Erster Tag").fill("12.01.2004")
        browsing.pressed(city, "Reihe anlegen")
        looked_at(city, "list")
        city.get_by_role("link", name="12.01.2004").click()
        looked_at(city, "planned")
        browsing.pressed(city, "Besprechung beginnen")
        city.get_by_label("Protokoll: Was steht still?").fill("Kurz besprochen.")
        city.get_by_text("Entwurf gesichert um").wait_for()
        city.reload()
        assert city.get_by_label("Protokoll: Was steht still?").input_value() == "Kurz besprochen."
        city.get_by_role("textbox", name="Beschluss").fill("Donnerstags bis 18 Uhr.")
        browsing.pressed(city, "Beschluss aufschreiben")
        looked_at(city, "running")
        browsing.pressed(city, "Sichern und vorlegen")
        agency.goto("/messages")
        browsing.pressed(agency, "Ansehen")
        looked_at(agency, "presented")
        browsing.pressed(agency, "Dem Protokoll zustimmen")
        agency.get_by_text("Protokoll beschlossen").first.wait_for()
        looked_at(agency, "closed")
        agency.goto("/meetings/tasks")
        looked_at(agency, "tasks")
