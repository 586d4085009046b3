"""The one database: declarative base, engine and sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, MetaData, create_engine
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

if TYPE_CHECKING:
    from workflows.handlers import Environment

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The root of all tables, with one naming convention for constraints."""

    metadata = MetaData(naming_convention=NAMING)


def engine_for(url: str, **options: Any) -> Engine:  # noqa: ANN401  SQLAlchemy's own options
    """An engine for this PostgreSQL address that notices dead connections and speaks UTC."""
    url = url.replace("postgresql://", "postgresql+psycopg://", 1).replace("postgres://", "postgresql+psycopg://", 1)
    return create_engine(
        url,
        pool_pre_ping=True,
        connect_args={"options": "-c timezone=UTC", "application_name": "drehscheibe"},
        **options,
    )


def sessions(engine: Engine, environment: Environment) -> sessionmaker[Session]:
    """A factory of sessions that carry the environment of the host."""
    return sessionmaker(engine, info={"environment": environment}, expire_on_commit=False)
