"""The page on which a leader calls a case conference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app import security
from app.casework import queries as casework
from app.casework import views as casework_views
from app.casework import words as casework_words
from app.casework.clients import birthdates
from app.supervision import conferences, desk, errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

blueprint = Blueprint("conference", __name__, url_prefix="/supervision/conferences/<int:case_id>")
SAID: Mapping[str, Any] = {
    "called": _("Für diesen Fall ist schon eine Fallbesprechung angesetzt."),
    "past": _("Bitte wählen Sie einen Tag nach heute."),
    "parties": _("Bitte laden Sie mindestens eine Rolle ein."),
    "required": _("Bitte schreiben Sie, worum es geht."),
    "start": _("Bitte wählen Sie, womit der Vorgang beginnt."),
}


@blueprint.get("")
@security.access(*desk.LEADERS)
def form(case_id: int) -> ResponseReturnValue:
    """Asks when, where, who and why; those concerned with the case are ticked."""
    chosen = conferences.concerned(security.session(), case_id)
    return _page(case_id, {"parties": chosen}, {})


def _page(case_id: int, typed: Mapping[str, Any], messages: Mapping[str, str]) -> str:
    session = security.session()
    card = casework.cards(session, [case_id]).get(case_id)
    if card is None:
        abort(404)
    roles = [(role, casework_views.role_name(role)) for role in conferences.PARTIES]
    return render_template(
        "supervision/conference.html", card=card, case_id=case_id, roles=roles, typed=typed, messages=messages,
        called=conferences.is_called(session, case_id),
        beginnings=casework_words.beginnings(conferences.beginnings(session)),
    )  # fmt: skip


@blueprint.post("")
@security.access(*desk.LEADERS)
def call(case_id: int) -> ResponseReturnValue:
    """Calls the conference; what was typed stays when it is refused."""
    given = request.form
    typed = {
        "day": given.get("day", "").strip()[:20], "place": given.get("place", "").strip()[:100],
        "reason": given.get("reason", "").strip()[: conferences.LONGEST],
        "parties": frozenset(given.getlist("parties")), "start": given.get("start", ""),
    }  # fmt: skip
    try:
        day = birthdates.parse_day(str(typed["day"]))
    except birthdates.DateRefused as refused:
        return _page(case_id, typed, {"day": casework_words.refusal(refused.code)}), 422
    parties = tuple(role for role in conferences.PARTIES if role in typed["parties"])
    wanted = conferences.Wanted(day, str(typed["place"]), parties, str(typed["reason"]), str(typed["start"]))
    try:
        conferences.call(
            security.session(), case_id, wanted, actor=security.actor(), now=security.now(), line=_line(wanted)
        )  # fmt: skip
    except errors.ConferenceRefused as refused:
        if refused.code in {"role", "unknown"}:
            abort(404)
        return _page(case_id, typed, {refused.field or "day": str(SAID[refused.code])}), 422
    flash(gettext("Die Fallbesprechung ist angesetzt. Alle Eingeladenen haben eine Aufgabe."), "success")
    return redirect(url_for("casework.case", case_id=case_id), 303)


def _line(wanted: conferences.Wanted) -> str:
    """The remark on the case."""
    return "\n".join(part for part in (
        gettext("Fallbesprechung am %(day)s", day=casework_words.day(wanted.day.isoformat()))
        + (f", {wanted.place}" if wanted.place else ""),
        gettext("Eingeladen: %(roles)s", roles=", ".join(casework_views.role_name(role) for role in wanted.parties)),
        wanted.reason,
    ) if part)  # fmt: skip
