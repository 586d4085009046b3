"""Files and signatures in the form designer: added, described, tried out; nothing of what is tried is kept."""

from __future__ import annotations

import io
from datetime import date

import pytest
from sqlalchemy import select

from app.casework import models
from tests.app.design.test_bundles import take
from tests.app.design.test_forms_designer import add, document, made, revision  # noqa: F401
from tests.app.design.test_play import PLAN, begun
from tests.bpmn import answers

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
SIGNED = {
    "unterschrieben_von": "Pia Sommerfeld",
    "unterschrieben_als": "client",
    "unterschrieben_am": "05.01.2004",
    "wie_unterschrieben": "drawn",
}


@pytest.fixture
def form(made, at):  # noqa: F811
    """The address of a form with a file and a signature."""
    for kind, label in (("filepicker", "Nachweis"), ("signature", "Unterschrift")):
        assert add(at("design"), made, kind, label).status_code == 303
    return made


def drawing(content=PNG, name="Unterschrift.png"):
    return {"gezeichnete_unterschrift.file": (io.BytesIO(content), name)}


def test_a_signature_says_who_as_whom_when_where_and_how(form, at):
    file, group = document(at, form)["components"]
    assert file["type"] == "filepicker"
    keys = {one["key"] for one in group["components"]}
    assert keys == {*SIGNED, "unterschrieben_in", "scan_der_unterschrift", "gezeichnete_unterschrift"}
    page = at("design").page(f"{form}/preview/de")
    assert "keine qualifizierte elektronische Signatur" in page
    assert "no qualified electronic signature" in at("design").page(f"{form}/preview/en")


def test_what_a_file_may_be_is_said_in_the_designer(form, at):
    desk, field = at("design"), f"{form}/fields/0"
    given = {
        "revision": revision(desk.page(field)),
        "label": "Nachweis",
        "target": "case",
    }

    answer = desk.post(field, **given, key="nachweis", accept=".exe")
    assert answer.status_code == 422
    assert "„.exe“ ist keine Art von Datei" in answer.text
    assert desk.post(field, **given, key="nachweis", accept=".pdf, .png", drawn="yes").status_code == 303
    saved = document(at, form)["components"][0]
    assert (saved["accept"], saved["properties"]["drawn"]) == (".pdf, .png", "yes")


def test_a_file_goes_into_the_case_and_nowhere_else(form, at):
    desk, field = at("design"), f"{form}/fields/0"
    given = {
        "revision": revision(desk.page(field)),
        "label": "Nachweis",
        "key": "nachweis",
    }

    answer = desk.post(field, **given, target="process")

    assert answer.status_code == 422
    assert "Dateien gehören in die Akte" in answer.text


def test_the_preview_checks_files_and_keeps_none(form, at, office_sessions):
    desk, preview = at("design"), f"{form}/preview/de"

    missing = desk.post(preview, **SIGNED)
    assert missing.status_code == 422
    assert "Bitte hängen Sie eine Datei an." in missing.text
    wrong = desk.post(preview, **SIGNED, **drawing(b"%PDF-1.4", "x.pdf"))
    assert "keine der erlaubten Arten: PNG" in wrong.text
    attached = desk.post(preview, **SIGNED, _attach="1", **drawing())
    assert 'name="gezeichnete_unterschrift.tried" value="48/Unterschrift.png"' in attached.text
    tried = {"gezeichnete_unterschrift.tried": "48/Unterschrift.png"}
    taken = desk.post(preview, **SIGNED, **tried)
    assert taken.status_code == 200
    assert "So würde das Formular angenommen" in taken.text
    assert (
        desk.post(preview, **SIGNED, **tried, _drop="gezeichnete_unterschrift").text.count("48/Unterschrift.png") == 0
    )
    with office_sessions() as session:
        assert session.scalars(select(models.Attachment)).all() == []


def test_a_signature_is_not_of_tomorrow(form, at):
    answer = at("design").post(f"{form}/preview/de", **(SIGNED | {"unterschrieben_am": "05.01.2034"}), **drawing())

    assert answer.status_code == 422
    assert "Das Datum darf nicht in der Zukunft liegen." in answer.text


def test_a_signature_can_be_given_in_a_play(at, office_sessions):
    draft = begun(at, "plan.bpmn", data=PLAN)
    take(office_sessions, draft, "forms/plan_draft.json")
    add(at("design"), f"/design/{draft}/forms/plan_draft", "signature", "Unterschrift")
    desk, path = at("design"), f"/design/{draft}/play"
    desk.post(path, act="begin", data=PLAN)
    usual = answers.for_form("plan_draft", date(2004, 1, 5))
    step = {"act": "complete", "element": "plan_draft"} | usual | SIGNED

    assert "Bitte hängen Sie eine Datei an." in desk.post(path, **step).text
    assert "48/Unterschrift.png" in desk.post(path, **step, _attach="1", **drawing()).text
    assert desk.post(path, **step, **{"gezeichnete_unterschrift.tried": "48/Unterschrift.png"}).status_code == 303
