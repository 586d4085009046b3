# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""Messages that nobody awaits yet are kept until somebody does, or they expire; conditions that wait can be seen."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from tests import factories
from tests.workflows import walks
from tests.workflows.conformance.drawing import HEAD, diagram, long
from workflows import engine, errors, events, letters, linter, queries, runner
from workflows.models import Letter, Task, WaitingKind

NOW = walks.NOW
KS = factories.actor("KS", id=1, name="Kim Kunde")
ROOT = '<message id="msg" name="Brief"/>'
WAITS = '<start id="s"/><user id="a"/><catch id="w"><message id="d1" messageRef="msg"/></catch><user id="x"/><end id="e"/>{s a w x e}'
PLAIN_WAITS = (
    '<start id="ps"/><catch id="w"><message id="d9" messageRef="msg"/></catch><user id="px"/><end id="pe"/>{ps w px pe}'
)
SENDS = '<start id="s"/><throw id="t"><message id="d1" messageRef="msg"/></throw><user id="y"/><end id="e"/>{s t y e}'


def deploy(session, **bodies):
    walks.install(session, {f"{name}.bpmn": diagram(body, name, "n", ROOT).encode() for name, body in bodies.items()})


def begin(session, process, subject="7", **values):
    return engine.start(session, process, subject=subject, values=values, actor=KS, now=NOW)


def complete(session, element, **values):
    task = session.scalar(select(Task.id).where(Task.element == element).order_by(Task.id))
    return engine.complete(session, task, actor=KS, values=values, now=NOW)


def opened(session):
    return sorted(session.scalars(select(Task.element)))


def work_off(sessions):
    """Brings what was kept to who awaits it, and carries out the jobs that bring messages, each once."""
    runner.bring_letters(sessions, lambda _session: NOW)
    with sessions.begin() as session:
        rows = session.execute(
            text("DELETE FROM procrastinate_jobs WHERE task_name = 'workflows.deliver' RETURNING args")
        )
        left = [row.args for row in rows]
    for arguments in left:
        runner.deliver(sessions, lambda _session: NOW, **arguments)
    return len(left)


@pytest.mark.parametrize("order", ["sent first", "awaited first"])
def test_a_message_reaches_who_awaits_it_whichever_comes_first(committed, order):
    with committed.begin() as session:
        deploy(session, p=WAITS, q=SENDS)
        begin(session, "p")
        if order == "awaited first":
            complete(session, "a")
        begin(session, "q", n=5)
    with committed.begin() as session:
        if order == "sent first":
            assert session.scalars(select(Letter.name)).all() == ["Brief"]
            complete(session, "a")
    assert work_off(committed) == 1
    with committed() as session:
        assert opened(session) == ["x", "y"]
        assert session.scalars(select(Letter.id)).all() == []
        task = session.scalar(select(Task.id).where(Task.element == "x"))
        assert queries.values(session, task)["n"] == 5


def test_what_is_kept_is_told_and_is_for_its_own_case_alone(session):
    deploy(session, p=WAITS, q=SENDS)
    begin(session, "q", subject="8")
    begin(session, "p", subject="7")
    complete(session, "a")
    assert session.scalars(select(Letter.correlation)).all() == ["8"]
    assert "message_kept" in [line.kind for line in queries.timeline(session, "8")]


def test_each_that_waits_takes_one_of_several(committed):
    with committed.begin() as session:
        deploy(session, p=WAITS, q=SENDS)
        for _ in range(3):
            begin(session, "q")
        begin(session, "p")
        complete(session, "a")
    assert work_off(committed) == 1
    with committed() as session:
        assert len(session.scalars(select(Letter.id)).all()) == 2
        assert opened(session).count("x") == 1


def test_a_message_from_outside_is_kept_unless_it_shall_not(session):
    deploy(session, p=WAITS)
    assert not engine.deliver(session, "Brief", subject="7", payload={"n": 1}, now=NOW, keep_for=None)
    assert session.scalars(select(Letter.id)).all() == []
    assert not engine.deliver(session, "Brief", subject="7", payload={"n": 1}, now=NOW)
    assert session.scalars(select(Letter.payload)).all() == [{"n": 1}]


def test_what_comes_to_who_no_longer_waits_is_kept_for_the_next(committed):
    with committed.begin() as session:
        deploy(session, p=WAITS, q=SENDS)
        instance = begin(session, "p")
        complete(session, "a")
        begin(session, "q")
        engine.cancel(session, instance, actor=KS, reason="Test", now=NOW)
    assert work_off(committed) == 1
    with committed.begin() as session:
        assert session.scalars(select(Letter.name)).all() == ["Brief"]
        begin(session, "p")
        complete(session, "a")
    assert work_off(committed) == 1
    with committed() as session:
        assert opened(session) == ["x", "y"]


def test_it_expires(session):
    deploy(session, p=WAITS)
    engine.deliver(session, "Brief", subject="7", payload={}, now=NOW)
    begin(session, "p")
    complete(session, "a")
    assert events.bring_letters(session, now=NOW + letters.KEPT_FOR, most=9) == 0
    assert letters.expire(session, NOW + letters.KEPT_FOR - timedelta(seconds=1)) == 0
    assert letters.expire(session, NOW + letters.KEPT_FOR) == 1


TO = '<start id="s"/><throw id="t" d:to="n"><message id="d1" messageRef="msg"/></throw><user id="y"/><end id="e"/>{s t y e}'


@pytest.mark.parametrize("other", [8, "8"])
def test_a_message_may_go_to_another_case(committed, other):
    with committed.begin() as session:
        deploy(session, p=WAITS, q=TO)
        begin(session, "p", subject="7")
        complete(session, "a")
        begin(session, "p", subject="8")
        complete(session, "a")
        begin(session, "q", subject="7", n=other)
    assert work_off(committed) == 1
    with committed() as session:
        rows = session.execute(select(Task.subject, Task.element).order_by(Task.element)).all()
        assert [tuple(row) for row in rows] == [("8", "x"), ("7", "y")]


def test_a_message_to_no_case_is_a_failed_step(session):
    deploy(session, q=TO)
    with pytest.raises(errors.StepFailed) as failed:
        begin(session, "q", n=None)
    assert (failed.value.element, json.loads(failed.value.reason)["reason"]) == ("t", "no_case")


def test_who_is_addressed_must_be_a_value_and_what_is_sent_a_message():
    wrong = {
        "name_unknown": TO.replace('d:to="n"', 'd:to="m"'),
        "own_attribute_unknown": TO.replace("message id", "signal id").replace("messageRef", "signalRef"),
    }
    for code, body in wrong.items():
        content = {
            "p.bpmn": diagram(body, "p", "n", ROOT + '<signal id="msg2" name="X"/>')
            .replace('signalRef="msg"', 'signalRef="msg2"')
            .encode()
        }
        assert [(problem.element, problem.code) for problem in linter.check(content, roles=frozenset({"KS"}))] == [
            ("t", code)
        ]


def test_a_message_waits_for_the_process_to_which_its_flow_leads(committed):
    pools = "".join(f'<participant id="pool_{name}" processRef="{name}"/>' for name in "pq")
    flow = f'<collaboration id="c">{pools}<messageFlow id="f" sourceRef="t" targetRef="w"/></collaboration>'
    other = (
        WAITS.replace('"s"', '"rs"')
        .replace('"w"', '"rw"')
        .replace('"x"', '"rx"')
        .replace("{s a w x e}", "{rs a rw rx e}")
    )
    with committed.begin() as session:
        parts = "".join(
            f'<process id="{n}" isExecutable="true">{long(b, n)}</process>'
            for n, b in (("p", PLAIN_WAITS), ("q", SENDS))
        )
        files = {
            "pq.bpmn": f"{HEAD}{ROOT}{flow}{parts}</definitions>".encode(),
            "r.bpmn": diagram(other, "r", "n", ROOT).encode(),
        }
        walks.install(session, files)
        begin(session, "q")
        begin(session, "r")
        complete(session, "a")
    assert work_off(committed) == 0
    with committed.begin() as session:
        begin(session, "p")
    assert work_off(committed) == 1
    with committed() as session:
        assert opened(session) == ["px", "y"]


CONDITION = '<catch id="w"><conditional id="d1"><condition>n > 1</condition></conditional></catch>'


def test_a_condition_that_is_waited_for_can_be_seen_and_is_met_when_values_change(session):
    deploy(session, p=f'<start id="s"/>{CONDITION}<user id="x"/><end id="e"/>{{s w x e}}')
    instance = begin(session, "p", n=0)
    (wait,) = queries.waiting(session, "7")
    assert (wait.kind, wait.element) == (WaitingKind.CONDITION, "w")
    engine.set_values(session, instance, values={"n": 2}, actor=KS, now=NOW, reason="Test")
    assert opened(session) == ["x"]
    assert queries.waiting(session, "7") == []


def test_a_condition_in_a_subprocess_sees_what_is_written_beside_it(session):
    inner = f'<sub id="t"><start id="is"/>{CONDITION}<end id="ie"/>{{is w ie}}</sub>'
    deploy(
        session, p=f'<start id="s"/><and id="g"/>{inner}<user id="a"/><user id="x"/><end id="e"/>{{s g t x e}}{{g a e}}'
    )
    begin(session, "p", n=0)
    complete(session, "a", n=3)
    assert opened(session) == ["x"]
