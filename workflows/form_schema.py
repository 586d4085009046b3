"""From the JSON of a form designer to a compiled form. What is not known by name here is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from workflows import expressions, fields, form_input
from workflows.errors import ExpressionInvalid, WorkflowError
from workflows.fields import Field, Option

MAX_BYTES = 300_000
MAX_PARTS = 300
MAX_OPTIONS = 500
MAX_ROWS = 50
TEXTFIELD, TEXTAREA, TEXT_LIMIT = 200, 20_000, 100_000
RESERVED = frozenset({"typename", "data_objects", "csrf_token", "id"})
TARGETS = frozenset({"case", "process", "none"})
PROCESS_TYPES = frozenset({"number", "datetime", "select", "radio", "checklist", "checkbox"})
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")

_EVERYWHERE = frozenset({"type", "id", "layout", "properties", "conditional"})
_INPUT = _EVERYWHERE | {"key", "label", "description", "validate", "disabled", "readonly", "defaultValue", "appearance"}
_CHOICE = _INPUT | {"values", "searchable"}
_KNOWN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "textfield": _INPUT,
        "textarea": _INPUT | {"rows"},
        "number": _INPUT | {"decimalDigits", "increment", "serializeToString"},
        "datetime": _INPUT | {"subtype", "dateLabel", "disallowPassedDates"},
        "select": _CHOICE,
        "radio": _CHOICE,
        "checklist": _CHOICE,
        "checkbox": _INPUT,
        "text": _EVERYWHERE | {"text", "label"},
        "separator": _EVERYWHERE,
        "spacer": _EVERYWHERE | {"height"},
        "group": _EVERYWHERE | {"label", "components", "showOutline", "verticalAlignment", "key"},
        "dynamiclist": _EVERYWHERE
        | {"label", "components", "path", "isRepeating", "allowAddRemove", "defaultRepetitions", "showOutline"}
        | {"disableCollapse", "nonCollapsedItems", "verticalAlignment", "key"},
    }
)
_PROPERTIES = frozenset(
    {
        "target",
        "category",
        "labelEn",
        "descriptionEn",
        "textEn",
        "optionsKey",
        "minDate",
        "maxDate",
        "minRows",
        "maxRows",
    }
    | {"prefixEn", "suffixEn"}
)
_VALIDATE = frozenset({"required", "min", "max", "minLength", "maxLength", "pattern", "validationType"})
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


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a form: the part, a code and the values for its text."""

    part: str
    code: str
    values: Mapping[str, Any]


class FormInvalid(WorkflowError):  # noqa: N818  the house names errors by what is the case
    """The form cannot be used; `faults` says all that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(", ".join(f"{fault.part}: {fault.code}" for fault in faults))
        self.faults = faults


class _FaultError(Exception):
    def __init__(self, part: object, code: str, **values: Any) -> None:  # noqa: ANN401
        super().__init__(code)
        self.fault = Fault(str(part)[:80], code, values)


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
            if part.field.is_input and part.path in typed:
                answers[part.path] = form_input.meant(part.field, typed[part.path])
            elif part.field.readonly and part.path in values:
                answers[part.path] = values[part.path]
        return fields.visible(self.fields, values, answers)


@dataclass(frozen=True, slots=True)
class _Component:
    """A component while it is compiled: its JSON and typed access to it."""

    raw: Mapping[str, Any]
    place: str

    def mapping(self, name: str) -> _Component:
        value = self.raw.get(name) or {}
        if not isinstance(value, dict):
            raise _FaultError(self.place, "form_value", key=name)
        return _Component(value, self.place)

    def _of(self, name: str, kinds: type | tuple[type, ...], default: Any) -> Any:  # noqa: ANN401
        value = self.raw.get(name)
        if value is None or value == "":
            return default
        if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
            raise _FaultError(self.place, "form_value", key=name)
        return value

    def text(self, name: str) -> str:
        return str(self._of(name, str, ""))

    def flag(self, name: str) -> bool:
        return bool(self._of(name, bool, False))  # noqa: FBT003

    def whole(self, name: str, default: int) -> int:
        value = self._of(name, (int, str), default)
        try:
            return int(value)
        except ValueError:
            raise _FaultError(self.place, "form_value", key=name) from None

    def number(self, name: str) -> Decimal | None:
        value = self._of(name, (int, float, str), None)
        try:
            return None if value is None else Decimal(str(value))
        except ArithmeticError:
            raise _FaultError(self.place, "form_value", key=name) from None

    def only(self, known: frozenset[str]) -> None:
        if unknown := sorted(set(self.raw) - known):
            raise _FaultError(self.place, "form_key_unknown", key=", ".join(unknown)[:100])


def _date_limit(component: _Component, name: str) -> str:
    text = component.text(name)
    try:
        form_input.bound(text, date(2004, 1, 5))
    except ValueError:
        raise _FaultError(component.place, "form_value", key=name) from None
    return text


def _pattern(validate: _Component) -> str:
    """A pattern that cannot make the machine think for ever: no repetition of groups, few open ends."""
    text = validate.text("pattern").removeprefix("^").removesuffix("$")
    open_ends = len(re.findall(r"(?<!\\)[*+]|,\}", text))
    if len(text) > TEXTFIELD or re.search(r"\)[*+?{]|\(\?(?!:)|\\[1-9]", text) or open_ends > 2:  # noqa: PLR2004
        raise _FaultError(validate.place, "form_pattern")
    try:
        re.compile(text)
    except re.error:
        raise _FaultError(validate.place, "form_pattern") from None
    return text


def _options(component: _Component) -> tuple[Option, ...]:
    raw = component.raw.get("values", [])
    if not isinstance(raw, list) or len(raw) > MAX_OPTIONS:
        raise _FaultError(component.place, "form_options")
    offered: list[Option] = []
    for item in raw:
        if not isinstance(item, dict) or not isinstance(item.get("value"), str) or not item["value"]:
            raise _FaultError(component.place, "form_options")
        option = _Component(item, component.place)
        option.only(frozenset({"value", "label", "labelEn"}))
        offered.append(Option(item["value"], option.text("label") or item["value"], option.text("labelEn")))
    if len({option.value for option in offered}) < len(offered):
        raise _FaultError(component.place, "form_options")
    return tuple(offered)


def _condition(component: _Component) -> expressions.Expression | None:
    conditional = component.mapping("conditional")
    conditional.only(frozenset({"hide"}))
    source = conditional.text("hide").strip()
    if not source:
        return None
    try:
        if not source.startswith("="):
            raise ExpressionInvalid(source, "syntax")
        return expressions.compile_expression(source[1:].strip())
    except ExpressionInvalid as error:
        raise _FaultError(component.place, "form_condition", source=source[:80], reason=error.code) from None


def _key(component: _Component, name: str) -> str:
    key = component.text(name)
    if not _KEY.fullmatch(key) or key in RESERVED or not expressions.is_name(key):
        raise _FaultError(component.place, "form_key", key=key[:60])
    return key


def _length(kind: str, validate: _Component) -> int:
    if kind not in {"textfield", "textarea"}:
        return 0
    return min(validate.whole("maxLength", TEXTAREA if kind == "textarea" else TEXTFIELD), TEXT_LIMIT)


def _input(component: _Component, kind: str) -> Field:
    properties, validate = component.mapping("properties"), component.mapping("validate")
    properties.only(_PROPERTIES)
    validate.only(_VALIDATE)
    if kind == "datetime" and component.text("subtype") not in {"", "date"}:
        raise _FaultError(component.place, "form_type", key="datetime")
    options, options_key = _options(component), properties.text("optionsKey") or None
    if kind in fields.CHOICES and not options and options_key is None:
        raise _FaultError(component.place, "form_options")
    appearance = component.mapping("appearance")
    decimals = component.whole("decimalDigits", -1)
    passed = "today" if component.flag("disallowPassedDates") else ""
    return Field(
        key=_key(component, "key"),
        type=kind,
        label=component.text("label") or component.text("dateLabel"),
        label_en=properties.text("labelEn"),
        description=component.text("description"),
        description_en=properties.text("descriptionEn"),
        required=validate.flag("required"),
        readonly=component.flag("readonly") or component.flag("disabled"),
        target=properties.text("target"),
        category=properties.text("category"),
        options=options,
        options_key=options_key,
        condition=_condition(component),
        minimum=validate.number("min"),
        maximum=validate.number("max"),
        decimals=decimals if decimals >= 0 else None,
        earliest=_date_limit(properties, "minDate") or passed,
        latest=_date_limit(properties, "maxDate"),
        min_length=validate.whole("minLength", 0),
        max_length=_length(kind, validate),
        pattern=_pattern(validate),
        format=validate.text("validationType"),
        default=component.raw.get("defaultValue"),
        prefix=appearance.text("prefixAdorner"),
        suffix=appearance.text("suffixAdorner"),
    )


def _display(component: _Component, kind: str) -> Field:
    properties = component.mapping("properties")
    return Field(
        key=component.text("id") or component.place,
        type=kind,
        label=component.text("label"),
        condition=_condition(component),
        text=component.text("text"),
        text_en=properties.text("textEn"),
    )


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
            except _FaultError as error:
                self.faults.append(error.fault)
        return tuple(compiled)

    def _one(self, raw: object, place: str, inside: Field | None) -> Field:
        if not isinstance(raw, dict):
            raise _FaultError(place, "form_value", key="components")
        kind = raw.get("type")
        component = _Component(raw, str(raw.get("key") or raw.get("id") or place))
        if not isinstance(kind, str) or kind not in _KNOWN:
            raise _FaultError(component.place, "form_type", key=str(kind)[:60])
        component.only(_KNOWN[kind])
        if kind in fields.DISPLAY:
            return _display(component, kind)
        if kind in {"group", "dynamiclist"}:
            return self._container(component, kind, inside)
        return self._targeted(_input(component, kind), component, inside)

    def _targeted(self, item: Field, component: _Component, inside: Field | None) -> Field:
        if inside is not None:
            return item
        if item.target not in TARGETS:
            raise _FaultError(component.place, "form_target")
        if item.target == "process" and item.type not in PROCESS_TYPES:
            raise _FaultError(component.place, "form_free_text")
        return item

    def _container(self, component: _Component, kind: str, inside: Field | None) -> Field:
        properties = component.mapping("properties")
        properties.only(_PROPERTIES)
        common: dict[str, Any] = {
            "type": kind,
            "label": component.text("label"),
            "label_en": properties.text("labelEn"),
            "condition": _condition(component),
        }
        if kind == "group":
            key = component.text("id") or component.place
            return Field(key=key, fields=self.many(component.raw.get("components"), f"{key}.", inside=inside), **common)
        if inside is not None:
            raise _FaultError(component.place, "form_nested_list")
        repeated = Field(
            key=_key(component, "path"),
            target=properties.text("target"),
            category=properties.text("category"),
            min_rows=properties.whole("minRows", 0),
            max_rows=min(properties.whole("maxRows", MAX_ROWS), MAX_ROWS * 4),
            default=component.whole("defaultRepetitions", 1),
            **common,
        )
        if repeated.target not in {"case", "none"}:
            raise _FaultError(component.place, "form_target" if not repeated.target else "form_free_text")
        return _with(repeated, self.many(component.raw.get("components"), f"{repeated.key}.", inside=repeated))


def _with(item: Field, contained: tuple[Field, ...]) -> Field:
    return Field(**{**vars(item), "fields": contained})


def _read(raw: bytes) -> dict[str, Any]:
    if len(raw) > MAX_BYTES:
        raise _FaultError("", "form_too_large", max=MAX_BYTES)
    try:
        document = json.loads(raw, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise _FaultError("", "form_not_json", reason=str(error)[:100]) from None
    if not isinstance(document, dict) or document.get("type") != "default":
        raise _FaultError("", "form_not_json", reason="type")
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _FaultError("", "form_key_twice", key=", ".join(key for key, _ in pairs)[:80])
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


def compile_form(raw: bytes) -> Form:
    """The form that this JSON describes; raises FormInvalid with everything that is wrong with it."""
    try:
        document = _Component(_read(raw), "")
        document.only(_FORM)
        own = document.mapping("drehscheibe")
        own.only(_OWN)
        identifier = document.text("id")
        title = own.text("title") or identifier
        about = (identifier, title, own.text("titleEn") or title, own.text("writer") or None)
        category = own.text("category")
    except _FaultError as error:
        raise FormInvalid((error.fault,)) from None
    compiler = _Compiler()
    form = Form(*about, category, compiler.many(document.raw.get("components", []), ""))
    faults = (*compiler.faults, *_doubles(form))
    if faults:
        raise FormInvalid(faults)
    return form


Convert = Callable[[bytes], Form]
