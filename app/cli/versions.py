"""The commands `version ...`: which versions of a process run, and how running cases change to a newer one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from app.cli import connected, texts
from app.cli.clock import SHELL
from app.office import clock
from workflows import errors, migration, migration_batches
from workflows import versions as known
from workflows.models import BatchStatus, ItemStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session, sessionmaker

STEP = 20
SHOWN = 10
# What a running batch has still to deal with, by its state.
LEFT = {
    BatchStatus.CHECKING: ItemStatus.OPEN,
    BatchStatus.MOVING: ItemStatus.POSSIBLE,
    BatchStatus.REVERTING: ItemStatus.MOVED,
}


@click.group(cls=texts.Group, help="help_version")
def version() -> None:
    """Groups the commands about versions of processes."""


@version.command("list", cls=texts.Command, help="help_version_list")
def list_() -> None:
    """Prints each version with the number of its running cases."""
    with connected.office() as office, office.sessions() as session:
        for row in known.all_of(session):
            texts.say("version_row", process=row.process, version=row.version, running=row.running)


@version.command(cls=texts.Command, help="help_version_move")
@click.argument("process")
@click.option("--to", type=int, help="Version")
@click.option("--name", "names", multiple=True, metavar="OLD=NEW")
@click.option("--reason", required=True)
@click.option("--check", is_flag=True)
@click.option("--yes", is_flag=True)
def move(process: str, names: tuple[str, ...], reason: str, **options: object) -> None:
    """Looks at all running cases of older versions, says what would happen, and after a yes changes those that can.

    Exit code 1 when cases stay behind.
    """
    told = dict(_pair(name) for name in names)
    with connected.office() as office:
        with office.sessions.begin() as session:
            wanted = known.find(session, process, options["to"])  # type: ignore[arg-type]  # click has checked
            if wanted is None:
                raise texts.Refusal("version_unknown", process=process, version=options["to"] or "")
            target = migration.Target(wanted, told)
            batch = migration_batches.plan(session, target, actor=SHELL, now=clock.now(session), reason=reason)
        _follow(office.sessions, batch, "version_looking")
        _report(office.sessions, batch)
        if not options["check"] and (options["yes"] or click.confirm(texts.of("version_sure"))):
            with office.sessions.begin() as session:
                migration_batches.begin(session, batch)
            _follow(office.sessions, batch, "version_moving")
        with office.sessions() as session:
            _, counted = migration_batches.progress(session, batch)
    texts.say("version_moved", batch=batch, moved=counted.get(ItemStatus.MOVED, 0))
    click.get_current_context().exit(1 if counted.get(ItemStatus.REFUSED) else 0)


@version.command(cls=texts.Command, help="help_version_back")
@click.argument("batch", type=int)
@click.pass_context
def back(context: click.Context, batch: int) -> None:
    """Changes the cases of a batch back that have not moved on; exit code 1 when some have."""
    with connected.office() as office:
        try:
            with office.sessions.begin() as session:
                migration_batches.revert(session, batch)
        except errors.BatchRefused as refused:
            raise texts.Refusal("version_no_batch", batch=batch) from refused
        _follow(office.sessions, batch, "version_moving")
        with office.sessions() as session:
            _, counted = migration_batches.progress(session, batch)
    left = counted.get(ItemStatus.LEFT, 0)
    texts.say("version_back", back=counted.get(ItemStatus.REVERTED, 0), left=left)
    context.exit(1 if left else 0)


def _pair(name: str) -> tuple[str, str]:
    old, sign, new = name.partition("=")
    if not (old and sign and new):
        raise texts.Refusal("version_name", name=name)
    return old, new


def _follow(sessions: sessionmaker[Session], batch: int, label: str) -> None:
    """Works the batch off (a running worker may help) and shows how far it is."""
    with sessions() as session:
        status, counted = migration_batches.progress(session, batch)
    with click.progressbar(length=counted.get(LEFT[status], 0), label=texts.of(label)) as bar:
        for left in _steps(sessions, batch, status):
            bar.update(max(bar.length or 0, left) - left - bar.pos)


def _steps(sessions: sessionmaker[Session], batch: int, begun: BatchStatus) -> Iterator[int]:
    """How many are left, after each few."""
    status = begun
    while status is begun:
        migration_batches.work_off(sessions, clock.now, batch, limit=STEP)
        with sessions() as session:
            status, counted = migration_batches.progress(session, batch)
        yield counted.get(LEFT[begun], 0) if status is begun else 0


def _report(sessions: sessionmaker[Session], batch: int) -> None:
    with sessions() as session:
        _, counted = migration_batches.progress(session, batch)
        refused = migration_batches.refusals(session, batch)
    texts.say("version_possible", number=counted.get(ItemStatus.POSSIBLE, 0))
    for row in refused:
        cases = ", ".join(row.subjects[:SHOWN]) + (" ..." if len(row.subjects) > SHOWN else "")
        reason = texts.of(f"version_code_{row.code}", element=row.element)
        texts.say("version_refused", number=len(row.subjects), reason=reason, cases=cases)
