"""What a completion costs the database: ten statements at most between the lock and the commit, three for who asks.

One client is walked over HTTP from the routing to the follow-up, as browsers post it.
"""

from __future__ import annotations

import contextlib

import pytest
from sqlalchemy import event, select, text

from app.office import clock, dates
from tests.app.conftest import SYSTEM_NOW
from tests.bpmn import answers
from workflows.models import Task

LOCK = "FOR UPDATE OF instance"
LOGINS = {"KS": "ks", "BFK": "bfk", "FM": "fm", "VM": "vm", "FB5": "fb5", "LTG_STADT": "leitung.stadt"}
LIMIT = 10
WHO_ASKS = 3


@pytest.fixture
def statements(engine):
    """The statements since the list was emptied."""
    found: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def _open(sessions) -> list[tuple[int, str, str, str]]:
    with sessions() as session:
        return [(row.id, row.element, row.role, row.form) for row in session.scalars(select(Task).order_by(Task.id))]


def _typed(sessions, form: str) -> dict[str, object]:
    with sessions() as session:
        today = dates.day_of(clock.reading(session, SYSTEM_NOW))
    return answers.for_form(form, today)


def _login(element: str, role: str) -> str:
    # The second pair of eyes: the release is for somebody else than whoever prepared it.
    return "fb5" if element == "benefit_release" else LOGINS[role]


def test_completions_over_http_keep_to_ten_statements(register, at, office_sessions, statements):
    register()
    cost: dict[str, int] = {}
    while todo := [row for row in _open(office_sessions) if row[1] not in cost]:
        number, element, role, form = todo[0]
        desk = at(_login(element, role))
        typed = _typed(office_sessions, form)
        statements.clear()
        answer = desk.post(f"/inbox/tasks/{number}/complete", **typed)
        assert answer.status_code == 303, (element, answer.status_code)
        at_lock = next(place for place, text in enumerate(statements) if LOCK in text)
        cost[element] = len(statements) - at_lock
        assert "login_session" in statements[0]
        assert not [text for text in statements[WHO_ASKS:at_lock] if "office_" in text and "workflow_" not in text]
    assert {"routing_confirm", "benefit_prepare", "profile_interview", "plan_talk"} <= set(cost)
    assert {element: number for element, number in cost.items() if number > LIMIT} == {}


def test_what_the_server_has_prepared_outlives_a_page(at, office_sessions):
    desk = at("ks")
    for _ in range(20):
        desk.page("/inbox")
    asked = text("SELECT count(*) FROM pg_prepared_statements")
    with contextlib.ExitStack() as all_connections:
        prepared = [all_connections.enter_context(office_sessions()).scalar(asked) for _ in range(4)]
    # The driver prepares what it has seen five times; the pages had the connection that comes first.
    assert prepared[0] > WHO_ASKS
