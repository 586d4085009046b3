# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""Drawings of any shape, run by the engine: whatever people and senders see is what the standard allows."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.util.task import TaskState

from tests.workflows import by_the_book, graphs, walks
from workflows import catching, clock, displacements, errors, linter, player

ACTS = 8
AGAIN = """<start id="s"/><u id="t" d:role="KS"/><b id="v" attachedToRef="t" cancelActivity="false"><message id="vd" messageRef="m"/></b>
<end id="e"/><f a="s" b="t"/><f a="v" b="t"/><f a="t" b="e"/>"""
LATE = """<start id="s"/><or id="g"/><u id="a" d:role="KS"/><b id="v" attachedToRef="a"><message id="vd" messageRef="m"/></b><u id="b" d:role="KS"/>
<or id="j"/><u id="last" d:role="KS"/><end id="e1"/><end id="e2"/><f a="s" b="g"/><f a="g" b="a" if="go"/><f a="g" b="b" if="go"/>
<f a="a" b="e1"/><f a="v" b="j"/><f a="b" b="j"/><f a="j" b="last"/><f a="last" b="e2"/>"""
BRIEF = '<bpmn:message id="m" name="Brief"/>'


def begin(body, **values):
    return walks.Walk(walks.parsed(walks.diagram(body, more=BRIEF)), compacted=True, given=values)


def opened(walk):
    return [task.task_spec.bpmn_id for task in walk.open()]


def seen(walk):
    """What people and senders see: open tasks, awaited messages, whether it is over."""
    waiting = [task for task in walk.workflow.event_manager.tasks.values() if task.state == TaskState.WAITING]
    awaited = [
        one.name for task in waiting for one in catching.definitions(task) if isinstance(one, MessageEventDefinition)
    ]
    over = walk.workflow.completed
    return tuple(sorted(opened(walk))), () if over else tuple(sorted(Counter(awaited).items())), over


def test_an_activity_that_its_own_border_begins_anew_has_a_border_of_its_own():
    walk = begin(AGAIN)
    walk.receive("message", "Brief")
    assert seen(walk) == (("t", "t"), (("Brief", 2),), False)
    walk.complete(0)
    assert seen(walk) == (("t",), (("Brief", 1),), False)
    walk.complete(0)
    assert seen(walk) == ((), (), True)


def test_a_reminder_that_begins_its_activity_anew_is_over_with_it():
    walk = begin(
        AGAIN.replace('<message id="vd" messageRef="m"/>', '<timer id="vd"><timeDuration>P5D</timeDuration></timer>')
    )
    walk.days(5)
    assert (opened(walk), len(walk.timers())) == (["t", "t"], 1)
    walk.complete(0)
    walk.complete(0)
    assert (seen(walk), walk.timers()) == (((), (), True), [])


def test_an_inclusive_join_waits_for_who_may_come_from_the_border_of_an_activity():
    walk = begin(LATE, go=True)
    walk.complete(1)
    assert opened(walk) == ["a"]
    walk.receive("message", "Brief")
    assert opened(walk) == ["last"]

    walk = begin(LATE, go=True)
    walk.complete(1)
    walk.complete(0)
    assert opened(walk) == ["last"]


def values_of(chance):
    return {name: chance.random() < 0.5 for name in graphs.VARIABLES}


def choose(graph, walk, allowed, chance):
    """Something to do by chance: the situations that the standard allows after it, and the act."""
    tasks, awaited, _ = seen(walk)
    number = chance.randrange(len(tasks) + len(awaited))
    given = values_of(chance)
    # All tokens see the same values, so that the game need not know which copies meet.
    displacements.overwrite(walk._work(), given)
    name = opened(walk)[number] if number < len(tasks) else awaited[number - len(tasks)][0]
    note(f"{tasks} {awaited} {given}: {name}")
    if number < len(tasks):
        return by_the_book.done(graph, allowed, name, given), lambda: walk.complete(number, given)
    return by_the_book.come(graph, allowed, name, given), lambda: walk.receive("message", name, given)


def displace(graph, walk, allowed, chance):
    """Moves a token from a task by chance; None where there is none that can go anywhere."""
    given = values_of(chance)
    work = walk._work()
    displacements.overwrite(work, given)
    places = [
        (task, element, target.id)
        for task, element in displacements.standing(work)
        if (scope := graph.scope_of(element.id)) is not None
        for target in displacements.targets(work, task)
        if target.id in scope.kinds
    ]
    if not places:
        return None
    task, element, to = chance.choice(places)
    note(f"{seen(walk)} {given}: {element.id} is moved to {to}")

    def act():
        with clock.at(walk.now, walks.PlainCalendar()):
            displacements.move(work, task, element, to)
            walk._settle(work)

    return by_the_book.moved(graph, allowed, element.id, to=to, values=given), act


def play(chance, *, displaced=0.0):
    """One random drawing, and some acts on it; so many of them move a token."""
    graph = graphs.Chance(chance).graph()
    content = graph.file()
    problems = linter.check({"p.bpmn": content}, lenient=player.LENIENT)
    assume(not any(problem.severity == "error" for problem in problems))
    note(content.decode())
    given = values_of(chance)
    try:
        allowed = by_the_book.begun(graph, given)
        walk = walks.Walk(walks.parsed(content), compacted=True, given=given)
        for _ in range(ACTS):
            allowed = {scope for scope in allowed if by_the_book.seen(graph, scope) == seen(walk)}
            assert allowed, seen(walk)
            if walk.workflow.completed:
                return
            moved = displace(graph, walk, allowed, chance) if chance.random() < displaced else None
            allowed, act = moved or choose(graph, walk, allowed, chance)
            act()
    except by_the_book.Unbounded:
        return
    except errors.StepFailed:
        # Nobody can go on, or what runs by itself comes to no rest.
        assert not allowed or any(map(by_the_book.is_stuck, allowed))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.integers(0, 2**32))
def test_what_is_seen_of_any_drawing_is_what_the_standard_allows(seed):
    play(random.Random(seed))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.integers(0, 2**32))
def test_what_is_seen_after_a_token_was_moved_is_what_the_standard_allows(seed):
    play(random.Random(seed), displaced=0.4)
