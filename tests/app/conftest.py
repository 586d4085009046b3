"""Fixtures of the assembled application: an office with its people, their accounts, a browser for each of them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import UTC, datetime

import argon2
import jinja2
import pytest
from sqlalchemy import update

from app import factory
from app.identity import models as identity_models
from app.office import models
from app.office import queries as office_queries
from app.office import service as office
from tests import copies
from tests.app import browsing

PASSWORD = "drehscheibe2004"
PROFILE = "bergisch_gladbach_2004"
SYSTEM_NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class TestSettings:
    """Settings as the web reads them."""

    __test__ = False

    secret_key: str = "only for tests"
    idle_minutes: int = 15
    secure_cookies: bool = False
    metrics_token: str = ""
    trusted_proxies: int = 0
    upload_megabytes: int = 1
    mail_server: str = ""


@functools.cache
def _hashed() -> str:
    # One hash for all, and a cheap one: the hash itself says what it takes to check it.
    return argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def load_office(session) -> None:
    """The shipped office with an account for each of its people."""
    office.load(session, PROFILE, SYSTEM_NOW)
    # Whoever runs the tests in the afternoon finds the reception at work, too, and nobody standing in for it.
    session.execute(update(models.Post).values(hours={}))
    for login in office_queries.logins(session):
        account = identity_models.Account(
            login=login.login,
            name=login.name,
            password_hash=_hashed(),
            created_at=SYSTEM_NOW,
            password_changed_at=SYSTEM_NOW,
        )
        session.add(account)
        session.flush()
        office.link_account(session, login=login.login, account_id=account.id)


_loaded = copies.Copies(load_office)


class Compiled(jinja2.BytecodeCache):
    """Templates as they were compiled for an application before, held for this process."""

    def __init__(self):
        self.codes = {}

    def load_bytecode(self, bucket):
        if bucket.key in self.codes:
            bucket.bytecode_from_string(self.codes[bucket.key])

    def dump_bytecode(self, bucket):
        self.codes[bucket.key] = bucket.bytecode_to_string()


_compiled = Compiled()


def assembled(settings, sessions):
    """The application on this database; what it shares with others of this process are compiled templates only."""
    made = factory.create_app(settings, sessions=sessions)
    made.jinja_env.bytecode_cache = _compiled
    made.config.update(TESTING=True)
    return made


@pytest.fixture
def office_sessions(committed):
    """Committing sessions on a database that holds the office."""
    with committed.begin() as session:
        _loaded.into(session)
    return committed


@pytest.fixture
def settings():
    """The settings of the application under test; a test file overrides it."""
    return TestSettings()


@functools.cache
def _application(settings):
    """To put the routes together takes longer than most tests."""
    return assembled(settings, None)


@pytest.fixture
def app(office_sessions, settings):
    """The assembled application, one for all tests with these settings: whoever changes it changes it back."""
    made = _application(settings)
    made.extensions["sessions"] = office_sessions
    made.config.update(WTF_CSRF_ENABLED=False)
    return made


@pytest.fixture
def client(app):
    """A browser that nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def sign_in(app):
    """Gives a browser of its own to whom the login belongs."""

    def signed_in(login: str):
        client = app.test_client()
        answer = client.post("/login", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 303, login
        return client

    return signed_in


@pytest.fixture
def address(app):
    """The application under an address that a browser can open, with its protection against forged forms."""
    app.config["WTF_CSRF_ENABLED"] = True
    with browsing.served(app) as url:
        yield url


@pytest.fixture
def page(browser, address):
    """A page of a fresh browser profile at 1440 x 900."""
    with browsing.opened(browser, address) as opened:
        yield opened
