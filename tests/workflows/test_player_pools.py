# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""Several processes in one play: pools that talk, processes that messages and signals start, errors."""

from __future__ import annotations

import json

import pytest

from tests import factories
from tests.workflows.conformance import drawing
from tests.workflows.walks import NOW, diagram
from workflows import player, player_scenario

TALK = (
    '<bpmn:message id="ask" name="ask"/><bpmn:message id="tell" name="tell"/><bpmn:signal id="all" name="all"/>'
    '<bpmn:error id="no" name="no" errorCode="NO"/>'
)
ASKS = """<start id="a1"/><throw id="a2"><message messageRef="ask"/></throw><u id="a3"/><catch id="a4"><message messageRef="tell"/></catch><end id="a5"/>
<f a="a1" b="a2"/><f a="a2" b="a3"/><f a="a3" b="a4"/><f a="a4" b="a5"/>"""
TELLS = """<start id="b1"><message messageRef="ask"/></start><u id="b2"/><end id="b3"><message messageRef="tell"/></end>
<f a="b1" b="b2"/><f a="b2" b="b3"/>"""


def both(first, second):
    """Two processes, p and q, in one file."""
    one, other = diagram(first, more=TALK).decode(), diagram(second, "q").decode()
    start = other.index("<bpmn:process")
    inner = other[start : other.index("</bpmn:definitions>")]
    return one.replace("</bpmn:definitions>", inner + "</bpmn:definitions>").encode()


def play(content, **scenario):
    read = player_scenario.read(json.dumps(scenario).encode())
    given = {"declared": {}, "calendar": factories.SimpleCalendar(), "now": NOW}
    result = player.play({"p.bpmn": content}, read, main="p.bpmn", **given)
    told = [problem.code for problem in result.problems if problem.code != "role_missing"]
    return result.outcome, [item.element for item in result.trace], told


def test_a_message_starts_the_other_process_and_the_answer_comes_back():
    outcome, passed, told = play(both(ASKS, TELLS), auto_complete=True)
    assert (outcome, told) == ("completed", [])
    assert passed == ["a1", "a2", "a3", "b1", "b2", "b3", "a4", "a5"]


def test_an_answer_that_comes_too_early_is_kept():
    outcome, _, told = play(both(ASKS, TELLS), steps=[{"complete": "b2"}, {"complete": "a3"}])
    assert (outcome, told) == ("completed", [])


def test_a_step_starts_what_a_message_starts():
    content = diagram(TELLS, more=TALK)
    assert play(content)[:2] == ("waiting", [])
    assert play(content, steps=[{"message": "ask"}, {"complete": "b2"}])[:2] == ("completed", ["b1", "b2", "b3"])


def test_a_signal_starts_as_often_as_it_comes():
    body = '<start id="s"><signal signalRef="all"/></start><u id="a"/><end id="e"/><f a="s" b="a"/><f a="a" b="e"/>'
    steps = [{"signal": "all"}, {"signal": "all"}, {"complete": "a"}, {"complete": "a"}]
    assert play(diagram(body, more=TALK), steps=steps)[:2] == ("completed", ["s", "s", "a", "e", "a", "e"])


FAILS = """<start id="s"/><s id="r"/><b id="bad" attachedToRef="r"><bpmn:errorEventDefinition errorRef="no"/></b><end id="e"/><end id="sorry"/>
<f a="s" b="r"/><f a="r" b="e"/><f a="bad" b="sorry"/>"""


def test_a_failing_activity_goes_the_way_of_its_error():
    content = diagram(FAILS, more=TALK)
    assert play(content, steps=[{"fail": "r", "error": "NO"}])[:2] == ("completed", ["s", "bad", "sorry"])
    outcome, passed, told = play(content, steps=[{"fail": "r", "error": "OTHER"}])
    assert (outcome, passed, told[-1]) == ("failed", ["s"], "step_failed")


def test_an_error_may_be_named_by_its_id():
    assert play(diagram(FAILS, more=TALK), steps=[{"fail": "r", "error": "no"}])[:2] == (
        "completed",
        ["s", "bad", "sorry"],
    )


def test_an_error_that_nobody_catches_fails_the_play():
    body = '<start id="s"/><end id="e"><bpmn:errorEventDefinition errorRef="no"/></end><f a="s" b="e"/>'
    outcome, _, told = play(diagram(body, more=TALK))
    assert (outcome, told) == ("failed", ["error_uncaught"])


def test_optional_steps_are_taken_once_each_and_the_rest_is_closed():
    body = """<start id="s"/><bpmn:adHocSubProcess id="free" name="Frei"><u id="x"/><u id="y"/></bpmn:adHocSubProcess><end id="e"/>
    <f a="s" b="free"/><f a="free" b="e"/>"""
    outcome, passed, _ = play(diagram(body), auto_complete=True)
    assert outcome == "completed"
    assert passed == ["s", "x", "y", "free", "e"]
    chosen = play(diagram(body), steps=[{"complete": "y"}, {"complete": "y"}, {"complete": "free"}])
    assert chosen[:2] == ("completed", ["s", "y", "y", "free", "e"])


def test_a_subprocess_that_an_event_starts_is_told_once():
    body = """<start id="s"/><u id="a"/><end id="e"/><sub id="on" triggeredByEvent="true"><start id="o1" isInterrupting="false"><message messageRef="ask"/></start>
    <u id="o2"/><end id="o3"/><f a="o1" b="o2"/><f a="o2" b="o3"/></sub><f a="s" b="a"/><f a="a" b="e"/>"""
    steps = [{"message": "ask"}, {"complete": "o2"}, {"message": "ask"}, {"complete": "o2"}, {"complete": "a"}]
    outcome, passed, told = play(diagram(body, more=TALK), steps=steps)
    assert (outcome, told) == ("completed", [])
    assert passed == ["s", "o1", "o2", "o3", "on", "o1", "o2", "o3", "on", "a", "e"]


ROOT = '<message id="m1" name="Brief"/>'


def drawn(flows, **bodies):
    """Pools with these processes, one that shows none, and message flows."""
    pools = "".join(f'<participant id="pool_{name}" processRef="{name}"/>' for name in bodies)
    processes = "".join(
        f'<process id="{name}" isExecutable="true">{drawing.long(body, name)}</process>'
        for name, body in bodies.items()
    )
    lines = "".join(
        f'<messageFlow id="f{number}" sourceRef="{source}" targetRef="{target}"/>'
        for number, (source, target) in enumerate(flows)
    )
    head = f'<collaboration id="c">{pools}<participant id="out"/>{lines}</collaboration>'
    return f"{drawing.HEAD}{ROOT}{head}{processes}</definitions>".encode()


SAYS = '<start id="s"/><sendTask id="x" messageRef="m1"/><end id="e"/>{s x e}'
HEARS = '<start id="{0}s"/>{1}<receiveTask id="{0}r" messageRef="m1"/><end id="{0}e"/>{{{0}s {2} {0}r {0}e}}'


@pytest.mark.parametrize("target", ["qr", "pool_q"])
@pytest.mark.parametrize("early", [False, True])
def test_a_message_goes_where_its_flow_leads_and_to_nobody_else(target, early):
    late = '<catch id="qt"><timer id="t"><timeDuration>PT1H</timeDuration></timer></catch>'
    q = HEARS.format("q", late, "qt") if early else HEARS.format("q", "", "")
    content = drawn([("x", target)], p=SAYS, q=q, r=HEARS.format("r", "", ""))
    outcome, passed, told = play(content, auto_complete=True)
    assert (outcome, told) == ("waiting", [])
    assert "qr" in passed
    assert "rr" not in passed


def test_a_message_to_a_pool_that_shows_no_process_leaves_the_house():
    outcome, passed, told = play(drawn([("x", "out")], p=SAYS, r=HEARS.format("r", "", "")), auto_complete=True)
    assert (outcome, told, "rr" in passed) == ("waiting", [], False)
