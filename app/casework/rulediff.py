"""What differs between two rule books, in words: rows column by column, values with their days, test rows.

What else a book holds (programmes, further reasons, names) is not told here; `rest` gives it for a plainer comparison.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.casework import rulebook, rulewords, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from flask_babel.speaklater import LazyString

    from rules.book import Book

TOLD = frozenset({"rules", "parameters", "tests", "version"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: "added", "removed", "changed" or "moved", and a sentence."""

    kind: str
    text: str


def differences(old: Book, new: Book) -> list[Difference]:
    """Every difference of rows, values and test rows, in the reader's language."""
    return [*_rows(old, new), *_parameters(old, new), *_tests(old, new)]


def rest(book: Book) -> bytes:
    """Everything else of a book, as a file."""
    return json.dumps({name: value for name, value in book.raw.items() if name not in TOLD}).encode()


def _rows(old: Book, new: Book) -> Iterator[Difference]:
    before, after = ({row["id"]: row for row in book.rules} for book in (old, new))
    for name in sorted(before.keys() - after.keys()):
        yield Difference("removed", gettext("Zeile %(row)s entfällt.", row=name))
    for name, row in after.items():
        if name not in before:
            text = gettext(
                "Zeile %(row)s ist neu: wenn %(when)s, dann %(outcome)s.",
                row=name, when=_when(new, row), outcome=_outcome(new, row),
            )  # fmt: skip
            yield Difference("added", text)
        else:
            yield from _columns(old, new, before[name], row)
    yield from _order(list(before), list(after))


def _order(before: list[str], after: list[str]) -> Iterator[Difference]:
    both = [name for name in after if name in set(before)]
    if both != [name for name in before if name in set(after)]:
        order = ", ".join(after)
        yield Difference("moved", gettext("Die Zeilen werden anders gereiht: %(order)s.", order=order))


def _when(book: Book, row: Mapping[str, Any]) -> str:
    return "; ".join(rulebook.conditions_by_name(book, row["when"]))


def _named(book: Book, value: str) -> str:
    return rulebook.parameter_name(book, value[1:]) if value.startswith("$") else ""


def _outcome(book: Book, row: Mapping[str, Any]) -> str:
    return _named(book, row["outcome"]) or dict(rulebook.outcomes(book)).get(row["outcome"], "")


def _payer(book: Book, row: Mapping[str, Any]) -> str:
    return _named(book, row["hlu_payer"]) or rulebook.payer_name(book, row["hlu_payer"])


def _state(_book: Book, row: Mapping[str, Any]) -> str:
    said = [str(rulewords.STATES[row["status"]]), row.get("replaced_by") or "", row.get("reason") or ""]
    return ", ".join(text for text in said if text)


def _flags(_book: Book, row: Mapping[str, Any]) -> str:
    return ", ".join(str(rulewords.FLAGS[flag]) for flag in row["flags"])


def _texts(side: str, language: str) -> Callable[[Book, Mapping[str, Any]], str]:
    def told(book: Book, row: Mapping[str, Any]) -> str:
        lines = []
        for text in row["texts"][side]:
            when = "; ".join(rulebook.conditions_by_name(book, text["when"])) if text.get("when") else ""
            lines.append(f"[{when}] {text[language]}" if when else text[language])
        return " / ".join(lines)

    return told


_COLUMNS: tuple[tuple[LazyString, Callable[[Book, Mapping[str, Any]], str]], ...] = (
    (_("Regel"), lambda _book, row: str(row["rule"])),
    (_("Bedingungen"), _when),
    (_("Ergebnis"), _outcome),
    (_("Sozialhilfe zahlt"), _payer),
    (_("Merker"), _flags),
    (_("Zustand"), _state),
    (_("Gilt ab"), lambda _book, row: words.day(row["from"])),
    (_("Gilt bis"), lambda _book, row: words.day(row["to"] or "")),
    (_("Rechtsgrundlage"), lambda _book, row: str(row["texts"]["legal_basis"])),
    (_("Text für Kundinnen und Kunden"), _texts("client", "de")),
    (_("Text für Kundinnen und Kunden, englisch"), _texts("client", "en")),
    (_("Text für die Sachbearbeitung"), _texts("clerk", "de")),
    (_("Text für die Sachbearbeitung, englisch"), _texts("clerk", "en")),
)


def _columns(old: Book, new: Book, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for label, told in _COLUMNS:
        was, now = told(old, before), told(new, after)
        if was != now:
            text = gettext(
                "Zeile %(row)s, %(column)s: jetzt „%(now)s“, vorher „%(was)s“.",
                row=after["id"], column=str(label), now=now or gettext("leer"), was=was or gettext("leer"),
            )  # fmt: skip
            yield Difference("changed", text)


def _parameters(old: Book, new: Book) -> Iterator[Difference]:
    for name, entries in new.raw["parameters"].items():
        before = old.raw["parameters"].get(name, [])
        if before != entries:
            text = gettext(
                "%(name)s: jetzt %(now)s; vorher %(was)s.", name=rulebook.parameter_name(new, name),
                now=_entries(new, entries), was=_entries(old, before) or gettext("leer"),
            )  # fmt: skip
            yield Difference("changed", text)
    for name in sorted(old.raw["parameters"].keys() - new.raw["parameters"].keys()):
        yield Difference("removed", gettext("%(name)s entfällt.", name=rulebook.parameter_name(old, name)))


def _entries(book: Book, entries: list[Mapping[str, Any]]) -> str:
    told = [
        gettext("%(value)s ab %(day)s", value=rulebook.in_words(book, each["value"]), day=words.day(each["from"]))
        for each in sorted(entries, key=lambda each: str(each["from"]))
    ]
    return ", ".join(map(str, told))


def _tests(old: Book, new: Book) -> Iterator[Difference]:
    before, after = ({row["id"]: row for row in book.raw.get("tests", [])} for book in (old, new))
    for name in [*before, *(name for name in after if name not in before)]:
        if before.get(name) != after.get(name):
            said = {"row": (after.get(name) or before[name])["title"] or name}
            if name not in after:
                yield Difference("removed", gettext("Prüfzeile „%(row)s“ entfällt.", **said))
            elif name not in before:
                yield Difference("added", gettext("Prüfzeile „%(row)s“ ist neu.", **said))
            else:
                yield Difference("changed", gettext("Prüfzeile „%(row)s“ ist geändert.", **said))
