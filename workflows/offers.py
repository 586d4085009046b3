# ruff: noqa: SLF001  these classes are parts of the library, by its own protocol
"""Steps that the normal form puts in: copies of values, and how an ad-hoc subprocess offers its steps and ends."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.control import SimpleBpmnTask
from SpiffWorkflow.util.task import TaskState

from workflows import catching, expressions, markup, values
from workflows.errors import ExpressionInvalid

_KEPT = "~ad_hoc"


class CopyValues(SimpleBpmnTask):  # type: ignore[misc]  # the library is untyped
    """Copies process values as data associations say; of a value that is not there yet, nothing comes."""

    def __init__(self, process: Any, name: str, lines: str) -> None:  # noqa: ANN401
        super().__init__(process, name)
        self.lines = [
            (target.strip(), source.strip()) for target, _, source in (x.partition("=") for x in _lines(lines))
        ]

    def _run_hook(self, my_task: Any) -> bool:  # noqa: ANN401  here and below: tasks and frames of the library
        for target, source in self.lines:
            expression = expressions.compile_expression(source)
            present = expression.names <= my_task.data.keys()
            values.write(my_task, {target: expression.evaluate(my_task.data) if present else None})
        return True


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _is_offer(task: Any) -> bool:  # noqa: ANN401
    """Whether this task is offered and not begun: it can be done any number of times, or never."""
    return task.task_spec.manual and any(name.endswith(markup.OFFERS) for name in task.task_spec._inputs)


def choose(my_task: Any, outputs: list[Any]) -> None:  # noqa: ANN401
    """Goes on to these alone."""
    my_task._sync_children(outputs, TaskState.FUTURE)
    for child in my_task.children:
        child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)


class Piece(SimpleBpmnTask):  # type: ignore[misc]  # the library is untyped
    """A step that the normal form puts in, with what it says of it."""

    def __init__(self, process: Any, name: str, text: str = "") -> None:  # noqa: ANN401
        super().__init__(process, name)
        self.text = text


class Chooser(Piece):
    """Where it leads is not known before it runs."""

    def _predict_hook(self, my_task: Any) -> None:  # noqa: ANN401, ARG002
        return


class StepTaken(Chooser):
    """A step has been chosen: it is offered again, or, one at a time, nothing else is."""

    def __init__(self, process: Any, name: str, *, again: str, is_sequential: bool) -> None:  # noqa: ANN401
        super().__init__(process, name)
        self.again = again
        self.is_sequential = is_sequential

    def _run_hook(self, my_task: Any) -> bool:  # noqa: ANN401
        frame = my_task.workflow
        if self.is_sequential:
            offers = {task.id for task in frame.tasks.values() if _is_offer(task)}
            catching.withdraw(frame, frame.tasks.keys() - offers)
        ends = self.is_sequential or frame.data.get(_KEPT, {}).get("complete", False)
        choose(my_task, [output for output in self.outputs if not (ends and output.name == self.again)])
        return True


class StepDone(Chooser):
    """A step has been done: asks whether the subprocess is complete."""

    def __init__(self, process: Any, name: str, *, condition: str, is_sequential: bool, cancels: bool) -> None:  # noqa: ANN401
        super().__init__(process, name)
        self.condition = condition
        self.is_sequential = is_sequential
        self.cancels = cancels

    def _run_hook(self, my_task: Any) -> bool:  # noqa: ANN401
        frame = my_task.workflow
        kept = frame.data.setdefault(_KEPT, {})
        my_task.data = values.merged([kept.get("values", {}), my_task.data])
        kept["values"] = dict(my_task.data)
        ways = {output.name.endswith(markup.END): output for output in self.outputs}
        others = [task for task in frame.tasks.values() if task is not my_task and _is_begun(task)]
        if self._is_complete(my_task):
            kept["complete"] = True
            spared = [] if self.cancels else others
            listening = [task for task in frame.tasks.values() if isinstance(task.task_spec, catching.Listener)]
            catching.withdraw(frame, {my_task.id, *(task.id for task in (*spared, *listening))})
            choose(my_task, [ways[True]])
        elif self.is_sequential:
            choose(my_task, [] if others else [ways[False]])
        else:
            choose(my_task, [])
            for task in frame.tasks.values():
                if task.state == TaskState.READY and _is_offer(task):
                    task.data = values.merged([task.data, my_task.data])
        return True

    def _is_complete(self, my_task: Any) -> bool:  # noqa: ANN401
        if my_task.workflow.data[_KEPT].get("complete"):
            return True
        data = catching.scope_values(my_task.workflow, my_task.data)
        try:
            return bool(expressions.compile_expression(self.condition).evaluate(data))
        except ExpressionInvalid as invalid:
            if invalid.code != "unknown_name":
                raise
            return False


def _is_begun(task: Any) -> bool:  # noqa: ANN401
    """Whether work goes on at this task; what is only offered, ends or listens is none."""
    spec = task.task_spec
    if isinstance(spec, catching.Listener) or spec.name.endswith((".EndJoin", markup.END)):
        return False
    return task.has_state(catching.AT_REST) and not _is_offer(task)
