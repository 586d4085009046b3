"""Fixtures of the shipped processes: the office's handlers and calendar, a walk through engine and database."""

from __future__ import annotations

import pytest

from app.casework import handlers
from app.office import calendar, profile
from tests.bpmn import walking
from workflows.handlers import Environment, Registry


@pytest.fixture
def registry():
    """All handlers of the office."""
    made = Registry()
    handlers.register(made)
    return made


@pytest.fixture
def environment(registry):
    """The environment that bootstrap gives, on the calendar of the shipped office."""
    shipped = profile.snapshot(profile.read(walking.PROFILE))
    return Environment(registry, calendar.OfficeCalendar(lambda: shipped))


@pytest.fixture
def walk(session, registry):
    """A walk in the shipped office."""
    return walking.Walk(session, registry)
