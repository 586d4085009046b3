"""What takes long to put into an empty database is put there once, and copied for every later test of this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from workflows.database import Base

if TYPE_CHECKING:
    from collections.abc import Callable

    from psycopg import Connection
    from sqlalchemy.orm import Session

FILLED = " UNION ALL ".join(
    f"SELECT '{table.name}' WHERE EXISTS (SELECT FROM {table.name})" for table in Base.metadata.sorted_tables
)
NUMBER = text("SELECT last_value FROM pg_sequences WHERE schemaname = 'public' AND sequencename = :name")
# The application may take numbers and not set them.
ADVANCE = text("SELECT count(nextval(CAST(:name AS regclass))) FROM generate_series(:after + 1, :last)")


class Copies:
    """The rows that a function put into empty tables, and how far the numbers of these tables had come."""

    def __init__(self, fill: Callable[[Session], object]) -> None:
        self.fill = fill
        self.rows: dict[str, bytes] = {}
        self.numbers: dict[str, int] = {}

    def into(self, session: Session) -> None:
        """Puts the rows into empty tables: by the function when it is the first time, and as a copy later."""
        if self.rows:
            self._put(session)
        else:
            self.fill(session)
            session.flush()
            self._take(session)

    def _take(self, session: Session) -> None:
        connection = _driver(session)
        filled = {name for (name,) in connection.execute(FILLED.encode())}
        for table in Base.metadata.sorted_tables:
            if table.name in filled:
                with connection.cursor().copy(f"COPY {table.name} TO STDOUT".encode()) as out:
                    self.rows[table.name] = b"".join(map(bytes, out))
        self.numbers = {name: _number(session, name) for name in map("{}_id_seq".format, self.rows)}

    def _put(self, session: Session) -> None:
        connection = _driver(session)
        for name, rows in self.rows.items():
            with connection.cursor().copy(f"COPY {name} FROM STDIN".encode()) as into:
                into.write(rows)
        for name, last in self.numbers.items():
            if (after := _number(session, name)) < last:
                session.execute(ADVANCE, {"name": name, "after": after, "last": last})


def _number(session: Session, name: str) -> int:
    """The last number that was taken; 0 where none was, or the table has none."""
    return session.scalar(NUMBER, {"name": name}) or 0


def _driver(session: Session) -> Connection:
    connection = session.connection().connection.driver_connection
    assert connection is not None
    return connection
