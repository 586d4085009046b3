"""Changes to a diagram without a canvas: each takes a file and gives a file, or raises StepRefused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from app.design import errors, layout, repeating, triggers
from app.design.sheet import BPMN, OWN, Sheet
from app.design.steps import ACTIVITIES, DECIDING, OWN_VALUES, PROCESS_VALUES, kind_of
from workflows import markup

if TYPE_CHECKING:
    from collections.abc import Mapping

ADDABLE = (
    "userTask", "manualTask", "serviceTask", "businessRuleTask", "sendTask", "receiveTask", "scriptTask",
    "callActivity", "exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway",
    "intermediateCatchEvent", "intermediateThrowEvent", "endEvent",
)  # fmt: skip
_XSI_TYPE = f"{{{markup.XSI_NS}}}type"
_SPLITTING = DECIDING | {"parallelGateway"}


def edit(content: bytes, identifier: str, values: Mapping[str, str]) -> bytes:
    """The properties of a step that `values` names, set; empty ones are taken away."""
    sheet = Sheet(content)
    node = sheet.element(identifier)
    for name in set(OWN_VALUES) & values.keys():
        _attribute(node, f"{OWN}{name}", values[name])
    for name in {"name", "calledElement"} & values.keys():
        _attribute(node, name, values[name])
    for name in ("documentation", "script"):
        if name in values and (kind_of(node) == "scriptTask" or name == "documentation"):
            _child(node, name, values[name])
    if kind_of(node) in ACTIVITIES:
        repeating.write(sheet, node, values)
    triggers.write(sheet, node, values)
    if values.get("timer") and node.find(f"{BPMN}timerEventDefinition") is not None:
        _time(node, values["timer"])
    if values.get("lane"):
        _to_lane(sheet, node, values["lane"])
    return sheet.file()


def edit_way(content: bytes, identifier: str, *, name: str, condition: str, default: str) -> bytes:
    """The answer and the condition at a way; `default` is the id of the standard way, or empty."""
    sheet = Sheet(content)
    flow = sheet.element(identifier)
    _attribute(flow, "name", name)
    _child(flow, "conditionExpression", "" if default == identifier else condition)
    written = flow.find(f"{BPMN}conditionExpression")
    if written is not None and written.get(_XSI_TYPE) is None:
        prefix = next((key for key, value in flow.nsmap.items() if value == markup.BPMN_NS and key), "")
        written.set(_XSI_TYPE, f"{prefix}:tFormalExpression" if prefix else "tFormalExpression")
    source = sheet.element(flow.get("sourceRef"))
    if default == identifier or source.get("default") == identifier:
        _attribute(source, "default", default)
    return sheet.file()


def _attribute(node: Any, name: str, value: str) -> None:  # noqa: ANN401
    value = value.strip()
    if value:
        node.set(name, value)
    elif name in node.attrib:
        del node.attrib[name]


def _child(node: Any, name: str, value: str) -> None:  # noqa: ANN401
    found = node.find(f"{BPMN}{name}")
    value = value.replace("\r\n", "\n").strip()
    if found is None and not value:
        return
    if found is None:
        found = etree.Element(f"{BPMN}{name}")
        found.tail = node.text if len(node) else None
        node.insert(0 if name == "documentation" else len(node), found)
    if value:
        found.text = value
    else:
        node.remove(found)


def _time(node: Any, value: str) -> None:  # noqa: ANN401
    timer = node.find(f"{BPMN}timerEventDefinition")
    if timer is None:
        raise errors.StepRefused("no_timer")
    time = next((child for child in timer if child.tag in markup.TIMES), None)
    if time is None:
        time = etree.SubElement(timer, f"{BPMN}timeDuration")
    time.text = value.strip()


def _to_lane(sheet: Sheet, node: Any, lane_id: str) -> None:  # noqa: ANN401
    lane, before = sheet.element(lane_id), sheet.lane(node)
    if before is not None and before.get("id") == lane_id:
        return
    for ref in list(sheet.root.iter(f"{BPMN}flowNodeRef")):
        if markup.local_name(ref.text or "") == node.get("id"):
            ref.getparent().remove(ref)
    etree.SubElement(lane, f"{BPMN}flowNodeRef").text = node.get("id")
    shape, box, lane_box = sheet.drawn(node.get("id")), sheet.box(node.get("id")), sheet.box(lane_id)
    if shape is not None and box and lane_box:
        shape.find(f"{layout.DC}Bounds").set("y", str(lane_box[1] + (lane_box[3] - box[3]) // 2))
        for flow in (*sheet.flows(node, "sourceRef"), *sheet.flows(node, "targetRef")):
            sheet.reroute(flow)


def add(content: bytes, after: str, *, kind: str, name: str) -> tuple[bytes, str]:
    """A new step after a step that has at most one way out, or on the way of this id; the file and the new id.

    Raises StepRefused.
    """
    if kind not in ADDABLE:
        raise errors.StepRefused("kind")
    sheet = Sheet(content)
    place = sheet.element(after)
    if place.tag != markup.FLOW:
        out = sheet.flows(place, "sourceRef")
        if len(out) > 1 and kind_of(place) not in _SPLITTING:
            raise errors.StepRefused("choose_way")
        if kind_of(place) == "endEvent":
            raise errors.StepRefused("after_end")
        if not out or kind_of(place) in _SPLITTING:
            return _append(sheet, place, kind, name)
        place = out[0]
    if kind == "endEvent":
        raise errors.StepRefused("end_between")
    return _insert(sheet, place, kind, name)


def attach(content: bytes, activity: str, *, name: str) -> tuple[bytes, str]:
    """An event at the border of an activity, which interrupts it after some days; the file and the new id.

    Raises StepRefused.
    """
    sheet = Sheet(content)
    host = sheet.element(activity)
    if kind_of(host) not in ACTIVITIES:
        raise errors.StepRefused("kind")
    node = _new(sheet, host, "boundaryEvent", name)
    node.set("attachedToRef", activity)
    box, shape = sheet.box(activity), sheet.drawn(activity)
    if box is not None and shape is not None:
        others = host.getparent().iterchildren(f"{BPMN}boundaryEvent")
        place = sum(one.get("attachedToRef") == activity for one in others)
        width, height = layout.size(node)
        at = (box[0] + box[2] - width // 2 - (place - 1) * (width + 4), box[1] + box[3] - height // 2, width, height)
        layout.shape(shape.getparent(), node.get("id"), at)
    return sheet.file(), node.get("id")


def edit_process(content: bytes, identifier: str, values: Mapping[str, str]) -> bytes:
    """The properties of a process that `values` names: names, description, the values that it begins with."""
    sheet = Sheet(content)
    node = sheet.element(identifier)
    if kind_of(node) != "process":
        raise errors.StepRefused("step_unknown")
    for name, attribute in PROCESS_VALUES.items():
        if name in values:
            _attribute(node, attribute, values[name])
    if "documentation" in values:
        _child(node, "documentation", values["documentation"])
    return sheet.file()


def _new(sheet: Sheet, source: Any, kind: str, name: str) -> Any:  # noqa: ANN401
    node = sheet.put(source.getparent(), kind, id=sheet.new_id(kind), name=name.strip())
    if kind in {"intermediateCatchEvent", "boundaryEvent"}:
        timer = etree.SubElement(node, f"{BPMN}timerEventDefinition", id=sheet.new_id("timer"))
        etree.SubElement(timer, f"{BPMN}timeDuration").text = triggers.FIRST_TIME
    lane = sheet.lane(source)
    if lane is not None:
        etree.SubElement(lane, f"{BPMN}flowNodeRef").text = node.get("id")
    return node


def _draw(sheet: Sheet, node: Any, source: Any, row: int) -> None:  # noqa: ANN401
    box, shape = sheet.box(source.get("id")), sheet.drawn(source.get("id"))
    if box is None or shape is None:
        return
    width, height = layout.size(node)
    x = box[0] + box[2] + 60 + (100 - width) // 2
    y = box[1] + box[3] // 2 - height // 2 + row * layout.DOWN
    layout.shape(shape.getparent(), node.get("id"), (x, y, width, height))


def _append(sheet: Sheet, source: Any, kind: str, name: str) -> tuple[bytes, str]:  # noqa: ANN401
    row = len(sheet.flows(source, "sourceRef"))
    node = _new(sheet, source, kind, name)
    box, shape = sheet.box(source.get("id")), sheet.drawn(source.get("id"))
    if box is not None and shape is not None and not row:
        sheet.make_room(box[0] + box[2], shape)
    _draw(sheet, node, source, row)
    _join(sheet, source, node)
    return sheet.file(), node.get("id")


def _insert(sheet: Sheet, flow: Any, kind: str, name: str) -> tuple[bytes, str]:  # noqa: ANN401
    source, target = sheet.element(flow.get("sourceRef")), sheet.element(flow.get("targetRef"))
    node = _new(sheet, source, kind, name)
    box, shape = sheet.box(source.get("id")), sheet.drawn(source.get("id"))
    if box is not None and shape is not None:
        sheet.make_room(box[0] + box[2], shape)
    _draw(sheet, node, source, 0)
    _retarget(sheet, flow, node)
    _join(sheet, node, target)
    return sheet.file(), node.get("id")


def _join(sheet: Sheet, source: Any, target: Any) -> Any:  # noqa: ANN401
    identifier = sheet.new_id("flow")
    flow = sheet.put(
        source.getparent(), "sequenceFlow", id=identifier, sourceRef=source.get("id"), targetRef=target.get("id")
    )
    _listed(source, "outgoing", identifier)
    _listed(target, "incoming", identifier)
    sheet.reroute(flow)
    return flow


def _listed(node: Any, name: str, identifier: str) -> None:  # noqa: ANN401
    """Nodes list their flows; the standard wants the incoming ones first, after what describes the node."""
    heads = {f"{BPMN}{head}" for head in ("documentation", "extensionElements", "incoming")}
    heads |= {f"{BPMN}outgoing"} if name == "outgoing" else set()
    at = sum(child.tag in heads for child in node)
    made = etree.Element(f"{BPMN}{name}")
    made.text = identifier
    node.insert(at, made)


def _retarget(sheet: Sheet, flow: Any, target: Any) -> None:  # noqa: ANN401
    for ref in list(sheet.root.iter(f"{BPMN}incoming")):
        if markup.local_name(ref.text or "") == flow.get("id"):
            ref.getparent().remove(ref)
    flow.set("targetRef", target.get("id"))
    _listed(target, "incoming", flow.get("id"))
    sheet.reroute(flow)


def connect(content: bytes, source: str, target: str) -> bytes:
    """A new way from one step to another of the same process. Raises StepRefused."""
    sheet = Sheet(content)
    start, end = sheet.element(source), sheet.element(target)
    if start.getparent() is not end.getparent():
        raise errors.StepRefused("other_process")
    if kind_of(start) == "endEvent" or kind_of(end) in {"startEvent", "boundaryEvent"}:
        raise errors.StepRefused("no_way")
    _join(sheet, start, end)
    return sheet.file()


def disconnect(content: bytes, flow: str) -> bytes:
    """Takes a way out."""
    sheet = Sheet(content)
    node = sheet.element(flow)
    if node.tag != markup.FLOW:
        raise errors.StepRefused("step_unknown")
    sheet.drop(node)
    return sheet.file()


def _lifted(sheet: Sheet, node: Any) -> None:  # noqa: ANN401
    """Closes the gap that a step leaves: what led to it leads to where it led."""
    into, out = sheet.flows(node, "targetRef"), sheet.flows(node, "sourceRef")
    if len(out) > 1:
        raise errors.StepRefused("several_ways")
    if out:
        target = sheet.element(out[0].get("targetRef"))
        sheet.drop(out[0])
        for flow in into:
            _retarget(sheet, flow, target)
    else:
        for flow in into:
            sheet.drop(flow)


def remove(content: bytes, identifier: str) -> bytes:
    """Takes a step out; what stood before it leads to what stood after it. Raises StepRefused with several ways out."""
    sheet = Sheet(content)
    node = sheet.element(identifier)
    _lifted(sheet, node)
    for border in list(node.getparent().iterchildren(f"{BPMN}boundaryEvent")):
        if border.get("attachedToRef") == identifier:
            for flow in sheet.flows(border, "sourceRef"):
                sheet.drop(flow)
            sheet.drop(border)
    sheet.drop(node)
    return sheet.file()


def move(content: bytes, identifier: str, flow_id: str) -> bytes:
    """Puts a step onto another way of the same process. Raises StepRefused."""
    sheet = Sheet(content)
    node, flow = sheet.element(identifier), sheet.element(flow_id)
    if flow.tag != markup.FLOW or flow.getparent() is not node.getparent():
        raise errors.StepRefused("other_process")
    if identifier in {flow.get("sourceRef"), flow.get("targetRef")}:
        raise errors.StepRefused("there_already")
    if kind_of(node) in {"startEvent", "endEvent", "boundaryEvent"}:
        raise errors.StepRefused("fixed")
    _lifted(sheet, node)
    source, target = sheet.element(flow.get("sourceRef")), sheet.element(flow.get("targetRef"))
    shape = sheet.drawn(identifier)
    box, at = sheet.box(identifier), sheet.box(source.get("id"))
    if shape is not None and box and at:
        sheet.make_room(at[0] + at[2], shape)
        bounds = shape.find(f"{layout.DC}Bounds")
        bounds.set("x", str(at[0] + at[2] + 60 + (100 - box[2]) // 2))
        bounds.set("y", str(at[1] + at[3] // 2 - box[3] // 2))
        for label in shape.findall(f"{layout.DI}BPMNLabel"):
            shape.remove(label)
    _retarget(sheet, flow, node)
    _join(sheet, node, target)
    return sheet.file()
