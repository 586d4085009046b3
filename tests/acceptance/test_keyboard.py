"""Without a mouse, and without losing a word: keyboard alone, drafts, a browser that was closed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.acceptance.stage import IDENTITY, ROUTING, staff, stage
from tests.app import browsing
from tests.app.conftest import PASSWORD

__all__ = ["staff", "stage"]
pytestmark = pytest.mark.browser
TABS = 80


def tab_to(page, locator) -> None:
    """Presses the tabulator until the focus is there."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if locator.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"no way by keyboard to {locator}")


def test_from_login_to_a_completed_task_by_keyboard_alone(staff):
    staff.register_and_check()
    with browsing.opened(staff.house.browser, staff.house.address) as page:
        page.goto("/login")
        tab_to(page, page.get_by_label("Benutzername"))
        page.keyboard.type("ks")
        tab_to(page, page.get_by_label("Passwort"))
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login" not in url)

        page.keyboard.press("/")
        page.keyboard.type(staff.number)
        page.keyboard.press("Enter")
        page.get_by_text(f"Gesucht: {staff.number}").wait_for()
        tab_to(page, page.locator(".task-table").get_by_role("link", name=ROUTING))
        page.keyboard.press("Enter")
        confirm = page.locator("[name=decision][value=confirm]")
        confirm.wait_for()
        tab_to(page, confirm)
        page.keyboard.press("Space")
        tab_to(page, page.get_by_role("button", name="Erledigen"))
        page.keyboard.press("Enter")
        page.locator("#messages", has_text=f"Erledigt: {ROUTING}").wait_for()


COVERED = """() => {
  const here = document.activeElement, box = here.getBoundingClientRect();
  if (here === document.body || !box.width) return "";
  const spots = [0.1, 0.5, 0.9].map((part) => [box.x + box.width / 2, box.y + box.height * part]);
  const free = spots.some(([x, y]) => { const top = document.elementFromPoint(x, y);
    return top && (here.contains(top) || top.contains(here)) });
  return free ? "" : here.outerHTML.slice(0, 120);
}"""


@pytest.mark.parametrize("viewport", [browsing.WIDE, browsing.PHONE, browsing.NARROW])
def test_no_bar_hides_what_has_the_focus(staff, viewport):
    staff.register()
    with staff.fresh("ks", viewport) as page:
        page.goto(f"/inbox?q={staff.number}")
        page.locator(".task-table").get_by_role("link").first.click()
        page.locator("#task-form").wait_for()
        for address in (page.url, "/clients/new"):
            page.goto(address)
            hidden = []
            for key in ["Tab"] * 60 + ["Shift+Tab"] * 60:
                page.keyboard.press(key)
                hidden.append(page.evaluate(COVERED))
            assert [one for one in hidden if one] == []


def test_a_draft_survives_closing_the_browser(staff):
    staff.register_and_check()
    with staff.fresh("ks") as page:
        page.goto(f"/inbox?q={staff.number}")
        page.locator(".task-table").get_by_role("link", name=ROUTING).click()
        page.locator("[name=decision][value=deviate]").check()
        reason = page.get_by_label("Begründung der Abweichung")
        reason.wait_for()
        with page.expect_response(lambda answer: answer.url.endswith("/draft") and answer.ok):
            reason.fill("Noch nicht zu Ende gedacht")
    with staff.fresh("ks") as page:
        page.goto(f"/inbox?q={staff.number}")
        page.locator(".task-table").get_by_role("link", name=ROUTING).click()
        expect(page.get_by_label("Begründung der Abweichung")).to_have_value("Noch nicht zu Ende gedacht")
        assert "Ihr Entwurf vom" in page.locator("#task-form").inner_text()


def test_a_lost_connection_loses_no_word(staff):
    staff.register()
    with staff.fresh("ks") as page:
        page.goto(f"/inbox?q={staff.number}")
        page.locator(".task-table").get_by_role("link", name=IDENTITY).click()
        page.wait_for_url("**/inbox/tasks/**")
        page.context.set_offline(True)
        page.locator("[name=notice_given]").check()
        page.locator("[data-draft-state]", has_text="Keine Verbindung").wait_for()
        with page.expect_response(lambda answer: answer.url.endswith("/draft") and answer.ok):
            page.context.set_offline(False)
        page.reload()
        expect(page.locator("[name=notice_given]")).to_be_checked()
