"""The stuck desk at the screen: found there, acted on there, gone at once; each leader acts on own staff only (R41)."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask_babel import force_locale, refresh
from sqlalchemy import select, update

from app.office import dates
from app.office import models as office
from app.supervision import service, words
from tests.app import browsing
from tests.app.conftest import PASSWORD


@pytest.fixture
def stuck(register, office_sessions):
    """A registered case nobody has touched for three weeks; the id of its task."""
    service.keep_up(office_sessions)
    task_id = register()
    with office_sessions.begin() as session:
        day = session.scalar(select(office.Clock.day))
        session.execute(update(office.Clock).values(day=day + timedelta(21), not_before=office_time(day)))
        service.ripen(session, limit=10)
    return task_id


def office_time(day: date):
    """Early on this day."""
    return dates.start_of(day)


def causes(text: str) -> set[str]:
    """The causes of the rows of a page."""
    return set(re.findall(r'data-cause="(\w+)"', text))


@pytest.mark.usefixtures("stuck")
def test_the_desk_names_cause_role_consequence_and_remedy(at):
    text = at("leitung.aa").page("/stuck")
    assert "unclaimed" in causes(text)
    for said in ("Niemand hat die Aufgabe übernommen", "Am Zug", "Einer Person übergeben", "Sommerfeld"):
        assert said in text


@pytest.mark.usefixtures("stuck")
def test_the_desk_speaks_english(at):
    desk = at("leitung.aa")
    desk.post("/language", locale="en")
    text = desk.page("/stuck")
    assert "Nobody has taken the task" in text
    assert "Niemand hat" not in text


def test_whoever_is_given_the_task_takes_it_off_the_desk_at_once(at, stuck):
    leader = at("leitung.aa")
    text = leader.page("/stuck?cause=unclaimed")
    assert causes(text) == {"unclaimed"}
    person = re.search(rf'/tasks/{stuck}/assign".*?<option value="(\d+)"', text, re.DOTALL)[1]
    assert leader.post(f"/inbox/tasks/{stuck}/assign", person=person, reason="Bitte übernehmen").status_code == 303
    assert causes(leader.page("/stuck?cause=unclaimed")) == set()


def test_a_later_due_date_takes_the_task_off_the_desk_at_once(at, stuck, office_sessions):
    leader = at("leitung.aa")
    assert "overdue" in causes(leader.page("/stuck"))
    with office_sessions() as session:
        day = session.scalar(select(office.Clock.day)) + timedelta(3)
    answer = leader.post(f"/inbox/tasks/{stuck}/due", due=f"{day:%d.%m.%Y}", reason="Unterlagen kommen")
    assert answer.status_code == 303
    assert "overdue" not in causes(leader.page("/stuck?role=KS"))


def test_a_leader_cannot_act_on_the_other_agencys_staff_and_asks_its_leader(at, stuck, office_sessions):
    mine, other = at("leitung.stadt"), at("leitung.aa")
    text = mine.page("/stuck?cause=unclaimed&role=KS")
    assert "andere Behörde" in text
    assert f"/tasks/{stuck}/assign" not in text
    with office_sessions() as session:
        account = session.scalar(select(office.Staff.account_id).where(office.Staff.login == "ks"))
    assert mine.post(f"/inbox/tasks/{stuck}/assign", person=str(account), reason="x").status_code == 403
    asked = mine.post("/stuck/cases/1/ask", cause="unclaimed", name="Route", text="Bitte nehmen Sie sich des Falls an.")
    assert asked.status_code == 303
    there = other.page("/stuck")
    assert "Bitte nehmen Sie sich des Falls an." in there
    assert "Antwort bis" in there
    assert mine.post("/stuck/requests/1/answer", text="ich selbst").status_code == 403
    assert other.post("/stuck/requests/1/answer", text="Ist übergeben.").status_code == 303
    assert "Ist übergeben." in mine.page("/stuck")


@pytest.mark.usefixtures("stuck")
def test_an_empty_request_is_not_sent(at):
    at("leitung.stadt").post("/stuck/cases/1/ask", cause="unclaimed", text=" ")
    assert "Bitten der anderen Leitung" not in at("leitung.aa").page("/stuck")


@pytest.mark.usefixtures("stuck")
def test_only_leaders_see_the_desk(at):
    assert at("ks").get("/stuck").status_code == 403
    assert at("ks").get("/stuck.csv").status_code == 403
    assert 'href="/stuck"' not in at("ks").page("/inbox")


@pytest.mark.parametrize(
    ("query", "there"),
    [("agency=AA", True), ("agency=STADT", False), ("role=KS", True), ("role=FB5", False), ("days=10", True),
     ("days=90", False), ("cause=incident", False), ("level=grey", False), ("view=grouped", True),
     ("process=intake", True), ("process=closing", False), ("after=nonsense", True), ("role=x&cause=y", True)],
)  # fmt: skip
def test_filters_keep_what_they_say(at, stuck, query, there):
    assert (f"/tasks/{stuck}/assign" in at("leitung.aa").page(f"/stuck?{query}")) is there


@pytest.mark.usefixtures("stuck")
def test_the_table_names_no_client_and_holds_no_formula(at):
    answer = at("leitung.aa").get("/stuck.csv")
    assert answer.mimetype == "text/csv"
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Stufe;Fall;Ursache")
    assert len(lines) > 1
    assert "Sommerfeld" not in answer.data.decode()


def test_each_cause_says_everything_in_both_languages(app):
    said = {}
    for language in ("de", "en"):
        with app.test_request_context():
            refresh()
            with force_locale(language):
                said[language] = [
                    str(part)
                    for one in words.CAUSES.values()
                    for part in (one.title, one.meaning, one.consequence, one.remedy)
                ]
    assert all(german and german != english for german, english in zip(said["de"], said["en"], strict=True))


@pytest.mark.usefixtures("stuck")
def test_the_desk_has_no_barriers(page):
    browsing.signed_in(page, "leitung.aa", PASSWORD)
    for address in ("/stuck", "/stuck?view=grouped"):
        page.goto(address)
        page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        assert browsing.violations(page) == []
