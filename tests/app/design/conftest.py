"""The assembled application with the shipped office and its diagrams, and designers who draw."""

from __future__ import annotations

import pytest

from tests.app import running
from tests.app.inbox.conftest import Desk


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


@pytest.fixture
def at(sign_in):
    """The desk of whoever owns the login; one each."""
    desks = {}

    def desk(login: str) -> Desk:
        if login not in desks:
            desks[login] = Desk(sign_in(login))
        return desks[login]

    return desk
