"""Targets of the steps: counted in numbers for both leaders, listed for the own staff only, gone with the step."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import insert, select, update

from app.office import clock, dates
from app.office import models as office
from app.supervision import models, service
from tests.app import browsing
from tests.app.conftest import PASSWORD


def move_clock(sessions, days: int) -> None:
    """Sets the office's date so many days on."""
    with sessions.begin() as session:
        day = session.scalar(select(office.Clock.day)) + timedelta(days)
        session.execute(update(office.Clock).values(day=day, not_before=dates.start_of(day)))


def steps(text: str) -> dict[str, str]:
    """The rows of the table of targets."""
    return dict(re.findall(r'<tr data-step="(\w+)">(.*?)</tr>', text, re.DOTALL))


def colours(row: str) -> set[str]:
    """The colours of the own agency's cases in a row."""
    return set(re.findall(r'data-colour="(\w+)"', row))


def ended(sessions, *, gross: int, times: int) -> None:
    """So many steps that have ended today after so many working days."""
    with sessions.begin() as session:
        run = session.scalars(select(models.Step).where(models.Step.step == "route").limit(1)).one()
        now = clock.now(session)
        row = {
            "case_id": 900, "step": "route", "unit": run.unit, "role": run.role, "since": now - timedelta(60),
            "amber_at": now, "red_at": now, "ended_at": now, "next_at": now, "gross": gross, "net": gross,
        }  # fmt: skip
        session.execute(insert(models.Step), [row | {"ref": number} for number in range(times)])


@pytest.fixture
def registered(register, office_sessions):
    """A registered case; the reception, of the agency, must move."""
    service.keep_up(office_sessions)
    return register()


@pytest.mark.usefixtures("registered")
def test_a_new_case_is_green_then_yellow_then_red(at, office_sessions):
    leader, seen = at("leitung.aa"), []
    for days in (0, 6, 10):
        move_clock(office_sessions, days)
        seen.append(colours(steps(leader.page("/supervision/targets"))["route"]))
    assert seen == [{"green"}, {"amber"}, {"red"}]


@pytest.mark.usefixtures("registered")
def test_the_click_shows_the_case_with_both_times_and_who_must_move(at, office_sessions):
    move_clock(office_sessions, 21)
    text = at("leitung.aa").page("/supervision/targets?step=route&colour=red")
    assert 'data-case="1"' in text
    assert "Am Zug" in text
    assert "Werktage" in text
    assert 'data-case="1"' not in at("leitung.aa").page("/supervision/targets?step=route&colour=green")


@pytest.mark.usefixtures("registered")
def test_the_other_leader_sees_the_number_and_no_case(at):
    text = at("leitung.stadt").page("/supervision/targets?step=route")
    assert "0 rot, 0 gelb, 1 grün" in steps(text)["route"]
    assert colours(steps(text)["route"]) == set()
    assert "data-case" not in text


@pytest.mark.usefixtures("registered")
def test_an_ended_step_leaves_the_count_and_tells_how_long_it_took(at, office_sessions):
    with office_sessions.begin() as session:
        session.execute(update(models.Step).values(ended_at=models.Step.since, gross=7, net=4))
    row = steps(at("leitung.aa").page("/supervision/targets"))["route"]
    assert colours(row) == set()
    assert "7 Werktage" in row
    assert "4 Werktage" in row


@pytest.mark.parametrize("query", ["step=x", "step=route&colour=x", "step=route&after=x", "step=no_date"])
@pytest.mark.usefixtures("registered")
def test_a_wrong_filter_is_left_out(at, query):
    assert len(steps(at("leitung.aa").page(f"/supervision/targets?{query}"))) == 13


@pytest.mark.usefixtures("registered")
def test_the_table_speaks_english(at):
    desk = at("leitung.aa")
    desk.post("/language", locale="en")
    text = desk.page("/supervision/targets?step=route")
    assert "Registration to route" in text
    assert "Werktag" not in text


@pytest.mark.usefixtures("registered")
def test_only_leaders_see_the_table(at):
    assert at("ks").get("/supervision/targets").status_code == 403


@pytest.mark.usefixtures("registered")
def test_targets_and_what_will_break_have_no_barriers(page, office_sessions):
    ended(office_sessions, gross=9, times=5)
    browsing.signed_in(page, "leitung.aa", PASSWORD)
    page.goto("/supervision/targets")
    assert browsing.violations(page) == []
    page.locator('tr[data-step="route"] a[data-colour="green"]').click()
    expect(page.locator("tr[data-case]")).to_have_count(1)
    assert browsing.violations(page) == []
    page.goto("/supervision/foresight?view=pace")
    assert browsing.violations(page) == []
    page.locator('tr[data-step="route"] a').first.click()
    expect(page.locator("tr[data-case]")).to_have_count(1)
