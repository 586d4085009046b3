"""Diagrams in normal form: what BPMN lets a designer draw briefly is drawn out, so that few pieces have to run.

Several or conditional ways out of an activity become a gateway behind it, links become flows, data associations
become steps of their own, an event subprocess gets a listener beside the start of its scope, an ad-hoc subprocess
gets offers, a process that a message starts gets a plain start. Names of what is put in end in one of SUFFIXES and
never show: `markup.drawn` gives back the element that the designer drew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from workflows import associations, compensation, markup, optional_steps, transactions, triggers
from workflows.markup import BPMN, FLOW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_GATEWAYS = frozenset(BPMN + name for name in markup.GATEWAYS)
_SPLITS = (*markup.ACTIVITIES, "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
_START, _END = BPMN + "startEvent", BPMN + "endEvent"
_EVENTS = tuple(BPMN + name for name in markup.EVENTS)
_PLACES = ("sourceRef", "targetRef", "bpmnElement")
_REFERENCES = ("messageRef", "signalRef", "errorRef", "escalationRef", "calledElement")


def normalise(root: Any) -> None:  # noqa: ANN401  here and below: lxml elements
    """Brings a file that the linter has accepted into the form that runs; changes it in place."""
    for node in root.iter(etree.Element):
        for name in _REFERENCES:
            if node.get(name):
                node.set(name, markup.local_name(node.get(name)))
    _rename(root)
    for process in root.iterchildren(BPMN + "process"):
        triggers.draw_out(process)
        _plain_starts(process)
        for scope in list(markup.scopes(process)):
            _scope(scope)
    associations.strip(root)


def _rename(root: Any) -> None:  # noqa: ANN401
    """Events with names that the library uses itself run under others."""
    events = [node for node in root.iter(*_EVENTS) if node.get("id") in markup.LIBRARY_NAMES]
    named = {node.get("id"): markup.running(node.get("id")) for node in events}
    if not named:
        return
    for node in root.iter(etree.Element):
        for name in _PLACES:
            if node.get(name) in named:
                node.set(name, named[node.get(name)])
    for node in events:
        # Whoever shows it without a name shows its id.
        node.set("name", node.get("name") or node.get("id"))
        node.set("id", named[node.get("id")])


def _scope(scope: Any) -> None:  # noqa: ANN401
    _links(scope)
    transactions.draw_out(scope)
    compensation.draw_out(scope)
    if scope.tag != BPMN + "adHocSubProcess":
        _implied(scope)
    # What an activity gives is copied before the ways out of it are chosen.
    _ways(scope)
    compensation.note_done(scope)
    associations.draw_out(scope)
    if scope.tag == BPMN + "adHocSubProcess":
        optional_steps.draw_out(scope)
    for inner in list(scope.iterchildren(BPMN + "subProcess")):
        if markup.flag(inner, "triggeredByEvent", default=False):
            _listener(scope, inner)


def implied_firsts(scope: Any) -> list[Any]:  # noqa: ANN401
    """The nodes with which a scope begins that draws no start: all that nothing leads to."""
    first = optional_steps.first_steps(scope)
    is_drawn = any(node.tag == _START or markup.flag(node, "instantiate", default=False) for node in scope)
    return [] if is_drawn else first


def _implied(scope: Any) -> None:  # noqa: ANN401
    """Where neither start nor end is drawn, tokens begin at each node that nothing leads to and end where no way goes
    on.
    """
    left = {flow.get("sourceRef") for flow in scope.iterchildren(FLOW)}
    nodes = [node for node in scope.iterchildren(*markup.FLOW_NODES) if not _stands_aside(node)]
    last = [node for node in nodes if node.get("id") not in left and node.tag != _END]
    if (firsts := implied_firsts(scope)) or not nodes:
        start = etree.SubElement(scope, _START, id=f"{scope.get('id')}{markup.BEGIN}")
        for node in firsts:
            markup.connect(start, node)
        last += [start] if not firsts else []
    if last and not any(node.tag == _END for node in nodes):
        end = etree.SubElement(scope, _END, id=f"{scope.get('id')}{markup.END}")
        for node in last:
            markup.connect(node, end)


def _stands_aside(node: Any) -> bool:  # noqa: ANN401
    return markup.flag(node, "triggeredByEvent", default=False)


def instantiating(process: Any) -> list[Any]:  # noqa: ANN401
    """The nodes other than start events that begin an instance when their event happens."""
    nodes = {node.get("id"): node for node in process.iterchildren(*markup.FLOW_NODES)}
    first = [node for node in nodes.values() if markup.flag(node, "instantiate", default=False)]
    gateways = {node.get("id") for node in first if node.tag in _GATEWAYS}
    behind = [nodes[f.get("targetRef")] for f in process.iterchildren(FLOW) if f.get("sourceRef") in gateways]
    return [node for node in first if node.get("id") not in gateways] + behind


def _plain_starts(process: Any) -> None:  # noqa: ANN401
    """Who starts an instance has seen the event: inside, the start is plain."""
    for start in process.iterchildren(_START):
        for definition in markup.event_definitions(start):
            start.remove(definition)
    for node in [node for node in process if markup.flag(node, "instantiate", default=False)]:
        first = etree.SubElement(process, _START, id=f"{node.get('id')}{markup.BEGIN}")
        if node.tag == BPMN + "eventBasedGateway":
            _gateway_starts(process, node, first)
        else:
            _passes(node)
            markup.connect(first, node)


def _gateway_starts(process: Any, gateway: Any, first: Any) -> None:  # noqa: ANN401
    """A gateway that instantiates: one start for each event that it waits for."""
    process.remove(first)
    nodes = {node.get("id"): node for node in process}
    for number, flow in enumerate([f for f in process.iterchildren(FLOW) if f.get("sourceRef") == gateway.get("id")]):
        target = nodes[flow.get("targetRef")]
        start = etree.SubElement(process, _START, id=f"{target.get('id')}{markup.BEGIN}")
        passing = etree.SubElement(process, BPMN + "task", id=f"{gateway.get('id')}.{number}{markup.WAYS}")
        _passes(target)
        markup.connect(start, passing)
        flow.set("sourceRef", passing.get("id"))
    process.remove(gateway)


def _passes(node: Any) -> None:  # noqa: ANN401
    """The event has happened: a token passes."""
    for definition in markup.event_definitions(node):
        node.remove(definition)
    node.attrib.pop("messageRef", None)
    node.tag = BPMN + "task"


def links(scope: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401
    """Each throwing link of a scope with the catching one of its name."""
    caught: dict[str, Any] = {}
    thrown = []
    for node in scope.iterchildren(BPMN + "intermediateCatchEvent", BPMN + "intermediateThrowEvent"):
        link = node.find(BPMN + "linkEventDefinition")
        if link is not None and node.tag == BPMN + "intermediateCatchEvent":
            caught.setdefault((link.get("name") or "").strip(), node)
        elif link is not None:
            thrown.append(((link.get("name") or "").strip(), node))
    yield from ((node, caught[name]) for name, node in thrown if name in caught)


def _links(scope: Any) -> None:  # noqa: ANN401
    pairs = list(links(scope))
    for source, target in pairs:
        markup.connect(source, target)
    for node in {node for pair in pairs for node in pair}:
        node.remove(node.find(BPMN + "linkEventDefinition"))
        node.tag = BPMN + "intermediateThrowEvent"


def _ways(scope: Any) -> None:  # noqa: ANN401
    """Several ways are taken at once; those with a condition only where it holds, the default where none does."""
    out: dict[str, list[Any]] = {}
    for flow in scope.iterchildren(FLOW):
        out.setdefault(flow.get("sourceRef"), []).append(flow)
    for node in list(scope.iterchildren(*(BPMN + name for name in _SPLITS))):
        flows = out.get(node.get("id"), [])
        conditions = [flow for flow in flows if flow.find(BPMN + "conditionExpression") is not None]
        if len(flows) > 1 or conditions:
            _split(scope, node, flows, has_conditions=bool(conditions))


def _split(scope: Any, node: Any, flows: Iterable[Any], *, has_conditions: bool) -> None:  # noqa: ANN401
    kind = "inclusiveGateway" if has_conditions else "parallelGateway"
    gateway = etree.SubElement(scope, BPMN + kind, id=f"{node.get('id')}{markup.WAYS}")
    default = node.attrib.pop("default", None)
    for flow in flows:
        flow.set("sourceRef", gateway.get("id"))
        is_plain = flow.find(BPMN + "conditionExpression") is None
        if default is not None and flow.get("id") == default:
            gateway.set("default", default)
        elif has_conditions and is_plain:
            etree.SubElement(flow, BPMN + "conditionExpression").text = "True"
    markup.connect(node, gateway)


def _listener(scope: Any, inner: Any) -> None:  # noqa: ANN401
    """The start of an event subprocess listens from the beginning of the scope around it."""
    inner.attrib.pop("triggeredByEvent")
    start = inner.find(_START)
    identifier = start.get("id")
    end = etree.SubElement(scope, _END, id=f"{inner.get('id')}{markup.END}")
    for name, definition in list(triggers.pieces(start)):
        listener = etree.SubElement(scope, BPMN + markup.LISTENER, id=f"{identifier}{name}{markup.HEARD}")
        listener.set("name", start.get("name", identifier))
        listener.set("cancelActivity", start.get("isInterrupting", "true"))
        listener.append(definition)
        markup.connect(listener, inner)
    markup.connect(inner, end)
