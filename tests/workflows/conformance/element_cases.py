# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""Tasks, timers, messages, gateways, subprocesses: diagrams and the walks that show them."""

from __future__ import annotations

from tests.workflows.conformance.drawing import Case
from tests.workflows.conformance.flow_cases import INNER, MESSAGE

STARTS = '<start id="s1"/><start id="s2"/><user id="a"/><user id="b"/><xor id="x"/><user id="c"/><end id="e"/>{s1 a x c e}{s2 b x}'

TASKS = (
    Case(
        "a task that says nothing of who or what does it is done at once",
        "task",
        '<start id="s"/><task id="a"/><user id="b"/><end id="e"/>{s a b e}',
        steps=("b",),
        seen=("b", ""),
        passed="s a b e",
    ),
    Case(
        "people do user tasks and manual tasks",
        "userTask, manualTask, userTask.name, lane, laneSet, flowNodeRef, childLaneSet",
        '<laneSet id="ls"><lane id="la" name="A" d:role="KS"><flowNodeRef>a</flowNodeRef><childLaneSet id="cl"><lane id="lb"><flowNodeRef>b</flowNodeRef></lane></childLaneSet></lane></laneSet>'
        '<start id="s"/><user id="a" name="Erfassen"/><manualTask id="b"/><end id="e"/>{s a b e}',
        steps=("a", "b"),
        seen=("a", "b", ""),
    ),
    Case(
        "an event takes the definition that it refers to",
        "eventDefinitionRef",
        '<start id="s"/><catch id="c"><eventDefinitionRef>shared</eventDefinitionRef></catch><user id="b"/><end id="e"/>{s c b e}',
        steps=("+2", "b"),
        seen=("", "b", ""),
        root='<timerEventDefinition id="shared"><timeDuration>P1D</timeDuration></timerEventDefinition>',
        passed="c",
    ),
    Case(
        "a service task and a business rule task run the handler that they name",
        "serviceTask, businessRuleTask, sendTask",
        '<start id="s"/><serviceTask id="x" d:handler="h.run"/><businessRuleTask id="y" d:handler="h.run"/><sendTask id="z" d:handler="h.run"/><user id="b"/><end id="e"/>{s x y z b e}',
        steps=("b",),
        seen=("b", ""),
        data={"n": 3},
        passed="x y z",
    ),
    Case(
        "a script task assigns by expressions",
        "scriptTask, scriptTask.scriptFormat, script",
        '<start id="s"/><scriptTask id="x" scriptFormat="drehscheibe"><script>n = 1\nm = n + 2</script></scriptTask><user id="b"/><end id="e"/>{s x b e}',
        steps=("b",),
        seen=("b", ""),
        data={"n": 1, "m": 3},
    ),
    Case(
        "a send task and a throw event reach who waits for the message in the same case",
        "sendTask, sendTask.messageRef, receiveTask, receiveTask.messageRef, message, message.name, messageEventDefinition.messageRef",
        '<start id="s"/><and id="g"/><user id="a"/><sendTask id="t" messageRef="msg"/><throw id="w"><message id="d1" messageRef="msg"/></throw><receiveTask id="r" messageRef="msg"/><user id="b"/>'
        '<catch id="c"><message id="d2" messageRef="msg"/></catch><user id="d"/><end id="e"/>{s g a t w e}{g r b c d e}',
        steps=(("a", {"x": 1}), "b", "!Brief", "d"),
        seen=("a", "b", "", "d", ""),
        data={"x": 1},
        root=MESSAGE,
    ),
    Case(
        "an end event sends its message",
        "endEvent, messageEventDefinition",
        '<start id="s"/><and id="g"/><user id="a"/><end id="w"><message id="d1" messageRef="msg"/></end><receiveTask id="r" messageRef="msg"/><user id="b"/><end id="e"/>{s g a w}{g r b e}',
        steps=("a", "b"),
        seen=("a", "b", ""),
        root=MESSAGE,
    ),
    Case(
        "a message is taken by one, the first that waits",
        "messageEventDefinition",
        '<start id="s"/><and id="g"/><receiveTask id="r" messageRef="msg"/><receiveTask id="q" messageRef="msg"/><user id="a"/><user id="b"/><end id="e"/>{s g r a e}{g q b e}',
        steps=("!Brief", "a", "!Brief", "b"),
        seen=("", "a", "", "b", ""),
        root=MESSAGE,
    ),
    Case(
        "a message at the border interrupts, or comes again and again beside",
        "boundaryEvent.attachedToRef, boundaryEvent.cancelActivity, messageEventDefinition",
        '<start id="s"/><user id="a"/><border id="w" attachedToRef="a" cancelActivity="false"><message id="d1" messageRef="msg"/></border><user id="b"/><user id="c"/>'
        '<border id="v" attachedToRef="c"><message id="d2" messageRef="msg"/></border><user id="d"/><end id="e"/>{s a c e}{w b e}{v d e}',
        steps=("!Brief", "!Brief", "a", "b", "b", "!Brief", "d"),
        seen=("a", "a b", "a b b", "b b c", "b c", "c", "d", ""),
        root=MESSAGE,
    ),
)
TIMERS = (
    Case(
        "a timer waits for a duration or a date",
        "timerEventDefinition, timeDuration, timeDate, intermediateCatchEvent",
        '<start id="s"/><catch id="c"><timer id="d1"><timeDuration>P2D</timeDuration></timer></catch><catch id="d"><timer id="d2"><timeDate>2004-02-01T08:00:00+00:00</timeDate></timer></catch><user id="a"/><end id="e"/>{s c d a e}',
        steps=("+1", "+1", "+30", "a"),
        seen=("", "", "", "a", ""),
    ),
    Case(
        "a timer at the border interrupts",
        "boundaryEvent.cancelActivity, timerEventDefinition",
        '<start id="s"/><user id="a"/><border id="w" attachedToRef="a"><timer id="d1"><timeDuration>P2D</timeDuration></timer></border><user id="b"/><end id="e"/>{s a e}{w b e}',
        steps=("+2", "b"),
        seen=("a", "b", ""),
    ),
    Case(
        "a cycle at the border happens so often beside",
        "timeCycle, boundaryEvent.cancelActivity",
        '<start id="s"/><user id="a"/><border id="w" attachedToRef="a" cancelActivity="false"><timer id="d1"><timeCycle>R2/P2D</timeCycle></timer></border><user id="b"/><end id="e"/>{s a e}{w b e}',
        steps=("+9", "a", "b", "b"),
        seen=("a", "a b b", "b b", "b", ""),
    ),
)
GATEWAYS = (
    Case(
        "an exclusive gateway takes the first way whose condition holds, else the default",
        "exclusiveGateway, exclusiveGateway.default, exclusiveGateway.gatewayDirection",
        '<start id="s"/><xor id="g" default="p_g_c" gatewayDirection="Diverging"/><user id="a"/><user id="b"/><user id="c"/><xor id="j" gatewayDirection="Converging"/><end id="e"/>{s g a[x > 1] j e}{g b[x > 0] j}{g c j}',
        steps=("b",),
        seen=("b", ""),
        given={"x": 1},
        values="x",
    ),
    Case(
        "a parallel gateway takes all ways and waits for all",
        "parallelGateway, parallelGateway.gatewayDirection",
        '<start id="s"/><and id="g"/><user id="a"/><user id="b"/><and id="j"/><user id="c"/><end id="e"/>{s g a j c e}{g b j}',
        steps=("a", "b", "c"),
        seen=("a b", "b", "c", ""),
    ),
    Case(
        "an inclusive gateway takes the ways whose condition holds and waits for those taken",
        "inclusiveGateway, inclusiveGateway.default, inclusiveGateway.gatewayDirection",
        '<start id="s"/><or id="g" default="p_g_d"/><user id="a"/><user id="b"/><user id="c"/><user id="d"/><or id="j"/><user id="z"/><end id="e"/>'
        "{s g a[x > 0] j z e}{g b[x > 1] j}{g c[x > 2] j}{g d j}",
        steps=("b", "a", "z"),
        seen=("a b", "a", "z", ""),
        given={"x": 2},
        values="x",
    ),
    Case(
        "an inclusive join in a loop waits in each round for what was taken in it",
        "inclusiveGateway",
        '<start id="s"/><xor id="m"/><or id="g" default="p_g_z"/><user id="a"/><user id="b"/><user id="z"/>{g z j}<or id="j"/><xor id="q" default="p_q_e"/><end id="e"/>{s m g a[x > 0] j q e}{g b[x > 1] j}{q m[x > 1]}',
        steps=("a", ("b", {"x": 2}), "b", ("a", {"x": 1})),
        seen=("a b", "b", "a b", "a", ""),
        given={"x": 2},
        values="x",
    ),
    Case(
        "an event-based gateway goes the way of the first event",
        "eventBasedGateway, eventBasedGateway.eventGatewayType, eventBasedGateway.gatewayDirection",
        '<start id="s"/><either id="g"/><receiveTask id="r" messageRef="msg"/><catch id="c"><timer id="d1"><timeDuration>P2D</timeDuration></timer></catch>'
        '<catch id="k"><conditional id="d2"><condition>x > 5</condition></conditional></catch><user id="a"/><user id="b"/><end id="e"/>{s g r a e}{g c b e}{g k b}',
        steps=("!Brief", "a"),
        seen=("", "a", ""),
        root=MESSAGE,
        values="x",
    ),
)
SUBPROCESSES = (
    Case(
        "a subprocess sees and gives the values of its process",
        "subProcess, startEvent, endEvent",
        '<start id="s"/><user id="a"/><sub id="t">' + INNER + '</sub><user id="b"/><end id="e"/>{s a t b e}',
        steps=(("a", {"x": 1}), ("i", {"y": 2}), "b"),
        seen=("a", "i", "b", ""),
        data={"x": 1, "y": 2},
    ),
    Case(
        "a call activity runs another process",
        "callActivity, callActivity.calledElement, process, process.isExecutable",
        '<start id="s"/><call id="t" calledElement="q"/><user id="b"/><end id="e"/>{s t b e}',
        steps=(("i", {"y": 2}), "b"),
        seen=("i", "b", ""),
        data={"y": 2},
        called={"q": INNER},
    ),
    *(
        Case(
            f"of several start events one begins the process: the {told}",
            "startEvent",
            STARTS,
            start=start,
            steps=(task, "c"),
            seen=(task, "c", ""),
        )
        for start, told, task in (("s1", "first", "a"), ("s2", "second", "b"))
    ),
    Case(
        "a call activity begins a process with several start events at the one that it names",
        "callActivity, callActivity.calledElement, startEvent",
        '<start id="s"/><call id="t" calledElement="q" d:start="s2"/><call id="u" calledElement="q" d:start="s1"/><end id="e"/>{s t u e}',
        steps=("b", "c", "a", "c"),
        seen=("b", "c", "a", "c", ""),
        called={"q": STARTS},
    ),
    Case(
        "a terminate end event ends all of its process or subprocess at once",
        "terminateEventDefinition, endEvent",
        '<start id="s"/><sub id="t"><start id="is"/><and id="g"/><user id="i"/><user id="k"/><end id="ie"><terminate id="d1"/></end>{is g i ie}{g k ie}</sub><user id="b"/><end id="e"/>{s t b e}',
        steps=("k", "b"),
        seen=("i k", "b", ""),
    ),
)
ALL = TASKS + TIMERS + GATEWAYS + SUBPROCESSES
