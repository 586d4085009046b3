"""An ad-hoc subprocess in normal form: its steps are offered, each as often as people want, until it is complete.

Tasks for people are their own offers; any other step is begun by a task that offers it. Where no condition says when
it is complete, a task named like the subprocess closes it.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from workflows import markup
from workflows.markup import BPMN, FLOW

_PERSONAL = frozenset(BPMN + name for name in ("userTask", "manualTask"))
_HEARD = ("messageEventDefinition", "signalEventDefinition")


def first_steps(scope: Any) -> list[Any]:  # noqa: ANN401  here and below: lxml elements
    """The steps with which one may begin: nothing leads to them."""
    entered = {flow.get("targetRef") for flow in scope.iterchildren(FLOW)}
    return [
        node
        for node in scope.iterchildren(*markup.FLOW_NODES)
        if node.get("id") not in entered
        and node.tag != BPMN + "boundaryEvent"
        and not markup.flag(node, "triggeredByEvent", default=False)
        and not markup.flag(node, "isForCompensation", default=False)
        and node.find(BPMN + "linkEventDefinition") is None
    ]


def needs_offer(node: Any) -> bool:  # noqa: ANN401
    """Whether a task of its own must offer this first step: all but what a person or another system begins anyway. What
    is over at once (no instances, a condition that holds) would be begun again for ever.
    """
    if any(child.tag.endswith("LoopCharacteristics") for child in node):
        return True
    if node.tag == BPMN + "intermediateCatchEvent":
        return not any(node.find(BPMN + name) is not None for name in _HEARD)
    return node.tag not in _PERSONAL and node.tag != BPMN + "receiveTask"


def is_sequential(scope: Any) -> bool:  # noqa: ANN401
    """Whether one step must end before the next begins."""
    return str(scope.get("ordering", "Parallel")).strip() == "Sequential"


def draw_out(scope: Any) -> None:  # noqa: ANN401
    """Draws offers, what happens after each step, and the ways to the end."""
    identifier, steps = scope.get("id"), first_steps(scope)
    condition = (scope.findtext(BPMN + "completionCondition") or "").strip()
    left = {flow.get("sourceRef") for flow in scope.iterchildren(FLOW)}
    nodes = [
        node
        for node in scope.iterchildren(*markup.FLOW_NODES)
        if not markup.flag(node, "triggeredByEvent", default=False)
    ]
    begin = etree.SubElement(scope, BPMN + "startEvent", id=f"{identifier}{markup.BEGIN}")
    offers = etree.SubElement(scope, BPMN + markup.COPY, id=f"{identifier}{markup.OFFERS}")
    done = etree.SubElement(scope, BPMN + markup.STEP_DONE, id=f"{identifier}{markup.DONE}")
    end = etree.SubElement(scope, BPMN + "endEvent", id=f"{identifier}{markup.END}")
    # Without a condition only the closing task ends it.
    done.text = condition or "False"
    done.set("ordering", scope.get("ordering", "Parallel").strip())
    done.set("cancelRemainingInstances", scope.get("cancelRemainingInstances", "true").strip())
    for node in nodes:
        if node.get("id") not in left:
            markup.connect(node, done)
    markup.connect(begin, offers)
    markup.connect(done, end)
    markup.connect(done, offers)
    for node in steps:
        _offer(scope, offers, node)
    if not condition:
        close = etree.SubElement(scope, BPMN + "userTask", id=f"{identifier}{markup.CLOSE}")
        closed = etree.SubElement(scope, BPMN + markup.STEP_DONE, id=f"{close.get('id')}{markup.DONE}")
        closed.text = "True"
        markup.connect(offers, close)
        markup.connect(close, closed)
        markup.connect(closed, end)
    for part in scope.findall(BPMN + "completionCondition"):
        scope.remove(part)
    scope.tag = BPMN + "subProcess"


def _offer(scope: Any, offers: Any, node: Any) -> None:  # noqa: ANN401
    """Draws offers -> (offer) -> step -> taken -> what follows, and the offer again."""
    identifier, first = node.get("id"), node
    taken = etree.SubElement(scope, BPMN + markup.STEP_TAKEN, id=f"{identifier}{markup.TAKEN}")
    taken.set("ordering", scope.get("ordering", "Parallel").strip())
    if needs_offer(node):
        first = etree.SubElement(scope, BPMN + "userTask", id=f"{identifier}{markup.OFFER}")
        markup.connect(first, taken)
        markup.connect(taken, node)
    else:
        for flow in scope.iterchildren(FLOW):
            if flow.get("sourceRef") == identifier:
                flow.set("sourceRef", taken.get("id"))
        markup.connect(node, taken)
    taken.set("again", first.get("id"))
    markup.connect(offers, first)
    markup.connect(taken, first)
