"""Where a rule book is edited: which draft holds it, what it says now, and how a change of it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import flash
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _

from app import security
from app.casework import rulebooks
from app.design import errors, parts, queries, rule_edit, views
from app.office import dates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from flask_babel.speaklater import LazyString

    from app.design.rule_edit import Json

REFUSED: Mapping[str, LazyString] = {
    "row_unknown": _("Diese Zeile gibt es nicht (mehr)."),
    "row_fixed": _(
        "Die letzte Zeile gilt für alle, auf die sonst nichts zutrifft. Sie bleibt die letzte und in Kraft."
    ),
    "row_name": _("Bitte geben Sie der Zeile eine Nummer, die es noch nicht gibt."),
    "row_count": _("Mehr Zeilen lassen sich nicht sicher auswerten. Bitte fassen Sie Zeilen zusammen."),
    "void_reason": _("Bitte geben Sie an, warum die Regel nicht mehr gilt."),
    "kind": _("Das geht hier nicht."),
}


@dataclass(frozen=True)
class Place:
    """The rule book of a draft: its own file or a part of it where it was taken in, else as it is in force."""

    draft: queries.DraftRow
    part: queries.DraftRow | None
    content: bytes
    today: date

    @property
    def name(self) -> str:
        """What the file is called."""
        return rulebooks.name()

    @property
    def book(self) -> rulebooks.Book:
        """What it says."""
        return rulebooks.read(self.content)

    @property
    def revision(self) -> int:
        """The number of the state that is shown; 0 for what is in force."""
        return 0 if self.part is None else self.part.revision

    @property
    def may_draw(self) -> bool:
        """Whether the reader may change it."""
        return views.may_draw() and not self.draft.discarded

    @property
    def day(self) -> date:
        """The day whose values are shown beside the rows."""
        return max(self.today, self.book.first_day)


def place_of(draft_id: int, name: str) -> Place:
    """The rule book of this name. Raises UnknownDraft when there is none."""
    session = security.session()
    draft = queries.whole(session, draft_id)
    if name != rulebooks.name():
        raise errors.UnknownDraft(draft_id)
    part = draft if draft.file == rulebooks.file() else queries.part(session, draft_id, rulebooks.file())
    if part is not None:
        return Place(draft, part, queries.content(session, part.id), dates.day_of(security.now()))
    held = rulebooks.newest(session).digest
    return Place(draft, None, rulebooks.contents(session, [held])[held], dates.day_of(security.now()))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a change was not saved: sentences by the column they are about, and the status of the answer."""

    faults: Mapping[str, str]
    status: int = 422


def saved(place: Place, act: Callable[[Json], Json]) -> Refusal | None:
    """Saves the book as this leaves it, as the newest state; else says why not."""
    try:
        changed = act(rule_edit.read(place.content))
        book = {**changed, "version": rulebooks.next_version(security.session())}
        parts.save(place.draft.id, place.part, rulebooks.file(), rule_edit.written(book))
    except errors.StepRefused as refused:
        return Refusal({"": str(REFUSED.get(refused.code, REFUSED["kind"]))})
    except errors.FileUnusable as unusable:
        return Refusal(_told(unusable))
    except errors.DraftChanged as overtaken:
        return Refusal({"": parts.overtaken(overtaken)}, 409)
    flash(gettext("Gesichert."), "success")
    return None


def _told(unusable: errors.FileUnusable) -> dict[str, str]:
    language = str(get_locale())
    found: dict[str, str] = {}
    for fault in unusable.faults:
        said = f"{fault.place(language)}: {fault.text(language)} {fault.remedy(language)}"
        found[fault.column] = f"{found[fault.column]} {said}" if fault.column in found else said
    return found or {"": unusable.detail}
