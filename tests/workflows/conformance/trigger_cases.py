# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""Events with several triggers: diagrams and the walks that show them."""

from __future__ import annotations

from tests.workflows.conformance.drawing import Case
from tests.workflows.conformance.event_cases import ASIDE, BASE
from tests.workflows.conformance.flow_cases import ERROR, ESCALATION, MESSAGE, SIGNAL

BOTH = MESSAGE + SIGNAL
HEARD = '<message id="d1" messageRef="msg"/><signal id="d2" signalRef="sig"/>'
CLOCKS = (
    '<timer id="d3"><timeDuration>P5D</timeDuration></timer><timer id="d4"><timeDuration>P2D</timeDuration></timer>'
)
FLOW = '<start id="s"/><user id="a"/><catch id="c"{}>{}</catch><user id="b"/><end id="e"/>{{s a c b e}}'
BORDER = '<start id="s"/><user id="a"/><border id="w" attachedToRef="a"{}>{}</border><user id="b"/><user id="k"/><end id="e"/>{{s a b e}}{{w k e}}'
ONE, ALL = "intermediateCatchEvent, messageEventDefinition", "intermediateCatchEvent.parallelMultiple"


def _first(name, came):
    return Case(
        f"an event with several triggers goes on with the first: {name}",
        ONE,
        FLOW.format("", HEARD + CLOCKS),
        steps=("a", came, "b"),
        seen=("a", "", "b", ""),
        root=BOTH,
        passed="c",
    )


TRIGGERS = (
    _first("message", ("!Brief", {"x": 1})),
    _first("signal", "?Neues"),
    _first("the earlier of two timers", "+2"),
    Case(
        "an event with several triggers goes on with the first: condition",
        "intermediateCatchEvent, conditionalEventDefinition",
        '<start id="s"/><and id="g"/><catch id="c"><conditional id="d5"><condition>x > 2</condition></conditional><conditional id="d6"><condition>x > 1</condition></conditional>'
        '<message id="d1" messageRef="msg"/></catch><user id="a"/><user id="b"/><end id="e"/>{s g c b e}{g a e}',
        steps=(("a", {"x": 2}), "b"),
        seen=("a", "b", ""),
        values="x",
        root=MESSAGE,
    ),
    Case(
        "an event with several triggers takes part in an event-based gateway with each of them",
        "eventBasedGateway, intermediateCatchEvent",
        f'<start id="s"/><either id="g"/><catch id="c">{HEARD}{CLOCKS}</catch><catch id="o"><timer id="d7"><timeDuration>P4D</timeDuration></timer></catch>'
        '<user id="a"/><user id="b"/><end id="e"/>{s g c a e}{g o b e}',
        steps=("+2", "a"),
        seen=("", "a", ""),
        root=BOTH,
        passed="c",
    ),
    Case(
        "an event that waits for all of its triggers goes on with the last, whatever their order",
        ALL,
        FLOW.format(' parallelMultiple="true"', HEARD + CLOCKS),
        steps=("a", "+2", "?Neues", ("!Brief", {"x": 1}), "+5", "b"),
        seen=("a", "", "", "", "", "b", ""),
        data={"x": 1},
        root=BOTH,
        passed="c",
    ),
    Case(
        "an event that waits for all of its triggers does so anew in each round",
        ALL,
        '<start id="s"/><xor id="m"/><catch id="c" parallelMultiple="true">'
        + HEARD
        + '</catch><user id="b"/><xor id="q" default="p_q_m"/><end id="e"/>{s m c b q e[x > 1]}{q m}',
        steps=("!Brief", "?Neues", ("b", {"x": 1}), "?Neues", "!Brief", ("b", {"x": 2})),
        seen=("", "", "b", "", "", "b", ""),
        root=BOTH,
        given={"x": 0},
        values="x",
    ),
    Case(
        "any of several triggers at a border interrupts",
        "boundaryEvent, boundaryEvent.cancelActivity",
        BORDER.format("", HEARD + CLOCKS),
        steps=("?Neues", "k"),
        seen=("a", "k", ""),
        root=BOTH,
        passed="w",
    ),
    Case(
        "any of several triggers at a border happens beside, a timer once, a message each time",
        "boundaryEvent, boundaryEvent.cancelActivity",
        BORDER.format(' cancelActivity="false"', HEARD + CLOCKS),
        steps=("+2", "!Brief", "!Brief", "+9", "k", "k", "k", "k", "a", "b"),
        seen=("a", "a k", "a k k", "a k k k", "a k k k k", "a k k k", "a k k", "a k", "a", "b", ""),
        root=BOTH,
    ),
    Case(
        "a border catches an error, an escalation or a message alike",
        "boundaryEvent, errorEventDefinition, escalationEventDefinition",
        '<start id="s"/><sub id="t"><start id="is"/><user id="i"/><end id="ie"><error id="d3" errorRef="err"/></end>{is i ie}</sub>'
        '<border id="w" attachedToRef="t"><error id="d4" errorRef="err"/><escalation id="d5" escalationRef="esc"/><message id="d6" messageRef="msg"/></border>'
        '<user id="a"/><user id="k"/><end id="e"/>{s t a e}{w k e}',
        steps=("i", "k"),
        seen=("i", "k", ""),
        root=ERROR + ESCALATION + MESSAGE,
    ),
    Case(
        "an event subprocess begins with any of its triggers",
        "subProcess.triggeredByEvent, startEvent.isInterrupting",
        BASE + ASIDE.format("", HEARD + CLOCKS),
        steps=("a", "?Neues", "h"),
        seen=("a", "b", "h", ""),
        root=BOTH,
        passed="es es_s h",
    ),
    Case(
        "an event subprocess begins beside with each of its triggers",
        "subProcess.triggeredByEvent, startEvent.isInterrupting",
        BASE + ASIDE.format(' isInterrupting="false"', HEARD + CLOCKS),
        steps=("?Neues", "!Brief", "+2", "a", "h", "h", "h", "b"),
        seen=("a", "a h", "a h h", "a h h h", "b h h h", "b h h", "b h", "b", ""),
        root=BOTH,
    ),
    Case(
        "an event with several triggers throws them all, in the order of the file",
        "intermediateThrowEvent, escalationEventDefinition",
        '<start id="s"/><sub id="t"><start id="is"/><throw id="o"><escalation id="d1" escalationRef="esc"/><signal id="d2" signalRef="sig"/></throw><user id="i"/><end id="ie"/>{is o i ie}</sub>'
        '<border id="w" attachedToRef="t" cancelActivity="false"><escalation id="d3" escalationRef="esc"/></border><border id="v" attachedToRef="t" cancelActivity="false"><signal id="d4" signalRef="sig"/></border>'
        '<user id="a"/><user id="k"/><user id="l"/><end id="e"/>{s t a e}{w k e}{v l e}',
        steps=("k", "l", "i", "a"),
        seen=("i k l", "i l", "i", "a", ""),
        root=ESCALATION + SIGNAL,
        passed="o",
    ),
    Case(
        "an end event with several triggers throws them all and then ends what it ends",
        "endEvent, terminateEventDefinition, signalEventDefinition",
        '<start id="s"/><and id="g"/><user id="a"/><end id="f"><terminate id="d1"/><signal id="d2" signalRef="sig"/></end><user id="b"/><end id="e"/>{s g b e}{g a f}'
        + ASIDE.format(' isInterrupting="false"', '<signal id="d3" signalRef="sig"/>'),
        steps=("a",),
        seen=("a b", ""),
        root=SIGNAL,
        passed="f es_s",
    ),
    Case(
        "an end event throws messages and an error",
        "endEvent, errorEventDefinition, messageEventDefinition",
        '<start id="s"/><sub id="t"><start id="is"/><user id="i"/><end id="ie"><error id="d1" errorRef="err"/><message id="d2" messageRef="msg"/></end>{is i ie}</sub>'
        '<border id="w" attachedToRef="t"><error id="d3" errorRef="err"/></border><user id="a"/><user id="k"/><end id="e"/>{s t a e}{w k e}',
        steps=("i", "k"),
        seen=("i", "k", ""),
        root=ERROR + MESSAGE,
    ),
)
