"""Forms: compiled from JSON, checked on the server. What people read of errors stands in texts.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from workflows import fields, form_input, form_schema, texts
from workflows.fields import Field, FieldError, Option
from workflows.form_schema import Form, FormInvalid

Data = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Submission:
    """What came out of a form: values by target, errors by path, what was typed by path, the rows of each list."""

    process: dict[str, Any] = field(default_factory=dict)
    case: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, FieldError] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, tuple[int, ...]] = field(default_factory=dict)
    visible: frozenset[str] = frozenset()


def compile_form(raw: bytes) -> Form:
    """The form that this JSON describes; raises FormInvalid with everything that is wrong with it."""
    return form_schema.compile_form(raw)


def message(code: str, values: Mapping[str, Any], locale: str) -> str:
    """The text of an error of a field in this language."""
    return texts.text(
        "form", code, locale=locale, values={name: _shown(value, locale) for name, value in values.items()}
    )


def _shown(value: object, locale: str) -> str:
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, Decimal | float) and locale.startswith("de"):
        return str(value).replace(".", ",")
    return str(value)


def _texts(data: Data, path: str) -> list[str]:
    raw = data.get(path, ())
    return [raw] if isinstance(raw, str) else [str(text) for text in raw]


@dataclass(slots=True)
class _Reading:
    """One submission while it is read."""

    data: Data
    setting: Mapping[str, tuple[Option, ...]]
    today: date
    answers: dict[str, form_input.Answer] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)

    def read(self, part: fields.Part) -> None:
        raw = _texts(self.data, part.path)
        self.typed[part.path] = raw if part.field.type == "checklist" else (raw[-1] if raw else "")
        options = self.setting.get(part.field.options_key, ()) if part.field.options_key else part.field.options
        self.answers[part.path] = form_input.answer(part.field, raw, form_input.Setting(self.today, options))


def submit(
    form: Form,
    data: Data,
    *,
    values: Mapping[str, Any],
    options: Mapping[str, Sequence[Option]],
    today: date,
) -> Submission:
    """Reads what was sent: never raises, never takes what does not show, is read-only, or was not asked."""
    reading = _Reading(data, {key: tuple(offered) for key, offered in options.items()}, today)
    inputs = [part for part in fields.parts(form.fields, data) if part.field.is_input and not part.field.readonly]
    for part in inputs:
        reading.read(part)
    visible = form.visible(values, {**dict.fromkeys(data), **reading.typed})
    submission = Submission(typed=reading.typed, visible=visible)
    for item in form.inputs():
        if item.key in visible and not item.readonly:
            _take(submission, item, reading)
    return submission


def _take(submission: Submission, item: Field, reading: _Reading) -> None:
    """Puts the value of a visible input or list where it belongs, or its error."""
    if item.type == "dynamiclist":
        value: Any = _list(submission, item, reading)
    else:
        answer = reading.answers[item.key]
        if answer.error is not None:
            submission.errors[item.key] = answer.error
            return
        value = answer.value
    if item.target == "process":
        submission.process[item.key] = value
    elif item.target == "case":
        submission.case[item.key] = value


def _empty(value: object) -> bool:
    return value is None or value is False or value == []


def _list(submission: Submission, item: Field, reading: _Reading) -> list[dict[str, Any]]:
    taken: list[dict[str, Any]] = []
    numbers = fields.rows(item, reading.data)
    for number in numbers:
        row = _row(submission, item, reading, number)
        if row is not None:
            taken.append(row)
    submission.rows[item.key] = numbers
    if len(taken) < item.min_rows:
        submission.errors[item.key] = FieldError("rows_too_few", {"min": item.min_rows})
    elif len(numbers) > item.max_rows:
        submission.errors[item.key] = FieldError("rows_too_many", {"max": item.max_rows})
    return taken


def _row(submission: Submission, item: Field, reading: _Reading, number: int) -> dict[str, Any] | None:
    """The values of a row; None for one that nobody filled in, whose errors do not count."""
    paths = {part.key: f"{item.key}-{number}-{part.key}" for part in fields.flat(item.fields)}
    answers = {key: reading.answers[path] for key, path in paths.items() if path in reading.answers}
    if all(_empty(answer.value) and _blank(reading.typed[paths[key]]) for key, answer in answers.items()):
        return None
    row: dict[str, Any] = {}
    for key, answer in answers.items():
        if paths[key] not in submission.visible:
            continue
        if answer.error is not None:
            submission.errors[paths[key]] = answer.error
        row[key] = answer.value
    return row


def _blank(typed: Any) -> bool:  # noqa: ANN401  a text or several
    return not any(text.strip() for text in ([typed] if isinstance(typed, str) else typed))


__all__ = [
    "Field",
    "FieldError",
    "Form",
    "FormInvalid",
    "Option",
    "Submission",
    "compile_form",
    "message",
    "submit",
]
