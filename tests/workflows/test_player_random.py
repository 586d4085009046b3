"""Any scenario on any process ends with an outcome, and the outcome does not lie."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.workflows import models, walks
from workflows import player
from workflows.player_scenario import Scenario, Step

START = {"c0": True, "c1": False, "c2": True, "n": 0, "items": [1, 2]}
acts = st.lists(
    st.tuples(st.sampled_from(["complete", "complete", "fail", "advance", "message", "signal"]), st.integers(0, 40)),
    max_size=6,
)


def steps(drawn, found):
    """Steps on elements of the process, in any order."""
    elements = sorted({name for body in drawn.values() for name in re.findall(r'<\w+ id="(\w+)"', body)})
    for number, (kind, which) in enumerate(found):
        name = elements[which % len(elements)] if kind in {"complete", "fail"} else "PT30H"
        yield Step(kind, name, f"steps[{number}]", {"c0": False}, "E1")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(models.processes, acts, st.booleans())
def test_a_play_ends_with_an_outcome_that_is_true(process, found, auto):
    drawn = models.Drawing().process(*process)
    files = {f"{name}.bpmn": walks.diagram(body, name) for name, body in drawn.items()}
    told = list(steps(drawn, found))
    known = {info for specs in player.parser.parse(files).values() for info in specs.elements}
    script = tuple(step for step in told if step.kind not in {"complete", "fail"} or step.name in known)
    scenario = Scenario(data=START, auto_complete=auto, steps=script)
    given_ = {"declared": {}, "calendar": walks.PlainCalendar(), "now": walks.NOW, "checked": (), "budget": 60}
    result = player.play(files, scenario, main="p.bpmn", **given_)
    note(f"{result.outcome} {[problem.message('en') for problem in result.problems]}")
    if result.outcome == "completed":
        assert (result.open, result.waiting) == ((), ())
    elif result.outcome == "waiting":
        assert result.open or result.waiting
    else:
        assert [problem.code for problem in result.problems if problem.severity == "error"]
    if auto and result.outcome == "waiting":
        held = scenario.held()
        assert all(item.element in held or item.once for item in result.open)
    assert [item.at for item in result.trace] == sorted(item.at for item in result.trace)
