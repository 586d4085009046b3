"""What several processes that complete tasks at once lock: looked at in pg_locks while they work.

Run by hand: python tests/benchmarks/locks.py [--seconds 20] [--processes 6]; prints JSON. First each process
completes tasks of cases of its own, then all of them those of the same cases, so that they meet; another session looks
at all locks as often as it can. A lock across cases would show as an advisory lock, as a lock on a table that keeps
writers of other cases out, or as a wait between processes whose cases differ. The exit code says whether one was seen.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import psycopg
from sqlalchemy import text

from tests import factories
from tests.benchmarks import engine as house
from tests.benchmarks import scaling
from tests.workflows import walks
from workflows import database, engine, errors

CASES = 40
WHO = factories.actor("KS", id=1, name="Kim Kunde")
# Readers and writers of rows take these on tables; none of them keeps another writer of rows out.
HARMLESS = {"AccessShareLock", "RowShareLock", "RowExclusiveLock"}
LOOK = """
SELECT l.pid, l.locktype, l.mode, l.granted, c.relname
FROM pg_locks l LEFT JOIN pg_class c ON c.oid = l.relation JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.pid <> pg_backend_pid() AND a.backend_type = 'client backend' AND a.datname = current_database()
"""


def work(url, instances, until, done):
    """Completes whatever task is open in cases picked at random; who loses a race goes on."""
    sessions = database.sessions(database.engine_for(url), factories.environment())
    chance, completed, late = random.Random(), 0, 0
    while time.time() < until:
        instance = chance.choice(instances)
        try:
            with sessions.begin() as session:
                query = text("SELECT id FROM workflow_task WHERE instance_id = :id")
                task = session.execute(query, {"id": instance}).scalar()
                if task is not None:
                    engine.complete(session, task, actor=WHO, values=scaling.GIVEN, now=walks.NOW)
                    completed += 1
        except errors.WorkflowError:
            late += 1
    done.put((completed, late))


class Looker:
    """Sums up what was seen."""

    def __init__(self):
        self.looks, self.most = 0, 0
        self.kinds, self.modes, self.waits, self.across = Counter(), Counter(), Counter(), Counter()

    def look(self, connection):
        rows = connection.execute(LOOK).fetchall()
        self.looks += 1
        self.most = max(self.most, len({row[0] for row in rows}))
        for _, kind, mode, granted, table in rows:
            self.kinds[f"{kind} {mode}"] += 1
            if kind == "advisory":
                self.across["advisory"] += 1
            if kind == "relation" and mode not in HARMLESS:
                self.across[f"{mode} on {table}"] += 1
            # A file that grows by a page is waited for by whoever wants to write there; no case is behind that.
            if not granted and kind != "extend":
                # A wait for a row shows as one for the transaction that holds it, or for the row itself.
                self.waits[f"{kind} {table or ''}".strip()] += 1
                if kind not in {"transactionid", "tuple"} or table not in {None, "workflow_instance"}:
                    self.across[f"waits for {kind} {table or ''}"] += 1


def apart(url, instances, seconds, processes):
    """Each process has cases of its own: nobody may ever wait for anybody."""
    parts = [instances[number::processes] for number in range(processes)]
    return _run(url, parts, seconds)


def together(url, instances, seconds, processes):
    """All processes share all cases: waits are for the case, and for nothing else."""
    return _run(url, [instances] * processes, seconds)


def _run(url, parts, seconds):
    done, looker, until = multiprocessing.Queue(), Looker(), time.time() + seconds
    running = [multiprocessing.Process(target=work, args=(url, part, until, done)) for part in parts]
    for process in running:
        process.start()
    with psycopg.connect(url, autocommit=True) as connection:
        while time.time() < until:
            looker.look(connection)
            time.sleep(0.002)
    totals = [done.get() for _ in running]
    for process in running:
        process.join()
    return {
        "completions": sum(completed for completed, _ in totals),
        "too_late": sum(late for _, late in totals),
        "looks": looker.looks,
        "most_at_once": looker.most,
        "locks_seen": dict(looker.kinds.most_common()),
        "waits_seen": dict(looker.waits),
        "across_cases": dict(looker.across),
    }


def main():
    """Prints the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=20)
    arguments.add_argument("--processes", type=int, default=6)
    chosen = arguments.parse_args()
    with house.server() as url:
        sessions = house.prepare(url)
        instances = scaling.begin(sessions, CASES)
        figures = {
            "own cases": apart(url, instances, chosen.seconds, chosen.processes),
            "shared cases": together(url, instances[:4], chosen.seconds, chosen.processes),
        }
        sessions.kw["bind"].dispose()
    print(json.dumps(figures, indent=1))
    sys.exit(bool(figures["own cases"]["waits_seen"] or any(part["across_cases"] for part in figures.values())))


if __name__ == "__main__":
    main()
