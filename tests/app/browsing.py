"""A real browser on the assembled application: a server in a thread, Chromium, axe."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import threading
from pathlib import Path

import pytest
from werkzeug.serving import make_server

# The shell without windows shows pages in a third of the time; where the distribution has none, the whole browser.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
# No process draws for a screen that is not there, and none is kept for a second site: there is only one.
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-site-isolation-trials",
    "--disable-features=IsolateOrigins,site-per-process,SpareRendererForSitePerProcess",
)
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}
# WCAG 2.2 AA and what axe calls best practice, without an exception.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # What passed is not described node by node: nobody reads it.
    "resultTypes": ["violations"],
}

FOUND = """async (rules) => (await axe.run(rules)).violations.flatMap(
  (one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)}`))"""


@contextlib.contextmanager
def served(app):
    """The address of the application, served by a thread of this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def chromium():
    """A running Chromium; skips the test, and says so, where there is none."""
    if CHROMIUM is None:
        pytest.skip("browser tests need Chromium: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS))
        yield browser
        browser.close()


@contextlib.contextmanager
def opened(browser, address, viewport=None, **options):
    """A page of a fresh browser profile; an error in a script or a breach of the content policy fails the test."""
    context = browser.new_context(base_url=address, viewport=viewport or WIDE, locale="de-DE", **options)
    page = context.new_page()
    # A bound for what hangs, not for what is slow: the machine may be busy with other tests.
    page.set_default_timeout(60_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if _is_complaint(message) else None)
    page.complaints = complaints
    yield page
    context.close()
    assert complaints == []


def _is_complaint(message) -> bool:
    # A 4xx answer is an answer; the browser calls it an error of its own.
    return message.type == "error" and "Failed to load resource" not in message.text


@functools.cache
def _axe() -> str:
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe().axe_script


def violations(page) -> list[str]:
    """What axe finds on the page, one line each; an empty list is what tests assert."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    return page.evaluate(FOUND, RULES)


def overflows(page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def signed_in(page, login: str, password: str) -> None:
    """Signs in by typing."""
    page.goto("/login")
    page.get_by_label("Benutzername").fill(login)
    page.get_by_label("Passwort").fill(password)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url(lambda url: "/login" not in url)


def pressed(page, button: str) -> None:
    """Presses a button that hands in a form, and waits for the page it leads to: a click alone does not."""
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


def shot(page, name: str) -> None:
    """A picture of the whole page, where SHOTS names a folder."""
    folder = os.environ.get("SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
