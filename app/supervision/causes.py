"""Why cases stand still: each cause is one select over the rows of the cases in `chosen`, which says from when on it
holds. The same text serves one case after an act and all cases at once.
"""

from __future__ import annotations

from typing import Final

from app.supervision import target_rows

COLUMNS: Final = (
    "case_id, cause, role, person_id, process, element, name, task_id, ref, since, at, red_at, until, due"
)  # fmt: skip
NEVER: Final = "timestamptz '9000-01-01 00:00+00'"
CARE: Final = "('full', 'intensive', 'basic')"
# Money hangs on these processes: what is late here is red at once.
MONEY: Final = "('benefit', 'age_transition')"
# Steps that two must confirm, and that stand still when only one has.
JOINT: Final = (("profile_joint_vm", "profile_joint_fm"), ("gap_city", "gap_agency"))
# What comes again by its nature is no loop.
RECURRING: Final = "('follow_up', 'placement', 'reminder')"
_ZONE = "'Europe/Berlin'"


def _start(day: str) -> str:
    return f"(({day})::timestamp AT TIME ZONE {_ZONE})"


def _day(instant: str) -> str:
    return f"({instant} AT TIME ZONE {_ZONE})::date"


def _after(instant: str, count: int) -> str:
    """When the `count`-th working day after the instant is over."""
    days = f"SELECT day FROM office_working_day WHERE day > {_day(instant)} ORDER BY day OFFSET {count - 1} LIMIT 1"  # noqa: S608  only our own words
    return f"(SELECT {_start('found.day + 1')} FROM ({days}) AS found)"  # noqa: S608  as above


def _task(cause: str, *, since: str, at: str, red: str, more: str = "", where: str = "true", until: str = NEVER) -> str:
    return f"""
SELECT task.subject::bigint, {cause}, task.role, task.assignee_id, task.process, task.element, task.name, task.id,
    NULL::bigint, {since}, {at}, {red}, {until}, task.due_at
FROM workflow_task AS task JOIN chosen ON chosen.subject = task.subject {more}
WHERE chosen.status = 'open' AND ({where})
"""  # noqa: S608  only our own words


def _case(  # noqa: PLR0913  the columns
    cause: str, *, since: str, at: str, red: str = NEVER, more: str = "", where: str = "true",
    role: str = "chosen.lead", due: str = "NULL::timestamptz", until: str = NEVER,
    ref: str = "NULL::bigint", name: str = "''",
    element: str = "''", status: str = "open",
) -> str:  # fmt: skip
    return f"""
SELECT chosen.id, '{cause}', {role}, NULL::integer, '', {element}, {name}, NULL::bigint, {ref}, {since}, {at}, {red},
    {until}, {due}
FROM chosen {more}
WHERE chosen.status = '{status}' AND ({where})
"""  # noqa: S608  only our own words


_BACK = "coalesce(task.held_until, task.created_at)"
_LATE = f"greatest(task.due_at, {_BACK})"
_LAST = """
JOIN workflow_instance AS run ON run.id = chosen.instance_id
JOIN workflow_entry AS last ON last.instance_id = run.id AND last.sequence = run.sequence
"""
_DONE = """
JOIN LATERAL (
    SELECT count(*) AS times, max(line.at) AS at FROM workflow_entry AS line
    WHERE line.instance_id = task.instance_id AND line.kind = 'task_completed' AND line.element = {element}
) AS before ON true
"""


_PAIRS = " ".join(f"WHEN '{one}' THEN '{two}' WHEN '{two}' THEN '{one}'" for one, two in JOINT)
_JOINED = ", ".join(f"'{one}', '{two}'" for one, two in JOINT)
_ALL_HELD = """
JOIN LATERAL (
    SELECT count(*) AS tasks, count(*) FILTER (WHERE aside) AS held, min(held_until) AS until,
        max(changed_at) AS since, min(role) AS role, min(name) AS name, min(element) AS element
    FROM workflow_task WHERE subject = chosen.subject
) AS task ON task.tasks > 0 AND task.tasks = task.held
"""
_MOVES = """
NOT EXISTS (SELECT FROM workflow_task WHERE subject = chosen.subject)
AND NOT EXISTS (SELECT FROM workflow_waiting WHERE instance_id = chosen.instance_id AND element <> 'age_reached')
AND NOT EXISTS (SELECT FROM workflow_incident WHERE instance_id = chosen.instance_id AND resolved_at IS NULL)
"""
_BIRTHDAY = "((client.birth_date - 1 + make_interval(years => turn.age))::date + 1)"


_TALK = """
LEFT JOIN LATERAL (SELECT max(held_on) AS day FROM contact WHERE case_id = chosen.id AND held_on < chosen.next_contact)
    AS talk ON true
"""
_HALF = f"greatest(5, (chosen.next_contact - coalesce(talk.day, {_day('chosen.opened_at')})) / 2)"
_ASKED = """
JOIN LATERAL (
    SELECT coalesce(decided_at, proposed_at) AS at FROM route_decision WHERE case_id = chosen.id
    ORDER BY id DESC LIMIT 1
) AS asked ON true
"""
_ESCALATED = """
JOIN supervision_step AS run ON run.case_id = chosen.id AND run.ended_at IS NULL AND run.leaders <> '{}'
CROSS JOIN unnest(run.leaders) AS addressee(role)
LEFT JOIN office_target AS target ON target.step = run.step AND target.valid_to IS NULL
"""
_AWAY = f"greatest({_start('away.valid_from')}, task.changed_at)"
_GONE = f"greatest({_start('person.active_to')}, task.changed_at)"
_OFFERED = _start("period.valid_from - 14")
_UNPREPARED = f"""
chosen.route_group IN {CARE} AND client.birth_date IS NOT NULL AND {_BIRTHDAY} > {_day("chosen.opened_at")}
AND NOT EXISTS (SELECT FROM workflow_waiting WHERE instance_id = chosen.instance_id AND element = 'age_reached')
AND NOT EXISTS (SELECT FROM workflow_task WHERE subject = chosen.subject AND process = 'age_transition')
AND NOT EXISTS (
    SELECT FROM workflow_entry AS line WHERE line.instance_id = chosen.instance_id AND line.element LIKE 'age\\_%'
    AND line.element <> 'age_next'
    AND line.at > {_start(f"{_BIRTHDAY} - 180")}
)
"""  # noqa: S608  only our own words
# A case conference is the way out of a circle: while one is called, the case does not stand still for it.
_UNCALLED = (
    "NOT EXISTS (SELECT FROM workflow_task AS talk WHERE talk.subject = chosen.subject AND talk.process = 'conference')"
)
# The payment changes hands on the first of the month after the 25th birthday.
_CHANGE = """
JOIN client ON client.id = chosen.client_id CROSS JOIN LATERAL (
    SELECT (date_trunc('month', client.birth_date + make_interval(years => 25)) + interval '1 month')::date AS day
) AS change
"""
# The causes that lie in a task, each with its select.
_TASKS: Final = {
    "overdue": _task(
        "CASE task.waits_for WHEN 'client' THEN 'client' WHEN 'third' THEN 'third' ELSE 'overdue' END",
        since="task.due_at", at=_LATE, where="task.due_at IS NOT NULL AND task.waits_for <> 'partner'",
        red=f"CASE WHEN task.process IN {MONEY} THEN {_LATE} WHEN task.waits_for = 'own' THEN {_after(_LATE, 3)} "
        f"ELSE {_after(_LATE, 10)} END",
    ),
    "partner": _task(
        "'partner'", since="task.created_at", at=_after(_BACK, 3), red=_after(_BACK, 5),
        where="task.waits_for = 'partner'",
    ),
    "unclaimed": _task(
        "'unclaimed'", since="task.created_at", at=_after(_BACK, 2), red=NEVER,
        where="task.assignee_id IS NULL AND task.waits_for = 'own'",
    ),
    "absent": _task(
        "'absent'", since=_start("away.valid_from"),
        at=_AWAY,
        red=f"least({_after(_AWAY, 5)}, greatest(task.due_at, {_AWAY}))",
        until=_start("away.valid_to"),
        more="JOIN office_staff AS person ON person.account_id = task.assignee_id "
        "JOIN office_absence AS away ON away.staff_id = person.id",
        where=f"away.valid_to > {_day('task.changed_at')}",
    ),
    "left": _task(
        "'left'", since=_start("person.active_to"),
        at=_GONE,
        red=_after(_GONE, 2),
        more="JOIN office_staff AS person ON person.account_id = task.assignee_id",
        where="person.active_to IS NOT NULL",
    ),
    "vacant": _task(
        "'vacant'", since="task.created_at", at=f"greatest(task.created_at, {_start('vacant.since')})",
        red=_after(f"greatest(task.created_at, {_start('vacant.since')})", 2),
        more="JOIN vacant ON vacant.role = task.role",
    ),
    "hold_over": _task(
        "'hold_over'", since="task.held_until", at=_after("task.held_until", 2), red=_after("task.held_until", 5),
        where="task.held_until IS NOT NULL AND task.waits_for = 'own'",
    ),
    "loop": _task(
        "'loop'", since="before.at", at="greatest(before.at, task.created_at)", red=NEVER,
        more=_DONE.format(element="task.element"),
        where=f"before.times > 3 AND task.process NOT IN {RECURRING} AND NOT task.aside AND {_UNCALLED}",
    ),
    "no_show": _task(
        "'no_show'", since="before.at", at="greatest(before.at, task.created_at)", red=NEVER,
        more=_DONE.format(element="task.element"),
        where=f"before.times IN (2, 3) AND task.waits_for = 'client' AND task.process NOT IN {RECURRING} "
        "AND NOT task.aside",
    ),
    "handover": _task(
        "'payer'", since="task.created_at", at=f"greatest(task.created_at, {_start('change.day - 14')})",
        red=_start("change.day - 5"), more=_CHANGE, where="task.element IN ('handover_prepare', 'handover_accept')",
    ),
    "joint": _task(
        "'joint'", since="before.at", at=_after("before.at", 2), red=_after("before.at", 5),
        more=_DONE.format(element=f"CASE task.element {_PAIRS} END"),
        where=f"task.element IN ({_JOINED}) AND before.at >= task.created_at",
    ),
}  # fmt: skip
# The causes that lie in a case and its rows.
_CASES: Final = {
    "held": _case(
        "held", since="task.since", at="task.since", until="task.until", due="task.until", more=_ALL_HELD,
        role="task.role", name="task.name", element="task.element",
        where="NOT EXISTS (SELECT FROM case_pause WHERE case_id = chosen.id AND ended_on IS NULL)",
    ),
    "paused": _case(
        "paused", since="pause.recorded_at", at="pause.recorded_at", until=_start("pause.until"),
        due=_start("pause.until"), more="JOIN case_pause AS pause ON pause.case_id = chosen.id", ref="pause.id",
        where="pause.ended_on IS NULL",
    ),
    "stopped": _case(
        "stopped", since="last.at", at="last.at", red=_after("last.at", 5), more=_LAST,
        where="run.status = 'suspended'",
    ),
    "incident": _case(
        "incident", since="trouble.created_at", at="trouble.created_at", red="trouble.created_at",
        more="JOIN workflow_incident AS trouble ON trouble.instance_id = chosen.instance_id "
        "AND trouble.resolved_at IS NULL",
        ref="trouble.id", name="trouble.name", element="trouble.element",
    ),
    "dead": _case(
        "dead", since="last.at", at=_after("last.at", 1), red=_after("last.at", 3), more=_LAST,
        where=f"run.status <> 'suspended' AND {_MOVES}",
    ),
    "no_process": _case(
        "dead", since="chosen.opened_at", at=_after("chosen.opened_at", 1), red=_after("chosen.opened_at", 3),
        where="chosen.instance_id IS NULL AND NOT EXISTS "
        "(SELECT FROM workflow_instance WHERE subject = chosen.subject AND status = 'running')",
    ),
    "no_plan": _case(
        "no_plan", since="chosen.opened_at", at=_after("chosen.opened_at", 30), red=_after("chosen.opened_at", 40),
        where=f"chosen.route_group IN {CARE} AND NOT EXISTS (SELECT FROM plan WHERE case_id = chosen.id "
        "AND status = 'active')",
    ),
    "plan_over": _case(
        "plan_over", since=_start("least(plan.review_on, plan.valid_until)"),
        at=_start("least(plan.review_on, plan.valid_until)"),
        red=_after(_start("least(plan.review_on, plan.valid_until)"), 10), due=_start("plan.valid_until"),
        more="JOIN plan ON plan.case_id = chosen.id AND plan.status = 'active'", ref="plan.id",
        where="least(plan.review_on, plan.valid_until) IS NOT NULL",
    ),
    "contact": _case(
        "contact", since=_start("chosen.next_contact"), at=_start(f"chosen.next_contact + {_HALF}"),
        red=_start(f"chosen.next_contact + 2 * {_HALF}"), more=_TALK, where="chosen.next_contact IS NOT NULL",
    ),
    "clarification": _case(
        "clarification", since="asked.at", at=_after("asked.at", 15), red=_after("asked.at", 20), more=_ASKED,
        where="chosen.route_group = 'clarification'", role="'KS'",
    ),
    "gap": _case(
        "gap", since="asked.at", at="asked.at", red=_after("asked.at", 15), more=_ASKED,
        where="chosen.route_group = 'gap'", role="'LTG_STADT'",
    ),
    "escalated": _case(
        "escalated", since="run.since", at="run.told_at", red="run.told_at", role="addressee.role",
        name="coalesce(target.label, '')", element="'target_' || run.step", ref="run.id", more=_ESCALATED,
        where="""NOT (run.level = 1 AND EXISTS (SELECT FROM workflow_task WHERE subject = chosen.subject
            AND element = ANY(target.diagram)))""",
    ),
    "payer": _case(
        "payer", since="period.recorded_at", at=f"greatest(period.recorded_at, {_OFFERED})",
        red=_start("period.valid_from - 5"), due=_start("period.valid_from"), ref="period.id", role="'FB5'",
        more="JOIN payer_period AS period ON period.case_id = chosen.id", where="period.state = 'offered'",
    ),
    "confirm": _case(
        "confirm", since="notice.sent_at", at=_after("notice.sent_at", 3), red=_after("notice.sent_at", 5),
        role="'FB5'", ref="notice.id",
        more="JOIN notice ON notice.case_id = chosen.id", where="notice.confirmed_at IS NULL",
    ),
    "age": _case(
        "age", since=_start(f"{_BIRTHDAY} - 56"), at=_start(f"{_BIRTHDAY} - 56"),
        red=_start(f"{_BIRTHDAY} - 14"), due=_start(_BIRTHDAY), ref="turn.age", until=_start(f"{_BIRTHDAY} + 365"),
        more="JOIN client ON client.id = chosen.client_id CROSS JOIN (VALUES (18), (25), (31)) AS turn(age)",
        where=_UNPREPARED,
    ),
    "duplicate": _case(
        "duplicate", since="pair.created_at", at=_after("pair.created_at", 2), red=NEVER, role="'KS'",
        ref="pair.id",
        more="JOIN client_match AS pair ON chosen.client_id IN (pair.first_id, pair.second_id)",
        where="pair.status IN ('pending', 'open')",
    ),
    "closed_open": _case(
        "closed_open", since="chosen.closed_at", at="greatest(chosen.closed_at, task.created_at)",
        more="JOIN workflow_task AS task ON task.subject = chosen.subject", status="closed", role="task.role",
        name="task.name", element="task.element", ref="task.id",
    ),
}  # fmt: skip
# A role that nobody holds any more, and for which nobody stands in.
_VACANT = """
vacant AS MATERIALIZED (
    SELECT names.role, max(least(coalesce(post.valid_to, 'infinity'), coalesce(person.active_to, 'infinity'))) AS since
    FROM (SELECT DISTINCT role FROM office_post) AS names
    JOIN office_post AS post ON post.role = names.role
    JOIN office_staff AS person ON person.id = post.staff_id
    WHERE NOT EXISTS (
        SELECT FROM office_substitution AS cover JOIN office_post AS other ON other.role = cover.by_role
        JOIN office_staff AS them ON them.id = other.staff_id
        WHERE cover.role = names.role AND cover.valid_to IS NULL AND other.valid_to IS NULL AND them.active_to IS NULL
    )
    GROUP BY names.role
    HAVING max(least(coalesce(post.valid_to, 'infinity'), coalesce(person.active_to, 'infinity'))) < 'infinity'
)
"""
_WHICH = {
    "one": "case_file.id = :case_id",
    "all": "true",
}
# Whoever is not yet of age stands in front: what is amber for others is red at once.
_YOUNG = f"""
CASE WHEN cause IN ('held', 'paused') THEN {NEVER}
    WHEN client.birth_date > {_day("at")} - make_interval(years => 18) THEN least(at, red_at)
    ELSE greatest(at, coalesce(red_at, at)) END
"""


def selects() -> dict[str, str]:
    """The select of each cause."""
    return _TASKS | _CASES


# What holds by then is on the desk; later than any time at which somebody looks at it before the worker comes again.
_SOON = f"""
soon AS MATERIALIZED (
    SELECT coalesce((SELECT (day + 1)::timestamp AT TIME ZONE {_ZONE} FROM office_clock), now()) + interval '1 hour'
        AS until
)
"""  # noqa: S608  only our own words
# Whose findings go before the new ones come; of all cases the caller empties both tables.
_GONE_BEFORE = {
    "one": "gone AS (DELETE FROM supervision_finding WHERE case_id = :case_id),",
    "all": "",
}
DUE: Final = f"WITH {_SOON} SELECT case_id FROM supervision_watch, soon WHERE at <= until ORDER BY at LIMIT :number"  # noqa: S608  as above


def insert(which: str) -> str:
    """The statement that writes the findings of the case :case_id (`one`), or of all: what holds soon as a row of its
    own, of what comes later only when the first of it does.
    """
    found = "\nUNION ALL".join(selects().values())
    return f"""
WITH chosen AS {target_rows.HOW[which]} (
    SELECT id, id::text AS subject, client_id, status, route_group, lead, opened_at, closed_at, next_contact,
        instance_id
    FROM case_file WHERE {_WHICH[which]}
), {_VACANT}, {_SOON}, found ({COLUMNS}) AS ({found}), fresh ({COLUMNS}) AS MATERIALIZED (
    SELECT case_id, cause, CASE WHEN role = '' THEN 'KS' ELSE role END, person_id, process, element, name, task_id,
        ref, since, at, {_YOUNG}, until, due
    FROM found JOIN case_file ON case_file.id = found.case_id JOIN client ON client.id = case_file.client_id
    WHERE at < until
), {_GONE_BEFORE[which]} watched AS (
    INSERT INTO supervision_watch (case_id, at)
    SELECT id, coalesce(coming.at, {NEVER})
    FROM chosen LEFT JOIN (
        SELECT case_id, min(at) AS at FROM fresh, soon WHERE at > soon.until GROUP BY case_id
    ) AS coming ON coming.case_id = chosen.id
    ON CONFLICT (case_id) DO UPDATE SET at = excluded.at WHERE supervision_watch.at <> excluded.at
)
INSERT INTO supervision_finding ({COLUMNS}) SELECT {_named("fresh")} FROM fresh, soon WHERE at <= soon.until
"""  # noqa: S608  only our own words


def _named(table: str) -> str:
    return ", ".join(f"{table}.{column}" for column in COLUMNS.split(", "))
