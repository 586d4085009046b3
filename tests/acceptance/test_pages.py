"""Every page that a case leads to is accessible and fits: each tab, the case as each role sees it. The forms are looked
at on the way of a client under 25 (test_walk_routes).
"""

from __future__ import annotations

import pytest

from tests.acceptance import walking
from tests.acceptance.stage import CLIENTS, ROUTING, staff, stage
from tests.app import browsing

__all__ = ["staff", "stage"]
pytestmark = pytest.mark.browser
READERS = ("ks", "fm", "fb5", "leitung.aa", "dsb.stadt")
# What lies under the bar at the window's edge is not too small, it is further down; at the end the bar covers nothing.
TO_THE_END = """() => {
  for (const one of [document.scrollingElement, ...document.querySelectorAll(".pane--detail")])
    one.scrollTop = one.scrollHeight;
}"""
TABS = ("dossier", "history", "diagram", "path", "comments")


def flaws(page, name: str) -> list[str]:
    """What is wrong with the open page at the width of a desk, of a phone and of the narrowest window."""
    found = []
    page.wait_for_load_state("domcontentloaded")  # a click has led here, perhaps this moment
    for viewport in (browsing.WIDE, browsing.PHONE, browsing.NARROW):
        width = viewport["width"]
        page.set_viewport_size(viewport)
        page.evaluate(TO_THE_END)
        # The narrowest window shows what the phone shows, in less room.
        if viewport is not browsing.PHONE:
            found += [f"{name} at {width}: {one}" for one in browsing.violations(page)]
        browsing.shot(page, f"{name}-{width}")
        if (over := browsing.overflows(page)) > 0:
            found.append(f"{name} at {width}: {over} px too wide")
    page.set_viewport_size(browsing.WIDE)
    return found


@pytest.fixture(scope="module")
def case(stage):
    """A case under 25 whose route is confirmed; the benefit and the first talk are up."""
    stage.register_and_check()
    stage.do("ks", ROUTING)
    stage.brought_to("Profiling-Gespräch führen")
    return stage


@pytest.mark.parametrize("login", READERS)
def test_the_page_of_a_case_as_each_role_sees_it(case, login):
    page = case.page(login)
    assert page.goto(case.case).status == 200
    if login == "fm":
        # The diagram is drawn when it comes into view.
        page.locator("#h-diagram").scroll_into_view_if_needed()
        page.locator("svg .djs-group").first.wait_for()
    assert flaws(page, f"case-{login}") == []


def test_each_tab_of_a_task(case):
    page = case.open("vm", "Profiling-Gespräch führen")
    address = page.url
    found = []
    for tab in TABS:
        page.goto(f"{address}&tab={tab}")
        if tab == "diagram":
            page.locator("svg .djs-group").first.wait_for()
        found += flaws(page, f"tab-{tab}")
    assert found == []


def test_the_desk_of_the_reception(staff):
    page = staff.page("ks")
    page.goto("/clients/new")
    walking.fill(page.locator("main form"), walking.PERSON | {"birth_date": "31.02.1982", "benefits": []})
    page.get_by_role("button", name="Aufnehmen").click()
    page.locator("[role=alert]").first.wait_for()
    found = flaws(page, "registration-refused")

    staff.register(**CLIENTS[-1])
    found += flaws(page, "first-task")
    page.goto("/clients/new")
    walking.fill(page.locator("main form"), walking.PERSON | CLIENTS[-1])
    page.get_by_role("button", name="Aufnehmen").click()
    page.locator("h1", has_text="Kennen wir diese Person schon?").wait_for()
    found += flaws(page, "duplicates")
    page.goto("/inbox")
    found += flaws(page, "inbox")
    page.goto("/cases?q=2004")
    found += flaws(page, "cases")
    assert found == []


def test_the_wheel_over_a_diagram_scrolls_the_page(staff):
    with staff.fresh("ks") as page:
        page.goto("/processes/routing")
        page.locator(".diagram svg").first.wait_for()
        diagram = page.locator(".diagram").first
        diagram.scroll_into_view_if_needed()
        diagram.hover(position={"x": 150, "y": 60})
        before = page.evaluate("scrollY")
        page.mouse.wheel(0, 200)
        page.wait_for_function("before => scrollY > before", arg=before)
