"""Timers: what they may say, and that a waiting task keeps an absolute instant."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from SpiffWorkflow.util.task import TaskState

from tests import factories
from workflows import clock, parser, serializer, specs, timers
from workflows.errors import ExpressionInvalid

NOW = datetime(2004, 1, 5, 9, tzinfo=UTC)
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p" isExecutable="true">'
WAITING = TaskState.WAITING


@pytest.mark.parametrize(
    "source",
    [
        "werktage(5)",
        "tage( 14 )",
        "wochen(4)",
        "monate(3)",
        "werktage(-2)",
        'frist("first_talk")',
        "frist('x')",
        "P14D",
        "PT10S",
        "P1Y2M3W4DT5H6M7S",
        "2004-02-29",
        "2004-02-29T10:00:00+01:00",
    ],
)
def test_it_is_a_timer_without_names(source):
    timer = timers.compile_timer(source)
    assert (timer.names, timer.cycle) == (frozenset(), False)


@pytest.mark.parametrize(
    ("source", "name"), [("next_talk", "next_talk"), ("wochen(n)", "n"), ("frist(which)", "which")]
)
def test_it_reads_a_value(source, name):
    assert timers.compile_timer(source).names == {name}
    with pytest.raises(ExpressionInvalid):
        timers.compile_timer(source, frozenset())


@pytest.mark.parametrize(
    "source",
    [
        "",
        "P",
        "PT",
        "P3",
        "3 days",
        "0 0 9 ? * MON",
        "${x}",
        "R3",
        "R3/",
        "R3/P0D",
        "R/2004-01-05/2004-01-06",
        "__x",
        "werktage()",
        "werktage(1.5)",
        "werktage(1, 2)",
        "P-3D",
        "2004-02-30",
        "x" * 300,
        "len",
        "a.b",
        "'P3D'",
    ],
)
def test_it_is_no_timer(source):
    with pytest.raises(ExpressionInvalid):
        timers.compile_timer(source)


@pytest.mark.parametrize(
    ("source", "repetitions", "second"),
    [("R3/PT10H", 3, "PT20H"), ("R/P1M", None, "P2M"), ("R2/2004-01-05T10:00:00+01:00/P1D", 2, "P2D")],
)
def test_a_cycle_knows_its_occurrences(source, repetitions, second):
    timer = timers.compile_timer(source)
    assert (timer.cycle, timer.repetitions, timer.occurrence(2)) == (True, repetitions, second)


@given(st.text(max_size=40) | st.from_regex(r"R?\d{0,2}/?P[0-9YMWDTHS]{0,12}", fullmatch=True))
def test_any_text_is_a_timer_or_refused(source):
    with contextlib.suppress(ExpressionInvalid):
        timers.compile_timer(source)


def timed(definition, values=None):
    body = (
        '<startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="t"/><intermediateCatchEvent id="t">'
        f"<timerEventDefinition>{definition}</timerEventDefinition></intermediateCatchEvent>"
        '<sequenceFlow id="f2" sourceRef="t" targetRef="e"/><endEvent id="e"/></process></definitions>'
    )
    return begin(body, values or {})


def bordered(cycle):
    body = (
        '<startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="a"/><userTask id="a"/>'
        '<boundaryEvent id="b" attachedToRef="a" cancelActivity="false"><timerEventDefinition>'
        f"<timeCycle>{cycle}</timeCycle></timerEventDefinition></boundaryEvent>"
        '<sequenceFlow id="f3" sourceRef="b" targetRef="r"/><userTask id="r"/><sequenceFlow id="f4" sourceRef="r" '
        'targetRef="e"/><sequenceFlow id="f2" sourceRef="a" targetRef="e"/><endEvent id="e"/></process></definitions>'
    )
    return begin(body, {})


def begin(body, values):
    parsed = parser.parse({"p.bpmn": (HEAD + body).encode()})["p"]
    workflow = serializer.fresh(parsed)
    workflow.get_next_task(spec_name="Start").set_data(**values)
    return workflow


def run(workflow, now):
    with clock.at(now, factories.environment().calendar):
        for _ in range(10):
            workflow.do_engine_steps()
        return [item for task in workflow.get_tasks(state=WAITING) for item in specs.pending(task)]


def open_tasks(workflow, name):
    return len(workflow.get_tasks(state=TaskState.READY, spec_name=name))


def test_a_timer_keeps_its_instant_and_fires_at_it():
    workflow = timed("<timeDuration>PT10S</timeDuration>")
    due = NOW + timedelta(seconds=10)
    assert run(workflow, NOW) == [specs.Pending("t", due)]
    assert run(workflow, NOW + timedelta(seconds=9)) == [specs.Pending("t", due)]
    assert run(workflow, due) == []
    assert workflow.completed


def test_a_timer_on_a_value_moves_only_when_it_is_asked_to():
    workflow = timed("<timeDate>meeting</timeDate>", {"meeting": "2004-01-12T09:00:00+00:00"})
    assert run(workflow, NOW)[0].due_at == datetime(2004, 1, 12, 9, tzinfo=UTC)
    (task,) = workflow.get_tasks(state=WAITING, spec_name="t")
    task.data["meeting"] = "2004-01-19T09:00:00+00:00"
    assert specs.pending(task)[0].due_at == datetime(2004, 1, 12, 9, tzinfo=UTC)
    with clock.at(NOW, factories.environment().calendar):
        specs.reschedule(task)
    assert specs.pending(task)[0].due_at == datetime(2004, 1, 19, 9, tzinfo=UTC)


def test_a_cycle_on_a_single_wait_fires_once():
    workflow = timed("<timeCycle>R3/PT10H</timeCycle>")
    assert run(workflow, NOW) == [specs.Pending("t", NOW + timedelta(hours=10))]
    assert run(workflow, NOW + timedelta(hours=10)) == []
    assert workflow.completed


def test_a_cycle_beside_a_task_fires_as_often_as_it_says_and_then_never_again():
    workflow = bordered("R3/PT10H")
    for times in range(4):
        now = NOW + timedelta(hours=10 * times)
        waiting = run(workflow, now)
        assert open_tasks(workflow, "r") == times
        assert [item.due_at for item in waiting] == ([now + timedelta(hours=10)] if times < 3 else [])
    run(workflow, NOW + timedelta(days=30))
    assert (open_tasks(workflow, "r"), open_tasks(workflow, "a")) == (3, 1)


def test_missed_occurrences_are_caught_up():
    workflow = bordered("R3/PT10H")
    run(workflow, NOW)
    run(workflow, NOW + timedelta(hours=25))
    assert open_tasks(workflow, "r") == 2


def test_the_earliest_of_several_due_timers_wins_at_an_event_gateway():
    body = '<startEvent id="s"/><eventBasedGateway id="g"/><sequenceFlow id="f0" sourceRef="s" targetRef="g"/>'
    for name, hours in (("late", 5), ("soon", 2)):
        body += (
            f'<intermediateCatchEvent id="{name}"><timerEventDefinition><timeDuration>PT{hours}H</timeDuration>'
            f'</timerEventDefinition></intermediateCatchEvent><userTask id="{name}_task"/><endEvent id="{name}_end"/>'
            f'<sequenceFlow id="{name}1" sourceRef="g" targetRef="{name}"/>'
            f'<sequenceFlow id="{name}2" sourceRef="{name}" targetRef="{name}_task"/>'
            f'<sequenceFlow id="{name}3" sourceRef="{name}_task" targetRef="{name}_end"/>'
        )
    workflow = begin(body + "</process></definitions>", {})
    assert {item.element: item.due_at.hour for item in run(workflow, NOW)} == {"late": 14, "soon": 11}
    run(workflow, NOW + timedelta(hours=8))
    assert (open_tasks(workflow, "soon_task"), open_tasks(workflow, "late_task")) == (1, 0)
