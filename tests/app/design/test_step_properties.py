"""Everything that can be said of a step is said in the list of steps, too: events, repetition, four eyes, calls."""

from __future__ import annotations

import io

import pytest
from lxml import etree

from app.design import changes, files, steps
from tests.app.design.test_drafts import BPMN, begun
from workflows import linter

SHIPPED = sorted(BPMN.glob("*.bpmn"))


def errors(content: bytes) -> list[str]:
    return [one.code for one in linter.check({"probe.bpmn": content}) if one.severity == "error"]


def chain(*kinds: str) -> tuple[bytes, list[str]]:
    """A process of these steps in a row; the ids of the steps."""
    content, made, before = files.empty("Probe"), [], "probe_start"
    for kind in kinds:
        content, before = changes.add(content, before, kind=kind, name=f"Schritt {len(made) + 1}")
        made.append(before)
    return content, made


@pytest.mark.parametrize(
    ("trigger", "values"),
    [
        ("message", {"message": "Antwort da"}),
        ("signal", {"signal": "Büro zu"}),
        ("conditional", {"eventCondition": "1 == 1"}),
        ("timer", {"timer": "2026-01-01T08:00:00+01:00", "timerKind": "timeDate"}),
    ],
)
def test_an_event_waits_for_what_is_chosen_and_comes_back_as_written(trigger, values):
    content, (event, _end) = chain("intermediateCatchEvent", "endEvent")
    content = changes.edit(content, event, {"trigger": trigger})
    content = changes.edit(content, event, values)
    shown = steps.step(content, event).values
    assert {name: shown[name] for name in values} == values
    assert shown["trigger"] == trigger
    assert errors(content) == []


def test_one_name_is_one_message_for_who_sends_and_who_waits():
    content, (send, wait, _end) = chain("intermediateThrowEvent", "receiveTask", "endEvent")
    content = changes.edit(content, send, {"trigger": "message"})
    content = changes.edit(content, send, {"message": "Bericht"})
    content = changes.edit(content, wait, {"message": "Bericht"})
    assert content.count(b"<bpmn:message ") == 1
    assert errors(content) == []
    assert steps.step(content, wait).values["message"] == "Bericht"


def test_another_trigger_takes_the_place_of_the_one_before():
    content, (event, _end) = chain("intermediateCatchEvent", "endEvent")
    content = changes.edit(content, event, {"trigger": "signal"})
    content = changes.edit(content, event, {"signal": "Los"})
    content = changes.edit(content, event, {"trigger": "timer"})
    assert b"signalEventDefinition" not in content
    assert steps.step(content, event).values["timer"] == "werktage(5)"
    content, (end,) = chain("endEvent")
    content = changes.edit(content, end, {"trigger": "terminate"})
    assert b"terminateEventDefinition" in content
    assert b"EventDefinition" not in changes.edit(content, end, {"trigger": ""})


def test_a_task_is_done_for_each_of_a_list():
    content, (task, _end) = chain("manualTask", "endEvent")
    content = changes.edit(content, task, {"role": "KS", "repetition": "sequential"})
    wanted = {
        "loopDataInputRef": "goals",
        "inputDataItem": "goal",
        "completionCondition": "numberOfCompletedInstances > 5",
    }
    content = changes.edit(content, task, wanted)
    shown = steps.step(content, task).values
    assert {name: shown[name] for name in wanted} == wanted
    content = changes.edit(content, task, {"completionCondition": ""})
    content = content.replace(b'isExecutable="true"', b'isExecutable="true" d:values="goals"')
    assert errors(content) == []
    content = changes.edit(content, task, {"repetition": "parallel"})
    assert steps.step(content, task).values["inputDataItem"] == "goal"


def test_a_step_is_done_again_while_a_condition_holds():
    content, (task, _end) = chain("scriptTask", "endEvent")
    content = changes.edit(content, task, {"script": "count = count + 1", "repetition": "loop"})
    content = changes.edit(content, task, {"loopCondition": "count < 3", "loopMaximum": "9", "testBefore": "yes"})
    content = content.replace(b'isExecutable="true"', b'isExecutable="true" d:values="count"')
    assert errors(content) == []
    assert steps.step(content, task).values["testBefore"] == "yes"
    assert b"LoopCharacteristics" not in changes.edit(content, task, {"repetition": ""})


def test_an_event_at_the_border_is_added_drawn_and_need_not_interrupt():
    content, (task, _end) = chain("manualTask", "endEvent")
    content = changes.edit(content, task, {"role": "KS"})
    content, border = changes.attach(content, task, name="Überfällig")
    content, _reminder = changes.add(content, border, kind="endEvent", name="Gemeldet")
    assert errors(content) == []
    assert steps.step(content, border).values["interrupts"] == "yes"
    content = changes.edit(content, border, {"interrupts": "no", "timer": "werktage(2)"})
    shown = steps.step(content, border).values
    assert (shown["interrupts"], shown["timer"]) == ("no", "werktage(2)")
    assert errors(content) == []
    assert f'bpmnElement="{border}"'.encode() in content


def test_what_is_said_of_a_process_as_a_whole_is_said_in_the_list(at):
    page = f"/design/{begun(at('design'), kind='empty', title='Probe')}"
    given = {"name": "Probe neu", "nameEn": "Trial", "documentation": "Wozu", "values": "lead u18"}
    assert at("design").post(f"{page}/processes/probe", revision=1, **given).status_code == 303
    shown = at("design").page(f"{page}/steps")
    assert all(f'value="{given[name]}"' in shown for name in ("name", "nameEn", "values"))
    assert "Wozu</textarea>" in shown
    assert at("leitung.aa").post(f"{page}/processes/probe", revision=2, **given).status_code == 403


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_saving_a_shipped_step_as_it_stands_changes_nothing(path):
    content = path.read_bytes()
    for step in steps.outline(content):
        assert same(changes.edit(content, step.id, step.values)) == same(content), step.id


def same(content: bytes) -> str:
    """The file without what is only another way of writing it."""
    return etree.canonicalize(content.decode())


def test_the_page_of_a_step_takes_and_checks_all_of_it(at):
    content, (task, event, _end) = chain("manualTask", "intermediateCatchEvent", "endEvent")
    page = f"/design/{begun(at('design'), kind='imported', upload=(io.BytesIO(content), 'probe.bpmn'))}"
    answer = at("design").post(f"{page}/steps/{task}", revision=1, name="Lesen", repetition="loop", fourEyes="money")
    assert answer.status_code == 303
    faulty = at("design").post(
        f"{page}/steps/{task}", revision=2, name="Lesen", repetition="loop", loopCondition="1 +", loopMaximum="viele"
    )
    assert faulty.status_code == 422
    assert 'value="1 +"' in faulty.text
    assert 'value="viele"' in faulty.text
    assert "Bitte eine ganze Zahl ab 1." in faulty.text
    assert at("design").post(f"{page}/steps/{event}", revision=2, name="Warten", trigger="message").status_code == 303
    assert (
        at("design")
        .post(f"{page}/steps/{event}", revision=3, name="Warten", trigger="message", message="Da")
        .status_code
        == 303
    )
    shown = at("design").page(f"{page}/steps/{event}")
    assert 'value="Da"' in shown
    assert 'value="money" selected' in at("design").page(f"{page}/steps/{task}")
