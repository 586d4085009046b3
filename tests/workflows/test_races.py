# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""Acts that meet on one instance: one order or the other, never a mixture; who comes too late is told so."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text

from tests import factories
from tests.acceptance import office
from tests.workflows import walks
from workflows import engine, errors, history, migration
from workflows.models import Definition, Entry, Instance, Task, Waiting

NOW = walks.NOW
LATER = NOW + timedelta(days=5)
ROUNDS = 6
KS = factories.actor("KS", id=1, name="Kim Kunde")
LEA = factories.actor("KS", id=2, name="Lea Leise")

TALK = '<bpmn:message id="m" name="facts_changed"/>'
# A task that a timer and a message interrupt; each way leads to a task of its own.
BODY = """<start id="s"/><u id="a" name="Erfassen" d:role="KS"/><u id="done" d:role="KS"/><u id="late" d:role="KS"/><u id="told" d:role="KS"/>
<b id="timer" attachedToRef="a"><timer><timeDuration>P5D</timeDuration></timer></b>
<b id="message" attachedToRef="a"><message messageRef="m"/></b>
<end id="e1"/><end id="e2"/><end id="e3"/>
<f a="s" b="a"/><f a="a" b="done"/><f a="timer" b="late"/><f a="message" b="told"/>
<f a="done" b="e1"/><f a="late" b="e2"/><f a="told" b="e3"/>"""


def begin(session, subject="7"):
    walks.install(session, {"p.bpmn": walks.diagram(BODY.replace("Erfassen", f"Erfassen {subject}"), more=TALK)})
    return engine.start(session, "p", subject=subject, values={}, actor=KS, now=NOW)


def race(sessions, *acts):
    """Does all of these at once, each in a transaction and a thread of its own; what each gave or raised."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def attempt(number, act):
        barrier.wait()
        try:
            with sessions.begin() as session:
                results[number] = act(session)
        except errors.WorkflowError as refused:
            results[number] = refused

    threads = [threading.Thread(target=attempt, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def task_of(session, instance_id):
    return session.execute(select(Task.id).where(Task.instance_id == instance_id)).scalar_one()


def state(sessions, instance_id):
    """What the rows say: status, open elements, the kinds of history; the chain is whole."""
    with sessions() as session:
        assert history.verify(session, instance_id)
        status = session.execute(select(Instance.status).where(Instance.id == instance_id)).scalar_one()
        opened = set(session.execute(select(Task.element).where(Task.instance_id == instance_id)).scalars())
        kinds = list(
            session.execute(
                select(Entry.kind).where(Entry.instance_id == instance_id).order_by(Entry.sequence)
            ).scalars()
        )
        waits = session.execute(select(Waiting.id).where(Waiting.instance_id == instance_id)).all()
        return status, opened, kinds[1:], len(waits)


def complete(number, now=NOW):
    return lambda session: engine.complete(session, number, actor=KS, values={}, now=now)


def meetings(sessions, other, now=NOW):
    """Again and again a completion and another act at once: what both gave, and the state that they left."""
    for number in range(ROUNDS):
        with sessions.begin() as session:
            instance_id = begin(session, str(number))
            task = task_of(session, instance_id)
        results = race(sessions, complete(task, now), lambda session, key=instance_id: other(session, key))
        yield *results, state(sessions, instance_id)


def test_completion_against_timer(committed):
    for done, fired, left in meetings(committed, lambda session, key: engine.wake(session, key, now=LATER), LATER):
        if isinstance(done, errors.TaskNotOpen):
            assert (fired, left) == (1, ("running", {"late"}, ["timer_fired"], 0))
        else:
            assert (fired, left) == (0, ("running", {"done"}, ["task_completed"], 0))


def test_completion_against_message(committed):
    def tell(session, key):
        subject = session.execute(select(Instance.subject).where(Instance.id == key)).scalar_one()
        return engine.deliver(session, "facts_changed", subject=subject, payload={"x": 1}, now=NOW)

    for done, taken, left in meetings(committed, tell):
        if isinstance(done, errors.TaskNotOpen):
            assert (taken, left) == (True, ("running", {"told"}, ["message_received"], 0))
        else:
            assert (taken, left) == (False, ("running", {"done"}, ["task_completed"], 0))


def test_completion_against_cancel(committed):
    def cancel(session, key):
        engine.cancel(session, key, actor=KS, reason="Umzug", now=NOW)

    for done, cancelled, left in meetings(committed, cancel):
        assert cancelled is None
        if isinstance(done, errors.WorkflowError):
            assert isinstance(done, errors.TaskNotOpen | errors.InstanceClosed)
            assert left == ("cancelled", set(), ["cancelled"], 0)
        else:
            assert left == ("cancelled", set(), ["task_completed", "cancelled"], 0)


def test_completion_against_another_version(committed):
    def change(session, key):
        newest = session.execute(select(Definition.id).order_by(Definition.id.desc()).limit(1)).scalar_one()
        verdict, _ = migration.migrate(session, key, migration.Target(newest), actor=KS, now=NOW, reason="Neu")
        return verdict.possible

    for number in range(ROUNDS):
        with committed.begin() as session:
            instance_id = begin(session, str(number))
            first = task_of(session, instance_id)
            walks.install(
                session, {"p.bpmn": walks.diagram(BODY.replace("Erfassen", f"Aufnehmen {number}"), more=TALK)}
            )
        done, changed = race(committed, complete(first), lambda session, key=instance_id: change(session, key))
        assert changed is True
        assert not isinstance(done, Exception)
        status, opened, kinds, waits = state(committed, instance_id)
        assert (status, opened, waits) == ("running", {"done"}, 0)
        assert sorted(kinds) == ["migrated", "task_completed"]


def test_messages_and_timer_at_once_take_one_way_only(committed):
    with committed.begin() as session:
        instance_id = begin(session)

    def tell(session):
        return engine.deliver(session, "facts_changed", subject="7", payload={}, now=LATER)

    results = race(committed, *[tell] * 4, *[lambda session: engine.wake(session, instance_id, now=LATER)] * 4)
    assert sorted(map(int, results)) == [0] * 7 + [1]
    _, opened, kinds, _ = state(committed, instance_id)
    assert len(opened) == len(kinds) == 1


def test_who_is_late_by_a_whole_case_is_told_so(committed):
    with committed.begin() as session:
        instance_id = begin(session)
        number = task_of(session, instance_id)
    with committed.begin() as session:
        session.execute(delete(Task).where(Task.id == number))
    (result,) = race(committed, complete(number))
    assert isinstance(result, errors.TaskNotOpen)
    assert result.completed_by is None


@pytest.mark.parametrize(
    ("first", "told"),
    [
        (lambda session, task: engine.claim(session, task, actor=LEA, now=NOW), "Lea Leise has it"),
        (lambda session, task: engine.complete(session, task, actor=LEA, values={}, now=NOW), "Lea Leise has done it"),
        (lambda session, task: engine.set_priority(session, task, priority=9, actor=LEA, now=NOW), "done"),
    ],
    ids=["claim", "complete", "priority"],
)
def test_who_waited_for_a_colleague_sees_what_the_colleague_did(committed, first, told):
    with committed.begin() as session:
        task = task_of(session, begin(session))
    said = []

    def second():
        try:
            with committed.begin() as session:
                engine.complete(session, task, actor=KS, values={}, now=NOW)
            said.append("done")
        except errors.TaskTaken as refused:
            said.append(f"{refused.assignee} has it")
        except errors.TaskNotOpen as refused:
            said.append(f"{refused.completed_by} has done it")

    waiter = threading.Thread(target=second)
    with committed.begin() as session:
        first(session, task)
        waiter.start()
        office.eventually(lambda: waits_for_a_lock(committed))
    waiter.join()
    assert said == [told]


def waits_for_a_lock(sessions):
    with sessions() as session:
        return session.execute(text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")).scalar_one()
