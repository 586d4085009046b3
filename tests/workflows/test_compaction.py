# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""What is forgotten is never missed: a run that compacts and one that never does are equal at every step."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.workflows import models, walks
from tests.workflows.conformance.drawing import diagram
from workflows import errors, serializer

choices = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["task", "task", "task", "time"]), st.tuples(*[st.booleans()] * 3)),
    max_size=25,
)
START = {"c0": True, "c1": False, "c2": True, "n": 0, "items": [1, 2]}


def both(specs):
    """A run that forgets and is stored at every step, and one that never forgets and is never stored."""
    found = []
    for compacted in (True, False):
        try:
            found.append(walks.Walk(specs, compacted=compacted, stored=compacted, given=START))
        except errors.StepFailed as failed:
            found.append(failed.reason)
    return found


def act(walk, number, kind, values):
    """One step; what went wrong, if something did."""
    try:
        open_, timers = walk.open(), walk.timers()
        if kind == "time" and timers:
            walk.move(timers[number % len(timers)][0])
        elif open_:
            walk.complete(number % len(open_), dict(zip(models.VARIABLES, values, strict=True)))
        elif timers:
            walk.move(timers[0][0])
    except errors.StepFailed as failed:
        return failed.reason
    return None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(models.processes, choices)
def test_walks_are_equal_step_by_step(process, steps):
    files = models.Drawing().process(*process)
    specs = walks.parsed(*(walks.diagram(body, name) for name, body in files.items()))
    short, long = both(specs)
    if isinstance(short, str) or isinstance(long, str):
        assert short == long
        return
    for number, kind, values in steps:
        assert short.picture() == long.picture()
        failed = act(short, number, kind, values), act(long, number, kind, values)
        note(f"{number} {kind} {values} -> {short.picture()} {failed}")
        assert failed[0] == failed[1]
        if failed[0] is not None:
            return
        assert short.size() <= long.size()
    assert short.picture() == long.picture()


CARE = """<start id="s"/><and id="sp"/><x id="m"/><u id="talk" d:role="FM"/><x id="q"/><call id="close" calledElement="closing"/>
<end id="e"><terminate id="ed"/></end><x id="am"/><catch id="age"><timer id="aged"><timeDuration>P30D</timeDuration></timer></catch>
<u id="turn" d:role="VM"/><f a="s" b="sp"/><f a="sp" b="m"/><f a="sp" b="am"/><f a="m" b="talk"/><f a="talk" b="q"/>
<f a="q" b="m" if="go_on"/><f a="q" b="close" if="not go_on"/><f a="close" b="e"/><f a="am" b="age"/><f a="age" b="turn"/>
<f a="turn" b="am"/>"""
SMALL = 4096
CLOSING = '<start id="s"/><u id="bye" d:role="KS"/><end id="e"/><f a="s" b="bye"/><f a="bye" b="e"/>'


def test_a_case_with_several_tokens_stays_small_through_five_thousand_rounds_and_ends_right():
    walk = walks.Walk(
        walks.parsed(walks.diagram(CARE), walks.diagram(CLOSING, "closing")), compacted=True, given={"go_on": True}
    )
    sizes = []
    for round_ in range(5_000):
        if round_ % 3 == 0:
            walk.move(walk.now + timedelta(30))
            walk.complete(1, {"turned": round_})
        walk.complete(0, {"talked": round_})
        sizes.append(walk.size())
    assert sizes[10] == sizes[-1]
    assert len(serializer.dump(walk.workflow)) < SMALL
    walk.complete(0, {"go_on": False})
    assert [name for name, _ in walk.picture()["open"]] == ["bye"]
    walk.complete(0)
    assert walk.picture()["completed"]


JOINED = """<start id="s0"/><x id="m"/><{gate} id="sp"/><u id="a" d:role="KS"/><u id="b" d:role="KS"/><{gate} id="jo"/><x id="q"/>
<u id="c" d:role="KS"/><end id="e"/><f a="s0" b="m"/><f a="m" b="sp"/><f a="sp" b="a"{yes}/><f a="sp" b="b"{yes}/><f a="a" b="jo"/>
<f a="b" b="jo"/><f a="jo" b="c"/><f a="c" b="q"/><f a="q" b="m" if="again"/><f a="q" b="e" if="not again"/>"""


@pytest.mark.parametrize("gate", ["and", "or"])
@pytest.mark.parametrize("order", [(0, 0), (1, 0), (0, 0, 1, 0)])
def test_a_join_in_a_loop_waits_in_every_round(gate, order):
    body = JOINED.format(gate=gate, yes=' if="again"' if gate == "or" else "")
    walk = walks.Walk(walks.parsed(walks.diagram(body)), compacted=False, given={"again": True})
    for round_ in range(4):
        first, second = order[round_ * 2 % len(order) :][:2]
        walk.complete(first, {"n": round_})
        assert [name for name, _ in walk.picture()["open"]] == ["ab"[1 - first]]
        walk.complete(second, {"k": round_})
        assert walk.picture()["open"] == [("c", {"again": True, "n": round_, "k": round_})]
        walk.complete(0)
    assert [name for name, _ in walk.picture()["open"]] == ["a", "b"]


def test_the_value_written_last_wins_whichever_branch_arrives_last():
    body = JOINED.format(gate="and", yes="")
    walk = walks.Walk(walks.parsed(walks.diagram(body)), compacted=True, given={"again": True, "x": 0})
    walk.complete(0, {"x": 1})
    walk.complete(0, {})
    assert walk.picture()["open"][0][1]["x"] == 1
    walk.complete(0)
    walk.complete(1, {"x": 2})
    walk.complete(0, {})
    assert walk.picture()["open"][0][1]["x"] == 2


def test_a_token_that_nobody_can_join_is_no_silent_wait():
    body = """<start id="s"/><x id="q"/><u id="a" d:role="KS"/><and id="jo"/><end id="e"/><u id="b" d:role="KS"/>
    <f a="s" b="q"/><f a="q" b="a" if="x"/><f a="q" b="b" if="not x"/><f a="a" b="jo"/><f a="b" b="jo"/><f a="jo" b="e"/>"""
    walk = walks.Walk(walks.parsed(walks.diagram(body)), compacted=True, given={"x": True})
    with pytest.raises(errors.StepFailed, match="stuck"):
        walk.complete(0)


ENDLESS = {
    "a loop": '<start id="s"/><user id="a"><standardLoopCharacteristics id="lo" loopMaximum="900"/></user><end id="e"/>{s a e}',
    "instances in turn": '<start id="s"/><user id="a"><multiInstanceLoopCharacteristics id="mi" isSequential="true">'
    '<loopCardinality>900</loopCardinality></multiInstanceLoopCharacteristics></user><end id="e"/>{s a e}',
    "free steps": '<start id="s"/><adHocSubProcess id="h"><user id="a"/><completionCondition>over</completionCondition>'
    '</adHocSubProcess><end id="e"/>{s h e}',
    "an event subprocess": '<start id="s"/><user id="b"/><end id="e"/>{s b e}<subProcess id="es" triggeredByEvent="true">'
    '<start id="m" isInterrupting="false"><message id="d" messageRef="msg"/></start><user id="a"/><end id="f"/>{m a f}</subProcess>',
}


@pytest.mark.parametrize("name", ENDLESS)
def test_what_is_done_again_and_again_leaves_nothing_behind(name):
    content = diagram(ENDLESS[name], "p", "over", '<message id="msg" name="Brief"/>').encode()
    walk = walks.Walk(walks.parsed(content), compacted=True)
    sizes = []
    for round_ in range(120):
        if name == "an event subprocess":
            walk.receive("message", "Brief")
        walk.complete(0, {"over": False, "n": round_})
        sizes.append((walk.size(), len(serializer.dump(walk.workflow))))
    assert sizes[20][0] == sizes[-1][0]
    assert sizes[-1][1] < sizes[20][1] + 40
