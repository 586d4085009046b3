"""Diagrams of the conformance suite in a few words, and what must happen in them."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:d="https://drehscheibe.example/bpmn/1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'targetNamespace="https://drehscheibe.example/tests">'
)
_SHORT = {
    "start": "startEvent",
    "end": "endEvent",
    "user": "userTask",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
    "either": "eventBasedGateway",
    "sub": "subProcess",
    "call": "callActivity",
    "catch": "intermediateCatchEvent",
    "throw": "intermediateThrowEvent",
    "border": "boundaryEvent",
}
_WAY = re.compile(r"(\w+)(?:\[(.*?)\])?")


@dataclass(frozen=True)
class Case:
    """One behaviour: what it shows (see words.py), its diagram, and a walk through it.

    `steps` are the ids of tasks to complete (with values), "+2" for two days that pass, "!name" for a message and
    "?name" for a signal that come. `seen` is what people have to do at the beginning and after each step.
    """

    name: str
    shows: str
    body: str
    steps: tuple = ()
    seen: tuple = ()
    start: str = ""
    given: dict = field(default_factory=dict)
    data: dict | None = None
    root: str = ""
    called: dict = field(default_factory=dict)
    values: str = ""
    passed: str = ""
    pattern: str = ""

    @property
    def files(self) -> dict[str, bytes]:
        """The files of the diagram."""
        bodies = {"p": self.body, **self.called}
        return {f"{name}.bpmn": diagram(body, name, self.values, self.root).encode() for name, body in bodies.items()}


def diagram(body, process="p", values="", root=""):
    """A file in full."""
    return (
        f'{HEAD}{root}<process id="{process}" name="{process}" isExecutable="true" d:values="{values}">'
        f"{long(body, process)}</process></definitions>"
    )


def long(body, process):
    """Shorthand in full: `<user id="a"/>` with a role, `{a b c}` for flows from a to b to c, `[x > 1]` a condition."""
    counter = itertools.count()
    body = re.sub(r"\{([^{}]*)\}", lambda match: _flows(match[1], process, counter), body)
    for short, full in _SHORT.items():
        body = re.sub(rf"<(/?){short}(?=[ />])", rf"<\1{full}", body)
    body = re.sub(r"<(/?)(timer|message|signal|error|escalation|conditional|link|terminate|cancel|compensate)(?=[ />])",
                  r"<\1\2EventDefinition", body)  # fmt: skip
    return re.sub(r"<(userTask|manualTask) (?![^>]*d:role)", r'<\1 d:role="KS" ', body)


def _flows(text, process, counter):
    """`a b[x] c`: flows from a to b and from b to c, the first with the condition x; `a b/` the default of a."""
    names = [(match[1], match[2]) for match in _WAY.finditer(text)]
    return "".join(
        f'<sequenceFlow id="{process}_{source}_{target}" sourceRef="{source}" targetRef="{target}">'
        + (f'<conditionExpression xsi:type="tFormalExpression">{condition}</conditionExpression>' if condition else "")
        + "</sequenceFlow>"
        for ((source, _), (target, condition)), _number in zip(itertools.pairwise(names), counter, strict=False)
    )
