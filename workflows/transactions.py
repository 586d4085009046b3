"""Transactions in normal form: subprocesses that can be cancelled.

A cancel end event takes all other tokens of its transaction away, lets what was done in it be undone, and then throws
an error that only the cancel event at the border of this transaction catches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from workflows import compensation, markup
from workflows.markup import BPMN, FLOW

if TYPE_CHECKING:
    from collections.abc import Iterator

TRANSACTION = BPMN + "transaction"
_CANCEL = BPMN + "cancelEventDefinition"
_ERROR = BPMN + "errorEventDefinition"


def cancels(scope: Any) -> list[Any]:  # noqa: ANN401  here and below: lxml elements
    """The cancel end events of a scope."""
    return list(_with_cancel(scope, "endEvent"))


def borders(scope: Any) -> list[Any]:  # noqa: ANN401
    """The cancel events at borders of a scope."""
    return list(_with_cancel(scope, "boundaryEvent"))


def _with_cancel(scope: Any, kind: str) -> Iterator[Any]:  # noqa: ANN401
    return (node for node in scope.iterchildren(BPMN + kind) if node.find(_CANCEL) is not None)


def draw_out(scope: Any) -> None:  # noqa: ANN401
    """Draws what cancelling does in this scope, and what catches it."""
    for border in borders(scope):
        _throws(border, border.get("attachedToRef"))
    if scope.tag != TRANSACTION:
        return
    for end in cancels(scope):
        alone = etree.SubElement(scope, BPMN + markup.CANCEL_OTHERS, id=f"{end.get('id')}{markup.CANCELLED}")
        for flow in scope.iterchildren(FLOW):
            if flow.get("targetRef") == end.get("id"):
                flow.set("targetRef", alone.get("id"))
        markup.connect(alone, end)
        _throws(end, scope.get("id"))
        etree.SubElement(end, compensation.DEFINITION)
    scope.tag = BPMN + "subProcess"


def _throws(event: Any, transaction: str) -> None:  # noqa: ANN401
    event.remove(event.find(_CANCEL))
    name = f"{transaction}{markup.CANCELLED}"
    etree.SubElement(event, _ERROR, errorRef=name)
    root = event.getroottree().getroot()
    if not any(error.get("id") == name for error in root.iterchildren(BPMN + "error")):
        root.insert(0, etree.Element(BPMN + "error", id=name, name=name, errorCode=name))
