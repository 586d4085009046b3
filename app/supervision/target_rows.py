"""Keeps the running steps that have a target: one statement, for the case of an act or for all cases.

What is open now is found in tasks, plans and dates; a run that is not found any more ends with the last line of the
case's history, one that is found for the first time begins when its first task did. Working days are numbered: their
distance is a difference.
"""

from __future__ import annotations

from typing import Final

CARE: Final = "('full', 'intensive', 'basic')"
NEVER: Final = "timestamptz '9000-01-01 00:00+00'"
_ZONE: Final = "'Europe/Berlin'"


def start(day: str) -> str:
    """When a day begins."""
    return f"(({day})::timestamp AT TIME ZONE {_ZONE})"


def number(instant: str) -> str:
    """The number of the working day of an instant, or of the last one before it."""
    day = f"({instant} AT TIME ZONE {_ZONE})::date"
    return f"(SELECT number FROM office_working_day WHERE day <= {day} ORDER BY day DESC LIMIT 1)"  # noqa: S608  only our own words


def after(instant: str, count: str) -> str:
    """When the so-many-th working day after an instant is over."""
    day = start("day + 1")
    return f"coalesce((SELECT {day} FROM office_working_day WHERE number = {number(instant)} + {count}), {NEVER})"  # noqa: S608  as above


def span(unit: str, since: str, until: str) -> str:
    """How long it took, in the unit of the step; days of a plan's term are working days too."""
    hours = f"floor(extract(epoch FROM {until} - {since}) / 3600)::integer"
    return f"greatest(0, CASE {unit} WHEN 'hours' THEN {hours} ELSE {number(until)} - {number(since)} END)"


def waiting(run: str, until: str) -> str:
    """How long the client was waited for, in the unit of the step."""
    still = span(f"{run}.unit", f"{run}.client_since", until)
    return f"({run}.waited + CASE WHEN {run}.client_since IS NULL THEN 0 ELSE {still} END)"


def _colour(column: str) -> str:
    days, day = after("found.since", f"target.{column}"), start(f"found.anchor + target.{column}")
    return f"""CASE target.unit WHEN 'hours' THEN found.since + target.{column} * interval '1 hour'
        WHEN 'date' THEN {day} ELSE {days} END"""


_WHICH: Final = {"one": "id = :case_id", "all": "true"}
# One case is read once; the plan must not hang on what the server believes of a table that has just grown.
HOW: Final = {"one": "MATERIALIZED", "all": "NOT MATERIALIZED"}
_GROSS: Final = span("step.unit", "step.since", "moved.at")
_MATCH: Final = """found.case_id = step.case_id AND found.step = step.step AND found.ref = step.ref
        AND found.anchor IS NOT DISTINCT FROM step.anchor"""
_FOUND: Final = f"""
found (case_id, step, ref, anchor, role, task_id, since, client) AS MATERIALIZED (
    SELECT chosen.id, wanted.step, 0::bigint, NULL::date, (array_agg(task.role ORDER BY task.id))[1], min(task.id),
        min(task.created_at), bool_and(task.waits_for = 'client')
    FROM chosen JOIN workflow_task AS task ON task.subject = chosen.subject
    JOIN wanted ON wanted.element = task.element
    WHERE chosen.status = 'open' GROUP BY chosen.id, wanted.step
    UNION ALL
    SELECT chosen.id, wanted.step, plan.id, plan.review_on, chosen.lead, NULL, plan.activated_at, false
    FROM chosen JOIN plan ON plan.case_id = chosen.id JOIN wanted ON wanted.measure = 'review'
    WHERE chosen.status = 'open' AND plan.status = 'active' AND plan.review_on IS NOT NULL
        AND plan.activated_at IS NOT NULL
    UNION ALL
    SELECT chosen.id, wanted.step, 0, NULL, chosen.lead, NULL, moved.at, false
    FROM chosen JOIN moved ON moved.case_id = chosen.id JOIN wanted ON wanted.measure = 'contact'
    WHERE chosen.status = 'open' AND chosen.route_group IN {CARE} AND chosen.next_contact IS NULL
        AND NOT EXISTS (SELECT FROM workflow_task WHERE subject = chosen.subject AND due_at IS NOT NULL)
)
"""  # noqa: S608  only our own words


def keep(which: str) -> str:
    """The statement that brings the runs of the case :case_id (`one`) up to date, or those of all cases."""
    return f"""
WITH chosen AS {HOW[which]} (
    SELECT id, id::text AS subject, status, route_group, next_contact, opened_at,
        CASE lead WHEN '' THEN 'KS' ELSE lead END AS lead
    FROM case_file WHERE {_WHICH[which]}
), wanted AS MATERIALIZED (
    SELECT DISTINCT step, measure, element
    FROM office_target LEFT JOIN LATERAL unnest(elements) AS element ON true WHERE measure <> 'none'
), moved AS MATERIALIZED (
    SELECT chosen.id AS case_id, coalesce(max(line.at), min(chosen.opened_at)) AS at
    FROM chosen LEFT JOIN workflow_instance AS run ON run.subject = chosen.subject
    LEFT JOIN workflow_entry AS line ON line.instance_id = run.id AND line.sequence = run.sequence
    GROUP BY chosen.id
), {_FOUND}, closed AS (
    UPDATE supervision_step AS step SET ended_at = greatest(moved.at, step.since), gross = {_GROSS},
        net = greatest(0, {_GROSS} - {waiting("step", "moved.at")}), leaders = '{{}}', next_at = {NEVER}
    FROM moved
    WHERE step.case_id = moved.case_id AND step.ended_at IS NULL AND NOT EXISTS (SELECT FROM found WHERE {_MATCH})
    RETURNING step.id
), changed AS (
    UPDATE supervision_step AS step SET role = found.role, task_id = found.task_id,
        waited = CASE WHEN found.client THEN step.waited ELSE {waiting("step", "moved.at")} END,
        client_since = CASE WHEN found.client THEN coalesce(step.client_since, moved.at) END
    FROM found JOIN moved ON moved.case_id = found.case_id
    WHERE step.ended_at IS NULL AND {_MATCH} AND (step.role, step.task_id, step.client_since IS NOT NULL)
        IS DISTINCT FROM (found.role, found.task_id, found.client)
), fresh AS (
    SELECT found.*, target.unit, target.level1, {_colour("amber")} AS amber_at, {_colour("red")} AS red_at
    FROM found JOIN office_target AS target ON target.step = found.step
        AND target.valid_from <= (found.since AT TIME ZONE {_ZONE})::date
        AND (target.valid_to IS NULL OR target.valid_to > (found.since AT TIME ZONE {_ZONE})::date)
    WHERE NOT EXISTS (SELECT FROM supervision_step AS step WHERE step.ended_at IS NULL AND {_MATCH})
)
INSERT INTO supervision_step
    (case_id, step, ref, anchor, unit, role, task_id, since, amber_at, red_at, client_since, next_at)
SELECT case_id, step, ref, anchor, unit, role, task_id, since, amber_at, red_at, CASE WHEN client THEN since END,
    CASE level1 WHEN '' THEN {NEVER} ELSE red_at END
-- Whatever has ended has done so before.
FROM fresh WHERE (SELECT count(*) FROM closed) >= 0
"""  # noqa: S608  only our own words
