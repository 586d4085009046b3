# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""Diagrams in a few words, and walks through them without a database."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from workflows import (
    clock,
    compaction,
    definitions,
    errors,
    events,
    handlers,
    instances,
    models,
    parser,
    serializer,
    specs,
    steps,
    values,
)

NOW = datetime(2004, 1, 5, 8, tzinfo=UTC)
DAYS = re.compile(r"tage\((\d+)\)")
ISO = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


class PlainCalendar:
    """Counts calendar days and ISO durations; a name stands for a value."""

    def due(self, expression, start, values):
        if match := DAYS.fullmatch(expression):
            return start + timedelta(days=int(match[1]))
        if expression.startswith("P") and (match := ISO.fullmatch(expression)):
            days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
            return start + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        text = values.get(expression, expression)
        try:
            instant = datetime.fromisoformat(text)
        except (TypeError, ValueError):
            raise errors.ExpressionInvalid(expression, "not_a_time") from None
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def diagram(body: str, process: str = "p", more: str = "") -> bytes:
    """A file with one process, given as shorthand XML without prefixes: `<u id="a"/> <f a="start" b="a"/>`."""
    kinds = {
        "u": "userTask", "x": "exclusiveGateway", "and": "parallelGateway", "or": "inclusiveGateway", "start": "startEvent",
        "end": "endEvent", "s": "serviceTask", "call": "callActivity", "catch": "intermediateCatchEvent", "b": "boundaryEvent",
        "st": "scriptTask", "sub": "subProcess", "ebg": "eventBasedGateway", "throw": "intermediateThrowEvent",
    }  # fmt: skip
    body = re.sub(r'<f a="(\w+)" b="(\w+)"(?: id="(\w+)")?(?: if="([^"]*)")?/>', _flow, body)
    for short, long in kinds.items():
        body = re.sub(rf"<(/?){short}(?=[ />])", rf"<\1bpmn:{long}", body)
    body = re.sub(
        r"<(/?)(timer|message|signal|terminate|error|escalation|conditional)(?=[ />])",
        r"<\1bpmn:\2EventDefinition",
        body,
    )
    body = re.sub(r"<(/?)(timeDuration|timeDate|timeCycle|script|multiInstanceLoopCharacteristics|loopCardinality"
                  r"|standardLoopCharacteristics|loopCondition|laneSet|lane|flowNodeRef|loopDataInputRef|inputDataItem|condition"
                  r"|adHocSubProcess|completionCondition)(?=[ />])",
                  r"<\1bpmn:\2", body)  # fmt: skip
    return (
        '<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:d="https://drehscheibe.example/bpmn/1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'id="defs_{process}" targetNamespace="https://drehscheibe.example/tests">{more}'
        f'<bpmn:process id="{process}" name="{process}" isExecutable="true">{body}</bpmn:process></bpmn:definitions>'
    ).encode()


def _flow(match: re.Match[str]) -> str:
    source, target, name, condition = match.groups()
    name = name or f"f_{source}_{target}"
    inner = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}</bpmn:conditionExpression>'
        if condition
        else ""
    )
    return f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'


class Walk:
    """One instance without a database: completes tasks, moves time; compacts or not; is stored and restored at each step or not."""

    def __init__(self, parsed, *, compacted, given=None, registry=None, stored=True, start=""):
        self.specs = parsed
        self.compacted = compacted
        self.stored = stored
        self.registry = registry or handlers.Registry()
        self.now = NOW
        self.passed = set()
        self.workflow = serializer.fresh(parsed, start=start)
        with clock.at(self.now, PlainCalendar()):
            values.write(self.workflow.task_tree, given or {})
            self._settle(self._work())

    @classmethod
    def restored(cls, parsed, document, *, version):
        """A walk that goes on from a stored document."""
        walk = cls.__new__(cls)
        walk.specs, walk.compacted, walk.stored, walk.registry, walk.now = parsed, True, True, handlers.Registry(), NOW
        walk.passed = set()
        walk.workflow = serializer.load(document, parsed, version=version)
        return walk

    def _work(self):
        locked = instances.Locked(1, 1, "1", "running", b"", 1, 0, b"", NOW, False)
        environment = handlers.Environment(self.registry, PlainCalendar())
        return steps.Work(None, environment, locked, self.specs, self.workflow, handlers.SYSTEM, self.now)

    def _settle(self, work):
        self.steps = work
        steps.advance(work)
        self.passed |= {element for elements in work.passed.values() for element in elements}
        if self.compacted:
            compaction.compact(self.workflow)
        if self.stored:
            self.workflow = serializer.load(serializer.dump(self.workflow), self.specs)

    def open(self):
        """The tasks of people: name in the diagram and, for several of one name, which; sorted."""
        found = [task for frame in steps.frames(self.workflow) for task in frame.tasks.values()
                 if task.state == 16 and task.task_spec.manual and not self.workflow.completed]  # fmt: skip
        # An offered step and what it leads to may look the same: they are told apart by their parts in the normal form.
        return sorted(found, key=lambda task: (
            task.task_spec.bpmn_id, repr(sorted(values.visible(task.data).items())), task.task_spec.name))  # fmt: skip

    def timers(self):
        waiting = self.workflow.event_manager.tasks.values()
        return sorted((pending.due_at, pending.element) for task in waiting for pending in specs.pending(task))

    def complete(self, number, given=None):
        task = self.open()[number]
        with clock.at(self.now, PlainCalendar()):
            work = self._work()
            values.write(task, given or {})
            steps.step(work, task)
            self._settle(work)

    def move(self, now):
        self.now = now
        with clock.at(now, PlainCalendar()):
            work = self._work()
            events.fire(work)
            self._settle(work)

    def days(self, number):
        """So many days pass."""
        self.move(self.now + timedelta(number))

    def receive(self, kind, name, payload=None):
        """Brings a message or a signal from outside; whether somebody waited for it."""
        with clock.at(self.now, PlainCalendar()):
            work = self._work()
            taken = events.catch(work, models.WaitingKind(kind), name, payload or {})
            self._settle(work)
        return taken

    def picture(self):
        """What people and events can see of it."""
        return {
            "open": [(task.task_spec.bpmn_id, values.visible(task.data)) for task in self.open()],
            "timers": self.timers(),
            "completed": self.workflow.completed,
            "data": values.visible(self.workflow.data) if self.workflow.completed else None,
        }

    def size(self):
        return sum(len(frame.tasks) for frame in steps.frames(self.workflow))


def parsed(*files: bytes, process: str = "p"):
    """The specs of this process out of these files."""
    return parser.parse({f"f{number}.bpmn": content for number, content in enumerate(files)})[process]


def install(session, files):
    """Stores files as definitions as a deployment does, without asking the linter (the tests run what it may refuse, too)."""
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    for name, content in files.items():
        if session.get(models.Source, hashes[name]) is None:
            session.add(models.Source(hash=hashes[name], content=content))
    for process in parser.parse(files):
        digest = hashlib.sha256("".join(hashes.values()).encode()).hexdigest()
        last = session.scalar(select(func.max(models.Definition.version)).where(models.Definition.process == process))
        known = {"process": process, "version": (last or 0) + 1, "hash": digest, "name": process, "files": hashes}
        session.add(models.Definition(**known, deployed_at=NOW, deployed_by="Test"))
    definitions.forget()
    session.flush()
