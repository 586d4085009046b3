"""Events with several triggers: which may stand together, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows import markup, triggers
from workflows.lint_sheet import Scope, Sheet, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

# Two links lead to two places, and what undoes an activity is no flow that goes on.
_ALONE = frozenset({"link"})
_BORDER_ALONE = frozenset({"link", "compensate"})
_PERSISTENT = "intermediateCatchEvent"


def kinds(node: Any) -> list[str]:  # noqa: ANN401  here and below: lxml elements
    """What an event waits for or throws: "timer", "message" and so on, in the order of the file."""
    return [name_of(one).removesuffix("EventDefinition") for one in markup.event_definitions(node)]


def check(sheet: Sheet, scope: Scope, node: Any) -> None:  # noqa: ANN401
    """Notes triggers of one event that cannot be right together."""
    if triggers.waits_for_all(node) and not _may_wait_for_all(scope, node):
        sheet.note(node, "refused_parallel_events", attribute="parallelMultiple")
    found = kinds(node)
    if len(found) <= 1:
        return
    if len(found) > triggers.MOST:
        sheet.note(node, "event_too_many", value=len(found), most=triggers.MOST)
    if name_of(scope.node) == "adHocSubProcess" and name_of(node) != "boundaryEvent":
        sheet.note(node, "event_several")
    for code, named in _clashes(node, found):
        sheet.note(node, code, kind=named)


def _may_wait_for_all(scope: Scope, node: Any) -> bool:  # noqa: ANN401
    """A token that stands at the event can wait for all; what begins or interrupts would have to keep the first ones
    for an instance or an activity that may be another by the time the last one comes.
    """
    sources = [scope.nodes.get(flow.get("sourceRef")) for flow in scope.into.get(node.get("id"), [])]
    raced = any(source is not None and name_of(source) == "eventBasedGateway" for source in sources)
    return name_of(node) == _PERSISTENT and not raced


def _clashes(node: Any, found: list[str]) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    alone = _BORDER_ALONE if name_of(node) == "boundaryEvent" else _ALONE
    for kind in sorted(alone & set(found)):
        yield f"event_alone_{kind}", kind
    endings = [kind for kind in found if f"{kind}EventDefinition" in triggers.ENDING]
    if name_of(node) == "endEvent" and len(endings) > 1:
        yield "event_ends_twice", endings[1]
