# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""Running cases change to a new version of their process: what people have of them stays, or the case stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests import factories
from tests.workflows import test_engine as cases
from tests.workflows import walks
from workflows import definitions, engine, handlers, history, migration, queries
from workflows.models import Instance, Task, Waiting

NOW = walks.NOW
LATER = NOW + timedelta(2)
KS = factories.actor("KS", id=1, name="Kim Kunde")
BOSS = factories.actor("LTG", id=9, name="Lea Leitung")
FORM = """<start id="s"/><u id="a" name="{}" d:role="{}" d:deadline="tage({})"/><b id="late" attachedToRef="a" cancelActivity="false"><timer id="t"><timeDuration>P9D</timeDuration></timer></b>
<u id="r" name="Mahnen" d:role="KS"/><u id="n" name="Planen" d:role="KS"/><end id="e"/><end id="e2"/><f a="s" b="a"/><f a="a" b="n"/><f a="n" b="e"/><f a="late" b="r"/><f a="r" b="e2"/>"""
OLD = FORM.format("Erfassen", "KS", 5)
NEW = FORM.format("Aufnehmen", "KS", 20)


def target(session, body, **names):
    cases.deploy(session, body)
    return migration.Target(definitions.latest(session, "p").id, names)


def migrate(session, number, wanted, now=LATER):
    return migration.migrate(session, number, wanted, actor=BOSS, now=now, reason="neue Fassung")


def rows(session, table):
    session.expire_all()
    return session.execute(select(table.__table__).order_by("id")).all()


def test_an_open_task_stays_the_same_and_is_called_as_the_new_version_says(session):
    number = cases.begin(session, OLD)
    task = cases.only(session)
    engine.claim(session, task.id, actor=KS, now=NOW)
    verdict, _ = migrate(session, number, target(session, NEW))
    after = cases.only(session)
    assert verdict == migration.Verdict(number, True)
    assert (after.id, after.name, after.assignee, after.due_at) == (
        task.id,
        "Aufnehmen",
        "Kim Kunde",
        NOW + timedelta(5),
    )
    engine.complete(session, task.id, actor=KS, values={}, now=LATER)
    assert cases.only(session).name == "Planen"


def test_a_task_that_goes_to_another_role_is_nobodys(session):
    number = cases.begin(session, OLD)
    engine.claim(session, cases.only(session).id, actor=KS, now=NOW)
    migrate(session, number, target(session, FORM.format("Erfassen", "FM", 5)))
    task = cases.only(session)
    assert (task.role, task.assignee_id, task.assignee) == ("FM", None, None)


def test_a_timer_keeps_its_instant(session):
    number = cases.begin(session, OLD)
    migrate(session, number, target(session, OLD.replace("P9D", "P1D")))
    (wait,) = rows(session, Waiting)
    assert (wait.element, wait.due_at) == ("late", NOW + timedelta(9))
    assert engine.wake(session, number, now=LATER) == 0
    assert engine.wake(session, number, now=NOW + timedelta(9)) == 1
    assert cases.elements(session) == ["a", "r"]


def test_the_history_says_who_changed_the_case_to_which_version_and_why(session):
    number = cases.begin(session, OLD)
    migrate(session, number, target(session, NEW))
    line = queries.timeline(session, "7")[-1]
    assert (line.kind, line.actor, line.at) == ("migrated", "Lea Leitung", LATER)
    assert line.detail == {"from_version": 1, "to_version": 2, "names": {}, "reason": "neue Fassung"}
    assert history.verify(session, number)


def test_an_element_with_another_name_is_found_by_the_names_that_are_given(session):
    number = cases.begin(session, OLD)
    renamed = NEW.replace('"a"', '"talk"').replace('"late"', '"tardy"')
    wanted = target(session, renamed)
    refused, _ = migrate(session, number, wanted)
    assert refused == migration.Verdict(number, False, "a", "missing")
    assert cases.only(session).name == "Erfassen"
    told = migration.Target(wanted.definition_id, {"a": "talk", "late": "tardy"})
    verdict, _ = migrate(session, number, told)
    assert verdict.possible
    assert cases.only(session).element == "talk"
    assert [(wait.element, wait.due_at) for wait in rows(session, Waiting)] == [("tardy", NOW + timedelta(9))]


def test_a_preview_says_the_same_and_changes_nothing(session):
    number = cases.begin(session, OLD)
    wanted = target(session, NEW)
    before = rows(session, Instance), rows(session, Task), rows(session, Waiting)
    assert migration.preview(session, number, wanted, actor=BOSS, now=LATER).possible
    assert (rows(session, Instance), rows(session, Task), rows(session, Waiting)) == before


def test_a_case_that_has_not_moved_can_go_back(session):
    number = cases.begin(session, OLD)
    (wait,), task = rows(session, Waiting), cases.only(session)
    _, before = migrate(session, number, target(session, NEW.replace('"late"', '"tardy"'), late="tardy"))
    assert migration.revert(session, before, actor=BOSS, now=LATER, reason="doch nicht").possible
    assert cases.only(session) == task
    (again,) = rows(session, Waiting)
    assert (again.element, again.due_at) == (wait.element, wait.due_at)
    engine.complete(session, task.id, actor=KS, values={}, now=LATER)
    assert history.verify(session, number)


def test_a_case_that_has_moved_on_does_not_go_back(session):
    number = cases.begin(session, OLD)
    _, before = migrate(session, number, target(session, NEW))
    engine.complete(session, cases.only(session).id, actor=KS, values={}, now=LATER)
    verdict = migration.revert(session, before, actor=BOSS, now=LATER, reason="doch nicht")
    assert verdict == migration.Verdict(number, False, "", "changed")
    assert cases.only(session).name == "Planen"


def test_a_timer_that_is_due_is_worked_off_first(session):
    number = cases.begin(session, OLD)
    wanted = target(session, NEW)
    verdict, _ = migrate(session, number, wanted, now=NOW + timedelta(9))
    assert (verdict.possible, verdict.code) == (False, "due")
    engine.wake(session, number, now=NOW + timedelta(9))
    assert migrate(session, number, wanted, now=NOW + timedelta(9))[0].possible


def test_a_case_that_is_stopped_changes_and_stays_stopped(session):
    number = cases.begin(session, OLD)
    session.execute(update(Instance).where(Instance.id == number).values(status="suspended"))
    wanted = target(session, NEW)
    verdict, before = migrate(session, number, wanted)
    assert verdict.possible
    state = (Instance.status, Instance.definition_id)
    assert session.execute(select(*state).where(Instance.id == number)).one() == ("suspended", wanted.definition_id)
    assert migration.revert(session, before, actor=BOSS, now=NOW, reason="doch nicht").possible
    assert session.execute(select(*state).where(Instance.id == number)).one() == ("suspended", before.definition_id)


@pytest.mark.parametrize("status", ["completed", "cancelled"])
def test_cases_that_have_ended_do_not_change(session, status):
    number = cases.begin(session, OLD)
    session.execute(update(Instance).where(Instance.id == number).values(status=status))
    assert migrate(session, number, target(session, NEW))[0].code == "closed"


def test_a_case_does_not_change_to_another_process_or_to_its_own_version(session):
    number = cases.begin(session, OLD)
    cases.deploy(session, NEW, process="other")
    same, other = (migration.Target(definitions.latest(session, name).id) for name in ("p", "other"))
    assert migrate(session, number, same)[0].code == "current"
    assert migrate(session, number, other)[0].code == "process"


EACH = """<start id="s"/><u id="a" name="{}" d:role="KS" d:deadline="tage({})"><multiInstanceLoopCharacteristics><loopDataInputRef>people</loopDataInputRef>
<inputDataItem id="ai" name="person"/></multiInstanceLoopCharacteristics></u><u id="n" d:role="KS"/><end id="e"/><f a="s" b="a"/><f a="a" b="n"/><f a="n" b="e"/>"""


def test_the_open_ones_of_several_instances_stay_the_same_tasks(session):
    cases.deploy(session, EACH.format("Fragen", 5))
    number = engine.start(session, "p", subject="7", values={"people": ["Ada", "Ben", "Cem"]}, actor=KS, now=NOW)
    first, second, third = rows(session, Task)
    engine.complete(session, second.id, actor=KS, values={}, now=NOW)
    engine.claim(session, third.id, actor=KS, now=NOW)
    _, before = migrate(session, number, target(session, EACH.format("Befragen", 9)))
    told = [(row.id, row.key, row.name, row.assignee, row.due_at) for row in rows(session, Task)]
    due = NOW + timedelta(5)
    assert told == [
        (first.id, first.key, "Befragen", None, due),
        (third.id, third.key, "Befragen", "Kim Kunde", due),
    ]
    assert migration.revert(session, before, actor=BOSS, now=LATER, reason="doch nicht").possible
    for task in (first, third):
        engine.complete(session, task.id, actor=KS, values={}, now=LATER)
    assert cases.elements(session) == ["n"]
    assert history.verify(session, number)


OUTSIDE = '<start id="s"/><s id="call" d:handler="letter"/><u id="n" d:role="KS"/><end id="e"/><f a="s" b="call"/><f a="call" b="n"/><f a="n" b="e"/>'


@pytest.fixture
def environment():
    letter = handlers.Registered("letter", lambda _call: {"sent": True}, (), {"sent": True}, handlers.Mode.OUTSIDE)
    return factories.environment(letter)


def test_an_outside_call_that_is_under_way_comes_back_to_the_new_version(session):
    number = cases.begin(session, OUTSIDE)
    (wait,) = rows(session, Waiting)
    verdict, _ = migrate(session, number, target(session, OUTSIDE.replace('id="n"', 'id="n" name="Ablegen"')))
    assert verdict.possible
    assert engine.resolve(session, number, key=wait.key.hex, outputs={"sent": True}, now=LATER)
    assert cases.only(session).name == "Ablegen"
