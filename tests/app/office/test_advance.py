import csv
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.casework import models as casework
from app.casework.arrivals import service as arrivals
from app.office import advance, calendar, clock, dates, errors, models, profile
from app.office import service as office_service
from tests import copies, factories
from tests.app.casework import small_case
from tests.app.office import conftest
from workflows import definitions, handlers, problems
from workflows import models as host
from workflows.handlers import Actor

PROFILE = profile.read("bergisch_gladbach_2004")
HEAD = Actor(id=7, name="Leitung", roles=frozenset({"LTG_STADT"}), partner="STADT")
SOURCES = (advance.TimerSource(), advance.StartSource(), arrivals.ArrivalSource())


@pytest.fixture
def environment():
    snapshot = profile.snapshot(PROFILE)
    return handlers.Environment(handlers.Registry(), calendar.OfficeCalendar(lambda: snapshot))


def stage(session):
    conftest.load(session)
    files = {"case.bpmn": small_case.DIAGRAM}
    definitions.deploy(session, files, known=problems.Known(), now=factories.OPENING, by="test")
    with PROFILE.clients.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file, delimiter=";"))
    arrivals.import_records(session, lines, actor=handlers.SYSTEM, now=office_now(session))


_staged = copies.Copies(stage)


@pytest.fixture
def staged(session):
    """The shipped office with a small process and all shipped records expected; those of the first day are there."""
    # The copies come back under the same ids; another test's diagrams may be held under these.
    definitions.forget()
    _staged.into(session)
    return session


def office_now(session):
    return clock.reading(session, datetime(2026, 3, 2, 9, 30, tzinfo=UTC))


def ask(session, day, actor=HEAD):
    return advance.request(session, day, actor=actor, now=office_now(session))


def test_a_move_to_where_another_has_moved_the_clock_meanwhile_is_refused(staged):
    read = office_now(staged)
    day = dates.day_of(read) + timedelta(days=1)
    play(staged, ask(staged, day))
    with pytest.raises(errors.ClockRefused) as refused:
        advance.request(staged, day, actor=HEAD, now=read)
    assert refused.value.reason == "backwards"


def play(session, run_id, steps=10_000):
    while steps and advance.step(session, run_id, sources=SOURCES):
        steps -= 1
    return advance.run(session, run_id)


def test_the_office_date_stands_while_the_time_of_day_runs(office):
    morning, evening = (datetime(2026, 7, 2, hour, 30, tzinfo=UTC) for hour in (9, 18))
    assert (
        dates.day_of(clock.reading(office, morning)) == dates.day_of(clock.reading(office, evening)) == date(2004, 1, 5)
    )
    assert clock.reading(office, evening) - clock.reading(office, morning) == timedelta(hours=9)


def test_without_a_training_office_the_system_clock_counts(session):
    now = datetime(2026, 7, 2, 9, 30, tzinfo=UTC)
    assert clock.reading(session, now) == now
    assert not clock.is_training(session)


def test_the_clock_never_goes_back(office):
    clock.turn_to(office, datetime(2004, 3, 1, 16, 0, tzinfo=UTC))
    clock.turn_to(office, datetime(2004, 2, 1, 16, 0, tzinfo=UTC))
    assert clock.reading(office, datetime(2026, 1, 2, 5, 0, tzinfo=UTC)) == datetime(2004, 3, 1, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize("role", ["KS", "FM", "PD", "DSB_AA"])
def test_only_leaders_and_administration_move_the_clock(office, role):
    with pytest.raises(errors.ClockRefused, match="not_allowed"):
        ask(office, date(2004, 1, 6), Actor(1, "x", frozenset({role}), "STADT"))


@pytest.mark.parametrize(
    ("day", "reason"),
    [(date(2004, 1, 5), "backwards"), (date(2003, 12, 1), "backwards"), (date(2024, 1, 1), "too_far")],
)
def test_a_move_that_is_no_step_forward_is_refused(office, day, reason):
    with pytest.raises(errors.ClockRefused, match=reason):
        ask(office, day)


def test_one_move_at_a_time(office):
    ask(office, date(2004, 1, 6))
    with pytest.raises(errors.ClockRefused, match="under_way"):
        ask(office, date(2004, 1, 7))


def test_a_production_office_has_no_clock_to_move(session):
    with pytest.raises(errors.ClockRefused, match="not_training"):
        advance.request(session, date(2030, 1, 1), actor=HEAD, now=datetime(2026, 7, 2, 9, 30, tzinfo=UTC))


def test_a_move_brings_the_office_to_its_day(staged):
    run = play(staged, ask(staged, date(2004, 6, 1)))
    assert (run.status, run.done) == ("done", run.total)
    assert clock.training_day(staged) == date(2004, 6, 1)
    assert office_now(staged) == run.target


def test_what_falls_due_acts_in_the_order_of_time_each_on_its_own_date(staged):
    play(staged, ask(staged, date(2004, 3, 31)))
    opened = {
        row.id: row.opened_at for row in staged.execute(select(casework.CaseFile.id, casework.CaseFile.opened_at))
    }
    fired = staged.execute(
        select(host.Task.created_at.label("at"), host.Task.subject)
        .where(host.Task.element == "talk")
        .order_by(host.Task.id)
    ).all()
    assert len(fired) > 7
    assert [row.at for row in fired] == sorted(row.at for row in fired)
    assert all(dates.day_of(row.at) - dates.day_of(opened[int(row.subject)]) == timedelta(14) for row in fired)


def test_arrivals_come_at_the_opening_hour_of_their_day(staged):
    play(staged, ask(staged, date(2004, 3, 31)))
    rows = staged.execute(
        select(casework.Arrival.reference_date, casework.CaseFile.opened_at)
        .join(casework.CaseFile, casework.CaseFile.id == casework.Arrival.case_id)
        .where(casework.Arrival.reference_date > date(2004, 1, 5))
    ).all()
    assert rows
    assert all(dates.local(row.opened_at).isoformat()[:16] == f"{row.reference_date}T08:00" for row in rows)


def test_progress_never_goes_back_and_the_clock_stands_at_the_event_played(staged):
    run_id = ask(staged, date(2004, 3, 5))
    seen = []
    while advance.step(staged, run_id, sources=SOURCES):
        run = advance.run(staged, run_id)
        assert office_now(staged) == run.current
        seen.append((run.current, run.done))
    assert seen == sorted(seen)
    assert seen[-1][1] <= advance.run(staged, run_id).total


def test_a_cancelled_move_stops_where_it_is(staged):
    run_id = ask(staged, date(2004, 6, 1))
    play(staged, run_id, steps=20)
    advance.cancel(staged, run_id, actor=HEAD)
    run = play(staged, run_id)
    assert run.status == "cancelled"
    assert date(2004, 1, 5) < clock.training_day(staged) < date(2004, 6, 1)
    assert ask(staged, date(2004, 6, 1)) != run_id


def test_a_move_that_was_interrupted_is_taken_up_where_it_stood(staged):
    run_id = ask(staged, date(2004, 2, 20))
    play(staged, run_id, steps=20)
    before = advance.run(staged, run_id)
    staged.expire_all()
    assert advance.active(staged) == run_id
    after = play(staged, run_id)
    assert (before.status, after.status) == ("running", "done")
    assert staged.scalar(select(models.Run.events)) == after.events


def test_a_skipped_instance_holds_nothing_up(staged):
    run_id = ask(staged, date(2004, 2, 20))
    instance_id = staged.scalar(select(host.Waiting.instance_id).order_by(host.Waiting.due_at).limit(1))
    advance.skip(staged, run_id, instance_id)
    assert play(staged, run_id).status == "done"
    assert staged.scalar(select(host.Waiting.id).where(host.Waiting.instance_id == instance_id)) is not None


def test_an_unknown_move_is_refused(office):
    assert advance.run(office, 4711) is None
    with pytest.raises(errors.ClockRefused, match="unknown_run"):
        advance.cancel(office, 4711, actor=HEAD)


def test_a_failed_move_says_why(staged):
    run_id = ask(staged, date(2004, 2, 20))
    advance.fail(staged, run_id, "broken")
    assert (advance.latest(staged).status, advance.latest(staged).message) == ("failed", "broken")


def test_a_move_of_a_loaded_office_survives_a_second_load(staged):
    play(staged, ask(staged, date(2004, 2, 20)))
    office_service.load(staged, "bergisch_gladbach_2004", factories.OPENING)
    assert clock.training_day(staged) == date(2004, 2, 20)


NIGHTLY = """<startEvent id="s"><timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition></startEvent>
<task id="t"/><endEvent id="e"/><sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
<sequenceFlow id="f2" sourceRef="t" targetRef="e"/>"""


def test_processes_that_the_clock_starts_begin_on_the_way_each_on_its_own_day(staged):
    model = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    diagram = (
        f'<definitions xmlns="{model}" targetNamespace="x"><process id="nightly">{NIGHTLY}</process></definitions>'
    )
    began = office_now(staged)
    definitions.deploy(staged, {"nightly.bpmn": diagram.encode()}, known=problems.Known(), now=began, by="test")
    play(staged, ask(staged, dates.day_of(began) + timedelta(days=3)))
    query = select(host.Instance.started_at).join(host.Definition).where(host.Definition.process == "nightly")
    assert sorted(staged.scalars(query)) == [began + timedelta(days=number) for number in (1, 2, 3)]
