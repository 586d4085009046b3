"""Running cases change to a new version of their process from the command line."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet

from app.cli import main
from app.office.models import Clock
from tests.workflows import test_migration_batches as batches
from tests.workflows.test_migration_batches import sessions as sessions


@pytest.fixture
def command(sessions, database_url):
    """Calls the command line on a database with cases and returns click's result."""
    with sessions.begin() as session:
        session.add(Clock(day=batches.NOW.date(), not_before=batches.NOW))
    settings = {
        "DATABASE_URL": database_url,
        "DREHSCHEIBE_LANG": "de",
        "DREHSCHEIBE_SECRET_KEY": "test",
        "DREHSCHEIBE_RECORD_KEYS": Fernet.generate_key().decode(),
    }
    return lambda *arguments: CliRunner().invoke(main.drehscheibe, arguments, env=settings)


def test_the_list_shows_how_many_cases_run_in_which_version(command):
    assert command("version", "list").output.splitlines() == [
        "p Version 2: 0 laufend",
        f"p Version 1: {batches.CASES} laufend",
    ]


def test_a_check_tells_who_stays_and_why_and_changes_nothing(command):
    told = command("version", "move", "p", "--reason", "neu", "--check")
    assert f"{batches.CASES - 1} Fälle können umgestellt werden." in told.output
    assert "1 bleiben: Der Vorgang steht auf „n“" in told.output
    assert told.output.rstrip().endswith("Fälle: 0\nUmstellung 1: 0 Fälle umgestellt.")
    assert f"p Version 1: {batches.CASES} laufend" in command("version", "list").output


def test_after_a_yes_the_cases_change_and_a_step_back_takes_it_back(command):
    told = command("version", "move", "p", "--reason", "neu", "--yes")
    assert f"Umstellung 1: {batches.CASES - 1} Fälle umgestellt." in told.output
    assert told.exit_code == 1
    assert f"p Version 2: {batches.CASES - 1} laufend" in command("version", "list").output
    assert f"{batches.CASES - 1} Fälle zurückgestellt" in command("version", "back", "1").output
    assert "p Version 2: 0 laufend" in command("version", "list").output


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("move", "p", "--reason", "x", "--to", "9"), "version list"),
        (("move", "q", "--reason", "x"), "version list"),
        (("move", "p", "--reason", "x", "--name", "a"), "ALT=NEU"),
        (("back", "7"), "7"),
    ],
)
def test_what_is_not_there_is_told_in_one_sentence(command, arguments, word):
    refused = command("version", *arguments)
    assert refused.exit_code == 2
    assert word in refused.output
    assert len(refused.output.splitlines()) == 1
