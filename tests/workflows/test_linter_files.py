"""The linter on whole files: what cannot be read, several files together, forms, diagrams of other tools, texts."""

from __future__ import annotations

import json
import string
from pathlib import Path

import pytest

from tests.workflows import walks
from tests.workflows.drawings import HEAD, MESSAGE, START, TASK, chain, choice, codes, diagram, flow, lint
from tests.workflows.test_linter import WRONG
from workflows import linter, parser, texts
from workflows.handlers import Mode, Registry
from workflows.problems import Known, Problem

GIVEN = '<dataOutputAssociation id="da"><targetRef>o</targetRef></dataOutputAssociation>'
INTERCHANGE = Path(__file__).parent / "fixtures" / "interchange"
SHIPPED = Path(__file__).parents[2] / "bpmn"


@pytest.mark.parametrize(
    ("code", "problems"),
    {
        "not_xml": linter.check({"p.bpmn": b"<definitions"}),
        "not_bpmn": linter.check({"p.bpmn": b"<html/>"}),
        "document_type": linter.check({"p.bpmn": b'<!DOCTYPE d [<!ENTITY a "b">]>' + diagram(chain(TASK))}),
        "file_name": linter.check({"../p.bpmn": diagram(chain(TASK))}),
        "process_hidden": lint(chain(TASK), attributes='isExecutable="false"'),
        "nothing_executable": lint(chain(TASK), attributes='isExecutable="false"'),
        "start_missing": lint(""),
        "name_invalid": lint(chain(TASK), attributes='d:values="fine 1st"'),
        "refused_import": lint(chain(TASK), root='<import namespace="x" location="http://x" importType="y"/>'),
        "association_idle": lint(
            chain(f'<userTask id="a" d:role="KS">{GIVEN}</userTask>', after='<dataObject id="o"/>')
        ),
        "foreign_no_effect": lint(chain('<userTask id="a" d:role="KS" xmlns:v="urn:vendor" v:form="f"/>')),
        "input_unknown": linter.check(
            {"p.bpmn": diagram(chain('<serviceTask id="a" d:handler="h"/>'))},
            handlers={"h": {"inputs": ["gone"], "outputs": [], "mode": "inside"}},
        ),
        "handler_and_message": lint(chain('<sendTask id="a" messageRef="m" d:handler="h.run"/>'), root=MESSAGE),
        "call_hidden": linter.check(
            {
                "p.bpmn": diagram(chain('<callActivity id="c" calledElement="q"/>')),
                "q.bpmn": diagram(chain(TASK), process="q", attributes='isExecutable="false"'),
            }
        ),
        "call_circle": linter.check(
            {
                "p.bpmn": diagram(chain('<callActivity id="c" calledElement="q"/>')),
                "q.bpmn": diagram(chain('<callActivity id="c" calledElement="p"/>'), process="q"),
            }
        ),
        "call_start": linter.check(
            {
                "p.bpmn": diagram(chain('<callActivity id="c" calledElement="q"/>')),
                "q.bpmn": diagram(
                    chain(TASK).replace(
                        START, '<startEvent id="s"><messageEventDefinition messageRef="m"/></startEvent>'
                    ),
                    process="q",
                    root=MESSAGE,
                ),
            }
        ),
        "message_flow_inside": lint(
            chain(TASK),
            root='<collaboration id="co"><participant id="pa" processRef="p"/>'
            '<messageFlow id="mf" sourceRef="pa" targetRef="a"/></collaboration>',
        ),
        "message_flow_end": lint(
            chain(TASK),
            root='<collaboration id="co"><participant id="pa" processRef="p"/><participant id="pb"/>'
            '<messageFlow id="mf" sourceRef="pb" targetRef="f0"/></collaboration>',
        ),
        "id_twice": linter.check({"p.bpmn": diagram(chain(TASK)), "q.bpmn": diagram(chain(TASK))}),
        "file_too_deep": linter.check({"p.bpmn": (HEAD + "<a>" * 150 + "</a>" * 150 + "</definitions>").encode()}),
        "too_many_elements": linter.check({"p.bpmn": (HEAD + "<a/>" * 50_000 + "</definitions>").encode()}),
        "file_too_large": linter.check({"p.bpmn": (HEAD + " " * 5_000_000 + "</definitions>").encode()}),
        "form_not_json": linter.check({"forms/f.json": b"{"}),
        "form_type": linter.check({"forms/f.json": b'{"type":"default","components":[{"type":"iframe","id":"i"}]}'}),
    }.items(),
)
def test_files_that_cannot_be_used_are_refused(code, problems):
    assert code in codes(problems)
    found = next(problem for problem in problems if problem.code == code)
    assert found.message("de") != code
    assert found.remedy("en")


def test_billion_laughs_and_external_entities_are_refused_unread():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE d [<!ENTITY l0 "ha">{laughs}]><definitions>&l9;</definitions>'.encode()
    outside = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions>&x;</definitions>'
    remote = b'<!DOCTYPE d SYSTEM "http://localhost:9/x.dtd"><definitions/>'
    for content in (bomb, outside, remote):
        assert codes(linter.check({"p.bpmn": content})) <= {"document_type", "not_xml"}


def test_names_of_a_called_process_may_come_from_its_callers():
    form = {
        "type": "default",
        "id": "f",
        "components": [{"type": "checkbox", "key": "ready", "label": "Fertig", "properties": {"target": "process"}}],
    }
    calling = chain('<userTask id="u" d:role="KS" d:form="f"/>', '<callActivity id="c" calledElement="q"/>')
    called = choice(flow(2, "g", "a", "ready"), flow(3, "g", "b"), attributes=' default="f3"')
    files = {
        "p.bpmn": diagram(calling),
        "q.bpmn": diagram(called, process="q"),
        "forms/f.json": json.dumps(form).encode(),
    }
    assert linter.check(files) == []
    assert codes(linter.check({"q.bpmn": files["q.bpmn"]})) == {"name_unknown"}


def test_conditions_of_forms_read_fields_and_values_of_the_process():
    def form(condition):
        field = {"type": "checkbox", "key": "ready", "label": "F", "properties": {"target": "process"}}
        hidden = {"type": "text", "id": "t", "text": "x", "conditional": {"hide": f"={condition}"}}
        return json.dumps({"type": "default", "id": "f", "components": [field, hidden]}).encode()

    body = diagram(chain('<userTask id="u" d:role="KS" d:form="f"/>'), attributes='d:values="given"')
    assert linter.check({"p.bpmn": body, "forms/f.json": form("ready and given")}) == []
    problems = linter.check({"p.bpmn": body, "forms/f.json": form("readdy")})
    assert [(problem.code, problem.values["names"]) for problem in problems] == [("name_unknown", "readdy")]


def test_without_knowledge_of_handlers_names_are_left_unchecked():
    body = WRONG["name_unknown"].replace('<userTask id="b" d:role="KS"/>', '<serviceTask id="b" d:handler="h.x"/>')
    assert linter.check({"p.bpmn": diagram(body)}) == []


def test_the_child_process_says_the_same():
    registry = Registry()
    registry.register("h.run", lambda _call: {}, outputs={"out": 0})
    registry.register("h.out", lambda _call: {}, outputs={"far": 0}, mode=Mode.OUTSIDE)
    known = Known({name: registry.get(name) for name in registry.names()}, frozenset({"KS"}))
    files = {"p.bpmn": diagram(WRONG["role_unknown"]), "q.bpmn": diagram(WRONG["handler_unknown"], process="q")}
    found = linter.lint(files, known)
    assert codes(found) == {"role_unknown", "handler_unknown"}
    assert all(isinstance(problem, Problem) for problem in found)


NAMED = {
    "condition_alone": "a condition on the only way",
    "condition_missing": "a gateway without conditions",
    "message_missing": "a message event without a message",
    "code_missing": "an escalation without a code",
    "attribute_value": "startQuantity 0",
    "expression_language": "conditions in XPath",
}


@pytest.mark.parametrize("path", sorted(INTERCHANGE.glob("*.bpmn")), ids=lambda path: path.stem)
def test_diagrams_of_other_tools_run_or_are_refused_with_the_element_and_the_reason(path):
    content = path.read_bytes().replace(b'isExecutable="false"', b'isExecutable="true"')
    problems = [problem for problem in linter.check({"p.bpmn": content}) if problem.severity == "error"]
    assert all(problem.element and problem.message("de") and problem.remedy("en") for problem in problems)
    assert codes(problems) <= NAMED.keys()
    if not problems:
        for parsed in parser.parse({"p.bpmn": content}).values():
            assert not walks.Walk(parsed, compacted=True).open()


def test_the_shipped_processes_pass():
    files = {path.name: path.read_bytes() for path in SHIPPED.glob("*.bpmn")}
    files |= {f"forms/{path.name}": path.read_bytes() for path in SHIPPED.glob("forms/*.json")}
    assert linter.check(files) == []


def test_every_text_exists_in_both_languages_with_the_same_placeholders():
    for kind, entries in texts.catalogue().items():
        for code, entry in entries.items():
            expected = {"de", "en"} if kind != "problem" else {"de", "en", "remedy_de", "remedy_en"}
            assert set(entry) == expected, code
            places = [
                {name for _, name, _, _ in string.Formatter().parse(entry[part]) if name} for part in ("de", "en")
            ]
            assert places[0] == places[1], code


def test_a_file_without_any_process_is_refused():
    assert codes(linter.check({"p.bpmn": f"{HEAD}</definitions>".encode()})) == {"nothing_executable"}


def test_what_stands_in_extensions_is_no_part_of_the_process():
    smuggled = f"<extensionElements>{flow(9, 'a', 'e')}<userTask id='z'/></extensionElements>"
    body = chain(TASK.replace("/>", f">{smuggled}</userTask>"))
    assert lint(body) == []


def test_a_wrong_drawing_keeps_nothing_from_running():
    shape = (
        '<i:BPMNDiagram xmlns:i="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:c="http://www.omg.org/spec/DD/20100524/DC">'
        '<i:BPMNShape bpmnElement="a"><c:Bounds x="left" y=""/></i:BPMNShape></i:BPMNDiagram>'
    )
    assert lint(chain(TASK), root=shape) == []
