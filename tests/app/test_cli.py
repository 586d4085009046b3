"""The commands: what they say, in which language, with which exit code."""

from __future__ import annotations

import io
from pathlib import Path

import click
import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from click.testing import CliRunner
from cryptography.fernet import Fernet

from app import config
from app.cli import main, texts

ROOT = Path(__file__).resolve().parents[2]
HEADER = "id;name;geburtsdatum;stichtag;wohnort;leistung;arbeitsfaehig;verfuegbar;arbeitslos_seit\n"


@pytest.fixture
def environment():
    """The settings that a command finds; a test adds its own."""
    return {
        "DATABASE_URL": None,
        "DREHSCHEIBE_LANG": "de",
        "DREHSCHEIBE_SECRET_KEY": "test",
        "DREHSCHEIBE_RECORD_KEYS": Fernet.generate_key().decode(),
    }


@pytest.fixture
def call(environment, tmp_path):
    """Calls the command line and returns click's result."""
    environment["DREHSCHEIBE_VAR"] = str(tmp_path / "var")

    def run(*arguments, **settings):
        return CliRunner().invoke(main.drehscheibe, arguments, env=environment | settings)

    return run


@pytest.fixture
def connected(call, committed, database_url, environment):  # noqa: ARG001  empties the tables afterwards
    """The same on the test database, with the office of 2004 and its diagrams."""
    environment["DATABASE_URL"] = database_url
    assert call("load").exit_code == 0
    assert call("deploy").exit_code == 0
    return call


@pytest.mark.parametrize(("language", "word"), [("de", "Übungsbüro"), ("en", "training office")])
def test_help_speaks_the_readers_language(call, language, word):
    assert word in call("--help", DREHSCHEIBE_LANG=language).output
    assert word in call("--lang", language, "--help").output


@pytest.mark.parametrize("command", sorted(main.drehscheibe.commands))
def test_every_command_explains_itself(call, command):
    told = call(command, "--help")
    assert told.exit_code == 0
    assert "help_" not in told.output


@pytest.mark.parametrize("command", ["migrate", "serve", "worker", "deploy", "load"])
def test_missing_address_is_told_in_one_sentence(call, command):
    refused = call(command)
    assert refused.exit_code == 2
    assert "DATABASE_URL" in refused.output
    assert len(refused.output.splitlines()) == 1


def test_setting_that_means_nothing_is_told_in_one_sentence(call):
    refused = call("doctor", DREHSCHEIBE_IDLE_MINUTES="viele")
    assert refused.exit_code == 2
    assert "DREHSCHEIBE_IDLE_MINUTES" in refused.output


def test_doctor_without_a_database_says_what_to_do(call):
    told = call("doctor")
    assert told.exit_code == 1
    assert "./run demo" in told.output


def test_doctor_with_an_unreachable_database_says_so(call):
    told = call("doctor", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert told.exit_code == 1
    assert "OperationalError" in told.output


def test_shipped_diagrams_are_clean(call):
    told = call("lint")
    assert told.exit_code == 0, told.output


def test_lint_names_element_and_way_out(call, tmp_path):
    source = (ROOT / "bpmn" / "closing.bpmn").read_text(encoding="utf-8")
    (tmp_path / "closing.bpmn").write_text(source.replace('d:role="', 'd:role="NIEMAND_', 1), encoding="utf-8")
    told = call("lint", str(tmp_path))
    assert told.exit_code == 1
    assert "error: " in told.output


def test_folder_without_diagrams_is_refused(call, tmp_path):
    assert call("lint", str(tmp_path)).exit_code == 2


def test_second_deployment_keeps_the_versions(connected):
    assert connected("deploy").output.count(" 1") >= 12


def test_import_makes_cases_once_and_names_bad_lines(connected, tmp_path):
    file = tmp_path / "clients.csv"
    good = "Z1;Erna Probe;14.03.1982;05.01.2004;Bergisch Gladbach;HLU;ja;ja;01.09.2003\n"
    later = "Z2;Otto Probe;14.03.1981;05.03.2004;Bergisch Gladbach;HLU;ja;ja;01.09.2003\n"
    bad = "Z3;Ida Probe;31.02.1982;05.01.2004;Bergisch Gladbach;HLU;ja;ja;01.09.2003\n"
    file.write_text(HEADER + good + later + bad, encoding="utf-8")
    first = connected("import", str(file))
    assert first.exit_code == 1
    assert "1 Fälle angelegt, 1 warten" in first.output
    assert "Zeile 4" in first.output
    second = connected("import", str(file))
    assert "0 Fälle angelegt" in second.output
    assert "2 waren schon bekannt" in second.output


def test_account_is_made_listed_closed_and_opened(connected):
    secret = ("--password", "ein-langes-passwort")
    assert connected("user", "add", "ks", "--name", "Renate Vogt", *secret).exit_code == 0
    assert connected("user", "add", "ks", "--name", "Renate Vogt", *secret).exit_code == 2
    assert connected("user", "password", "ks", "--password", "kurz").exit_code == 2
    assert connected("user", "password", "ks", "--password", "ein-anderes-passwort").exit_code == 0
    assert connected("user", "close", "ks").exit_code == 0
    assert "geschlossen" in connected("user", "list").output
    assert connected("user", "open", "ks").exit_code == 0
    assert connected("user", "close", "niemand").exit_code == 2


@pytest.mark.parametrize("day", ["2004-01-05", "1999-01-01", "2099-01-01"])
def test_clock_is_not_moved_backwards_or_out_of_sight(connected, day):
    refused = connected("advance", day)
    assert refused.exit_code == 2
    assert "Uhr" in refused.output


def test_secrets_are_made_once_and_kept(tmp_path):
    first = config.with_kept_secrets(config.load({"DREHSCHEIBE_VAR": str(tmp_path)}))
    second = config.with_kept_secrets(config.load({"DREHSCHEIBE_VAR": str(tmp_path)}))
    assert (first.secret_key, first.record_keys) == (second.secret_key, second.record_keys)
    assert first.secret_key
    assert first.record_keys


def test_child_processes_get_the_same_settings(tmp_path):
    settings = config.with_kept_secrets(
        config.load({"DREHSCHEIBE_VAR": str(tmp_path), "DATABASE_URL": "postgresql:///x"})
    )
    assert config.load(config.environment_for(settings)) == settings


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--lang", "de", "nix"), "Den Befehl 'nix' gibt es nicht."),
        (("--lang", "en", "nix"), "No such command 'nix'."),
        (("--lang=de", "route"), "Es fehlt die Angabe '--input'."),
        (("--lang", "de", "play"), "Es fehlt das Argument 'FILE'."),
        (
            ("--lang", "de", "route", "--input", "a", "--output", "b", "--on", "31.02.2004"),
            "oder das Datum gibt es nicht",
        ),
    ],
)
def test_a_wrong_call_is_told_in_the_language_of_the_call(arguments, sentence):
    told = CliRunner().invoke(main.drehscheibe, arguments)
    assert told.exit_code == 2
    assert sentence in told.output


def test_the_catalogue_of_the_command_line_is_compiled_freshly():
    source = texts.CATALOGUES / "de/LC_MESSAGES/messages.po"
    with source.open("rb") as stream:
        catalogue = read_po(stream)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    assert source.with_suffix(".mo").read_bytes() == compiled.getvalue()
    # Each sentence stands for one that the library still says.
    library = b"".join(file.read_bytes() for file in Path(click.__file__).parent.glob("*.py"))
    words = {message.id[0] if isinstance(message.id, tuple) else message.id for message in catalogue if message.id}
    assert [one for one in words if one.split("\n")[0].encode() not in library] == []
