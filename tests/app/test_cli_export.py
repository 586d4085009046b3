"""Processes and forms between folder and database: nothing is lost, nothing is overwritten unasked."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet

from app.casework import rulebooks
from app.cli import main
from app.design import queries, releases, scenarios, service
from app.identity import queries as identity
from app.office import clock, dates
from tests.app import running
from workflows import definitions
from workflows.handlers import Actor

BPMN = Path(__file__).resolve().parents[2] / "bpmn"
SHIPPED = (BPMN, BPMN.parent / "rules")


@pytest.fixture
def environment():
    """The environment of the shipped office."""
    return running.ENVIRONMENT


@pytest.fixture
def command(committed, database_url):
    """Calls the command line on a database with the shipped office and returns click's result."""
    with committed.begin() as session:
        running.open_office(session)
    settings = {
        "DATABASE_URL": database_url,
        "DREHSCHEIBE_LANG": "de",
        "DREHSCHEIBE_SECRET_KEY": "test",
        "DREHSCHEIBE_RECORD_KEYS": Fernet.generate_key().decode(),
    }
    return lambda *arguments: CliRunner().invoke(main.drehscheibe, [str(one) for one in arguments], env=settings)


def read(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}


def test_what_was_deployed_comes_out_byte_for_byte_and_goes_in_again_unchanged(command, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"

    assert command("export", first).exit_code == 0
    assert command("deploy", first).exit_code == 0
    assert command("export", second).exit_code == 0

    files = read(first)
    assert files == read(second)
    assert all((SHIPPED[name.startswith("books/")] / name).read_bytes() == content for name, content in files.items())
    assert set(files) >= {path.name for path in BPMN.glob("*.bpmn")}
    assert len(set(command("version", "list").output.splitlines())) == len(list(BPMN.glob("*.bpmn")))


def test_changed_rule_book_holds_from_the_day_of_its_deployment(command, committed, tmp_path):
    assert command("export", tmp_path).exit_code == 0
    file = tmp_path / rulebooks.file()
    book = json.loads(file.read_bytes())
    book["parameters"]["young_below"][0]["value"] = 26
    file.write_text(json.dumps(book))

    answer = command("deploy", tmp_path)

    assert (answer.exit_code, "Fassung 2" in answer.output) == (0, True)
    assert "Fassung" not in command("deploy", tmp_path).output
    with committed() as session:
        today = dates.day_of(clock.now(session))
        assert rulebooks.in_force(session, today).parameters(today)["young_below"] == 26
    file.write_text(json.dumps(book | {"rules": []}))
    refused = command("deploy", tmp_path)
    assert (refused.exit_code, "Das Regelwerk" in refused.output) == (2, True)


def test_scenarios_go_with_their_processes_both_ways(command, tmp_path):
    assert command("deploy", BPMN).exit_code == 0
    assert command("export", tmp_path).exit_code == 0
    scenario = tmp_path / "scenarios" / "plan.agreed.json"
    assert scenario.read_bytes() == (BPMN / "scenarios" / "plan.agreed.json").read_bytes()

    scenario.write_text("{]")
    refused = command("deploy", tmp_path)
    assert (refused.exit_code, "plan.agreed.json" in refused.output) == (2, True)


def test_other_files_in_the_way_are_kept_unless_told(command, tmp_path):
    (tmp_path / "case.bpmn").write_bytes(b"mine")

    refused = command("export", tmp_path)

    assert (refused.exit_code, read(tmp_path)) == (2, {"case.bpmn": b"mine"})
    assert "case.bpmn" in refused.output
    assert command("export", tmp_path, "--force").exit_code == 0
    assert (tmp_path / "case.bpmn").read_bytes() == (BPMN / "case.bpmn").read_bytes()


def test_draft_is_exported_byte_for_byte(command, committed, tmp_path):
    with committed.begin() as session:
        now = datetime(2004, 1, 5, 9, tzinfo=UTC)
        saved = service.begin_empty(session, "Probe", actor=Actor(id=None, name="Wer"), now=now)

    assert command("export", tmp_path, "--draft", saved.draft_id).exit_code == 0
    assert b'name="Probe"' in read(tmp_path)["probe.bpmn"]
    unknown = command("export", tmp_path, "--draft", 999)
    assert (unknown.exit_code, "999" in unknown.output) == (2, True)


@pytest.fixture
def released(committed):
    """A process with another name that both agencies have released, and a scenario that they have struck off."""

    def of(name: str, change) -> None:
        with committed.begin() as session:
            session.info.setdefault("environment", running.ENVIRONMENT)
            now, account = clock.now(session), identity.account_by_login(session, "design")
            designer = Actor(id=account.id, name="Gestaltung", roles=frozenset({"PD"}))
            draft = service.begin_released(session, name, actor=designer, now=now).draft_id
            change(session, draft, designer, now)
            row = queries.draft(session, draft)
            given = {"on": dates.day_of(now), "reason": "Neue Satzung", "accepts": True}
            made = releases.submit(session, draft, known=releases.Seen(row.revision), actor=designer, now=now, **given)
            for login, role, partner in (("leitung.stadt", "LTG_STADT", "STADT"), ("leitung.aa", "LTG_AA", "AA")):
                leader = Actor(identity.account_by_login(session, login).id, login, frozenset({role}), partner)
                seen = releases.release(session, made).hash
                rehearsal = releases.rehearse(session, made, seen=seen, actor=leader, now=now)
                releases.sign(session, made, seen=seen, rehearsal=rehearsal, actor=leader, now=now)
            assert releases.activate_due(session, now)

    return of


def renamed(session, draft: int, designer: Actor, now: datetime) -> None:
    content = queries.content(session, draft).replace(b'id="benefit" name="', b'id="benefit" name="Neue ', 1)
    service.save(session, draft, content, known=1, actor=designer, now=now)


def test_what_both_agencies_released_survives_the_next_deployment_of_what_is_shipped(command, committed, released):
    told = command("deploy")
    assert told.exit_code == 0
    assert "seither freigegeben" not in told.output
    released("benefit.bpmn", renamed)
    told = command("deploy")
    assert told.exit_code == 0
    assert "benefit 2" in told.output
    assert "seither freigegeben; sie gelten weiter: benefit.bpmn" in told.output
    with committed() as session:
        assert "Neue" in definitions.latest(session, "benefit").name
        assert definitions.latest(session, "case").version == 2
    told = command("deploy", BPMN)
    assert "benefit 3" in told.output
    with committed() as session:
        assert "Neue" not in definitions.latest(session, "benefit").name


def test_a_scenario_that_was_struck_off_stays_so_after_the_next_deployment(command, committed, released):
    def struck(session, draft: int, designer: Actor, now: datetime) -> None:
        row = queries.draft(session, draft)
        one = min(scenarios.of(session, {}, file=row.file))
        scenarios.strike(session, row, one, "Den Brief gibt es nicht mehr", actor=designer, now=now)

    command("deploy")
    with committed() as session:
        before = scenarios.of(session, {}, file="urgent.bpmn")
    released("urgent.bpmn", struck)
    command("deploy")
    with committed() as session:
        assert len(scenarios.of(session, {}, file="urgent.bpmn")) == len(before) - 1
        assert [one.reason for one in scenarios.struck(session, {}, file="urgent.bpmn")] == [
            "Den Brief gibt es nicht mehr"
        ]
