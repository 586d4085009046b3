"""What comes in from the inbox's pages: which list is wanted, what was typed into a form, how a task is handled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.casework import sheets, words
from app.casework.clients import birthdates
from workflows import fields

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from flask_babel.speaklater import LazyString
    from werkzeug.datastructures import MultiDict

    from app.casework.vault import Vault
    from workflows.forms import Form

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
    """Which list somebody wants to see: view, order, words, role, process, and where the page begins. The words may be
    a client's name: in addresses they stand as `q`, concealed.
    """

    view: str = "role"
    order: str = "due"
    q: str = ""
    words: str = ""
    role: str = ""
    process: str = ""
    after: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str], vault: Vault) -> Wanted:
        """What the address says; words that nobody knows mean the usual list."""
        q = args.get("q", "").strip()[:LONGEST]
        view, order = args.get("view", ""), args.get("order", "")
        return cls(
            view=view if view in VIEWS or view == TEAM else "role",
            order=order if order in ORDERS else "due",
            q=q,
            words=vault.reveal(q)[:WORDS_LONGEST],
            role=args.get("role", "")[:WORDS_LONGEST],
            process=args.get("process", "")[:WORDS_LONGEST],
            after=args.get("after", "")[:LONGEST],
        )

    def query(self, **changes: str) -> dict[str, Any]:
        """The address of this list with changes, without what says nothing; a change begins at the first page."""
        other = replace(self, **({"after": ""} | changes))
        pairs = {
            "view": other.view, "order": other.order, "q": other.q, "role": other.role, "process": other.process,
            "after": other.after,
        }  # fmt: skip
        usual = {"view": "role", "order": "due"}
        return {name: value for name, value in pairs.items() if value and usual.get(name) != value}

    @property
    def kept(self) -> dict[str, Any]:
        """What a saved filter keeps."""
        return self.query()


def asks_process(form: Form) -> bool:
    """Whether what the form shows or takes depends on values of the process."""
    parts = [part.field for part in fields.parts(form.fields, {})]
    own = {item.key for item in parts}
    return any(item.readonly or (item.condition is not None and item.condition.names - own) for item in parts)


def refusals(refused: Mapping[str, str]) -> dict[str, str]:
    """The sentences for what casework refused, by path."""
    return {path: words.refusal(code) for path, code in refused.items()}


def in_words(form: Form, sent: MultiDict[str, str], locale: str) -> list[tuple[str, str]]:
    """What was sent under the names that the form shows, answers in its words; for pages that must lose nothing."""
    page = sheets.sheet(form, typed=sheets.typed_again(form, sent), values={}, options={}, locale=locale)
    told = []
    for part in fields.parts(form.fields, page.typed):
        words = dict(page.choices(part.field)) | {"on": gettext("ja"), "true": gettext("ja")}
        told += [(page.text(part.field), words.get(value, value)) for value in sent.getlist(part.path) if value]
    return told


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
