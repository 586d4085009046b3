"""A step behind a task that fails: nothing happened, nothing typed is lost, and the office knows of it."""

from __future__ import annotations

import pytest

from tests.app import running
from workflows import handlers as host
from workflows import queries


def _breaks(_call):
    raise ZeroDivisionError


@pytest.fixture
def environment():
    """The shipped office in which one automatic step is broken."""
    registry = host.Registry()
    for name in running.HANDLERS.names():
        known = running.HANDLERS.get(name)
        run = _breaks if name == "routing.decide" else known.run
        registry.register(name, run, inputs=known.inputs, outputs=known.outputs, mode=known.mode)
    return host.Environment(handlers=registry, calendar=running.ENVIRONMENT.calendar)


def test_a_failing_step_undoes_the_submission_and_keeps_what_was_typed(register, at, office_sessions):
    first = register()
    at("ks").post(f"/inbox/tasks/{first}/complete", notice_given="on", identity_paper="seen")
    task = at("ks").tasks()[0]

    answer = at("ks").post(f"/inbox/tasks/{task}/complete", decision="confirm")

    assert answer.status_code == 409
    assert "Ein Schritt danach ist fehlgeschlagen" in answer.text
    assert 'value="confirm" checked' in answer.text
    assert at("ks").tasks() == [task]
    with office_sessions() as session:
        assert len(queries.incidents(session)) == 1
