"""What comes in from the inbox's pages: which list is wanted, what was typed into a form, how a task is handled."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.casework import words
from app.casework.clients import birthdates
from workflows import fields, forms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from flask_babel.speaklater import LazyString
    from werkzeug.datastructures import MultiDict

    from workflows.fields import Field, Option
    from workflows.forms import Form, Submission

VIEWS: Mapping[str, LazyString] = {
    "mine": _("Meine Aufgaben"),
    "role": _("Meine Rolle"),
    "unassigned": _("Nicht übernommen"),
    "overdue": _("Überfällig"),
    "held": _("Zurückgestellt"),
    "waiting_partner": _("Wartet auf das andere Amt"),
    "done": _("Erledigt"),
}
TEAM = "team"
ORDERS: Mapping[str, LazyString] = {
    "due": _("Frist"),
    "priority": _("Dringlichkeit"),
    "created": _("Eingang, älteste zuerst"),
    "changed": _("Letzte Änderung"),
    "name": _("Aufgabe"),
}
PRIORITIES: Mapping[int, LazyString] = {25: _("niedrig"), 50: _("normal"), 75: _("eilig")}
LONGEST = 500
WORDS_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which list somebody wants to see: view, order, words, role, process, and where the page begins."""

    view: str = "role"
    order: str = "due"
    words: str = ""
    role: str = ""
    process: str = ""
    after: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Wanted:
        """What the address says; words that nobody knows mean the usual list."""
        view, order = args.get("view", ""), args.get("order", "")
        return cls(
            view=view if view in VIEWS or view == TEAM else "role",
            order=order if order in ORDERS else "due",
            words=args.get("q", "").strip()[:WORDS_LONGEST],
            role=args.get("role", "")[:WORDS_LONGEST],
            process=args.get("process", "")[:WORDS_LONGEST],
            after=args.get("after", "")[:LONGEST],
        )

    def query(self, **changes: str) -> dict[str, Any]:
        """The address of this list with changes, without what says nothing; a change begins at the first page."""
        other = replace(self, **({"after": ""} | changes))
        pairs = {
            "view": other.view, "order": other.order, "q": other.words, "role": other.role, "process": other.process,
            "after": other.after,
        }  # fmt: skip
        usual = {"view": "role", "order": "due"}
        return {name: value for name, value in pairs.items() if value and usual.get(name) != value}

    @property
    def kept(self) -> dict[str, Any]:
        """What a saved filter keeps."""
        return self.query()


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
) -> Sheet:
    """The form with what stands in it: what was typed, else the values that the process knows, else the defaults."""
    filled = _start(form, values) | dict(typed)
    rows = {}
    for item in form.inputs():
        if item.type == "dynamiclist":
            rows[item.key] = fields.rows(item, filled) or tuple(range(max(1, item.min_rows)))
            filled |= {path: filled.get(path, "") for path in _paths(item, rows[item.key])}
    visible = form.visible(values, filled)
    return Sheet(form, filled, visible, rows, options, errors or {}, locale)


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


def asks_process(form: Form) -> bool:
    """Whether what the form shows or takes depends on values of the process."""
    parts = [part.field for part in fields.parts(form.fields, {})]
    own = {item.key for item in parts}
    return any(item.readonly or (item.condition is not None and item.condition.names - own) for item in parts)


def messages(submission: Submission, locale: str) -> dict[str, str]:
    """The sentences for what is wrong, by path."""
    return {path: forms.message(error.code, error.values, locale) for path, error in submission.errors.items()}


def refusals(refused: Mapping[str, str]) -> dict[str, str]:
    """The sentences for what casework refused, by path."""
    return {path: words.refusal(code) for path, code in refused.items()}


def in_words(form: Form, sent: MultiDict[str, str], locale: str) -> list[tuple[str, str]]:
    """What was sent under the names that the form shows, answers in its words; for pages that must lose nothing."""
    page = sheet(form, typed=typed_again(form, sent), values={}, options={}, locale=locale)
    told = []
    for part in fields.parts(form.fields, page.typed):
        words = dict(page.choices(part.field)) | {"on": gettext("ja"), "true": gettext("ja")}
        told += [(page.text(part.field), words.get(value, value)) for value in sent.getlist(part.path) if value]
    return told


def came_up(submission: Submission, form: Form, shown: str | None) -> bool:
    """Whether an answer brought up questions that were not on the page when it was sent."""
    if shown is None:
        return False
    before = frozenset(shown.split())
    inputs = {part.path for part in fields.parts(form.fields, submission.typed) if part.field.is_input}
    return bool((submission.visible & inputs) - before)


def usual_priority(priority: int) -> int:
    """The one of the three priorities that people choose from which says the same as this number."""
    return max((known for known in PRIORITIES if known <= priority), default=min(PRIORITIES))


@dataclass(frozen=True, slots=True)
class Day:
    """A typed day, or why it is none."""

    day: date | None
    error: str = ""


def future_day(text: str, *, today: date) -> Day:
    """A day after today."""
    try:
        day = birthdates.parse_day(text)
    except birthdates.DateRefused as refused:
        return Day(None, refused.code)
    return Day(day) if day > today else Day(None, "past")


def reason(text: str) -> tuple[str, str]:
    """A typed reason and what is wrong with it."""
    cut = text.strip()
    if not cut:
        return "", gettext("Bitte geben Sie einen Grund an.")
    return cut[:LONGEST], ""
