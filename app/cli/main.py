"""The command `drehscheibe`: everything that is done to the office from the shell."""

from __future__ import annotations

from typing import Any

import click

from app import config
from app.casework.handlers_calls import CallsInvalid
from app.cli import (
    accounts,
    backups,
    clock,
    demo,
    doctor,
    export,
    generate,
    lint,
    office,
    play,
    route,
    serving,
    texts,
    versions,
)
from app.office.errors import OfficeError
from workflows import embedded, errors

# What cannot be done is told in one sentence; anything else is a fault of ours and shows its place.
REFUSALS: tuple[tuple[type[Exception], str], ...] = (
    (config.SettingMissing, "setting_missing"),
    (config.SettingInvalid, "setting_invalid"),
    (CallsInvalid, "calls_invalid"),
    (embedded.AlreadyRunning, "already_running"),
    (embedded.OtherVersion, "other_version"),
    (embedded.BinariesMissing, "binaries_missing"),
    (embedded.NotStarted, "not_started"),
    (embedded.EmbeddedError, "embedded_error"),
    (errors.WorkflowError, "workflow_error"),
    (OfficeError, "office_error"),
)


class Root(texts.Group):
    """The root of all commands: turns what our packages refuse into a sentence and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  click's own
        """Runs the command. Raises texts.Refusal for what was refused."""
        try:
            return super().invoke(ctx)
        except tuple(kind for kind, _ in REFUSALS) as refused:
            key = next(key for kind, key in REFUSALS if isinstance(refused, kind))
            given = {"name": "", "expected": ""} | vars(refused)
            detail = f"{type(refused).__name__} {refused}".strip()
            raise texts.Refusal(key, **given | {"detail": detail}) from refused


@click.group(cls=Root, help="help_root", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(["de", "en"]), is_eager=True, help="Deutsch, English")
@click.version_option(package_name="drehscheibe", message="%(prog)s %(version)s")
def drehscheibe(lang: str | None) -> None:
    """The language is read from the context by those who speak."""
    del lang


for command in (
    demo.demo,
    serving.serve,
    serving.worker,
    office.migrate,
    office.load,
    office.deploy,
    export.export,
    generate.generate,
    lint.lint,
    play.play,
    office.import_records,
    accounts.user,
    clock.advance,
    doctor.doctor,
    backups.note_backup,
    route.route,
    versions.version,
):
    drehscheibe.add_command(command)


def main() -> None:
    """Runs the command line: exit code 2 for a refusal, 1 for what a command reports as wrong."""
    drehscheibe(prog_name="drehscheibe")
