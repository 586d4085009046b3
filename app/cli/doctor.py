"""The command `doctor`: looks at everything an office needs, says what is wrong and what to do."""

from __future__ import annotations

import ctypes.util
import importlib.util
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from app import config, schema
from app.cli import connected, texts
from app.office import advance, clock
from app.operations import state
from rules import host
from workflows import models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

SILENT = timedelta(seconds=state.SILENT_SECONDS)
SCARCE = 1_000_000_000
PDF_LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: fine, worth a note, or wrong; then the text says what to do."""

    kind: str
    text: str


@click.command(cls=texts.Command, help="help_doctor")
@click.pass_context
def doctor(context: click.Context) -> None:
    """Prints a line for each thing; exit code 1 when one is wrong."""
    findings = [*_installation(), *_office()]
    for finding in findings:
        click.echo(f"{texts.of(f'kind_{finding.kind}'):<9}{finding.text}")
    context.exit(1 if any(finding.kind == "wrong" for finding in findings) else 0)


def _finding(kind: str, key: str, **values: object) -> Finding:
    return Finding(kind, texts.of(key, **values))


def _installation() -> Iterator[Finding]:
    yield _finding("fine", "doctor_durable") if host.available() else _finding("note", "doctor_plain")
    missing = [name for name in PDF_LIBRARIES if ctypes.util.find_library(name) is None]
    if importlib.util.find_spec("weasyprint") is None or missing:
        yield _finding("note", "doctor_no_pdf")
    else:
        yield _finding("fine", "doctor_pdf")
    var = config.load().var
    free = shutil.disk_usage(var if var.exists() else ".").free
    gigabytes = f"{free / 1e9:.1f}"
    yield _finding(
        "fine" if free > SCARCE else "wrong", "doctor_disk" if free > SCARCE else "doctor_full", free=gigabytes
    )


def _office() -> Iterator[Finding]:
    try:
        with connected.office() as office, office.sessions() as session:
            yield _finding("fine", "doctor_database", version=session.scalar(text("SHOW server_version")))
            yield _migrations(session)
            for look in LOOKS:
                yield look(session)
    except config.SettingMissing as missing:
        yield _finding("wrong", "doctor_no_address", name=missing.name)
    except SQLAlchemyError as error:
        yield _finding("wrong", "doctor_no_database", error=type(error.__cause__ or error).__name__)


def _migrations(session: Session) -> Finding:
    found = schema.version(session.connection())
    if found == schema.head() and (names := schema.lacking(session.connection())):
        return _finding("wrong", "tables_lacking", names=", ".join(names))
    right = found == schema.head()
    key = "doctor_migrated" if right else "doctor_behind"
    return _finding("fine" if right else "wrong", key, found=found or "-", head=schema.head())


def _superuser(session: Session) -> Finding:
    mighty = session.scalar(text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"))
    return _finding("wrong" if mighty else "fine", "doctor_superuser" if mighty else "doctor_role")


def _worker(session: Session) -> Finding:
    seen = session.scalar(text("SELECT max(last_heartbeat) FROM procrastinate_workers"))
    if seen is None or datetime.now(UTC) - seen > SILENT:
        return _finding("wrong", "doctor_no_worker")
    return _finding("fine", "doctor_worker", seconds=round((datetime.now(UTC) - seen).total_seconds()))


def _clock(session: Session) -> Finding:
    if advance.active(session) is not None:
        return _finding("note", "doctor_moving")
    key = "doctor_training_clock" if clock.is_training(session) else "doctor_clock"
    return _finding("fine", key, now=f"{clock.now(session):%d.%m.%Y %H:%M} UTC")


def _timers(session: Session) -> Finding:
    late = clock.now(session) - state.LATE
    waiting = models.Waiting
    number = session.scalar(select(func.count()).where(waiting.due_at < late))
    return _finding("wrong" if number else "fine", "doctor_late" if number else "doctor_timers", number=number)


def _incidents(session: Session) -> Finding:
    number = session.scalar(select(func.count()).where(models.Incident.resolved_at.is_(None)))
    return _finding(
        "wrong" if number else "fine", "doctor_incidents" if number else "doctor_no_incidents", number=number
    )


def _failed_jobs(session: Session) -> Finding:
    number = session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"))
    return _finding("wrong" if number else "fine", "doctor_failed_jobs" if number else "doctor_jobs", number=number)


LOOKS: tuple[Callable[[Session], Finding], ...] = (_superuser, _worker, _clock, _timers, _incidents, _failed_jobs)
