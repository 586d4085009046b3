"""People at browsers without scripts who work as fast as they can, and remember what they were told of each act."""

from __future__ import annotations

import http.client
import itertools
import random
import re
import threading
import urllib.parse
from collections import Counter, defaultdict
from datetime import timedelta

import psycopg

from app.cli import training
from tests.bpmn import answers

# Told that it is done; nobody knows; told that it is not done.
ANSWERED, DOUBTFUL, REFUSED = "answered", "doubtful", "refused"
PERSON = {
    "benefits": "HLU",
    "benefit_status": "running",
    "fit_for_work": "yes",
    "available": "yes",
    "unemployed_since": "01.09.2003",
    "city": "Bergisch Gladbach",
}
LOGINS = {"ks": ("KS",), "bfk": ("BFK",), "fm": ("FM",), "vm": ("VM",), "fb5": ("FB5",), "leitung.aa": ("LTG_AA",)}
OPEN = """SELECT id, form, assignee_id FROM workflow_task WHERE role = ANY(%s) ORDER BY random() LIMIT 1"""


class Told:
    """What people were told of each act: by kind and by what names it once."""

    def __init__(self):
        self._lock = threading.Lock()
        self.acts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self.statuses: Counter[str] = Counter()
        self.answered = 0

    def note(self, kind, key, outcome, status):
        with self._lock:
            self.acts[kind, key][outcome] += 1
            self.statuses[f"{kind} {status}"] += 1
            self.answered += outcome == ANSWERED

    def first(self, kind, key):
        """Whether nobody has asked for this before; who hears so asks now."""
        with self._lock:
            known = (kind, key) in self.acts
            return not known and self.acts[kind, key] is not None

    def outcome(self, act):
        """The best that somebody was told of it."""
        return next((outcome for outcome in (ANSWERED, DOUBTFUL) if self.acts[act][outcome]), REFUSED)

    def of(self, kind):
        """What was told of the acts of a kind, by their names."""
        return {key: self.outcome((found, key)) for found, key in list(self.acts) if found == kind}


class Browser:
    """A connection for each request, with the cookies; it signs in again when it is shown the door."""

    def __init__(self, port, login):
        self.port, self.login = port, login
        self.cookies, self.token = {}, ""

    def ask(self, method, path, values=None):
        """Status, address of a redirection and text; raises OSError or HTTPException when nobody answers."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if method == "POST":
            body = urllib.parse.urlencode({**(values or {}), "csrf_token": self.token}, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        if found := re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text):
            self.token = found[1]
        return answer.status, answer.headers.get("Location", ""), text

    def sign_in(self):
        self.cookies = {}
        self.ask("GET", "/login")
        self.ask("POST", "/login", {"login": self.login, "password": training.PASSWORD})
        status, _, _ = self.ask("GET", "/inbox")
        if status != http.HTTPStatus.OK:
            raise ConnectionError(status)


class Person:
    """Somebody who takes whatever is open for the own roles, until told to stop."""

    def __init__(self, port, login, told, *, url, seed):
        self.browser, self.told, self.url = Browser(port, login), told, url
        self.login, self.roles = login, LOGINS[login]
        self.chance, self.numbers = random.Random(seed), itertools.count()
        self.name = f"{login}{seed}"
        self.signed_in, self.database = False, None

    def work(self, stop):
        while not stop.is_set():
            try:
                if not self.signed_in:
                    self.browser.sign_in()
                    self.signed_in = True
                self.turn()
            except (OSError, http.client.HTTPException, psycopg.Error):
                stop.wait(0.05)

    def look(self, query, *values):
        """Rows of the database, to know what there is to do."""
        if self.database is None or self.database.broken:
            self.database = psycopg.connect(self.url, autocommit=True)
        return self.database.execute(query, values).fetchall()

    def act(self, kind, key, path, values):
        """Asks for an act once and notes what was said."""
        try:
            status, where, _ = self.browser.ask("POST", path, values)
        except ConnectionRefusedError:
            # Nobody was there to be asked.
            raise
        except (OSError, http.client.HTTPException) as broken:
            self.told.note(kind, key, DOUBTFUL, type(broken).__name__)
            raise
        at_door = re.search(r"/(login|unlock|lock)\b", where) is not None
        if status == http.HTTPStatus.SEE_OTHER and not at_door:
            outcome = ANSWERED
        else:
            outcome = DOUBTFUL if status >= http.HTTPStatus.INTERNAL_SERVER_ERROR else REFUSED
        self.told.note(kind, key, outcome, f"{status} door" if at_door else status)
        self.signed_in = not at_door and status != http.HTTPStatus.BAD_REQUEST

    def turn(self):
        dice = self.chance.random()
        if self.login == "ks" and dice < 0.25:
            self.register()
        elif self.login == "leitung.aa" and dice < 0.05:
            self.move_clock()
        elif rows := self.look(OPEN, list(self.roles)):
            task, form, assignee = rows[0]
            if dice < 0.4:
                text = f"Vermerk {self.name}-{next(self.numbers)}"
                self.act("comment", text, f"/inbox/tasks/{task}/comments", {"text": text})
            elif dice < 0.5:
                self.claim(task, assignee)
            else:
                self.complete(task, form)

    def claim(self, task, assignee):
        """Once for each task and person: who has a task already is told the same and leaves no line."""
        key = f"{task} {self.login}"
        if assignee is None and self.told.first("claim", key):
            self.act("claim", key, f"/inbox/tasks/{task}/claim", {})

    def complete(self, task, form):
        try:
            typed = answers.for_form(form, self.today()) if form else {}
        except KeyError:
            return
        if form == "follow_up" and self.chance.random() < 0.7:
            typed |= {"follow_up_outcome": "continue"}
        self.act("complete", str(task), f"/inbox/tasks/{task}/complete", typed)

    def today(self):
        return self.look("SELECT day FROM office_clock")[0][0]

    def register(self):
        name = "".join(self.chance.choice("bdfgklmnprstvz") + self.chance.choice("aeiou") for _ in range(6)).title()
        born = (
            f"{self.chance.randrange(1, 28):02}.{self.chance.randrange(1, 13):02}.{self.chance.randrange(1975, 1987)}"
        )
        _, _, page = self.browser.ask("GET", "/clients/new")
        dated = re.search(r'name="reference_date" value="([^"]+)"', page)
        values = PERSON | {"family_name": name, "given_names": name[::-1].title(), "birth_date": born}
        self.act("register", name, "/clients/new", values | ({"reference_date": dated[1]} if dated else {}))

    def move_clock(self):
        """A day further: what is due then, the worker does."""
        day = self.today() + timedelta(1)
        self.act("clock", str(day), "/office/clock", {"day": f"{day:%d.%m.%Y}"})
