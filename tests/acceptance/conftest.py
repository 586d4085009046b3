"""The assembled application, its office and its worker, and a browser for each of its people."""

from __future__ import annotations

import threading

import pytest

from app import worker
from tests.acceptance.walking import Walk
from tests.app import running
from tests.app.conftest import address, app, settings

__all__ = ["address", "app", "settings"]


@pytest.fixture
def environment():
    """The environment of the shipped office."""
    return running.ENVIRONMENT


@pytest.fixture
def office_sessions(committed):
    """Committing sessions on a database that holds the office and its diagrams, and nothing else."""
    with committed.begin() as session:
        running.open_office(session)
    return committed


@pytest.fixture
def clockwork(office_sessions):
    """What the worker does: due timers and moves of the clock, by a thread of this process."""
    stop = threading.Event()

    def turn():
        while not stop.is_set():
            if not worker.act(office_sessions):
                stop.wait(0.1)

    thread = threading.Thread(target=turn, daemon=True)
    thread.start()
    yield
    stop.set()
    thread.join()


@pytest.fixture
def walk(browser, address, clockwork):  # noqa: ARG001  the worker works while somebody walks
    """Walks a client through the office by typing and clicking, as each role in a browser of its own."""
    with Walk(browser, address) as walking:
        yield walking
