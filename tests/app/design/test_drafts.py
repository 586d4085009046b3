"""Drafts on the server: how they begin, that no state is lost or overwritten, who may look, what checks say."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from app.design import changes
from workflows import comparison

BPMN = Path(__file__).resolve().parents[3] / "bpmn"
FOREIGN = b"""<?xml version='1.0' encoding="ISO-8859-1"?>
<!-- drawn elsewhere -->
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:x="urn:other-tool"
  targetNamespace="urn:t" x:version="7">
  <process id="fremd" name="Pr\xfcfung" isExecutable="true">
    <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
    <userTask id="a" name="Antrag lesen">
      <extensionElements><x:colour of="all">red</x:colour></extensionElements>
    </userTask>
    <sequenceFlow id="f2" sourceRef="a" targetRef="e"/><endEvent id="e"/>
  </process>
</definitions>
"""


def begun(desk, **data) -> int:
    answer = desk.post("/design", **data)
    assert answer.status_code == 303, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def test_draft_of_a_released_process_is_the_released_file_byte_for_byte(at):
    draft = begun(at("design"), kind="released", file="benefit.bpmn")

    assert at("design").get(f"/design/{draft}/file.bpmn").data == (BPMN / "benefit.bpmn").read_bytes()
    assert "Fassung 1" in at("design").page(f"/design/{draft}")


def test_imported_file_is_kept_byte_for_byte_and_what_was_not_drawn_is_laid_out_in_a_state_of_its_own(at):
    draft = begun(at("design"), kind="imported", upload=(io.BytesIO(FOREIGN), "fremd.bpmn"))

    assert at("design").get(f"/design/{draft}/file.bpmn?revision=1").data == FOREIGN
    content = at("design").get(f"/design/{draft}/state").json["content"]
    assert 'bpmnElement="a"' in content
    assert '<x:colour of="all">red</x:colour>' in content
    assert "Prüfung" in content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<definitions", "kein lesbares XML"),
        (b"<html/>", "kein BPMN-2.0-Diagramm"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "kein Prozess"),
        (b"", "Bitte w"),
    ],
)
def test_file_that_is_no_diagram_is_refused_with_a_reason(at, content, words):
    answer = at("design").post("/design", kind="imported", upload=(io.BytesIO(content), "x.bpmn"))

    assert answer.status_code == 422
    assert words in answer.text


def test_empty_draft_has_a_beginning_and_the_name_that_was_typed(at):
    draft = begun(at("design"), kind="empty", title='Wohngeld & "mehr"')

    content = at("design").get(f"/design/{draft}/state").json["content"]
    assert 'id="wohngeld_mehr"' in content
    assert "wohngeld_mehr_start" in content
    assert at("design").post("/design", kind="empty", title=" ").status_code == 422


def saved(desk, draft, known, content):
    return desk.post(f"/design/{draft}/save", revision=known, content=content)


def test_every_saved_state_stays_and_can_be_the_newest_again(at):
    desk = at("design")
    draft = begun(desk, kind="empty", title="Probe")
    first = desk.get(f"/design/{draft}/state").json["content"]

    assert saved(desk, draft, 1, first.replace("Beginn", "Los")).json["revision"] == 2
    assert saved(desk, draft, 2, first.replace("Beginn", "Los")).json["revision"] == 2
    assert desk.post(f"/design/{draft}/restore", number=1, revision=2).status_code == 303

    assert desk.get(f"/design/{draft}/state").json["content"] == first
    history = desk.page(f"/design/{draft}/history")
    assert "wiederhergestellt (Stand 1)" in history
    assert "Los" in desk.get(f"/design/{draft}/file.bpmn?revision=2").text


def test_who_is_slower_overwrites_nothing_and_keeps_the_own_state_as_a_draft(at):
    desk = at("design")
    draft = begun(desk, kind="empty", title="Probe")
    first = desk.get(f"/design/{draft}/state").json["content"]
    saved(desk, draft, 1, first.replace("Beginn", "Schnell"))

    refused = saved(desk, draft, 1, first.replace("Beginn", "Langsam"))
    assert refused.status_code == 409
    assert refused.json["name"] == "Stefan Reitz"
    assert refused.json["revision"] == 2
    assert "Schnell" in desk.get(f"/design/{draft}/state").json["content"]

    copy = desk.post(f"/design/{draft}/copy", revision=1, content=first.replace("Beginn", "Langsam")).json["url"]
    assert "Langsam" in desk.get(f"{copy}/state").json["content"]
    assert f"Entwurf {draft}, Stand 1" in desk.page(f"{copy}/history")


def test_what_cannot_be_read_is_not_saved(at):
    draft = begun(at("design"), kind="empty", title="Probe")

    answer = saved(at("design"), draft, 1, "<broken")
    assert answer.status_code == 422
    assert "XML" in answer.json["message"]


def test_draft_that_was_put_aside_is_kept_but_no_longer_changed(at):
    desk = at("design")
    draft = begun(desk, kind="empty", title="Beiseite")
    desk.post(f"/design/{draft}/rename", title="Ganz beiseite")
    assert "Ganz beiseite" in desk.page("/design")
    desk.post(f"/design/{draft}/discard")

    assert "Ganz beiseite" not in desk.page("/design")
    assert saved(desk, draft, 1, "<x/>").status_code == 422
    content = desk.get(f"/design/{draft}/state").json["content"]
    assert saved(desk, draft, 1, content.replace("Beginn", "Los")).status_code == 409


def test_leaders_look_and_do_not_draw(at):
    draft = begun(at("design"), kind="empty", title="Probe")

    page = at("leitung.aa").page(f"/design/{draft}")
    assert 'data-draws="no"' in page
    assert "nur zum Lesen" in page
    assert at("leitung.stadt").post(f"/design/{draft}/save", revision=1, content="<x/>").status_code == 403
    assert at("ks").get("/design").status_code == 403


def test_draft_is_checked_as_it_is_drawn_with_a_way_out_in_both_languages(at):
    desk = at("design")
    draft = begun(desk, kind="released", file="benefit.bpmn")
    content = desk.get(f"/design/{draft}/state").json["content"]
    broken = content.replace('d:form="benefit_release"', 'd:form="nowhere"').replace("d:role=", "d:roll=", 1)

    sound = desk.post(f"/design/{draft}/check", content=content).json
    assert sound["problems"] == []
    assert "notify_payer" in sound["names"]
    german = desk.post(f"/design/{draft}/check", content=broken).json["problems"]
    assert any("d:roll" in problem["message"] and problem["remedy"] for problem in german)
    desk.post("/language", locale="en", next="/")
    english = desk.post(f"/design/{draft}/check", content=broken).json["problems"]
    assert [problem["element"] for problem in english] == [problem["element"] for problem in german]
    assert english != german


@pytest.mark.parametrize(
    ("kind", "source", "names", "said"),
    [
        ("condition", "age < 25 and hlu", "age hlu", ""),
        ("condition", "age <", "age", "nicht lesbar"),
        ("condition", "agee < 25", "age", "agee"),
        ("condition", "a.b", "", "Punkte"),
        ("timer", "werktage(5)", "", ""),
        ("timer", "P14", "", "keine Zeitangabe"),
        ("script", "x = 1\ny = x + 1", "", ""),
    ],
)
def test_conditions_and_times_are_checked_as_they_are_typed(at, kind, source, *, names, said):
    message = at("design").post("/design/check", kind=kind, source=source, names=names).json["message"]

    assert message == "" if not said else said in message


def test_designers_are_offered_what_the_office_has(at):
    draft = begun(at("design"), kind="released", file="benefit.bpmn")

    office = at("design").get(f"/design/{draft}/office").json
    assert {"id": "KS", "name": "Kundensteuerung", "staffed": True} in office["roles"]
    handler = next(one for one in office["handlers"] if one["id"] == "benefit.begin")
    assert "payer" in handler["outputs"] or handler["outputs"]
    assert any(form["id"] == "benefit_release" and form["name"] != "benefit_release" for form in office["forms"])
    assert "benefit" not in {process["id"] for process in office["processes"]}


def test_one_edited_name_leaves_everything_else_of_a_foreign_file_as_it_was():
    edited = changes.edit(FOREIGN, "a", {"name": "Antrag prüfen"})

    found = comparison.compare({"x.bpmn": FOREIGN}, {"x.bpmn": edited})
    assert [(change.kind.value, change.element) for change in found] == [("renamed", "a")]
    assert b"<!-- drawn elsewhere -->" in edited
    assert b'<x:colour of="all">red</x:colour>' in edited
