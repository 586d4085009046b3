"""The list of steps: a process is built, changed and mended without a canvas, and drawn on it all the same."""

from __future__ import annotations

import html
import re

import pytest
from lxml import etree

from app.design import changes, files, layout, steps
from tests.app.design.test_drafts import BPMN, begun
from workflows import linter, markup

SHIPPED = sorted(BPMN.glob("*.bpmn"))


def errors(content: bytes) -> list[str]:
    return [one.code for one in linter.check({"probe.bpmn": content}) if one.severity == "error"]


def built() -> bytes:
    """A process with a decision, made by adding steps one after the other."""
    content = files.empty("Probe")
    content, gate = changes.add(content, "probe_start", kind="exclusiveGateway", name="Vollständig?")
    content, read = changes.add(content, gate, kind="manualTask", name="Antrag prüfen")
    content, wait = changes.add(content, gate, kind="manualTask", name="Unterlagen anfordern")
    content, end = changes.add(content, read, kind="endEvent", name="fertig")
    content = changes.connect(content, wait, end)
    for task in (read, wait):
        content = changes.edit(content, task, {"role": "KS", "deadline": "werktage(5)"})
    ways = steps.step(content, gate).ways
    content = changes.edit(content, "probe_start", {"name": "Los"})
    content = changes.edit_way(content, ways[0].id, name="ja", condition="1 == 1", default="")
    return changes.edit_way(content, ways[1].id, name="nein", condition="", default=ways[1].id)


def test_process_is_built_from_nothing_and_runs():
    content = built()

    assert errors(content) == []
    assert [step.name for step in steps.outline(content)] == [
        "Los",
        "Vollständig?",
        "Antrag prüfen",
        "Unterlagen anfordern",
        "fertig",
    ]


def test_every_step_and_way_is_drawn_and_no_shape_lies_on_another():
    root = etree.fromstring(built())
    drawn = {node.get("bpmnElement") for node in root.iter(f"{layout.DI}BPMNShape", f"{layout.DI}BPMNEdge")}
    model = list(root.iter(*markup.FLOW_NODES, markup.FLOW))
    assert {node.get("id") for node in model} == drawn
    boxes = [
        tuple(float(bounds.get(name)) for name in ("x", "y", "width", "height"))
        for shape in root.iter(f"{layout.DI}BPMNShape")
        for bounds in shape.iterchildren(f"{layout.DC}Bounds")
    ]
    for number, (x, y, width, height) in enumerate(boxes):
        for other in boxes[number + 1 :]:
            apart = x + width <= other[0] or other[0] + other[2] <= x
            assert apart or y + height <= other[1] or other[1] + other[3] <= y


def test_step_is_removed_and_the_gap_closes():
    content = built()
    read = next(step for step in steps.outline(content) if step.name == "Antrag prüfen")

    left = changes.remove(content, read.id)
    assert errors(left) == []
    assert read.id.encode() not in left


def test_step_is_moved_to_another_way():
    content = built()
    listed = {step.name: step for step in steps.outline(content)}
    moved = changes.move(content, listed["Antrag prüfen"].id, listed["Unterlagen anfordern"].ways[0].id)

    after = {step.name: step for step in steps.outline(moved)}
    assert errors(moved) == []
    assert after["Unterlagen anfordern"].ways[0].target == listed["Antrag prüfen"].id
    assert {way.target for way in after["Vollständig?"].ways} == {
        listed["Unterlagen anfordern"].id,
        listed["fertig"].id,
    }


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_change_of_one_property_changes_nothing_else_in_the_file(path):
    content = path.read_bytes()
    task = next((step for step in steps.outline(content) if step.personal), None)
    if task is None:
        pytest.skip("no task for people")
    changed = changes.edit(content, task.id, {"deadline": "werktage(99)"})

    back = changes.edit(changed, task.id, {"deadline": task.values["deadline"]})
    assert b"werktage(99)" in changed
    assert etree.tostring(etree.fromstring(back), method="c14n") == etree.tostring(
        etree.fromstring(content), method="c14n"
    )


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_each_shipped_process_is_listed_with_every_step_once(path):
    content = path.read_bytes()
    root = etree.fromstring(content)

    listed = [step.id for step in steps.outline(content)]
    assert sorted(listed) == sorted(node.get("id") for node in root.iter(*markup.FLOW_NODES))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_lost_its_drawing_is_laid_out_anew(path):
    root = etree.fromstring(path.read_bytes())
    for diagram in root.findall(f"{layout.DI}BPMNDiagram"):
        root.remove(diagram)
    drawn = etree.fromstring(layout.drawn(etree.tostring(root)))

    shown = {node.get("bpmnElement") for node in drawn.iter(f"{layout.DI}BPMNShape", f"{layout.DI}BPMNEdge")}
    process = drawn.find(f"{markup.BPMN}process")
    assert {node.get("id") for node in process.iterchildren(*markup.FLOW_NODES, markup.FLOW)} <= shown


def revision(page: str) -> str:
    return re.search(r'name="revision" value="(\d+)"', page)[1]


def test_step_is_edited_by_form_and_faults_come_back_with_what_was_typed(at):
    desk = at("design")
    draft = begun(desk, kind="released", file="benefit.bpmn")
    address = f"/design/{draft}/steps/benefit_prepare"
    page = desk.page(address)

    refused = desk.post(address, revision=revision(page), name="Neuer Name", deadline="P14")
    assert refused.status_code == 422
    assert "keine Zeitangabe" in refused.text
    assert 'value="P14"' in refused.text
    assert desk.post(address, revision=revision(page), name="Hilfe prüfen", deadline="werktage(7)").status_code == 303

    assert "werktage(7)" in desk.page(f"/design/{draft}/steps")
    assert "Hilfe prüfen" in desk.get(f"/design/{draft}/state").json["content"]
    stale = desk.post(address, revision=revision(page), name="Zu spät")
    assert stale.status_code == 409
    assert "Stefan Reitz" in stale.text


def test_step_says_which_data_it_uses_and_why(at):
    desk = at("design")
    draft = begun(desk, kind="released", file="benefit.bpmn")
    address = f"/design/{draft}/steps/benefit_prepare"
    page = desk.page(address)
    assert re.search(r'value="benefit_status"[^>]* checked', page)
    assert "§§ 11, 12 BSHG" in page

    said = {"data": ["benefit_account", "core", "nonsense"], "purpose": "Rechnen"}
    assert desk.post(address, revision=revision(page), name="Hilfe prüfen", **said).status_code == 303

    kept = steps.step(desk.get(f"/design/{draft}/file.bpmn").data, "benefit_prepare").values
    assert (kept["data"], kept["purpose"]) == ("core benefit_account", "Rechnen")
    listed = desk.page(f"/design/{draft}/steps")
    assert "Stammdaten, Berechnung und Konto" in listed
    assert "nicht, wozu die Daten" not in listed


def test_data_is_proposed_from_the_form_and_a_purpose_asked_for(at):
    desk = at("design")
    draft = begun(desk, kind="released", file="benefit.bpmn")
    address = f"/design/{draft}/steps/benefit_prepare"
    content = desk.get(f"/design/{draft}/state").json["content"]
    unstated = re.sub(r' d:(?:data|purpose)="[^"]*"', "", content)
    assert desk.post(f"/design/{draft}/save", revision=1, content=unstated).status_code == 200

    page = desk.page(address)
    assert "Vorgeschlagen nach dem Formular" in page
    assert re.search(r'value="benefit_status"[^>]* checked', page)
    assert "nicht, wozu die Daten" in page


@pytest.mark.parametrize("stated", [True, False])
def test_data_that_was_unticked_is_not_proposed_again(at, stated):
    desk = at("design")
    draft = begun(desk, kind="released", file="benefit.bpmn")
    address = f"/design/{draft}/steps/benefit_prepare"
    if not stated:
        content = desk.get(f"/design/{draft}/state").json["content"]
        desk.post(f"/design/{draft}/save", revision=1, content=re.sub(r' d:data="[^"]*"', "", content))
    for _time in range(2):
        given = {"revision": revision(desk.page(address)), "name": "Hilfe prüfen", "purpose": "Nur rechnen"}
        assert desk.post(address, **given).status_code == 303

    page = desk.page(address)
    assert "Vorgeschlagen nach dem Formular" not in page
    assert "Festgehalten: keine Daten der Person." in page
    assert not re.search(r'name="data"[^>]* checked', page)
    assert "keine Daten der Person" in desk.page(f"/design/{draft}/steps")

    given = {"revision": revision(page), "name": "Hilfe prüfen", "purpose": "Nur rechnen", "data_anew": "yes"}
    assert desk.post(address, **given).status_code == 303
    assert "Vorgeschlagen nach dem Formular" in desk.page(address)


def test_condition_is_checked_and_saved_at_its_way(at):
    desk = at("design")
    draft = begun(desk, kind="released", file="benefit.bpmn")
    content = desk.get(f"/design/{draft}/file.bpmn").data
    gate = next(step for step in steps.outline(content) if step.decides and step.ways[0].condition)
    way = next(way for way in gate.ways if way.condition)
    address = f"/design/{draft}/ways/{way.id}"

    refused = desk.post(address, revision=1, step=gate.id, name="x", condition="nobody_gives_this > 1")
    assert refused.status_code == 422
    assert "nobody_gives_this" in refused.text
    assert desk.post(address, revision=1, step=gate.id, name="nie", condition="1 == 2").status_code == 303
    assert "1 == 2" in desk.page(f"/design/{draft}/steps")


def test_steps_are_added_and_removed_by_form_and_refusals_say_why(at):
    desk = at("design")
    draft = begun(desk, kind="empty", title="Probe")
    first = f"/design/{draft}/steps/probe_start/change"

    assert desk.post(first, revision=1, act="add", kind="").status_code == 422
    added = desk.post(first, revision=1, act="add", kind="userTask", name="Antrag prüfen")
    assert added.location.endswith("/steps/userTask_1")
    assert "Antrag prüfen" in desk.page(f"/design/{draft}/steps")
    wrong = desk.post(f"/design/{draft}/steps/userTask_1/change", revision=2, act="connect", goal="probe_start")
    assert wrong.status_code == 422
    assert "führt kein Weg" in wrong.text
    desk.post(f"/design/{draft}/steps/userTask_1/change", revision=2, act="remove")
    assert "Antrag prüfen" not in desk.page(f"/design/{draft}/steps")


def test_leaders_read_the_list_and_find_no_form_in_it(at):
    draft = begun(at("design"), kind="released", file="benefit.bpmn")

    page = at("leitung.stadt").page(f"/design/{draft}/steps/benefit_prepare")
    assert "Wege von hier" in page
    assert 'name="revision"' not in page


def test_who_comes_second_keeps_the_words_and_sees_what_the_other_changed(at):
    page = f"/design/{begun(at('design'), kind='empty', title='Probe')}"
    assert at("design").post(f"{page}/steps/probe_start", revision=1, name="Los").status_code == 303
    late = at("design").post(f"{page}/steps/probe_start", revision=1, name="Anfang bei uns")
    assert late.status_code == 409
    assert "Anfang bei uns" in late.text
    theirs = html.unescape(re.search(r'href="([^"]*compare[^"]*)"', late.text)[1])
    assert "„Beginn“ heißt jetzt „Los“" in at("design").page(theirs)
