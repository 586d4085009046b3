"""What the page of the inbox asks the database: so many statements, however many tasks it lists."""

from __future__ import annotations

import pytest
from sqlalchemy import event

# Three tell who asks and what time it is.
PAGE = 12
COUNTS = 8


@pytest.fixture
def statements(engine):
    """The statements since the list was emptied."""
    found: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def _cost(statements, desk, path: str) -> int:
    desk.page("/inbox")
    statements.clear()
    desk.page(path)
    return len(statements)


def test_the_page_asks_as_often_for_many_tasks_as_for_one(register, at, statements):
    register()
    one = _cost(statements, at("ks"), "/inbox")
    for family, given, born in (("Vogelsang", "Ida", "02.07.1981"), ("Quast", "Emil", "11.10.1979")):
        register(family_name=family, given_names=given, birth_date=born)
    assert len(at("ks").tasks()) > 1
    assert _cost(statements, at("ks"), "/inbox") == one <= PAGE


def test_the_counts_ask_for_no_list(register, at, statements):
    register()
    assert _cost(statements, at("ks"), "/inbox/counts?seen=none") <= COUNTS
    assert not [text for text in statements if "read_mark" in text or "FROM case_file" in text]
