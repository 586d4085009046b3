"""Where events may stand: what starts a process or subprocess, what hangs on a border, links, event gateways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows import lint_triggers, markup
from workflows.lint_sheet import Scope, Sheet, flag, name_of, one

if TYPE_CHECKING:
    from collections.abc import Iterable

_TOP_TRIGGERS = frozenset({"message", "signal", "timer"})
_CATCHES = frozenset({"intermediateCatchEvent", "receiveTask"})
_STARTING = frozenset({"messageEventDefinition", "signalEventDefinition"})
_BETWEEN = frozenset({"intermediateCatchEvent", "intermediateThrowEvent"})
_ENDS = frozenset({"startEvent", "endEvent"})


def kind_of(node: Any) -> str:  # noqa: ANN401  here and below: lxml elements
    """What an event waits for or throws first: "timer", "message" and so on; "" for a plain event."""
    return next(iter(lint_triggers.kinds(node)), "")


def is_event_subprocess(node: Any) -> bool:  # noqa: ANN401
    """Whether this is a subprocess that an event triggers."""
    return name_of(node) == "subProcess" and flag(node, "triggeredByEvent", default=False)


def instantiates(node: Any) -> bool:  # noqa: ANN401
    """Whether a receive task or event gateway begins an instance."""
    return flag(node, "instantiate", default=False)


def check(sheet: Sheet, scope: Scope) -> None:
    """Notes events that stand where the standard does not let them, or that this host does not run there."""
    _starts(sheet, scope)
    _links(sheet, scope)
    for node in scope.nodes.values():
        kind = name_of(node)
        if kind in markup.EVENTS:
            _event(sheet, scope, node)
        if kind == "eventBasedGateway":
            _gateway(sheet, scope, node)
        if is_event_subprocess(node):
            _event_subprocess(sheet, scope, node)
        if instantiates(node) and (scope.into.get(node.get("id")) or name_of(scope.node) != "process"):
            sheet.note(node, "instantiate_entered")


def _starts(sheet: Sheet, scope: Scope) -> None:
    of_kind = {kind: [node for node in scope.nodes.values() if name_of(node) == kind] for kind in _ENDS}
    starts, holder = of_kind["startEvent"], name_of(scope.node)
    if holder == "adHocSubProcess":
        for node in (*starts, *of_kind["endEvent"]):
            sheet.note(node, "ad_hoc_event")
        if not any(name_of(node) in markup.ACTIVITIES for node in scope.nodes.values()):
            sheet.note(scope.node, "ad_hoc_empty")
        return
    begins = starts or any(instantiates(node) for node in scope.nodes.values())
    ends, triggered = of_kind["endEvent"], is_event_subprocess(scope.node)
    # Where neither is drawn both are implied; a process of nothing is none.
    if not begins and (ends or triggered or (holder == "process" and not scope.nodes)):
        sheet.note(scope.node, "start_missing")
    if begins and not ends:
        sheet.note(scope.node, "end_missing")
    if holder == "process":
        # Each start event is a way of its own to begin an instance: who begins one says which.
        _top_triggers(sheet, starts)
        return
    if len(starts) > 1:
        sheet.note(starts[1], "start_several")
    _inner_triggers(sheet, scope, starts)


def _top_triggers(sheet: Sheet, starts: Iterable[Any]) -> None:
    for node in starts:
        kinds = set(lint_triggers.kinds(node))
        if "conditional" in kinds:
            sheet.note(node, "refused_start_conditional")
        elif not kinds <= _TOP_TRIGGERS:
            sheet.note(node, "start_trigger")
        if not flag(node, "isInterrupting", default=True):
            sheet.note(node, "start_interrupting")


def _inner_triggers(sheet: Sheet, scope: Scope, starts: Iterable[Any]) -> None:
    triggered = is_event_subprocess(scope.node)
    for node in starts:
        kinds = lint_triggers.kinds(node)
        if triggered and not kinds:
            sheet.note(node, "event_start_plain")
        elif not triggered and kinds:
            sheet.note(node, "start_trigger")
        if not flag(node, "isInterrupting", default=True) and (not triggered or "error" in kinds):
            sheet.note(node, "start_interrupting")


def _event(sheet: Sheet, scope: Scope, node: Any) -> None:  # noqa: ANN401
    kind = name_of(node)
    found = markup.event_definitions(node)
    if kind in {"intermediateCatchEvent", "boundaryEvent"} and not found:
        sheet.note(node, "event_empty")
    lint_triggers.check(sheet, scope, node)
    if kind == "boundaryEvent":
        _border(sheet, scope, node)
    else:
        _flows(sheet, scope, node)
    for definition in found:
        if name_of(definition) == "conditionalEventDefinition" and one(definition, "condition") is None:
            sheet.note(node, "condition_absent")


def _flows(sheet: Sheet, scope: Scope, node: Any) -> None:  # noqa: ANN401
    """A start is only left, an end only entered, what happens in between both; a link has its own rules."""
    kind, is_entered = name_of(node), bool(scope.into.get(node.get("id")))
    if kind == "startEvent" and is_entered:
        sheet.note(node, "start_entered")
    if kind == "endEvent" and scope.out.get(node.get("id")):
        sheet.note(node, "end_left")
    if kind in _BETWEEN and not is_entered and kind_of(node) != "link" and name_of(scope.node) != "adHocSubProcess":
        sheet.note(node, "event_unentered")


def _border(sheet: Sheet, scope: Scope, node: Any) -> None:  # noqa: ANN401
    host = scope.nodes.get(node.get("attachedToRef", ""))
    if host is None or name_of(host) not in markup.ACTIVITIES or is_event_subprocess(host):
        sheet.note(node, "boundary_loose", value=node.get("attachedToRef", ""))
    if scope.into.get(node.get("id")):
        sheet.note(node, "boundary_entered")
    if "error" in lint_triggers.kinds(node) and not flag(node, "cancelActivity", default=True):
        sheet.note(node, "error_goes_on")


def _event_subprocess(sheet: Sheet, scope: Scope, node: Any) -> None:  # noqa: ANN401
    if scope.into.get(node.get("id")) or scope.out.get(node.get("id")):
        sheet.note(node, "event_subprocess_flow")
    if any(child.tag.endswith("LoopCharacteristics") for child in node):
        sheet.note(node, "event_subprocess_loop")


def _gateway(sheet: Sheet, scope: Scope, node: Any) -> None:  # noqa: ANN401
    flows = scope.out.get(node.get("id"), [])
    if len(flows) < 2:  # noqa: PLR2004  it chooses between events
        sheet.note(node, "event_gateway_ways")
    targets = [scope.nodes[flow.get("targetRef")] for flow in flows]
    is_mixed = any(name_of(target) == "receiveTask" for target in targets)
    if is_mixed and any(one(target, "messageEventDefinition") is not None for target in targets):
        sheet.note(node, "event_gateway_mixed")
    for flow in flows:
        target = scope.nodes[flow.get("targetRef")]
        wrong = name_of(target) not in _CATCHES or kind_of(target) == "link" or scope.boundaries.get(target.get("id"))
        if wrong or len(scope.into.get(target.get("id"), [])) > 1:
            sheet.note(target, "event_gateway_target", gateway=node.get("id"))
        elif instantiates(node) and not _starts_instance(target):
            sheet.note(target, "instantiate_target", gateway=node.get("id"))


def _starts_instance(target: Any) -> bool:  # noqa: ANN401
    return name_of(target) == "receiveTask" or {name_of(one) for one in markup.event_definitions(target)} <= _STARTING


def _links(sheet: Sheet, scope: Scope) -> None:
    caught: dict[str, Any] = {}
    thrown: list[tuple[str, Any]] = []
    for node in scope.nodes.values():
        link = one(node, "linkEventDefinition")
        if link is None:
            continue
        name = (link.get("name") or "").strip()
        if not name:
            sheet.note(node, "link_unnamed")
        elif name_of(node) == "intermediateThrowEvent":
            thrown.append((name, node))
        elif name in caught:
            sheet.note(node, "link_twice", value=name[:60])
        caught |= {name: node} if name_of(node) == "intermediateCatchEvent" else {}
        _link_flows(sheet, scope, node)
    for name, node in thrown:
        if name not in caught:
            sheet.note(node, "link_loose", value=name[:60])


def _link_flows(sheet: Sheet, scope: Scope, node: Any) -> None:  # noqa: ANN401
    """A link that throws is left by no flow, one that catches is entered by none; the link itself counts for none."""
    is_throw = name_of(node) == "intermediateThrowEvent"
    flows = (scope.out if is_throw else scope.into).get(node.get("id"), [])
    if any(flow.getparent() is not None for flow in flows):
        sheet.note(node, "link_flow")
