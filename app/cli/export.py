"""The command `export`: what the database holds as files of a folder, so that it can live under version control."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli import connected, texts
from app.design import errors, queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

SHOWN = 5


@click.command(cls=texts.Command, help="help_export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--draft", type=int, metavar="N")
@click.option("--force", is_flag=True)
def export(folder: Path, draft: int | None, **options: bool) -> None:
    """Writes each file byte for byte as it was stored; other files of the folder are left alone.

    Exit code 2 when a file of the folder would be overwritten by something else.
    """
    with connected.office() as office, office.sessions() as session:
        files = in_force(session) if draft is None else _draft(session, draft)
    if not files:
        raise texts.Refusal("export_nothing")
    if not options["force"]:
        _refuse_overwriting(folder, files)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    texts.say("exported", number=len(files), folder=folder)


def in_force(session: Session) -> dict[str, bytes]:
    """The files that new cases use, by name."""
    hashes = queries.in_force(session).hashes
    contents = queries.sources(session, hashes.values())
    return {name: contents[digest] for name, digest in sorted(hashes.items())}


def _draft(session: Session, draft_id: int) -> dict[str, bytes]:
    try:
        return queries.bundle(session, draft_id)
    except errors.UnknownDraft as unknown:
        raise texts.Refusal("draft_unknown", draft=draft_id) from unknown


def _refuse_overwriting(folder: Path, files: Mapping[str, bytes]) -> None:
    there = [name for name in files if (folder / name).is_file() and (folder / name).read_bytes() != files[name]]
    if there:
        listed = ", ".join(there[:SHOWN]) + (" ..." if len(there) > SHOWN else "")
        raise texts.Refusal("export_in_the_way", folder=folder, files=listed)
