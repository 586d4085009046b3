"""The training office: what the demo puts into a database before anybody may enter, and what it refuses to touch."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, func, inspect, select

from app import bootstrap
from app.casework import models as arrivals
from app.cli import connected, texts
from app.cli import office as commands
from app.identity import models as identity
from app.identity import service as accounts
from app.office import clock
from app.office import models as offices
from app.office import queries as office_queries
from app.office import service as office_service
from workflows import database

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from app.config import Settings

PASSWORD = "drehscheibe2004"  # noqa: S105  printed by the demo, for a training office only


def check(settings: Settings) -> None:
    """Raises Refusal unless the database is empty or carries our training mark."""
    engine = database.engine_for(settings.migration_url)
    try:
        with engine.connect() as connection:
            _refuse_foreign(connection)
    finally:
        engine.dispose()


def _refuse_foreign(connection: Connection) -> None:
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return
    if "alembic_version" not in tables or offices.Mark.__tablename__ not in tables:
        raise texts.Refusal("not_ours")
    training = connection.scalar(select(offices.Mark.training))
    people = connection.scalar(select(func.count()).select_from(identity.Account))
    if training is False or (training is None and people):
        raise texts.Refusal("not_training")


def clear(settings: Settings) -> None:
    """Throws everything in the database away. Raises Refusal unless it carries our training mark."""
    check(settings)
    engine = create_engine(database.engine_for(settings.migration_url).url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    finally:
        engine.dispose()


def prepare(settings: Settings, office: bootstrap.Office) -> Path | None:
    """Brings tables, office, people and diagrams up to date; returns the file of client records, if there is one."""
    connected.upgrade(settings)
    with office.sessions.begin() as session:
        profile = office_service.load(session, settings.profile, datetime.now(UTC))
    if not profile.training:
        raise texts.Refusal("profile_not_training", profile=profile.id)
    office.calendar_source.forget()
    _make_accounts(office)
    with office.sessions.begin() as session:
        commands.put_shipped(session, settings.bpmn, bootstrap.registered(office.handlers), clock.now(session))
    return profile.clients


def _make_accounts(office: bootstrap.Office) -> None:
    """An account with the training password for everybody on the staff who has none."""
    with office.sessions.begin() as session:
        for row in office_queries.logins(session):
            if row.account_id is None:
                made = accounts.create_account(
                    session, login=row.login, name=row.name, password=PASSWORD, now=datetime.now(UTC)
                )
                office_service.link_account(session, login=row.login, account_id=made)


def expected(office: bootstrap.Office) -> int:
    """How many records became no case yet although their day has come, for the progress bar."""
    with office.sessions() as session:
        today = clock.now(session).date()
        waiting = select(func.count()).where(
            arrivals.Arrival.status == arrivals.ArrivalStatus.WAITING, arrivals.Arrival.reference_date <= today
        )
        return session.scalar(waiting) or 0


def logins(office: bootstrap.Office) -> list[tuple[str, str, str]]:
    """Login, name and the names of the roles of everybody on the staff, for the table that the demo prints."""
    language = texts.locale()
    with office.sessions() as session:
        names = office_queries.roles(session)
        rows = office_queries.logins(session)
    return [(row.login, row.name, ", ".join(_role(names[code], language) for code in row.roles)) for row in rows]


def _role(row: office_queries.RoleRow, language: str) -> str:
    return row.name_en if language == "en" else row.name
