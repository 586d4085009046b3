"""Random drawings of any shape, with joins and loops wherever chance puts them, and their files."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.workflows import walks

VARIABLES = ("c0", "c1", "c2")
_ACTIVITIES = frozenset({"task", "many", "sub"})
ENDS = frozenset({"end", "terminate", "error"})
_LETTERS = {"many": "m", "task": "t", "xor": "x", "and": "a", "or": "o", "catch": "w", "sub": "b", "ebg": "g"}
_WEIGHTS = {"many": 1.5, "task": 5, "xor": 3, "and": 3, "or": 3, "catch": 1, "sub": 1.5, "ebg": 0.6}
DEEPEST = 2
_EVENT = '<message id="{0}d" messageRef="{0}m"/>'
_NODES = {
    "many": '<u id="{0}" d:role="KS"{1}><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>'
    "</multiInstanceLoopCharacteristics></u>",
    "start": '<start id="{0}"/>', "task": '<u id="{0}" d:role="KS"{1}/>', "xor": '<x id="{0}"{1}/>',
    "and": '<and id="{0}"/>', "or": '<or id="{0}"{1}/>', "ebg": '<ebg id="{0}"/>', "end": '<end id="{0}"/>',
    "catch": f'<catch id="{{0}}">{_EVENT}</catch>', "terminate": '<end id="{0}"><terminate id="{0}d"/></end>',
    "error": '<end id="{0}"><error id="{0}d"/></end>',
}  # fmt: skip
_BORDERS = {
    "error": '<b id="{0}" attachedToRef="{1}"><error id="{0}d"/></b>',
    "beside": f'<b id="{{0}}" attachedToRef="{{1}}" cancelActivity="false">{_EVENT}</b>',
    "instead": f'<b id="{{0}}" attachedToRef="{{1}}">{_EVENT}</b>',
}


@dataclass
class Graph:
    """What one scope draws. Conditions are a variable and whether it must be true; None is always, "" the default."""

    kinds: dict[str, str] = field(default_factory=dict)
    flows: dict[str, tuple[str, str, tuple[str, bool] | str | None]] = field(default_factory=dict)
    inner: dict[str, Graph] = field(default_factory=dict)
    borders: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    # Event subprocesses: the message that triggers each, and whether it interrupts.
    listeners: dict[str, tuple[str, bool]] = field(default_factory=dict)

    @property
    def start(self):
        """The start event."""
        return next(name for name, kind in self.kinds.items() if kind == "start")

    def scope_of(self, task):
        """The graph that draws this task, which is done once at a time; None where there is none."""
        if self.kinds.get(task) == "task" and self.flows:
            return self
        return next((found for inner in self.inner.values() if (found := inner.scope_of(task))), None)

    def out(self, node):
        """The flows that leave a node, in the order of the file."""
        return [name for name, (source, _, _) in self.flows.items() if source == node]

    def into(self, node):
        """The flows that lead to a node."""
        return [name for name, (_, target, _) in self.flows.items() if target == node]

    def ways(self, node):
        """Where a token may go on from here, also by an event at the border."""
        return [flow for place in (node, *(name for name, _ in self.borders.get(node, ()))) for flow in self.out(place)]

    def chosen(self, node, values):
        """The flows that a token takes out of a node."""
        flows = [(name, self.flows[name][2]) for name in self.out(node)]
        holding = [name for name, rule in flows if rule is None or (rule and values[rule[0]] == rule[1])]
        if self.kinds[node] == "xor":
            holding = holding[:1]
        return holding or [name for name, rule in flows if rule == ""]

    def reach(self, flow, around):
        """The flows that a token on this one can come to without passing the node `around`."""
        found, pending = set(), [flow]
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                target = self.flows[name][1]
                pending += self.ways(target) if target != around else []
        return found

    def message_names(self):
        """The events that wait for a message of their own, here and inside."""
        own = [name for name, kind in self.kinds.items() if kind == "catch"]
        own += [message for message, _ in self.listeners.values()]
        own += [name for events in self.borders.values() for name, kind in events if kind != "error"]
        return own + [name for inner in self.inner.values() for name in inner.message_names()]

    def _text(self, trigger=""):
        parts = []
        for name, kind in self.kinds.items():
            default = next((f' default="{flow}"' for flow in self.out(name) if self.flows[flow][2] == ""), "")
            if kind == "start":
                parts.append(trigger.format(name) or _NODES[kind].format(name))
            elif kind == "sub":
                parts.append(f'<sub id="{name}"{default}>{self.inner[name]._text()}</sub>')
            elif kind != "border":
                parts.append(_NODES[kind].format(name, default))
        parts += [_BORDERS[kind].format(name, node) for node, events in self.borders.items() for name, kind in events]
        for name, (message, interrupts) in self.listeners.items():
            event = _EVENT.format(message)
            begins = f'<start id="{{0}}" isInterrupting="{str(interrupts).lower()}">{event}</start>'
            parts.append(f'<sub id="{name}" triggeredByEvent="true">{self.inner[name]._text(begins)}</sub>')
        for source, target, rule in self.flows.values():
            condition = f' if="{"" if rule[1] else "not "}{rule[0]}"' if rule else ""
            parts.append(f'<f a="{source}" b="{target}"{condition}/>')
        return "".join(parts)

    def file(self):
        """The file of the process that this graph draws."""
        messages = "".join(f'<bpmn:message id="{name}m" name="{name}"/>' for name in self.message_names())
        return walks.diagram(self._text(), "p", messages)


class Chance:
    """Draws graphs by chance."""

    def __init__(self, random):
        self.random, self.number = random, 0

    def _name(self, letter):
        self.number += 1
        return f"{letter}{self.number}"

    def graph(self, depth=0):
        """A graph of some nodes; what is reached from the start and leads on somewhere."""
        graph, edges = Graph(), {}
        start = self._name("s")
        graph.kinds[start] = "start"
        kinds = [kind for kind in _WEIGHTS if kind != "sub" or depth < DEEPEST]
        count = self.random.randint(2, 4 if depth else 7)
        picked = self.random.choices(kinds, [_WEIGHTS[kind] for kind in kinds], k=count)
        sources, entered = [], []
        for kind in picked:
            name = self._name(_LETTERS[kind])
            graph.kinds[name] = kind
            near = sources[-3:] if self.random.random() < 0.7 else sources
            edges[self.random.choice(near or [start]), name] = None
            entered.append(name)
            sources += self._beside(graph, edges, name, depth)
        for _ in range(self.random.randint(0, len(entered))):
            pair = self.random.choice(sources), self.random.choice(entered)
            if pair[0] != pair[1]:
                edges[pair] = None
        self._end(graph, edges, sources, depth)
        graph.flows = {f"f_{source}_{target}": (source, target, None) for source, target in edges}
        self._rule(graph)
        while depth < DEEPEST and self.random.random() < 0.3:
            name = self._name("h")
            graph.inner[name] = self.graph(depth + 1)
            graph.listeners[name] = self._name("l"), self.random.random() < 0.5
        return graph

    def _beside(self, graph, edges, name, depth):
        """What comes with a node; the places from which a token may leave it."""
        kind = graph.kinds[name]
        if kind == "ebg":
            waits = [self._name("w"), self._name("w")]
            graph.kinds |= dict.fromkeys(waits, "catch")
            edges |= dict.fromkeys(((name, wait) for wait in waits), None)
            return waits
        if kind == "sub":
            graph.inner[name] = self.graph(depth + 1)
        if kind == "many":
            graph.inner[name] = Graph({name: "task"})
        borders = []
        if kind in _ACTIVITIES and self.random.random() < 0.3:
            borders.append((self._name("v"), self.random.choice(["instead", "beside"])))
        if kind == "sub" and self.random.random() < 0.5:
            borders.append((self._name("v"), "error"))
        graph.borders[name] = borders
        graph.kinds |= {event: "border" for event, _ in borders}
        return [name, *(event for event, _ in borders)]

    def _end(self, graph, edges, sources, depth):
        leaving = {source for source, _ in edges}
        for source in sources:
            if source not in leaving:
                kind = self.random.choices(["end", "terminate", "error"], [7, 1, 1.2 if depth else 0.15])[0]
            elif self.random.random() < 0.15:
                kind = "end"
            else:
                continue
            name = self._name("e")
            graph.kinds[name] = kind
            edges[source, name] = None

    def _rule(self, graph):
        """Conditions on the ways out, the last of which is the default."""
        for node, kind in graph.kinds.items():
            ways = graph.out(node)
            may = kind in {"xor", "or"} or (kind in _ACTIVITIES and self.random.random() < 0.5)
            for flow in ways if may and len(ways) > 1 else []:
                source, target, _ = graph.flows[flow]
                rule = "" if flow == ways[-1] else (self.random.choice(VARIABLES), self.random.random() < 0.5)
                graph.flows[flow] = (source, target, rule)
