"""Plays the tokens of a diagram through all ways they can take, to find joins at which a token would wait for ever."""

from __future__ import annotations

from collections import deque
from itertools import combinations
from typing import TYPE_CHECKING

from workflows import lint_events, markup
from workflows.lint_sheet import Scope, Sheet, flag, name_of, scopes

if TYPE_CHECKING:
    from collections.abc import Iterator

# Beyond this many situations the game is broken off: it helps and proves nothing; the engine refuses a stuck token.
MAX_STATES = 20_000
MAX_WORK = 2_000_000  # tokens written down, over all situations: where each task leads to each other they are many
MAX_TOKENS = 2
MAX_SUBSETS = 6

# A place is a flow (a token on its way), or an activity with events on its border (a token inside).
Marking = tuple[tuple[str, int], ...]
_FLOW, _INSIDE = "flow ", "inside "


class _Net:
    """The moves of a scope. Tokens stand on flows; an activity with events on its border holds its own."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._reach: dict[tuple[str, str], frozenset[str]] = {}

    def starts(self) -> Iterator[Marking]:
        """The situations after each way to begin: of several start events one begins."""
        for identifier, node in self._scope.nodes.items():
            if name_of(node) == "startEvent":
                yield self._put({}, self._out(identifier))
            elif lint_events.instantiates(node):
                yield from self._pass({}, identifier, name_of(node))

    def _out(self, identifier: str) -> list[str]:
        return [_FLOW + flow.get("id") for flow in self._scope.out.get(identifier, [])]

    def _into(self, identifier: str) -> list[str]:
        return [_FLOW + flow.get("id") for flow in self._scope.into.get(identifier, [])]

    @staticmethod
    def _put(tokens: dict[str, int], places: list[str]) -> Marking:
        moved = dict(tokens)
        for place in places:
            moved[place] = moved.get(place, 0) + 1
        return tuple(sorted(item for item in moved.items() if item[1]))

    @staticmethod
    def _take(tokens: dict[str, int], places: list[str]) -> dict[str, int]:
        left = dict(tokens)
        for place in places:
            left[place] -= 1
        return left

    def moves(self, marking: Marking) -> Iterator[Marking]:
        """The situations that can follow this one."""
        tokens = dict(marking)
        for place in list(tokens):
            if place.startswith(_INSIDE):
                yield from self._leave(tokens, place.removeprefix(_INSIDE))
            else:
                node = self._scope.flows[place.removeprefix(_FLOW)].get("targetRef")
                yield from self._enter(tokens, place, node)

    def _enter(self, tokens: dict[str, int], place: str, node: str) -> Iterator[Marking]:
        kind = name_of(self._scope.nodes[node])
        if kind == "parallelGateway":
            inputs = self._into(node)
            if all(tokens.get(entry) for entry in inputs):
                yield self._put(self._take(tokens, inputs), self._out(node))
        elif kind == "inclusiveGateway":
            yield from self._inclusive(tokens, node)
        elif self._scope.boundaries.get(node):
            yield self._put(self._take(tokens, [place]), [_INSIDE + node])
        else:
            yield from self._pass(self._take(tokens, [place]), node, kind)

    def _pass(self, left: dict[str, int], node: str, kind: str) -> Iterator[Marking]:
        ways = self._out(node)
        if kind in {"exclusiveGateway", "eventBasedGateway"}:
            yield from (self._put(left, [way]) for way in ways)
        elif kind in markup.ACTIVITIES:
            yield from (self._put(left, taken) for taken in self._taken(node))
        elif kind == "endEvent" and self._terminates(node):
            yield ()
        else:
            yield self._put(left, ways)

    def _taken(self, node: str) -> Iterator[list[str]]:
        """The ways out of an activity that can be taken together: some of those with a condition, all without."""
        flows = self._scope.out.get(node, [])
        default = self._scope.nodes[node].get("default")
        certain, choices = [], []
        for flow in flows:
            if flow.find(markup.BPMN + "conditionExpression") is not None:
                choices.append(_FLOW + flow.get("id"))
            elif flow.get("id") != default:
                certain.append(_FLOW + flow.get("id"))
        choices = choices[:MAX_SUBSETS]
        for size in range(len(choices) + 1):
            rest = [] if size or not default else [_FLOW + default]
            yield from ([*certain, *chosen, *rest] for chosen in combinations(choices, size) if size or certain or rest)

    def _terminates(self, node: str) -> bool:
        ends = ("terminateEventDefinition", "errorEventDefinition", "cancelEventDefinition")
        return any(self._scope.nodes[node].find(markup.BPMN + name) is not None for name in ends)

    def _leave(self, tokens: dict[str, int], node: str) -> Iterator[Marking]:
        inside = _INSIDE + node
        yield from self._pass(self._take(tokens, [inside]), node, name_of(self._scope.nodes[node]))
        for event in self._scope.boundaries[node]:
            interrupts = flag(event, "cancelActivity", default=True)
            left = self._take(tokens, [inside]) if interrupts else tokens
            yield self._put(left, self._out(event.get("id")))

    def _inclusive(self, tokens: dict[str, int], node: str) -> Iterator[Marking]:
        inputs = self._into(node)
        filled = [entry for entry in inputs if tokens.get(entry)]
        empty = [entry for entry in inputs if not tokens.get(entry)]
        others = [place for place in tokens if place not in inputs]
        if any(self._comes(place, empty, filled, around=node) for place in others):
            return
        left = self._take(tokens, filled)
        ways = self._out(node)[:MAX_SUBSETS]
        for size in range(1, len(ways) + 1):
            yield from (self._put(left, list(chosen)) for chosen in combinations(ways, size))

    def _comes(self, place: str, empty: list[str], filled: list[str], *, around: str) -> bool:
        """Whether the gateway waits for a token at this place: without passing the gateway itself it could come to an
        entry that has none yet, and to none that has one.
        """
        if (place, around) not in self._reach:
            self._reach[place, around] = frozenset(self._walk(place, around))
        reached = self._reach[place, around]
        return not reached.isdisjoint(empty) and reached.isdisjoint(filled)

    def _walk(self, place: str, around: str) -> Iterator[str]:
        if place.startswith(_INSIDE):
            pending = [place.removeprefix(_INSIDE)]
        else:
            yield place
            pending = [self._scope.flows[place.removeprefix(_FLOW)].get("targetRef")]
        seen = {around}
        while pending:
            node = pending.pop()
            if node in seen:
                continue
            seen.add(node)
            yield from self._out(node)
            pending += [target for target in self._scope.targets(node) if target]

    def stuck(self, marking: Marking) -> Iterator[str]:
        """The gateways at which the tokens of a dead situation stand."""
        for place, _ in marking:
            yield self._scope.flows[place.removeprefix(_FLOW)].get("targetRef")


def _stuck(scope: Scope) -> set[str]:
    net = _Net(scope)
    found: set[str] = set()
    first = list(net.starts())
    seen, pending = set(first), deque(first)
    work = 0
    while pending and len(seen) < MAX_STATES:
        marking = pending.popleft()
        moved = False
        for situation in net.moves(marking):
            moved = True
            work += len(situation)
            if work > MAX_WORK:
                return found
            # Where tokens pile up the game would never end; what can go wrong shows with a few of them.
            if situation not in seen and all(count <= MAX_TOKENS for _, count in situation):
                seen.add(situation)
                pending.append(situation)
        if marking and not moved:
            found.update(net.stuck(marking))
    return found


def check(sheet: Sheet) -> None:
    """Notes joins that would wait for a token that cannot come. Asks for a diagram without structural faults."""
    for scope in scopes(sheet.processes):
        if name_of(scope.node) == "adHocSubProcess":
            continue
        for identifier in sorted(_stuck(scope)):
            sheet.note(scope.nodes[identifier], "join_never")
