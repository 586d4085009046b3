"""The components of a form designer's JSON, read by allow-list: what is not known by name here is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from workflows import expressions, fields, form_input
from workflows.errors import ExpressionInvalid
from workflows.fields import Field, Option

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_OPTIONS = 500
MAX_ROWS = 50
# How many ways a pattern may leave open to read a text; each is tried before the text is refused.
MAX_WAYS = 100_000
LARGEST_NUMBER = Decimal(10) ** 15
MAX_DECIMALS = 10
TEXTFIELD, TEXTAREA, TEXT_LIMIT = 200, 20_000, 100_000
RESERVED = frozenset({"typename", "data_objects", "csrf_token", "id"})
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")

_EVERYWHERE = frozenset({"type", "id", "layout", "properties", "conditional"})
_INPUT = _EVERYWHERE | {"key", "label", "description", "validate", "disabled", "readonly", "defaultValue", "appearance"}
_CHOICE = _INPUT | {"values", "searchable"}
KNOWN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "textfield": _INPUT,
        "textarea": _INPUT | {"rows"},
        "number": _INPUT | {"decimalDigits", "increment", "serializeToString"},
        "datetime": _INPUT | {"subtype", "dateLabel", "disallowPassedDates"},
        "select": _CHOICE,
        "radio": _CHOICE,
        "checklist": _CHOICE,
        "checkbox": _INPUT,
        fields.FILE: _INPUT | {"accept", "multiple"},
        "text": _EVERYWHERE | {"text", "label"},
        "separator": _EVERYWHERE,
        "spacer": _EVERYWHERE | {"height"},
        "group": _EVERYWHERE | {"label", "components", "showOutline", "verticalAlignment", "key"},
        "dynamiclist": _EVERYWHERE
        | {"label", "components", "path", "isRepeating", "allowAddRemove", "defaultRepetitions", "showOutline"}
        | {"disableCollapse", "nonCollapsedItems", "verticalAlignment", "key"},
    }
)
PROPERTIES = frozenset(
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
    | {"prefixEn", "suffixEn", "compute", "drawn"}
)
# What a form may ask for, by the words that designers of forms use for it. All of it is safe to hand out again.
MEDIA: Mapping[str, str] = MappingProxyType(
    {
        ".pdf": "application/pdf",
        ".png": "image/png",
        ".jpg": "image/jpeg",
        ".jpeg": "image/jpeg",
        ".tif": "image/tiff",
        ".tiff": "image/tiff",
        ".txt": "text/plain",
    }
)
PICTURE = "image/png"
_VALIDATE = frozenset({"required", "min", "max", "minLength", "maxLength", "pattern", "validationType"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a form: the part, a code and the values for its text."""

    part: str
    code: str
    values: Mapping[str, Any]


class FaultError(Exception):
    """A component cannot be used; carries the fault."""

    def __init__(self, part: object, code: str, **values: Any) -> None:  # noqa: ANN401
        super().__init__(code)
        self.fault = Fault(str(part)[:80], code, values)


@dataclass(frozen=True, slots=True)
class Component:
    """A component while it is compiled: its JSON and typed access to it."""

    raw: Mapping[str, Any]
    place: str

    def mapping(self, name: str) -> Component:
        """The object under this name, empty where there is none."""
        value = self.raw.get(name) or {}
        if not isinstance(value, dict):
            raise FaultError(self.place, "form_value", key=name)
        return Component(value, self.place)

    def _of(self, name: str, kinds: type | tuple[type, ...], default: Any) -> Any:  # noqa: ANN401
        value = self.raw.get(name)
        if value is None or value == "":
            return default
        if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
            raise FaultError(self.place, "form_value", key=name)
        return value

    def text(self, name: str) -> str:
        """The text under this name, "" where there is none."""
        return str(self._of(name, str, ""))

    def flag(self, name: str) -> bool:
        """The yes or no under this name."""
        return bool(self._of(name, bool, False))

    def whole(self, name: str, default: int) -> int:
        """The whole number under this name, also written as a text."""
        value = self._of(name, (int, str), default)
        try:
            return int(value)
        except ValueError:
            raise FaultError(self.place, "form_value", key=name) from None

    def number(self, name: str) -> Decimal | None:
        """The number under this name, also written as a text."""
        value = self._of(name, (int, float, str), None)
        try:
            number = None if value is None else Decimal(str(value))
        except ArithmeticError:
            raise FaultError(self.place, "form_value", key=name) from None
        if number is not None and not (number.is_finite() and number.copy_abs() <= LARGEST_NUMBER):
            raise FaultError(self.place, "form_value", key=name)
        return number

    def up_to(self, name: str, default: int, most: int) -> int:
        """The whole number under this name, which may not be greater than this."""
        value = self.whole(name, default)
        if value > most:
            raise FaultError(self.place, "form_value", key=name)
        return value

    def only(self, known: frozenset[str]) -> None:
        """Refuses every name that is not known."""
        if unknown := sorted(set(self.raw) - known):
            raise FaultError(self.place, "form_key_unknown", key=", ".join(unknown)[:100])


def _date_limit(component: Component, name: str) -> str:
    text = component.text(name)
    try:
        form_input.bound(text, date(2004, 1, 5))
    except ValueError:
        raise FaultError(component.place, "form_value", key=name) from None
    return text


_CLASS = re.compile(r"\[\^?\]?[^\]]*\]")
_REPEAT = re.compile(r"[*+?]|\{(\d*)(,?)(\d*)\}")


def _ways(plain: str) -> int:
    """In how many ways a pattern without escapes and classes may read a text, at most; repeated groups aside."""
    ways: int = 2 ** plain.count("|")
    for found in _REPEAT.finditer(plain):
        least, comma, most = found.groups()
        if found[0] == "?":
            ways *= 2
        elif comma is None or (comma and not most):
            ways *= TEXTFIELD
        elif comma:
            ways *= min(abs(int(most) - int(least or 0)) + 1, TEXTFIELD)
    return ways


def _pattern(validate: Component, kind: str) -> str:
    """A pattern that cannot make the machine think for ever: no repetition of groups, few ways to read a text."""
    text = validate.text("pattern").removeprefix("^").removesuffix("$")
    if text and kind != "textfield":
        # A long text and a pattern with open ends would take too long.
        raise FaultError(validate.place, "form_pattern")
    escaped = re.sub(r"\\\D", "x", text)
    plain = _CLASS.sub("x", escaped)
    # What is left of an escape is a digit: a reference back to a group.
    is_simple = len(text) <= TEXTFIELD and not re.search(r"\)[*+?{]|\(\?(?!:)|\\", plain)
    if not is_simple or _ways(plain) > MAX_WAYS:
        raise FaultError(validate.place, "form_pattern")
    try:
        re.compile(text)
    except (re.error, OverflowError):
        raise FaultError(validate.place, "form_pattern") from None
    return text


def _options(component: Component) -> tuple[Option, ...]:
    raw = component.raw.get("values", [])
    if not isinstance(raw, list) or len(raw) > MAX_OPTIONS:
        raise FaultError(component.place, "form_options")
    offered: list[Option] = []
    for item in raw:
        if not isinstance(item, dict) or not isinstance(item.get("value"), str) or not item["value"]:
            raise FaultError(component.place, "form_options")
        option = Component(item, component.place)
        option.only(frozenset({"value", "label", "labelEn"}))
        offered.append(Option(item["value"], option.text("label") or item["value"], option.text("labelEn")))
    if len({option.value for option in offered}) < len(offered):
        raise FaultError(component.place, "form_options")
    return tuple(offered)


def condition_of(component: Component) -> expressions.Expression | None:
    """When the component hides; None for never."""
    conditional = component.mapping("conditional")
    conditional.only(frozenset({"hide"}))
    return _expression(component, conditional.text("hide").strip(), "form_condition")


def _expression(component: Component, source: str, code: str) -> expressions.Expression | None:
    if not source:
        return None
    if not source.startswith("="):
        raise FaultError(component.place, code, source=source[:80], reason="syntax")
    try:
        return expressions.compile_expression(source[1:].strip())
    except ExpressionInvalid as error:
        raise FaultError(component.place, code, source=source[:80], reason=error.code) from None


def _compute(component: Component, kind: str) -> expressions.Expression | None:
    """What a field shows that nobody types in; only texts and numbers that are for reading can be made so."""
    found = _expression(component, component.mapping("properties").text("compute").strip(), "form_compute")
    if found is not None and (kind not in {"textfield", "number"} or not component.flag("readonly")):
        raise FaultError(component.place, "form_compute", source=found.source[:80], reason="readonly")
    return found


def key_of(component: Component, name: str) -> str:
    """The name of a field; refuses what would do harm as one."""
    key = component.text(name)
    if not _KEY.fullmatch(key) or key in RESERVED or not expressions.is_name(key):
        raise FaultError(component.place, "form_key", key=key[:60])
    return key


def _length(kind: str, validate: Component) -> int:
    if kind not in {"textfield", "textarea"}:
        return 0
    if validate.text("pattern"):
        return min(validate.whole("maxLength", TEXTFIELD), TEXTFIELD)
    return min(validate.whole("maxLength", TEXTAREA if kind == "textarea" else TEXTFIELD), TEXT_LIMIT)


def _accepted(component: Component, kind: str) -> tuple[str, ...]:
    """The media types that a file may have: those that the form names, else all."""
    if kind != fields.FILE:
        return ()
    if component.flag("multiple"):
        raise FaultError(component.place, "form_value", key="multiple")
    if component.flag("readonly") or component.flag("disabled") or component.raw.get("defaultValue") is not None:
        raise FaultError(component.place, "form_file")
    asked = [word.strip().lower() for word in component.text("accept").split(",") if word.strip()]
    known = {**MEDIA, **{media: media for media in MEDIA.values()}}
    if unknown := [word for word in asked if word not in known]:
        raise FaultError(component.place, "form_accept", key=unknown[0][:40], known=", ".join(MEDIA))
    return tuple(dict.fromkeys(known[word] for word in asked)) or tuple(dict.fromkeys(MEDIA.values()))


def _drawn(component: Component, kind: str, accept: tuple[str, ...]) -> bool:
    """Whether the file can be drawn on the page; a drawing is a picture."""
    is_drawn = component.mapping("properties").text("drawn") == "yes"
    if is_drawn and (kind != fields.FILE or PICTURE not in accept):
        raise FaultError(component.place, "form_value", key="drawn")
    return is_drawn


def read_input(component: Component, kind: str) -> Field:
    """The field that people type or choose something in."""
    properties, validate = component.mapping("properties"), component.mapping("validate")
    properties.only(PROPERTIES)
    validate.only(_VALIDATE)
    if kind == "datetime" and component.text("subtype") not in {"", "date"}:
        raise FaultError(component.place, "form_type", key="datetime")
    options, options_key = _options(component), properties.text("optionsKey") or None
    if kind in fields.CHOICES and not options and options_key is None:
        raise FaultError(component.place, "form_options")
    appearance, accept = component.mapping("appearance"), _accepted(component, kind)
    decimals = component.up_to("decimalDigits", -1, MAX_DECIMALS)
    passed = "today" if component.flag("disallowPassedDates") else ""
    return Field(
        key=key_of(component, "key"),
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
        condition=condition_of(component),
        compute=_compute(component, kind),
        minimum=validate.number("min"),
        maximum=validate.number("max"),
        decimals=decimals if decimals >= 0 else None,
        earliest=_date_limit(properties, "minDate") or passed,
        latest=_date_limit(properties, "maxDate"),
        min_length=validate.whole("minLength", 0),
        max_length=_length(kind, validate),
        pattern=_pattern(validate, kind),
        format=validate.text("validationType"),
        default=component.raw.get("defaultValue"),
        prefix=appearance.text("prefixAdorner"),
        suffix=appearance.text("suffixAdorner"),
        accept=accept,
        drawn=_drawn(component, kind, accept),
    )


def read_display(component: Component, kind: str) -> Field:
    """The part that is only shown."""
    properties = component.mapping("properties")
    return Field(
        key=component.text("id") or component.place,
        type=kind,
        label=component.text("label"),
        condition=condition_of(component),
        text=component.text("text"),
        text_en=properties.text("textEn"),
    )
