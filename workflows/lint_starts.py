"""Processes that the clock starts: they have no case, so no task for people can belong to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows import closures, lint_triggers, markup
from workflows.lint_sheet import Sheet, name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_PERSONAL = tuple(markup.BPMN + name for name in ("userTask", "manualTask", "adHocSubProcess"))


def check(sheet: Sheet, drawn: Mapping[str, closures.Drawn]) -> None:
    """Notes tasks for people behind a start event that waits for an instant."""
    for process in sheet.processes:
        for start in process.iterchildren(markup.BPMN + "startEvent"):
            if "timer" in lint_triggers.kinds(start):
                _automatic(sheet, start, drawn)


def _automatic(sheet: Sheet, start: Any, drawn: Mapping[str, closures.Drawn]) -> None:  # noqa: ANN401  an lxml element
    process = start.getparent().get("id", "")
    for name in closures.reached(drawn, process):
        for task in drawn[name].node.iter(*_PERSONAL):
            sheet.note(start, "start_timer_personal", value=task.get("name") or task.get("id", ""), kind=name_of(task))
            return
