"""Deadlines that will break at today's speed: reckoned from what ended lately, shown with their cases."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from app.office import clock
from app.supervision import models, service, target_pace
from app.supervision import target_queries as queries
from tests.app.supervision.test_targets import ended, move_clock


@pytest.fixture
def registered(register, office_sessions):
    """A registered case."""
    service.keep_up(office_sessions)
    return register()


def forecast(text: str) -> str:
    """The row of the step from registration to route."""
    return re.search(r'<tr data-step="route">(.*?)</tr>', text, re.DOTALL)[1]


@pytest.mark.usefixtures("registered")
def test_few_ended_steps_tell_nothing(at, office_sessions):
    ended(office_sessions, gross=9, times=target_pace.FEWEST - 1)
    assert "zu wenig beendet" in forecast(at("leitung.aa").page("/supervision/foresight?view=pace"))


@pytest.mark.usefixtures("registered")
def test_a_speed_slower_than_red_breaks_all_and_the_click_shows_them(at, office_sessions):
    ended(office_sessions, gross=9, times=target_pace.FEWEST)
    leader = at("leitung.aa")
    row = forecast(leader.page("/supervision/foresight?view=pace"))
    assert "1 Fall" in row
    assert "der mittlere Fall ist zu langsam" in row
    assert 'data-case="1"' in leader.page("/supervision/targets?step=route&breaks=30")
    other = at("leitung.stadt")
    assert "1 Fall" not in forecast(other.page("/supervision/foresight?view=pace")).replace("5 Fälle", "")
    assert "data-case" not in other.page("/supervision/targets?step=route&breaks=30")


@pytest.mark.usefixtures("registered")
def test_only_who_is_slower_than_the_median_breaks_when_that_is_fast(at, office_sessions):
    ended(office_sessions, gross=3, times=target_pace.FEWEST)
    leader = at("leitung.aa")
    assert "keiner" in forecast(leader.page("/supervision/foresight?view=pace"))
    move_clock(office_sessions, 5)
    assert "1 Fall" in forecast(leader.page("/supervision/foresight?view=pace"))


@pytest.mark.usefixtures("registered")
def test_the_cutoff_is_where_the_time_taken_reaches_the_median(office_sessions):
    for days in (0, 1, 3, 5, 9):
        move_clock(office_sessions, days)
        with office_sessions.begin() as session:
            now = clock.now(session)
            wanted = queries.Wanted(frozenset({"KS"}), "route")
            row = queries.listing(session, wanted, now=now, limit=1)[0]
            for median in range(12):
                began = queries.began(session, {"route": ("workdays", median)}, now=now)["route"]
                assert (row.since < began) == (row.gross >= median), (days, median)


@pytest.mark.usefixtures("registered")
def test_what_is_red_already_is_not_foretold(at, office_sessions):
    ended(office_sessions, gross=9, times=target_pace.FEWEST)
    with office_sessions.begin() as session:
        session.execute(update(models.Step).where(models.Step.ended_at.is_(None)).values(red_at=clock.now(session)))
    assert "keiner" in forecast(at("leitung.aa").page("/supervision/foresight?view=pace"))


@pytest.mark.usefixtures("registered")
def test_a_hand_over_that_does_not_wait_is_not_begun(at):
    answer = at("leitung.aa").post("/supervision/foresight/cases/1/prepare", reason="früh")
    assert answer.status_code == 422
    assert "wartet auf etwas anderes" in answer.text
    assert at("ks").post("/supervision/foresight/cases/1/prepare", reason="früh").status_code == 403
