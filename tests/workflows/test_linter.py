"""The linter: one diagram for each thing that it refuses, and the ones that it must let pass."""

from __future__ import annotations

import pytest

from tests.workflows.drawings import END, MESSAGE, START, TASK, TIMER, chain, choice, codes, diagram, flow, lint
from workflows import linter


def test_a_plain_diagram_passes():
    assert lint(chain(TASK)) == []


def test_what_other_tools_add_is_told_and_left_alone():
    body = chain(
        '<userTask id="a" name="A" d:role="KS" other:assignee="x"><documentation>Text</documentation>'
        "<extensionElements><other:form><other:field/></other:form></extensionElements><other:odd/></userTask>"
    )
    assert [(problem.code, problem.severity) for problem in lint(body)] == [("foreign_no_effect", "warning")]


EVENT_SUBPROCESS = (
    '<subProcess id="t" triggeredByEvent="true"><startEvent id="ts">{}</startEvent><endEvent id="te"/>'
    + flow(99, "ts", "te")
    + "</subProcess>"
)
WRONG = {
    # words
    "element_unknown": chain(TASK, after='<rendering id="c"/>'),
    "element_misplaced": chain(TASK, after='<timeDate id="c"/>'),
    "attribute_unknown": chain('<userTask id="a" d:role="KS" renderings="x"/>'),
    "attribute_value": chain('<userTask id="a" d:role="KS" startQuantity="2"/>'),
    "own_attribute_unknown": chain('<userTask id="a" d:role="KS" d:handler="h.run"/>'),
    "refused_complex_gateway": chain(TASK, after='<complexGateway id="t"/>'),
    "refused_data_store": chain(
        '<userTask id="a" d:role="KS"><property id="t"/><dataInputAssociation><sourceRef>ds</sourceRef>'
        "<targetRef>t</targetRef></dataInputAssociation></userTask>",
        after='<dataStoreReference id="ds"/>',
    ),
    "refused_resource": chain('<userTask id="a" d:role="KS"><potentialOwner id="x"/></userTask>'),
    "refused_reference_event": chain(
        '<intermediateCatchEvent id="a"><eventDefinitionRef>x</eventDefinitionRef></intermediateCatchEvent>'
    ),
    "refused_parallel_events": chain(
        TASK,
        after='<boundaryEvent id="b" attachedToRef="a" parallelMultiple="true">'
        + TIMER.format("P1D") * 2
        + "</boundaryEvent>"
        + flow(9, "b", "e"),
    ),
    "start_timer_personal": chain(TASK).replace(START, f'<startEvent id="s">{TIMER.format("P1D")}</startEvent>'),
    "refused_start_conditional": chain(TASK).replace(
        START,
        '<startEvent id="s"><conditionalEventDefinition><condition>1</condition></conditionalEventDefinition>'
        "</startEvent>",
    ),
    "event_kind": chain('<intermediateCatchEvent id="a"><errorEventDefinition/></intermediateCatchEvent>'),
    # ids and references
    "id_missing": chain(TASK, after='<userTask d:role="KS"/>'),
    "id_twice": chain(TASK, after=TASK),
    "id_invalid": chain('<userTask id="gro/ss" d:role="KS"/>'),
    "id_reserved": chain(TASK).replace('"a"', '"End"'),
    "reference_missing": chain(TASK, after='<dataObjectReference id="d" dataObjectRef="gone"/>'),
    "flow_open": chain(TASK, after=flow(9, "a", "gone")),
    "flow_crosses": chain(
        TASK, '<subProcess id="t"><startEvent id="is"/><endEvent id="ie"/>' + flow(8, "is", "ie") + "</subProcess>"
    ).replace('targetRef="t"', 'targetRef="ie"'),
    "lane_twice": '<laneSet id="ls"><lane id="l1"><flowNodeRef>a</flowNodeRef></lane>'
    '<lane id="l2"><flowNodeRef>a</flowNodeRef></lane></laneSet>' + chain(TASK),
    # structure
    "start_missing": chain(TASK).replace(START, "").replace(flow(0, "s", "a"), ""),
    "start_several": chain(
        '<subProcess id="a"><startEvent id="is"/><startEvent id="it"/><endEvent id="ie"/>'
        + flow(8, "is", "ie")
        + flow(9, "it", "ie")
        + "</subProcess>"
    ),
    "end_missing": chain(TASK).replace(END, "").replace(flow(1, "a", "e"), ""),
    "start_entered": chain(TASK, after=flow(9, "a", "s")),
    "end_left": chain(TASK, after=flow(9, "e", "a")),
    "event_empty": chain('<intermediateCatchEvent id="a"/>'),
    "event_several": chain(
        f'<adHocSubProcess id="a" d:role="KS"><task id="t"/><intermediateCatchEvent id="u">{TIMER.format("P1D") * 2}'
        "</intermediateCatchEvent></adHocSubProcess>"
    ),
    "event_too_many": chain(f'<intermediateCatchEvent id="a">{TIMER.format("P1D") * 25}</intermediateCatchEvent>'),
    "event_alone_link": chain(
        f'<intermediateCatchEvent id="a">{TIMER.format("P1D")}<linkEventDefinition name="L"/></intermediateCatchEvent>'
    ),
    "event_alone_compensate": chain(
        TASK,
        after=f'<boundaryEvent id="b" attachedToRef="a">{TIMER.format("P1D")}<compensateEventDefinition/>'
        "</boundaryEvent>" + flow(9, "b", "e"),
    ),
    "event_ends_twice": chain(TASK).replace(
        END, '<endEvent id="e"><terminateEventDefinition/><errorEventDefinition/></endEvent>'
    ),
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
    "flow_conditional": chain(TASK).replace(flow(0, "s", "a"), flow(0, "s", "a", "1 == 1")),
    "start_trigger": chain(TASK).replace(START, '<startEvent id="s"><errorEventDefinition/></startEvent>'),
    "start_interrupting": chain(TASK).replace(START, '<startEvent id="s" isInterrupting="false"/>'),
    "event_start_plain": chain(TASK, after=EVENT_SUBPROCESS.format("")),
    "event_subprocess_flow": chain(
        TASK, after=EVENT_SUBPROCESS.format('<errorEventDefinition id="ed"/>') + flow(9, "a", "t")
    ),
    "event_subprocess_loop": chain(
        TASK,
        after=EVENT_SUBPROCESS.format("").replace(
            "<startEvent", '<standardLoopCharacteristics loopMaximum="2"/><startEvent'
        ),
    ),
    "ad_hoc_event": chain('<adHocSubProcess id="a" d:role="KS"><startEvent id="z"/></adHocSubProcess>'),
    "condition_absent": chain('<intermediateCatchEvent id="a"><conditionalEventDefinition/></intermediateCatchEvent>'),
    "error_goes_on": chain(
        TASK,
        after='<boundaryEvent id="b" attachedToRef="a" cancelActivity="false"><errorEventDefinition/></boundaryEvent>'
        + flow(9, "b", "e"),
    ),
    "instantiate_entered": chain('<receiveTask id="a" instantiate="true"/>'),
    "instantiate_target": '<eventBasedGateway id="g" instantiate="true"/>'
    + "".join(f'<intermediateCatchEvent id="t{n}">{TIMER.format("P1D")}</intermediateCatchEvent>' for n in "12")
    + END
    + flow(1, "g", "t1")
    + flow(2, "g", "t2")
    + flow(3, "t1", "e")
    + flow(4, "t2", "e"),
    "link_unnamed": chain('<intermediateThrowEvent id="a"><linkEventDefinition/></intermediateThrowEvent>'),
    "link_loose": chain('<intermediateThrowEvent id="a"><linkEventDefinition name="L"/></intermediateThrowEvent>'),
    "link_flow": chain('<intermediateThrowEvent id="a"><linkEventDefinition name="L"/></intermediateThrowEvent>'),
    "link_twice": chain(
        TASK,
        after="".join(
            f'<intermediateCatchEvent id="l{n}"><linkEventDefinition name="L"/></intermediateCatchEvent>' for n in "12"
        )
        + flow(8, "l1", "e")
        + flow(9, "l2", "e"),
    ),
    "code_missing": chain(TASK).replace(END, '<endEvent id="e"><errorEventDefinition/></endEvent>'),
    "loop_twice": chain(
        '<userTask id="a" d:role="KS"><standardLoopCharacteristics loopMaximum="2"/><multiInstanceLoopCharacteristics>'
        "<loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>"
    ),
    "instances_output": chain(
        '<userTask id="a" d:role="KS"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>'
        '<outputDataItem id="do" name="out"/></multiInstanceLoopCharacteristics></userTask>'
    ),
    "event_gateway_ways": chain(
        '<eventBasedGateway id="g"/>', f'<intermediateCatchEvent id="t">{TIMER.format("P1D")}</intermediateCatchEvent>'
    ),
    "event_gateway_target": choice(flow(2, "g", "a"), flow(3, "g", "b"), kind="eventBasedGateway"),
    "gateway_direction": choice(
        flow(2, "g", "a", "1"), flow(3, "g", "b"), attributes=' default="f3" gatewayDirection="Converging"'
    ),
    "dead_end": chain(TASK, after='<userTask id="b" d:role="KS"/>'),
    "unreachable": chain(TASK, after='<userTask id="b" d:role="KS"/>' + flow(9, "b", "e")),
    "loop_without_wait": START
    + '<exclusiveGateway id="m"/><task id="t"/><exclusiveGateway id="g" default="f9"/>'
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


def test_four_eyes_are_asked_for_by_known_words_only():
    assert codes(lint(chain('<userTask id="a" d:role="KS" d:fourEyes="money honour"/>'))) == {"own_value"}
    assert not codes(lint(chain('<userTask id="a" d:role="KS" d:fourEyes="money rights"/>')))


@pytest.mark.parametrize(("code", "body"), WRONG.items(), ids=WRONG)
def test_it_is_refused_with_element_reason_and_way_out(code, body):
    found = [problem for problem in lint(body) if problem.code == code]
    assert found, codes(lint(body))
    assert all(problem.element for problem in found)
    assert all(problem.message(locale) and problem.remedy(locale) for problem in found for locale in ("de", "en"))


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
    body = WRONG["loop_without_wait"].replace('<task id="t"/>', '<serviceTask id="t" d:handler="h.out"/>')
    handlers = {"h.out": {"inputs": [], "outputs": ["out"], "mode": "outside"}}
    assert linter.check({"p.bpmn": diagram(body)}, handlers=handlers) == []


def test_what_designers_set_is_called_as_they_see_it():
    found = lint(chain('<userTask id="a" d:role="KS" d:waitsFor="nobody"/>'))
    (problem,) = [one for one in found if one.code == "own_value"]
    assert problem.message("de") == "Bei „Wartet auf“ ist die Angabe „nobody“ nicht möglich."
    assert problem.message("en") == "For “Waits for”, “nobody” is not possible."
    (unknown,) = [one for one in lint(chain('<userTask id="a" d:role="KS" d:odd="1"/>')) if "own" in one.code]
    assert "„d:odd“" in unknown.message("de")
