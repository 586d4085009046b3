# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""Flows, links, signals, errors and escalations: diagrams and the walks that show them."""

from __future__ import annotations

from tests.workflows.conformance.drawing import Case

ERROR = '<error id="err" name="Fehler" errorCode="E1"/><error id="err2" name="Anderer" errorCode="E2"/>'
ESCALATION = '<escalation id="esc" name="Stufe" escalationCode="S1"/>'
SIGNAL = '<signal id="sig" name="Neues"/>'
MESSAGE = '<message id="msg" name="Brief"/>'
INNER = '<start id="is"/><user id="i"/><end id="ie"/>{is i ie}'

FLOWS = (
    Case(
        "several flows out of an activity are taken at once",
        "task, userTask, sequenceFlow, startEvent, endEvent",
        '<start id="s"/><user id="a"/><user id="b"/><user id="c"/><end id="e"/>{s a b e}{a c e}',
        steps=("a", "b", "c"),
        seen=("a", "b c", "c", ""),
    ),
    Case(
        "of conditional flows out of an activity those are taken whose condition holds",
        "sequenceFlow.conditionExpression",
        '<start id="s"/><user id="a"/><user id="b"/><user id="c"/><user id="d"/><end id="e"/>{s a b[x > 1] e}{a c[x > 2] e}{a d e}',
        steps=(("a", {"x": 2}), "b", "d"),
        seen=("a", "b d", "d", ""),
        values="x",
    ),
    Case(
        "the default flow of an activity is taken when no condition holds",
        "userTask.default, sequenceFlow.conditionExpression",
        '<start id="s"/><user id="a" default="p_a_c"/><user id="b"/><user id="c"/><end id="e"/>{s a b[x > 1] e}{a c e}',
        steps=(("a", {"x": 1}), "c"),
        seen=("a", "c", ""),
        values="x",
    ),
    Case(
        "each token that comes to an activity begins it anew",
        "sequenceFlow",
        '<start id="s"/><and id="g"/><user id="a"/><end id="e"/>{s g a e}{g x a}<scriptTask id="x"><script>n = 1</script></scriptTask>',
        steps=("a", "a"),
        seen=("a a", "a", ""),
    ),
)
LINKS = (
    Case(
        "a link goes on where its name is caught",
        "linkEventDefinition, intermediateThrowEvent, intermediateCatchEvent",
        '<start id="s"/><user id="a"/><throw id="t"><link id="l1" name="A"/></throw><catch id="c"><link id="l2" name="A"/></catch>'
        '<user id="b"/><end id="e"/>{s a t}{c b e}',
        steps=("a", "b"),
        seen=("a", "b", ""),
        passed="t c",
    ),
)
SIGNALS = (
    Case(
        "a signal reaches everyone who waits, also at the border and in a subprocess",
        "signalEventDefinition, signal, boundaryEvent.cancelActivity",
        '<start id="s"/><and id="g"/><catch id="c"><signal id="d1" signalRef="sig"/></catch><user id="a"/><user id="b"/><user id="after"/>'
        '<border id="w" attachedToRef="b"><signal id="d2" signalRef="sig"/></border><end id="e"/><user id="k"/>'
        '<throw id="t"><signal id="d3" signalRef="sig"/></throw>{s g c a e}{g b e}{w after e}{g k t e}',
        steps=("k", "a", "after"),
        seen=("b k", "a after", "after", ""),
        root=SIGNAL,
    ),
    Case(
        "a signal from outside is taken by all",
        "signalEventDefinition, signal.name",
        '<start id="s"/><and id="g"/><catch id="c"><signal id="d1" signalRef="sig"/></catch><catch id="d"><signal id="d2" signalRef="sig"/></catch>'
        '<user id="a"/><user id="b"/><end id="e"/>{s g c a e}{g d b e}',
        steps=("?Neues", "a", "b"),
        seen=("", "a b", "b", ""),
        root=SIGNAL,
    ),
    Case(
        "a non-interrupting signal happens each time",
        "boundaryEvent.cancelActivity, signalEventDefinition",
        '<start id="s"/><user id="a"/><border id="w" attachedToRef="a" cancelActivity="false"><signal id="d1" signalRef="sig"/></border>'
        '<user id="b"/><end id="e"/><end id="f"/>{s a e}{w b f}',
        steps=("?Neues", "?Neues", "b", "a", "b"),
        seen=("a", "a b", "a b b", "a b", "b", ""),
        root=SIGNAL,
    ),
    Case(
        "a signal end event is heard",
        "endEvent, signalEventDefinition.signalRef",
        '<start id="s"/><and id="g"/><catch id="c"><signal id="d1" signalRef="sig"/></catch><user id="a"/><end id="e"/>'
        '<user id="k"/><end id="t"><signal id="d3" signalRef="sig"/></end>{s g c a e}{g k t}',
        steps=("k", "a"),
        seen=("k", "a", ""),
        root=SIGNAL,
    ),
)
ERRORS = (
    Case(
        "an error end event goes to the border of its subprocess and ends all that runs in it",
        "errorEventDefinition.errorRef, error, error.errorCode, subProcess, boundaryEvent.attachedToRef",
        '<start id="s"/><sub id="t"><start id="is"/><and id="g"/><user id="i"/><user id="k"/><end id="ie"><error id="d1" errorRef="err"/></end>'
        '<end id="if"/>{is g i ie}{g k if}</sub><border id="w" attachedToRef="t"><error id="d2" errorRef="err"/></border>'
        '<user id="a"/><user id="b"/><end id="e"/>{s t a e}{w b e}',
        steps=(("i", {"x": 3}), "b"),
        seen=("i k", "b", ""),
        data={"x": 3},
        root=ERROR,
    ),
    Case(
        "an error goes out of a called process",
        "errorEventDefinition, callActivity, callActivity.calledElement",
        '<start id="s"/><call id="t" calledElement="q"/><border id="w" attachedToRef="t"><error id="d2"/></border>'
        '<user id="a"/><user id="b"/><end id="e"/>{s t a e}{w b e}',
        steps=("i", "b"),
        seen=("i", "b", ""),
        root=ERROR,
        called={
            "q": '<start id="is"/><user id="i"/><sub id="inner"><start id="js"/><end id="je"><error id="d1" errorRef="err"/></end>{js je}</sub><end id="ie"/>{is i inner ie}'
        },
    ),
    Case(
        "who names the code of an error catches it before who catches any",
        "error.errorCode",
        '<start id="s"/><sub id="t"><start id="is"/><user id="i"/><end id="ie"><error id="d1" errorRef="err"/></end>{is i ie}</sub>'
        '<border id="v" attachedToRef="t"><error id="d2"/></border><border id="w" attachedToRef="t"><error id="d3" errorRef="err"/></border>'
        '<border id="u" attachedToRef="t"><error id="d4" errorRef="err2"/></border>'
        '<user id="a"/><user id="b"/><user id="c"/><end id="e"/>{s t e}{v a e}{w b e}{u c e}',
        steps=("i", "b"),
        seen=("i", "b", ""),
        root=ERROR,
    ),
    Case(
        "an error that nobody catches ends the process",
        "errorEventDefinition",
        '<start id="s"/><and id="g"/><user id="a"/><user id="b"/><end id="e"><error id="d1" errorRef="err"/></end><end id="f"/>{s g a e}{g b f}',
        steps=("a",),
        seen=("a b", ""),
        root=ERROR,
    ),
    Case(
        "an escalation goes on where it was thrown and is answered outside",
        "escalationEventDefinition.escalationRef, escalation, escalation.escalationCode",
        '<start id="s"/><sub id="t"><start id="is"/><user id="i"/><throw id="x"><escalation id="d1" escalationRef="esc"/></throw><user id="k"/>'
        '<end id="ie"/>{is i x k ie}</sub><border id="w" attachedToRef="t" cancelActivity="false"><escalation id="d2" escalationRef="esc"/></border>'
        '<user id="b"/><end id="e"/><end id="f"/>{s t e}{w b f}',
        steps=(("i", {"x": 1}), "k", "b"),
        seen=("i", "b k", "b", ""),
        root=ESCALATION,
    ),
    Case(
        "an interrupting escalation ends what threw it",
        "escalationEventDefinition, boundaryEvent.cancelActivity",
        '<start id="s"/><sub id="t"><start id="is"/><user id="i"/><throw id="x"><escalation id="d1" escalationRef="esc"/></throw><user id="k"/>'
        '<end id="ie"/>{is i x k ie}</sub><border id="w" attachedToRef="t"><escalation id="d2" escalationRef="esc"/></border>'
        '<user id="b"/><end id="e"/><end id="f"/>{s t e}{w b f}',
        steps=(("i", {"x": 1}), "b"),
        seen=("i", "b", ""),
        data={"x": 1},
        root=ESCALATION,
    ),
    Case(
        "an escalation that nobody awaits has no effect",
        "escalationEventDefinition, endEvent",
        '<start id="s"/><user id="a"/><end id="e"><escalation id="d1" escalationRef="esc"/></end>{s a e}',
        steps=("a",),
        seen=("a", ""),
        root=ESCALATION,
    ),
)
IMPLIED = (
    Case(
        "where neither start nor end is drawn, both are implied",
        "process, subProcess",
        '<user id="a"/><user id="b"/><sub id="t"><user id="i"/></sub><sub id="n"/>{a t n}',
        steps=("a", "b", "i"),
        seen=("a b", "b i", "i", ""),
    ),
)
