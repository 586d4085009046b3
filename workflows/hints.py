"""Hints of good style: what runs, but is hard to read, or leaves people waiting. They are warnings, never errors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from workflows import markup
from workflows.lint_sheet import identity, name_of, own
from workflows.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PERSONAL = ("userTask", "manualTask")
_DECIDING = ("exclusiveGateway", "inclusiveGateway")
_CAUGHT = ("messageEventDefinition", "signalEventDefinition", "conditionalEventDefinition")
# German says what is done at the end and in the infinitive: "Antrag prüfen". English says it at the beginning.
_GERMAN_VERB = re.compile(r"(?:eln|ern|en|tun|sein)$")
_SHORTEST, _WORDS, _LONGEST = 2, 2, 60


def find(root: Any, *, file: str, staffed: frozenset[str], told: frozenset[str]) -> list[Problem]:  # noqa: ANN401
    """The hints for the processes below this root; elements in `told` have worse to hear."""
    found: list[Problem] = []
    for process in root.iterchildren(markup.BPMN + "process"):
        for node, code, values in _all(process, staffed):
            if identity(node) not in told:
                about = {"name": name_of(node), "label": (node.get("name") or identity(node))[:80], **values}
                found.append(Problem(identity(node), code, about, "warning", file))
    return found


Note = tuple[Any, str, dict[str, Any]]


def _all(process: Any, staffed: frozenset[str]) -> Iterator[Note]:  # noqa: ANN401  an lxml element
    yield from _gateways(process)
    yield from _names(process)
    yield from _tasks(process)
    yield from _waits(process)
    yield from _lanes(process, staffed)


def _nodes(process: Any, kinds: Iterable[str]) -> Iterator[Any]:  # noqa: ANN401
    return process.iter(*(markup.BPMN + kind for kind in kinds))  # type: ignore[no-any-return]


def _out(node: Any) -> list[Any]:  # noqa: ANN401
    flows = node.getparent().iterchildren(markup.FLOW)
    return [flow for flow in flows if flow.get("sourceRef") == node.get("id")]


def _gateways(process: Any) -> Iterator[Note]:  # noqa: ANN401
    """A decision bears its question, and each way out of it an answer."""
    for node in _nodes(process, _DECIDING):
        out = _out(node)
        if len(out) < _WORDS:
            continue
        if not (node.get("name") or "").strip():
            yield node, "gateway_unnamed", {}
        for flow in out:
            if not (flow.get("name") or "").strip():
                yield flow, "flow_unnamed", {"gateway": node.get("name") or node.get("id")}


def _names(process: Any) -> Iterator[Note]:  # noqa: ANN401
    for node in _nodes(process, (*markup.TASKS, "callActivity", "subProcess")):
        name = (node.get("name") or "").strip()
        if not name:
            yield node, "task_unnamed", {}
        elif name_of(node) in markup.TASKS and not _says_what_is_done(name):
            yield node, "task_no_verb", {}
        if len(name) > _LONGEST:
            yield node, "name_long", {"max": _LONGEST}


def _tasks(process: Any) -> Iterator[Note]:  # noqa: ANN401
    for node in _nodes(process, _PERSONAL):
        if name_of(node) == "userTask" and not own(node, "form"):
            yield node, "form_absent", {}
        if not own(node, "deadline") and not _has_timer(node):
            yield node, "deadline_absent", {}
        if node.get("name") and not own(node, "nameEn"):
            yield node, "english_absent", {}
    for node in _nodes(process, markup.TASKS):
        # A form shows and asks for what is known of somebody, whatever is said of it; "none" is no data.
        if (own(node, "form") or own(node, "data") not in {"", "none"}) and not own(node, "purpose").strip():
            yield node, "purpose_absent", {}


def _says_what_is_done(name: str) -> bool:
    words = re.sub(r"\(.*?\)", "", name).split()
    return len(words) >= _SHORTEST and any(_GERMAN_VERB.search(word.rstrip(",.;:")) for word in words)


def _timed(event: Any) -> bool:  # noqa: ANN401
    return event.find(markup.BPMN + "timerEventDefinition") is not None


def _has_timer(node: Any) -> bool:  # noqa: ANN401
    """Whether the clock looks after who waits here: at the border of the task or of what holds it."""
    while node is not None and name_of(node) != "process":
        events = node.getparent().iterchildren(markup.BPMN + "boundaryEvent")
        if any(event.get("attachedToRef") == node.get("id") and _timed(event) for event in events):
            return True
        node = node.getparent()
    return False


def _waits(process: Any) -> Iterator[Note]:  # noqa: ANN401
    """Who waits for a message waits for ever, unless a clock runs beside."""
    for node in _nodes(process, ("receiveTask", "intermediateCatchEvent")):
        caught = name_of(node) == "receiveTask" or any(node.find(markup.BPMN + kind) is not None for kind in _CAUGHT)
        if caught and not _timed(node) and not _has_timer(node) and not _raced(node):
            yield node, "wait_without_timer", {}


def _raced(node: Any) -> bool:  # noqa: ANN401
    """Whether it stands after an event-based gateway beside a timer."""
    siblings = {one.get("id"): one for one in node.getparent()}
    flows = list(node.getparent().iterchildren(markup.FLOW))
    sources = [flow.get("sourceRef") for flow in flows if flow.get("targetRef") == node.get("id")]
    beside = [
        siblings.get(flow.get("targetRef"))
        for flow in flows
        if flow.get("sourceRef") in sources
        and siblings.get(flow.get("sourceRef")) is not None
        and name_of(siblings[flow.get("sourceRef")]) == "eventBasedGateway"
    ]
    return any(one is not None and _timed(one) for one in beside)


def _lanes(process: Any, staffed: frozenset[str]) -> Iterator[Note]:  # noqa: ANN401
    for lane in process.iter(markup.BPMN + "lane"):
        if lane.find(markup.BPMN + "childLaneSet") is not None:
            continue
        role = own(lane, "role")
        if not role:
            yield lane, "lane_without_role", {}
        elif not role.startswith("=") and role not in staffed:
            yield lane, "lane_without_staff", {}
        if not any(True for _ in lane.iterchildren(markup.BPMN + "flowNodeRef")):
            yield lane, "lane_empty", {}
