"""Server time of the inbox page at 1,000, 100,000 and 1,000,000 open tasks, beside one indexed SELECT of the same run.

    python tests/benchmarks/inbox.py [--sizes 1000,100000,1000000] [--rounds 15]

The shipped office, a few hundred cases, and open tasks of all roles loaded with COPY. The page is asked for as somebody
of reception sees it, in each view and order. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import statistics
import sys
import time
import uuid
from dataclasses import replace
from pathlib import Path

import psycopg
from sqlalchemy import event

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import http_completion as http

from app import bootstrap, config, factory
from app.cli import office as commands
from app.cli import training
from workflows import embedded

CASES = 200
ROLES = ("KS", "BFK", "FM", "VM", "FB5", "LTG_STADT", "LTG_AA")
VIEWS = ("mine", "role", "unassigned", "overdue", "held", "waiting_partner", "done")
ORDERS = ("due", "priority", "created", "changed", "name")
COLUMNS = (
    "instance_id, key, subject, process, element, name, role, form, waits_for, priority, due_at, held_until, "
    "created_at, changed_at, assignee_id, assignee"
)
RAW = "SELECT * FROM workflow_task WHERE role = 'KS' ORDER BY due_at, id LIMIT 31"


def fill(connection: psycopg.Connection, wanted: int, account: int) -> None:
    """Adds open tasks until there are so many: every twentieth is put aside, every tenth waits, every fiftieth mine."""
    cases = connection.execute(
        "SELECT id, subject FROM workflow_instance WHERE status = 'running' ORDER BY id"
    ).fetchall()
    have = connection.execute("SELECT count(*) FROM workflow_task").fetchone()[0]
    base = dt.datetime(2004, 1, 5, 8, tzinfo=dt.UTC)
    with connection.cursor().copy(f"COPY workflow_task ({COLUMNS}) FROM STDIN") as copy:
        for index in range(have, wanted):
            instance, subject = cases[index % len(cases)]
            at = base + dt.timedelta(seconds=index % 500_000)
            copy.write_row((
                instance, uuid.uuid4(), subject, "routing", "routing_confirm", f"Aufgabe {index % 97}",
                ROLES[index % len(ROLES)], "route_decision", "partner" if index % 10 == 0 else "own", index % 100,
                at + dt.timedelta(days=index % 40 - 5), at + dt.timedelta(days=900) if index % 20 == 0 else None,
                at, at, account if index % 50 == 0 else None, "Eine Person" if index % 50 == 0 else None,
            ))  # fmt: skip
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE workflow_task")
    connection.autocommit = False


def middle(act, rounds: int) -> float:
    """The median of some calls in milliseconds, after three that warm up."""
    spent = []
    for turn in range(rounds + 3):
        began = time.perf_counter()
        act()
        if turn > 2:
            spent.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(spent), 2)


def pages(client, rounds: int) -> dict[str, float]:
    """Server time of each view in its usual order, and of the role's view in every order."""
    places = {f"view {view}": f"/inbox?view={view}" for view in VIEWS}
    places |= {f"order {order}": f"/inbox?view=role&order={order}" for order in ORDERS}

    def ask(path: str) -> None:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)

    return {name: middle(lambda path=path: ask(path), rounds) for name, path in places.items()}


def explained(office, connection: psycopg.Connection, client) -> list[str]:
    """The first line of each plan of the page's statements on tasks, and every sequential scan of them."""
    found: list[tuple[str, object]] = []
    bind = office.sessions.kw["bind"]

    def note(_connection, _cursor, statement, parameters, *_rest):
        found.append((statement, parameters))

    event.listen(bind, "before_cursor_execute", note)
    for order in ORDERS:
        client.get(f"/inbox?view=role&order={order}")
    event.remove(bind, "before_cursor_execute", note)
    plans = []
    for statement, parameters in found:
        if "FROM workflow_task" in statement:
            lines = [line for (line,) in connection.execute("EXPLAIN " + statement, parameters)]
            plans += [line.strip() for line in lines if re.search(r"(Index|Seq|Bitmap).*Scan.*workflow_task", line)]
    return sorted({re.sub(r"\s+\(cost.*", "", plan) for plan in plans})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,100000,1000000")
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    with http._server() as (folder, server):
        embedded.ensure_database(server, "bench")
        application, owner = server.url("bench", embedded.APPLICATION), server.url("bench", embedded.OWNER)
        settings = replace(config.load({}), database_url=application, owner_url=owner, var=folder, log_level="WARNING")
        settings = config.with_kept_secrets(settings)
        office = bootstrap.office(settings)
        training.prepare(settings, office)
        http.records(CASES, folder / "clients.csv")
        commands.stage(office.sessions, folder / "clients.csv")
        sum(1 for _ in commands.arrive(office.sessions))
        client = factory.create_app(settings, sessions=office.sessions).test_client()
        token = http.token(client.get("/login").text)
        client.post("/login", data={"login": "ks", "password": training.PASSWORD, "csrf_token": token})
        with psycopg.connect(owner) as connection:
            account = connection.execute("SELECT id FROM account WHERE login = 'ks'").fetchone()[0]
            result = {}
            for size in map(int, given.sizes.split(",")):
                fill(connection, size, account)
                raw = middle(lambda: connection.execute(RAW).fetchall(), given.rounds)
                measured = pages(client, given.rounds)
                result[size] = {
                    "page_ms": measured,
                    "slowest_ms": max(measured.values()),
                    "raw_select_ms": raw,
                    "scans": explained(office, connection, client),
                }
        print(json.dumps(result, indent=1))
        office.close()


if __name__ == "__main__":
    main()
