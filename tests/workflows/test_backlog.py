"""What the inbox costs the database: no statement reads a role's backlog."""

from __future__ import annotations

import itertools
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import event, text

from tests.workflows import walks
from workflows import backlog, inbox

NOW = walks.NOW
VIEWS = ("mine", "role", "unassigned", "overdue", "held", "waiting_partner")
TASKS = 20_000
# More than a capped count needs, far less than a role's tasks.
MOST = 3 * backlog.CAP
# Half of all tasks are one role's; of these one of forty was put aside, one of a hundred is mine, few are overdue.
_FILL = text("""
INSERT INTO workflow_task (instance_id, key, subject, process, element, name, role, waits_for, assignee_id, assignee,
                           priority, due_at, held_until, created_at, changed_at)
SELECT :instance, gen_random_uuid(), (n / 4)::text, 'p', 'a', 'Aufgabe ' || n % 97,
       (ARRAY['KS', 'FM', 'KS', 'VM'])[1 + n % 4],
       CASE WHEN n % 10 = 0 THEN 'partner' ELSE 'own' END,
       CASE WHEN n % 100 = 0 THEN 1 WHEN n % 5 < 2 THEN 2 END, CASE WHEN n % 5 < 2 OR n % 100 = 0 THEN 'X' END,
       CASE WHEN n % 7 = 0 THEN 90 ELSE 50 END,
       :now + (n * 7919 % 40000 - 100) * interval '1 minute',
       CASE WHEN n % 40 = 0 THEN :now + (n % 3 - 1) * interval '10 days' END,
       :now - (n * 104729 % 40000) * interval '1 minute', :now - (n * 1299709 % 40000) * interval '1 minute'
FROM generate_series(1::bigint, :tasks) AS n
""")
_INSTANCE = text("""
INSERT INTO workflow_instance (definition_id, subject, status, document, document_version, started_at)
SELECT id, '1', 'running', '', 1, :now FROM workflow_definition RETURNING id
""")


@pytest.fixture
def backlog_of_a_role(committed, addresses):
    """A session on so many open tasks that to read a role's would tell; the server's upkeep has been there."""
    with committed.begin() as session:
        walks.install(session, {"p.bpmn": walks.diagram('<start id="s"/><end id="e"/><f a="s" b="e"/>')})
        instance = session.execute(_INSTANCE, {"now": NOW}).scalar_one()
        session.execute(_FILL, {"instance": instance, "tasks": TASKS, "now": NOW})
    with psycopg.connect(addresses.owner, autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE workflow_task")
        with committed() as session:
            yield session
        owner.execute("TRUNCATE workflow_task")


def _plans(session, act) -> list[dict]:
    """The plans of the statements of an act, with what they have read."""
    found = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        found.append((statement, parameters))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    act()
    event.remove(connection, "before_cursor_execute", note)
    raw = connection.connection.cursor()
    return [
        raw.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + statement, parameters).fetchone()[0][0]["Plan"]
        for statement, parameters in found
    ]


def _nodes(plan: dict):
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)


def _read(node: dict) -> float:
    return (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]


def _faults(plans: list[dict]) -> list[tuple[str, str, float]]:
    """Scans of tasks that go past every index, or read more than a capped count may."""
    scans = [
        (node["Node Type"], node.get("Index Name") or node.get("Relation Name", ""), _read(node))
        for plan in plans
        for node in _nodes(plan)
        if "workflow_task" in f"{node.get('Index Name', '')}{node.get('Relation Name', '')}"
    ]
    assert scans
    return [scan for scan in scans if scan[0] == "Seq Scan" or scan[2] > MOST]


def _check_counts(session, roles):
    plans = _plans(session, lambda: inbox.counts(session, roles=roles, actor_id=1, now=NOW, led=("FM", "VM")))
    assert len(plans) == 1
    assert _faults(plans) == []


def _check_list(session, **more):
    wanted = {"roles": ("FM", "KS"), "actor_id": 1, "now": NOW, "limit": 30} | more
    first = inbox.inbox(session, **wanted)
    for key in {None, first.next}:
        plans = _plans(session, lambda key=key: inbox.inbox(session, **wanted, after=key))
        assert len(plans) == 1
        assert _faults(plans) == [], (more, key)


def test_neither_counts_nor_lists_read_the_backlog_of_a_role(backlog_of_a_role):
    session = backlog_of_a_role
    for roles in (("KS",), ("FM", "KS", "VM")):
        _check_counts(session, roles)
    for view, order in itertools.product(VIEWS, backlog.ORDERS):
        _check_list(session, view=view, order=order)
    _check_list(session, search_subjects=[str(number) for number in range(0, 400, 7)])


def test_what_was_put_aside_does_not_stand_in_the_way(backlog_of_a_role):
    """A role whose earliest thousands rest still finds its first task at once, even before the planner knows."""
    session = backlog_of_a_role
    session.execute(
        text("UPDATE workflow_task SET held_until = :until WHERE role = 'KS' AND due_at < :due"),
        {"until": NOW + timedelta(30), "due": NOW + timedelta(20)},
    )
    session.commit()
    for order in backlog.ORDERS:
        _check_list(session, order=order)
