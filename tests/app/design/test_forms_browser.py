"""The form designer in the browser: a form is made without a mouse, and looks right on wide and narrow screens."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.app import browsing
from tests.app.conftest import PASSWORD

pytestmark = pytest.mark.browser


def reach(page, target) -> None:
    """Goes on with Tab until the target has the focus."""
    expect(target).to_be_visible()
    for _press in range(150):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(target)


def fill(page, label: str, text: str) -> None:
    reach(page, page.get_by_label(label).first)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def choose(page, field: str, value: str) -> None:
    """Goes down in a list of choices until the value is the chosen one."""
    box = page.locator(field)
    reach(page, box)
    for _press in range(40):
        if box.input_value() == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(value)


def press(page, button) -> None:
    reach(page, button)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def looked_at(page, name: str) -> None:
    """Nothing for axe to find, wide and narrow, and a picture of both."""
    for width in (1440, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert not browsing.violations(page)
        assert browsing.overflows(page) <= 0
        browsing.shot(page, f"{name}-{width}")
    page.set_viewport_size({"width": 1440, "height": 900})


def test_form_is_made_by_keyboard_attached_to_a_step_and_seen(page):
    browsing.signed_in(page, "design", PASSWORD)
    page.goto("/design")
    fill(page, "Name des Prozesses", "Probe")
    press(page, page.get_by_role("button", name="Leer beginnen"))
    page.goto(page.url + "/steps/probe_start")
    choose(page, "#add", "userTask")
    reach(page, page.locator("#add-name"))
    page.keyboard.type("Antrag prüfen")
    press(page, page.get_by_role("button", name="Hinzufügen", exact=True))
    looked_at(page, "step")
    step = page.url
    for path, name in ((step.rpartition("/")[0], "step-list"), ("/processing", "processing")):
        page.goto(path)
        looked_at(page, name)
    page.goto(step)

    fill(page, "Titel eines neuen Formulars", "Antrag prüfen")
    press(page, page.get_by_role("button", name="Neues Formular"))
    form = page.url
    for kind, label in (("yes_no", "Liegt alles vor?"), ("money", "Betrag"), ("dynamiclist", "Fehlende Unterlagen")):
        choose(page, "#f-kind", kind)
        fill(page, "Beschriftung oder Text", label)
        press(page, page.get_by_role("button", name="Hinzufügen", exact=True))
        if kind == "money":
            fill(page, "Ausblenden, wenn", 'liegt_alles_vor != "yes" and nobody')
            press(page, page.get_by_role("button", name="Sichern", exact=True))
            expect(page.get_by_role("alert")).to_contain_text("nobody")
            looked_at(page, "form-field-refused")
            fill(page, "Ausblenden, wenn", 'liegt_alles_vor != "yes"')
            press(page, page.get_by_role("button", name="Sichern", exact=True))
        else:
            page.goto(form)
    press(page, page.get_by_role("button", name="Fehlende Unterlagen nach oben"))
    looked_at(page, "form-list")

    press(page, page.get_by_role("link", name="Deutsch"))
    expect(page.get_by_role("group", name="Liegt alles vor?")).to_be_visible()
    expect(page.get_by_label("Betrag")).to_be_hidden()
    reach(page, page.get_by_label("Ja"))
    page.keyboard.press("Space")
    expect(page.get_by_label("Betrag")).to_be_visible()
    press(page, page.get_by_role("button", name="Erledigen"))
    expect(page.get_by_role("status").filter(has_text="So würde")).to_be_visible()
    looked_at(page, "form-preview")
    page.goto(form.rpartition("/")[0])
    expect(page.get_by_role("link", name="Antrag prüfen", exact=True)).to_be_visible()
    looked_at(page, "form-index")
