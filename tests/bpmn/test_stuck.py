"""Each way in which a case stands still, lived through: found, and gone with the act that moves the case."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text, update

from app.casework import service as casework
from app.office import clock, dates
from app.office.models import Absence, Post, Staff
from app.supervision import causes, queries, service, words
from tests.bpmn import walking
from workflows import engine, interventions, touched
from workflows.errors import StepFailed


def standing(walk) -> dict[str, dict[str, queries.Row]]:
    """The causes that hold now for the case, each with its steps: after what the act's transaction does at its end,
    and what the worker does when the clock has moved.
    """
    session = walk.session
    service.refresh(session, {int(subject) for subject in touched.take(session)})
    clock.turn_to(session, walk.now)
    service.ripen(session, limit=100)
    rows = queries.listing(session, queries.Wanted(), now=walk.now, limit=100)
    found: dict[str, dict[str, queries.Row]] = {}
    for row in rows:
        if row.case_id == walk.case_id:
            found.setdefault(row.cause, {})[row.element] = row
    return found


def later(walk, days: int):
    return walk.until(walk.today + timedelta(days))


def staffed(walk, role: str):
    """Somebody real who holds the role, with an account."""
    row = walk.session.execute(
        text(
            "SELECT staff.id, staff.name FROM office_staff AS staff JOIN office_post AS post "
            "ON post.staff_id = staff.id WHERE post.role = :role ORDER BY staff.id LIMIT 1"
        ),
        {"role": role},
    ).one()
    account = walking.IDS[role]
    walk.session.execute(update(Staff).where(Staff.id == row.id).values(account_id=account))
    return row.id, account, row.name


def assign(walk, element: str, role: str):
    staff_id, account, name = staffed(walk, role)
    leader = walking.person("LTG_AA" if role in walking.PARTNERS else "LTG_STADT")
    engine.assign(
        walk.session,
        walk.tasks()[element].id,
        assignee_id=account,
        assignee=name,
        actor=leader,
        now=walk.now,
        reason="Vertretung",
    )
    return staff_id


def test_a_fresh_case_does_not_stand_still(walk):
    walk.arrive("V01")
    assert standing(walk) == {}


def test_a_task_that_nobody_takes_shows_after_two_working_days_and_goes_when_it_is_done(walk):
    walk.arrive("V01")
    assert "unclaimed" not in standing(walk)
    later(walk, 5)
    assert standing(walk)["unclaimed"]["routing_confirm"].role == "KS"
    walk.through_routing()
    assert "routing_confirm" not in standing(walk).get("unclaimed", {})


def test_a_late_task_leaves_the_desk_when_its_due_date_is_moved(walk):
    walk.arrive("V01")
    later(walk, 20)
    found = standing(walk)["overdue"]["routing_confirm"]
    assert found.red_at <= walk.now
    due = walk.now + timedelta(3)
    engine.set_due(walk.session, found.task_id, due_at=due, reason="Urlaub", actor=walking.person("KS"), now=walk.now)
    assert "routing_confirm" not in standing(walk).get("overdue", {})


def test_a_step_of_the_client_is_named_as_such(walk):
    walk.arrive("V01").through_routing()
    walk.do("book_first_talk")
    later(walk, 60)
    assert "profile_interview" in standing(walk)["client"]


def test_the_answer_of_the_other_agency_is_awaited_for_three_working_days(walk):
    walk.arrive("V01").through_routing()
    for element in ("book_first_talk", "profile_interview", "anamnesis_talk", "plan_draft"):
        if element in walk.open:
            walk.do(element)
    waiting = {name for name, task in walk.tasks().items() if task.waits_for == "partner"}
    assert waiting
    assert "partner" not in standing(walk)
    later(walk, 7)
    assert standing(walk)["partner"].keys() & waiting
    for element in waiting:
        if element in walk.open:
            walk.do(element)
    assert not standing(walk).get("partner", {}).keys() & waiting


def test_half_of_a_joint_step_is_found_and_gone_with_the_other_half(walk):
    for number in walking.vignettes():
        with walk.session.begin_nested() as tried:
            walk.arrive(number).through_routing()
            for element in ("book_first_talk", "profile_interview"):
                if element in walk.open:
                    walk.do(element)
            if {"profile_joint_vm", "profile_joint_fm"} <= walk.open:
                break
            tried.rollback()
    walk.do("profile_joint_vm")
    later(walk, 6)
    assert set(standing(walk)["joint"]) == {"profile_joint_fm"}
    walk.do("profile_joint_fm")
    assert "joint" not in standing(walk)


def test_a_task_of_somebody_who_is_away_shows_while_they_are(walk):
    walk.arrive("V01")
    staff_id = assign(walk, "routing_confirm", "KS")
    assert "absent" not in standing(walk)
    walk.session.add(
        Absence(staff_id=staff_id, valid_from=walk.today + timedelta(1), valid_to=walk.today + timedelta(9))
    )
    touched.mark(walk.session, str(walk.case_id))
    assert "absent" not in standing(walk)
    later(walk, 2)
    found = standing(walk)["absent"]["routing_confirm"]
    assert "unclaimed" not in standing(walk)
    engine.assign(
        walk.session,
        found.task_id,
        assignee_id=None,
        assignee=None,
        actor=walking.person("LTG_AA"),
        now=walk.now,
        reason="Vertretung",
    )
    assert "absent" not in standing(walk)


def test_a_task_of_somebody_who_has_left_is_found(walk):
    walk.arrive("V01")
    staff_id = assign(walk, "routing_confirm", "KS")
    walk.session.execute(update(Staff).where(Staff.id == staff_id).values(active_to=walk.today + timedelta(1)))
    touched.mark(walk.session, str(walk.case_id))
    assert "left" not in standing(walk)
    later(walk, 1)
    assert "left" in standing(walk)
    walk.through_routing()
    assert "left" not in standing(walk)


def test_a_role_that_nobody_holds_is_found(walk):
    walk.arrive("V01")
    walk.session.execute(text("DELETE FROM office_substitution WHERE role = 'KS'"))
    walk.session.execute(update(Post).where(Post.role == "KS").values(valid_to=walk.today + timedelta(1)))
    touched.mark(walk.session, str(walk.case_id))
    later(walk, 1)
    assert standing(walk)["vacant"]["routing_confirm"].role == "KS"
    walk.do("routing_confirm")
    assert "routing_confirm" not in standing(walk).get("vacant", {})


def test_a_case_whose_tasks_all_rest_is_grey_until_the_day(walk):
    walk.arrive("V01")
    task = walk.tasks()["routing_confirm"]
    until = dates.start_of(walk.today + timedelta(10))
    engine.hold(walk.session, task.id, until=until, reason="Unterlagen", actor=walking.person("KS"), now=walk.now)
    assert set(standing(walk)) == {"held"}
    later(walk, 10)
    assert "held" not in standing(walk)
    later(walk, 6)
    assert "hold_over" in standing(walk)
    engine.resume(walk.session, task.id, actor=walking.person("KS"), now=walk.now)
    assert "hold_over" not in standing(walk)


def test_a_resting_case_is_grey_until_it_is_taken_up(walk):
    walk.arrive("V01").through_routing()
    walk.do("book_first_talk")
    casework.pause(
        walk.session,
        walk.case_id,
        until=date(2004, 3, 1),
        reason="illness",
        remark="",
        actor=walking.person("FM"),
        now=walk.now,
    )
    assert "paused" in standing(walk)
    casework.resume(walk.session, walk.case_id, actor=walking.person("FM"), now=walk.now)
    assert "paused" not in standing(walk)


def test_a_failed_step_is_red_until_it_is_dealt_with(walk):
    walk.arrive("V01")
    failed = StepFailed("routing_propose", "Vorschlag", "broken", walk.case.instance_id)
    engine.record_incident(walk.session, failed, now=walk.now)
    found = standing(walk)["incident"]["routing_propose"]
    assert found.red_at <= walk.now
    engine.retry(walk.session, found.ref, actor=walking.person("LTG_STADT"), now=walk.now)
    assert "incident" not in standing(walk)


def test_a_stopped_case_shows_until_it_goes_on(walk):
    walk.arrive("V01")
    leader = walking.person("LTG_STADT")
    order = interventions.Order(leader, "Prüfung", walk.now)
    interventions.suspend(walk.session, walk.case.instance_id, order)
    assert "stopped" in standing(walk)
    interventions.resume(walk.session, walk.case.instance_id, order)
    assert "stopped" not in standing(walk)


def test_a_case_without_a_plan_after_thirty_working_days_is_found_until_the_plan_is_in_force(walk):
    walk.arrive("V09").through_routing()
    later(walk, 50)
    assert "no_plan" in standing(walk)
    walk.through_plan()
    assert "no_plan" not in standing(walk)


def test_a_case_that_was_cancelled_but_is_open_has_nothing_that_moves_it(walk):
    walk.arrive("V01")
    engine.cancel(
        walk.session, walk.case.instance_id, actor=walking.person("LTG_STADT"), reason="Versehen", now=walk.now
    )
    later(walk, 4)
    assert "dead" in standing(walk)


@pytest.mark.parametrize("which", ["V01", "V09"])
def test_time_alone_brings_onto_the_desk_what_looking_at_all_cases_anew_would(walk, which):
    walk.arrive(which)
    found = []
    for days in (0, 1, 3, 10, 30):
        later(walk, days)
        found.append(set(standing(walk)))
        one = written(walk)
        service.compute(walk.session)
        assert written(walk) == one
    assert found[0] < found[-1]


def written(walk):
    """What the desk knows, without the numbers of its rows."""
    columns = "case_id, cause, role, since, at, red_at, until, due"
    findings = walk.session.execute(text(f"SELECT {columns} FROM supervision_finding ORDER BY cause, at, since")).all()
    return findings, walk.session.execute(text("SELECT case_id, at FROM supervision_watch ORDER BY case_id")).all()


def test_an_act_writes_out_only_what_holds_soon(walk):
    walk.arrive("V01").through_routing()
    assert standing(walk) == {}
    findings, watched = written(walk)
    assert findings == []
    assert [row.case_id for row in watched] == [walk.case_id]
    assert walk.now < watched[0].at < walk.now + timedelta(14)


@pytest.mark.parametrize("which", ["V01", "V09"])
def test_all_cases_at_once_give_the_same_as_one_after_the_other(walk, which):
    walk.arrive(which)
    later(walk, 40)
    standing(walk)
    columns = "case_id, cause, role, since, at, red_at, until, due"
    one = walk.session.execute(text(f"SELECT {columns} FROM supervision_finding ORDER BY cause, at")).all()
    service.compute(walk.session)
    assert walk.session.execute(text(f"SELECT {columns} FROM supervision_finding ORDER BY cause, at")).all() == one
    assert one


def test_each_cause_has_words_in_both_languages():
    assert set(words.CAUSES) >= (set(causes.selects()) - {"no_process", "handover"}) | {"client", "third"}
