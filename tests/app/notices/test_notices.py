"""Notices: who is told what, that it leads there, that it is nobody else's, and that no name of a client is in it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.identity.models import Account
from app.notices import queries, service
from app.notices.models import Kind, StaffNotice
from app.office.models import Clock
from tests.app.conftest import SYSTEM_NOW
from tests.app.inbox.conftest import PERSON
from workflows.handlers import Actor

NUMBER = "Fall 2004-00001"


@pytest.fixture
def taken(at, register):
    """A task that the reception has taken."""
    task_id = register()
    at("ks").post(f"/inbox/tasks/{task_id}/claim")
    return task_id


def told(desk) -> list[str]:
    """The sentences of the list, newest first; new ones begin with a mark."""
    found = re.findall(r'<li class="card">.*?<p>(.*?)<br>', desk.page("/messages"), re.DOTALL)
    return [" ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", one, flags=re.DOTALL).split()) for one in found]


def unread(desk) -> str:
    """The number beside the word in the header."""
    found = re.search(r'Mitteilungen</span> <span class="count"><strong>([\d+]+)<', desk.page("/account"))
    return found[1] if found else ""


def first(desk) -> int:
    """The id of the newest notice."""
    return int(re.search(r'action="/messages/(\d+)"', desk.page("/messages"))[1])


def test_a_reminder_is_told_counted_and_leads_to_the_task(at, taken):
    assert "Keine Mitteilungen." in at("ks").page("/messages")
    assert unread(at("ks")) == ""
    at("leitung.aa").post(f"/stuck/tasks/{taken}/remind", text="Frau Sommerfeld wartet")

    assert told(at("ks")) == ["neu Klaus Wehner erinnert Sie an eine Aufgabe."]
    page = at("ks").page("/messages")
    assert NUMBER in page
    assert not any(
        value in page for value in (PERSON["family_name"], PERSON["given_names"], PERSON["birth_date"], "wartet")
    )
    assert unread(at("ks")) == "1"
    assert unread(at("leitung.aa")) == ""

    answer = at("ks").post(f"/messages/{first(at('ks'))}")
    assert answer.headers["Location"] == f"/inbox/tasks/{taken}"
    assert unread(at("ks")) == ""
    assert told(at("ks")) == ["Klaus Wehner erinnert Sie an eine Aufgabe."]


def test_who_is_given_a_task_by_the_leader_is_told(at, register):
    task = register()
    person = re.search(r'<option value="(\d+)">Renate Vogt', at("leitung.aa").page(f"/inbox/tasks/{task}"))[1]
    at("leitung.aa").post(f"/inbox/tasks/{task}/assign", person=person, reason="Sie kennen die Familie")
    assert told(at("ks")) == ["neu Klaus Wehner hat Ihnen eine Aufgabe gegeben."]
    assert told(at("vm")) == []


def test_the_other_leader_is_asked_and_the_answer_comes_back(at, register):
    register()
    mine, other = at("leitung.stadt"), at("leitung.aa")
    mine.post("/stuck/cases/1/ask", cause="unclaimed", name="Route", text="Bitte nehmen Sie sich des Falls an.")
    assert told(other) == ["neu Dr. Barbara Linde bittet Sie, einen Fall voranzubringen."]
    assert other.post(f"/messages/{first(other)}").headers["Location"] == "/stuck"

    other.post("/stuck/requests/1/answer", text="Ist übergeben.")
    assert told(mine) == ["neu Klaus Wehner hat auf Ihre Bitte geantwortet."]


def test_nobody_opens_the_notice_of_somebody_else(at, taken):
    at("leitung.aa").post(f"/stuck/tasks/{taken}/remind", text="Bitte")
    number = first(at("ks"))
    assert at("vm").post(f"/messages/{number}").status_code == 404
    assert at("ks").post("/messages/4711").status_code == 404
    assert unread(at("ks")) == "1"


def test_all_are_read_at_once_but_not_what_came_since(at, taken):
    for _ in range(2):
        at("leitung.aa").post(f"/stuck/tasks/{taken}/remind", text="Bitte")
    shown = first(at("ks"))
    at("leitung.aa").post(f"/stuck/tasks/{taken}/remind", text="Noch einmal")
    at("ks").post("/messages/read", upto=str(shown))
    assert unread(at("ks")) == "1"


@pytest.mark.usefixtures("taken")
def test_a_conference_is_told_to_all_who_are_called_and_not_to_who_called(at, office_sessions):
    with office_sessions() as session:
        later = f"{session.scalar(select(Clock.day)) + timedelta(7):%d.%m.%Y}"
    given = {"day": later, "place": "Raum 1.10", "parties": ["KS", "FM"], "reason": "Es geht nicht weiter."}
    at("leitung.aa").post("/supervision/conferences/1", **given)
    said = ["neu Klaus Wehner lädt zu einer Fallbesprechung ein."]
    assert {login: told(at(login)) for login in ("ks", "fm", "vm", "leitung.aa")} == {
        "ks": said, "fm": said, "vm": [], "leitung.aa": [],
    }  # fmt: skip
    assert at("fm").post(f"/messages/{first(at('fm'))}").headers["Location"] == "/cases/1"


def test_who_is_named_in_a_comment_goes_from_the_notice_to_the_draft(at, office_sessions):
    draft = at("design").post("/design", kind="released", file="plan.bpmn").location.rsplit("/", 1)[1]
    at("design").post(f"/design/{draft}/comments", element="plan_draft", text="@leitung.aa bitte ansehen, @fm nicht")
    assert told(at("leitung.aa")) == ["neu Stefan Reitz nennt Sie in einem Kommentar zu einem Entwurf."]
    assert told(at("fm")) == []
    answer = at("leitung.aa").post(f"/messages/{first(at('leitung.aa'))}")
    assert answer.headers["Location"] == f"/design/{draft}/comments"
    assert office_sessions is not None


def test_many_are_counted_to_a_cap_listed_by_pages_and_old_ones_deleted(session):
    account = Account(
        login="a", name="A", password_hash="x", created_at=SYSTEM_NOW, password_changed_at=SYSTEM_NOW
    )  # fmt: skip
    session.add(account)
    session.flush()
    actor = Actor(id=account.id + 1, name="B")
    for day in (100, 1):
        at = SYSTEM_NOW - timedelta(days=day)
        for number in range(60):
            service.tell(
                session, [account.id, account.id, None, actor.id], Kind.BULK, target=number, actor=actor, now=at
            )
    assert queries.unread(session, account.id) == queries.CAP + 1

    page = queries.listed(session, account.id)
    assert len(page) == queries.PAGE + 1
    rest = queries.listed(session, account.id, before=page[queries.PAGE - 1].id)
    assert {one.id for one in page[: queries.PAGE]}.isdisjoint(one.id for one in rest)

    assert service.sweep(session, now=SYSTEM_NOW, limit=1000) == 60
    assert service.sweep(session, now=SYSTEM_NOW, limit=1000) == 0
    assert session.scalar(select(func.count()).select_from(StaffNotice)) == 60
