"""The hand-over at 25 begun before its day: at once, once, and with one payer all the time."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.casework import errors as refusals
from app.casework import handlers_ages, queries
from app.casework.interventions import acts, service
from app.casework.interventions.models import InterventionRequest
from app.supervision import errors, foresight_start
from tests.bpmn import walking
from tests.bpmn.test_ages import SANDRA
from workflows import interventions
from workflows.handlers import Call
from workflows.models import Entry, Waiting


def due(walk):
    """The day that the case waits for."""
    query = select(Waiting.due_at).where(Waiting.element == "age_reached", Waiting.instance_id == walk.case.instance_id)
    return walk.session.scalar(query)


def kinds(walk) -> list[str]:
    lines = select(Entry.kind).where(Entry.instance_id == walk.case.instance_id).order_by(Entry.sequence)
    return list(walk.session.scalars(lines))


def begin(walk, role="LTG_STADT", reason="Unterlagen liegen schon vor"):
    return foresight_start.begin(walk.session, walk.case_id, reason=reason, actor=walking.person(role), now=walk.now)


@pytest.fixture
def young(walk):
    """A routed case of somebody who turns 25 on 15.06.2004, paid by the office."""
    walk.arrive("V01", **SANDRA).through_routing()
    walk.do("benefit_prepare")
    walk.do("benefit_release")
    return walk


def own(walk) -> str:
    """The leader of those who have the lead."""
    return "LTG_AA" if walk.case.lead in walking.PARTNERS else "LTG_STADT"


def confirm(walk):
    """The second person carries out what was asked for."""
    request = walk.session.scalars(select(InterventionRequest)).one()
    second = walking.person("LTG_STADT" if own(walk) == "LTG_AA" else "LTG_AA")
    order = interventions.Order(walking.person(own(walk)), request.reason, walk.now, second=second)
    acts.carry_out(walk.session, service.wanted_of(request), order)
    walk.until(walk.today)


def test_it_is_begun_before_its_day_when_a_second_person_agrees_and_does_not_come_twice(young):
    assert young.case_id in possible(young)
    day = due(young)
    assert not begin(young, own(young))
    assert "handover_prepare" not in young.open
    confirm(young)
    assert "handover_prepare" in young.open
    assert {"intervention_asked", "values_set"} <= set(kinds(young))
    assert due(young) > day
    young.do("handover_prepare")
    young.until(date(2004, 5, 17))
    assert young.open.isdisjoint({"handover_prepare", "handover_accept"})
    young.until(date(2004, 5, 18))
    young.do("handover_accept")
    young.until(date(2004, 7, 1))
    payers = [queries.payer_on(young.session, young.case_id, date(2004, month, 1)) for month in (2, 6, 7, 12)]
    assert payers == ["SB", "SB", "FB5", "FB5"]
    assert "handover_prepare" not in young.open


def test_another_day_in_between_does_not_bring_it_back(young):
    begin(young, own(young))
    confirm(young)
    last = {"age_event": "LZA", "age_event_at": young.today.isoformat()}
    call = Call(young.session, 1, str(young.case_id), "age_next", last, walking.person("FM"), young.now)
    assert handlers_ages.find_next(call)["age_event"] != "AGE_25_PREPARE"


def test_it_needs_a_reason_and_the_own_leader(young):
    for reason, code in ((" ", "required"), ("x" * 501, "too_long")):
        with pytest.raises(errors.PreparationRefused) as refused:
            begin(young, own(young), reason)
        assert refused.value.code == code
    with pytest.raises(refusals.AccessDenied):
        begin(young, "LTG_STADT" if own(young) == "LTG_AA" else "LTG_AA")
    assert "handover_prepare" not in young.open


def test_it_is_asked_for_once_and_begun_once(young):
    begin(young, own(young))
    with pytest.raises(errors.PreparationRefused) as refused:
        begin(young, own(young))
    assert refused.value.code == "asked"
    confirm(young)
    assert not possible(young)
    with pytest.raises(errors.PreparationRefused) as refused:
        begin(young, own(young))
    assert refused.value.code == "gone"


def possible(walk):
    """The case, if its hand-over can be begun by the leader of those who have the lead."""
    return foresight_start.possible(walk.session, [walk.case_id], roles={walk.case.lead}, now=walk.now)
