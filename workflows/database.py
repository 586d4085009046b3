"""The one database: declarative base, engine and sessions."""

from __future__ import annotations

import select
import time
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import Engine, MetaData, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

if TYPE_CHECKING:
    from sqlalchemy.pool import ConnectionPoolEntry

    from workflows.handlers import Environment

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Whatever lies between us and the server may forget a connection that was silent for so many seconds.
_SILENT = 30.0


class Base(DeclarativeBase):
    """The root of all tables, with one naming convention for constraints."""

    metadata = MetaData(naming_convention=NAMING)


class _Cursor(psycopg.Cursor[Any]):
    """A cursor that describes its columns by what is asked of them: name and type. The driver looks up far more, for
    every column of every answer.
    """

    @property
    def description(self) -> Any:  # noqa: ANN401  the driver gives columns of its own
        """Name, type and five times nothing for each column; None where no rows can come."""
        result = self.pgresult
        if result is None or not result.nfields:
            return None if result is None else super().description
        return [
            ((result.fname(number) or b"").decode(), result.ftype(number), None, None, None, None, None)
            for number in range(result.nfields)
        ]


def engine_for(url: str, **options: Any) -> Engine:  # noqa: ANN401  SQLAlchemy's own options
    """An engine for this PostgreSQL address that notices dead connections and speaks UTC."""
    url = url.replace("postgresql://", "postgresql+psycopg://", 1).replace("postgres://", "postgresql+psycopg://", 1)
    engine = create_engine(
        url,
        connect_args={"options": "-c timezone=UTC", "application_name": "drehscheibe", "cursor_factory": _Cursor},
        # The connection that was used last knows the statements best: the driver prepares what comes again on it.
        pool_use_lifo=True,
        **options,
    )

    @event.listens_for(engine, "checkin")
    def rest(_connection: psycopg.Connection[Any] | None, entry: ConnectionPoolEntry) -> None:
        entry.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def look(connection: psycopg.Connection[Any], entry: ConnectionPoolEntry, _proxy: object) -> None:
        rested = time.monotonic() - entry.info.get("rests_since", time.monotonic())
        if rested < _SILENT and not _has_word(connection):
            return
        try:
            engine.dialect.do_ping(connection)  # type: ignore[arg-type]  # the driver's own connection
        except psycopg.Error as gone:
            # The others from before are most likely gone, too.
            dead = DisconnectionError("the server has closed the connection")
            dead.invalidate_pool = True
            raise dead from gone

    return engine


def _has_word(connection: psycopg.Connection[Any]) -> bool:
    """Whether something has come that nobody asked for: a server that ends says so. This spares the way to the
    server and back that SQLAlchemy's own look costs each transaction.
    """
    if connection.closed:
        return True
    asked = select.poll()
    asked.register(connection.fileno(), select.POLLIN)
    return bool(asked.poll(0))


def sessions(engine: Engine, environment: Environment) -> sessionmaker[Session]:
    """A factory of sessions that carry the environment of the host."""
    return sessionmaker(engine, info={"environment": environment}, expire_on_commit=False)
