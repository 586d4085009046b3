"""One case through 5,000 follow-up rounds: what a step costs at the end and at the beginning, and its document.

Run by hand: python tests/benchmarks/long_life.py [--rounds 5000]; prints JSON. DATABASE_URL names a server, else an
embedded one is started for the run.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from sqlalchemy import text

from tests import factories
from tests.benchmarks import engine as house
from tests.workflows import test_compaction, walks
from workflows import engine

WHO = factories.actor("KS", "FM", "VM", id=1, name="Kim Kunde")
# One step for a person, and the same beside a second token that waits for a timer again and again.
SHAPES = {"one token": house.CIRCLE, "two tokens": test_compaction.CARE}
GIVEN = {"go": True, "go_on": True}
WINDOW = 200


def live(sessions, rounds):
    """The seconds of each completion and the length of the document after it."""
    seconds, sizes = [], []
    now = walks.NOW
    with sessions.begin() as session:
        instance = engine.start(session, "p", subject="1", values=GIVEN, actor=WHO, now=now)
    for round_ in range(rounds):
        if round_ % 30 == 0:
            now += timedelta(30)
            with sessions.begin() as session:
                engine.wake(session, instance, now=now)
        with sessions() as session:
            query = text("SELECT id FROM workflow_task WHERE instance_id = :id ORDER BY id LIMIT 1")
            task = session.execute(query, {"id": instance}).scalar_one()
        at = time.perf_counter()
        with sessions.begin() as session:
            engine.complete(session, task, actor=WHO, values=GIVEN | {"round": round_}, now=now)
        seconds.append(time.perf_counter() - at)
        with sessions() as session:
            query = text("SELECT length(document) FROM workflow_instance WHERE id = :id")
            sizes.append(session.execute(query, {"id": instance}).scalar_one())
    return seconds, sizes


def main():
    """Prints the figures."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rounds", type=int, default=5000)
    rounds = arguments.parse_args().rounds
    figures = {}
    for name, shape in SHAPES.items():
        with house.server() as url:
            sessions = house.prepare(url)
            with sessions.begin() as session:
                closing = {"closing.bpmn": walks.diagram(test_compaction.CLOSING, "closing")}
                walks.install(session, {"p.bpmn": walks.diagram(shape)} | closing)
            live(sessions, 50)
            seconds, sizes = live(sessions, rounds)
            sessions.kw["bind"].dispose()
        first, last = (statistics.median(part) * 1000 for part in (seconds[:WINDOW], seconds[-WINDOW:]))
        figures[name] = {
            "rounds": rounds,
            "first_ms": round(first, 2),
            "last_ms": round(last, 2),
            "ratio": round(last / first, 2),
            "document_bytes_first": sizes[0],
            "document_bytes_most": max(sizes),
        }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
