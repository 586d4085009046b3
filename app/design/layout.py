"""Draws what no tool has drawn: diagrams without positions are laid out in layers, lane below lane."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lxml import etree

from workflows import markup

if TYPE_CHECKING:
    from collections.abc import Iterable

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DD = "{http://www.omg.org/spec/DD/20100524/DI}"
_PREFIXES = {"bpmndi": DI[1:-1], "dc": DC[1:-1], "di": DD[1:-1]}
ACROSS, DOWN, MARGIN, HEAD = 160, 120, 60, 30
_SIZES = {"task": (100, 80), "event": (36, 36), "gateway": (50, 50)}


@dataclass
class Sheet:
    """The positions of one process: the cell of each node, and how many rows each lane takes."""

    nodes: dict[str, Any]
    flows: list[Any]
    lanes: list[Any]
    cells: dict[str, tuple[int, int]] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)


def size(node: Any) -> tuple[int, int]:  # noqa: ANN401  an lxml element
    """Width and height of a node's shape."""
    name = etree.QName(node).localname
    kind = "event" if name.endswith("Event") else "gateway" if name.endswith("Gateway") else "task"
    return _SIZES[kind]


def drawn(content: bytes) -> bytes:
    """The diagram with positions; unchanged where it has some. The content must be readable BPMN."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    if root.find(f".//{DI}BPMNShape") is not None:
        return content
    for old in root.findall(f"{DI}BPMNDiagram"):
        root.remove(old)
    collaboration = root.find(markup.BPMN + "collaboration")
    processes = root.findall(markup.BPMN + "process")
    plane_of = collaboration if collaboration is not None else processes[0]
    diagram = etree.SubElement(root, f"{DI}BPMNDiagram", id="laid_out_diagram", nsmap=_PREFIXES)
    plane = etree.SubElement(diagram, f"{DI}BPMNPlane", id="laid_out_plane", bpmnElement=plane_of.get("id", ""))
    top = MARGIN
    # Without a collaboration a plane shows one process; the others stay in the file, not drawn.
    for process in processes if collaboration is not None else processes[:1]:
        participants = [] if collaboration is None else collaboration.findall(markup.BPMN + "participant")
        pool = next((one for one in participants if one.get("processRef") == process.get("id")), None)
        top = _draw(plane, process, pool, top)
    result: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return result


def _draw(plane: Any, process: Any, pool: Any, top: int) -> int:  # noqa: ANN401
    """Draws a process below `top`; where the next one may begin."""
    sheet = _sheet(process)
    _place(sheet)
    left = MARGIN + (2 * HEAD if sheet.lanes or pool is not None else 0)
    tops = [top + DOWN * sum(sheet.rows[:number]) for number in range(len(sheet.rows))]
    columns = 1 + max((column for column, _ in sheet.cells.values()), default=0)
    width, height = columns * ACROSS + 2 * HEAD, DOWN * sum(sheet.rows)
    if pool is not None:
        shape(plane, pool.get("id"), (MARGIN, top, width + HEAD, height), isHorizontal="true")
    for lane, lane_top, rows in zip(sheet.lanes, tops, sheet.rows, strict=False):
        shape(plane, lane.get("id"), (MARGIN + HEAD, lane_top, width, rows * DOWN), isHorizontal="true")
    bounds = {name: _bounds(sheet, name, left, top) for name in sheet.nodes if name in sheet.cells}
    _borders(sheet, bounds)
    for name, box in bounds.items():
        shape(plane, name, box)
    for flow in sheet.flows:
        source, target = bounds.get(flow.get("sourceRef")), bounds.get(flow.get("targetRef"))
        if source and target:
            edge(plane, flow.get("id"), way(source, target))
    return top + height + MARGIN


def _sheet(process: Any) -> Sheet:  # noqa: ANN401
    nodes = {node.get("id"): node for node in process.iterchildren(*markup.FLOW_NODES) if node.get("id")}
    lanes = [lane for lane in process.iter(markup.BPMN + "lane") if lane.find(markup.BPMN + "childLaneSet") is None]
    return Sheet(nodes, [flow for flow in process.iterchildren(markup.FLOW) if flow.get("id")], lanes)


def _place(sheet: Sheet) -> None:
    """Column by the way from a start, row by the lane and what is there already."""
    lane_of = {
        markup.local_name(ref.text or ""): number
        for number, lane in enumerate(sheet.lanes)
        for ref in lane.iterchildren(markup.BPMN + "flowNodeRef")
    }
    columns = _columns(sheet)
    taken: dict[tuple[int, int], int] = defaultdict(int)
    row_in_lane: dict[str, int] = {}
    sheet.rows = [1] * max(1, len(sheet.lanes))
    for name, column in sorted(columns.items(), key=lambda item: item[1]):
        lane = lane_of.get(name, 0)
        row_in_lane[name] = taken[lane, column]
        taken[lane, column] += 1
        sheet.rows[lane] = max(sheet.rows[lane], taken[lane, column])
    for name, row in row_in_lane.items():
        sheet.cells[name] = (columns[name], sum(sheet.rows[: lane_of.get(name, 0)]) + row)


def _columns(sheet: Sheet) -> dict[str, int]:
    after: dict[str, list[str]] = defaultdict(list)
    entered: set[str] = set()
    for flow in sheet.flows:
        after[flow.get("sourceRef")].append(flow.get("targetRef"))
        entered.add(flow.get("targetRef"))
    for name, node in sheet.nodes.items():
        if node.get("attachedToRef"):
            after[node.get("attachedToRef")] += after.pop(name, [])
    free = [name for name, node in sheet.nodes.items() if not node.get("attachedToRef")]
    columns: dict[str, int] = {}
    _walk((name for name in free if name not in entered), after, columns)
    _walk(free, after, columns)
    return {name: column for name, column in columns.items() if name in free}


def _walk(starts: Iterable[str], after: dict[str, list[str]], columns: dict[str, int]) -> None:
    """The shortest ways: each node stands one to the right of the first that leads to it."""
    pending = [(name, 0) for name in starts if name not in columns]
    while pending:
        name, column = pending.pop(0)
        if name not in columns:
            columns[name] = column
            pending += [(target, column + 1) for target in after[name]]


Box = tuple[int, int, int, int]


def _bounds(sheet: Sheet, name: str, left: int, top: int) -> Box:
    column, row = sheet.cells[name]
    width, height = size(sheet.nodes[name])
    return (left + column * ACROSS + (100 - width) // 2, top + row * DOWN + (DOWN - height) // 2, width, height)


def _borders(sheet: Sheet, bounds: dict[str, Box]) -> None:
    """Events at the border of an activity sit on its lower edge."""
    seen: dict[str, int] = defaultdict(int)
    for name, node in sheet.nodes.items():
        host = bounds.get(node.get("attachedToRef", ""))
        if host is not None:
            x, y, _, height = host
            bounds[name] = (x + 10 + 40 * seen[node.get("attachedToRef")], y + height - 18, 36, 36)
            seen[node.get("attachedToRef")] += 1


def way(source: Box, target: Box) -> list[tuple[int, int]]:
    """The points of a flow from one shape to another."""
    start = (source[0] + source[2], source[1] + source[3] // 2)
    end = (target[0], target[1] + target[3] // 2)
    if end[0] > start[0]:
        middle = (start[0] + end[0]) // 2
        return [start, end] if start[1] == end[1] else [start, (middle, start[1]), (middle, end[1]), end]
    below = max(source[1] + source[3], target[1] + target[3]) + 20
    down, up = source[0] + source[2] // 2, target[0] + target[2] // 2
    return [(down, source[1] + source[3]), (down, below), (up, below), (up, target[1] + target[3])]


def shape(plane: Any, element: str, box: Box, **more: str) -> Any:  # noqa: ANN401
    """A new shape on the plane."""
    made = etree.SubElement(plane, f"{DI}BPMNShape", {"id": f"{element}_di", "bpmnElement": element, **more})
    x, y, width, height = (str(number) for number in box)
    etree.SubElement(made, f"{DC}Bounds", x=x, y=y, width=width, height=height)
    return made


def edge(plane: Any, element: str, points: list[tuple[int, int]]) -> Any:  # noqa: ANN401
    """A new flow on the plane."""
    made = etree.SubElement(plane, f"{DI}BPMNEdge", id=f"{element}_di", bpmnElement=element)
    for x, y in points:
        etree.SubElement(made, f"{DD}waypoint", x=str(x), y=str(y))
    return made
