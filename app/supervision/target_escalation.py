"""What time alone does to a red step: its leader is told, and after a further time the next level; once each.

Where the diagram itself has told the leader (an escalation task lies there or was done), level 1 is not told again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ARRAY, Text, bindparam, select, text, update

from app.casework.models import CaseFile
from app.office import dates
from app.office import queries as people
from app.office import targets as office
from app.office.columns import Instant
from app.supervision import assigning, models
from workflows import engine, instances, touched
from workflows.handlers import environment_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.office.targets import Target

BOTH: Final = frozenset({"both", "steering"})
LIMIT: Final = 100
_step = models.Step.__table__.c
_NEVER: Final = text("timestamptz '9000-01-01 00:00+00'")
_DUE: Final = text("""
SELECT run.id, run.case_id, run.step, run.role, run.since, run.level, run.leaders, file.lead, file.instance_id
FROM supervision_step AS run JOIN case_file AS file ON file.id = run.case_id
WHERE run.ended_at IS NULL AND run.next_at <= :now ORDER BY run.next_at, run.id LIMIT :number
""").bindparams(bindparam("now", type_=Instant))
_NEXT: Final = text("""
SELECT next_at FROM supervision_step WHERE ended_at IS NULL ORDER BY next_at LIMIT 1
""")
_TOLD: Final = text("""
SELECT EXISTS (SELECT FROM workflow_task WHERE subject = :subject AND element = ANY(:elements))
    OR EXISTS (SELECT FROM workflow_entry AS line JOIN workflow_instance AS one ON one.id = line.instance_id
        WHERE one.subject = :subject AND line.element = ANY(:elements) AND line.kind = 'task_completed'
        AND line.at >= :since)
""").bindparams(bindparam("since", type_=Instant), bindparam("elements", type_=ARRAY(Text)))
_LOCK: Final = text("SELECT pg_advisory_xact_lock('supervision_finding'::regclass::oid::integer, :case_id)")


def turn(session: Session, *, now: datetime, limit: int = LIMIT) -> int:
    """Takes so many red steps a level up; how many were looked at."""
    session.flush()
    rows = session.execute(_DUE, {"now": now, "number": limit}).all()
    known = {one.step: one for one in office.valid(session, dates.day_of(now))} if rows else {}
    for row in sorted(rows, key=lambda one: (one.case_id, one.id)):
        _raise(session, row, known.get(row.step), now)
    return len(rows)


def _raise(session: Session, row: Any, target: Target | None, now: datetime) -> None:  # noqa: ANN401  a row of _DUE
    """One level up, if nobody has ended the step meanwhile. The order of the locks is that of any act on the case."""
    if row.instance_id is not None:
        instances.lock(session, row.instance_id)
    session.execute(_LOCK, {"case_id": row.case_id})
    if target is None or not target.level1 or row.level >= (2 if target.level2 else 1):
        _write(session, row, {"next_at": _NEVER})
        return
    level = row.level + 1
    said = level == 1 and _told(session, row, target)
    to = () if said else _leaders(session, row, target.level1 if level == 1 else target.level2)
    later = environment_of(session).calendar.due(f"werktage({target.further})", now, {}) if target.further else None
    changes = {
        "level": level, "told_at": now, "leaders": sorted({*row.leaders, *to}),
        "next_at": later if level == 1 and target.level2 else _NEVER,
    }  # fmt: skip
    if _write(session, row, changes) and to and row.instance_id is not None:
        detail = {"level": level, "to": list(to), "step": row.step}
        engine.note(
            session, row.instance_id, actor=assigning.RULE, now=now, kind="escalated", name=target.label, detail=detail
        )  # fmt: skip


def _write(session: Session, row: Any, changes: dict[str, Any]) -> bool:  # noqa: ANN401  a row of _DUE
    touched.mark(session, str(row.case_id))
    written: Any = session.execute(
        update(models.Step)
        .where(_step.id == row.id, _step.ended_at.is_(None), _step.level == row.level)
        .values(**changes)
    )  # fmt: skip
    return bool(written.rowcount)


def _told(session: Session, row: Any, target: Target) -> bool:  # noqa: ANN401  a row of _DUE
    """Whether the diagram has told the leader."""
    values = {"subject": str(row.case_id), "elements": list(target.diagram), "since": row.since}
    return bool(target.diagram) and bool(session.scalar(_TOLD, values))


def _leaders(session: Session, row: Any, wanted: str) -> tuple[str, ...]:  # noqa: ANN401  a row of _DUE
    """The leaders whom a word of the file means for this case."""
    known = people.roles(session)
    own = _leader(known, row.role)
    if wanted in BOTH:
        return tuple(sorted(people.LEADERS.values()))
    if wanted == "other":
        return tuple(role for role in people.LEADERS.values() if role != own)
    found = {"own": own, "lead": _leader(known, row.lead) or own}.get(wanted, wanted)
    return (found,) if found else ()


def _leader(known: Any, role: str) -> str:  # noqa: ANN401  roles by code
    return people.LEADERS.get(known[role].partner or "", "") if role in known else ""


def listing(session: Session, roles: Sequence[str], *, limit: int) -> tuple[Any, ...]:
    """The running steps that have been escalated to one of these leaders, the latest first."""
    query = (
        select(models.Step.__table__, CaseFile.number)
        .join(CaseFile, CaseFile.id == _step.case_id)
        .where(_step.ended_at.is_(None), text("leaders <> '{}'"), _step.leaders.overlap(list(roles)))
        .order_by(_step.told_at.desc(), _step.id)
        .limit(limit)
    )
    return tuple(session.execute(query))


class Source:
    """The instants at which a step goes a level up, for the moves of the training clock."""

    def next_at(self, session: Session, until: datetime, skipped: Sequence[int]) -> datetime | None:  # noqa: ARG002
        """When the next step does."""
        session.flush()
        found: datetime | None = session.scalar(_NEXT)
        return found if found is not None and found <= until else None

    def play(self, session: Session, at: datetime, skipped: Sequence[int]) -> int | None:  # noqa: ARG002
        """Takes up what is due at this instant."""
        turn(session, now=at)
        return None
