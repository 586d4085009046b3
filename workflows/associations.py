"""Data objects and data associations: process values under the names that a diagram gives them.

A data object is the process value of its name (of its id where the name is none that a value may bear), and so is
each data input, data output and property. An association copies: before an activity begins, or when it is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from workflows import expressions, markup
from workflows.markup import BPMN, FLOW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ITEMS = ("dataObject", "dataObjectReference", "dataInput", "dataOutput", "property", "inputDataItem", "outputDataItem")
_PLACEHOLDER = "__targetRef_placeholder"
_WAYS = (("dataInputAssociation", markup.FILL), ("dataOutputAssociation", markup.DRAIN))
_ACTIVITIES = frozenset(BPMN + name for name in markup.ACTIVITIES)
_NODES = tuple(BPMN + name for name in (*markup.ACTIVITIES, *markup.EVENTS))


def value_name(item: Any, items: Mapping[str, Any]) -> str | None:  # noqa: ANN401  here and below: lxml elements
    """The process value that an item of data stands for; None where neither its name nor its id can be one."""
    item = items.get(markup.local_name(item.get("dataObjectRef") or ""), item)
    candidates = [(item.get("name") or "").strip(), *_shown(item, items), item.get("id") or ""]
    return next((name for name in candidates if expressions.is_name(name)), None)


def _shown(item: Any, items: Mapping[str, Any]) -> set[str]:  # noqa: ANN401
    """The name that all references to a data object show: many tools name these and not the object itself."""
    if item.tag != BPMN + "dataObject":
        return set()
    references = (
        other for other in items.values() if markup.local_name(other.get("dataObjectRef") or "") == item.get("id")
    )
    names = {(other.get("name") or "").strip() for other in references}
    return names if len(names) == 1 else set()


def items(root: Any) -> dict[str, Any]:  # noqa: ANN401
    """All items of data of a file or scope by their ids."""
    return {node.get("id"): node for node in root.iter(*(BPMN + name for name in _ITEMS)) if node.get("id")}


def names(process: Any) -> frozenset[str]:  # noqa: ANN401
    """The process values that the items of data of a process stand for."""
    known = items(process)
    return frozenset(name for item in known.values() if (name := value_name(item, known)))


def collection(reference: str, known: Mapping[str, Any]) -> str | None:
    """The process value that holds the list of a multi-instance activity: an item of data, or a value by its name."""
    local = markup.local_name(reference)
    if local not in known:
        return local if expressions.is_name(local) else None
    item = known[local]
    for association in item.getroottree().getroot().iter(BPMN + "dataInputAssociation"):
        if _text(association, "targetRef") == local and (source := known.get(_text(association, "sourceRef") or "")):
            return value_name(source, known)
    return value_name(item, known)


def _text(node: Any, name: str) -> str | None:  # noqa: ANN401
    text = node.findtext(BPMN + name)
    return markup.local_name(text) if text and text.strip() else None


def is_idle(association: Any, known: Mapping[str, Any]) -> bool:  # noqa: ANN401
    """Whether an association is only drawn: modelling tools leave the side of the activity out, or put a property there
    that stands for nothing.
    """
    if any(association.find(BPMN + name) is not None for name in ("assignment", "transformation")):
        return False
    ends = {name: known.get(_text(association, name) or "") for name in ("sourceRef", "targetRef")}
    if association.tag == BPMN + "dataOutputAssociation":
        return ends["targetRef"] is not None and _text(association, "sourceRef") is None
    return ends["targetRef"] is not None and ends["targetRef"].get("name") == _PLACEHOLDER


def copies(association: Any, known: Mapping[str, Any]) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """What an association writes: names of process values, each with the expression for it."""
    if is_idle(association, known):
        return
    ends = (known.get(_text(association, name) or "") for name in ("sourceRef", "targetRef"))
    source, target = (None if end is None else value_name(end, known) for end in ends)
    transformation = (association.findtext(BPMN + "transformation") or "").strip()
    if target and (transformation or (source and source != target)):
        yield target, transformation or str(source)
    for assignment in association.iterchildren(BPMN + "assignment"):
        to, origin = (_text(assignment, name) or "" for name in ("to", "from"))
        end = known.get(to)
        name = value_name(end, known) if end is not None else to
        if name and expressions.is_name(name):
            yield name, (assignment.findtext(BPMN + "from") or origin).strip()


def draw_out(scope: Any) -> None:  # noqa: ANN401
    """Puts a step that copies before each node that takes data and behind each that gives some."""
    known = items(scope.getroottree().getroot())
    for node in list(scope.iterchildren(*_NODES)):
        _loop(node, known)
        for kind, suffix in _WAYS:
            lines = [line for part in node.iterchildren(BPMN + kind) for line in copies(part, known)]
            if lines:
                _step(scope, node, suffix, lines)
        if choices := awaited(node, known):
            _gate(scope, node, choices)
        for name in ("ioSpecification", "dataInputAssociation", "dataOutputAssociation", "property"):
            for part in node.findall(BPMN + name):
                node.remove(part)


def awaited(node: Any, known: Mapping[str, Any]) -> list[list[str]]:  # noqa: ANN401
    """The process values without which an activity does not begin, one list for each of its input sets: all of one have
    to be there. Empty where nothing is required.
    """
    if node.tag not in _ACTIVITIES:
        return []
    sources: dict[str, list[str]] = {}
    for association in node.iterchildren(BPMN + "dataInputAssociation"):
        source = known.get(_text(association, "sourceRef") or "")
        if source is not None and (name := value_name(source, known)):
            sources.setdefault(_text(association, "targetRef") or "", []).append(name)
    sets = []
    for inputs in node.iterfind(f"{BPMN}ioSpecification/{BPMN}inputSet"):
        required = (markup.local_name(part.text or "") for part in inputs.iterchildren(BPMN + "dataInputRefs"))
        sets.append(sorted({name for item in required for name in sources.get(item, ())}))
    # A set that requires nothing is always there.
    return sets if sets and all(sets) else []


def _gate(scope: Any, node: Any, choices: list[list[str]]) -> None:  # noqa: ANN401
    """A token waits before the activity, and before anything is copied for it, until its data are there."""
    identifier = node.get("id")
    entries = {identifier, f"{identifier}{markup.FILL}"}
    fill = next((one for one in scope if one.get("id") == f"{identifier}{markup.FILL}"), None)
    into = [flow for flow in scope.iterchildren(FLOW) if flow.get("targetRef") in entries]
    into = [flow for flow in into if flow.get("sourceRef") not in entries]
    if not into or scope.tag == BPMN + "adHocSubProcess":
        return
    gate = etree.SubElement(scope, BPMN + "intermediateCatchEvent", id=f"{identifier}{markup.AWAIT}")
    gate.set("name", node.get("name") or identifier)
    definition = etree.SubElement(gate, BPMN + "conditionalEventDefinition")
    definition.set("data", "true")
    etree.SubElement(definition, BPMN + "condition").text = " | ".join(" ".join(names) for names in choices)
    for flow in into:
        flow.set("targetRef", gate.get("id"))
    markup.connect(gate, node if fill is None else fill)


def strip(root: Any) -> None:  # noqa: ANN401
    """Takes the items out when all copies are drawn: the library keeps data of its own under them."""
    kinds = ("dataObject", "dataObjectReference", "dataStore", "dataStoreReference", "property", "ioSpecification")
    for item in list(root.iter(*(BPMN + name for name in kinds))):
        item.getparent().remove(item)


def _loop(node: Any, known: Mapping[str, Any]) -> None:  # noqa: ANN401
    """The marker of several instances names values."""
    marker = node.find(BPMN + "multiInstanceLoopCharacteristics")
    for part in marker if marker is not None else ():
        if part.tag in {BPMN + "loopDataInputRef", BPMN + "loopDataOutputRef"}:
            part.text = collection(part.text or "", known)
        elif part.tag in {BPMN + "inputDataItem", BPMN + "outputDataItem"}:
            part.set("id", value_name(part, known) or "")


def _step(scope: Any, node: Any, suffix: str, lines: list[tuple[str, str]]) -> None:  # noqa: ANN401
    step = etree.SubElement(scope, BPMN + markup.COPY, id=f"{node.get('id')}{suffix}")
    step.text = "\n".join(f"{target} = {' '.join(source.split())}" for target, source in lines)
    end = "targetRef" if suffix == markup.FILL else "sourceRef"
    for flow in scope.iterchildren(FLOW):
        if flow.get(end) == node.get("id"):
            flow.set(end, step.get("id"))
    if suffix == markup.FILL:
        markup.connect(step, node)
    else:
        if default := node.attrib.pop("default", None):
            step.set("default", default)
        markup.connect(node, step)
