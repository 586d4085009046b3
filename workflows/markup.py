"""Reading BPMN files safely: no entities, no DTD, no network, bounded size and depth; and the names of the elements."""

from __future__ import annotations

import copy
import itertools
from typing import TYPE_CHECKING, Any

from lxml import etree

from workflows.errors import WorkflowError

if TYPE_CHECKING:
    from collections.abc import Iterator

BPMN_NS = "http://www.omg.org/spec/BPMN/20100524/MODEL"
OWN_NS = "https://drehscheibe.example/bpmn/1"
XSI_NS = "http://www.w3.org/2001/XMLSchema-instance"
BPMN = f"{{{BPMN_NS}}}"
OWN = f"{{{OWN_NS}}}"

_UNDERSTOOD = frozenset({None, BPMN_NS, OWN_NS, XSI_NS, "http://www.w3.org/XML/1998/namespace"})

MAX_BYTES = 4_000_000
MAX_ELEMENTS = 40_000
MAX_DEPTH = 100

_FOR_OTHERS = frozenset(BPMN + name for name in ("extensionElements", "documentation"))
TIMES = frozenset(BPMN + name for name in ("timeDate", "timeDuration", "timeCycle"))
FLOW = BPMN + "sequenceFlow"
# References that are qualified names; most tools write them bare.
_QUALIFIED = frozenset(
    (
        *("processRef", "messageRef", "signalRef", "errorRef", "escalationRef", "activityRef", "calledElement"),
        *("attachedToRef", "itemSubjectRef", "structureRef", "itemRef", "dataStoreRef", "dataObjectRef"),
        *("categoryValueRef", "sourceRef", "targetRef", "default"),
    )
)
_NAMED = frozenset({BPMN + "message", BPMN + "signal"})
_REFERENCE = BPMN + "eventDefinitionRef"
TASKS = ("task", "userTask", "manualTask", "serviceTask", "businessRuleTask", "sendTask", "receiveTask", "scriptTask")
SUBPROCESSES = ("subProcess", "transaction", "adHocSubProcess")
ACTIVITIES = (*TASKS, *SUBPROCESSES, "callActivity")
EVENTS = ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway")
FLOW_NODES = tuple(BPMN + name for name in (*ACTIVITIES, *EVENTS, *GATEWAYS))

# What the normal form puts in is named after the element that the designer drew, with one of these behind.
WAYS, BEGIN, END, HEARD = ".Ways", ".Begin", ".Finish", ".Heard"
FILL, DRAIN, AWAIT = ".Fill", ".Drain", ".Await"
OFFER, TAKEN, OFFERS, DONE, CLOSE = ".Offer", ".Taken", ".Offers", ".Done", ".Close"
NOTED, UNDO, UNDONE, CANCELLED = ".Noted", ".Undo", ".Undone", ".Cancelled"
# An event with several triggers: one piece for each, a gateway where its tokens come in, one where all are together.
EACH = tuple(f".Each{number}" for number in range(1, 25))
ENTRY, MET = ".Entry", ".Met"
PUT_IN = (
    *(WAYS, BEGIN, END, HEARD, FILL, DRAIN, OFFER, TAKEN, OFFERS, DONE, CLOSE, NOTED, UNDO, UNDONE, CANCELLED),
    *(*EACH, ENTRY, MET, AWAIT),
)
# An event that the designer gave a name of the library's own runs under another.
RENAMED = ".Drawn"
SUFFIXES = (*PUT_IN, RENAMED)
LIBRARY_NAMES = frozenset({"Start", "End", "Root", "StartEventSplit", "StartEventJoin"})
LISTENER, COPY, STEP_TAKEN, STEP_DONE = "listener", "copyValues", "stepTaken", "stepDone"
NOTE_DONE, UNDO_DONE, AFTER_UNDOING, CANCEL_OTHERS = "noteDone", "undoDone", "afterUndoing", "cancelOthers"


class FileRefused(WorkflowError):  # noqa: N818  the house names errors by what is the case
    """The file cannot be read as a diagram; `code` says why."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def read(content: bytes) -> Any:  # noqa: ANN401  an lxml element
    """The root element with all BPMN in it, and only that; raises FileRefused for what cannot be read safely."""
    if len(content) > MAX_BYTES:
        raise FileRefused("file_too_large")
    try:
        root = etree.fromstring(content, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FileRefused("not_xml", str(error)[:200]) from error
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise FileRefused("document_type")
    _bounded(root)
    _strip(root)
    _complete(root)
    return root


def _strip(root: Any) -> None:  # noqa: ANN401
    """Leaves only BPMN: what other tools put in must not be taken for part of the process, whatever it contains."""
    pending = [root]
    while pending:
        node = pending.pop()
        for child in list(node):
            if isinstance(child.tag, str) and child.tag.startswith(BPMN) and child.tag not in _FOR_OTHERS:
                pending.append(child)
            else:
                node.remove(child)


def _complete(root: Any) -> None:  # noqa: ANN401
    """Brings what files may leave out or say in several ways to one form: qualified names lose their prefix, flows have
    ids, messages and signals names, and events the definitions that they refer to.
    """
    shared = {node.get("id"): node for node in root if node.tag.endswith("EventDefinition") and node.get("id")}
    known = {node.get("id") for node in root.iter(FLOW)}
    sizes = {name: len(etree.tostring(node)) for name, node in shared.items()}
    # What is shared a thousand times must not fill the memory.
    left = MAX_BYTES
    for node in list(root.iter()):
        for name in _QUALIFIED.intersection(node.attrib):
            node.set(name, local_name(node.get(name)))
        if node.tag == FLOW and not node.get("id"):
            node.set("id", _free(f"Flow.{node.get('sourceRef')}.{node.get('targetRef')}", known))
        elif node.tag in _NAMED and node.get("id") and not (node.get("name") or "").strip():
            node.set("name", node.get("id"))
        elif node.tag == _REFERENCE and (found := shared.get(local_name(node.text or ""))) is not None:
            left -= sizes[found.get("id")]
            if left < 0:
                raise FileRefused("file_too_large")
            definition = copy.deepcopy(found)
            del definition.attrib["id"]
            node.getparent().replace(node, definition)
    for node in shared.values():
        root.remove(node)


def _free(name: str, known: set[str | None]) -> str:
    """A name that no other has, and known from now on."""
    found = next(
        other for other in itertools.chain([name], (f"{name}.{n}" for n in itertools.count(2))) if other not in known
    )
    known.add(found)
    return found


def foreign(content: bytes) -> dict[str, str]:
    """The namespaces of other tools in the processes of a readable file, each with the first element that bears it."""
    found: dict[str, str] = {}
    for process in etree.fromstring(content, _parser()).iterchildren(BPMN + "process"):
        bearer = ""
        for node in process.iter(etree.Element):
            if node.tag.startswith(BPMN):
                bearer = node.get("id") or bearer
            for name in (node.tag, *node.attrib):
                namespace = etree.QName(name).namespace
                if namespace not in _UNDERSTOOD:
                    found.setdefault(namespace or "", bearer)
    return found


def _bounded(root: Any) -> None:  # noqa: ANN401
    pending = [(root, 0)]
    count = 0
    while pending:
        element, depth = pending.pop()
        count += 1
        if count > MAX_ELEMENTS:
            raise FileRefused("too_many_elements")
        if depth > MAX_DEPTH:
            raise FileRefused("file_too_deep")
        pending += [(child, depth + 1) for child in element]


def executable(process: Any) -> bool:  # noqa: ANN401
    """Whether a process may run; a file that does not say so means it may."""
    return str(process.get("isExecutable", "true")).strip() in {"true", "1"}


def local_name(name: str) -> str:
    """The name without a prefix: references in BPMN are qualified names, most tools write them bare."""
    return name.strip().rpartition(":")[2]


def drawn(name: str) -> str:
    """The id of the element that the designer drew, for the name of a piece that runs."""
    while name.endswith(SUFFIXES):
        name = name.rpartition(".")[0]
    return name


def running(identifier: str) -> str:
    """The name under which an event with this id runs: its id, unless the library uses that itself."""
    return identifier + RENAMED if identifier in LIBRARY_NAMES else identifier


def flag(node: Any, name: str, *, default: bool) -> bool:  # noqa: ANN401
    """A Boolean attribute of BPMN."""
    value = node.get(name)
    return default if value is None else value.strip() in {"true", "1"}


def event_definitions(node: Any) -> list[Any]:  # noqa: ANN401
    """The event definitions of an event."""
    return [child for child in node if isinstance(child.tag, str) and child.tag.endswith("EventDefinition")]


def scopes(process: Any) -> Iterator[Any]:  # noqa: ANN401
    """The process and the subprocesses in it."""
    return process.iter(BPMN + "process", *(BPMN + name for name in SUBPROCESSES))  # type: ignore[no-any-return]


def connect(source: Any, target: Any) -> Any:  # noqa: ANN401
    """A new flow in the scope of its source."""
    name = f"{source.get('id')}.{target.get('id')}.Flow"
    return etree.SubElement(source.getparent(), FLOW, id=name, sourceRef=source.get("id"), targetRef=target.get("id"))
