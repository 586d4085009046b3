"""The forms of corrections: which fields a section has, under which words, with which choices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.casework import forms, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel.speaklater import LazyString
    from werkzeug.datastructures import MultiDict

LABELS: Mapping[str, LazyString] = {
    **forms.LABELS,
    "interpreter": _("Dolmetscherin oder Dolmetscher nötig"),
    "no_fixed_abode": _("ohne festen Wohnsitz"),
    "blocked": _("Auskunftssperre: Anschrift nur für die Federführung"),
    "fitness_until": _("Gültig bis"),
    "benefit_kind": _("Leistung"),
    "benefit_status": _("Stand der Leistung"),
    "benefit_from": _("Beginn"),
    "benefit_to": _("Ende: der erste Tag ohne die Leistung"),
    "benefit_payer": _("Zahlt"),
    "reason": _("Grund der Berichtigung"),
}
CHOICES = {
    "sex": "sex", "available": "yes_no", "fit_for_work": "yes_no", "fitness_basis": "fitness_basis",
    "benefit_kind": "benefit", "benefit_status": "benefit_state", "benefit_payer": "payer",
}  # fmt: skip
OFFERED = {"fit_for_work": ("yes", "limited", "no", "unknown"), "available": ("yes", "no", "unknown")}
FLAGS = frozenset({"interpreter", "no_fixed_abode", "blocked"})
DAYS = frozenset({"birth_date", "fitness_date", "fitness_until", "unemployed_since", "benefit_from", "benefit_to"})
REQUIRED = frozenset({"family_name", "birth_date", "fit_for_work", "available", "benefit_kind", "benefit_status"})
EMPTY_LEAVES = frozenset({"benefit_from", "benefit_to", "benefit_payer"})
ADDRESS = ("street", "postcode", "city", "phone", "email", "no_fixed_abode", "blocked")
PARTS = ("kind", "status", "from", "to", "payer")


@dataclass(frozen=True, slots=True)
class Item:
    """A field of a correction: its name in the form, what kind of value it takes, its words and choices."""

    name: str
    field: str
    kind: str
    label: str
    hint: str
    required: bool
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that stand together under a title."""

    title: str
    items: tuple[Item, ...]


def typed(form: MultiDict[str, str], shown: Mapping[str, str]) -> dict[str, str]:
    """What was typed into the fields that the form showed; an unticked box counts as empty."""
    added = [f"benefit-new-{part}" for part in PARTS] if any(name in form for name in _new()) else []
    return {name: form.get(name, "").strip() for name in (*shown, *added)}


def _new() -> tuple[str, ...]:
    return tuple(f"benefit-new-{part}" for part in PARTS)


def groups(section: str, shown: Mapping[str, str], *, reduced: bool) -> tuple[Group, ...]:
    """The fields of a section, in the order of the desk's other forms."""
    if section == "benefits":
        return _benefits(shown, reduced=reduced)
    names = [name for name in shown if section != "person" or name not in ADDRESS]
    title = str(words.word(section, "section")) if section != "person" else gettext("Person")
    found = [Group(title, tuple(_item(name, name, shown[name]) for name in _ordered(names)))]
    address = [name for name in ADDRESS if name in shown] if section == "person" else []
    if address:
        items = tuple(_item(name, name, shown[name]) for name in address)
        found.append(Group(gettext("Wohnort und Erreichbarkeit"), items))
    return tuple(found)


def _ordered(names: list[str]) -> list[str]:
    order = list(LABELS)
    return sorted(names, key=order.index)


def _benefits(shown: Mapping[str, str], *, reduced: bool) -> tuple[Group, ...]:
    found = []
    for which in dict.fromkeys(name.split("-")[1] for name in shown):
        rows = [_item(f"benefit-{which}-{part}", f"benefit_{part}", shown.get(f"benefit-{which}-{part}", ""),
                      leaves=reduced) for part in PARTS]  # fmt: skip
        found.append(Group(words.word(shown[f"benefit-{which}-kind"], "benefit"), tuple(rows)))
    added = tuple(_item(f"benefit-new-{part}", f"benefit_{part}", "", free=True) for part in PARTS)
    return (*found, Group(gettext("Eine weitere Leistung eintragen"), added))


def _item(name: str, field: str, value: str, *, leaves: bool = False, free: bool = False) -> Item:
    kind = "flag" if field in FLAGS else "choice" if field in CHOICES else "date" if field in DAYS else "text"
    hint = gettext("leer: bleibt, wie es ist") if leaves and field in EMPTY_LEAVES else ""
    return Item(name, field, kind, str(LABELS[field]), hint, field in REQUIRED and not free, _options(field, value))


def _options(field: str, value: str) -> tuple[tuple[str, str], ...]:
    """The choices of a field; what stands there and is no choice any more stays one."""
    if field not in CHOICES:
        return ()
    known = OFFERED.get(field) or tuple(code for code, _text in words.choices(CHOICES[field]))
    extra = (value,) if value and value not in known else ()
    return tuple((code, words.word(code, CHOICES[field])) for code in (*known, *extra))


def summary(found: tuple[Group, ...], errors: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """The errors in the order of the form."""
    labels = {item.name: item.label for group in found for item in group.items} | {"reason": str(LABELS["reason"])}
    return [(name, labels[name].rstrip("?"), errors[name]) for name in labels if name in errors]


def stands(
    found: tuple[Group, ...], shown: Mapping[str, str], sent: Mapping[str, str] | None
) -> list[tuple[str, str]]:  # fmt: skip
    """What stands now in the fields that differ from what was typed."""
    return [
        (item.label, value(item.field, shown.get(item.name, "")))
        for group in found for item in group.items
        if sent is not None and sent.get(item.name, "") != shown.get(item.name, "")
    ]  # fmt: skip


def label(field: str) -> str:
    """What people call a field."""
    return str(LABELS.get(field, field))


def value(field: str, text: str) -> str:
    """What stands in a field, in words."""
    if field in FLAGS:
        return str(gettext("ja") if text else gettext("nein"))
    if not text:
        return str(gettext("keine Angabe"))
    return words.word(text, CHOICES[field]) if field in CHOICES else text
