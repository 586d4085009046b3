"""The fields of an intervention: which values a step would have given, which ones a run holds, and what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext

from app.casework import intervene_words, words
from app.casework.clients import birthdates
from app.office import queries as office
from workflows import definitions, fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy.orm import Session
    from werkzeug.datastructures import MultiDict

    from workflows.handlers import Registry, Value
    from workflows.specs import ElementInfo, Specs

PREFIX = "v-"
BOOL = "bool"
KINDS = {"number": "number", "datetime": "date", "checkbox": BOOL, "select": "choice", "radio": "choice"}
ENGLISH = "en"
LED_BY = ("VM", "FM")


@dataclass(frozen=True, slots=True)
class Item:
    """A process value as people set it: what kind it is, its words, its choices, what it is now."""

    name: str
    kind: str
    label: str
    options: tuple[tuple[str, str], ...] = ()
    now: str = ""

    @property
    def field(self) -> str:
        """Its name in the form."""
        return PREFIX + self.name


def of_step(
    session: Session, definition_id: int, step: ElementInfo, registry: Registry, *, locale: str
) -> list[Item]:  # fmt: skip
    """What this step would have given: the answers of its form, or the values of its automatic part."""
    if step.form:
        return list(_of_form(session, definition_id, step.form, locale))
    names = registry.get(step.handler).outputs if step.handler in registry.names() else {}
    known = _known(session, definition_id, locale)
    return [known[name] for name in names if name in known]


def of_run(
    session: Session, definition_id: int, held: Mapping[str, list[Value]], locale: str
) -> list[Item]:  # fmt: skip
    """The values that the run holds and that have words, with what they are now."""
    known = _known(session, definition_id, locale)
    found = [(known[name], shown) for name, shown in sorted(held.items()) if name in known]
    items = [Item(item.name, item.kind, item.label, item.options, _now(item, shown)) for item, shown in found]
    return sorted(items, key=lambda item: item.label.casefold())


def _now(item: Item, held: Iterable[Value]) -> str:
    """What is now, in words; where branches differ, all of it."""
    told = dict.fromkeys(say(item, value) for value in held)
    return ", ".join(text for text in told if text)


def say(item: Item, value: Value) -> str:
    """A value in words."""
    if isinstance(value, bool):
        return str(gettext("ja") if value else gettext("nein"))
    if item.kind == "date" and value:
        return words.day(str(value)[:10])
    return dict(item.options).get(str(value), str(value) if item.kind == "number" else "")


def labels(session: Session, definition_id: int, locale: str) -> Mapping[str, Item]:
    """All values of a version of the process that have words, by name."""
    return _known(session, definition_id, locale)


def _known(session: Session, definition_id: int, locale: str) -> dict[str, Item]:
    roles = office.roles(session)
    led = [(code, roles[code].name_en if locale == ENGLISH else roles[code].name) for code in LED_BY if code in roles]
    found = {name: _worded(name, str(label), noun, led) for name, (label, noun) in intervene_words.VALUES.items()}
    for form in dict.fromkeys(info.form for info in _specs(session, definition_id).by_spec.values() if info.form):
        for item in _of_form(session, definition_id, form, locale):
            found.setdefault(item.name, item)
    return found


def _specs(session: Session, definition_id: int) -> Specs:
    return definitions.specs(session, definition_id)


def _worded(name: str, label: str, noun: str, led: list[tuple[str, str]]) -> Item:
    if noun in {BOOL, "number", "date"}:
        return Item(name, noun, label)
    return Item(name, "choice", label, tuple(led if noun == "role" else words.choices(noun)))


def _of_form(session: Session, definition_id: int, name: str, locale: str) -> Iterator[Item]:
    for item in fields.flat(definitions.form(session, definition_id, name).fields):
        if item.target == "process" and item.type in KINDS:
            yield Item(item.key, KINDS[item.type], _label(item, locale), _options(item, locale))


def _label(item: fields.Field, locale: str) -> str:
    return (item.label_en if locale == ENGLISH else "") or item.label or item.key.replace("_", " ")


def _options(item: fields.Field, locale: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (option.value, (option.label_en if locale == ENGLISH else "") or option.label) for option in item.options
    )  # fmt: skip


def typed(items: Iterable[Item], given: MultiDict[str, str]) -> tuple[dict[str, Value], dict[str, str]]:
    """The values that were given, and by field the code of what is wrong; what is left empty stays as it is."""
    values: dict[str, Value] = {}
    wrong: dict[str, str] = {}
    for item in items:
        text = given.get(item.field, "").strip()
        if text:
            try:
                values[item.name] = _parsed(item, text)
            except birthdates.DateRefused as refused:
                wrong[item.field] = refused.code
            except ValueError:
                wrong[item.field] = "not_a_number" if item.kind == "number" else "unknown_choice"
    return values, wrong


def _parsed(item: Item, text: str) -> Value:
    if item.kind == "date":
        return birthdates.parse_day(text).isoformat()
    if item.kind == "number":
        return int(text)
    if text not in (("yes", "no") if item.kind == BOOL else dict(item.options)):
        raise ValueError(text)
    return text == "yes" if item.kind == BOOL else text
