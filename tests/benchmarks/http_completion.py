"""Completions over HTTP with one gunicorn worker, beside the raw rate of the four statements that any such act costs.

    python tests/benchmarks/http_completion.py [--tasks 2000] [--clients 4]

In the shipped office each client first confirms the proposed route of its own cases: the dearest completion of all,
the process passes 20 elements, three handlers run, two tasks come up. Then it names the day and person of the first
talk: a form as most are, one task goes and its successor comes. Each form is posted as a browser posts it. Who has
signed in waits for the others; signing in is not measured. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import datetime as dt
import http.client
import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app import bootstrap, config
from app.cli import office as commands
from app.cli import serving, training
from workflows import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

PORT = 18099
# So many of each kind are completed before it is measured.
WARM = 20
COLUMNS = [
    "id",
    "name",
    "geburtsdatum",
    "stichtag",
    "wohnort",
    "leistung",
    "arbeitsfaehig",
    "verfuegbar",
    "arbeitslos_seit",
]
FORMS = {
    "routing_confirm": {"decision": "confirm"},
    "book_first_talk": {
        "talk_on": "07.01.2004",
        "contact_person": "Frau Beispiel",
        "room": "12",
        "client_told": "true",
    },
}


def records(number: int, file: Path) -> None:
    """Invented people under 25 who come on the opening day."""
    chance = random.Random(2004)
    with file.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out, delimiter=";")
        lines.writerow(COLUMNS)
        for index in range(number):
            born = dt.date(1980, 6, 1) + dt.timedelta(days=chance.randrange(1500))
            name = f"{word(chance)} {word(chance)}"
            came = (f"B{index:05}", name, f"{born:%d.%m.%Y}", "05.01.2004", "Bergisch Gladbach")
            lines.writerow((*came, "HLU", "ja", "ja", "01.09.2003"))


def word(chance: random.Random) -> str:
    """A name unlike the others, so that nobody is taken for somebody else."""
    return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(4)).capitalize()


class Browser:
    """One keep-alive connection with its cookies."""

    def __init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, values: dict[str, str] | None = None) -> tuple[int, str]:
        body = urllib.parse.urlencode(values or {}) if method == "POST" else None
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer.status, text

    def sign_in(self, login: str) -> str:
        """Signs in and returns a token for forms."""
        _, page = self.ask("GET", "/login")
        self.ask("POST", "/login", {"login": login, "password": training.PASSWORD, "csrf_token": token(page)})
        return token(self.ask("GET", "/inbox")[1])


def token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page[:500]
    return found.group(1)


def plain(page: str) -> str:
    """The words of a page, for the report of a refusal."""
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    return words[words.find("Warum hier?") :][:400]


def raw_rate(url: str, seconds: float = 3.0) -> float:
    """What the database does of the bare four statements, one connection, one commit each."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TEMP TABLE raw_task (id int primary key, body text)")
        connection.execute("CREATE TABLE IF NOT EXISTS raw_case (id int primary key, version int, body bytea)")
        connection.execute("CREATE TABLE IF NOT EXISTS raw_log (id bigserial primary key, body text)")
        connection.execute(
            "INSERT INTO raw_case SELECT n, 0, '' FROM generate_series(1, 1000) n ON CONFLICT DO NOTHING"
        )
        connection.execute("INSERT INTO raw_task SELECT n, 'x' FROM generate_series(1, 1000) n")
        connection.commit()
        done, until, body = 0, time.perf_counter() + seconds, b"x" * 1200
        while time.perf_counter() < until:
            key = done % 1000 + 1
            connection.execute("UPDATE raw_case SET version = version + 1, body = %s WHERE id = %s", (body, key))
            connection.execute("DELETE FROM raw_task WHERE id = %s", (key,))
            connection.execute("INSERT INTO raw_task VALUES (%s, 'next')", (key,))
            connection.execute("INSERT INTO raw_log (body) VALUES ('done')")
            connection.commit()
            done += 1
        connection.execute("DROP TABLE raw_case, raw_log")
        connection.commit()
    return done / seconds


@dataclass
class Crew:
    """The clients of one measurement: they wait for each other, then each completes its share of the tasks."""

    element: str
    ready: threading.Barrier
    spent: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def work(self, tasks: list[int]) -> None:
        browser = Browser()
        values = FORMS[self.element] | {"csrf_token": browser.sign_in("ks")}
        cookies = dict(browser.cookies)
        self.ready.wait()
        for task in tasks:
            # The page that a browser shows after each act takes the message out of the cookie.
            browser.cookies = dict(cookies)
            began = time.perf_counter()
            status, page = browser.ask("POST", f"/inbox/tasks/{task}/complete", values)
            self.spent.append(time.perf_counter() - began)
            if status != http.HTTPStatus.SEE_OTHER:
                self.refused.append(f"{status} {plain(page)}")


def open_tasks(url: str, element: str) -> list[int]:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT id FROM workflow_task WHERE element = %s ORDER BY id", (element,))
        return [row[0] for row in found]


def wal(url: str) -> int:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint").fetchone()[0]


@contextlib.contextmanager
def web(settings: config.Settings) -> Iterator[subprocess.Popen[bytes]]:
    """The web server as it runs in production."""
    process = subprocess.Popen(
        serving.web_command(settings, f"127.0.0.1:{PORT}"),
        env=config.environment_for(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await_page()
        yield process
    finally:
        process.terminate()
        process.wait()


def measure(owner: str, element: str, clients: int) -> dict[str, object]:
    """All open tasks of this element are completed, the first of them to warm up."""
    tasks = open_tasks(owner, element)
    Crew(element, threading.Barrier(1)).work(tasks[:WARM])
    tasks = tasks[WARM:]
    crew = Crew(element, threading.Barrier(clients + 1))
    threads = [threading.Thread(target=crew.work, args=(tasks[index::clients],)) for index in range(clients)]
    for thread in threads:
        thread.start()
    crew.ready.wait()
    before, began = wal(owner), time.perf_counter()
    for thread in threads:
        thread.join()
    took, after = time.perf_counter() - began, wal(owner)
    raw = raw_rate(owner)
    return {
        "completions": len(tasks),
        "refused": len(crew.refused),
        "first_refusal": crew.refused[:1],
        "per_second": round(len(tasks) / took, 1),
        "median_ms": round(statistics.median(crew.spent) * 1000, 2),
        "p95_ms": round(sorted(crew.spent)[int(len(crew.spent) * 0.95)] * 1000, 2),
        "wal_bytes_each": (after - before) // len(tasks),
        "raw_four_statements_per_second": round(raw, 1),
        "share_of_raw": round(len(tasks) / took / raw, 3),
    }


def await_page() -> None:
    for _ in range(300):
        try:
            if Browser().ask("GET", "/healthz")[0] == http.HTTPStatus.OK:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("the web server does not answer")


def resident(parent: int) -> list[int]:
    """The resident memory of the server and its workers, in MB."""
    found = [parent]
    for status in Path("/proc").glob("[0-9]*/status"):
        text = status.read_text(errors="ignore") if status.exists() else ""
        if f"PPid:\t{parent}\n" in text:
            found.append(int(status.parent.name))
    return [
        int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()).group(1)) // 1024 for pid in found
    ]


@contextlib.contextmanager
def _server():
    """A server that writes through, as in production, with its folder, which its account must be able to enter."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)
        with embedded.running(folder / "postgres") as server:
            yield folder, server


def settings_on(folder: Path, server: embedded.Server) -> tuple[config.Settings, str]:
    """The settings of an office on a database of its own, and the address of the owner of its tables."""
    embedded.ensure_database(server, "bench")
    application, owner = server.url("bench", embedded.APPLICATION), server.url("bench", embedded.OWNER)
    settings = replace(config.load({}), database_url=application, owner_url=owner, var=folder, log_level="WARNING")
    return config.with_kept_secrets(settings), owner


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=2000)
    parser.add_argument("--clients", type=int, default=4)
    given = parser.parse_args()
    with _server() as (folder, server):
        settings, owner = settings_on(folder, server)
        office = bootstrap.office(settings)
        training.prepare(settings, office)
        file = folder / "clients.csv"
        records(given.tasks + 2 * WARM, file)
        commands.stage(office.sessions, file)
        began = time.perf_counter()
        started = sum(1 for _ in commands.arrive(office.sessions))
        start_rate = started / (time.perf_counter() - began)
        with psycopg.connect(owner, autocommit=True) as connection:
            # What the server does by itself within a minute: it must know how large the tables have become.
            connection.execute("ANALYZE")
        result: dict[str, object] = {"clients": given.clients, "cases_started_per_second": round(start_rate, 1)}
        with web(settings) as process:
            for element in FORMS:
                result[element] = measure(owner, element, given.clients)
            result["web_resident_mb"] = resident(process.pid)
        print(json.dumps(result, indent=1))
        office.close()


if __name__ == "__main__":
    main()
