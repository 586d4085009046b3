"""Loading in great number: references and indexes rest while rows come in, and are made anew for all at once."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import text

from app.cli.generating import stamp, templates

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy.orm import Session

    from app.cli.generating.stamp import Variant

# Below that, to make everything anew costs more than it spares.
MANY = 5000
_OWNED = text("SELECT bool_and(tableowner = current_user) FROM pg_tables WHERE tablename = ANY(:tables)")
_REFERENCES = text("""
SELECT conrelid::regclass::text AS of, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(:tables) ORDER BY conname
""")
_INDEXES = text("""
SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
WHERE indrelid::regclass::text = ANY(:tables)
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid) ORDER BY 1
""")


def owns(session: Session, tables: Collection[str]) -> bool:
    """Whether whoever speaks to the database here may change these tables."""
    return bool(session.scalar(_OWNED, {"tables": list(tables)}))


@contextmanager
def relieved(session: Session, tables: Collection[str], *, cases: int) -> Iterator[None]:
    """While rows of many cases are loaded, their tables have no references and no indexes but the keys; others wait
    for the end of the transaction. Only who owns the tables can do that, else they stay as they are.
    """
    if cases < MANY or not owns(session, tables):
        yield
        return
    connection, given = session.connection(), {"tables": list(tables)}
    references, indexes = session.execute(_REFERENCES, given).all(), session.execute(_INDEXES, given).all()
    for row in references:
        connection.exec_driver_sql(f"ALTER TABLE {row.of} DROP CONSTRAINT {row.name}")
    for row in indexes:
        connection.exec_driver_sql(f"DROP INDEX {row.name}")
    yield
    connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '256MB'")
    for row in indexes:
        connection.exec_driver_sql(row.definition)
    for row in references:
        connection.exec_driver_sql(f"ALTER TABLE {row.of} ADD CONSTRAINT {row.name} {row.definition}")


def count_anew(session: Session, tables: Collection[str]) -> None:
    """Lets the server know how many rows there are now, so that it plans for them; as far as it is allowed to."""
    if owns(session, tables):
        session.connection().exec_driver_sql(f"ANALYZE {', '.join(sorted(tables))}")


class Patterns:
    """Rows of wide tables that differ in a few columns only: the rest is sent once for each variant, read and packed
    by the server once, and copied there from row to row.
    """

    def __init__(self, session: Session, variants: Sequence[Variant]) -> None:
        self.session = session
        self.inserts: dict[str, str] = {}
        session.connection().exec_driver_sql("SET LOCAL work_mem = '64MB'")
        for table, varying in stamp.WIDE.items():
            fixed = next((one.fixed[table][0] for one in variants if table in one.fixed), None)
            if fixed is not None:
                self._prepare(table, varying, fixed)
                lines = b"".join(one.fixed[table][1] for one in variants if table in one.fixed)
                copy(session, f"pattern_{table}", ("variant", "place", *fixed), lines)
                session.connection().exec_driver_sql(f"CREATE INDEX ON pattern_{table} (variant, place)")
                session.connection().exec_driver_sql(f"ANALYZE pattern_{table}")

    def _prepare(self, table: str, varying: Sequence[str], fixed: Sequence[str]) -> None:
        connection = self.session.connection()
        for name, columns in (("pattern", fixed), ("given", varying)):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS pg_temp.{name}_{table}")
            connection.exec_driver_sql(
                f"CREATE TEMP TABLE {name}_{table} ON COMMIT DROP AS "  # noqa: S608  our own names
                f"SELECT 0 AS variant, 0 AS place, {_listed(columns)} FROM {table} LIMIT 0"
            )
        listed = _listed((*varying, *fixed))
        self.inserts[table] = (
            f"INSERT INTO {table} ({listed}) SELECT {listed} FROM given_{table} "  # noqa: S608  our own names
            f"JOIN pattern_{table} USING (variant, place)"
        )
        # Lines of history carry their number themselves; of others the newest is the one with the highest id.
        if table != "workflow_entry":
            self.inserts[table] += f" ORDER BY {_listed(varying[:1])}, place"

    def insert(self, table: str, lines: bytes) -> None:
        """Makes the rows that these lines name: variant, place, and what varies."""
        copy(self.session, f"given_{table}", ("variant", "place", *stamp.WIDE[table]), lines)
        self.session.connection().exec_driver_sql(self.inserts[table])
        self.session.connection().exec_driver_sql(f"TRUNCATE given_{table}")


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def copy(session: Session, table: str, columns: Sequence[str], lines: bytes) -> None:
    """Writes finished lines into a table."""
    with templates.driver(session).cursor().copy(f'COPY "{table}" ({_listed(columns)}) FROM STDIN'.encode()) as into:
        into.write(lines)
