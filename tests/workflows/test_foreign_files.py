# ruff: noqa: E501  diagrams read best unbroken
"""Diagrams as other tools and people write them: what BPMN lets a file leave out or say in several ways is understood,
and what only another tool understands is told.
"""

from __future__ import annotations

import pytest

from tests import factories
from tests.workflows.walks import NOW
from workflows import linter, player, player_scenario

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:t="urn:them" xmlns:v="urn:vendor" targetNamespace="urn:them">'
)
MESSAGE = '<b:message id="m" name="Brief"/>'
ENDS = '<b:startEvent id="s"/><b:endEvent id="e"/>'


def flow(source, target, inside=""):
    return f'<b:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inside}</b:sequenceFlow>'


def file(body, root="", attributes=""):
    return f'{HEAD}{root}<b:process id="p" isExecutable="true" {attributes}>{ENDS}{body}</b:process></b:definitions>'


def chain(node, root=""):
    return file(f"{node}{flow('s', 'a')}{flow('a', 'e')}", root)


def play(content, **scenario):
    content = content if isinstance(content, bytes) else content.encode()
    files, given = {"p.bpmn": content}, {"declared": {}, "calendar": factories.SimpleCalendar(), "now": NOW}
    found = linter.check(files, lenient=player.LENIENT)
    scenario = player_scenario.Scenario(**{"auto_complete": True, **scenario})
    return player.play(files, scenario, main="p.bpmn", checked=found, **given)


def passed(result):
    assert result.outcome == "completed", [problem.message("en") for problem in result.problems]
    return " ".join(item.element for item in result.trace)


def step(kind, name, **values):
    return player_scenario.Step(kind, name, "steps[0]", values)


def test_flows_need_no_ids():
    bare = '<b:sequenceFlow sourceRef="{}" targetRef="{}"/>'
    body = '<b:task id="a"/>' + bare.format("s", "a") + bare.format("a", "e") + bare.format("a", "e")
    assert passed(play(file(body))) == "s a e e"


def test_references_may_be_qualified():
    border = (
        '<b:boundaryEvent id="w" attachedToRef="t:a"><b:messageEventDefinition messageRef="t:m"/></b:boundaryEvent>'
    )
    content = chain(f'<b:userTask id="a"/>{border}<b:endEvent id="we"/>{flow("w", "we")}', MESSAGE)
    assert passed(play(content, auto_complete=False, steps=(step("message", "Brief"),))) == "s w we"


def test_a_message_without_a_name_is_known_by_its_id():
    content = chain('<b:receiveTask id="a" messageRef="m"/>', '<b:message id="m"/>')
    assert passed(play(content, steps=(step("message", "m"),))) == "s a e"


@pytest.mark.parametrize("reference", ["shared", "t:shared"])
def test_events_share_definitions(reference):
    shared = '<b:timerEventDefinition id="shared"><b:timeDuration>PT1H</b:timeDuration></b:timerEventDefinition>'
    event = f"<b:intermediateCatchEvent id='{{}}'><b:eventDefinitionRef>{reference}</b:eventDefinitionRef></b:intermediateCatchEvent>"
    result = play(
        file(event.format("a") + event.format("b") + flow("s", "a") + flow("a", "b") + flow("b", "e"), shared)
    )
    assert passed(result) == "s a b e"
    assert result.trace[-1].at == "2004-01-05T10:00:00+00:00"


def test_a_reference_to_a_definition_that_does_not_exist_is_refused_at_its_event():
    result = play(
        chain(
            '<b:intermediateCatchEvent id="a"><b:eventDefinitionRef>gone</b:eventDefinitionRef></b:intermediateCatchEvent>'
        )
    )
    assert ("a", "refused_reference_event") in {(problem.element, problem.code) for problem in result.problems}


def test_what_is_shared_too_often_is_refused():
    shared = (
        f'<b:conditionalEventDefinition id="c"><b:condition>{"x" * 50_000}</b:condition></b:conditionalEventDefinition>'
    )
    events = "".join(
        f'<b:intermediateCatchEvent id="a{n}"><b:eventDefinitionRef>c</b:eventDefinitionRef></b:intermediateCatchEvent>'
        for n in range(100)
    )
    assert [problem.code for problem in play(file(events, shared)).problems] == ["file_too_large"]


def test_warnings_never_hide_what_is_wrong():
    crowd = "".join(
        f'<b:userTask id="u{n}" xmlns:v{n}="urn:{n}" v{n}:a="1"/>{flow("s", f"u{n}")}{flow(f"u{n}", "e")}'
        for n in range(600)
    )
    result = play(file(f'{crowd}<b:task id="a"><b:completionQuantity/></b:task>{flow("s", "a")}{flow("a", "e")}'))
    assert result.outcome == "refused"


def test_data_that_is_only_drawn_is_told_and_copies_nothing():
    data = '<b:dataObjectReference id="r" dataObjectRef="o" name="Akte"/><b:dataObject id="o"/>'
    reads = '<b:property id="x" name="__targetRef_placeholder"/><b:dataInputAssociation id="i"><b:sourceRef>r</b:sourceRef><b:targetRef>x</b:targetRef></b:dataInputAssociation>'
    gives = '<b:dataOutputAssociation id="g"><b:targetRef>r</b:targetRef></b:dataOutputAssociation>'
    result = play(chain(f'{data}<b:userTask id="a">{reads}{gives}</b:userTask>'))
    assert passed(result) == "s a e"
    assert [problem.element for problem in result.problems if problem.code == "association_idle"] == ["a", "a"]


@pytest.mark.parametrize(
    "node",
    [
        '<b:userTask id="a" v:assignee="kim"/>',
        '<b:userTask id="a"><b:extensionElements><v:form key="f"/></b:extensionElements></b:userTask>',
        '<b:userTask id="a"/><v:robot id="r"/>',
    ],
    ids=["an attribute", "an extension", "a node"],
)
def test_what_another_tool_noted_is_told_to_have_no_effect(node):
    result = play(chain(node))
    assert passed(result) == "s a e"
    told = [problem for problem in result.problems if problem.code == "foreign_no_effect"]
    assert [(problem.element, problem.severity, problem.values["value"]) for problem in told] == [
        ("a", "warning", "urn:vendor")
    ]


@pytest.mark.parametrize(
    ("condition", "told"),
    [("${x > 1}", "${...}"), ("#{x}", "#{...}"), ("=x > 1", "FEEL"), ("x >", "not spelt correctly")],
)
def test_conditions_of_other_tools_are_refused_for_what_they_are(condition, told):
    way = f'<b:conditionExpression xsi:type="b:tFormalExpression"><![CDATA[{condition}]]></b:conditionExpression>'
    body = f'<b:exclusiveGateway id="g" default="g_e"/><b:task id="a"/>{flow("s", "g")}{flow("g", "a", way)}{flow("g", "e")}{flow("a", "e")}'
    (problem,) = [problem for problem in play(file(body)).problems if problem.severity == "error"]
    assert (problem.element, problem.code) == ("g_a", "expression_invalid")
    assert told in problem.message("en")


@pytest.mark.parametrize(
    ("encoding", "name"), [("utf-16", "UTF-16"), ("latin-1", "ISO-8859-1"), ("utf-8-sig", "UTF-8")]
)
def test_files_may_be_encoded_as_they_say(encoding, name):
    content = chain('<b:task id="a" name="Prüfung"/>').replace("UTF-8", name).encode(encoding)
    assert play(content).trace[1].name == "Prüfung"
