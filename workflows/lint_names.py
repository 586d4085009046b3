"""The values of a process: what its forms, handlers, scripts and start give; what it reads must be among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workflows import associations, closures, expressions, markup, rounds, timers
from workflows.errors import ExpressionInvalid
from workflows.lint_sheet import Sheet, name_of, one, own, text

if TYPE_CHECKING:
    from workflows.form_schema import Form

Declared = Mapping[str, Mapping[str, Any]]
_EXPRESSIONS = (
    *("conditionExpression", "condition", "loopCardinality", "loopCondition", "completionCondition"),
    *("transformation", "from"),
)
_SCRIPTS = frozenset({"", "drehscheibe"})
_LANGUAGES = frozenset({"", "drehscheibe"})


@dataclass(frozen=True)
class Names:
    """The names known to each process: those of every process that reaches it; None where they cannot be told."""

    of: Mapping[str, frozenset[str] | None] = field(default_factory=dict)

    def known(self, process: str) -> frozenset[str] | None:
        """The names that a condition of this process may read; None leaves that unchecked."""
        return self.of.get(process)


def _form_targets(process: Any, forms: Mapping[str, Form]) -> Iterator[str]:  # noqa: ANN401  an lxml element
    for name in closures.form_names(process):
        if name in forms:
            yield from forms[name].names("process")


def _scripted(process: Any) -> Iterator[str]:  # noqa: ANN401
    for node in process.iter(markup.BPMN + "script"):
        try:
            yield from expressions.compile_script(text(node)).targets
        except ExpressionInvalid:
            continue


def _given(process: Any, forms: Mapping[str, Form], handlers: Declared) -> frozenset[str]:  # noqa: ANN401
    named = (own(node, "handler") for node in process.iter(*markup.FLOW_NODES))
    outputs = (name for handler in named if handler in handlers for name in handlers[handler]["outputs"])
    values = own(process, "values").split()
    data = associations.names(process)
    drawn = (*_form_targets(process, forms), *_scripted(process), *_counted(process))
    return frozenset((*values, *outputs, *data, *drawn))


def _counted(process: Any) -> Iterator[str]:  # noqa: ANN401
    """What an activity that is done several times sees, and the list that it gives."""
    markers = [markup.BPMN + name for name in ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")]
    if any(True for _ in process.iter(*markers)):
        yield from rounds.NUMBERS
    known = associations.items(process.getroottree().getroot())
    for node in process.iter(markup.BPMN + "loopDataOutputRef"):
        if name := associations.collection(text(node), known):
            yield name


def _uses_handlers(process: Any) -> bool:  # noqa: ANN401
    return any(own(node, "handler") for node in process.iter(*markup.FLOW_NODES))


def names(drawn: Mapping[str, closures.Drawn], forms: Mapping[str, Form], handlers: Declared | None) -> Names:
    """The names of each process. Where handlers are named and nobody said what they give, nothing can be told."""
    given = {process: _given(place.node, forms, handlers or {}) for process, place in drawn.items()}
    known: dict[str, frozenset[str] | None] = {}
    for process in drawn:
        closure = closures.reached(drawn, process)
        unclear = handlers is None and any(_uses_handlers(drawn[name].node) for name in closure)
        mine = None if unclear else frozenset().union(*(given[name] for name in closure))
        for name in closure:
            before = known.get(name, frozenset())
            known[name] = None if mine is None or before is None else before | mine
    return Names(known)


def _try(sheet: Sheet, node: Any, compile_it: Callable[[], Any], *, code: str, source: str) -> Any:  # noqa: ANN401
    try:
        return compile_it()
    except ExpressionInvalid as error:
        if error.code == "unknown_name":
            sheet.note(node, "name_unknown", source=source[:120], names=error.detail)
        else:
            sheet.note(node, code, source=source[:120], reason=error.code, detail=error.detail)
        return None


def _expression(sheet: Sheet, node: Any, known: frozenset[str] | None) -> None:  # noqa: ANN401
    source = text(node)
    language = node.get("language", "") or sheet.root.get("expressionLanguage", "")
    if language not in _LANGUAGES:
        sheet.note(node, "expression_language", value=language[:60])
    elif not source:
        sheet.note(node, "expression_empty")
    else:
        _try(sheet, node, _compiler(source, known), code="expression_invalid", source=source)


def _timer(sheet: Sheet, node: Any, known: frozenset[str] | None) -> None:  # noqa: ANN401
    times = [child for child in node if child.tag in markup.TIMES]
    if len(times) != 1:
        sheet.note(node, "timer_unclear")
        return
    source = text(times[0])
    if name_of(node.getparent()) == "startEvent" and name_of(node.getparent().getparent()) == "process":
        # Before an instance begins there are no values.
        known = frozenset()
    timer = _try(sheet, node, lambda: timers.compile_timer(source, known), code="timer_invalid", source=source)
    if timer is not None and timer.cycle and name_of(times[0]) != "timeCycle":
        sheet.note(node, "timer_kind", source=source[:120])


def _deadline(sheet: Sheet, node: Any, known: frozenset[str] | None) -> None:  # noqa: ANN401
    source = own(node, "deadline")
    timer = _try(sheet, node, lambda: timers.compile_timer(source, known), code="timer_invalid", source=source)
    if timer is not None and timer.cycle:
        sheet.note(node, "timer_kind", source=source[:120])


def _other_case(sheet: Sheet, node: Any, known: frozenset[str] | None) -> None:  # noqa: ANN401
    """A message may go to another case, which a process value names."""
    name = own(node, "to")
    if not (node.get("messageRef") or one(node, "messageEventDefinition") is not None):
        sheet.note(node, "own_attribute_unknown", own="to")
    elif not expressions.is_name(name) or (known is not None and name not in known):
        sheet.note(node, "name_unknown", source=name[:120], names=name[:60])


def _script(sheet: Sheet, node: Any, known: frozenset[str] | None) -> None:  # noqa: ANN401
    if node.get("scriptFormat", "").strip() not in _SCRIPTS:
        sheet.note(node, "script_format", value=node.get("scriptFormat")[:60])
        return
    source = text(one(node, "script"))
    _try(sheet, node, lambda: expressions.compile_script(source, known), code="script_invalid", source=source)


def _names_valid(sheet: Sheet, node: Any, found: Iterable[str]) -> None:  # noqa: ANN401
    for name in found:
        if not expressions.is_name(name):
            sheet.note(node, "name_invalid", value=name[:60])


def _collections(sheet: Sheet, process: Any, known: frozenset[str] | None) -> None:  # noqa: ANN401
    """Lists of activities that are done several times are process values, and their items may be."""
    items = associations.items(sheet.root)
    for node in process.iter(markup.BPMN + "loopDataInputRef", markup.BPMN + "loopDataOutputRef"):
        name = associations.collection(text(node), items)
        if name is None or (known is not None and name not in known):
            sheet.note(node, "name_unknown", source=text(node)[:120], names=name or text(node)[:60])
    for node in process.iter(markup.BPMN + "inputDataItem", markup.BPMN + "outputDataItem"):
        if associations.value_name(node, items) is None:
            sheet.note(node, "name_invalid", value=(node.get("name") or node.get("id", ""))[:60])


def _process(sheet: Sheet, process: Any, known: frozenset[str] | None) -> None:  # noqa: ANN401
    _names_valid(sheet, process, own(process, "values").split())
    for node in process.iter(*(markup.BPMN + name for name in _EXPRESSIONS)):
        _expression(sheet, node, known)
    _collections(sheet, process, known)
    for node in process.iter(markup.BPMN + "timerEventDefinition"):
        _timer(sheet, node, known)
    for node in process.iter(markup.BPMN + "scriptTask"):
        _script(sheet, node, known)
    for node in process.iter(*markup.FLOW_NODES):
        if own(node, "deadline"):
            _deadline(sheet, node, known)
        if own(node, "to"):
            _other_case(sheet, node, known)


def _compiler(source: str, known: frozenset[str] | None) -> Callable[[], Any]:
    return lambda: expressions.compile_expression(source, known)


def check(sheet: Sheet, found: Names) -> None:
    """Notes every expression, timer and script that cannot be evaluated or reads what nobody gives."""
    for process in sheet.processes:
        _process(sheet, process, found.known(process.get("id", "")))
