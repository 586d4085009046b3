"""What comes within ninety days: named with what follows by the rules, to the leader whose line it is (R41)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from app.casework import models as casework
from app.office import dates
from app.office import models as office
from app.supervision import foresight_queries as queries
from rules import book, transitions
from workflows import models as host

PARAMETERS = book.load().parameters(date(2004, 1, 5))


def kinds(text: str) -> set[str]:
    """The kinds of the rows of a page."""
    return set(re.findall(r'data-kind="(\w+)"', text))


def years_before(day: date, years: int) -> date:
    """The same day so many years before; 28 days into the month at most."""
    return day.replace(year=day.year - years, day=min(day.day, 28))


@pytest.fixture
def turning(register, office_sessions):
    """A registered person who turns 25 within a month or so; nobody has the lead yet."""
    register()
    with office_sessions.begin() as session:
        today = session.scalar(select(office.Clock.day))
        month = today.replace(day=1, month=today.month % 12 + 1, year=today.year + today.month // 12)
        session.execute(update(casework.Client).values(birth_date=years_before(month, 25)))
    return month


def test_a_birthday_is_shown_with_the_route_that_follows(at, turning):
    text = at("leitung.aa").page("/supervision/foresight?kind=turn_25")
    assert kinds(text) == {"turn_25"}
    for said in ("Wird 25", "Sommerfeld", "Route:", f"{turning:%d.%m.%Y}"):
        assert said in text


@pytest.mark.usefixtures("turning")
def test_the_other_leader_does_not_see_it(at):
    assert "Sommerfeld" not in at("leitung.stadt").page("/supervision/foresight")
    assert "Sommerfeld" not in at("leitung.stadt").page("/supervision/foresight?role=KS")


def test_the_calendar_counts_and_leads_to_the_day(at, turning):
    leader = at("leitung.aa")
    text = leader.page(f"/supervision/foresight?view=month&month={turning}")
    link = re.search(r'href="([^"]*day=[^"]*kind=turn_25[^"]*|[^"]*kind=turn_25[^"]*day=[^"]*)"', text)[1]
    assert "Sommerfeld" in leader.page(link.replace("&amp;", "&"))


@pytest.mark.usefixtures("turning")
def test_deadlines_lead_to_their_task(at):
    text = at("leitung.aa").page("/supervision/foresight?kind=task")
    assert kinds(text) == {"task"}
    assert "/inbox/tasks/" in text


@pytest.mark.usefixtures("turning")
def test_foresight_speaks_english(at):
    desk = at("leitung.aa")
    desk.post("/language", locale="en")
    text = desk.page("/supervision/foresight")
    assert "Turns 25" in text
    assert "Wird 25" not in text


def test_pages_follow_each_other_without_gap_or_repetition(register, office_sessions):
    for name, born in (("Anders", "01.02.1981"), ("Brock", "11.05.1979"), ("Claasen", "23.11.1983")):
        register(family_name=name, birth_date=born)
    with office_sessions() as session:
        wanted = queries.Wanted(date(2000, 1, 1), date(2010, 1, 1), frozenset({"KS"}))
        every = queries.listing(session, wanted, PARAMETERS, limit=100)
        walked, after = [], None
        while True:
            page = queries.listing(
                session, queries.Wanted(wanted.first, wanted.last, wanted.roles, after=after), PARAMETERS, limit=1
            )
            walked += page[:1]
            if len(page) < 2:
                break
            after = queries.key(queries.token(page[0]))
    assert len(every) > 3
    assert walked == list(every)


def test_a_leap_birth_comes_of_age_on_the_day_the_rules_say():
    wanted = queries.Wanted(date(2005, 2, 28), date(2005, 3, 1), frozenset({"FM"}), kinds=("turn_25",))
    _, values = queries.statement(wanted, PARAMETERS, limit=1)
    born = dict(zip(values["turn_25_from"], values["turn_25_to"], strict=True))
    assert born[date(1980, 2, 29)] == date(2005, 3, 1)


@pytest.mark.parametrize("token", ["", "x", "1_2", "1e99_1_1", "a_b_c"])
def test_a_wrong_token_is_no_place(token):
    assert queries.key(token) is None


def test_a_token_names_the_place_of_its_row():
    row = queries.Row(datetime(2004, 3, 1, 11, tzinfo=UTC), 4, 17, 17, "KS", "", "")
    assert queries.key(queries.token(row)) == (row.at, 4, 17)


@pytest.fixture
def long_before(register, office_sessions):
    """A case in care of the agency's line, whose client turns 25 in about eighty days; it waits for that."""
    register()
    with office_sessions.begin() as session:
        today = session.scalar(select(office.Clock.day))
        born = years_before(today + timedelta(80), 25)
        session.execute(update(casework.Client).values(birth_date=born))
        session.execute(update(casework.CaseFile).values(lead="VM"))
        due = dates.start_of(transitions.handover(born, PARAMETERS).prepare_on)
        instance_id = session.scalar(select(casework.CaseFile.instance_id))
        session.add(
            host.Waiting(instance_id=instance_id, key=uuid4(), element="age_reached", kind="timer", due_at=due)
        )  # fmt: skip


@pytest.mark.usefixtures("long_before")
def test_the_own_leader_may_begin_the_hand_over_from_there(at):
    text = at("leitung.aa").page("/supervision/foresight?kind=turn_25")
    assert "Übergabe jetzt vorbereiten" in text
    assert "Übergabe jetzt vorbereiten" not in at("leitung.stadt").page("/supervision/foresight")


@pytest.mark.usefixtures("long_before")
def test_what_cannot_be_begun_keeps_the_reason_that_was_typed(at):
    answer = at("leitung.aa").post("/supervision/foresight/cases/1/prepare?kind=turn_25", reason="Kommt früher")
    assert answer.status_code == 422
    assert 'value="Kommt früher"' in answer.text
