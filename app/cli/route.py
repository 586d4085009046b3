"""`drehscheibe route`: routes a table of clients with the rule book alone, without a database."""

from __future__ import annotations

import pathlib
import sys
from typing import TYPE_CHECKING

import click

from app.cli import routing_csv, texts
from rules import book, routing

if TYPE_CHECKING:
    from datetime import date, datetime

SAME_FILE = ("Eingabe und Ausgabe sind dieselbe Datei.", "Input and output are the same file.")
NO_BOOK = (
    "Dieses Regelwerk gibt es nicht: {name}. Vorhanden: {names}.",
    "There is no such book: {name}. There is: {names}.",
)
BAD_BOOK = ("Das Regelwerk ist fehlerhaft: {reason}", "The rule book is faulty: {reason}")
NO_TABLE = ("{file} ist keine lesbare Tabelle: {reason}", "{file} is not a readable table: {reason}")
NO_FILE = ("{file} lässt sich nicht öffnen: {reason}", "{file} cannot be opened: {reason}")
LABEL = ("Zuordnen", "Routing")
DONE = (
    "{routed} Datensätze zugeordnet, {failed} nicht lesbar. Regelwerk {book}, ausgewertet durch {evaluator}.",
    "{routed} records routed, {failed} not readable. Rule book {book}, evaluated by {evaluator}.",
)
FAULTS = ("Nicht lesbare Zeilen mit Grund: {file}", "Unreadable lines with reason: {file}")


class Unusable(click.ClickException):
    """The command could not begin: one sentence, exit code 2."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Prints the sentence alone."""
        del file
        click.echo(self.message, err=True)


@click.command(help="Ordnet eine Tabelle von Kundinnen und Kunden zu. / Routes a table of clients.")
@click.option("--input", "source", required=True, type=click.Path(path_type=pathlib.Path), metavar="FILE")
@click.option("--output", "target", required=True, type=click.Path(path_type=pathlib.Path), metavar="FILE")
@click.option("--on", type=click.DateTime(["%Y-%m-%d", "%d.%m.%Y"]), help="Stichtag / reference date")
@click.option("--book", "name", default="bergisch_gladbach_2004", metavar="NAME/VERSION", help="Regelwerk / rule book")
@click.option("--lang", type=click.Choice(["de", "en"]), help="Sprache der Meldungen / language of messages")
@click.pass_context
def route(
    context: click.Context,
    source: pathlib.Path,
    target: pathlib.Path,
    *,
    on: datetime | None,
    name: str,
    lang: str | None,
) -> None:
    """Exit code 0, or 1 when lines could not be read, or 2 when nothing could be done."""
    locale = lang or texts.locale()
    chosen = _book(name, locale)
    if source.resolve() == target.resolve():
        raise Unusable(_say(SAME_FILE, locale))
    tally = _convert(source, target, routing_csv.Order(chosen, _day(on), locale))
    version = f"{chosen.name}/{chosen.version}"
    counts = {"routed": tally.routed, "failed": tally.failed, "book": version, "evaluator": routing.serving()}
    click.echo(_say(DONE, locale, **counts), err=True)
    if tally.failed:
        click.echo(_say(FAULTS, locale, file=routing_csv.errors_beside(target)), err=True)
        context.exit(1)


def _convert(source: pathlib.Path, target: pathlib.Path, order: routing_csv.Order) -> routing_csv.Tally:
    try:
        size = source.stat().st_size
        with click.progressbar(
            length=size, label=_say(LABEL, order.locale), file=sys.stderr, update_min_steps=1 << 16
        ) as bar:
            return routing_csv.convert(source, target, order, advance=bar.update)
    except routing_csv.TableUnreadable as error:
        reason = routing_csv.told(error.key, order.locale, **error.values)
        raise Unusable(_say(NO_TABLE, order.locale, file=source, reason=reason)) from error
    except OSError as error:
        name = str(error.filename or source).removesuffix(routing_csv.PART)
        raise Unusable(_say(NO_FILE, order.locale, file=name, reason=error.strerror)) from error


def _book(name: str, locale: str) -> book.Book:
    try:
        return book.load(name)
    except book.BookUnknown as error:
        raise Unusable(_say(NO_BOOK, locale, name=name, names=", ".join(book.names()))) from error
    except book.BookInvalid as error:
        raise Unusable(
            _say(BAD_BOOK, locale, reason=" ".join(each.sentence(locale) for each in error.problems))
        ) from error


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


def _say(text: tuple[str, str], locale: str, **values: object) -> str:
    return text[1 if locale == "en" else 0].format(**values)
