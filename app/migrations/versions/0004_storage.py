"""What is written once is kept apart from what changes, so that a change does not write it again."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A decision is proposed with all its reasons, and updated once, when a person has decided.
    op.execute("ALTER TABLE route_decision SET (toast_tuple_target = 256)")


def downgrade() -> None:
    op.execute("ALTER TABLE route_decision RESET (toast_tuple_target)")
