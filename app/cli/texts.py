"""What the commands say, in German and English. The texts stand in texts.json beside this module, by key; what the
library of the command line says itself, in a catalogue of its own words.
"""

from __future__ import annotations

import functools
import gettext
import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app import config

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = Path(__file__).with_name("texts.json")
CATALOGUES = Path(__file__).with_name("translations")


@functools.cache
def table() -> dict[str, dict[str, str]]:
    """All texts: key to language to text."""
    read: dict[str, dict[str, str]] = json.loads(FILE.read_text(encoding="utf-8"))
    return read


def locale() -> str:
    """The language of this call: what --lang says, else that of the settings."""
    context = click.get_current_context(silent=True)
    chosen: str | None = context.find_root().params.get("lang") if context else None
    return chosen or config.locale()


def of(key: str, **values: object) -> str:
    """The text of this key in the language of this call, its places filled."""
    return table()[key][locale()].format(**values)


def say(key: str, **values: object) -> None:
    """Prints the text of this key."""
    click.echo(of(key, **values))


def speak(arguments: Sequence[str]) -> None:
    """Lets the library speak the language of this call, known before it reads the arguments and perhaps refuses one."""
    given = [after for before, after in itertools.pairwise(arguments) if before == "--lang"]
    given += [argument.removeprefix("--lang=") for argument in arguments if argument.startswith("--lang=")]
    gettext.bindtextdomain("messages", str(CATALOGUES))
    config.speak(given[0] if given else locale())


class Refusal(click.ClickException):
    """An anticipated end of a command: one sentence for people, exit code 2."""

    exit_code = 2

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(of(key, **values))

    def show(self, file: object = None) -> None:
        """Prints the sentence alone, without a prefix."""
        del file
        click.echo(self.message, err=True)


class Command(click.Command):
    """A command whose help is a key of the table."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401
    ) -> click.Context:
        """The context of a call, in its language from the first word on."""
        if parent is None:
            speak(args)
        return super().make_context(info_name, args, parent, **extra)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the help in the language of this call."""
        del ctx
        with formatter.indentation():
            formatter.write_text(self._told())

    def get_short_help_str(self, limit: int = 45) -> str:
        """One line for the list of commands."""
        del limit
        return self._told().split("\n")[0]

    def _told(self) -> str:
        return of(self.help) if self.help in table() else (self.help or "")


class Group(Command, click.Group):
    """A group whose help is a key of the table; its commands are of the same kind."""

    command_class = Command
