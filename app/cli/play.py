"""The command `play`: runs a process by a scenario, without application and without database."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from app.cli import diagrams, texts
from workflows import player, player_report, player_scenario


@click.command(cls=texts.Command, help="help_play")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--scenario", "script", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="S.json")
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def play(context: click.Context, file: Path, script: Path | None, shape: str) -> None:
    """Exit code 0 when it went through or waits, 1 when it was refused or failed, 2 when something cannot be read."""
    gathered = diagrams.gather(file)
    try:
        result = player.play(
            gathered.files,
            _scenario(script),
            main=gathered.main,
            declared=diagrams.declared(),
            calendar=diagrams.office_calendar(),
            now=datetime.now(UTC),
        )
    except player_scenario.ScenarioInvalid as invalid:
        if shape == "json":
            _print(player_report.unreadable(invalid, texts.locale()))
        raise texts.Refusal("scenario_refused", file=script or "", reason=invalid.message(texts.locale())) from invalid
    if shape == "json":
        _print(player_report.as_json(result, texts.locale()))
    else:
        for line in player_report.as_lines(result, texts.locale()):
            click.echo(line)
    unreadable = any(problem.code in diagrams.UNREADABLE for problem in result.problems)
    context.exit(0 if result.is_fine else 2 if unreadable else 1)


def _print(told: dict[str, Any]) -> None:
    click.echo(json.dumps(told, ensure_ascii=False, indent=1))


def _scenario(script: Path | None) -> player_scenario.Scenario:
    """The scenario of the file; without one everything is completed at once."""
    if script is None:
        return player_scenario.Scenario(auto_complete=True)
    return player_scenario.read(script.read_bytes())
