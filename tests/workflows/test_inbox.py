# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""The inbox: pages by key are whole and in order in every view, counts stop at the cap."""

from __future__ import annotations

import itertools
import random
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, text

from tests.workflows import walks
from workflows import queries
from workflows.models import Instance, Task

NOW = walks.NOW
ROLES = {"KS", "FM"}


@pytest.fixture
def rows(session):
    """Sixty open tasks of three roles with dates, holders and priorities drawn from few values, so that many are equal."""
    walks.install(session, {"p.bpmn": walks.diagram('<start id="s"/><end id="e"/><f a="s" b="e"/>')})
    definition = session.execute(text("SELECT id FROM workflow_definition")).scalar_one()
    draw = random.Random(7)
    state = {
        "definition_id": definition,
        "status": "running",
        "document": b"",
        "document_version": 1,
        "started_at": NOW,
    }
    number = session.execute(insert(Instance).values(subject="1", **state).returning(Instance.id)).scalar_one()
    rows = []
    for key in range(60):
        holder = draw.choice([None, None, 1, 2])
        rows.append(
            {
                "instance_id": number,
                "key": UUID(int=key),
                "subject": draw.choice("12"),
                "process": draw.choice(["p", "q"]),
                "element": "a",
                "name": draw.choice("abc"),
                "role": draw.choice(["KS", "FM", "VM"]),
                "waits_for": draw.choice(["own", "own", "partner"]),
                "assignee_id": holder,
                "assignee": holder and "X",
                "priority": draw.choice([10, 50, 90]),
                "due_at": draw.choice([None, NOW - timedelta(1), NOW + timedelta(1), NOW + timedelta(2)]),
                "held_until": draw.choice([None, None, NOW - timedelta(1), NOW + timedelta(3)]),
                "created_at": NOW - timedelta(draw.randrange(4)),
                "changed_at": NOW - timedelta(draw.randrange(4)),
            }
        )
    session.execute(insert(Task), rows)
    return [queries.task(session, number) for (number,) in session.execute(text("SELECT id FROM workflow_task"))]


def aside(row):
    return row.held_until is not None and row.held_until > NOW


VIEWS = {
    "mine": lambda row: row.assignee_id == 1 and not aside(row),
    "role": lambda row: row.role in ROLES and not aside(row),
    "unassigned": lambda row: row.role in ROLES and row.assignee_id is None and not aside(row),
    "overdue": lambda row: row.role in ROLES and row.due_at is not None and row.due_at < NOW and not aside(row),
    "held": lambda row: row.role in ROLES and aside(row),
    "waiting_partner": lambda row: row.role in ROLES and row.waits_for == "partner" and not aside(row),
}
LAST = NOW + timedelta(9999)
ORDERS = {
    "due": lambda row: (row.due_at or LAST, row.id),
    "priority": lambda row: (-row.priority, row.due_at or LAST, row.id),
    "created": lambda row: (row.created_at, row.id),
    "changed": lambda row: (NOW - row.changed_at, -row.id),
    "name": lambda row: (row.name, row.id),
}


def paged(session, **wanted):
    found, after = [], None
    while True:
        page = queries.inbox(session, roles=ROLES, actor_id=1, now=NOW, limit=4, after=after, **wanted)
        found += page.rows
        if page.next is None:
            return found
        after = page.next


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("order", ORDERS)
def test_pages_put_together_are_the_sorted_whole(session, rows, view, order):
    expected = sorted(filter(VIEWS[view], rows), key=ORDERS[order])
    assert paged(session, view=view, order=order) == expected


def test_filters_narrow_it(session, rows):
    wanted = {"role": "KS", "process": "q", "search_subjects": ["2"]}
    expected = [row for row in rows if (row.role, row.process, row.subject) == ("KS", "q", "2") and not aside(row)]
    assert sorted(row.id for row in paged(session, view="role", **wanted)) == sorted(row.id for row in expected)
    assert paged(session, view="role", search_subjects=[]) == []
    assert paged(session, view="role", role="ADM") == []


def test_counts_agree_with_the_views(session, rows):
    counted = queries.counts(session, roles=ROLES, actor_id=1, now=NOW)
    assert {view: sum(map(belongs, rows)) for view, belongs in VIEWS.items()} | {"done": 0} == counted


_MANY = """
INSERT INTO workflow_task (instance_id, key, subject, process, element, name, role, assignee_id, waits_for, priority,
                           due_at, held_until, created_at, changed_at)
SELECT instance_id, gen_random_uuid(), subject, process, element, name, 'KS', assignee_id, waits_for, priority,
       due_at, held_until, created_at, changed_at
FROM workflow_task, generate_series(1, 120)
"""


@pytest.mark.usefixtures("rows")
def test_so_are_the_first_pages_of_a_large_backlog(session):
    session.execute(text(_MANY))
    everything = session.execute(text("SELECT * FROM workflow_task")).all()
    for view, order in itertools.product(VIEWS, ORDERS):
        expected = [row.id for row in sorted(filter(VIEWS[view], everything), key=ORDERS[order])]
        wanted = {"roles": ROLES, "actor_id": 1, "now": NOW, "view": view, "order": order, "limit": 300}
        first = queries.inbox(session, **wanted)
        second = queries.inbox(session, **wanted, after=first.next)
        assert [row.id for row in first.rows + second.rows] == expected[:600], (view, order)


@pytest.mark.usefixtures("rows")
def test_counting_stops_one_beyond_the_cap(session):
    session.execute(
        text(
            "INSERT INTO workflow_task (instance_id, key, subject, process, element, name, role, created_at, changed_at)"
            " SELECT instance_id, gen_random_uuid(), subject, process, element, name, 'KS', created_at, changed_at"
            " FROM workflow_task, generate_series(1, 40)"
        )
    )
    assert queries.counts(session, roles=ROLES, actor_id=1, now=NOW)["role"] == queries.CAP + 1


@pytest.mark.usefixtures("rows")
def test_a_key_of_another_order_begins_anew(session):
    page = queries.inbox(session, roles=ROLES, actor_id=1, now=NOW, limit=4, order="due")
    assert queries.inbox(session, roles=ROLES, actor_id=1, now=NOW, limit=4, order="name", after=page.next).rows
    assert queries.inbox(session, roles=ROLES, actor_id=1, now=NOW, limit=4, after="%%%").rows == page.rows
