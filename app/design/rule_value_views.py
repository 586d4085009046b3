"""The values that a rule book sets from a day on, and its test rows, in the browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app import security
from app.casework import rulebook, rulebooks, rulechecks, rulewords
from app.design import errors, rule_edit, rule_lines, rule_places, views

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from flask.typing import ResponseReturnValue

    from app.design.rule_places import Place

blueprint = Blueprint("rule_values", __name__, url_prefix="/design")
SPARE = 1
MOST = 20
NO_DAY = _("Bitte schreiben Sie das Datum als TT.MM.JJJJ, zum Beispiel 05.01.2004.")
Entry = tuple[str, list[str]]


@dataclass(frozen=True, slots=True)
class Unmeant(Exception):  # noqa: N818  the house names errors by what is the case
    """What was typed is no value of this kind."""

    fault: str


def _day(text: str) -> str:
    return f"{text[8:]}.{text[5:7]}.{text[:4]}"


def _typed_of(value: object, kind: str) -> list[str]:
    """A value as the page shows it."""
    if value is None:
        return [""]
    if kind == "outcomes" and isinstance(value, list):
        return list(map(str, value))
    if kind == "truth":
        return ["yes" if value else "no"]
    if kind == "day_number":
        number = int(str(value))
        return [f"{number % 100:02}.{number // 100 % 100:02}.{number // 10000:04}"]
    return [_day(str(value)) if kind in {"day", "day_or_none"} else str(value)]


def _meant(typed: Sequence[str], kind: str) -> object:
    """The value that was typed; whether it fits is checked with the book. Raises Unmeant."""
    text = (typed[0] if typed else "").strip()
    if kind == "outcomes":
        return list(typed)
    if kind in {"number_or_none", "day_or_none"} and not text:
        return None
    if kind in {"number", "number_or_none"}:
        if not (text.isdecimal() and text.isascii() and len(text) < 8):  # noqa: PLR2004  far more than any limit
            raise Unmeant(gettext("Bitte geben Sie eine ganze Zahl an."))
        return int(text)
    if kind in {"day", "day_or_none", "day_number"}:
        return _meant_day(text, kind)
    if kind == "truth" and text in {"yes", "no"}:
        return text == "yes"
    if not text:
        raise Unmeant(gettext("Bitte machen Sie hier eine Angabe."))
    return text


def _meant_day(text: str, kind: str) -> object:
    day = rule_lines.read_day(text)
    if day is None:
        raise Unmeant(str(NO_DAY))
    return day.year * 10000 + day.month * 100 + day.day if kind == "day_number" else day.isoformat()


@blueprint.get("/<int:draft_id>/books/<name>/values/<parameter>")
@security.access(*views.READERS)
def value(draft_id: int, name: str, parameter: str) -> ResponseReturnValue:
    """One value of the book and since when it is which."""
    place = rule_places.place_of(draft_id, name)
    held = place.book.raw["parameters"].get(parameter)
    if held is None:
        raise errors.UnknownDraft(draft_id)
    kind = rulebooks.kind(place.book, parameter)
    entries = [(_day(each["from"]), _typed_of(each["value"], kind)) for each in held]
    return _value_page(place, parameter, entries, {})


def _value_page(place: Place, parameter: str, entries: Sequence[Entry], faults: Mapping[str, str]) -> str:
    book = place.book
    kind = rulebooks.kind(book, parameter)
    choices = {
        "truth": [("yes", gettext("ja")), ("no", gettext("nein"))],
        "outcome": rulebook.outcomes(book), "outcomes": rulebook.outcomes(book),
        "payer": rulebook.named(book, "payers"),
        "counting": [(code, str(rulewords.COUNTING[code])) for code in rulebooks.COUNTING],
    }  # fmt: skip
    empty: list[Entry] = [("", [""])] * (SPARE if place.may_draw else 0)
    return render_template(
        "design/book_value.html", place=place, draft=place.draft, parameter=parameter, kind=kind,
        label=rulebook.parameter_name(book, parameter), entries=[*entries, *empty], faults=faults,
        choices=choices.get(kind, []), used=[
            line.rule for line, row in zip(rulebook.rule_lines(book, place.day), book.rules, strict=True)
            if f"${parameter}" in str([row["when"], row["outcome"], row["hlu_payer"]])
        ],
    )  # fmt: skip


@blueprint.post("/<int:draft_id>/books/<name>/values/<parameter>")
@security.access(*views.DESIGNERS)
def set_value(draft_id: int, name: str, parameter: str) -> ResponseReturnValue:
    """Saves a value with its days."""
    place = rule_places.place_of(draft_id, name)
    if parameter not in place.book.raw["parameters"]:
        raise errors.UnknownDraft(draft_id)
    typed = [
        (since, [text[:200] for text in request.form.getlist(f"value-{at}")])
        for at in range(MOST)
        if (since := request.form.get(f"from-{at}", "").strip()[:20])
    ]
    kind = rulebooks.kind(place.book, parameter)
    found: list[tuple[date, object]] = []
    for at, (since, given) in enumerate(typed):
        day = rule_lines.read_day(since)
        if day is None:
            return _value_page(place, parameter, typed, {f"from-{at}": str(NO_DAY)}), 422
        try:
            found.append((day, _meant(given, kind)))
        except Unmeant as unmeant:
            return _value_page(place, parameter, typed, {f"value-{at}": unmeant.fault}), 422
    refusal = rule_places.saved(place, lambda held: rule_edit.set_parameter(held, parameter, found))
    if refusal is not None:
        return _value_page(place, parameter, typed, {"from-0": " ".join(refusal.faults.values())}), refusal.status
    return redirect(url_for("design_rules.book", draft_id=draft_id, name=name, _anchor=f"value-{parameter}"), 303)


DAYS = ("birth_date", "unemployed_since")
WORDS = ("residence", "fit_for_work", "available", "household_payer", "current_payer")


@blueprint.get("/<int:draft_id>/books/<name>/tests/new")
@security.access(*views.DESIGNERS)
def test(draft_id: int, name: str) -> ResponseReturnValue:
    """Somebody to be made up, or the example of something that the check found."""
    place = rule_places.place_of(draft_id, name)
    findings = rulechecks.examine(place.book).findings
    at = request.args.get("finding", -1, type=int)
    shown: dict[str, list[str]] = {"on": [f"{place.day:%d.%m.%Y}"]}
    if 0 <= at < len(findings) and (person := findings[at].person) is not None:
        given = person.snapshot()
        shown = {word: [str(given[word] or "")] for word in WORDS}
        shown |= {day: [_day(str(given[day])) if given[day] else ""] for day in DAYS}
        shown |= {"on": [f"{findings[at].on:%d.%m.%Y}"], "benefits": [str(code) for code in sorted(person.benefits)]}
    return _test_page(place, shown, {})


def _test_page(place: Place, shown: Mapping[str, Sequence[str]], faults: Mapping[str, str]) -> str:
    book = place.book
    words = {
        "residence": ("yes", "no", "unclear"), "fit_for_work": ("yes", "limited", "no", "unknown"),
        "available": ("yes", "no", "unknown"),
    }  # fmt: skip
    return render_template(
        "design/book_test.html", place=place, draft=place.draft, shown=shown, faults=faults,
        outcomes=rulebook.outcomes(book), benefits=rulebook.named(book, "benefits"),
        payers=[(code, label) for code, label in rulebook.named(book, "payers") if code in {"SB", "FB5"}],
        words={name: [(code, rulebook.value_name(book, code)) for code in codes] for name, codes in words.items()},
        rows=[(line.rule, line.rule) for line in rulebook.rule_lines(book, place.day)],
    )  # fmt: skip


@blueprint.post("/<int:draft_id>/books/<name>/tests/new")
@security.access(*views.DESIGNERS)
def add_test(draft_id: int, name: str) -> ResponseReturnValue:
    """Takes the made-up person into the book, with what is to become of it."""
    place = rule_places.place_of(draft_id, name)
    typed = {key: request.form.getlist(key) for key in request.form}
    faults = {}
    days = {key: rule_lines.read_day(request.form.get(key, "")) for key in ("on", *DAYS)}
    for key, day in days.items():
        if day is None and (request.form.get(key, "").strip() or key == "on"):
            faults[key] = str(NO_DAY)
    if not request.form.get("outcome"):
        faults["outcome"] = gettext("Bitte wählen Sie, was sich ergeben soll.")
    if faults:
        return _test_page(place, typed, faults), 422
    refusal = rule_places.saved(place, lambda held: rule_edit.add_test(held, _test(days)))
    if refusal is not None:
        return _test_page(place, typed, {"title": " ".join(refusal.faults.values())}), refusal.status
    return redirect(url_for("design_rules.book", draft_id=draft_id, name=name, _anchor="h-tests"), 303)


def _test(days: Mapping[str, date | None]) -> dict[str, object]:
    plain = {key: None if day is None else day.isoformat() for key, day in days.items()}
    facts: dict[str, object] = {**{key: plain[key] for key in DAYS}, "reference_date": plain["on"]}
    facts |= {word: given for word in WORDS if (given := request.form.get(word, "")[:40])}
    facts["benefits"] = sorted({code[:40] for code in request.form.getlist("benefits")})
    expected = {key: request.form.get(key, "")[:60] for key in ("outcome", "rule")}
    return {"title": request.form.get("title", "").strip()[:200], "on": plain["on"], "facts": facts, **expected}
