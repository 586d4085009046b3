# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""Events between cases, against a real database: what begins a process, who hears a signal, errors of handlers."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from tests import factories
from tests.workflows import walks
from tests.workflows.conformance.drawing import diagram
from workflows import engine, errors, handlers, queries, reasons
from workflows.models import Entry, Instance, Task, Waiting

NOW = walks.NOW
KS = factories.actor("KS", id=1, name="Kim Kunde")
ROOT = '<message id="msg" name="Antrag"/><signal id="sig" name="Neues"/><error id="err" name="F" errorCode="E1"/>'
BEGUN = (
    '<start id="s"/><start id="m"><message id="d1" messageRef="msg"/></start><start id="g"><signal id="d2" signalRef="sig"/></start>'
    '<user id="a"/><user id="b"/><user id="c"/><end id="e"/>{s a e}{m b e}{g c e}'
)


def deploy(session, **bodies):
    walks.install(session, {f"{name}.bpmn": diagram(body, name, "", ROOT).encode() for name, body in bodies.items()})


def opened(session):
    return [(task.subject, task.element) for task in session.execute(select(Task.__table__).order_by(Task.id))]


def jobs(session):
    rows = session.execute(text("SELECT task_name, args FROM procrastinate_jobs ORDER BY id")).all()
    return [(row.task_name, row.args) for row in rows]


def test_a_person_begins_at_the_plain_start(session):
    deploy(session, p=BEGUN)
    engine.start(session, "p", subject="7", values={}, actor=KS, now=NOW)
    assert opened(session) == [("7", "a")]


SEVERAL = '<start id="s1" name="Am Schalter"/><start id="s2"/><user id="a"/><user id="b"/><end id="e"/>{s1 a e}{s2 b e}'


def test_of_several_plain_starts_who_begins_names_one(session):
    deploy(session, p=SEVERAL)
    for number, start in enumerate(("s2", "s1")):
        engine.start(session, "p", subject=str(number), values={}, actor=KS, now=NOW, at=start)
    assert opened(session) == [("0", "b"), ("1", "a")]
    lines = session.scalars(select(Entry.detail).where(Entry.kind == "instance_started").order_by(Entry.id)).all()
    assert [(line["start"]["id"], line["start"]["name"]) for line in lines] == [("s2", "s2"), ("s1", "Am Schalter")]


@pytest.mark.parametrize(("at", "code"), [("", "start_unclear"), ("s3", "start_unknown"), ("a", "start_unknown")])
def test_a_start_that_is_not_clear_is_refused_with_the_choices(session, at, code):
    deploy(session, p=SEVERAL)
    with pytest.raises(errors.StepFailed) as caught:
        engine.start(session, "p", subject="7", values={}, actor=KS, now=NOW, at=at)
    assert reasons.code_of(caught.value.reason) == code
    assert all("Am Schalter (s1), s2" in reasons.told(caught.value.reason, locale) for locale in ("de", "en"))
    assert opened(session) == []


def test_a_message_that_nobody_awaits_begins_the_process_that_it_starts(session):
    deploy(session, p=BEGUN)
    assert engine.deliver(session, "Antrag", subject="8", payload={"n": 1}, now=NOW)
    assert opened(session) == [("8", "b")]
    (task_id,) = session.scalars(select(Task.id))
    assert queries.values(session, task_id)["n"] == 1


def test_only_the_newest_version_is_begun(session):
    deploy(session, p=BEGUN)
    newer = BEGUN.replace('id="b"', 'id="b2"').replace("m b e", "m b2 e")
    files = {"p.bpmn": diagram(newer, "p", "", ROOT).encode()}
    engine.definitions.deploy(session, files, known=engine.definitions.Known(), now=NOW, by="Test")
    assert engine.deliver(session, "Antrag", subject="8", payload={}, now=NOW)
    assert opened(session) == [("8", "b2")]


def test_who_waits_for_a_message_comes_before_a_process_that_it_would_begin(session):
    waits = (
        '<start id="s"/><catch id="w"><message id="d1" messageRef="msg"/></catch><user id="x"/><end id="e"/>{s w x e}'
    )
    deploy(session, p=BEGUN, q=waits)
    engine.start(session, "q", subject="9", values={}, actor=KS, now=NOW)
    assert engine.deliver(session, "Antrag", subject="9", payload={}, now=NOW)
    assert opened(session) == [("9", "x")]


def test_a_signal_is_heard_by_all_cases_and_begins_processes(session):
    waits = '<start id="s"/><catch id="w"><signal id="d1" signalRef="sig"/></catch><user id="x"/><end id="e"/>{s w x e}'
    says = (
        '<start id="s"/><and id="f"/><throw id="t"><signal id="d1" signalRef="sig"/></throw><catch id="w"><signal id="d2" signalRef="sig"/></catch>'
        '<user id="k"/><user id="z"/><end id="e"/>{s f k t e}{f w z e}'
    )
    deploy(session, p=BEGUN, q=waits, r=says)
    others = [engine.start(session, "q", subject=subject, values={}, actor=KS, now=NOW) for subject in ("1", "2")]
    engine.start(session, "r", subject="3", values={}, actor=KS, now=NOW)
    task = session.scalar(select(Task.id).where(Task.element == "k"))
    engine.complete(session, task, actor=KS, values={}, now=NOW)
    assert opened(session) == [("3", "z")]
    left = jobs(session)
    assert [args["instance_id"] for name, args in left if name == "workflows.deliver"] == others
    (begun,) = [args for name, args in left if name == "workflows.start"]
    engine.begin(session, begun.pop("definition_id"), **begun, now=NOW)
    assert opened(session)[-1] == ("3", "c")


def test_a_receive_task_begins_an_instance(session):
    body = '<receiveTask id="r" instantiate="true" messageRef="msg"/><user id="a"/><end id="e"/>{r a e}'
    deploy(session, p=body)
    assert engine.deliver(session, "Antrag", subject="5", payload={}, now=NOW)
    assert opened(session) == [("5", "a")]
    assert session.scalars(select(Waiting.id)).all() == []


def test_a_gateway_begins_an_instance_with_the_event_that_comes(session):
    body = (
        '<either id="g" instantiate="true"/><catch id="m"><message id="d1" messageRef="msg"/></catch>'
        '<catch id="i"><signal id="d2" signalRef="sig"/></catch><user id="a"/><user id="b"/><end id="e"/>{g m a e}{g i b e}'
    )
    deploy(session, p=body)
    assert engine.deliver(session, "Antrag", subject="5", payload={}, now=NOW)
    assert opened(session) == [("5", "a")]
    assert engine.signal(session, "Neues", payload={}, subject="6") == 1


SERVICE = (
    '<start id="s"/><serviceTask id="h" d:handler="h.run"/><border id="w" attachedToRef="h"><error id="d1" errorRef="err"/></border>'
    '<user id="a"/><user id="b"/><end id="e"/>{s h a e}{w b e}'
)


def refusing(session, code):
    def run(_call):
        raise errors.ProcessError(code)

    registry = handlers.Registry()
    registry.register("h.run", run, outputs={})
    calendar = session.info["environment"].calendar
    session.info["environment"] = handlers.Environment(registry, calendar)


def test_an_error_of_a_handler_goes_the_way_of_its_border_event(session):
    deploy(session, p=SERVICE)
    refusing(session, "E1")
    engine.start(session, "p", subject="7", values={}, actor=KS, now=NOW)
    assert opened(session) == [("7", "b")]


def test_an_error_of_a_handler_that_nobody_catches_is_a_failed_step(session):
    deploy(session, p=SERVICE)
    refusing(session, "E9")
    with pytest.raises(errors.StepFailed, match="uncaught"):
        engine.start(session, "p", subject="7", values={}, actor=KS, now=NOW)


def test_an_event_subprocess_is_woken_by_its_timer(session):
    body = (
        '<start id="s"/><user id="a"/><end id="e"/>{s a e}<subProcess id="es" triggeredByEvent="true"><start id="t"><timer id="d1">'
        "<timeDuration>P3D</timeDuration></timer></start>"
        '<user id="h"/><end id="f"/>{t h f}</subProcess>'
    )
    deploy(session, p=body)
    instance_id = engine.start(session, "p", subject="7", values={}, actor=KS, now=NOW)
    row = session.execute(select(Waiting.__table__)).one()
    assert (row.kind, row.element) == ("timer", "t")
    assert engine.wake(session, instance_id, now=row.due_at) == 1
    assert opened(session) == [("7", "h")]
    assert session.scalars(select(Waiting.id)).all() == []


def test_an_outside_call_can_fail_with_an_error_that_the_diagram_knows(session):
    deploy(session, p=SERVICE)
    registry = handlers.Registry()
    registry.register("h.run", lambda _call: {}, outputs={}, mode=handlers.Mode.OUTSIDE)
    session.info["environment"] = handlers.Environment(registry, session.info["environment"].calendar)
    instance_id = engine.start(session, "p", subject="7", values={}, actor=KS, now=NOW)
    key = session.execute(select(Waiting.key)).scalar_one().hex
    assert engine.fail(session, instance_id, key=key, code="E1", now=NOW)
    assert opened(session) == [("7", "b")]
    assert not engine.fail(session, instance_id, key=key, code="E1", now=NOW)


def test_a_condition_that_cannot_be_evaluated_is_told_with_its_event(session):
    body = '<start id="s"/><user id="a"/><catch id="c"><conditional id="d1"><condition>x > 1</condition></conditional></catch><end id="e"/>{s a c e}'
    deploy(session, p=body)
    engine.start(session, "p", subject="7", values={"x": "text"}, actor=KS, now=NOW)
    task = session.scalar(select(Task.id))
    with pytest.raises(errors.StepFailed) as failed:
        engine.complete(session, task, actor=KS, values={}, now=NOW)
    assert failed.value.element == "c"


def test_free_steps_are_offered_as_tasks_of_their_role(session):
    body = (
        '<start id="s"/><adHocSubProcess id="h" name="Hilfen" d:role="VM"><user id="a" name="Beraten"/>'
        '<scriptTask id="x" name="Vermerken" d:role="FM"><script>n = 1</script></scriptTask></adHocSubProcess><end id="e"/>{s h e}'
    )
    deploy(session, p=body)
    vm, fm = factories.actor("VM", id=2, name="Vera Mut"), factories.actor("FM", id=3, name="Fee Fall")
    instance_id = engine.start(session, "p", subject="7", values={}, actor=KS, now=NOW)
    rows = {row.element: row for row in session.execute(select(Task.__table__))}
    assert {(row.element, row.name, row.role) for row in rows.values()} == {
        ("a", "Beraten", "KS"),
        ("x", "Vermerken", "FM"),
        ("h", "Hilfen", "VM"),
    }
    engine.complete(session, rows["x"].id, actor=fm, values={}, now=NOW)
    assert sorted(element for _, element in opened(session)) == ["a", "h", "x"]
    engine.complete(session, rows["h"].id, actor=vm, values={}, now=NOW)
    assert opened(session) == []
    assert session.get_one(Instance, instance_id).status == "completed"
