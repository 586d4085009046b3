"""Intervening as people do it at their browsers: without scripts, at each width, in both languages, by two people."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.acceptance import test_pages as pages
from tests.acceptance.stage import staff, stage

__all__ = ["staff", "stage"]
pytestmark = pytest.mark.browser
REASON = "Doppelt angelegt, mit der Kundin besprochen."


@pytest.fixture
def case(stage):
    """A case at its first step."""
    stage.register()
    return stage


def address(case) -> str:
    return f"{case.case}/interventions"


def test_two_people_end_a_case_without_scripts(case):
    with case.fresh("leitung.aa", java_script_enabled=False) as asker:
        asker.goto(case.case)
        asker.get_by_role("link", name="Eingreifen").click()
        asker.get_by_role("link", name="Ablauf beenden").click()
        asker.get_by_role("button", name="Zur Bestätigung vorlegen").click()
        expect(asker.get_by_role("alert")).to_be_visible()
        asker.get_by_label("Begründung").fill(REASON)
        asker.get_by_role("button", name="Zur Bestätigung vorlegen").click()
        asker.get_by_text("wartet auf die Bestätigung einer zweiten Person").wait_for()
    with case.fresh("leitung.stadt", java_script_enabled=False) as other:
        other.goto("/inbox")
        other.get_by_role("link", name="Ansehen").click()
        other.get_by_role("link", name="Ablauf beenden").click()
        expect(other.get_by_text(REASON)).to_be_visible()
        other.get_by_role("button", name="Bestätigen und ausführen").click()
        other.get_by_text("Bestätigt und ausgeführt").first.wait_for()


def test_every_page_of_an_intervention_is_accessible_and_fits(case):
    page, found = case.page("leitung.aa"), []

    def look(name: str) -> None:
        found.extend(pages.flaws(page, f"intervene-{name}"))

    page.goto(address(case))
    look("case")
    for act in ("change", "suspend"):
        page.goto(address(case))
        page.locator(f'a[href*="/{act}?"]').last.click()
        look(act)
    page.get_by_label("Begründung").fill(REASON)
    page.get_by_role("button", name="Ausführen").click()
    page.goto(address(case))
    page.get_by_role("link", name="Ablauf beenden").click()
    page.get_by_role("button", name="Zur Bestätigung vorlegen").click()
    page.get_by_label("Begründung").fill(REASON)
    page.get_by_role("button", name="Zur Bestätigung vorlegen").click()
    page = case.page("leitung.stadt")
    page.goto("/interventions")
    look("waiting")
    page.get_by_role("link", name="Ablauf beenden").click()
    look("request")
    assert found == []


def test_the_pages_of_versions_are_accessible_and_fit(case):
    page, found = case.page("design"), []
    page.goto("/versions")
    found += pages.flaws(page, "versions")
    page.goto("/versions/case/move")
    page.get_by_label("Begründung").fill(REASON)
    page.get_by_role("button", name="Alle Fälle prüfen").click()
    page.get_by_text("Es läuft kein Fall in einer älteren Fassung.").wait_for()
    found += pages.flaws(page, "versions-batch")
    assert found == []
