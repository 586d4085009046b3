"""Real diagrams, changed at random: the linter judges all of them, and what it accepts can be parsed and begun."""

from __future__ import annotations

import contextlib
import copy
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.workflows import drawings, walks
from tests.workflows.conformance import cases
from tests.workflows.conformance.test_conformance import handlers
from tests.workflows.test_linter import ALLOWED, WRONG
from workflows import linter, parser, steps
from workflows.catching import AT_REST
from workflows.errors import StepFailed

ROOT = Path(__file__).parents[2]
FILES = (*ROOT.glob("bpmn/*.bpmn"), *Path(__file__).parent.glob("fixtures/**/*.bpmn"))
LARGE = 40_000
REAL = [content for path in FILES if len(content := path.read_bytes()) < LARGE]
SMALL = [drawings.diagram(body, root=drawings.MESSAGE) for body in (*ALLOWED.values(), *WRONG.values())]
SHOWN = [case.files["p.bpmn"] for case in cases.ALL if not case.called]
SOURCES = [etree.fromstring(content) for content in (*REAL, *SMALL, *SHOWN, *SHOWN)]
GIVEN = {"out": 1, "x": 1, "y": True, "n": 2, "people": [1, 2], "again": True, "done": False, "reached": True}
POOL = [node for root in SOURCES for node in root.iter() if isinstance(node.tag, str)]
VALUES = ["", "x", "0", "-1", "true", "ä", "s", "a", "g", "{x}", "R3/PT1H", "1 ==", "P1D", "2 + 1"]


def remove(node, _other, _value):
    node.getparent().remove(node)


def double(node, _other, _value):
    node.getparent().append(copy.deepcopy(node))


def drop(node, _other, value):
    if node.attrib:
        del node.attrib[sorted(node.attrib)[len(value) % len(node.attrib)]]


def change(node, _other, value):
    if node.attrib:
        node.set(sorted(node.attrib)[len(value) % len(node.attrib)], value)


def graft(node, other, _value):
    node.append(copy.deepcopy(other))


def say(node, _other, value):
    node.text = value


def rename(node, other, _value):
    node.tag = other.tag


def dress(node, other, _value):
    for name, value in other.attrib.items():
        node.set(name, value)


_change = st.tuples(
    st.sampled_from([remove, double, drop, change, graft, say, rename, dress]),
    st.integers(0, 10**6),
    st.integers(0, len(POOL) - 1),
    st.sampled_from(VALUES),
)


sources = st.integers(0, len(SOURCES) - 1)
several = st.lists(_change, min_size=1, max_size=4)


def changed(root, changes):
    """The file with these changes."""
    root = copy.deepcopy(root)
    for act, place, other, value in changes:
        nodes = [node for node in root.iter() if isinstance(node.tag, str) and node is not root]
        if nodes:
            act(nodes[place % len(nodes)], POOL[other], value)
    return etree.tostring(root)


@settings(max_examples=300, deadline=None)
@given(sources, several)
def test_whatever_is_drawn_is_judged_and_what_is_accepted_can_begin(source, changes):
    content = changed(SOURCES[source], changes)
    problems = linter.check({"p.bpmn": content})
    assert all(problem.message("de") and problem.remedy("en") for problem in problems)
    if not any(problem.severity == "error" for problem in problems):
        begin(content)


def begin(content):
    """Runs what the linter accepted. A step may fail, for want of a value or a way; all else is a fault of ours."""
    for parsed in parser.parse({"p.bpmn": content}).values():
        with contextlib.suppress(StepFailed):
            walk = walks.Walk(parsed, compacted=True, given=GIVEN, registry=handlers())
            for number in range(8):
                advance(walk, number)
            if walk.workflow.completed:
                tasks = [task for frame in steps.frames(walk.workflow) for task in frame.tasks.values()]
                assert not any(task.has_state(AT_REST) for task in tasks)


def advance(walk, number):
    """A task is done, or time passes, or a message and a signal come."""
    open_, timers = walk.open(), walk.timers()
    if open_:
        walk.complete(number % len(open_), {"x": number, "again": False})
    elif timers:
        walk.move(timers[0][0])
    else:
        walk.receive("message", "Brief")
        walk.receive("signal", "Neues")
