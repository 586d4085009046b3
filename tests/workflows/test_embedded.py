"""The embedded server: isolation of folders and tests, and what a crash leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from workflows import embedded, models, places

pytestmark = pytest.mark.processes


@pytest.fixture
def folder():
    """A folder that the server's account can enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o711)
        yield Path(name)


def test_data_outlive_the_server(folder):
    with embedded.running(folder) as server, psycopg.connect(server.url("postgres", embedded.SUPERUSER)) as first:
        first.execute("CREATE TABLE kept (word text)")
        first.execute("INSERT INTO kept VALUES ('äöü')")
    with embedded.running(folder) as server, psycopg.connect(server.url("postgres", embedded.SUPERUSER)) as second:
        assert second.execute("SELECT upper(word) FROM kept").fetchone() == ("ÄÖÜ",)


def test_second_server_on_the_same_data_is_refused(folder):
    with embedded.running(folder), pytest.raises(embedded.AlreadyRunning):
        embedded.start(folder)


def test_stopping_leaves_no_process_and_no_socket(folder):
    server = embedded.start(folder)
    server.stop()
    server.stop()
    assert server.process.poll() is not None
    assert not server.sockets.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="the signal on the parent's death is Linux's")
def test_killed_parent_takes_the_server_down_and_the_next_start_works(folder):
    program = textwrap.dedent("""
        import os, signal, sys
        from pathlib import Path
        from workflows import embedded
        server = embedded.start(Path(sys.argv[1]))
        print(server.process.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    ended = subprocess.run(
        [sys.executable, "-c", program, str(folder)], check=False, capture_output=True, cwd=Path(__file__).parents[2]
    )
    assert ended.returncode == -signal.SIGKILL
    with embedded.running(folder) as server:
        assert server.process.pid != int(ended.stdout)
        assert server.process.poll() is None


def test_foreign_process_in_the_pid_file_does_not_stop_the_start(folder):
    embedded.start(folder).stop()
    (folder / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{folder}/data\n")
    with embedded.running(folder) as server:
        assert server.process.poll() is None


def test_interrupted_initdb_is_begun_anew(folder):
    (folder / "data.new").mkdir()
    (folder / "data.new" / "half").touch()
    with embedded.running(folder) as server:
        assert not (server.data / "half").exists()


def test_other_major_version_is_named(folder):
    embedded.start(folder).stop()
    (folder / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(embedded.OtherVersion):
        embedded.start(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_folder_closed_to_the_servers_account_is_replaced_and_stays_closed():
    with tempfile.TemporaryDirectory() as name:
        with embedded.running(Path(name)) as server:
            place = server.data.parent
        assert place != Path(name)
        assert Path(name).stat().st_mode & 0o777 == 0o700
        assert places.place_of(Path(name)) == place
        subprocess.run(["rm", "-rf", str(place)], check=True)


def test_application_role_has_no_superuser_rights(session):
    row = session.execute(
        text("SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user")
    ).one()
    if os.environ.get("TEST_DATABASE_URL"):
        pytest.skip("the server given for tests has roles of its own")
    assert tuple(row) == (False, False, False, False)


@pytest.mark.parametrize("round_number", [1, 2])
def test_session_fixture_leaves_nothing(session, round_number):
    assert session.get(models.Source, "marker") is None
    session.add(models.Source(hash="marker", content=str(round_number).encode()))
    session.commit()


@pytest.mark.parametrize("round_number", [1, 2])
def test_committed_fixture_leaves_nothing(committed, round_number):
    with committed.begin() as session:
        assert session.get(models.Source, "marker") is None
        session.add(models.Source(hash="marker", content=str(round_number).encode()))
    with committed() as session:
        assert session.get(models.Source, "marker") is not None
