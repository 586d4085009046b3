"""How pages of forms and of the rule book save what they edit: as a part of its draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext

from app import security
from app.design import queries, service
from app.design.models import Act

if TYPE_CHECKING:
    from app.design import errors


def save(draft_id: int, part: queries.DraftRow | None, file: str, content: bytes) -> None:
    """Saves a form or book of a draft as its newest state, after the one that the page showed; it becomes a part of
    the draft where it was none. Raises DraftChanged, FileUnusable.
    """
    session, actor, now = security.session(), security.actor(), security.now()
    known = request.form.get("revision", 0, type=int)
    if part is None:
        begun = service.begin_part(session, draft_id, file, None, actor=actor, now=now)
        part, known = queries.draft(session, begun.draft_id), begun.number
    service.save(session, part.id, content, known=known, actor=actor, now=now, act=Act.LISTED)


def overtaken(changed: errors.DraftChanged) -> str:
    """What whoever was slower reads."""
    told = gettext(
        "%(name)s hat inzwischen gesichert. Was Sie getippt haben, steht noch da; „Sichern“ übernimmt es in den neuen "
        "Stand.",
        name=changed.saved_name,
    )
    return str(told)
