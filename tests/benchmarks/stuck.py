"""The stuck desk over many open cases: the first full computation, the page and its filters, what an act costs.

    python tests/benchmarks/stuck.py [--sizes 100000,1000000] [--rounds 20]

The shipped office, some cases that came in as in life, and as many rows of the same kind as make up the number of open
cases, one task to a case; the processes of these are not there. Prints one JSON object: rows by cause, seconds of the
computation, milliseconds (median, 95th percentile) of the page on the server under each filter, of bringing one case up
to date after an act, and how each statement of the page reaches its rows.
"""

from __future__ import annotations

import argparse
import functools
import json
import statistics
import sys
import time
from pathlib import Path

import psycopg
from sqlalchemy import select

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import http_completion as http
import inbox
import inbox_data

from app import bootstrap, factory
from app.cli import office as commands
from app.cli import training
from app.meetings import series
from app.meetings.models import Meeting
from app.office import clock, dates
from app.supervision import service
from workflows.handlers import Actor

CASES = 50
LEADER = "leitung.aa"
PAGES = (
    "", "level=red", "level=grey", "agency=AA", "agency=STADT", "role=FB5", "cause=partner", "process=routing",
    "process=closing", "days=30", "view=grouped", "cause=incident",
)  # fmt: skip
WARM = 8
# As many steps that have ended in the last ninety days as are running.
ENDED = """
INSERT INTO supervision_step (case_id, step, ref, unit, role, since, amber_at, red_at, next_at, ended_at, gross, net)
SELECT case_id, step, -id, unit, role, since, amber_at, red_at, next_at,
    (SELECT not_before FROM office_clock) - (id % 80) * interval '1 day', id % 17, id % 17 / 2
FROM supervision_step WHERE ended_at IS NULL AND step <> 'plan_review'
"""


def measured(act, rounds: int) -> dict[str, float]:
    """Median and 95th percentile of a call in milliseconds."""
    found = []
    for turn in range(rounds + WARM):
        began = time.perf_counter()
        act()
        if turn >= WARM:
            found.append((time.perf_counter() - began) * 1000)
    return {"median": round(statistics.median(found), 1), "p95": round(statistics.quantiles(found, n=20)[-1], 1)}


def computed(office) -> dict[str, float]:
    """All findings anew."""
    began = time.perf_counter()
    with office.sessions.begin() as session:
        made = service.compute(session)
    return {"findings": made, "seconds": round(time.perf_counter() - began, 1)}


def refreshed(office, rounds: int) -> dict[str, float]:
    """One case after an act, a different one each time."""
    numbers = iter(range(1_000_001, 2_000_000))
    with office.sessions() as session:
        cost = measured(lambda: service.refresh(session, [next(numbers)]), rounds)
        session.rollback()
    return cost


def of_size(connection: psycopg.Connection, office, client, *, rounds: int) -> dict[str, object]:
    """All figures at the present number of cases."""
    result: dict[str, object] = {"computation": computed(office)}
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE supervision_finding, supervision_step")
    connection.autocommit = False
    result["open_cases"] = connection.execute("SELECT count(*) FROM case_file WHERE status = 'open'").fetchone()[0]
    now = "(SELECT not_before FROM office_clock)"
    result["stuck_by_cause"] = dict(
        connection.execute(
            f"SELECT cause, count(*) FROM supervision_finding WHERE at <= {now} AND until > {now} GROUP BY cause"
        ).fetchall()
    )
    connection.commit()
    result["page_ms"] = {
        query: measured(lambda query=query: inbox.asked(client, f"/stuck?{query}"), rounds) for query in PAGES
    }
    connection.execute(ENDED)
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE supervision_step")
    connection.autocommit = False
    result["ended_steps"] = connection.execute(
        "SELECT count(*) FROM supervision_step WHERE ended_at IS NOT NULL"
    ).fetchone()[0]
    connection.commit()
    result["targets_ms"] = {
        query: measured(lambda query=query: inbox.asked(client, f"/supervision/targets?{query}"), rounds)
        for query in ("", "step=route", "step=route&colour=red", "step=partner&colour=green")
    }
    result["foresight_ms"] = {
        query: measured(lambda query=query: inbox.asked(client, f"/supervision/foresight?{query}"), rounds)
        for query in ("", "view=month", "view=pace")
    }
    result["workload_ms"] = measured(lambda: inbox.asked(client, "/supervision/workload"), rounds)
    # The agenda is made of all of these at once.
    result["agenda_ms"] = measured(lambda: inbox.asked(client, f"/meetings/{meeting(office)}"), rounds)
    per_process = "SELECT process, count(*) FROM workflow_task GROUP BY process ORDER BY count(*) DESC"
    result["tasks_by_process"] = dict(connection.execute(per_process).fetchall())
    connection.commit()
    result["process_ms"] = {
        name: measured(lambda name=name: inbox.asked(client, f"/supervision/process/{name}"), rounds)
        for name in list(result["tasks_by_process"])[:2]
    }
    result["one_case_ms"] = refreshed(office, rounds)
    return result


@functools.cache
def meeting(office) -> int:
    """A planned meeting of both leaders."""
    with office.sessions.begin() as session:
        now, leader = clock.now(session), Actor(0, "Leitung", frozenset({"LTG_AA"}), "AA")
        wanted = series.Wanted("steering", "Steuerung", 4, dates.day_of(now), "", "", ("LTG_STADT", "LTG_AA"))
        made = series.start(session, wanted, actor=leader, now=now)
        return session.scalar(select(Meeting.id).where(Meeting.series_id == made))


def plans(connection: psycopg.Connection, statements, client) -> dict[str, object]:
    """How the statements of each page reach their rows."""
    return {
        query: inbox.explained(connection, statements.of(lambda query=query: inbox.asked(client, f"/stuck?{query}")))
        for query in PAGES
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100000,1000000")
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args()
    inbox_data.TASKS_PER_CASE = 1
    with http._server() as (folder, server):
        settings, owner = http.settings_on(folder, server)
        office = bootstrap.office(settings)
        training.prepare(settings, office)
        http.records(CASES, folder / "clients.csv")
        commands.stage(office.sessions, folder / "clients.csv")
        sum(1 for _ in commands.arrive(office.sessions))
        web = factory.create_app(settings, sessions=office.sessions)
        client, statements = inbox.signed_in(web, LEADER), inbox.Statements(office)
        result = {}
        with psycopg.connect(owner) as connection:
            account = connection.execute("SELECT id FROM account WHERE login = %s", (LEADER,)).fetchone()[0]
            for size in map(int, given.sizes.split(",")):
                inbox_data.fill(connection, size, {LEADER: account})
                result[size] = of_size(connection, office, client, rounds=given.rounds)
                result[size]["plans"] = plans(connection, statements, client)
                print(json.dumps(result[size], default=str), file=sys.stderr, flush=True)
        print(json.dumps(result, indent=1, default=str))
        office.close()


if __name__ == "__main__":
    main()
