"""Diagrams and scenarios with the traces that the standard asks for, worked out by hand (plays.json), and what the
player makes of them.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import factories
from tests.workflows.conformance.drawing import diagram
from workflows import linter, player, player_report, player_scenario

PLAYS = json.loads((Path(__file__).parent / "plays.json").read_bytes())
NOW = "2026-03-02T08:00:00+00:00"


@pytest.mark.parametrize("play", PLAYS, ids=[play["name"] for play in PLAYS])
def test_what_the_standard_asks_for_comes_to_pass(play):
    files = {"p.bpmn": diagram(play["body"], root=play["root"]).encode()}
    scenario = player_scenario.read(json.dumps({"now": NOW, **play["scenario"]}).encode())
    given = {"declared": {}, "calendar": factories.SimpleCalendar(), "now": scenario.now}
    result = player.play(files, scenario, main="p.bpmn", checked=linter.check(files, lenient=player.LENIENT), **given)
    shown = player_report.as_json(result, "de")
    arranged = sorted if play.get("unordered") else list
    passed = [item["element"] for item in shown["trace"]]
    assert (shown["outcome"], arranged(passed)) == (play["outcome"], arranged(play["trace"].split()))
    assert shown["data"] == play.get("data", shown["data"])
    for element, instants in play.get("at", {}).items():
        assert [item["at"] for item in shown["trace"] if item["element"] == element] == instants
    assert play["outcome"] != "completed" or not (shown["open"] or shown["waiting"])
