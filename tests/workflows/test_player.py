"""The headless player: what a scenario does to a diagram, by the steps of the engine and through stored documents."""

from __future__ import annotations

import json

import pytest

from tests import factories
from tests.workflows.walks import NOW, diagram
from workflows import handlers, player, player_report, player_scenario

ENDS = '<start id="s"/><end id="e"/>'
ASKED = ENDS + '<u id="a" name="Ask"/><f a="s" b="a"/><f a="a" b="e"/>'
DECLARED = {"h.rate": handlers.Registered("h.rate", lambda _: {}, outputs={"score": 0, "grade": ""})}


def play(body, more="", *, main="p.bpmn", others=None, budget=5000, **scenario):
    files = {main: diagram(body, more=more)} | (others or {})
    read = player_scenario.read(json.dumps(scenario).encode())
    given = {"declared": DECLARED, "calendar": factories.SimpleCalendar(), "now": NOW, "budget": budget}
    return player.play(files, read, main=main, **given)


def passed(result):
    return [item.element for item in result.trace]


def codes(result):
    return {problem.code for problem in result.problems if problem.severity == "error"}


def test_without_steps_it_stands_at_the_first_task():
    result = play(ASKED)
    assert (result.outcome, passed(result), [item.element for item in result.open]) == ("waiting", ["s"], ["a"])


def test_a_step_completes_a_task_with_values():
    result = play(ASKED, steps=[{"complete": "a", "values": {"x": 1}}])
    assert (result.outcome, passed(result), result.data) == ("completed", ["s", "a", "e"], {"x": 1})


def test_ids_are_written_with_umlauts_too():
    body = (
        '<start id="Anfänge"/><u id="Prüfung"/><u id="Maß"/><end id="Schluß"/><x id="Gütig" default="Rückweg"/>'
        '<f a="Anfänge" b="Prüfung"/><f a="Prüfung" b="Gütig"/><f a="Gütig" b="Maß" if="größe > 3"/>'
        '<f a="Gütig" b="Prüfung" id="Rückweg"/><f a="Maß" b="Schluß"/>'
    )
    small, large = ({"complete": "Prüfung", "values": {"größe": size}} for size in (2, 5))
    result = play(body, steps=[small, large, {"complete": "Maß"}])
    assert (result.outcome, passed(result)) == ("completed", ["Anfänge", "Prüfung", "Prüfung", "Maß", "Schluß"])


def test_each_round_and_each_instance_is_an_entry_of_its_own():
    several = (
        "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    result = play(ASKED.replace('name="Ask"/>', f'name="Ask">{several}</u>'), auto_complete=True)
    assert passed(result) == ["s", "a", "a", "a", "e"]
    body = ASKED.replace('<f a="a" b="e"/>', "") + '<x id="g" default="f_g_e"/><f a="a" b="g"/><f a="g" b="e"/>'
    again = play(
        body + '<f a="g" b="a" if="n == 1"/>',
        steps=[{"complete": "a", "values": {"n": 1}}, {"complete": "a", "values": {"n": 2}}],
    )
    assert (again.outcome, passed(again)) == ("completed", ["s", "a", "a", "e"])


def test_what_steps_name_is_never_completed_by_itself():
    body = ENDS + '<u id="a"/><u id="b"/><f a="s" b="a"/><f a="a" b="b"/><f a="b" b="e"/>'
    assert play(body, auto_complete=True).outcome == "completed"
    held = play(body, auto_complete=True, steps=[{"complete": "b"}, {"complete": "b"}])
    assert (codes(held), passed(held)) == ({"step_not_open"}, ["s", "a", "b", "e"])


def test_scripts_and_plain_tasks_named_by_a_step_wait_for_it():
    body = (
        ENDS + '<u id="a"/><st id="c"><script>y = x + 1</script></st><f a="s" b="a"/><f a="a" b="c"/><f a="c" b="e"/>'
    )
    steps = [{"complete": "a", "values": {"x": 1}}]
    assert play(body, steps=steps).data == {"x": 1, "y": 2}
    waits = play(body, steps=[*steps, {"advance": "PT1S"}, {"complete": "c"}])
    assert (waits.outcome, waits.data["y"]) == ("completed", 2)
    assert [item.element for item in play(body, steps=[*steps, {"fail": "c", "error": "x"}]).trace] == ["s", "a"]


@pytest.mark.parametrize(
    ("scenario", "data"),
    [
        ({}, {"score": 0, "grade": ""}),
        ({"answers": {"r": {"score": 7}}}, {"score": 7}),
        ({"answers": {"h.rate": [{"score": 8}]}}, {"score": 8}),
        ({"steps": [{"complete": "r", "values": {"score": 9}}]}, {"score": 9}),
        ({"steps": [{"complete": "r"}]}, {"score": 0, "grade": ""}),
    ],
)
def test_a_service_is_answered_by_the_scenario_else_by_empty_values(scenario, data):
    body = ENDS + '<s id="r" d:handler="h.rate"/><f a="s" b="r"/><f a="r" b="e"/>'
    result = play(body, **scenario)
    assert (result.outcome, result.data, passed(result)) == ("completed", data, ["s", "r", "e"])


def test_a_business_rule_without_handler_may_be_played_and_is_told():
    body = ENDS + '<bpmn:businessRuleTask id="r"/><f a="s" b="r"/><f a="r" b="e"/>'
    result = play(body, auto_complete=True)
    assert result.outcome == "completed"
    assert ("warning", "handler_missing") in {(problem.severity, problem.code) for problem in result.problems}


BORDER = ASKED + '<b id="late" attachedToRef="a" {kind}><timer>{time}</timer></b><end id="gone"/><f a="late" b="gone"/>'


def test_the_clock_moves_only_when_it_is_told_to():
    body = BORDER.format(kind="", time="<timeDuration>PT10S</timeDuration>")
    early = play(body, steps=[{"advance": "PT9S"}])
    assert (early.outcome, early.waiting[0].element) == ("waiting", "late")
    late = play(body, steps=[{"advance": "PT10S"}])
    assert passed(late) == ["s", "late", "gone"]
    assert late.trace[-1].at == "2004-01-05T08:00:10+00:00"


def test_with_auto_complete_the_clock_moves_when_nothing_else_is_left():
    body = ENDS + "<catch id='c'><timer><timeDuration>P14D</timeDuration></timer></catch><f a='s' b='c'/>".replace(
        "'", '"'
    )
    result = play(body + '<f a="c" b="e"/>', auto_complete=True)
    assert (result.outcome, result.trace[-1].at) == ("completed", "2004-01-19T08:00:00+00:00")
    assert play(body + '<f a="c" b="e"/>').outcome == "waiting"


def test_a_cycle_beside_a_task_is_an_entry_each_time():
    body = BORDER.format(kind='cancelActivity="false"', time="<timeCycle>R3/PT10S</timeCycle>")
    result = play(body, steps=[{"advance": "PT25S"}, {"complete": "a"}])
    assert passed(result) == ["s", "late", "gone", "late", "gone", "a", "e"]


def test_an_endless_play_ends_with_a_clear_outcome():
    body = ASKED.replace('<f a="a" b="e"/>', "") + '<x id="g" default="f_g_a"/><f a="a" b="g"/><f a="g" b="a"/>'
    result = play(body + '<f a="g" b="e" if="n == 1"/>', auto_complete=True, data={"n": 0}, budget=50)
    assert (result.outcome, codes(result)) == ("failed", {"budget"})


def test_a_step_that_fails_is_named_with_its_reason():
    body = ENDS + '<st id="c"><script>y = x + 1</script></st><f a="s" b="c"/><f a="c" b="e"/>'
    result = play(body)
    assert (result.outcome, codes(result), result.problems[-1].element) == ("failed", {"step_failed"}, "c")
    assert "den Wert „x“ gibt es hier nicht" in result.problems[-1].message("de")


def test_a_step_on_what_is_not_open_says_what_is():
    result = play(ASKED, steps=[{"complete": "e"}])
    assert codes(result) == {"step_not_open"}
    assert "steps[0].complete" in result.problems[-1].message("en")
    assert result.problems[-1].message("en").endswith("Open: a.")


def test_a_diagram_that_cannot_run_is_refused():
    result = play(ENDS + '<u id="a"/><f a="s" b="a"/>')
    assert (result.outcome, result.trace) == ("refused", ())
    assert codes(result)


TALK = '<bpmn:message id="m1" name="hello"/><bpmn:signal id="g1" name="alarm"/>'


@pytest.mark.parametrize("name", ["hello", "m1"])
def test_a_message_is_taken_under_its_name_or_id(name):
    body = ENDS + '<catch id="c"><message messageRef="m1"/></catch><f a="s" b="c"/><f a="c" b="e"/>'
    result = play(body, TALK, steps=[{"message": name, "payload": {"x": 5}}])
    assert (result.outcome, result.data) == ("completed", {"x": 5})
    lost = play(body, TALK, steps=[{"message": "other"}])
    assert lost.outcome == "waiting"
    assert [problem.code for problem in lost.problems] == ["message_unawaited"]


def test_a_signal_reaches_each_that_waits():
    body = ENDS + '<catch id="c"><signal signalRef="g1"/></catch><f a="s" b="c"/><f a="c" b="e"/>'
    result = play(body, TALK, steps=[{"signal": "alarm"}])
    assert passed(result) == ["s", "c", "e"]


def test_called_processes_run_inside_and_pools_talk_to_each_other():
    inner = diagram('<start id="i1"/><end id="i2"/><u id="deep"/><f a="i1" b="deep"/><f a="deep" b="i2"/>', process="q")
    body = ENDS + '<call id="k" calledElement="q"/><f a="s" b="k"/><f a="k" b="e"/>'
    result = play(body, others={"q.bpmn": inner}, steps=[{"complete": "deep"}])
    assert passed(result) == ["s", "i1", "deep", "i2", "k", "e"]
    assert [item.process for item in result.trace] == ["p", "q", "q", "q", "p", "p"]


def test_expectations_that_are_not_met_fail_the_play():
    met = {"outcome": "completed", "passed": ["a", "e"]}
    assert play(ASKED, auto_complete=True, expect=met).is_fine
    assert codes(play(ASKED, expect=met)) == {"expected_outcome", "expected_passed"}


def test_the_report_is_complete_for_machines_and_readable_for_people():
    result = play(ASKED.replace("<u ", '<u d:deadline="tage(3)" '))
    told = player_report.as_json(result, "en")
    assert list(told) == ["outcome", "trace", "open", "waiting", "data", "problems", "warnings"]
    assert list(told["trace"][0]) == ["element", "name", "type", "process", "at"]
    assert told["open"][0]["due"] == "2004-01-08T08:00:00+00:00"
    assert json.loads(json.dumps(told)) == told
    lines = list(player_report.as_lines(result, "de"))
    assert lines[0] == "Ergebnis: wartet"
    assert any("Ask" in line for line in lines)
