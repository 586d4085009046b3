"""The page of what comes within ninety days: a list by weeks and a month as a calendar, for the own line only (R41)."""

from __future__ import annotations

import calendar
import itertools
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request
from flask_babel import get_locale

from app import security
from app.casework import views as casework_views
from app.office import dates
from app.supervision import desk, foresight
from app.supervision import foresight_queries as queries

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("foresight", __name__)


def _wanted(reader: desk.Reader, first: date, last: date) -> queries.Wanted:
    """The filters as the address names them; roles of the other agency are never among them."""
    led, role, kind = reader.led(), request.args.get("role", ""), request.args.get("kind", "")
    return queries.Wanted(
        first=first, last=last, roles=frozenset({role}) if role in led else led,
        kinds=(kind,) if kind in queries.KINDS else queries.KINDS, after=queries.key(request.args.get("after", "")),
    )  # fmt: skip


def _asked(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


@blueprint.get("/supervision/foresight")
@security.access(*desk.LEADERS)
def index() -> ResponseReturnValue:
    """What comes: by weeks, the next first, or a month as a calendar."""
    reader = desk.Reader(security.session(), security.actor(), security.now(), str(get_locale()))
    today, end = foresight.span(reader)
    shown = _calendar(reader, today, end) if request.args.get("view") == "month" else _list(reader, today, end)
    roles = sorted(((code, casework_views.role_name(code)) for code in reader.led()), key=lambda one: one[1])
    query = {name: value for name, value in request.args.items() if value and name in {"role", "kind"}}
    return render_template(
        "supervision/foresight.html", today=today, end=end, roles=roles, kinds=foresight.TITLES, query=query,
        given=request.args, cap=foresight.CAP, **shown,
    )  # fmt: skip


def _list(reader: desk.Reader, today: date, end: date) -> dict[str, Any]:
    asked = _asked("day")
    day = asked if asked is not None and today <= asked <= end else None
    wanted = _wanted(reader, day or today, day or end)
    lines, following = foresight.page(reader, wanted)
    weeks = itertools.groupby(lines, key=lambda line: line.day - timedelta(line.day.weekday()))
    return {"view": "list", "weeks": [(week, list(group)) for week, group in weeks], "day": day, "following": following}


def _calendar(reader: desk.Reader, today: date, end: date) -> dict[str, Any]:
    asked = _asked("month") or today
    first = min(max(asked, today), end).replace(day=1)
    last = dates.first_of_next_month(first) - timedelta(1)
    counts = foresight.month(reader, _wanted(reader, max(first, today), min(last, end)))
    months = [first.replace(day=1) for first in _months(today, end)]
    return {
        "view": "month", "month": first, "months": months, "counts": counts,
        "rows": calendar.Calendar().monthdatescalendar(first.year, first.month),
    }  # fmt: skip


def _months(today: date, end: date) -> list[date]:
    found, month = [], today.replace(day=1)
    while month <= end:
        found.append(month)
        month = dates.first_of_next_month(month)
    return found
