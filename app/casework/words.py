"""The words that people read for the codes that are stored, for flags, facts and refusals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _

from app.casework import refusals
from app.casework.vocabulary import NOUNS
from app.casework.vocabulary import PURPOSES as PURPOSES
from app.office import dates

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

REFUSALS = {
    "required": _("Bitte machen Sie hier eine Angabe."),
    "too_long": _("Das ist zu lang."),
    "too_short": _("Das ist zu kurz."),
    "not_a_date": _("Bitte schreiben Sie das Datum als TT.MM.JJJJ, zum Beispiel 05.01.2004."),
    "date_format": _("Bitte schreiben Sie das Datum als TT.MM.JJJJ, zum Beispiel 05.01.2004."),
    "no_such_date": _("Dieses Datum gibt es nicht."),
    "two_digit_year": _("Bitte schreiben Sie das Jahr mit vier Ziffern, zum Beispiel 1982."),
    "future": _("Dieses Datum liegt in der Zukunft."),
    "past": _("Dieses Datum ist schon vorbei."),
    "too_old": _("Dieses Datum liegt mehr als 110 Jahre zurück."),
    "before_birth": _("Dieses Datum liegt vor der Geburt."),
    "before_start": _("Das Ende liegt vor dem Beginn."),
    "unknown_choice": _("Bitte wählen Sie einen der Einträge."),
    "not_a_number": _("Bitte geben Sie eine Zahl ein."),
    "number_format": _("Bitte geben Sie eine Zahl ein."),
    "taken": _("Diese Nummer gehört schon jemand anderem."),
    "priority_unanswered": _("Bitte beantworten Sie, warum nicht zuerst vermittelt wird."),
    "if_needed": _("Bitte schreiben Sie, was genau und bis wann, nicht „bei Bedarf“."),
    "same_person": _("Das muss eine zweite Person entscheiden."),
}
FLAGS = (
    (re.compile(r"U18"), _("noch nicht 18: Eltern oder Vormund informieren, Schulpflicht prüfen")),
    (re.compile(r"FREIWILLIG"), _("Angebote sind freiwillig")),
    (re.compile(r"VORLAEUFIG"), _("vorläufig: die Leistung ist erst beantragt")),
    (re.compile(r"ZAHLSTELLE_BG"), _("wer für die Bedarfsgemeinschaft zahlt, ist zu klären")),
    (re.compile(r"(\d+)_am_(\S+)"), _("wird am {1} {0} Jahre alt")),
    (re.compile(r"LZA_ab_(\S+)"), _("langzeitarbeitslos ab {0}")),
)


def word(code: object, noun: str) -> str:
    """The word for a code of this noun; a code that nobody knows comes back as it is."""
    return str(NOUNS[noun].get(str(code or ""), code or ""))


def choices(noun: str) -> list[tuple[str, str]]:
    """All codes of a noun with their words, for a list to choose from."""
    return [(code, str(text)) for code, text in NOUNS[noun].items()]


def flag(code: str) -> str:
    """A flag of a decision as a sentence."""
    for pattern, text in FLAGS:
        found = pattern.fullmatch(code)
        if found:
            return str(text).format(*found.groups())
    return code


def beginnings(found: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    """The start events of a process to choose from, in the reader's language; none where there is no choice."""
    language = int(str(get_locale()) == "en")
    return [(element, names[language]) for element, names in found.items()] if len(found) > 1 else []


def refusal(code: str) -> str:
    """Why a field cannot be taken."""
    return str(REFUSALS[code]) if code in REFUSALS else refusals.text(code, str(get_locale()))


def day(text: str) -> str:
    """An ISO date as people write it here; other text as it is."""
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text)
    return f"{found[3]}.{found[2]}.{found[1]}" if found else text


def clock(at: datetime) -> str:
    """The time of day in the office."""
    return f"{dates.local(at):%H:%M}"


def fact(value: object) -> str:
    """A value that a rule saw, in words."""
    if value is None or value == "":
        return str(gettext("keine Angabe"))
    if isinstance(value, bool):
        return str(gettext("ja") if value else gettext("nein"))
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(word(code, "benefit") for code in value) or gettext("keine")
    text = str(value)
    for noun in ("yes_no", "benefit", "payer"):
        if text in NOUNS[noun]:
            return word(text, noun)
    return day(text)


def facts(inputs: Mapping[str, object]) -> list[tuple[str, str]]:
    """The facts of a decision in words; what was only derived from them is left out."""
    return [(str(label), fact(inputs[key])) for key, label in NOUNS["fact"].items() if key in inputs]
