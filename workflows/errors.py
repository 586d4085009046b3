"""What can go wrong in the host of processes. The docstring of a class is the message for people; texts in the
reader's language stand in the templates of the application, keyed by the class name.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class WorkflowError(Exception):
    """The process could not do this."""


@dataclass
class TaskNotOpen(WorkflowError):  # noqa: N818  the house names errors by what is the case
    """The task is no longer open: someone else completed it."""

    task_id: int
    completed_by: str | None = None
    completed_at: str | None = None


@dataclass
class TaskTaken(WorkflowError):  # noqa: N818
    """The task belongs to a colleague at the moment."""

    task_id: int
    assignee: str


@dataclass
class NotAllowed(WorkflowError):  # noqa: N818
    """Not allowed for this person."""

    reason: str


@dataclass
class UnknownInstance(WorkflowError):  # noqa: N818
    """There is no such process instance."""

    instance_id: int


@dataclass
class InstanceClosed(WorkflowError):  # noqa: N818
    """The process instance has ended."""

    instance_id: int


@dataclass
class InstanceSuspended(InstanceClosed):
    """The process instance is suspended: it goes on when somebody resumes it."""


@dataclass
class HandlerMissing(WorkflowError):  # noqa: N818
    """The diagram names a handler that this installation does not have."""

    name: str


@dataclass
class StepFailed(WorkflowError):  # noqa: N818
    """A step behind the task failed: nothing was changed, the task stays as it was."""

    element: str
    name: str
    reason: str
    instance_id: int | None = None


@dataclass
class ExpressionInvalid(WorkflowError):  # noqa: N818
    """The expression cannot be used in a diagram; `place` is the task of a run that it belongs to."""

    source: str
    code: str
    detail: str = ""
    place: Any = field(default=None, compare=False, repr=False)


class NoWay(WorkflowError):  # noqa: N818
    """No condition of a gateway or activity holds, and there is no default way."""


@contextmanager
def placed(task: Any) -> Iterator[None]:  # noqa: ANN401  a task of the library
    """Says of an expression that cannot be evaluated in this block to which task it belongs."""
    try:
        yield
    except ExpressionInvalid as invalid:
        invalid.place = invalid.place or task
        raise


@dataclass
class DocumentUnreadable(WorkflowError):  # noqa: N818
    """A stored process document cannot be read by this version."""

    instance_id: int
    version: int


@dataclass
class UnknownIncident(WorkflowError):  # noqa: N818
    """There is no such open incident."""

    incident_id: int


@dataclass
class ValueRefused(WorkflowError):  # noqa: N818
    """A process may not hold this value."""

    name: str


@dataclass
class InterventionRefused(WorkflowError):  # noqa: N818
    """The intervention is not possible here; `code` says why: gone, missing, gateway, instances, not_done."""

    element: str
    code: str


@dataclass
class TokenRefused(WorkflowError):  # noqa: N818
    """The process stands at a place that the other version does not have."""

    element: str
    code: str


@dataclass
class BatchRefused(WorkflowError):  # noqa: N818
    """The batch of cases is not in a state in which this can be done."""

    batch_id: int


@dataclass
class CallFailed(WorkflowError):  # noqa: N818
    """A call to the outside failed: `code` says how (timeout, unreachable, server, refused, answer, host, recipient),
    `number` is what the other side answered. What `is_final` is not tried again.
    """

    code: str
    number: int = 0
    is_final: bool = False

    @property
    def told(self) -> str:
        """The failure as an incident keeps it."""
        return f"call {self.code} {self.number or ''}".strip()


@dataclass
class ProcessError(WorkflowError):
    """The step could not be done for a reason that its diagram provides for: the error of this code."""

    code: str
