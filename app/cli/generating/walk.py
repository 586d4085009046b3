"""One client's way through the deployed processes, as the staff goes it: form, writer, engine, timers on their days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.casework import queries, writers
from app.casework import service as casework
from app.casework.arrivals import rows
from app.casework.cases import service as cases
from app.casework.clients import service as clients
from app.casework.records import service as records
from app.cli.generating import answers
from app.office import dates
from app.office import queries as offices
from workflows import definitions, engine, forms
from workflows.errors import StepFailed
from workflows.handlers import Actor
from workflows.models import Ended, Instance, Task, Waiting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from sqlalchemy.orm import Session

HOUR = timedelta(hours=9)
TALKS = ("book_first_talk", "profile_interview", "profile_joint_vm", "profile_joint_fm", "anamnesis_talk", "plan_draft")
PLAN = ("plan_consent", "plan_talk", "plan_representative")
# How many days a task lies before it is done, by whom it waits for: mostly within the office's deadlines.
DAYS = {
    "own": (0, 0, 0, 0, 1, 1, 2, 3), "partner": (0, 1, 1, 2, 2, 3, 5), "client": (1, 2, 4, 5, 7, 8, 10, 13),
    "third": (6, 9, 12, 16, 21, 27),
}  # fmt: skip
SATURDAY = 5


class ExampleRefused(Exception):  # noqa: N818  says what is wrong
    """A form of an example does not take the usual answers: its id and the fields."""


class Staff:
    """Who holds which role in this office."""

    def __init__(self, session: Session) -> None:
        self.people = [
            Actor(login.account_id, login.name, frozenset(login.roles), login.partner)
            for login in offices.logins(session)
            if login.account_id is not None
        ]

    def holder(self, role: str, *, other_than: int | None = None) -> Actor:
        """Somebody who holds the role, and is not this account."""
        return next(who for who in self.people if role in who.roles and who.id != other_than)


class Walk:
    """A life of a case; `now` moves with `until`. With a `pace` each task lies some days before it is done."""

    pace: Random | None = None

    def __init__(self, session: Session, staff: Staff, record: Mapping[str, str]) -> None:
        self.session, self.staff = session, staff
        line = rows.read(record)
        self.arrived = line.reference_date
        self.now: datetime = dates.start_of(self.arrived) + HOUR
        reception = staff.holder("KS")
        self.client_id = clients.store(session, line.registration, actor=reception, now=self.now)
        self.case_id = cases.open_imported(
            session, self.client_id, reference_date=self.arrived, actor=reception, now=self.now
        )
        session.flush()
        self.before = int(session.scalar(select(func.max(Ended.id))) or 0)

    @property
    def today(self) -> date:
        """The day in the office."""
        return dates.day_of(self.now)

    @property
    def case(self) -> Any:  # noqa: ANN401  the row
        """The row of the case."""
        return queries.case_file(self.session, self.case_id)

    def tasks(self) -> dict[str, Task]:
        """The open tasks by element."""
        found = select(Task).where(Task.subject == str(self.case_id)).execution_options(populate_existing=True)
        return {task.element: task for task in self.session.scalars(found)}

    def do(self, element: str, **typed: object) -> Walk:
        """Fills in the form of an open task with the usual answers and these, and completes it."""
        self._lie(element)
        task = self.tasks()[element]
        who = self.staff.holder(task.role, other_than=task.excluded_id)
        form = self._form(task)
        data = answers.for_form(form.id, self.today) | typed
        sent = forms.submit(
            form, {key: value if isinstance(value, list) else [str(value)] for key, value in data.items()},
            values={}, options={"open_matches": []}, today=self.today,
        )  # fmt: skip
        if sent.errors:
            raise ExampleRefused(form.id, sorted(sent.errors))
        engine.complete(
            self.session, task.id, actor=who, values=sent.process, now=self.now,
            store=lambda session: self._store(session, form, sent, actor=who, element=element),
        )  # fmt: skip
        self.session.flush()
        return self

    def _lie(self, element: str) -> None:
        """Days pass in which nobody gets to the task; nobody works at the weekend."""
        if self.pace is None:
            return
        day = self.today + timedelta(self.pace.choice(DAYS[self.tasks()[element].waits_for]))
        if day > self.today:
            self.until(day + timedelta(max(0, 7 - day.weekday()) if day.weekday() >= SATURDAY else 0))

    def ended(self) -> list[dict[str, Any]]:
        """The tasks of this life that are no longer open, as the engine counts them."""
        rows = select(Ended).where(Ended.id > self.before).order_by(Ended.id)
        return [
            {name: getattr(row, name) for name in Ended.__table__.columns.keys() if name != "id"}  # noqa: SIM118  not a dict
            for row in self.session.scalars(rows)
        ]

    def _form(self, task: Task) -> forms.Form:
        found = self.session.scalar(select(Instance.definition_id).where(Instance.id == task.instance_id))
        assert found is not None
        return definitions.form(self.session, found, task.form or "")

    def _store(self, session: Session, form: forms.Form, sent: Any, *, actor: Actor, element: str) -> None:  # noqa: ANN401
        who: Any = {"actor": actor, "now": self.now}
        if form.writer:
            writers.WRITERS[form.writer](
                session, case_id=self.case_id, values=sent.case, element=element, process=sent.process, **who
            )
            return
        values: dict[str, dict[str, object]] = {}
        for field in form.inputs():
            if field.target == "case":
                values.setdefault(field.category, {})[field.key] = sent.case.get(field.key)
        records.record(session, self.case_id, kind=form.id, section=element, values=values, **who)

    def all_of(self, *elements: str) -> Walk:
        """Completes those of these steps that are open, in this order."""
        for element in elements:
            if element in self.tasks():
                self.do(element)
        return self

    def later(self, days: int) -> Walk:
        """Some days pass; what becomes due acts on its own day."""
        return self.until(self.today + timedelta(days))

    def until(self, day: date) -> Walk:
        """Time passes until this day."""
        target = dates.start_of(day) + HOUR
        wait = select(Waiting.due_at).where(Waiting.instance_id == self.case.instance_id, Waiting.due_at <= target)
        while due := self.session.scalar(wait.order_by(Waiting.due_at).limit(1)):
            self.now = max(self.now, due)
            engine.wake(self.session, self.case.instance_id, now=self.now)
            self.session.flush()
        self.now = target
        return self

    def lead(self) -> Actor:
        """Whoever leads the case."""
        return self.staff.holder(self.case.lead)

    def claim(self, element: str) -> Walk:
        """Somebody takes the task."""
        task = self.tasks()[element]
        engine.claim(self.session, task.id, actor=self.staff.holder(task.role), now=self.now)
        return self

    def hold(self, element: str, days: int) -> Walk:
        """The task is put aside."""
        self.claim(element)
        task, until = self.tasks()[element], self.now + timedelta(days)
        who = self.staff.holder(task.role)
        engine.hold(self.session, task.id, until=until, reason="Unterlagen angefordert", actor=who, now=self.now)
        return self

    def pause(self, days: int) -> Walk:
        """The case rests."""
        until = self.today + timedelta(days)
        casework.pause(
            self.session, self.case_id, until=until, reason="illness", remark="", actor=self.lead(), now=self.now
        )
        return self

    def reopen(self) -> Walk:
        """The client comes back after the end."""
        casework.reopen(
            self.session, self.case_id, reason="Arbeit wieder verloren", actor=self.staff.holder("KS"), now=self.now
        )
        return self

    def fail(self, element: str, name: str) -> Walk:
        """A step fails, as the runner tells it."""
        failed = StepFailed(element, name, "broken", self.case.instance_id)
        engine.record_incident(self.session, failed, now=self.now)
        return self
