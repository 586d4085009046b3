"""What the three panes of the inbox show; the list's page and a task's page share them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from flask_babel import get_locale, gettext

from app import security
from app.casework import queries as casework
from app.inbox import forms, queries, service
from workflows import queries as host

if TYPE_CHECKING:
    from app.inbox.forms import Wanted


def frame(wanted: Wanted) -> dict[str, Any]:
    """What the filters and the list show, on the list's page and beside a task."""
    session, actor, now = security.session(), security.actor(), security.now()
    counts = queries.counts(session, actor=actor, now=now)
    return {
        "wanted": wanted,
        "listing": queries.listing(session, wanted, actor=actor, now=now, locale=str(get_locale())),
        "counts": counts,
        "digest": digest(counts),
        "views": forms.VIEWS,
        "orders": forms.ORDERS,
        "saved": casework.filters(session, actor.id),
        "led": bool(queries.team(session, actor)),
        "staff": queries.staff(session, actor=actor, now=now, locale=str(get_locale())),
    }


def digest(counts: dict[str, str]) -> str:
    """A short sign by which the page sees whether the counts have changed."""
    return hashlib.sha256(repr(sorted(counts.items())).encode()).hexdigest()[:12]


def desk() -> service.Desk:
    """Who works, when, in which language."""
    return service.Desk(security.session(), security.actor(), security.now(), str(get_locale()))


def title(task_id: int) -> str:
    """The name of an open task for a sentence."""
    row = host.task(security.session(), task_id)
    return gettext("Aufgabe") if row is None else queries.names(security.session(), str(get_locale())).task(row)
