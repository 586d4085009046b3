# ruff: noqa: SIM905  lists of words read best as text
"""The elements of BPMN 2.0 (those that a file can hold), and what of them has no effect on a run."""

from __future__ import annotations

ELEMENTS = frozenset(
    """
    adHocSubProcess assignment association auditing boundaryEvent businessRuleTask callActivity callChoreography
    callConversation cancelEventDefinition category categoryValue choreography choreographyTask collaboration
    compensateEventDefinition complexBehaviorDefinition complexGateway conditionalEventDefinition conversation
    conversationAssociation conversationLink correlationKey correlationProperty correlationPropertyBinding
    correlationPropertyRetrievalExpression correlationSubscription dataInput dataInputAssociation dataObject
    dataObjectReference dataOutput dataOutputAssociation dataState dataStore dataStoreReference definitions
    documentation endEvent endPoint error errorEventDefinition escalation escalationEventDefinition eventBasedGateway
    exclusiveGateway extension extensionElements globalBusinessRuleTask globalChoreographyTask globalConversation
    globalManualTask globalScriptTask globalTask globalUserTask group humanPerformer implicitThrowEvent import
    inclusiveGateway inputSet interface intermediateCatchEvent intermediateThrowEvent ioBinding ioSpecification
    itemDefinition lane laneSet linkEventDefinition manualTask message messageEventDefinition messageFlow
    messageFlowAssociation monitoring multiInstanceLoopCharacteristics operation outputSet parallelGateway participant
    participantAssociation participantMultiplicity partnerEntity partnerRole performer potentialOwner process property
    receiveTask relationship rendering resource resourceAssignmentExpression resourceParameter
    resourceParameterBinding resourceRole script scriptTask sendTask sequenceFlow serviceTask signal
    signalEventDefinition standardLoopCharacteristics startEvent subChoreography subConversation subProcess
    supportedInterfaceRef supports task terminateEventDefinition text textAnnotation timerEventDefinition transaction
    userTask eventDefinitionRef
    """.split()
)

# What is drawn or noted for people and tools: the standard gives it no effect on a run, so it has none here.
NO_EFFECT = frozenset(
    """
    auditing category categoryValue categoryValueRef collaboration dataState definitions documentation
    extensionElements group incoming itemDefinition monitoring outgoing participant
    participantMultiplicity source target text textAnnotation dataStore dataStoreReference
    outputSet dataOutputRefs
    """.split()
)
# Attributes of the same kind, of any element.
NO_EFFECT_ATTRIBUTES = frozenset(
    """
    id name itemSubjectRef structureRef itemRef processType isClosed exporter exporterVersion typeLanguage
    targetNamespace expressionLanguage textFormat associationDirection categoryValueRef value itemKind isCollection
    minimum maximum sourceRef targetRef messageRef language evaluatesToTypeRef isImmediate implementation processRef
    partitionElementRef definitionalCollaborationRef definition title
    """.split()
)
# What the walks cannot show is shown against a database.
ELSEWHERE = {
    "messageFlow": "test_player_pools.py: a message goes where its flow leads, and to nobody else",
    "receiveTask.instantiate": "test_events.py: a receive task begins an instance",
    "startEvent": "test_start_timers.py: a cycle begins as often as it says and catches up",
    "eventBasedGateway.instantiate": "test_events.py: a gateway begins an instance with the event that comes",
}
# What one piece of code does for all activities is shown by one of them.
ALIKE = frozenset({"default", "isForCompensation"})
