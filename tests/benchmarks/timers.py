"""100,000 timers due at once: how fast one and two sweepers work them off, and what one look for due timers costs when
a million cases wait.

Run by hand: python tests/benchmarks/timers.py [--due 100000] [--waiting 1000000] [--seconds 20]; prints JSON, beside
it the raw rate of four statements in the same run. DATABASE_URL names a server, else an embedded one is started.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from sqlalchemy import text

from tests import factories
from tests.benchmarks import engine as house
from tests.workflows import walks
from workflows import database, engine, runner

WHO = factories.actor("KS", id=1, name="Kim Kunde")
WAITS = """<start id="s"/><x id="m"/><u id="talk" name="Gespräch führen" d:role="KS"/><b id="late" attachedToRef="talk">
<timer id="t"><timeDuration>P3D</timeDuration></timer></b><u id="more" name="Nachfragen" d:role="KS"/><end id="e"/>
<f a="s" b="m"/><f a="m" b="talk"/><f a="talk" b="e"/><f a="late" b="more"/><f a="more" b="m"/>"""
COPIES = """
WITH source AS (SELECT * FROM workflow_instance WHERE id = :source), made AS (
    INSERT INTO workflow_instance (definition_id, subject, status, document, document_version, started_at)
    SELECT definition_id, number::text, status, document, document_version, started_at
    FROM source, generate_series(1, :count) AS number RETURNING id
), tasks AS (
    INSERT INTO workflow_task (instance_id, key, subject, process, element, name, role, created_at, changed_at)
    SELECT made.id, key, made.id::text, process, element, name, role, created_at, changed_at
    FROM made, workflow_task AS task WHERE task.instance_id = :source
)
INSERT INTO workflow_waiting (instance_id, key, element, kind, name, correlation, due_at)
SELECT made.id, key, element, kind, name, correlation, due_at + make_interval(days => :days)
FROM made, workflow_waiting AS wait WHERE wait.instance_id = :source
"""


def fill(sessions, due, waiting):
    """So many cases whose timer is due, and so many that wait for a later day."""
    with sessions.begin() as session:
        walks.install(session, {"p.bpmn": walks.diagram(WAITS)})
        source = engine.start(session, "p", subject="0", values={}, actor=WHO, now=walks.NOW)
    for count, days in ((due, 0), (waiting, 300)):
        with sessions.begin() as session:
            session.execute(text(COPIES), {"source": source, "count": count, "days": days})
    with sessions.kw["bind"].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def work(url, seconds, done):
    """Sweeps for so long."""
    sessions = database.sessions(database.engine_for(url), factories.environment())
    end = time.perf_counter() + seconds
    number = 0
    while time.perf_counter() < end and (swept := runner.sweep(sessions, due_now, limit=50)):
        number += swept
    done.put(number)


def due_now(_session):
    """The day on which all the timers are due."""
    return walks.NOW + timedelta(4)


def nothing_due(_session):
    """A day on which none is."""
    return walks.NOW + timedelta(1)


def rate(url, seconds, workers):
    """Instances a second of so many sweepers in processes of their own."""
    done = multiprocessing.Queue()
    processes = [multiprocessing.Process(target=work, args=(url, seconds, done)) for _ in range(workers)]
    for process in processes:
        process.start()
    total = sum(done.get() for _ in processes)
    for process in processes:
        process.join()
    return round(total / seconds, 1)


def look(sessions, clock):
    """Milliseconds of one sweep that finds nothing to do."""
    seconds = []
    for _ in range(200):
        at = time.perf_counter()
        runner.sweep(sessions, clock, limit=1)
        seconds.append(time.perf_counter() - at)
    return round(statistics.median(seconds) * 1000, 2)


def main():
    """Prints the figures."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--due", type=int, default=100_000)
    arguments.add_argument("--waiting", type=int, default=1_000_000)
    arguments.add_argument("--seconds", type=float, default=20)
    wanted = arguments.parse_args()
    with house.server() as url:
        sessions = house.prepare(url)
        fill(sessions, wanted.due, wanted.waiting)
        figures = {
            "waiting": wanted.waiting,
            "due": wanted.due,
            "look_with_nothing_due_ms": look(sessions, nothing_due),
            "one_sweeper_per_second": rate(url, wanted.seconds, 1),
            "two_sweepers_per_second": rate(url, wanted.seconds, 2),
        }
        with sessions() as session:
            numbers = list(session.execute(text("SELECT id FROM workflow_instance ORDER BY id LIMIT 500")).scalars())
            plan = session.execute(text(f"EXPLAIN {runner.DUE.text}"), {"now": walks.NOW}).scalars().all()
        figures |= {"raw_per_second": house.raw(sessions, 1000, numbers), "plan_of_a_look": plan}
        sessions.kw["bind"].dispose()
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
