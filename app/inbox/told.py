"""What the history says of a task's way to whoever has it: who gave it and why, and who has reminded since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.queries import TaskRow

_LINES = text("""
SELECT at, actor, kind, detail FROM workflow_entry
WHERE instance_id = :instance_id AND kind IN ('assigned', 'reminded', 'claimed', 'released')
    AND (task_id = :task_id OR detail ->> 'task' = CAST(:task_id AS text))
ORDER BY sequence DESC LIMIT 20
""")


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody, or a rule of the office, has said of the task."""

    at: datetime
    actor: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """Why the task lies with whoever has it (None: they have taken it themselves), and the reminders since."""

    given: Word | None = None
    reminders: tuple[Word, ...] = ()


def of(session: Session, row: TaskRow) -> Told:
    """What is to be told of an open task."""
    found: list[Any] = list(session.execute(_LINES, {"instance_id": row.instance_id, "task_id": row.id}))
    reminders = tuple(_word(line, "text") for line in found if line.kind == "reminded")
    moves = [line for line in found if line.kind != "reminded"]
    given = moves[0] if moves and row.assignee_id is not None and moves[0].kind == "assigned" else None
    return Told(None if given is None else _word(given, "reason"), reminders[:3])


def _word(line: Any, name: str) -> Word:  # noqa: ANN401  a row
    return Word(line.at, line.actor, str((line.detail or {}).get(name) or ""))
