"""Small diagrams in a few words, and the linter's judgement of them."""

from __future__ import annotations

import itertools

from workflows import linter

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:d="https://drehscheibe.example/bpmn/1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:other="urn:other" targetNamespace="x">'
)
START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'
TASK = '<userTask id="a" name="A" d:role="KS"/>'
TIMER = "<timerEventDefinition><timeDuration>{}</timeDuration></timerEventDefinition>"
MESSAGE = '<message id="m" name="M"/>'


def flow(number, source, target, condition=None):
    inside = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    return f'<sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'


def chain(*nodes, into="", after=""):
    """A process in which these nodes follow each other from start to end; `after` adds what else there is."""
    names = ["s", *(node.split('id="', 1)[1].split('"', 1)[0] for node in nodes), "e"]
    flows = [flow(number, a, b) for number, (a, b) in enumerate(itertools.pairwise(names))]
    return "".join((into, START, *nodes, END, *flows, after))


def diagram(body, *, process="p", attributes='isExecutable="true"', root=""):
    return f'{HEAD}{root}<process id="{process}" name="P" {attributes}>{body}</process></definitions>'.encode()


def lint(body, **options):
    given = {"handlers": {"h.run": {"inputs": [], "outputs": ["out"], "mode": "inside"}}, "roles": frozenset({"KS"})}
    return linter.check({"p.bpmn": diagram(body, **options)}, **given)


def codes(problems):
    return {problem.code for problem in problems}


GATEWAY = (
    START,
    '<exclusiveGateway id="g"{}/>',
    '<userTask id="a" d:role="KS"/><userTask id="b" d:role="KS"/>',
    END,
    flow(1, "s", "g") + flow(4, "a", "e") + flow(5, "b", "e"),
)


def choice(*flows, attributes="", kind="exclusiveGateway"):
    return "".join(GATEWAY).format(attributes).replace("exclusiveGateway", kind) + "".join(flows)
