"""Many tasks at once: looked at first, done one by one, what fails is shown, what was done can be taken back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from app.casework.models import CasePause
from app.office import clock, dates
from app.office import models as office
from app.supervision import bulks, service
from workflows import engine
from workflows.errors import StepFailed
from workflows.models import Entry, Task

PEOPLE = (("Sommerfeld", "12.03.1982"), ("Winter", "02.07.1975"), ("Herbst", "05.09.1971"))


@pytest.fixture
def sessions(office_sessions):
    """The office with a second person at the reception; the desk is kept up to date."""
    service.keep_up(office_sessions)
    with office_sessions.begin() as session:
        day = session.scalar(select(office.Clock.day))
        second = session.scalar(select(office.Staff.id).where(office.Staff.login == "vm"))
        session.add(office.Post(staff_id=second, role="KS", share=1, valid_from=day))
    return office_sessions


@pytest.fixture
def three(at, register, sessions):
    """Three tasks that the reception has taken."""
    tasks = [register(family_name=name, birth_date=born) for name, born in PEOPLE]
    for task_id in tasks:
        at("ks").post(f"/inbox/tasks/{task_id}/claim")
    assert holders(sessions, tasks) == ["Renate Vogt"] * 3
    return tasks


def number_of(sessions, login, column="id"):
    """The number of a member of staff, or of the account."""
    with sessions() as session:
        return session.scalar(select(getattr(office.Staff, column)).where(office.Staff.login == login))


def holders(sessions, tasks):
    """Who has these tasks."""
    with sessions() as session:
        found = dict(session.execute(select(Task.id, Task.assignee)).all())
        return [found.get(task_id) for task_id in tasks]


def worked(sessions, limit=50):
    """The worker looks in."""
    with sessions.begin() as session:
        return bulks.work(session, now=clock.now(session), limit=limit)


def planned(answer):
    """The address of the plan."""
    assert answer.status_code == 303, answer.text
    return re.search(r"/supervision/bulks/\d+", answer.headers["Location"])[0]


def statuses(text):
    """How the tasks of the page stand."""
    return re.findall(r'data-task="\d+" data-status="(\w+)"', text)


def state(text):
    """How the act stands."""
    return re.search(r'id="bulk-state".*?data-status="(\w+)"', text, re.DOTALL)[1]


def picks(tasks):
    """The rows of the desk that are about these tasks."""
    return [f"1-unclaimed-{task_id}" for task_id in tasks]


def leaving(leader, sessions, login="ks", last="30.12.2004", **more):
    """Plans where the tasks go of somebody who leaves."""
    return planned(leader.post("/supervision/leaving", person=number_of(sessions, login), last=last, **more))


def test_who_leaves_hands_all_tasks_on_after_a_look_and_gets_them_back(at, three, sessions):
    leader = at("leitung.aa")
    page = leading = leaving(leader, sessions)
    text = leader.page(page)
    assert (state(text), statuses(text)) == ("planned", ["planned"] * 3)
    assert "Thomas Brück" in text
    assert "sonst ist niemand da" in text
    assert holders(sessions, three) == ["Renate Vogt"] * 3
    leader.post(f"{leading}/begin")
    assert worked(sessions, limit=2) == 2
    text = leader.page(page)
    assert state(text) == "running"
    assert "2 von 3" in text
    worked(sessions)
    assert state(leader.page(page)) == "done"
    assert holders(sessions, three) == ["Thomas Brück"] * 3
    with sessions() as session:
        assert session.scalar(select(office.Staff.active_to).where(office.Staff.login == "ks")).year == 2004
        reason = session.scalars(select(Entry.detail).where(Entry.kind == "assigned")).first()["reason"]
    assert reason == "Nachfolge: Renate Vogt scheidet am 30.12.2004 aus · Verteilung nach Regel: sonst ist niemand da"
    assert "Warum bei mir?" in at("vm").page(f"/inbox/tasks/{three[0]}")
    leader.post(f"{page}/undo")
    worked(sessions)
    assert state(leader.page(page)) == "undone"
    assert holders(sessions, three) == ["Renate Vogt"] * 3
    with sessions() as session:
        assert session.scalar(select(office.Staff.active_to).where(office.Staff.login == "ks")) is None


def test_the_successor_gets_what_is_allowed_and_the_rest_goes_by_the_rules(at, three, sessions):
    leader = at("leitung.aa")
    text = leader.page(leaving(leader, sessions, successor=number_of(sessions, "leitung.aa")))
    assert "sonst ist niemand da" in text
    text = leader.page(leaving(leader, sessions, successor=number_of(sessions, "vm")))
    assert text.count("Thomas Brück</td>") == len(three)
    person = number_of(sessions, "ks")
    answer = leader.post("/supervision/leaving", person=person, successor=person, last="30.12.2004")
    assert answer.status_code == 422
    assert "Das ist die Person, die ausscheidet." in answer.text


def test_where_nobody_else_is_the_tasks_are_open_to_the_role_again(at, three, sessions):
    with sessions.begin() as session:
        second = session.scalar(select(office.Staff.id).where(office.Staff.login == "vm"))
        session.execute(delete(office.Post).where(office.Post.role == "KS", office.Post.staff_id == second))
    leader = at("leitung.aa")
    page = leaving(leader, sessions)
    assert "die Aufgabe geht an die Rolle zurück" in leader.page(page)
    leader.post(f"{page}/begin")
    worked(sessions)
    assert holders(sessions, three) == [None] * 3
    leader.post(f"{page}/undo")
    worked(sessions)
    assert holders(sessions, three) == ["Renate Vogt"] * 3


def test_what_was_moved_meanwhile_is_shown_and_hinders_nothing(at, three, sessions):
    leader = at("leitung.aa")
    page = leaving(leader, sessions)
    at("ks").post(f"/inbox/tasks/{three[1]}/release")
    leader.post(f"{page}/begin")
    worked(sessions)
    text = leader.page(page)
    assert state(text) == "done"
    assert statuses(text) == ["failed", "done", "done"]
    assert "liegt inzwischen woanders" in text
    at("vm").post(f"/inbox/tasks/{three[0]}/release")
    leader.post(f"{page}/undo")
    worked(sessions)
    text = leader.page(page)
    assert sorted(statuses(text)) == ["failed", "kept", "undone"]
    assert holders(sessions, three) == [None, None, "Renate Vogt"]


def test_it_can_be_stopped_and_gone_on_with(at, three, sessions):
    leader = at("leitung.aa")
    page = leaving(leader, sessions)
    leader.post(f"{page}/begin")
    worked(sessions, limit=1)
    leader.post(f"{page}/stop")
    assert worked(sessions) == 0
    assert state(leader.page(page)) == "stopped"
    leader.post(f"{page}/begin")
    worked(sessions)
    assert holders(sessions, three) == ["Thomas Brück"] * 3
    leader.post(f"{page}/begin")
    assert "Das geht jetzt nicht mehr" in leader.page(page)


@pytest.mark.usefixtures("sessions")
def test_wrong_entries_keep_what_was_typed(at):
    answer = at("leitung.aa").post("/supervision/leaving", person="", last="31.02.2004")
    assert answer.status_code == 422
    assert 'value="31.02.2004"' in answer.text
    assert "Dieses Datum gibt es nicht." in answer.text
    assert "Bitte wählen Sie eine Person." in answer.text


def test_the_other_agency_neither_plans_nor_sees_nor_begins(at, three, sessions):
    other = at("leitung.stadt")
    answer = other.post("/supervision/leaving", person=number_of(sessions, "ks"), last="30.12.2004")
    assert answer.status_code == 403
    page = leaving(at("leitung.aa"), sessions)
    assert other.get(page).status_code == 404
    assert other.post(f"{page}/begin").status_code == 403
    foreign = planned(other.post("/supervision/bulks", kind="remind", reason="Bitte", pick=picks(three)))
    assert statuses(other.page(foreign)) == ["refused"] * 3
    assert "gehört zur anderen Behörde" in other.page(foreign)
    assert at("ks").get(page).status_code == 403


@pytest.mark.parametrize("kind", ["rules", "assign", "release"])
def test_many_tasks_of_the_desk_are_handed_on_and_taken_back(at, three, sessions, kind):
    leader = at("leitung.aa")
    person = number_of(sessions, "vm", "account_id") if kind == "assign" else ""
    page = planned(
        leader.post("/supervision/bulks", kind=kind, person=person, reason="Ausgleich", pick=picks(three[:2]))
    )
    leader.post(f"{page}/begin")
    worked(sessions)
    expected = None if kind == "release" else "Thomas Brück"
    assert holders(sessions, three) == [expected, expected, "Renate Vogt"]
    leader.post(f"{page}/undo")
    worked(sessions)
    assert holders(sessions, three) == ["Renate Vogt"] * 3


def test_many_due_dates_move_and_go_back(at, three, sessions):
    leader = at("leitung.aa")
    with sessions() as session:
        day = session.scalar(select(office.Clock.day)) + timedelta(30)
        before = session.scalars(select(Task.due_at).order_by(Task.id)).all()
    given = {"kind": "due", "due": f"{day:%d.%m.%Y}", "reason": "Unterlagen fehlen"}
    page = planned(leader.post("/supervision/bulks", pick=picks(three), **given))
    leader.post(f"{page}/begin")
    worked(sessions)
    with sessions() as session:
        assert set(session.scalars(select(Task.due_at))) == {dates.end_of(day)}
    leader.post(f"{page}/undo")
    worked(sessions)
    with sessions() as session:
        assert session.scalars(select(Task.due_at).order_by(Task.id)).all() == before


def test_many_are_reminded_once_and_for_good(at, three, sessions):
    leader = at("leitung.aa")
    page = planned(leader.post("/supervision/bulks", kind="remind", reason="Bitte diese Woche", pick=picks(three)))
    leader.post(f"{page}/begin")
    worked(sessions)
    assert "Bitte diese Woche" in at("ks").page(f"/inbox/tasks/{three[2]}")
    leader.post(f"{page}/undo")
    assert state(leader.page(page)) == "done"


@pytest.mark.usefixtures("sessions")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "remind", "reason": " ", "pick": "1-unclaimed-1"}, "Bitte geben Sie Begründung"),
        ({"kind": "assign", "reason": "x", "pick": "1-unclaimed-1"}, "Bitte geben Sie Begründung"),
        ({"kind": "remind", "reason": "x"}, "Bitte kreuzen Sie mindestens eine Aufgabe an."),
        (
            {"kind": "remind", "reason": "x", "pick": "1-unclaimed-4711"},
            "Bitte kreuzen Sie mindestens eine Aufgabe an.",
        ),
        ({"kind": "due", "due": "bald", "reason": "x", "pick": "1-unclaimed-1"}, "Bitte schreiben Sie das Datum"),
        ({"kind": "due", "due": "01.01.2003", "reason": "x", "pick": "1-unclaimed-1"}, "schon vorbei"),
    ],
)
def test_what_is_missing_is_said(at, given, said):
    leader = at("leitung.aa")
    assert leader.post("/supervision/bulks", **given).status_code == 303
    assert said in leader.page("/stuck")


def test_the_desk_offers_its_tasks_for_choice(at, three, sessions):
    with sessions.begin() as session:
        day = session.scalar(select(office.Clock.day)) + timedelta(40)
        session.execute(update(office.Clock).values(day=day, not_before=dates.start_of(day)))
        service.ripen(session, limit=50)
    text = at("leitung.aa").page("/stuck")
    assert set(re.findall(r'form="bulk" name="pick" value="\d+-\w+-(\d+)"', text)) >= {str(one) for one in three}


@pytest.fixture
def late(three, sessions):
    """The three tasks are late."""
    with sessions.begin() as session:
        day = session.scalar(select(office.Clock.day)) + timedelta(40)
        session.execute(update(office.Clock).values(day=day, not_before=dates.start_of(day)))
        service.ripen(session, limit=50)
    return three


def test_the_other_leader_is_asked_about_many_cases_at_once(at, late, sessions):
    picked = ["1-overdue-0", "2-overdue-0", "3-loop-0"]
    leader, other = at("leitung.stadt"), at("leitung.aa")
    page = planned(leader.post("/supervision/bulks", kind="ask", reason="Bitte nehmen Sie sich an.", pick=picked))
    assert statuses(leader.page(page)) == ["planned"] * 2
    given = {"due": f"{late_day(sessions):%d.%m.%Y}", "reason": "Unterlagen"}
    assert other.post(f"/inbox/tasks/{late[1]}/due", **given).status_code == 303
    leader.post(f"{page}/begin")
    worked(sessions)
    text = leader.page(page)
    assert statuses(text) == ["failed", "done"]
    assert "steht nicht mehr still" in text
    assert other.page("/stuck").count("Bitte nehmen Sie sich an.") == 1
    mine = planned(other.post("/supervision/bulks", kind="ask", reason="Bitte", pick=picked))
    assert "gehört zur eigenen Behörde" in other.page(mine)


def late_day(sessions):
    """A week after today."""
    with sessions() as session:
        return session.scalar(select(office.Clock.day)) + timedelta(7)


def test_failed_steps_of_many_cases_are_tried_again(at, late, sessions):
    with sessions.begin() as session:
        for row in session.execute(select(Task.instance_id, Task.element, Task.name).where(Task.id.in_(late))).all():
            failed = StepFailed(row.element, row.name, "broken", row.instance_id)
            engine.record_incident(session, failed, now=clock.now(session))
    leader = at("leitung.aa")
    assert 'data-cause="incident"' in leader.page("/stuck")
    picked = ["1-incident-0", "2-incident-0", "3-overdue-0"]
    page = planned(leader.post("/supervision/bulks", kind="retry", reason="Dienst geht wieder", pick=picked))
    assert sorted(statuses(leader.page(page))) == ["planned", "planned", "refused"]
    leader.post(f"{page}/begin")
    worked(sessions)
    assert sorted(statuses(leader.page(page))) == ["done", "done", "refused"]
    assert leader.page("/stuck").count('data-cause="incident"') == 1


@pytest.mark.usefixtures("late")
def test_many_cases_rest_until_a_day_and_go_on_again(at, sessions):
    picked = ["1-overdue-0", "1-unclaimed-0", "2-overdue-0"]
    leader, until = at("leitung.aa"), late_day(sessions)
    given = {"kind": "pause", "reason": "Büro wird umgebaut", "due": f"{until:%d.%m.%Y}", "pick": picked}
    page = planned(leader.post("/supervision/bulks", **given))
    assert "Ruht bis" in leader.page(page)
    leader.post(f"{page}/begin")
    worked(sessions)
    assert set(statuses(leader.page(page))) == {"done"}
    assert "Büro wird umgebaut" in leader.page("/cases/1")
    assert leader.page("/stuck?cause=paused").count('data-cause="paused"') == 2
    leader.post(f"{page}/undo")
    worked(sessions)
    assert set(statuses(leader.page(page))) == {"undone"}
    with sessions() as session:
        assert session.scalars(select(CasePause.ended_by)).all() == ["Klaus Wehner", "Klaus Wehner"]


@pytest.mark.usefixtures("late")
def test_cases_of_the_other_agency_do_not_rest_by_the_own_leader(at, sessions):
    given = {"kind": "pause", "reason": "Ruhe", "due": f"{late_day(sessions):%d.%m.%Y}", "pick": ["1-overdue-0"]}
    page = planned(at("leitung.stadt").post("/supervision/bulks", **given))
    assert "gehört zur anderen Behörde" in at("leitung.stadt").page(page)
