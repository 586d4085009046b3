"""An office under load whose processes are killed at random instants; afterwards what people were told is compared
with what the database holds.

Run by hand: python tests/benchmarks/kills.py [--kills 200] [--database-kills 20] [--seed 1] [--logs FOLDER];
prints JSON.

Web and worker run as `drehscheibe serve` and `drehscheibe worker` run, two of each, on a PostgreSQL of their own that
writes through. A kill is SIGKILL to a web process, to the server above them, to a worker, to one process of the
database or to all of it. People at browsers take clients in, confirm routes, do whatever tasks there are, comment and
claim; the clock moves on, so that timers fire; cases change to a new version of their process meanwhile.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psycopg
import sqlalchemy

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app import bootstrap, config
from app.cli import office as commands
from app.cli import parent, serving, training
from app.office import clock
from tests.acceptance import office as offices
from tests.benchmarks import http_completion, ledger, staff
from workflows import definitions, embedded, errors, jobs, migration, migration_batches, places
from workflows.handlers import SYSTEM

PEOPLE = ("ks", "ks", "ks", "bfk", "bfk", "fm", "vm", "fb5", "leitung.aa")
ARRIVALS = 60
# Between two kills the office does so many acts, if it can in so many seconds; then it is killed in the middle of one.
ACTS, REST, INSTANT = (1, 25), 4.0, (0.0, 0.3)
PATIENCE = 180.0
BUSY = """SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing'))
 + (SELECT count(*) FROM office_run WHERE status IN ('queued', 'running'))
 + (SELECT count(*) FROM workflow_waiting w JOIN workflow_instance i ON i.id = w.instance_id, office_clock c
    WHERE w.due_at < c.not_before AND i.status = 'running')"""


class House:
    """The processes of the office: the database, two web processes under their server, two workers."""

    def __init__(self, settings, server):
        self.settings, self.server = settings, server
        self.restarts = Counter()
        stop = parent.Stop()
        log = settings.var / "log"
        log.mkdir(exist_ok=True)
        children = [
            parent.Child("web", serving.web_command(settings, f"127.0.0.1:{settings.port}"), log / "web.log"),
            parent.Child("worker", serving.worker_command(), log / "worker.log"),
            parent.Child("worker", serving.worker_command(), log / "worker2.log"),
        ]
        self.family = parent.Parent(children, config.environment_for(settings.settings), stop)
        self.stop = stop

    def keep(self, done):
        """Starts everything and starts again what ends, until `done()`; the database on the same data and socket."""

        def database():
            self.stop.requested = self.stop.requested or done()
            if self.server.process.poll() is not None:
                self._restart_database()
            return True

        self.family.start()
        self.family.watch(database=database, heard=lambda name: self.restarts.update([name]))

    def _restart_database(self):
        self.restarts["database"] += 1
        embedded._clear_stale(self.server.data)
        with (self.server.data.parent / "server.log").open("ab") as log:
            self.server.process = subprocess.Popen(
                self.server.process.args,
                cwd="/",
                env=embedded._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=embedded.dies_with_parent(signal.SIGINT),  # noqa: PLW1509  it touches nothing of ours
                **places.account_here().switch,
            )

    def children_of(self, pid):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def targets(self, kind, chance):
        """The processes that a kill of this kind ends."""
        web, *workers = [child.process for child in self.family.children]
        if kind == "database":
            return [self.server.process.pid]
        if kind == "all of the database":
            return [self.server.process.pid, *self.children_of(self.server.process.pid)]
        if kind == "one process of the database":
            return [chance.choice(self.children_of(self.server.process.pid))]
        if kind == "web server":
            return [web.pid]
        if kind == "web process":
            return [chance.choice(self.children_of(web.pid))]
        return [chance.choice(workers).pid]


@dataclasses.dataclass
class Placed:
    """The settings with the port."""

    settings: config.Settings
    port: int

    def __getattr__(self, name):
        return getattr(self.settings, name)


class Killer(threading.Thread):
    """Kills at random instants until it has killed often enough; what is not there is not counted."""

    def __init__(self, house, told, counts, seed):
        super().__init__(daemon=True)
        self.house, self.told, self.chance = house, told, random.Random(seed)
        self.order = ["process"] * counts[0] + ["database"] * counts[1]
        self.chance.shuffle(self.order)
        self.killed = Counter()

    def run(self):
        for what in self.order:
            while not self._kill(what):
                time.sleep(self.chance.uniform(0, 0.2))

    def _let_work(self):
        enough = self.told.answered + self.chance.randint(*ACTS)
        until = time.monotonic() + REST
        while self.told.answered < enough and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(self.chance.uniform(*INSTANT))

    def _kill(self, what):
        self._let_work()
        kinds = {
            "process": ["web process", "web process", "web server", "worker", "worker"],
            "database": ["database", "all of the database", "one process of the database"],
        }[what]
        kind = self.chance.choice(kinds)
        # Between two starts there is nobody to kill.
        with suppress(OSError, AttributeError, IndexError):
            for pid in self.house.targets(kind, self.chance):
                os.kill(pid, signal.SIGKILL)
            self.killed[kind] += 1
            return True
        return False


def change_version(sessions, folder):
    """A new version of the process of a case, and a batch that changes all cases to it, carried out by the workers."""
    known = bootstrap.registered(bootstrap.registry())
    files = commands.read_folder(folder)
    for name in ("case.bpmn", "follow_up.bpmn"):
        files[name] = files[name].replace(b"</bpmn:definitions>", b"<!-- neu --></bpmn:definitions>")
    batch = _insisted(sessions, lambda session: _plan(session, files, known))
    _insisted(sessions, lambda session: _rested(session, batch))
    with suppress(errors.BatchRefused):  # begun already, and the answer was lost
        _insisted(sessions, lambda session: migration_batches.begin(session, batch))
    _insisted(sessions, lambda session: _rested(session, batch))
    return batch


def _plan(session, files, known):
    now = clock.now(session)
    definitions.deploy(session, files, known=definitions.Known(handlers=known, roles=None), now=now, by="Kills")
    target = migration.Target(definitions.latest(session, "case").id)
    return migration_batches.plan(session, target, actor=SYSTEM, now=now, reason="Probe")


def _rested(session, batch):
    status, _ = migration_batches.progress(session, batch)
    if status.value in {"checking", "moving"}:
        raise sqlalchemy.exc.OperationalError("not yet", None, Exception())


def _insisted(sessions, act):
    """Again and again until the database has taken it. An act whose answer was lost may be done twice here."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with sessions.begin() as session:
                return act(session)
        except sqlalchemy.exc.DBAPIError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def jobs_for(sessions, stop, told):
    """Jobs that need doing once: each wakes an instance; none may be left."""
    while not stop.wait(0.3):
        with suppress(sqlalchemy.exc.DBAPIError), sessions.begin() as session:
            query = sqlalchemy.text("SELECT id FROM workflow_instance ORDER BY random() LIMIT 1")
            if (number := session.execute(query).scalar()) is not None:
                jobs.enqueue(session, jobs.WAKE, instance_id=number)
                told.statuses["job"] += 1


@contextmanager
def prepared(web=2):
    """An office with invented clients on its first day, and its database."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)
        with embedded.running(folder / "postgres") as server:
            embedded.ensure_database(server, "kills")
            urls = [server.url("kills", role) for role in (embedded.APPLICATION, embedded.OWNER)]
            settings = replace(
                config.load({}), database_url=urls[0], owner_url=urls[1], var=folder, log_level="WARNING",
                web_workers=web, idle_minutes=600,
            )  # fmt: skip
            settings = config.with_kept_secrets(settings)
            office = bootstrap.office(settings)
            training.prepare(settings, office)
            file = folder / "clients.csv"
            http_completion.records(ARRIVALS, file)
            commands.stage(office.sessions, file)
            for _ in commands.arrive(office.sessions):
                pass
            yield settings, server, office
            office.close()


def attack(settings, server, office, *, counts, seed):
    """Load and kills, then rest; what people were told, who was killed how often."""
    told, stop, over = staff.Told(), threading.Event(), threading.Event()
    house = House(Placed(settings, offices.free_port()), server)
    killer = Killer(house, told, counts, seed)
    people = [
        staff.Person(house.settings.port, login, told, url=settings.database_url, seed=seed * 100 + number)
        for number, login in enumerate(PEOPLE)
    ]
    hands = [threading.Thread(target=person.work, args=(stop,), daemon=True) for person in people]
    hands.append(threading.Thread(target=jobs_for, args=(office.sessions, stop, told), daemon=True))
    batches = []
    hands.append(
        threading.Thread(target=lambda: batches.append(change_version(office.sessions, settings.bpmn)), daemon=True)
    )

    def conduct():
        offices.eventually(lambda: answers(house.settings.port))
        for hand in hands:
            hand.start()
        killer.start()
        killer.join()
        stop.set()
        for hand in hands:
            hand.join(PATIENCE)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and busy(settings.database_url):
            time.sleep(0.5)
        over.set()

    threading.Thread(target=conduct, daemon=True).start()
    try:
        house.keep(over.is_set)
    finally:
        house.family.end()
    return told, killer.killed, house.restarts, batches


def answers(port):
    """Whether the web server shows the way in."""
    with suppress(OSError, ConnectionError):
        return staff.Browser(port, "ks").ask("GET", "/login")[0] == 200
    return False


def busy(url):
    """Whether there is still something to be worked off."""
    try:
        with psycopg.connect(url) as connection:
            return connection.execute(BUSY).fetchone()[0] > 0
    except psycopg.Error:
        return True


def report(office, told, *, killed, restarts, batches):
    """The figures as JSON holds them."""
    office.engine.dispose()
    with office.sessions() as session:
        logins = list({*PEOPLE})
        people = session.execute(
            sqlalchemy.text("SELECT id FROM account WHERE login = ANY(:logins)"), {"logins": logins}
        ).scalars()
        verdict = ledger.check(office.sessions, told, by_people=set(people))
        items = [
            (*migration_batches.progress(session, batch), migration_batches.refusals(session, batch))
            for batch in batches
            if batch
        ]
    return {
        "kills": sum(killed.values()),
        "killed": dict(killed),
        "restarts": dict(restarts),
        "migration": [
            {
                "status": status.value,
                **{key.value: count for key, count in kept.items()},
                "why": {f"{one.code} {one.element}": len(one.subjects) for one in why},
            }
            for status, kept, why in items
        ],
        "clean": verdict.is_clean,
        **dataclasses.asdict(verdict),
        "answers": dict(sorted(told.statuses.items())),
    }


def main():
    """Prints the figures; the exit code says whether something was found."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--kills", type=int, default=200)
    arguments.add_argument("--database-kills", type=int, default=20)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--logs", help="a folder for the logs of the processes")
    chosen = arguments.parse_args()
    # The demo's parent waits ever longer before it starts again what keeps ending; here it ends because we kill it.
    parent.LONGEST_DELAY = 0.3
    begun = time.monotonic()
    with prepared() as (settings, server, office):
        told, killed, restarts, batches = attack(
            settings, server, office, counts=(chosen.kills, chosen.database_kills), seed=chosen.seed
        )
        # The house is still: the database may have been killed last.
        with suppress(psycopg.Error):
            psycopg.connect(settings.database_url).close()
        found = report(office, told, killed=killed, restarts=restarts, batches=batches)
        if chosen.logs:
            shutil.copytree(settings.var / "log", chosen.logs, dirs_exist_ok=True)
    print(json.dumps({"seed": chosen.seed, "minutes": round((time.monotonic() - begun) / 60, 1)} | found, indent=1))
    sys.exit(not found["clean"])


if __name__ == "__main__":
    main()
