"""From what was typed to values: one function for each type of field; an error is a code with values, never a text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from workflows.fields import Field, FieldError, Option

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_GERMAN = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{1,4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_PLAIN = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[\d\s()/.-]{3,40}")
EARLIEST, LATEST = date(1880, 1, 1), date(2199, 12, 31)
MAX_DIGITS = 15
_REFERENCE = re.compile(r"[1-9][0-9]{0,17}")
_YES = frozenset({"on", "true", "1", "yes", "ja"})
_BREAKS = frozenset("\n\t")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a conversion may know besides the text."""

    today: date
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A converted input: its value (None for no answer), or an error."""

    value: Any = None
    error: FieldError | None = None


def _wrong(code: str, **values: Any) -> Answer:  # noqa: ANN401  values of a text
    return Answer(error=FieldError(code, MappingProxyType(values)))


def _control(text: str, allowed: frozenset[str]) -> bool:
    return any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in allowed for sign in text)


def _text(item: Field, raw: str, _setting: Setting) -> Answer:
    # A browser sends line breaks as two characters; nothing else is changed, umlauts stay as they were typed.
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    if item.type == "textfield":
        text = text.strip()
    if _control(text, _BREAKS if item.type == "textarea" else frozenset()):
        return _wrong("control_characters")
    if len(text) > item.max_length:
        return _wrong("too_long", max=item.max_length, length=len(text))
    if len(text) < item.min_length:
        return _wrong("too_short", min=item.min_length)
    code = _shape(item, text)
    return _wrong(code) if code else Answer(text)


def _shape(item: Field, text: str) -> str:
    if item.format == "email" and not _EMAIL.fullmatch(text):
        return "email_invalid"
    if item.format == "phone" and not _PHONE.fullmatch(text):
        return "phone_invalid"
    return "pattern_mismatch" if item.pattern and not re.fullmatch(item.pattern, text) else ""


def _decimal(raw: str) -> Decimal | None:
    text = "".join(sign for sign in raw if not sign.isspace())
    if len(text) > MAX_DIGITS * 2 or not text.isascii():
        return None
    if _GROUPED.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    elif _PLAIN.fullmatch(text):
        text = text.replace(",", ".")
    else:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _number(item: Field, raw: str, _setting: Setting) -> Answer:
    value = _decimal(raw)
    if value is None:
        return _wrong("number_invalid")
    if len(value.as_tuple().digits) > MAX_DIGITS:
        return _wrong("number_too_long", max=MAX_DIGITS)
    if item.decimals is not None and value != round(value, item.decimals):
        return _wrong("whole_number" if item.decimals == 0 else "too_many_decimals", max=item.decimals)
    if item.minimum is not None and value < item.minimum:
        return _wrong("number_too_small", min=item.minimum)
    if item.maximum is not None and value > item.maximum:
        return _wrong("number_too_large", max=item.maximum)
    return Answer(_plain_number(value))


def _plain_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _day(raw: str) -> tuple[date | None, str]:
    text = raw.strip()
    if not text.isascii():
        return None, "date_unreadable"
    german, iso = _GERMAN.fullmatch(text), _ISO.fullmatch(text)
    if german is not None:
        day, month, year = german.groups()
        if len(year) < 4:  # noqa: PLR2004  a year has four digits
            return None, "date_two_digit_year" if len(year) == 2 else "date_unreadable"  # noqa: PLR2004
    elif iso is not None:
        year, month, day = iso.groups()
    else:
        return None, "date_unreadable"
    try:
        return date(int(year), int(month), int(day)), ""
    except ValueError:
        return None, "date_impossible"


def bound(text: str, today: date) -> date | None:
    """A limit of a date field: an ISO date, or `today`."""
    if not text:
        return None
    return today if text == "today" else date.fromisoformat(text)


def _date(item: Field, raw: str, setting: Setting) -> Answer:
    day, code = _day(raw)
    if day is None:
        return _wrong(code, typed=raw.strip()[:40])
    earliest, latest = bound(item.earliest, setting.today), bound(item.latest, setting.today)
    if earliest is not None and day < earliest:
        return _wrong("date_in_past" if item.earliest == "today" else "date_too_early", min=earliest)
    if latest is not None and day > latest:
        return _wrong("date_in_future" if item.latest == "today" else "date_too_late", max=latest)
    if not EARLIEST <= day <= LATEST:
        return _wrong("date_out_of_range", min=EARLIEST, max=LATEST)
    return Answer(day.isoformat())


def _choice(_item: Field, raw: str, setting: Setting) -> Answer:
    offered = {option.value for option in setting.options}
    return Answer(raw) if raw in offered else _wrong("option_unknown")


def _file(_item: Field, raw: str, _setting: Setting) -> Answer:
    """The number under which the file is kept; nothing of the file itself."""
    return Answer(raw) if _REFERENCE.fullmatch(raw) else _wrong("file_missing")


_CONVERT: Mapping[str, Callable[[Field, str, Setting], Answer]] = MappingProxyType(
    {
        "textfield": _text,
        "textarea": _text,
        "number": _number,
        "datetime": _date,
        "select": _choice,
        "radio": _choice,
        "filepicker": _file,
    }
)


def _checklist(item: Field, raw: Sequence[str], setting: Setting) -> Answer:
    offered = {option.value for option in setting.options}
    chosen = list(dict.fromkeys(text for text in raw if text))
    if not offered.issuperset(chosen):
        return _wrong("option_unknown")
    return _wrong("choose_one") if item.required and not chosen else Answer(chosen)


def answer(item: Field, raw: Sequence[str], setting: Setting) -> Answer:
    """The value of an input, or what is wrong with it."""
    if item.type == "checklist":
        return _checklist(item, raw, setting)
    text = raw[-1] if raw else ""
    if item.type == "checkbox":
        checked = text.strip().lower() in _YES
        return _wrong("must_confirm") if item.required and not checked else Answer(checked)
    if not text.strip() or text == "\0":
        return _wrong("file_missing" if item.type == "filepicker" else "required") if item.required else Answer()
    return _CONVERT[item.type](item, text, setting)


def meant(item: Field, typed: Any) -> Any:  # noqa: ANN401  a text, several, or a value already
    """What the text in a field means to a condition, whether or not it is acceptable; None for nothing."""
    if not isinstance(typed, str):
        return list(typed) if isinstance(typed, list | tuple) else typed
    if item.type == "checkbox":
        return typed.strip().lower() in _YES
    if item.type == "number":
        value = _decimal(typed)
        return None if value is None else _plain_number(value)
    if item.type == "datetime":
        day, _ = _day(typed)
        return day.isoformat() if day else None
    return typed or None
