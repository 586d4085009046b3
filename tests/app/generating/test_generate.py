"""The generated history: real cases that open and go on, the same for the same seed, in a training database only."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from random import Random

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from app.casework.clients import names
from app.casework.models import CaseFile, Client
from app.cli import main
from app.cli.generating import history, loading, people, scenarios, walk
from app.office import clock
from app.office import models as office
from app.office import queries as offices
from app.supervision import queries as desk
from workflows import database, engine
from workflows import history as chain
from workflows.models import Instance, Task, Waiting

CASES = 200
KEY = Fernet.generate_key().decode()


@pytest.fixture
def call(database_url):
    """Calls the command line on the test database."""
    given = {"DATABASE_URL": database_url, "DREHSCHEIBE_LANG": "de", "DREHSCHEIBE_SECRET_KEY": "test"}
    given["DREHSCHEIBE_RECORD_KEYS"] = KEY
    return lambda *arguments: CliRunner().invoke(main.drehscheibe, arguments, env=given)


def positions(session) -> dict[str, int]:
    """One open case for each set of steps at which cases stand."""
    found: dict[int, set[str]] = {}
    for task in session.scalars(select(Task).order_by(Task.id)):
        found.setdefault(int(task.subject), set()).add(task.element)
    return {"+".join(sorted(steps)): case for case, steps in found.items()}


class Going(walk.Walk):
    """A generated case that the staff goes on with."""

    def __init__(self, session, case_id):
        self.session, self.staff, self.case_id = session, walk.Staff(session), case_id
        self.now = clock.now(session)


def test_generated_cases_are_real(call, office_sessions, at):
    answer = call("generate", "--cases", str(CASES), "--seed", "7")
    assert answer.exit_code == 0, answer.output
    assert re.search(rf"{CASES} Fälle in [\d.]+ s geschrieben \(\d+ je Sekunde\)", answer.output)
    with office_sessions() as session:
        _unbroken(session)
        _nothing_late(session)
        _plausible(session)
        _counted(session)
        standing = positions(session)
        instances = dict(session.execute(select(CaseFile.id, CaseFile.instance_id)).all())
        closed = session.scalars(select(CaseFile.id).where(CaseFile.status == "closed").limit(2)).all()
    assert len(standing) >= 10
    for case_id in [*list(standing.values())[:12], *closed]:
        _opens(at("ks"), case_id)
    with office_sessions() as session:
        done = [element for case_id in standing.values() for element in _goes_on(session, case_id, instances[case_id])]
        session.rollback()
    assert len(set(done)) >= 10


def _unbroken(session):
    for number in session.scalars(select(Instance.id)):
        assert chain.verify(session, number), number


def _nothing_late(session):
    now = clock.now(session)
    assert session.scalars(select(Waiting.id).where(Waiting.due_at <= now)).all() == []
    assert session.scalars(select(CaseFile.id).where(CaseFile.opened_at > now)).all() == []
    assert session.scalars(select(Task.id).where(Task.created_at > now)).all() == []


def _plausible(session):
    assert session.scalar(select(func.count()).select_from(CaseFile)) == CASES
    days = session.execute(text("SELECT min(reference_date), max(reference_date) FROM case_file")).one()
    assert days[1] - days[0] > timedelta(730)
    assert session.scalar(text("SELECT count(DISTINCT route) FROM case_file")) >= 8
    assert "Musterfall" not in session.scalars(select(Client.family_name)).all()
    assert session.scalar(text("SELECT count(DISTINCT number) FROM client")) == CASES
    rows = desk.listing(session, desk.Wanted(), now=clock.now(session), limit=CASES)
    assert len({row.cause for row in rows}) >= 6


def _counted(session):
    """The steps that ended are counted as the lines of history tell of them: by step and month, over years."""
    counted = session.execute(
        text("""
        SELECT element, month, sum(number - withdrawn)::int FROM supervision_flow WHERE NOT net
        GROUP BY element, month HAVING sum(number - withdrawn) > 0 ORDER BY 1, 2
    """)
    ).all()
    told = session.execute(
        text("""
        SELECT element, date_trunc('month', at AT TIME ZONE 'Europe/Berlin')::date, count(*)::int
        FROM workflow_entry WHERE kind = 'task_completed' GROUP BY 1, 2 ORDER BY 1, 2
    """)
    ).all()
    assert counted == told
    assert len({row.month for row in counted}) > 24
    assert session.scalar(text("SELECT count(DISTINCT bucket) FROM supervision_flow")) > 10
    assert session.scalar(text("SELECT count(*) FROM workflow_ended")) == 0


def _opens(reader, case_id):
    page = reader.page(f"/cases/{case_id}")
    for view in set(re.findall(rf'href="(/cases/{case_id}\?[^"#]+)"', page)):
        assert reader.get(view.replace("&amp;", "&")).status_code == 200


def _goes_on(session, case_id, instance_id):
    """Completes every step that takes the usual answers, then lets a year pass; what was done."""
    going, done = Going(session, case_id), []
    for element in list(going.tasks()):
        with session.begin_nested() as tried:
            if element in going.tasks():
                going.do(element)
                done.append(element)
            assert chain.verify(session, instance_id)
            tried.rollback()
        session.expire_all()
    with session.begin_nested() as tried:
        going.now = going.now + timedelta(370)
        engine.wake(session, instance_id, now=going.now)
        assert chain.verify(session, instance_id)
        tried.rollback()
    session.expire_all()
    return done


def test_the_same_seed_makes_the_same_people_and_days(office_sessions):
    seen = []
    rows = text(
        "SELECT family_name, given_names, birth_date, reference_date, route, status FROM client "
        "JOIN case_file ON client_id = client.id ORDER BY case_file.id"
    )
    with office_sessions() as session:
        lived = history.live(session)
        session.rollback()
    for seed in (3, 3, 4):
        with office_sessions() as session:
            opening = offices.opening_day(session)
            _told, batches = history.generate(session, 40, seed=seed, years=2, opening=opening, lived=lived)
            assert sum(batches) == 40
            seen.append([tuple(row) for row in session.execute(rows)])
            session.rollback()
    assert seen[0] == seen[1] != seen[2]


def test_made_names_are_found_as_registered_ones_are():
    for seed in range(50):
        family, given, search, sort, codes = (part.decode() for part in people.draw(Random(seed)))
        assert search == names.search_form(family, given, "")
        assert sort.replace("\\t", "\t") == names.sort_form(family, given)
        assert tuple(json.loads(codes)) == names.sounds(family, given, "")


def test_references_keys_and_indexes_are_the_same_after_the_loading(addresses, committed):  # noqa: ARG001  empties the tables
    engine = database.engine_for(addresses.owner)
    with engine.connect() as connection, Session(connection) as session:
        tables = [table.name for table in database.Base.metadata.sorted_tables]
        assert loading.owns(session, tables)
        before = _catalogue(session)
        with loading.relieved(session, tables, cases=loading.MANY):
            assert len(_catalogue(session)) < len(before)
        assert _catalogue(session) == before
        session.rollback()
    engine.dispose()


def _catalogue(session):
    """All references and indexes."""
    rows = text("""
        SELECT conrelid::regclass::text || conname || pg_get_constraintdef(oid) FROM pg_constraint
        WHERE contype IN ('f', 'p', 'u', 'c', 'n')
        UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid::regclass::text NOT LIKE 'pg_%'
    """)
    return sorted(session.scalars(rows))


def test_the_history_ends_on_a_working_day_of_the_week():
    assert all(history.last_day(date(2004, 1, 5), years).weekday() < 5 for years in range(1, 6))


def test_every_route_of_the_rule_book_is_lived():
    assert {record for record, _ in scenarios.LIVES} == set(scenarios.RECORDS)


def test_a_database_without_the_training_mark_is_refused(call, office_sessions):
    with office_sessions.begin() as session:
        session.execute(update(office.Mark).values(training=False))
    answer = call("generate", "--cases", "5")
    assert (answer.exit_code, "Übungszeichen" in answer.output) == (2, True)
