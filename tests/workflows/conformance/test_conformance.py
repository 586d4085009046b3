"""Each element and attribute behaves as the standard says: the linter lets it pass, and a walk shows it."""

from __future__ import annotations

import pytest

from tests.workflows import walks
from tests.workflows.conformance import cases
from workflows import linter, parser, values
from workflows.handlers import Registry


def handlers():
    """A handler that counts."""
    registry = Registry()
    registry.register("h.run", lambda call: {"n": (call.inputs["n"] or 0) + 1}, inputs=("n",), outputs={"n": 0})
    return registry


DECLARED = {"h.run": {"inputs": ["n"], "outputs": ["n"], "mode": "inside"}}


def walked(case, *, compacted):
    """The walk at its beginning."""
    parsed = parser.parse(case.files)["p"]
    return walks.Walk(
        parsed, compacted=compacted, stored=compacted, given=case.given, registry=handlers(), start=case.start
    )


def act(walk, step):
    """One step of a case."""
    name, given = step if isinstance(step, tuple) else (step, {})
    if name.startswith("+"):
        walk.days(int(name[1:]))
    elif name[0] in "!?":
        assert walk.receive("message" if name[0] == "!" else "signal", name[1:], given)
    else:
        walk.complete(open_names(walk).index(name), given)


def open_names(walk):
    """What people have to do."""
    return [task.task_spec.bpmn_id for task in walk.open()]


@pytest.mark.parametrize("case", cases.ALL, ids=lambda case: case.name)
def test_the_linter_lets_it_pass(case):
    assert linter.check(case.files, handlers=DECLARED, roles=frozenset({"KS"})) == []


@pytest.mark.parametrize("compacted", [True, False], ids=["forgets", "remembers"])
@pytest.mark.parametrize("case", cases.ALL, ids=lambda case: case.name)
def test_it_behaves(case, compacted):
    walk = walked(case, compacted=compacted)
    seen = [" ".join(open_names(walk))]
    for step in case.steps:
        act(walk, step)
        seen.append(" ".join(open_names(walk)))
    assert tuple(seen) == case.seen
    assert walk.workflow.completed
    if case.data is not None:
        assert values.visible(walk.workflow.data) == case.data
    assert set(case.passed.split()) <= walk.passed
