"""The page on which leaders plan who is away and who stands in; each for the own staff (R41)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _

from app import security
from app.casework import words
from app.casework.clients import birthdates
from app.office import dates, models
from app.supervision import absence_queries as queries
from app.supervision import absences, desk, errors, reasons

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

blueprint = Blueprint("absence", __name__)
blueprint.add_app_template_filter(reasons.told, "told_reason")
blueprint.add_app_template_filter(reasons.actor, "told_actor")
KINDS: Mapping[str, Any] = {
    models.AbsenceKind.LEAVE: _("Urlaub"),
    models.AbsenceKind.TRAINING: _("Fortbildung"),
    models.AbsenceKind.DUTY: _("Dienst außer Haus"),
    models.AbsenceKind.OTHER: _("sonstige Abwesenheit"),
}
# In the calendar a letter stands for the kind: what is told by colour is told by a letter, too.
LETTERS: Mapping[str, Any] = {"leave": _("U"), "training": _("F"), "duty": _("D"), "other": _("A")}
WEEKS = 4
FIELDS = ("person", "first", "last", "kind", "substitute")
SAID: Mapping[str, Any] = {
    "before_start": _("Der letzte Tag liegt vor dem ersten."),
    "too_long": _("Das sind mehr als zwei Jahre. Bitte prüfen Sie die Tage."),
    "past": _("Diese Abwesenheit ist schon vorbei."),
    "unknown_choice": _("Bitte wählen Sie einen der Einträge."),
    "substitute": _("Diese Person hat keine der Rollen und vertritt keine davon."),
}


def _reader() -> desk.Reader:
    return desk.Reader(security.session(), security.actor(), security.now(), str(get_locale()))


@blueprint.get("/supervision/absences")
@security.access(*desk.LEADERS)
def index() -> ResponseReturnValue:
    """Four weeks of the own staff as a calendar, the absences as a list, and the form for a new one."""
    return _page({name: request.args.get(name, "") for name in ("person",)}, {})


def _page(typed: Mapping[str, str], messages: Mapping[str, str]) -> str:
    reader = _reader()
    today = dates.day_of(reader.now)
    start = _start(today)
    days = [start + timedelta(number) for number in range(7 * WEEKS)]
    staff = queries.staff(reader.session, reader.actor.partner, today)
    return render_template(
        "supervision/absences.html", days=days, today=today, typed=typed, messages=messages, kinds=KINDS,
        letters=LETTERS, staff=staff, before=start - timedelta(7 * WEEKS), after=start + timedelta(7 * WEEKS),
        grid=queries.grid(reader.session, reader.actor.partner, days[0], days[-1]),
        planned=queries.planned(reader.session, reader.actor.partner, today),
        covers=queries.covers(reader.session, staff, now=reader.now),
    )  # fmt: skip


def _start(today: date) -> date:
    """The Monday on which the calendar begins: of this week, or as the address says."""
    try:
        asked = date.fromisoformat(request.args.get("from", ""))
    except ValueError:
        asked = today
    near = asked if abs((asked - today).days) <= absences.LONGEST else today
    return near - timedelta(near.weekday())


@blueprint.post("/supervision/absences")
@security.access(*desk.LEADERS)
def enter() -> ResponseReturnValue:
    """Enters an absence; what was typed stays when it is refused."""
    typed = {name: request.form.get(name, "").strip()[:40] for name in FIELDS}
    messages: dict[str, str] = {}
    first, last = (_day(typed, name, messages) for name in ("first", "last"))
    if not typed["person"].isdigit():
        messages["person"] = gettext("Bitte wählen Sie eine Person.")
    if messages or first is None or last is None:
        return _page(typed, messages), 422
    cover = int(typed["substitute"]) if typed["substitute"].isdigit() else None
    planned = absences.Planned(int(typed["person"]), first, last, typed["kind"], cover)
    try:
        absences.enter(security.session(), planned, actor=security.actor(), now=security.now())
    except errors.AbsenceRefused as refused:
        if refused.code == "own_agency":
            abort(403)
        return _page(typed, {refused.field: _said(refused)}), 422
    flash(gettext("Die Abwesenheit ist eingetragen."), "success")
    there: dict[str, Any] = {"from": first.isoformat()}
    return redirect(url_for("absence.index", **there), 303)


def _day(typed: Mapping[str, str], name: str, messages: dict[str, str]) -> date | None:
    try:
        return birthdates.parse_day(typed[name])
    except birthdates.DateRefused as refused:
        messages[name] = words.refusal(refused.code)
        return None


def _said(refused: errors.AbsenceRefused) -> str:
    if refused.first is None or refused.last is None:
        return str(SAID.get(refused.code, SAID["unknown_choice"]))
    days = {"first": words.day(refused.first.isoformat()), "last": words.day(refused.last.isoformat())}
    said: str = gettext("In dieser Zeit ist schon eine Abwesenheit eingetragen: %(first)s bis %(last)s.", **days)
    if refused.code == "substitute_away":
        said = gettext("Die Vertretung ist in dieser Zeit selbst abwesend: %(first)s bis %(last)s.", **days)
    return said


@blueprint.post("/supervision/absences/<int:absence_id>/end")
@security.access(*desk.LEADERS)
def end(absence_id: int) -> ResponseReturnValue:
    """The person is back, or does not go at all."""
    try:
        absences.end(security.session(), absence_id, actor=security.actor(), now=security.now())
    except errors.AbsenceRefused as refused:
        if refused.code == "own_agency":
            abort(403)
        if refused.code == "unknown":
            abort(404)
        flash(str(SAID["past"]), "danger")
    else:
        flash(gettext("Die Abwesenheit ist beendet. Vertretene Aufgaben gehen zurück."), "success")
    return redirect(url_for("absence.index"), 303)
