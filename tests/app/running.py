"""The shipped office ready to work: handlers, calendar, and its diagrams deployed once and copied for each test."""

from __future__ import annotations

from pathlib import Path

from app import bootstrap
from app.cli import office as commands
from app.office import calendar, profile
from tests import copies
from tests.app.conftest import PROFILE, SYSTEM_NOW, load_office
from workflows import definitions
from workflows import handlers as host

HANDLERS = bootstrap.registry()
_DAYS = profile.snapshot(profile.read(PROFILE))
ENVIRONMENT = host.Environment(handlers=HANDLERS, calendar=calendar.OfficeCalendar(lambda: _DAYS))


def _open(session) -> None:
    load_office(session)
    commands.deploy_folder(session, Path("bpmn"), bootstrap.registered(HANDLERS), SYSTEM_NOW)


_opened = copies.Copies(_open)


def open_office(session) -> None:
    """The office with its people and its diagrams; checking the diagrams takes seconds and is done once."""
    # The copies come back under the same ids; another test's diagrams may be held under these.
    definitions.forget()
    _opened.into(session)
