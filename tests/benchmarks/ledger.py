"""Compares what people were told with what the database holds: nothing lost, nothing doubled, nothing half done.

`check` is for an office that has come to rest. Whatever it finds is told in words, with its place.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select, text

from tests.benchmarks.staff import ANSWERED, REFUSED
from workflows import clock, definitions, history, instances, projection, serializer
from workflows.handlers import environment_of
from workflows.models import Instance, InstanceStatus, Task, Waiting

# How often each act stands in the database, by what names it once.
FOUND = {
    "complete": "SELECT task_id::text, count(*) FROM workflow_entry WHERE kind = 'task_completed' GROUP BY 1",
    "comment": "SELECT text, count(*) FROM comment GROUP BY 1",
    "register": "SELECT family_name, count(*) FROM client GROUP BY 1",
    "claim": "SELECT e.task_id || ' ' || a.login, count(*) FROM workflow_entry e JOIN account a ON a.id = e.actor_id"
    " WHERE e.kind = 'claimed' GROUP BY 1",
    "clock": "SELECT (target AT TIME ZONE 'Europe/Berlin')::date::text, count(*) FROM office_run GROUP BY 1",
}
# Rows that stand alone where an act was cut in two.
HALVES = {
    "clients without a case": "SELECT c.family_name FROM client c LEFT JOIN case_file f ON f.client_id = c.id"
    " WHERE f.id IS NULL",
    "cases without a process": "SELECT f.number FROM case_file f LEFT JOIN workflow_instance i ON i.id = f.instance_id"
    " WHERE i.id IS NULL OR i.subject <> f.id::text",
    "processes without a case": "SELECT i.id FROM workflow_instance i LEFT JOIN case_file f ON f.instance_id = i.id"
    " WHERE f.id IS NULL",
    "cases closed in one book only": "SELECT f.number FROM case_file f JOIN workflow_instance i ON i.id = f.instance_id"
    " WHERE (f.status = 'open') <> (i.status = 'running')",
    "comments and their lines in the history": "SELECT coalesce(c.case_id, e.case_id) FROM"
    " (SELECT case_id, count(*) n FROM comment GROUP BY 1) c FULL JOIN"
    " (SELECT i.subject::bigint case_id, count(*) n FROM workflow_entry JOIN workflow_instance i ON i.id = instance_id"
    "  WHERE kind = 'comment' GROUP BY 1) e ON e.case_id = c.case_id WHERE c.n IS DISTINCT FROM e.n",
    "routes confirmed and their decisions": "SELECT coalesce(d.case_id, e.case_id) FROM"
    " (SELECT case_id, count(*) n FROM route_decision WHERE decided_by_id IS NOT NULL GROUP BY 1) d FULL JOIN"
    " (SELECT i.subject::bigint case_id, count(*) n FROM workflow_entry JOIN workflow_instance i ON i.id = instance_id"
    "  WHERE kind = 'task_completed' AND element = 'routing_confirm' GROUP BY 1) e ON e.case_id = d.case_id"
    " WHERE d.n IS DISTINCT FROM e.n",
    "drafts of tasks that are done": "SELECT d.id FROM draft d JOIN workflow_entry e ON e.task_id = d.task_id"
    " WHERE e.kind = 'task_completed'",
    "tasks both open and done": "SELECT t.id FROM workflow_task t JOIN workflow_entry e ON e.task_id = t.id"
    " WHERE e.kind = 'task_completed'",
    "numbers given twice": "SELECT number FROM case_file GROUP BY 1 HAVING count(*) > 1",
    "clients taken in twice": "SELECT client_id FROM case_file WHERE status = 'open' GROUP BY 1 HAVING count(*) > 1",
    "arrivals half taken in": "SELECT external_id FROM arrival WHERE (status = 'waiting') = (case_id IS NOT NULL)",
}
LATE = {
    "jobs left": "SELECT task_name || ' ' || status FROM procrastinate_jobs WHERE status <> 'succeeded'"
    " AND task_name <> 'workflows.rescue'",
    "timers left": "SELECT w.element FROM workflow_waiting w JOIN workflow_instance i ON i.id = w.instance_id,"
    " office_clock c WHERE w.due_at < c.not_before AND i.status = 'running'",
    "moves of the clock left": "SELECT status FROM office_run WHERE status <> 'done'",
    "incidents": "SELECT element || ' ' || code || ' ' || detail FROM workflow_incident WHERE resolved_at IS NULL",
}


@dataclass
class Verdict:
    """What was found."""

    acts: int = 0
    answered: int = 0
    doubtful: int = 0
    found_of_doubtful: int = 0
    instances: int = 0
    lines: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)

    @property
    def is_clean(self):
        return not (self.lost or self.doubled or self.invented or self.half or self.late)


def check(sessions, told, *, by_people):
    """Everything; `by_people` are the ids of the accounts whose acts were all asked for through `told`."""
    verdict = Verdict()
    with sessions() as session:
        _acts(session, told, verdict)
        _asked(session, told, by_people, verdict)
        for what, query in HALVES.items():
            verdict.half += [f"{what}: {row[0]}" for row in session.execute(text(query))]
        for what, query in LATE.items():
            verdict.late += [f"{what}: {row[0]}" for row in session.execute(text(query))]
        for (number,) in session.execute(select(Instance.id).order_by(Instance.id)).all():
            verdict.instances += 1
            verdict.half += [f"instance {number}: {what}" for what in whole(session, number)]
        verdict.lines = session.execute(text("SELECT count(*) FROM workflow_entry")).scalar_one()
    return verdict


def _acts(session, told, verdict):
    for kind, query in FOUND.items():
        found = dict(session.execute(text(query)).all())
        for key, outcome in told.of(kind).items():
            number = found.get(key, 0)
            verdict.acts += 1
            verdict.answered += outcome == ANSWERED
            if outcome == ANSWERED and not number:
                verdict.lost.append(f"{kind} {key}")
            elif outcome == REFUSED and number and kind not in {"complete", "clock"}:
                verdict.invented.append(f"{kind} {key}")
            elif outcome not in {ANSWERED, REFUSED}:
                verdict.doubtful += 1
                verdict.found_of_doubtful += number > 0
        verdict.doubled += [f"{kind} {key}: {number}" for key, number in found.items() if number > 1]


def _asked(session, told, by_people, verdict):
    """Nothing was done that nobody asked for."""
    query = text("SELECT task_id::text FROM workflow_entry WHERE kind = 'task_completed' AND actor_id = ANY(:people)")
    done = set(session.execute(query, {"people": list(by_people)}).scalars())
    asked = {key for key, outcome in told.of("complete").items() if outcome != REFUSED}
    verdict.invented += [f"complete {key}" for key in sorted(done - asked)]


def whole(session, instance_id):
    """What does not agree in this instance: its history, its document, and the rows that show it to people."""
    if not history.verify(session, instance_id):
        yield "the chain of its history is broken"
    instance = instances.lock(session, instance_id)
    environment = environment_of(session)
    specs = definitions.specs(session, instance.definition_id)
    with clock.at(instance.recorded_at, environment.calendar):
        run = serializer.load(instance.document, specs, version=instance.document_version, instance_id=instance_id)
        view = projection.view(run)
    if (instance.status == InstanceStatus.COMPLETED) != run.completed:
        yield f"it is {instance.status}, its document says completed: {run.completed}"
    tasks = set(session.execute(select(Task.key).where(Task.instance_id == instance_id)).scalars())
    if tasks != view.tasks.keys():
        yield f"tasks {sorted(map(str, tasks ^ view.tasks.keys()))} are in one place only"
    query = select(Waiting.key, Waiting.kind, Waiting.name).where(Waiting.instance_id == instance_id)
    waits = {tuple(row) for row in session.execute(query)}
    if waits != view.waits.keys():
        yield f"waits {sorted(map(str, waits ^ view.waits.keys()))} are in one place only"
