"""How the engine grows: with processes that work at once, with the length of a case's history, with the size of the
diagram.

Run by hand: python tests/benchmarks/scaling.py [--seconds 2] [--rounds 9]; prints JSON. All processes meet at a barrier
when they are warm, and only what is committed within one window of the wall clock counts, in which all of them work
from before its beginning to after its end; the raw rate of the four statements is taken in just the same way, by turns,
every other round in the opposite order, so that a machine that gets slower or faster favours nobody. The locks are
looked at in each window. DATABASE_URL names a server, else an embedded one is started.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import psycopg
from sqlalchemy import text

from tests import factories
from tests.benchmarks import engine as house
from tests.benchmarks import locks
from tests.workflows import walks
from workflows import database, engine

WHO = factories.actor("KS", id=1, name="Kim Kunde")
CASES = 200
GIVEN = {"go": True}
PROCESSES = (1, 2, 4)
# Seconds: to warm up, at either end of the window, between two looks at the locks.
WARM, MARGIN, LOOK_EVERY = 1.0, 0.3, 0.05


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


def completions(sessions, instances, _run):
    """Endless completions round the cases, each committed."""
    with sessions() as session:
        query = text("SELECT instance_id, id FROM workflow_task WHERE instance_id = ANY(:ids)")
        open_ = dict(session.execute(query, {"ids": instances}).all())
    for instance in itertools.cycle(instances):
        with sessions.begin() as session:
            done = engine.complete(session, open_[instance], actor=WHO, values=GIVEN, now=walks.NOW)
        open_[instance] = done.next_tasks[0]
        yield


def raw_acts(sessions, instances, run):
    """Endless rounds of the four statements, each committed."""
    with sessions() as session:
        document = session.execute(text("SELECT document FROM workflow_instance LIMIT 1")).scalar_one()
    connection = sessions.kw["bind"].raw_connection()
    cursor = connection.cursor()
    # A number is used once in a case, whichever run it is.
    for number, instance in enumerate(itertools.cycle(instances), start=run * 1_000_000):
        house.raw_act(cursor, document, instance, number)
        connection.commit()
        yield


def worker(act, url, instances, run, *, barrier, begun, seconds, done):
    """One process of several: warms up, meets the others, works through the window; how many it did within."""
    sessions = database.sessions(database.engine_for(url), factories.environment())
    acts = act(sessions, instances, run)
    warm = time.monotonic() + WARM
    while time.monotonic() < warm:
        next(acts)
    house.settle()
    if barrier.wait() == 0:
        # One clock for all: it counts from the start of the machine.
        begun.value = time.monotonic() + MARGIN
    barrier.wait()
    opens, number = begun.value, 0
    closes = opens + seconds
    while (at := time.monotonic()) < closes + MARGIN:
        next(acts)
        number += opens <= at and time.monotonic() <= closes
    done.put(number)


def together(act, url, instances, run, *, seconds, processes):
    """The rate of so many processes in one window, each with cases of its own, and the locks that were seen in it."""
    done, begun = multiprocessing.Queue(), multiprocessing.Value("d", 0.0)
    barrier = multiprocessing.Barrier(processes + 1)
    given = {"barrier": barrier, "begun": begun, "seconds": seconds, "done": done}
    parts = [instances[number::processes] for number in range(processes)]
    running = [multiprocessing.Process(target=worker, args=(act, url, part, run), kwargs=given) for part in parts]
    for process in running:
        process.start()
    looker = locks.Looker()
    with psycopg.connect(url, autocommit=True) as connection:
        if barrier.wait() == 0:
            begun.value = time.monotonic() + MARGIN
        barrier.wait()
        while (at := time.monotonic()) < begun.value + seconds:
            if at >= begun.value:
                looker.look(connection)
            time.sleep(LOOK_EVERY)
    total = sum(done.get() for _ in running)
    for process in running:
        process.join()
    return total / seconds, looker


def by_processes(seconds, rounds):
    """Completions a second of one, two and four processes, the raw rate beside, and what they locked."""
    found = {processes: [] for processes in PROCESSES}
    with house.server() as url:
        sessions = house.prepare(url)
        instances, spare = begin(sessions, CASES), begin(sessions, CASES)
        run = itertools.count(1)
        for number in range(rounds):
            for processes in PROCESSES if number % 2 == 0 else PROCESSES[::-1]:
                given = {"seconds": seconds, "processes": processes}
                rate, looker = together(completions, url, instances, next(run), **given)
                raw, _ = together(raw_acts, url, spare, next(run), **given)
                found[processes].append((rate, raw, looker))
        sessions.kw["bind"].dispose()
    return {processes: _summed(measured) | _gained(found, processes) for processes, measured in found.items()}


def _gained(found, processes):
    """What these processes did beside half as many in the same round: by the engine, and raw."""
    if processes // 2 not in found:
        return {}
    pairs = list(zip(found[processes], found[processes // 2], strict=True))
    return {
        "gain": round(statistics.median(more[0] / fewer[0] for more, fewer in pairs), 2),
        "raw_gain": round(statistics.median(more[1] / fewer[1] for more, fewer in pairs), 2),
    }


def _summed(measured):
    rates = {"per_second": [rate for rate, _, _ in measured], "raw_per_second": [raw for _, raw, _ in measured]}
    shares = [rate / raw for rate, raw, _ in measured]
    seen = {name: sum((getattr(looker, name) for *_, looker in measured), Counter()) for name in ("waits", "across")}
    return {
        **{name: round(statistics.median(values), 1) for name, values in rates.items()},
        "share_of_raw": round(statistics.median(shares), 2),
        "rounds": [[round(rate), round(raw)] for rate, raw, _ in measured],
        "looks_at_locks": sum(looker.looks for *_, looker in measured),
        "waits_seen": dict(seen["waits"]),
        "locks_across_cases": dict(seen["across"]),
    }


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
    arguments.add_argument("--seconds", type=float, default=2)
    arguments.add_argument("--rounds", type=int, default=9)
    wanted = arguments.parse_args()
    seconds = wanted.seconds
    figures = {
        "processes": by_processes(seconds, wanted.rounds),
        "median_ms_by_entries_of_history": by_history(seconds),
        "median_ms_by_tasks_in_the_diagram": by_diagram(seconds),
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
