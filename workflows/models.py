"""The tables of the host: what was deployed, what runs, what waits, what went wrong, what happened."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID
from sqlalchemy.orm import Mapped, mapped_column

from workflows.database import Base

Instant = DateTime(timezone=True)


class InstanceStatus(StrEnum):
    """The life of a process instance."""

    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    SUSPENDED = "suspended"


# Who has not ended: a case that somebody has stopped is one of its version like the others.
ALIVE = (InstanceStatus.RUNNING, InstanceStatus.SUSPENDED)


class WaitingKind(StrEnum):
    """What an instance may wait for."""

    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"
    HANDLER = "handler"
    CONDITION = "condition"


class BatchStatus(StrEnum):
    """The life of a batch of instances that change to another version."""

    CHECKING = "checking"
    CHECKED = "checked"
    MOVING = "moving"
    MOVED = "moved"
    REVERTING = "reverting"
    REVERTED = "reverted"
    CANCELLED = "cancelled"


class ItemStatus(StrEnum):
    """What is known of one instance of a batch."""

    OPEN = "open"
    POSSIBLE = "possible"
    REFUSED = "refused"
    MOVED = "moved"
    REVERTED = "reverted"
    LEFT = "left"


def _one_of(column: str, values: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(value.value) for value in values)})"


class Source(Base):
    """A deployed file, stored once by its content hash (SHA-256, hex)."""

    __tablename__ = "workflow_source"

    hash: Mapped[str] = mapped_column(Text, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Definition(Base):
    """A version of an executable process with all files that it calls or shows; `files` maps file name to content
    hash.
    """

    __tablename__ = "workflow_definition"
    __table_args__ = (UniqueConstraint("process", "version"), UniqueConstraint("process", "hash"))

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    process: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    files: Mapped[dict[str, str]] = mapped_column(JSONB)
    deployed_at: Mapped[datetime] = mapped_column(Instant)
    deployed_by: Mapped[str] = mapped_column(Text)


class Instance(Base):
    """A running or ended process: its state as one compressed document, its subject (the case), the head of its
    history chain.
    """

    __tablename__ = "workflow_instance"
    __table_args__ = (
        CheckConstraint(_one_of("status", InstanceStatus), name="status"),
        Index("ix_workflow_instance_subject", "subject"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    definition_id: Mapped[int] = mapped_column(ForeignKey(Definition.id))
    subject: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    document: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    document_version: Mapped[int] = mapped_column(SmallInteger)
    revision: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    sequence: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    head: Mapped[bytes] = mapped_column(LargeBinary, server_default=text("''::bytea"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Task(Base):
    """An open piece of work for a person; gone when it is done (then the history tells of it)."""

    __tablename__ = "workflow_task"
    __table_args__ = (
        UniqueConstraint("instance_id", "key"),
        # Whether a task was put aside stands before each order, so that no list wades through what rests.
        Index("ix_workflow_task_role_due", "role", "aside", "due_at", "id"),
        Index("ix_workflow_task_role_created", "role", "aside", "created_at", "id"),
        Index("ix_workflow_task_role_changed", "role", "aside", text("changed_at DESC"), text("id DESC")),
        Index("ix_workflow_task_role_name", "role", "aside", "name", "id"),
        Index("ix_workflow_task_role_priority", "role", "aside", text("priority DESC"), "due_at", "id"),
        Index(
            "ix_workflow_task_open",
            "role",
            "due_at",
            "id",
            postgresql_where=text("assignee_id IS NULL AND NOT aside"),
        ),
        Index(
            "ix_workflow_task_partner",
            "role",
            "due_at",
            "id",
            postgresql_where=text("waits_for = 'partner' AND NOT aside"),
        ),
        Index(
            "ix_workflow_task_assignee",
            "assignee_id",
            "aside",
            "due_at",
            "id",
            postgresql_where=text("assignee_id IS NOT NULL"),
            postgresql_include=["held_until"],
        ),
        Index(
            "ix_workflow_task_aside",
            "role",
            "held_until",
            postgresql_where=text("aside"),
            postgresql_include=["due_at", "assignee_id", "waits_for", "id"],
        ),
        Index("ix_workflow_task_subject", "subject"),
        Index(
            "ix_workflow_task_process",
            "process",
            "element",
            "created_at",
            postgresql_include=["due_at", "role", "aside", "id"],
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey(Instance.id))
    key: Mapped[Any] = mapped_column(UUID(as_uuid=True))
    subject: Mapped[str] = mapped_column(Text)
    process: Mapped[str] = mapped_column(Text)
    element: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    form: Mapped[str | None] = mapped_column(Text)
    waits_for: Mapped[str] = mapped_column(Text, server_default=text("'own'"))
    assignee_id: Mapped[int | None] = mapped_column(Integer)
    assignee: Mapped[str | None] = mapped_column(Text)
    priority: Mapped[int] = mapped_column(SmallInteger, server_default=text("50"))
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    held_until: Mapped[datetime | None] = mapped_column(Instant)
    held_reason: Mapped[str | None] = mapped_column(Text)
    # Since when it is put aside, and for how many seconds it was before that.
    held_at: Mapped[datetime | None] = mapped_column(Instant)
    rested: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    aside: Mapped[bool] = mapped_column(Boolean, Computed("held_until IS NOT NULL", persisted=True))
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    excluded_id: Mapped[int | None] = mapped_column(Integer)


class Ended(Base):
    """A task that is not open any more: of which step, from when until when, how many seconds of it put aside, and
    whether it was withdrawn without anybody completing it. It names neither case nor person; who counts it takes it
    away.
    """

    __tablename__ = "workflow_ended"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    definition_id: Mapped[int] = mapped_column(Integer)
    process: Mapped[str] = mapped_column(Text)
    element: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime] = mapped_column(Instant)
    rested: Mapped[int] = mapped_column(Integer)
    withdrawn: Mapped[bool] = mapped_column(Boolean)


class Waiting(Base):
    """Something that an instance waits for: an instant, a message, a signal, a condition (`name` is its expression), or
    the answer of an outside handler.
    """

    __tablename__ = "workflow_waiting"
    __table_args__ = (
        CheckConstraint(_one_of("kind", WaitingKind), name="kind"),
        UniqueConstraint("instance_id", "key", "kind", "name"),
        Index("ix_workflow_waiting_due", "due_at", "instance_id", postgresql_where=text("due_at IS NOT NULL")),
        Index("ix_workflow_waiting_name", "kind", "name", "correlation", postgresql_where=text("kind <> 'timer'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey(Instance.id))
    key: Mapped[Any] = mapped_column(UUID(as_uuid=True))
    element: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text, server_default=text("''"))
    correlation: Mapped[str] = mapped_column(Text, server_default=text("''"))
    due_at: Mapped[datetime | None] = mapped_column(Instant)


class Letter(Base):
    """A message about a subject that nobody awaited when it came, kept until somebody does or it expires."""

    __tablename__ = "workflow_letter"
    __table_args__ = (
        Index("ix_workflow_letter_name", "name", "correlation", "id"),
        Index("ix_workflow_letter_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    correlation: Mapped[str] = mapped_column(Text)
    processes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sent_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)


class StartTimer(Base):
    """A start event of the newest version of a process that waits for an instant; `number` counts the occurrences of a
    cycle since `began_at`, `trouble` says why the last start failed.
    """

    __tablename__ = "workflow_start_timer"
    __table_args__ = (Index("ix_workflow_start_timer_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),)

    definition_id: Mapped[int] = mapped_column(ForeignKey(Definition.id), primary_key=True)
    start: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    began_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    trouble: Mapped[str] = mapped_column(Text, server_default=text("''"))


class Incident(Base):
    """A step that failed: what, where, since when; resolved by a person or by a later success."""

    __tablename__ = "workflow_incident"
    __table_args__ = (Index("ix_workflow_incident_open", "instance_id", postgresql_where=text("resolved_at IS NULL")),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey(Instance.id))
    element: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    resolved_by: Mapped[str | None] = mapped_column(Text)


class Entry(Base):
    """One line of an instance's history. `at` is the office time, `recorded_at` the system's. The digest covers the
    salted payload and the entry before it, so the payload of an entry can be erased while the chain still verifies.
    """

    __tablename__ = "workflow_entry"
    __table_args__ = (
        Index("ix_workflow_entry_actor", "actor_id", "at", "id", postgresql_where=text("kind = 'task_completed'")),
        Index(
            "ix_workflow_entry_task",
            "task_id",
            postgresql_where=text("task_id IS NOT NULL AND kind = 'task_completed'"),
        ),
    )

    # In what order entries of several instances were written; nobody looks one up by it.
    id: Mapped[int] = mapped_column(BigInteger, Identity())
    instance_id: Mapped[int] = mapped_column(ForeignKey(Instance.id), primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int] = mapped_column(Integer)
    actor: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    element: Mapped[str] = mapped_column(Text, server_default=text("''"))
    name: Mapped[str] = mapped_column(Text, server_default=text("''"))
    task_id: Mapped[int | None] = mapped_column(BigInteger)
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    payload_digest: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)


class MigrationBatch(Base):
    """Instances that shall change to another version of their process, on whose behalf, and how far it has come."""

    __tablename__ = "workflow_migration_batch"
    __table_args__ = (CheckConstraint(_one_of("status", BatchStatus), name="status"),)

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    definition_id: Mapped[int] = mapped_column(ForeignKey(Definition.id))
    names: Mapped[dict[str, str]] = mapped_column(JSONB)
    reason: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int] = mapped_column(Integer)
    actor: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    status: Mapped[str] = mapped_column(Text)


class MigrationItem(Base):
    """One instance of a batch: whether it can change and why not; after the change what it was before."""

    __tablename__ = "workflow_migration_item"
    __table_args__ = (
        CheckConstraint(_one_of("status", ItemStatus), name="status"),
        Index("ix_workflow_migration_item_status", "batch_id", "status", "instance_id"),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey(MigrationBatch.id), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey(Instance.id), primary_key=True)
    status: Mapped[str] = mapped_column(Text)
    element: Mapped[str] = mapped_column(Text, server_default=text("''"))
    code: Mapped[str] = mapped_column(Text, server_default=text("''"))
    before_definition_id: Mapped[int | None] = mapped_column(ForeignKey(Definition.id))
    before_document: Mapped[bytes | None] = mapped_column(LargeBinary)
    before_version: Mapped[int | None] = mapped_column(SmallInteger)
    revision: Mapped[int | None] = mapped_column(Integer)
