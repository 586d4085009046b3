"""Rows for the benchmark of the inbox: many cases like those that the office has begun, each with a few open tasks."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

ROLES = ("KS", "BFK", "FM", "VM", "FB5", "LTG_STADT", "LTG_AA")
TASKS_PER_CASE = 4
# Nobody has thousands of tasks of the own.
OWN = 30_000
COLUMNS = (
    "instance_id, key, subject, process, element, name, role, form, waits_for, priority, due_at, held_until, "
    "created_at, changed_at, assignee_id, assignee"
)
TABLES = ("client", "case_file", "workflow_instance", "workflow_task", "workflow_entry")
# So many people have done what was done; those who ask are among them.
COLLEAGUES = 20
LEADS = ("FM", "VM", "BFK", "")


def _like_first(table: str, changes: dict[str, str]) -> str:
    """A statement that adds rows like the first one of a table, but for these columns."""
    values = ", ".join(f"'{name}', {value}" for name, value in changes.items())
    return (
        f"INSERT INTO {table} SELECT made.* FROM {table} AS first, generate_series(%(begin)s, %(end)s) AS n, "
        f"LATERAL jsonb_populate_record(first, jsonb_build_object({values})) AS made "
        f"WHERE first.id = (SELECT min(id) FROM {table})"
    )


def fill(connection: psycopg.Connection, tasks: int, accounts: dict[str, int]) -> None:
    """Adds cases and open tasks until there are so many tasks; `accounts` are those of the logins that ask."""
    have = connection.execute("SELECT count(*) FROM workflow_task").fetchone()[0]
    begin = connection.execute("SELECT max(id) + 1 FROM case_file").fetchone()[0]
    begin = max(begin, 1_000_001)
    number = max(1, (tasks - have) // TASKS_PER_CASE)
    span = {"begin": begin, "end": begin + number - 1}
    leads = f"(array{list(LEADS)})[1 + n %% {len(LEADS)}]"
    for statement in (
        _like_first("client", {"id": "n", "number": "'B' || n"}),
        _like_first(
            "case_file",
            {"id": "n", "number": "'B' || n", "client_id": "n", "instance_id": "n", "lead": leads},
        ),
        _like_first("workflow_instance", {"id": "n", "subject": "n::text", "document": "''"}),
        _like_first(
            "workflow_entry",
            {
                "id": "n", "instance_id": "n", "sequence": "100000", "kind": "'task_completed'", "task_id": "-n",
                "actor_id": f"(%(accounts)s::int[] || array_fill(-1, ARRAY[{COLLEAGUES}]))[1 + n %% {COLLEAGUES}]",
            },
        ),
    ):  # fmt: skip
        connection.execute(statement, {**span, "accounts": list(accounts.values())})
    _open_tasks(connection, span, tasks - have, list(accounts.values()))
    connection.commit()
    connection.autocommit = True
    connection.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")
    connection.autocommit = False


def _open_tasks(connection: psycopg.Connection, span: dict[str, int], number: int, accounts: list[int]) -> None:
    """Two of five are claimed, some by who asks; one of twenty was put aside, a third of these is back."""
    draw = random.Random(2004)
    base = dt.datetime(2004, 1, 5, 8, tzinfo=dt.UTC)
    with connection.cursor().copy(f"COPY workflow_task ({COLUMNS}) FROM STDIN") as copy:
        for index in range(number):
            case = span["begin"] + index // TASKS_PER_CASE % (span["end"] - span["begin"] + 1)
            at = base - dt.timedelta(seconds=draw.randrange(5_000_000))
            holder = (
                draw.choice(accounts)
                if index % 50 == 0 and index < OWN
                else -draw.randrange(1, 200)
                if index % 5 < 2
                else None
            )
            held = base + dt.timedelta(days=draw.choice((-3, 20, 40))) if draw.random() < 0.05 else None
            copy.write_row((
                case, uuid.UUID(int=draw.getrandbits(128)), str(case), "routing", "routing_confirm",
                f"Aufgabe {index % 97}", ROLES[draw.randrange(len(ROLES))], "route_decision",
                "partner" if index % 10 == 0 else "own", draw.choice((25, 50, 50, 50, 75)),
                base + dt.timedelta(minutes=draw.randrange(-7_200, 50_000)), held, at, at, holder,
                None if holder is None else "Eine Person",
            ))  # fmt: skip
