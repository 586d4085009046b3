"""Forms as files that are edited field by field; everything that another tool wrote into them is kept.

A field is known by its place: the numbers of the components on the way to it, joined by dashes ("2-0").
"""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.design import errors, files
from workflows import form_components, form_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Json = dict[str, Any]
CONTAINERS = frozenset({"group", "dynamiclist"})
CHOICES = frozenset({"select", "radio", "checklist"})
# Kinds that hold the same things, so that one can become the other.
FAMILIES = (("textfield", "textarea"), ("select", "radio", "checklist"))
_ALWAYS = ("label", "labelEn")
_ASKED = (*_ALWAYS, "description", "descriptionEn", "key", "required", "readonly", "target", "category")
PROPERTIES: Mapping[str, tuple[str, ...]] = {
    "textfield": (*_ASKED, "compute", "format", "minLength", "maxLength", "pattern", "hide"),
    "textarea": (*_ASKED, "minLength", "maxLength", "hide"),
    "number": (*_ASKED, "compute", "min", "max", "decimalDigits", "suffix", "hide"),
    "datetime": (*_ASKED, "minDate", "maxDate", "hide"),
    "select": (*_ASKED, "options", "hide"),
    "radio": (*_ASKED, "options", "hide"),
    "checklist": (*_ASKED, "options", "hide"),
    "checkbox": (*_ASKED, "hide"),
    "filepicker": (*(name for name in _ASKED if name != "readonly"), "accept", "drawn", "hide"),
    "text": ("text", "textEn", "hide"),
    "separator": ("hide",),
    "spacer": ("hide",),
    "group": (*_ALWAYS, "hide"),
    "dynamiclist": (*_ALWAYS, "key", "target", "category", "minRows", "maxRows", "hide"),
}
EXPRESSIONS = frozenset({"hide", "compute"})
FLAGS = frozenset({"required", "readonly"})
_NUMBERS = frozenset({"min", "max", "minLength", "maxLength", "decimalDigits", "minRows", "maxRows"})
_WITHIN = {
    **dict.fromkeys(("labelEn", "descriptionEn", "textEn", "target", "category", "compute", "drawn"), "properties"),
    **dict.fromkeys(("minDate", "maxDate", "minRows", "maxRows"), "properties"),
    **dict.fromkeys(("required", "minLength", "maxLength", "min", "max", "pattern", "format"), "validate"),
    "hide": "conditional",
    "suffix": "appearance",
}
_NAMES = {"format": "validationType", "suffix": "suffixAdorner"}
_FAULTS = {
    "form_key": "key", "form_key_twice": "key", "form_condition": "hide", "form_compute": "compute",
    "form_options": "options", "form_pattern": "pattern", "form_target": "target", "form_free_text": "target",
    "form_accept": "accept", "form_file": "target",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A field in the list of a form: its place, how deep it lies, what it is and is called, its values by name."""

    place: str
    depth: int
    type: str
    values: Mapping[str, str]
    options: tuple[tuple[str, str, str], ...]
    first: bool
    last: bool
    in_list: bool

    @property
    def was(self) -> str:
        """What tells this field from another that stands at its place later."""
        return f"{self.type}/{self.values.get('key', '')}"

    @property
    def label(self) -> str:
        """What people read of it."""
        return self.values.get("label") or self.values.get("text", "")[:80] or self.values.get("key", "")


def read(content: bytes) -> Json:
    """The form as JSON. Raises FileUnusable."""
    try:
        form_schema.compile_form(content)
    except form_schema.FormInvalid as invalid:
        raise errors.FileUnusable("form", str(invalid)[:200]) from None
    document: Json = json.loads(content)
    return document


def written(document: Json) -> bytes:
    """The form as a file."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def empty(name: str, title: str, title_en: str) -> bytes:
    """A form that says nothing yet but what it is for."""
    own = {"title": title, **({"titleEn": title_en} if title_en else {}), "category": "task"}
    return written({"type": "default", "id": name, "schemaVersion": 18, "drehscheibe": own, "components": []})


def rows(document: Json) -> list[Row]:
    """All fields in their order, those of groups and lists after these."""
    return list(_rows(document.get("components", []), "", 0, in_list=False))


def _rows(components: Sequence[Json], prefix: str, depth: int, *, in_list: bool) -> Iterator[Row]:
    for number, one in enumerate(components):
        place = f"{prefix}{number}"
        kind = one["type"]
        is_last = number == len(components) - 1
        yield Row(place, depth, kind, values(one), _offered(one), number == 0, is_last, in_list)
        if kind in CONTAINERS:
            inside = in_list or kind == "dynamiclist"
            yield from _rows(one.get("components", []), f"{place}-", depth + 1, in_list=inside)


def _offered(component: Json) -> tuple[tuple[str, str, str], ...]:
    return tuple((one["value"], one.get("label", ""), one.get("labelEn", "")) for one in component.get("values", []))


def values(component: Json) -> dict[str, str]:
    """The properties of a field as texts, by name."""
    found = {}
    for name in PROPERTIES[component["type"]]:
        held = _holder(component, name).get(_spelled(component, name))
        found[name] = "" if held is None or held is False else "yes" if held is True else str(held)
    for name in EXPRESSIONS & found.keys():
        found[name] = found[name].removeprefix("=").strip()
    return found


def _spelled(component: Json, name: str) -> str:
    return "path" if name == "key" and component["type"] == "dynamiclist" else _NAMES.get(name, name)


def _holder(component: Json, name: str) -> Json:
    within = _WITHIN.get(name)
    held: Json = component if within is None else component.get(within) or {}
    return held


def find(document: Json, place: str) -> Json:
    """The field at this place. Raises StepRefused when there is none."""
    siblings, number = _at(document, place)
    found: Json = siblings[number]
    return found


def _at(document: Json, place: str) -> tuple[list[Json], int]:
    if not re.fullmatch(r"\d{1,3}(-\d{1,3}){0,20}", place):
        raise errors.StepRefused("field_unknown")
    *way, last = [int(number) for number in place.split("-")]
    siblings: list[Json] = document.get("components", [])
    for number in way:
        inner = siblings[number].get("components") if number < len(siblings) else None
        if not isinstance(inner, list):
            raise errors.StepRefused("field_unknown")
        siblings = inner
    if last >= len(siblings):
        raise errors.StepRefused("field_unknown")
    return siblings, last


def head(document: Json, given: Mapping[str, str]) -> Json:
    """The form with another title, category or writer."""
    changed = copy.deepcopy(document)
    own = changed.setdefault("drehscheibe", {})
    for name in ("title", "titleEn", "category", "writer"):
        if name in given:
            _set(own, name, given[name].strip())
    return changed


def _set(holder: Json, name: str, value: object) -> None:
    if value in ("", None, False):
        holder.pop(name, None)
    else:
        holder[name] = value


def edit(document: Json, place: str, given: Mapping[str, str], options: Sequence[tuple[str, str, str]]) -> Json:
    """The form with these properties of one field; names that are missing in `given` stay as they are, flags fall."""
    changed = copy.deepcopy(document)
    component = find(changed, place)
    _become(component, given.get("type", ""))
    for name in PROPERTIES[component["type"]]:
        if name == "options":
            _choose(component, options)
        elif name in given or name in FLAGS or name == "drawn":
            _put(component, name, given.get(name, "").strip())
    return changed


def _become(component: Json, kind: str) -> None:
    if any({kind, component["type"]} <= set(family) for family in FAMILIES):
        component["type"] = kind


def _put(component: Json, name: str, text: str) -> None:
    within = _WITHIN.get(name)
    value: object = text
    if name in FLAGS:
        value = bool(text)
    elif name in _NUMBERS:
        value = _number(text)
    elif name in EXPRESSIONS and text:
        value = f"={text}"
    holder = component if within is None else component.setdefault(within, {})
    _set(holder, _spelled(component, name), value)
    if within is not None and not holder:
        component.pop(within)


def _number(text: str) -> object:
    """A number as JSON has it; what is none stays as it was typed, for the check to tell."""
    plain = text.replace(",", ".")
    if re.fullmatch(r"-?\d{1,16}", plain):
        return int(plain)
    return float(plain) if re.fullmatch(r"-?\d{1,15}\.\d{1,10}", plain) else text


def _choose(component: Json, options: Sequence[tuple[str, str, str]]) -> None:
    if component.get("properties", {}).get("optionsKey"):
        return
    offered = []
    for value, label, label_en in options:
        if value or label:
            one = {"value": value or files.stem(label), "label": label or value}
            offered.append(one | ({"labelEn": label_en} if label_en else {}))
    component["values"] = offered


def remove(document: Json, place: str) -> Json:
    """The form without this field and what lies in it."""
    changed = copy.deepcopy(document)
    siblings, number = _at(changed, place)
    del siblings[number]
    return changed


def shift(document: Json, place: str, by: int) -> tuple[Json, str]:
    """The form with this field one place up (-1) or down (1) among its neighbours, and its new place."""
    changed = copy.deepcopy(document)
    siblings, number = _at(changed, place)
    other = number + by
    if not 0 <= other < len(siblings):
        return changed, place
    siblings[number], siblings[other] = siblings[other], siblings[number]
    return changed, place[: len(place) - len(str(number))] + str(other)


def move(document: Json, place: str, into: str) -> tuple[Json, str]:
    """The form with this field at the end of a group or list, or of the form (""), and its new place.

    Raises StepRefused when the field itself lies around the goal.
    """
    if into == place or into.startswith(f"{place}-"):
        raise errors.StepRefused("into_itself")
    changed = copy.deepcopy(document)
    siblings, number = _at(changed, place)
    goal = _inside(changed, into)
    taken = siblings.pop(number)
    goal.append(taken)
    return changed, next(row.place for row in rows(changed) if find(changed, row.place) is taken)


def _inside(document: Json, into: str) -> list[Json]:
    """The components of the form ("") or of the group or list at this place. Raises StepRefused."""
    around = find(document, into) if into else document
    if into and around["type"] not in CONTAINERS:
        raise errors.StepRefused("field_unknown")
    inner: list[Json] = around.setdefault("components", [])
    return inner


def add(document: Json, made: Json, *, into: str, after: str) -> tuple[Json, str]:
    """The form with a new field after another one, or at the end of a group, a list or the form; and its place."""
    changed = copy.deepcopy(document)
    if after:
        siblings, number = _at(changed, after)
        siblings.insert(number + 1, made)
    else:
        _inside(changed, into).append(made)
    return changed, next(row.place for row in rows(changed) if find(changed, row.place) is made)


def keys(document: Json) -> frozenset[str]:
    """The names of all fields."""
    return frozenset(row.values["key"] for row in rows(document) if row.values.get("key"))


def faults(invalid: form_schema.FormInvalid) -> dict[str, form_components.Fault]:
    """What is wrong, by the property that must be mended; "" for what is none of a field's properties."""
    found: dict[str, form_components.Fault] = {}
    for fault in invalid.faults:
        name = _FAULTS.get(fault.code, "")
        if fault.code == "form_value":
            spelled = {other: one for one, other in _NAMES.items()} | {"path": "key", "hide": "hide"}
            name = spelled.get(str(fault.values.get("key")), str(fault.values.get("key")))
        found.setdefault(name, fault)
    return found
