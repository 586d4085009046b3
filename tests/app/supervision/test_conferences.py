"""Case conferences: called by a leader, a task for each role invited, held on the day, the result in the case."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.office import clock, dates
from app.office import models as office
from app.supervision import service
from tests import factories
from workflows import definitions, engine
from workflows.models import Instance, Task


@pytest.fixture
def sessions(register, office_sessions):
    """A registered case, kept up to date on the desk."""
    service.keep_up(office_sessions)
    register()
    return office_sessions


def day(sessions, later=7):
    """So many days from now, as people type it."""
    with sessions() as session:
        return f"{session.scalar(select(office.Clock.day)) + timedelta(later):%d.%m.%Y}"


def called(leader, sessions, **changes):
    """Calls a conference."""
    given = {
        "day": day(sessions), "place": "10 Uhr, Raum 1.10", "parties": ["KS", "FM"], "reason": "Es geht nicht weiter.",
    } | changes  # fmt: skip
    return leader.post("/supervision/conferences/1", **given)


def tasks(sessions):
    """The open tasks of conferences: (element, role)."""
    with sessions() as session:
        rows = session.execute(select(Task.element, Task.role).where(Task.process == "conference").order_by(Task.role))
        return [tuple(row) for row in rows]


def test_those_concerned_are_ticked(at, sessions):
    text = at("leitung.aa").page("/supervision/conferences/1")
    ticked = re.findall(r'name="parties" value="(\w+)" checked', text)
    assert ticked == ["KS"]
    assert sessions is not None


def test_each_role_invited_gets_a_task_and_reads_why(at, sessions):
    assert called(at("leitung.aa"), sessions).status_code == 303
    assert tasks(sessions) == [("conference_prepare", "FM"), ("conference_prepare", "KS")]
    number = at("fm").tasks()[0]
    text = at("fm").page(f"/inbox/tasks/{number}?tab=comments")
    assert "Es geht nicht weiter." in text
    assert "10 Uhr, Raum 1.10" in text
    assert "Fallbesprechung" in at("fm").page(f"/inbox/tasks/{number}")


def test_when_all_are_prepared_the_leader_notes_the_result(at, sessions):
    called(at("leitung.aa"), sessions)
    for login in ("fm", "ks"):
        for number in at(login).tasks("?process=conference"):
            at(login).post(f"/inbox/tasks/{number}/complete", note="Der Termin fehlt.")
    assert tasks(sessions) == [("conference_hold", "LTG_AA")]
    number = at("leitung.aa").tasks("?process=conference")[0]
    done = at("leitung.aa").post(f"/inbox/tasks/{number}/complete", outcome="agreed", note="Termin am Montag")
    assert done.status_code == 303
    assert tasks(sessions) == []
    assert called(at("leitung.stadt"), sessions).status_code == 303


def test_on_the_day_it_is_held_although_somebody_is_not_prepared(at, sessions):
    called(at("leitung.stadt"), sessions)
    with sessions.begin() as session:
        today = session.scalar(select(office.Clock.day))
        instance_id = session.scalars(select(Instance.id).order_by(Instance.id.desc())).first()
        clock.turn_to(session, dates.start_of(today + timedelta(7)))
        engine.wake(session, instance_id, now=clock.now(session))
    assert tasks(sessions) == [("conference_hold", "LTG_STADT")]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"day": "31.02.2004"}, "Dieses Datum gibt es nicht."),
        ({"day": "02.01.2003"}, "Bitte wählen Sie einen Tag nach heute."),
        ({"parties": []}, "Bitte laden Sie mindestens eine Rolle ein."),
        ({"parties": ["ADM"]}, "Bitte laden Sie mindestens eine Rolle ein."),
        ({"reason": " "}, "Bitte schreiben Sie, worum es geht."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(at, sessions, changes, said):
    answer = called(at("leitung.aa"), sessions, **changes)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="10 Uhr, Raum 1.10"' in answer.text
    assert tasks(sessions) == []


def test_where_it_can_begin_in_two_ways_the_leader_says_in_which(at, sessions):
    assert "Womit beginnt der Vorgang?" not in at("leitung.aa").page("/supervision/conferences/1")
    deploy_conference(sessions)
    assert "Am Telefon" in at("leitung.aa").page("/supervision/conferences/1")
    for start in ("", "conference_hold"):
        refused = called(at("leitung.aa"), sessions, start=start)
        assert refused.status_code == 422
        assert "Bitte wählen Sie, womit der Vorgang beginnt." in refused.text
        assert 'value="10 Uhr, Raum 1.10"' in refused.text
    assert tasks(sessions) == []
    assert called(at("leitung.aa"), sessions, start="by_phone").status_code == 303
    assert tasks(sessions) == [("conference_hold", "LTG_AA")]


def deploy_conference(sessions):
    """The shipped process, which can also begin with the talk itself."""
    names = ("conference.bpmn", "forms/conference_preparation.json", "forms/conference_result.json")
    files = {name: Path("bpmn", name).read_bytes() for name in names}
    more = (
        b'<bpmn:startEvent id="by_phone" name="Am Telefon"/>'
        b'<bpmn:sequenceFlow id="phoned" sourceRef="by_phone" targetRef="conference_hold"/></bpmn:process>'
    )
    files["conference.bpmn"] = files["conference.bpmn"].replace(b"</bpmn:process>", more)
    with sessions.begin() as session:
        definitions.deploy(session, files, known=definitions.Known(), now=factories.OPENING, by="test")


def test_nobody_calls_twice_nor_without_a_case_nor_without_leading(at, sessions):
    called(at("leitung.aa"), sessions)
    answer = called(at("leitung.stadt"), sessions)
    assert answer.status_code == 422
    assert "schon eine Fallbesprechung angesetzt" in answer.text
    assert at("leitung.aa").get("/supervision/conferences/4711").status_code == 404
    missing = {"day": day(sessions), "parties": "KS", "reason": "x"}
    assert at("leitung.aa").post("/supervision/conferences/4711", **missing).status_code == 404
    assert at("ks").get("/supervision/conferences/1").status_code == 403
