"""Running cases change to a new version of their process at the screen: looked at, changed, changed back."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import bootstrap
from app.office import clock
from tests.app import running
from workflows import definitions, migration_batches, problems

FOLDER = Path("bpmn")
MOVE, BATCH = "/versions/case/move", "/versions/batches/1"


@pytest.fixture(autouse=True)
def newer(register, office_sessions):
    """A case of the first version, and a second version with another name for a step."""
    register()
    files = {
        path.relative_to(FOLDER).as_posix(): path.read_bytes()
        for path in FOLDER.rglob("*.*")
        if "scenarios" not in path.parts
    }
    files["intake.bpmn"] = files["intake.bpmn"].replace(b'name="Ausweis ansehen', b'name="Papiere ansehen')
    known = problems.Known(bootstrap.registered(running.HANDLERS), None)
    with office_sessions.begin() as session:
        definitions.deploy(session, files, known=known, now=clock.now(session), by="test")


def work_off(sessions) -> None:
    while migration_batches.work_off(sessions, clock.now, 1):
        pass


def test_cases_are_looked_at_changed_and_changed_back(at, office_sessions):
    desk = at("design")
    assert "Fassungen und laufende Fälle" in desk.page("/processes")
    page = desk.page("/versions")
    assert f'href="{MOVE}"' in page
    assert "Fall: Fälle" not in page
    assert desk.post(MOVE, reason="", names="").status_code == 422
    assert desk.post(MOVE, reason="Neuer Name", names="nonsense").status_code == 422
    assert desk.post(MOVE, reason="Neuer Name", names="").headers["Location"] == BATCH
    assert "wird geprüft" in desk.page(BATCH)
    work_off(office_sessions)
    page = desk.page(BATCH)
    assert "1 Fall umstellen" in page
    assert "2004-00001" in page
    assert "Sommerfeld" not in page
    assert desk.post(f"{BATCH}/back").status_code == 303
    assert "Das geht im jetzigen Stand nicht." in desk.page(BATCH)
    desk.post(f"{BATCH}/begin")
    work_off(office_sessions)
    assert "Zurückstellen" in desk.page(BATCH)
    assert "Papiere ansehen" in at("ks").page("/inbox?view=role")
    desk.post(f"{BATCH}/back")
    work_off(office_sessions)
    assert "Ausweis ansehen" in at("ks").page("/inbox?view=role")
    assert "Neuer Name" in desk.page("/versions")


def test_a_case_that_cannot_change_stays_and_says_why(at, office_sessions):
    desk = at("admin")
    desk.post(MOVE, reason="Neuer Name", names="intake_identity = gone")
    work_off(office_sessions)
    page = desk.page(BATCH)
    assert "bleibt auf der alten Fassung" in page
    assert "Der Fall steht an einem Schritt, den es in der neuen Fassung nicht gibt." in page
    assert "umstellen</span>" not in page


def test_only_designers_and_administration_change_versions(at):
    for login in ("ks", "leitung.aa", "dsb.stadt"):
        assert at(login).get("/versions").status_code == 403
        assert at(login).post(MOVE, reason="x").status_code == 403
    assert at("design").get("/versions/nothing/move").status_code == 404
    assert at("design").get("/versions/batches/9").status_code == 404
    assert at("design").post("/versions/batches/9/explode").status_code == 404
