"""Connections that rest in the pool: nobody gets one that the server has closed meanwhile."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import text

from workflows import database

PID = text("SELECT pg_backend_pid()")


@pytest.fixture
def pool(addresses):
    """An engine of the application with two connections at most."""
    made = database.engine_for(addresses.owner, pool_size=2, max_overflow=0)
    yield made
    made.dispose()


def pids(pool):
    """The server's processes behind two connections that are used at once."""
    with pool.connect() as one, pool.connect() as other:
        return {one.scalar(PID), other.scalar(PID)}


def end(addresses, chosen):
    """The server ends these sessions, and has ended them when this returns."""
    other = database.engine_for(addresses.owner)
    with other.connect() as connection:
        for pid in chosen:
            connection.execute(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": pid})
    other.dispose()


def test_connections_that_the_server_has_closed_are_made_anew(pool, addresses):
    before = pids(pool)
    end(addresses, before)
    assert not pids(pool) & before


def test_a_connection_that_lives_is_kept(pool):
    assert pids(pool) == pids(pool)


def test_a_connection_that_was_silent_for_long_is_asked_first(pool, monkeypatch):
    before = pids(pool)
    asked = []
    ping = pool.dialect.do_ping
    monkeypatch.setattr(pool.dialect, "do_ping", lambda connection: asked.append(1) or ping(connection))
    later = time.monotonic() + 60
    monkeypatch.setattr(database.time, "monotonic", lambda: later)
    assert pids(pool) == before
    assert len(asked) == 2
