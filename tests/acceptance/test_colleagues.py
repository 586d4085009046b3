"""Several hands on one task: whoever is slower is told so and loses nothing; a double click is one act."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.acceptance.stage import ROUTING, staff, stage

__all__ = ["staff", "stage"]
pytestmark = pytest.mark.browser
CONFIRM = "Fallbeginn bestätigen"
REMARK = "Die Miete wird direkt überwiesen."


@pytest.fixture
def announced(staff):
    """Department 5 has the start of an intensive case to confirm."""
    staff.register_and_check(birth_date="12.03.1977", unemployed_since="01.06.2002")
    staff.do("ks", ROUTING)
    return staff


def test_a_banner_tells_that_a_colleague_was_faster_and_what_was_typed_stays(announced):
    with announced.fresh("fb5") as slow:
        slow.clock.install()
        announced.found(slow, CONFIRM)
        slow.get_by_label("Bemerkung oder Rückfrage").fill(REMARK)
        quick = announced.open("fb5.zwei", CONFIRM)
        with quick.expect_navigation():
            quick.get_by_role("button", name="Übernehmen", exact=True).click()

        slow.clock.fast_forward(21_000)
        slow.locator("#task-state .banner", has_text="inzwischen übernommen").wait_for()
        expect(slow.get_by_label("Bemerkung oder Rückfrage")).to_have_value(REMARK)

        announced.complete(slow)
        assert "hat diese Aufgabe übernommen" in slow.locator("#task-state").inner_text()
        expect(slow.get_by_label("Bemerkung oder Rückfrage")).to_have_value(REMARK)


def test_whoever_hands_in_after_a_colleague_reads_who_did_it_and_keeps_the_words(announced):
    slow = announced.open("fb5", CONFIRM)
    announced.fill_in(slow, remark=REMARK)
    announced.do("fb5.zwei", CONFIRM)

    announced.complete(slow)
    told = slow.locator("main").inner_text()
    assert "Erledigt von Jürgen Pohl am " in told
    assert f"Bemerkung oder Rückfrage\n{REMARK}" in told  # under the name that the form shows
    assert "noticed" not in told


def test_a_double_click_completes_once_and_complains_about_nothing(announced):
    page = announced.open("fb5", CONFIRM)
    announced.fill_in(page)
    page.get_by_role("button", name="Erledigen").dblclick()
    page.wait_for_url(re.compile(r"/inbox\?"))

    expect(page.locator(".flash--danger, .kern-alert--danger")).to_have_count(0)
    assert CONFIRM not in announced.listed("fb5")
    assert announced.case_page("fm").count("bestätigt von") == 1
