"""Red steps go up by time alone: once to each level, told in the history, gone with the step's last act."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.office import clock, dates
from app.office import models as office
from app.supervision import models, service, target_escalation
from workflows.models import Entry


@pytest.fixture
def waiting(register, office_sessions):
    """A registered case, and a way to let the office's days pass as the worker sees them."""
    service.keep_up(office_sessions)
    register()

    def pass_days(days: int) -> int:
        with office_sessions.begin() as session:
            day = session.scalar(select(office.Clock.day)) + timedelta(days)
            session.execute(update(office.Clock).values(day=day, not_before=dates.start_of(day)))
        with office_sessions.begin() as session:
            return target_escalation.turn(session, now=clock.now(session))

    return pass_days


def told(sessions) -> list[tuple[int, tuple[str, ...]]]:
    """The lines of the history that say a step went up."""
    with sessions() as session:
        lines = session.scalars(select(Entry).where(Entry.kind == "escalated").order_by(Entry.sequence)).all()
        return [(line.detail["level"], tuple(line.detail["to"])) for line in lines]


def run(sessions):
    """The run of the step from registration to route."""
    with sessions() as session:
        return session.scalars(select(models.Step).where(models.Step.step == "route")).one()


def test_a_red_step_goes_to_the_own_leader_once_and_later_to_both(waiting, office_sessions):
    assert waiting(3) == 0
    assert told(office_sessions) == []
    waiting(7)
    waiting(0)
    assert told(office_sessions) == [(1, ("LTG_AA",))]
    waiting(8)
    waiting(0)
    waiting(30)
    assert told(office_sessions) == [(1, ("LTG_AA",)), (2, ("LTG_AA", "LTG_STADT"))]


def test_the_leader_finds_it_on_the_desk_and_the_other_does_not(waiting, at):
    waiting(10)
    desk = at("leitung.aa")
    assert 'data-cause="escalated"' in desk.page("/stuck?cause=escalated&role=LTG_AA")
    assert 'data-told="route"' in desk.page("/supervision/targets")
    assert "data-told" not in at("leitung.stadt").page("/supervision/targets")
    assert "Stufe 1 an: Leitung" in desk.page("/cases/1")


def test_it_leaves_the_desk_with_the_act_that_ends_the_step(waiting, at, office_sessions):
    waiting(10)
    with office_sessions.begin() as session:
        session.execute(update(office.Target).where(office.Target.step == "route").values(elements=["another_step"]))
        service.refresh(session, [1])
    ended = run(office_sessions)
    assert ended.ended_at is not None
    assert 0 <= ended.net <= ended.gross
    leader = at("leitung.aa")
    assert 'data-cause="escalated"' not in leader.page("/stuck")
    assert "data-told" not in leader.page("/supervision/targets")


def test_what_the_diagram_has_told_is_not_told_again(waiting, office_sessions):
    with office_sessions.begin() as session:
        session.execute(update(office.Target).values(diagram=["intake_identity"]))
    waiting(10)
    assert told(office_sessions) == []
    assert run(office_sessions).level == 1
    waiting(8)
    assert told(office_sessions) == [(2, ("LTG_AA", "LTG_STADT"))]


def test_a_moving_clock_stops_at_the_day_on_which_a_step_becomes_red(waiting, office_sessions):
    assert waiting(0) == 0
    with office_sessions() as session:
        red_at = run(office_sessions).red_at
        source = target_escalation.Source()
        assert source.next_at(session, red_at + timedelta(1), []) == red_at
        assert source.next_at(session, red_at - timedelta(1), []) is None
        source.play(session, red_at, [])
        assert session.scalars(select(models.Step.level).where(models.Step.step == "route")).one() == 1
