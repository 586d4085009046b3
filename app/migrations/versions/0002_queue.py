"""The queue: the tables and functions of Procrastinate 3.10, under its own names."""

from __future__ import annotations

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The percent sign is the driver's; doubled it stands for itself.
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))


def downgrade() -> None:
    op.execute(
        """
        DO $$
        DECLARE object record;
        BEGIN
          DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers CASCADE;
          FOR object IN SELECT oid::regprocedure AS signature FROM pg_proc
              WHERE proname LIKE 'procrastinate%' AND pronamespace = 'public'::regnamespace LOOP
            EXECUTE 'DROP FUNCTION IF EXISTS ' || object.signature || ' CASCADE';
          END LOOP;
          FOR object IN SELECT oid::regtype AS signature FROM pg_type
              WHERE typname LIKE 'procrastinate%' AND typtype IN ('e', 'c') AND typnamespace = 'public'::regnamespace LOOP
            EXECUTE 'DROP TYPE IF EXISTS ' || object.signature || ' CASCADE';
          END LOOP;
        END $$
        """
    )
