# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""Interventions of authorised people: with a reason, in the history, foreseen before they are done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from tests import factories
from tests.workflows import walks
from workflows import engine, errors, handlers, history, interventions, runner
from workflows.models import Entry, Incident, Instance, Task, Waiting

NOW = walks.NOW
LEAD = factories.actor("LTG_STADT", id=5, name="Lea Leitung")
OTHER = factories.actor("LTG_AA", id=6, name="Otto Leitung")
KS = factories.actor("KS", id=1, name="Kim Kunde")
ORDER = interventions.Order(LEAD, "Die Unterlagen liegen schon vor.", NOW)

TALK = '<bpmn:message id="m" name="papers"/>'
BODY = """<start id="s"/><u id="a" name="Erfassen" d:role="KS"/><b id="late" attachedToRef="a"><timer><timeDuration>P5D</timeDuration></timer></b>
<s id="rate" name="Bewerten" d:handler="h.rate"/><u id="b" name="Planen" d:role="KS" d:deadline="tage(3)"/>
<catch id="papers"><message messageRef="m"/></catch><u id="c" name="Schließen" d:role="KS"/><u id="gone" d:role="KS"/>
<end id="e"/><end id="e2"/>
<f a="s" b="a"/><f a="a" b="rate"/><f a="rate" b="b"/><f a="b" b="papers"/><f a="papers" b="c"/><f a="c" b="e"/><f a="late" b="gone"/><f a="gone" b="e2"/>"""
SIDES = """<start id="s"/><and id="g"/><u id="left" d:role="KS"/><u id="left2" d:role="KS"/><u id="right" d:role="KS"/><and id="j"/><u id="last" d:role="KS"/><end id="e"/>
<f a="s" b="g"/><f a="g" b="left"/><f a="left" b="left2"/><f a="left2" b="j"/><f a="g" b="right"/><f a="right" b="j"/><f a="j" b="last"/><f a="last" b="e"/>"""
INNER = '<start id="i1"/><u id="deep" d:role="KS"/><u id="deeper" d:role="KS"/><end id="i2"/><f a="i1" b="deep"/><f a="deep" b="deeper"/><f a="deeper" b="i2"/>'
CALL = '<start id="s"/><call id="k" calledElement="q"/><u id="after" d:role="KS"/><end id="e"/><f a="s" b="k"/><f a="k" b="after"/><f a="after" b="e"/>'
GUARDED = """<start id="s"/><u id="pay" d:role="KS"/><u id="check" d:role="KS" d:distinctFrom="pay"/><end id="e"/>
<f a="s" b="pay"/><f a="pay" b="check"/><f a="check" b="e"/>"""
WANTS = """<bpmn:dataObject id="o1" name="income"/><start id="s"/><u id="a" d:role="KS"/><and id="g"/><u id="x" d:role="KS"><bpmn:ioSpecification>
<bpmn:dataInput id="di" name="amount"/><bpmn:inputSet><bpmn:dataInputRefs>di</bpmn:dataInputRefs></bpmn:inputSet></bpmn:ioSpecification>
<bpmn:dataInputAssociation><bpmn:sourceRef>o1</bpmn:sourceRef><bpmn:targetRef>di</bpmn:targetRef></bpmn:dataInputAssociation></u>
<u id="b" d:role="KS"/><end id="e"/><f a="s" b="a"/><f a="a" b="g"/><f a="g" b="x"/><f a="g" b="b"/><f a="x" b="e"/><f a="b" b="e"/>"""
FIRST = """<start id="s"/><u id="a" d:role="KS"/><ebg id="first"/><catch id="papers"><message messageRef="m"/></catch>
<catch id="late"><timer><timeDuration>P5D</timeDuration></timer></catch><u id="b" d:role="KS"/><end id="e"/><end id="e2"/>
<f a="s" b="a"/><f a="a" b="first"/><f a="first" b="papers"/><f a="first" b="late"/><f a="papers" b="b"/><f a="b" b="e"/><f a="late" b="e2"/>"""
SEVERAL = """<start id="s"/><u id="a" d:role="KS"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></u>
<u id="b" d:role="KS"/><end id="e"/><f a="s" b="a"/><f a="a" b="b"/><f a="b" b="e"/>"""


@pytest.fixture
def environment():
    made = factories.environment()
    made.handlers.register("h.rate", lambda _: {"score": 7}, outputs={"score": 0})
    made.handlers.register("h.far", lambda _: {}, outputs={"score": 0}, mode=handlers.Mode.OUTSIDE)
    return made


def begin(session, body=BODY, values=None, **others):
    files = {"p.bpmn": walks.diagram(body, more=TALK)}
    files |= {f"{name}.bpmn": walks.diagram(inner, name) for name, inner in others.items()}
    walks.install(session, files)
    return engine.start(session, "p", subject="7", values=values or {}, actor=KS, now=NOW)


def opened(session):
    return set(session.execute(select(Task.element)).scalars())


def complete(session, element, **values):
    number = session.execute(select(Task.id).where(Task.element == element)).scalar_one()
    return engine.complete(session, number, actor=KS, values=values, now=NOW)


def at(session, instance, element):
    return next(place for place in interventions.places(session, instance, now=NOW) if place.element == element)


def jobs_left(session):
    return session.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar_one()


def last(session):
    return session.execute(select(Entry.__table__).order_by(Entry.sequence.desc()).limit(1)).one()


def entry(session, kind):
    return session.execute(select(Entry.__table__).where(Entry.kind == kind)).one()


def status(session):
    return session.execute(select(Instance.status)).scalar_one()


def test_places_tell_where_an_instance_stands_and_where_it_could_go(session):
    instance = begin(session)
    (place,) = interventions.places(session, instance, now=NOW)
    assert (place.element, place.name, place.process) == ("a", "Erfassen", "p")
    assert {"a", "b", "c", "rate", "papers", "e"} <= set(place.targets)


def test_a_suspended_instance_rests_and_goes_on_where_it_was(session):
    instance = begin(session)
    interventions.suspend(session, instance, ORDER)
    with pytest.raises(errors.InstanceSuspended):
        complete(session, "a")
    assert engine.wake(session, instance, now=NOW + timedelta(days=9)) == 0
    assert (status(session), last(session).kind, last(session).detail["reason"]) == (
        "suspended",
        "suspended",
        ORDER.reason,
    )
    interventions.resume(session, instance, ORDER)
    assert status(session) == "running"
    complete(session, "a")
    assert opened(session) == {"b"}
    assert history.verify(session, instance)


def test_what_became_due_meanwhile_fires_after_it_was_resumed(session):
    instance = begin(session)
    interventions.suspend(session, instance, ORDER)
    later = interventions.Order(LEAD, "Wieder da", NOW + timedelta(days=9))
    interventions.resume(session, instance, later)
    assert engine.wake(session, instance, now=later.now) == 1
    assert opened(session) == {"gone"}


def test_a_message_that_comes_meanwhile_is_kept(session):
    instance = begin(session)
    complete(session, "a")
    complete(session, "b")
    interventions.suspend(session, instance, ORDER)
    assert engine.deliver(session, "papers", subject="7", payload={"x": 1}, now=NOW)
    assert opened(session) == set()
    assert interventions.resume(session, instance, ORDER) == 1
    assert opened(session) == {"c"}
    assert history.verify(session, instance)


def test_an_outside_call_waits_while_the_instance_rests_and_is_made_again(committed):
    with committed.begin() as session:
        instance = begin(session, BODY.replace("h.rate", "h.far"))
        complete(session, "a")
        interventions.suspend(session, instance, ORDER)
        key = session.execute(select(Waiting.key)).scalar_one().hex
    assert not runner.call_handler(committed, lambda _: NOW, instance_id=instance, key=key)
    with committed.begin() as session:
        assert not engine.resolve(session, instance, key=key, outputs={"score": 1}, now=NOW)
        before = jobs_left(session)
        interventions.resume(session, instance, ORDER)
        assert jobs_left(session) == before + 1
    assert runner.call_handler(committed, lambda _: NOW, instance_id=instance, key=key)
    with committed() as session:
        assert opened(session) == {"b"}


@pytest.mark.parametrize("ended", ["completed", "suspended"])
def test_only_what_runs_can_be_changed(session, ended):
    instance = begin(session)
    key = at(session, instance, "a").key
    (interventions.cancel if ended == "completed" else interventions.suspend)(session, instance, ORDER)
    for act in (
        lambda: interventions.suspend(session, instance, ORDER),
        lambda: interventions.skip(session, instance, ORDER, key, values={}),
        lambda: interventions.move(session, instance, ORDER, key, to="b"),
        lambda: interventions.change(session, instance, ORDER, values={"x": 1}),
    ):
        with pytest.raises(errors.InstanceClosed):
            act()


def test_without_a_reason_nothing_is_done(session):
    instance = begin(session)
    key = at(session, instance, "a").key
    bare = interventions.Order(LEAD, "  ", NOW)
    for act in (
        lambda: interventions.suspend(session, instance, bare),
        lambda: interventions.skip(session, instance, bare, key, values={}),
        lambda: interventions.redo(session, instance, bare, key, element="a"),
        lambda: interventions.cancel(session, instance, bare),
    ):
        with pytest.raises(errors.NotAllowed, match="reason"):
            act()
    assert opened(session) == {"a"}


def test_a_skipped_step_gives_the_values_that_are_said_instead(session):
    instance = begin(session)
    interventions.skip(session, instance, ORDER, at(session, instance, "a").key, values={"x": 1})
    assert opened(session) == {"b"}
    line = entry(session, "skipped")
    assert (line.element, line.actor_id, line.detail["reason"], line.detail["values"]) == (
        "a",
        5,
        ORDER.reason,
        {"x": 1},
    )
    assert session.execute(select(Waiting.id)).all() == []


def test_a_wait_can_be_skipped(session):
    instance = begin(session)
    complete(session, "a")
    complete(session, "b")
    interventions.skip(session, instance, ORDER, at(session, instance, "papers").key, values={})
    assert opened(session) == {"c"}


def test_an_outside_call_with_an_incident_can_be_skipped(session):
    instance = begin(session, BODY.replace("h.rate", "h.far"))
    complete(session, "a")
    failed = errors.StepFailed("rate", "Bewerten", "unreachable", instance)
    engine.record_incident(session, failed, now=NOW)
    interventions.skip(session, instance, ORDER, at(session, instance, "rate").key, values={"score": 3})
    assert opened(session) == {"b"}
    assert session.execute(select(Incident.resolved_by)).scalar_one() == LEAD.name


def test_a_whole_call_can_be_skipped(session):
    instance = begin(session, CALL, q=INNER)
    interventions.skip(session, instance, ORDER, at(session, instance, "k").key, values={})
    assert opened(session) == {"after"}
    complete(session, "after")
    assert status(session) == "completed"


def test_a_moved_token_arrives_as_if_it_had_come_along(session):
    instance = begin(session)
    interventions.move(session, instance, ORDER, at(session, instance, "a").key, to="b")
    (task,) = session.execute(select(Task.__table__)).all()
    assert (task.element, task.due_at) == ("b", NOW + timedelta(days=3))
    assert session.execute(select(Waiting.id)).all() == []
    assert (entry(session, "moved").element, entry(session, "moved").detail["to"]) == ("a", "b")
    complete(session, "b")
    engine.deliver(session, "papers", subject="7", payload={}, now=NOW)
    complete(session, "c")
    assert status(session) == "completed"
    assert history.verify(session, instance)


def test_a_moved_token_carries_its_values_and_runs_services_on_its_way(session):
    instance = begin(session, values={"x": 1})
    interventions.move(session, instance, ORDER, at(session, instance, "a").key, to="rate")
    assert opened(session) == {"b"}
    (place,) = interventions.places(session, instance, now=NOW)
    assert place.element == "b"
    assert entry(session, "handler_run").detail["outputs"] == {"score": 7}


def test_a_token_moved_to_a_step_waits_for_the_data_of_its_input_set_and_takes_them(session):
    instance = begin(session, WANTS)
    interventions.move(session, instance, ORDER, at(session, instance, "a").key, to="x")
    assert opened(session) == set()
    interventions.change(session, instance, ORDER, values={"income": 4})
    assert opened(session) == {"x"}
    assert interventions.values(session, instance, now=NOW)["amount"] == [4]


def test_a_step_that_waits_for_its_data_is_not_skipped_but_left(session):
    instance = begin(session, WANTS)
    complete(session, "a")
    waiting = at(session, instance, "x").key
    with pytest.raises(errors.InterventionRefused, match="data"):
        interventions.skip(session, instance, ORDER, waiting, values={})
    interventions.move(session, instance, ORDER, waiting, to="e")
    complete(session, "b")
    assert status(session) == "completed"


def test_where_the_first_of_several_events_decides_a_token_is_moved_before_all_of_them(session):
    instance = begin(session, FIRST, values={"x": 1})
    here = at(session, instance, "a")
    assert "first" in here.targets
    assert "papers" not in here.targets
    with pytest.raises(errors.InterventionRefused, match="missing"):
        interventions.move(session, instance, ORDER, here.key, to="papers")
    interventions.move(session, instance, ORDER, here.key, to="first")
    assert (status(session), opened(session)) == ("running", set())
    engine.deliver(session, "papers", subject="7", payload={}, now=NOW)
    assert opened(session) == {"b"}


def test_a_token_moved_back_is_watched_anew_at_the_border(session):
    instance = begin(session)
    complete(session, "a")
    later = interventions.Order(LEAD, "Noch einmal", NOW + timedelta(days=1))
    interventions.redo(session, instance, later, at(session, instance, "b").key, element="a")
    assert opened(session) == {"a"}
    assert session.execute(select(Waiting.due_at)).scalar_one() == later.now + timedelta(days=5)
    assert entry(session, "redone").detail["to"] == "a"
    assert engine.wake(session, instance, now=later.now + timedelta(days=5)) == 1
    assert opened(session) == {"gone"}


def test_only_what_was_done_is_done_again(session):
    instance = begin(session)
    with pytest.raises(errors.InterventionRefused, match="not_done"):
        interventions.redo(session, instance, ORDER, at(session, instance, "a").key, element="c")


def test_one_of_several_tokens_is_moved_and_the_join_still_waits_for_all(session):
    instance = begin(session, SIDES)
    complete(session, "left")
    interventions.redo(session, instance, ORDER, at(session, instance, "left2").key, element="left")
    assert opened(session) == {"left", "right"}
    complete(session, "right")
    complete(session, "left")
    complete(session, "left2")
    assert opened(session) == {"last"}
    complete(session, "last")
    assert status(session) == "completed"


def test_a_token_inside_a_called_process_is_moved_inside_it(session):
    instance = begin(session, CALL, q=INNER)
    interventions.move(session, instance, ORDER, at(session, instance, "deep").key, to="deeper")
    assert opened(session) == {"deeper"}
    complete(session, "deeper")
    assert opened(session) == {"after"}


def test_a_token_behind_a_call_is_moved_into_it_anew(session):
    instance = begin(session, CALL, q=INNER)
    complete(session, "deep")
    complete(session, "deeper")
    interventions.redo(session, instance, ORDER, at(session, instance, "after").key, element="k")
    assert opened(session) == {"deep"}


def test_a_token_moved_to_the_end_ends_the_process(session):
    instance = begin(session)
    interventions.move(session, instance, ORDER, at(session, instance, "a").key, to="e")
    assert (status(session), opened(session)) == ("completed", set())


@pytest.mark.parametrize("case", [
    (BODY, "a", "nowhere", "missing"),
    (BODY, "a", "s", "missing"),
    (SIDES, "left", "j", "missing"),
])  # fmt: skip
def test_what_cannot_be_moved_is_refused_and_nothing_changes(session, case):
    body, stands, to, code = case
    instance = begin(session, body)
    before = opened(session)
    key = at(session, instance, stands).key
    foreseen = interventions.preview(
        session, instance, lambda inner: interventions.move(inner, instance, ORDER, key, to=to)
    )
    assert (foreseen.possible, foreseen.code) == (False, code)
    assert opened(session) == before
    with pytest.raises(errors.InterventionRefused, match=code):
        interventions.move(session, instance, ORDER, key, to=to)


@pytest.mark.parametrize("act", ["move", "skip"])
def test_several_instances_go_together_or_not_at_all(session, act):
    instance = begin(session, SEVERAL)
    complete_one = session.execute(select(Task.id).limit(1)).scalar_one()
    engine.complete(session, complete_one, actor=KS, values={}, now=NOW)
    whole, *each = [place for place in interventions.places(session, instance, now=NOW) if place.element == "a"]
    given = {"to": "b"} if act == "move" else {"values": {}}
    for place in each:
        with pytest.raises(errors.InterventionRefused, match="instances"):
            getattr(interventions, act)(session, instance, ORDER, place.key, **given)
    getattr(interventions, act)(session, instance, ORDER, whole.key, **given)
    assert opened(session) == {"b"}
    complete(session, "b")
    assert status(session) == "completed"


def test_who_looks_at_an_old_page_is_told_that_the_step_is_gone(session):
    instance = begin(session)
    key = at(session, instance, "a").key
    complete(session, "a")
    with pytest.raises(errors.InterventionRefused, match="gone"):
        interventions.skip(session, instance, ORDER, key, values={})


def test_changed_values_count_in_every_branch_and_move_timers(session):
    body = BODY.replace("<timeDuration>P5D</timeDuration>", "<timeDate>until</timeDate>")
    instance = begin(session, body, values={"until": (NOW + timedelta(days=2)).isoformat()})
    moved = interventions.change(session, instance, ORDER, values={"until": (NOW + timedelta(days=4)).isoformat()})
    assert moved == 1
    assert session.execute(select(Waiting.due_at)).scalar_one() == NOW + timedelta(days=4)
    assert entry(session, "values_set").detail["reason"] == ORDER.reason


def test_where_the_diagram_asks_for_four_eyes_a_second_person_stands_by(session):
    instance = begin(session, GUARDED)
    key = at(session, instance, "pay").key
    act = {"to": "check"}
    for second in (None, LEAD):
        with pytest.raises(errors.NotAllowed, match="four_eyes"):
            interventions.move(session, instance, interventions.Order(LEAD, "Eilt", NOW, second), key, **act)
    foreseen = interventions.preview(
        session, instance, lambda inner: interventions.move(inner, instance, ORDER, key, **act)
    )
    assert (foreseen.possible, foreseen.needs_second) == (True, True)
    interventions.move(session, instance, interventions.Order(LEAD, "Eilt", NOW, OTHER), key, **act)
    assert entry(session, "moved").detail["second"] == {"id": 6, "name": "Otto Leitung"}


MARKED = """<start id="s"/><u id="a" d:role="KS"/><call id="k" calledElement="q"/><u id="b" d:role="KS"/><end id="e"/>
<f a="s" b="a"/><f a="a" b="k"/><f a="k" b="b"/><f a="b" b="e"/>"""
PAYING = """<start id="i1"/><u id="easy" d:role="KS"/><u id="pay" d:role="KS" d:fourEyes="money"/><end id="i2"/>
<f a="i1" b="easy"/><f a="easy" b="pay"/><f a="pay" b="i2"/>"""


def asked(session, instance, act, element, **given):
    """For what a second person is asked for when this is done to the step."""
    key = at(session, instance, element).key
    seen = interventions.preview(session, instance, lambda inner: act(inner, instance, ORDER, key, **given))
    return [(guard.kind, guard.element) for guard in seen.guards]


def test_a_second_person_is_asked_for_where_an_act_touches_a_marked_step(session):
    instance = begin(session, MARKED, q=PAYING)
    assert asked(session, instance, interventions.skip, "a", values={}) == []
    assert asked(session, instance, interventions.move, "a", to="b") == [("money", "pay")]
    complete(session, "a")
    assert asked(session, instance, interventions.skip, "easy", values={}) == []
    assert asked(session, instance, interventions.skip, "k", values={}) == [("money", "pay")]
    assert asked(session, instance, interventions.move, "easy", to="i2") == [("money", "pay")]
    complete(session, "easy")
    assert asked(session, instance, interventions.skip, "pay", values={}) == [("money", "pay")]
    for alone in (interventions.cancel, lambda *given: interventions.change(*given, values={"x": 1})):
        with pytest.raises(errors.NotAllowed, match="four_eyes"):
            alone(session, instance, ORDER)
    interventions.suspend(session, instance, ORDER)


def test_the_history_keeps_what_stood_there_before_and_what_was_foreseen(session):
    instance = begin(session, values={"x": 1})
    order = interventions.Order(LEAD, "Zahlendreher", NOW, told={"gone": ["Erfassen"]})
    interventions.change(session, instance, order, values={"x": 2})
    detail = entry(session, "values_set").detail
    assert (detail["before"], detail["values"], detail["gone"]) == ({"x": [1]}, {"x": 2}, ["Erfassen"])


def test_a_preview_tells_what_comes_and_goes_and_changes_nothing(session):
    instance = begin(session)
    key = at(session, instance, "a").key
    before = session.execute(select(Instance.document, Instance.sequence, Instance.revision)).one()
    foreseen = interventions.preview(
        session, instance, lambda inner: interventions.skip(inner, instance, ORDER, key, values={})
    )
    assert {piece.element for piece in foreseen.gone} == {"a", "late"}
    assert [(piece.kind, piece.element, piece.role) for piece in foreseen.new] == [("task", "b", "KS")]
    assert (foreseen.services, foreseen.status, foreseen.needs_second) == (("Bewerten",), "running", False)
    assert session.execute(select(Instance.document, Instance.sequence, Instance.revision)).one() == before
    assert opened(session) == {"a"}
    complete(session, "a")


def test_a_preview_tells_that_a_step_behind_would_fail(session):
    instance = begin(session, BODY.replace('d:role="KS" d:deadline', 'd:role="=who" d:deadline'))
    key = at(session, instance, "a").key
    foreseen = interventions.preview(
        session, instance, lambda inner: interventions.skip(inner, instance, ORDER, key, values={})
    )
    assert (foreseen.possible, foreseen.element, foreseen.code) == (False, "b", "failed")
    assert opened(session) == {"a"}


def test_an_instance_is_ended_with_a_reason_even_when_it_rests(session):
    instance = begin(session)
    interventions.suspend(session, instance, ORDER)
    interventions.cancel(session, instance, ORDER)
    assert (status(session), opened(session), last(session).kind) == ("cancelled", set(), "cancelled")
