"""A process named like that of a case, small enough for tests of casework: it waits, then asks the reception."""

from __future__ import annotations

DIAGRAM = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:d="https://drehscheibe.example/bpmn/1"
                  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="small" targetNamespace="https://drehscheibe.example/bpmn">
  <bpmn:process id="case" name="Fall" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:outgoing>one</bpmn:outgoing></bpmn:startEvent>
    <bpmn:intermediateCatchEvent id="wait" name="Warten">
      <bpmn:incoming>one</bpmn:incoming><bpmn:outgoing>two</bpmn:outgoing>
      <bpmn:timerEventDefinition id="timer">
        <bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P14D</bpmn:timeDuration>
      </bpmn:timerEventDefinition>
    </bpmn:intermediateCatchEvent>
    <bpmn:userTask id="talk" name="Gespr\xc3\xa4ch" d:role="KS">
      <bpmn:incoming>two</bpmn:incoming><bpmn:outgoing>three</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="end"><bpmn:incoming>three</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="one" sourceRef="begin" targetRef="wait" />
    <bpmn:sequenceFlow id="two" sourceRef="wait" targetRef="talk" />
    <bpmn:sequenceFlow id="three" sourceRef="talk" targetRef="end" />
  </bpmn:process>
</bpmn:definitions>
"""
# It begins at the desk or after a call.
TWO_BEGINNINGS = DIAGRAM.replace(b'id="begin"', b'id="begin" name="Am Schalter"').replace(
    b"</bpmn:process>",
    b'<bpmn:startEvent id="called" name="Nach einem Anruf" d:nameEn="After a call"/>'
    b'<bpmn:sequenceFlow id="four" sourceRef="called" targetRef="talk"/></bpmn:process>',
)
