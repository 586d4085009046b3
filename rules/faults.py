"""What is wrong with a book, for the person who edits it: which row and column, what, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_KINDS = {
    "rule": ("Zeile {id}", "row {id}"),
    "programme": ("Programm {id}", "programme {id}"),
    "note": ("Begründung {id}", "reason {id}"),
    "setting": ("Frage {id}", "question {id}"),
    "parameter": ("Wert {id}", "value {id}"),
    "name": ("Name {id}", "name {id}"),
    "test": ("Prüfzeile {id}", "test row {id}"),
    "": ("Das Regelwerk", "the rule book"),
}
_COLUMNS = {
    "when": ("Bedingungen", "conditions"),
    "outcome": ("Ergebnis", "outcome"),
    "hlu_payer": ("wer zahlt", "payer"),
    "flags": ("Merker", "flags"),
    "status": ("Zustand", "state"),
    "priority": ("Reihenfolge", "order"),
    "id": ("Nummer", "number"),
    "rule": ("Regel", "rule"),
    "from": ("gilt ab", "valid from"),
    "to": ("gilt bis", "valid until"),
    "legal_basis": ("Rechtsgrundlage", "legal basis"),
    "client": ("Text für Kundinnen und Kunden", "text for clients"),
    "clerk": ("Text für die Sachbearbeitung", "text for the caseworkers"),
    "value": ("Wert", "value"),
    "facts": ("Angaben", "facts"),
}
#: German, English; in each what is wrong and how to mend it.
_TEXTS: Mapping[str, tuple[str, str, str, str]] = {
    "unreadable": (
        "Die Datei ist kein lesbares Regelwerk: {detail}.",
        "Bitte lesen Sie eine unveränderte Fassung noch einmal ein.",
        "The file is no readable rule book: {detail}.", "Please read an unchanged version in again.",
    ),
    "other_book": (
        "Die Datei enthält das Regelwerk {value}; hier gilt {wanted}.", "Bitte beginnen Sie mit der geltenden Fassung.",
        "The file holds the book {value}; the office decides by {wanted}.", "Please begin from the version in force.",
    ),
    "lacks": (
        "Es fehlt etwas, oder es ist von der falschen Art: {detail}.", "Bitte ergänzen Sie es wie bei den anderen.",
        "The book lacks something that every book has, or it is of the wrong kind: {detail}.",
        "Please complete it like the others.",
    ),
    "too_many_rows": (
        "Es sind {count} Zeilen; sicher auswerten lassen sich höchstens {limit}.",
        "Bitte fassen Sie Zeilen zusammen, oder entfernen Sie, was nicht mehr gilt.",
        "The book has {count} rules, and no more than {limit} are evaluated safely.",
        "Please join some, or remove what is no longer valid.",
    ),
    "same_priority": (
        "Zwei Zeilen stehen an derselben Stelle: Welche zuerst gilt, ist offen.",
        "Bitte geben Sie jeder eine eigene Stelle.",
        "Two rules have the same priority: which of them comes first is open.", "Please give each a place of its own.",
    ),
    "same_id": (
        "Diese Nummer gibt es zweimal.", "Bitte geben Sie einer eine andere.",
        "Two rules have the same id.", "Please give one of them another.",
    ),
    "id_form": (
        "Diese Nummer ist nicht möglich.",
        "Sie beginnt mit Buchstabe oder Ziffer und hat höchstens 40 Zeichen: Buchstaben, Ziffern, Punkt, Bindestrich.",
        "This number is not possible.",
        "It begins with a letter or digit and has at most 40 characters: letters, digits, dots, hyphens.",
    ),
    "last_row": (
        "Die letzte Zeile muss auf alle zutreffen, damit niemand ohne Antwort bleibt.",
        "Bitte nehmen Sie ihre Bedingungen fort, oder stellen Sie die Zeile ohne Bedingungen ans Ende.",
        "The last rule must be met by everybody, so that nobody stays without an answer.",
        "Please take its conditions away, or put the row without conditions last.",
    ),
    "status": (
        "Den Zustand {value} gibt es nicht.", "Möglich sind: in Kraft, außer Kraft, ersetzt.",
        "The status {value} is not known.", "Possible are in force, void, replaced.",
    ),
    "legal_basis": (
        "Die Rechtsgrundlage fehlt.", "Bitte nennen Sie die Vorschrift oder die Stelle der Vereinbarung.",
        "The legal basis is missing.", "Please name the provision or the place in the agreement.",
    ),
    "flag": (
        "Den Merker {value} gibt es nicht.", "Bitte wählen Sie einen der vorhandenen.",
        "The flag {value} is not known.", "Please choose one of those there are.",
    ),
    "parameter_unknown": (
        "Den Wert {value} gibt es nicht.", "Bitte wählen Sie einen vorhandenen oder eine feste Angabe.",
        "There is no parameter {value}.", "Please choose one that there is, or say it outright.",
    ),
    "value_unknown": (
        "{value} gibt es hier nicht.", "Möglich sind: {choices}.",
        "{value} is not known here.", "Possible are: {choices}.",
    ),
    "value_kind": (
        "Der Wert {value} passt hier nicht.", "Gebraucht wird {wanted_de}.",
        "The value {value} does not fit here.", "Needed is {wanted_en}.",
    ),
    "fact_unknown": (
        "Nach {value} kann keine Bedingung fragen.", "Bitte wählen Sie eine der Spalten.",
        "There is no fact {value}.", "Please choose one of the columns.",
    ),
    "comparison": (
        "{value} ist hier kein Vergleich.", "Zahlen: mindestens, höchstens, unter, über; sonst: ist, ist eines von.",
        "{value} is not a comparison here.", "Numbers: at least, at most, below, above; else: is, is one of.",
    ),
    "condition": (
        "Diese Bedingung ist nicht lesbar: {value}.", "Eine Bedingung hat Spalte, Vergleich und Angabe.",
        "This condition cannot be read: {value}.", "A condition has column, comparison and value.",
    ),
    "placeholder": (
        "Den Platzhalter {value} füllt niemand.", "Möglich sind: {choices}.",
        "Nobody fills the placeholder {value}.", "Possible are: {choices}.",
    ),
    "braces": (
        "Eine geschweifte Klammer ist nicht geschlossen oder enthält mehr als einen Namen.",
        "Platzhalter sehen so aus: {{age}}.",
        "A brace is not closed, or holds more than a name.", "Placeholders look like this: {{age}}.",
    ),
    "text_empty": (
        "Der Text fehlt in einer der beiden Sprachen.", "Bitte schreiben Sie ihn auf Deutsch und auf Englisch.",
        "The text is missing in one of the two languages.", "Please write it in German and in English.",
    ),
    "ends_before": (
        "Das Ende liegt vor dem Beginn.", "Bitte berichtigen Sie einen der beiden Tage.",
        "The end lies before the beginning.", "Please put one of the two days right.",
    ),
    "day": (
        "{value} ist kein Tag.", "Bitte schreiben Sie ihn als TT.MM.JJJJ.",
        "{value} is no day.", "Please write it as DD.MM.YYYY.",
    ),
    "entries": (
        "Gebraucht wird mindestens eine Angabe, und von jedem Tag an nur eine.", "Bitte berichtigen Sie die Tage.",
        "It needs at least one value, and only one from the same day.", "Please put the days right.",
    ),
    "parameter_missing": (
        "Ohne diesen Wert kann niemand entscheiden.", "Bitte ergänzen Sie ihn.",
        "Nothing can be decided without this value.", "Please add it.",
    ),
}  # fmt: skip

CODES = frozenset(_TEXTS)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that keeps a book from being used. `kind` and `row` name the row, `column` the place in it."""

    code: str
    kind: str = ""
    row: str = ""
    column: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    def place(self, locale: str) -> str:
        """Which row and column, for people."""
        index = _index(locale)
        where = _KINDS[self.kind][index].format(id=self.row)
        return f"{where}, {_COLUMNS[self.column][index]}" if self.column else where

    def text(self, locale: str) -> str:
        """What is wrong."""
        return _TEXTS[self.code][2 * _index(locale)].format(**self.values)

    def remedy(self, locale: str) -> str:
        """How to mend it."""
        return _TEXTS[self.code][2 * _index(locale) + 1].format(**self.values)

    def sentence(self, locale: str) -> str:
        """Place, what is wrong and how to mend it."""
        place = self.place(locale)
        return f"{place[:1].upper()}{place[1:]}: {self.text(locale)} {self.remedy(locale)}"

    def __str__(self) -> str:
        return self.sentence("en")


def _index(locale: str) -> int:
    return 1 if locale == "en" else 0
