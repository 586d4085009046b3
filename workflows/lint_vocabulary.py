"""The words that a diagram may use: every element with its attributes and children. All else is refused."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from lxml import etree

from workflows import markup
from workflows.lint_sheet import Sheet, children, is_bpmn, name_of
from workflows.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MOST_FOREIGN = 10
FREE = ""  # an attribute that may say anything


@dataclass(frozen=True, slots=True)
class Word:
    """What an element may carry: attributes (with the only values allowed, if not all) and children."""

    attributes: Mapping[str, frozenset[str]]
    children: frozenset[str]
    own: frozenset[str]


def _word(attributes: str = "", inside: Iterable[str] = (), own: str = "", **only: str) -> Word:
    allowed = {name: frozenset[str]() for name in ("id", *attributes.split())}
    allowed |= {name: frozenset(values.split()) for name, values in only.items()}
    return Word(MappingProxyType(allowed), frozenset({*_EVERYWHERE, *inside}), frozenset(own.split()))


_EVERYWHERE = ("documentation", "extensionElements")
_NODE = ("incoming", "outgoing", "auditing", "monitoring", "categoryValueRef")
_LOOPS = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")
_NO, _YES, _EITHER = "false 0", "true 1", "true 1 false 0"
_ITEMS = ("loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem")
_COPIES = ("sourceRef", "targetRef", "transformation", "assignment")
_CAUGHT = "timer message signal conditional"
_OFFERED = "role nameEn data purpose"
_ONCE = {"startQuantity": "1", "completionQuantity": "1", "isForCompensation": _EITHER}
_PLAIN = "##unspecified ##WebService ##HumanTaskWebService ##BusinessRuleWebService"
_ARTIFACTS = ("textAnnotation", "association", "group")
_SUPPORTED_NODES = (
    *(*markup.TASKS, "subProcess", "transaction", "adHocSubProcess", "callActivity", *markup.EVENTS),
    *("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"),
)
_CONTENT = (
    *_SUPPORTED_NODES,
    "sequenceFlow",
    "laneSet",
    "dataObject",
    "dataObjectReference",
    "dataStoreReference",
    *_ARTIFACTS,
)
_PERSONAL = "role form deadline waitsFor priority distinctFrom nameEn data purpose"
_DATA = ("ioSpecification", "property", "dataInputAssociation", "dataOutputAssociation")
_GIVES = ("dataOutput", "dataOutputAssociation", "outputSet")
_TAKES = ("dataInput", "dataInputAssociation", "inputSet")
_ITEM = "name itemSubjectRef isCollection"


def _activity(attributes: str = "", inside: Iterable[str] = (), own: str = "nameEn", **only: str) -> Word:
    inside = (*_NODE, *_LOOPS, *_DATA, *inside)
    return _word(f"name default {attributes}", inside, f"{own} fourEyes", **_ONCE, **only)


def _event(definitions: str, attributes: str = "", data: Iterable[str] = _GIVES, own: str = "", **only: str) -> Word:
    inside = (*_NODE, *data, "eventDefinitionRef", *(f"{name}EventDefinition" for name in definitions.split()))
    return _word(f"name {attributes}", inside, f"nameEn {own}", **only)


def _gateway(attributes: str = "", **only: str) -> Word:
    directions = "Unspecified Converging Diverging Mixed"
    return _word(f"name {attributes}", _NODE, "nameEn", gatewayDirection=directions, **only)


WORDS: Mapping[str, Word] = MappingProxyType(
    {
        "definitions": _word(
            "name targetNamespace expressionLanguage typeLanguage exporter exporterVersion",
            (
                "process",
                "collaboration",
                "message",
                "signal",
                "itemDefinition",
                "category",
                "error",
                "escalation",
                "dataStore",
            ),
        ),
        "process": _word(
            "name isExecutable isClosed",
            (*_CONTENT, "property", "ioSpecification", "auditing", "monitoring"),
            "nameEn values",
            processType="None Public Private none public private",
        ),
        "collaboration": _word("name isClosed", ("participant", "messageFlow", *_ARTIFACTS), "nameEn"),
        "participant": _word("name processRef", ("participantMultiplicity",), "nameEn"),
        "participantMultiplicity": _word(minimum="0 1", maximum="1"),
        "messageFlow": _word("name sourceRef targetRef messageRef", (), "nameEn"),
        "message": _word("name itemRef", (), "nameEn"),
        "signal": _word("name structureRef", (), "nameEn"),
        "error": _word("name errorCode structureRef"),
        "escalation": _word("name escalationCode structureRef"),
        "itemDefinition": _word("structureRef isCollection", itemKind="Information Physical"),
        "category": _word("name", ("categoryValue",)),
        "categoryValue": _word("value"),
        "categoryValueRef": _word(),
        "laneSet": _word("name", ("lane",)),
        "lane": _word("name", ("flowNodeRef", "childLaneSet"), "role nameEn"),
        "childLaneSet": _word("name", ("lane",)),
        "flowNodeRef": _word(),
        "incoming": _word(),
        "outgoing": _word(),
        "auditing": _word(),
        "monitoring": _word(),
        "sequenceFlow": _word(
            "name sourceRef targetRef", ("conditionExpression", *_NODE[2:]), "nameEn", isImmediate=_YES
        ),
        "conditionExpression": _word("language evaluatesToTypeRef"),
        "task": _activity(own=_OFFERED),
        "userTask": _activity(own=_PERSONAL, implementation=_PLAIN),
        "manualTask": _activity(own=_PERSONAL),
        "serviceTask": _activity(own=f"handler {_OFFERED}", implementation=_PLAIN),
        "businessRuleTask": _activity(own=f"handler {_OFFERED}", implementation=_PLAIN),
        "sendTask": _activity("messageRef", own=f"handler to {_OFFERED}", implementation=_PLAIN),
        "receiveTask": _activity("messageRef", instantiate=_EITHER, implementation=_PLAIN),
        "scriptTask": _activity("scriptFormat", ("script",), own=_OFFERED),
        "script": _word(),
        "callActivity": _activity("calledElement", own=f"start {_OFFERED}"),
        "subProcess": _activity(inside=_CONTENT, own=_OFFERED, triggeredByEvent=_EITHER),
        "transaction": _activity(inside=_CONTENT, own=_OFFERED, triggeredByEvent=_NO, method="##Compensate"),
        "adHocSubProcess": _activity(
            inside=(*_CONTENT, "completionCondition"),
            own=_OFFERED,
            triggeredByEvent=_NO,
            ordering="Parallel Sequential",
            cancelRemainingInstances=_EITHER,
        ),
        "multiInstanceLoopCharacteristics": _word(
            inside=("loopCardinality", "completionCondition", *_ITEMS), isSequential=_EITHER, behavior="All"
        ),
        "loopDataInputRef": _word(),
        "loopDataOutputRef": _word(),
        **{name: _word(_ITEM) for name in ("inputDataItem", "outputDataItem")},
        "standardLoopCharacteristics": _word("testBefore loopMaximum", ("loopCondition",)),
        **{
            name: _word("language evaluatesToTypeRef")
            for name in ("loopCardinality", "loopCondition", "completionCondition")
        },
        "startEvent": _event(f"{_CAUGHT} error escalation", parallelMultiple=_NO, isInterrupting=_EITHER),
        "endEvent": _event("terminate message signal error escalation compensate cancel", data=_TAKES, own="to"),
        "intermediateCatchEvent": _event(f"{_CAUGHT} link", parallelMultiple=_EITHER),
        "intermediateThrowEvent": _event("message signal escalation link compensate", data=_TAKES, own="to"),
        "boundaryEvent": _event(
            f"{_CAUGHT} error escalation compensate cancel",
            "attachedToRef",
            parallelMultiple=_NO,
            cancelActivity=_EITHER,
        ),
        "terminateEventDefinition": _word(),
        "messageEventDefinition": _word("messageRef"),
        "signalEventDefinition": _word("signalRef"),
        "errorEventDefinition": _word("errorRef"),
        "escalationEventDefinition": _word("escalationRef"),
        "cancelEventDefinition": _word(),
        "compensateEventDefinition": _word("activityRef", waitForCompletion=_YES),
        "conditionalEventDefinition": _word("", ("condition",)),
        "condition": _word("language evaluatesToTypeRef"),
        "linkEventDefinition": _word("name", ("source", "target")),
        "source": _word(),
        "target": _word(),
        # Those that lead somewhere have been followed when the file was read.
        "eventDefinitionRef": _word(),
        "timerEventDefinition": _word("", ("timeDate", "timeDuration", "timeCycle")),
        **{name: _word("language evaluatesToTypeRef") for name in ("timeDate", "timeDuration", "timeCycle")},
        "exclusiveGateway": _gateway("default"),
        "inclusiveGateway": _gateway("default"),
        "parallelGateway": _gateway(),
        "eventBasedGateway": _gateway(instantiate=_EITHER, eventGatewayType="Exclusive"),
        "ioSpecification": _word("", ("dataInput", "dataOutput", "inputSet", "outputSet")),
        "dataInput": _word(_ITEM, ("dataState",)),
        "dataOutput": _word(_ITEM, ("dataState",)),
        "property": _word("name itemSubjectRef", ("dataState",)),
        "inputSet": _word("name", ("dataInputRefs", "optionalInputRefs")),
        "outputSet": _word("name", ("dataOutputRefs",)),
        "dataInputRefs": _word(),
        "optionalInputRefs": _word(),
        "dataOutputRefs": _word(),
        "dataInputAssociation": _word("", _COPIES),
        "dataOutputAssociation": _word("", _COPIES),
        "sourceRef": _word(),
        "targetRef": _word(),
        "assignment": _word("", ("from", "to")),
        **{name: _word("language evaluatesToTypeRef") for name in ("transformation", "from", "to")},
        "dataObject": _word("name itemSubjectRef isCollection", ("dataState",)),
        "dataObjectReference": _word("name itemSubjectRef dataObjectRef", ("dataState",)),
        # A store is only drawn: what would be read from it or written to it is refused.
        "dataStore": _word("name capacity isUnlimited itemSubjectRef", ("dataState",)),
        "dataStoreReference": _word("name itemSubjectRef dataStoreRef", ("dataState",)),
        "dataState": _word("name"),
        "textAnnotation": _word("textFormat", ("text",), "nameEn"),
        "text": _word(),
        "association": _word("sourceRef targetRef", associationDirection="None One Both"),
        "group": _word("categoryValueRef"),
    }
)

# Why some elements are refused, and what to draw instead, is worth a text of its own.
REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "complexGateway": "refused_complex_gateway",
        "potentialOwner": "refused_resource",
        "humanPerformer": "refused_resource",
        "performer": "refused_resource",
        "resourceRole": "refused_resource",
        "resource": "refused_resource",
        "import": "refused_import",
        **dict.fromkeys(
            (
                *("correlationKey", "correlationProperty", "correlationPropertyBinding", "correlationSubscription"),
                "correlationPropertyRetrievalExpression",
            ),
            "refused_correlation",
        ),
        **dict.fromkeys(
            ("globalTask", "globalUserTask", "globalManualTask", "globalScriptTask", "globalBusinessRuleTask"),
            "refused_global",
        ),
        **dict.fromkeys(
            (
                *("choreography", "choreographyTask", "callChoreography", "subChoreography", "globalChoreographyTask"),
                *("conversation", "callConversation", "subConversation", "globalConversation", "conversationLink"),
                "conversationAssociation",
            ),
            "refused_choreography",
        ),
        "extension": "refused_extension",
    }
)
_ATTRIBUTE_CODES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("eventBasedGateway", "eventGatewayType"): "refused_parallel_events",
        **{(name, "parallelMultiple"): "refused_parallel_events" for name in markup.EVENTS},
    }
)


def _refusal(parent: Any, child: Any) -> str:  # noqa: ANN401
    name = name_of(child)
    if name_of(parent) in markup.EVENTS and name.endswith("EventDefinition") and name in WORDS:
        return "event_kind"
    return REFUSED.get(name, "element_misplaced" if name in WORDS else "element_unknown")


def _attributes(sheet: Sheet, node: Any, word: Word) -> None:  # noqa: ANN401
    for key, value in node.attrib.items():
        namespace, name = etree.QName(key).namespace, etree.QName(key).localname
        if namespace == markup.OWN_NS:
            if name not in word.own:
                sheet.note(node, "own_attribute_unknown", own=name)
        elif namespace in {None, markup.BPMN_NS}:
            if name not in word.attributes or namespace:
                sheet.note(node, "attribute_unknown", attribute=name, value=value[:60])
            elif word.attributes[name] and value.strip() not in word.attributes[name]:
                code = _ATTRIBUTE_CODES.get((name_of(node), name), "attribute_value")
                sheet.note(node, code, attribute=name, value=value[:60])


def _children(sheet: Sheet, node: Any, word: Word) -> list[Any]:  # noqa: ANN401
    """The children to look into; those that may not stand here are noted and left alone."""
    allowed = []
    for child in children(node):
        if name_of(child) in word.children:
            allowed.append(child)
        else:
            sheet.note(child, _refusal(node, child), parent=name_of(node))
    return allowed


def tell_foreign(sheet: Sheet, found: Mapping[str, str]) -> None:
    """Tells which namespaces of other tools stand in a file: the standard lets them, and here they have no effect."""
    for namespace, element in list(found.items())[:_MOST_FOREIGN]:
        problem = Problem(element, "foreign_no_effect", {"value": namespace[:120]}, "warning", sheet.file)
        sheet.problems.append(problem)


def check(sheet: Sheet) -> None:
    """Notes every element, attribute or value that is not known to behave."""
    if not is_bpmn(sheet.root) or name_of(sheet.root) != "definitions":
        sheet.note(sheet.root, "not_bpmn")
        return
    pending = [sheet.root]
    while pending:
        node = pending.pop()
        if name_of(node) in _EVERYWHERE:
            # What stands here is for people or for other tools; it is kept and never looked at.
            continue
        word = WORDS[name_of(node)]
        _attributes(sheet, node, word)
        pending += reversed(_children(sheet, node, word))
