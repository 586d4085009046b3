"""What forms wrote about a case, in the words of these forms, for pages that people read."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from flask_babel import gettext

from app.casework import words
from workflows import definitions, fields, forms
from workflows import queries as host

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.casework.attachments.queries import AttachmentRow
    from app.casework.page import CasePage
    from app.casework.records.queries import RecordRow
    from workflows.specs import ElementInfo

PROCESS = "case"
ENGLISH = "en"
# What the host tells about a step: tasks, lines of history and waits all carry its element and its German name.
Step = TypeVar("Step", host.TaskRow, host.EntryRow, host.WaitingRow)


@dataclass(frozen=True, slots=True)
class Shown:
    """A record in words; `files` are its files, each with the label of the field that it stands in.

    `lines` is None where the reader learns only that there is something.
    """

    title: str
    category: str
    author: str
    at: datetime
    version: int
    lines: tuple[tuple[str, str], ...] | None
    files: tuple[tuple[str, AttachmentRow], ...] = ()


@dataclass(frozen=True, slots=True)
class Filed:
    """A file with the title of the form and the label of the field that it came with."""

    row: AttachmentRow
    title: str
    label: str


@dataclass(frozen=True, slots=True)
class Wait:
    """A day that the case waits for; `escalates` where that day only reminds somebody of an open task."""

    due_at: datetime
    name: str
    escalates: bool


def named(session: Session, rows: Iterable[Step], *, subject: str, locale: str) -> list[Step]:
    """The rows with the names of their steps in the reader's language."""
    if locale != ENGLISH:
        return list(rows)
    elements = _elements(session, subject)
    return [replace(row, name=_name(elements.get(row.element)) or row.name) for row in rows]


def waits(session: Session, subject: str, locale: str) -> tuple[Wait, ...]:
    """The days that a case waits for, the next one first. Messages that may come at any time are no waiting."""
    elements = _elements(session, subject)
    return tuple(
        Wait(row.due_at, row.name, _is_boundary(elements.get(row.element)))
        for row in named(session, host.waiting(session, subject), subject=subject, locale=locale)
        if row.due_at is not None
    )


def _elements(session: Session, subject: str) -> Mapping[str, ElementInfo]:
    running = host.instances(session, subject)
    return ChainMap(*(dict(definitions.specs(session, row.definition_id).elements) for row in running))


def _name(info: ElementInfo | None) -> str:
    return "" if info is None else info.name_en


def _is_boundary(info: ElementInfo | None) -> bool:
    return info is not None and info.kind == "boundaryEvent"


def records(session: Session, page: CasePage, locale: str) -> tuple[Shown, ...]:
    """The newest records of a case in words, the latest first; none that says nothing."""
    definition = definitions.latest(session, PROCESS)
    held = {str(file.id): file for file in page.files if file.name is not None}
    found = [_shown(_form(session, definition.id, row.kind), row, locale, held) for row in page.records if row.latest]
    # What a form wrote elsewhere than into its own record leaves nothing to read here.
    told = (shown for shown in found if shown.lines != () or shown.files)
    return tuple(sorted(told, key=lambda shown: shown.at, reverse=True))


def files(session: Session, page: CasePage, locale: str) -> tuple[Filed, ...]:
    """All files of a case that the reader may know of, the newest first."""
    if not page.files:
        return ()
    definition = definitions.latest(session, PROCESS)
    return tuple(_filed(_form(session, definition.id, row.form), row, locale) for row in page.files)


def _filed(form: forms.Form | None, row: AttachmentRow, locale: str) -> Filed:
    known = {item.key: item for item in fields.files(form.fields)} if form is not None else {}
    label = _label(known[row.field], row.field, locale) if row.field in known else ""
    return Filed(row, _title(form, row.form, locale), label)


def _title(form: forms.Form | None, name: str, locale: str) -> str:
    if form is None:
        return name.replace("_", " ")
    return (form.title_en if locale == ENGLISH else "") or form.title


def _form(session: Session, definition_id: int, name: str) -> forms.Form | None:
    try:
        return definitions.form(session, definition_id, name)
    except definitions.UnknownDefinition:
        return None


def _shown(form: forms.Form | None, row: RecordRow, locale: str, held: Mapping[str, AttachmentRow]) -> Shown:
    title = _title(form, row.section or row.kind, locale)
    known = {part.field.key: part.field for part in fields.parts(form.fields, {})} if form else {}
    values = row.values or {}
    named = {key: item for key, item in known.items() if item.type == fields.FILE}
    attached = [(_label(item, key, locale), held.get(str(values.get(key)))) for key, item in named.items()]
    written = {key: value for key, value in values.items() if key not in named}
    lines = None if row.values is None else tuple(_lines(written, known, locale))
    present = tuple((label, file) for label, file in attached if file is not None)
    return Shown(title, row.category, row.author, row.at, row.version, lines, present)


def _lines(values: Mapping[str, Any], known: Mapping[str, fields.Field], locale: str) -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        item = known.get(key)
        if value not in (None, "", []):
            yield _label(item, key, locale), _text(value, item, locale)


def _label(item: fields.Field | None, key: str, locale: str) -> str:
    if item is None:
        return key.replace("_", " ")
    return (item.label_en if locale == "en" else "") or item.label or key


def _text(value: Any, item: fields.Field | None, locale: str) -> str:  # noqa: ANN401  a value of any field
    if isinstance(value, bool):
        return str(gettext("ja") if value else gettext("nein"))
    if isinstance(value, list):
        return _many(value, item, locale)
    if item is not None and item.type == "datetime":
        return words.day(str(value))
    return _option(str(value), item, locale)


def _many(values: Iterable[Any], item: fields.Field | None, locale: str) -> str:
    rows = []
    inner = {part.key: part for part in item.fields} if item is not None else {}
    for value in values:
        if isinstance(value, dict):
            rows.append("; ".join(f"{label}: {text}" for label, text in _lines(value, inner, locale)))
        else:
            rows.append(_option(str(value), item, locale))
    return "\n".join(rows) if inner else ", ".join(rows)


def _option(value: str, item: fields.Field | None, locale: str) -> str:
    for option in item.options if item is not None else ():
        if option.value == value:
            return (option.label_en if locale == "en" else "") or option.label
    return value
