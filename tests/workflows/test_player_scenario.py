"""Scenarios: each mistake is told with its place and how to mend it, in both languages."""

from __future__ import annotations

import json
import string

import pytest

from tests import factories
from tests.workflows.walks import NOW, diagram
from workflows import player, player_scenario, player_texts


def refused(raw):
    raw = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    with pytest.raises(player_scenario.ScenarioInvalid) as caught:
        player_scenario.read(raw)
    return caught.value


@pytest.mark.parametrize(
    ("raw", "code", "place"),
    [
        (b'{"steps": [,]}', "not_json", ""),
        (b"\xff\xfe", "not_text", ""),
        ([], "type", "scenario"),
        ({"stepps": []}, "key_unknown", "scenario"),
        ({"data": 3}, "type", "data"),
        ({"start": 3}, "type", "start"),
        ({"now": "gestern"}, "time", "now"),
        ({"auto_complete": "yes"}, "type", "auto_complete"),
        ({"steps": [{}]}, "step_unclear", "steps[0]"),
        ({"steps": [{"complete": "a", "fail": "b"}]}, "step_unclear", "steps[0]"),
        ({"steps": [{"complete": "a", "payload": {}}]}, "key_unknown", "steps[0]"),
        ({"steps": [{"complete": 5}]}, "type", "steps[0].complete"),
        ({"steps": [{"complete": "a", "values": []}]}, "type", "steps[0].values"),
        ({"steps": [{"advance": "bald"}]}, "duration", "steps[0].advance"),
        ({"steps": [{"advance": "R3/PT1S"}]}, "duration", "steps[0].advance"),
        ({"steps": [{"fail": "a"}]}, "error_missing", "steps[0]"),
        ({"data": {"x": 10**20}}, "value", "data"),
        ({"answers": {"r": []}}, "type", "answers.r"),
        ({"answers": {"r": [1]}}, "type", "answers.r[0]"),
        ({"expect": {"result": "completed"}}, "key_unknown", "expect"),
    ],
)
def test_a_mistake_is_told_with_its_place(raw, code, place):
    invalid = refused(raw)
    assert (invalid.code, invalid.place) == (code, place)
    for locale in ("de", "en"):
        told = invalid.message(locale)
        assert place in told
        assert "{" not in told.replace("{...}", "")


def test_broken_json_names_line_and_column():
    assert "Zeile 2, Spalte" in refused(b'{\n "steps": [,]}').message("de")


def test_elements_and_processes_must_exist_in_the_diagram():
    files = {"p.bpmn": diagram('<start id="s"/><u id="interview"/><end id="e"/><f a="s" b="interview"/>'
                               '<f a="interview" b="e"/>')}  # fmt: skip
    given = {"main": "p.bpmn", "declared": {}, "calendar": factories.SimpleCalendar(), "now": NOW}
    step = player_scenario.Step("complete", "interveiw", "steps[0].complete")
    misspelt = player.play(files, player_scenario.Scenario(steps=(step,)), **given)
    assert (misspelt.outcome, misspelt.problems[-1].element) == ("refused", "interveiw")
    assert "interview" in misspelt.problems[-1].message("en")
    absent = player.play(files, player_scenario.Scenario(process="q"), **given)
    assert (absent.outcome, absent.problems[-1].code) == ("refused", "process_unknown")
    assert "p" in absent.problems[-1].message("de")


def test_of_several_start_events_the_scenario_names_one():
    body = ('<start id="s1"/><start id="s2"/><u id="a"/><u id="b"/><end id="e"/><f a="s1" b="a"/><f a="a" b="e"/>'
            '<f a="s2" b="b"/><f a="b" b="e"/>')  # fmt: skip
    given = {"main": "p.bpmn", "declared": {}, "calendar": factories.SimpleCalendar(), "now": NOW}

    def played(**keys):
        scenario = player_scenario.read(json.dumps({"process": "p", **keys}).encode())
        return player.play({"p.bpmn": diagram(body)}, scenario, **given)

    assert [[task.element for task in played(start=start).open] for start in ("s1", "s2")] == [["a"], ["b"]]
    for keys, code in (({}, "start_unclear"), ({"start": "s3"}, "start_unknown"), ({"start": "a"}, "start_unknown")):
        refused_play = played(**keys)
        assert (refused_play.outcome, refused_play.problems[-1].code) == ("refused", code)
        assert all("s1, s2" in refused_play.problems[-1].message(locale) for locale in ("de", "en"))


def test_times_without_offset_are_universal_time():
    assert player_scenario.read(b'{"now": "2004-01-05T09:00:00"}').now.isoformat() == "2004-01-05T09:00:00+00:00"


def test_every_text_exists_in_both_languages_with_the_same_places():
    def places(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for code, texts in player_texts.catalogue().items():
        assert set(texts) == {"de", "en"}, code
        assert places(texts["de"]) == places(texts["en"]), code
