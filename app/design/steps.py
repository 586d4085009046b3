"""The list of steps: the same diagram without a canvas, in the order in which a case meets them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lxml import etree

from app.design import errors, repeating, triggers
from app.design.sheet import BPMN, OWN, Sheet
from workflows import markup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ACTIVITIES = frozenset((*markup.TASKS, "callActivity", "subProcess", "adHocSubProcess", "transaction"))
PERSONAL = frozenset({"userTask", "manualTask"})
# What such a step reads or writes of somebody is stated with it, and why.
HANDLED = frozenset({"serviceTask", "businessRuleTask", "sendTask"})
DECIDING = frozenset({"exclusiveGateway", "inclusiveGateway"})
OWN_VALUES = (
    "nameEn",
    "role",
    "form",
    "deadline",
    "waitsFor",
    "priority",
    "distinctFrom",
    "handler",
    "fourEyes",
    "start",
    "data",
    "purpose",
)


# The properties of a process by field, and the attributes that hold them.
PROCESS_VALUES = {"name": "name", "nameEn": f"{OWN}nameEn", "values": f"{OWN}values"}


@dataclass(frozen=True, slots=True)
class Way:
    """A flow out of a step."""

    id: str
    name: str
    condition: str
    default: bool
    target: str
    target_name: str


@dataclass(frozen=True, slots=True)
class Step:
    """A node of the diagram as the list shows it; `values` are its properties by name."""

    id: str
    kind: str
    name: str
    process: str
    lane: str
    lane_id: str
    depth: int
    values: Mapping[str, str]
    ways: tuple[Way, ...] = field(default=())

    @property
    def personal(self) -> bool:
        """Whether people do it."""
        return self.kind in PERSONAL

    @property
    def decides(self) -> bool:
        """Whether its ways bear conditions."""
        return self.kind in DECIDING or (self.kind in ACTIVITIES and len(self.ways) > 1)


def kind_of(node: Any) -> str:  # noqa: ANN401  an lxml element
    """The element's name in BPMN."""
    return etree.QName(node).localname


def outline(content: bytes) -> list[Step]:
    """All steps in the order in which a token meets them first, process by process, subprocesses inside."""
    sheet = Sheet(content)
    found: list[Step] = []
    for process in sheet.root.iterchildren(f"{BPMN}process"):
        title = process.get("name") or process.get("id", "")
        found += [_step(sheet, node, title, depth) for node, depth in _ordered(process, 0)]
    return found


def processes(content: bytes) -> dict[str, dict[str, str]]:
    """The properties of each process of the file, by its id."""
    nodes = Sheet(content).root.iterchildren(f"{BPMN}process")
    return {
        node.get("id", ""): {name: node.get(attribute, "") for name, attribute in PROCESS_VALUES.items()}
        | {"documentation": _text(node, "documentation")}
        for node in nodes
    }


def step(content: bytes, identifier: str) -> Step:
    """One step. Raises StepRefused."""
    found = next((one for one in outline(content) if one.id == identifier), None)
    if found is None:
        raise errors.StepRefused("step_unknown")
    return found


def lanes(content: bytes) -> list[tuple[str, str]]:
    """The lanes that a step may lie in: id and name."""
    nodes = Sheet(content).root.iter(f"{BPMN}lane")
    return [(lane.get("id", ""), lane.get("name") or lane.get("id", "")) for lane in nodes]


def _ordered(scope: Any, depth: int) -> Iterator[tuple[Any, int]]:  # noqa: ANN401
    nodes = {node.get("id"): node for node in scope.iterchildren(*markup.FLOW_NODES)}
    after: dict[str, list[str]] = {name: [] for name in nodes}
    for flow in scope.iterchildren(markup.FLOW):
        after.setdefault(flow.get("sourceRef"), []).append(flow.get("targetRef"))
    for name, node in nodes.items():
        after.get(node.get("attachedToRef"), []).append(name)
    seen: dict[str, None] = {}
    starts = [name for name, node in nodes.items() if kind_of(node) == "startEvent"]
    for start in (*starts, *nodes):
        pending = [start]
        while pending:
            name = pending.pop(0)
            if name in nodes and name not in seen:
                seen[name] = None
                pending += after.get(name, [])
    for name in seen:
        yield nodes[name], depth
        if kind_of(nodes[name]) in markup.SUBPROCESSES:
            yield from _ordered(nodes[name], depth + 1)


def _step(sheet: Sheet, node: Any, process: str, depth: int) -> Step:  # noqa: ANN401
    lane = sheet.lane(node)
    return Step(
        node.get("id", ""), kind_of(node), node.get("name") or "", process,
        "" if lane is None else lane.get("name") or lane.get("id"), "" if lane is None else lane.get("id"), depth,
        _values(sheet, node), tuple(_way(sheet, node, flow) for flow in sheet.flows(node, "sourceRef")),
    )  # fmt: skip


def _text(node: Any, name: str) -> str:  # noqa: ANN401
    found = node.find(f"{BPMN}{name}")
    return (found.text or "").strip() if found is not None else ""


def _values(sheet: Sheet, node: Any) -> dict[str, str]:  # noqa: ANN401
    values = {name: node.get(f"{OWN}{name}", "") for name in OWN_VALUES}
    values |= {"name": node.get("name", ""), "documentation": _text(node, "documentation")}
    values |= {"calledElement": node.get("calledElement", ""), "script": _text(node, "script")}
    timer = node.find(f"{BPMN}timerEventDefinition")
    time = None if timer is None else next((child for child in timer if child.tag in markup.TIMES), None)
    values["timer"] = (time.text or "").strip() if time is not None else ""
    values["timed"] = "yes" if timer is not None else ""
    values |= triggers.read(sheet, node)
    return values | (repeating.read(node) if kind_of(node) in ACTIVITIES else {})


def _way(sheet: Sheet, node: Any, flow: Any) -> Way:  # noqa: ANN401
    target = sheet.element(flow.get("targetRef"))
    return Way(
        flow.get("id"), flow.get("name") or "", _text(flow, "conditionExpression"),
        node.get("default") == flow.get("id"), target.get("id"), target.get("name") or "",
    )  # fmt: skip
