"""The page of what comes within ninety days: a list by weeks and a month as a calendar, for the own line only (R41)."""

from __future__ import annotations

import calendar
import itertools
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext

from app import security
from app.casework import views as casework_views
from app.office import dates
from app.supervision import desk, errors, foresight, foresight_start, target_pace, target_words
from app.supervision import foresight_queries as queries

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    """What comes: by weeks, the next first, a month as a calendar, or the deadlines that will break."""
    return _page("", {})


def _page(error: str, typed: Mapping[str, str]) -> str:
    reader = desk.Reader(security.session(), security.actor(), security.now(), str(get_locale()))
    today, end = foresight.span(reader)
    asked = request.args.get("view")
    shown = (
        {"view": "pace", "forecasts": target_pace.forecasts(reader), "fewest": target_pace.FEWEST}
        if asked == "pace"
        else _calendar(reader, today, end)
        if asked == "month"
        else _list(reader, today, end)
    )
    roles = sorted(((code, casework_views.role_name(code)) for code in reader.led()), key=lambda one: one[1])
    query = {name: value for name, value in request.args.items() if value and name in {"role", "kind"}}
    return render_template(
        "supervision/foresight.html", today=today, end=end, roles=roles, kinds=foresight.TITLES, query=query,
        given=request.args, cap=foresight.CAP, error=error, typed=typed,
        amount=target_words.amount, limit=target_words.limit,
        **shown,
    )  # fmt: skip


@blueprint.post("/supervision/foresight/cases/<int:case_id>/prepare")
@security.access(*desk.LEADERS)
def prepare(case_id: int) -> ResponseReturnValue:
    """Begins the hand-over of the payment before its day."""
    reason = request.form.get("reason", "")
    try:
        done = foresight_start.begin(
            security.session(), case_id, reason=reason, actor=security.actor(), now=security.now()
        )  # fmt: skip
    except errors.PreparationRefused as refused:
        said = {
            "gone": gettext("Die Übergabe ist schon begonnen, oder der Fall wartet auf etwas anderes."),
            "asked": gettext("Das ist schon vorgelegt und wartet auf die zweite Person."),
            "required": gettext("Bitte schreiben Sie, warum Sie schon jetzt beginnen."),
            "too_long": gettext("Bitte kürzen Sie die Begründung auf 500 Zeichen."),
        }
        return _page(said[refused.code], {"case": str(case_id), "reason": reason}), 422
    flash(
        gettext("Die Übergabe ist begonnen. Die Aufgabe dazu liegt bei der Beratungsfachkraft.") if done
        else gettext("Der Eingriff wartet auf die Bestätigung einer zweiten Person. Bis dahin geschieht nichts."),
        "success" if done else "info",
    )  # fmt: skip
    return redirect(url_for("foresight.index", **_kept()), 303)


def _kept() -> dict[str, Any]:
    return {name: value for name, value in request.args.items() if value and name in {"role", "kind", "after"}}


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
