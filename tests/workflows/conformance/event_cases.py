# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""Event subprocesses and conditions: diagrams and the walks that show them."""

from __future__ import annotations

from tests.workflows.conformance.drawing import Case
from tests.workflows.conformance.flow_cases import ERROR, ESCALATION, INNER, MESSAGE, SIGNAL

ASIDE = '<subProcess id="es" triggeredByEvent="true"><start id="es_s"{}>{}</start><user id="h"/><end id="es_e"/>{{es_s h es_e}}</subProcess>'
BASE = '<start id="s"/><user id="a"/><user id="b"/><end id="e"/>{s a b e}'
EVENT_SUBPROCESSES = (
    Case(
        "an interrupting event subprocess ends all else in its scope: message",
        "subProcess.triggeredByEvent, startEvent.isInterrupting, messageEventDefinition",
        BASE + ASIDE.format("", '<message id="d1" messageRef="msg"/>'),
        steps=(("a", {"x": 1}), ("!Brief", {"y": 2}), "h"),
        seen=("a", "b", "h", ""),
        data={"x": 1, "y": 2},
        root=MESSAGE,
        passed="es es_s h",
    ),
    Case(
        "a non-interrupting event subprocess runs beside, as often as the event comes: message",
        "subProcess.triggeredByEvent, startEvent.isInterrupting, messageEventDefinition",
        BASE + ASIDE.format(' isInterrupting="false"', '<message id="d1" messageRef="msg"/>'),
        steps=(("a", {"x": 1}), ("!Brief", {"y": 2}), "!Brief", "h", "b", ("h", {"z": 3})),
        seen=("a", "b", "b h", "b h h", "b h", "h", ""),
        data={"x": 1, "y": 2, "z": 3},
        root=MESSAGE,
    ),
    Case(
        "an event subprocess that nothing triggers lets its scope end",
        "subProcess.triggeredByEvent",
        BASE + ASIDE.format("", '<message id="d1" messageRef="msg"/>'),
        steps=("a", "b"),
        seen=("a", "b", ""),
        root=MESSAGE,
    ),
    Case(
        "an event subprocess is triggered by a timer, once",
        "subProcess.triggeredByEvent, timerEventDefinition.timeDuration",
        BASE + ASIDE.format(' isInterrupting="false"', '<timer id="d1"><timeDuration>P3D</timeDuration></timer>'),
        steps=("+2", "+2", "+9", "a", "h", "b"),
        seen=("a", "a", "a h", "a h", "b h", "b", ""),
    ),
    Case(
        "an event subprocess is triggered by a timer again and again",
        "timerEventDefinition.timeCycle",
        BASE + ASIDE.format(' isInterrupting="false"', '<timer id="d1"><timeCycle>R2/P3D</timeCycle></timer>'),
        steps=("+3", "+9", "+9", "a", "b", "h", "h"),
        seen=("a", "a h", "a h h", "a h h", "b h h", "h h", "h", ""),
    ),
    Case(
        "an interrupting event subprocess is triggered by a timer",
        "timerEventDefinition",
        BASE + ASIDE.format("", '<timer id="d1"><timeDuration>P3D</timeDuration></timer>'),
        steps=("a", "+3", "h"),
        seen=("a", "b", "h", ""),
    ),
    Case(
        "an event subprocess is triggered by a signal",
        "signalEventDefinition",
        BASE + ASIDE.format("", '<signal id="d1" signalRef="sig"/>'),
        steps=("?Neues", "h"),
        seen=("a", "h", ""),
        root=SIGNAL,
    ),
    Case(
        "an event subprocess answers an error of its scope, from however deep inside",
        "errorEventDefinition, subProcess.triggeredByEvent",
        '<start id="s"/><and id="g"/><user id="b"/><call id="c" calledElement="q"/><end id="e"/>{s g b e}{g c e}'
        + ASIDE.format("", '<error id="d1" errorRef="err"/>'),
        steps=(("i", {"x": 4}), "h"),
        seen=("b i", "h", ""),
        data={"x": 4},
        root=ERROR,
        called={"q": '<start id="is"/><user id="i"/><end id="ie"><error id="d3" errorRef="err"/></end>{is i ie}'},
    ),
    Case(
        "an event subprocess answers an escalation and its scope goes on",
        "escalationEventDefinition, startEvent.isInterrupting",
        '<start id="s"/><user id="a"/><throw id="t"><escalation id="d2" escalationRef="esc"/></throw><user id="b"/><end id="e"/>{s a t b e}'
        + ASIDE.format(' isInterrupting="false"', '<escalation id="d1" escalationRef="esc"/>'),
        steps=("a", "h", "b"),
        seen=("a", "b h", "b", ""),
        root=ESCALATION,
    ),
    Case(
        "an event subprocess is triggered by a condition",
        "conditionalEventDefinition, conditionalEventDefinition.condition",
        BASE + ASIDE.format("", '<conditional id="d1"><condition>x > 2</condition></conditional>'),
        steps=(("a", {"x": 3}), "h"),
        seen=("a", "h", ""),
        values="x",
    ),
    Case(
        "an event subprocess inside a subprocess ends only that one",
        "subProcess.triggeredByEvent",
        '<start id="s"/><sub id="t">'
        + INNER
        + ASIDE.format("", '<message id="d1" messageRef="msg"/>')
        + '</sub><user id="a"/><end id="e"/>{s t a e}',
        steps=("!Brief", "h", "a"),
        seen=("i", "h", "a", ""),
        root=MESSAGE,
    ),
    Case(
        "a terminate end event in an event subprocess ends only that one",
        "terminateEventDefinition",
        BASE
        + '<subProcess id="es" triggeredByEvent="true"><start id="es_s" isInterrupting="false"><message id="d1" messageRef="msg"/></start>'
        '<and id="g"/><user id="h"/><user id="k"/><end id="es_e"><terminate id="d2"/></end>{es_s g h es_e}{g k es_e}</subProcess>',
        steps=("!Brief", "h", "a", "b"),
        seen=("a", "a h k", "a", "b", ""),
        root=MESSAGE,
    ),
)
CONDITIONS = (
    Case(
        "an event waits until its condition becomes true, whoever makes it so",
        "conditionalEventDefinition, intermediateCatchEvent",
        '<start id="s"/><and id="g"/><catch id="c"><conditional id="d1"><condition>x > 1</condition></conditional></catch><user id="a"/><user id="b"/>'
        '<end id="e"/>{s g c b e}{g a d e}<user id="d"/>',
        steps=(("a", {"x": 1}), ("d", {"x": 2}), "b"),
        seen=("a", "d", "b", ""),
        values="x",
    ),
    Case(
        "an interrupting condition at a border",
        "conditionalEventDefinition, boundaryEvent.cancelActivity",
        '<start id="s"/><and id="g"/><user id="a"/><user id="b"/><user id="d"/><border id="w" attachedToRef="b"><conditional id="d1"><condition>x > 1</condition></conditional></border>'
        '<end id="e"/>{s g a k e}{g b e}{w d e}<user id="k"/>',
        steps=(("a", {"x": 2}), "d", "k"),
        seen=("a b", "d k", "k", ""),
        values="x",
    ),
    Case(
        "a non-interrupting condition happens each time it becomes true",
        "conditionalEventDefinition, boundaryEvent.cancelActivity",
        '<start id="s"/><user id="b"><standardLoopCharacteristics id="lo" loopMaximum="4"/></user><user id="d"/>'
        '<border id="w" attachedToRef="b" cancelActivity="false"><conditional id="d1"><condition>x > 1</condition></conditional></border>'
        '<end id="e"/>{s b e}{w d e}',
        steps=(("b", {"x": 2}), ("b", {"x": 0}), ("b", {"x": 3}), ("b", {"x": 9}), "d", "d"),
        seen=("b", "b d", "b d", "b d d", "d d", "d", ""),
        values="x",
    ),
)
