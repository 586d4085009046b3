"""Ids and references: each element has an id of its own, and what is referred to exists where it may stand."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from workflows import lint_data, lint_pools, markup
from workflows.lint_sheet import FLOW, Sheet, is_bpmn, name_of, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_ID = re.compile(r"[^\W\d][\w.-]{0,119}")
_PROCESS_ID = re.compile(_ID.pattern, re.ASCII)  # processes give files and addresses their names
_RESERVED = markup.LIBRARY_NAMES | {"typename", "data_objects"}
_RESERVED_END = (".EndJoin", ".BoundaryEventSplit", ".BoundaryEventJoin", ".Flow", *markup.SUFFIXES)
_DATA = ("dataObject", "dataObjectReference", "dataInput", "dataOutput", "property", "inputDataItem", "outputDataItem")
_NEED_ID = frozenset(
    (*(name.removeprefix(markup.BPMN) for name in (*markup.FLOW_NODES, FLOW)), "process", "message", "signal")
) | {"error", "escalation", "dataObject", "dataObjectReference"}
_REFERENCES: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType(
    {
        ("participant", "processRef"): ("process",),
        ("messageFlow", "messageRef"): ("message",),
        ("messageEventDefinition", "messageRef"): ("message",),
        ("sendTask", "messageRef"): ("message",),
        ("receiveTask", "messageRef"): ("message",),
        ("signalEventDefinition", "signalRef"): ("signal",),
        ("errorEventDefinition", "errorRef"): ("error",),
        ("compensateEventDefinition", "activityRef"): markup.ACTIVITIES,
        ("escalationEventDefinition", "escalationRef"): ("escalation",),
        ("signal", "structureRef"): ("itemDefinition",),
        ("error", "structureRef"): ("itemDefinition",),
        ("escalation", "structureRef"): ("itemDefinition",),
        **{(name, "itemSubjectRef"): ("itemDefinition",) for name in _DATA},
        ("dataObjectReference", "dataObjectRef"): ("dataObject",),
        ("dataStoreReference", "dataStoreRef"): ("dataStore",),
        ("message", "itemRef"): ("itemDefinition",),
        ("group", "categoryValueRef"): ("categoryValue",),
        ("association", "sourceRef"): (),
        ("association", "targetRef"): (),
    }
)
_NEEDED = (("dataObjectReference", "dataObjectRef"), ("association", "sourceRef"), ("association", "targetRef"))
_TEXT_REFERENCES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "incoming": ("sequenceFlow",),
        "outgoing": ("sequenceFlow",),
        "categoryValueRef": ("categoryValue",),
        "sourceRef": (*_DATA, "dataStoreReference"),
        "targetRef": (*_DATA, "dataStoreReference"),
        "dataInputRefs": ("dataInput",),
        "dataOutputRefs": ("dataOutput",),
        "eventDefinitionRef": ("",),
        "flowNodeRef": tuple(tag.removeprefix(markup.BPMN) for tag in markup.FLOW_NODES),
    }
)


def elements(root: Any) -> Iterator[Any]:  # noqa: ANN401  lxml elements
    """All BPMN elements outside of extensions."""
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        pending += [child for child in reversed(node) if is_bpmn(child) and name_of(child) != "extensionElements"]


def _ids(sheet: Sheet) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for node in elements(sheet.root):
        identifier = node.get("id")
        if identifier is None:
            if name_of(node) in _NEED_ID:
                sheet.note(node, "id_missing")
        elif identifier in found:
            sheet.note(node, "id_twice", id=identifier)
        else:
            found[identifier] = node
            _check_id(sheet, node, identifier)
    return found


def _check_id(sheet: Sheet, node: Any, identifier: str) -> None:  # noqa: ANN401
    if name_of(node) not in _NEED_ID:
        return
    allowed = _PROCESS_ID if name_of(node) == "process" else _ID
    if not allowed.fullmatch(identifier) or unicodedata.normalize("NFC", identifier) != identifier:
        sheet.note(node, "id_invalid", id=identifier[:80])
    elif _is_reserved(node, identifier) or identifier.endswith(_RESERVED_END):
        sheet.note(node, "id_reserved", id=identifier)


def _is_reserved(node: Any, identifier: str) -> bool:  # noqa: ANN401
    """Events may have names that the library uses itself; they run under another (`rewriting`)."""
    is_event = name_of(node) in markup.EVENTS
    return identifier in _RESERVED and not (is_event and identifier in markup.LIBRARY_NAMES)


def _refers(sheet: Sheet, node: Any, found: Mapping[str, Any], reference: tuple[str, str, tuple[str, ...]]) -> None:  # noqa: ANN401
    attribute, value, kinds = reference
    target = found.get(markup.local_name(value))
    if target is None or (kinds and name_of(target) not in kinds):
        code = "refused_reference_event" if attribute == "eventDefinitionRef" else "reference_missing"
        sheet.note(node, code, attribute=attribute, value=value[:80])


def _check_references(sheet: Sheet, found: Mapping[str, Any]) -> None:
    for node in elements(sheet.root):
        name = name_of(node)
        for attribute, value in node.attrib.items():
            if (kinds := _REFERENCES.get((name, attribute))) is not None:
                _refers(sheet, node, found, (attribute, value, kinds))
        if (kinds := _TEXT_REFERENCES.get(name)) and text(node):
            _refers(sheet, node, found, (name, text(node), kinds))
    for name, attribute in _NEEDED:
        for node in sheet.root.iter(markup.BPMN + name):
            if not node.get(attribute):
                sheet.note(node, "reference_missing", attribute=attribute, value="")


def _check_flows(sheet: Sheet, found: Mapping[str, Any]) -> None:
    """A flow connects two nodes of one scope: neither across pools nor over the border of a subprocess."""
    nodes = set(markup.FLOW_NODES)
    for flow in sheet.root.iter(FLOW):
        ends: list[Any] = [found.get(flow.get(name, "")) for name in ("sourceRef", "targetRef")]
        if any(end is None or end.tag not in nodes for end in ends):
            sheet.note(flow, "flow_open", source=flow.get("sourceRef", ""), target=flow.get("targetRef", ""))
        elif any(end.getparent() is not flow.getparent() for end in ends):
            sheet.note(flow, "flow_crosses", source=flow.get("sourceRef"), target=flow.get("targetRef"))


def _check_listed(sheet: Sheet, found: Mapping[str, Any]) -> None:
    """What a node lists as its flows begins or ends there."""
    for name, end in (("incoming", "targetRef"), ("outgoing", "sourceRef")):
        for item in sheet.root.iter(markup.BPMN + name):
            flow, node = found.get(markup.local_name(text(item))), item.getparent()
            if flow is not None and flow.tag == FLOW and markup.local_name(flow.get(end, "")) != node.get("id"):
                sheet.note(node, "flow_listed", attribute=name, value=text(item)[:80])


def check(sheet: Sheet) -> None:
    """Notes missing, double and reserved ids and whatever is referred to and does not exist."""
    found = _ids(sheet)
    _check_references(sheet, found)
    _check_flows(sheet, found)
    _check_listed(sheet, found)
    lint_pools.check(sheet, found)
    lint_data.check(sheet, found)


def check_across(sheets: Iterable[Sheet]) -> None:
    """Notes ids of processes and subprocesses that two files share: they are called by them."""
    seen: set[str] = set()
    for sheet in sheets:
        scopes = list(markup.scopes(sheet.root))
        for node in scopes:
            if node.get("id") in seen:
                sheet.note(node, "id_twice", id=node.get("id"))
        seen |= {node.get("id", "") for node in scopes}
