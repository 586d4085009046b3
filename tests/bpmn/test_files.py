"""What all shipped diagrams and forms have in common."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import SpiffWorkflow
from lxml import etree

from app.casework import refusals, writers
from app.office import profile
from tests.bpmn import answers, walking
from workflows import definitions, forms

NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "di": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
}
OWN = "{https://drehscheibe.example/bpmn/1}"
NODES = frozenset({
    "startEvent", "endEvent", "userTask", "serviceTask", "businessRuleTask", "scriptTask", "callActivity",
    "exclusiveGateway", "parallelGateway", "eventBasedGateway", "intermediateCatchEvent", "boundaryEvent",
})  # fmt: skip
DIAGRAMS = sorted(walking.FOLDER.glob("*.bpmn"))
FORMS = sorted((walking.FOLDER / "forms").glob("*.json"))
TWELVE = {
    "case", "intake", "routing", "clarification", "profiling", "anamnesis", "plan", "placement", "follow_up", "benefit",
    "age_transition", "closing",
}  # fmt: skip


@pytest.fixture(scope="module", params=DIAGRAMS, ids=lambda path: path.stem)
def tree(request):
    """A shipped diagram."""
    return ET.parse(request.param)


@pytest.fixture(scope="module", params=FORMS, ids=lambda path: path.stem)
def form(request):
    """A shipped form: its JSON."""
    return json.loads(request.param.read_text(encoding="utf-8"))


def local(element):
    return element.tag.rpartition("}")[2]


def nodes(tree):
    return [element for element in tree.find("bpmn:process", NS) if local(element) in NODES]


def every(kind):
    return [(path, node) for path in DIAGRAMS for node in ET.parse(path).iter(f"{{{NS['bpmn']}}}{kind}")]


def test_the_twelve_processes_are_there():
    assert {path.stem for path in DIAGRAMS} >= TWELVE


def test_every_diagram_is_bpmn_by_the_standards_schema():
    schema = etree.XMLSchema(etree.parse(Path(SpiffWorkflow.__file__).parent / "bpmn/parser/schema/BPMN20.xsd"))
    assert [path.stem for path in DIAGRAMS if not schema.validate(etree.parse(path))] == []


def test_nothing_is_wrong_with_the_shipped_files(registry):
    problems = definitions.lint(walking.files(), walking.known(registry))
    assert [(problem.element, problem.code) for problem in problems] == []


def test_every_handler_is_used_and_every_used_one_exists(registry):
    used = {node.get(f"{OWN}handler") for kind in ("serviceTask", "businessRuleTask") for _, node in every(kind)}
    assert used == registry.names()


def test_every_lane_and_task_names_a_role_or_a_value():
    named = {node.get(f"{OWN}role") for _, node in every("lane")}
    assert {role for role in named if not role.startswith("=")} <= walking.ROLES
    assert {role for role in named if role.startswith("=")} == {
        "=lead", "=other_lead", "=lead_leader", "=other_leader", "=second_role", "=payer_role", "=closing_role",
        "=party", "=chair",
    }  # fmt: skip


def test_every_label_is_in_both_languages(tree):
    process = tree.find("bpmn:process", NS)
    silent = [
        element.get("id")
        for element in process.iter()
        # The name of an item of a list is that of a process value; nobody reads it.
        if element.get("name") and not element.get(f"{OWN}nameEn") and local(element) != "inputDataItem"
    ]
    assert silent == []
    assert process.get(f"{OWN}nameEn")


def test_every_task_of_a_person_has_form_deadline_and_cause_of_waiting():
    bare = [
        node.get("id")
        for _, node in every("userTask")
        if not all(node.get(OWN + name) for name in ("form", "deadline", "waitsFor")) or not node.get("name")
    ]
    assert bare == []


def test_every_named_deadline_is_one_of_the_office():
    terms = {term.name for term in profile.snapshot(profile.read(walking.PROFILE)).terms}
    asked = {name for path in DIAGRAMS for name in re.findall(r'frist\((?:"|&quot;)(\w+)', path.read_text("utf-8"))}
    assert asked - terms == set()


def test_element_ids_are_unique_over_all_files():
    ids = [node.get("id") for path in DIAGRAMS for node in nodes(ET.parse(path))]
    assert sorted(ids) == sorted(set(ids))


def test_every_wait_has_a_timer(tree):
    events = [node for node in nodes(tree) if local(node) == "intermediateCatchEvent"]
    timers = {node.get("id") for node in events if node.find("bpmn:timerEventDefinition", NS) is not None}
    flows = [(flow.get("sourceRef"), flow.get("targetRef")) for flow in tree.iter(f"{{{NS['bpmn']}}}sequenceFlow")]
    for other in {node.get("id") for node in events} - timers:
        choices = {source for source, target in flows if target == other}
        assert all(any((source, timer) in flows for timer in timers) for source in choices)


def test_every_split_has_a_default_or_is_parallel(tree):
    for node in nodes(tree):
        if local(node) == "exclusiveGateway" and len(node.findall("bpmn:outgoing", NS)) > 1:
            assert node.get("default"), node.get("id")


def test_every_node_is_drawn_inside_the_pool_and_every_flow_as_a_line(tree):
    drawn = {
        shape.get("bpmnElement"): shape.find("dc:Bounds", NS) for shape in tree.iter() if local(shape) == "BPMNShape"
    }
    lines = {edge.get("bpmnElement") for edge in tree.iter() if local(edge) == "BPMNEdge"}
    assert {node.get("id") for node in nodes(tree)} <= drawn.keys()
    assert {flow.get("id") for flow in tree.iter(f"{{{NS['bpmn']}}}sequenceFlow")} == lines
    pool = box(next(bounds for name, bounds in drawn.items() if name.endswith("_pool")))
    for bounds in drawn.values():
        left, top, right, bottom = box(bounds)
        assert pool[0] <= left < right <= pool[2]
        assert pool[1] <= top < bottom <= pool[3]


def box(bounds):
    left, top, width, height = (float(bounds.get(name)) for name in ("x", "y", "width", "height"))
    return left, top, left + width, top + height


def test_no_two_activities_lie_on_each_other(tree):
    boxes = [
        box(shape.find("dc:Bounds", NS))
        for shape in tree.iter()
        if local(shape) == "BPMNShape" and shape.get("bpmnElement") in {
            node.get("id") for node in nodes(tree) if local(node) != "boundaryEvent"
        }
    ]  # fmt: skip
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart


def parts(components):
    for component in components:
        yield component
        yield from parts(component.get("components", []))


def test_every_form_is_used_and_every_used_one_exists():
    used = {node.get(f"{OWN}form") for _, node in every("userTask")}
    assert used == {path.stem for path in FORMS}


def test_every_field_speaks_both_languages(form):
    for part in parts(form["components"]):
        properties = part.get("properties", {})
        said = part.get("label") or part.get("dateLabel")
        assert not said or properties.get("labelEn"), part.get("key")
        assert bool(part.get("text")) == bool(properties.get("textEn")), part.get("type")
        assert bool(part.get("description")) == bool(properties.get("descriptionEn")), part.get("key")
        assert all(option.get("labelEn") for option in part.get("values", [])), part.get("key")


def test_every_form_has_titles_and_a_known_writer(form):
    own = form["drehscheibe"]
    assert own["title"]
    assert own["titleEn"]
    assert own.get("writer") is None or own["writer"] in writers.WRITERS


def test_every_writer_serves_a_form():
    named = {json.loads(path.read_text("utf-8"))["drehscheibe"].get("writer") for path in FORMS}
    assert named - {None} == set(writers.WRITERS)


def test_texts_of_people_never_become_process_values(form):
    typed = [part for part in parts(form["components"]) if part["type"] in {"textfield", "textarea"}]
    assert all(part["properties"].get("target") == "case" for part in typed)


def test_what_is_told_in_a_social_history_is_sealed():
    compiled = forms.compile_form((walking.FOLDER / "forms" / "anamnesis.json").read_bytes())
    assert {field.category for field in compiled.inputs() if field.target == "case"} == {"anamnesis"}
    assert compiled.names("process") == {"talk_outcome", "next_talk"}


def test_every_form_has_usual_answers(form):
    assert answers.for_form(form["id"], date(2004, 1, 5))


def test_every_code_of_a_refused_value_is_a_sentence_in_both_languages():
    source = "".join(path.read_text("utf-8") for path in (walking.ROOT / "app" / "casework").rglob("*.py"))
    codes = set(re.findall(r'ValuesRefused\(\{[^:}]+: "(\w+)"\}\)', source))
    assert codes
    for code in codes | set(refusals.TEXTS):
        assert refusals.text(code, "de") != code
        assert refusals.text(code, "en") not in {code, refusals.text(code, "de")}
