"""Comments that designers and leaders pin to the elements of a draft, with the people whom they name."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.design import errors, queries
from app.design.models import Comment, Draft
from app.identity import queries as identity
from app.notices import service as notices
from app.notices.models import Kind
from app.office import dates
from app.office import queries as offices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

LONGEST = 2_000
_MENTION = re.compile(r"@([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")


def people(session: Session, roles: frozenset[str], now: datetime) -> dict[str, str]:
    """Who may be named: the logins of those who hold one of these roles today, with their names."""
    held = {post.account_id for post in offices.posts(session, dates.local(now)) if post.role in roles}
    return {row.login: row.name for row in identity.accounts(session) if row.id in held}


def named(text: str, known: Mapping[str, str]) -> list[str]:
    """The logins that a text names, each once, as far as they are known."""
    found = dict.fromkeys(name.lower() for name in _MENTION.findall(text))
    return [name for name in found if name in known]


def add(
    session: Session, draft_id: int, text: str, *, element: str, known: Mapping[str, str], actor: Actor, now: datetime
) -> int:
    """Pins a comment to an element, or with "" to the whole draft. Raises UnknownDraft."""
    queries.process(session, draft_id)
    made = Comment(
        draft_id=draft_id, element=element, text=text[:LONGEST], mentions=named(text, known), made_at=now,
        made_by=actor.id, made_name=actor.name,
    )  # fmt: skip
    session.add(made)
    session.flush()
    named_ids = [row.id for row in identity.accounts(session) if row.login in made.mentions]
    notices.tell(session, named_ids, Kind.MENTIONED, target=draft_id, actor=actor, now=now)
    return made.id


def turn(session: Session, draft_id: int, comment_id: int, *, actor: Actor, now: datetime) -> None:
    """Marks a comment as done, or as open again. Raises UnknownDraft."""
    found = session.get(Comment, comment_id)
    if found is None or found.draft_id != draft_id:
        raise errors.UnknownDraft(draft_id)
    found.resolved_at, found.resolved_name = (now, actor.name) if found.resolved_at is None else (None, "")


def of(session: Session, draft_id: int) -> Sequence[Comment]:
    """The comments on a draft, those that are open first, the newest of them at the top."""
    query = select(Comment).where(Comment.draft_id == draft_id)
    return session.scalars(query.order_by(Comment.resolved_at.is_not(None), Comment.id.desc()).limit(500)).all()


def marks(session: Session, draft_id: int) -> dict[str, int]:
    """How many open comments hang on which element."""
    return dict(Counter(one.element for one in of(session, draft_id) if one.resolved_at is None))


def waiting(session: Session, login: str) -> list[tuple[int, str, int]]:
    """The drafts with open comments that name this person: id, title, how many."""
    query = (
        select(Draft.id, Draft.title, func.count())
        .join(Comment, Comment.draft_id == Draft.id)
        .where(Comment.resolved_at.is_(None), Comment.mentions.contains([login]), Draft.discarded_at.is_(None))
        .group_by(Draft.id)
        .order_by(Draft.id.desc())
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]
