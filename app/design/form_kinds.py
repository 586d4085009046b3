"""The kinds of fields that a form can be given, as people call them, and what each begins as."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _

from app.design import files
from workflows import expressions, form_components, form_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from flask_babel.speaklater import LazyString

Json = dict[str, Any]

# By the type in the file.
TYPES: Mapping[str, LazyString] = {
    "textfield": _("Text"),
    "textarea": _("langer Text"),
    "number": _("Zahl"),
    "datetime": _("Datum"),
    "select": _("Auswahl aus einer Liste"),
    "radio": _("Auswahl, alle Antworten sichtbar"),
    "checklist": _("mehrere Antworten"),
    "checkbox": _("Bestätigung zum Ankreuzen"),
    "filepicker": _("Datei"),
    "text": _("Hinweistext"),
    "separator": _("Trennlinie"),
    "spacer": _("Abstand"),
    "group": _("Abschnitt"),
    "dynamiclist": _("Liste mit mehreren Zeilen"),
}
# What can be added: some are several fields at once, or a field with its usual properties.
KINDS: Mapping[str, LazyString] = {
    "textfield": _("Text"),
    "textarea": _("langer Text"),
    "number": _("Zahl"),
    "money": _("Geldbetrag"),
    "datetime": _("Datum"),
    "month": _("Datum, auch ohne Tag (Monat und Jahr)"),
    "select": _("Auswahl aus einer Liste"),
    "radio": _("Auswahl, alle Antworten sichtbar"),
    "checklist": _("mehrere Antworten"),
    "yes_no": _("Ja oder Nein, auch „keine Angabe“"),
    "checkbox": _("Bestätigung zum Ankreuzen"),
    "person": _("Person"),
    "address": _("Anschrift"),
    "filepicker": _("Datei"),
    "signature": _("Unterschrift"),
    "dynamiclist": _("Liste mit mehreren Zeilen"),
    "group": _("Abschnitt"),
    "text": _("Hinweistext"),
    "value": _("Wert aus dem Prozess, nur zum Lesen"),
    "computed": _("Berechneter Text"),
    "separator": _("Trennlinie"),
}
MONTH = r"\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}\.\d{4}"


def key(label: str, taken: Iterable[str]) -> str:
    """A name for a field made of its label, that no other field has."""
    plain = re.sub(r"[^a-z0-9_]", "_", files.stem(label or "feld"))[:50]
    known = set(taken) | form_components.RESERVED
    made, number = plain, 2
    while made in known or not expressions.is_name(made):
        made, number = f"{plain}_{number}", number + 1
    return made


def made(kind: str, label: str, *, taken: frozenset[str], target: str = "case") -> Json:
    """A new field of this kind (see KINDS) that can be used as it is."""
    if kind == "signature":
        return _signature(label, taken, target)
    if kind in _SEVERAL:
        return {"type": "group", "label": label, "components": _several(kind, taken, target)}
    if kind in _PLAIN:
        return _PLAIN[kind](label)
    return _field(kind, label, key(label, taken), target)


def _field(kind: str, label: str, name: str, target: str) -> Json:
    found: Json = {"type": _TYPE.get(kind, kind), "key": name, "label": label, "properties": {"target": target}}
    if kind == "dynamiclist":
        entry = {"type": "textfield", "key": "entry", "label": "Eintrag", "properties": {"labelEn": "Entry"}}
        return {"type": kind, "path": name, "label": label, "properties": {"target": target}, "components": [entry]}
    return found | _MORE.get(kind, {})


def _signature(label: str, taken: frozenset[str], target: str) -> Json:
    """Who signed, as whom, when, where and how; then the scan of the paper, or what was drawn at the counter."""
    names = set(taken)
    fields = []
    for type_, title, title_en, more in _SIGNED:
        # Words of people belong in the file, whatever the rest of the form is for.
        own = target if type_ in form_schema.PROCESS_TYPES else "case"
        made_ = _field(type_, title, key(title, names), own)
        one = made_ | more | {"properties": made_["properties"] | {"labelEn": title_en} | more.get("properties", {})}
        names.add(one["key"])
        fields.append(one)
    how = fields[-3]["key"]
    for one, way in ((fields[-2], "paper"), (fields[-1], "drawn")):
        one["conditional"] = {"hide": f'={how} != "{way}"'}
    return {"type": "group", "label": label, "components": fields}


def _several(kind: str, taken: frozenset[str], target: str) -> list[Json]:
    fields = []
    names = set(taken)
    for type_, label, label_en in _SEVERAL[kind]:
        one = _field(type_, label, key(label, names), target)
        one["properties"] = one["properties"] | {"labelEn": label_en}
        names.add(one["key"])
        fields.append(one)
    return fields


def _option(value: str, label: str, label_en: str) -> Json:
    return {"value": value, "label": label, "labelEn": label_en}


_TYPE = {"money": "number", "month": "textfield", "yes_no": "radio", "value": "textfield", "computed": "textfield"}
_TWO = [_option("first", "Erste Antwort", "First answer"), _option("second", "Zweite Antwort", "Second answer")]
_MORE: Mapping[str, Json] = {
    "money": {"decimalDigits": 2, "appearance": {"suffixAdorner": "€"}, "validate": {"min": 0}},
    "month": {"validate": {"pattern": MONTH, "maxLength": 10}, "description": "TT.MM.JJJJ oder MM.JJJJ"},
    "select": {"values": _TWO},
    "radio": {"values": _TWO},
    "checklist": {"values": _TWO},
    "yes_no": {"values": [
        _option("yes", "Ja", "Yes"), _option("no", "Nein", "No"), _option("unknown", "keine Angabe", "not said"),
    ]},
    "value": {"readonly": True, "properties": {"target": "none"}},
    "computed": {"readonly": True, "properties": {"target": "none", "compute": '=""'}},
}  # fmt: skip
_SEVERAL: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "person": (
        ("textfield", "Familienname", "Family name"), ("textfield", "Vornamen", "Given names"),
        ("datetime", "Geburtsdatum", "Date of birth"),
    ),
    "address": (
        ("textfield", "Straße und Hausnummer", "Street and number"), ("textfield", "Postleitzahl", "Postal code"),
        ("textfield", "Ort", "Town"),
    ),
}  # fmt: skip
_NEEDED: Json = {"validate": {"required": True}}
_SIGNED: tuple[tuple[str, str, str, Json], ...] = (
    ("textfield", "Unterschrieben von", "Signed by", _NEEDED),
    ("radio", "Unterschrieben als", "Signed as", _NEEDED | {"values": [
        _option("client", "Kundin oder Kunde", "client"),
        _option("representative", "gesetzliche Vertretung", "legal representative"),
        _option("agency", "für das Amt", "for the agency"),
    ]}),
    ("datetime", "Unterschrieben am", "Signed on", _NEEDED | {"properties": {"maxDate": "today"}}),
    ("textfield", "Unterschrieben in", "Signed in", {}),
    ("radio", "Wie unterschrieben", "How signed", _NEEDED | {"values": [
        _option("paper", "auf Papier, Scan liegt bei", "on paper, scan attached"),
        _option("drawn", "am Schalter gezeichnet", "drawn at the counter"),
    ]}),
    ("filepicker", "Scan der Unterschrift", "Scan of the signature", _NEEDED),
    ("filepicker", "Gezeichnete Unterschrift", "Drawn signature", _NEEDED | {
        "accept": ".png", "properties": {"drawn": "yes"},
    }),
)  # fmt: skip
_PLAIN: Mapping[str, Callable[[str], Json]] = {
    "group": lambda label: {"type": "group", "label": label, "components": []},
    "text": lambda label: {"type": "text", "text": label},
    "separator": lambda _label: {"type": "separator"},
}
