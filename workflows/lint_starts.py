"""How processes may begin: by the clock, which has no case, so no task for people can belong to one; by the office,
which needs one plain start event, or somebody to choose one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows import closures, lint_triggers, markup
from workflows.lint_sheet import Sheet, name_of
from workflows.parser import plain, starts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.lint_bindings import Office

_PERSONAL = tuple(markup.BPMN + name for name in ("userTask", "manualTask", "adHocSubProcess"))


def check(sheet: Sheet, office: Office) -> None:
    """Notes tasks for people behind a start event that waits for an instant, and processes that the office cannot
    begin: at no start event, or at several where nobody is there to choose.
    """
    for process in sheet.processes:
        for start in process.iterchildren(markup.BPMN + "startEvent"):
            if "timer" in lint_triggers.kinds(start):
                _automatic(sheet, start, office.drawn)
        asks = office.begun.get(process.get("id", ""))
        if asks is not None:
            _begun(sheet, process, asks=asks)


def _begun(sheet: Sheet, process: Any, *, asks: bool) -> None:  # noqa: ANN401  an lxml element
    names = [start.element for start in plain(starts(process))]
    if not names:
        sheet.note(process, "start_plain_missing")
    elif len(names) > 1 and not asks:
        sheet.note(process, "start_nobody_chooses", names=", ".join(names))


def _automatic(sheet: Sheet, start: Any, drawn: Mapping[str, closures.Drawn]) -> None:  # noqa: ANN401  an lxml element
    process = start.getparent().get("id", "")
    for name in closures.reached(drawn, process):
        for task in drawn[name].node.iter(*_PERSONAL):
            sheet.note(start, "start_timer_personal", value=task.get("name") or task.get("id", ""), kind=name_of(task))
            return
