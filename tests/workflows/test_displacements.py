"""Tokens that are moved or steps that are skipped in any process: refused, or the process goes on soundly."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from tests.workflows import models, walks
from workflows import clock, displacements, errors, serializer, steps
from workflows.catching import AT_REST, BoundaryEvent, Listener

START = {"c0": True, "c1": False, "c2": True, "n": 0, "items": [1, 2]}
choices = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["task", "time", "move", "move", "skip"]), st.integers(0, 30)),
    max_size=15,
)


def intervene(walk, number, kind, target):
    """Moves a token or skips a step; nothing changes when that is refused or a step behind fails."""
    before = serializer.dump(walk.workflow)
    with clock.at(walk.now, walks.PlainCalendar()):
        work = walk._work()
        standing = list(displacements.standing(work))
        if not standing:
            return "nowhere"
        task, element = standing[number % len(standing)]
        try:
            if kind == "skip":
                displacements.skip(work, task, element, {"c0": True})
            else:
                found = displacements.targets(work, task)
                assume(found)
                to = found[target % len(found)].id
                note(f"{element.id} -> {to}")
                displacements.move(work, task, element, to)
            walk._settle(work)
        except (errors.InterventionRefused, errors.StepFailed) as refused:
            walk.workflow = serializer.load(before, walk.specs)
            return str(refused)
    return None


def sound(walk):
    """A process that is over has no token left; one that is not waits for somebody or something."""
    tasks = [task for frame in steps.frames(walk.workflow) for task in frame.tasks.values() if task.has_state(AT_REST)]
    if walk.workflow.completed:
        assert [task.task_spec.name for task in tasks] == []
    else:
        assert any(not isinstance(task.task_spec, BoundaryEvent | Listener) for task in tasks)
        assert walk.open() or walk.timers()


def onward(walk, number):
    if walk.open():
        walk.complete(number % len(walk.open()), {"c0": False, "c1": False, "c2": False})
    elif walk.timers():
        walk.move(walk.timers()[0][0])


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(models.processes, choices)
def test_after_any_intervention_the_process_is_sound_and_goes_on(process, acts):
    files = models.Drawing().process(*process)
    specs = walks.parsed(*(walks.diagram(body, name) for name, body in files.items()))
    try:
        walk = walks.Walk(specs, compacted=True, given=START)
    except errors.StepFailed:
        return
    for number, kind, target in acts:
        if walk.workflow.completed:
            break
        try:
            if kind in {"move", "skip"}:
                note(intervene(walk, number, kind, target))
            else:
                onward(walk, number)
        except errors.StepFailed:
            return
        sound(walk)
