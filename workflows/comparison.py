"""Compares two sets of files: what was added, removed, changed, renamed or only drawn elsewhere, one change a line.

Diagrams are compared element by element (also what nobody sees: conditions, roles, deadlines, documentation, other
tools' extensions), forms field by field, rule books and scenarios row by row. Nothing is left out: files that say the
same in other words (spaces, comments, the order of attributes) differ by one change that says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from workflows import comparison_rows, comparison_sheets, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflows.comparison_parts import Part

Files = Mapping[str, bytes]
LONGEST = 120
# What names another element: it is compared by its id and told by its name.
REFERENCES = frozenset({"lane", "scope", "@sourceRef", "@targetRef", "@default", "@attachedToRef", "distinctFrom"})


class Kind(StrEnum):
    """What happened to an element; how it is coloured and marked."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RENAMED = "renamed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `what` is the property by its code, `label` what people call the element."""

    file: str
    element: str
    kind: Kind
    type: str
    label: str
    what: str = ""
    before: str = ""
    after: str = ""

    def sentence(self, locale: str) -> str:
        """The change for people."""
        kind = texts.text("comparison_type", self.type, locale=locale, values={})
        values = {
            "it": f"{kind} “{self.label}”" if locale.startswith("en") else f"{kind} „{self.label}“",
            "what": _property(self.what, locale),
            "before": _short(self.before),
            "after": _short(self.after),
        }
        said = texts.text("comparison", self._pattern(), locale=locale, values=values)
        return said[:1].upper() + said[1:]

    def _pattern(self) -> str:
        last = self.what.rpartition("/")[2]
        if last in {"notation", "order", "position", "look", "unreadable"}:
            return last
        if self.kind is not Kind.CHANGED:
            return self.kind.value
        return "set" if not self.before else "unset" if not self.after else "changed"


def _property(what: str, locale: str) -> str:
    last = what.rpartition("/")[2].lstrip("@")
    return texts.text("comparison_property", last, locale=locale, values={})


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 2]} …"


@dataclass(frozen=True, slots=True)
class _Names:
    """What the parts are called, before and after."""

    old: Mapping[str, str]
    new: Mapping[str, str]


def compare(old: Files, new: Files) -> tuple[Change, ...]:
    """All changes that lead from the old files to the new ones, by file, in the order of the new file."""
    found: list[Change] = []
    for file in sorted(old.keys() | new.keys(), key=lambda name: ("/" in name, name)):
        if file not in old:
            found.append(Change(file, "", Kind.ADDED, "file", file))
        elif file not in new:
            found.append(Change(file, "", Kind.REMOVED, "file", file))
        elif old[file] != new[file]:
            found += _compared(file, old[file], new[file])
    return tuple(found)


def _compared(file: str, old: bytes, new: bytes) -> list[Change]:
    read = comparison_sheets.parts if file.endswith(".bpmn") else comparison_rows.parts
    try:
        before, after = read(old), read(new)
    except ValueError:
        return [Change(file, "", Kind.CHANGED, "file", file, "unreadable")]
    found = list(_parts(file, before, after))
    return found or [Change(file, "", Kind.CHANGED, "file", file, "notation")]


def _parts(file: str, old: Mapping[str, Part], new: Mapping[str, Part]) -> Iterator[Change]:
    names = _Names({key: part.label for key, part in old.items()}, {key: part.label for key, part in new.items()})
    for key, part in new.items():
        if key not in old:
            yield Change(file, part.element, Kind.ADDED, part.type, part.label)
        else:
            yield from _properties(file, old[key], part, names)
    for key, part in old.items():
        if key not in new:
            yield Change(file, part.element, Kind.REMOVED, part.type, part.label)


def _properties(file: str, old: Part, new: Part, names: _Names) -> Iterator[Change]:
    for what in dict.fromkeys((*new.values, *old.values)):
        before, after = old.values.get(what), new.values.get(what)
        if what.rpartition("/")[2] == "order":
            before, after = _common(before, after)
        if before != after:
            label = old.label if what == "name" else new.label
            if what in REFERENCES:
                before, after = names.old.get(before or "", before), names.new.get(after or "", after)
            yield Change(
                file, new.element, _kind_of(what), new.type, label, what, _said(before), _said(after)
            )  # fmt: skip


def _common(old: str | None, new: str | None) -> tuple[str, str]:
    """The order of what both have; what came or went is told by itself."""
    before, after = (old or "").split("\n"), (new or "").split("\n")
    kept = set(before) & set(after)
    return ", ".join(one for one in before if one in kept), ", ".join(one for one in after if one in kept)


def _said(value: str | None) -> str:
    # A value that is there and empty is told apart from none at all.
    return "" if value is None else value or "–"


def _kind_of(what: str) -> Kind:
    return {"name": Kind.RENAMED, "position": Kind.MOVED, "look": Kind.MOVED}.get(what, Kind.CHANGED)


def marks(changes: tuple[Change, ...], file: str) -> dict[str, Kind]:
    """For each element of a file the kind by which it is coloured: what matters most wins."""
    order = [Kind.MOVED, Kind.RENAMED, Kind.CHANGED, Kind.REMOVED, Kind.ADDED]
    found: dict[str, Kind] = {}
    for change in changes:
        if change.file == file and change.element:
            known = found.get(change.element, Kind.MOVED)
            found[change.element] = max(known, change.kind, key=order.index)
    return found
