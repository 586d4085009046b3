"""Starting, stopping and killing the training office and its parts."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import sys
import tempfile
from pathlib import Path

import pytest

from tests.acceptance import office

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc"),
]


@pytest.fixture(scope="module")
def var():
    """A folder that all demos of this module share, so that only the first one has to take the records in."""
    folder = Path(tempfile.mkdtemp(prefix="office"))
    folder.chmod(0o711)
    yield folder
    place = folder / "postgres" / "place"
    if place.exists():
        shutil.rmtree(place.read_text().strip())
    shutil.rmtree(folder)


@pytest.fixture
def demo(var):
    """Starts the demo as often as a test wants; none outlives the test."""
    started = []

    def start(*options, port=None):
        started.append(office.Demo(var, *options, port=port))
        return started[-1]

    yield start
    for one in started:
        one.end()
    for one in started:
        office.eventually(lambda one=one: not one.pids() and not one.postgres(), 30)


def test_first_start_shows_address_and_logins_and_opens_the_office(demo):
    running = demo().ready()
    said = running.said()
    assert f"http://127.0.0.1:{running.port}/" in said
    assert {"ks", "fm", "vm", "bfk", "fb5", "leitung.stadt", "leitung.aa", "admin"} <= set(
        re.findall(r"^  (\S+)", said, re.MULTILINE)
    )
    assert "drehscheibe2004" in said
    checked = running.run("doctor")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_secrets_are_kept_in_private_files(demo, var):
    demo().ready().stop()
    assert {(var / name).stat().st_mode & 0o777 for name in ("secret_key", "record_keys")} == {0o600}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_request_to_stop_ends_everything(demo, number):
    running = demo().ready()
    assert running.pids("gunicorn")
    assert running.postgres()
    assert running.stop(number) == 0
    assert running.pids() == []
    assert running.postgres() == []


def test_impatient_second_ctrl_c_does_no_harm(demo):
    running = demo().ready()
    running.process.send_signal(signal.SIGINT)
    assert running.stop(signal.SIGINT) == 0
    assert running.pids() == []


def test_second_start_keeps_the_data_and_imports_nothing_again(demo):
    first = demo().ready()
    made = first.run("user", "add", "gast", "--name", "Gast Beispiel", "--password", "ein-langes-passwort")
    assert made.returncode == 0, made.stderr
    first.stop()
    second = demo().ready()
    assert "Gast Beispiel" in second.run("user", "list").stdout
    assert "Client records" not in second.said()


def test_busy_port_is_told_in_one_sentence(demo):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        refused = demo(port=holder.getsockname()[1])
        assert refused.process.wait(30) == 2
    assert len(refused.said().splitlines()) == 1
    assert "--port" in refused.said()


def test_second_demo_on_the_same_data_is_told_in_one_sentence(demo):
    demo().ready()
    refused = demo()
    assert refused.process.wait(30) == 2
    assert "already" in refused.said()


def test_killed_worker_comes_back(demo):
    running = demo().ready()
    old = office.eventually(lambda: running.pids("app.cli", "worker"))
    os.kill(old[0], signal.SIGKILL)
    assert office.eventually(lambda: [pid for pid in running.pids("app.cli", "worker") if pid not in old])
    office.eventually(lambda: running.run("doctor").returncode == 0)


def test_killed_web_comes_back(demo):
    running = demo().ready()
    for pid in running.pids("gunicorn"):
        os.kill(pid, signal.SIGKILL)
    office.eventually(lambda: not running.answers())
    office.eventually(running.answers)


def test_lost_database_stops_everything_with_a_sentence(demo):
    running = demo().ready()
    os.kill(min(running.postgres()), signal.SIGKILL)
    assert running.process.wait(60) == 1
    assert "database" in running.said()
    office.eventually(lambda: running.pids() == [])


def test_killed_parent_takes_everything_along_and_the_next_start_works(demo):
    running = demo().ready()
    running.process.kill()
    running.process.wait()
    office.eventually(lambda: not running.pids() and not running.postgres())
    demo().ready()


def test_all_killed_at_once_and_the_next_start_works(demo):
    running = demo().ready()
    for pid in [running.process.pid, *running.pids(), *running.postgres()]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    running.process.wait()
    demo().ready()


def test_clock_is_moved_by_the_worker(demo):
    running = demo().ready()
    moved = running.run("advance", "2004-01-06")
    assert moved.returncode == 0, moved.stdout + moved.stderr
    assert running.run("advance", "2004-01-06").returncode == 2


def test_reset_begins_anew(demo):
    running = demo("--reset").ready()
    assert "Gast Beispiel" not in running.run("user", "list").stdout
    assert "06.01.2004" not in running.run("doctor").stdout
