"""From files to specs that run: the library's parser with our timers, handlers, language and roles.

It trusts its input: the linter has accepted it before. What it cannot parse raises ValidationException of the library.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from lxml import etree

from workflows import joins, markup, nodes, rewriting, triggers
from workflows.specs import ElementInfo, Specs, Start

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_DIGITS = 5
# Pieces that the normal form put in and that people see as the element that was drawn.
_FACES = (
    markup.HEARD,
    markup.OFFER,
    markup.CLOSE,
    markup.RENAMED,
    markup.ENTRY,
    markup.MET,
    markup.AWAIT,
    *markup.EACH,
)


def _lanes(process: Any) -> dict[str, tuple[str, str | None]]:  # noqa: ANN401
    """For each element the role and the name of its innermost lane."""
    lanes: dict[str, tuple[str, str | None]] = {}
    for lane in process.iter(markup.BPMN + "lane"):
        for reference in lane.iterchildren(markup.BPMN + "flowNodeRef"):
            # Document order visits an outer lane before the lanes inside it, so the inner one wins.
            element = (reference.text or "").strip()
            outer_role = lanes.get(element, ("", None))[0]
            lanes[element] = (lane.get(markup.OWN + "role") or outer_role, lane.get("name"))
    return lanes


def _receivers(root: Any) -> dict[str, frozenset[str]]:  # noqa: ANN401
    """The processes to which message flows lead from each node; a pool that shows no process is outside."""
    places = {node.get("id"): node for node in root.iter(markup.BPMN + "participant", *markup.FLOW_NODES)}
    found: dict[str, frozenset[str]] = {}
    for flow in root.iter(markup.BPMN + "messageFlow"):
        source, target = (markup.local_name(flow.get(name, "")) for name in ("sourceRef", "targetRef"))
        process = _process_of(places.get(target))
        found[source] = found.get(source, frozenset()) | ({process} if process else frozenset())
    return found


def _process_of(node: Any) -> str:  # noqa: ANN401
    if node is None or node.tag == markup.BPMN + "participant":
        return markup.local_name(node.get("processRef", "")) if node is not None else ""
    return next((str(part.get("id")) for part in node.iterancestors(markup.BPMN + "process")), "")


def _info(
    node: Any,  # noqa: ANN401
    process: str,
    lane: tuple[str, str | None],
    receivers: Mapping[str, frozenset[str]],
) -> ElementInfo:
    def own(name: str) -> str | None:
        value = node.get(markup.OWN + name)
        return value.strip() if value else None

    identifier, priority = node.get("id"), own("priority") or ""
    name = node.get("name") or identifier
    return ElementInfo(
        id=identifier,
        process=process,
        name=name,
        name_en=own("nameEn") or name,
        kind=etree.QName(node).localname,
        role=own("role") or lane[0],
        form=own("form"),
        deadline=own("deadline"),
        waits_for=own("waitsFor") or "own",
        # Asked of files that the linter has not accepted yet, too; it notes what is no number.
        priority=int(priority) if priority.isascii() and priority.isdigit() and len(priority) < _DIGITS else 50,
        handler=own("handler"),
        distinct_from=own("distinctFrom"),
        to=own("to"),
        receivers=receivers.get(identifier),
        lane=lane[1],
        four_eyes=frozenset((own("fourEyes") or "").split()),
        start=own("start") or "",
    )


def _elements(
    process: Any,  # noqa: ANN401
    receivers: Mapping[str, frozenset[str]],
) -> Iterator[tuple[tuple[str, str], ElementInfo]]:
    """Each flow node under the id of the spec that holds it: the process, or the subprocess around the node."""
    lanes = _lanes(process)
    held: dict[str, tuple[str, str | None]] = {}
    for node in process.iter(*markup.FLOW_NODES):
        holder, identifier = node.getparent().get("id"), node.get("id")
        # What stands in no lane of its own belongs to the lane of the subprocess around it.
        held[identifier] = lanes.get(identifier) or held.get(holder, ("", None))
        info = _info(node, process.get("id"), held[identifier], receivers)
        yield (holder, identifier), info
        if node.tag == markup.BPMN + "adHocSubProcess":
            # The task that closes it bears its name.
            yield (identifier, identifier), info
        if markup.flag(node.getparent(), "triggeredByEvent", default=False):
            # What begins an event subprocess listens outside of it.
            yield (node.getparent().getparent().get("id"), identifier), info


def elements(root: Any) -> Mapping[tuple[str, str], ElementInfo]:  # noqa: ANN401
    """What a file says about its flow nodes, by (id of the process or subprocess around it, id)."""
    found: dict[tuple[str, str], ElementInfo] = {}
    receivers = _receivers(root)
    for process in root.iterchildren(markup.BPMN + "process"):
        found |= dict(_elements(process, receivers))
    return found


def starts(process: Any) -> tuple[Start, ...]:  # noqa: ANN401  an lxml element
    """The ways in which an instance of this process begins."""
    root = process.getroottree().getroot()
    names = {node.get("id"): node.get("name") for node in root.iter(markup.BPMN + "message", markup.BPMN + "signal")}
    found: list[Start] = []
    for node in process.iterchildren(markup.BPMN + "startEvent"):
        found += _begins(node, names)
    if rewriting.implied_firsts(process):
        found.append(Start(process.get("id"), f"{process.get('id')}{markup.BEGIN}"))
    for node in rewriting.instantiating(process):
        for name, source in list(triggers.pieces(node)) or [("", node)]:
            kind = "signal" if source.get("signalRef") else "message"
            begun = f"{node.get('id')}{name}{markup.BEGIN}"
            found.append(Start(node.get("id"), begun, kind, _event(source if name else _named(node), names)))
    return tuple(found)


def _begins(node: Any, names: Mapping[str, str]) -> Iterator[Start]:  # noqa: ANN401
    """A plain start event, or one for each trigger."""
    identifier = node.get("id")
    for name, definition in list(triggers.pieces(node)) or [("", None)]:
        kind = "" if definition is None else etree.QName(definition).localname.removesuffix("EventDefinition")
        yield Start(identifier, markup.running(identifier) + name, kind, _event(definition, names))


def _named(node: Any) -> Any:  # noqa: ANN401
    """The node or its definition, whichever says what is awaited."""
    sources = [node, *markup.event_definitions(node)]
    return next((source for source in sources if source.get("messageRef") or source.get("signalRef")), node)


def plain(found: Iterable[Start]) -> list[Start]:
    """Those that wait for nothing: who begins an instance chooses one."""
    return [start for start in found if not start.kind]


def _event(definition: Any, names: Mapping[str, str]) -> str:  # noqa: ANN401
    if definition is None:
        return ""
    reference = markup.local_name(definition.get("messageRef") or definition.get("signalRef") or "")
    times = "".join(part.text or "" for part in definition if part.tag in markup.TIMES)
    return names.get(reference) or times.strip()


def _prepared(process: Any, plain: str) -> None:  # noqa: ANN401  a spec of the library
    """Makes a spec fit to run: what the normal form put in stands for the element that was drawn, or for none."""
    joins.install(process)
    process.plain_start = plain
    for spec in process.task_specs.values():
        name = spec.name
        if name.endswith(markup.SUFFIXES):
            is_face = name.endswith(_FACES)
            spec.bpmn_id = markup.drawn(name) if is_face else None


def _specs(
    parser: nodes.Parser,
    process: str,
    known: Mapping[tuple[str, str], ElementInfo],
    begun: Mapping[str, tuple[Start, ...]],
) -> Specs:
    top = parser.get_spec(process)
    subprocesses = parser.get_subprocess_specs(process)
    holders = (process, *subprocesses)
    mine = {key: info for key, info in known.items() if key[0] in holders}
    for name, spec in (*subprocesses.items(), (process, top)):
        if not hasattr(spec, "plain_start"):
            _prepared(spec, next((start.name for start in begun.get(name, ()) if not start.kind), ""))
    by_id: dict[str, ElementInfo] = {}
    for holder in holders:
        for (holder_id, identifier), info in mine.items():
            if holder_id == holder:
                by_id.setdefault(identifier, info)
    return Specs(
        process=process,
        top=top,
        subprocesses=subprocesses,
        elements=MappingProxyType(by_id),
        by_spec=MappingProxyType(mine),
        processes=frozenset(info.process for info in mine.values()) | {process},
        starts=begun[process],
    )


def parse(files: Mapping[str, bytes], *, process: str | None = None) -> dict[str, Specs]:
    """The specs of the executable processes (or of one) in these `.bpmn` files, each with all that it calls."""
    parser = nodes.Parser()
    known: dict[tuple[str, str], ElementInfo] = {}
    begun: dict[str, tuple[Start, ...]] = {}
    processes: list[str] = []
    for name, content in files.items():
        if not name.endswith(".bpmn"):
            continue
        root = markup.read(content)
        known |= elements(root)
        begun |= {process.get("id"): starts(process) for process in root.iterchildren(markup.BPMN + "process")}
        rewriting.normalise(root)
        parser.add_bpmn_xml(root, name)
        processes += [
            process.get("id") for process in root.iterchildren(markup.BPMN + "process") if markup.executable(process)
        ]
    return {found: _specs(parser, found, known, begun) for found in processes if process in {None, found}}
