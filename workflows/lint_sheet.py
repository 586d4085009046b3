"""What the checks of the linter share: a file under inspection and the list in which problems are noted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lxml import etree

from workflows import compensation, markup, rewriting
from workflows.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_PROBLEMS, MAX_WARNINGS = 500, 250
FLOW = markup.FLOW
flag = markup.flag


def name_of(node: Any) -> str:  # noqa: ANN401  an lxml element
    """The element's name in BPMN."""
    return etree.QName(node).localname


def is_bpmn(node: Any) -> bool:  # noqa: ANN401
    """Whether the element is one of BPMN's model."""
    return isinstance(node.tag, str) and node.tag.startswith(markup.BPMN)


# People see an event or a flow, not the definition, expression or reference inside it.
_PARTS = frozenset(
    {"conditionExpression", "loopCardinality", "loopCondition", "completionCondition", "script", "incoming", "outgoing"}
    | {"timeDate", "timeDuration", "timeCycle", "inputDataItem", "outputDataItem", "flowNodeRef", "condition"}
    | {"ioSpecification", "dataInput", "dataOutput", "dataInputAssociation", "dataOutputAssociation", "assignment"}
    | {"inputSet", "outputSet", "transformation", "from", "to", "sourceRef", "targetRef", "dataInputRefs"}
    | {"optionalInputRefs"}
    | {"dataOutputRefs", "source", "target", "property", "dataState"}
    | {"multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "loopDataInputRef", "loopDataOutputRef"}
)


def _is_part(node: Any) -> bool:  # noqa: ANN401
    return name_of(node) in _PARTS or name_of(node).endswith(("EventDefinition", "eventDefinitionRef"))


def identity(node: Any) -> str:  # noqa: ANN401
    """The id of the element that people see, or of the nearest one around it that has one."""
    while node is not None:
        if node.get("id") and not _is_part(node):
            return str(node.get("id"))
        node = node.getparent()
    return ""


def children(node: Any) -> Iterator[Any]:  # noqa: ANN401
    """The BPMN elements directly inside this one."""
    return (child for child in node if is_bpmn(child))


def one(node: Any, name: str) -> Any:  # noqa: ANN401
    """The first child with this name in BPMN, or None."""
    return node.find(markup.BPMN + name)


def text(node: Any) -> str:  # noqa: ANN401
    """The text of an element, trimmed; "" where there is none."""
    return (node.text or "").strip() if node is not None else ""


def own(node: Any, name: str) -> str:  # noqa: ANN401
    """The value of an attribute of our namespace, trimmed."""
    return str(node.get(markup.OWN + name, "")).strip()


@dataclass(slots=True)
class Sheet:
    """A file under inspection; problems are noted in its list."""

    file: str
    root: Any
    problems: list[Problem] = field(default_factory=list)
    lenient: frozenset[str] = frozenset()

    def note(self, node: Any, code: str, *, severity: Severity = "error", **values: Any) -> None:  # noqa: ANN401
        """Notes a problem of this element (its tag's name goes with it)."""
        told: Severity = "warning" if code in self.lenient else severity
        # Warnings must leave room for what matters.
        if len(self.problems) < (MAX_PROBLEMS if told == "error" else MAX_WARNINGS):
            about = {"name": name_of(node), "label": (node.get("name") or identity(node))[:80], **values}
            self.problems.append(Problem(identity(node), code, about, told, self.file))

    @property
    def processes(self) -> list[Any]:
        """The processes of the file."""
        return list(self.root.iterchildren(markup.BPMN + "process"))


@dataclass(frozen=True)
class Scope:
    """A process or embedded subprocess with the nodes and flows directly in it."""

    node: Any
    nodes: dict[str, Any]
    flows: dict[str, Any]
    out: dict[str, list[Any]]
    into: dict[str, list[Any]]
    boundaries: dict[str, list[Any]]

    def targets(self, identifier: str) -> list[str]:
        """The nodes to which a token can go from this one along flows, or by an event on its border."""
        direct = [flow.get("targetRef") for flow in self.out.get(identifier, [])]
        return direct + [event.get("id") for event in self.boundaries.get(identifier, [])]


def scope_of(node: Any) -> Scope:  # noqa: ANN401
    """The scope of a process or subprocess; flows that lead nowhere are left out (another check notes them)."""
    nodes = {child.get("id"): child for child in node.iterchildren(*markup.FLOW_NODES) if child.get("id")}
    flows = {
        child.get("id", str(number)): child
        for number, child in enumerate(node.iterchildren(FLOW))
        if child.get("sourceRef") in nodes and child.get("targetRef") in nodes
    }
    out: dict[str, list[Any]] = {}
    into: dict[str, list[Any]] = {}
    boundaries: dict[str, list[Any]] = {}
    for flow in flows.values():
        out.setdefault(flow.get("sourceRef"), []).append(flow)
        into.setdefault(flow.get("targetRef"), []).append(flow)
    for source, target in rewriting.links(node):
        # A link is a flow that is not drawn.
        name = f"{source.get('id')} {target.get('id')}"
        flow = etree.Element(FLOW, id=name, sourceRef=source.get("id"), targetRef=target.get("id"))
        flows[name] = flow
        out.setdefault(source.get("id"), []).append(flow)
        into.setdefault(target.get("id"), []).append(flow)
    for child in node.iterchildren(markup.BPMN + "boundaryEvent"):
        if compensation.definition(child) is not None:
            # It happens when the activity is over, and no token leaves it.
            continue
        boundaries.setdefault(child.get("attachedToRef", ""), []).append(child)
    return Scope(node, nodes, flows, out, into, boundaries)


def scopes(processes: Iterable[Any]) -> Iterator[Scope]:
    """The scopes of these processes and of the subprocesses in them."""
    for process in processes:
        for node in markup.scopes(process):
            yield scope_of(node)
