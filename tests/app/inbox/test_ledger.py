"""The checker of the kill test finds what is lost, doubled, invented or half done."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from tests.benchmarks import ledger, staff
from tests.bpmn import answers


@pytest.fixture
def told(register, at, office_sessions):
    """What people were told: somebody was taken in, a remark was made, the route was confirmed."""
    known = staff.Told()
    first = register(family_name="Lindner")
    known.note("register", "Lindner", staff.ANSWERED, 303)
    desk = at("ks")

    def asked(kind, key, path, **typed):
        assert desk.post(f"/inbox/tasks/{path}", **typed).status_code == 303
        known.note(kind, key, staff.ANSWERED, 303)

    asked("comment", "Bitte anrufen", f"{first}/comments", text="Bitte anrufen")
    asked("complete", str(first), f"{first}/complete", **answers.for_form("intake_identity", date(2004, 1, 5)))
    with office_sessions() as session:
        query = text("SELECT id FROM workflow_task WHERE element = 'routing_confirm'")
        second = session.execute(query).scalar_one()
    asked("complete", str(second), f"{second}/complete", decision="confirm")
    return known


def checked(sessions, told):
    with sessions() as session:
        people = session.execute(text("SELECT id FROM account WHERE login = 'ks'")).scalars().all()
    return ledger.check(sessions, told, by_people=people)


def test_an_office_where_all_went_well_is_clean(office_sessions, told):
    verdict = checked(office_sessions, told)
    assert verdict.is_clean, verdict
    assert (verdict.acts, verdict.answered, verdict.instances) == (4, 4, 1)


TWICE = """INSERT INTO comment (case_id, text, author, author_id, at)
SELECT case_id, text, author, author_id, at FROM comment"""


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("DELETE FROM comment", ("lost", "comment")),
        ("UPDATE client SET family_name = 'Linder'", ("lost", "register")),
        (TWICE, ("doubled", "comment")),
        ("DELETE FROM workflow_task WHERE id = (SELECT min(id) FROM workflow_task)", ("half", "tasks")),
        ("DELETE FROM workflow_waiting", ("half", "waits")),
        ("UPDATE workflow_entry SET actor = 'Niemand' WHERE kind = 'task_completed'", ("half", "chain")),
        ("UPDATE workflow_instance SET status = 'completed'", ("half", "instance")),
        ("UPDATE case_file SET instance_id = NULL", ("half", "without a process")),
        ("UPDATE route_decision SET decided_by_id = NULL", ("half", "routes confirmed")),
        ("UPDATE workflow_waiting SET due_at = '2003-01-01'", ("late", "timers left")),
    ],
)
def test_what_is_not_as_people_were_told_is_found(office_sessions, told, statement, found):
    with office_sessions.begin() as session:
        changed = session.execute(text(statement)).rowcount
    assert changed
    where, what = found
    assert any(what in line for line in getattr(checked(office_sessions, told), where))


def test_what_nobody_asked_for_is_found(office_sessions, told):
    told.acts.pop(next(act for act in told.acts if act[0] == "complete"))
    assert checked(office_sessions, told).invented
