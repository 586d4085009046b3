"""Server time of the inbox page at 1,000, 100,000 and 1,000,000 open tasks, beside its bare statements in the same run.

    python tests/benchmarks/inbox.py [--sizes 1000,100000,1000000] [--rounds 25]

The shipped office, some cases that came in as in life, and as many more of the same kind as the open tasks need, four
tasks to a case. Reception, case management and a leader ask for the page in each view and order, and for the counts as
the page's script does. For each: the median on the clock, the least (what other work on the machine did not disturb),
and the processor's time in the web process alone. Beside it the page's statements, sent bare by the driver, and how
many blocks and rows the server reads for them. Prints one JSON object; ratios compare with the first size.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

import psycopg
from sqlalchemy import event

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import http_completion as http
import inbox_data

from app import bootstrap, factory
from app.cli import office as commands
from app.cli import training

CASES = 50
VIEWS = ("mine", "role", "unassigned", "overdue", "held", "waiting_partner", "done")
ORDERS = ("due", "priority", "created", "changed", "name")
LOGINS = ("ks", "fm", "leitung.stadt")
WARM = 12
# The least that any list of 30 tasks costs.
RAW = "SELECT * FROM workflow_task WHERE role = 'KS' AND NOT aside ORDER BY due_at, id LIMIT 31"


def measured(act, rounds: int) -> dict[str, float]:
    """What a call costs in milliseconds, after some that warm up (so that the driver has prepared its statements)."""
    clock, processor = [], []
    for turn in range(rounds + WARM):
        began, worked = time.perf_counter(), time.process_time()
        act()
        if turn >= WARM:
            clock.append((time.perf_counter() - began) * 1000)
            processor.append((time.process_time() - worked) * 1000)
    return {
        "median": round(statistics.median(clock), 2),
        "least": round(min(clock), 2),
        "cpu": round(statistics.median(processor), 2),
    }


def places(login: str) -> dict[str, str]:
    """What somebody asks for: each view, each order, and the counts by script, changed and unchanged."""
    found = {f"view {view}": f"/inbox?view={view}" for view in VIEWS}
    if login == "ks":
        found |= {f"order {order}": f"/inbox?view=role&order={order}" for order in ORDERS[1:]}
    if login.startswith("leitung"):
        found["view team"] = "/inbox?view=team"
    return found | {"script: new counts": "/inbox/counts?seen=none&poll=1"}


class Statements:
    """What the application sends to the database."""

    def __init__(self, office) -> None:
        self.found: list[tuple[str, object]] = []
        event.listen(office.sessions.kw["bind"], "before_cursor_execute", self._note)

    def _note(self, _connection, _cursor, statement, parameters, *_rest) -> None:
        self.found.append((statement, parameters))

    def of(self, act) -> list[tuple[str, object]]:
        """The statements of one call."""
        self.found.clear()
        act()
        # Now and then a request writes down that somebody is still there.
        return [
            (statement, parameters) for statement, parameters in self.found if statement.lstrip().startswith("SELECT")
        ]


def nodes(plan: dict):
    """A plan's steps."""
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


def explained(connection: psycopg.Connection, found: list[tuple[str, object]]) -> dict[str, object]:
    """Blocks and the longest scan of these statements, and each way in which tasks were reached."""
    blocks, longest, ways = 0, 0.0, set()
    for statement, parameters in found:
        answer = connection.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + statement, parameters).fetchone()
        plan = answer[0][0]["Plan"]
        blocks += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        for node in nodes(plan):
            place = node.get("Index Name") or node.get("Relation Name") or ""
            if "Scan" in node["Node Type"] and place and node["Actual Loops"]:
                rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
                longest = max(longest, rows * node["Actual Loops"])
                if "workflow_task" in place:
                    ways.add(f"{node['Node Type']} {place}")
    return {"blocks": blocks, "longest_scan_rows": round(longest), "ways": sorted(ways)}


def asked(client, path: str) -> None:
    """One request that must succeed."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


def of_size(connection: psycopg.Connection, clients: dict, statements: Statements, rounds: int) -> dict[str, object]:
    """All figures at the present number of tasks."""
    pages: dict[str, object] = {}
    for login, client in clients.items():
        for name, path in places(login).items():
            pages[f"{login}: {name}"] = measured(lambda client=client, path=path: asked(client, path), rounds)
    found = statements.of(lambda: asked(clients["ks"], "/inbox?view=role"))

    def send() -> None:
        for statement, parameters in found:
            connection.execute(statement, parameters).fetchall()

    plans = {}
    for view in VIEWS:
        for order in ORDERS:
            path = f"/inbox?view={view}&order={order}"
            each = explained(connection, statements.of(lambda path=path: asked(clients["ks"], path)))
            plans[f"{view} by {order}"] = {"blocks": each["blocks"], "longest_scan_rows": each["longest_scan_rows"]}
    return {
        "ms": pages,
        "slowest": max(pages, key=lambda name: pages[name]["median"]),
        "statements": len(found),
        "bare_statements_ms": measured(send, rounds),
        "one_indexed_select_ms": measured(lambda: connection.execute(RAW).fetchall(), rounds),
        "plans": plans,
        "ways": explained(connection, found)["ways"],
    }


def ratios(result: dict[int, dict]) -> dict[str, dict[str, float]]:
    """The least times of each size as multiples of the first: medians tell of other work on the machine, too."""
    first = next(iter(result.values()))["ms"]
    return {
        str(size): {name: round(cost["least"] / first[name]["least"], 2) for name, cost in each["ms"].items()}
        for size, each in result.items()
    }


def signed_in(application, login: str):
    """A browser of this person."""
    client = application.test_client()
    token = http.token(client.get("/login").text)
    client.post("/login", data={"login": login, "password": training.PASSWORD, "csrf_token": token})
    return client


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,100000,1000000")
    parser.add_argument("--rounds", type=int, default=25)
    given = parser.parse_args()
    with http._server() as (folder, server):
        settings, owner = http.settings_on(folder, server)
        office = bootstrap.office(settings)
        training.prepare(settings, office)
        http.records(CASES, folder / "clients.csv")
        commands.stage(office.sessions, folder / "clients.csv")
        sum(1 for _ in commands.arrive(office.sessions))
        web = factory.create_app(settings, sessions=office.sessions)
        clients, statements = {login: signed_in(web, login) for login in LOGINS}, Statements(office)
        with psycopg.connect(owner) as connection:
            rows = connection.execute("SELECT login, id FROM account WHERE login = ANY(%s)", (list(LOGINS),))
            accounts = dict(rows.fetchall())
            result = {}
            for size in map(int, given.sizes.split(",")):
                inbox_data.fill(connection, size, accounts)
                result[size] = of_size(connection, clients, statements, given.rounds)
        print(json.dumps({"sizes": result, "ratios": ratios(result)}, indent=1))
        office.close()


if __name__ == "__main__":
    main()
