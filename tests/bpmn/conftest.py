"""Fixtures of the shipped processes: the office's handlers and calendar, a walk through engine and database.

Office and definitions are loaded once for each test file, in a transaction that every test's work is rolled back to.
"""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.casework import handlers
from app.office import calendar, profile
from tests import copies
from tests.bpmn import walking
from workflows import definitions
from workflows.handlers import Environment, Registry


@pytest.fixture(scope="session")
def registry():
    """All handlers of the office."""
    made = Registry()
    handlers.register(made)
    return made


@pytest.fixture(scope="session")
def environment(registry):
    """The environment that bootstrap gives, on the calendar of the shipped office."""
    shipped = profile.snapshot(profile.read(walking.PROFILE))
    return Environment(registry, calendar.OfficeCalendar(lambda: shipped))


@pytest.fixture(scope="session")
def opened(registry):
    """The shipped office and its processes, to be copied."""
    return copies.Copies(lambda session: walking.open_office(session, registry))


@pytest.fixture(scope="module")
def opened_office(engine, environment, opened, vault):
    """A connection whose open transaction holds the shipped office and its processes."""
    with engine.connect() as connection:
        outer = connection.begin()
        info = {"environment": environment, "vault": vault}
        with Session(connection, info=info, join_transaction_mode="create_savepoint") as session:
            definitions.forget()
            opened.into(session)
            session.commit()
        yield connection
        outer.rollback()


@pytest.fixture
def session(opened_office, environment, vault):
    """A session in the shipped office; its work is rolled back after the test."""
    nested = opened_office.begin_nested()
    info = {"environment": environment, "vault": vault}
    with Session(
        opened_office, info=info, expire_on_commit=False, join_transaction_mode="create_savepoint"
    ) as made:  # fmt: skip
        yield made
    nested.rollback()


@pytest.fixture
def walk(session, registry):
    """A walk in the shipped office."""
    return walking.Walk(session, registry)
