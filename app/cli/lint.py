"""The command `lint`: what keeps diagrams from being used, without a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app import config
from app.casework import begun
from app.cli import diagrams, office, texts
from workflows import definitions, player, player_report

if TYPE_CHECKING:
    from workflows.problems import Problem


@click.command(cls=texts.Command, help="help_lint")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[FOLDER | FILE...]")
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def lint(context: click.Context, paths: tuple[Path, ...], shape: str) -> None:
    """A folder is checked as this office would deploy it, a file alone for what runs. Exit code 1 when one would be
    refused, 2 when one cannot be read.
    """
    found = [(path, problem) for path in paths or (config.load().bpmn,) for problem in _problems(path)]
    locale = texts.locale()
    refused = [problem for _, problem in found if problem.severity == "error"]
    if shape == "json":
        rows: dict[str, list[dict[str, str]]] = {"problems": [], "warnings": []}
        for path, problem in found:
            kind = "problems" if problem.severity == "error" else "warnings"
            rows[kind].append(player_report.told(problem, locale) | {"file": str(path)})
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        office.report(problem for _, problem in found)
        texts.say("lint_refused" if refused else "lint_clean", number=len(refused))
    unreadable = any(problem.code in diagrams.UNREADABLE for problem in refused)
    context.exit(2 if unreadable else 1 if refused else 0)


def _problems(path: Path) -> list[Problem]:
    if path.is_dir():
        roles = office.profile_roles(config.load().profile)
        known = definitions.Known(handlers=diagrams.declared(), roles=roles, begun=begun.ASKED)
        return definitions.lint(office.read_folder(path), known)
    return player.check(diagrams.gather(path).files, diagrams.declared())
