"""How nodes are joined by flows: starts, ends, gateways, borders, reachability, circles."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from workflows import closures, lint_compensation, lint_events, markup, optional_steps, rewriting
from workflows.lint_sheet import Scope, Sheet, flag, name_of, one, own, scopes, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_EXCLUSIVE, _INCLUSIVE = "exclusiveGateway", "inclusiveGateway"
_WAITS = frozenset({"userTask", "manualTask", "receiveTask", "intermediateCatchEvent", "eventBasedGateway"})
_HANDLED = frozenset({"serviceTask", "businessRuleTask", "sendTask"})
_WRITERS = tuple(
    markup.BPMN + name for name in (*_HANDLED, "scriptTask", "dataInputAssociation", "dataOutputAssociation")
)


def _condition(flow: Any) -> Any:  # noqa: ANN401
    return one(flow, "conditionExpression")


def _choice(sheet: Sheet, scope: Scope, node: Any) -> None:  # noqa: ANN401
    """An exclusive or inclusive gateway: every way but the default has a condition, and there is a default."""
    flows = scope.out.get(node.get("id"), [])
    default = node.get("default")
    if default and default not in {flow.get("id") for flow in flows}:
        sheet.note(node, "default_foreign", value=default)
    if len(flows) < 2:  # noqa: PLR2004  one way needs no choice
        if flows and _condition(flows[0]) is not None:
            sheet.note(flows[0], "condition_alone", source=node.get("id"))
        return
    for flow in flows:
        if flow.get("id") == default and _condition(flow) is not None:
            sheet.note(flow, "default_condition")
        elif flow.get("id") != default and _condition(flow) is None:
            sheet.note(flow, "condition_missing", gateway=node.get("id"))
    if not default:
        sheet.note(node, "default_missing", severity="warning")


def _default(sheet: Sheet, scope: Scope, node: Any) -> None:  # noqa: ANN401
    """An activity: its default way is one of its own and has no condition, and some way is always there."""
    flows = scope.out.get(node.get("id"), [])
    default = node.get("default")
    if default and default not in {flow.get("id") for flow in flows}:
        sheet.note(node, "default_foreign", value=default)
    for flow in flows:
        if flow.get("id") == default and _condition(flow) is not None:
            sheet.note(flow, "default_condition")
    if len(flows) == 1 and _condition(flows[0]) is not None:
        sheet.note(flows[0], "condition_alone", source=node.get("id"))
    elif flows and all(_condition(flow) is not None for flow in flows):
        sheet.note(node, "default_missing", severity="warning")


def _plain(sheet: Sheet, scope: Scope, node: Any) -> None:  # noqa: ANN401
    """An event, a parallel or event-based gateway: its flows bear no condition."""
    for flow in scope.out.get(node.get("id"), []):
        if _condition(flow) is not None:
            sheet.note(flow, "flow_conditional", source=node.get("id"))


def _direction(sheet: Sheet, scope: Scope, node: Any) -> None:  # noqa: ANN401
    """A gateway that says how it is meant must be drawn so."""
    into, out = len(scope.into.get(node.get("id"), [])), len(scope.out.get(node.get("id"), []))
    wrong = {
        "Converging": out > 1 or into < 2,  # noqa: PLR2004  several
        "Diverging": into > 1 or out < 2,  # noqa: PLR2004
        "Mixed": not (into > 1 and out > 1),
    }
    if wrong.get(node.get("gatewayDirection", ""), False):
        sheet.note(node, "gateway_direction", value=node.get("gatewayDirection"))
    elif into == 1 and out == 1:
        sheet.note(node, "gateway_idle", severity="warning")


def _ends(sheet: Sheet, scope: Scope, node: Any) -> None:  # noqa: ANN401
    ends = name_of(node) == "endEvent" or name_of(scope.node) == "adHocSubProcess"
    ends = ends or lint_events.is_event_subprocess(node) or lint_events.kind_of(node) == "link"
    ends = ends or node.get("id") in lint_compensation.aside({node.get("id"): node})
    if not ends and not scope.out.get(node.get("id")):
        sheet.note(node, "dead_end")


_CHOICES: Mapping[str, Callable[[Sheet, Scope, Any], None]] = MappingProxyType(
    {_EXCLUSIVE: _choice, _INCLUSIVE: _choice, **dict.fromkeys(markup.ACTIVITIES, _default)}
)


def _begins(scope: Scope) -> list[str]:
    """The nodes with which tokens begin in a scope."""
    if name_of(scope.node) == "adHocSubProcess":
        return [*(node.get("id") for node in optional_steps.first_steps(scope.node)), *_beside(scope)]
    nodes = scope.nodes.items()
    first = [name for name, node in nodes if name_of(node) == "startEvent" or lint_events.instantiates(node)]
    implied = [node.get("id") for node in rewriting.implied_firsts(scope.node)]
    return [*first, *implied, *_beside(scope)]


def _beside(scope: Scope) -> list[str]:
    return [name for name, node in scope.nodes.items() if lint_events.is_event_subprocess(node)]


def _reach(scope: Scope) -> set[str]:
    pending = _begins(scope)
    reached: set[str] = set()
    while pending:
        identifier = pending.pop()
        if identifier not in reached:
            reached.add(identifier)
            pending += [target for target in scope.targets(identifier) if target]
    return reached


def _reachability(sheet: Sheet, scope: Scope) -> None:
    reached = _reach(scope) | lint_compensation.aside(scope.nodes)
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


def _circles(ways: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """The nodes of each circle that a depth-first walk closes, the one it closes at first."""
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
                path = [name for name, _ in pending]
                yield path[path.index(target) :]
            elif target not in state:
                state[target] = 1
                pending.append((target, iter(ways[target])))


def _loops(sheet: Sheet, scope: Scope, waits: Waits) -> None:
    """A loop in which nothing waits must be able to end: something in it changes values, and a choice reads them."""
    noted: set[str] = set()
    for circle in _circles(_automatic(scope, waits)):
        if circle[0] not in noted:
            noted.add(circle[0])
            ends = any(map(waits.changes, _nodes(scope, circle))) and any(_chooses(scope, name) for name in circle)
            _endless(sheet, scope.nodes[circle[0]], ends=ends)
    for node in scope.nodes.values():
        loop = one(node, "standardLoopCharacteristics")
        if loop is not None and not loop.get("loopMaximum") and not waits(node):
            _endless(sheet, node, ends=waits.changes(node))


def _nodes(scope: Scope, names: list[str]) -> list[Any]:
    return [scope.nodes[name] for name in names]


def _chooses(scope: Scope, name: str) -> bool:
    return any(_condition(flow) is not None for flow in scope.out.get(name, []))


def _endless(sheet: Sheet, node: Any, *, ends: bool) -> None:  # noqa: ANN401
    if ends:
        sheet.note(node, "loop_automatic", severity="warning")
    else:
        sheet.note(node, "loop_without_wait")


class Waits:
    """Tells which nodes wait for a person, an event or another system; looks into what they call."""

    def __init__(self, drawn: Mapping[str, closures.Drawn], outside: frozenset[str]) -> None:
        self._drawn = drawn
        self._outside = outside
        self._asked: dict[str, bool] = {}

    def __call__(self, node: Any) -> bool:  # noqa: ANN401
        """Whether a token stops here until something happens."""
        kind = name_of(node)
        if kind in _WAITS:
            return lint_events.kind_of(node) != "link"
        if kind == "adHocSubProcess":
            return True
        if kind in _HANDLED:
            return own(node, "handler") in self._outside
        if kind in {"subProcess", "transaction"}:
            return self._inside(node)
        if kind == "callActivity":
            return self._called(markup.local_name(node.get("calledElement", "")))
        return False

    def changes(self, node: Any) -> bool:  # noqa: ANN401
        """Whether something here can set process values without waiting."""
        inside = [node]
        if name_of(node) == "callActivity":
            called = closures.reached(self._drawn, markup.local_name(node.get("calledElement", "")))
            inside += [self._drawn[name].node for name in called if name in self._drawn]
        parts = (part for place in inside for part in place.iter(*_WRITERS))
        return any(name_of(part) not in _HANDLED or own(part, "handler") for part in parts)

    def _inside(self, scope: Any) -> bool:  # noqa: ANN401
        return any(self(node) for node in scope.iterchildren(*markup.FLOW_NODES))

    def _called(self, process: str) -> bool:
        if process not in self._asked:
            # A process that calls itself is noted elsewhere; here it must only not be asked for ever.
            self._asked[process] = True
            self._asked[process] = process in self._drawn and self._inside(self._drawn[process].node)
        return self._asked[process]


def _loop_marks(sheet: Sheet, node: Any) -> None:  # noqa: ANN401
    standard, several = one(node, "standardLoopCharacteristics"), one(node, "multiInstanceLoopCharacteristics")
    if standard is not None:
        maximum = standard.get("loopMaximum")
        if maximum is not None and not (maximum.isascii() and maximum.isdigit() and 0 < int(maximum[:9]) < 10**6):
            sheet.note(node, "loop_maximum", value=maximum[:40])
        if maximum is None and not text(one(standard, "loopCondition")):
            sheet.note(node, "loop_endless")
    if standard is not None and several is not None:
        sheet.note(node, "loop_twice")
    if several is not None:
        _instances(sheet, node, several)


def _instances(sheet: Sheet, node: Any, marker: Any) -> None:  # noqa: ANN401
    """So many, or one for each of a list; results go to a list."""
    number, items = one(marker, "loopCardinality"), one(marker, "loopDataInputRef")
    if (number is None) == (items is None):
        sheet.note(node, "instances_unclear")
    if (one(marker, "loopDataOutputRef") is None) != (one(marker, "outputDataItem") is None):
        sheet.note(node, "instances_output")
    if items is None and one(marker, "inputDataItem") is not None:
        sheet.note(node, "instances_output")


def check(sheet: Sheet, waits: Waits) -> None:
    """Notes what cannot run, or would not run as drawn."""
    for scope in scopes(sheet.processes):
        lint_events.check(sheet, scope)
        lint_compensation.check(sheet, scope)
        ends_drawn = not rewriting.implied_firsts(scope.node)
        for node in scope.nodes.values():
            kind = name_of(node)
            _CHOICES.get(kind, _plain)(sheet, scope, node)
            if kind in markup.GATEWAYS:
                _direction(sheet, scope, node)
            _loop_marks(sheet, node)
            if ends_drawn or kind in markup.EVENTS:
                _ends(sheet, scope, node)
        _reachability(sheet, scope)
        _loops(sheet, scope, waits)


def hidden(sheet: Sheet) -> None:
    """Tells which processes of the file will not be found because they say that they may not run."""
    for process in sheet.processes:
        if not flag(process, "isExecutable", default=True):
            sheet.note(process, "process_hidden", severity="warning")
