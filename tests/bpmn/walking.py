"""Walks a client through the deployed processes as the staff would: each step through form, writer and engine."""

from __future__ import annotations

import csv
import functools
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from app.casework import queries, writers
from app.casework.arrivals import rows
from app.casework.cases import service as cases
from app.casework.clients import service as clients
from app.casework.records import service as records
from app.office import dates
from app.office import service as offices
from tests.bpmn import answers
from workflows import definitions, engine, forms
from workflows.handlers import Actor
from workflows.models import Instance, Task, Waiting
from workflows.problems import Known

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "bpmn"
ROLES = frozenset({"KS", "BFK", "FM", "VM", "FB5", "LTG_STADT", "LTG_AA", "PD", "DSB_STADT", "DSB_AA", "ADM"})
PARTNERS = {"KS": "AA", "VM": "AA", "LTG_AA": "AA"}
IDS = {role: number for number, role in enumerate(sorted(ROLES), start=1)}
PROFILE = "bergisch_gladbach_2004"
OPENING = dates.start_of(date(2004, 1, 5)) + timedelta(hours=9)


def files() -> dict[str, bytes]:
    """What is shipped: diagrams and forms by their names."""
    found = [*FOLDER.glob("*.bpmn"), *FOLDER.glob("forms/*.json")]
    return {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in found}


def known(registry) -> Known:
    """What diagrams may name."""
    return Known(handlers={name: registry.get(name) for name in registry.names()}, roles=ROLES)


@functools.cache
def vignettes() -> dict[str, dict[str, str]]:
    """The invented clients of the office of 2004 by number."""
    path = ROOT / "app" / "office" / "profiles" / PROFILE / "clients.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["id"]: row for row in csv.DictReader(lines, delimiter=";")}


def person(role: str, number: int = 0) -> Actor:
    """Somebody who holds this role; another number is another person."""
    return Actor(IDS[role] + 100 * number, f"{role} {number}", frozenset({role}), PARTNERS.get(role, "STADT"))


def open_office(session, registry):
    """Loads the shipped office and deploys its processes."""
    offices.load(session, PROFILE, OPENING)
    definitions.deploy(session, files(), known=known(registry), now=OPENING, by="test")


class Walk:
    """One client's way. `now` moves with `until`, which fires what is due on its own day."""

    def __init__(self, session, registry):
        self.session = session
        self.registry = registry
        self.now = OPENING
        self.case_id = 0

    def deploy(self, changed):
        """Deploys what is shipped, with these files changed."""
        definitions.deploy(self.session, files() | changed, known=known(self.registry), now=self.now, by="test")

    @property
    def today(self) -> date:
        """The office's day."""
        return dates.day_of(self.now)

    def arrive(self, number="", **changed):
        """Opens the case of a vignette, or of a record like it, on its Stichtag."""
        row = dict(vignettes()[number or "V01"]) | changed
        line = rows.read(row)
        self.now = dates.start_of(line.reference_date) + timedelta(hours=9)
        client = clients.store(self.session, line.registration, actor=person("KS"), now=self.now)
        self.case_id = cases.open_imported(
            self.session, client, reference_date=line.reference_date, actor=person("KS"), now=self.now
        )
        return self

    def tasks(self) -> dict[str, Task]:
        """The open tasks of the case by element."""
        found = select(Task).where(Task.subject == str(self.case_id)).execution_options(populate_existing=True)
        return {task.element: task for task in self.session.scalars(found)}

    def every_task(self) -> list[Task]:
        """All open tasks of the case, also where an element has several."""
        return list(self.session.scalars(select(Task).where(Task.subject == str(self.case_id)).order_by(Task.id)))

    @property
    def open(self) -> set[str]:
        """The elements of the open tasks."""
        return set(self.tasks())

    def do(self, element: str, *, by: Actor | None = None, **typed):
        """Fills in the form of an open task and completes it; returns the submission that was taken."""
        task = self.tasks()[element]
        form = self._form(task)
        sent = self.fill(form, typed)
        actor = by or person(task.role)
        engine.complete(
            self.session,
            task.id,
            actor=actor,
            values=sent.process,
            now=self.now,
            store=lambda session: self._store(session, form, sent, actor=actor, element=element),
        )
        self.session.flush()
        return sent

    def fill(self, form, typed):
        """The submission of this form with the usual answers and these."""
        data = answers.for_form(form.id, self.today) | typed
        data = {key: value if isinstance(value, list) else [str(value)] for key, value in data.items()}
        sent = forms.submit(form, data, values={}, options=self._options(), today=self.today)
        assert not sent.errors, (form.id, sent.errors)
        return sent

    def _form(self, task):
        definition_id = self.session.scalar(select(Instance.definition_id).where(Instance.id == task.instance_id))
        return definitions.form(self.session, definition_id, task.form)

    def _options(self):
        matches = queries.matches(self.session, self.case.client_id)
        return {"open_matches": [forms.Option(str(row.id), str(row.id), "") for row in matches]}

    def _store(self, session, form, sent, *, actor, element):
        who = {"actor": actor, "now": self.now}
        if form.writer:
            writers.WRITERS[form.writer](
                session, case_id=self.case_id, values=sent.case, element=element, process=sent.process, **who
            )
            return
        values = {}
        for field in form.inputs():
            if field.target == "case":
                values.setdefault(field.category, {})[field.key] = sent.case.get(field.key)
        records.record(session, self.case_id, kind=form.id, section=element, values=values, **who)

    def until(self, day: date):
        """Moves the office's date forward; what becomes due acts on its own day."""
        target = dates.start_of(day) + timedelta(hours=9)
        while due := self._next_due(target):
            self.now = max(self.now, due)
            engine.wake(self.session, self.case.instance_id, now=self.now)
        self.now = target
        return self

    def _next_due(self, target: datetime):
        found = select(Waiting.due_at).where(Waiting.instance_id == self.case.instance_id, Waiting.due_at <= target)
        return self.session.scalar(found.order_by(Waiting.due_at).limit(1))

    @property
    def case(self):
        """The row of the case."""
        return queries.case_file(self.session, self.case_id)

    def through_routing(self):
        """Confirms what the rules propose."""
        self.do("routing_confirm")
        return self

    def through_plan(self):
        """Talks, profile, social history where there is one, and the plan in force."""
        for element in ("book_first_talk", "profile_interview", "profile_joint_vm", "profile_joint_fm"):
            if element in self.open:
                self.do(element)
        for element in ("anamnesis_talk", "plan_draft", "plan_consent", "plan_talk", "plan_representative"):
            if element in self.open:
                self.do(element)
        return self
