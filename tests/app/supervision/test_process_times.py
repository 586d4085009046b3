"""How long the steps of a process took: counted from what people did, told in words, for no fewer than five (R41)."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect
from sqlalchemy import func, select, text, update

from app.cli.generating import people, scenarios, walk
from app.office import dates
from app.office import models as office
from app.supervision import process_board, process_rows, process_times
from app.supervision.models import Flow
from tests.app import browsing
from tests.app.conftest import PASSWORD
from workflows import engine
from workflows.models import Definition, Ended

NUMBERS = itertools.count(1)
PAGE = "/supervision/process/routing/times"
STEP = "routing_confirm"
JANUARY = process_times.period(date(2004, 1, 1), date(2004, 1, 1))


def confirmed(session, *days: int) -> list[walk.Walk]:
    """Cases that came in on 06.01.2004 and whose route was confirmed so many days later."""
    return [begun(session).later(number).do(STEP) for number in days]


def begun(session, name: str = "") -> walk.Walk:
    """A case that has just come in; each of a client of its own."""
    number = next(NUMBERS)
    own = {
        "id": f"VORLAGE-{number}", "geburtsdatum": f"{1 + number % 28:02}.05.1982",
        "name": name or f"{people.GIVEN[number % 60]} {people.BEGINNINGS[number % 30]}bach",
    }  # fmt: skip
    record = scenarios.RECORDS["young"] | own
    return walk.Walk(session, walk.Staff(session), record)


@pytest.fixture
def lived(office_sessions):
    """Lives through cases, and turns the office's clock to a day."""

    def live(*days: int, today: date = date(2004, 2, 16), left: str = "") -> None:
        with office_sessions.begin() as session:
            confirmed(session, *days)
            if left:
                begun(session, left)
            session.execute(update(office.Clock).values(day=today, not_before=dates.start_of(today)))

    return live


def measure(session, within=JANUARY, **narrowed):
    """The times of the confirmation of a route."""
    return process_times.measures(session, ["routing"], within, **({"roles": None} | narrowed)).get(STEP)


def row(page: str, element: str = STEP) -> list[str]:
    """The cells of a step."""
    found = re.search(rf'<tr data-element="{element}">(.*?)</tr>', page, re.DOTALL)[1].replace("&nbsp;", " ")
    return [
        " ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td.*?>(.*?)</td>", found, re.DOTALL)
    ]


def test_waiting_is_counted_from_begin_to_end_and_counting_twice_changes_nothing(office_sessions, lived):
    lived(1, 2, 3, 4, 20)
    with office_sessions.begin() as session:
        before = measure(session)
        assert process_rows.fold(session) > 0
        after = measure(session)
        assert process_rows.fold(session) == 0
        assert session.scalar(select(func.count()).select_from(Ended)) == 0
    assert before == after
    assert (before.number, before.withdrawn) == (5, 0)
    assert (before.median, before.slow, before.total) == (timedelta(3), timedelta(20), timedelta(30))
    assert before.net == before.median


def test_what_was_put_aside_counts_for_the_whole_time_alone(office_sessions):
    with office_sessions() as session:
        made = begun(session)
        made.hold(STEP, 4).later(10).do(STEP)
        found = measure(session)
        session.rollback()
    assert (found.median, found.net) == (timedelta(10), timedelta(6))


def test_what_is_taken_up_again_earlier_has_rested_so_long(office_sessions):
    with office_sessions() as session:
        made = begun(session)
        made.hold(STEP, 9).later(2)
        task = made.tasks()[STEP]
        engine.resume(session, task.id, actor=made.staff.holder(task.role), now=made.now)
        made.later(5).do(STEP)
        found = measure(session)
        session.rollback()
    assert (found.median, found.net) == (timedelta(7), timedelta(5))


def test_a_pause_of_the_case_counts_as_put_aside(office_sessions):
    with office_sessions() as session:
        made = begun(session).do(STEP).all_of(*scenarios.PAYING, "book_first_talk").pause(10)
        resting = next(task for task in made.tasks().values() if task.held_until is not None)
        process, element = resting.process, resting.element
        made.later(14).do(element)
        found = process_times.measures(session, [process], JANUARY, roles=None)[element]
        session.rollback()
    assert (found.median, found.net) == (timedelta(14), timedelta(14) - timedelta(hours=10 * 24 - 9))


def test_a_task_that_a_cancelled_case_takes_along_is_withdrawn(office_sessions):
    with office_sessions() as session:
        made = begun(session).later(3)
        engine.cancel(
            session, made.case.instance_id, actor=made.staff.holder("LTG_AA"), reason="Irrtum", now=made.now
        )  # fmt: skip
        found = measure(session)
        session.rollback()
    assert (found.number, found.withdrawn, found.median) == (1, 1, timedelta(3))


def test_the_month_is_the_one_in_which_the_step_ended(office_sessions, lived):
    lived(1, 2, 3, 30)
    with office_sessions() as session:
        february = process_times.period(date(2004, 2, 1), date(2004, 2, 1))
        numbers = [measure(session, within).number for within in (JANUARY, february)]
        both = measure(session, process_times.period(date(2004, 2, 1), date(2004, 1, 1)))
    assert (numbers, both.number) == ([3, 1], 4)


def test_fewer_than_five_tell_no_times(at, lived):
    lived(1, 2, 3, 20)
    found = row(at("leitung.aa").page(PAGE))
    assert found[1:6] == ["unter 5", "–", "–", "–", "–"]
    assert "Tage" not in " ".join(found)


def test_the_page_names_the_bottleneck_and_the_outlier_of_the_last_full_month(at, lived):
    lived(2, 2, 3, 3, 20)
    page = at("leitung.aa").page(PAGE)
    assert "Engpass: „Vorschlag bestätigen oder abweichen“ – 100 % aller Wartezeit (Januar 2004)." in page
    assert "die Hälfte ist nach 3 Tage" in page
    assert row(page)[1:6] == ["5", "3 Tage", "20 Tage", "3 Tage", "100 %"]


def test_where_no_step_has_half_of_the_waiting_the_first_one_is_named(at, office_sessions):
    with office_sessions.begin() as session:
        for _ in range(5):
            made = begun(session).later(2).do(STEP)
            for element in ("benefit_prepare", "book_first_talk", "benefit_release"):
                if element in made.tasks():
                    made.later(2).do(element)
        session.execute(
            update(office.Clock).values(day=date(2004, 2, 16), not_before=dates.start_of(date(2004, 2, 16)))
        )
    page = at("leitung.aa").page("/supervision/process/all/times")
    assert "Engpass" not in page
    assert re.search(r"Am meisten gewartet wurde bei „.+“: \d\d % aller Wartezeit \(Januar 2004\)", page)


def test_two_periods_stand_side_by_side(at, lived):
    lived(2, 2, 2, 2, 2, 30, 30, 30, 30, 30, today=date(2004, 3, 10))
    page = at("leitung.stadt").page(PAGE)
    assert row(page)[6] == "28 Tage länger Hälfte bis 2 Tage, neun von zehn bis 2 Tage, beendet 5"
    assert "Langsamer: „Vorschlag bestätigen oder abweichen“ – 30 Tage statt 2 Tage (Januar 2004)." in page
    other = at("leitung.stadt").page(f"{PAGE}?from=2004-01&to=2004-01&compare=own&from2=2004-02&to2=2004-02")
    assert row(other)[6].startswith("28 Tage kürzer")
    assert "Schneller: " in other
    assert len(row(at("leitung.stadt").page(f"{PAGE}?compare=none"))) == 7


def test_who_waits_longer_than_nine_of_ten_did_is_told(at, lived):
    lived(20, 20, 20, 20, 20, today=date(2004, 1, 20), left="Pia Sommerfeld")
    assert "Gerade:" not in at("leitung.aa").page(f"{PAGE}?from=2004-01")
    lived(today=date(2004, 2, 27))
    assert "1 offene Aufgabe wartet schon länger als neun von zehn" in at("leitung.aa").page(PAGE)


def test_both_leaders_read_the_numbers_and_names_of_the_own_line_only(at, lived):
    lived(2, 2, 2, 2, 2, left="Pia Sommerfeld")
    path = f"{PAGE}?element={STEP}"
    own, other = at("leitung.aa").page(path), at("leitung.stadt").page(path)
    assert row(own) == row(other)
    assert "Sommerfeld" in own
    assert "Sommerfeld" not in other
    assert row(at("leitung.stadt").page(f"{PAGE}?agency=AA"))[1] == "5"
    assert f'data-element="{STEP}"' not in at("leitung.stadt").page(f"{PAGE}?agency=STADT")
    assert at("ks").get(PAGE).status_code == 403


def test_the_diagram_bears_the_same_numbers_and_links(at, lived):
    lived(2, 2, 3, 3, 20)
    page = at("leitung.aa").page(PAGE)
    badge = json.loads(re.search(r"data-badges='(.*?)'", page)[1])[0]
    assert badge[:3] == [STEP, "3 / 20 · 100 %", "heat4"]
    assert json.loads(re.search(r"data-heat='(.*?)'", page)[1]) == [[STEP, 4]]
    assert at("leitung.aa").get(badge[3].split("#")[0]).status_code == 200


@pytest.mark.browser
def test_a_click_in_the_diagram_shows_the_cases_that_wait_there(lived, page):
    lived(2, 2, 3, 3, 20, left="Pia Sommerfeld")
    browsing.signed_in(page, "leitung.aa", PASSWORD)
    page.goto(PAGE)
    badge = page.get_by_role("link", name="Vorschlag bestätigen oder abweichen: 3 / 20 · 100 %")
    expect(badge).to_be_visible()
    assert browsing.violations(page) == []
    badge.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Fälle bei „Vorschlag bestätigen oder abweichen“")).to_be_visible()
    expect(page.get_by_role("link", name="Sommerfeld, Pia")).to_be_visible()
    page.emulate_media(forced_colors="active")
    expect(page.locator(".is-heat4").first).to_be_visible()
    browsing.shot(page, "process-times-forced-colours")


def test_the_file_holds_the_same_table(at, lived):
    lived(2, 2, 3, 3, 20)
    answer = at("leitung.aa").get("/supervision/process/routing/times.csv")
    lines = {line[1]: line for line in csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";")}
    assert lines["Vorschlag bestätigen oder abweichen"][3:9] == ["5", "0", "3", "20", "3", "100"]


def test_all_processes_are_compared_with_each_other(at, lived):
    lived(2, 2, 3, 3, 20, left="Pia Sommerfeld")
    page = at("leitung.aa").page("/supervision/process/all/times")
    assert row(page)[0] == "Vorschlag bestätigen oder abweichen Zuordnung"
    assert 'data-diagram="/' not in page
    assert "Sommerfeld" not in page
    chosen = at("leitung.aa").page(f"/supervision/process/all/times?element={STEP}")
    assert "Sommerfeld" in chosen
    assert "länger als neun von zehn" in chosen
    assert "Zuordnung;Vorschlag" in at("leitung.aa").get("/supervision/process/all/times.csv").text


def test_the_times_of_one_version_are_told_alone(at, lived, office_sessions):
    lived(2, 2, 3, 3, 20)
    with office_sessions.begin() as session:
        running = session.scalars(select(Definition).where(Definition.process == "case")).one()
        newer = Definition(
            process="case", version=running.version + 1, hash="another", name=running.name, files=running.files,
            deployed_at=running.deployed_at, deployed_by="Test",
        )  # fmt: skip
        session.add(newer)
        session.flush()
        versions = process_times.versions(session, "case")
        assert [one.number for one in versions] == [running.version + 1, running.version]
        assert measure(session, definition_id=running.id).number == 5
        assert measure(session, definition_id=newer.id) is None
        number = running.version
    page = at("leitung.aa").page(f"{PAGE}?version={number}")
    assert row(page)[1] == "5"
    assert f'<option value="{number}" selected>' in page
    assert row(at("leitung.aa").page(f"{PAGE}?version={number + 1}"))[1] == "0"


def test_every_column_orders_both_ways(at, lived):
    lived(2, 2, 3, 3, 20)
    for column in process_board.ORDERS:
        down, up = (
            re.findall(r'<tr data-element="(.*?)"', at("leitung.aa").page(f"{PAGE}?order={sign}{column}"))
            for sign in ("", "-")
        )
        assert sorted(down) == sorted(up)
        assert (down[0] == STEP) != (up[0] == STEP) or column in {"name", "change", "running"}


def test_all_processes_together_are_told_for_a_year_at_most(at, lived):
    lived(2, 2, 3, 3, 20)
    page = at("leitung.aa").page("/supervision/process/all/times?from=2003-01&to=2004-06")
    assert "höchstens zwölf Monate" in page
    assert '<option value="2003-07" selected>' in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=2004-13", "Einen der Monate gibt es nicht"), ("to=9999-01", "Einen der Monate gibt es nicht"),
        ("from=2004-02&to=2004-01", "Der Anfang lag nach dem Ende"), ("from2=x", "Einen der Monate gibt es nicht"),
    ],
)  # fmt: skip
def test_wrong_months_are_answered_with_a_sentence(at, query, said):
    assert said in at("leitung.aa").page(f"{PAGE}?{query}")


@pytest.mark.usefixtures("office_sessions")
def test_an_unknown_process_is_not_found(at):
    assert at("leitung.aa").get("/supervision/process/nothing/times").status_code == 404
    assert at("leitung.aa").get("/supervision/process/nothing/times.csv").status_code == 404


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 40_000_000), min_size=1, max_size=60))
def test_a_percentile_is_right_to_five_of_a_hundred(office_sessions, lengths):
    begin = datetime(2004, 3, 1, tzinfo=UTC)
    end = begin + timedelta(days=20)
    rows = [
        {
            "process": "routing", "element": STEP, "role": "KS", "definition_id": 1, "rested": 0, "withdrawn": False,
            "created_at": (end - timedelta(seconds=length)).isoformat(), "ended_at": end.isoformat(), "times": 1,
        }
        for length in lengths
    ]  # fmt: skip
    with office_sessions() as session:
        process_rows.add(session, rows)
        found = measure(session, process_times.period(begin.date(), begin.date()))
        exact = session.execute(
            text("""
                SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY one),
                    percentile_disc(0.9) WITHIN GROUP (ORDER BY one)
                FROM unnest(CAST(:lengths AS bigint[])) AS one
            """),
            {"lengths": lengths},
        ).one()
        assert session.scalar(select(func.sum(Flow.number)).where(~Flow.net)) == len(lengths)
        session.rollback()
    for have, wanted in zip((found.median, found.slow), exact, strict=True):
        assert abs(have.total_seconds() - wanted) <= max(60, wanted * 0.05)
