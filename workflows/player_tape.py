"""What the player notes: activities and events in the order in which they are completed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask

from workflows import catching, markup, steps

if TYPE_CHECKING:
    from datetime import datetime

    from workflows.specs import ElementInfo


@dataclass(frozen=True, slots=True)
class Passed:
    """An activity or event that was completed."""

    element: str
    name: str
    type: str
    process: str
    at: str


class Tape:
    """What was completed, in order."""

    def __init__(self) -> None:
        self.passed: list[Passed] = []

    def note(self, element: ElementInfo | None, spec: Any, now: datetime) -> None:  # noqa: ANN401
        """Notes that a token has passed; gateways, loops around an activity and what the normal form put in are no
        steps of their own.
        """
        if element is None or isinstance(spec, LoopTask) or spec.name.endswith(markup.PUT_IN):
            return
        if not element.kind.endswith("Gateway"):
            self.passed.append(Passed(element.id, element.name, element.kind, element.process, now.isoformat()))


@dataclass(slots=True)
class Recorder(steps.Work):
    """The work of one act that also notes events which send out a token and go on waiting."""

    tape: Tape = field(default_factory=Tape)

    def completed(self, task: Any) -> None:  # noqa: ANN401  a task of the library
        """See steps.Work."""
        steps.Work.completed(self, task)
        if isinstance(task.task_spec, catching.RepeatingEvent):
            self.tape.note(self.element(task), task.task_spec, self.now)

    def line(self, kind: str, task: Any, **detail: Any) -> Any:  # noqa: ANN401
        """See steps.Work."""
        if kind == "timer_fired" and isinstance(task.task_spec, catching.RepeatingEvent):
            self.tape.note(self.element(task), task.task_spec, self.now)
        return steps.Work.line(self, kind, task, **detail)
