"""Compensation: what undoes what, and who lets it happen; only within one scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows import compensation, markup, transactions
from workflows.lint_sheet import Scope, Sheet, name_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def check(sheet: Sheet, scope: Scope) -> None:
    """Notes what could not be undone as drawn."""
    borders, throws = compensation.borders(scope.node), compensation.throws(scope.node)
    undoers = [undoer for border in borders for undoer in compensation.undoers(scope.node, border)]
    for border in borders:
        _border(sheet, scope, border)
        if not (throws or transactions.cancels(scope.node)):
            sheet.note(border, "compensation_never")
    for throw in throws:
        if not compensation.named(scope.node, throw):
            sheet.note(throw, "compensation_nothing")
    _cancels(sheet, scope)
    for node in scope.nodes.values():
        if compensation.undoes(node):
            _undoer(sheet, scope, node)
            if undoers.count(node) != 1:
                sheet.note(node, "compensation_pair")


def _cancels(sheet: Sheet, scope: Scope) -> None:
    """Cancelling belongs to a transaction: one end event inside at least, one event at its border."""
    hosts = [border.get("attachedToRef", "") for border in transactions.borders(scope.node)]
    for border in transactions.borders(scope.node):
        host = scope.nodes.get(border.get("attachedToRef", ""))
        goes_on = not markup.flag(border, "cancelActivity", default=True)
        if host is None or name_of(host) != "transaction" or goes_on or hosts.count(host.get("id")) > 1:
            sheet.note(border, "cancel_place")
        elif not transactions.cancels(host):
            sheet.note(border, "cancel_never")
    for end in transactions.cancels(scope.node):
        if name_of(scope.node) != "transaction":
            sheet.note(end, "cancel_place")
        elif scope.node.get("id") not in _caught(scope.node):
            sheet.note(end, "cancel_uncaught", value=scope.node.get("name") or scope.node.get("id", ""))


def _caught(transaction: Any) -> list[str]:  # noqa: ANN401
    return [border.get("attachedToRef", "") for border in transactions.borders(transaction.getparent())]


def _border(sheet: Sheet, scope: Scope, border: Any) -> None:  # noqa: ANN401  here and below: lxml elements
    host = scope.nodes.get(border.get("attachedToRef", ""))
    if len(compensation.undoers(scope.node, border)) != 1:
        sheet.note(border, "compensation_pair")
    if scope.out.get(border.get("id")):
        sheet.note(border, "compensation_flow")
    others = [
        other for other in compensation.borders(scope.node) if other.get("attachedToRef") == border.get("attachedToRef")
    ]
    if host is not None and (_is_loop(host) or compensation.undoes(host) or len(others) > 1):
        sheet.note(border, "compensation_host", value=host.get("name") or host.get("id", ""))
    if name_of(scope.node) == "adHocSubProcess":
        sheet.note(border, "compensation_host", value=scope.node.get("name") or scope.node.get("id", ""))


def _undoer(sheet: Sheet, scope: Scope, node: Any) -> None:  # noqa: ANN401
    identifier = node.get("id")
    if scope.into.get(identifier) or scope.out.get(identifier):
        sheet.note(node, "compensation_flow")
    if _is_loop(node) or scope.boundaries.get(identifier) or markup.flag(node, "triggeredByEvent", default=False):
        sheet.note(node, "compensation_host", value=node.get("name") or identifier)


def _is_loop(node: Any) -> bool:  # noqa: ANN401
    return any(child.tag.endswith("LoopCharacteristics") for child in node)


def aside(nodes: Mapping[str, Any]) -> frozenset[str]:
    """The nodes that no flow leads to: compensation events at borders, and what undoes."""
    found = (
        name
        for name, node in nodes.items()
        if compensation.undoes(node) or (name_of(node) == "boundaryEvent" and compensation.definition(node) is not None)
    )
    return frozenset(found)
