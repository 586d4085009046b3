"""All cases of a process change to a new version: looked at before, step by step, stoppable, and back."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, text, update

from tests.workflows import test_engine as cases
from tests.workflows import test_migration as single
from workflows import definitions, engine, errors, migration, migration_batches
from workflows import versions as known_versions
from workflows.models import BatchStatus, Instance, ItemStatus, MigrationItem, Task

NOW, BOSS, KS = single.NOW, single.BOSS, single.KS
CASES = 7


def clock(_session):
    return single.LATER


@pytest.fixture
def sessions(committed):
    """Cases of the first version, one of them at a step that the second does not have."""
    with committed.begin() as session:
        cases.deploy(session, single.OLD)
        for number in range(CASES):
            engine.start(session, "p", subject=str(number), values={}, actor=KS, now=NOW)
        first = session.execute(select(Task.id).order_by(Task.id).limit(1)).scalar()
        engine.complete(session, first, actor=KS, values={}, now=NOW)
        cases.deploy(session, single.NEW.replace('"n"', '"other"'))
    return committed


def plan(sessions):
    with sessions.begin() as session:
        target = migration.Target(definitions.latest(session, "p").id)
        return migration_batches.plan(session, target, actor=BOSS, now=NOW, reason="neue Fassung")


def to_the_end(sessions, batch, limit=3):
    while migration_batches.work_off(sessions, clock, batch, limit=limit):
        pass
    return progress(sessions, batch)


def progress(sessions, batch):
    with sessions() as session:
        return migration_batches.progress(session, batch)


def go(sessions, act, batch):
    with sessions.begin() as session:
        act(session, batch)


def versions(sessions):
    with sessions() as session:
        return sorted(session.execute(select(Instance.definition_id)).scalars())


def test_the_look_says_for_each_case_whether_it_can_and_changes_nothing(sessions):
    before = versions(sessions)
    batch = plan(sessions)
    assert to_the_end(sessions, batch) == (BatchStatus.CHECKED, {ItemStatus.POSSIBLE: CASES - 1, ItemStatus.REFUSED: 1})
    with sessions() as session:
        refused = session.execute(select(MigrationItem).where(MigrationItem.status == "refused")).scalar_one()
    assert (refused.element, refused.code) == ("n", "missing")
    assert versions(sessions) == before


def test_the_cases_that_can_change_do_and_the_other_stays(sessions):
    batch = plan(sessions)
    to_the_end(sessions, batch)
    go(sessions, migration_batches.begin, batch)
    assert to_the_end(sessions, batch) == (BatchStatus.MOVED, {ItemStatus.MOVED: CASES - 1, ItemStatus.REFUSED: 1})
    assert len(set(versions(sessions)[1:])) == 1
    with sessions() as session:
        assert cases.elements(session) == ["a"] * (CASES - 1) + ["n"]


def test_cases_that_are_stopped_count_and_change_like_the_others(sessions):
    with sessions.begin() as session:
        session.execute(update(Instance).values(status="suspended"))
        assert [row.running for row in known_versions.all_of(session)] == [0, CASES]
    assert to_the_end(sessions, plan(sessions))[1] == {ItemStatus.POSSIBLE: CASES - 1, ItemStatus.REFUSED: 1}


def test_nothing_changes_before_all_have_been_looked_at(sessions):
    batch = plan(sessions)
    migration_batches.work_off(sessions, clock, batch, limit=2)
    with pytest.raises(errors.BatchRefused):
        go(sessions, migration_batches.begin, batch)
    assert progress(sessions, batch)[0] == BatchStatus.CHECKING


def test_a_batch_that_was_interrupted_goes_on_where_it_was(sessions):
    batch = plan(sessions)
    to_the_end(sessions, batch)
    go(sessions, migration_batches.begin, batch)
    assert migration_batches.work_off(sessions, clock, batch, limit=2)
    assert progress(sessions, batch)[1][ItemStatus.MOVED] == 2
    with sessions() as session:
        waiting = session.execute(text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'workflows.migrate'"))
        assert waiting.scalar() >= 1  # the next job is there whoever dies now
    assert to_the_end(sessions, batch)[0] == BatchStatus.MOVED


def test_a_batch_can_be_stopped_and_what_it_did_taken_back(sessions):
    before = versions(sessions)
    batch = plan(sessions)
    to_the_end(sessions, batch)
    go(sessions, migration_batches.begin, batch)
    migration_batches.work_off(sessions, clock, batch, limit=3)
    go(sessions, migration_batches.cancel, batch)
    assert not migration_batches.work_off(sessions, clock, batch)
    go(sessions, migration_batches.revert, batch)
    status, counted = to_the_end(sessions, batch)
    assert (status, counted[ItemStatus.REVERTED]) == (BatchStatus.REVERTED, 3)
    assert versions(sessions) == before


def test_a_case_that_has_moved_on_is_left_where_it_is(sessions):
    batch = plan(sessions)
    to_the_end(sessions, batch)
    go(sessions, migration_batches.begin, batch)
    to_the_end(sessions, batch)
    with sessions.begin() as session:
        moved = session.execute(select(Task.id).where(Task.element == "a").order_by(Task.id).limit(1)).scalar()
        engine.complete(session, moved, actor=KS, values={}, now=single.LATER)
    go(sessions, migration_batches.revert, batch)
    counted = to_the_end(sessions, batch)[1]
    assert (counted[ItemStatus.LEFT], counted[ItemStatus.REVERTED]) == (1, CASES - 2)


def test_several_workers_share_a_batch_and_change_each_case_once(sessions):
    batch = plan(sessions)
    to_the_end(sessions, batch)
    go(sessions, migration_batches.begin, batch)
    threads = [threading.Thread(target=to_the_end, args=(sessions, batch, 2)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert to_the_end(sessions, batch)[1] == {ItemStatus.MOVED: CASES - 1, ItemStatus.REFUSED: 1}
    with sessions() as session:
        lines = session.execute(text("SELECT count(*) FROM workflow_entry WHERE kind = 'migrated'")).scalar()
    assert lines == CASES - 1
