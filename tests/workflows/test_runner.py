"""Jobs and the sweep: what a worker does, and what is left when it dies."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from tests import factories
from tests.workflows import test_engine as cases
from tests.workflows import walks
from workflows import engine, handlers, jobs, queries, runner
from workflows.models import Task

NOW = walks.NOW
KS = cases.KS


@pytest.fixture
def environment():
    return factories.environment(cases.registered(lambda call: {"total": call.inputs["x"] * 2}, handlers.Mode.OUTSIDE))


@pytest.fixture
def app(database_url, committed):
    return runner.build(database_url, committed, lambda _: NOW)


def work_off(app):
    """Does what a worker does, in a thread of its own: a browser test before may have left a loop in this one."""

    def work():
        with app.open():
            app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="successful")

    with ThreadPoolExecutor(max_workers=1) as threads:
        threads.submit(work).result()


def left(session):
    return session.execute(
        text("SELECT count(*) FROM procrastinate_jobs WHERE task_name <> 'workflows.rescue'")
    ).scalar()


def test_a_worker_makes_the_outside_call_and_the_case_goes_on(app, committed):
    with committed.begin() as session:
        cases.begin(session, cases.SERVING, {})
        engine.complete(session, cases.only(session).id, actor=KS, values={"x": 4, "y": 0}, now=NOW)
    work_off(app)
    with committed() as session:
        assert queries.values(session, cases.only(session).id)["total"] == 8
        assert left(session) == 0


def test_a_rolled_back_act_leaves_no_job(committed):
    with committed() as session:
        cases.begin(session, cases.SERVING, {})
        engine.complete(session, cases.only(session).id, actor=KS, values={"x": 4, "y": 0}, now=NOW)
        assert left(session) == 1
        session.rollback()
        assert left(session) == 0


def test_a_signal_reaches_all_that_wait_for_it(app, committed):
    body = cases.LISTENING.replace('<message id="md" messageRef="msg"/>', '<signal id="sd" signalRef="sig"/>')
    with committed.begin() as session:
        walks.install(session, {"p.bpmn": walks.diagram(body, more='<bpmn:signal id="sig" name="closed"/>')})
        for subject in "ab":
            engine.start(session, "p", subject=subject, values={}, actor=KS, now=NOW)
        assert engine.signal(session, "closed", payload={"why": "x"}) == 2
    work_off(app)
    with committed() as session:
        assert cases.elements(session) == ["b", "b"]


def test_jobs_of_a_dead_worker_are_due_again(addresses, committed):
    with committed.begin() as session:
        number = jobs.enqueue(session, jobs.WAKE, instance_id=1)
    with psycopg.connect(addresses.owner, autocommit=True) as dead:
        (worker,) = dead.execute("SELECT procrastinate_register_worker_v1()").fetchone()[:1]
        worker = worker[0] if isinstance(worker, tuple) else worker
        dead.execute("SELECT procrastinate_fetch_job_v2(NULL, %s)", (worker,))
        dead.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
        assert dead.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", (number,)).fetchone()[0] == "doing"
        assert runner.rescue(addresses.owner, seconds=90) == 0
        assert runner.rescue(addresses.owner, seconds=30) == 1
        assert runner.rescue(addresses.owner) == 0
        assert dead.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", (number,)).fetchone()[0] == "todo"


def test_several_sweepers_fire_each_timer_once(committed):
    with committed.begin() as session:
        cases.deploy(session, cases.TIMED)
        for subject in range(40):
            engine.start(session, "p", subject=str(subject), values={}, actor=KS, now=NOW)
    swept = []

    def sweep():
        swept.append(runner.sweep(committed, lambda _: NOW + timedelta(3), limit=50))

    threads = [threading.Thread(target=sweep) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    swept.append(runner.sweep(committed, lambda _: NOW + timedelta(3), limit=50))
    assert sum(swept) == 40
    with committed() as session:
        assert cases.elements(session) == ["a"] * 40 + ["n"] * 40
        assert not queries.incidents(session)  # who came second has found nothing to do, and no trouble


def test_a_process_that_dies_before_its_commit_leaves_everything_as_it_was(committed):
    with committed.begin() as session:
        cases.begin(session)
        number = cases.only(session).id
    session = committed()
    engine.complete(session, number, actor=KS, values={"x": 1}, now=NOW)
    # What the server sees of a kill: the connection ends without a commit.
    session.connection().connection.driver_connection.close()
    with pytest.raises(OperationalError):
        session.commit()
    session.close()
    with committed.begin() as session:
        assert session.execute(select(Task.id)).scalar_one() == number
        engine.complete(session, number, actor=KS, values={"x": 2}, now=NOW)
        assert queries.values(session, cases.only(session).id)["x"] == 2
