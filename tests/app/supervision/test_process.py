"""How a process stands, element by element: numbers for both leaders, names for the own line only (R41)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.office import clock, dates
from app.office import models as office
from app.supervision import process_queries as queries
from workflows.models import Task


@pytest.fixture
def waiting(register, office_sessions):
    """The task that waits for the intake of the agency for employment: its process, element and role."""
    register()
    with office_sessions() as session:
        return session.execute(select(Task.process, Task.element, Task.role).where(Task.role == "KS")).first()


def cells(text: str, element: str) -> list[str]:
    """The cells of the row of a step, without marks of the page."""
    row = re.search(rf'<tr data-element="{element}">(.*?)</tr>', text, re.DOTALL)[1]
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?>(.*?)</td>", row, re.DOTALL)]


def test_both_leaders_see_the_numbers_and_only_one_the_name(at, waiting):
    path = f"/supervision/process/{waiting.process}?element={waiting.element}"
    own, other = at("leitung.aa").page(path), at("leitung.stadt").page(path)
    assert cells(own, waiting.element)[1] == cells(other, waiting.element)[1] == "1"
    assert "Sommerfeld" in own
    assert "Sommerfeld" not in other
    assert "Offene Aufgaben der anderen Behörde hier: 1" in other


def test_time_makes_a_task_overdue_and_its_wait_longer(office_sessions, waiting):
    with office_sessions() as session:
        now = clock.now(session)
        today = queries.loads(session, waiting.process, now=now)[waiting.element]
        later = queries.loads(session, waiting.process, now=now + timedelta(days=60))[waiting.element]
    assert (today.running, today.overdue, later.running, later.overdue) == (1, 0, 1, 1)
    assert later.median - today.median == timedelta(days=60)


def test_a_step_that_keeps_its_tasks_waiting_is_named_as_the_bottleneck(at, waiting, office_sessions):
    path = f"/supervision/process/{waiting.process}"
    assert "Engpass" not in at("leitung.stadt").page(path)
    with office_sessions.begin() as session:
        day = session.scalar(select(office.Clock.day)) + timedelta(21)
        session.execute(update(office.Clock).values(day=day, not_before=dates.start_of(day)))
    assert "hat 100 % der Wartezeit" in at("leitung.stadt").page(path)


def test_the_diagram_bears_the_same_number(at, waiting):
    assert f'["{waiting.element}", "1", "open", ' in at("leitung.aa").page(f"/supervision/process/{waiting.process}")


@pytest.mark.usefixtures("waiting")
def test_an_unknown_process_is_not_found(at):
    assert at("leitung.aa").get("/supervision/process/nothing").status_code == 404
