"""What it means for a task to be put aside and to come back: until when and why, and how long it has rested by then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, text

from workflows.models import Instant

if TYPE_CHECKING:
    from datetime import datetime


def rested(task: str, now: str) -> str:
    """For how many seconds a task has been put aside until now; what rests longer than it should has come back."""
    span = f"extract(epoch FROM least({task}.held_until, {now}) - {task}.held_at)"
    return f"({task}.rested + greatest(0, coalesce({span}, 0))::integer)"


def put(*, until: datetime, reason: str, now: datetime) -> dict[str, Any]:
    """The columns of a task that is put aside now."""
    return {"held_until": until, "held_reason": reason, "held_at": now, "rested": _so_far(now)}


def back(now: datetime) -> dict[str, Any]:
    """The columns of a task that comes back now."""
    return {"held_until": None, "held_reason": None, "held_at": None, "rested": _so_far(now)}


def _so_far(now: datetime) -> Any:  # noqa: ANN401  an expression
    return text(rested("workflow_task", ":rest_now")).bindparams(bindparam("rest_now", now, type_=Instant))
