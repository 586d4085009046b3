# ruff: noqa: E501  statements and diagrams read best unbroken
"""Completions and starts through the engine in one process, beside the raw rate of the four statements that a completion needs.

Run by hand: python tests/benchmarks/engine.py [--cases 2000] [--completions 2000]; prints JSON. DATABASE_URL names a server, else an
embedded one is started for the run.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import sys
import tempfile
import time
import uuid
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from procrastinate.schema import SchemaManager
from sqlalchemy import create_engine, event, text

from app import schema
from tests import factories
from tests.workflows import walks
from workflows import database, embedded, engine

NOW = walks.NOW
ROUNDS = 7
WHO = factories.actor("KS", id=1, name="Kim Kunde")
CIRCLE = """<start id="s"/><x id="m"/><u id="talk" name="Gespräch führen" d:role="KS" d:deadline="tage(14)"/><x id="q"/>
<u id="write" name="Vermerk schreiben" d:role="KS" d:deadline="tage(3)"/><end id="e"/><f a="s" b="m"/><f a="m" b="talk"/><f a="talk" b="q"/>
<f a="q" b="write" if="go"/><f a="q" b="e" if="not go"/><f a="write" b="m"/>"""


@contextmanager
def server():
    """The address of a database for this run."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    with tempfile.TemporaryDirectory() as name:
        # Its account must be able to enter the folder; it writes through, as in production.
        Path(name).chmod(0o711)
        with embedded.running(Path(name) / "postgres") as running:
            embedded.ensure_database(running, "benchmark")
            yield running.url("benchmark", embedded.OWNER)


def prepare(url):
    """Tables and the process."""
    owner = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with owner.begin() as connection:
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        schema.METADATA.create_all(connection)
        connection.exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    owner.dispose()
    sessions = database.sessions(database.engine_for(url), factories.environment())
    with sessions.begin() as session:
        walks.install(session, {"p.bpmn": walks.diagram(CIRCLE)})
    return sessions


def wal(session):
    """Where the write-ahead log stands, in bytes."""
    return int(session.execute(text("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")).scalar_one())


def settle():
    """What stands from here on is never garbage, as the web process and the worker say of theirs when they are built."""
    gc.collect()
    gc.freeze()


def measured(sessions, count, act):
    """Rate, statements and log bytes of so many acts, each committed."""
    statements = 0

    def counted(*_):
        nonlocal statements
        statements += 1

    bind = sessions.kw["bind"]
    event.listen(bind, "before_cursor_execute", counted)
    with sessions() as session:
        before = wal(session)
    durations = []
    worked = time.process_time()
    begun = time.perf_counter()
    for number in range(count):
        at = time.perf_counter()
        with sessions.begin() as session:
            act(session, number)
        durations.append(time.perf_counter() - at)
    took = time.perf_counter() - begun
    worked = time.process_time() - worked
    event.remove(bind, "before_cursor_execute", counted)
    with sessions() as session:
        written = wal(session) - before
    return {
        "per_second": round(count / took, 1),
        "median_ms": round(statistics.median(durations) * 1000, 2),
        "p95_ms": round(sorted(durations)[int(count * 0.95)] * 1000, 2),
        "own_cpu_ms": round(worked / count * 1000, 2),
        "statements": round(statements / count, 1),
        "wal_bytes": round(written / count),
    }


def raw_act(cursor, document, instance, sequence):
    """The four statements of a completion: a versioned update of the instance, one task out, one in, one line of history."""
    cursor.execute(
        "UPDATE workflow_instance SET document = %s, revision = revision + 1 WHERE id = %s", (document, instance)
    )
    cursor.execute("DELETE FROM workflow_task WHERE instance_id = %s", (instance,))
    cursor.execute(
        "INSERT INTO workflow_task (instance_id, key, subject, process, element, name, role, created_at, changed_at)"
        " VALUES (%s, %s, '1', 'p', 'talk', 'Gespräch führen', 'KS', now(), now())",
        (instance, uuid.uuid4()),
    )
    cursor.execute(
        "INSERT INTO workflow_entry (instance_id, sequence, at, recorded_at, actor_id, actor, kind, payload_digest, digest)"
        " VALUES (%s, %s, now(), now(), 1, 'Kim Kunde', 'raw', '', '')",
        (instance, sequence),
    )


def raw(sessions, count, numbers, *, after=0):
    """The floor: so many rounds of the four statements, by the plain driver, each committed; the rate."""
    with sessions() as session:
        document = session.execute(text("SELECT document FROM workflow_instance LIMIT 1")).scalar_one()
    connection = sessions.kw["bind"].raw_connection()
    begun = time.perf_counter()
    cursor = connection.cursor()
    for number in range(count):
        raw_act(cursor, document, numbers[number % len(numbers)], 1_000_000 + after + number)
        connection.commit()
    took = time.perf_counter() - begun
    connection.close()
    return round(count / took, 1)


def main():
    """Prints the figures."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--cases", type=int, default=2000)
    arguments.add_argument("--completions", type=int, default=2000)
    wanted = arguments.parse_args()
    with server() as url:
        sessions = prepare(url)
        numbers = []

        def start(session, number):
            given = {"go": True}
            numbers.append(engine.start(session, "p", subject=str(number), values=given, actor=WHO, now=NOW))

        started = measured(sessions, wanted.cases, start)
        with sessions() as session:
            open_ = dict(session.execute(text("SELECT instance_id, id FROM workflow_task")).all())

        def complete(session, number):
            instance = numbers[number * 7 % wanted.cases]
            done = engine.complete(session, open_[instance], actor=WHO, values={"go": True}, now=NOW)
            open_[instance] = done.next_tasks[0]

        with sessions.begin() as session:
            spare = [
                engine.start(session, "p", subject="", values={"go": True}, actor=WHO, now=NOW) for _ in range(200)
            ]
        measured(sessions, 50, complete)
        settle()
        # By turns, so that a busy machine slows both down.
        each = wanted.completions // ROUNDS
        rounds = [
            (measured(sessions, each, complete), raw(sessions, each, spare, after=number * each))
            for number in range(ROUNDS)
        ]
        with sessions() as session:
            size = session.execute(text("SELECT avg(length(document))::int FROM workflow_instance")).scalar_one()
        sessions.kw["bind"].dispose()
    shares = sorted(round(completed["per_second"] / floor, 2) for completed, floor in rounds)
    figures = {
        "start": started,
        "complete": sorted((completed for completed, _ in rounds), key=lambda round_: round_["per_second"])[
            ROUNDS // 2
        ],
        "raw_per_second": statistics.median(floor for _, floor in rounds),
        "share_of_raw": {"median": shares[ROUNDS // 2], "least": shares[0], "most": shares[-1]},
    }
    print(json.dumps(figures | {"document_bytes": size}, indent=1))


if __name__ == "__main__":
    main()
