"""A row of the rule book in the browser, of its routes, programmes or further reasons: conditions column by column,
outcome, validity, texts; and how a rule ends.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app import security
from app.casework import rulebook, rulebooks, rulewords
from app.design import errors, rule_edit, rule_lines, rule_places, views
from app.design.rule_lines import Line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from flask.typing import ResponseReturnValue
    from flask_babel.speaklater import LazyString

    from app.design.rule_edit import Json
    from app.design.rule_places import Place

blueprint = Blueprint("rule_rows", __name__, url_prefix="/design")
LONGEST = 4000
CONFLICT = 409
ADDRESS = "/<int:draft_id>/books/<name>/<part>/<row>"
# Where the book holds the rows of a part, and what can be said about one.
LISTS = {"rows": "rules", "programmes": "programmes", "reasons": "notes"}
HOLDS: Mapping[str, frozenset[str]] = {
    "rows": frozenset({"outcome", "validity", "when", "texts", "void"}),
    "programmes": frozenset({"programme", "validity", "when"}),
    "reasons": frozenset({"texts"}),
}
SIDES = ("client", "clerk")
COMPARISONS: Mapping[str, LazyString] = {
    ">=": _("mindestens"), "<": _("unter"), "<=": _("höchstens"), ">": _("über"), "==": _("genau"), "!=": _("nicht"),
}  # fmt: skip
LINE_FAULTS: Mapping[str, LazyString] = {
    "words": _("Bitte wählen Sie mindestens eine Angabe, oder entfernen Sie die Bedingung."),
    "number": _("Bitte geben Sie eine ganze Zahl an, oder wählen Sie einen Wert."),
    "day": _("Bitte schreiben Sie den Tag als TT.MM.JJJJ, oder wählen Sie einen Wert."),
}
Text = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in the page of a row: what was typed, else what is saved; and what is wrong with it."""

    values: Mapping[str, str]
    flags: Sequence[str]
    lines: Sequence[Line]
    texts: Mapping[str, Sequence[Text]]
    faults: Mapping[str, str]
    revision: int


def _was(row: Json) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:16]


def _day(text: str | None) -> str:
    return f"{text[8:]}.{text[5:7]}.{text[:4]}" if text else ""


def _saved(place: Place, row: Json) -> Shown:
    values = {name: str(row.get(name, "")) for name in ("id", "rule", "name", "outcome", "hlu_payer")}
    said = row.get("texts", row)
    values |= {name: _day(row.get(name)) for name in ("from", "to")} | {"legal_basis": said.get("legal_basis", "")}
    texts = {
        side: [(text["de"], text["en"], _when(place, text)) for text in said.get(side, [])] for side in SIDES
    }  # fmt: skip
    # Further reasons may ask for the result, too; their conditions are shown and not edited.
    lines = rule_lines.lines(row["when"]) if "from" in row else []
    return Shown(values, row.get("flags", []), lines, texts, {}, place.revision)


def _when(place: Place, text: Json) -> tuple[str, ...]:
    return rulebook.conditions_in_words(place.book, text.get("when", []), place.day)


@blueprint.get(ADDRESS)
@security.access(*views.READERS)
def row(draft_id: int, name: str, part: str, row: str) -> ResponseReturnValue:
    """One row with everything that can be said about it."""
    place = rule_places.place_of(draft_id, name)
    return _page(place, part, _held(place, part, row), None)


def _held(place: Place, part: str, name: str) -> Json:
    """The row of this number in this part of the book. Raises UnknownDraft."""
    if part not in LISTS:
        raise errors.UnknownDraft(place.draft.id)
    try:
        return rule_edit.row(rule_edit.read(place.content), name, LISTS[part])
    except errors.StepRefused:
        raise errors.UnknownDraft(place.draft.id) from None


def _page(place: Place, part: str, held: Json, shown: Shown | None, *, void_fault: str = "") -> str:
    book, shown = place.book, shown or _saved(place, held)
    chosen = _parameters(place)
    limits = [(name, label) for name, label, kind in chosen if kind in {"number", "number_or_none"}]
    limits += [(name, f"{text} ({book.parameters(place.day)[name]})") for name, text in rulewords.DERIVED.items()]
    words = {
        fact: [(word, rulebook.value_name(book, word)) for word in known] for fact, known in rulebooks.WORDS.items()
    }
    return render_template(
        "design/book_row.html", part=part, holds=HOLDS[part], place=place, draft=place.draft, held=held, shown=shown,
        was=_was(held),
        facts={fact: rulebook.fact_name(book, fact) for fact in (*rulebooks.WORDS, *rulebooks.NUMBERS)},
        words=words, comparisons=list(COMPARISONS.items()), limits=sorted(limits, key=lambda each: each[1].casefold()),
        days=[(name, label) for name, label, kind in chosen if kind == "day_number"],
        ways=[("", gettext("immer"))] + [(way, _way(way)) for way in rule_lines.ways(shown.lines)],
        outcomes=rulebook.outcomes(book) + [(f"${name}", label) for name, label, kind in chosen if kind == "outcome"],
        payers=[(code, rulebook.payer_name(book, code)) for code in rulebooks.PAYERS if code]
        + [(f"${name}", label) for name, label, kind in chosen if kind == "payer"],
        flags=[(flag, str(rulewords.FLAGS[flag])) for flag in rulebooks.FLAGS], sides=SIDES, faults=shown.faults,
        line_faults=LINE_FAULTS if request.method == "POST" else {}, void_fault=void_fault,
        others=[(rule, rule) for rule in sorted({each["rule"] for each in book.rules} - {held.get("rule")})],
        programmes=rulebook.named(book, "programmes"), asked=rulebook.conditions_by_name(book, held["when"]),
        states=rulewords.STATES,
        is_last=part == "rows" and book.rules[-1]["id"] == held["id"], editable=rule_lines.fits(held["when"]),
        typed=request.form,
    )  # fmt: skip


def _parameters(place: Place) -> list[tuple[str, str, str]]:
    """The values of the book by name, with label and kind."""
    book = place.book
    held = book.parameters(place.day)
    return [
        (name, f"{rulebook.parameter_name(book, name)} ({rulebook.in_words(book, held[name])})",
         rulebooks.kind(book, name))
        for name in book.raw["parameters"]
    ]  # fmt: skip


def _way(way: str) -> str:
    return str(gettext("Auswahl %(number)s, Weg %(letter)s", number=way[0], letter=way[1].upper()))


def _sent(place: Place, held: Json) -> Shown:
    """What the page of a row sent."""
    names = ("id", "rule", "name", "outcome", "hlu_payer", "from", "to", "legal_basis")
    values = {name: request.form.get(name, "").strip()[:LONGEST] for name in names}
    lines = rule_lines.typed(request.form)
    if (wanted := request.form.get("new_fact", "")) and wanted in (*rulebooks.WORDS, *rulebooks.NUMBERS):
        lines.append(Line(wanted))
    texts = {}
    for side in SIDES:
        old = held.get("texts", held).get(side, [])
        both = [[text.strip()[:LONGEST] for text in request.form.getlist(f"{side}_{one}")] for one in ("de", "en")]
        texts[side] = [
            (de, en, _when(place, old[at]) if at < len(old) else ())
            for at, (de, en) in enumerate(zip(*both, strict=False))
        ]
    flags = [flag for flag in rulebooks.FLAGS if flag in request.form.getlist("flags")]
    return Shown(values, flags, lines, texts, {}, request.form.get("revision", 0, type=int))


def _faults(sent: Shown, part: str) -> dict[str, str]:
    """What can be told of the typed row without the book."""
    found = {}
    for name in ("from", "to") if "validity" in HOLDS[part] else ():
        if (sent.values[name] or name == "from") and rule_lines.read_day(sent.values[name]) is None:
            found[name] = gettext("Bitte schreiben Sie das Datum als TT.MM.JJJJ, zum Beispiel 05.01.2004.")
    if any(line.fault for line in sent.lines):
        found["when"] = gettext("Eine Bedingung ist nicht vollständig.")
    return found


def _iso(typed: str) -> str | None:
    day: date | None = rule_lines.read_day(typed)
    return None if day is None else day.isoformat()


def _values(sent: Shown, held: Json, part: str) -> dict[str, Any]:
    """The typed row as the book holds it; texts keep the conditions under which they are said."""
    values = sent.values
    if part == "reasons":
        return _said(sent, held)
    when = rule_lines.conditions(sent.lines) if rule_lines.fits(held["when"]) else held["when"]
    if rule_lines.lines(when) == rule_lines.lines(held["when"]):
        when = held["when"]
    valid = {"from": _iso(values["from"]), "to": _iso(values["to"]), "when": when}
    if part == "programmes":
        return {"name": values["name"], **valid}
    flags = list(sent.flags) if set(sent.flags) != set(held["flags"]) else held["flags"]
    return {
        "id": values["id"], "rule": values["rule"] or values["id"], "outcome": values["outcome"],
        "hlu_payer": values["hlu_payer"], "flags": flags, **valid,
        "texts": {**held["texts"], **_said(sent, held["texts"])},
    }  # fmt: skip


def _said(sent: Shown, held: Json) -> dict[str, Any]:
    texts: dict[str, Any] = {"legal_basis": sent.values["legal_basis"]}
    for side in SIDES:
        old = [*held[side], *({} for _ in sent.texts[side])]
        texts[side] = [{**old[at], "de": de, "en": en} for at, (de, en, _) in enumerate(sent.texts[side]) if de or en]
    return texts


@blueprint.post(ADDRESS)
@security.access(*views.DESIGNERS)
def edit(draft_id: int, name: str, part: str, row: str) -> ResponseReturnValue:
    """Saves a row, or shows it with one more condition; what is wrong comes back with what was typed."""
    place = rule_places.place_of(draft_id, name)
    held = _held(place, part, row)
    sent = _sent(place, held)
    if request.form.get("act") == "line":
        return _page(place, part, held, sent)
    if faults := _faults(sent, part):
        return _page(place, part, held, _with(sent, faults, sent.revision)), 422
    refusal = rule_places.saved(place, lambda book: rule_edit.edit(book, row, _values(sent, held, part), LISTS[part]))
    if refusal is not None:
        # Where somebody else has changed this very row, what was typed must not overwrite it unseen.
        known = place.revision if request.form.get("was") == _was(held) else sent.revision
        shown = _with(sent, refusal.faults, known if refusal.status == CONFLICT else sent.revision)
        return _page(place, part, held, shown), refusal.status
    anchor = f"row-{sent.values['id'] or row}"
    return redirect(url_for("design_rules.book", draft_id=draft_id, name=name, _anchor=anchor), 303)


def _with(sent: Shown, faults: Mapping[str, str], revision: int) -> Shown:
    return Shown(sent.values, sent.flags, sent.lines, sent.texts, faults, revision)


@blueprint.post("/<int:draft_id>/books/<name>/rows/<row>/void")
@security.access(*views.DESIGNERS)
def void(draft_id: int, name: str, row: str) -> ResponseReturnValue:
    """Strikes out the rule of this row with a reason and what takes its place, or lets it hold again."""
    place = rule_places.place_of(draft_id, name)
    held = _held(place, "rows", row)
    reason, replaced_by = request.form.get("reason", "").strip()[:LONGEST], request.form.get("replaced_by", "")
    if request.form.get("act") == "revive":
        refusal = rule_places.saved(place, lambda book: rule_edit.revive(book, row))
    else:
        refusal = rule_places.saved(
            place, lambda book: rule_edit.void(book, row, reason=reason, replaced_by=replaced_by)
        )
    if refusal is not None:
        return _page(place, "rows", held, None, void_fault=" ".join(refusal.faults.values())), refusal.status
    return redirect(url_for("design_rules.book", draft_id=draft_id, name=name, _anchor=f"row-{row}"), 303)
