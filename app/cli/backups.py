"""The command `note-backup`: the job that backs up the database says so, and the page of operations shows it."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from app.cli import connected, texts
from app.operations import service

SHELL = "System"


@click.command("note-backup", cls=texts.Command, help="help_note_backup")
@click.option("--place", required=True, help="…/drehscheibe-2004-01-05.dump")
@click.option("--bytes", "size", type=click.IntRange(min=0), default=0)
def note_backup(place: str, size: int) -> None:
    """Notes that a backup was made now."""
    with connected.office() as office, office.sessions.begin() as session:
        service.note_backup(session, place=place, size=size, by=SHELL, at=datetime.now(UTC))
    texts.say("backup_noted", place=place)
