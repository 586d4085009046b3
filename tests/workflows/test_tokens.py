# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""A case that is set into another version of its process goes on there as if it had always run in it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, note, settings

from tests.workflows import models, walks
from tests.workflows.test_compaction import START, act, choices
from workflows import clock, errors, serializer, tokens


def replanted(walk, specs=None, names=None):
    """The walk, set into another version (or once more into its own) as migration does it."""
    with clock.at(walk.now, walks.PlainCalendar()):
        told = tokens.read(walk.workflow)
        made = tokens.plant(specs or walk.specs, told, names=names or {}, ticks=walk.workflow.ticks)
    walk.specs = specs or walk.specs
    walk.workflow = serializer.load(serializer.dump(made), walk.specs)
    return walk


def refusal(walk, *arguments):
    """Why the walk cannot be replanted; empty when it is."""
    try:
        replanted(walk, *arguments)
    except errors.TokenRefused as refused:
        return refused.code
    return ""


def keys(walk):
    return {task.id for task in walk.open()}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(models.processes, choices)
def test_a_walk_that_is_replanted_at_every_step_is_equal_to_one_that_is_not(process, steps):
    files = models.Drawing().process(*process)
    specs = walks.parsed(*(walks.diagram(body, name) for name, body in files.items()))
    try:
        moved, stays = (walks.Walk(specs, compacted=True, given=START) for _ in range(2))
    except errors.StepFailed:
        return
    for number, kind, values in steps:
        if stays.workflow.completed:
            return
        before = keys(moved)
        assert refusal(moved) == ""
        assert keys(moved) == before
        assert moved.picture() == stays.picture()
        failed = act(moved, number, kind, values), act(stays, number, kind, values)
        note(f"{number} {kind} {values} -> {stays.picture()} {failed}")
        assert failed[0] == failed[1]
        if failed[0] is not None:
            return
    assert moved.picture() == stays.picture()


PLAIN = '<start id="s"/><u id="a" d:role="KS"/><u id="n" d:role="KS"/><end id="e"/><f a="s" b="a"/><f a="a" b="n"/><f a="n" b="e"/>'
GUARDED = """<start id="s"/><u id="a" d:role="KS"/><b id="late" attachedToRef="a" cancelActivity="{}"><timer id="t"><timeDuration>P{}D</timeDuration></timer></b>
<u id="r" d:role="KS"/><u id="n" d:role="KS"/><end id="e"/><end id="e2"/><f a="s" b="a"/><f a="a" b="n"/><f a="n" b="e"/><f a="late" b="r"/><f a="r" b="e2"/>"""


def drawn(body):
    return walks.parsed(walks.diagram(body))


def names(walk):
    return [name for name, _ in walk.picture()["open"]]


def test_a_deadline_that_is_new_at_a_task_counts_from_the_move():
    walk = walks.Walk(drawn(PLAIN), compacted=True)
    walk.move(walks.NOW + timedelta(10))
    replanted(walk, drawn(GUARDED.format("false", 3)))
    assert walk.timers() == [(walks.NOW + timedelta(13), "late")]
    walk.move(walks.NOW + timedelta(13))
    assert names(walk) == ["a", "r"]


def test_a_deadline_that_runs_keeps_its_instant_in_a_version_with_another_one():
    walk = walks.Walk(drawn(GUARDED.format("true", 3)), compacted=True)
    replanted(walk, drawn(GUARDED.format("true", 30)))
    assert walk.timers() == [(walks.NOW + timedelta(3), "late")]
    walk.move(walks.NOW + timedelta(3))
    assert names(walk) == ["r"]


def test_a_reminder_that_has_come_does_not_come_twice():
    walk = walks.Walk(drawn(GUARDED.format("false", 3)), compacted=True)
    walk.move(walks.NOW + timedelta(3))
    replanted(walk, drawn(GUARDED.format("false", 5)))
    assert names(walk) == ["a", "r"]
    assert walk.timers() == []
    walk.complete(0)
    assert names(walk) == ["n", "r"]


def test_a_deadline_that_is_gone_from_the_diagram_is_gone_from_the_case():
    walk = walks.Walk(drawn(GUARDED.format("true", 3)), compacted=True)
    replanted(walk, drawn(PLAIN))
    assert walk.timers() == []
    walk.complete(0)
    walk.complete(0)
    assert walk.picture()["completed"]


def test_a_timer_of_another_name_keeps_its_instant():
    walk = walks.Walk(drawn(GUARDED.format("true", 3)), compacted=True)
    other = drawn(GUARDED.format("true", 9).replace('"late"', '"tardy"').replace('"a"', '"talk"'))
    assert refusal(walk, other) == "missing"
    assert refusal(walk, other, {"a": "talk", "late": "tardy"}) == ""
    assert walk.timers() == [(walks.NOW + timedelta(3), "tardy")]
    assert names(walk) == ["talk"]


FORK = """<start id="s"/><and id="sp"/><u id="a" d:role="KS"/><u id="b" d:role="KS"/>{}<and id="jo"/><u id="c" d:role="KS"/><end id="e"/>
<f a="s" b="sp"/><f a="sp" b="a"/><f a="sp" b="b"/><f a="b" b="jo"/><f a="jo" b="c"/><f a="c" b="e"/>"""


def test_who_waits_at_a_join_waits_on_when_a_step_came_before_it():
    walk = walks.Walk(drawn(FORK.format('<f a="a" b="jo"/>')), compacted=True)
    walk.complete(0, {"x": 1})
    longer = '<u id="a2" d:role="KS"/><f a="a" b="a2"/><f a="a2" b="jo"/>'
    replanted(walk, drawn(FORK.format(longer)))
    assert names(walk) == ["b"]
    walk.complete(0, {"y": 2})
    assert walk.picture()["open"] == [("c", {"x": 1, "y": 2})]


def test_a_task_that_has_become_something_else_is_named():
    walk = walks.Walk(drawn(PLAIN), compacted=True)
    assert (
        refusal(walk, drawn(PLAIN.replace('<u id="a" d:role="KS"/>', '<st id="a"><script>x = 1</script></st>')))
        == "kind"
    )
    assert names(walk) == ["a"]


EACH = """<start id="s"/><u id="a" d:role="KS"><multiInstanceLoopCharacteristics isSequential="{}">
<loopDataInputRef>people</loopDataInputRef><inputDataItem id="ai" name="person"/></multiInstanceLoopCharacteristics></u>
<u id="n" d:role="KS"/><end id="e"/><f a="s" b="a"/><f a="a" b="n"/><f a="n" b="e"/>"""
PEOPLE = {"people": ["Ada", "Ben", "Cem"]}


def seen(walk):
    """Who is asked, by the name of the item, and the counter."""
    return [(data.get("person"), data.get("loopCounter")) for _, data in walk.picture()["open"]]


def test_several_instances_under_way_go_along_each_with_what_it_knows():
    walk = walks.Walk(drawn(EACH.format("false")), compacted=True, given=PEOPLE)
    walk.complete(1, {"ben": "yes"})
    before = keys(walk)
    replanted(walk, drawn(EACH.format("false").replace('"a"', '"ask"')), {"a": "ask"})
    assert keys(walk) == before
    assert names(walk) == ["ask", "ask"]
    assert seen(walk) == [("Ada", 1), ("Cem", 3)]
    walk.complete(0)
    walk.complete(0, {"cem": "no"})
    assert walk.picture()["open"] == [("n", PEOPLE | {"ben": "yes", "cem": "no"})]


def test_rounds_one_after_the_other_go_on_with_the_next_one():
    walk = walks.Walk(drawn(EACH.format("true")), compacted=True, given=PEOPLE)
    walk.complete(0)
    replanted(walk, drawn(EACH.format("true")))
    assert seen(walk) == [("Ben", 2)]
    walk.complete(0)
    assert seen(walk) == [("Cem", 3)]
    walk.complete(0)
    assert names(walk) == ["n"]


def test_how_many_there_are_counts_from_the_beginning_and_when_it_is_enough_from_the_move():
    walk = walks.Walk(drawn(EACH.format("false")), compacted=True, given=PEOPLE | {"enough": False})
    condition = "<completionCondition>enough</completionCondition></multiInstanceLoopCharacteristics>"
    replanted(walk, drawn(EACH.format("false").replace("</multiInstanceLoopCharacteristics>", condition)))
    assert len(walk.open()) == 3
    walk.complete(0, {"enough": True})
    assert names(walk) == ["n"]


def test_a_deadline_around_several_instances_keeps_its_instant_and_ends_all_of_them():
    late = '<b id="late" attachedToRef="a"><timer id="t"><timeDuration>P{}D</timeDuration></timer></b><u id="r" d:role="KS"/><end id="e2"/><f a="late" b="r"/><f a="r" b="e2"/>'
    walk = walks.Walk(drawn(EACH.format("false") + late.format(3)), compacted=True, given=PEOPLE)
    walk.complete(2)
    replanted(walk, drawn(EACH.format("false") + late.format(9)))
    assert walk.timers() == [(walks.NOW + timedelta(3), "late")]
    assert seen(walk) == [("Ada", 1), ("Ben", 2)]
    walk.move(walks.NOW + timedelta(3))
    assert names(walk) == ["r"]


@pytest.mark.parametrize("repeated", [True, False], ids=["repeated", "for each"])
def test_instances_that_are_processes_stand_where_they_stood(repeated):
    marker = re.search("<multi.*</multiInstanceLoopCharacteristics>", EACH.format("false"), re.DOTALL)[0]
    marker = '<standardLoopCharacteristics loopMaximum="2"/>' if repeated else marker
    inner = '<start id="s1"/><u id="b" d:role="KS"/><u id="c" d:role="KS"/><end id="e1"/><f a="s1" b="b"/><f a="b" b="c"/><f a="c" b="e1"/>'
    body = re.sub(r'<u id="a".*?</u>', f'<sub id="a">{marker}{inner}</sub>', EACH, flags=re.DOTALL)
    walk = walks.Walk(drawn(body), compacted=True, given=PEOPLE)
    walk.complete(0)
    before = walk.picture()
    longer = body.replace('<f a="c" b="e1"/>', '<u id="d" d:role="KS"/><f a="c" b="d"/><f a="d" b="e1"/>')
    replanted(walk, drawn(longer))
    assert walk.picture() == before
    walk.complete(names(walk).index("c"))
    assert "d" in names(walk)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (EACH.format("false"), EACH.format("true"), "instances"),
        (EACH.format("false"), EACH.format("false").replace('name="person"', 'name="who"'), "instances"),
        (EACH.format("false"), PLAIN, "kind"),
        (PLAIN, EACH.format("false"), "kind"),
    ],
)
def test_an_activity_that_is_now_done_several_times_in_another_way_is_named(old, new, code):
    walk = walks.Walk(drawn(old), compacted=True, given=PEOPLE)
    before = keys(walk)
    assert refusal(walk, drawn(new)) == code
    assert keys(walk) == before
