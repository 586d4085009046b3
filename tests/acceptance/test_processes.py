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


class Offices:
    """The demo, started as often as the tests want; the one that runs is shared by those that leave it running."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.started: list[office.Demo] = []

    def start(self, *options: str, port: int | None = None) -> office.Demo:
        self.started.append(office.Demo(self.var, *options, port=port))
        return self.started[-1]

    def running(self) -> office.Demo:
        """The demo that a test before has left running, or a new one."""
        for one in self.started:
            if one.process.poll() is None:
                return one.ready()
        return self.start().ready()

    def ended(self) -> None:
        """Nothing of what was started is left."""
        for one in self.started:
            one.end()
        for one in self.started:
            office.eventually(lambda one=one: not one.pids() and not one.postgres(), 30)
        self.started.clear()


@pytest.fixture(scope="module")
def offices(var):
    """Starts demos; none outlives the module."""
    made = Offices(var)
    yield made
    made.ended()


@pytest.fixture
def running(offices):
    """A training office that answers; whoever stops or kills it leaves the next test to start another."""
    return offices.running()


def test_first_start_shows_address_and_logins_and_opens_the_office(running):
    said = running.said()
    assert f"http://127.0.0.1:{running.port}/" in said
    assert {"ks", "fm", "vm", "bfk", "fb5", "leitung.stadt", "leitung.aa", "admin"} <= set(
        re.findall(r"^  (\S+)", said, re.MULTILINE)
    )
    assert "drehscheibe2004" in said
    checked = running.run("doctor")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_what_is_shipped_is_in_force_with_its_scenarios(running, tmp_path):
    exported = running.run("export", str(tmp_path / "all"))
    assert exported.returncode == 0, exported.stdout + exported.stderr
    kept = {path.name: path.read_bytes() for path in (tmp_path / "all" / "scenarios").iterdir()}
    assert kept == {path.name: path.read_bytes() for path in (office.ROOT / "bpmn" / "scenarios").iterdir()}


@pytest.mark.usefixtures("running")
def test_secrets_are_kept_in_private_files(var):
    assert {(var / name).stat().st_mode & 0o777 for name in ("secret_key", "record_keys")} == {0o600}


@pytest.mark.usefixtures("running")
def test_second_demo_on_the_same_data_is_told_in_one_sentence(offices):
    refused = offices.start()
    assert refused.process.wait(30) == 2
    assert "already" in refused.said()


def test_killed_worker_comes_back(running):
    old = office.eventually(lambda: running.pids("app.cli", "worker"))
    os.kill(old[0], signal.SIGKILL)
    assert office.eventually(lambda: [pid for pid in running.pids("app.cli", "worker") if pid not in old])
    office.eventually(lambda: running.run("doctor").returncode == 0)


def test_killed_web_comes_back(running):
    for pid in running.pids("gunicorn"):
        os.kill(pid, signal.SIGKILL)
    office.eventually(lambda: not running.answers())
    office.eventually(running.answers)


def test_clock_is_moved_by_the_worker(running):
    moved = running.run("advance", "2004-01-06")
    assert moved.returncode == 0, moved.stdout + moved.stderr
    assert running.run("advance", "2004-01-06").returncode == 2


@pytest.fixture(scope="module")
def guest(offices):
    """The name of somebody who is not on the staff and has an account."""
    made = offices.running().run("user", "add", "gast", "--name", "Gast Beispiel", "--password", "ein-langes-passwort")
    assert made.returncode == 0, made.stderr
    return "Gast Beispiel"


def test_closed_terminal_ends_it_and_the_second_start_keeps_the_data_and_imports_nothing_again(guest, running, offices):
    assert running.stop(signal.SIGHUP) == 0
    assert running.pids() == []
    second = offices.running()
    assert second is not running
    assert guest in second.run("user", "list").stdout
    assert "Client records" not in second.said()


def test_busy_port_is_told_in_one_sentence(offices):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        refused = offices.start(port=holder.getsockname()[1])
        assert refused.process.wait(30) == 2
    assert len(refused.said().splitlines()) == 1
    assert "--port" in refused.said()


def test_killed_parent_takes_everything_along_and_the_next_start_works(running, offices):
    running.process.kill()
    running.process.wait()
    office.eventually(lambda: not running.pids() and not running.postgres())
    offices.start().ready()


def test_all_killed_at_once_and_the_next_start_works(running, offices):
    for pid in [running.process.pid, *running.pids(), *running.postgres()]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    running.process.wait()
    offices.start().ready()


def test_lost_database_stops_everything_with_a_sentence(running):
    os.kill(min(running.postgres()), signal.SIGKILL)
    assert running.process.wait(60) == 1
    assert "database" in running.said()
    office.eventually(lambda: running.pids() == [])


def test_ctrl_c_ends_everything_and_an_impatient_second_one_does_no_harm(running):
    running.process.send_signal(signal.SIGINT)
    assert running.stop(signal.SIGINT) == 0
    assert running.pids() == []
    assert running.postgres() == []


def test_reset_begins_anew(guest, offices):
    offices.ended()
    anew = offices.start("--reset").ready()
    assert guest not in anew.run("user", "list").stdout
    # A test before has moved the clock to the next day.
    assert not re.search(r"0[67]\.01\.2004", anew.run("doctor").stdout)


def test_a_request_to_stop_ends_everything(running):
    assert running.pids("gunicorn")
    assert running.postgres()
    assert running.stop(signal.SIGTERM) == 0
    assert running.pids() == []
    assert running.postgres() == []
