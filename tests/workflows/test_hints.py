"""Hints of style: what a careful colleague would remark about a drawing that runs."""

from __future__ import annotations

import pytest
from lxml import etree

from workflows import hints, markup

STEP = '<userTask id="t" name="Antrag prüfen" d:form="f" d:deadline="P1D" d:nameEn="Check" d:purpose="Prüfen" />'


def found(body: str, told=frozenset()):
    spaces = f'xmlns="{markup.BPMN_NS}" xmlns:d="{markup.OWN_NS}"'
    text = f'<definitions {spaces}><process id="p">{body}</process></definitions>'
    root = etree.fromstring(text)
    return [(one.element, one.code) for one in hints.find(root, file="p.bpmn", staffed=frozenset({"KS"}), told=told)]


def flow(name: str, source: str, target: str, label: str = "") -> str:
    return f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}" name="{label}" />'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (STEP, []),
        ('<userTask id="t" d:form="f" d:deadline="P1D" d:purpose="x" />', [("t", "task_unnamed")]),
        (STEP.replace("Antrag prüfen", "Antragsprüfung"), [("t", "task_no_verb")]),
        (STEP.replace("prüfen", "und " * 20 + "prüfen"), [("t", "name_long")]),
        (STEP.replace('d:form="f"', ""), [("t", "form_absent")]),
        (STEP.replace('d:deadline="P1D"', ""), [("t", "deadline_absent")]),
        (STEP.replace('d:nameEn="Check"', ""), [("t", "english_absent")]),
        (STEP.replace('d:purpose="Prüfen"', ""), [("t", "purpose_absent")]),
        ('<serviceTask id="s" name="Route vorschlagen" d:data="core" d:purpose=" " />', [("s", "purpose_absent")]),
        ('<serviceTask id="s" name="Route vorschlagen" />', []),
        ('<receiveTask id="r" name="Antwort abwarten" />', [("r", "wait_without_timer")]),
        ('<laneSet><lane id="l"><flowNodeRef>t</flowNodeRef></lane></laneSet>', [("l", "lane_without_role")]),
        (
            '<laneSet><lane id="l" d:role="VM"><flowNodeRef>t</flowNodeRef></lane></laneSet>',
            [("l", "lane_without_staff")],
        ),
        ('<laneSet><lane id="l" d:role="KS" /></laneSet>', [("l", "lane_empty")]),
    ],
)
def test_each_hint_names_its_element(body, expected):
    assert found(body) == expected


def test_decisions_bear_a_question_and_their_ways_answers():
    ways = flow("f1", "g", "a", "ja") + flow("f2", "g", "b")
    assert found(f'<exclusiveGateway id="g" />{ways}') == [("g", "gateway_unnamed"), ("f2", "flow_unnamed")]
    assert found('<exclusiveGateway id="g" />' + flow("f1", "g", "a")) == []


def test_a_clock_beside_a_wait_is_enough():
    timer = "<timerEventDefinition />"
    border = f'<boundaryEvent id="b" attachedToRef="t">{timer}</boundaryEvent>'
    assert found(STEP.replace('d:deadline="P1D"', "") + border) == []
    race = (
        '<eventBasedGateway id="g" />'
        '<intermediateCatchEvent id="m"><messageEventDefinition /></intermediateCatchEvent>'
        f'<intermediateCatchEvent id="c">{timer}</intermediateCatchEvent>'
    )
    assert found(race + flow("f1", "g", "m") + flow("f2", "g", "c")) == []
    assert found(race + flow("f1", "g", "m")) == [("m", "wait_without_timer")]


def test_what_has_an_error_is_not_told_to_be_ugly():
    assert found('<userTask id="t" />', told=frozenset({"t"})) == []
