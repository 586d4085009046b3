"""The form designer in the browser: fields in a list, and a page for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext

from app import security
from app.casework import rulebooks, trial_files, vocabulary
from app.design import (
    changes,
    checking,
    errors,
    files,
    form_edit,
    form_kinds,
    parts,
    queries,
    service,
    steps,
    views,
    words,
)
from app.design.models import Act
from workflows import fields, form_input, form_schema
from workflows.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from app.casework.trial_files import Trial
    from app.design.form_edit import Json, Row
    from workflows.forms import Form

blueprint = Blueprint("design_forms", __name__, url_prefix="/design")
views.PAGES["form"] = "design_forms.form"
LANGUAGES = {"de": "Deutsch", "en": "English"}
SPARE = 3
MEGABYTE = 1_000_000
Options = list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """A form of a draft: as a part of it where it was taken in (`part`), else as it is in force."""

    draft: queries.DraftRow
    name: str
    file: str
    part: queries.DraftRow | None
    content: bytes

    @property
    def revision(self) -> int:
        """The number of the state that is shown; 0 for what is in force."""
        return 0 if self.part is None else self.part.revision

    @property
    def may_draw(self) -> bool:
        """Whether the reader may change it."""
        return views.may_draw() and not self.draft.discarded


def place_of(draft_id: int, name: str) -> Place:
    """The form of this name. Raises UnknownDraft when there is none."""
    session = security.session()
    draft = queries.process(session, draft_id)
    file = f"forms/{name}.json"
    part = queries.part(session, draft_id, file)
    if part is not None:
        return Place(draft, name, file, part, queries.content(session, part.id))
    held = queries.in_force(session).hashes.get(file)
    if held is None:
        raise errors.UnknownDraft(draft_id)
    return Place(draft, name, file, None, queries.sources(session, [held])[held])


@blueprint.get("/<int:draft_id>/forms")
@security.access(*views.READERS)
def index(draft_id: int) -> ResponseReturnValue:
    """The forms of the steps of a process and those that were taken into its draft."""
    return _index(draft_id, "")


def _index(draft_id: int, fault: str) -> str:
    session = security.session()
    draft = queries.process(session, draft_id)
    named = {str(one["id"]): str(one["name"]) for one in views.choices(draft)["forms"]}
    used: dict[str, list[str]] = {}
    listed = steps.outline(queries.content(session, draft_id))
    for step in listed:
        if step.values.get("form"):
            used.setdefault(step.values["form"], []).append(step.name or step.id)
    drafted = {row.file.removeprefix("forms/").removesuffix(".json"): row for row in queries.parts(session, draft_id)}
    mine = {name: row for name, row in drafted.items() if files.kind(row.file) == "form"}
    shown = [(name, named.get(name, name), used.get(name, []), mine.get(name)) for name in sorted({*used, *mine})]
    return render_template(
        "design/forms.html", draft=draft, rows=shown, known=named, fault=fault, typed=request.form,
        may_draw=views.may_draw() and not draft.discarded, book=rulebooks.name(),
        tasks=[(one.id, one.name or one.id) for one in listed if one.kind == "userTask"],
    )  # fmt: skip


@blueprint.post("/<int:draft_id>/forms")
@security.access(*views.DESIGNERS)
def begin(draft_id: int) -> ResponseReturnValue:
    """A new form, attached to the step for which it is made."""
    session, actor, now = security.session(), security.actor(), security.now()
    draft = queries.process(session, draft_id)
    title, step = request.form.get("title", "").strip()[:120], request.form.get("step", "")
    if not title:
        return _index(draft_id, gettext("Bitte geben Sie dem Formular einen Titel.")), 422
    taken = {*queries.in_force(session).hashes, *(row.file for row in queries.parts(session, draft_id))}
    name = form_kinds.key(title, {file.removeprefix("forms/").removesuffix(".json") for file in taken})
    made = form_edit.empty(name, title, request.form.get("titleEn", "").strip()[:120])
    try:
        if step:
            known = request.form.get("revision", draft.revision, type=int)
            changed = changes.edit(queries.content(session, draft_id, known), step, {"form": name})
            service.save(session, draft_id, changed, known=known, actor=actor, now=now, act=Act.LISTED)
    except errors.DraftChanged as overtaken:
        return _index(draft_id, parts.overtaken(overtaken)), 409
    service.begin_part(session, draft_id, f"forms/{name}.json", made, actor=actor, now=now)
    return _back(draft_id, name)


def _back(draft_id: int, name: str) -> ResponseReturnValue:
    return redirect(url_for("design_forms.form", draft_id=draft_id, name=name), 303)


@blueprint.get("/<int:draft_id>/forms/<name>")
@security.access(*views.READERS)
def form(draft_id: int, name: str) -> ResponseReturnValue:
    """The fields of a form in their order, and the ways to add, move and remove them."""
    return _page(place_of(draft_id, name), {})


def _page(place: Place, faults: Mapping[str, str]) -> str:
    document = form_edit.read(place.content)
    listed = form_edit.rows(document)
    compiled = form_schema.compile_form(place.content)
    return render_template(
        "design/form.html", place=place, draft=place.draft, rows=listed, types=form_kinds.TYPES, faults=faults,
        kinds=list(form_kinds.KINDS.items()), head=document.get("drehscheibe", {}), title=title_of(compiled),
        categories=list(vocabulary.CATEGORIES.items()), typed=request.form,
        places=[("", gettext("am Ende des Formulars")), *_places(listed)], languages=LANGUAGES,
    )  # fmt: skip


def tried(form: Form) -> Trial:
    """What was sent with a form that is only tried out, its files among it."""
    limit = current_app.config["UPLOAD_MEGABYTES"] * MEGABYTE
    return trial_files.tried(form, request.form, request.files, limit)


def title_of(compiled: form_schema.Form) -> str:
    """What the form is called in the reader's language."""
    return (compiled.title_en if str(get_locale()) == "en" else "") or compiled.title


def _places(listed: Sequence[Row]) -> list[tuple[str, str]]:
    """Where a new field can go: after another one, or at the end of a section or list."""
    found = []
    for row in listed:
        name = row.label or str(form_kinds.TYPES[row.type])
        found.append((f"after:{row.place}", gettext("nach „%(name)s“", name=name)))
        if row.type in form_edit.CONTAINERS:
            found.append((f"into:{row.place}", gettext("in „%(name)s“", name=name)))
    return found


def _save(place: Place, document: Json) -> None:
    """Saves the form as the newest state. Raises DraftChanged, FormInvalid."""
    content = form_edit.written(document)
    form_schema.compile_form(content)
    parts.save(place.draft.id, place.part, place.file, content)


def _told(invalid: form_schema.FormInvalid) -> dict[str, str]:
    """What is wrong and how to mend it, by property."""
    language = str(get_locale())
    told = {}
    for name, fault in form_edit.faults(invalid).items():
        problem = Problem(fault.part, fault.code, fault.values)
        told[name] = f"{problem.message(language)} {problem.remedy(language)}"
    return told


@blueprint.post("/<int:draft_id>/forms/<name>")
@security.access(*views.DESIGNERS)
def edit_head(draft_id: int, name: str) -> ResponseReturnValue:
    """Saves the titles of the form and what kind of data it holds."""
    place = place_of(draft_id, name)
    if not request.form.get("title", "").strip():
        return _page(place, {"title": gettext("Bitte geben Sie dem Formular einen Titel.")}), 422
    try:
        _save(place, form_edit.head(form_edit.read(place.content), request.form))
    except errors.DraftChanged as changed:
        return _page(place, {"title": parts.overtaken(changed)}), 409
    flash(gettext("Gesichert."), "success")
    return _back(draft_id, name)


@blueprint.post("/<int:draft_id>/forms/<name>/change")
@security.access(*views.DESIGNERS)
def change(draft_id: int, name: str) -> ResponseReturnValue:
    """Adds, moves or removes a field."""
    place = place_of(draft_id, name)
    document = form_edit.read(place.content)
    field, act = request.form.get("field", ""), request.form.get("act", "")
    try:
        changed, at = _changed(document, act, field)
        _save(place, changed)
    except errors.DraftChanged as overtaken:
        return _page(place, {act: parts.overtaken(overtaken)}), 409
    except errors.StepRefused as refused:
        return _page(place, {act: str(words.REFUSED.get(refused.code, words.REFUSED["kind"]))}), 422
    except form_schema.FormInvalid as invalid:
        return _page(place, {act: next(iter(_told(invalid).values()))}), 422
    if act == "add":
        return redirect(url_for("design_forms.field", draft_id=draft_id, name=name, place=at), 303)
    flash(gettext("Gesichert."), "success")
    return redirect(url_for("design_forms.form", draft_id=draft_id, name=name, _anchor=f"field-{at}"), 303)


def _changed(document: Json, act: str, field: str) -> tuple[Json, str]:
    """The changed form and where the field stands now. Raises StepRefused."""
    if act == "add":
        kind, label = request.form.get("kind", ""), request.form.get("label", "").strip()[:500]
        if kind not in form_kinds.KINDS:
            raise errors.StepRefused("kind")
        if not label and kind != "separator":
            raise errors.StepRefused("label")
        how, _colon, where = request.form.get("where", "").partition(":")
        made = form_kinds.made(kind, label, taken=form_edit.keys(document))
        spots = {"into": where if how == "into" else "", "after": where if how == "after" else ""}
        return form_edit.add(document, made, **spots)
    if act in {"up", "down"}:
        return form_edit.shift(document, field, -1 if act == "up" else 1)
    if act == "move":
        return form_edit.move(document, field, request.form.get("into", ""))
    if act == "remove":
        return form_edit.remove(document, field), field
    raise errors.StepRefused("kind")


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the page of a field: what was typed, else what is saved; and what is wrong with it."""

    values: Mapping[str, str]
    options: Options
    faults: Mapping[str, str]
    revision: int
    overtaken: str = ""


@blueprint.get("/<int:draft_id>/forms/<name>/fields/<place>")
@security.access(*views.READERS)
def field(draft_id: int, name: str, place: str) -> ResponseReturnValue:
    """One field with everything that can be said about it."""
    there = place_of(draft_id, name)
    return _field(there, place, None)


def _row(place: Place, at: str) -> Row:
    found = next((row for row in form_edit.rows(form_edit.read(place.content)) if row.place == at), None)
    if found is None:
        raise errors.UnknownDraft(place.draft.id)
    return found


def _field(place: Place, at: str, typed: Typed | None) -> str:
    row = _row(place, at)
    shown = typed or Typed(_dated(row.values), list(row.options), {}, place.revision)
    listed = form_edit.rows(form_edit.read(place.content))
    family = next((kinds for kinds in form_edit.FAMILIES if row.type in kinds), ())
    inner = [one for one in listed if one.type in form_edit.CONTAINERS and not f"{one.place}-".startswith(f"{at}-")]
    spots = [(one.place, one.label or str(form_kinds.TYPES[one.type])) for one in inner]
    return render_template(
        "design/field.html", place=place, draft=place.draft, row=row, shown=shown, types=form_kinds.TYPES,
        properties=form_edit.PROPERTIES[shown.values.get("type") or row.type],
        family=[(one, form_kinds.TYPES[one]) for one in family],
        categories=list(vocabulary.CATEGORIES.items()), names=_names(place), spots=spots,
        options=[*shown.options, *[("", "", "")] * SPARE],
    )  # fmt: skip


def _dated(values: Mapping[str, str]) -> dict[str, str]:
    """The properties as people read them: days in German order."""
    told = dict(values)
    for name in ("minDate", "maxDate"):
        if told.get(name) == "today":
            told[name] = gettext("heute")
        elif told.get(name):
            told[name] = f"{date.fromisoformat(told[name]):%d.%m.%Y}"
    return told


def _names(place: Place) -> list[str]:
    """What a condition may read: the other fields, and the values of the process."""
    session = security.session()
    draft = place.draft
    content = files.as_text(queries.content(session, draft.id))
    beside = queries.bundle(session, draft.id)
    report = checking.check(session, content, file=draft.file, now=security.now(), beside=beside)
    return sorted({*report.names, *form_edit.keys(form_edit.read(place.content))})


def _sent() -> tuple[dict[str, str], Options]:
    """What the page of a field sent: properties, and the answers that are not empty."""
    known = {name for names in form_edit.PROPERTIES.values() for name in names} | {"type"}
    given = {name: request.form[name][:20_000] for name in known & request.form.keys()}
    columns = [request.form.getlist(f"option_{name}") for name in ("value", "label", "labelEn")]
    rows = [tuple(text.strip()[:200] for text in row) for row in zip(*columns, strict=False)]
    return given, [(value, label, label_en) for value, label, label_en in rows if value or label or label_en]


def _stored(given: Mapping[str, str]) -> dict[str, str]:
    """The same with days as the file has them; what is no day stays, for the check to tell."""
    stored = dict(given)
    for name in ("minDate", "maxDate"):
        text = stored.get(name, "").strip()
        if text.lower() in {"heute", "today"}:
            stored[name] = "today"
        elif text:
            day = form_input.meant(fields.Field(name, "datetime"), text)
            stored[name] = day or text
    return stored


def _wrong(place: Place, row: Row, given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the expressions as they were typed, and with texts that must not be empty."""
    found = {}
    for name in form_edit.EXPRESSIONS:
        source = given.get(name, "").strip()
        fault = checking.fault("condition", source, frozenset(_names(place))) if source else None
        if fault is not None:
            found[name] = views.fault_in_words(fault.code, fault.detail)
    for name in ("label", "text"):
        needed = name in form_edit.PROPERTIES[row.type] and row.type != "group"
        if needed and not given.get(name, "").strip():
            found[name] = gettext("Bitte geben Sie an, was die Leute hier lesen.")
    return found


@blueprint.post("/<int:draft_id>/forms/<name>/fields/<place>")
@security.access(*views.DESIGNERS)
def edit(draft_id: int, name: str, place: str) -> ResponseReturnValue:
    """Saves a field; what is wrong comes back with what was typed, also when somebody else was faster."""
    there = place_of(draft_id, name)
    given, options = _sent()
    known = request.form.get("revision", 0, type=int)
    try:
        row = _row(there, place)
    except errors.UnknownDraft:
        return _page(there, {"field": gettext("Dieses Feld hat inzwischen jemand entfernt.")}), 409
    faults = _wrong(there, row, given)
    if not faults:
        try:
            _save(there, form_edit.edit(form_edit.read(there.content), place, _stored(given), options))
        except form_schema.FormInvalid as invalid:
            faults = _told(invalid)
        except errors.DraftChanged as changed:
            # Where another field stands now, what was typed must not get into that one.
            is_same = request.form.get("was") == row.was
            return _field(
                there, place, Typed(given, options, {}, there.revision if is_same else known, parts.overtaken(changed))
            ), 409
    if faults:
        return _field(there, place, Typed(given, options, faults, known)), 422
    flash(gettext("Gesichert."), "success")
    return redirect(url_for("design_forms.form", draft_id=draft_id, name=name, _anchor=f"field-{place}"), 303)
