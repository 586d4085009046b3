"""A diagram that is edited without a canvas: its tree, its shapes, and how it becomes a file again.

What nobody touches stays as it was written: other tools' extensions, comments, prefixes, the order of elements.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from app.design import errors, layout
from workflows import markup

BPMN, OWN = markup.BPMN, markup.OWN
_DECLARATION = re.compile(rb"\s*<\?xml[^>]*\?>\s*")
_HOLDERS = ("participant", "lane", "subProcess", "adHocSubProcess", "transaction")


class Sheet:
    """The tree of a diagram with what is asked of it again and again."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        self.root: Any = etree.fromstring(content, parser)

    def file(self) -> bytes:
        """The diagram as a file, with the declaration that it had."""
        encoding = self.root.getroottree().docinfo.encoding or "UTF-8"
        if markup.OWN_NS not in self.root.nsmap.values():
            kept = [prefix for prefix in self.root.nsmap if prefix]
            etree.cleanup_namespaces(self.root, top_nsmap={"d": markup.OWN_NS}, keep_ns_prefixes=kept)
        tree: Any = self.root.getroottree()
        text: Any = etree.tostring(tree, encoding=encoding, xml_declaration=True)
        before = _DECLARATION.match(self._content)
        body = _DECLARATION.sub(b"", text, count=1)
        ending = b"\n" if self._content.endswith(b"\n") else b""
        made: bytes = (before.group() if before else b"") + body.rstrip() + ending
        return made

    def element(self, identifier: str) -> Any:  # noqa: ANN401  an lxml element
        """The model element of this id. Raises StepRefused."""
        for node in self.root.iter():
            if node.get("id") == identifier and isinstance(node.tag, str) and node.tag.startswith(BPMN):
                return node
        raise errors.StepRefused("step_unknown")

    def flows(self, node: Any, end: str) -> list[Any]:  # noqa: ANN401
        """The flows that leave (`sourceRef`) or reach (`targetRef`) a node."""
        scope = node.getparent()
        return [flow for flow in scope.iterchildren(markup.FLOW) if flow.get(end) == node.get("id")]

    def lane(self, node: Any) -> Any:  # noqa: ANN401
        """The innermost lane that a node lies in, or None."""
        found = [
            ref.getparent()
            for ref in self.root.iter(f"{BPMN}flowNodeRef")
            if markup.local_name(ref.text or "") == node.get("id")
        ]
        return found[-1] if found else None

    def new_id(self, stem: str) -> str:
        """An id that nobody has."""
        taken = {node.get("id") for node in self.root.iter() if isinstance(node.tag, str)}
        number = 1
        while f"{stem}_{number}" in taken:
            number += 1
        return f"{stem}_{number}"

    def drawn(self, identifier: str) -> Any:  # noqa: ANN401
        """The shape or edge of an element, or None."""
        for node in self.root.iter(f"{layout.DI}BPMNShape", f"{layout.DI}BPMNEdge"):
            if markup.local_name(node.get("bpmnElement", "")) == identifier:
                return node
        return None

    def box(self, identifier: str) -> layout.Box | None:
        """Where a shape lies."""
        shape = self.drawn(identifier)
        bounds = None if shape is None else shape.find(f"{layout.DC}Bounds")
        if bounds is None:
            return None
        x, y, width, height = (round(float(bounds.get(name, 0))) for name in ("x", "y", "width", "height"))
        return x, y, width, height

    def put(self, parent: Any, tag: str, **attributes: str) -> Any:  # noqa: ANN401
        """A new child at the end of the flow elements of its parent, on a line of its own."""
        made = etree.Element(f"{BPMN}{tag}", {name: value for name, value in attributes.items() if value})
        places = [number for number, child in enumerate(parent) if _flows(child)]
        at = (places[-1] if places else _head(parent)) + 1
        before = parent[at - 1] if at else None
        made.tail = before.tail if before is not None else parent.text
        parent.insert(at, made)
        return made

    def make_room(self, after: int, within: Any) -> None:  # noqa: ANN401
        """Moves everything right of `after` to the right, and widens what surrounds it, on the plane of this shape."""
        plane = within.getparent()
        kinds = {node.get("id"): node for node in self.root.iter() if isinstance(node.tag, str)}
        for bounds in plane.iter(f"{layout.DC}Bounds"):
            holder = kinds.get(markup.local_name(bounds.getparent().get("bpmnElement", "")))
            _shift(bounds, after, widens=holder is not None and etree.QName(holder).localname in _HOLDERS)
        for point in plane.iter(f"{layout.DD}waypoint"):
            if float(point.get("x", 0)) > after:
                point.set("x", _number(float(point.get("x")) + layout.ACROSS))

    def reroute(self, flow: Any) -> None:  # noqa: ANN401
        """Draws a flow anew between the shapes that it joins now."""
        source, target = (self.box(flow.get(end, "")) for end in ("sourceRef", "targetRef"))
        old = self.drawn(flow.get("id"))
        plane = self.plane()
        if old is not None:
            plane = old.getparent()
            plane.remove(old)
        if source and target and plane is not None:
            layout.edge(plane, flow.get("id"), layout.way(source, target))

    def plane(self) -> Any:  # noqa: ANN401
        """The first plane, or None."""
        return self.root.find(f".//{layout.DI}BPMNPlane")

    def drop(self, node: Any) -> None:  # noqa: ANN401
        """Takes an element and its drawing out, and its id out of what refers to it."""
        identifier = node.get("id")
        shape = self.drawn(identifier)
        if shape is not None:
            _cut(shape)
        for tag in ("flowNodeRef", "incoming", "outgoing"):
            for ref in list(self.root.iter(f"{BPMN}{tag}")):
                if markup.local_name(ref.text or "") == identifier:
                    _cut(ref)
        for holder in self.root.iter():
            if isinstance(holder.tag, str) and holder.get("default") == identifier:
                del holder.attrib["default"]
        _cut(node)


def _cut(node: Any) -> None:  # noqa: ANN401
    """Removes a node and leaves the white space before it to its successor."""
    parent, before = node.getparent(), node.getprevious()
    if before is not None:
        before.tail = node.tail
    else:
        parent.text = node.tail if len(parent) > 1 else None
    parent.remove(node)


def _flows(child: Any) -> bool:  # noqa: ANN401
    return child.tag in {*markup.FLOW_NODES, markup.FLOW}


def _head(parent: Any) -> int:  # noqa: ANN401
    """How many children of a process come before its flow elements."""
    heads = {
        f"{BPMN}{name}" for name in ("documentation", "extensionElements", "property", "laneSet", "ioSpecification")
    }
    return sum(child.tag in heads for child in parent) - 1


def _shift(bounds: Any, after: int, *, widens: bool) -> None:  # noqa: ANN401
    x, width = float(bounds.get("x", 0)), float(bounds.get("width", 0))
    if x > after:
        bounds.set("x", _number(x + layout.ACROSS))
    elif widens and x + width > after:
        bounds.set("width", _number(width + layout.ACROSS))


def _number(value: float) -> str:
    return f"{value:g}"
