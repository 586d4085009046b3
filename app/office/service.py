"""What changes the office: loading a profile, linking accounts, absences."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.office import dates, errors, models
from app.office import profile as profiles

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

OPENING_HOUR = time(8)


def load(session: Session, folder: str | Path, now: datetime) -> profiles.Profile:
    """Brings the office of this profile into the database and returns it; a second time only differences are written.

    Marks the database with the profile. A training profile gets its own clock, which a second load does not turn back.
    Raises ProfileInvalid.
    """
    profile = profiles.read(folder)
    _load_partners(session, profile)
    _load_calendar(session, profile)
    _load_people(session, profile)
    _load_settings(session, profile)
    _load_simple(session, profile)
    mark = {"training": profile.training, "profile": profile.id, "title": profile.title, "loaded_at": now}
    _put(session, models.Mark, "id", id=1, **mark)
    if profile.training:
        start = {"day": profile.office_day, "not_before": dates.at(profile.office_day, OPENING_HOUR)}
        session.execute(insert(models.Clock).values(id=1, **start).on_conflict_do_nothing())
    return profile


def _put(session: Session, table: Any, *keys: str, **values: Any) -> None:  # noqa: ANN401  any table of the office
    """Writes a row under its natural key: inserts it, or makes it say the new values."""
    statement = insert(table).values(**values)
    rest = {name: statement.excluded[name] for name in values if name not in keys}
    if rest:
        session.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=rest))
    else:
        session.execute(statement.on_conflict_do_nothing(index_elements=list(keys)))


def _load_partners(session: Session, profile: profiles.Profile) -> None:
    for row in profile.rows("partners"):
        names = row.pop("names")
        _put(session, models.Partner, "id", **row)
        for name in names:
            dated = {"valid_from": None, "valid_to": None} | name
            _put(session, models.PartnerName, "partner_id", "name", partner_id=row["id"], **dated)


def _load_calendar(session: Session, profile: profiles.Profile) -> None:
    days = profile.nouns["calendar"]
    for row in days["closing_days"]:
        _put(session, models.ClosingDay, "day", **row)
    for row in days["opening_hours"]:
        _put(session, models.OpeningHours, "weekday", "opens", **row)
    for row in profile.rows("deadlines"):
        _put(session, models.Deadline, "name", "valid_from", **({"valid_to": None, "basis": ""} | row))


def _load_people(session: Session, profile: profiles.Profile) -> None:
    for row in profile.rows("staff"):
        person = {"partner_id": row.pop("partner", None), "active_to": None} | row
        _put(session, models.Staff, "login", **person)
    ids = {row.login: row.id for row in session.execute(select(models.Staff.login, models.Staff.id))}
    for row in profile.rows("posts"):
        post = {"staff_id": ids[row.pop("login")], "valid_to": None, "hours": {}} | row
        _put(session, models.Post, "staff_id", "role", "valid_from", **post)
    for row in profile.rows("substitutions"):
        _put(session, models.Substitution, "role", "by_role", "valid_from", **({"valid_to": None} | row))


def _load_settings(session: Session, profile: profiles.Profile) -> None:
    roles = {row["code"]: {key: row[key] for key in row if key != "code"} for row in profile.rows("roles")}
    _put(session, models.Setting, "key", key="roles", value=roles)
    _put(session, models.Setting, "key", key="access", value=profile.access)
    for row in profile.rows("settings"):
        _put(session, models.Setting, "key", **row)


def _load_simple(session: Session, profile: profiles.Profile) -> None:
    for row in profile.rows("rooms"):
        room = {"partner_id": row.pop("partner", None)} | row
        _put(session, models.Room, "id", **room)
    for row in profile.rows("places"):
        _put(session, models.Place, "postcode", "name", **row)
    for row in profile.rows("programmes"):
        programme = {"partner_id": row.pop("partner")} | row
        _put(session, models.Programme, "code", **programme)
    for row in profile.rows("agreement"):
        _put(session, models.Agreement, "id", **row)


def link_account(session: Session, *, login: str, account_id: int) -> None:
    """Gives a member of staff an account; raises UnknownAccount when nobody has this login."""
    staff = session.scalars(select(models.Staff).where(models.Staff.login == login)).one_or_none()
    if staff is None:
        raise errors.UnknownAccount(account_id)
    staff.account_id = account_id


def record_absence(session: Session, *, login: str, start: date, end: date) -> None:
    """Notes that a person is away from `start` until the day before `end`; the reason is nobody's business."""
    staff_id = session.scalars(select(models.Staff.id).where(models.Staff.login == login)).one()
    _put(session, models.Absence, "staff_id", "valid_from", staff_id=staff_id, valid_from=start, valid_to=end)
