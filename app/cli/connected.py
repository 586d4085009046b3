"""What most commands begin with: the settings, a log in the language of machines, and the office on its database."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from app import bootstrap, config, logs

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def office() -> Iterator[bootstrap.Office]:
    """The office of the settings for the length of a command. Raises SettingMissing."""
    settings = config.with_database(config.load())
    logs.set_up("WARNING")
    opened = bootstrap.office(settings, connections=2)
    try:
        yield opened
    finally:
        opened.close()
