"""The pages about staff in the browser: nothing for axe to find, wide and narrow; an act on many tasks by keyboard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from app.casework import models as casework
from app.office import clock, dates
from app.office import models as office
from app.supervision import bulks, service
from tests.app import browsing
from tests.app.conftest import PASSWORD

pytestmark = pytest.mark.browser
PAGES = ("/stuck", "/supervision/workload", "/supervision/absences", "/supervision/distribution",
         "/supervision/leaving", "/supervision/conferences/1", "/supervision/process/routing",
         "/supervision/process/routing/times")  # fmt: skip


@pytest.fixture
def stuck(register, office_sessions):
    """Two cases that stand still, led by the placement service, whose holder is away."""
    service.keep_up(office_sessions)
    register()
    register(family_name="Winter", birth_date="02.07.1984")
    with office_sessions.begin() as session:
        day = session.scalar(select(office.Clock.day)) + timedelta(21)
        session.execute(update(office.Clock).values(day=day, not_before=dates.start_of(day)))
        session.execute(update(casework.CaseFile).values(lead="VM"))
        person = session.scalar(select(office.Staff.id).where(office.Staff.login == "vm"))
        session.add(office.Absence(staff_id=person, valid_from=day, valid_to=day + timedelta(9), kind="leave"))
        service.ripen(session, limit=10)
    return office_sessions


def looked_at(page, path: str) -> None:
    """Nothing for axe to find, and nothing that runs out of the window; a picture of both widths."""
    for width in (browsing.WIDE, browsing.PHONE):
        page.set_viewport_size(width)
        page.goto(path)
        browsing.shot(page, f"{path.strip('/').replace('/', '-')}-{width['width']}")
        assert browsing.violations(page) == []
        assert browsing.overflows(page) <= 0
    page.set_viewport_size(browsing.WIDE)


def test_staff_pages_are_accessible_and_many_tasks_are_reminded_at_once(stuck, page):
    browsing.signed_in(page, "leitung.aa", PASSWORD)
    for path in PAGES:
        looked_at(page, path)
    page.goto("/stuck?cause=unclaimed")
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(2)
    for box in boxes.all():
        box.focus()
        page.keyboard.press("Space")
    page.get_by_label("Begründung, Bitte oder Text der Erinnerung").fill("Bitte bis Freitag")
    browsing.pressed(page, "Vorschau")
    looked_at(page, "/supervision/bulks/1")
    expect(page.get_by_text("Vorschau, noch nichts geschehen")).to_be_visible()
    browsing.pressed(page, "Für 2 ausführen")
    with stuck.begin() as session:
        bulks.work(session, now=clock.now(session), limit=10)
    # The page asks for itself: nobody presses anything.
    expect(page.get_by_text("fertig", exact=True)).to_be_visible()
    expect(page.get_by_text("getan: 2")).to_be_visible()
