"""One running office for a whole module: its people stay at their browsers, each test takes in a client of its own.

The house itself, with its address and the browsers in which people have signed in, stays for the whole test process;
each module finds it freshly opened, on the first day, with no client. A module that wants it imports the fixtures
`stage` and `staff`.
"""

from __future__ import annotations

import contextlib
import threading

import psycopg
import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import sessionmaker

from app import worker
from app.identity import models
from tests import conftest as suite
from tests.acceptance import walking
from tests.app import browsing, running
from tests.app.conftest import PASSWORD, TestSettings, assembled
from tests.bpmn import answers

# A form gives people a quarter of a second for their next answer before it asks the server what shows; whoever fills
# it in here says when there is no next answer.
HURRY = """(() => {
  const { setTimeout, clearTimeout } = window, waiting = new Map();
  window.setTimeout = (act, time, ...rest) => {
    if (time !== 250) return setTimeout(act, time, ...rest);
    const timer = setTimeout(() => { waiting.delete(timer); act(); }, time);
    waiting.set(timer, act);
    return timer;
  };
  window.clearTimeout = (timer) => { waiting.delete(timer); clearTimeout(timer); };
  window.hurry = () => { for (const [timer, act] of [...waiting]) { window.clearTimeout(timer); act(); } };
})()"""


class House:
    """The application under one address, and a browser for each of its people, who sign in once by typing."""

    def __init__(self, browser, address, sessions) -> None:
        self.browser, self.address, self.sessions = browser, address, sessions
        self.stack = contextlib.ExitStack()
        self.pages: dict[str, object] = {}
        self.signed_in: list[dict] = []

    def page(self, login: str):
        """The browser of this member of staff, who has signed in by typing."""
        if login not in self.pages:
            self.pages[login] = self.stack.enter_context(browsing.opened(self.browser, self.address))
            self.pages[login].add_init_script(HURRY)
            browsing.signed_in(self.pages[login], login, PASSWORD)
        return self.pages[login]

    @contextlib.contextmanager
    def opened(self):
        """Opens the office on its first day; whoever has signed in before still is. The worker works."""
        with self.sessions.begin() as session:
            running.open_office(session)
            if self.signed_in:
                session.execute(insert(models.LoginSession), self.signed_in)
        try:
            with _clockwork(self.sessions):
                yield
        finally:
            self._close()

    def _close(self) -> None:
        complaints = []
        for page in self.pages.values():
            # No page asks the server for news while the tables are being emptied.
            page.goto("about:blank")
            complaints += page.complaints
            page.complaints.clear()
        with self.sessions() as session:
            rows = session.execute(select(models.LoginSession.__table__)).mappings()
            # The number is given anew: the tables begin at 1 again.
            self.signed_in = [{name: value for name, value in row.items() if name != "id"} for row in rows]
        assert complaints == []


@contextlib.contextmanager
def _clockwork(sessions):
    """What the worker does, by a thread of this process."""
    stop = threading.Event()

    def turn():
        while not stop.is_set():
            if not worker.act(sessions):
                stop.wait(0.1)

    thread = threading.Thread(target=turn, daemon=True)
    thread.start()
    yield
    stop.set()
    thread.join()


# Under 25 on every day of the walks, and nobody like anybody else.
CLIENTS = (
    {"family_name": "Abendroth", "given_names": "Jule", "birth_date": "02.02.1983"},
    {"family_name": "Kowalczyk", "given_names": "Tomasz", "birth_date": "19.11.1981"},
    {"family_name": "Demirel", "given_names": "Elif", "birth_date": "27.06.1984"},
    {"family_name": "Voß", "given_names": "Gerrit", "birth_date": "08.09.1982"},
    {"family_name": "Ivanović", "given_names": "Mila", "birth_date": "30.04.1983"},
    {"family_name": "Quast", "given_names": "Bruno", "birth_date": "11.12.1984"},
    {"family_name": "Öztürk", "given_names": "Sedat", "birth_date": "05.10.1981"},
    {"family_name": "Lindqvist", "given_names": "Freya", "birth_date": "21.01.1982"},
    {"family_name": "Haberkorn", "given_names": "Wolf", "birth_date": "16.07.1983"},
    {"family_name": "Nguyen", "given_names": "Thi Lan", "birth_date": "03.05.1984"},
)


class Staff(walking.Walk):
    """The people of the office at their browsers, with acts on a task that is named."""

    def __init__(self, house):
        super().__init__(house)
        self.waiting_room = iter(CLIENTS)

    def register(self, **changes):
        """The reception takes the next client in."""
        return super().register(**next(self.waiting_room) | changes)

    @contextlib.contextmanager
    def fresh(self, login: str, viewport=None, **options):
        """Another browser of this person, just signed in."""
        with browsing.opened(self.house.browser, self.house.address, viewport, **options) as page:
            browsing.signed_in(page, login, PASSWORD)
            yield page

    def listed(self, login: str) -> list[str]:
        """The names of the client's tasks in this person's list."""
        page = self.page(login)
        page.goto(f"/inbox?q={self.number}")
        return page.locator(".task-table tbody td:nth-child(2) .row-main a").all_inner_texts()

    def open(self, login: str, task: str):
        """The page of this task, found in this person's list by the number of the case."""
        return self.found(self.page(login), task)

    def found(self, page, task: str):
        """The page of this task in this browser, found in the list by the number of the case."""
        page.goto(f"/inbox?q={self.number}")
        page.locator(".task-table").get_by_role("link", name=task, exact=True).click()
        page.locator("h1", has_text=task).wait_for()
        return page

    def fill_in(self, page, **typed) -> None:
        """The form of the open task with the usual answers and these."""
        form = page.locator("#task-form")
        kind = form.get_attribute("data-form")
        walking.fill(form, (answers.for_form(kind, self.today) if kind else {}) | typed)

    def complete(self, page) -> None:
        """A click on the button, and the answer."""
        browsing.pressed(page, "Erledigen")

    def do(self, login: str, task: str, **typed) -> None:
        """Does this task with the usual answers and these."""
        page = self.open(login, task)
        kind = page.locator("#task-form").get_attribute("data-form")
        self.fill_in(page, **self.answers.get(kind, {}) | typed)
        self.complete(page)
        assert f"Erledigt: {task}" in page.locator("#messages").inner_text(), page.locator("main").inner_text()

    def register_and_check(self, **changes):
        """The reception takes a client in and looks at the papers: the route is up for decision."""
        self.register(**changes)
        for task in self.listed("ks"):
            if task != ROUTING:
                self.do("ks", task)
        return self

    def brought_to(self, task: str) -> str:
        """Everybody does what comes up, one task at a time, until this one is up; returns whose it is."""
        for _ in range(walking.STEPS):
            for login in self.holders():
                if task in (names := self.listed(login)):
                    return login
                if names:
                    self.do(login, names[0])
        raise AssertionError((task, self.case_page("ks")))


IDENTITY = "Ausweis ansehen und Hinweise aushändigen"
ROUTING = "Vorschlag bestätigen oder abweichen"


@pytest.fixture(scope="session")
def house(engine, vault, browser):
    """The house, in which an office can be opened again and again."""
    info = {"environment": running.ENVIRONMENT, "vault": vault}
    sessions = sessionmaker(engine, info=info, expire_on_commit=False)
    with browsing.served(assembled(TestSettings(idle_minutes=600), sessions)) as address:
        made = House(browser, address, sessions)
        with made.stack:
            yield made


@pytest.fixture(scope="module")
def stage(house, addresses):
    """The office on its first day, served to browsers."""
    with psycopg.connect(addresses.owner, autocommit=True) as connection:
        suite.restart_numbers(connection)
    with house.opened():
        yield Staff(house)
    suite.emptied(addresses.owner)


@pytest.fixture
def staff(stage):
    """The people of the office, with nothing left of what the test before did."""
    stage.trail.clear()
    stage.answers.clear()
    stage.look = lambda _page, _name: None
    return stage
