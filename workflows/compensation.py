"""Compensation in normal form: what is done is noted, and undone in reverse order where the diagram says so.

Behind an activity that a compensation event is attached to a step notes that it was done. Before the event that throws
a step takes the note written last, leads to what undoes that activity and, when this is over, to itself again, until
no note is left; then the event happens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from workflows import markup
from workflows.markup import BPMN, FLOW

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK = "noted"
DEFINITION = BPMN + "compensateEventDefinition"


def definition(node: Any) -> Any:  # noqa: ANN401  here and below: lxml elements
    """The compensation that an event catches or throws; None for any other."""
    return node.find(DEFINITION)


def undoes(node: Any) -> bool:  # noqa: ANN401
    """Whether an activity stands beside the flows and undoes another."""
    return markup.flag(node, "isForCompensation", default=False)


def borders(scope: Any) -> list[Any]:  # noqa: ANN401
    """The compensation events at borders of a scope."""
    return [node for node in scope.iterchildren(BPMN + "boundaryEvent") if definition(node) is not None]


def throws(scope: Any) -> list[Any]:  # noqa: ANN401
    """The events of a scope that let what is done be undone."""
    kinds = (BPMN + "intermediateThrowEvent", BPMN + "endEvent")
    return [node for node in scope.iterchildren(*kinds) if definition(node) is not None]


def undoers(scope: Any, border: Any) -> list[Any]:  # noqa: ANN401
    """The activities that associations connect with a compensation event at a border."""
    nodes = {node.get("id"): node for node in scope.iterchildren(*markup.FLOW_NODES)}
    found = []
    for association in border.getroottree().getroot().iter(BPMN + "association"):
        ends = [markup.local_name(association.get(name, "")) for name in ("sourceRef", "targetRef")]
        if border.get("id") in ends:
            ends.remove(border.get("id"))
            found += [nodes[end] for end in ends if end in nodes and undoes(nodes[end])]
    return found


def named(scope: Any, throw: Any) -> list[Any]:  # noqa: ANN401
    """The borders of those activities that a throwing event undoes: of the one that it names, else of all."""
    activity = markup.local_name(definition(throw).get("activityRef", ""))
    return [border for border in borders(scope) if activity in {"", border.get("attachedToRef")}]


def draw_out(scope: Any) -> None:  # noqa: ANN401
    """Draws what takes the notes, and the ways between."""
    plan = [(throw, named(scope, throw)) for throw in throws(scope)]
    back: dict[str, list[Any]] = {}
    for throw, marked in plan:
        undo = etree.SubElement(scope, BPMN + markup.UNDO_DONE, id=f"{throw.get('id')}{markup.UNDO}")
        undo.text = " ".join(f"{border.get('attachedToRef')}={border.get('id')}" for border in marked)
        _lead(scope, "targetRef", throw, undo)
        markup.connect(undo, throw)
        for border in marked:
            markup.connect(undo, border)
            back.setdefault(border.get("id"), []).append(undo)
        throw.remove(definition(throw))
    for border in list(borders(scope)):
        _attach(scope, border, back.get(border.get("id"), []))


def _attach(scope: Any, border: Any, back: list[Any]) -> None:  # noqa: ANN401
    for undoer in undoers(scope, border):
        markup.connect(border, undoer)
        after = etree.SubElement(scope, BPMN + markup.AFTER_UNDOING, id=f"{undoer.get('id')}{markup.UNDONE}")
        after.text = border.get("id")
        markup.connect(undoer, after)
        for undo in back:
            markup.connect(after, undo)
        undoer.attrib.pop("isForCompensation")
    next(node for node in scope if node.get("id") == border.get("attachedToRef")).set(_MARK, "true")
    border.remove(definition(border))
    for name in ("attachedToRef", "cancelActivity"):
        border.attrib.pop(name, None)
    border.tag = BPMN + "intermediateThrowEvent"


def note_done(scope: Any) -> None:  # noqa: ANN401
    """Draws the notes, when the ways out of each activity are one."""
    for host in [node for node in scope.iterchildren(*markup.FLOW_NODES) if node.attrib.pop(_MARK, None)]:
        note = etree.SubElement(scope, BPMN + markup.NOTE_DONE, id=f"{host.get('id')}{markup.NOTED}")
        note.text = host.get("id")
        _lead(scope, "sourceRef", host, note)
        markup.connect(host, note)


def _lead(scope: Any, end: str, node: Any, piece: Any) -> None:  # noqa: ANN401
    for flow in _flows(scope, end, node):
        flow.set(end, piece.get("id"))


def _flows(scope: Any, end: str, node: Any) -> Iterator[Any]:  # noqa: ANN401
    return (flow for flow in scope.iterchildren(FLOW) if flow.get(end) == node.get("id"))
