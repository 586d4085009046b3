"""From the JSON of a form designer to a compiled form."""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflows import fields, form_input
from workflows.errors import WorkflowError
from workflows.fields import Field
from workflows.form_components import (
    KNOWN,
    MAX_ROWS,
    PROPERTIES,
    Component,
    Fault,
    FaultError,
    condition_of,
    key_of,
    read_display,
    read_input,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_BYTES = 300_000
# Groups in groups: each takes two levels.
MAX_DEPTH = 40
MAX_PARTS = 300
TARGETS = frozenset({"case", "process", "none"})
PROCESS_TYPES = frozenset({"number", "datetime", "select", "radio", "checklist", "checkbox"})
_FORM = frozenset(
    {
        "type",
        "id",
        "schemaVersion",
        "components",
        "drehscheibe",
        "exporter",
        "executionPlatform",
        "executionPlatformVersion",
    }
)
_OWN = frozenset({"title", "titleEn", "writer", "category"})


class FormInvalid(WorkflowError):  # noqa: N818  the house names errors by what is the case
    """The form cannot be used; `faults` says all that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(", ".join(f"{fault.part}: {fault.code}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Form:
    """A compiled form. `fields` is a tree: groups and dynamic lists contain fields."""

    id: str
    title: str
    title_en: str
    writer: str | None
    category: str
    fields: tuple[Field, ...]

    def inputs(self) -> Iterator[Field]:
        """All inputs and dynamic lists outside of dynamic lists, in their order."""
        return fields.flat(self.fields)

    def names(self, target: str) -> frozenset[str]:
        """The keys of the fields with this target."""
        return frozenset(item.key for item in self.inputs() if item.target == target)

    def visible(self, values: Mapping[str, Any], typed: Mapping[str, Any]) -> frozenset[str]:
        """The paths of all parts that show, given the process values and what stands in the fields.

        A part of a row has the path `list-row-key`; rows are those that `typed` has anything for.
        """
        answers = dict(typed)
        for part in fields.parts(self.fields, typed):
            if part.field.readonly:
                answers[part.path] = values.get(part.path)
            elif part.field.is_input and part.path in typed:
                answers[part.path] = form_input.meant(part.field, typed[part.path])
        return fields.visible(self.fields, values, answers)


class _Compiler:
    """Compiles a tree of components, collecting all faults rather than stopping at the first."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.count = 0

    def many(self, raw: object, place: str, *, inside: Field | None = None) -> tuple[Field, ...]:
        """The fields of a list of components; `inside` is the dynamic list around them."""
        if not isinstance(raw, list):
            self.faults.append(Fault(place, "form_value", {"key": "components"}))
            return ()
        compiled: list[Field] = []
        for number, item in enumerate(raw):
            self.count += 1
            if self.count > MAX_PARTS:
                self.faults.append(Fault(place, "form_too_large", {"max": MAX_PARTS}))
                break
            try:
                compiled.append(self._one(item, f"{place}{number}", inside))
            except FaultError as error:
                self.faults.append(error.fault)
        return tuple(compiled)

    def _one(self, raw: object, place: str, inside: Field | None) -> Field:
        if not isinstance(raw, dict):
            raise FaultError(place, "form_value", key="components")
        kind = raw.get("type")
        component = Component(raw, str(raw.get("key") or raw.get("id") or place))
        if not isinstance(kind, str) or kind not in KNOWN:
            raise FaultError(component.place, "form_type", key=str(kind)[:60])
        component.only(KNOWN[kind])
        if kind in fields.DISPLAY:
            return read_display(component, kind)
        if kind in {"group", "dynamiclist"}:
            return self._container(component, kind, inside)
        return self._targeted(read_input(component, kind), component, inside)

    def _targeted(self, item: Field, component: Component, inside: Field | None) -> Field:
        if item.type == fields.FILE and (inside is not None or item.target != "case"):
            raise FaultError(component.place, "form_file")
        if inside is not None and item.compute is None:
            return item
        if inside is not None or (item.compute is not None and item.target != "none"):
            raise FaultError(component.place, "form_compute", source=component.place, reason="target")
        if item.target not in TARGETS:
            raise FaultError(component.place, "form_target")
        if item.target == "process" and item.type not in PROCESS_TYPES:
            raise FaultError(component.place, "form_free_text")
        return item

    def _container(self, component: Component, kind: str, inside: Field | None) -> Field:
        properties = component.mapping("properties")
        properties.only(PROPERTIES)
        common: dict[str, Any] = {
            "type": kind,
            "label": component.text("label"),
            "label_en": properties.text("labelEn"),
            "condition": condition_of(component),
        }
        if kind == "group":
            key = component.text("id") or component.place
            return Field(key=key, fields=self.many(component.raw.get("components"), f"{key}.", inside=inside), **common)
        if inside is not None:
            raise FaultError(component.place, "form_nested_list")
        repeated = Field(
            key=key_of(component, "path"),
            target=properties.text("target"),
            category=properties.text("category"),
            min_rows=properties.up_to("minRows", 0, MAX_ROWS),
            max_rows=min(properties.whole("maxRows", MAX_ROWS), MAX_ROWS * 4),
            default=component.up_to("defaultRepetitions", 1, MAX_ROWS),
            **common,
        )
        if repeated.target not in {"case", "none"}:
            raise FaultError(component.place, "form_target" if not repeated.target else "form_free_text")
        contained = self.many(component.raw.get("components"), f"{repeated.key}.", inside=repeated)
        return dataclasses.replace(repeated, fields=contained)


def _read(raw: bytes) -> dict[str, Any]:
    if len(raw) > MAX_BYTES:
        raise FaultError("", "form_too_large", max=MAX_BYTES)
    try:
        document = json.loads(raw, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise FaultError("", "form_not_json", reason=str(error)[:100]) from None
    if _depth(document) > MAX_DEPTH:
        raise FaultError("", "form_too_large", max=MAX_PARTS)
    if not _writable(document):
        raise FaultError("", "form_not_json", reason="\\u0000")
    if not isinstance(document, dict) or document.get("type") != "default":
        raise FaultError("", "form_not_json", reason="type")
    return document


_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def _writable(document: object) -> bool:
    """Whether all texts can be written: JSON can name letters that neither a page nor a database can hold."""
    try:
        return _NUL.search(json.dumps(document, ensure_ascii=False).encode()) is None
    except UnicodeEncodeError:
        return False


def _depth(document: object) -> int:
    """How deep lists and objects lie in each other."""
    deepest, pending = 0, [(document, 0)]
    while pending:
        item, depth = pending.pop()
        deepest = max(deepest, depth)
        parts = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        pending += [(part, depth + 1) for part in parts]
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise FaultError("", "form_key_twice", key=", ".join(key for key, _ in pairs)[:80])
    return found


def _doubles(form: Form) -> Iterator[Fault]:
    seen: set[str] = set()
    lists = [item for item in form.inputs() if item.type == "dynamiclist"]
    for items in (list(form.inputs()), *(list(fields.flat(item.fields)) for item in lists)):
        local = set() if items and items[0] not in form.inputs() else seen
        for item in items:
            if item.key in local:
                yield Fault(item.key, "form_key_twice", {"key": item.key})
            local.add(item.key)


def _about(document: Component) -> Form:
    document.only(_FORM)
    own = document.mapping("drehscheibe")
    own.only(_OWN)
    identifier = document.text("id")
    title = own.text("title") or identifier
    title_en = own.text("titleEn") or title
    return Form(identifier, title, title_en, own.text("writer") or None, own.text("category"), ())


def compile_form(raw: bytes) -> Form:
    """The form that this JSON describes; raises FormInvalid with everything that is wrong with it."""
    try:
        document = Component(_read(raw), "")
        empty = _about(document)
    except FaultError as error:
        raise FormInvalid((error.fault,)) from None
    compiler = _Compiler()
    form = dataclasses.replace(empty, fields=compiler.many(document.raw.get("components", []), ""))
    faults = (*compiler.faults, *_doubles(form))
    if faults:
        raise FormInvalid(faults)
    return form
