"""Targets lived through: a step begins with its first task, waits for the client, ends with its last act."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.casework.models import Plan
from app.office import dates, profile
from app.supervision import models, service, target_escalation
from tests.bpmn import walking
from workflows import touched
from workflows.models import Entry

CALENDAR = profile.snapshot(profile.read(walking.PROFILE))


def runs(walk) -> dict[str, models.Step]:
    """The steps of the case after what the act's transaction does at its end; the latest run of each."""
    service.refresh(walk.session, {int(subject) for subject in touched.take(walk.session)})
    found = walk.session.scalars(select(models.Step).order_by(models.Step.id)).all()
    for row in found:
        walk.session.refresh(row)
    return {row.step: row for row in found if row.case_id == walk.case_id}


def running(walk) -> set[str]:
    return {step for step, row in runs(walk).items() if row.ended_at is None}


def later(walk, days: int):
    walk.until(walk.today + timedelta(days))


def test_a_case_goes_from_step_to_step(walk):
    walk.arrive("V09")
    assert running(walk) == {"route"}
    walk.through_routing()
    found = runs(walk)
    assert found["route"].ended_at is not None
    assert "first_talk" in running(walk)


def test_profiling_counts_from_the_first_task_and_net_leaves_out_the_client(walk):
    walk.arrive("V09").through_routing()
    began = runs(walk)["profiling"].since
    later(walk, 7)
    walk.do("book_first_talk")
    found = runs(walk)
    assert found["first_talk"].ended_at is not None
    assert (found["profiling"].since, found["profiling"].client_since is not None) == (began, True)
    later(walk, 14)
    walk.do("profile_interview")
    ended = runs(walk)["profiling"]
    days = CALENDAR.working_days_between(dates.day_of(began), walk.today)
    client = CALENDAR.working_days_between(walk.today - timedelta(14), walk.today)
    assert (ended.gross, ended.net) == (days, days - client)


def test_a_plan_in_force_brings_its_review(walk):
    walk.arrive("V09").through_routing()
    walk.through_plan()
    found = runs(walk)
    assert found["plan_review"].ended_at is None
    assert found["plan_review"].red_at - found["plan_review"].amber_at == timedelta(14)


def test_another_day_of_review_ends_the_run_and_begins_one(walk):
    walk.arrive("V09").through_routing()
    walk.through_plan()
    before = runs(walk)["plan_review"]
    walk.session.execute(update(Plan).where(Plan.case_id == walk.case_id).values(review_on=walk.today))
    service.refresh(walk.session, [walk.case_id])
    after = runs(walk)["plan_review"]
    assert (before.id != after.id, before.ended_at is None, after.ended_at) == (True, False, None)
    assert after.red_at == dates.start_of(walk.today)


def escalated(walk) -> list[dict]:
    lines = select(Entry).where(Entry.kind == "escalated").order_by(Entry.sequence)
    return [line.detail for line in walk.session.scalars(lines)]


@pytest.mark.parametrize(("days", "times"), [(9, 0), (16, 1)])
def test_red_goes_to_the_leader_of_whoever_must_move(walk, days, times):
    walk.arrive("V09").through_routing()
    lead = walk.tasks()["book_first_talk"].role
    runs(walk)
    later(walk, days)
    for _ in range(3):
        target_escalation.turn(walk.session, now=walk.now)
        runs(walk)
    told = [one for one in escalated(walk) if one["step"] == "first_talk"]
    leader = "LTG_AA" if lead in walking.PARTNERS else "LTG_STADT"
    assert [(one["level"], one["to"]) for one in told] == [(1, [leader])] * times
