"""The rule book as a table in the browser: its rows, what a check of the whole finds, and the acts on rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext

from app import security
from app.casework import rulebook, rulebooks, rulechecks
from app.design import errors, rule_edit, rule_places, views

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from app.design.rule_edit import Json
    from app.design.rule_places import Place, Refusal

blueprint = Blueprint("design_rules", __name__, url_prefix="/design")
views.PAGES["book"] = "design_rules.book"
NOTHING: dict[str, str] = {}


def _language() -> str:
    return "en" if str(get_locale()) == "en" else "de"


@blueprint.get("/<int:draft_id>/books/<name>")
@security.access(*views.READERS)
def book(draft_id: int, name: str) -> ResponseReturnValue:
    """The whole rule book of a draft."""
    return _page(rule_places.place_of(draft_id, name), None)


def _page(place: Place, refusal: Refusal | None) -> str:
    found, language = place.book, _language()
    examined = rulechecks.examine(found)
    lines = rulebook.rule_lines(found, place.day)
    values = [
        (name, rulebook.parameter_name(found, name),
         [(each["from"], rulebook.in_words(found, each["value"])) for each in sorted(entries, key=_since)])
        for name, entries in found.raw["parameters"].items()
    ]  # fmt: skip
    portraits = {at: rulebooks.portrait(found, each.person, language)
                 for at, each in enumerate(examined.findings) if each.person is not None}  # fmt: skip
    return render_template(
        "design/book.html", programmes=rulebook.programme_lines(found, place.day),
        reasons=[(each["id"], each["legal_basis"], rulebook.conditions_by_name(found, each["when"]))
                 for each in found.raw["notes"]],
        place=place, draft=place.draft, title=found.raw["title"][language], lines=lines,
        values=sorted(values, key=lambda value: value[1].casefold()), findings=list(enumerate(examined.findings)),
        portraits=portraits, results=[(each, rulebooks.told(found, each)) for each in examined.results],
        language=language, faults=NOTHING if refusal is None else refusal.faults, typed=request.form,
        rows=[(line.rule, line.rule) for line in lines[:-1]], most=rulebooks.MOST_ROWS,
    )  # fmt: skip


def _since(entry: dict[str, str]) -> str:
    return entry["from"]


ACTS: dict[str, Callable[[Json, str], Json]] = {
    "up": lambda held, row: rule_edit.shift(held, row, -1),
    "down": lambda held, row: rule_edit.shift(held, row, 1),
    "remove": rule_edit.remove,
    "remove_test": rule_edit.remove_test,
}


@blueprint.post("/<int:draft_id>/books/<name>/change")
@security.access(*views.DESIGNERS)
def change(draft_id: int, name: str) -> ResponseReturnValue:
    """Moves or removes a row, or removes a test row."""
    place = rule_places.place_of(draft_id, name)
    act, row = request.form.get("act", ""), request.form.get("row", "")
    refusal = rule_places.saved(place, lambda held: _acted(held, act, row))
    if refusal is not None:
        return _page(place, refusal), refusal.status
    anchor = "h-tests" if act == "remove_test" else "rows" if act == "remove" else f"row-{row}"
    return redirect(url_for("design_rules.book", draft_id=draft_id, name=name, _anchor=anchor), 303)


def _acted(held: Json, act: str, row: str) -> Json:
    if act not in ACTS:
        raise errors.StepRefused("kind")
    return ACTS[act](held, row)


@blueprint.post("/<int:draft_id>/books/<name>/add")
@security.access(*views.DESIGNERS)
def add(draft_id: int, name: str) -> ResponseReturnValue:
    """One more row, like the one before it; the page to change it follows."""
    place = rule_places.place_of(draft_id, name)
    row, after = request.form.get("id", "").strip()[:20], request.form.get("after", "")
    refusal = rule_places.saved(place, lambda held: rule_edit.add(held, row, after))
    if refusal is not None:
        return _page(place, refusal), refusal.status
    return redirect(url_for("rule_rows.row", part="rows", draft_id=draft_id, name=name, row=row), 303)


@blueprint.app_template_global()
def finding_in_words(code: str, row: str, other: str) -> str:
    """What a check of the whole book found, without its example."""
    said = {
        "gap": gettext("Keine Zeile trifft zu; es gilt die letzte."),
        "overlap": gettext(
            "Die Zeilen %(row)s und %(other)s treffen beide zu; es gilt die obere.", row=row, other=other
        ),
        "shadowed": gettext("Zeile %(row)s entscheidet nie: Vor ihr trifft immer schon eine andere zu.", row=row),
        "impossible": gettext("Zeile %(row)s trifft auf niemanden zu. Widersprechen sich ihre Bedingungen?", row=row),
        "unchecked": gettext("Nicht auf Lücken geprüft: Es sind zu viele verschiedene Grenzen."),
    }
    return str(said[code])
