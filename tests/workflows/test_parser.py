"""The parser: what it makes of a diagram's own attributes, lanes, calls and gateways."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from SpiffWorkflow.util.task import TaskState

from tests import factories
from workflows import clock, parser, serializer
from workflows.errors import ExpressionInvalid

NOW = datetime(2004, 1, 5, 9, tzinfo=UTC)
HEAD = (
    '<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:d="https://drehscheibe.example/bpmn/1">'
)
TASKS = (
    '<b:process id="p" isExecutable="true"><b:laneSet id="ls"><b:lane id="l1" name="Leitung" d:role="=lead">'
    '<b:flowNodeRef>a</b:flowNodeRef><b:flowNodeRef>t</b:flowNodeRef><b:childLaneSet id="cl"><b:lane id="l2" '
    'name="Innen" d:role="KS"><b:flowNodeRef>a</b:flowNodeRef></b:lane></b:childLaneSet></b:lane></b:laneSet>'
    '<b:startEvent id="s"/><b:userTask id="a" name="Erfassen"'
    ' d:nameEn="Record" d:form="intake" d:deadline="werktage(5)" '
    'd:waitsFor="client" d:priority="70" d:distinctFrom="b"/><b:subProcess id="t"><b:startEvent id="ts"/>'
    '<b:manualTask id="inner"/><b:endEvent id="te"/><b:sequenceFlow id="t1" sourceRef="ts" targetRef="inner"/>'
    '<b:sequenceFlow id="t2" sourceRef="inner" targetRef="te"/></b:subProcess><b:userTask id="b" d:role="FM"/>'
    '<b:serviceTask id="h" d:handler="h.run"/><b:endEvent id="e"/><b:sequenceFlow id="f1" sourceRef="s" targetRef="a"/>'
    '<b:sequenceFlow id="f2" sourceRef="a" targetRef="t"/><b:sequenceFlow id="f3" sourceRef="t" targetRef="b"/>'
    '<b:sequenceFlow id="f4" sourceRef="b" targetRef="h"/>'
    '<b:sequenceFlow id="f5" sourceRef="h" targetRef="e"/></b:process>'
)
CALLED = (
    '<b:process id="q" isExecutable="true"><b:startEvent id="s"/><b:endEvent id="e" name="Ende von q"/>'
    '<b:sequenceFlow id="f" sourceRef="s" targetRef="e"/></b:process>'
)
CALLING = (
    '<b:process id="p" isExecutable="true"><b:startEvent id="s"/><b:callActivity id="c" calledElement="q"/>'
    '<b:endEvent id="e" name="Ende von p"/><b:sequenceFlow id="f1" sourceRef="s" targetRef="c"/>'
    '<b:sequenceFlow id="f2" sourceRef="c" targetRef="e"/></b:process>'
)


def parse(**bodies):
    return parser.parse({f"{name}.bpmn": f"{HEAD}{body}</b:definitions>".encode() for name, body in bodies.items()})


def start(parsed, **values):
    workflow = serializer.fresh(parsed)
    workflow.get_next_task(spec_name="Start").set_data(**values)
    with clock.at(NOW, factories.environment().calendar):
        workflow.do_engine_steps()
    return workflow


def test_an_element_carries_what_the_diagram_says():
    info = parse(p=TASKS)["p"].elements["a"]
    assert (info.name, info.name_en, info.kind, info.form) == ("Erfassen", "Record", "userTask", "intake")
    assert (info.deadline, info.waits_for, info.priority, info.distinct_from) == ("werktage(5)", "client", 70, "b")


def test_the_role_is_the_own_one_or_that_of_the_innermost_lane_also_around_a_subprocess():
    parsed = parse(p=TASKS)["p"]
    roles = {name: parsed.elements[name].role for name in ("a", "inner", "b")}
    assert roles == {"a": "KS", "inner": "=lead", "b": "FM"}
    assert parsed.info("t", "inner").process == "p"
    assert parsed.info("p", "inner") is None


def test_calls_across_files_bring_the_called_process_along():
    parsed = parse(one=CALLING, two=CALLED)
    assert set(parsed) == {"p", "q"}
    assert set(parsed["p"].subprocesses) == {"q"}
    assert parsed["p"].processes == {"p", "q"}
    assert parsed["p"].elements["e"].name == "Ende von p"
    assert parsed["p"].info("q", "e").name == "Ende von q"
    assert start(parsed["p"]).completed


def test_only_the_process_asked_for_needs_its_calls():
    parsed = parser.parse(
        {"two.bpmn": f"{HEAD}{CALLED}{CALLING.replace('p', 'p', 1)}</b:definitions>".encode()}, process="q"
    )
    assert set(parsed) == {"q"}


def test_a_service_task_waits_for_its_host():
    workflow = start(parse(p=TASKS.replace('targetRef="a"', 'targetRef="h"', 1))["p"])
    (task,) = workflow.get_tasks(state=TaskState.STARTED)
    assert task.task_spec.bpmn_id == "h"
    task.complete()
    workflow.do_engine_steps()
    assert workflow.completed


def test_conditions_are_tried_in_the_order_of_the_file_wherever_their_targets_are_drawn():
    body = (
        '<b:process id="p" isExecutable="true"><b:startEvent id="s"/><b:exclusiveGateway id="g"/>'
        '<b:userTask id="low"/><b:userTask id="high"/><b:endEvent id="e"/>'
        '<b:sequenceFlow id="f0" sourceRef="s" targetRef="g"/>'
        '<b:sequenceFlow id="f1" sourceRef="g" targetRef="low">'
        "<b:conditionExpression>x &gt; 1</b:conditionExpression></b:sequenceFlow>"
        '<b:sequenceFlow id="f2" sourceRef="g" targetRef="high">'
        "<b:conditionExpression>x &gt; 0</b:conditionExpression></b:sequenceFlow>"
        '<b:sequenceFlow id="f3" sourceRef="low" targetRef="e"/>'
        '<b:sequenceFlow id="f4" sourceRef="high" targetRef="e"/>'
        '</b:process><i:BPMNDiagram xmlns:i="http://www.omg.org/spec/BPMN/20100524/DI"'
        ' xmlns:c="http://www.omg.org/spec/DD/20100524/DC">'
        '<i:BPMNShape bpmnElement="low"><c:Bounds x="0" y="900"/></i:BPMNShape>'
        '<i:BPMNShape bpmnElement="high"><c:Bounds x="0" y="1"/></i:BPMNShape></i:BPMNDiagram>'
    )
    workflow = start(parse(p=body)["p"], x=5)
    assert [task.task_spec.name for task in workflow.get_tasks(state=TaskState.READY)] == ["low"]


@pytest.mark.parametrize("count", ["1.5", "-1", "1001", "'3'", "True", "[1]", "None"])
@pytest.mark.parametrize("sequential", ["true", "false"])
def test_a_count_of_instances_that_is_none_is_refused(count, sequential):
    several = (
        f'<b:userTask id="a"><b:multiInstanceLoopCharacteristics isSequential="{sequential}"><b:loopCardinality>{count}'
        "</b:loopCardinality></b:multiInstanceLoopCharacteristics></b:userTask>"
    )
    body = CALLING.replace('<b:callActivity id="c" calledElement="q"/>', several).replace('"c"', '"a"')
    with pytest.raises(ExpressionInvalid) as refused:
        start(parse(p=body)["p"])
    assert refused.value.code == "count"


def test_a_signal_end_event_is_thrown():
    body = (
        '<b:signal id="sig" name="Neu"/><b:process id="p" isExecutable="true"><b:startEvent id="s"/><b:endEvent id="e">'
        '<b:signalEventDefinition signalRef="sig"/></b:endEvent>'
        '<b:sequenceFlow id="f" sourceRef="s" targetRef="e"/></b:process>'
    )
    workflow = start(parse(p=body)["p"])
    assert [event.event_definition.name for event in workflow.get_events()] == ["Neu"]


def test_a_script_assigns_by_expressions():
    body = (
        '<b:process id="p" isExecutable="true"><b:startEvent'
        ' id="s"/><b:scriptTask id="t"><b:script>a = b + 1\nc = a * 2'
        '</b:script></b:scriptTask><b:endEvent id="e"/><b:sequenceFlow id="f1" sourceRef="s" targetRef="t"/>'
        '<b:sequenceFlow id="f2" sourceRef="t" targetRef="e"/></b:process>'
    )
    workflow = start(parse(p=body)["p"], b=1)
    assert (workflow.data["a"], workflow.data["c"]) == (2, 4)


def test_a_long_chain_is_parsed():
    count = 900
    nodes = "".join(
        f'<b:userTask id="t{n}"/><b:sequenceFlow id="f{n}" sourceRef="t{n}" targetRef="t{n + 1}"/>'
        for n in range(count)
    )
    body = (
        '<b:process id="p" isExecutable="true"><b:startEvent id="s"/>'
        '<b:sequenceFlow id="f" sourceRef="s" targetRef="t0"/>'
        f'{nodes}<b:userTask id="t{count}"/><b:sequenceFlow id="g"'
        f' sourceRef="t{count}" targetRef="e"/><b:endEvent id="e"/></b:process>'
    )
    assert len(parse(p=body)["p"].elements) == count + 3
