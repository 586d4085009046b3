"""Diagrams that other tools drew, played: every activity and event is completed, or the diagram is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import factories
from tests.workflows.walks import NOW
from workflows import linter, markup, player, player_scenario

FILES = sorted((Path(__file__).parent / "fixtures" / "interchange").glob("*.bpmn"))


def drawn(content):
    """The activities and events of all executable processes."""
    processes = [node for node in markup.read(content).iter(markup.BPMN + "process") if markup.executable(node)]
    nodes = [node for process in processes for node in process.iter(*markup.FLOW_NODES)]
    return {node.get("id") for node in nodes if not node.tag.endswith("Gateway")}


def play(content):
    files = {"p.bpmn": content}
    given = {"declared": {}, "calendar": factories.SimpleCalendar(), "now": NOW}
    found = linter.check(files, lenient=player.LENIENT)
    scenario = player_scenario.Scenario(auto_complete=True)
    return player.play(files, scenario, main="p.bpmn", checked=found, **given)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("marked", ["as drawn", "as executable"])
def test_everything_drawn_is_completed_or_named_with_its_reason(path, marked):
    content = path.read_bytes()
    if marked == "as executable":
        content = content.replace(b'isExecutable="false"', b'isExecutable="true"')
    result = play(content)
    if result.outcome == "refused":
        told = [problem for problem in result.problems if problem.severity == "error"]
        assert told
        assert all(problem.element and problem.message("de") and problem.remedy("de") for problem in told)
    else:
        assert (result.outcome, result.open, result.waiting) == ("completed", (), ())
        assert {item.element for item in result.trace} == drawn(content)


def test_some_of_the_diagrams_run():
    assert sum(play(path.read_bytes()).outcome == "completed" for path in FILES) >= 8
