"""How Alembic runs our migrations: on the connection that app.schema gives it, in that connection's transaction."""

from __future__ import annotations

from alembic import context

from app import schema

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema.METADATA,
    include_object=schema.is_ours,
    compare_server_default=True,
)
context.run_migrations()
