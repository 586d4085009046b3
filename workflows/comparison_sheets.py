"""Takes a diagram apart for the comparison: every element with all that is written in it, wherever it is drawn."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from lxml import etree

from workflows import markup
from workflows.comparison_parts import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DRAWING = f"{{{_DI}}}BPMNDiagram"
_OWN_PARTS = frozenset(
    (
        *markup.FLOW_NODES,
        *(
            markup.BPMN + name
            for name in (
                "definitions", "process", "collaboration", "participant", "lane", "sequenceFlow", "messageFlow",
                "message", "signal", "error", "escalation", "dataObject", "dataObjectReference", "dataStore",
                "dataStoreReference", "dataInput", "dataOutput", "textAnnotation", "association", "group",
                "itemDefinition", "category", "globalTask", "globalUserTask", "resource", "interface", "operation",
            )
        ),
    )
)  # fmt: skip
# Both say again what the flows and the lanes say.
_SAID_ELSEWHERE = frozenset((markup.BPMN + "incoming", markup.BPMN + "outgoing", markup.BPMN + "flowNodeRef"))
_SHORT = {
    f"{markup.OWN}{name}": name
    for name in (
        "role",
        "form",
        "deadline",
        "waitsFor",
        "priority",
        "distinctFrom",
        "handler",
        "nameEn",
        "data",
        "purpose",
    )
}


def parts(content: bytes) -> dict[str, Part]:
    """Every element by its id. Raises ValueError for what cannot be read."""
    root = _root(content)
    found = _elements(root)
    lanes = {markup.local_name((ref.text or "").strip()): ref for ref in root.iter(markup.BPMN + "flowNodeRef")}
    values = {key: _values(node, scope) for key, (node, scope) in found.items()}
    for key in values.keys() & lanes.keys():
        values[key]["lane"] = lanes[key].getparent().get("id", "")
    for source, flows in _orders(root).items():
        if source in values:
            values[source]["order"] = flows
    drawn = _drawn(root)
    for key, look in drawn.items():
        values.get(key, {}).update(look)
    made = {key: _part(key, node, values[key]) for key, (node, _scope) in found.items()}
    strays = {f"drawing of {key}": Part(key, "drawing", key, look) for key, look in drawn.items() if key not in made}
    return made | strays


def _root(content: bytes) -> Any:  # noqa: ANN401  an lxml element
    if len(content) > markup.MAX_BYTES:
        raise ValueError(len(content))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as broken:
        raise ValueError(str(broken)) from broken
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise ValueError(docinfo.doctype)
    return root


def _elements(root: Any) -> dict[str, tuple[Any, str]]:  # noqa: ANN401
    """The elements by key, each with the key of the one that it lies in, in the order of the file."""
    found: dict[str, tuple[Any, str]] = {}
    pending = [(root, "")]
    while pending:
        node, scope = pending.pop()
        if node.tag in _OWN_PARTS or node is root:
            key = _key(node, found)
            found[key] = (node, scope)
            scope = key
        pending += [(child, scope) for child in reversed(node) if child.tag != _DRAWING]
    return found


def _key(node: Any, taken: dict[str, tuple[Any, str]]) -> str:  # noqa: ANN401
    name = etree.QName(node).localname
    ends = f"{node.get('sourceRef', '')} {node.get('targetRef', '')}".strip()
    plain = name if name == "definitions" else node.get("id") or f"{name} {ends}"
    key, number = plain, 1
    while key in taken:
        number += 1
        key = f"{plain} ({number})"
    return key


def _values(node: Any, scope: str) -> dict[str, str]:  # noqa: ANN401
    name = etree.QName(node).localname
    values = {"type": name, "scope": scope} if name != "definitions" else {}
    if name != "definitions":
        values["name"] = node.get("name") or ""
    for attribute, value in node.attrib.items():
        if attribute not in {"id", "name"} or (attribute == "id" and name == "definitions"):
            values[_SHORT.get(attribute, f"@{_local(attribute)}")] = value
    if name == "definitions" and "name" in node.attrib:
        values["@name"] = node.get("name")
    values.update(_inside(node, ""))
    return values


def _local(tag: str) -> str:
    """A name as it is shown; what is foreign shows whose it is."""
    quoted = etree.QName(tag)
    known = {None, markup.BPMN_NS, markup.OWN_NS, markup.XSI_NS}
    return quoted.localname if quoted.namespace in known else f"{quoted.localname} ({quoted.namespace})"


def _inside(node: Any, path: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """What is written in an element, by path, up to what is an element of its own."""
    text = (node.text or "").strip()
    if text:
        yield path or "text", text
    counted: dict[str, int] = defaultdict(int)
    for child in node:
        if child.tag in _OWN_PARTS or child.tag in _SAID_ELSEWHERE or child.tag == _DRAWING:
            continue
        name = _local(child.tag)
        counted[name] += 1
        below = f"{path}/{name}".lstrip("/") + (f"[{counted[name]}]" if counted[name] > 1 else "")
        yield below, ""
        for attribute, value in child.attrib.items():
            yield f"{below}/@{_local(attribute)}", value
        yield from _inside(child, below)
        if (child.tail or "").strip():
            yield f"{below}/after", child.tail.strip()


def _orders(root: Any) -> dict[str, str]:  # noqa: ANN401
    """The order in which the ways out of an element are tried, where there are several."""
    ways: dict[str, list[str]] = defaultdict(list)
    for flow in root.iter(markup.FLOW):
        ways[flow.get("sourceRef", "")].append(flow.get("id") or flow.get("targetRef", ""))
    return {source: "\n".join(flows) for source, flows in ways.items() if len(flows) > 1}


def _drawn(root: Any) -> dict[str, dict[str, str]]:  # noqa: ANN401
    """Where and how each element is drawn."""
    found: dict[str, dict[str, str]] = {}
    for node in root.iter(f"{{{_DI}}}BPMNShape", f"{{{_DI}}}BPMNEdge", f"{{{_DI}}}BPMNPlane"):
        key = markup.local_name(node.get("bpmnElement", ""))
        places, looks = _places(node), _looks(node)
        mine = found.setdefault(key, {"position": "", "look": ""})
        mine["position"], mine["look"] = f"{mine['position']} {places}".strip(), f"{mine['look']} {looks}".strip()
    return found


def _places(node: Any) -> str:  # noqa: ANN401
    own = [part for part in node.iter() if not etree.QName(part).localname.startswith(("BPMNPlane",))]
    if etree.QName(node).localname == "BPMNPlane":
        return ""
    return " ".join(
        "/".join(part.get(name, "") for name in ("x", "y", "width", "height"))
        for part in own
        if part.get("x") is not None
    )


def _looks(node: Any) -> str:  # noqa: ANN401
    parts_ = [node] if etree.QName(node).localname == "BPMNPlane" else list(node.iter())
    plain = {"x", "y", "width", "height", "id", "bpmnElement"}
    said = [f"{_local(name)}={value}" for part in parts_ for name, value in part.attrib.items() if name not in plain]
    return " ".join(sorted(said))


def _part(key: str, node: Any, values: dict[str, str]) -> Part:  # noqa: ANN401
    label = node.get("name") or _ends(node) or (node.get("id") or key)
    return Part(node.get("id") or "", etree.QName(node).localname, " ".join(label.split()), values)


def _ends(node: Any) -> str:  # noqa: ANN401
    """A flow without a name is called after what it joins."""
    if not node.get("sourceRef") or not node.get("targetRef"):
        return ""
    names = {one.get("id"): one.get("name") for one in node.getparent() if one.get("id")}
    return " → ".join(names.get(node.get(end)) or node.get(end) for end in ("sourceRef", "targetRef"))
