"""What most commands begin with: the settings, a log in the language of machines, and the office on its database."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from app import bootstrap, config, logs, schema
from app.cli import texts
from workflows import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.config import Settings

DATABASE = "drehscheibe"
FOLDER = "postgres"


def settings() -> Settings:
    """The settings with a database: the one they name, else that of the training office that runs beside us.

    Raises SettingMissing when there is neither.
    """
    found = config.load()
    if found.database_url:
        return found
    folder = found.var / FOLDER
    application = embedded.address_of(folder, DATABASE, embedded.APPLICATION)
    owner = embedded.address_of(folder, DATABASE, embedded.OWNER)
    return config.with_database(replace(found, database_url=application or "", owner_url=owner or ""))


def upgrade(settings: Settings) -> bool:
    """Brings the tables to the version of the program; whether anything was to do. Raises Refusal for tables that an
    unreleased state of the program has made.
    """
    try:
        return schema.upgrade(settings.migration_url, settings.database_url)
    except schema.TablesLacking as lacking:
        raise texts.Refusal("tables_lacking", names=", ".join(lacking.names)) from lacking


@contextlib.contextmanager
def office() -> Iterator[bootstrap.Office]:
    """The office for the length of a command. Raises SettingMissing when there is no database."""
    found = settings()
    logs.set_up("WARNING")
    opened = bootstrap.office(found, connections=2)
    try:
        yield opened
    finally:
        opened.close()
