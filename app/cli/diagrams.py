"""Diagrams read from a disk without an office: a file together with what it calls and shows beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app import bootstrap, config
from app.cli import texts
from app.office import calendar
from app.office import profile as profiles
from workflows import closures, markup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from workflows.handlers import Registered

_FOREIGN = re.compile(r"[^A-Za-z0-9_-]")
_LONGEST = 100
_MOST_NEIGHBOURS = 200
# A file with one of these is no diagram at all.
UNREADABLE = frozenset({"not_xml", "not_bpmn"})


@dataclass(frozen=True, slots=True)
class Gathered:
    """A diagram under the name `main`, and the files that it needs, all under names that a deployment takes."""

    main: str
    files: Mapping[str, bytes]


def _name(path: Path) -> str:
    return f"{_FOREIGN.sub('_', path.stem)[:_LONGEST] or 'diagram'}.bpmn"


def gather(path: Path) -> Gathered:
    """The diagram with the neighbours that it calls and their forms. Raises Refusal when it cannot be read."""
    main = _name(path)
    found = {main: _content(path)}
    neighbours = [other for other in sorted(path.parent.glob("*.bpmn"))[:_MOST_NEIGHBOURS] if other != path]
    while missing := _missing(found):
        added = next((other for other in neighbours if _draws(other, missing)), None)
        if added is None:
            break
        neighbours.remove(added)
        found.setdefault(_name(added), _content(added))
    return Gathered(main, found | dict(_forms(found, path.parent)))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as unreadable:
        raise texts.Refusal("file_unreadable", file=path, reason=unreadable.strerror or "") from unreadable


def _roots(files: Mapping[str, bytes]) -> dict[str, object]:
    roots = {}
    for name, content in files.items():
        try:
            roots[name] = markup.read(content)
        except markup.FileRefused:
            continue
    return roots


def _missing(files: Mapping[str, bytes]) -> frozenset[str]:
    """The processes that are called and not drawn."""
    drawn = closures.processes(_roots(files))
    return frozenset(name for place in drawn.values() for name in closures.calls(place.node)) - drawn.keys()


def _draws(path: Path, wanted: frozenset[str]) -> bool:
    return bool(wanted & closures.processes(_roots({path.name: _content(path)})).keys())


def _forms(files: Mapping[str, bytes], folder: Path) -> Iterator[tuple[str, bytes]]:
    for place in closures.processes(_roots(files)).values():
        for name in closures.form_names(place.node):
            path = folder / closures.form_file(_FOREIGN.sub("_", name))
            if path.is_file():
                yield closures.form_file(_FOREIGN.sub("_", name)), _content(path)


def declared() -> dict[str, Registered]:
    """The handlers of this installation with what they give back."""
    return bootstrap.registered(bootstrap.registry(config.load().calls))


def office_calendar() -> calendar.OfficeCalendar:
    """The calendar of the office profile of the settings, without a database."""
    shipped = profiles.snapshot(profiles.read(config.load().profile))
    return calendar.OfficeCalendar(lambda: shipped)
