"""What a leader does from the stuck desk with one task of the own staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext

from app import security
from app.supervision import desk, errors, reminders

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("desk_act", __name__)


@blueprint.post("/stuck/tasks/<int:task_id>/remind")
@security.access(*desk.LEADERS)
def remind(task_id: int) -> ResponseReturnValue:
    """Reminds whoever has the task."""
    words = request.form.get("text", "")
    try:
        name = reminders.remind(security.session(), task_id, words=words, actor=security.actor(), now=security.now())
    except errors.ReminderRefused as refused:
        if refused.code == "own_agency":
            abort(403)
        said = {
            "gone": gettext("Die Aufgabe ist inzwischen erledigt."),
            "required": gettext("Bitte schreiben Sie, woran Sie erinnern."),
        }
        flash(said[refused.code], "danger")
    else:
        flash(gettext("%(name)s ist erinnert.", name=name or gettext("Die Rolle")), "success")
    return redirect(url_for("supervision.index"), 303)
