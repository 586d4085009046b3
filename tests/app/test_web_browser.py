"""The login page and the frame of all pages in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.identity import service
from tests.app import browsing
from tests.app.conftest import PASSWORD

pytestmark = pytest.mark.browser
SIZES = {"1440": browsing.WIDE, "390": browsing.PHONE, "320": browsing.NARROW}


@pytest.mark.parametrize("width", SIZES)
def test_pages_of_the_frame_are_accessible_and_fit(browser, address, width):
    with browsing.opened(browser, address, SIZES[width]) as page:
        for path in ("/login", "/help", "/notices", "/nowhere"):
            page.goto(path)
            browsing.shot(page, f"{path.strip('/')}-{width}")
            assert browsing.violations(page) == []
            assert browsing.overflows(page) <= 0
        browsing.signed_in(page, "leitung.stadt", PASSWORD)
        page.goto("/account")
        browsing.pressed(page, "Passwort ändern")
        browsing.shot(page, f"account-errors-{width}")
        assert browsing.violations(page) == []
        assert browsing.overflows(page) <= 0
        if (menu := page.get_by_role("button", name="Menü")).is_visible():
            menu.click()
        browsing.pressed(page, "Sperren")
        browsing.shot(page, f"lock-{width}")
        assert browsing.violations(page) == []
        assert browsing.overflows(page) <= 0


def test_signing_in_needs_no_mouse(page):
    page.goto("/login")
    assert page.evaluate("document.activeElement.id") == "f-login"
    page.keyboard.type("ks")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    page.get_by_role("button", name="Abmelden").wait_for()


def test_first_tab_skips_to_the_content(page):
    page.goto("/help")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zum Inhalt springen"
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'main'")


def test_wrong_password_is_told_and_the_login_stays(page):
    page.goto("/login")
    page.get_by_label("Benutzername").fill("ks")
    page.get_by_label("Passwort").fill("falsch")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("Benutzername oder Passwort stimmt nicht.").wait_for()
    assert page.get_by_label("Benutzername").input_value() == "ks"
    browsing.shot(page, "login-wrong-1440")
    assert browsing.violations(page) == []


def test_too_many_wrong_passwords_close_the_login(page):
    page.goto("/login")
    for _ in range(service.PER_LOGIN + 1):
        page.get_by_label("Benutzername").fill("ks")
        page.get_by_label("Passwort").fill("falsch")
        browsing.pressed(page, "Anmelden")
    page.get_by_text("Zu viele Versuche. Bitte warten Sie 15 Minuten.").wait_for()


def test_errors_take_the_focus_and_lead_to_their_field(page):
    browsing.signed_in(page, "ks", PASSWORD)
    page.goto("/account")
    browsing.pressed(page, "Passwort ändern")
    page.wait_for_function("document.activeElement.id === 'error-summary'")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'f-old_password'")


def test_question_mark_shows_the_keys_and_escape_hides_them(page):
    browsing.signed_in(page, "ks", PASSWORD)
    page.goto("/account")
    page.locator("main").focus()
    page.keyboard.press("?")
    overlay = page.get_by_role("dialog")
    overlay.get_by_text("Nächste Zeile der Liste").wait_for()
    browsing.shot(page, "keys-1440")
    assert browsing.violations(page) == []
    page.keyboard.press("Escape")
    overlay.wait_for(state="hidden")
    page.get_by_label("Bisheriges Passwort").focus()
    page.keyboard.type("?")
    expect(overlay).not_to_be_visible()


def test_lock_keeps_the_page(page):
    browsing.signed_in(page, "ks", PASSWORD)
    page.goto("/help?from=here")
    page.get_by_role("button", name="Sperren").click()
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Entsperren").click()
    page.wait_for_url("**/help?from=here")


def test_language_changes_on_the_same_page(page):
    page.goto("/help?from=here")
    page.get_by_role("button", name="English").click()
    page.wait_for_url("**/help?from=here")
    page.get_by_role("heading", name="Keyboard").wait_for()
    assert page.locator("html").get_attribute("lang") == "en"


def test_old_page_after_a_new_sign_in_loses_nothing(page):
    browsing.signed_in(page, "ks", PASSWORD)
    page.goto("/account")
    page.get_by_label("Bisheriges Passwort").fill("x")
    other = page.context.new_page()
    other.request.post("/logout", form={"csrf_token": page.locator("meta[name=csrf-token]").get_attribute("content")})
    browsing.signed_in(other, "ks", PASSWORD)
    browsing.pressed(page, "Passwort ändern")
    expect(page.get_by_role("heading", name="Bitte noch einmal bestätigen")).to_be_visible()
    assert browsing.violations(page) == []


def test_every_page_that_opens_without_a_number_is_accessible_and_fits(browser, app, address):
    """As a leader sees it; others look at what leaders do not see, and at what each sees in an own way."""
    paths = sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods
        and not rule.arguments
        and not rule.rule.startswith(("/metrics", "/healthz"))
        and not rule.rule.endswith(".csv")  # saved as a file, never shown as a page
    )
    seen: set[str] = set()
    for login in ("leitung.stadt", "ks", "design", "admin"):
        with browsing.opened(browser, address) as page:
            browsing.signed_in(page, login, PASSWORD)
            for path in paths:
                if path in seen - {"/inbox", "/cases"}:
                    continue
                answer = page.goto(path)
                if answer.ok and page.locator("main").count():
                    seen.add(path)
                    _look(page, path, login)
    assert {"/inbox", "/cases", "/clients/new", "/design", "/stuck", "/help"} <= seen


def _look(page, path: str, login: str) -> None:
    for width, size in SIZES.items():
        page.set_viewport_size(size)
        browsing.shot(page, f"{login}{path.replace('/', '-')}-{width}")
        assert browsing.overflows(page) <= 0, (path, login, width)
        # The narrowest window shows what the phone shows, in less room.
        if size is not browsing.PHONE:
            assert browsing.violations(page) == [], (path, login, width)


def test_a_phone_shows_the_ways_on_request_and_without_script_at_once(page, browser, address):
    browsing.signed_in(page, "leitung.stadt", PASSWORD)
    page.set_viewport_size(browsing.PHONE)
    page.goto("/account")
    ways, menu = page.get_by_role("navigation", name="Hauptnavigation"), page.get_by_role("button", name="Menü")
    expect(ways).to_be_hidden()
    menu.focus()
    page.keyboard.press("Enter")
    expect(ways).to_be_visible()
    assert browsing.violations(page) == []
    assert browsing.overflows(page) <= 0
    browsing.shot(page, "menu-390")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(ways).to_be_hidden()
    expect(menu).to_be_focused()
    kept = page.context.storage_state()
    with browsing.opened(browser, address, java_script_enabled=False, storage_state=kept) as plain:
        plain.set_viewport_size(browsing.PHONE)
        plain.goto("/account")
        expect(plain.get_by_role("navigation", name="Hauptnavigation")).to_be_visible()
        expect(plain.get_by_role("button", name="Menü")).to_be_hidden()


@pytest.mark.parametrize("language", ["Deutsch", "English"])
def test_the_leaders_many_ways_fit_one_line_of_a_usual_screen(page, language):
    browsing.signed_in(page, "leitung.stadt", PASSWORD)
    if (choice := page.get_by_role("button", name=language)).count():
        browsing.pressed(page, language)
        choice.wait_for(state="detached")
    page.set_viewport_size(browsing.WIDE)
    ways, tools = (page.locator(part).bounding_box() for part in (".site-nav", ".site-tools"))
    assert tools["y"] < ways["y"] + ways["height"]
    assert page.locator(".site-header").bounding_box()["height"] < 70
