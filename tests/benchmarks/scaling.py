"""How the engine grows: with processes that work at once, with the length of a case's history, with the size of the
diagram.

Run by hand: python tests/benchmarks/scaling.py [--seconds 8]; prints JSON, beside each rate the raw rate of four
statements by as many processes in the same run. DATABASE_URL names a server, else an embedded one is started.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from sqlalchemy import text

from tests import factories
from tests.benchmarks import engine as house
from tests.workflows import walks
from workflows import database, engine

WHO = factories.actor("KS", id=1, name="Kim Kunde")
CASES = 200
GIVEN = {"go": True}


def chain(size):
    """A circle of so many tasks."""
    names = [f"t{number}" for number in range(size)]
    flows = "".join(f'<f a="{a}" b="{b}"/>' for a, b in itertools.pairwise(names))
    drawn = "".join(f'<u id="{name}" name="Schritt {name}" d:role="KS" d:deadline="tage(3)"/>' for name in names)
    return f"""<start id="s"/><x id="m"/>{drawn}<x id="q"/><end id="e"/><f a="s" b="m"/><f a="m" b="t0"/>{flows}
<f a="{names[-1]}" b="q"/><f a="q" b="m" if="go"/><f a="q" b="e" if="not go"/>"""


def begin(sessions, count):
    """So many cases; their instances."""
    made = []
    for number in range(count):
        with sessions.begin() as session:
            made.append(engine.start(session, "p", subject=str(number), values=GIVEN, actor=WHO, now=walks.NOW))
    return made


def complete(sessions, instances, seconds):
    """Completes round the cases for so long; how many, and how many seconds each took."""
    with sessions() as session:
        query = text("SELECT instance_id, id FROM workflow_task WHERE instance_id = ANY(:ids)")
        open_ = dict(session.execute(query, {"ids": instances}).all())
    took, number, end = [], 0, time.perf_counter() + seconds
    while (at := time.perf_counter()) < end:
        instance = instances[number % len(instances)]
        with sessions.begin() as session:
            done = engine.complete(session, open_[instance], actor=WHO, values=GIVEN, now=walks.NOW)
        open_[instance] = done.next_tasks[0]
        took.append(time.perf_counter() - at)
        number += 1
    return took


def worker(url, instances, seconds, done):
    """One process of several."""
    sessions = database.sessions(database.engine_for(url), factories.environment())
    complete(sessions, instances[:5], 0.5)
    done.put(len(complete(sessions, instances, seconds)) / seconds)


def raw_worker(url, instances, seconds, done):
    """The raw floor in one process of several."""
    sessions = database.sessions(database.engine_for(url), factories.environment())
    del seconds
    done.put(house.raw(sessions, 1500, instances))


def together(target, url, instances, *, seconds, processes):
    """The rate of so many processes, each with cases of its own."""
    done = multiprocessing.Queue()
    parts = [instances[number::processes] for number in range(processes)]
    running = [multiprocessing.Process(target=target, args=(url, part, seconds, done)) for part in parts]
    for process in running:
        process.start()
    total = sum(done.get() for _ in running)
    for process in running:
        process.join()
    return round(total, 1)


def by_processes(seconds):
    """Completions a second of one, two and four processes."""
    figures = {}
    with house.server() as url:
        sessions = house.prepare(url)
        instances = begin(sessions, CASES)
        for processes in (1, 2, 4):
            figures[processes] = {"per_second": together(worker, url, instances, seconds=seconds, processes=processes)}
        for processes in (1, 2, 4):
            with sessions.begin() as session:
                # The raw rounds write lines of the same numbers.
                session.execute(text("DELETE FROM workflow_entry WHERE kind = 'raw'"))
            figures[processes]["raw_per_second"] = together(
                raw_worker, url, instances, seconds=seconds, processes=processes
            )
        sessions.kw["bind"].dispose()
    return figures


def by_history(seconds):
    """Milliseconds of a completion in cases with few and with many entries of history."""
    figures = {}
    with house.server() as url:
        sessions = house.prepare(url)
        instances = begin(sessions, 1)
        for entries in (10, 1_000, 10_000):
            with sessions() as session:
                known = session.execute(text("SELECT count(*) FROM workflow_entry")).scalar_one()
            while known < entries:
                known += len(complete(sessions, instances, 1))
            took = complete(sessions, instances, min(seconds, 3))
            figures[known] = round(statistics.median(took) * 1000, 2)
        sessions.kw["bind"].dispose()
    return figures


def by_diagram(seconds):
    """Milliseconds of a completion in diagrams of 5, 50 and 200 tasks."""
    figures = {}
    for size in (5, 50, 200):
        with house.server() as url:
            sessions = house.prepare(url)
            with sessions.begin() as session:
                walks.install(session, {"p.bpmn": walks.diagram(chain(size))})
            instances = begin(sessions, 20)
            complete(sessions, instances, 0.5)
            took = complete(sessions, instances, min(seconds, 3))
            figures[size] = round(statistics.median(took) * 1000, 2)
            sessions.kw["bind"].dispose()
    return figures


def main():
    """Prints the figures."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seconds", type=float, default=8)
    seconds = arguments.parse_args().seconds
    figures = {
        "processes": by_processes(seconds),
        "median_ms_by_entries_of_history": by_history(seconds),
        "median_ms_by_tasks_in_the_diagram": by_diagram(seconds),
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
