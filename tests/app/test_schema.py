"""The migrations: the newest version equals the models, the way down works, the application may use but not alter."""

from __future__ import annotations

import os

import alembic.command
import psycopg
import pytest
from sqlalchemy import text

from app import schema
from workflows import database, embedded


@pytest.fixture(scope="module")
def fresh():
    """The addresses of an empty database on a server of its own."""
    if os.environ.get("TEST_DATABASE_URL"):
        pytest.skip("needs two roles, which the embedded server has")
    with embedded.temporary() as server:
        embedded.ensure_database(server, "fresh")
        yield server.url("fresh", embedded.OWNER), server.url("fresh", embedded.APPLICATION)


@pytest.fixture(scope="module")
def migrated(fresh):
    """The same after all migrations."""
    assert schema.upgrade(*fresh)
    return fresh


def test_second_upgrade_has_nothing_to_do(migrated):
    assert not schema.upgrade(*migrated)


def test_newest_version_equals_the_models(migrated):
    engine = database.engine_for(migrated[0])
    with engine.connect() as connection:
        assert schema.version(connection) == schema.head()
        assert schema.differences(connection) == []
    engine.dispose()


def test_tables_of_an_unreleased_state_are_refused_by_name_and_left_as_they_are(migrated):
    with psycopg.connect(migrated[0], autocommit=True) as connection:
        connection.execute("ALTER TABLE supervision_watch RENAME TO of_another_state")
        connection.execute("ALTER TABLE case_file RENAME COLUMN lead TO of_another_state")
        try:
            with pytest.raises(schema.TablesLacking) as refused:
                schema.upgrade(*migrated)
            assert refused.value.names == ("case_file.lead", "supervision_watch")
        finally:
            connection.execute("ALTER TABLE case_file RENAME COLUMN of_another_state TO lead")
            connection.execute("ALTER TABLE of_another_state RENAME TO supervision_watch")
    assert not schema.upgrade(*migrated)


def test_application_reads_and_writes_but_alters_no_table(migrated):
    with psycopg.connect(migrated[1], autocommit=True) as connection:
        connection.execute("INSERT INTO workflow_source (hash, content) VALUES ('x', '')")
        assert connection.execute("DELETE FROM workflow_source RETURNING hash").fetchall() == [("x",)]
        for forbidden in (
            "DROP TABLE workflow_source",
            "CREATE TABLE mine ()",
            "UPDATE alembic_version SET version_num = '0'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden)


def test_log_of_reads_only_grows(migrated):
    with psycopg.connect(migrated[0]) as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute("DELETE FROM access_log")


def test_way_down_leaves_nothing_and_the_way_up_works_again(migrated):
    engine = database.engine_for(migrated[0])
    with engine.begin() as connection:
        alembic.command.downgrade(schema._script(connection), "base")
    with engine.begin() as connection:
        rest = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
        assert rest == ["alembic_version"]
    engine.dispose()
    assert schema.upgrade(*migrated)
