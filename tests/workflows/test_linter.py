"""The linter: one diagram for each thing that it refuses, and the ones that it must let pass."""

from __future__ import annotations

import itertools
import json
import string
from pathlib import Path

import pytest

from workflows import linter, texts
from workflows.handlers import Mode, Registry
from workflows.problems import Known, Problem

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:d="https://drehscheibe.example/bpmn/1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:other="urn:other" targetNamespace="x">'
)
START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'
TASK = '<userTask id="a" name="A" d:role="KS"/>'
TIMER = "<timerEventDefinition><timeDuration>{}</timeDuration></timerEventDefinition>"
MESSAGE = '<message id="m" name="M"/>'
INTERCHANGE = Path(__file__).parent / "fixtures" / "interchange"
SHIPPED = Path(__file__).parents[2] / "bpmn"


def flow(number, source, target, condition=None):
    inside = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    return f'<sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'


def chain(*nodes, into="", after=""):
    """A process in which these nodes follow each other from start to end; `after` adds what else there is."""
    names = ["s", *(node.split('id="', 1)[1].split('"', 1)[0] for node in nodes), "e"]
    flows = [flow(number, a, b) for number, (a, b) in enumerate(itertools.pairwise(names))]
    return "".join((into, START, *nodes, END, *flows, after))


def diagram(body, *, process="p", attributes='isExecutable="true"', root=""):
    return f'{HEAD}{root}<process id="{process}" name="P" {attributes}>{body}</process></definitions>'.encode()


def lint(body, **options):
    given = {"handlers": {"h.run": {"inputs": [], "outputs": ["out"], "mode": "inside"}}, "roles": frozenset({"KS"})}
    return linter.check({"p.bpmn": diagram(body, **options)}, **given)


def codes(problems):
    return {problem.code for problem in problems}


GATEWAY = (
    START,
    '<exclusiveGateway id="g"{}/>',
    '<userTask id="a" d:role="KS"/><userTask id="b" d:role="KS"/>',
    END,
    flow(1, "s", "g") + flow(4, "a", "e") + flow(5, "b", "e"),
)


def choice(*flows, attributes="", kind="exclusiveGateway"):
    return "".join(GATEWAY).format(attributes).replace("exclusiveGateway", kind) + "".join(flows)


def test_a_plain_diagram_passes():
    assert lint(chain(TASK)) == []


def test_what_other_tools_add_is_ignored():
    body = chain(
        '<userTask id="a" name="A" d:role="KS" other:assignee="x"><documentation>Text</documentation>'
        "<extensionElements><other:form><other:field/></other:form></extensionElements><other:odd/></userTask>"
    )
    assert lint(body) == []


WRONG = {
    # words
    "element_unknown": chain(TASK, after='<callChoreography id="c"/>'),
    "element_misplaced": chain(TASK, after='<timeDate id="c"/>'),
    "attribute_unknown": chain('<userTask id="a" d:role="KS" renderings="x"/>'),
    "attribute_value": chain('<userTask id="a" d:role="KS" startQuantity="2"/>'),
    "own_attribute_unknown": chain('<userTask id="a" d:role="KS" d:handler="h.run"/>'),
    "refused_transaction": chain(TASK, after='<transaction id="t"/>'),
    "refused_ad_hoc": chain(TASK, after='<adHocSubProcess id="t"/>'),
    "refused_complex_gateway": chain(TASK, after='<complexGateway id="t"/>'),
    "refused_data_store": chain(TASK, after='<dataStoreReference id="t"/>'),
    "refused_data_flow": chain('<userTask id="a" d:role="KS"><dataInputAssociation id="x"/></userTask>'),
    "refused_resource": chain('<userTask id="a" d:role="KS"><potentialOwner id="x"/></userTask>'),
    "refused_link": chain('<intermediateCatchEvent id="a"><linkEventDefinition/></intermediateCatchEvent>'),
    "refused_error": chain('<endEvent id="a"><errorEventDefinition/></endEvent>'),
    "refused_escalation": chain('<intermediateThrowEvent id="a"><escalationEventDefinition/></intermediateThrowEvent>'),
    "refused_compensation": chain(
        '<intermediateThrowEvent id="a"><compensateEventDefinition/></intermediateThrowEvent>'
    ),
    "refused_conditional": chain(
        '<intermediateCatchEvent id="a"><conditionalEventDefinition/></intermediateCatchEvent>'
    ),
    "refused_reference_event": chain(
        '<intermediateCatchEvent id="a"><eventDefinitionRef>x</eventDefinitionRef></intermediateCatchEvent>'
    ),
    "refused_event_subprocess": chain(TASK, after='<subProcess id="t" triggeredByEvent="true"/>'),
    "refused_instantiate": chain('<receiveTask id="a" instantiate="true"/>'),
    "refused_start_trigger": chain(TASK).replace(START, f'<startEvent id="s">{TIMER.format("P1D")}</startEvent>'),
    # ids and references
    "id_missing": chain(TASK, after='<userTask d:role="KS"/>'),
    "id_twice": chain(TASK, after=TASK),
    "id_invalid": chain('<userTask id="größe" d:role="KS"/>'),
    "id_reserved": chain(TASK).replace('"e"', '"End"'),
    "reference_missing": chain(TASK, after='<dataObjectReference id="d" dataObjectRef="gone"/>'),
    "flow_open": chain(TASK, after=flow(9, "a", "gone")),
    "flow_crosses": chain(
        TASK, '<subProcess id="t"><startEvent id="is"/><endEvent id="ie"/>' + flow(8, "is", "ie") + "</subProcess>"
    ).replace('targetRef="t"', 'targetRef="ie"'),
    "lane_twice": '<laneSet id="ls"><lane id="l1"><flowNodeRef>a</flowNodeRef></lane>'
    '<lane id="l2"><flowNodeRef>a</flowNodeRef></lane></laneSet>' + chain(TASK),
    # structure
    "start_missing": chain(TASK).replace(START, "").replace(flow(0, "s", "a"), ""),
    "start_several": chain(TASK, after='<startEvent id="s2"/>' + flow(9, "s2", "a")),
    "end_missing": chain(TASK).replace(END, "").replace(flow(1, "a", "e"), ""),
    "start_entered": chain(TASK, after=flow(9, "a", "s")),
    "end_left": chain(TASK, after=flow(9, "e", "a")),
    "event_empty": chain('<intermediateCatchEvent id="a"/>'),
    "event_several": chain(f'<intermediateCatchEvent id="a">{TIMER.format("P1D") * 2}</intermediateCatchEvent>'),
    "boundary_loose": chain(
        TASK,
        after=f'<boundaryEvent id="b" attachedToRef="gone">{TIMER.format("P1D")}</boundaryEvent>' + flow(9, "b", "e"),
    ),
    "boundary_entered": chain(
        TASK,
        after=f'<boundaryEvent id="b" attachedToRef="a">{TIMER.format("P1D")}</boundaryEvent>'
        + flow(8, "b", "e")
        + flow(9, "s", "b"),
    ),
    "default_foreign": choice(flow(2, "g", "a", "out"), flow(3, "g", "b", "out"), attributes=' default="f1"'),
    "default_condition": choice(flow(2, "g", "a", "1"), flow(3, "g", "b", "1"), attributes=' default="f3"'),
    "default_missing": choice(flow(2, "g", "a", "1"), flow(3, "g", "b", "1")),
    "condition_missing": choice(flow(2, "g", "a", "1"), flow(3, "g", "b")),
    "flow_several": chain(TASK, after=flow(9, "a", "e")),
    "flow_default": chain('<userTask id="a" d:role="KS" default="f1"/>'),
    "flow_conditional": chain(TASK).replace(flow(1, "a", "e"), flow(1, "a", "e", "1 == 1")),
    "event_gateway_ways": chain(
        '<eventBasedGateway id="g"/>', f'<intermediateCatchEvent id="t">{TIMER.format("P1D")}</intermediateCatchEvent>'
    ),
    "event_gateway_target": choice(flow(2, "g", "a"), flow(3, "g", "b"), kind="eventBasedGateway"),
    "gateway_direction": choice(
        flow(2, "g", "a", "1"), flow(3, "g", "b"), attributes=' default="f3" gatewayDirection="Converging"'
    ),
    "dead_end": chain(TASK, after='<userTask id="b" d:role="KS"/>'),
    "unreachable": chain(TASK, after='<userTask id="b" d:role="KS"/>' + flow(9, "b", "e")),
    "loop_without_wait": START + '<exclusiveGateway id="m"/><scriptTask id="t"><script>out = 1</script>'
    '</scriptTask><exclusiveGateway id="g" default="f9"/>'
    + END
    + flow(1, "s", "m")
    + flow(2, "m", "t")
    + flow(3, "t", "g")
    + flow(4, "g", "m", "out")
    + flow(9, "g", "e"),
    "loop_maximum": chain('<userTask id="a" d:role="KS"><standardLoopCharacteristics loopMaximum="-1"/></userTask>'),
    "loop_endless": chain('<userTask id="a" d:role="KS"><standardLoopCharacteristics/></userTask>'),
    "instances_unclear": chain('<userTask id="a" d:role="KS"><multiInstanceLoopCharacteristics/></userTask>'),
    "join_never": choice(flow(2, "g", "a", "1"), flow(3, "g", "b"), attributes=' default="f3"')
    .replace('sourceRef="a" targetRef="e"', 'sourceRef="a" targetRef="j"')
    .replace('sourceRef="b" targetRef="e"', 'sourceRef="b" targetRef="j"')
    + '<parallelGateway id="j"/>'
    + flow(9, "j", "e"),
    # ties to the office
    "role_missing": chain('<userTask id="a"/>'),
    "role_unknown": chain('<userTask id="a" d:role="XX"/>'),
    "form_missing": chain('<userTask id="a" d:role="KS" d:form="gone"/>'),
    "distinct_unknown": chain('<userTask id="a" d:role="KS" d:distinctFrom="gone"/>'),
    "own_value": chain('<userTask id="a" d:role="KS" d:waitsFor="nobody"/>'),
    "handler_missing": chain('<serviceTask id="a"/>'),
    "handler_unknown": chain('<serviceTask id="a" d:handler="h.gone"/>'),
    "message_missing": chain('<receiveTask id="a"/>'),
    "signal_missing": chain('<intermediateThrowEvent id="a"><signalEventDefinition/></intermediateThrowEvent>'),
    "call_unknown": chain('<callActivity id="a" calledElement="gone"/>'),
    "call_circle": chain('<callActivity id="a" calledElement="p"/>'),
    # names
    "name_unknown": choice(flow(2, "g", "a", "oout == 1"), flow(3, "g", "b"), attributes=' default="f3"'),
    "expression_invalid": choice(flow(2, "g", "a", "out ="), flow(3, "g", "b"), attributes=' default="f3"'),
    "expression_empty": choice(flow(2, "g", "a", " "), flow(3, "g", "b"), attributes=' default="f3"'),
    "expression_language": choice(flow(2, "g", "a", "1"), flow(3, "g", "b"), attributes=' default="f3"').replace(
        "<conditionExpression>", '<conditionExpression language="https://www.omg.org/spec/FEEL">'
    ),
    "timer_invalid": chain(f'<intermediateCatchEvent id="a">{TIMER.format("0 0 9 ? * MON")}</intermediateCatchEvent>'),
    "timer_unclear": chain('<intermediateCatchEvent id="a"><timerEventDefinition/></intermediateCatchEvent>'),
    "timer_kind": chain(f'<intermediateCatchEvent id="a">{TIMER.format("R3/PT10H")}</intermediateCatchEvent>'),
    "script_invalid": chain('<scriptTask id="a"><script>import os</script></scriptTask>'),
    "script_format": chain('<scriptTask id="a" scriptFormat="groovy"><script>x = 1</script></scriptTask>'),
}


@pytest.mark.parametrize(("code", "body"), WRONG.items(), ids=WRONG)
def test_it_is_refused_with_element_reason_and_way_out(code, body):
    found = [problem for problem in lint(body) if problem.code == code]
    assert found, codes(lint(body))
    assert all(problem.element for problem in found)
    assert all(problem.message(locale) and problem.remedy(locale) for problem in found for locale in ("de", "en"))


@pytest.mark.parametrize(
    ("code", "problems"),
    {
        "not_xml": linter.check({"p.bpmn": b"<definitions"}),
        "not_bpmn": linter.check({"p.bpmn": b"<html/>"}),
        "document_type": linter.check({"p.bpmn": b'<!DOCTYPE d [<!ENTITY a "b">]>' + diagram(chain(TASK))}),
        "file_name": linter.check({"../p.bpmn": diagram(chain(TASK))}),
        "process_hidden": lint(chain(TASK), attributes='isExecutable="false"'),
        "nothing_executable": lint(chain(TASK), attributes='isExecutable="false"'),
        "name_invalid": lint(chain(TASK), attributes='d:values="fine 1st"'),
        "refused_import": lint(chain(TASK), root='<import namespace="x" location="http://x" importType="y"/>'),
        "event_unnamed": lint(chain('<receiveTask id="a" messageRef="m"/>'), root='<message id="m"/>'),
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


ALLOWED = {
    "boundary timer": chain(
        TASK,
        after=f'<boundaryEvent id="b" attachedToRef="a">{TIMER.format("werktage(3)")}</boundaryEvent>'
        '<endEvent id="e2"/>' + flow(9, "b", "e2"),
    ),
    "event gateway": START
    + '<eventBasedGateway id="g"/><receiveTask id="r" messageRef="m"/>'
    + f'<intermediateCatchEvent id="t">{TIMER.format("P2D")}</intermediateCatchEvent>'
    + END
    + flow(1, "s", "g")
    + flow(2, "g", "r")
    + flow(3, "g", "t")
    + flow(4, "r", "e")
    + flow(5, "t", "e"),
    "terminate": chain(TASK).replace(END, '<endEvent id="e"><terminateEventDefinition/></endEvent>'),
    "signal end": chain(TASK).replace(END, '<endEvent id="e"><signalEventDefinition signalRef="sig"/></endEvent>'),
    "several instances": chain(
        '<userTask id="a" d:role="KS"><multiInstanceLoopCharacteristics isSequential="true">'
        "<loopCardinality>2 + 1</loopCardinality></multiInstanceLoopCharacteristics></userTask>"
    ),
    "handler outputs are names": chain(
        '<serviceTask id="h" d:handler="h.run"/>', '<userTask id="a" d:role="=out" d:deadline="frist(out)"/>'
    ),
    "subprocess": chain(
        '<subProcess id="t"><startEvent id="is"/><userTask id="ia" d:role="KS"/><endEvent id="ie"/>'
        + flow(8, "is", "ia")
        + flow(9, "ia", "ie")
        + "</subProcess>"
    ),
    "parallel": START
    + '<parallelGateway id="g"/><userTask id="a" d:role="KS"/><userTask id="b" d:role="KS"/><parallelGateway id="j"/>'
    + END
    + flow(1, "s", "g")
    + flow(2, "g", "a")
    + flow(3, "g", "b")
    + flow(4, "a", "j")
    + flow(5, "b", "j")
    + flow(6, "j", "e"),
    "inclusive": START
    + '<inclusiveGateway id="g" default="f3"/><userTask id="a" d:role="KS"/><userTask id="b" d:role="KS"/>'
    + '<inclusiveGateway id="j"/>'
    + END
    + flow(1, "s", "g")
    + flow(2, "g", "a", "1 == 1")
    + flow(3, "g", "b")
    + flow(4, "a", "j")
    + flow(5, "b", "j")
    + flow(6, "j", "e"),
    "a loop with a wait": START
    + '<exclusiveGateway id="merge"/><userTask id="a" d:role="KS"/><exclusiveGateway id="g" default="f9"/>'
    + END
    + flow(1, "s", "merge")
    + flow(2, "merge", "a")
    + flow(3, "a", "g")
    + flow(4, "g", "merge", "1 == 2")
    + flow(9, "g", "e"),
}


@pytest.mark.parametrize("body", ALLOWED.values(), ids=ALLOWED)
def test_what_behaves_passes(body):
    assert lint(body, root=MESSAGE + '<signal id="sig" name="S"/>') == []


def test_a_loop_through_an_outside_handler_waits():
    body = WRONG["loop_without_wait"].replace("<script>out = 1</script>", "").replace("scriptTask", "serviceTask")
    body = body.replace('id="t"', 'id="t" d:handler="h.out"')
    handlers = {"h.out": {"inputs": [], "outputs": ["out"], "mode": "outside"}}
    assert linter.check({"p.bpmn": diagram(body)}, handlers=handlers) == []


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


@pytest.mark.parametrize("path", sorted(INTERCHANGE.glob("*.bpmn")), ids=lambda path: path.stem)
def test_diagrams_of_other_tools_are_judged_without_a_crash(path):
    problems = linter.check({"p.bpmn": path.read_bytes()})
    assert all(problem.message("de") and problem.remedy("en") for problem in problems)


def test_the_shipped_processes_pass():
    files = {path.name: path.read_bytes() for path in SHIPPED.glob("*.bpmn")}
    files |= {f"forms/{path.name}": path.read_bytes() for path in SHIPPED.glob("forms/*.json")}
    assert linter.check(files) == []


def test_every_text_exists_in_both_languages_with_the_same_placeholders():
    for kind, entries in texts.catalogue().items():
        for code, entry in entries.items():
            expected = {"de", "en"} if kind == "form" else {"de", "en", "remedy_de", "remedy_en"}
            assert set(entry) == expected, code
            places = [
                {name for _, name, _, _ in string.Formatter().parse(entry[part]) if name} for part in ("de", "en")
            ]
            assert places[0] == places[1], code
