"""Forms as they are shown: what stands in them, which parts show, what is wrong; what was typed is shown again."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from flask_babel import gettext

from workflows import fields, form_input, forms
from workflows.errors import ExpressionInvalid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from werkzeug.datastructures import MultiDict

    from workflows.fields import Field, Option
    from workflows.forms import Form, Submission


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that was attached to a form and is not handed in yet: its name and size, its number, when it goes."""

    name: str
    size: int
    link: str = ""
    until: datetime | None = None


NO_FILES: Mapping[str, Attached] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A task's form as it is shown: its parts, what stands in them, which of them show, what is wrong with them."""

    form: Form
    typed: Mapping[str, Any]
    visible: frozenset[str]
    rows: Mapping[str, tuple[int, ...]]
    options: Mapping[str, Sequence[Option]]
    errors: Mapping[str, str] = field(default_factory=dict)
    locale: str = "de"
    files: Mapping[str, Attached] = field(default_factory=dict)

    @property
    def takes_files(self) -> bool:
        """Whether a file can be attached to the form."""
        return any(fields.files(self.form.fields))

    def title(self) -> str:
        """The form's title in the reader's language."""
        return (self.form.title_en if self.locale == "en" else "") or self.form.title

    def text(self, item: Field | Option, name: str = "label") -> str:
        """A text of a part or option in the reader's language; German where nobody translated it."""
        other = getattr(item, f"{name}_en", "") if self.locale == "en" else ""
        return str(other or getattr(item, name))

    def choices(self, item: Field) -> list[tuple[str, str]]:
        """The answers that a field offers."""
        offered = self.options.get(item.options_key, ()) if item.options_key else item.options
        return [(option.value, self.text(option)) for option in offered]

    def shown(self) -> str:
        """The paths that show, to find out later whether an answer brought new questions up."""
        return " ".join(sorted(self.visible))

    def summary(self) -> list[tuple[str, str, str]]:
        """The errors in the order of the form."""
        parts = {part.path: part.field for part in fields.parts(self.form.fields, self.typed)}
        return [
            (path, self._place(path) + self.text(parts[path]).rstrip("?"), self.errors[path])
            for path in parts
            if path in self.errors
        ]

    def _place(self, path: str) -> str:
        """Which row of which list a field stands in, so that the same field of two rows is told apart."""
        key, _dash, rest = path.partition("-")
        lists = {item.key: item for item in self.form.inputs() if item.type == "dynamiclist"}
        if key not in lists or not rest:
            return ""
        row = self.rows[key].index(int(rest.partition("-")[0])) + 1
        return str(gettext("%(list)s, Zeile %(number)s", list=self.text(lists[key]), number=row)) + ": "


def sheet(
    form: Form,
    *,
    typed: Mapping[str, Any],
    values: Mapping[str, Any],
    options: Mapping[str, Sequence[Option]],
    locale: str,
    errors: Mapping[str, str] | None = None,
    files: Mapping[str, Attached] = NO_FILES,
) -> Sheet:
    """The form with what stands in it: what was typed, else the values that the process knows, else the defaults."""
    filled = _start(form, values) | dict(typed)
    rows = {}
    for item in form.inputs():
        if item.type == "dynamiclist":
            rows[item.key] = fields.rows(item, filled) or tuple(range(max(1, item.min_rows)))
            filled |= {path: filled.get(path, "") for path in _paths(item, rows[item.key])}
    visible = form.visible(values, filled)
    filled |= _computed(form, values, filled, locale=locale)
    return Sheet(form, filled, visible, rows, options, errors or {}, locale, files)


def _computed(form: Form, values: Mapping[str, Any], filled: Mapping[str, Any], *, locale: str) -> dict[str, str]:
    """What the computed fields show; nothing where an answer is still missing."""
    items = [item for item in form.inputs() if item.compute is not None]
    typed = {item.key: form_input.meant(item, filled.get(item.key)) for item in form.inputs() if item.is_input}
    seen = {**values, **{key: value for key, value in typed.items() if value is not None}}
    return {item.key: _shown(item, seen, locale) for item in items}


def _shown(item: Field, seen: Mapping[str, Any], locale: str) -> str:
    if item.compute is None:
        return ""
    try:
        value = item.compute.evaluate({name: seen.get(name) for name in item.compute.names})
    except ExpressionInvalid:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    text = str(value) if item.decimals is None else f"{value:.{item.decimals}f}"
    return text if locale == "en" else text.replace(".", ",")


def _start(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for item in form.inputs():
        if item.type != "dynamiclist":
            present = values.get(item.key) if item.readonly or item.target == "process" else None
            known[item.key] = item.default if present is None else present
    return known


def _paths(item: Field, numbers: Sequence[int]) -> list[str]:
    keys = [part.field.key for part in fields.parts(item.fields, {}) if part.field.is_input]
    return [f"{item.key}-{number}-{key}" for number in numbers for key in keys]


def typed_again(form: Form, sent: MultiDict[str, str]) -> dict[str, Any]:
    """What was sent, by path, as the form shows it again; nothing that the form does not have."""
    data = dict(sent.lists())
    found: dict[str, Any] = {}
    for part in fields.parts(form.fields, data):
        if (part.field.is_input and part.path in data) or part.field.type in {"checkbox", "checklist"}:
            raw = data.get(part.path, [])
            found[part.path] = list(raw) if part.field.type == "checklist" else (raw[-1] if raw else "")
    return found


def with_row(form: Form, typed: Mapping[str, Any], key: str) -> dict[str, Any]:
    """What was typed with one empty row more in a list."""
    lists = {item.key: item for item in form.inputs() if item.type == "dynamiclist"}
    if key not in lists:
        return dict(typed)
    item = lists[key]
    taken = fields.rows(item, typed) or tuple(range(max(1, item.min_rows)))
    filled = {path: typed.get(path, "") for path in _paths(item, taken)}
    return dict(typed) | filled | dict.fromkeys(_paths(item, [max(taken) + 1]), "")


def without_row(form: Form, typed: Mapping[str, Any], row: str) -> dict[str, Any]:
    """What was typed without a row, named like goals-1; the rows after it keep their numbers."""
    key, _dash, number = row.rpartition("-")
    lists = {item.key for item in form.inputs() if item.type == "dynamiclist"}
    if key not in lists or not number.isdigit():
        return dict(typed)
    return {path: value for path, value in typed.items() if not path.startswith(f"{key}-{number}-")}


def messages(submission: Submission, locale: str) -> dict[str, str]:
    """The sentences for what is wrong, by path."""
    return {path: forms.message(error.code, error.values, locale) for path, error in submission.errors.items()}


def came_up(submission: Submission, form: Form, shown: str | None) -> bool:
    """Whether an answer brought up questions that were not on the page when it was sent."""
    if shown is None:
        return False
    before = frozenset(shown.split())
    inputs = {part.path for part in fields.parts(form.fields, submission.typed) if part.field.is_input}
    return bool((submission.visible & inputs) - before)
