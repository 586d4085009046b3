"""The command `demo`: the training office with everything it needs, under one parent."""

from __future__ import annotations

import contextlib
import functools
import http
import signal
import socket
import time
import urllib.request
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from app import bootstrap, config, logs, worker
from app.cli import connected, parent, serving, texts, training
from app.cli import office as commands
from rules import host
from workflows import embedded, runner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.config import Settings

READY_SECONDS = 60.0


@dataclass
class Interrupted(Exception):  # noqa: N818  the house names errors by what is the case
    """Somebody asked to stop while the office was being set up."""


@click.command(cls=texts.Command, help="help_demo")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--host", "address", default="127.0.0.1", show_default=True)
@click.option("--reset", is_flag=True, help="Verwirft die Übungsdaten. Throws the training data away.")
@click.pass_context
def demo(context: click.Context, port: int, address: str, *, reset: bool) -> None:
    """Sets up and runs the training office until Ctrl-C."""
    stop = parent.Stop()
    stop.listen()
    logs.set_up("WARNING")
    settings = config.with_kept_secrets(config.load())
    _probe(address, port)
    with _server(settings) as (settings, server):
        if reset:
            training.clear(settings)
        training.check(settings)
        well = _run(settings, server, stop, f"{address}:{port}")
    texts.say("stopped" if well else "database_gone")
    context.exit(0 if well else 1)


def _probe(address: str, port: int) -> None:
    """Raises Refusal when somebody listens on the port; found out before anything is started."""
    try:
        kind, _, _, _, where = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(kind, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as busy:
        raise texts.Refusal("port_busy", port=port, other=port + 1) from busy


@contextlib.contextmanager
def _server(settings: Settings) -> Iterator[tuple[Settings, embedded.Server | None]]:
    """The settings with a database: the one they name, or an embedded server for the length of the block."""
    if settings.database_url:
        yield settings, None
        return
    with embedded.running(settings.var / connected.FOLDER) as server:
        embedded.ensure_database(server, connected.DATABASE)
        application, owner = (
            server.url(connected.DATABASE, embedded.APPLICATION),
            server.url(connected.DATABASE, embedded.OWNER),
        )
        yield replace(settings, database_url=application, owner_url=owner), server


def _run(settings: Settings, server: embedded.Server | None, stop: parent.Stop, address: str) -> bool:
    """Sets the office up, keeps its processes running, stops them; False when the database went away."""
    office = bootstrap.office(settings, connections=2)
    family = parent.Parent(_children(settings, server, address), config.environment_for(settings), stop)
    try:
        _fill(settings, office, stop)
        family.start()
        _await_page(address, stop)
        _welcome(office, address)
        return family.watch(
            database=lambda: server is None or server.process.poll() is None,
            heard=lambda name: texts.say("restarting", name=name, folder=settings.var / "log"),
        )
    except Interrupted:
        return True
    finally:
        family.end()
        office.close()


def _children(settings: Settings, server: embedded.Server | None, address: str) -> list[parent.Child]:
    folder = settings.var / "log"
    folder.mkdir(parents=True, exist_ok=True)
    # On a server of our own no other worker lives; elsewhere only those that fell silent are dead.
    seconds = 0.0 if server is not None else worker.STALLED_SECONDS
    rescue = functools.partial(runner.rescue, settings.database_url, seconds=seconds)
    return [
        parent.Child("web", serving.web_command(settings, address), folder / "web.log"),
        # A worker that has lost its parent also loses the database, and would wait half a minute for it.
        parent.Child("worker", serving.worker_command(), folder / "worker.log", signal.SIGKILL, rescue),
    ]


def _fill(settings: Settings, office: bootstrap.Office, stop: parent.Stop) -> None:
    """Tables, office, people, diagrams, client records; each step is done once and looked at on every start."""
    texts.say("preparing")
    file = training.prepare(settings, office)
    _go_on(stop)
    if file is None:
        return
    staged = commands.stage(office.sessions, file)
    number = training.expected(office)
    if not number:
        return
    with click.progressbar(commands.arrive(office.sessions), length=number, label=texts.of("importing")) as bar:
        for _ in bar:
            _go_on(stop)
    texts.say("taken_in", number=number, waiting=max(staged.waiting - number, 0))


def _go_on(stop: parent.Stop) -> None:
    if stop.requested:
        raise Interrupted


def _await_page(address: str, stop: parent.Stop) -> None:
    """Returns when the web answers; raises Refusal when it does not within a minute."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        _go_on(stop)
        if _answers(f"http://{address}/healthz"):
            return
        time.sleep(parent.POLL_SECONDS)
    raise texts.Refusal("web_silent", folder="var/log")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  our own server
            return int(answer.status) == http.HTTPStatus.OK
    except OSError:
        return False


def _welcome(office: bootstrap.Office, address: str) -> None:
    texts.say("ready", url=f"http://{address}/")
    for login, name, roles in training.logins(office):
        click.echo(f"  {login:<14}{name:<22}{roles}")
    texts.say("password", password=training.PASSWORD)
    texts.say("evaluator_durable" if host.available() else "evaluator_plain")
    texts.say("how_to_stop")
