"""How nodes are joined by flows: starts, ends, gateways, borders, reachability, circles."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from workflows import markup
from workflows.lint_sheet import Scope, Sheet, flag, name_of, one, own, scopes, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_EXCLUSIVE, _INCLUSIVE = "exclusiveGateway", "inclusiveGateway"
_CHOOSES = frozenset({_EXCLUSIVE, _INCLUSIVE})
_WAITS = frozenset({"userTask", "manualTask", "receiveTask", "intermediateCatchEvent", "eventBasedGateway"})
_CATCHES = frozenset({"intermediateCatchEvent", "receiveTask"})
_HANDLED = frozenset({"serviceTask", "businessRuleTask", "sendTask"})
_DEFINITION = "EventDefinition"


def definitions(node: Any) -> list[Any]:  # noqa: ANN401  lxml elements
    """The event definitions of an event."""
    return [child for child in node if isinstance(child.tag, str) and name_of(child).endswith(_DEFINITION)]


def _count(sheet: Sheet, scope: Scope) -> None:
    starts = [node for node in scope.nodes.values() if name_of(node) == "startEvent"]
    ends = [node for node in scope.nodes.values() if name_of(node) == "endEvent"]
    if not starts:
        sheet.note(scope.node, "start_missing")
    if len(starts) > 1:
        sheet.note(starts[1], "start_several")
    if not ends:
        sheet.note(scope.node, "end_missing")


def _events(sheet: Sheet, scope: Scope, node: Any) -> None:  # noqa: ANN401
    kind, identifier = name_of(node), node.get("id")
    found = definitions(node)
    if kind in {"intermediateCatchEvent", "boundaryEvent"} and not found:
        sheet.note(node, "event_empty")
    if len(found) > 1:
        sheet.note(node, "event_several")
    if kind == "startEvent" and scope.into.get(identifier):
        sheet.note(node, "start_entered")
    if kind == "endEvent" and scope.out.get(identifier):
        sheet.note(node, "end_left")
    if kind == "boundaryEvent":
        _border(sheet, scope, node)


def _border(sheet: Sheet, scope: Scope, node: Any) -> None:  # noqa: ANN401
    host = scope.nodes.get(node.get("attachedToRef", ""))
    if host is None or name_of(host) not in markup.ACTIVITIES:
        sheet.note(node, "boundary_loose", value=node.get("attachedToRef", ""))
    if scope.into.get(node.get("id")):
        sheet.note(node, "boundary_entered")


def _condition(flow: Any) -> Any:  # noqa: ANN401
    return one(flow, "conditionExpression")


def _choice(sheet: Sheet, scope: Scope, node: Any) -> None:  # noqa: ANN401
    """An exclusive or inclusive gateway: every way but the default has a condition, and there is a default."""
    flows = scope.out.get(node.get("id"), [])
    default = node.get("default")
    if default and default not in {flow.get("id") for flow in flows}:
        sheet.note(node, "default_foreign", value=default)
    if len(flows) < 2:  # noqa: PLR2004  one way needs no choice
        return
    for flow in flows:
        if flow.get("id") == default and _condition(flow) is not None:
            sheet.note(flow, "default_condition")
        elif flow.get("id") != default and _condition(flow) is None:
            sheet.note(flow, "condition_missing", gateway=node.get("id"))
    if not default:
        sheet.note(node, "default_missing", severity="warning")


def _plain(sheet: Sheet, scope: Scope, node: Any) -> None:  # noqa: ANN401
    """Whatever is no choosing gateway: its flows bear no condition, and only gateways split."""
    flows = scope.out.get(node.get("id"), [])
    splits = name_of(node) in {"parallelGateway", "eventBasedGateway"}
    if len(flows) > 1 and not splits:
        sheet.note(node, "flow_several")
    if node.get("default"):
        sheet.note(node, "flow_default")
    for flow in flows:
        if _condition(flow) is not None:
            sheet.note(flow, "flow_conditional", source=node.get("id"))


def _event_gateway(sheet: Sheet, scope: Scope, node: Any) -> None:  # noqa: ANN401
    flows = scope.out.get(node.get("id"), [])
    if len(flows) < 2:  # noqa: PLR2004  it chooses between events
        sheet.note(node, "event_gateway_ways")
    for flow in flows:
        target = scope.nodes[flow.get("targetRef")]
        if name_of(target) not in _CATCHES or len(scope.into.get(target.get("id"), [])) > 1:
            sheet.note(target, "event_gateway_target", gateway=node.get("id"))


def _direction(sheet: Sheet, scope: Scope, node: Any) -> None:  # noqa: ANN401
    """A gateway that says how it is meant must be drawn so."""
    into, out = len(scope.into.get(node.get("id"), [])), len(scope.out.get(node.get("id"), []))
    wrong = {
        "Converging": out > 1,
        "Diverging": into > 1,
        "Mixed": not (into > 1 and out > 1),
    }
    if wrong.get(node.get("gatewayDirection", ""), False):
        sheet.note(node, "gateway_direction", value=node.get("gatewayDirection"))


def _ends(sheet: Sheet, scope: Scope, node: Any) -> None:  # noqa: ANN401
    kind, identifier = name_of(node), node.get("id")
    if kind != "endEvent" and not scope.out.get(identifier):
        sheet.note(node, "dead_end")


_GATEWAYS: Mapping[str, Callable[[Sheet, Scope, Any], None]] = MappingProxyType(
    {_EXCLUSIVE: _choice, _INCLUSIVE: _choice, "eventBasedGateway": _event_gateway}
)


def _reach(scope: Scope) -> set[str]:
    pending = [identifier for identifier, node in scope.nodes.items() if name_of(node) == "startEvent"]
    reached: set[str] = set()
    while pending:
        identifier = pending.pop()
        if identifier not in reached:
            reached.add(identifier)
            pending += [target for target in scope.targets(identifier) if target]
    return reached


def _reachability(sheet: Sheet, scope: Scope) -> None:
    reached = _reach(scope)
    if not reached:
        return
    for identifier, node in scope.nodes.items():
        loose = name_of(node) == "boundaryEvent" and node.get("attachedToRef") not in scope.nodes
        if identifier not in reached and not loose:
            sheet.note(node, "unreachable")


def _automatic(scope: Scope, waiting: Callable[[Any], bool]) -> dict[str, list[str]]:
    """The ways between nodes at which nobody and nothing is waited for."""
    silent = {identifier for identifier, node in scope.nodes.items() if not waiting(node)}
    return {
        identifier: [flow.get("targetRef") for flow in scope.out.get(identifier, []) if flow.get("targetRef") in silent]
        for identifier in silent
    }


def _in_circle(ways: Mapping[str, list[str]]) -> Iterator[str]:
    """The first node of each circle that a depth-first walk closes."""
    state: dict[str, int] = {}
    for origin in ways:
        pending = [(origin, iter(ways[origin]))] if origin not in state else []
        state.setdefault(origin, 1)
        while pending:
            node, targets = pending[-1]
            target = next(targets, None)
            if target is None:
                state[node] = 2
                pending.pop()
            elif state.get(target) == 1:
                yield target
            elif target not in state:
                state[target] = 1
                pending.append((target, iter(ways[target])))


def _loops(sheet: Sheet, scope: Scope, waiting: Callable[[Any], bool]) -> None:
    for identifier in dict.fromkeys(_in_circle(_automatic(scope, waiting))):
        sheet.note(scope.nodes[identifier], "loop_without_wait")
    for node in scope.nodes.values():
        loop = one(node, "standardLoopCharacteristics")
        if loop is not None and not loop.get("loopMaximum") and not waiting(node):
            sheet.note(node, "loop_without_wait")


class Waits:
    """Tells which nodes wait for a person, an event or another system; looks into what they call."""

    def __init__(self, processes: Mapping[str, Any], outside: frozenset[str]) -> None:
        self._processes = processes
        self._outside = outside
        self._asked: dict[str, bool] = {}

    def __call__(self, node: Any) -> bool:  # noqa: ANN401
        """Whether a token stops here until something happens."""
        kind = name_of(node)
        if kind in _WAITS:
            return True
        if kind in _HANDLED:
            return own(node, "handler") in self._outside
        if kind == "subProcess":
            return self._inside(node)
        if kind == "callActivity":
            return self._called(markup.local_name(node.get("calledElement", "")))
        return False

    def _inside(self, scope: Any) -> bool:  # noqa: ANN401
        return any(self(node) for node in scope.iterchildren(*markup.FLOW_NODES))

    def _called(self, process: str) -> bool:
        if process not in self._asked:
            # A process that calls itself is noted elsewhere; here it must only not be asked for ever.
            self._asked[process] = True
            self._asked[process] = process in self._processes and self._inside(self._processes[process])
        return self._asked[process]


def _loop_marks(sheet: Sheet, node: Any) -> None:  # noqa: ANN401
    standard, several = one(node, "standardLoopCharacteristics"), one(node, "multiInstanceLoopCharacteristics")
    if standard is not None:
        maximum = standard.get("loopMaximum")
        if maximum is not None and not (maximum.isascii() and maximum.isdigit() and 0 < int(maximum[:9]) < 10**6):
            sheet.note(node, "loop_maximum", value=maximum[:40])
        if maximum is None and not text(one(standard, "loopCondition")):
            sheet.note(node, "loop_endless")
    if several is not None and one(several, "loopCardinality") is None:
        sheet.note(node, "instances_unclear")


def check(sheet: Sheet, waits: Waits) -> None:
    """Notes what cannot run, or would not run as drawn."""
    for scope in scopes(sheet.processes):
        _count(sheet, scope)
        for node in scope.nodes.values():
            kind = name_of(node)
            if kind in markup.EVENTS:
                _events(sheet, scope, node)
            if kind in _GATEWAYS:
                _GATEWAYS[kind](sheet, scope, node)
            if kind not in _CHOOSES:
                _plain(sheet, scope, node)
            if kind in markup.GATEWAYS:
                _direction(sheet, scope, node)
            _loop_marks(sheet, node)
            _ends(sheet, scope, node)
        _reachability(sheet, scope)
        _loops(sheet, scope, waits)


def hidden(sheet: Sheet) -> None:
    """Tells which processes of the file will not be found because they say that they may not run."""
    for process in sheet.processes:
        if not flag(process, "isExecutable", default=True):
            sheet.note(process, "process_hidden", severity="warning")
