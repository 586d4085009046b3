"""Loading in great number: references, keys and indexes rest while rows come in, and are made anew for all at once."""

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
# As long as a row can be without being taken apart.
LONGEST = 8160
_OWNED = text("SELECT bool_and(tableowner = current_user) FROM pg_tables WHERE tablename = ANY(:tables)")
# References of these tables and to them, then their keys: what refers to a key goes first and comes last.
_CONSTRAINTS = text("""
SELECT conrelid::regclass::text AS of, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
FROM pg_constraint
WHERE contype IN ('f', 'p', 'u')
    AND (conrelid::regclass::text = ANY(:tables) OR confrelid::regclass::text = ANY(:tables))
ORDER BY contype = 'f' DESC, conname
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
    """While rows of many cases are loaded, their tables have no references, keys and indexes; others wait for the end
    of the transaction. Only who owns the tables can do that, else they stay as they are.
    """
    if cases < MANY or not owns(session, tables):
        yield
        return
    connection, given = session.connection(), {"tables": list(tables)}
    constraints, indexes = session.execute(_CONSTRAINTS, given).all(), session.execute(_INDEXES, given).all()
    for row in constraints:
        connection.exec_driver_sql(f"ALTER TABLE {row.of} DROP CONSTRAINT {row.name}")
    for row in indexes:
        connection.exec_driver_sql(f"DROP INDEX {row.name}")
    for table in stamp.WIDE:
        connection.exec_driver_sql(f"ALTER TABLE {table} SET (toast_tuple_target = {LONGEST})")
    yield
    for table in stamp.WIDE:
        connection.exec_driver_sql(f"ALTER TABLE {table} RESET (toast_tuple_target)")
    connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '256MB'")
    for row in indexes:
        connection.exec_driver_sql(row.definition)
    for row in reversed(constraints):
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
        # The statements are short and come again and again; to compile each of them anew pays never.
        session.connection().exec_driver_sql("SET LOCAL jit = off")
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
        shapes = {
            "pattern": f"SELECT 0 AS variant, 0 AS place, {_listed(fixed)} FROM {table} LIMIT 0",  # noqa: S608  our own names
            "given": f"SELECT 0 AS variant, {', '.join(map(_list_of, varying))} FROM {table} LIMIT 0",  # noqa: S608
        }
        for name, shape in shapes.items():
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS pg_temp.{name}_{table}")
            connection.exec_driver_sql(f"CREATE TEMP TABLE {name}_{table} ON COMMIT DROP AS {shape}")
        # Long rows stay in one piece: to put them together and to take them apart again is most of what a copy costs.
        for name in shapes:
            connection.exec_driver_sql(f"ALTER TABLE {name}_{table} SET (toast_tuple_target = {LONGEST})")
        # Case after case, and its rows in their order: they lie together, and the newest has the highest id.
        self.inserts[table] = (
            f"INSERT INTO {table} ({_listed((*varying, *fixed))}) "  # noqa: S608  our own names
            f"SELECT {', '.join(map(_out_of_list, varying))}, {_listed(fixed)} FROM given_{table} AS given "
            f"CROSS JOIN LATERAL (SELECT * FROM pattern_{table} AS row WHERE row.variant = given.variant "
            "ORDER BY place) AS pattern"
        )

    def insert(self, table: str, lines: bytes) -> None:
        """Makes the rows of the cases that these lines name: variant, and what varies."""
        copy(self.session, f"given_{table}", ("variant", *stamp.WIDE[table]), lines)
        self.session.connection().exec_driver_sql(self.inserts[table])
        self.session.connection().exec_driver_sql(f"TRUNCATE given_{table}")


def _list_of(column: str) -> str:
    """The lists of a column: bytes of a known length in one piece, all else as arrays."""
    return f'"{column}"' if column in stamp.PACKED else f'ARRAY["{column}"] AS "{column}"'


def _out_of_list(column: str) -> str:
    if column in stamp.PACKED:
        width = stamp.PACKED[column]
        return f'substr(given."{column}", 1 + (place - 1) * {width}, {width})'
    found = f'given."{column}"[place]'
    return f"nullif({found}, 0)" if column == "task_id" else found


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def copy(session: Session, table: str, columns: Sequence[str], lines: bytes) -> None:
    """Writes finished lines into a table."""
    with templates.driver(session).cursor().copy(f'COPY "{table}" ({_listed(columns)}) FROM STDIN'.encode()) as into:
        into.write(lines)
