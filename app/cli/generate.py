"""The command `generate`: a plausible history of the training office, in great number."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import click
from sqlalchemy import select

from app import bootstrap, logs
from app.cli import connected, texts
from app.cli.generating import history
from app.office import models, queries

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def _office() -> Iterator[bootstrap.Office]:
    """The office as the owner of its tables sees it: only the owner can relieve them while rows come in."""
    found = connected.settings()
    logs.set_up("WARNING")
    opened = bootstrap.office(replace(found, database_url=found.migration_url), connections=2)
    try:
        yield opened
    finally:
        opened.close()


@click.command("generate", cls=texts.Command, help="help_generate")
@click.option("--cases", type=click.IntRange(1, 5_000_000), required=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--years", type=click.IntRange(1, 5), default=3, show_default=True)
def generate(cases: int, seed: int, years: int) -> None:
    """Writes the cases in one transaction: all or none. Refuses a database without the training mark."""
    with _office() as office, office.sessions.begin() as session:
        if session.scalar(select(models.Mark.training)) is not True:
            raise texts.Refusal("generate_not_training")
        opening = queries.opening_day(session)
        if opening is None:
            raise texts.Refusal("generate_not_training")
        began = time.perf_counter()
        texts.say("generate_living")
        told, batches = history.generate(session, cases, seed=seed, years=years, opening=opening)
        lived = time.perf_counter() - began
        with click.progressbar(length=cases, label=texts.of("generating")) as bar:
            for number in batches:
                bar.update(number)
    rate = round(cases / told.seconds) if told.seconds else cases
    texts.say(
        "generated", cases=cases, seconds=f"{told.seconds:.1f}", rate=rate, lived=f"{lived:.1f}", findings=told.findings
    )
    for position, number in told.positions.most_common():
        click.echo(f"  {position:<14}{number:>9}")
