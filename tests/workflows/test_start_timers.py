"""Processes that the clock starts: each occurrence once, only of the newest version, missed ones caught up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests import factories
from tests.workflows import walks
from tests.workflows.conformance import drawing
from tests.workflows.conformance.drawing import diagram
from workflows import clock, definitions, linter, player, problems, runner, specs, start_timers
from workflows.models import Instance, StartTimer

NOW = walks.NOW
KIND = {"R": "timeCycle", "P": "timeDuration", "2": "timeDate"}


def body(source, then='<throw id="t"><signal id="d2" signalRef="sig"/></throw>'):
    kind = KIND[source[0]]
    return f'<start id="s"><timer id="d1"><{kind}>{source}</{kind}></timer></start>{then}<end id="e"/>{{s t e}}'


def files(source, **options):
    return {"p.bpmn": diagram(body(source, **options), "p", "", '<signal id="sig" name="Neues"/>').encode()}


def deploy(session, source, now=NOW, **options):
    (made,) = definitions.deploy(session, files(source, **options), known=definitions.Known(), now=now, by="Test")
    return made


def begun(sessions, days):
    """How many instances the sweep has begun up to this day."""
    runner.sweep(sessions, lambda _session: NOW + timedelta(days), limit=100)
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(Instance))


def test_a_cycle_begins_as_often_as_it_says_and_catches_up(committed):
    with committed.begin() as session:
        deploy(session, "R3/P2D")
    assert [begun(committed, days) for days in (1, 2, 3, 9, 99)] == [0, 1, 1, 3, 3]


@pytest.mark.parametrize("source", ["P2D", "2004-01-07T08:00:00Z"])
def test_an_instant_begins_once(committed, source):
    with committed.begin() as session:
        deploy(session, source)
    assert [begun(committed, days) for days in (1, 2, 9)] == [0, 1, 1]


def test_what_was_over_before_the_process_was_there_begins_nothing(committed):
    with committed.begin() as session:
        deploy(session, "2003-12-31T08:00:00Z")
    assert begun(committed, 99) == 0


def test_of_a_cycle_that_began_long_ago_only_the_future_counts(committed):
    with committed.begin() as session:
        deploy(session, "R/1990-01-01T00:00:00Z/P1D")
    assert [begun(committed, days) for days in (0, 1, 2)] == [0, 1, 2]


def test_a_newer_version_takes_the_place_of_the_older_and_the_same_one_changes_nothing(committed):
    with committed.begin() as session:
        deploy(session, "R/P2D")
    with committed.begin() as session:
        deploy(session, "R/P2D", now=NOW + timedelta(1))
        assert session.scalars(select(StartTimer.due_at)).all() == [NOW + timedelta(2)]
        newer = deploy(session, "R/P5D", now=NOW + timedelta(1))
        (row,) = session.scalars(select(StartTimer))
        assert (row.definition_id, row.due_at) == (newer.id, NOW + timedelta(6))


def test_several_sweepers_begin_each_occurrence_once(committed):
    with committed.begin() as session:
        deploy(session, "R20/PT1H")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: begun(committed, 9), range(4)))
    assert begun(committed, 9) == 20


def test_a_start_that_fails_is_told_and_the_next_comes(committed):
    script = '<scriptTask id="t"><script>x = 1 / 0</script></scriptTask>'
    with committed.begin() as session:
        deploy(session, "R/P2D", then=script)
    assert begun(committed, 3) == 0
    with committed() as session:
        (row,) = session.scalars(select(StartTimer))
        assert (row.number, row.due_at, row.trouble.partition(":")[0]) == (2, NOW + timedelta(4), "t")


def test_tasks_for_people_have_no_case_to_belong_to():
    content = files("R/P1D", then='<user id="t"/>')
    (problem,) = linter.check(content, roles=frozenset({"KS"}))
    assert (problem.element, problem.code) == ("s", "start_timer_personal")
    assert [told.severity for told in linter.check(content, lenient=player.LENIENT)] == ["warning"]


@pytest.mark.parametrize(
    ("starts", "asked", "found"),
    [
        ("{s a}", False, []),
        ('{s a}<start id="s2"/>{s2 a}', True, []),
        ('{s a}<start id="s2"/>{s2 a}', False, ["start_nobody_chooses"]),
        ('{s a}<start id="s2"><message id="d" messageRef="msg"/></start>{s2 a}', False, []),
    ],
)
def test_what_the_office_begins_by_itself_begins_in_one_way(starts, asked, found):
    drawn = drawing.long(f'<start id="s"/>{starts}<user id="a"/><end id="e"/>{{a e}}', "p")
    message = '<message id="msg" name="Brief"/>'
    content = f'{drawing.HEAD}{message}<process id="p" isExecutable="true">{drawn}</process></definitions>'
    told = linter.check({"p.bpmn": content.encode()}, lenient=player.LENIENT, begun={"p": asked})
    assert [problem.code for problem in told if problem.severity == "error"] == found


def test_what_the_office_begins_has_a_start_without_a_trigger():
    content = files("R/P1D")
    known = problems.Known(lenient=player.LENIENT, begun={"p": True})
    assert [problem.code for problem in linter.lint(content, known)] == ["start_plain_missing"]


def test_before_an_instance_begins_there_are_no_values():
    content = {
        "p.bpmn": diagram(body("PX").replace("PX", "due"), "p", "due", '<signal id="sig" name="Neues"/>').encode()
    }
    assert [(problem.element, problem.code) for problem in linter.check(content)] == [("s", "name_unknown")]


@settings(max_examples=60, deadline=None)
@given(
    start=st.datetimes(datetime(1990, 1, 1), datetime(2010, 1, 1)),  # noqa: DTZ001  the offset is added below
    hours=st.integers(1, 5000),
    times=st.none() | st.integers(1, 200),
)
def test_the_first_occurrence_is_the_first_in_the_future(start, hours, times):
    source = f"R{times or ''}/{start.isoformat()}+00:00/PT{hours}H"
    with clock.at(NOW, factories.SimpleCalendar()):
        number = start_timers.first(source, NOW)
        due = specs.occurrence(source, number, NOW)
        before = specs.occurrence(source, number - 1, NOW) if number > 1 else None
    assert due is None or due > NOW
    assert before is None or before <= NOW
    assert due is None or due == start.replace(tzinfo=UTC) + timedelta(hours=hours) * (number - 1)
