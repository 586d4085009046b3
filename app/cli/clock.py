"""The command `advance`: moves the clock of a training office forward and shows the progress."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from app.cli import connected, texts
from app.office import advance as moves
from app.office import clock, models
from app.office.errors import ClockRefused
from workflows.handlers import Actor

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session, sessionmaker

POLL_SECONDS = 0.2
# Who has the shell of the server may administer the office.
SHELL = Actor(id=0, name="System", roles=frozenset({"ADM"}))


@click.command(cls=texts.Command, help="help_advance")
@click.argument("day", type=click.DateTime(["%Y-%m-%d", "%d.%m.%Y"]))
@click.pass_context
def advance(context: click.Context, day: datetime) -> None:
    """Asks the worker to move the clock to this day and follows it; exit code 1 when the move did not arrive."""
    with connected.office() as office:
        try:
            with office.sessions.begin() as session:
                run_id = moves.request(session, day.date(), actor=SHELL, now=clock.now(session))
        except ClockRefused as refused:
            raise texts.Refusal("clock_refused", reason=texts.of(f"clock_{refused.reason}")) from refused
        status = _follow(office.sessions, run_id)
    texts.say(f"move_{status}", day=day.date().strftime("%d.%m.%Y"))
    context.exit(0 if status == models.RunStatus.DONE else 1)


def _follow(sessions: sessionmaker[Session], run_id: int) -> str:
    with click.progressbar(length=_total(sessions, run_id), label=texts.of("moving")) as bar:
        while True:
            with sessions() as session:
                run = session.get_one(models.Run, run_id)
            bar.update(run.done - bar.pos)
            if run.status not in moves.ACTIVE:
                return str(run.status)
            time.sleep(POLL_SECONDS)


def _total(sessions: sessionmaker[Session], run_id: int) -> int:
    with sessions() as session:
        return session.get_one(models.Run, run_id).total
