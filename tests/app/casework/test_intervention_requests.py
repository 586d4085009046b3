"""Requests for interventions as a state machine: whatever happens in whatever order, nothing is done by one person
alone, nothing twice, nothing after it is over, and nothing other than what was shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.casework import errors, models
from app.casework.interventions import acts, queries, service
from app.office import queries as office_queries
from tests import factories
from tests.app.casework import small_case
from tests.app.conftest import load_office
from workflows import definitions, engine, history, problems
from workflows import errors as host_errors
from workflows.handlers import SYSTEM
from workflows.models import Entry, Instance, InstanceStatus

GUARDED = small_case.DIAGRAM.replace(b'd:role="KS"', b'd:role="KS" d:fourEyes="rights"')
NOW = factories.OPENING
STEPS = ("ask", "look", "confirm", "confirm_alone", "confirm_blind", "refuse", "withdraw", "wait", "expire", "move")
REFUSED = (errors.CaseworkError, host_errors.WorkflowError)


@pytest.fixture
def office(session):
    """The shipped office with accounts, and a small case in which rights hang on its only task."""
    load_office(session)
    definitions.forget()
    definitions.deploy(session, {"case.bpmn": GUARDED}, known=problems.Known(), now=NOW, by="test")
    return session


@dataclass
class Model:
    """What should be true, beside what is."""

    now: object = NOW
    seen: str = ""
    moved: bool = False
    deadline: object = None
    state: str = "none"
    done: int = 0
    history: list[str] = field(default_factory=list)


class World:
    """One case, its two leaders, and what they do."""

    def __init__(self, session, case_id: int) -> None:
        self.session, self.case_id, self.model = session, case_id, Model()
        by_login = {row.login: row.account_id for row in office_queries.logins(session)}
        self.asker, self.other = (
            office_queries.actor(session, by_login[login], NOW) for login in ("leitung.aa", "leitung.stadt")
        )
        instance = session.get(models.CaseFile, case_id).instance_id
        self.wanted = acts.Wanted(case_id, instance, acts.Act.CANCEL)

    def open(self):
        found = select(models.InterventionRequest).where(models.InterventionRequest.status == "open")
        return self.session.scalars(found).first()

    def is_running(self) -> bool:
        found = select(Instance.status).where(Instance.id == self.wanted.instance_id)
        return self.session.execute(found).scalar_one() == InstanceStatus.RUNNING

    def digest(self) -> str:
        return acts.foresee(self.session, self.wanted, actor=self.asker, now=self.model.now).digest

    def ask(self):
        service.intervene(
            self.session, self.wanted, reason="Grund", seen=self.digest(), actor=self.asker, now=self.model.now
        )  # fmt: skip
        self.model.state, self.model.deadline = "open", self.open().expires_at

    def look(self):
        self.model.seen, self.model.moved = self.digest(), False

    def _confirm(self, actor, seen: str):
        row = self.open()
        service.confirm_intervention(self.session, row.id if row else 0, seen=seen, actor=actor, now=self.model.now)
        self.model.state, self.model.done = "done", self.model.done + 1

    def confirm(self):
        self._confirm(self.other, self.model.seen)
        assert not self.model.moved

    def confirm_alone(self):
        self._confirm(self.asker, self.digest())
        pytest.fail("one person has confirmed an own request")

    def confirm_blind(self):
        self._confirm(self.other, "")
        pytest.fail("what nobody has looked at was confirmed")

    def refuse(self):
        row = self.open()
        service.refuse_intervention(
            self.session, row.id if row else 0, reason="Nein", actor=self.other, now=self.model.now
        )  # fmt: skip
        self.model.state = "refused"

    def withdraw(self):
        row = self.open()
        service.withdraw_intervention(self.session, row.id if row else 0, actor=self.asker, now=self.model.now)
        self.model.state = "withdrawn"

    def wait(self):
        self.model.now += timedelta(days=2)

    def expire(self):
        due = self.open() is not None and self.open().expires_at <= self.model.now
        assert service.expire_intervention(self.session, now=self.model.now) is due
        if due:
            self.model.state = "expired"

    def move(self):
        """The case goes on: what the other person has seen is not what would happen."""
        before = self.digest()
        later = self.model.now + timedelta(days=15)
        if engine.wake(self.session, self.wanted.instance_id, now=later):
            self.model.moved = self.model.moved or (bool(self.model.seen) and self.digest() != before)

    def check(self):
        assert self.is_running() is (self.model.done == 0)
        assert self.model.done <= 1
        row = self.open()
        assert (row is not None) is (self.model.state == "open")
        if row is not None:
            assert queries.may_decide(queries.request(self.session, row.id), self.asker, now=self.model.now) is False
        assert history.verify(self.session, self.wanted.instance_id)


@given(steps=st.lists(st.sampled_from(STEPS), max_size=14))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_order_of_events_gets_past_the_second_person(office, case, steps):
    with office.begin_nested() as undone:
        row = office.get(models.CaseFile, case)
        row.instance_id = engine.start(office, "case", subject=str(case), values={}, actor=SYSTEM, now=NOW)
        office.flush()
        world = World(office, case)
        for step in steps:
            try:
                with office.begin_nested():
                    getattr(world, step)()
            except REFUSED:
                pass
            world.check()
        undone.rollback()
    office.expire_all()


def test_a_confirmed_request_keeps_both_names(office, case):
    row = office.get(models.CaseFile, case)
    row.instance_id = engine.start(office, "case", subject=str(case), values={}, actor=SYSTEM, now=NOW)
    office.flush()
    world = World(office, case)
    for step in (world.ask, world.look, world.confirm):
        step()
    line = office.execute(select(Entry.__table__).where(Entry.kind == "cancelled")).one()
    assert (line.actor, line.detail["second"]["name"]) == (world.asker.name, world.other.name)
