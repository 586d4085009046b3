"""From files to specs that run: the library's parser with our timers, handlers, language and roles.

It trusts its input: the linter has accepted it before. What it cannot parse raises ValidationException of the library.
"""

from __future__ import annotations

import sys
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import (
    MESSAGE_EVENT_XPATH,
    SIGNAL_EVENT_XPATH,
    TERMINATION_EVENT_XPATH,
    BoundaryEventParser,
    EndEventParser,
    EventBasedGatewayParser,
    IntermediateCatchEventParser,
    SendTaskParser,
    StartEventParser,
)
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EndEvent,
    IntermediateCatchEvent,
    SendTask,
    ServiceTask,
    StartEvent,
)

from workflows import markup, specs, timers
from workflows.specs import ElementInfo, Specs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_RECURSION = 20_000
_DIGITS = 5

# The library walks along the flows by recursion, three frames a node, and Python's own frames cost no C stack. Set once
# for the whole process: a limit that goes up and down would hit other threads while they are deep.
sys.setrecursionlimit(max(sys.getrecursionlimit(), _RECURSION))


class _Timed:
    """Gives an event our timers in place of the library's."""

    node: Any

    def parse_timer_event(self, event: Any) -> Any:  # noqa: ANN401  an XML element and a library class
        """An instant, or a cycle where the event may fire more than once: beside an activity that goes on."""
        source = next(part.text for part in event if part.tag in markup.TIMES).strip()
        element, name = self.node.get("id"), self.node.get("name", self.node.get("id"))
        stays = self.node.get("cancelActivity", "true").strip() in {"false", "0"}
        if stays and timers.compile_timer(source).cycle:
            return specs.CycleTimer(name, source, element)
        return specs.InstantTimer(name, source, element)


class _Start(_Timed, StartEventParser):  # type: ignore[misc]  # the library has no types
    pass


class _Catch(_Timed, IntermediateCatchEventParser):  # type: ignore[misc]
    pass


class _Boundary(_Timed, BoundaryEventParser):  # type: ignore[misc]
    pass


class _End(EndEventParser):  # type: ignore[misc]
    """An end event that also throws signals, which the library's would silently leave out."""

    def create_task(self) -> Any:  # noqa: ANN401
        """The spec of the event."""
        paths = [MESSAGE_EVENT_XPATH, SIGNAL_EVENT_XPATH, TERMINATION_EVENT_XPATH]
        task = self._create_task(self.get_event_definition(paths))
        task.connect(self.spec.end)
        return task


class _EventGateway(EventBasedGatewayParser):  # type: ignore[misc]
    """An event-based gateway that waits for the first of its events."""

    def create_task(self) -> Any:  # noqa: ANN401
        """The spec of the gateway."""
        return self._create_task(specs.FirstOf())


class _Send(SendTaskParser):  # type: ignore[misc]
    """A send task throws its message, or runs its handler where it names one."""

    def create_task(self) -> Any:  # noqa: ANN401
        """The spec of the task."""
        if self.node.get(markup.OWN + "handler") is None:
            return super().create_task()
        return ServiceTask(self.spec, self.bpmn_id, **self.bpmn_attributes)


class _Process(ProcessParser):  # type: ignore[misc]
    """A process whose flows are tried in the order of the file, not of the drawing."""

    def get_position(self, _node_id: str) -> dict[str, float]:
        """The same place for all: else the library sorts the conditions of a gateway by how high their targets lie."""
        return {"x": 0.0, "y": 0.0}


class Parser(BpmnParser):  # type: ignore[misc]
    """The library's parser with the house's pieces."""

    PROCESS_PARSER_CLASS = _Process

    def _add_diagram_indexes(self, bpmn: Any) -> None:  # noqa: ANN401
        """Nothing is taken from the drawing: a wrong coordinate must not keep a process from running."""

    OVERRIDE_PARSER_CLASSES: Mapping[str, tuple[type, type]] = MappingProxyType(
        {
            full_tag("startEvent"): (_Start, StartEvent),
            full_tag("intermediateCatchEvent"): (_Catch, IntermediateCatchEvent),
            full_tag("endEvent"): (_End, EndEvent),
            full_tag("boundaryEvent"): (_Boundary, BoundaryEvent),
            full_tag("eventBasedGateway"): (_EventGateway, specs.EventGateway),
            full_tag("businessRuleTask"): (TaskParser, ServiceTask),
            full_tag("sendTask"): (_Send, SendTask),
        }
    )


def _lanes(process: Any) -> dict[str, tuple[str, str | None]]:  # noqa: ANN401
    """For each element the role and the name of its innermost lane."""
    lanes: dict[str, tuple[str, str | None]] = {}
    for lane in process.iter(markup.BPMN + "lane"):
        for reference in lane.iterchildren(markup.BPMN + "flowNodeRef"):
            # Document order visits an outer lane before the lanes inside it, so the inner one wins.
            element = (reference.text or "").strip()
            outer_role = lanes.get(element, ("", None))[0]
            lanes[element] = (lane.get(markup.OWN + "role") or outer_role, lane.get("name"))
    return lanes


def _info(node: Any, process: str, lane: tuple[str, str | None]) -> ElementInfo:  # noqa: ANN401
    def own(name: str) -> str | None:
        value = node.get(markup.OWN + name)
        return value.strip() if value else None

    identifier, priority = node.get("id"), own("priority") or ""
    name = node.get("name") or identifier
    return ElementInfo(
        id=identifier,
        process=process,
        name=name,
        name_en=own("nameEn") or name,
        kind=etree.QName(node).localname,
        role=own("role") or lane[0],
        form=own("form"),
        deadline=own("deadline"),
        waits_for=own("waitsFor") or "own",
        # Asked of files that the linter has not accepted yet, too; it notes what is no number.
        priority=int(priority) if priority.isascii() and priority.isdigit() and len(priority) < _DIGITS else 50,
        handler=own("handler"),
        distinct_from=own("distinctFrom"),
        lane=lane[1],
    )


def _elements(process: Any) -> Iterator[tuple[tuple[str, str], ElementInfo]]:  # noqa: ANN401
    """Each flow node under the id of the spec that holds it: the process, or the subprocess around the node."""
    lanes = _lanes(process)
    held: dict[str, tuple[str, str | None]] = {}
    for node in process.iter(*markup.FLOW_NODES):
        holder, identifier = node.getparent().get("id"), node.get("id")
        # What stands in no lane of its own belongs to the lane of the subprocess around it.
        held[identifier] = lanes.get(identifier) or held.get(holder, ("", None))
        yield (holder, identifier), _info(node, process.get("id"), held[identifier])


def elements(root: Any) -> Mapping[tuple[str, str], ElementInfo]:  # noqa: ANN401
    """What a file says about its flow nodes, by (id of the process or subprocess around it, id)."""
    found: dict[tuple[str, str], ElementInfo] = {}
    for process in root.iterchildren(markup.BPMN + "process"):
        found |= dict(_elements(process))
    return found


def _specs(parser: Parser, process: str, known: Mapping[tuple[str, str], ElementInfo]) -> Specs:
    top = parser.get_spec(process)
    subprocesses = parser.get_subprocess_specs(process)
    holders = (process, *subprocesses)
    mine = {key: info for key, info in known.items() if key[0] in holders}
    by_id: dict[str, ElementInfo] = {}
    for holder in holders:
        for (holder_id, identifier), info in mine.items():
            if holder_id == holder:
                by_id.setdefault(identifier, info)
    return Specs(
        process=process,
        top=top,
        subprocesses=subprocesses,
        elements=MappingProxyType(by_id),
        by_spec=MappingProxyType(mine),
        processes=frozenset(info.process for info in mine.values()) | {process},
    )


def parse(files: Mapping[str, bytes], *, process: str | None = None) -> dict[str, Specs]:
    """The specs of the executable processes (or of one) in these `.bpmn` files, each with all that it calls."""
    parser = Parser()
    known: dict[tuple[str, str], ElementInfo] = {}
    processes: list[str] = []
    for name, content in files.items():
        if not name.endswith(".bpmn"):
            continue
        root = markup.read(content)
        parser.add_bpmn_xml(root, name)
        known |= elements(root)
        processes += [
            process.get("id") for process in root.iterchildren(markup.BPMN + "process") if markup.executable(process)
        ]
    return {found: _specs(parser, found, known) for found in processes if process in {None, found}}
