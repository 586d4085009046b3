"""What ties a diagram to its office: roles, forms, handlers, called processes, messages, and our own attributes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflows import closures, expressions, markup, optional_steps
from workflows.lint_sheet import Sheet, name_of, own
from workflows.parser import elements, plain, starts
from workflows.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflows.form_schema import Form
    from workflows.lint_names import Declared, Names

_PERSONAL = frozenset({"userTask", "manualTask"})
_HANDLED = frozenset({"serviceTask", "businessRuleTask"})
WAITS_FOR = frozenset({"own", "client", "partner", "third"})
MAX_PRIORITY = 100
FOUR_EYES = frozenset({"money", "rights"})


@dataclass(frozen=True)
class Office:
    """What the files of one upload may be tied to."""

    drawn: Mapping[str, closures.Drawn]
    forms: Mapping[str, Form]
    names: Names
    handlers: Declared | None
    roles: frozenset[str] | None
    begun: Mapping[str, bool]


def _role(sheet: Sheet, node: Any, role: str, *, office: Office, process: str) -> None:  # noqa: ANN401
    if role.startswith("="):
        known = office.names.known(process)
        if not expressions.is_name(role[1:]) or (known is not None and role[1:] not in known):
            sheet.note(node, "name_unknown", source=role, names=role[1:])
    elif office.roles is not None and role not in office.roles:
        sheet.note(node, "role_unknown", value=role[:60])


def _personal(sheet: Sheet, node: Any, office: Office, process: str) -> None:  # noqa: ANN401
    form = own(node, "form")
    if form and form not in office.forms:
        sheet.note(node, "form_missing", value=form[:60])
    waits_for, priority = own(node, "waitsFor"), own(node, "priority")
    if waits_for and waits_for not in WAITS_FOR:
        sheet.note(node, "own_value", own="waitsFor", value=waits_for[:60])
    if priority and not (priority.isascii() and priority.isdigit() and int(priority[:9]) <= MAX_PRIORITY):
        sheet.note(node, "own_value", own="priority", value=priority[:60])
    distinct = own(node, "distinctFrom")
    if distinct and not any(distinct == task for task in _personal_ids(office, process)):
        sheet.note(node, "distinct_unknown", value=distinct[:60])


def _personal_ids(office: Office, process: str) -> Iterator[str]:
    """The tasks for people in all processes that may run together with this one."""
    for name in office.drawn:
        together = closures.reached(office.drawn, name)
        if process in together:
            for part in together:
                for node in office.drawn[part].node.iter(*(markup.BPMN + kind for kind in _PERSONAL)):
                    yield node.get("id", "")


def _handler(sheet: Sheet, node: Any, office: Office) -> None:  # noqa: ANN401
    handler = own(node, "handler")
    if not handler:
        if name_of(node) in _HANDLED:
            sheet.note(node, "handler_missing")
        elif not node.get("messageRef"):
            sheet.note(node, "message_missing")
    elif office.handlers is not None and handler not in office.handlers:
        sheet.note(node, "handler_unknown", value=handler[:60])
    if handler and node.get("messageRef"):
        sheet.note(node, "handler_and_message")


def _inputs(sheet: Sheet, node: Any, office: Office, process: str) -> None:  # noqa: ANN401
    """A handler is given nothing for a value that nobody sets; that may be meant, so it is only told."""
    declared, known = (office.handlers or {}).get(own(node, "handler")), office.names.known(process)
    missing = set(declared["inputs"]) - known if declared and known is not None else ()
    if missing:
        names = ", ".join(sorted(missing))
        sheet.note(node, "input_unknown", severity="warning", value=own(node, "handler"), names=names)


def _call(sheet: Sheet, node: Any, office: Office) -> None:  # noqa: ANN401
    called = markup.local_name(node.get("calledElement", ""))
    if called not in office.drawn:
        sheet.note(node, "call_unknown", value=called[:60])
    elif not markup.executable(office.drawn[called].node):
        sheet.note(node, "call_hidden", value=called[:60])
    else:
        choices = [start.element for start in plain(starts(office.drawn[called].node))]
        _call_start(sheet, node, called, choices)


def _call_start(sheet: Sheet, node: Any, called: str, choices: list[str]) -> None:  # noqa: ANN401
    """A called process begins at its plain start event; of several the call names one."""
    chosen, names = own(node, "start") or "", ", ".join(choices)
    if not choices:
        sheet.note(node, "call_start", value=called[:60])
    elif chosen and chosen not in choices:
        sheet.note(node, "call_start_unknown", value=called[:60], start=chosen[:60], names=names)
    elif len(choices) > 1 and not chosen:
        sheet.note(node, "call_start_several", value=called[:60], names=names)


def _message(sheet: Sheet, node: Any) -> None:  # noqa: ANN401
    kind = name_of(node).removesuffix("EventDefinition").replace("receiveTask", "message")
    if not node.get(f"{kind}Ref"):
        sheet.note(node, f"{kind}_missing")


_CODED = {"error": "errorCode", "escalation": "escalationCode"}


def _code(sheet: Sheet, node: Any) -> None:  # noqa: ANN401
    """Who throws an error or escalation says which; who catches may take any."""
    kind = name_of(node).removesuffix("EventDefinition")
    reference = markup.local_name(node.get(f"{kind}Ref", ""))
    named = [item for item in sheet.root.iter(markup.BPMN + kind) if item.get("id") == reference]
    throws = name_of(node.getparent()) in {"endEvent", "intermediateThrowEvent"}
    if (throws and not named) or any(not (item.get(_CODED[kind]) or "").strip() for item in named):
        sheet.note(node, "code_missing", kind=kind)


def _lanes(sheet: Sheet, process: Any, office: Office) -> None:  # noqa: ANN401
    for lane in process.iter(markup.BPMN + "lane"):
        if own(lane, "role"):
            _role(sheet, lane, own(lane, "role"), office=office, process=process.get("id", ""))


def _nodes(sheet: Sheet, process: Any, office: Office) -> None:  # noqa: ANN401
    identifier = process.get("id", "")
    for node in process.iter(*markup.FLOW_NODES):
        kind = name_of(node)
        if kind in _PERSONAL:
            _personal(sheet, node, office, identifier)
        elif kind in _HANDLED or kind == "sendTask":
            _handler(sheet, node, office)
            _inputs(sheet, node, office, identifier)
        if own(node, "role"):
            _own_role(sheet, node, office, identifier)
        if not set(own(node, "fourEyes").split()) <= FOUR_EYES:
            sheet.note(node, "own_value", own="fourEyes", value=own(node, "fourEyes")[:60])


def _references(sheet: Sheet, process: Any, office: Office) -> None:  # noqa: ANN401
    for node in process.iter(markup.BPMN + "callActivity"):
        _call(sheet, node, office)
    for node in process.iter(markup.BPMN + "receiveTask"):
        _message(sheet, node)
    for node in process.iter(*(markup.BPMN + f"{kind}EventDefinition" for kind in ("message", "signal"))):
        _message(sheet, node)
    for node in process.iter(*(markup.BPMN + f"{kind}EventDefinition" for kind in _CODED)):
        _code(sheet, node)


def _own_role(sheet: Sheet, node: Any, office: Office, process: str) -> None:  # noqa: ANN401
    """Tasks for people have a role, and steps that people choose."""
    kinds = {name_of(node), name_of(node.getparent())}
    if kinds & (_PERSONAL | {"adHocSubProcess"}):
        _role(sheet, node, own(node, "role"), office=office, process=process)
    else:
        sheet.note(node, "own_attribute_unknown", own="role")


def _chosen(node: Any) -> bool:  # noqa: ANN401
    """Whether a person has to choose or close this, though it is no task for people."""
    if name_of(node) == "adHocSubProcess" and node.find(markup.BPMN + "completionCondition") is None:
        return True
    scope = node.getparent()
    if name_of(scope) != "adHocSubProcess" or not optional_steps.needs_offer(node):
        return False
    return any(step is node for step in optional_steps.first_steps(scope))


def _roles(sheet: Sheet) -> None:
    """Every task for a person has a role, its own, or its lane's, and so has every step that one must choose."""
    nodes = {(node.getparent().get("id"), node.get("id")): node for node in sheet.root.iter(*markup.FLOW_NODES)}
    for place, info in elements(sheet.root).items():
        node = nodes.get(place)
        if node is not None and not info.role and (info.kind in _PERSONAL or _chosen(node)):
            sheet.note(node, "role_missing")


def _circles(drawn: Mapping[str, closures.Drawn]) -> Iterator[str]:
    """The processes that call themselves, directly or by others."""
    for process, place in drawn.items():
        called = closures.calls(place.node)
        if any(process in closures.reached(drawn, name) for name in called):
            yield process


def check(sheet: Sheet, office: Office) -> None:
    """Notes whatever a diagram names that this office does not have."""
    for process in sheet.processes:
        _lanes(sheet, process, office)
        _nodes(sheet, process, office)
        _references(sheet, process, office)
    _roles(sheet)


def check_calls(sheets: Mapping[str, Sheet], office: Office) -> None:
    """Notes processes that call themselves, and an upload in which nothing may run."""
    for process in _circles(office.drawn):
        place = office.drawn[process]
        sheets[place.file].note(place.node, "call_circle")
    if sheets and not any(markup.executable(place.node) for place in office.drawn.values()):
        sheet = next(iter(sheets.values()))
        sheet.note(next(iter(sheet.processes), sheet.root), "nothing_executable")


def check_forms(office: Office) -> Iterator[Problem]:
    """Conditions and computed fields of forms that read what neither the form nor a process that shows it gives."""
    shown: dict[str, set[str] | None] = {}
    for process, place in office.drawn.items():
        known = office.names.known(process)
        for form in closures.form_names(place.node):
            before = shown.get(form, set())
            shown[form] = None if known is None or before is None else before | known
    for name, compiled in office.forms.items():
        given = shown.get(name)
        if given is None:
            continue
        mine = {item.key for item in _all(compiled.fields)}
        for item in _all(compiled.fields):
            for expression in filter(None, (item.condition, item.compute)):
                unknown = expression.names - mine - given
                if not unknown:
                    continue
                values = {"source": expression.source, "names": ", ".join(sorted(unknown))}
                yield Problem(item.key, "name_unknown", values, file=closures.form_file(name))


def _all(fields: Any) -> Iterator[Any]:  # noqa: ANN401  a tree of fields
    for item in fields:
        yield item
        yield from _all(item.fields)


__all__ = ["Office", "check", "check_calls", "check_forms"]
