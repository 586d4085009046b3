"""From nothing to a case, in the browser: a process is made with form and rule, mended, played, signed by both leaders,
and runs for somebody who comes in. Once on the canvas, once in the list of steps by keyboard alone.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.casework import queries as casework
from app.office import clock, dates
from tests.acceptance import walking
from tests.app import browsing
from tests.app.conftest import PASSWORD
from tests.app.design import test_drawing as canvas
from tests.app.design import test_forms_browser as keys
from tests.app.design import test_releases as acts
from workflows.models import Entry, Instance

pytestmark = pytest.mark.browser
NOTE = "Hat Zeugnisse dabei"


def signed_in(page, login: str) -> None:
    page.context.clear_cookies()
    browsing.signed_in(page, login, PASSWORD)


@pytest.fixture
def today(office_sessions) -> str:
    """The day of the office, as people type it."""
    with office_sessions() as session:
        return f"{dates.day_of(clock.now(session)):%d.%m.%Y}"


@pytest.fixture
def designer(page):
    """A designer's browser at the list of drafts."""
    signed_in(page, "design")
    page.goto("/design")
    return page


def of_kind(page, task: str, kind: str) -> str:
    """Makes a task one of this kind by the menu of the canvas; its id."""
    others = set(canvas.ids(page)) - {task}
    canvas.select(page, task)
    page.locator('.djs-context-pad [data-action="replace"]').click()
    page.locator(".djs-popup .entry", has_text=kind).first.click()
    return next(one for one in canvas.ids(page) if one not in others and not one.endswith("_label"))


def drawn(page) -> str:
    """A rule and a task on the canvas, the error that shows on the way mended; the address of the draft."""
    page.get_by_label("Name des Prozesses").fill("Urgent")
    page.get_by_role("button", name="Leer beginnen").click()
    page.locator("[data-designer][data-ready]").wait_for()
    draft = page.url
    rule = of_kind(page, canvas.append(page, "urgent_start", "append.append-task"), "Regelaufgabe")
    task = of_kind(page, canvas.append(page, rule, "append.append-task"), "Aufgabe mit Formular")
    canvas.append(page, task, "append.end-event")
    canvas.problem(page, "fehlt, welche Funktion sie ausführt").first.click()
    page.locator(".panel__id", has_text=rule).wait_for()
    page.get_by_label("Name", exact=True).fill("Route vorschlagen")
    page.get_by_label("Regel", exact=True).select_option("routing.propose")
    canvas.select(page, task)
    page.get_by_label("Name", exact=True).fill("Gespräch führen")
    page.get_by_label("Rolle").select_option("BFK")
    page.get_by_label("Formular", exact=True).select_option("reminder")
    page.get_by_label("Frist").fill("werktage(3)")
    page.keyboard.press("Tab")
    expect(page.locator(".problem__sign--error")).to_have_count(0)
    canvas.saved(page)
    browsing.shot(page, "drawn-to-case-canvas")
    return draft


def test_on_the_canvas(designer, office_sessions, today):
    page = designer
    draft = drawn(page)
    page.get_by_role("link", name="Durchspielen").click()
    page.get_by_role("button", name="Anfangen").click()
    page.get_by_text("Das Regelwerk mit erfundenen Angaben fragen").click()
    page.get_by_label("Geburtsdatum").fill("12.03.1982")
    page.get_by_label("Hilfe zum Lebensunterhalt").check()
    page.get_by_role("button", name="Regelwerk fragen").click()
    expect(page.get_by_role("status").filter(has_text="Z6")).to_contain_text("Volle Betreuung unter 25")
    page.get_by_role("button", name="Erledigen").click()
    page.get_by_label("Brief").check()
    page.locator("#f-note").fill(NOTE)
    page.get_by_role("button", name="Erledigen").click()
    page.get_by_label("Was das Szenario zeigt").fill("Vorschlag und Gespräch")
    page.get_by_role("button", name="Szenario speichern").click()
    expect(page.get_by_text("läuft wie aufgenommen", exact=True)).to_be_visible()

    page.goto(f"{draft}/release")
    page.get_by_label("Warum die Änderung").fill("Kurzer Weg für den Anfang")
    page.get_by_label("Gilt ab").fill(today)
    page.get_by_label("Die Hinweise sind gelesen").check()
    page.get_by_role("button", name="Beiden Leitungen vorlegen").click()
    release = page.url
    for login in acts.LEADERS:
        signed_in(page, login)
        page.goto(release)
        page.get_by_role("button", name="freigeben").click()
        page.get_by_text("unterschrieben", exact=False).first.wait_for()
    assert acts.activated(office_sessions)

    reported(page)
    page.get_by_label("Brief").check()
    page.locator("#f-note").fill(NOTE)
    browsing.shot(page, "drawn-to-case-task")
    browsing.pressed(page, "Erledigen")
    ran(office_sessions)


def reported(page) -> None:
    """Somebody comes in at the reception in urgent need; the benefit adviser opens the task that came of it."""
    signed_in(page, "ks")
    page.goto("/clients/new")
    walking.fill(page.locator("main form"), walking.PERSON)
    browsing.pressed(page, "Aufnehmen")
    walking.fill(page.locator("#task-form"), {"notice_given": True, "identity_paper": "seen", "urgent": True})
    browsing.pressed(page, "Erledigen")
    signed_in(page, "bfk")
    page.goto("/inbox")
    page.get_by_role("link", name="Gespräch führen").first.click()
    page.get_by_role("heading", name="Gespräch führen").wait_for()


def ran(office_sessions) -> None:
    """The rules decided about the new case, and its task is done."""
    with office_sessions() as session:
        case_id = casework.find(session, walking.PERSON["family_name"])[0]
        assert casework.latest_decision(session, case_id).rule == "Z6"
        done = select(Entry.name).join(Instance, Instance.id == Entry.instance_id)
        done = done.where(Instance.subject == str(case_id), Entry.kind == "task_completed")
        assert "Gespräch führen" in session.scalars(done).all()


def test_in_the_list_of_steps_by_keyboard_alone(designer, office_sessions, today):
    page = designer
    keys.fill(page, "Name des Prozesses", "Urgent")
    keys.press(page, page.get_by_role("button", name="Leer beginnen"))
    draft = page.url
    page.goto(f"{draft}/steps/urgent_start")
    added(page, "businessRuleTask", "Route vorschlagen")
    expect(page.get_by_text("fehlt, welche Funktion sie ausführt")).to_be_visible()
    keys.choose(page, "#f-handler", "routing.propose")
    keys.press(page, page.get_by_role("button", name="Sichern", exact=True))
    expect(page.get_by_text("fehlt, welche Funktion sie ausführt")).to_have_count(0)
    added(page, "userTask", "Gespräch führen")
    keys.choose(page, "#f-role", "BFK")
    keys.choose(page, "#f-form", "reminder")
    keys.fill(page, "Frist", "werktage(3)")
    keys.press(page, page.get_by_role("button", name="Sichern", exact=True))
    added(page, "endEvent", "Fertig")

    page.goto(f"{draft}/play")
    keys.press(page, page.get_by_role("button", name="Anfangen"))
    keys.fill(page, "proposal_route", "VOLL_U25")
    keys.press(page, page.get_by_role("button", name="Erledigen"))
    talked(page)
    keys.fill(page, "Was das Szenario zeigt", "Vorschlag und Gespräch")
    keys.press(page, page.get_by_role("button", name="Szenario speichern"))
    expect(page.get_by_text("läuft wie aufgenommen", exact=True)).to_be_visible()

    page.goto(f"{draft}/release")
    keys.fill(page, "Warum die Änderung", "Kurzer Weg für den Anfang")
    keys.fill(page, "Gilt ab", today)
    keys.reach(page, page.get_by_label("Die Hinweise sind gelesen"))
    page.keyboard.press("Space")
    keys.press(page, page.get_by_role("button", name="Beiden Leitungen vorlegen"))
    release = page.url
    for login in acts.LEADERS:
        signed_in(page, login)
        page.goto(release)
        keys.press(page, page.get_by_role("button", name="freigeben"))
    assert acts.activated(office_sessions)

    reported(page)
    talked(page)
    ran(office_sessions)


def added(page, kind: str, name: str) -> None:
    """Adds a step after the one whose page is open."""
    keys.choose(page, "#add", kind)
    keys.reach(page, page.locator("#add-name"))
    page.keyboard.type(name)
    keys.press(page, page.get_by_role("button", name="Hinzufügen", exact=True))


def talked(page) -> None:
    """Fills in the form of the talk and hands it in."""
    keys.reach(page, page.get_by_label("Brief"))
    page.keyboard.press("Space")
    keys.reach(page, page.locator("#f-note"))
    page.keyboard.type(NOTE)
    keys.press(page, page.get_by_role("button", name="Erledigen"))
