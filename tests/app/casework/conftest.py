"""Fixtures of casework: the shipped office, staff as actors, clients and cases without a process behind them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.casework import models
from app.casework.clients import service as clients
from app.office import service as office_service
from tests import copies, factories
from tests.app.casework import small_case
from workflows import definitions, problems
from workflows.handlers import Actor

if TYPE_CHECKING:
    from datetime import datetime

PARTNERS = {"KS": "AA", "VM": "AA", "LTG_AA": "AA", "DSB_AA": "AA", "ADM": ""}
JANA = {
    "family_name": "Becker",
    "given_names": "Jana",
    "birth_date": "14.03.1982",
    "city": "Bergisch Gladbach",
    "street": "Hauptstr. 5",
    "benefits": ["HLU"],
    "fit_for_work": "yes",
    "available": "yes",
    "unemployed_since": "01.09.2003",
}


def staff(role: str, number: int = 1) -> Actor:
    """Somebody who holds this role."""
    return Actor(id=number, name=f"{role} {number}", roles=frozenset({role}), partner=PARTNERS.get(role, "STADT"))


@pytest.fixture
def acting():
    """Makes somebody who holds a role."""
    return staff


_loaded = copies.Copies(lambda session: office_service.load(session, "bergisch_gladbach_2004", factories.OPENING))


@pytest.fixture
def office(session):
    """A session on a database that holds the shipped office."""
    _loaded.into(session)
    return session


@pytest.fixture
def register(office):
    """Registers Jana Becker, with changes, and returns her id."""

    def made(now: datetime = factories.OPENING, **changes) -> int:
        return clients.register(office, JANA | changes, actor=staff("KS"), now=now)

    return made


@pytest.fixture
def case(office, register):
    """The id of Jana Becker's case; no process runs in it."""
    row = models.CaseFile(client_id=register(), reference_date=date(2004, 1, 5), opened_at=factories.OPENING)
    office.add(row)
    office.flush()
    row.number = f"2004-{row.id:05d}"
    office.flush()
    return row.id


@pytest.fixture
def processes(office):
    """The office with a small process for its cases: two weeks' wait, then a task for the reception."""
    files = {"case.bpmn": small_case.DIAGRAM}
    definitions.deploy(office, files, known=problems.Known(), now=factories.OPENING, by="test")
    return office
