"""The pages of meetings: the series, what is due, and what was held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext

from app import failures, security
from app.casework import views as casework_views
from app.casework import words as casework_words
from app.casework.clients import birthdates
from app.meetings import errors, queries, series, words
from app.meetings.models import SeriesKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from flask.typing import ResponseReturnValue

    from app.meetings.models import Series

blueprint = Blueprint("meetings", __name__, url_prefix="/meetings")
failures.refuse(errors.UnknownMeeting, 404)


@blueprint.app_template_global("late_meetings")
def late_meetings() -> list[queries.Standing]:
    """The series that are overdue, for the desk of the leaders."""
    return [one for one in queries.standings(security.session(), g.actor, now=security.now()) if one.late]


@blueprint.get("")
@security.access(*series.INVITED)
def index() -> ResponseReturnValue:
    """The series with what is due next, and the meetings that were held."""
    session, actor, now = security.session(), security.actor(), security.now()
    before = request.args.get("before", "")
    held = queries.held(session, actor, before=int(before[:18]) if before.isdigit() else 0)
    return render_template(
        "meetings/index.html", standings=queries.standings(session, actor, now=now), held=held[: queries.PAGE],
        following=held[queries.PAGE - 1][0].id if len(held) > queries.PAGE else 0, words=words,
        leads=queries.is_leader(actor), mine=len(queries.tasks_of(session, actor)), role=casework_views.role_name,
    )  # fmt: skip


@blueprint.get("/series/new")
@security.access(*queries.LEADERS)
def new() -> ResponseReturnValue:
    """The form for a new series: both leaders and, for a look back, everybody."""
    kind = SeriesKind.REFLECTION if request.args.get("kind") == SeriesKind.REFLECTION else SeriesKind.STEERING
    roles = series.INVITED if kind == SeriesKind.REFLECTION else queries.LEADERS
    typed = {"kind": kind.value, "name": str(words.SHORT[kind]), "weeks": "4" if kind == SeriesKind.STEERING else "13"}
    return _form({**typed, "roles": frozenset(roles)}, {})


def _form(typed: Mapping[str, Any], messages: Mapping[str, str], row: Series | None = None) -> str:
    return render_template(
        "meetings/series.html", typed=typed, messages=messages, row=row, words=words,
        roles=[(role, casework_views.role_name(role)) for role in series.INVITED],
        history=[words.happened(one) for one in queries.entries(security.session(), series_id=row.id)] if row else [],
    )  # fmt: skip


@blueprint.post("/series/new")
@security.access(*queries.LEADERS)
def start() -> ResponseReturnValue:
    """Starts a series; what was typed stays when it is refused."""
    typed = _typed()
    messages: dict[str, str] = {}
    first_on = _day(typed["first_on"], "first_on", messages)
    if messages or first_on is None:
        return _form(typed, messages), 422
    try:
        series.start(
            security.session(), _wanted(typed, first_on), actor=security.actor(), now=security.now()
        )  # fmt: skip
    except errors.MeetingRefused as refused:
        return _form(typed, {refused.field: words.refusal(refused.code)}), 422
    flash(gettext("Die Reihe ist angelegt, die erste Besprechung geplant."), "success")
    return redirect(url_for("meetings.index"), 303)


def _typed() -> dict[str, Any]:
    given = request.form
    names = ("kind", "name", "weeks", "first_on", "time", "place")
    return {name: given.get(name, "").strip()[: series.LONGEST] for name in names} | {
        "roles": frozenset(given.getlist("roles"))
    }


def _day(text: str, name: str, messages: dict[str, str]) -> date | None:
    try:
        return birthdates.parse_day(text)
    except birthdates.DateRefused as refused:
        messages[name] = casework_words.refusal(refused.code)
        return None


def _wanted(typed: Mapping[str, Any], first_on: date) -> series.Wanted:
    roles = tuple(role for role in series.INVITED if role in typed["roles"])
    weeks = int(typed["weeks"]) if typed["weeks"].isdigit() else 0
    return series.Wanted(typed["kind"], typed["name"], weeks, first_on, typed["time"], typed["place"], roles)


@blueprint.get("/series/<int:series_id>")
@security.access(*queries.LEADERS)
def show(series_id: int) -> ResponseReturnValue:
    """A series with its form and what happened to it."""
    row = queries.series(security.session(), series_id, security.actor())
    return _form(_standing(row), {}, row)


def _standing(row: Series) -> dict[str, Any]:
    return {
        "kind": row.kind, "name": row.name, "weeks": str(row.weeks), "time": row.time, "place": row.place,
        "roles": frozenset(row.roles), "first_on": casework_words.day(row.first_on.isoformat()),
    }  # fmt: skip


@blueprint.post("/series/<int:series_id>")
@security.access(*queries.LEADERS)
def change(series_id: int) -> ResponseReturnValue:
    """Changes a series; kind and first day stay."""
    row = queries.series(security.session(), series_id, security.actor())
    typed = _typed() | {name: _standing(row)[name] for name in ("kind", "first_on")}
    try:
        series.change(
            security.session(), series_id, _wanted(typed, row.first_on), actor=security.actor(), now=security.now()
        )  # fmt: skip
    except errors.MeetingRefused as refused:
        return _form(typed, {refused.field: words.refusal(refused.code)}, row), 422
    flash(
        gettext("Gesichert. Die nächste Besprechung bleibt an ihrem Tag; verschieben können Sie sie dort."), "success"
    )
    return redirect(url_for("meetings.show", series_id=series_id), 303)


@blueprint.post("/series/<int:series_id>/end")
@security.access(*queries.LEADERS)
def end(series_id: int) -> ResponseReturnValue:
    """Ends a series, with a reason."""
    session, actor = security.session(), security.actor()
    row = queries.series(session, series_id, actor)
    reason = request.form.get("reason", "").strip()[: series.LONGEST]
    try:
        series.end(session, series_id, reason=reason, actor=actor, now=security.now())
    except errors.MeetingRefused as refused:
        return _form(
            _standing(row) | {"reason": reason}, {refused.field or "reason": words.refusal(refused.code)}, row
        ), 422
    flash(gettext("Die Reihe ist beendet. Was gehalten wurde, bleibt."), "success")
    return redirect(url_for("meetings.index"), 303)
