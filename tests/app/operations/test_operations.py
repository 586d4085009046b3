"""The page of operations: problems first, failed jobs begun again with a reason, nothing of any client."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.operations import models, queries, service
from app.pages import measures
from tests.app import browsing
from tests.app.conftest import PASSWORD
from workflows import jobs

ALERTS = Path(__file__).resolve().parents[3] / "docs" / "alerts.yml"

SIZES = {"1440": browsing.WIDE, "390": browsing.PHONE}


def said(page: str) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture
def broken(office_sessions):
    """Two jobs that were given up."""
    with office_sessions.begin() as session:
        numbers = [jobs.enqueue(session, jobs.WAKE, instance_id=999) for _ in range(2)]
        session.execute(text("UPDATE procrastinate_jobs SET status = 'failed'"))
    return numbers


@pytest.mark.usefixtures("broken")
def test_problems_stand_first_and_say_what_to_do(at):
    page = said(at("admin").page("/operations"))
    assert "Gescheiterte Aufträge: 2." in page
    assert "Kein Hintergrunddienst läuft." in page
    assert "Es ist keine Sicherung vermerkt." in page
    assert page.index("Kein Hintergrunddienst") < page.index("Wecken eines Falls")


def test_a_worker_that_shows_itself_is_alive_and_one_that_does_not_is_told(at, office_sessions):
    with office_sessions.begin() as session:
        session.execute(
            text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()), (now() - interval '5 min')")
        )
    page = said(at("admin").page("/operations"))
    assert "Ein Hintergrunddienst meldet sich nicht (1)." in page
    assert "Kein Hintergrunddienst läuft." not in page
    assert "lebt" in page


def test_one_failed_job_is_begun_again_and_the_reason_is_kept(at, broken, office_sessions):
    desk = at("admin")
    desk.post("/operations/jobs/retry", task=jobs.WAKE, job=str(broken[0]), reason="Gegenstelle ist wieder da")
    with office_sessions() as session:
        states = dict(session.execute(text("SELECT id, status::text FROM procrastinate_jobs")).all())
        kept = session.scalars(select(models.Retry)).one()
    assert states == {broken[0]: "todo", broken[1]: "failed"}
    assert (kept.number, kept.reason, kept.task) == (1, "Gegenstelle ist wieder da", jobs.WAKE)
    assert "Gegenstelle ist wieder da" in desk.page("/operations")


def test_all_of_a_kind_are_begun_again(at, broken, office_sessions):
    at("admin").post("/operations/jobs/retry", task=jobs.WAKE, job="all", reason="behoben")
    with office_sessions() as session:
        assert queries.failed(session) == ()
        assert queries.queues(session)[0].ready == len(broken)


def test_without_a_reason_nothing_is_begun_again(at, broken, office_sessions):
    desk = at("admin")
    desk.post("/operations/jobs/retry", task=jobs.WAKE, job=str(broken[0]), reason=" ")
    assert "Bitte geben Sie eine Begründung an." in desk.page("/operations")
    with office_sessions() as session:
        assert len(queries.failed(session)) == len(broken)


def test_a_job_that_failed_no_longer_is_told(at, broken):
    desk = at("admin")
    for _ in range(2):
        desk.post("/operations/jobs/retry", task=jobs.WAKE, job=str(broken[0]), reason="behoben")
    assert "nicht mehr gescheitert" in desk.page("/operations")


def test_a_noted_backup_ends_the_warning_and_an_old_one_begins_it(at, office_sessions):
    desk = at("admin")
    desk.post("/operations/backups", place="Band 7")
    page = said(desk.page("/operations"))
    assert "Band 7" in page
    assert "keine Sicherung vermerkt" not in page
    with office_sessions.begin() as session:
        session.execute(models.Backup.__table__.update().values(at=datetime.now(UTC) - timedelta(days=3)))
    assert "älter als ein Tag (3 volle Tage)" in said(desk.page("/operations"))


def test_no_name_of_a_client_stands_on_the_page(at, register):
    register(family_name="Unverkennbar")
    assert "Unverkennbar" not in at("admin").page("/operations")


def test_statements_are_shown_without_their_values():
    shown = queries.without_values("SELECT * FROM client WHERE name = 'O''Neill' AND id = 4711 AND note = $a$x$a$")
    assert shown == "SELECT * FROM client WHERE name = ? AND id = ? AND note = ?"


@pytest.mark.usefixtures("broken")
def test_operations_speak_english(at):
    desk = at("admin")
    desk.post("/language", locale="en")
    page = said(desk.page("/operations"))
    assert "No background service is running." in page
    assert "Hintergrunddienst" not in page


@pytest.mark.usefixtures("broken")
def test_measures_tell_of_queue_timers_workers_and_desk(at, office_sessions):
    with office_sessions.begin() as session:
        service.note_backup(session, place="Band 7", size=1, by="System", at=datetime.now(UTC))
    measures._sampled_at["office"] = 0.0
    told = at("admin").get("/metrics").text
    assert 'drehscheibe_jobs{status="failed"} 2.0' in told
    assert 'drehscheibe_stuck_cases{level="red"} 0.0' in told
    assert "drehscheibe_workers 0.0" in told
    assert "drehscheibe_worker_heartbeat_age_seconds -1.0" in told


def rules() -> list[dict[str, str]]:
    """The rules of the example; the file keeps to one shape of the format, a key and its value on a line."""
    parts = ALERTS.read_text().split("      - ")[1:]
    return [dict(re.findall(r"^ *(\w+): ?(.*)$", part, re.MULTILINE)) for part in parts]


def test_example_alerts_name_real_measures(at):
    measures._sampled_at["office"] = 0.0
    told = at("admin").get("/metrics").text
    assert len({rule["alert"] for rule in rules()}) == len(rules()) >= 8
    for rule in rules():
        assert {"alert", "expr", "for", "labels", "annotations", "summary", "action"} == set(rule)
        assert re.fullmatch(r"\d+[mhd]", rule["for"])
        names = re.findall(r"(drehscheibe_\w+)(?:\{(\w+)=)?", rule["expr"])
        assert names
        for name, label in names:
            assert re.search(rf"^{name}(\{{.*\b{label}=.*\}})? ", told, re.MULTILINE), name


@pytest.mark.browser
@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("width", ["1440", "390"])
def test_the_page_is_accessible_and_fits(browser, address, width):
    with browsing.opened(browser, address, SIZES[width]) as page:
        browsing.signed_in(page, "admin", PASSWORD)
        page.goto("/operations")
        browsing.shot(page, f"operations-{width}")
        assert browsing.violations(page) == []
        assert browsing.overflows(page) <= 0
