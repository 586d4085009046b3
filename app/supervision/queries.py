"""The stuck desk in rows: what stands still now, the most pressing first, by keys and with bounded counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, Boolean, Text, bindparam, func, literal_column, select, text, tuple_

from app.office.models import Staff
from app.supervision import models

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

CAP = 1000
GREY = frozenset({"held", "paused"})
_finding = models.Finding.__table__.c


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a leader wants to see; None and empty mean everything. `after` is where the page before has ended."""

    roles: frozenset[str] | None = None
    person_id: int | None = None
    process: str = ""
    cause: str = ""
    days: int = 0
    level: str = ""
    after: tuple[datetime, int] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A case that stands still, and why."""

    id: int
    case_id: int
    cause: str
    role: str
    person_id: int | None
    process: str
    element: str
    name: str
    task_id: int | None
    ref: int | None
    since: datetime
    red_at: datetime
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Happening:
    """A line of a case's history."""

    at: datetime
    actor: str
    kind: str
    name: str
    element: str


@dataclass(frozen=True, slots=True)
class PleaRow:
    """What one leader asks of the other."""

    id: int
    case_id: int
    cause: str
    name: str
    asked_by: str
    text: str
    asked_at: datetime
    answer_by: Any
    answer: str
    answered_by: str
    answered_at: datetime | None


def _filters(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    found = [_finding.at <= now, _finding.until > now]
    if wanted.roles is not None:
        found.append(_finding.role == func.any(bindparam("roles", sorted(wanted.roles), type_=ARRAY(Text))))
    if wanted.person_id is not None:
        found.append(_finding.person_id == wanted.person_id)
    if wanted.process:
        found.append(_finding.process == wanted.process)
    if wanted.cause:
        found.append(_finding.cause == wanted.cause)
    if wanted.days:
        found.append(_finding.since <= now - timedelta(days=wanted.days))
    return found + _level(wanted.level, now)


def _level(level: str, now: datetime) -> list[ColumnElement[bool]]:
    if level == "red":
        return [_finding.red_at <= now]
    if level == "grey":
        # Word for word what the index says.
        return [literal_column("cause IN ('held', 'paused')", Boolean)]
    return [_finding.red_at > now, _finding.cause.not_in(GREY)] if level == "amber" else []


def listing(session: Session, wanted: Wanted, *, now: datetime, limit: int) -> tuple[Row, ...]:
    """So many rows and one more if there are more: red ones first, then what becomes red soonest."""
    columns = [_finding[name] for name in Row.__dataclass_fields__]
    query = select(*columns).where(*_filters(wanted, now)).order_by(_finding.red_at, _finding.id).limit(limit + 1)
    if wanted.after is not None:
        query = query.where(tuple_(_finding.red_at, _finding.id) > wanted.after)
    return tuple(Row(*row) for row in session.execute(query))


def counts(session: Session, causes: Iterable[str], wanted: Wanted, *, now: datetime) -> dict[str, int]:
    """How many findings each cause has under these filters; counting stops one beyond CAP."""
    parts = {}
    for cause in causes:
        some = select(_finding.id).where(*_filters(wanted, now), _finding.cause == cause).limit(CAP + 1).subquery()
        parts[cause] = select(func.count()).select_from(some).scalar_subquery()
    row = session.execute(select(*parts.values())).one()
    return {cause: number for cause, number in zip(parts, row, strict=True) if number}


def levels(session: Session, wanted: Wanted, *, now: datetime) -> dict[str, int]:
    """How many findings are red, amber and grey; counting stops one beyond CAP."""
    parts = [
        select(func.count()).select_from(
            select(_finding.id).where(*_filters(wanted, now), *_level(level, now)).limit(CAP + 1).subquery()
        ).scalar_subquery()
        for level in ("red", "amber", "grey")
    ]  # fmt: skip
    return dict(zip(("red", "amber", "grey"), session.execute(select(*parts)).one(), strict=True))


_EVENTS = text("""
SELECT run.subject, line.at, line.actor, line.kind, line.name, line.element
FROM workflow_instance AS run CROSS JOIN LATERAL (
    SELECT at, actor, kind, name, element, sequence FROM workflow_entry
    WHERE instance_id = run.id ORDER BY sequence DESC LIMIT 3
) AS line
WHERE run.subject = ANY(:subjects)
ORDER BY line.at DESC, line.sequence DESC
""")


def happenings(session: Session, case_ids: Collection[int]) -> dict[int, list[Happening]]:
    """The last three lines of the history of each of these cases, the newest first."""
    found: dict[int, list[Happening]] = {}
    for row in session.execute(_EVENTS, {"subjects": [str(case_id) for case_id in case_ids]}):
        lines = found.setdefault(int(row.subject), [])
        if len(lines) < 3:  # noqa: PLR2004  three, as said
            lines.append(Happening(row.at, row.actor, row.kind, row.name, row.element))
    return found


def people(session: Session, account_ids: Collection[int]) -> dict[int, str]:
    """The names of the people with these accounts."""
    found = select(Staff.account_id, Staff.name).where(Staff.account_id.in_(account_ids))
    return {row.account_id: row.name for row in session.execute(found) if row.account_id is not None}


def _pleas(session: Session, *where: ColumnElement[bool]) -> tuple[PleaRow, ...]:
    table = models.Plea.__table__.c
    query = select(*[table[name] for name in PleaRow.__dataclass_fields__]).where(*where)
    return tuple(PleaRow(*row) for row in session.execute(query.order_by(table.answer_by, table.id).limit(CAP)))


def asked_of(session: Session, roles: Collection[str]) -> tuple[PleaRow, ...]:
    """What the other leader asks of those who hold these roles, unanswered."""
    return _pleas(session, models.Plea.to_role.in_(roles), models.Plea.answered_at.is_(None))


def asked_by(session: Session, roles: Collection[str], *, now: datetime) -> tuple[PleaRow, ...]:
    """What those who hold these roles have asked: unanswered, or answered in the last two weeks."""
    recent = models.Plea.answered_at.is_(None) | (models.Plea.answered_at > now - timedelta(days=14))
    return _pleas(session, models.Plea.from_role.in_(roles), recent)


def token(row: Row) -> str:
    """Where the page after this row begins."""
    return f"{row.red_at.astimezone(UTC).timestamp():.6f}_{row.id}"


def key(given: str) -> tuple[datetime, int] | None:
    """The place that a token names; None for what is none."""
    try:
        moment, _, number = given.partition("_")
        return datetime.fromtimestamp(float(moment), UTC), int(number)
    except (ValueError, OverflowError):
        return None
