"""Items of data: their definitions agree, and associations join what they may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflows import associations, markup
from workflows.lint_sheet import Sheet, flag, name_of, one, text

if TYPE_CHECKING:
    from collections.abc import Mapping

_COLLECTIONS = ("dataObject", "dataInput", "dataOutput")
# Which end of an association lies in its own activity or event, and what that end is.
_WAYS = (("dataInputAssociation", "targetRef", "dataInput"), ("dataOutputAssociation", "sourceRef", "dataOutput"))
_OWN = frozenset({"dataInput", "dataOutput", "property"})


def check(sheet: Sheet, found: Mapping[str, Any]) -> None:
    """Notes items and associations that contradict each other; `found` are the elements by their ids."""
    for node in sheet.root.iter(*(markup.BPMN + name for name in _COLLECTIONS)):
        definition = found.get(markup.local_name(node.get("itemSubjectRef") or ""))
        if definition is not None and _many(node) != _many(definition):
            sheet.note(node, "item_collection", value=node.get("itemSubjectRef"), item=_name(node))
    for kind, near, own in _WAYS:
        for association in sheet.root.iter(markup.BPMN + kind):
            _association(sheet, association, found, near=near, own=own)


def _association(sheet: Sheet, association: Any, found: Mapping[str, Any], *, near: str, own: str) -> None:  # noqa: ANN401  here and below: lxml elements
    ends = {name: found.get(markup.local_name(text(one(association, name)))) for name in ("sourceRef", "targetRef")}
    inner, holder = ends[near], association.getparent()
    for end in ends.values():
        if end is not None and name_of(end) == "dataStoreReference":
            sheet.note(holder, "refused_data_store", value=_name(end))
    if associations.is_idle(association, found):
        sheet.note(holder, "association_idle", severity="warning")
    elif not _is_whole(association):
        sheet.note(holder, "association_open")
    if inner is not None and name_of(inner) in _OWN and not _belongs(inner, holder):
        sheet.note(holder, "association_foreign", value=_name(inner))
    elif inner is not None and name_of(inner) in {"dataInput", "dataOutput"} - {own}:
        sheet.note(holder, "association_end", value=_name(inner))
    items = {_item(end, found) for end in ends.values() if end is not None} - {""}
    if len(items) > 1 and one(association, "transformation") is None and one(association, "assignment") is None:
        sheet.note(holder, "item_differs", names=", ".join(sorted(items)))


def _is_whole(association: Any) -> bool:  # noqa: ANN401
    """Whether it says where to, and from where or by which assignments, each with both sides."""
    assigned = list(association.iterchildren(markup.BPMN + "assignment"))
    sides = [text(one(part, name)) for part in assigned for name in ("from", "to")]
    origin = text(one(association, "sourceRef")) or text(one(association, "transformation")) or assigned
    return bool(text(one(association, "targetRef")) and origin) and all(sides)


def _belongs(item: Any, holder: Any) -> bool:  # noqa: ANN401
    """Whether an item is one of the activity or event, or of a scope around it."""
    owner = item.getparent()
    owner = owner.getparent() if name_of(owner) == "ioSpecification" else owner
    return owner is holder or owner in holder.iterancestors()


def _item(node: Any, found: Mapping[str, Any]) -> str:  # noqa: ANN401
    """The definition that an item names, itself or by the object that it refers to."""
    known = found.get(markup.local_name(node.get("dataObjectRef") or ""))
    given = node.get("itemSubjectRef") or ("" if known is None else known.get("itemSubjectRef") or "")
    return markup.local_name(given)


def _many(node: Any) -> bool:  # noqa: ANN401
    return flag(node, "isCollection", default=False)


def _name(node: Any) -> str:  # noqa: ANN401
    return str(node.get("name") or node.get("id") or "")[:60]
