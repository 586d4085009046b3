"""The form designer: fields are added, moved, described and tried out without script, and nothing typed is lost."""

from __future__ import annotations

import json
import re

import pytest

from app.design import errors, form_edit, form_kinds, queries
from tests.app.design.test_bundles import FORM, take
from tests.app.design.test_drafts import BPMN, begun
from workflows import form_schema, forms

FORMS = sorted((BPMN / "forms").glob("*.json"))


def revision(page: str) -> str:
    return re.search(r'name="revision" value="(\d+)"', page)[1]


@pytest.fixture
def made(at):
    """A new form in a draft, attached to a step; the address of its page."""
    desk = at("design")
    draft = begun(desk, kind="empty", title="Probe")
    desk.post(f"/design/{draft}/steps/probe_start/change", revision=1, act="add", kind="userTask", name="Antrag prüfen")
    answer = desk.post(f"/design/{draft}/forms", revision=2, title="Antrag prüfen", step="userTask_1")
    assert answer.status_code == 303, answer.text
    return answer.location


def add(desk, address: str, kind: str, label: str):
    page = desk.page(address)
    return desk.post(f"{address}/change", revision=revision(page), act="add", kind=kind, label=label)


def document(at, address: str) -> dict:
    """The form as it is saved."""
    part = re.search(r"/design/(\d+)/history", at("design").page(address))[1]
    return json.loads(at("design").get(f"/design/{part}/file.bpmn").data)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_shipped_forms_come_back_byte_for_byte(path):
    content = path.read_bytes()
    saved = form_edit.read(content)
    assert form_edit.written(saved) == content
    for row in form_edit.rows(saved):
        assert form_edit.edit(saved, row.place, row.values, row.options) == saved, row


@pytest.mark.parametrize("kind", form_kinds.KINDS)
def test_every_kind_of_field_can_be_used_as_it_begins(kind):
    empty = form_edit.read(form_edit.empty("probe", "Probe", ""))
    first, _ = form_edit.add(empty, form_kinds.made(kind, "Etwas", taken=frozenset()), into="", after="")
    twice, place = form_edit.add(first, form_kinds.made(kind, "Etwas", taken=form_edit.keys(first)), into="", after="0")

    compiled = form_schema.compile_form(form_edit.written(twice))

    assert place == "1"
    assert len(compiled.fields) == 2


@pytest.mark.parametrize(
    ("label", "key"),
    [("Straße", "strasse"), ("Class", "class_2"), ("", "feld"), ("Id", "id_2"), ("min", "min_2")],
)
def test_names_of_fields_can_be_used_in_conditions(label, key):
    made = form_kinds.key(label, ())
    assert form_schema.compile_form(
        json.dumps({"type": "default", "id": "x", "components": [form_kinds.made("number", label, taken=frozenset())]})
    )
    assert made == key


@pytest.mark.parametrize(("typed", "taken"), [("05.2004", True), ("12.05.2004", True), ("2004", False), ("Mai", False)])
def test_date_without_day_is_taken(typed, taken):
    empty = form_edit.read(form_edit.empty("probe", "Probe", ""))
    form, _ = form_edit.add(empty, form_kinds.made("month", "Seit", taken=frozenset()), into="", after="")
    compiled = forms.compile_form(form_edit.written(form))
    answer = forms.submit(compiled, {"seit": [typed]}, values={}, options={}, today=None)
    assert (not answer.errors) is taken


def test_fields_move_among_neighbours_and_into_sections():
    empty = form_edit.read(form_edit.empty("probe", "Probe", ""))
    form, _ = form_edit.add(empty, form_kinds.made("group", "Abschnitt", taken=frozenset()), into="", after="")
    form, _ = form_edit.add(form, form_kinds.made("text", "Eins", taken=frozenset()), into="0", after="")
    form, two = form_edit.add(form, form_kinds.made("text", "Zwei", taken=frozenset()), into="", after="")
    assert two == "1"

    form, place = form_edit.move(form, "1", "0")
    assert place == "0-1"
    form, place = form_edit.shift(form, "0-1", -1)
    assert [row.label for row in form_edit.rows(form)] == ["Abschnitt", "Zwei", "Eins"]
    form, place = form_edit.move(form, "0-0", "")
    assert (place, form_edit.find(form, "1")["text"]) == ("1", "Zwei")
    for around in ("0", "0-0"):
        with pytest.raises(errors.StepRefused):
            form_edit.move(form, "0", around)
    for nowhere in ("7", "0-7", "x", "1-0", "-1", ""):
        with pytest.raises(errors.StepRefused):
            form_edit.find(form, nowhere)


def test_form_is_made_described_and_attached(at, made):
    desk = at("design")
    draft = made.split("/")[2]
    assert "Formular bearbeiten" in desk.page(f"/design/{draft}/steps/userTask_1")

    place = add(desk, made, "yes_no", "Liegt alles vor?").location
    add(desk, made, "money", "Betrag")
    page = desk.page(place)
    answer = desk.post(
        place, revision=revision(desk.page(made)), label="Ist alles da?", labelEn="Is all there?", key="complete_now",
        target="process", required="yes", hide="betrag > 100",
        option_value=["yes", "no", ""], option_label=["Ja", "Nein", "Weiß nicht"], option_labelEn=["Yes", "No", ""],
    )  # fmt: skip
    assert answer.status_code == 303, answer.text
    assert "keine Angabe" in page

    first, second = document(at, made)["components"]
    assert first["conditional"] == {"hide": "=betrag > 100"}
    assert first["validate"] == {"required": True}
    assert [one["value"] for one in first["values"]] == ["yes", "no", "weiss_nicht"]
    assert second["appearance"] == {"suffixAdorner": "€"}
    english = desk.page(f"{made}/preview/en")
    assert "Is all there?" in english
    assert "Betrag (€)" in desk.page(f"{made}/preview/de")
    checked = desk.post(f"/design/{draft}/check", content=desk.get(f"/design/{draft}/state").json["content"]).json
    assert "form_missing" not in {one["code"] for one in checked["problems"]}
    assert "complete_now" in checked["names"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"key": "Groß"}, "Der Feldname „Groß“ ist nicht möglich"),
        ({"key": "betrag"}, "gibt es in diesem Formular zweimal"),
        ({"hide": "betrag >"}, "nicht lesbar"),
        ({"hide": "nobody_knows == 1"}, "nobody_knows"),
        ({"min": "viel"}, "„min“"),
        ({"target": ""}, "wohin sein Inhalt gehört"),
        ({"label": " "}, "was die Leute hier lesen"),
    ],
)
def test_what_is_wrong_comes_back_with_what_was_typed(at, made, given, told):
    desk = at("design")
    add(desk, made, "number", "Betrag")
    place = add(desk, made, "number", "Anzahl").location
    fields = {"label": "Wie viele?", "key": "anzahl", "target": "process", "description": "Bitte zählen"} | given

    answer = desk.post(place, revision=revision(desk.page(made)), **fields)

    assert answer.status_code == 422
    assert told in answer.text
    assert "Bitte zählen" in answer.text
    assert len(document(at, made)["components"]) == 2
    assert "description" not in document(at, made)["components"][1]


def test_two_designers_do_not_overwrite_each_other(at, made):
    desk = at("design")
    place = add(desk, made, "textarea", "Bemerkung").location
    known = revision(desk.page(made))
    fields = {"key": "bemerkung", "target": "case", "was": "textarea/bemerkung"}
    assert desk.post(place, revision=known, label="Bemerkung der einen", **fields).status_code == 303

    late = desk.post(place, revision=known, label="Bemerkung der anderen", **fields)

    assert late.status_code == 409
    assert "Bemerkung der anderen" in late.text
    assert document(at, made)["components"][0]["label"] == "Bemerkung der einen"
    again = desk.post(place, revision=revision(late.text), label="Bemerkung der anderen", **fields)
    assert again.status_code == 303
    removed = desk.post(f"{made}/change", revision=revision(desk.page(made)), act="remove", field="0")
    assert removed.status_code == 303
    assert desk.post(place, revision=known, label="Zu spät", **fields).status_code == 409


def test_form_in_force_comes_into_the_draft_with_its_first_change(at, office_sessions):
    desk = at("design")
    draft = begun(desk, kind="released", file="benefit.bpmn")
    address = f"/design/{draft}/forms/{FORM.partition('/')[2].removesuffix('.json')}"
    assert "geltende Fassung" in desk.page(address)

    first = desk.post(f"{address}/change", revision=0, act="down", field="0")

    assert first.status_code == 303, first.text
    with office_sessions() as session:
        (part,) = queries.parts(session, draft)
        assert (part.file, part.revision) == (FORM, 2)
    assert "Stand 2" in desk.page(f"/design/{draft}/forms")
    history = desk.page(f"/design/{part.id}/history")
    assert "Wiederherstellen" in history
    restored = desk.post(f"/design/{part.id}/restore", number=1, revision=2)
    assert desk.get(restored.location).location == address


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "iframe", "label": "x"},
        {"kind": "number", "label": ""},
        {"kind": "number", "label": "x", "where": "into:9"},
    ],
)
def test_field_that_cannot_be_added_is_told(at, made, given):
    page = at("design").page(made)
    answer = at("design").post(f"{made}/change", revision=revision(page), act="add", **given)
    assert answer.status_code == 422
    assert "Nicht gesichert" in answer.text


def test_preview_checks_like_a_task_and_keeps_what_was_typed(at, made):
    desk = at("design")
    add(desk, made, "number", "Anzahl")
    add(desk, made, "dynamiclist", "Ziele")

    wrong = desk.post(f"{made}/preview/de", anzahl="viele")
    assert wrong.status_code == 422
    assert 'value="viele"' in wrong.text
    assert "So würde das Formular angenommen" in desk.post(f"{made}/preview/de", anzahl="3").text
    place = add(desk, made, "textfield", "Wovon?").location
    desk.post(place, revision=revision(desk.page(made)), label="Wovon?", key="wovon", target="case", hide="anzahl != 3")
    more = desk.post(f"{made}/preview/de", anzahl="3", _shown="anzahl ziele")
    assert "Dazu gehören noch weitere Angaben" in more.text
    assert "wovon" in desk.post(f"{made}/preview/shown", anzahl="3").json["visible"]
    assert "wovon" not in desk.post(f"{made}/preview/shown", anzahl="4").json["visible"]
    longer = desk.post(f"{made}/preview/de", anzahl="3", _add="ziele", **{"ziele-0-entry": "Arbeit"})
    assert "Zeile 2" in longer.text
    assert (
        "Zeile 2"
        not in desk.post(f"{made}/preview/de", _remove="ziele-1", **{"ziele-0-entry": "a", "ziele-1-entry": "b"}).text
    )
    assert desk.get(f"{made}/preview/fr").status_code == 404


def test_all_shipped_forms_can_be_seen_and_each_field_opened(at, office_sessions):
    desk = at("design")
    draft = begun(desk, kind="released", file="benefit.bpmn")
    for path in FORMS:
        take(office_sessions, draft, f"forms/{path.stem}.json")
        for address in ("", "/preview/de", "/preview/en", "/fields/0"):
            desk.page(f"/design/{draft}/forms/{path.stem}{address}")


def test_leaders_read_and_nobody_else_does(at, made):
    leader = at("leitung.aa")
    assert "Hinzufügen" not in leader.page(made)
    assert leader.post(f"{made}/change", act="remove", field="0").status_code == 403
    assert at("ks").get(made).status_code == 403
    assert leader.get(made + "x").status_code == 404


def test_form_without_title_is_not_begun(at):
    draft = begun(at("design"), kind="empty", title="Probe")
    assert "Bitte geben Sie dem Formular einen Titel" in at("design").post(f"/design/{draft}/forms", title=" ").text


def test_computed_text_is_made_of_what_was_typed(at, made):
    desk = at("design")
    add(desk, made, "money", "Betrag")
    place = add(desk, made, "computed", "Im Jahr").location
    fields = {"label": "Im Jahr", "key": "im_jahr", "target": "none", "readonly": "yes"}
    wrong = desk.post(place, revision=revision(desk.page(made)), compute="betrag * nobody", **fields)
    assert (wrong.status_code, "nobody" in wrong.text) == (422, True)
    kept = desk.post(place, revision=revision(desk.page(made)), compute="betrag * 12", **fields | {"target": "case"})
    assert "Die Berechnung an" in kept.text
    saved = desk.post(place, revision=revision(desk.page(made)), compute='str(betrag * 12) + " im Jahr"', **fields)
    assert saved.status_code == 303, saved.text

    assert "1200 im Jahr" in desk.post(f"{made}/preview/de", betrag="100").text
    assert "keine Angabe" in desk.page(f"{made}/preview/de")


def test_what_was_typed_stays_when_somebody_was_faster(at, made):
    desk = at("design")
    known = revision(desk.page(made))
    add(desk, made, "number", "Schneller")

    late = desk.post(f"{made}/change", revision=known, act="add", kind="number", label="Zu langsam")
    assert (late.status_code, "Zu langsam" in late.text) == (409, True)
    late = desk.post(made, revision=known, title="Anderer Titel")
    assert (late.status_code, "Anderer Titel" in late.text) == (409, True)
    forms_page = made.rpartition("/")[0]
    late = desk.post(forms_page, revision=1, step="userTask_1", title="Noch eines")
    assert late.status_code in {409, 422}
    assert "Noch eines" in late.text
    assert "Noch eines" not in desk.page(forms_page)
