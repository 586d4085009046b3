"""The schema of the database: every table of every package, and how a database gets and shows its version."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import alembic.command
import alembic.config
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import make_url, text
from sqlalchemy.sql import quoted_name

from app.casework import models as casework_models
from app.design import models as design_models
from app.design import release_models
from app.identity import models as identity_models
from app.meetings import models as meeting_models
from app.notices import models as notice_models
from app.office import models as office_models
from app.operations import models as operations_models
from app.supervision import models as supervision_models
from workflows import database
from workflows import models as workflow_models

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

# Importing a module of models registers its tables; the tuple keeps the imports honest.
REGISTERED = (
    *(casework_models, design_models, identity_models, office_models, release_models, operations_models, notice_models),
    *(supervision_models, meeting_models, workflow_models),
)
METADATA = database.Base.metadata
FOLDER = Path(__file__).resolve().parent / "migrations"
# Tables that others own: the queue's, and the version itself.
FOREIGN = ("procrastinate_", "alembic_version")
_COLUMNS = text("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
GRANTS = """
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role};
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}
"""


class TablesLacking(Exception):  # noqa: N818  says what is wrong
    """The database says that it has the version of this program, but parts of its tables are not there."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = tuple(names)


def _script(connection: Connection | None = None) -> alembic.config.Config:
    config = alembic.config.Config(attributes={"connection": connection, "metadata": METADATA})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config


def head() -> str:
    """The version that this program needs."""
    found = ScriptDirectory.from_config(_script()).get_current_head()
    assert found is not None
    return found


def version(connection: Connection) -> str | None:
    """The version that the database has; None before the first migration."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(owner_url: str, application_url: str) -> bool:
    """Brings the database to the newest version and lets the application's role use it; whether anything was to do.

    Two at once wait for each other. Raises TablesLacking for tables that an unreleased state of the program has made.
    """
    engine = database.engine_for(owner_url)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('drehscheibe migrations'))")
            before = version(connection)
            if before != head():
                alembic.command.upgrade(_script(connection), "head")
                _grant(connection, make_url(application_url).username, make_url(owner_url).username)
            if before is not None and (names := lacking(connection)):
                raise TablesLacking(names)
    finally:
        engine.dispose()
    return before != head()


def lacking(connection: Connection) -> list[str]:
    """The tables and columns of the models that the database does not have."""
    there = {(row.table_name, row.column_name) for row in connection.execute(_COLUMNS)}
    tables = {table for table, _ in there}
    return sorted(
        {
            table.name if table.name not in tables else f"{table.name}.{column.name}"
            for table in METADATA.tables.values()
            for column in table.columns
            if (table.name, column.name) not in there
        }
    )


def _grant(connection: Connection, role: str | None, owner: str | None) -> None:
    """Nothing to do where one role owns and uses the tables."""
    if role and role != owner:
        name = connection.dialect.identifier_preparer.quote(quoted_name(role, quote=True))
        connection.exec_driver_sql(GRANTS.format(role=name))


def is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _to: object) -> bool:  # noqa: FBT001  Alembic's hook
    """Whether a table belongs to our models, and so is compared with them."""
    return not (kind == "table" and name is not None and name.startswith(FOREIGN))


def differences(connection: Connection) -> list[Any]:
    """What the tables of the database have otherwise than the models say; empty when they agree."""
    options = {"include_object": is_ours, "compare_server_default": True}
    context = MigrationContext.configure(connection, opts=options)
    found: list[Any] = compare_metadata(context, METADATA)
    return found
