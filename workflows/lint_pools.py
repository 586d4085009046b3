"""Pools and lanes: what message flows may join, whose steps a lane may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows import markup
from workflows.lint_sheet import Sheet, name_of, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# What a message can go to or come from: a pool, an activity or an event.
_TALKERS = frozenset({"participant", *markup.ACTIVITIES, *markup.EVENTS})
_ENDS = ("sourceRef", "targetRef")
_DEAF = frozenset({"sendTask", "endEvent", "intermediateThrowEvent"})
_MUTE = frozenset({"receiveTask", "startEvent", "intermediateCatchEvent", "boundaryEvent"})


def check(sheet: Sheet, found: Mapping[str, Any]) -> None:
    """Notes message flows and lanes that the standard forbids; `found` are the elements by their ids."""
    pools = _pools(sheet)
    for flow in sheet.root.iter(markup.BPMN + "messageFlow"):
        ends = [found.get(markup.local_name(flow.get(name, ""))) for name in _ENDS]
        if any(end is None for end in ends):
            sheet.note(flow, "flow_open", source=flow.get("sourceRef", ""), target=flow.get("targetRef", ""))
        elif any(name_of(end) not in _TALKERS for end in ends):
            sheet.note(flow, "message_flow_end")
        elif _pool(ends[0], pools) == _pool(ends[1], pools):
            sheet.note(flow, "message_flow_inside")
        else:
            _directed(sheet, flow, ends)
            _alike(sheet, flow, ends, found)
    for process in sheet.processes:
        _lanes(sheet, process, found)


def _pools(sheet: Sheet) -> dict[str, str]:
    """The participant of each process."""
    participants = sheet.root.iter(markup.BPMN + "participant")
    return {markup.local_name(node.get("processRef", "")): node.get("id", "") for node in participants}


def _pool(node: Any, pools: Mapping[str, str]) -> str:  # noqa: ANN401  here and below: lxml elements
    if name_of(node) == "participant":
        return str(node.get("id"))
    process = next(parent for parent in node.iterancestors() if name_of(parent) == "process")
    return pools.get(process.get("id", ""), str(process.get("id")))


def _directed(sheet: Sheet, flow: Any, ends: list[Any]) -> None:  # noqa: ANN401
    """Who only receives sends nothing, who only sends receives nothing, and only events of messages do either."""
    for end, wrong in zip(ends, (_MUTE, _DEAF), strict=True):
        kinds = {name_of(definition) for definition in markup.event_definitions(end)}
        is_other = name_of(end) in markup.EVENTS and "messageEventDefinition" not in kinds
        if name_of(end) in wrong or is_other:
            sheet.note(flow, "message_flow_direction", value=end.get("name") or end.get("id", ""))


def _alike(sheet: Sheet, flow: Any, ends: list[Any], found: Mapping[str, Any]) -> None:  # noqa: ANN401
    """A message that is drawn as sent is the one that is awaited at the other end."""
    told = [names for place in (flow, *ends) if (names := _messages(place, found))]
    if told and not frozenset.intersection(*told):
        names = frozenset.union(*told)
        sheet.note(flow, "message_flow_differs", names=", ".join(f"“{name[:60]}”" for name in sorted(names)))


def _messages(node: Any, found: Mapping[str, Any]) -> frozenset[str]:  # noqa: ANN401
    """The names of the messages that a flow or node is about."""
    places = (node, *markup.event_definitions(node))
    messages = [found.get(markup.local_name(place.get("messageRef") or "")) for place in places]
    return frozenset(
        (message.get("name") or "").strip()
        for message in messages
        if message is not None and name_of(message) == "message"
    )


def _lanes(sheet: Sheet, process: Any, found: Mapping[str, Any]) -> None:  # noqa: ANN401
    for lanes in process.iter(markup.BPMN + "laneSet", markup.BPMN + "childLaneSet"):
        seen: set[str] = set()
        for lane, held in _held(lanes):
            if held in seen:
                sheet.note(lane, "lane_twice", value=held)
            elif held in found and process not in found[held].iterancestors():
                sheet.note(lane, "lane_foreign", value=held)
            seen.add(held)


def _held(lanes: Any) -> Iterator[tuple[Any, str]]:  # noqa: ANN401
    for lane in lanes.iterchildren(markup.BPMN + "lane"):
        for reference in lane.iterchildren(markup.BPMN + "flowNodeRef"):
            yield lane, markup.local_name(text(reference))
