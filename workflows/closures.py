"""Which files a process consists of: its own diagram, those of the processes it calls, the forms of their tasks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflows import markup

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMS = "forms/"


@dataclass(frozen=True, slots=True)
class Closure:
    """The name of a process for people, the processes that it reaches (itself first), and the files of all of them."""

    name: str
    processes: tuple[str, ...]
    files: frozenset[str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A process as it stands in a file."""

    file: str
    node: Any


def form_file(name: str) -> str:
    """The file of the form of this name."""
    return f"{FORMS}{name}.json"


def processes(roots: Mapping[str, Any]) -> dict[str, Drawn]:
    """Every process in these parsed files by its id; of two with one id, the first."""
    found: dict[str, Drawn] = {}
    for file, root in roots.items():
        for node in root.iterchildren(markup.BPMN + "process"):
            found.setdefault(node.get("id", ""), Drawn(file, node))
    return found


def calls(process: Any) -> tuple[str, ...]:  # noqa: ANN401  an lxml element
    """The ids of the processes that this one calls."""
    called = (node.get("calledElement") for node in process.iter(markup.BPMN + "callActivity"))
    return tuple(dict.fromkeys(markup.local_name(name) for name in called if name))


def reached(drawn: Mapping[str, Drawn], process: str) -> tuple[str, ...]:
    """The process and all those that it calls, directly or not, as far as they are drawn."""
    found: dict[str, None] = {}
    pending = [process]
    while pending:
        name = pending.pop()
        if name in drawn and name not in found:
            found[name] = None
            pending += calls(drawn[name].node)
    return tuple(found)


def form_names(process: Any) -> frozenset[str]:  # noqa: ANN401
    """The forms that the tasks of a process show."""
    named = (node.get(markup.OWN + "form") for node in process.iter(*markup.FLOW_NODES))
    return frozenset(name.strip() for name in named if name)


def _roots(files: Mapping[str, bytes]) -> dict[str, Any]:
    return {name: markup.read(content) for name, content in files.items() if name.endswith(".bpmn")}


def of(files: Mapping[str, bytes]) -> dict[str, Closure]:
    """The closure of each executable process in the files (which the linter has accepted)."""
    drawn = processes(_roots(files))
    found: dict[str, Closure] = {}
    for process, place in drawn.items():
        if markup.executable(place.node):
            names = reached(drawn, process)
            diagrams = {drawn[name].file for name in names}
            shown = {form_file(form) for name in names for form in form_names(drawn[name].node)}
            parts = frozenset(diagrams | (shown & files.keys()))
            found[process] = Closure(place.node.get("name") or process, names, parts)
    return found


def drawn_in(files: Mapping[str, bytes]) -> dict[str, str]:
    """For each process the file that draws it."""
    return {process: place.file for process, place in processes(_roots(files)).items()}
