"""Events with several triggers in normal form: one piece for each trigger, named after the event with a number behind.

A catching event waits for the first of them, as an event-based gateway does; one that is `parallelMultiple` waits for
all, between two parallel gateways. At a border and beside a scope each piece listens by itself. A throwing event
becomes a chain in the order of the file; what ends the process or subprocess comes last.
"""

from __future__ import annotations

import copy
import itertools
from typing import TYPE_CHECKING, Any

from lxml import etree

from workflows import markup
from workflows.markup import BPMN, FLOW

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = len(markup.EACH)
ENDING = ("errorEventDefinition", "terminateEventDefinition", "cancelEventDefinition")
_GATEWAY = BPMN + "eventBasedGateway"
_THROW, _CATCH = BPMN + "intermediateThrowEvent", BPMN + "intermediateCatchEvent"
_START, _END, _BORDER = BPMN + "startEvent", BPMN + "endEvent", BPMN + "boundaryEvent"
_OF_CATCHES = ("parallelMultiple", "attachedToRef", "cancelActivity", "isInterrupting")


def pieces(node: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  here and below: lxml elements
    """The triggers of an event, each with the name behind its id under which it runs: "" for an only one."""
    found = markup.event_definitions(node)
    yield from zip(markup.EACH if len(found) > 1 else ("",), found, strict=False)


def waits_for_all(node: Any) -> bool:  # noqa: ANN401
    """Whether a catching event waits for all of its triggers."""
    return markup.flag(node, "parallelMultiple", default=False) and len(markup.event_definitions(node)) > 1


def draw_out(process: Any) -> None:  # noqa: ANN401
    """Draws the pieces of every event with several triggers but those that begin event subprocesses."""
    for node in list(process.iter(*(BPMN + name for name in markup.EVENTS))):
        if len(markup.event_definitions(node)) > 1:
            _draw(node)


def _draw(node: Any) -> None:  # noqa: ANN401
    scope = node.getparent()
    if node.tag in {_THROW, _END}:
        _chain(scope, node)
    elif node.tag == _CATCH:
        _catch(scope, node)
    elif node.tag == _BORDER or scope.tag == BPMN + "process":
        for piece in _split(scope, node, node.tag):
            markup.connect(piece, node)
        _passes(node)


def _split(scope: Any, node: Any, tag: str) -> list[Any]:  # noqa: ANN401
    """A piece for each trigger of a catching event."""
    made = []
    for name, definition in pieces(node):
        piece = etree.SubElement(scope, tag, id=node.get("id") + name)
        piece.set("name", node.get("name") or markup.drawn(node.get("id")))
        for attribute in _OF_CATCHES[1:]:
            if node.get(attribute) is not None:
                piece.set(attribute, node.get(attribute))
        piece.append(copy.deepcopy(definition))
        made.append(piece)
    return made


def _passes(node: Any) -> None:  # noqa: ANN401
    """What is left of a catching event lets tokens pass and gives their values out."""
    for definition in markup.event_definitions(node):
        node.remove(definition)
    for attribute in _OF_CATCHES:
        node.attrib.pop(attribute, None)
    node.tag = _THROW


def _catch(scope: Any, node: Any) -> None:  # noqa: ANN401
    identifier = node.get("id")
    sources = {flow.get("sourceRef") for flow in scope.iterchildren(FLOW) if flow.get("targetRef") == identifier}
    gateway = next((one for one in scope.iterchildren(_GATEWAY) if one.get("id") in sources), None)
    made = _split(scope, node, _CATCH)
    if gateway is not None:
        _race(scope, node, made)
        return
    kind = "parallelGateway" if waits_for_all(node) else "eventBasedGateway"
    entry = etree.SubElement(scope, BPMN + kind, id=f"{identifier}{markup.ENTRY}")
    _lead(scope, node, entry)
    behind = node
    if waits_for_all(node):
        behind = etree.SubElement(scope, BPMN + kind, id=f"{identifier}{markup.MET}")
        markup.connect(behind, node)
    for piece in made:
        markup.connect(entry, piece)
        markup.connect(piece, behind)
    _passes(node)


def _race(scope: Any, node: Any, made: list[Any]) -> None:  # noqa: ANN401
    """Behind an event-based gateway the triggers take part in its choice."""
    (flow,) = [flow for flow in scope.iterchildren(FLOW) if flow.get("targetRef") == node.get("id")]
    for number, piece in enumerate(made):
        way = flow if number == 0 else copy.deepcopy(flow)
        if number:
            way.set("id", f"{flow.get('id')}{markup.EACH[number]}")
            scope.append(way)
        way.set("targetRef", piece.get("id"))
        markup.connect(piece, node)
    _passes(node)


def _chain(scope: Any, node: Any) -> None:  # noqa: ANN401
    """The event itself throws first, so that whoever comes to it comes to all; an end event ends with the last."""
    is_end = node.tag == _END
    found = sorted(markup.event_definitions(node), key=lambda one: one.tag.removeprefix(BPMN) in ENDING)
    made = [node]
    for name, definition in zip(markup.EACH[1:], found[1:], strict=False):
        piece = etree.SubElement(scope, _THROW, id=node.get("id") + name)
        piece.set("name", node.get("name") or markup.drawn(node.get("id")))
        piece.append(definition)
        made.append(piece)
    if is_end:
        node.tag, made[-1].tag = _THROW, _END
    else:
        for flow in scope.iterchildren(FLOW):
            if flow.get("sourceRef") == node.get("id"):
                flow.set("sourceRef", made[-1].get("id"))
    for before, after in itertools.pairwise(made):
        markup.connect(before, after)


def _lead(scope: Any, node: Any, entry: Any) -> None:  # noqa: ANN401
    for flow in scope.iterchildren(FLOW):
        if flow.get("targetRef") == node.get("id"):
            flow.set("targetRef", entry.get("id"))
