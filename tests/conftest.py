"""Fixtures of the whole suite: one database server for each test process, one database, isolation for each test.

`session` rolls back what the test did. `committed` gives a factory of sessions that really commit, for tests with
threads, processes or several connections, and empties all tables afterwards. TEST_DATABASE_URL (a role that may create
databases) puts the suite on a server of its own choice.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import os
import subprocess
from dataclasses import dataclass

import hypothesis
import psycopg
import pytest
from cryptography.fernet import Fernet
from psycopg import sql
from sqlalchemy import Engine, make_url
from sqlalchemy.orm import Session, sessionmaker

from app import schema
from app.casework.vault import Vault
from tests import factories
from tests.app import browsing
from workflows import database, embedded

# A busy machine makes examples slow; that says nothing about the code.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.load_profile("house")

KEPT = {"alembic_version"}


@functools.cache
def no_browser() -> str:
    """Why browser tests cannot run here; empty when they can. Playwright brings a Node that needs libatomic1."""
    if not browsing.CHROMIUM:
        return "needs Chromium: apt-get install chromium fonts-dejavu-core"
    if importlib.util.find_spec("playwright") is None:
        return "needs the Python package playwright"
    node, _ = importlib.import_module("playwright._impl._driver").compute_driver_executable()
    works = subprocess.run([node, "--version"], check=False, capture_output=True).returncode == 0
    return "" if works else "needs a library of the distribution: apt-get install libatomic1"


def pytest_runtest_setup(item):
    """Skips browser tests visibly where no browser can be started; all other tests run everywhere."""
    if item.get_closest_marker("browser") and (reason := no_browser()):
        pytest.skip(reason)


@dataclass(frozen=True)
class Addresses:
    """The test database for its owner, who makes tables, and for the application."""

    owner: str
    application: str


def _on_given_server(url: str, name: str):
    address = make_url(url).set(drivername="postgresql")
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'").format(
                sql.Identifier(name)
            )
        )
        made = address.set(database=name).render_as_string(hide_password=False)
        yield Addresses(made, made)
        connection.execute(drop)


def _on_embedded_server(name: str):
    with embedded.temporary() as server:
        embedded.ensure_database(server, name)
        yield Addresses(server.url(name, embedded.OWNER), server.url(name, embedded.APPLICATION))


@pytest.fixture(scope="session")
def empty_database(worker_id):
    """A database without tables; one for each test process."""
    name = f"drehscheibe_test_{worker_id}_{os.getpid()}"
    given = os.environ.get("TEST_DATABASE_URL")
    yield from _on_given_server(given, name) if given else _on_embedded_server(name)


@pytest.fixture(scope="session")
def addresses(empty_database):
    """The addresses of the test database with all tables, made by the migrations that are shipped."""
    schema.upgrade(empty_database.owner, empty_database.application)
    return empty_database


@pytest.fixture(scope="session")
def database_url(addresses) -> str:
    """The address of the test database as the application knows it: a role that is no superuser."""
    return addresses.application


@pytest.fixture(scope="session")
def engine(database_url):
    """An engine on the test database."""
    made = database.engine_for(database_url)
    yield made
    made.dispose()


@pytest.fixture
def environment():
    """The environment that sessions of this test carry; a test file overrides it to register handlers."""
    return factories.environment()


@pytest.fixture(scope="session")
def vault() -> Vault:
    """A vault with a key of its own."""
    return Vault.from_keys([Fernet.generate_key().decode()])


@pytest.fixture
def session(engine: Engine, environment, vault):
    """A session whose work is rolled back after the test; a commit inside it ends a savepoint only."""
    with engine.connect() as connection:
        outer = connection.begin()
        info = {"environment": environment, "vault": vault}
        with Session(connection, info=info, expire_on_commit=False, join_transaction_mode="create_savepoint") as made:
            yield made
        outer.rollback()


def restart_numbers(connection: psycopg.Connection) -> None:
    """Numbers begin at 1 again: what was rolled back has used some up."""
    connection.execute(
        "SELECT setval(format('%I.%I', schemaname, sequencename), start_value, false) FROM pg_sequences"
        " WHERE schemaname = 'public' AND last_value IS NOT NULL"
    )


def emptied(owner: str) -> None:
    """Empties every table. To truncate is to make the files of all tables anew: ten times the cost of deleting rows."""
    with psycopg.connect(owner, autocommit=True) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        filled = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(name), sql.Identifier(name))
            for (name,) in rows
            if name not in KEPT
        )
        left = [name for (name,) in connection.execute(filled).fetchall()]
        while left:
            refused = [name for name in left if not _deleted(connection, name)]
            if len(refused) == len(left):
                names = sql.SQL(", ").join(map(sql.Identifier, left))
                connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
                refused = []
            left = refused
        restart_numbers(connection)


def _deleted(connection: psycopg.Connection, table: str) -> bool:
    """False where other rows still refer to these, or the table only grows."""
    try:
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    except (psycopg.errors.ForeignKeyViolation, psycopg.errors.RaiseException, psycopg.errors.RestrictViolation):
        return False
    return True


@pytest.fixture
def committed(engine: Engine, addresses, environment, vault):
    """A factory of sessions that commit; afterwards every table is empty again."""
    with psycopg.connect(addresses.owner, autocommit=True) as connection:
        restart_numbers(connection)
    yield sessionmaker(engine, info={"environment": environment, "vault": vault}, expire_on_commit=False)
    emptied(addresses.owner)


@pytest.fixture(scope="session")
def browser():
    """A running Chromium, the only one of this process: Playwright allows no second driver beside it."""
    with browsing.chromium() as running:
        yield running
