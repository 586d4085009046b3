"""What writes records, contacts and comments, and who read a case."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Insert, bindparam, func, insert, select

from app.casework import access, errors, vault
from app.casework.cases import queries as cases
from app.casework.records import models

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor


def record(
    session: Session,
    case_id: int,
    *,
    kind: str,
    values: Mapping[str, Mapping[str, Any]],
    actor: Actor,
    now: datetime,
    section: str = "",
) -> None:
    """Keeps what a form wrote about a case, a new version for each category of sensitivity; older ones stay.

    Categories that the access matrix calls sealed are encrypted. Raises UnknownCase, ValuesRefused, VaultMissing.
    """
    cases.case_file(session, case_id)
    sealed = access.matrix(session).sealed
    for category, content in values.items():
        if category not in access.CATEGORIES:
            raise errors.ValuesRefused({category: "unknown_category"})
        is_sealed = category in sealed
        row = {
            "case_id": case_id, "kind": kind, "section": section, "category": category,
            "values": None if is_sealed else dict(content),
            "sealed": vault.of(session).seal(content) if is_sealed else None,
            "author": actor.name, "author_id": actor.id, "partner": actor.partner, "at": now,
        }  # fmt: skip
        session.execute(_NEXT, {f"given_{name}": value for name, value in row.items()})


def _next() -> Insert:
    """The next version of a record, counted where it is inserted, which spares a statement."""
    table, earlier = models.Record.__table__, models.Record.__table__.alias()
    place = ("case_id", "kind", "section", "category")
    content = ("values", "sealed", "author", "author_id", "partner", "at")
    given = {name: bindparam(f"given_{name}", type_=table.c[name].type) for name in (*place, *content)}
    last = select(func.coalesce(func.max(earlier.c.version), 0) + 1)
    version = last.where(*(earlier.c[name] == given[name] for name in place)).scalar_subquery()
    return insert(table).values({**given, "version": version})  # type: ignore[arg-type]  # a Table


_NEXT = _next()


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk, call or letter as somebody notes it."""

    held_on: date
    kind: str
    note: str = ""
    next_step: str = ""
    next_on: date | None = None


def add_contact(
    session: Session,
    case_id: int,
    talk: Talk,
    *,
    actor: Actor,
    now: datetime,
) -> int:
    """Notes a talk with its next date or next step, without which no talk is closed (R48), and returns its id.

    The next date becomes the case's. Raises ValuesRefused, UnknownCase.
    """
    if talk.next_on is None and not talk.next_step.strip():
        raise errors.ValuesRefused({"next_on": "required"})
    if talk.next_on is not None and talk.next_on < talk.held_on:
        raise errors.ValuesRefused({"next_on": "before_start"})
    case = cases.case_file(session, case_id)
    case.next_contact = talk.next_on or case.next_contact
    row = models.Contact(
        case_id=case_id, author=actor.name, author_id=actor.id, partner=actor.partner, recorded_at=now, **asdict(talk)
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def comment(
    session: Session, case_id: int, text: str, *, actor: Actor, now: datetime, task_id: int | None = None
) -> int:
    """Keeps a remark of staff about a case or a task and returns its id; raises ValuesRefused when it is empty."""
    if not text.strip():
        raise errors.ValuesRefused({"text": "required"})
    cases.case_file(session, case_id)
    row = models.Comment(
        case_id=case_id, task_id=task_id, text=text.strip(), author=actor.name, author_id=actor.id,
        partner=actor.partner, at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def log_read(
    session: Session,
    case_id: int,
    *,
    categories: Collection[str],
    actor: Actor,
    now: datetime,
    purpose: str = "",
) -> None:
    """Notes that somebody saw these categories of a case, and why; a read across the agencies is marked (R43)."""
    matrix = access.matrix(session)
    session.add(
        models.AccessEntry(
            at=now, case_id=case_id, client_id=cases.case_file(session, case_id).client_id, actor_id=actor.id,
            actor=actor.name, partner=actor.partner, purpose=purpose or matrix.purpose(actor.roles),
            categories=list(categories), across=bool(matrix.across(actor.partner, categories)),
        )
    )  # fmt: skip
    session.flush()
