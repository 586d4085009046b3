# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""The commands of the host against a real database."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, update

from tests import factories
from tests.workflows import walks
from workflows import engine, errors, handlers, history, queries, runner
from workflows.models import Entry, Incident, Instance, Task, Waiting

NOW = walks.NOW
KS = factories.actor("KS", id=1, name="Kim Kunde")
FM = factories.actor("FM", id=2, name="Fee Fall")

PLAIN = """<start id="s"/><u id="a" name="Erfassen" d:role="KS" d:deadline="tage(5)" d:priority="60"/>
<x id="q"/><u id="b" name="Planen" d:role="=lead" d:distinctFrom="a"/><end id="e"/><end id="e2"/>
<f a="s" b="a"/><f a="a" b="q"/><f a="q" b="b" if="go"/><f a="q" b="e2" if="not go"/><f a="b" b="e"/>"""


def deploy(session, *bodies, process="p", **others):
    files = {f"{process}.bpmn": walks.diagram(bodies[0], process)}
    files |= {f"{name}.bpmn": walks.diagram(body, name) for name, body in others.items()}
    walks.install(session, files)


def begin(session, body=PLAIN, values=None, **others):
    deploy(session, body, **others)
    given = {"go": True, "lead": "FM"} if values is None else values
    return engine.start(session, "p", subject="7", values=given, actor=KS, now=NOW)


def only(session):
    (task,) = session.execute(select(Task.__table__)).all()
    return task


def test_start_opens_the_first_task_with_role_due_date_and_priority(session):
    begin(session)
    task = only(session)
    assert (task.element, task.name, task.role, task.priority) == ("a", "Erfassen", "KS", 60)
    assert task.due_at == NOW + timedelta(5)


def test_completion_opens_the_next_task_for_the_role_that_a_value_names(session):
    begin(session)
    done = engine.complete(session, only(session).id, actor=KS, values={"x": 1}, now=NOW)
    task = only(session)
    assert (task.element, task.role, task.excluded_id, done.next_tasks) == ("b", "FM", 1, (task.id,))


def test_completion_to_the_end_closes_the_instance(session):
    number = begin(session)
    engine.complete(session, only(session).id, actor=KS, values={"go": False}, now=NOW)
    row = session.execute(select(Instance.__table__).where(Instance.id == number)).one()
    assert (row.status, row.ended_at) == ("completed", NOW)
    assert session.execute(select(func.count()).select_from(Task)).scalar() == 0


def test_events_may_have_the_names_that_the_library_uses_itself(session):
    body = PLAIN.replace('"s"', '"Start"').replace('"e"', '"End"').replace('"e2"', '"Root"')
    number = begin(session, body)
    engine.complete(session, only(session).id, actor=KS, values={}, now=NOW)
    assert queries.position(session, number)["done"] == ["Start", "a", "q"]
    engine.complete(session, only(session).id, actor=factories.actor("FM", id=5), values={}, now=NOW)
    row = session.execute(select(Instance.__table__).where(Instance.id == number)).one()
    assert row.status == "completed"
    elements = {line.element for line in session.execute(select(Entry.__table__))}
    assert not any(str(element).endswith(".Drawn") for element in elements)


def test_who_may_not_is_refused(session):
    begin(session)
    with pytest.raises(errors.NotAllowed, match="role"):
        engine.complete(session, only(session).id, actor=FM, values={}, now=NOW)


def test_four_eyes(session):
    begin(session)
    both = factories.actor("KS", "FM", id=1)
    engine.complete(session, only(session).id, actor=both, values={}, now=NOW)
    with pytest.raises(errors.NotAllowed) as caught:
        engine.complete(session, only(session).id, actor=both, values={}, now=NOW)
    assert caught.value.reason == "four_eyes"
    with pytest.raises(errors.NotAllowed):
        engine.assign(session, only(session).id, assignee_id=1, assignee="K", actor=FM, now=NOW, reason="")
    engine.complete(session, only(session).id, actor=FM, values={}, now=NOW)


def test_second_completion_is_refused_with_name_and_time(session):
    begin(session)
    task = only(session)
    engine.complete(session, task.id, actor=KS, values={}, now=NOW)
    with pytest.raises(errors.TaskNotOpen) as caught:
        engine.complete(session, task.id, actor=KS, values={}, now=NOW)
    assert (caught.value.completed_by, caught.value.completed_at) == ("Kim Kunde", NOW.isoformat())


def test_of_parallel_completions_exactly_one_wins(committed):
    with committed.begin() as session:
        begin(session)
        number = only(session).id
    barrier = threading.Barrier(8)
    results = []

    def attempt(who):
        barrier.wait()
        try:
            with committed.begin() as session:
                engine.complete(
                    session, number, actor=factories.actor("KS", id=who, name=f"N{who}"), values={}, now=NOW
                )
            results.append("won")
        except errors.TaskNotOpen as lost:
            results.append(lost.completed_by)

    threads = [threading.Thread(target=attempt, args=(who,)) for who in range(10, 18)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [result for result in results if result != "won"]
    assert results.count("won") == 1
    assert len(set(winners)) == 1
    assert winners[0].startswith("N")


def test_a_failing_gateway_rolls_back_and_keeps_the_task(committed):
    body = PLAIN.replace('if="go"', 'if="goo"').replace('if="not go"', 'if="not goo"')
    with committed.begin() as session:
        begin(session, body)
        number = only(session).id
    stored = []
    with pytest.raises(errors.StepFailed) as caught, committed.begin() as session:
        engine.complete(session, number, actor=KS, values={}, now=NOW, store=lambda _: stored.append(1))
    assert (caught.value.element, stored) == ("q", [1])
    assert "goo" in caught.value.reason
    with committed.begin() as session:
        engine.record_incident(session, caught.value, now=NOW)
        engine.record_incident(session, caught.value, now=NOW)
    with committed() as session:
        assert only(session).id == number
        assert [row.element for row in queries.incidents(session)] == ["q"]
        kinds = session.execute(select(Entry.kind).order_by(Entry.id)).scalars().all()
        assert kinds == ["instance_started", "incident"]
    with committed.begin() as session:
        engine.complete(session, number, actor=KS, values={"goo": True}, now=NOW)
        assert queries.incidents(session) == []


def test_a_task_without_a_role_fails_the_step(session):
    begin(session, values={"go": True, "lead": ""})
    with pytest.raises(errors.StepFailed, match="role"):
        engine.complete(session, only(session).id, actor=KS, values={}, now=NOW)


def test_a_value_that_is_none_is_refused(session):
    begin(session)
    for bad in ({"~": 1}, {"d": NOW}, {"t": "\x00"}, {"n": float("nan")}, {"l": [{1: 2}]}):
        with pytest.raises(errors.ValueRefused):
            engine.complete(session, only(session).id, actor=KS, values=bad, now=NOW)


def test_a_field_called_typename_is_a_value_like_any_other(session):
    begin(session)
    engine.complete(session, only(session).id, actor=KS, values={"typename": "UUID", "x": {"typename": "y"}}, now=NOW)
    assert queries.values(session, only(session).id)["x"] == {"typename": "y"}


def test_claim_release_assign_hold_and_dates(session):
    begin(session)
    number = only(session).id
    engine.claim(session, number, actor=KS, now=NOW)
    other = factories.actor("KS", id=5, name="O")
    with pytest.raises(errors.TaskTaken):
        engine.complete(session, number, actor=other, values={}, now=NOW)
    with pytest.raises(errors.TaskTaken):
        engine.claim(session, number, actor=other, now=NOW)
    engine.release(session, number, actor=KS, now=NOW)
    engine.assign(session, number, assignee_id=5, assignee="O", actor=FM, now=NOW, reason="krank")
    engine.hold(session, number, until=NOW + timedelta(3), reason="wartet", actor=other, now=NOW)
    assert queries.task(session, number).held_reason == "wartet"
    engine.resume(session, number, actor=other, now=NOW)
    engine.set_due(session, number, due_at=NOW, reason="eilt", actor=FM, now=NOW)
    engine.set_priority(session, number, priority=90, actor=FM, now=NOW)
    row = queries.task(session, number)
    assert (row.due_at, row.priority, row.held_until, row.assignee_id) == (NOW, 90, None, 5)
    kinds = [entry.kind for entry in queries.timeline(session, "7")]
    assert kinds[1:] == ["claimed", "released", "assigned", "held", "resumed", "due_changed", "priority_changed"]
    assert history.verify(session, row.instance_id)


def test_history_tells_tampering_from_erasure(session):
    number = begin(session)
    engine.complete(session, only(session).id, actor=KS, values={"f": 1.5, "g": 3.0, "u": "ä"}, now=NOW)
    assert history.verify(session, number)
    history.erase(session, number, sequences=[2])
    assert history.verify(session, number)
    session.execute(update(Entry).where(Entry.sequence == 1).values(name="anders"))
    assert not history.verify(session, number)


def test_a_dropped_last_entry_is_found(session):
    number = begin(session)
    session.execute(Entry.__table__.delete().where(Entry.instance_id == number, Entry.sequence == 1))
    assert not history.verify(session, number)


def test_cancel_ends_it(session):
    number = begin(session)
    engine.cancel(session, number, actor=KS, reason="Irrtum", now=NOW)
    assert session.execute(select(func.count()).select_from(Task)).scalar() == 0
    with pytest.raises(errors.InstanceClosed):
        engine.cancel(session, number, actor=KS, reason="Irrtum", now=NOW)


TIMED = """<start id="s"/><u id="a" d:role="KS"/><b id="t1" attachedToRef="a" cancelActivity="false">
<timer id="t1d"><timeDuration>P2D</timeDuration></timer></b><b id="t2" attachedToRef="a"><timer id="t2d">
<timeDuration>P5D</timeDuration></timer></b><u id="n" d:role="FM"/><u id="x1" d:role="FM"/><end id="e1"/><end id="e2"/><end id="e3"/>
<f a="s" b="a"/><f a="a" b="e1"/><f a="t1" b="n"/><f a="n" b="e2"/><f a="t2" b="x1"/><f a="x1" b="e3"/>"""


def elements(session):
    return sorted(session.execute(select(Task.element)).scalars())


def dues(session):
    return sorted(session.execute(select(Waiting.element, Waiting.due_at)).all())


def test_timers_are_rows_and_fire_at_the_very_instant(session):
    number = begin(session, TIMED, {})
    assert dues(session) == [("t1", NOW + timedelta(2)), ("t2", NOW + timedelta(5))]
    assert engine.wake(session, number, now=NOW + timedelta(2) - timedelta(microseconds=1)) == 0
    assert engine.wake(session, number, now=NOW + timedelta(2)) == 1
    assert (elements(session), dues(session)) == (["a", "n"], [("t2", NOW + timedelta(5))])
    assert engine.wake(session, number, now=NOW + timedelta(2)) == 0


def test_several_due_timers_fire_in_their_order(session):
    number = begin(session, TIMED, {})
    assert engine.wake(session, number, now=NOW + timedelta(9)) == 2
    assert elements(session) == ["n", "x1"]
    fired = [entry.element for entry in queries.timeline(session, "7") if entry.kind == "timer_fired"]
    assert fired == ["t1", "t2"]


def test_the_sweep_takes_the_earliest_first_and_leaves_failing_ones_alone(committed):
    bad = TIMED.replace(
        '<f a="t1" b="n"/>', '<st id="sc"><script>v = nothing</script></st><f a="t1" b="sc"/><f a="sc" b="n"/>'
    )
    with committed.begin() as session:
        begin(session, TIMED, {})
        deploy(session, bad, process="bad")
        engine.start(session, "bad", subject="8", values={}, actor=KS, now=NOW)
    clock = lambda _: NOW + timedelta(3)  # noqa: E731
    assert runner.sweep(committed, clock, limit=10) == 2
    assert runner.sweep(committed, clock, limit=10) == 0
    with committed.begin() as session:
        (incident,) = queries.incidents(session)
        assert (incident.subject, incident.code, incident.element) == ("8", "timer", "sc")
        engine.retry(session, incident.id, actor=KS, now=NOW)
    assert runner.sweep(committed, clock, limit=10) == 1


CYCLE = """<start id="s"/><u id="a" d:role="KS"/><b id="c" attachedToRef="a" cancelActivity="false">
<timer id="cd"><timeCycle>R3/P1D</timeCycle></timer></b><u id="n" d:role="FM"/><end id="e1"/><end id="e2"/>
<f a="s" b="a"/><f a="a" b="e1"/><f a="c" b="n"/><f a="n" b="e2"/>"""


def test_missed_cycles_are_caught_up(session):
    number = begin(session, CYCLE, {})
    assert engine.wake(session, number, now=NOW + timedelta(2)) == 2
    assert elements(session) == ["a", "n", "n"]
    assert engine.wake(session, number, now=NOW + timedelta(9)) == 1
    assert elements(session) == ["a", "n", "n", "n"]
    assert dues(session) == []
    for task in session.execute(select(Task.__table__).order_by(Task.element)).all():
        engine.complete(session, task.id, actor=factories.actor("KS", "FM"), values={}, now=NOW)
    assert session.execute(select(Instance.status)).scalar() == "completed"


CALLING = """<start id="s"/><call id="c" name="Unterprozess" calledElement="inner"/><u id="after" d:role="KS"/><end id="e"/>
<f a="s" b="c"/><f a="c" b="after"/><f a="after" b="e"/>"""
INNER = """<start id="s"/><and id="sp"/><u id="i1" d:role="KS"/><u id="i2" d:role="KS"/><end id="e"><terminate id="td"/></end><end id="e2"/>
<f a="s" b="sp"/><f a="sp" b="i1"/><f a="sp" b="i2"/><f a="i1" b="e"/><f a="i2" b="e2"/>"""


def test_a_called_process_ends_by_its_terminate_event_and_its_caller_goes_on(session):
    number = begin(session, CALLING, {}, inner=INNER)
    assert elements(session) == ["i1", "i2"]
    position = queries.position(session, number)
    assert (position["process"], position["active"]) == ("p", ["c"])
    assert position["processes"]["inner"]["active"] == ["i1", "i2"]
    first = session.execute(select(Task.id).where(Task.element == "i1")).scalar_one()
    engine.complete(session, first, actor=KS, values={"k": 4}, now=NOW)
    assert elements(session) == ["after"]
    assert queries.values(session, only(session).id) == {"k": 4}
    assert [entry.element for entry in queries.path(session, number, "after")] == ["", "i1"]
    assert len(session.execute(select(Instance.document)).scalar()) < 1000


SERVING = """<start id="s"/><u id="a" d:role="KS"/><s id="h" name="Rechnen" d:handler="sum"/><u id="b" d:role="KS"/><end id="e"/>
<f a="s" b="a"/><f a="a" b="h"/><f a="h" b="b"/><f a="b" b="e"/>"""


def registered(run, mode=handlers.Mode.INSIDE):
    return handlers.Registered("sum", run, inputs=("x", "y"), outputs={"total": 0}, mode=mode)


class TestInside:
    @pytest.fixture
    def environment(self):
        return factories.environment(registered(lambda call: {"total": call.inputs["x"] + call.inputs["y"]}))

    def test_handler_runs_in_the_act(self, session):
        begin(session, SERVING, {})
        engine.complete(session, only(session).id, actor=KS, values={"x": 2, "y": 3}, now=NOW)
        assert queries.values(session, only(session).id)["total"] == 5
        assert [entry.kind for entry in queries.timeline(session, "7")][1:] == ["task_completed", "handler_run"]

    def test_what_a_handler_raises_is_a_failed_step(self, session):
        begin(session, SERVING, {})
        with pytest.raises(errors.StepFailed) as caught:
            engine.complete(session, only(session).id, actor=KS, values={"x": "geheim", "y": None}, now=NOW)
        assert caught.value.element == "h"
        assert "TypeError" in caught.value.reason
        assert "geheim" not in caught.value.reason


class TestOutside:
    @pytest.fixture
    def calls(self):
        return []

    @pytest.fixture
    def environment(self, calls):
        def run(call):
            calls.append((call.key, dict(call.inputs), call.session.in_transaction()))
            if call.inputs["x"] == "down":
                raise ConnectionError
            return {"total": 9}

        return factories.environment(registered(run, handlers.Mode.OUTSIDE))

    def job(self, session):
        query = "SELECT args FROM procrastinate_jobs ORDER BY id DESC LIMIT 1"
        return session.connection().exec_driver_sql(query).scalar()

    def test_a_job_is_left_and_its_answer_taken_once(self, committed, calls):
        with committed.begin() as session:
            begin(session, SERVING, {})
            engine.complete(session, only(session).id, actor=KS, values={"x": 1, "y": 1}, now=NOW)
            assert elements(session) == []
            arguments = self.job(session)
        assert runner.call_handler(committed, lambda _: NOW, **arguments)
        assert not runner.call_handler(committed, lambda _: NOW, **arguments)
        assert calls == [(f"{arguments['instance_id']}:{arguments['key']}", {"x": 1, "y": 1}, False)]
        with committed() as session:
            assert elements(session) == ["b"]

    def test_the_last_failure_is_an_incident_and_retry_leaves_a_new_job(self, committed):
        with committed.begin() as session:
            begin(session, SERVING, {})
            engine.complete(session, only(session).id, actor=KS, values={"x": "down", "y": 1}, now=NOW)
            arguments = self.job(session)
        with pytest.raises(ConnectionError):
            runner.call_handler(committed, lambda _: NOW, **arguments)
        assert not runner.call_handler(committed, lambda _: NOW, **arguments, last=True)
        with committed.begin() as session:
            (incident,) = queries.incidents(session)
            assert (incident.element, incident.code) == ("h", "call")
            engine.retry(session, incident.id, actor=KS, now=NOW)
            jobs = session.connection().exec_driver_sql("SELECT count(*) FROM procrastinate_jobs").scalar()
        assert jobs == 2


LISTENING = """<start id="s"/><catch id="m"><message id="md" messageRef="msg"/></catch><u id="b" d:role="KS"/><end id="e"/>
<f a="s" b="m"/><f a="m" b="b"/><f a="b" b="e"/>"""


def listen(session, subjects):
    more = '<bpmn:message id="msg" name="payment"/>'
    files = {"p.bpmn": walks.diagram(LISTENING, more=more)}
    walks.install(session, files)
    return [engine.start(session, "p", subject=subject, values={"n": 0}, actor=KS, now=NOW) for subject in subjects]


def test_a_message_reaches_who_waits_for_it_about_this_subject(session):
    listen(session, ["7", "8"])
    assert engine.deliver(session, "payment", subject="7", payload={"n": 5}, now=NOW)
    assert queries.values(session, only(session).id) == {"n": 5}
    assert not engine.deliver(session, "payment", subject="7", payload={}, now=NOW)
    assert not engine.deliver(session, "other", subject="8", payload={}, now=NOW)


def test_several_listeners_get_a_job_each(committed):
    with committed.begin() as session:
        listen(session, ["7", "7"])
        assert engine.deliver(session, "payment", subject="7", payload={"n": 5}, now=NOW)
        jobs = session.connection().exec_driver_sql("SELECT args FROM procrastinate_jobs ORDER BY id").scalars().all()
        assert elements(session) == []
    for arguments in jobs:
        assert runner.deliver(committed, lambda _: NOW, **arguments)
    with committed() as session:
        assert elements(session) == ["b", "b"]


def test_no_more_than_ten_statements_between_lock_and_commit(session):
    begin(
        session,
        TIMED.replace(
            '<f a="a" b="e1"/>', '<u id="z" d:role="KS" d:distinctFrom="a"/><f a="a" b="z"/><f a="z" b="e1"/>'
        ),
        {},
    )
    number = session.execute(select(Task.id)).scalar_one()
    statements = []

    def count(_connection, _cursor, statement, *_):
        statements.append(statement)

    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", count)
    engine.complete(session, number, actor=KS, values={"x": 1}, now=NOW)
    event.remove(bind, "before_cursor_execute", count)
    locked = next(place for place, statement in enumerate(statements) if "FOR UPDATE" in statement)
    assert len(statements) - locked <= 10
    assert len(statements) <= 13


def test_values_are_set_in_every_branch(session):
    number = begin(session, CALLING, {"v": 1}, inner=INNER)
    engine.set_values(session, number, values={"v": 2}, actor=KS, now=NOW, reason="Berichtigung")
    rows = session.execute(select(Task.id)).scalars().all()
    assert [queries.values(session, row) for row in rows] == [{"v": 2}, {"v": 2}]


DATED = """<start id="s"/><catch id="t"><timer id="td"><timeDate>at</timeDate></timer></catch><u id="b" d:role="KS"/><end id="e"/>
<f a="s" b="t"/><f a="t" b="b"/><f a="b" b="e"/>"""


def test_a_timer_that_hangs_on_a_value_moves_with_it(session):
    number = begin(session, DATED, {"at": "2004-03-01"})
    engine.set_values(session, number, values={"at": "2004-02-01"}, actor=KS, now=NOW, reason="Geburtsdatum")
    assert engine.reschedule(session, number, now=NOW) == 1
    assert [due.date().isoformat() for _, due in dues(session)] == ["2004-02-01"]


def test_an_endless_automatic_loop_fails(session):
    body = """<start id="s"/><x id="m"/><st id="sc"><script>n = n + 1</script></st><x id="q"/><end id="e"/>
    <f a="s" b="m"/><f a="m" b="sc"/><f a="sc" b="q"/><f a="q" b="m" if="n &gt; 0"/><f a="q" b="e" if="n &lt; 0"/>"""
    with pytest.raises(errors.StepFailed, match="circle"):
        begin(session, body, {"n": 1})
    assert session.execute(select(func.count()).select_from(Incident)).scalar() == 0


def test_done_tasks_are_listed_newest_first_in_pages(session):
    deploy(session, PLAIN)
    for subject in "abc":
        engine.start(session, "p", subject=subject, values={"go": False}, actor=KS, now=NOW)
    for number, task in enumerate(session.execute(select(Task.id).order_by(Task.id)).scalars().all()):
        engine.complete(session, task, actor=KS, values={}, now=NOW + timedelta(number))
    wanted = {"roles": {"KS"}, "actor_id": 1, "now": NOW, "view": "done", "limit": 2}
    first = queries.inbox(session, **wanted)
    second = queries.inbox(session, **wanted, after=first.next)
    assert [row.subject for row in (*first.rows, *second.rows)] == ["c", "b", "a"]
    assert second.next is None
    assert [row.subject for row in queries.inbox(session, **wanted, search_subjects=["b"], process="p").rows] == ["b"]


def test_what_is_stored_may_speak_to_the_same_instance(session):
    body = TIMED.replace(
        '<timer id="t1d"><timeDuration>P2D</timeDuration></timer>', '<message id="md" messageRef="msg"/>'
    )
    walks.install(session, {"p.bpmn": walks.diagram(body, more='<bpmn:message id="msg" name="payment"/>')})
    number = engine.start(session, "p", subject="7", values={}, actor=KS, now=NOW)

    def store(inner):
        assert engine.deliver(inner, "payment", subject="7", payload={"n": 1}, now=NOW)
        engine.note(inner, number, actor=KS, now=NOW, kind="note", name="Vermerk", detail={})

    engine.complete(session, only(session).id, actor=KS, values={}, now=NOW, store=store)
    assert elements(session) == ["n"]
    assert history.verify(session, number)
