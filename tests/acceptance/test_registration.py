"""The reception takes people in: what cannot be is refused and stays as typed; nobody is merged silently."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.acceptance import walking
from tests.acceptance.stage import CLIENTS, staff, stage
from tests.app import browsing

__all__ = ["staff", "stage"]
pytestmark = pytest.mark.browser


def handed_in(staff, **typed):
    """The page after the registration form was handed in."""
    page = staff.page("ks")
    page.goto("/clients/new")
    walking.fill(page.locator("main form"), walking.PERSON | typed)
    browsing.pressed(page, "Aufnehmen")
    return page


@pytest.mark.parametrize(
    ("typed", "told"), [("31.02.1982", "gibt es nicht"), ("12.03.82", "vier"), ("12.03.2030", "Zukunft")]
)
def test_an_impossible_birth_date_is_refused_and_everything_typed_stays(staff, typed, told):
    page = handed_in(staff, birth_date=typed, family_name="Müller-Lüdenscheid")

    summary = page.locator("[role=alert]").first
    assert told in page.locator("main").inner_text()
    summary.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.name") == "birth_date"
    expect(page.locator("[name=birth_date]")).to_have_value(typed)
    expect(page.locator("[name=family_name]")).to_have_value("Müller-Lüdenscheid")
    expect(page.locator("[name=benefits][value=HLU]")).to_be_checked()


def test_a_possible_duplicate_is_shown_and_decided_and_both_people_stay(staff):
    staff.register(**CLIENTS[0])
    page = handed_in(staff, **CLIENTS[0] | {"family_name": "Abendrot"})

    assert page.locator("h1").inner_text() == "Kennen wir diese Person schon?"
    assert "Abendroth, Jule" in page.locator("main").inner_text()
    browsing.pressed(page, "Weiter")
    assert "Bitte entscheiden Sie." in page.locator("main").inner_text()
    page.get_by_label("eine andere Person").check()
    browsing.pressed(page, "Weiter")

    assert re.search(r"/inbox/tasks/\d+", page.url)
    page.goto("/cases?q=abendrot")
    expect(page.locator("tbody tr")).to_have_count(2)


def test_a_name_is_found_however_its_letters_were_typed(staff):
    handed_in(staff, family_name="Mu\u0308ßig", given_names="", birth_date="03.1981")
    page = staff.page("ks")
    for typed in ("Müßig", "muessig", "MÜSSIG"):
        page.goto(f"/cases?q={typed}")
        expect(page.locator("tbody tr")).to_have_count(1)
