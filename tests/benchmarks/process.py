"""The process view over many open cases and millions of ended steps: the pages, and what counting costs.

    python tests/benchmarks/process.py [--sizes 1000,100000] [--ended 5000000] [--rounds 20]

The shipped office, some cases that came in as in life, and as many rows of the same kind as make up the number of open
cases, one task to a case, spread over all steps of all processes; the processes of these are not there. Steps that
have ended go the worker's way: rows of the engine, counted and taken away; the last thousandth of them is left to be
counted while pages are read. Prints one JSON object: rows, milliseconds (median, 95th percentile) of each page on the
server, ended steps counted a second, and how each statement reaches its rows.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import http_completion as http
import inbox
import inbox_data
from stuck import LEADER, measured

from app import bootstrap, factory
from app.cli import office as commands
from app.cli import training
from app.supervision import process_rows
from workflows import definitions

CASES = 20
YEARS = "from=2001-01&to=2003-12&compare=before"
PAGES = (
    "process/{0}", "process/{0}?element={1}", "process/{0}/times", "process/{0}/times?from=2003-12&compare=year",
    "process/{0}/times?" + YEARS, "process/{0}/times?agency=AA&element={1}&order=-median", "process/{0}/times.csv",
    "process/all/times", "process/all/times?from=2003-01&to=2003-12&compare=before",
)  # fmt: skip
SPREAD = """
UPDATE workflow_task AS task SET process = step.process, element = step.element, role = step.role
FROM unnest(%(process)s::text[], %(element)s::text[], %(role)s::text[]) WITH ORDINALITY
    AS step (process, element, role, place)
WHERE step.place = 1 + task.id %% %(steps)s
"""
# Five years before the office's clock, lengths from minutes to half a year, one of twenty put aside for a while.
ENDED = """
INSERT INTO workflow_ended (definition_id, process, element, role, created_at, ended_at, rested, withdrawn)
SELECT %(definition)s, step.process, step.element, step.role, made.at - made.length, made.at,
    CASE WHEN n %% 20 = 0 THEN extract(epoch FROM made.length)::int / 3 ELSE 0 END, n %% 50 = 0
FROM generate_series(1, %(number)s) AS n
JOIN unnest(%(process)s::text[], %(element)s::text[], %(role)s::text[]) WITH ORDINALITY
    AS step (process, element, role, place) ON step.place = 1 + n %% %(steps)s
CROSS JOIN LATERAL (SELECT timestamptz '2004-01-05' - random() * interval '1800 days' AS at,
    interval '1 minute' * exp(random() * 12.4) AS length OFFSET n * 0) AS made
"""
BATCH = 200_000


def steps(office) -> tuple[int, dict[str, list[str]]]:
    """The definition of the case and all steps that people do, with who does them."""
    with office.sessions() as session:
        newest = definitions.latest(session, "case")
        known = definitions.specs(session, newest.id).elements.values()
        found = [one for one in known if one.kind in {"userTask", "manualTask"}]
        roles = ["VM" if one.role.startswith("=") or not one.role else one.role for one in found]
        columns = {"process": [one.process for one in found], "element": [one.id for one in found], "role": roles}
        return newest.id, columns


def counted(connection: psycopg.Connection, office, given: dict[str, object], number: int) -> dict[str, float]:
    """So many ended steps, counted as the worker does it; the last thousandth is left."""
    spent = done = 0.0
    for begin in range(0, number, BATCH):
        connection.execute(ENDED, {**given, "number": min(BATCH, number - begin)})
        tidy(connection)
        left = number // 1000 if begin + BATCH >= number else 0
        while connection.execute("SELECT count(*) FROM workflow_ended").fetchone()[0] > left:
            connection.commit()
            began = time.perf_counter()
            with office.sessions.begin() as session:
                done += process_rows.fold(session)
            spent += time.perf_counter() - began
        connection.commit()
    return {"counted": done, "a_second": round(done / spent) if spent else 0}


def tidy(connection: psycopg.Connection) -> None:
    """As autovacuum leaves it."""
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE workflow_task, workflow_ended, supervision_flow")
    connection.autocommit = False


def of_size(connection: psycopg.Connection, client, statements, rounds: int) -> dict[str, object]:
    """All figures at the present number of cases."""
    rows = {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("workflow_task", "workflow_ended", "supervision_flow")
    }
    rows["ended_steps"] = int(
        connection.execute("SELECT coalesce(sum(number), 0) FROM supervision_flow WHERE NOT net").fetchone()[0]
    )
    largest, step = connection.execute(
        "SELECT process, min(element) FROM workflow_task GROUP BY process ORDER BY count(*) DESC LIMIT 1"
    ).fetchone()
    connection.commit()
    pages, plans = {}, {}
    for shape in PAGES:
        path = "/supervision/" + shape.format(largest, step)
        pages[path] = measured(lambda path=path: inbox.asked(client, path), rounds)
        plans[path] = inbox.explained(connection, statements.of(lambda path=path: inbox.asked(client, path)))
        connection.commit()
    return {"rows": rows, "largest_process": largest, "page_ms": pages, "plans": plans}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,100000")
    parser.add_argument("--ended", type=int, default=5_000_000)
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
        definition, columns = steps(office)
        spread = {**columns, "steps": len(columns["element"])}
        with psycopg.connect(owner) as connection:
            account = connection.execute("SELECT id FROM account WHERE login = %s", (LEADER,)).fetchone()[0]
            counting = counted(connection, office, {**spread, "definition": definition}, given.ended)
            result: dict[str, object] = {"counting": counting}
            for size in map(int, given.sizes.split(",")):
                inbox_data.fill(connection, size, {LEADER: account})
                connection.execute(SPREAD, spread)
                tidy(connection)
                result[str(size)] = of_size(connection, client, statements, given.rounds)
                print(json.dumps(result[str(size)], default=str), file=sys.stderr, flush=True)
        print(json.dumps(result, indent=1, default=str))
        office.close()


if __name__ == "__main__":
    main()
