# ruff: noqa: ARG002, E501, PLR0917  every kind of block is drawn by a method of one shape
"""Random processes made of blocks, for walks that compare a run that forgets with one that does not."""

from __future__ import annotations

import itertools
import re

from hypothesis import strategies as st

VARIABLES = ("c0", "c1", "c2")

_leaf = st.one_of(
    st.just(("task",)),
    st.just(("task",)),
    st.just(("script",)),
    st.tuples(st.just("timer"), st.integers(1, 3)),
    st.tuples(st.just("timers"), st.booleans(), st.integers(1, 3)),
    st.tuples(st.just("many"), st.booleans(), st.integers(0, 3)),
    st.tuples(st.just("repeat"), st.integers(1, 3)),
)


def _grow(inner):
    pairs = st.lists(inner, min_size=2, max_size=3)
    variable = st.sampled_from(VARIABLES)
    return st.one_of(
        st.tuples(st.just("seq"), pairs),
        st.tuples(st.just("xor"), variable, inner, inner),
        st.tuples(st.just("and"), pairs),
        st.tuples(st.just("or"), inner, inner, inner),
        st.tuples(st.just("loop"), variable, inner),
        st.tuples(st.just("sub"), inner),
        st.tuples(st.just("call"), inner),
        st.tuples(st.just("border"), st.booleans(), st.integers(1, 4), inner, inner),
        st.tuples(st.just("cycle"), inner),
        st.tuples(st.just("ways"), inner, inner),
        st.tuples(st.just("together"), inner, inner),
        st.tuples(st.just("aside"), st.booleans(), st.integers(1, 4), inner, inner),
        st.tuples(st.just("fails"), variable, inner, inner),
        st.tuples(st.just("escalates"), st.booleans(), inner, inner),
        st.tuples(st.just("each"), st.booleans(), inner),
        st.tuples(st.just("free"), st.booleans(), st.booleans(), inner),
        st.tuples(st.just("when"), variable, st.booleans(), inner),
    )


blocks = st.recursive(_leaf, _grow, max_leaves=7)
processes = st.tuples(st.sampled_from(["single", "forked", "terminated"]), st.lists(blocks, min_size=2, max_size=3))


class Drawing:
    """Turns blocks into shorthand for walks.diagram, one file for each called process."""

    def __init__(self):
        self.number = 0
        self.files = {}

    def name(self, kind):
        self.number += 1
        return f"{kind}{self.number}"

    def process(self, kind, parts, process="p"):
        body, flows = [], []
        start = self.name("s")
        body.append(f'<start id="{start}"/>')
        if kind == "single":
            entry, leave = self.block(("seq", parts), body, flows)
            self.close(leave, body, flows)
            flows.append((start, entry, None))
        else:
            split = self.name("fork")
            body.append(f'<and id="{split}"/>')
            flows.append((start, split, None))
            for number, part in enumerate(parts):
                entry, leave = self.block(part, body, flows)
                flows.append((split, entry, None))
                self.close(leave, body, flows, terminate=kind == "terminated" and number == 0)
        self.files[process] = self.text(body, flows)
        return self.files

    def text(self, body, flows):
        drawn = [f'<f a="{a}" b="{b}"' + (f' if="{c}"/>' if c else "/>") for a, b, c in flows]
        return "".join(body + drawn)

    def close(self, leave, body, flows, *, terminate=False):
        end = self.name("e")
        inner = f'<terminate id="{end}d"/>' if terminate else ""
        body.append(f'<end id="{end}">{inner}</end>')
        flows.append((leave, end, None))

    def block(self, block, body, flows):
        return getattr(self, f"_{block[0]}")(body, flows, *block[1:])

    def _node(self, body, text, kind):
        name = self.name(kind)
        body.append(text.format(id=name))
        return name, name

    def _task(self, body, flows):
        return self._node(body, '<u id="{id}" d:role="KS"/>', "t")

    def _script(self, body, flows):
        return self._node(body, '<st id="{id}"><script>n = n + 1</script></st>', "n")

    def _timer(self, body, flows, days):
        text = f'<catch id="{{id}}"><timer id="{{id}}d"><timeDuration>P{days}D</timeDuration></timer></catch>'
        return self._node(body, text, "w")

    def _timers(self, body, flows, together, days):
        waits = "".join(
            f'<timer id="{{id}}{p}{n}"><timeDuration>P{n}D</timeDuration></timer>' for p, n in (("a", days), ("b", 2))
        )
        text = f'<catch id="{{id}}" parallelMultiple="{str(together).lower()}">{waits}</catch>'
        return self._node(body, text, "w")

    def _many(self, body, flows, sequential, count):
        text = (
            '<u id="{id}" d:role="KS"><multiInstanceLoopCharacteristics '
            f'isSequential="{str(sequential).lower()}"><loopCardinality>{count}</loopCardinality>'
            "</multiInstanceLoopCharacteristics></u>"
        )
        return self._node(body, text, "m")

    def _repeat(self, body, flows, maximum):
        text = f'<u id="{{id}}" d:role="KS"><standardLoopCharacteristics loopMaximum="{maximum}"/></u>'
        return self._node(body, text, "r")

    def _seq(self, body, flows, parts):
        ends = [self.block(part, body, flows) for part in parts]
        flows += [(before[1], after[0], None) for before, after in itertools.pairwise(ends)]
        return ends[0][0], ends[-1][1]

    def _gates(self, body, kind):
        split, join = self.name("g"), self.name("g")
        body += [f'<{kind} id="{split}"/>', f'<{kind} id="{join}"/>']
        return split, join

    def _xor(self, body, flows, variable, left, right):
        split, join = self._gates(body, "x")
        for part, condition in ((left, variable), (right, f"not {variable}")):
            entry, leave = self.block(part, body, flows)
            flows += [(split, entry, condition), (leave, join, None)]
        return split, join

    def _and(self, body, flows, parts):
        split, join = self._gates(body, "and")
        for part in parts:
            entry, leave = self.block(part, body, flows)
            flows += [(split, entry, None), (leave, join, None)]
        return split, join

    def _or(self, body, flows, *parts):
        split, join = self._gates(body, "or")
        for part, condition in zip(parts, ("c0", "c1", "c2 or not c0 and not c1"), strict=True):
            entry, leave = self.block(part, body, flows)
            flows += [(split, entry, condition), (leave, join, None)]
        return split, join

    def _loop(self, body, flows, variable, inner):
        merge, again = self._gates(body, "x")
        task = self.name("t")
        body.append(f'<u id="{task}" d:role="KS"/>')
        entry, leave = self.block(inner, body, flows)
        out = self.name("g")
        body.append(f'<x id="{out}"/>')
        flows += [(merge, task, None), (task, entry, None), (leave, again, None)]
        flows += [(again, merge, variable), (again, out, f"not {variable}")]
        return merge, out

    def _sub(self, body, flows, inner):
        name, parts, inside = self.name("b"), [], []
        start = self.name("s")
        parts.append(f'<start id="{start}"/>')
        entry, leave = self.block(inner, parts, inside)
        inside.append((start, entry, None))
        self.close(leave, parts, inside)
        body.append(f'<sub id="{name}">{self.text(parts, inside)}</sub>')
        return name, name

    def _call(self, body, flows, inner):
        name = self.name("c")
        self.process("single", [inner], f"called{name}")
        body.append(f'<call id="{name}" calledElement="called{name}"/>')
        return name, name

    def _border(self, body, flows, interrupting, days, inner, way):
        name, event = self.name("t"), self.name("v")
        parts = []
        if inner[0] in {"sub", "call"}:
            name, _ = self.block(inner, body, flows)
        else:
            parts.append(f'<u id="{name}" d:role="KS"/>')
        body += parts
        body.append(
            f'<b id="{event}" attachedToRef="{name}" cancelActivity="{str(interrupting).lower()}"><timer id="{event}d">'
            f"<timeDuration>P{days}D</timeDuration></timer></b>"
        )
        entry, leave = self.block(way, body, flows)
        flows.append((event, entry, None))
        if not interrupting:
            self.close(leave, body, flows)
            return name, name
        join = self.name("g")
        body.append(f'<x id="{join}"/>')
        flows += [(name, join, None), (leave, join, None)]
        return name, join

    def _cycle(self, body, flows, way):
        name, event = self.name("t"), self.name("v")
        body.append(f'<u id="{name}" d:role="KS"/>')
        body.append(
            f'<b id="{event}" attachedToRef="{name}" cancelActivity="false"><timer id="{event}d">'
            "<timeCycle>R3/P1D</timeCycle></timer></b>"
        )
        entry, leave = self.block(way, body, flows)
        flows.append((event, entry, None))
        self.close(leave, body, flows)
        return name, name

    def _merge(self, body, flows, *leaves, kind="x"):
        join = self.name("g")
        body.append(f'<{kind} id="{join}"/>')
        flows += [(leave, join, None) for leave in leaves]
        return join

    def _ways(self, body, flows, left, right):
        task = self.name("t")
        first, second = (self.block(part, body, flows) for part in (left, right))
        body.append(f'<u id="{task}" d:role="KS" default="f_{task}_{second[0]}"/>')
        flows += [(task, first[0], "c0"), (task, second[0], None)]
        return task, self._merge(body, flows, first[1], second[1])

    def _together(self, body, flows, left, right):
        task = self.name("t")
        body.append(f'<u id="{task}" d:role="KS"/>')
        first, second = (self.block(part, body, flows) for part in (left, right))
        flows += [(task, first[0], None), (task, second[0], None)]
        return task, self._merge(body, flows, first[1], second[1], kind="and")

    def _inside(self, inner, after=""):
        """The text of a subprocess around a block; `after` goes in beside."""
        parts, inside, start = [], [], self.name("s")
        parts.append(f'<start id="{start}"/>')
        entry, leave = self.block(inner, parts, inside)
        inside.append((start, entry, None))
        self.close(leave, parts, inside)
        return self.text(parts, inside) + after

    def _aside(self, body, flows, interrupting, days, inner, way):
        name, event, start = self.name("b"), self.name("es"), self.name("s")
        parts, inside = [], []
        entry, leave = self.block(way, parts, inside)
        inside.append((start, entry, None))
        self.close(leave, parts, inside)
        listener = (
            f'<sub id="{event}" triggeredByEvent="true"><start id="{start}" isInterrupting="{str(interrupting).lower()}">'
            f'<timer id="{start}d"><timeDuration>P{days}D</timeDuration></timer></start>{self.text(parts, inside)}</sub>'
        )
        body.append(f'<sub id="{name}">{self._inside(inner, listener)}</sub>')
        return name, name

    def _fails(self, body, flows, variable, inner, way):
        name, event = self.name("b"), self.name("v")
        start, task, choice, end = (self.name(kind) for kind in ("s", "t", "g", "e"))
        parts = [
            f'<start id="{start}"/><u id="{task}" d:role="KS"/><x id="{choice}"/><end id="{end}"><error id="{end}d"/></end>'
        ]
        inside = [(start, task, None), (task, choice, None), (choice, end, variable)]
        entry, leave = self.block(inner, parts, inside)
        inside.append((choice, entry, f"not {variable}"))
        self.close(leave, parts, inside)
        body.append(f'<sub id="{name}">{self.text(parts, inside)}</sub>')
        body.append(f'<b id="{event}" attachedToRef="{name}"><error id="{event}d"/></b>')
        entry, leave = self.block(way, body, flows)
        flows.append((event, entry, None))
        return name, self._merge(body, flows, name, leave)

    def _escalates(self, body, flows, interrupting, inner, way):
        name, event = self.name("b"), self.name("v")
        thrown = ("escalation",)
        body.append(f'<sub id="{name}">{self._inside(("seq", [("task",), thrown, inner]))}</sub>')
        body.append(
            f'<b id="{event}" attachedToRef="{name}" cancelActivity="{str(interrupting).lower()}">'
            f'<escalation id="{event}d"/></b>'
        )
        entry, leave = self.block(way, body, flows)
        flows.append((event, entry, None))
        if interrupting:
            return name, self._merge(body, flows, name, leave)
        self.close(leave, body, flows)
        return name, name

    def _escalation(self, body, flows):
        return self._node(body, '<throw id="{id}"><escalation id="{id}d"/></throw>', "y")

    def _each(self, body, flows, sequential, inner):
        name = self.name("b")
        body.append(
            f'<sub id="{name}"><multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
            f'<loopDataInputRef>items</loopDataInputRef><inputDataItem id="{name}i" name="item"/>'
            f"<completionCondition>c1 and c2</completionCondition></multiInstanceLoopCharacteristics>{self._inside(inner)}</sub>"
        )
        return name, name

    def _free(self, body, flows, sequential, cancels, inner):
        name, parts, inside, task = self.name("h"), [], [], self.name("t")
        self.block(inner, parts, inside)
        body.append(
            f'<adHocSubProcess id="{name}" d:role="KS" ordering="{"Sequential" if sequential else "Parallel"}" '
            f'cancelRemainingInstances="{str(cancels).lower()}"><u id="{task}" d:role="KS"/>{self._roles(parts, inside)}'
            "<completionCondition>c0 or c1</completionCondition></adHocSubProcess>"
        )
        return name, name

    def _roles(self, parts, inside):
        """Steps that are offered need a role."""
        return re.sub(r"<(st|sub|call) (?![^>]*d:role)", r'<\1 d:role="KS" ', self.text(parts, inside))

    def _when(self, body, flows, variable, interrupting, way):
        name, event = self.name("t"), self.name("v")
        body.append(f'<u id="{name}" d:role="KS"/>')
        body.append(
            f'<b id="{event}" attachedToRef="{name}" cancelActivity="{str(interrupting).lower()}">'
            f'<conditional id="{event}d"><condition>{variable}</condition></conditional></b>'
        )
        entry, leave = self.block(way, body, flows)
        flows.append((event, entry, None))
        if interrupting:
            return name, self._merge(body, flows, name, leave)
        self.close(leave, body, flows)
        return name, name
