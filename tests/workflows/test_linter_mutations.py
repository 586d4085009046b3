"""Real diagrams, changed at random: the linter judges all of them, and what it accepts can be parsed and begun."""

from __future__ import annotations

import contextlib
import copy
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.exceptions import SpiffWorkflowException

from tests import factories
from tests.workflows import drawings
from tests.workflows.test_linter import ALLOWED, WRONG
from workflows import clock, linter, parser, specs
from workflows.errors import WorkflowError

ROOT = Path(__file__).parents[2]
NOW = datetime(2004, 1, 5, 9, tzinfo=UTC)
REAL = [path.read_bytes() for path in (*ROOT.glob("bpmn/*.bpmn"), *Path(__file__).parent.glob("fixtures/**/*.bpmn"))]
SMALL = [drawings.diagram(body, root=drawings.MESSAGE) for body in (*ALLOWED.values(), *WRONG.values())]
SOURCES = [etree.fromstring(content) for content in (*REAL, *SMALL, *SMALL)]
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


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(SOURCES) - 1), st.lists(_change, min_size=1, max_size=4))
def test_whatever_is_drawn_is_judged_and_what_is_accepted_can_begin(source, changes):
    root = copy.deepcopy(SOURCES[source])
    for act, place, other, value in changes:
        nodes = [node for node in root.iter() if isinstance(node.tag, str) and node is not root]
        if nodes:
            act(nodes[place % len(nodes)], POOL[other], value)
    content = etree.tostring(root)
    problems = linter.check({"p.bpmn": content})
    assert all(problem.message("de") and problem.remedy("en") for problem in problems)
    if not any(problem.severity == "error" for problem in problems):
        begin(content)


def begin(content):
    for parsed in parser.parse({"p.bpmn": content}).values():
        workflow = BpmnWorkflow(parsed.top, parsed.subprocesses, script_engine=specs.Language())
        workflow.get_next_task(spec_name="Start").set_data(out=1)
        # A step may fail, for want of a value or a way; the host rolls it back. Anything else is a fault of ours.
        with (
            clock.at(NOW, factories.environment().calendar),
            contextlib.suppress(WorkflowError, SpiffWorkflowException),
        ):
            workflow.do_engine_steps()
