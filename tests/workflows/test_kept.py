"""What is read once in a transaction, and what drops it. The tables are the host's own."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text, update

from workflows import kept
from workflows.models import Source

TABLE = Source.__tablename__


@pytest.fixture
def read(session):
    """Reads all hashes, counting how often it had to."""
    reads = []

    def ask(*tables: str) -> list[str]:
        def find() -> list[str]:
            reads.append(1)
            return sorted(session.scalars(select(Source.hash)))

        return kept.once(session, "hashes", tables or (TABLE,), find)

    ask.reads = reads
    return ask


def _source(number: int) -> Source:
    return Source(hash=str(number) * 64, content=b"x")


def test_value_is_read_once(read):
    assert read() == read()
    assert len(read.reads) == 1


def test_value_is_read_again_after_a_row_came_even_before_it_is_written(session, read):
    before = read()
    session.add(_source(1))
    assert read() == sorted([*before, "1" * 64])


def test_value_is_read_again_after_a_statement_changed_a_row(session, read):
    session.add(_source(1))
    read()
    session.execute(update(Source).values(content=b"y"))
    read()
    assert len(read.reads) == 2


def test_value_is_read_again_after_an_object_changed_and_after_it_went(session, read):
    row = _source(1)
    session.add(row)
    read()
    row.content = b"y"
    read()
    session.delete(row)
    assert "1" * 64 not in read()
    assert len(read.reads) == 3


def test_value_of_living_objects_is_read_again_only_when_rows_come_or_go(session, read):
    row = _source(1)
    session.add(row)
    read(kept.NEW + TABLE)
    row.content = b"y"
    session.flush()
    read(kept.NEW + TABLE)
    assert len(read.reads) == 1
    session.add(_source(2))
    assert "2" * 64 in read(kept.NEW + TABLE)


def test_value_is_read_again_after_a_savepoint_was_undone(session, read):
    before = read()
    savepoint = session.begin_nested()
    session.add(_source(1))
    assert "1" * 64 in read()
    savepoint.rollback()
    assert read() == before


def test_value_is_read_again_after_text_that_was_told(session, read):
    read()
    session.execute(text("UPDATE workflow_source SET content = 'y'"))
    kept.written(session, TABLE)
    read()
    assert len(read.reads) == 2


def test_write_to_another_table_drops_nothing(session, read):
    read()
    kept.written(session, "workflow_entry")
    read()
    assert len(read.reads) == 1


def test_nothing_found_is_not_kept(session):
    found = iter((None, 1))
    assert [kept.once(session, "key", (TABLE,), lambda: next(found)) for _ in range(2)] == [None, 1]
