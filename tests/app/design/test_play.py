"""Trying a draft out: tasks with their real forms, services that are answered, time that is skipped, a way back."""

from __future__ import annotations

import json
import re

import pytest

from app.casework import rulebooks
from app.design import playing, service
from app.identity import queries as identity
from app.office import clock, dates
from tests.app import running
from tests.app.design import rule_drafts
from workflows.handlers import Actor


def begun(at, file: str, **data) -> int:
    answer = at("design").post("/design", kind="released", file=file)
    draft = int(answer.location.rsplit("/", 1)[1])
    assert at("design").post(f"/design/{draft}/play", act="begin", **data).status_code == 303
    return draft


def play(at, draft: int, act: str, **data):
    answer = at("design").post(f"/design/{draft}/play", act=act, **data)
    assert answer.status_code == 303, answer.text
    return at("design").page(f"/design/{draft}/play")


def tokens(page: str, name: str) -> str:
    return re.search(rf"data-{name}='(\[[^']*\])'", page)[1]


PLAN = "lead = FM\nother_lead = VM\nu18 = nein"


def test_play_goes_through_tasks_and_services_with_real_forms(at):
    draft = begun(at, "plan.bpmn", data=PLAN)
    page = at("design").page(f"/design/{draft}/play")
    assert "Der Ablauf wartet" in page
    assert "plan_draft" in tokens(page, "active")

    missing = at("design").post(f"/design/{draft}/play", act="complete", element="plan_draft")
    assert missing.status_code == 422
    assert "plan_draft" in tokens(missing.text, "active")


def test_service_is_answered_and_a_step_taken_back(at):
    draft = begun(at, "follow_up.bpmn")
    page = at("design").page(f"/design/{draft}/play")
    element = re.search(r'name="element" value="(\w+)"', page)[1]
    assert "Das erledigt sonst das Programm" in page
    page = play(at, draft, "complete", element=element, **{"out.next_contact": "2004-02-02"})
    assert "2004-02-02" in page
    assert element in tokens(page, "done")
    page = play(at, draft, "back")
    assert "2004-02-02" not in page
    assert element in tokens(page, "active")


def test_clock_moves_to_the_next_timer(at):
    draft = begun(at, "reminder.bpmn", data="remind_on = 2004-03-01")
    assert "nächster Termin: 01.03.2004" in at("design").page(f"/design/{draft}/play")
    page = play(at, draft, "advance")
    assert "Uhr des Spiels: 01.03.2004" in page
    assert "reminder_offer" in tokens(page, "active")


def test_failure_says_why_and_leaves_the_way_back(at):
    draft = begun(at, "reminder.bpmn")
    page = at("design").page(f"/design/{draft}/play")
    assert "„remind_on“ lässt sich nicht auswerten" in page
    assert "Keine offene Aufgabe" in page
    page = play(at, draft, "begin", data="remind_on = 2004-03-01")
    assert "Der Ablauf wartet" in page


def test_everybody_plays_for_themselves_and_leaders_may_play(at):
    draft = begun(at, "plan.bpmn", data=PLAN)
    assert "Anfangen" in at("leitung.aa").page(f"/design/{draft}/play")
    assert at("fm").get(f"/design/{draft}/play").status_code == 403


def test_rule_book_is_asked_and_explains_itself(at):
    draft = begun(at, "routing.bpmn")
    page = at("design").page(f"/design/{draft}/play")
    assert "routing_propose" in tokens(page, "active")
    person = {"birth_date": "12.03.1982", "unemployed_since": "01.09.2003", "benefits": ["HLU"]}
    said = {"residence": "yes", "fit_for_work": "yes", "available": "yes", **person}
    asked = at("design").post(f"/design/{draft}/play", act="decide", element="routing_propose", **said)
    assert asked.status_code == 200
    assert "Warum keine andere Regel" in asked.text
    assert 'value="VOLL_U25"' in asked.text
    page = play(at, draft, "complete", element="routing_propose", **{"out.proposal_route": "VOLL_U25"})
    assert "routing_propose" in tokens(page, "done")


def test_play_asks_the_book_of_the_draft_before_the_one_in_force(at, office_sessions):
    draft = begun(at, "routing.bpmn")
    person = {"birth_date": "12.03.1982", "unemployed_since": "01.09.2003", "benefits": ["HLU"]}
    said = {"residence": "yes", "fit_for_work": "yes", "available": "yes", **person}
    ask = {"act": "decide", "element": "routing_propose", **said}
    assert "dieser Entwurf bringt kein eigenes mit" in at("design").post(f"/design/{draft}/play", **ask).text
    with office_sessions.begin() as session:
        session.info.setdefault("environment", running.ENVIRONMENT)
        now = clock.now(session)
        book = json.loads(json.dumps(rulebooks.in_force(session, dates.day_of(now)).raw))
        rule_drafts.limit(20)(book)
        account = identity.account_by_login(session, "design")
        actor = Actor(id=account.id, name="Gestaltung", roles=frozenset({"PD"}))
        content = json.dumps(book, ensure_ascii=False).encode()
        service.begin_part(session, draft, rulebooks.file(), content, actor=actor, now=now)

    asked = at("design").post(f"/design/{draft}/play", **ask).text

    assert "Gefragt wird das Regelwerk aus diesem Entwurf" in asked
    assert "Warum keine andere Regel" in asked
    assert 'value="VOLL_U25"' not in asked


def test_task_goes_on_without_its_form(at):
    draft = begun(at, "plan.bpmn", data=PLAN)
    page = play(at, draft, "complete", element="plan_draft", skip="yes", values="schuhgroesse = 43")
    assert "schuhgroesse" in page
    assert "plan_draft" in tokens(page, "done")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ja", True),
        ("Nein", False),
        ("12", 12),
        ("1,5", 1.5),
        ("[1, 2]", [1, 2]),
        ("FM", "FM"),
        ("NaN", "NaN"),
        ("", ""),
    ],
)
def test_values_are_meant_as_people_type_them(typed, meant):
    assert playing.meant(typed) == meant


def test_lines_without_a_name_are_left_out():
    assert playing.pairs("a = 1\nohne\n2b = 3\n  c=x=y ") == {"a": 1, "c": "x=y"}
