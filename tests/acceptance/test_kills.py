"""Web and worker killed in the middle of an act: nothing answered is lost, nothing is done twice, the rest goes on."""

from __future__ import annotations

import concurrent.futures
import contextlib
import http.client
import http.cookiejar
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

import psycopg
import pytest

from app import bootstrap, config
from app.cli import training
from tests.acceptance import office
from tests.benchmarks import ledger
from workflows import embedded, jobs

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc"),
]
SOON = 10.0
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
DONE = (
    "SELECT count(*) FROM workflow_entry WHERE task_id = %s AND element = 'routing_confirm' AND kind = 'task_completed'"
)
STATUS = "SELECT status::text FROM procrastinate_jobs WHERE id = %s"
ATTEMPTS = "SELECT status::text, attempts FROM procrastinate_jobs WHERE id = %s"


@pytest.fixture(scope="module")
def running():
    """A training office on its first day."""
    folder = Path(tempfile.mkdtemp(prefix="office"))
    folder.chmod(0o711)
    demo = office.Demo(folder)
    try:
        yield demo.ready()
    finally:
        demo.end()
        place = folder / "postgres" / "place"
        if place.exists():
            shutil.rmtree(place.read_text().strip())
        shutil.rmtree(folder)


@pytest.fixture
def database(running):
    """A look into the database of the office."""
    with psycopg.connect(address(running), autocommit=True) as connection:
        yield connection


def address(running) -> str:
    """Where the database of the office answers."""
    return embedded.address_of(running.var / "postgres", "drehscheibe", embedded.APPLICATION)


class Reader:
    """A browser of the reception that knows no scripts."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)
        self.token = re.search(r'name="csrf-token" content="([^"]+)"', self.get("/login"))[1]
        self.post("/login", login="ks", password=training.PASSWORD)
        self.token = re.search(r'name="csrf-token" content="([^"]+)"', self.get("/inbox"))[1]

    def get(self, path: str) -> str:
        with self.opener.open(self.address + path, timeout=30) as answer:
            return answer.read().decode()

    def post(self, path: str, **data: str) -> str:
        body = urllib.parse.urlencode(data | {"csrf_token": self.token}).encode()
        with self.opener.open(self.address + path, body, timeout=30) as answer:
            return answer.read().decode()

    def confirm(self, task: int) -> str:
        return self.post(f"/inbox/tasks/{task}/complete", decision="confirm")


def decisions(database) -> list[tuple[int, int]]:
    """The open decisions on a route: task and instance."""
    return database.execute(
        "SELECT id, instance_id FROM workflow_task WHERE element = 'routing_confirm' ORDER BY id"
    ).fetchall()


def value(database, query: str, *values):
    """What the database says; None when it knows no such row."""
    row = database.execute(query, values).fetchone()
    return row and row[0]


@contextlib.contextmanager
def held(database, instance: int):
    """Somebody else holds the instance: whoever wants to act on it waits in the middle of the act."""
    with database.transaction():
        database.execute("SELECT 1 FROM workflow_instance WHERE id = %s FOR UPDATE", (instance,))
        yield


def kill(pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_what_was_answered_stays_when_the_web_server_is_killed(running, database):
    (task, _), *_ = decisions(database)
    Reader(running.port).confirm(task)
    kill(running.pids("gunicorn"))
    office.eventually(running.answers)
    assert value(database, DONE, task) == 1
    assert task not in [number for number, _ in decisions(database)]


def test_an_act_whose_web_server_is_killed_is_undone_and_can_be_done_again_once(running, database):
    (task, instance), *_ = decisions(database)
    reader = Reader(running.port)
    with concurrent.futures.ThreadPoolExecutor(max_workers=1) as hands, held(database, instance):
        asked = hands.submit(reader.confirm, task)
        office.eventually(lambda: value(database, WAITING))
        kill(running.pids("gunicorn"))
        # The connection is closed with no answer, and nobody has been told that it is done.
        assert isinstance(asked.exception(60), OSError | http.client.HTTPException)
    office.eventually(lambda: not value(database, WAITING))
    assert value(database, DONE, task) == 0
    office.eventually(running.answers)
    Reader(running.port).confirm(task)
    assert value(database, DONE, task) == 1
    assert task not in [number for number, _ in decisions(database)]


def test_a_job_whose_worker_is_killed_runs_again_soon(running, database):
    _, instance = decisions(database)[0]
    with held(database, instance), psycopg.connect(database.info.dsn, autocommit=True) as other:
        job = value(
            other,
            "SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[ROW(%s, %s, 0, NULL, NULL, %s, NULL)"
            "::procrastinate_job_to_defer_v1]))",
            jobs.QUEUE,
            jobs.WAKE,
            json.dumps({"instance_id": instance}),
        )
        office.eventually(lambda: value(other, STATUS, job) == "doing" and value(other, WAITING))
        old = running.pids("app.cli", "worker")
        kill(old)
        # Still held by us: another worker has taken the job up and waits, it has not been given up.
        office.eventually(
            lambda: other.execute(ATTEMPTS, (job,)).fetchone() == ("doing", 1) and value(other, WAITING), SOON
        )
        assert not set(old) & set(running.pids("app.cli", "worker"))
    office.eventually(lambda: value(database, STATUS, job) is None)


def test_a_move_of_the_clock_goes_on_where_its_worker_was_killed(running, database):
    with concurrent.futures.ThreadPoolExecutor(max_workers=1) as hands:
        moved = hands.submit(running.run, "advance", "2004-02-02")
        office.eventually(lambda: value(database, "SELECT count(*) FROM office_run WHERE done > 0"))
        kill(running.pids("app.cli", "worker"))
        assert moved.result(office.PATIENCE).returncode == 0
    twice = "SELECT count(*) - count(DISTINCT client_id) FROM case_file"
    assert value(database, twice) == 0
    checked = running.run("doctor")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_case_is_whole_after_all_that(running, database):
    there = config.load({"DREHSCHEIBE_VAR": str(running.var), "DATABASE_URL": address(running)})
    opened = bootstrap.office(config.with_kept_secrets(there))
    with opened.sessions() as session:
        numbers = [number for (number,) in database.execute("SELECT id FROM workflow_instance").fetchall()]
        torn = {number: found for number in numbers if (found := list(ledger.whole(session, number)))}
    opened.close()
    assert numbers
    assert not torn
