# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""What the standard forbids: a diagram for each of its rules, and what the linter says to it."""

from __future__ import annotations

import pytest

from tests.workflows.conformance import drawing
from workflows import linter, player

ROOT = (
    '<message id="msg" name="Brief"/><message id="msg2" name="Karte"/><signal id="sig" name="Neues"/>'
    '<itemDefinition id="one"/><itemDefinition id="many" isCollection="true"/>'
)
PLAIN = '<start id="s"/><user id="a"/><user id="b"/><end id="e"/>{s a b e}'
OTHER = '<start id="s2"/><user id="a2"/><user id="b2"/><end id="e2"/>{s2 a2 b2 e2}'
SEVERAL = OTHER + '<start id="s3"/>{s3 b2}'
CALLS = '<start id="s"/><call id="a" calledElement="q" {}/><end id="e"/>{{s a e}}'
MESSAGE = '<message id="d{}" messageRef="msg"/>'
LATER = '<timer id="t2"><timeDuration>P2D</timeDuration></timer>'
TIMER = '<timer id="t"><timeDuration>P1D</timeDuration></timer>'
THROW = '<throw id="t"><compensate id="ct"/></throw>'
UNDONE = '<border id="w{0}" attachedToRef="{0}"><compensate id="c{0}"/></border><user id="u{0}" isForCompensation="true"/><association id="as{0}" sourceRef="w{0}" targetRef="u{0}"/>'
IO = (
    '<user id="b"><ioSpecification id="io"><dataInput id="di" itemSubjectRef="one"/><dataOutput id="do"/>'
    '<inputSet id="is"><dataInputRefs>di</dataInputRefs></inputSet><outputSet id="os"><dataOutputRefs>do</dataOutputRefs></outputSet>'
    "</ioSpecification>{}</user>"
)


def pools(first=PLAIN, second=OTHER, flows="", more=""):
    """Two pools and one that shows nothing."""
    head = f'<participant id="pp" processRef="p"/><participant id="pq" processRef="q"/><participant id="out" name="Außen"/>{flows}'
    processes = "".join(
        f'<process id="{name}" isExecutable="true">{drawing.long(body, name)}</process>'
        for name, body in (("p", first), ("q", second))
    )
    return f'{drawing.HEAD}{ROOT}<collaboration id="c">{head}</collaboration>{more}{processes}</definitions>'


def talk(source, target, message=""):
    return f'<messageFlow id="mf" sourceRef="{source}" targetRef="{target}" {message}/>'


def one(body):
    return drawing.diagram(body, "p", "x n", ROOT)


def inside(node, flows="{s a n b e}"):
    return one(f'<start id="s"/><user id="a"/>{node}<user id="b"/><end id="e"/>{flows}')


FORBIDDEN = {
    # flows
    "a flow across pools": ("flow_crosses", "p_b_a2", pools(PLAIN + "{b a2}")),
    "a flow into a subprocess": ("flow_crosses", "p_a_i", inside('<sub id="n"><start id="is"/><user id="i"/><end id="ie"/>{is i ie}</sub>{a i}')),
    "a flow out of a subprocess": ("flow_crosses", "p_i_e", inside('<sub id="n"><start id="is"/><user id="i"/><end id="ie"/>{is i ie}{i e}</sub>')),
    "a flow from nowhere": ("flow_open", "p_x_a", one(PLAIN + "{x a}")),
    "a flow to nowhere": ("flow_open", "p_a_x", one(PLAIN + "{a x}")),
    "a flow to a pool": ("flow_open", "p_a_out", pools(PLAIN + "{a out}")),
    "a flow to data": ("flow_open", "p_a_o", one(PLAIN + '<dataObject id="o"/>{a o}')),
    "the only way of an activity has a condition": ("condition_alone", "p_a_b", one('<start id="s"/><user id="a"/><user id="b"/><end id="e"/>{s a b[x] e}')),
    "the only way of a gateway has a condition": ("condition_alone", "p_g_b", inside('<xor id="g"/>', "{s a g b[x] e}")),
    "a condition behind a parallel gateway": ("flow_conditional", "p_g_b", inside('<and id="g"/>', "{s a g b[x] e}{g e}")),
    "a condition behind a start event": ("flow_conditional", "p_s_a", one('<start id="s"/><user id="a"/><end id="e"/>{s a[x] e}')),
    "a condition behind an event in between": ("flow_conditional", "p_n_b", inside(f'<catch id="n">{TIMER}</catch>', "{s a n b[x] e}")),
    "a condition behind an event-based gateway": ("flow_conditional", "p_n_k", inside(f'<either id="n"/><catch id="k">{TIMER}</catch><receiveTask id="l" messageRef="msg"/>', "{s a n k[x] b e}{n l b}")),
    "a way of a choice without condition": ("condition_missing", "p_g_e", inside('<xor id="g"/>', "{s a g b[x] e}{g e}")),
    "a default way that belongs to another": ("default_foreign", "g", inside('<xor id="g" default="p_s_a"/>', "{s a g b[x] e}{g e[n]}")),
    "a default way with a condition": ("default_condition", "p_g_e", inside('<xor id="g" default="p_g_e"/>', "{s a g b[x] e}{g e[n]}")),
    "a listed flow that ends elsewhere": ("flow_listed", "a", one('<start id="s"/><user id="a"><incoming>p_b_e</incoming></user><user id="b"/><end id="e"/>{s a b e}')),
    "a listed flow that begins elsewhere": ("flow_listed", "a", one('<start id="s"/><user id="a"><outgoing>p_s_a</outgoing></user><user id="b"/><end id="e"/>{s a b e}')),
    "a listed flow that is none": ("reference_missing", "a", one('<start id="s"/><user id="a"><outgoing>gone</outgoing></user><user id="b"/><end id="e"/>{s a b e}')),
    # events
    "a start event that is entered": ("start_entered", "s", one(PLAIN + "{a s}")),
    "a start event that is not left": ("dead_end", "s", one('<start id="s"/><end id="e"/><user id="a"/>{a e}')),
    "an end event that is left": ("end_left", "e", one(PLAIN + "{e a}")),
    "an end event that is not entered": ("unreachable", "f", one(PLAIN + '<end id="f"/>')),
    "an end without a start": ("start_missing", "p", one('<user id="a"/><end id="e"/>{a e}')),
    "a start without an end": ("end_missing", "p", one('<start id="s"/><user id="a"/>{s a}')),
    "an end of a timer": ("event_kind", "e", one(f'<start id="s"/><end id="e">{TIMER}</end>{{s e}}')),
    "a start by a link": ("event_kind", "s", one('<start id="s"><link id="l" name="L"/></start><end id="e"/>{s e}')),
    "a start by termination": ("event_kind", "s", one('<start id="s"><terminate id="l"/></start><end id="e"/>{s e}')),
    "a start by an error": ("start_trigger", "s", one('<start id="s"><error id="l"/></start><end id="e"/>{s e}')),
    "a subprocess that a message starts": ("start_trigger", "is", inside('<sub id="n"><start id="is">' + MESSAGE.format(1) + '</start><end id="ie"/>{is ie}</sub>')),
    "a start beside which its process goes on": ("start_interrupting", "s", one('<start id="s" isInterrupting="false"/><end id="e"/>{s e}')),
    "a throwing timer": ("event_kind", "n", inside(f'<throw id="n">{TIMER}</throw>')),
    "a throwing error": ("event_kind", "n", inside('<throw id="n"><error id="d"/></throw>')),
    "a catching termination": ("event_kind", "n", inside('<catch id="n"><terminate id="d"/></catch>')),
    "a catching error in the way of a token": ("event_kind", "n", inside('<catch id="n"><error id="d"/></catch>')),
    "a catching event that waits for nothing": ("event_empty", "n", inside('<catch id="n"/>')),
    "a call that names no start event": ("call_start_several", "a", pools(CALLS.format(""), SEVERAL)),
    "a call that names a start event that is not there": ("call_start_unknown", "a", pools(CALLS.format('d:start="a2"'), SEVERAL)),
    "a link beside another trigger": ("event_alone_link", "n", inside(f'<catch id="n">{TIMER}<link id="nl" name="L"/></catch>')),
    "an event that is not entered": ("event_unentered", "n", one(f'<user id="a"/><catch id="n">{TIMER}</catch><user id="b"/>{{n b}}')),
    "an event that is not left": ("dead_end", "n", one(f'<user id="a"/><catch id="n">{TIMER}</catch>{{a n}}')),
    "a border event without a host": ("boundary_loose", "n", one(PLAIN + f'<border id="n">{TIMER}</border>{{n e}}')),
    "a border event at what does not exist": ("boundary_loose", "n", one(PLAIN + f'<border id="n" attachedToRef="gone">{TIMER}</border>{{n e}}')),
    "a border event at a gateway": ("boundary_loose", "n", inside(f'<xor id="g"/><border id="n" attachedToRef="g">{TIMER}</border>', "{s a g b e}{n e}")),
    "a border event at an event": ("boundary_loose", "n", one(PLAIN + f'<border id="n" attachedToRef="s">{TIMER}</border>{{n e}}')),
    "a border event at what lies in another scope": ("boundary_loose", "k", inside(f'<sub id="n"><start id="is"/><user id="i"/><end id="ie"/>{{is i ie}}</sub><border id="k" attachedToRef="i">{TIMER}</border>{{k e}}')),
    "a border event that is entered": ("boundary_entered", "n", one(PLAIN + f'<border id="n" attachedToRef="a">{TIMER}</border>{{b n e}}')),
    "a border event that is not left": ("dead_end", "n", one(PLAIN + f'<border id="n" attachedToRef="a">{TIMER}</border>')),
    "a border event that is not left, ends implied": ("dead_end", "n", one(f'<user id="a"/><border id="n" attachedToRef="a">{TIMER}</border>')),
    "a border event that waits for nothing": ("event_empty", "n", one(PLAIN + '<border id="n" attachedToRef="a"/>{n e}')),
    "an error at the border beside which work goes on": ("error_goes_on", "n", one(PLAIN + '<border id="n" attachedToRef="a" cancelActivity="false"><error id="d"/></border>{n e}')),
    "a link to nowhere": ("link_loose", "n", one('<start id="s"/><throw id="n"><link id="l" name="L"/></throw>{s n}<catch id="m"><link id="k" name="M"/></catch><end id="e"/>{m e}')),
    "a link over the border of a subprocess": ("link_loose", "n", one('<start id="s"/><sub id="t"><start id="is"/><throw id="n"><link id="l" name="L"/></throw>{is n}<end id="ie"/></sub><end id="e"/>{s t e}<catch id="m"><link id="k" name="L"/></catch>{m e}')),
    "a link that two catch": ("link_twice", "m2", one('<start id="s"/><throw id="n"><link id="l" name="L"/></throw>{s n}<catch id="m"><link id="k" name="L"/></catch><catch id="m2"><link id="k2" name="L"/></catch><end id="e"/>{m e}{m2 e}')),
    # event subprocesses
    "an event subprocess in the way of a token": ("event_subprocess_flow", "n", inside('<sub id="n" triggeredByEvent="true"><start id="is">' + MESSAGE.format(1) + '</start><end id="ie"/>{is ie}</sub>')),
    "an event subprocess with a plain start": ("event_start_plain", "is", one(PLAIN + '<sub id="n" triggeredByEvent="true"><start id="is"/><end id="ie"/>{is ie}</sub>')),
    "an event subprocess with two starts": ("start_several", "it", one(PLAIN + '<sub id="n" triggeredByEvent="true"><start id="is">' + MESSAGE.format(1) + '</start><start id="it">' + MESSAGE.format(2) + '</start><end id="ie"/>{is ie}{it ie}</sub>')),
    "an error beside which its scope goes on": ("start_interrupting", "is", one(PLAIN + '<sub id="n" triggeredByEvent="true"><start id="is" isInterrupting="false"><error id="d1"/></start><end id="ie"/>{is ie}</sub>')),
    "an event subprocess with a border event": ("boundary_loose", "k", one(PLAIN + '<sub id="n" triggeredByEvent="true"><start id="is">' + MESSAGE.format(1) + f'</start><end id="ie"/>{{is ie}}</sub><border id="k" attachedToRef="n">{TIMER}</border>{{k e}}')),
    # gateways
    "a converging gateway with two ways out": ("gateway_direction", "g", inside('<and id="g" gatewayDirection="Converging"/>', "{s a g b e}{g e}")),
    "a converging gateway with one way in": ("gateway_direction", "g", inside('<and id="g" gatewayDirection="Converging"/>', "{s a g b e}")),
    "a diverging gateway with two ways in": ("gateway_direction", "g", inside('<xor id="g" gatewayDirection="Diverging"/>', "{s a g b e}{b g}")),
    "a diverging gateway with one way out": ("gateway_direction", "g", inside('<xor id="g" gatewayDirection="Diverging"/>', "{s a g b e}")),
    "a mixed gateway with one way in": ("gateway_direction", "g", inside('<and id="g" gatewayDirection="Mixed"/>', "{s a g b e}{g e}")),
    "a gateway that is not left": ("dead_end", "g", one('<start id="s"/><and id="g"/><user id="a"/><end id="e"/>{s g}{s a e}')),
    "an event-based gateway with one way": ("event_gateway_ways", "g", inside(f'<either id="g"/><catch id="n">{TIMER}</catch>', "{s a g n b e}")),
    "an event-based gateway that leads to a task": ("event_gateway_target", "b", inside(f'<either id="g"/><catch id="n">{TIMER}</catch>', "{s a g n b e}{g b}")),
    "an event-based gateway whose event is entered otherwise": ("event_gateway_target", "n", inside(f'<either id="g"/><catch id="n">{TIMER}</catch><catch id="k">{MESSAGE.format(1)}</catch>', "{s a g n b e}{g k e}{a n}")),
    "an event-based gateway that leads to a task with a border": ("event_gateway_target", "k", inside(f'<either id="g"/><catch id="n">{TIMER}</catch><receiveTask id="k" messageRef="msg"/><border id="w" attachedToRef="k">{LATER}</border>', "{s a g n b e}{g k e}{w e}")),
    "an event-based gateway to events and receive tasks": ("event_gateway_mixed", "g", inside(f'<either id="g"/><catch id="n">{MESSAGE.format(1)}</catch><receiveTask id="k" messageRef="msg2"/>', "{s a g n b e}{g k e}")),
    "a gateway that instantiates and is entered": ("instantiate_entered", "g", inside(f'<either id="g" instantiate="true"/><catch id="n">{MESSAGE.format(1)}</catch><catch id="k">{MESSAGE.format(2)}</catch>', "{s a g n b e}{g k e}")),
    # activities
    "a receive task that instantiates and is entered": ("instantiate_entered", "n", inside('<receiveTask id="n" instantiate="true" messageRef="msg"/>')),
    "a receive task without a message": ("message_missing", "n", inside('<receiveTask id="n"/>')),
    "a call of nothing": ("call_unknown", "n", inside('<call id="n"/>')),
    "a process that calls itself": ("call_circle", "p", inside('<call id="n" calledElement="p"/>')),
    "several instances of unclear number": ("instances_unclear", "n", inside('<user id="n"><multiInstanceLoopCharacteristics id="m"/></user>')),
    "an ad-hoc subprocess with a start": ("ad_hoc_event", "is", inside('<adHocSubProcess id="n" d:role="KS"><start id="is"/><user id="i"/>{is i}</adHocSubProcess>')),
    "an ad-hoc subprocess without a step": ("ad_hoc_empty", "n", inside('<adHocSubProcess id="n" d:role="KS"/>')),
    "a subprocess with two starts": ("start_several", "it", inside('<sub id="n"><start id="is"/><start id="it"/><user id="i"/><end id="ie"/>{is i ie}{it i}</sub>')),
    "a step that nothing leads to": ("unreachable", "n", one(PLAIN + '<user id="n"/>{n e}')),
    # compensation
    "a compensation that nobody throws": ("compensation_never", "wa", one(PLAIN + UNDONE.format("a"))),
    "a compensation thrown outside of the subprocess": ("compensation_never", "wi", inside('<sub id="n"><start id="is"/><user id="i"/><end id="ie"/>{is i ie}' + UNDONE.format("i") + "</sub>" + THROW, "{s a n t b e}")),
    "a throw that has nothing to undo": ("compensation_nothing", "t", inside(THROW, "{s a t b e}")),
    "a throw that names what has no compensation": ("compensation_nothing", "t", inside(THROW.replace("/></", ' activityRef="b"/></') + UNDONE.format("a"), "{s a t b e}")),
    "a throw that names what does not exist": ("reference_missing", "t", inside(THROW.replace("/></", ' activityRef="gone"/></') + UNDONE.format("a"), "{s a t b e}")),
    "a throw that does not wait": ("attribute_value", "t", inside(THROW.replace("/></", ' waitForCompletion="false"/></') + UNDONE.format("a"), "{s a t b e}")),
    "a compensation without a step that undoes": ("compensation_pair", "wa", inside(THROW + UNDONE.format("a").split("<association")[0], "{s a t b e}")),
    "a step that undoes nothing": ("compensation_pair", "n", one(PLAIN + '<user id="n" isForCompensation="true"/>')),
    "a step that undoes and is entered": ("compensation_flow", "ua", inside(THROW + UNDONE.format("a"), "{s a t b e}{b ua}")),
    "a compensation that is left": ("compensation_flow", "wa", inside(THROW + UNDONE.format("a"), "{s a t b e}{wa e}")),
    "a compensation at a loop": ("compensation_host", "wn", inside('<user id="n"><standardLoopCharacteristics id="l" loopMaximum="2"/></user>' + THROW + UNDONE.format("n"), "{s a n t b e}")),
    "a subprocess that a compensation triggers": ("event_kind", "is", one(PLAIN + '<sub id="n" triggeredByEvent="true"><start id="is"><compensate id="d"/></start><end id="ie"/>{is ie}</sub>')),
    "a process that a compensation starts": ("event_kind", "s", one('<start id="s"><compensate id="d"/></start><end id="e"/>{s e}')),
    "a cancellation outside of a transaction": ("cancel_place", "e", one('<start id="s"/><user id="a"/><end id="e"><cancel id="c"/></end>{s a e}')),
    "a cancellation at the border of a subprocess": ("cancel_place", "w", inside('<sub id="n"><start id="is"/><end id="ie"/>{is ie}</sub><border id="w" attachedToRef="n"><cancel id="c"/></border>{w e}')),
    "a cancellation in between": ("event_kind", "n", inside('<throw id="n"><cancel id="c"/></throw>')),
    "a cancellation that nobody catches": ("cancel_uncaught", "ie", inside('<transaction id="n"><start id="is"/><end id="ie"><cancel id="c"/></end>{is ie}</transaction>')),
    "a cancellation that never happens": ("cancel_never", "w", inside('<transaction id="n"><start id="is"/><end id="ie"/>{is ie}</transaction><border id="w" attachedToRef="n"><cancel id="c"/></border>{w e}')),
    "a cancellation beside which work goes on": ("cancel_place", "w", inside('<transaction id="n"><start id="is"/><end id="ie"><cancel id="d"/></end>{is ie}</transaction><border id="w" attachedToRef="n" cancelActivity="false"><cancel id="c"/></border>{w e}')),
    # pools and lanes
    "a message flow within a pool": ("message_flow_inside", "mf", pools(flows=talk("a", "b"))),
    "a message flow to a gateway": ("message_flow_end", "mf", pools(first='<start id="s"/><and id="g"/><user id="a"/><end id="e"/>{s g a e}', flows=talk("a2", "g"))),
    "a message flow to nowhere": ("flow_open", "mf", pools(flows=talk("a", "gone"))),
    "a message flow out of a start event": ("message_flow_direction", "mf", pools(flows=talk("s", "a2"))),
    "a message flow into an end event": ("message_flow_direction", "mf", pools(flows=talk("a", "e2"))),
    "a message flow into a plain start event": ("message_flow_direction", "mf", pools(flows=talk("a", "s2"))),
    "a message flow out of a plain end event": ("message_flow_direction", "mf", pools(flows=talk("e", "a2"))),
    "a message flow out of a receive task": ("message_flow_direction", "mf", pools(first='<start id="s"/><receiveTask id="a" messageRef="msg"/><end id="e"/>{s a e}', flows=talk("a", "a2"))),
    "a message flow into a send task": ("message_flow_direction", "mf", pools(second='<start id="s2"/><sendTask id="a2" messageRef="msg"/><end id="e2"/>{s2 a2 e2}', flows=talk("a", "a2"))),
    "a message flow into a timer": ("message_flow_direction", "mf", pools(second=f'<start id="s2"/><catch id="a2">{TIMER}</catch><end id="e2"/>{{s2 a2 e2}}', flows=talk("a", "a2"))),
    "a message flow between different messages": ("message_flow_differs", "mf", pools('<start id="s"/><sendTask id="a" messageRef="msg"/><end id="e"/>{s a e}', '<start id="s2"/><receiveTask id="a2" messageRef="msg2"/><end id="e2"/>{s2 a2 e2}', talk("a", "a2"))),
    "a message flow of another message": ("message_flow_differs", "mf", pools('<start id="s"/><sendTask id="a" messageRef="msg"/><end id="e"/>{s a e}', flows=talk("a", "out", 'messageRef="msg2"'))),
    "a pool of no process": ("reference_missing", "px", pools(flows='<participant id="px" processRef="gone"/>')),
    "a step in two lanes": ("lane_twice", "l2", one('<laneSet id="ls"><lane id="l1"><flowNodeRef>a</flowNodeRef></lane><lane id="l2"><flowNodeRef>a</flowNodeRef></lane></laneSet>' + PLAIN)),
    "a lane with a step of another pool": ("lane_foreign", "l1", pools('<laneSet id="ls"><lane id="l1"><flowNodeRef>a2</flowNodeRef></lane></laneSet>' + PLAIN)),
    "a lane with what does not exist": ("reference_missing", "l1", one('<laneSet id="ls"><lane id="l1"><flowNodeRef>gone</flowNodeRef></lane></laneSet>' + PLAIN)),
    # references and data
    "a message that does not exist": ("reference_missing", "n", inside('<catch id="n"><message id="d" messageRef="gone"/></catch>')),
    "a signal in the place of a message": ("reference_missing", "n", inside('<catch id="n"><message id="d" messageRef="sig"/></catch>')),
    "a reference to data that do not exist": ("reference_missing", "r", one(PLAIN + '<dataObjectReference id="r" dataObjectRef="gone"/>')),
    "an item definition that does not exist": ("reference_missing", "o", one(PLAIN + '<dataObject id="o" itemSubjectRef="gone"/>')),
    "an item definition that is a message": ("reference_missing", "o", one(PLAIN + '<dataObject id="o" itemSubjectRef="msg"/>')),
    "an item definition of another kind": ("attribute_value", "odd", one(PLAIN).replace('<itemDefinition id="one"', '<itemDefinition id="odd" itemKind="Odd"/><itemDefinition id="one"')),
    "a list that its definition knows as one": ("item_collection", "o", one(PLAIN + '<dataObject id="o" itemSubjectRef="one" isCollection="true"/>')),
    "one that its definition knows as a list": ("item_collection", "o", one(PLAIN + '<dataObject id="o" itemSubjectRef="many"/>')),
    "data of different kinds joined": ("item_differs", "b", one('<start id="s"/><dataObject id="o" itemSubjectRef="many" isCollection="true"/>' + IO.format('<dataInputAssociation id="da"><sourceRef>o</sourceRef><targetRef>di</targetRef></dataInputAssociation>') + '<end id="e"/>{s b e}')),
    "an output that is filled": ("association_end", "b", one('<start id="s"/><dataObject id="o"/>' + IO.format('<dataInputAssociation id="da"><sourceRef>o</sourceRef><targetRef>do</targetRef></dataInputAssociation>') + '<end id="e"/>{s b e}')),
    "an input of another activity": ("association_foreign", "a", one('<start id="s"/><dataObject id="o"/><user id="a"><dataInputAssociation id="da"><sourceRef>o</sourceRef><targetRef>di</targetRef></dataInputAssociation></user>' + IO.format("") + '<end id="e"/>{s a b e}')),
    "a data association without a target": ("association_open", "a", one('<dataObject id="o"/><start id="s"/><user id="a"><dataInputAssociation id="da"><sourceRef>o</sourceRef></dataInputAssociation></user><end id="e"/>{s a e}')),
    "an assignment of nothing": ("association_open", "a", one('<dataObject id="o"/><start id="s"/><user id="a"><dataInputAssociation id="da"><targetRef>o</targetRef><assignment id="am"><to>o</to></assignment></dataInputAssociation></user><end id="e"/>{s a e}')),
    "an association without a source": ("reference_missing", "as", one(PLAIN + '<association id="as" targetRef="a"/>')),
    "an association to nowhere": ("reference_missing", "as", one(PLAIN + '<association id="as" sourceRef="a" targetRef="gone"/>')),
    "a group of no category": ("reference_missing", "gr", one(PLAIN + '<group id="gr" categoryValueRef="gone"/>')),
}  # fmt: skip


def found(content):
    return linter.check({"p.bpmn": content.encode()}, handlers={}, roles=frozenset({"KS"}), lenient=player.LENIENT)


@pytest.mark.parametrize(("code", "element", "content"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_what_the_standard_forbids_is_refused_at_its_element(code, element, content):
    errors = [problem for problem in found(content) if problem.severity == "error"]
    assert (code, element) in [(problem.code, problem.element) for problem in errors]
    assert all(problem.message(locale) and problem.remedy(locale) for problem in errors for locale in ("de", "en"))


ALLOWED = {
    "two plain starts": one(PLAIN + '<start id="s2"/>{s2 b}'),
    "message flows between all that may talk": pools(
        '<start id="s"/><sendTask id="a" messageRef="msg"/><user id="b"/><end id="e">' + MESSAGE.format(1) + "</end>{s a b e}",
        f'<start id="s2">{MESSAGE.format(2)}</start><user id="a2"/><receiveTask id="b2" messageRef="msg"/><end id="e2"/>{{s2 a2 b2 e2}}',
        '<messageFlow id="m1" sourceRef="a" targetRef="s2" messageRef="msg"/><messageFlow id="m2" sourceRef="b" targetRef="a2"/>'
        '<messageFlow id="m3" sourceRef="e" targetRef="b2"/><messageFlow id="m4" sourceRef="out" targetRef="a"/>'
        '<messageFlow id="m5" sourceRef="pp" targetRef="out"/>'.replace('<messageFlow id="m4" sourceRef="out" targetRef="a"/>', ""),
    ),
    "associations between anything and a note": one(
        PLAIN + '<textAnnotation id="ta"><text>Notiz</text></textAnnotation><association id="as" sourceRef="a" targetRef="ta"/>'
        '<association id="at" sourceRef="p_s_a" targetRef="ta"/>'
    ),
    "a store that is only drawn": one(
        PLAIN + '<dataStoreReference id="ds" name="Archiv" dataStoreRef="st"/><association id="as" sourceRef="a" targetRef="ds"/>'
    ).replace("<process", '<dataStore id="st" name="Archiv"/><process'),
    "lists that are lists": one(PLAIN + '<dataObject id="o" itemSubjectRef="many" isCollection="true"/>'),
}  # fmt: skip


@pytest.mark.parametrize("content", ALLOWED.values(), ids=ALLOWED)
def test_what_the_standard_allows_passes(content):
    assert [problem for problem in found(content) if problem.severity == "error"] == []


def test_a_gateway_that_does_nothing_is_told():
    told = [(problem.code, problem.severity) for problem in found(inside('<xor id="g"/>', "{s a g b e}"))]
    assert told == [("gateway_idle", "warning")]


def test_an_automatic_loop_that_can_end_is_told_and_one_that_cannot_is_refused():
    body = '<start id="s"/><xor id="m"/><{0} id="t">{1}</{0}><xor id="g" default="p_g_e"/><end id="e"/>{{s m t g e}}{{g m[n]}}'
    ends = found(one(body.format("scriptTask", "<script>n = False</script>")))
    runs = found(one(body.format("task", "")))
    assert [(problem.code, problem.severity) for problem in ends] == [("loop_automatic", "warning")]
    assert [(problem.code, problem.severity) for problem in runs] == [("loop_without_wait", "error")]
