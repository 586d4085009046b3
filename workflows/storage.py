"""What an act leaves behind, in one statement: tasks, waits, history and document. Each statement is a way to the
server and back, and these ways are most of what an act costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import column, text

from workflows import aside, kept

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    Rows = Sequence[Mapping[str, Any]]

_TASK = {
    "key": "uuid",
    "subject": "text",
    "process": "text",
    "element": "text",
    "name": "text",
    "role": "text",
    "form": "text",
    "waits_for": "text",
    "priority": "smallint",
    "due_at": "timestamptz",
    "created_at": "timestamptz",
    "changed_at": "timestamptz",
    "excluded_id": "int",
}
_WAIT = {
    "key": "uuid",
    "kind": "text",
    "name": "text",
    "element": "text",
    "correlation": "text",
    "due_at": "timestamptz",
}
_ENTRY = {
    "sequence": "int",
    "at": "timestamptz",
    "recorded_at": "timestamptz",
    "actor_id": "int",
    "actor": "text",
    "kind": "text",
    "element": "text",
    "name": "text",
    "task_id": "bigint",
    "detail": "jsonb",
    "salt": "text",
    "payload_digest": "text",
    "digest": "text",
}
_BYTES = {"salt", "payload_digest", "digest"}


def _insert(table: str, columns: Mapping[str, str], parameter: str) -> str:
    values = ", ".join(f"decode({name}, 'hex')" if name in _BYTES else name for name in columns)
    shape = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    return (
        f"INSERT INTO {table} (instance_id, {', '.join(columns)}) "  # noqa: S608  names of this module
        f"SELECT :id, {values} FROM jsonb_to_recordset(CAST(:{parameter} AS jsonb)) AS row({shape})"
    )


_LAST = "id, process, element, role, created_at, held_at, held_until, rested"
# A task that is gone without a line that it was completed.
_UNDONE = """NOT EXISTS (
        SELECT FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS line(kind text, task_id bigint)
        WHERE line.kind = 'task_completed' AND line.task_id = gone.id)"""


def _ended(withdrawn: str) -> str:
    now = "CAST(:now AS timestamptz)"
    return (
        "INSERT INTO workflow_ended (definition_id, process, element, role, created_at, ended_at, rested, withdrawn) "  # noqa: S608
        "SELECT run.definition_id, gone.process, gone.element, gone.role, gone.created_at, "
        f"greatest({now}, gone.created_at), {aside.rested('gone', now)}, {withdrawn} "
        "FROM gone_tasks AS gone JOIN workflow_instance AS run ON run.id = :id"
    )


_SAVE = text(f"""
WITH gone_tasks AS (
    DELETE FROM workflow_task WHERE instance_id = :id AND key = ANY(CAST(:gone_tasks AS uuid[]))
    RETURNING {_LAST}
), ended AS (
    {_ended(_UNDONE)}
), gone_waits AS (
    DELETE FROM workflow_waiting AS wait
    USING jsonb_to_recordset(CAST(:gone_waits AS jsonb)) AS gone(key uuid, kind text, name text)
    WHERE wait.instance_id = :id AND (wait.key, wait.kind, wait.name) = (gone.key, gone.kind, gone.name)
), new_waits AS (
    {_insert("workflow_waiting", _WAIT, "waits")}
    ON CONFLICT (instance_id, key, kind, name) DO UPDATE SET due_at = excluded.due_at, element = excluded.element
), entries AS (
    {_insert("workflow_entry", _ENTRY, "entries")} ORDER BY sequence
), instance AS (
    UPDATE workflow_instance
    SET document = :document, document_version = :version, revision = revision + 1, sequence = :sequence, head = :head,
        status = :status, ended_at = :ended_at
    WHERE id = :id
)
{_insert("workflow_task", _TASK, "tasks")} RETURNING id
""").columns(column("id"))  # noqa: S608
_WITHDRAW = text(f"""
WITH gone_tasks AS (
    DELETE FROM workflow_task WHERE instance_id = :id RETURNING {_LAST}
)
{_ended("true")}
""")  # noqa: S608
_RECORD = text(f"""
WITH entries AS (
    {_insert("workflow_entry", _ENTRY, "entries")} ORDER BY sequence
)
UPDATE workflow_instance SET sequence = :sequence, head = :head WHERE id = :id
""")  # noqa: S608


def save(
    session: Session,
    rows: Mapping[str, Rows],
    *,
    gone_tasks: Sequence[UUID],
    **values: Any,  # noqa: ANN401  columns
) -> tuple[int, ...]:
    """Writes everything that an act has changed; `rows` holds gone_waits, waits, entries and tasks. The ids of the
    new tasks.
    """
    kept.written(session, "workflow_instance", "workflow_task")
    packed = {name: orjson.dumps(part).decode() for name, part in rows.items()}
    # As text: the driver looks long at a list before it sends it as an array.
    gone = f"{{{','.join(key.hex for key in gone_tasks)}}}"
    return tuple(row[0] for row in session.connection().execute(_SAVE, {**values, **packed, "gone_tasks": gone}))


def withdraw(session: Session, instance_id: int, now: datetime) -> None:
    """Takes away all tasks of an instance that goes no further."""
    kept.written(session, "workflow_task")
    session.execute(_WITHDRAW, {"id": instance_id, "now": now})


def record(session: Session, entries: Rows, **values: Any) -> None:  # noqa: ANN401  columns
    """Writes lines of history and the head of their chain."""
    kept.written(session, "workflow_instance")
    session.execute(_RECORD, {**values, "entries": orjson.dumps(entries).decode()})


# What a person has said of a task stays; what the diagram says of it is the other version's. A task that now belongs
# to another role is nobody's.
_REDESCRIBE = text("""
UPDATE workflow_task AS task
SET process = new.process, element = new.element, name = new.name, role = new.role, form = new.form,
    waits_for = new.waits_for, excluded_id = new.excluded_id,
    assignee_id = CASE WHEN task.role = new.role THEN task.assignee_id END,
    assignee = CASE WHEN task.role = new.role THEN task.assignee END
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(key uuid, process text, element text, name text, role text,
    form text, waits_for text, excluded_id int)
WHERE task.instance_id = :id AND task.key = new.key
""")
_CHANGE = text("UPDATE workflow_instance SET definition_id = :definition WHERE id = :id RETURNING revision")


def change_version(session: Session, instance_id: int, definition_id: int, rows: Rows) -> int:
    """The instance belongs to another version of its process, whose diagram describes the open tasks as in `rows`;
    returns its revision.
    """
    kept.written(session, "workflow_instance", "workflow_task")
    session.execute(_REDESCRIBE, {"id": instance_id, "rows": orjson.dumps(rows).decode()})
    return int(session.execute(_CHANGE, {"id": instance_id, "definition": definition_id}).scalar_one())
