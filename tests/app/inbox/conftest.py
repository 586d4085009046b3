"""The assembled application with the shipped office, its diagrams and its real handlers, and people who work in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests import factories
from tests.app import running
from tests.app.casework import small_case
from workflows import definitions

PERSON = {
    "family_name": "Sommerfeld",
    "given_names": "Pia",
    "birth_date": "12.03.1982",
    "city": "Bergisch Gladbach",
    "benefits": ["HLU"],
    "benefit_status": "running",
    "fit_for_work": "yes",
    "available": "yes",
    "unemployed_since": "01.09.2003",
}


@pytest.fixture
def environment():
    """The environment of the shipped office."""
    return running.ENVIRONMENT


@pytest.fixture
def office_sessions(committed):
    """Committing sessions on a database that holds the office and its diagrams."""
    with committed.begin() as session:
        running.open_office(session)
    return committed


@dataclass(frozen=True)
class Desk:
    """A member of staff at the browser."""

    client: object

    def get(self, path: str):
        """The answer to a click on a link."""
        return self.client.get(path)

    def post(self, path: str, **data):
        """The answer to a form that was handed in."""
        return self.client.post(path, data=data)

    def page(self, path: str) -> str:
        """The page behind a link, which there must be."""
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def tasks(self, query: str = "") -> list[int]:
        """The ids of the tasks in the list."""
        return [int(number) for number in re.findall(r'id="task-(\d+)"', self.page(f"/inbox{query}"))]


@pytest.fixture
def at(sign_in):
    """Gives a desk to whom the login belongs, always the same one."""
    desks: dict[str, Desk] = {}

    def desk(login: str) -> Desk:
        if login not in desks:
            desks[login] = Desk(sign_in(login))
        return desks[login]

    return desk


@pytest.fixture
def register(at):
    """Registers a person at the reception; returns the id of the first task."""

    def registered(**changes) -> int:
        answer = at("ks").post("/clients/new", **(PERSON | changes))
        assert answer.status_code == 303, re.findall(r"kern-error.*?</p>", answer.text, re.DOTALL)
        return int(re.search(r"/inbox/tasks/(\d+)", answer.headers["Location"])[1])

    return registered


@pytest.fixture
def two_beginnings(office_sessions):
    """The process of a case begins at the desk or after a call."""
    files = {"case.bpmn": small_case.TWO_BEGINNINGS}
    with office_sessions.begin() as session:
        definitions.deploy(session, files, known=definitions.Known(), now=factories.OPENING, by="test")
