"""All tables of the first version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A trusted extension: the owner of the database may make it.
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "access_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("categories", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("across", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    op.create_index("ix_access_log_actor_id", "access_log", ["actor_id", "id"], unique=False)
    op.create_index("ix_access_log_case_id", "access_log", ["case_id", "id"], unique=False)
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("locale", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("login = lower(login)", name=op.f("ck_account_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )
    op.create_table(
        "client",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("given_names", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("birth_name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("birth_precision", sa.Text(), nullable=False),
        sa.Column("sex", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("nationality", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("language", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("interpreter", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("street", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("postcode", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("city", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("residence", sa.Text(), nullable=False),
        sa.Column("no_fixed_abode", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("blocked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("phone", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("email", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("representative", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("search_name", sa.Text(), nullable=False),
        sa.Column("sort_name", sa.Text(), nullable=False),
        sa.Column("phonetic", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("birth_date IS NOT NULL OR birth_precision = 'unknown'", name=op.f("ck_client_birth_known")),
        sa.CheckConstraint(
            "birth_precision IN ('day', 'month', 'year', 'unknown')", name=op.f("ck_client_birth_precision")
        ),
        sa.CheckConstraint("residence IN ('yes', 'no', 'unclear')", name=op.f("ck_client_residence")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("number", name=op.f("uq_client_number")),
    )
    op.create_index("ix_client_birth_date", "client", ["birth_date"], unique=False)
    op.create_index("ix_client_phonetic", "client", ["phonetic"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_client_search_name",
        "client",
        ["search_name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_name": "gin_trgm_ops"},
    )
    op.create_index("ix_client_sort_name", "client", ["sort_name", "id"], unique=False)
    op.create_table(
        "design_scenario",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design_scenario")),
    )
    op.create_index("ix_design_scenario_digest", "design_scenario", ["digest"], unique=False)
    op.create_index("ix_design_scenario_file", "design_scenario", ["file"], unique=False)
    op.create_table(
        "draft",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("task_id", "account_id", name=op.f("uq_draft_task_id_account_id")),
    )
    op.create_table(
        "login_attempt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("login_digest", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    op.create_index("ix_login_attempt_address", "login_attempt", ["address", "at"], unique=False)
    op.create_index("ix_login_attempt_login", "login_attempt", ["login_digest", "at"], unique=False)
    op.create_table(
        "office_agreement",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("council_paper", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("opens", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'ready', 'signed', 'in_force', 'terminated', 'ended')",
            name=op.f("ck_office_agreement_status"),
        ),
        sa.CheckConstraint("begins <= opens AND opens <= ends", name=op.f("ck_office_agreement_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_agreement")),
    )
    op.create_table(
        "office_clock",
        sa.Column("id", sa.SmallInteger(), server_default=sa.text("1"), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_office_clock_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_clock")),
    )
    op.create_table(
        "office_closing_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('holiday', 'custom')", name=op.f("ck_office_closing_day_kind")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_office_closing_day")),
    )
    op.create_table(
        "office_deadline",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("expression", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_deadline")),
        sa.UniqueConstraint("name", "valid_from", name=op.f("uq_office_deadline_name_valid_from")),
    )
    op.create_table(
        "office_mark",
        sa.Column("id", sa.SmallInteger(), server_default=sa.text("1"), autoincrement=False, nullable=False),
        sa.Column("training", sa.Boolean(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_office_mark_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_mark")),
    )
    op.create_table(
        "office_opening_hours",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_office_opening_hours_weekday")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_opening_hours")),
        sa.UniqueConstraint("weekday", "opens", name=op.f("uq_office_opening_hours_weekday_opens")),
    )
    op.create_table(
        "office_partner",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("legal_area", sa.Text(), nullable=False),
        sa.Column("delegated_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("address", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("phone", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_partner")),
    )
    op.create_table(
        "office_place",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("inside", sa.Boolean(), nullable=False),
        sa.Column("responsible", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_place")),
        sa.UniqueConstraint("postcode", "name", name=op.f("uq_office_place_postcode_name")),
    )
    op.create_table(
        "office_run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), server_default=sa.text("'advance'"), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'queued'"), nullable=False),
        sa.Column("started_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("target", sa.DateTime(timezone=True), nullable=False),
        sa.Column("current", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("events", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("message", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("skipped", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'done', 'cancelled', 'failed')", name=op.f("ck_office_run_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_run")),
    )
    op.create_index(
        "uq_office_run_active",
        "office_run",
        ["kind"],
        unique=True,
        postgresql_where=sa.text("status IN ('queued', 'running')"),
    )
    op.create_table(
        "office_setting",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_office_setting")),
    )
    op.create_table(
        "office_substitution",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("by_role", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_substitution")),
        sa.UniqueConstraint(
            "role", "by_role", "valid_from", name=op.f("uq_office_substitution_role_by_role_valid_from")
        ),
    )
    op.create_table(
        "office_target",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.Column("amber", sa.Integer(), nullable=True),
        sa.Column("red", sa.Integer(), nullable=True),
        sa.Column("level1", sa.Text(), nullable=False),
        sa.Column("level2", sa.Text(), nullable=False),
        sa.Column("further", sa.Integer(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("elements", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("diagram", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("amber <= red", name=op.f("ck_office_target_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_target")),
        sa.UniqueConstraint("step", "valid_from", name=op.f("uq_office_target_step_valid_from")),
    )
    op.create_table(
        "office_working_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_office_working_day")),
        sa.UniqueConstraint("number", name=op.f("uq_office_working_day_number")),
    )
    op.create_table(
        "operations_backup",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operations_backup")),
    )
    op.create_index("ix_operations_backup_at", "operations_backup", ["at"], unique=False)
    op.create_table(
        "operations_retry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operations_retry")),
    )
    op.create_table(
        "read_mark",
        sa.Column("task_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("task_id", "account_id", name=op.f("pk_read_mark")),
    )
    op.create_table(
        "rule_edition",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_edition")),
    )
    op.create_index("ix_rule_edition_digest", "rule_edition", ["digest"], unique=False)
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_filter_account_id_name")),
    )
    op.create_table(
        "supervision_bulk",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'planned'"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("active_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "status IN ('planned', 'running', 'stopped', 'done', 'undoing', 'undone')",
            name=op.f("ck_supervision_bulk_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_bulk")),
    )
    op.create_index(
        "ix_supervision_bulk_live",
        "supervision_bulk",
        ["id"],
        unique=False,
        postgresql_where=sa.text("status IN ('running', 'undoing')"),
    )
    op.create_table(
        "supervision_finding",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Integer(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("red_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_finding")),
    )
    op.create_index("ix_supervision_finding_case_id", "supervision_finding", ["case_id"], unique=False)
    op.create_index(
        "ix_supervision_finding_cause", "supervision_finding", ["cause", "at", "role", "until", "red_at"], unique=False
    )
    op.create_index(
        "ix_supervision_finding_cause_pressing", "supervision_finding", ["cause", "red_at", "id"], unique=False
    )
    op.create_index(
        "ix_supervision_finding_grey",
        "supervision_finding",
        ["red_at", "id"],
        unique=False,
        postgresql_where=sa.text("cause IN ('held', 'paused')"),
    )
    op.create_index(
        "ix_supervision_finding_person",
        "supervision_finding",
        ["person_id", "red_at", "id"],
        unique=False,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index("ix_supervision_finding_pressing", "supervision_finding", ["red_at", "id"], unique=False)
    op.create_index("ix_supervision_finding_process", "supervision_finding", ["process", "red_at", "id"], unique=False)
    op.create_index("ix_supervision_finding_role", "supervision_finding", ["role", "red_at", "id"], unique=False)
    op.create_table(
        "supervision_flow",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("definition_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("net", sa.Boolean(), nullable=False),
        sa.Column("bucket", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "process", "month", "element", "role", "definition_id", "net", "bucket", name=op.f("pk_supervision_flow")
        ),
    )
    op.create_table(
        "supervision_stand_in",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("absence_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=False),
        sa.Column("back_on", sa.Date(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("code", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_stand_in")),
        sa.UniqueConstraint("absence_id", "task_id", name=op.f("uq_supervision_stand_in_absence_id_task_id")),
    )
    op.create_index(
        "ix_supervision_stand_in_back",
        "supervision_stand_in",
        ["back_on"],
        unique=False,
        postgresql_where=sa.text("outcome = ''"),
    )
    op.create_table(
        "supervision_step",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("ref", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("anchor", sa.Date(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amber_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("red_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waited", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gross", sa.Integer(), nullable=True),
        sa.Column("net", sa.Integer(), nullable=True),
        sa.Column("level", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("leaders", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_step")),
    )
    op.create_index(
        "ix_supervision_step_counts",
        "supervision_step",
        ["step", "role", "amber_at", "red_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_supervision_step_ended",
        "supervision_step",
        ["ended_at", "step", "gross", "net"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )
    op.create_index(
        "ix_supervision_step_next",
        "supervision_step",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_supervision_step_red",
        "supervision_step",
        ["step", "red_at", "id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_supervision_step_told",
        "supervision_step",
        ["case_id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL AND leaders <> '{}'"),
    )
    op.create_index(
        "uq_supervision_step_running",
        "supervision_step",
        ["case_id", "step", "ref"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "supervision_watch",
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_supervision_watch")),
    )
    op.create_index("ix_supervision_watch_at", "supervision_watch", ["at"], unique=False)
    op.create_table(
        "workflow_definition",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("files", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("deployed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deployed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_definition")),
        sa.UniqueConstraint("process", "hash", name=op.f("uq_workflow_definition_process_hash")),
        sa.UniqueConstraint("process", "version", name=op.f("uq_workflow_definition_process_version")),
    )
    op.create_table(
        "workflow_ended",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rested", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_ended")),
    )
    op.create_table(
        "workflow_letter",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation", sa.Text(), nullable=False),
        sa.Column("processes", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_letter")),
    )
    op.create_index("ix_workflow_letter_expires_at", "workflow_letter", ["expires_at"], unique=False)
    op.create_index("ix_workflow_letter_name", "workflow_letter", ["name", "correlation", "id"], unique=False)
    op.create_table(
        "workflow_source",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_workflow_source")),
    )
    op.create_table(
        "availability",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("value IN ('yes', 'no', 'unknown')", name=op.f("ck_availability_value")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_availability_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability")),
    )
    op.create_index("ix_availability_client_id", "availability", ["client_id", "id"], unique=False)
    op.create_table(
        "benefit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("payer", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("reference", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('applied', 'running', 'suspended', 'refused', 'ended')", name=op.f("ck_benefit_status")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to > valid_from", name=op.f("ck_benefit_period")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_benefit_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit")),
    )
    op.create_index("ix_benefit_client_id", "benefit", ["client_id"], unique=False)
    op.create_table(
        "benefit_check",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_benefit_check_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit_check")),
    )
    op.create_index("ix_benefit_check_client_id", "benefit_check", ["client_id", "id"], unique=False)
    op.create_table(
        "case_file",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("reference_date", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("route", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("route_group", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("rule", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("rule_version", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("lead", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("household_payer", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("next_contact", sa.Date(), nullable=True),
        sa.Column("provisional", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_case_file_closed")),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_case_file_status")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_case_file_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_case_file_instance_id")),
        sa.UniqueConstraint("number", name=op.f("uq_case_file_number")),
    )
    op.create_index(op.f("ix_case_file_client_id"), "case_file", ["client_id"], unique=False)
    op.create_index(
        "ix_case_file_next_contact",
        "case_file",
        ["next_contact"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "uq_case_file_open", "case_file", ["client_id"], unique=True, postgresql_where=sa.text("status = 'open'")
    )
    op.create_table(
        "client_identifier",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_identifier_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_identifier")),
        sa.UniqueConstraint("system", "number", name=op.f("uq_client_identifier_system_number")),
    )
    op.create_index("ix_client_identifier_client_id", "client_identifier", ["client_id"], unique=False)
    op.create_table(
        "client_match",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'pending'"), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('pending', 'same', 'different', 'open')", name=op.f("ck_client_match_status")),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_client_match_order")),
        sa.ForeignKeyConstraint(["first_id"], ["client.id"], name=op.f("fk_client_match_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["client.id"], name=op.f("fk_client_match_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_match")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_client_match_first_id_second_id")),
    )
    op.create_index("ix_client_match_second_id", "client_match", ["second_id"], unique=False)
    op.create_table(
        "design_draft",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.Column("base_digest", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("part_of", sa.BigInteger(), nullable=True),
        sa.Column("copy_of", sa.BigInteger(), nullable=True),
        sa.Column("copy_of_revision", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_name", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_name", sa.Text(), nullable=False),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("origin IN ('released', 'empty', 'imported', 'copy')", name=op.f("ck_design_draft_origin")),
        sa.ForeignKeyConstraint(
            ["copy_of"], ["design_draft.id"], name=op.f("fk_design_draft_copy_of"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_design_draft_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["part_of"], ["design_draft.id"], name=op.f("fk_design_draft_part_of"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design_draft")),
    )
    op.create_index("ix_design_draft_changed_at", "design_draft", ["changed_at"], unique=False)
    op.create_index("ix_design_draft_part_of", "design_draft", ["part_of"], unique=False)
    op.create_table(
        "fitness",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("value IN ('yes', 'no', 'limited', 'unknown')", name=op.f("ck_fitness_value")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_fitness_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fitness")),
    )
    op.create_index("ix_fitness_client_id", "fitness", ["client_id", "id"], unique=False)
    op.create_table(
        "login_session",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_login_session_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_login_session_token_digest")),
    )
    op.create_index(op.f("ix_login_session_account_id"), "login_session", ["account_id"], unique=False)
    op.create_index("ix_login_session_seen_at", "login_session", ["seen_at"], unique=False)
    op.create_table(
        "office_partner_name",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["partner_id"], ["office_partner.id"], name=op.f("fk_office_partner_name_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_partner_name")),
        sa.UniqueConstraint("partner_id", "name", name=op.f("uq_office_partner_name_partner_id_name")),
    )
    op.create_table(
        "office_programme",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("last_entry", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["office_partner.id"], name=op.f("fk_office_programme_partner_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_office_programme")),
    )
    op.create_table(
        "office_room",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["partner_id"], ["office_partner.id"], name=op.f("fk_office_room_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_room")),
    )
    op.create_table(
        "office_staff",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("phone", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("room", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("languages", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=False),
        sa.Column("active_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["partner_id"], ["office_partner.id"], name=op.f("fk_office_staff_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_staff")),
        sa.UniqueConstraint("account_id", name=op.f("uq_office_staff_account_id")),
        sa.UniqueConstraint("login", name=op.f("uq_office_staff_login")),
    )
    op.create_table(
        "staff_notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('assigned', 'reminded', 'conference', 'asked', 'answered', 'mentioned', 'signature', 'bulk', 'meeting', 'minutes', 'meeting_task')",
            name=op.f("ck_staff_notice_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_staff_notice_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_notice")),
    )
    op.create_index("ix_staff_notice_account_id", "staff_notice", ["account_id", "id"], unique=False)
    op.create_index("ix_staff_notice_at", "staff_notice", ["at"], unique=False)
    op.create_index(
        "ix_staff_notice_unread",
        "staff_notice",
        ["account_id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_table(
        "staff_notice_choice",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("is_mailed", sa.Boolean(), nullable=False),
        sa.Column("kinds", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("mailed_on", sa.Date(), nullable=True),
        sa.Column("mailed_upto", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("trouble", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_staff_notice_choice_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_staff_notice_choice")),
    )
    op.create_table(
        "supervision_bulk_item",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("bulk_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("ref", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=True),
        sa.Column("from_name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=True),
        sa.Column("to_name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("why", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'planned'"), nullable=False),
        sa.Column("code", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("before", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["bulk_id"], ["supervision_bulk.id"], name=op.f("fk_supervision_bulk_item_bulk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_bulk_item")),
        sa.UniqueConstraint("bulk_id", "task_id", name=op.f("uq_supervision_bulk_item_bulk_id_task_id")),
    )
    op.create_index("ix_supervision_bulk_item", "supervision_bulk_item", ["bulk_id", "status"], unique=False)
    op.create_table(
        "unemployment_spell",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), server_default=sa.text("'unemployed'"), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_unemployment_spell_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unemployment_spell")),
    )
    op.create_index("ix_unemployment_spell_client_id", "unemployment_spell", ["client_id", "id"], unique=False)
    op.create_index(
        "ix_unemployment_spell_since",
        "unemployment_spell",
        ["since"],
        unique=False,
        postgresql_where=sa.text("kind = 'unemployed' AND until IS NULL"),
    )
    op.create_table(
        "workflow_instance",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("document_version", sa.SmallInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("head", sa.LargeBinary(), server_default=sa.text("''::bytea"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('running', 'completed', 'cancelled', 'suspended')", name=op.f("ck_workflow_instance_status")
        ),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["workflow_definition.id"], name=op.f("fk_workflow_instance_definition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_instance")),
    )
    op.create_index("ix_workflow_instance_subject", "workflow_instance", ["subject"], unique=False)
    op.create_table(
        "workflow_migration_batch",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "status IN ('checking', 'checked', 'moving', 'moved', 'reverting', 'reverted', 'cancelled')",
            name=op.f("ck_workflow_migration_batch_status"),
        ),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["workflow_definition.id"], name=op.f("fk_workflow_migration_batch_definition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_migration_batch")),
    )
    op.create_table(
        "workflow_start_timer",
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["workflow_definition.id"], name=op.f("fk_workflow_start_timer_definition_id")
        ),
        sa.PrimaryKeyConstraint("definition_id", "start", name=op.f("pk_workflow_start_timer")),
    )
    op.create_index(
        "ix_workflow_start_timer_due",
        "workflow_start_timer",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "arrival",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("reference_date", sa.Date(), nullable=False),
        sa.Column("values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("staged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('waiting', 'imported', 'failed')", name=op.f("ck_arrival_status")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_arrival_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sa.UniqueConstraint("external_id", name=op.f("uq_arrival_external_id")),
    )
    op.create_index(
        "ix_arrival_due",
        "arrival",
        ["reference_date", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_table(
        "case_attachment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'staged'"), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('staged', 'kept')", name=op.f("ck_case_attachment_state")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_attachment_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_attachment")),
    )
    op.create_index("ix_case_attachment_case_id", "case_attachment", ["case_id", "id"], unique=False)
    op.create_index(
        "ix_case_attachment_staged",
        "case_attachment",
        ["uploaded_at"],
        unique=False,
        postgresql_where=sa.text("state = 'staged'"),
    )
    op.create_index("ix_case_attachment_task_id", "case_attachment", ["task_id"], unique=False)
    op.create_table(
        "case_pause",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint("until > begins", name=op.f("ck_case_pause_order")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_pause_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_pause")),
    )
    op.create_index("ix_case_pause_case_id", "case_pause", ["case_id", "id"], unique=False)
    op.create_table(
        "case_record",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("values", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("partner", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(values IS NULL) <> (sealed IS NULL)", name=op.f("ck_case_record_one_form")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_record_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_record")),
        sa.UniqueConstraint(
            "case_id",
            "kind",
            "section",
            "category",
            "version",
            name=op.f("uq_case_record_case_id_kind_section_category_version"),
        ),
    )
    op.create_table(
        "case_reopening",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closing_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_reopening_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_reopening")),
    )
    op.create_index("ix_case_reopening_case_id", "case_reopening", ["case_id", "id"], unique=False)
    op.create_table(
        "comment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("partner", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_comment_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index("ix_comment_case_id", "comment", ["case_id", "id"], unique=False)
    op.create_index("ix_comment_task_id", "comment", ["task_id"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("next_step", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("partner", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_contact_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index("ix_contact_case_id", "contact", ["case_id", "held_on"], unique=False)
    op.create_table(
        "correction",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("partner", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_correction_case_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_correction_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index("ix_correction_client_id", "correction", ["client_id", "id"], unique=False)
    op.create_table(
        "design_comment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_name", sa.Text(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["design_draft.id"], name=op.f("fk_design_comment_draft_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["account.id"], name=op.f("fk_design_comment_made_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design_comment")),
    )
    op.create_index("ix_design_comment_draft_id", "design_comment", ["draft_id", "id"], unique=False)
    op.create_table(
        "design_play",
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("script", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_design_play_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["design_draft.id"], name=op.f("fk_design_play_draft_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("draft_id", "account_id", name=op.f("pk_design_play")),
    )
    op.create_table(
        "design_release",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("undoes", sa.BigInteger(), nullable=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("files", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("base", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("scenarios", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Integer(), nullable=True),
        sa.Column("submitted_name", sa.Text(), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('review', 'scheduled', 'active', 'rejected', 'withdrawn', 'void', 'failed')",
            name=op.f("ck_design_release_state"),
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["design_draft.id"], name=op.f("fk_design_release_draft_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["account.id"], name=op.f("fk_design_release_submitted_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["undoes"], ["design_release.id"], name=op.f("fk_design_release_undoes"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design_release")),
    )
    op.create_index("ix_design_release_state", "design_release", ["state", "effective_on"], unique=False)
    op.create_table(
        "design_revision",
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("source", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.Column("saved_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "act IN ('begun', 'drawn', 'listed', 'restored', 'imported')", name=op.f("ck_design_revision_act")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["design_draft.id"], name=op.f("fk_design_revision_draft_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["account.id"], name=op.f("fk_design_revision_saved_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("draft_id", "number", name=op.f("pk_design_revision")),
    )
    op.create_table(
        "design_whatif",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("question", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_name", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'done', 'cancelled', 'failed')", name=op.f("ck_design_whatif_status")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["design_draft.id"], name=op.f("fk_design_whatif_draft_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design_whatif")),
    )
    op.create_index(
        "ix_design_whatif_active",
        "design_whatif",
        ["id"],
        unique=False,
        postgresql_where=sa.text("status IN ('queued', 'running')"),
    )
    op.create_index("ix_design_whatif_draft_id", "design_whatif", ["draft_id", "id"], unique=False)
    op.create_table(
        "glass_opening",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.String(), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_glass_opening_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_glass_opening")),
    )
    op.create_index("ix_glass_opening_case_id", "glass_opening", ["case_id", "actor_id"], unique=False)
    op.create_table(
        "integration",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("employer", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("market", sa.SmallInteger(), nullable=False),
        sa.Column("subsidised", sa.Boolean(), nullable=False),
        sa.Column("insured", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("training", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("limited_until", sa.Date(), nullable=True),
        sa.Column("covers_needs", sa.Boolean(), nullable=True),
        sa.Column("still_after_months", sa.SmallInteger(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("market IN (1, 2)", name=op.f("ck_integration_market")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_integration_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integration")),
    )
    op.create_index("ix_integration_case_id", "integration", ["case_id", "id"], unique=False)
    op.create_table(
        "intervention_request",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("instance_id", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("key", sa.UUID(), nullable=True),
        sa.Column("target", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("element", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("money_only", sa.Boolean(), nullable=False),
        sa.Column("told", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint("(status = 'open') = (decided_at IS NULL)", name=op.f("ck_intervention_request_decided")),
        sa.CheckConstraint(
            "decided_by_id <> actor_id OR status <> 'done'", name=op.f("ck_intervention_request_four_eyes")
        ),
        sa.CheckConstraint(
            "status IN ('open', 'done', 'refused', 'withdrawn', 'expired')", name=op.f("ck_intervention_request_status")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_intervention_request_case_id")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["workflow_instance.id"], name=op.f("fk_intervention_request_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intervention_request")),
    )
    op.create_index("ix_intervention_request_case_id", "intervention_request", ["case_id", "id"], unique=False)
    op.create_index(
        "ix_intervention_request_open",
        "intervention_request",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("query", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_notice_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_case_id", "notice", ["case_id", "id"], unique=False)
    op.create_table(
        "office_absence",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), server_default=sa.text("'other'"), nullable=False),
        sa.Column("substitute_id", sa.BigInteger(), nullable=True),
        sa.Column("entered_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint("kind IN ('leave', 'training', 'duty', 'other')", name=op.f("ck_office_absence_kind")),
        sa.CheckConstraint("substitute_id <> staff_id", name=op.f("ck_office_absence_substitute")),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_office_absence_period")),
        sa.ForeignKeyConstraint(["staff_id"], ["office_staff.id"], name=op.f("fk_office_absence_staff_id")),
        sa.ForeignKeyConstraint(["substitute_id"], ["office_staff.id"], name=op.f("fk_office_absence_substitute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_absence")),
        sa.UniqueConstraint("staff_id", "valid_from", name=op.f("uq_office_absence_staff_id_valid_from")),
    )
    op.create_table(
        "office_post",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("share", sa.Numeric(precision=3, scale=2), nullable=False),
        sa.Column("hours", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("share > 0 AND share <= 1", name=op.f("ck_office_post_share")),
        sa.ForeignKeyConstraint(["staff_id"], ["office_staff.id"], name=op.f("fk_office_post_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_post")),
        sa.UniqueConstraint("staff_id", "role", "valid_from", name=op.f("uq_office_post_staff_id_role_valid_from")),
    )
    op.create_index("ix_office_post_role", "office_post", ["role"], unique=False)
    op.create_table(
        "participation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'applied'"), nullable=False),
        sa.Column("entry_on", sa.Date(), nullable=True),
        sa.Column("exit_on", sa.Date(), nullable=True),
        sa.Column("age_at_entry", sa.SmallInteger(), nullable=True),
        sa.Column("threatened", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("deviation_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("result", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_participation_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
    )
    op.create_index("ix_participation_case_id", "participation", ["case_id", "id"], unique=False)
    op.create_index(
        "ix_participation_exit_on",
        "participation",
        ["exit_on"],
        unique=False,
        postgresql_where=sa.text("exit_on IS NOT NULL"),
    )
    op.create_table(
        "payer_period",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'offered', 'active', 'superseded')", name=op.f("ck_payer_period_state")
        ),
        sa.CheckConstraint("extract(day FROM valid_from) = 1", name=op.f("ck_payer_period_from_month")),
        sa.CheckConstraint(
            "valid_to IS NULL OR (extract(day FROM valid_to) = 1 AND valid_to > valid_from)",
            name=op.f("ck_payer_period_to_month"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_payer_period_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payer_period")),
    )
    op.create_index(op.f("ix_payer_period_case_id"), "payer_period", ["case_id"], unique=False)
    op.create_index(
        "uq_payer_period_active",
        "payer_period",
        ["case_id", "valid_from"],
        unique=True,
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_index(
        "uq_payer_period_last",
        "payer_period",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("state = 'active' AND valid_to IS NULL"),
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'draft'"), nullable=False),
        sa.Column("priority_answer", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consent_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("consent_by_id", sa.Integer(), nullable=True),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("instructed_on", sa.Date(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signed_by_representative", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("refusal_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "status IN ('draft', 'consented', 'active', 'replaced', 'ended')", name=op.f("ck_plan_status")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_plan_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("case_id", "version", name=op.f("uq_plan_case_id_version")),
    )
    op.create_index(
        "ix_plan_review_on", "plan", ["review_on"], unique=False, postgresql_where=sa.text("status = 'active'")
    )
    op.create_index(
        "ix_plan_valid_until", "plan", ["valid_until"], unique=False, postgresql_where=sa.text("status = 'active'")
    )
    op.create_index("uq_plan_active", "plan", ["case_id"], unique=True, postgresql_where=sa.text("status = 'active'"))
    op.create_table(
        "proposal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("employer", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default=sa.text("'job'"), nullable=False),
        sa.Column("subsidised", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("subsidy_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_proposal_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index("ix_proposal_case_id", "proposal", ["case_id", "id"], unique=False)
    op.create_table(
        "route_decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference_date", sa.Date(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("proposal_group", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("book", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("book_version", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("evaluator", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.Column("hlu_payer", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("alg_payer", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("programme", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("flags", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("inputs", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("others", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("route", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("route_group", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("deviation_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("decided_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("second_by_id", sa.Integer(), nullable=True),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_route_decision_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route_decision")),
    )
    op.create_index("ix_route_decision_case_id", "route_decision", ["case_id", "id"], unique=False)
    op.create_table(
        "supervision_plea",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("from_role", sa.Text(), nullable=False),
        sa.Column("to_role", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("answered_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_supervision_plea_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_plea")),
    )
    op.create_index("ix_supervision_plea_case_id", "supervision_plea", ["case_id", "id"], unique=False)
    op.create_index(
        "ix_supervision_plea_open",
        "supervision_plea",
        ["to_role", "answer_by"],
        unique=False,
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_table(
        "workflow_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("instance_id", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("payload_digest", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["workflow_instance.id"], name=op.f("fk_workflow_entry_instance_id")),
        sa.PrimaryKeyConstraint("instance_id", "sequence", name=op.f("pk_workflow_entry")),
    )
    op.create_index(
        "ix_workflow_entry_actor",
        "workflow_entry",
        ["actor_id", "at", "id"],
        unique=False,
        postgresql_where=sa.text("kind = 'task_completed'"),
    )
    op.create_index(
        "ix_workflow_entry_task",
        "workflow_entry",
        ["task_id"],
        unique=False,
        postgresql_where=sa.text("task_id IS NOT NULL AND kind = 'task_completed'"),
    )
    op.create_table(
        "workflow_incident",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("instance_id", sa.BigInteger(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["workflow_instance.id"], name=op.f("fk_workflow_incident_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_incident")),
    )
    op.create_index(
        "ix_workflow_incident_open",
        "workflow_incident",
        ["instance_id"],
        unique=False,
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_table(
        "workflow_migration_item",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("code", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("before_definition_id", sa.Integer(), nullable=True),
        sa.Column("before_document", sa.LargeBinary(), nullable=True),
        sa.Column("before_version", sa.SmallInteger(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'possible', 'refused', 'moved', 'reverted', 'left')",
            name=op.f("ck_workflow_migration_item_status"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["workflow_migration_batch.id"], name=op.f("fk_workflow_migration_item_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["before_definition_id"],
            ["workflow_definition.id"],
            name=op.f("fk_workflow_migration_item_before_definition_id"),
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["workflow_instance.id"], name=op.f("fk_workflow_migration_item_instance_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", "instance_id", name=op.f("pk_workflow_migration_item")),
    )
    op.create_index(
        "ix_workflow_migration_item_status",
        "workflow_migration_item",
        ["batch_id", "status", "instance_id"],
        unique=False,
    )
    op.create_table(
        "workflow_task",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("instance_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.UUID(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=True),
        sa.Column("waits_for", sa.Text(), server_default=sa.text("'own'"), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("priority", sa.SmallInteger(), server_default=sa.text("50"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_reason", sa.Text(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rested", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("aside", sa.Boolean(), sa.Computed("held_until IS NOT NULL", persisted=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("excluded_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["workflow_instance.id"], name=op.f("fk_workflow_task_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_task")),
        sa.UniqueConstraint("instance_id", "key", name=op.f("uq_workflow_task_instance_id_key")),
    )
    op.create_index(
        "ix_workflow_task_aside",
        "workflow_task",
        ["role", "held_until"],
        unique=False,
        postgresql_where=sa.text("aside"),
        postgresql_include=["due_at", "assignee_id", "waits_for", "id"],
    )
    op.create_index(
        "ix_workflow_task_assignee",
        "workflow_task",
        ["assignee_id", "aside", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("assignee_id IS NOT NULL"),
        postgresql_include=["held_until"],
    )
    op.create_index(
        "ix_workflow_task_open",
        "workflow_task",
        ["role", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("assignee_id IS NULL AND NOT aside"),
    )
    op.create_index(
        "ix_workflow_task_partner",
        "workflow_task",
        ["role", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("waits_for = 'partner' AND NOT aside"),
    )
    op.create_index(
        "ix_workflow_task_process",
        "workflow_task",
        ["process", "element", "created_at"],
        unique=False,
        postgresql_include=["due_at", "role", "aside", "id"],
    )
    op.create_index(
        "ix_workflow_task_role_changed",
        "workflow_task",
        ["role", "aside", sa.literal_column("changed_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_workflow_task_role_created", "workflow_task", ["role", "aside", "created_at", "id"], unique=False
    )
    op.create_index("ix_workflow_task_role_due", "workflow_task", ["role", "aside", "due_at", "id"], unique=False)
    op.create_index("ix_workflow_task_role_name", "workflow_task", ["role", "aside", "name", "id"], unique=False)
    op.create_index(
        "ix_workflow_task_role_priority",
        "workflow_task",
        ["role", "aside", sa.literal_column("priority DESC"), "due_at", "id"],
        unique=False,
    )
    op.create_index("ix_workflow_task_subject", "workflow_task", ["subject"], unique=False)
    op.create_table(
        "workflow_waiting",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("instance_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.UUID(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("correlation", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('timer', 'message', 'signal', 'handler', 'condition')", name=op.f("ck_workflow_waiting_kind")
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["workflow_instance.id"], name=op.f("fk_workflow_waiting_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_waiting")),
        sa.UniqueConstraint(
            "instance_id", "key", "kind", "name", name=op.f("uq_workflow_waiting_instance_id_key_kind_name")
        ),
    )
    op.create_index(
        "ix_workflow_waiting_due",
        "workflow_waiting",
        ["due_at", "instance_id"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_workflow_waiting_name",
        "workflow_waiting",
        ["kind", "name", "correlation"],
        unique=False,
        postgresql_where=sa.text("kind <> 'timer'"),
    )
    op.create_table(
        "design_document",
        sa.Column("release_id", sa.BigInteger(), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["design_release.id"], name=op.f("fk_design_document_release_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_design_document")),
    )
    op.create_table(
        "design_release_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("release_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["design_release.id"], name=op.f("fk_design_release_entry_release_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design_release_entry")),
    )
    op.create_index("ix_design_release_entry_release_id", "design_release_entry", ["release_id"], unique=False)
    op.create_table(
        "design_signature",
        sa.Column("release_id", sa.BigInteger(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("signed_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["design_release.id"], name=op.f("fk_design_signature_release_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["account.id"], name=op.f("fk_design_signature_signed_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("release_id", "partner", name=op.f("pk_design_signature")),
    )
    op.create_table(
        "plan_item",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("proof", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('goal', 'service', 'duty')", name=op.f("ck_plan_item_kind")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_item_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_item")),
        sa.UniqueConstraint("plan_id", "position", name=op.f("uq_plan_item_plan_id_position")),
    )
    op.create_table(
        "meeting_series",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("time", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("place", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('steering', 'reflection')", name=op.f("ck_meeting_series_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_series")),
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("series_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'running', 'presented', 'closed', 'cancelled')", name=op.f("ck_meeting_state")
        ),
        sa.ForeignKeyConstraint(["series_id"], ["meeting_series.id"], name=op.f("fk_meeting_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    op.create_index("ix_meeting_series_id", "meeting", ["series_id", "planned_on"], unique=False)
    op.create_index(
        "uq_meeting_planned", "meeting", ["series_id"], unique=True, postgresql_where=sa.text("state = 'planned'")
    )
    op.create_table(
        "meeting_consent",
        sa.Column("meeting_id", sa.BigInteger(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_meeting_consent_account_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_consent_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "partner", name=op.f("pk_meeting_consent")),
        sa.UniqueConstraint("meeting_id", "account_id", name=op.f("uq_meeting_consent_meeting_id_account_id")),
    )
    op.create_table(
        "meeting_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("series_id", sa.BigInteger(), nullable=False),
        sa.Column("meeting_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_entry_meeting_id")),
        sa.ForeignKeyConstraint(["series_id"], ["meeting_series.id"], name=op.f("fk_meeting_entry_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_entry")),
    )
    op.create_index("ix_meeting_entry_meeting_id", "meeting_entry", ["meeting_id", "id"], unique=False)
    op.create_index("ix_meeting_entry_series_id", "meeting_entry", ["series_id", "id"], unique=False)
    op.create_table(
        "meeting_topic",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("meeting_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("writer_id", sa.Integer(), nullable=True),
        sa.Column("author", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_meeting_topic_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_topic_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_topic")),
    )
    op.create_index("ix_meeting_topic_meeting_id", "meeting_topic", ["meeting_id", "place"], unique=False)
    op.create_table(
        "meeting_decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("meeting_id", sa.BigInteger(), nullable=False),
        sa.Column("topic_id", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_decision_meeting_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["meeting_topic.id"], name=op.f("fk_meeting_decision_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_decision")),
    )
    op.create_index("ix_meeting_decision_meeting_id", "meeting_decision", ["meeting_id", "id"], unique=False)
    op.create_table(
        "meeting_task",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("meeting_id", sa.BigInteger(), nullable=False),
        sa.Column("topic_id", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("assignee", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("outcome", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("told_late", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name=op.f("ck_meeting_task_state")),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["account.id"], name=op.f("fk_meeting_task_assignee_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_task_meeting_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["meeting_topic.id"], name=op.f("fk_meeting_task_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_task")),
    )
    op.create_index(
        "ix_meeting_task_assignee_id",
        "meeting_task",
        ["assignee_id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_meeting_task_meeting_id", "meeting_task", ["meeting_id", "id"], unique=False)
    op.create_index(
        "ix_meeting_task_open",
        "meeting_task",
        ["due_on", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )


def downgrade() -> None:
    op.drop_index("ix_meeting_task_open", table_name="meeting_task", postgresql_where=sa.text("state = 'open'"))
    op.drop_index("ix_meeting_task_meeting_id", table_name="meeting_task")
    op.drop_index("ix_meeting_task_assignee_id", table_name="meeting_task", postgresql_where=sa.text("state = 'open'"))
    op.drop_table("meeting_task")
    op.drop_index("ix_meeting_decision_meeting_id", table_name="meeting_decision")
    op.drop_table("meeting_decision")
    op.drop_index("ix_meeting_topic_meeting_id", table_name="meeting_topic")
    op.drop_table("meeting_topic")
    op.drop_index("ix_meeting_entry_series_id", table_name="meeting_entry")
    op.drop_index("ix_meeting_entry_meeting_id", table_name="meeting_entry")
    op.drop_table("meeting_entry")
    op.drop_table("meeting_consent")
    op.drop_index("uq_meeting_planned", table_name="meeting", postgresql_where=sa.text("state = 'planned'"))
    op.drop_index("ix_meeting_series_id", table_name="meeting")
    op.drop_table("meeting")
    op.drop_table("meeting_series")
    op.drop_table("plan_item")
    op.drop_table("design_signature")
    op.drop_index("ix_design_release_entry_release_id", table_name="design_release_entry")
    op.drop_table("design_release_entry")
    op.drop_table("design_document")
    op.drop_index(
        "ix_workflow_waiting_name", table_name="workflow_waiting", postgresql_where=sa.text("kind <> 'timer'")
    )
    op.drop_index(
        "ix_workflow_waiting_due", table_name="workflow_waiting", postgresql_where=sa.text("due_at IS NOT NULL")
    )
    op.drop_table("workflow_waiting")
    op.drop_index("ix_workflow_task_subject", table_name="workflow_task")
    op.drop_index("ix_workflow_task_role_priority", table_name="workflow_task")
    op.drop_index("ix_workflow_task_role_name", table_name="workflow_task")
    op.drop_index("ix_workflow_task_role_due", table_name="workflow_task")
    op.drop_index("ix_workflow_task_role_created", table_name="workflow_task")
    op.drop_index("ix_workflow_task_role_changed", table_name="workflow_task")
    op.drop_index(
        "ix_workflow_task_process", table_name="workflow_task", postgresql_include=["due_at", "role", "aside", "id"]
    )
    op.drop_index(
        "ix_workflow_task_partner",
        table_name="workflow_task",
        postgresql_where=sa.text("waits_for = 'partner' AND NOT aside"),
    )
    op.drop_index(
        "ix_workflow_task_open",
        table_name="workflow_task",
        postgresql_where=sa.text("assignee_id IS NULL AND NOT aside"),
    )
    op.drop_index(
        "ix_workflow_task_assignee",
        table_name="workflow_task",
        postgresql_where=sa.text("assignee_id IS NOT NULL"),
        postgresql_include=["held_until"],
    )
    op.drop_index(
        "ix_workflow_task_aside",
        table_name="workflow_task",
        postgresql_where=sa.text("aside"),
        postgresql_include=["due_at", "assignee_id", "waits_for", "id"],
    )
    op.drop_table("workflow_task")
    op.drop_index("ix_workflow_migration_item_status", table_name="workflow_migration_item")
    op.drop_table("workflow_migration_item")
    op.drop_index(
        "ix_workflow_incident_open", table_name="workflow_incident", postgresql_where=sa.text("resolved_at IS NULL")
    )
    op.drop_table("workflow_incident")
    op.drop_index(
        "ix_workflow_entry_task",
        table_name="workflow_entry",
        postgresql_where=sa.text("task_id IS NOT NULL AND kind = 'task_completed'"),
    )
    op.drop_index(
        "ix_workflow_entry_actor", table_name="workflow_entry", postgresql_where=sa.text("kind = 'task_completed'")
    )
    op.drop_table("workflow_entry")
    op.drop_index(
        "ix_supervision_plea_open", table_name="supervision_plea", postgresql_where=sa.text("answered_at IS NULL")
    )
    op.drop_index("ix_supervision_plea_case_id", table_name="supervision_plea")
    op.drop_table("supervision_plea")
    op.drop_index("ix_route_decision_case_id", table_name="route_decision")
    op.drop_table("route_decision")
    op.drop_index("ix_proposal_case_id", table_name="proposal")
    op.drop_table("proposal")
    op.drop_index("uq_plan_active", table_name="plan", postgresql_where=sa.text("status = 'active'"))
    op.drop_index("ix_plan_valid_until", table_name="plan", postgresql_where=sa.text("status = 'active'"))
    op.drop_index("ix_plan_review_on", table_name="plan", postgresql_where=sa.text("status = 'active'"))
    op.drop_table("plan")
    op.drop_index(
        "uq_payer_period_last",
        table_name="payer_period",
        postgresql_where=sa.text("state = 'active' AND valid_to IS NULL"),
    )
    op.drop_index("uq_payer_period_active", table_name="payer_period", postgresql_where=sa.text("state = 'active'"))
    op.drop_index(op.f("ix_payer_period_case_id"), table_name="payer_period")
    op.drop_table("payer_period")
    op.drop_index(
        "ix_participation_exit_on", table_name="participation", postgresql_where=sa.text("exit_on IS NOT NULL")
    )
    op.drop_index("ix_participation_case_id", table_name="participation")
    op.drop_table("participation")
    op.drop_index("ix_office_post_role", table_name="office_post")
    op.drop_table("office_post")
    op.drop_table("office_absence")
    op.drop_index("ix_notice_case_id", table_name="notice")
    op.drop_table("notice")
    op.drop_index(
        "ix_intervention_request_open", table_name="intervention_request", postgresql_where=sa.text("status = 'open'")
    )
    op.drop_index("ix_intervention_request_case_id", table_name="intervention_request")
    op.drop_table("intervention_request")
    op.drop_index("ix_integration_case_id", table_name="integration")
    op.drop_table("integration")
    op.drop_index("ix_glass_opening_case_id", table_name="glass_opening")
    op.drop_table("glass_opening")
    op.drop_index("ix_design_whatif_draft_id", table_name="design_whatif")
    op.drop_index(
        "ix_design_whatif_active",
        table_name="design_whatif",
        postgresql_where=sa.text("status IN ('queued', 'running')"),
    )
    op.drop_table("design_whatif")
    op.drop_table("design_revision")
    op.drop_index("ix_design_release_state", table_name="design_release")
    op.drop_table("design_release")
    op.drop_table("design_play")
    op.drop_index("ix_design_comment_draft_id", table_name="design_comment")
    op.drop_table("design_comment")
    op.drop_index("ix_correction_client_id", table_name="correction")
    op.drop_table("correction")
    op.drop_index("ix_contact_case_id", table_name="contact")
    op.drop_table("contact")
    op.drop_index("ix_comment_task_id", table_name="comment")
    op.drop_index("ix_comment_case_id", table_name="comment")
    op.drop_table("comment")
    op.drop_index("ix_case_reopening_case_id", table_name="case_reopening")
    op.drop_table("case_reopening")
    op.drop_table("case_record")
    op.drop_index("ix_case_pause_case_id", table_name="case_pause")
    op.drop_table("case_pause")
    op.drop_index("ix_case_attachment_task_id", table_name="case_attachment")
    op.drop_index(
        "ix_case_attachment_staged", table_name="case_attachment", postgresql_where=sa.text("state = 'staged'")
    )
    op.drop_index("ix_case_attachment_case_id", table_name="case_attachment")
    op.drop_table("case_attachment")
    op.drop_index("ix_arrival_due", table_name="arrival", postgresql_where=sa.text("status = 'waiting'"))
    op.drop_table("arrival")
    op.drop_index(
        "ix_workflow_start_timer_due", table_name="workflow_start_timer", postgresql_where=sa.text("due_at IS NOT NULL")
    )
    op.drop_table("workflow_start_timer")
    op.drop_table("workflow_migration_batch")
    op.drop_index("ix_workflow_instance_subject", table_name="workflow_instance")
    op.drop_table("workflow_instance")
    op.drop_index(
        "ix_unemployment_spell_since",
        table_name="unemployment_spell",
        postgresql_where=sa.text("kind = 'unemployed' AND until IS NULL"),
    )
    op.drop_index("ix_unemployment_spell_client_id", table_name="unemployment_spell")
    op.drop_table("unemployment_spell")
    op.drop_index("ix_supervision_bulk_item", table_name="supervision_bulk_item")
    op.drop_table("supervision_bulk_item")
    op.drop_table("staff_notice_choice")
    op.drop_index("ix_staff_notice_unread", table_name="staff_notice", postgresql_where=sa.text("read_at IS NULL"))
    op.drop_index("ix_staff_notice_at", table_name="staff_notice")
    op.drop_index("ix_staff_notice_account_id", table_name="staff_notice")
    op.drop_table("staff_notice")
    op.drop_table("office_staff")
    op.drop_table("office_room")
    op.drop_table("office_programme")
    op.drop_table("office_partner_name")
    op.drop_index("ix_login_session_seen_at", table_name="login_session")
    op.drop_index(op.f("ix_login_session_account_id"), table_name="login_session")
    op.drop_table("login_session")
    op.drop_index("ix_fitness_client_id", table_name="fitness")
    op.drop_table("fitness")
    op.drop_index("ix_design_draft_part_of", table_name="design_draft")
    op.drop_index("ix_design_draft_changed_at", table_name="design_draft")
    op.drop_table("design_draft")
    op.drop_index("ix_client_match_second_id", table_name="client_match")
    op.drop_table("client_match")
    op.drop_index("ix_client_identifier_client_id", table_name="client_identifier")
    op.drop_table("client_identifier")
    op.drop_index("uq_case_file_open", table_name="case_file", postgresql_where=sa.text("status = 'open'"))
    op.drop_index("ix_case_file_next_contact", table_name="case_file", postgresql_where=sa.text("status = 'open'"))
    op.drop_index(op.f("ix_case_file_client_id"), table_name="case_file")
    op.drop_table("case_file")
    op.drop_index("ix_benefit_check_client_id", table_name="benefit_check")
    op.drop_table("benefit_check")
    op.drop_index("ix_benefit_client_id", table_name="benefit")
    op.drop_table("benefit")
    op.drop_index("ix_availability_client_id", table_name="availability")
    op.drop_table("availability")
    op.drop_table("workflow_source")
    op.drop_index("ix_workflow_letter_name", table_name="workflow_letter")
    op.drop_index("ix_workflow_letter_expires_at", table_name="workflow_letter")
    op.drop_table("workflow_letter")
    op.drop_table("workflow_ended")
    op.drop_table("workflow_definition")
    op.drop_index("ix_supervision_watch_at", table_name="supervision_watch")
    op.drop_table("supervision_watch")
    op.drop_index(
        "uq_supervision_step_running", table_name="supervision_step", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_index(
        "ix_supervision_step_told",
        table_name="supervision_step",
        postgresql_where=sa.text("ended_at IS NULL AND leaders <> '{}'"),
    )
    op.drop_index(
        "ix_supervision_step_red", table_name="supervision_step", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_index(
        "ix_supervision_step_next", table_name="supervision_step", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_index(
        "ix_supervision_step_ended", table_name="supervision_step", postgresql_where=sa.text("ended_at IS NOT NULL")
    )
    op.drop_index(
        "ix_supervision_step_counts", table_name="supervision_step", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_table("supervision_step")
    op.drop_index(
        "ix_supervision_stand_in_back", table_name="supervision_stand_in", postgresql_where=sa.text("outcome = ''")
    )
    op.drop_table("supervision_stand_in")
    op.drop_table("supervision_flow")
    op.drop_index("ix_supervision_finding_role", table_name="supervision_finding")
    op.drop_index("ix_supervision_finding_process", table_name="supervision_finding")
    op.drop_index("ix_supervision_finding_pressing", table_name="supervision_finding")
    op.drop_index(
        "ix_supervision_finding_person",
        table_name="supervision_finding",
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_supervision_finding_grey",
        table_name="supervision_finding",
        postgresql_where=sa.text("cause IN ('held', 'paused')"),
    )
    op.drop_index("ix_supervision_finding_cause_pressing", table_name="supervision_finding")
    op.drop_index("ix_supervision_finding_cause", table_name="supervision_finding")
    op.drop_index("ix_supervision_finding_case_id", table_name="supervision_finding")
    op.drop_table("supervision_finding")
    op.drop_index(
        "ix_supervision_bulk_live",
        table_name="supervision_bulk",
        postgresql_where=sa.text("status IN ('running', 'undoing')"),
    )
    op.drop_table("supervision_bulk")
    op.drop_table("saved_filter")
    op.drop_index("ix_rule_edition_digest", table_name="rule_edition")
    op.drop_table("rule_edition")
    op.drop_table("read_mark")
    op.drop_table("operations_retry")
    op.drop_index("ix_operations_backup_at", table_name="operations_backup")
    op.drop_table("operations_backup")
    op.drop_table("office_working_day")
    op.drop_table("office_target")
    op.drop_table("office_substitution")
    op.drop_table("office_setting")
    op.drop_index(
        "uq_office_run_active", table_name="office_run", postgresql_where=sa.text("status IN ('queued', 'running')")
    )
    op.drop_table("office_run")
    op.drop_table("office_place")
    op.drop_table("office_partner")
    op.drop_table("office_opening_hours")
    op.drop_table("office_mark")
    op.drop_table("office_deadline")
    op.drop_table("office_closing_day")
    op.drop_table("office_clock")
    op.drop_table("office_agreement")
    op.drop_index("ix_login_attempt_login", table_name="login_attempt")
    op.drop_index("ix_login_attempt_address", table_name="login_attempt")
    op.drop_table("login_attempt")
    op.drop_table("draft")
    op.drop_index("ix_design_scenario_file", table_name="design_scenario")
    op.drop_index("ix_design_scenario_digest", table_name="design_scenario")
    op.drop_table("design_scenario")
    op.drop_index("ix_client_sort_name", table_name="client")
    op.drop_index(
        "ix_client_search_name",
        table_name="client",
        postgresql_using="gin",
        postgresql_ops={"search_name": "gin_trgm_ops"},
    )
    op.drop_index("ix_client_phonetic", table_name="client", postgresql_using="gin")
    op.drop_index("ix_client_birth_date", table_name="client")
    op.drop_table("client")
    op.drop_table("account")
    op.drop_index("ix_access_log_case_id", table_name="access_log")
    op.drop_index("ix_access_log_actor_id", table_name="access_log")
    op.drop_table("access_log")
