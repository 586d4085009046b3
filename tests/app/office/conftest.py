"""Fixtures of the office: its shipped profile in the database, and people who act in it."""

from __future__ import annotations

import pytest

from app.office import queries, service
from tests import copies, factories

PROFILE = "bergisch_gladbach_2004"


def load(session, name: str = PROFILE) -> None:
    """The shipped office, each of its people with an account."""
    service.load(session, name, factories.OPENING)
    for number, login in enumerate(queries.logins(session), start=1):
        service.link_account(session, login=login.login, account_id=number)


def account_of(session, login: str) -> int:
    """The account of a member of staff."""
    return next(row.account_id for row in queries.logins(session) if row.login == login)


_loaded = copies.Copies(load)


@pytest.fixture
def office(session):
    """A session on a database that holds the shipped office."""
    _loaded.into(session)
    return session
