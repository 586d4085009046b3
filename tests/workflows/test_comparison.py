"""Comparing two versions: nothing escapes, each single edit is found, and it is told in words."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows import comparison

BPMN = Path(__file__).resolve().parents[2] / "bpmn"
FILES = {path.relative_to(BPMN).as_posix(): path.read_bytes() for path in sorted(BPMN.rglob("*.*")) if path.is_file()}
DIAGRAM = FILES["benefit.bpmn"]


def compared(old: bytes, new: bytes, file: str = "x.bpmn"):
    return comparison.compare({file: old}, {file: new})


def test_same_files_do_not_differ():
    assert comparison.compare(FILES, FILES) == ()


def test_files_that_come_and_go_are_told():
    found = comparison.compare({"a.bpmn": b"<a/>"}, {"b.bpmn": b"<a/>"})

    assert [change.sentence("de") for change in found] == ["Datei „a.bpmn“ entfällt.", "Datei „b.bpmn“ kommt hinzu."]


ATTRIBUTES = [
    match.span(2)
    for match in re.finditer(rb'\s([\w:]+)="([^"]*)"', DIAGRAM)
    if match[1] not in {b"id", b"bpmnElement", b"sourceRef", b"targetRef"} and not match[1].startswith(b"xmlns")
    and match.start() > DIAGRAM.index(b"<bpmn:process")
]  # fmt: skip


@given(st.sampled_from(ATTRIBUTES))
@settings(max_examples=60, deadline=None)
def test_each_changed_attribute_is_exactly_one_change(span):
    edited = DIAGRAM[: span[0]] + b"9" + DIAGRAM[span[0] :]

    assert len(compared(DIAGRAM, edited)) == 1


@given(st.integers(0, len(DIAGRAM) - 1))
@settings(max_examples=60, deadline=None)
def test_no_differing_byte_escapes(place):
    edited = DIAGRAM[:place] + DIAGRAM[place + 1 :]

    assert compared(DIAGRAM, edited)


SMALL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:d="https://drehscheibe.example/bpmn/1"
 xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:o="urn:o">
<process id="p" name="Probe"><laneSet id="ls"><lane id="l" name="Empfang"><flowNodeRef>a</flowNodeRef></lane>
<lane id="m" name="Amt"/></laneSet>
<startEvent id="s"/><userTask id="a" name="Antrag lesen" d:role="KS"><documentation>Ruhig.</documentation>
<extensionElements><o:colour of="red"/></extensionElements></userTask>
<exclusiveGateway id="g" default="f2"/><endEvent id="e"/><endEvent id="z"/>
<sequenceFlow id="f0" sourceRef="s" targetRef="a"/><sequenceFlow id="f1" sourceRef="a" targetRef="g"/>
<sequenceFlow id="f2" sourceRef="g" targetRef="e"/>
<sequenceFlow id="f3" sourceRef="g" targetRef="z">
<conditionExpression>alter &gt; 25</conditionExpression></sequenceFlow>
<sequenceFlow id="f4" sourceRef="g" targetRef="z">
<conditionExpression>alter &gt; 30</conditionExpression></sequenceFlow>
</process><di:BPMNDiagram id="b"><di:BPMNPlane id="bp" bpmnElement="p">
<di:BPMNShape id="bs" bpmnElement="a"><dc:Bounds x="1" y="2" width="3" height="4"/></di:BPMNShape>
</di:BPMNPlane></di:BPMNDiagram></definitions>"""
SWAPPED = re.sub(
    r"(?s)(<sequenceFlow id=\"f3\".*?</sequenceFlow>)\n(<sequenceFlow id=\"f4\".*?</sequenceFlow>)", r"\2\n\1", SMALL
)
EDITS = [
    ('name="Antrag lesen"', 'name="Antrag prüfen"', "renamed", "Aufgabe „Antrag lesen“ heißt jetzt „Antrag prüfen“."),
    ('d:role="KS"', 'd:role="VM"', "changed", "Aufgabe „Antrag lesen“: Rolle ist jetzt „VM“, vorher „KS“."),
    (' d:role="KS"', "", "changed", "Aufgabe „Antrag lesen“: Rolle entfällt, vorher „KS“."),
    ('d:role="KS"', 'd:role="KS" d:deadline="werktage(5)"', "changed",
     "Aufgabe „Antrag lesen“: Frist ist jetzt „werktage(5)“, vorher keine Angabe."),
    ("Ruhig.", "Zügig.", "changed", "Aufgabe „Antrag lesen“: Beschreibung ist jetzt „Zügig.“, vorher „Ruhig.“."),
    ("alter &gt; 25", "alter &gt; 24", "changed",
     "Weg „g → z“: Bedingung ist jetzt „alter > 24“, vorher „alter > 25“."),
    (' default="f2"', ' default="f3"', "changed", "Entscheidung „g“: Sonst-Weg ist jetzt „g → z“, vorher „g → e“."),
    ('of="red"', 'of="blue"', "changed", "Aufgabe „Antrag lesen“: of ist jetzt „blue“, vorher „red“."),
    ('x="1"', 'x="100"', "moved", "Aufgabe „Antrag lesen“ ist anders platziert."),
    ('<endEvent id="z"/>', '<endEvent id="z"/><task id="n" name="Neu"/>', "added", "Schritt „Neu“ kommt hinzu."),
    ('<startEvent id="s"/>', '<startEvent id="s"></startEvent>', "changed",
     "Datei „x.bpmn“ ist nur anders aufgeschrieben; sie sagt dasselbe."),
    ('<flowNodeRef>a</flowNodeRef></lane>\n<lane id="m" name="Amt"/>',
     '</lane>\n<lane id="m" name="Amt"><flowNodeRef>a</flowNodeRef></lane>', "changed",
     "Aufgabe „Antrag lesen“: Bahn ist jetzt „Amt“, vorher „Empfang“."),
    (SMALL, SWAPPED, "changed", "Entscheidung „g“: Die Reihenfolge ist jetzt f2, f4, f3, vorher f2, f3, f4."),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "kind", "words"), EDITS)
def test_single_edit_is_told_in_words(before, after, kind, words):
    edited = SMALL.replace(before, after, 1)
    assert edited != SMALL

    found = compared(SMALL.encode(), edited.encode())

    assert [(change.kind.value, change.sentence("de")) for change in found] == [(kind, words)]
    assert found[0].sentence("en") != words


def test_way_that_comes_leaves_the_order_of_the_others_alone():
    more = SMALL.replace(
        '<sequenceFlow id="f2"', '<sequenceFlow id="f9" sourceRef="g" targetRef="z"/><sequenceFlow id="f2"'
    )

    assert [change.kind.value for change in compared(SMALL.encode(), more.encode())] == ["added"]


def test_form_is_compared_field_by_field():
    form = {
        "id": "x",
        "components": [{"key": "a", "type": "textfield", "label": "Name"}, {"key": "b", "type": "number"}],
    }
    other = json.loads(json.dumps(form))
    other["components"][0]["label"] = "Vorname"
    other["components"].append({"key": "c", "type": "date", "label": "Tag"})

    found = compared(json.dumps(form).encode(), json.dumps(other).encode(), "forms/x.json")

    assert [change.sentence("de") for change in found] == [
        "Feld „Vorname“: Beschriftung ist jetzt „Vorname“, vorher „Name“.",
        "Feld „Tag“ kommt hinzu.",
    ]
    assert [change.element for change in found] == ["a", "c"]


def _leaves(value, path=()):
    if isinstance(value, dict):
        return [leaf for name, inner in value.items() for leaf in _leaves(inner, (*path, name))]
    if isinstance(value, list):
        return [leaf for number, inner in enumerate(value) for leaf in _leaves(inner, (*path, number))]
    return [path]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_changed_value_of_a_form_or_scenario_escapes(data):
    file = data.draw(st.sampled_from([name for name in FILES if name.endswith(".json")]))
    value = json.loads(FILES[file])
    *way, last = data.draw(st.sampled_from(_leaves(value)))
    place = value
    for step in way:
        place = place[step]
    place[last] = "something else" if place[last] != "something else" else "another thing"

    changes = compared(FILES[file], json.dumps(value).encode(), file)

    assert any(change.what != "notation" for change in changes)


@pytest.mark.parametrize("broken", [b"<a", b"", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"\xff\xfe"])
def test_what_cannot_be_read_is_told_to_have_changed(broken):
    assert [change.what for change in compared(DIAGRAM, broken)] == ["unreadable"]
    assert [change.what for change in compared(b"{}", b"{", "forms/x.json")] == ["unreadable"]


def test_mark_of_an_element_is_its_weightiest_change():
    moved = SMALL.replace('x="1"', 'x="9"').replace('d:role="KS"', 'd:role="VM"')

    assert comparison.marks(compared(SMALL.encode(), moved.encode()), "x.bpmn") == {"a": comparison.Kind.CHANGED}


def test_a_field_that_moves_in_a_form_is_one_change():
    old = json.loads((BPMN / "forms" / "plan_draft.json").read_bytes())
    new = json.loads(json.dumps(old))
    new["components"].insert(0, new["components"].pop(3))
    new["components"][2]["values"][0]["label"] = "Jawohl"

    found = comparison.compare(
        {"forms/plan_draft.json": json.dumps(old).encode()}, {"forms/plan_draft.json": json.dumps(new).encode()}
    )

    assert [change.what.rpartition("/")[2] for change in found] == ["order", "label"]
    assert "Jawohl" in found[1].sentence("de")
