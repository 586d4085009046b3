"""The rule book, to be read by everybody: as it stands, as it stood on a day, and every version that there was."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request
from flask_babel import gettext

from app import security
from app.casework import rulebook, rulebooks, rulediff
from app.office import dates
from app.pages import processes

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("rulebook", __name__)


@blueprint.get("/rules")
@security.access(*processes.ROLES)
def index() -> ResponseReturnValue:
    """The rules of today, or of the day that was asked for."""
    today = dates.day_of(security.now())
    typed = request.args.get("on", "").strip()
    day = _day(typed)
    fault = (
        gettext("Bitte schreiben Sie das Datum als TT.MM.JJJJ, zum Beispiel 05.01.2004.") if typed and not day else ""
    )
    book = rulebook.sheet(security.session(), day or today)
    return render_template("library/rules.html", book=book, today=today, typed=typed, fault=fault)


def _day(typed: str) -> date | None:
    try:
        return datetime.strptime(typed, "%d.%m.%Y").date()  # noqa: DTZ007  a day has no zone
    except ValueError:
        return None


@blueprint.get("/rules/history")
@security.access(*processes.ROLES)
def history() -> ResponseReturnValue:
    """Every version that was ever in force: from when until when, by whom, and what it changed."""
    session = security.session()
    rows = rulebooks.history(session)
    # Of several from one day only the last one ever decided.
    ends = [None, *(row.valid_from - timedelta(days=1) for row in rows)]
    books = [rulebooks.book_of(session, row) for row in rows]
    told = [rulediff.differences(old, new) for new, old in itertools.pairwise(books)]
    return render_template("library/rule_history.html", rows=list(zip(rows, ends, [*told, None], strict=False)))
