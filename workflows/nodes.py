"""The library's parser with the pieces of this host: timers, conditions, listeners, handlers, normal form."""

from __future__ import annotations

import sys
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import (
    ERROR_EVENT_XPATH,
    ESCALATION_EVENT_XPATH,
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
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin

from workflows import catching, markup, offers, optional_steps, specs, timers, undoing

if TYPE_CHECKING:
    from collections.abc import Mapping

_RECURSION = 20_000

# The library walks along the flows by recursion, three frames a node, and Python's own frames cost no C stack. Set once
# for the whole process: a limit that goes up and down would hit other threads while they are deep.
sys.setrecursionlimit(max(sys.getrecursionlimit(), _RECURSION))


class _Timed:
    """Gives an event our timers and conditions in place of the library's."""

    node: Any

    def parse_timer_event(self, event: Any) -> Any:  # noqa: ANN401  an XML element and a library class
        """An instant, or a cycle where the event may fire more than once: beside an activity that goes on."""
        source = next(part.text for part in event if part.tag in markup.TIMES).strip()
        # Of several timers that one event waits for each keeps an instant of its own.
        running = self.node.get("id").removesuffix(markup.HEARD)
        element = running if running.endswith(markup.EACH) else markup.drawn(running)
        name = self.node.get("name", element)
        stays = self.node.get("cancelActivity", "true").strip() in {"false", "0"}
        if stays and timers.compile_timer(source).cycle:
            return specs.CycleTimer(name, source, element)
        return specs.InstantTimer(name, source, element)

    def parse_conditional_event(self, event: Any) -> Any:  # noqa: ANN401
        """A condition that is asked whenever values may have changed."""
        kind = catching.DataThere if event.get("data") else catching.Condition
        return kind(self.node.get("name", self.node.get("id")), event.findtext(markup.BPMN + "condition"))


class _Start(_Timed, StartEventParser):  # type: ignore[misc]  # the library has no types
    pass


class _Catch(_Timed, IntermediateCatchEventParser):  # type: ignore[misc]
    pass


class _Boundary(_Timed, BoundaryEventParser):  # type: ignore[misc]
    pass


class _Listener(_Boundary):
    """The start of an event subprocess, which listens in the scope around it from its beginning."""

    def get_description(self) -> str:
        """What the library asks for."""
        return "Listener"

    def create_task(self) -> Any:  # noqa: ANN401
        """The spec of the listener."""
        task = super().create_task()
        self.spec.start.connect(task)
        return task


class PlainTask(BpmnSpecMixin):  # type: ignore[misc]
    """A task that says nothing of who or what does it: it is done at once."""


class _Piece(TaskParser):  # type: ignore[misc]
    """A step that the normal form puts in."""

    def create_task(self) -> Any:  # noqa: ANN401
        """The spec of the step."""
        text = self.node.text or ""
        if self.spec_class in undoing.KINDS.values():
            return self.spec_class(self.spec, self.bpmn_id, text)
        if self.spec_class is offers.CopyValues:
            return offers.CopyValues(self.spec, self.bpmn_id, text)
        is_sequential = optional_steps.is_sequential(self.node)
        if self.spec_class is offers.StepTaken:
            again = self.node.get("again")
            return offers.StepTaken(self.spec, self.bpmn_id, again=again, is_sequential=is_sequential)
        cancels = markup.flag(self.node, "cancelRemainingInstances", default=True)
        return offers.StepDone(self.spec, self.bpmn_id, condition=text, is_sequential=is_sequential, cancels=cancels)

    def handles_multiple_outgoing(self) -> bool:
        """Where they lead is their own business."""
        return True


class _End(EndEventParser):  # type: ignore[misc]
    """An end event that also throws signals, which the library's would silently leave out."""

    def create_task(self) -> Any:  # noqa: ANN401
        """The spec of the event."""
        happenings = [MESSAGE_EVENT_XPATH, SIGNAL_EVENT_XPATH, ERROR_EVENT_XPATH, ESCALATION_EVENT_XPATH]
        paths = [*happenings, TERMINATION_EVENT_XPATH]
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

    def add_tasks(self) -> None:
        """Parses the ways from each start, and the listeners beside them."""
        for node in self.node.iterchildren(markup.BPMN + "startEvent", markup.BPMN + markup.LISTENER):
            self.parse_node(node)


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
            full_tag("task"): (TaskParser, PlainTask),
            full_tag("sendTask"): (_Send, SendTask),
            full_tag(markup.LISTENER): (_Listener, catching.Listener),
            full_tag(markup.COPY): (_Piece, offers.CopyValues),
            full_tag(markup.STEP_TAKEN): (_Piece, offers.StepTaken),
            full_tag(markup.STEP_DONE): (_Piece, offers.StepDone),
            **{full_tag(tag): (_Piece, kind) for tag, kind in undoing.KINDS.items()},
        }
    )
