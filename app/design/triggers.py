"""What an event waits for or does, and which message a task sends or awaits: read and written without a canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from app.design.sheet import BPMN, Sheet
from workflows import markup

if TYPE_CHECKING:
    from collections.abc import Mapping

# By kind of event what it may wait for or do; "" is nothing of the kind.
OFFERED: Final[Mapping[str, tuple[str, ...]]] = {
    "startEvent": ("", "timer", "message", "signal", "conditional"),
    "intermediateCatchEvent": ("timer", "message", "signal", "conditional", "link"),
    "intermediateThrowEvent": ("", "message", "signal", "escalation", "link"),
    "boundaryEvent": ("timer", "message", "signal", "conditional", "error", "escalation"),
    "endEvent": ("", "message", "signal", "error", "escalation", "terminate"),
}
# Tasks that name a message.
MESSENGERS: Final = frozenset({"sendTask", "receiveTask"})
TIMES: Final = ("timeDuration", "timeDate", "timeCycle")
# Known in the whole file by a name or a code: the element, how it is referred to, and what people call it by.
_NAMED: Final[Mapping[str, tuple[str, str, str]]] = {
    "message": ("message", "messageRef", "name"), "signal": ("signal", "signalRef", "name"),
    "error": ("error", "errorRef", "errorCode"), "escalation": ("escalation", "escalationRef", "escalationCode"),
}  # fmt: skip
_DEFINITION: Final = "EventDefinition"
_TYPE: Final = f"{{{markup.XSI_NS}}}type"
FIRST_TIME: Final = "werktage(5)"


def definitions(node: Any) -> list[Any]:  # noqa: ANN401  lxml elements, here and below
    """The definitions that stand in an event."""
    return [child for child in node if isinstance(child.tag, str) and child.tag.endswith(_DEFINITION)]


def read(sheet: Sheet, node: Any) -> dict[str, str]:  # noqa: ANN401
    """What the event waits for or does, by field; nothing for what is no event or has several triggers."""
    kind = etree.QName(node).localname
    if kind in MESSENGERS:
        return {"message": _name(sheet, node, "message")}
    if kind not in OFFERED:
        return {}
    interrupts = {"interrupts": _interrupts(node)} if kind == "boundaryEvent" else {}
    found = definitions(node)
    if len(found) > 1 or node.find(f"{BPMN}eventDefinitionRef") is not None:
        return {"trigger": "several", **interrupts}
    if not found:
        return {"trigger": "", **interrupts}
    trigger = etree.QName(found[0]).localname.removesuffix(_DEFINITION)
    return {"trigger": trigger, **_said(sheet, found[0], trigger), **interrupts}


def _interrupts(node: Any) -> str:  # noqa: ANN401
    return "no" if node.get("cancelActivity") == "false" else "yes"


def _said(sheet: Sheet, definition: Any, trigger: str) -> dict[str, str]:  # noqa: ANN401
    """What belongs to the trigger; the time of a timer is read with the step."""
    if trigger == "timer":
        time = next((child for child in definition if child.tag in markup.TIMES), None)
        return {"timerKind": TIMES[0] if time is None else etree.QName(time).localname}
    if trigger == "conditional":
        return {"eventCondition": (definition.findtext(f"{BPMN}condition") or "").strip()}
    if trigger == "link":
        return {"link": definition.get("name", "")}
    return {trigger: _name(sheet, definition, trigger)} if trigger in _NAMED else {}


def _name(sheet: Sheet, holder: Any, trigger: str) -> str:  # noqa: ANN401
    tag, reference, by = _NAMED[trigger]
    wanted = markup.local_name(holder.get(reference, ""))
    found = next((one for one in sheet.root.iterchildren(f"{BPMN}{tag}") if one.get("id") == wanted), None)
    return "" if found is None else found.get(by) or found.get("name", "")


def write(sheet: Sheet, node: Any, values: Mapping[str, str]) -> None:  # noqa: ANN401
    """Sets what `values` names of it. A changed trigger takes the place of the one before."""
    kind = etree.QName(node).localname
    if kind in MESSENGERS and "message" in values:
        _refer(sheet, node, "message", values["message"])
        return
    if kind == "boundaryEvent" and values.get("interrupts", "") in {"yes", "no"} - {_interrupts(node)}:
        node.set("cancelActivity", "true" if values["interrupts"] == "yes" else "false")
    before = read(sheet, node).get("trigger", "several")
    wanted = values.get("trigger", before)
    if before == "several" or wanted not in OFFERED.get(kind, ()):
        return
    if wanted != before:
        _become(sheet, node, wanted)
    else:
        for found in definitions(node):
            _fill(sheet, found, wanted, values)


def _become(sheet: Sheet, node: Any, wanted: str) -> None:  # noqa: ANN401
    for found in definitions(node):
        node.remove(found)
    if wanted:
        made = etree.SubElement(node, f"{BPMN}{wanted}{_DEFINITION}", id=sheet.new_id(wanted))
        if wanted == "timer":
            expression(made, "timeDuration", FIRST_TIME)


def _fill(sheet: Sheet, found: Any, trigger: str, values: Mapping[str, str]) -> None:  # noqa: ANN401
    if trigger == "timer" and values.get("timerKind") in TIMES:
        for time in [child for child in found if child.tag in markup.TIMES]:
            time.tag = f"{BPMN}{values['timerKind']}"
    elif trigger == "conditional" and "eventCondition" in values:
        expression(found, "condition", values["eventCondition"])
    elif trigger == "link" and "link" in values:
        found.set("name", values["link"].strip())
    elif trigger in _NAMED and trigger in values:
        _refer(sheet, found, trigger, values[trigger])


def _refer(sheet: Sheet, holder: Any, trigger: str, value: str) -> None:  # noqa: ANN401
    """Lets it refer to the message (or the like) of this name, which the file gets if it has none."""
    tag, reference, by = _NAMED[trigger]
    value = value.strip()
    if not value:
        holder.attrib.pop(reference, None)
        return
    found = next((one for one in sheet.root.iterchildren(f"{BPMN}{tag}") if one.get(by) == value), None)
    if found is None:
        found = etree.Element(f"{BPMN}{tag}", id=sheet.new_id(tag), name=value)
        found.set(by, value)
        found.tail = sheet.root.text
        sheet.root.insert(0, found)
    prefix = next((key for key, uri in holder.nsmap.items() if uri == sheet.root.get("targetNamespace") and key), "")
    holder.set(reference, f"{prefix}:{found.get('id')}" if prefix else found.get("id"))


def expression(parent: Any, name: str, value: str) -> None:  # noqa: ANN401
    """An expression inside of an element; empty, it goes."""
    found, value = parent.find(f"{BPMN}{name}"), value.strip()
    if not value:
        if found is not None:
            parent.remove(found)
        return
    if found is None:
        found = etree.SubElement(parent, f"{BPMN}{name}")
        prefix = next((key for key, uri in parent.nsmap.items() if uri == markup.BPMN_NS and key), "")
        found.set(_TYPE, f"{prefix}:tFormalExpression" if prefix else "tFormalExpression")
    found.text = value
