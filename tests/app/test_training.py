"""The training office touches no database but an empty one and one that carries its mark."""

from __future__ import annotations

import psycopg
import pytest

from app import config
from app.cli import texts, training
from app.identity import models as identity
from app.office import models as offices
from tests import factories


@pytest.fixture
def settings(addresses):
    return config.Settings(database_url=addresses.application, owner_url=addresses.owner)


@pytest.fixture
def marked(committed):
    """Puts a mark of this kind into the database."""

    def put(*, training):
        with committed.begin() as session:
            mark = {"profile": "x", "title": "X", "loaded_at": factories.OPENING}
            session.add(offices.Mark(training=training, **mark))

    return put


def test_empty_tables_are_taken(settings, committed):  # noqa: ARG001  empties the tables
    training.check(settings)


def test_marked_database_is_taken(settings, marked):
    marked(training=True)
    training.check(settings)


@pytest.mark.parametrize("act", [training.check, training.clear])
def test_office_in_production_is_refused(settings, marked, act):
    marked(training=False)
    with pytest.raises(texts.Refusal):
        act(settings)


@pytest.mark.parametrize("act", [training.check, training.clear])
def test_unmarked_database_with_people_is_refused(settings, committed, act):
    with committed.begin() as session:
        now = factories.OPENING
        session.add(
            identity.Account(
                login="someone", name="Someone", password_hash="-", locale="", created_at=now, password_changed_at=now
            )
        )
    with pytest.raises(texts.Refusal):
        act(settings)


@pytest.mark.parametrize("act", [training.check, training.clear])
def test_tables_of_somebody_else_are_refused(settings, addresses, committed, act):  # noqa: ARG001  empties the tables
    with psycopg.connect(addresses.owner, autocommit=True) as connection:
        connection.execute("ALTER TABLE alembic_version RENAME TO somebody_elses")
        try:
            with pytest.raises(texts.Refusal):
                act(settings)
        finally:
            connection.execute("ALTER TABLE somebody_elses RENAME TO alembic_version")
