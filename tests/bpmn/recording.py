"""Scenarios of the player recorded from walks with the real forms, writers, handlers and database."""

from __future__ import annotations

import json

from sqlalchemy import select

from tests.bpmn import walking
from workflows import models

FOLDER = walking.FOLDER / "scenarios"


class Recorded(walking.Walk):
    """A walk that notes what it does as steps of a scenario."""

    def __init__(self, session, registry):
        super().__init__(session, registry)
        self.steps = []
        self.began = self.reached = None

    def arrive(self, number="", **changed):
        super().arrive(number, **changed)
        self.began = self.reached = self.now
        return self

    def do(self, element, **given):
        self._advance()
        sent = super().do(element, **given)
        step = {"complete": element}
        if sent.process:
            step["values"] = sent.process
        self.steps.append(step)
        return sent

    def _advance(self):
        passed = self.now - self.reached
        if passed.total_seconds():
            hours, seconds = divmod(int(passed.total_seconds()), 3600)
            time = f"{hours}H" + (f"{seconds}S" if seconds else "")
            self.steps.append({"advance": f"PT{time}"})
            self.reached = self.now

    def scenario(self, description):
        """What happened, as a scenario with the answers of all services and what it led to."""
        self._advance()
        columns = models.Entry.__table__.c
        found = self.session.execute(
            select(columns.kind, columns.element, columns.detail)
            .where(columns.instance_id == self.case.instance_id)
            .order_by(columns.sequence)
        ).all()
        answers = {}
        for row in found:
            if row.kind == "handler_run":
                answers.setdefault(row.element, []).append(row.detail["outputs"])
        completed = any(row.kind == "completed" for row in found)
        return {
            "description": description,
            "process": "case",
            "now": self.began.isoformat(),
            "data": found[0].detail["values"],
            "answers": answers,
            "steps": self.steps,
            "expect": {
                "outcome": "completed" if completed else "waiting",
                "passed": [row.element for row in found if row.kind in {"task_completed", "handler_run"}],
            },
        }


def declared(registry):
    """The handlers as the player is told of them."""
    return {name: registry.get(name) for name in registry.names()}


def text(scenario):
    """A scenario as it stands in its file."""
    return json.dumps(scenario, ensure_ascii=False, indent=1) + "\n"
