"""What changes the office: loading a profile, linking accounts, absences."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert

from app.office import dates, errors, models, targets
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
    _load_places(session, profile)
    mark = {"id": 1, "training": profile.training, "profile": profile.id, "title": profile.title, "loaded_at": now}
    _put(session, models.Mark, ["id"], [mark])
    if profile.training:
        start = {"day": profile.office_day, "not_before": dates.at(profile.office_day, OPENING_HOUR)}
        session.execute(insert(models.Clock).values(id=1, **start).on_conflict_do_nothing())
    return profile


def _put(session: Session, table: Any, keys: list[str], rows: list[dict[str, Any]]) -> None:  # noqa: ANN401  any table
    """Writes rows of one shape under their natural keys: inserts each, or makes it say the new values."""
    if not rows:
        return
    statement = insert(table).values(rows)
    rest = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))


def _load_partners(session: Session, profile: profiles.Profile) -> None:
    rows = profile.rows("partners")
    dated = {"valid_from": None, "valid_to": None}
    names = [dated | name | {"partner_id": row["id"]} for row in rows for name in row.pop("names")]
    _put(session, models.Partner, ["id"], rows)
    _put(session, models.PartnerName, ["partner_id", "name"], names)


def _load_calendar(session: Session, profile: profiles.Profile) -> None:
    days = profile.nouns["calendar"]
    _put(session, models.ClosingDay, ["day"], days["closing_days"])
    _put(session, models.OpeningHours, ["weekday", "opens"], days["opening_hours"])
    deadlines = [{"valid_to": None, "basis": ""} | row for row in profile.rows("deadlines")]
    _put(session, models.Deadline, ["name", "valid_from"], deadlines)
    _load_targets(session, profile)
    session.execute(delete(models.WorkingDay))
    session.execute(_WORKING_DAYS)


def _load_targets(session: Session, profile: profiles.Profile) -> None:
    """A step that the file does not name any more is no target any more."""
    stated = targets.read(profile.rows("targets"), {row["code"] for row in profile.rows("roles")})
    rows = [
        asdict(one) | {"place": place, "elements": list(one.elements), "diagram": list(one.diagram)}
        for place, one in enumerate(stated)
    ]
    session.execute(delete(models.Target).where(models.Target.step.not_in({one.step for one in stated})))
    _put(session, models.Target, ["step", "valid_from"], rows)


_WORKING_DAYS = text("""
INSERT INTO office_working_day (day, number)
SELECT day::date, row_number() OVER (ORDER BY day)
FROM generate_series('2000-01-01'::date, '2035-12-31'::date, interval '1 day') AS day
WHERE EXTRACT(isodow FROM day) - 1 IN (SELECT weekday FROM office_opening_hours)
    AND day::date NOT IN (SELECT day FROM office_closing_day)
""")


def _load_people(session: Session, profile: profiles.Profile) -> None:
    people = [{"partner_id": row.pop("partner", None)} | row for row in profile.rows("staff")]
    # Who has left since, by what a leader has noted, is not brought back by files that know nothing of it.
    for leaves in (True, False):
        _put(session, models.Staff, ["login"], [row for row in people if ("active_to" in row) is leaves])
    ids = {row.login: row.id for row in session.execute(select(models.Staff.login, models.Staff.id))}
    posts = [{"staff_id": ids[row.pop("login")], "valid_to": None, "hours": {}} | row for row in profile.rows("posts")]
    _put(session, models.Post, ["staff_id", "role", "valid_from"], posts)
    substitutions = [{"valid_to": None} | row for row in profile.rows("substitutions")]
    _put(session, models.Substitution, ["role", "by_role", "valid_from"], substitutions)


def _load_settings(session: Session, profile: profiles.Profile) -> None:
    roles = {row["code"]: {key: row[key] for key in row if key != "code"} for row in profile.rows("roles")}
    files = [{"key": "roles", "value": roles, "reason": ""}, {"key": "access", "value": profile.access, "reason": ""}]
    _put(session, models.Setting, ["key"], files + profile.rows("settings"))


def _load_places(session: Session, profile: profiles.Profile) -> None:
    rooms = [{"partner_id": row.pop("partner", None)} | row for row in profile.rows("rooms")]
    _put(session, models.Room, ["id"], rooms)
    _put(session, models.Place, ["postcode", "name"], profile.rows("places"))
    programmes = [{"partner_id": row.pop("partner")} | row for row in profile.rows("programmes")]
    _put(session, models.Programme, ["code"], programmes)
    _put(session, models.Agreement, ["id"], profile.rows("agreement"))


def link_account(session: Session, *, login: str, account_id: int) -> None:
    """Gives a member of staff an account; raises UnknownAccount when nobody has this login."""
    staff = session.scalars(select(models.Staff).where(models.Staff.login == login)).one_or_none()
    if staff is None:
        raise errors.UnknownAccount(account_id)
    staff.account_id = account_id


def record_absence(session: Session, *, login: str, start: date, end: date) -> None:
    """Notes that a person is away from `start` until the day before `end`; the reason is nobody's business."""
    staff_id = session.scalars(select(models.Staff.id).where(models.Staff.login == login)).one()
    row = {"staff_id": staff_id, "valid_from": start, "valid_to": end}
    _put(session, models.Absence, ["staff_id", "valid_from"], [row])
