"""Whether an activity is done once, in a loop, or for each of many: read and written without a canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from app.design.sheet import BPMN, Sheet
from app.design.triggers import expression
from workflows import markup

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Final = ("loop", "parallel", "sequential")
# The fields of each kind.
LOOP: Final = ("loopCondition", "loopMaximum", "testBefore")
MANY: Final = (
    "loopCardinality", "loopDataInputRef", "inputDataItem", "loopDataOutputRef", "outputDataItem", "completionCondition"
)  # fmt: skip
_LOOP: Final = f"{BPMN}standardLoopCharacteristics"
_MANY: Final = f"{BPMN}multiInstanceLoopCharacteristics"
# The order that the standard asks for.
_ORDER: Final = (
    "loopCardinality", "loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem", "completionCondition"
)  # fmt: skip
_BEFORE: Final = frozenset(
    BPMN + name
    for name in (
        "documentation", "extensionElements", "incoming", "outgoing", "ioSpecification", "property",
        "dataInputAssociation", "dataOutputAssociation", "performer", "humanPerformer", "potentialOwner",
    )
)  # fmt: skip


def _marker(node: Any) -> Any:  # noqa: ANN401  lxml elements, here and below
    return next((child for child in node if child.tag in {_LOOP, _MANY}), None)


def read(node: Any) -> dict[str, str]:  # noqa: ANN401
    """How often the activity is done, by field."""
    found = _marker(node)
    if found is None:
        return {"repetition": ""}
    if found.tag == _LOOP:
        condition = (found.findtext(f"{BPMN}loopCondition") or "").strip()
        before = "yes" if found.get("testBefore") == "true" else ""
        return {"repetition": "loop", "loopCondition": condition, "loopMaximum": found.get("loopMaximum", ""),
                "testBefore": before}  # fmt: skip
    values = {"repetition": "sequential" if found.get("isSequential") == "true" else "parallel"}
    for name in MANY:
        part = found.find(f"{BPMN}{name}")
        text = "" if part is None else part.get("name", "") if name.endswith("Item") else part.text or ""
        values[name] = markup.local_name(text.strip()) if name.endswith("Ref") else text.strip()
    return values


def write(sheet: Sheet, node: Any, values: Mapping[str, str]) -> None:  # noqa: ANN401
    """Sets what `values` names of it. Another kind takes the place of the one before."""
    before = read(node)["repetition"]
    wanted = values.get("repetition", before)
    found = _marker(node)
    if wanted != before:
        _become(node, found, wanted, before)
    elif found is not None and wanted == "loop":
        _loop(found, values)
    elif found is not None:
        _many(sheet, found, values)


def _become(node: Any, found: Any, wanted: str, before: str) -> None:  # noqa: ANN401
    if {wanted, before} == {"parallel", "sequential"}:
        found.set("isSequential", "true" if wanted == "sequential" else "false")
        return
    if found is not None:
        node.remove(found)
    if wanted in KINDS:
        made = etree.Element(_LOOP if wanted == "loop" else _MANY)
        if wanted == "sequential":
            made.set("isSequential", "true")
        node.insert(sum(child.tag in _BEFORE for child in node), made)


def _loop(found: Any, values: Mapping[str, str]) -> None:  # noqa: ANN401
    if "loopCondition" in values:
        expression(found, "loopCondition", values["loopCondition"])
    for name in {"loopMaximum", "testBefore"} & values.keys():
        value = values[name].strip()
        if value:
            found.set(name, "true" if name == "testBefore" else value)
        else:
            found.attrib.pop(name, None)


def _many(sheet: Sheet, found: Any, values: Mapping[str, str]) -> None:  # noqa: ANN401
    for name in [name for name in MANY if name in values]:
        if name.endswith("Item"):
            _item(sheet, found, name, values[name].strip())
        elif name.endswith("Ref"):
            _reference(found, name, values[name].strip())
        else:
            expression(found, name, values[name])
    found[:] = sorted(found, key=lambda one: _ORDER.index(etree.QName(one).localname))


def _item(sheet: Sheet, found: Any, name: str, value: str) -> None:  # noqa: ANN401
    part = found.find(f"{BPMN}{name}")
    if not value:
        if part is not None:
            found.remove(part)
        return
    if part is None:
        part = etree.SubElement(found, f"{BPMN}{name}", id=sheet.new_id("item"))
    part.set("name", value)


def _reference(found: Any, name: str, value: str) -> None:  # noqa: ANN401
    part = found.find(f"{BPMN}{name}")
    if not value:
        if part is not None:
            found.remove(part)
        return
    if part is None:
        part = etree.SubElement(found, f"{BPMN}{name}")
    part.text = value
