"""The shipped office ready to work: handlers, calendar, and its diagrams deployed once and copied for each test."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import insert, select

from app import bootstrap
from app.cli import office as commands
from app.office import calendar, profile
from tests.app.conftest import PROFILE, SYSTEM_NOW, load_office
from workflows import definitions, models
from workflows import handlers as host

HANDLERS = bootstrap.registry()
_DAYS = profile.snapshot(profile.read(PROFILE))
ENVIRONMENT = host.Environment(handlers=HANDLERS, calendar=calendar.OfficeCalendar(lambda: _DAYS))
_deployed: dict[type, list[dict]] = {}


def open_office(session) -> None:
    """The office with its people and its diagrams; checking the diagrams takes seconds and is done once."""
    load_office(session)
    # The copies below come back under the same ids; another test's diagrams may be held under these.
    definitions.forget()
    for table, rows in _deployed.items():
        session.execute(insert(table), rows)
    if not _deployed:
        commands.deploy_folder(session, Path("bpmn"), bootstrap.registered(HANDLERS), SYSTEM_NOW)
        session.flush()
        for table in (models.Source, models.Definition):
            _deployed[table] = [dict(row._mapping) for row in session.execute(select(table.__table__))]
