# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""Events with several triggers: what stands in the database while they wait, how they begin cases, what moves them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from tests import factories
from tests.workflows import walks
from tests.workflows.conformance import test_conformance as conformance
from tests.workflows.conformance import trigger_cases
from tests.workflows.conformance.drawing import diagram
from tests.workflows.test_tokens import replanted
from workflows import clock, definitions, displacements, engine, linter, player, player_scenario, values
from workflows.models import StartTimer, Task, Waiting

NOW = walks.NOW
KS = factories.actor("KS", id=1, name="Kim Kunde")
START = '<start id="s" name="Anstoß">{}</start><throw id="t"><signal id="d9" signalRef="sig2"/></throw><end id="e"/>{{s t e}}'


def files(body):
    root = trigger_cases.BOTH + '<signal id="sig2" name="Begonnen"/>'
    return {"p.bpmn": diagram(body, "p", "", root).encode()}


def waits(session):
    rows = session.execute(select(Waiting.kind, Waiting.name, Waiting.element).order_by(Waiting.kind, Waiting.name))
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("together", [False, True], ids=["first", "all"])
def test_each_trigger_has_a_row_until_the_event_has_happened(session, together):
    attribute = ' parallelMultiple="true"' if together else ""
    walks.install(session, files(trigger_cases.FLOW.format(attribute, trigger_cases.HEARD + trigger_cases.CLOCKS)))
    instance = engine.start(session, "p", subject="7", values={}, actor=KS, now=NOW)
    engine.complete(session, session.scalar(select(Task.id)), actor=KS, values={}, now=NOW)
    assert [(kind, element) for kind, _, element in waits(session)] == [
        *(("message", "c"), ("signal", "c"), ("timer", "c"), ("timer", "c"))
    ]
    assert engine.deliver(session, "Brief", subject="7", payload={}, now=NOW)
    assert len(waits(session)) == (3 if together else 0)
    if together:
        engine.wake(session, instance, now=NOW + timedelta(days=3))
        assert [kind for kind, _, _ in waits(session)] == ["signal", "timer"]
        engine.wake(session, instance, now=NOW + timedelta(days=6))
        assert [kind for kind, _, _ in waits(session)] == ["signal"]


def test_each_trigger_of_a_start_event_begins_an_instance(session):
    body = f'<start id="s">{trigger_cases.HEARD}</start><user id="a"/><end id="e"/>{{s a e}}'
    walks.install(session, files(body))
    assert engine.deliver(session, "Brief", subject="1", payload={"x": 1}, now=NOW)
    assert engine.signal(session, "Neues", payload={}, subject="2") == 1
    assert [task.element for task in session.scalars(select(Task))] == ["a"]


def test_a_start_event_with_several_instants_begins_at_each(committed):
    with committed.begin() as session:
        given = files(START.format(trigger_cases.CLOCKS + trigger_cases.HEARD))
        definitions.deploy(session, given, known=definitions.Known(), now=NOW, by="Test")
    with committed() as session:
        due = sorted(session.scalars(select(StartTimer.due_at)))
    assert due == [NOW + timedelta(days=2), NOW + timedelta(days=5)]


def test_the_player_begins_with_each_trigger_and_the_linter_lets_it_pass():
    given = files(START.format(trigger_cases.CLOCKS + trigger_cases.HEARD))
    assert linter.check(given) == []
    steps = [{"message": "Brief"}, {"signal": "Neues"}, {"advance": "P9D"}]
    scenario = player_scenario.read(json.dumps({"steps": steps}).encode())
    result = player.play(given, scenario, main="p.bpmn", declared={}, calendar=factories.SimpleCalendar(), now=NOW)
    assert [item.element for item in result.trace] == ["s", "t", "e"] * 4


@pytest.mark.parametrize("case", trigger_cases.TRIGGERS, ids=lambda case: case.name)
def test_a_case_that_is_set_into_its_own_version_at_every_step_goes_on_alike(case):
    walk = replanted(conformance.walked(case, compacted=True))
    seen = [sorted(conformance.open_names(walk))]
    for step in case.steps:
        conformance.act(walk, step)
        walk = walk if walk.workflow.completed else replanted(walk)
        seen.append(sorted(conformance.open_names(walk)))
    assert seen == [sorted(names.split()) for names in case.seen]
    assert case.data is None or values.visible(walk.workflow.data) == case.data


def standing(body):
    case = trigger_cases.Case("", "", body, root=trigger_cases.BOTH)
    return conformance.walked(case, compacted=True)


def test_a_token_that_is_moved_to_such_an_event_waits_for_it():
    walk = standing(trigger_cases.FLOW.format(' parallelMultiple="true"', trigger_cases.HEARD))
    with clock.at(walk.now, walks.PlainCalendar()):
        work = walk._work()
        ((task, element),) = displacements.standing(work)
        displacements.move(work, task, element, "c")
        walk._settle(work)
    assert conformance.open_names(walk) == []
    walk.receive("signal", "Neues")
    walk.receive("message", "Brief")
    assert conformance.open_names(walk) == ["b"]


def test_an_event_that_waits_for_the_first_of_several_can_be_skipped():
    walk = standing(trigger_cases.FLOW.format("", trigger_cases.HEARD))
    walk.complete(0, {})
    with clock.at(walk.now, walks.PlainCalendar()):
        work = walk._work()
        ((task, element),) = displacements.standing(work)
        displacements.skip(work, task, element, {"x": 1})
        walk._settle(work)
    assert conformance.open_names(walk) == ["b"]


def test_each_trigger_behind_a_gateway_that_instantiates_begins_an_instance(session):
    body = (
        f'<either id="g" instantiate="true"/><catch id="c">{trigger_cases.HEARD}</catch><catch id="o"><signal id="d5" signalRef="sig2"/></catch>'
        '<user id="a"/><user id="b"/><end id="e"/>{g c a e}{g o b e}'
    )
    walks.install(session, files(body))
    assert linter.check(files(body)) == []
    assert engine.deliver(session, "Brief", subject="1", payload={}, now=NOW)
    assert [engine.signal(session, name, payload={}, subject="2") for name in ("Neues", "Begonnen")] == [1, 1]
    assert session.scalars(select(Task.element)).all() == ["a"]
    begun = session.scalars(text("SELECT args ->> 'start' FROM procrastinate_jobs ORDER BY id")).all()
    for start in begun:
        definition = definitions.latest(session, "p").id
        engine.begin(session, definition, start=start, subject="2", payload={}, now=NOW)
    assert session.scalars(select(Task.element).order_by(Task.id)).all() == ["a", "a", "b"]
