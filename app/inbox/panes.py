"""What the three panes of the inbox show; the list's page and a task's page share them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_babel import get_locale, gettext

from app import security
from app.casework import queries as casework
from app.casework import vault
from app.inbox import forms, queries, service
from workflows import queries as host

if TYPE_CHECKING:
    from app.inbox.forms import Wanted


# Stands for the number of a task or a case while an address is made.
_ANY = 999_999_999


def wanted() -> Wanted:
    """Which list the address asks for."""
    return forms.Wanted.of(request.args, vault.of(security.session()))


def frame(wanted: Wanted) -> dict[str, Any]:
    """What the filters and the list show, on the list's page and beside a task."""
    session, actor, now = security.session(), security.actor(), security.now()
    return filters(wanted, queries.counts(session, actor=actor, now=now)) | {
        "listing": queries.listing(session, wanted, actor=actor, now=now, locale=str(get_locale())),
        "orders": forms.ORDERS,
        "staff": queries.staff(session, actor=actor, now=now, locale=str(get_locale())),
        "task_link": _halves("inbox.task.show", "task_id", **wanted.query(after=wanted.after)),
        "case_link": _halves("casework.case", "case_id") if security.may("casework.case") else None,
    }


def filters(wanted: Wanted, counts: dict[str, str]) -> dict[str, Any]:
    """What the filters show, with these counts."""
    session, actor = security.session(), security.actor()
    return {
        "wanted": wanted,
        "counts": counts,
        "digest": digest(counts),
        "views": forms.VIEWS,
        "saved": casework.filters(session, actor.id),
        "led": bool(queries.team(session, actor)),
    }


def _halves(endpoint: str, number: str, **query: str) -> tuple[str, str]:
    """What stands before and behind the number in the addresses of an endpoint: each row of a list has one."""
    values: dict[str, Any] = {number: _ANY} | query
    before, _number, behind = url_for(endpoint, **values).partition(str(_ANY))
    return before, behind


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
