"""Every shipped form as a page: in both languages, with errors, with rows; and what a form keeps of what was sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from werkzeug.datastructures import MultiDict

from app.casework import sheets
from workflows import forms

FORMS = sorted(Path("bpmn/forms").glob("*.json"))
YES_NO = [{"value": "yes", "label": "ja"}, {"value": "no", "label": "nein"}]
ROW = {
    "id": "people",
    "type": "default",
    "schemaVersion": 18,
    "drehscheibe": {"title": "Liste", "writer": "some.writer"},
    "components": [
        {"type": "radio", "key": "wanted", "label": "Ziele?", "values": YES_NO, "properties": {"target": "process"}},
        {
            "type": "dynamiclist",
            "path": "goals",
            "label": "Ziele",
            "properties": {"target": "case", "category": "plan"},
            "conditional": {"hide": '=wanted != "yes"'},
            "components": [{"type": "textfield", "key": "what", "label": "Was"}],
        },
    ],
}


def form(path: Path) -> forms.Form:
    return forms.compile_form(path.read_bytes())


@pytest.fixture
def rendered(app):
    """Renders a sheet as the page of a task does."""
    template = app.jinja_env.from_string(
        "{% set rows_url = '/rows' %}{% from 'inbox/_fields.html' import parts with context %}"
        "{{ parts(sheet, sheet.form.fields) }}"
    )

    def render(sheet: sheets.Sheet) -> str:
        with app.test_request_context():
            return template.render(sheet=sheet)

    return render


@pytest.fixture
def people() -> forms.Form:
    return forms.compile_form(json.dumps(ROW).encode())


def sheet(made: forms.Form, typed=None, errors=None, locale="de") -> sheets.Sheet:
    return sheets.sheet(made, typed=typed or {}, values={}, options={}, locale=locale, errors=errors)


@pytest.mark.parametrize("locale", ["de", "en"])
def test_every_shipped_form_is_a_page_and_names_each_field_once(rendered, locale):
    for path in FORMS:
        made = form(path)
        page = rendered(sheet(made, locale=locale))
        for field in made.inputs():
            if field.type != "dynamiclist" and not field.readonly:
                name = f"{field.key}.file" if field.type == "filepicker" else field.key
                assert f'name="{name}"' in page, (path.name, field.key)


def test_every_shipped_form_shows_errors_at_its_fields(rendered):
    for path in FORMS:
        made = form(path)
        submission = forms.submit(made, {}, values={}, options={}, today=None)
        page = rendered(sheet(made, errors=sheets.messages(submission, "de")))
        assert page.count('class="kern-error"') == len(submission.errors), path.name


def test_a_row_is_added_after_the_last_and_taken_away_with_what_stands_in_it(people):
    typed = sheets.typed_again(
        people, MultiDict({"wanted": "yes", "goals-0-what": "Schule", "goals-1-what": "Praktikum"})
    )

    more = sheets.with_row(people, typed, "goals")
    less = sheets.without_row(people, more, "goals-0")

    assert sheet(people, more).rows["goals"] == (0, 1, 2)
    assert sheet(people, less).rows["goals"] == (1, 2)
    assert less["goals-1-what"] == "Praktikum"
    assert sheets.with_row(people, typed, "unknown") == typed
    assert sheets.without_row(people, typed, "goals-x") == typed


def test_what_the_form_does_not_have_is_not_kept(people):
    assert "role" not in sheets.typed_again(people, MultiDict({"role": "ADM", "wanted": "yes"}))


def test_an_answer_that_brings_up_questions_is_noticed(people):
    data = {"wanted": ["yes"], "goals-0-what": [""]}
    submission = forms.submit(people, data, values={}, options={}, today=None)

    assert sheets.came_up(submission, people, "wanted")
    assert not sheets.came_up(submission, people, "wanted goals goals-0-what")
    assert not sheets.came_up(submission, people, None)


def test_the_summary_tells_the_same_field_of_two_rows_apart(app, people):
    typed = {"wanted": "yes", "goals-0-what": "Schule", "goals-2-what": "", "goals-5-what": ""}
    found = sheet(people, typed, errors={"goals-2-what": "Fehlt.", "goals-5-what": "Fehlt."})
    with app.test_request_context():
        told = [name for _path, name, _error in found.summary()]

    assert told == ["Ziele, Zeile 2: Was", "Ziele, Zeile 3: Was"]
