"""A form as caseworkers see it, in both languages, shown and checked by the same code; nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, jsonify, render_template, request
from flask_babel import force_locale
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from app import security
from app.casework import sheets
from app.design import form_views, views
from app.office import dates
from workflows import forms

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.casework.trial_files import Trial
    from workflows.forms import Form, Submission

blueprint = Blueprint("form_preview", __name__, url_prefix="/design/<int:draft_id>/forms/<name>/preview")


@blueprint.route("/<language>", methods=["GET", "POST"])
@security.access(*views.READERS)
@security.takes_files
def show(draft_id: int, name: str, language: str) -> ResponseReturnValue:
    """The form to be filled in; what is handed in is checked as in a task."""
    if language not in form_views.LANGUAGES:
        raise NotFound
    place = form_views.place_of(draft_id, name)
    form = forms.compile_form(place.content)
    trial = form_views.tried(form)
    typed, outcome, wrong = _tried(form, trial, language) if request.method == "POST" else ({}, "", {})
    with force_locale(language):
        sheet = sheets.sheet(form, typed=typed, values={}, options={}, locale=language, errors=wrong, files=trial.files)
        drawn = render_template(
            "design/_preview.html", sheet=sheet, draft=place.draft, place=place, language=language, outcome=outcome
        )
    shown = Markup(drawn)  # noqa: S704  a template of ours has escaped what is in it
    page = render_template(
        "design/preview.html", place=place, draft=place.draft, title=form_views.title_of(form), shown=shown,
        language=language, languages=form_views.LANGUAGES, outcome=outcome,
    )  # fmt: skip
    return page, 422 if wrong else 200


@blueprint.post("/shown")
@security.access(*views.READERS)
def visible(draft_id: int, name: str) -> ResponseReturnValue:
    """Which parts of the form show for what is typed at the moment."""
    place = form_views.place_of(draft_id, name)
    form = forms.compile_form(place.content)
    return jsonify(visible=sorted(_read(form, form_views.tried(form)).visible))


def _read(form: Form, trial: Trial) -> Submission:
    found = forms.submit(form, trial.data, values={}, options={}, today=dates.day_of(security.now()))
    found.errors.update({path: error for path, error in trial.wrong.items() if path in found.visible})
    return found


def _tried(form: Form, trial: Trial, language: str) -> tuple[dict[str, Any], str, dict[str, str]]:
    """What was typed, what a task would say to it ("taken", "more" for new questions), and what is wrong."""
    typed = sheets.typed_again(form, request.form)
    if "_add" in request.form:
        return sheets.with_row(form, typed, request.form["_add"]), "", {}
    if "_remove" in request.form:
        return sheets.without_row(form, typed, request.form["_remove"]), "", {}
    taken = _read(form, trial)
    if "_drop" in request.form or "_attach" in request.form:
        return typed, "", sheets.messages(forms.Submission(errors=trial.wrong), language)
    more = sheets.came_up(taken, form, request.form.get("_shown"))
    if taken.errors and not more:
        return typed, "", sheets.messages(taken, language)
    return typed, "more" if more else "taken", {}
