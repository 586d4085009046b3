"""What the office knows about its people, its doors and its settings; frozen rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, Text, bindparam, func, or_, select

from app.office import calendar, dates, errors, models, roster
from workflows import kept
from workflows.handlers import Actor

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

LEADERS = {"STADT": "LTG_STADT", "AA": "LTG_AA"}
# Asked for by most acts and pages, so they are read in one statement.
TOGETHER = frozenset({"access", "remind_at_age", "roles"})
CLOCK_ROLES = frozenset({"LTG_STADT", "LTG_AA", "ADM"})


@dataclass(frozen=True, slots=True)
class Held:
    """A post of a person on a day: whether the person is at work at the moment."""

    staff_id: int
    account_id: int | None
    name: str
    partner: str
    role: str
    present: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acts in a role now, in the own one or as a substitute."""

    staff_id: int
    account_id: int | None
    name: str
    partner: str
    role: str
    substitute: bool
    present: bool


@dataclass(frozen=True, slots=True)
class Login:
    """A member of staff who needs an account."""

    login: str
    name: str
    account_id: int | None
    roles: tuple[str, ...]
    partner: str


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """A partner under the name it bears on a day."""

    id: str
    name: str
    short_name: str
    legal_area: str
    delegated_by: str


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role in words, with its partner and the role of its leader."""

    code: str
    name: str
    name_en: str
    partner: str
    leader: str


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether new cases may be opened at a moment; `reason` is empty when they may."""

    day: date
    reason: str
    next_open: date | None

    @property
    def is_open(self) -> bool:
        """Whether the office takes new cases at this moment."""
        return not self.reason


def actor(session: Session, account_id: int, now: datetime) -> Actor:
    """The person of this account with the roles held now: own posts, and those it stands in for.

    Raises UnknownAccount when nobody in active service has the account.
    """
    held = posts(session, dates.local(now))
    own = [post for post in held if post.account_id == account_id]
    if not own:
        raise errors.UnknownAccount(account_id)
    roles = frozenset(post.role for post in own)
    covered = _covered(session, held, dates.day_of(now))
    substitutes = frozenset(role for role, by_role in covered if by_role in roles)
    return Actor(id=account_id, name=own[0].name, roles=roles | substitutes, partner=own[0].partner)


def own_roles(session: Session, account_id: int, now: datetime) -> frozenset[str]:
    """The roles that a person holds by post, without those it stands in for."""
    return frozenset(post.role for post in posts(session, dates.local(now)) if post.account_id == account_id)


def posts(session: Session, wall: datetime) -> list[Held]:
    """All posts valid on this day, each with whether its person is at work at this time of the wall clock."""
    return [
        Held(
            row.id,
            row.account_id,
            row.name,
            row.partner_id or "",
            row.role,
            present=not row.away and _at_work(row.hours, wall),
        )
        for row in roster.of(session, wall.date())
    ]


def _at_work(hours: Mapping[str, Iterable[tuple[str, str]]], wall: datetime) -> bool:
    """Without own hours a person is reachable whenever the office asks."""
    if not hours:
        return True
    spans = hours.get(str(wall.weekday()), ())
    return any(time.fromisoformat(start) <= wall.time() < time.fromisoformat(end) for start, end in spans)


def _covered(session: Session, held: list[Held], day: date) -> set[tuple[str, str]]:
    """Which roles are vacant at the moment and by whom they are covered: (role, by_role)."""
    present = {post.role for post in held if post.present}
    rows = roster.of(session, day)
    covers = rows[0].covers if rows else ()
    return {(role, by_role) for role, by_role in covers if role not in present}


def people_in_role(session: Session, role: str, now: datetime) -> tuple[Person, ...]:
    """Everybody who may act in this role now: holders first, then substitutes while no holder is at work."""
    held = posts(session, dates.local(now))
    covering = {by_role for covered, by_role in _covered(session, held, dates.day_of(now)) if covered == role}
    found = [_person(post, role, substitute=False) for post in held if post.role == role]
    known = {person.staff_id for person in found}
    found += [
        _person(post, role, substitute=True) for post in held if post.role in covering and post.staff_id not in known
    ]
    return tuple(found)


def _person(post: Held, role: str, *, substitute: bool) -> Person:
    return Person(post.staff_id, post.account_id, post.name, post.partner, role, substitute, post.present)


def leaders(session: Session, partner: str, now: datetime) -> tuple[Person, ...]:
    """Those who lead the staff of this partner."""
    return people_in_role(session, LEADERS[partner], now) if partner in LEADERS else ()


def can_reassign(session: Session, actor: Actor, role: str) -> bool:
    """Whether this person may hand over work of this role: a leader, and only for staff of the own agency (R41)."""
    leader = LEADERS.get(actor.partner)
    return leader in actor.roles and roles(session)[role].partner == actor.partner


def can_move_clock(actor: Actor) -> bool:
    """Whether this person may move the training clock."""
    return bool(actor.roles & CLOCK_ROLES)


_setting = models.Setting.__table__.c
_SETTINGS = select(_setting.key, _setting.value).where(_setting.key == func.any(bindparam("keys", type_=ARRAY(Text))))


def setting(session: Session, key: str) -> Any:  # noqa: ANN401  settings are JSON of any shape
    """The value of a setting; None when the office has none of this name."""
    table = models.Setting

    def read() -> dict[str, Any]:
        keys = TOGETHER if key in TOGETHER else {key}
        # Nothing that an act changes is a setting: what waits to be written may go on waiting.
        with session.no_autoflush:
            rows = session.execute(_SETTINGS, {"keys": sorted(keys)})
            return {row.key: row.value for row in rows}

    place = "acts" if key in TOGETHER else key
    return kept.once(session, (table, place), (table.__tablename__,), read).get(key)


def roles(session: Session) -> dict[str, RoleRow]:
    """All roles by code."""
    known: dict[str, dict[str, str]] = setting(session, "roles") or {}
    return {
        code: RoleRow(code, row["name"], row["name_en"], row.get("partner", ""), row.get("leader", ""))
        for code, row in known.items()
    }


def role_partner(session: Session, role: str) -> str:
    """The partner whose staff holds this role; empty for none."""
    row = roles(session).get(role)
    return row.partner if row else ""


def partners(session: Session, on: date) -> tuple[PartnerRow, ...]:
    """The partners under the names they bear on this day."""
    partner, name = models.Partner, models.PartnerName
    rows = session.execute(
        select(partner.id, name.name, name.short_name, partner.legal_area, partner.delegated_by)
        .join(name, name.partner_id == partner.id)
        .where(
            or_(name.valid_from.is_(None), name.valid_from <= on),
            or_(name.valid_to.is_(None), name.valid_to > on),
        )
        .order_by(partner.id)
    )
    return tuple(PartnerRow(*row) for row in rows)


def logins(session: Session) -> tuple[Login, ...]:
    """All members of staff, so that each can be given an account."""
    staff, post = models.Staff, models.Post
    held: dict[int, list[str]] = {}
    for staff_id, role in session.execute(select(post.staff_id, post.role).order_by(post.id)):
        held.setdefault(staff_id, []).append(role)
    rows = session.execute(
        select(staff.id, staff.login, staff.name, staff.account_id, staff.partner_id).order_by(staff.id)
    )
    return tuple(
        Login(row.login, row.name, row.account_id, tuple(held.get(row.id, ())), row.partner_id or "") for row in rows
    )


def opening(session: Session, now: datetime) -> Opening:
    """Whether the office takes new cases at this moment (R6, R15), else why not and when it does next."""
    day = dates.day_of(now)
    agreement = session.scalars(select(models.Agreement).order_by(models.Agreement.begins.desc())).first()
    if agreement is None:
        return Opening(day, "no_agreement", None)
    reason = _closed_because(agreement, day)
    table = calendar.snapshot(session)
    following = table.working_day_from(max(day, agreement.opens))
    next_open = following if reason != "not_in_force" and following <= agreement.ends else None
    if not reason and not table.is_working_day(day):
        reason = "closed_day"
    return Opening(day, reason, next_open)


def _closed_because(agreement: models.Agreement, day: date) -> str:
    if agreement.status != models.AgreementStatus.IN_FORCE:
        return "not_in_force"
    if day < agreement.begins:
        return "before_agreement"
    if day < agreement.opens:
        return "before_opening"
    return "after_agreement" if day > agreement.ends else ""


@dataclass(frozen=True, slots=True)
class Admission:
    """The days from the opening to the end of the agreement, between which cases may be dated."""

    first: date
    last: date


def admission(session: Session) -> Admission | None:
    """When cases may be opened by the agreement in force; None while there is none."""
    table = models.Agreement
    row = session.execute(
        select(table.opens, table.ends)
        .where(table.status == models.AgreementStatus.IN_FORCE)
        .order_by(table.begins.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Admission(row.opens, row.ends)


def opening_day(session: Session) -> date | None:
    """The day on which the office opened, or will."""
    return session.scalar(select(models.Agreement.opens).order_by(models.Agreement.begins.desc()).limit(1))


def agreement_end(session: Session) -> date | None:
    """The last day of the agreement."""
    return session.scalar(select(models.Agreement.ends).order_by(models.Agreement.begins.desc()).limit(1))


def mark(session: Session) -> tuple[str, bool] | None:
    """Title of the loaded profile and whether this is a training database; None when no office was loaded."""
    row = session.execute(select(models.Mark.title, models.Mark.training)).one_or_none()
    return None if row is None else (row.title, row.training)
