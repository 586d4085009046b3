"""Acts on a task short of completing it: claim, give back, hand over, hold, due date, priority, remarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext

from app import security
from app.casework import errors as casework_errors
from app.casework import service as casework
from app.casework import words
from app.inbox import forms, panes, queries, service
from app.office import dates
from workflows import engine

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("act", __name__, url_prefix="/inbox/tasks/<int:task_id>")


def _back(task_id: int, **query: str) -> ResponseReturnValue:
    wanted = panes.wanted().query()
    return redirect(url_for("inbox.task.show", task_id=task_id, **(wanted | query)), 303)


def _refused(task_id: int, sentence: str) -> ResponseReturnValue:
    flash(sentence, "danger")
    return _back(task_id)


@blueprint.post("/claim")
@security.access(*queries.STAFF)
def claim(task_id: int) -> ResponseReturnValue:
    """Takes the task."""
    engine.claim(security.session(), task_id, actor=security.actor(), now=security.now())
    flash(gettext("Die Aufgabe liegt jetzt bei Ihnen."), "success")
    return _back(task_id)


@blueprint.post("/release")
@security.access(*queries.STAFF)
def release(task_id: int) -> ResponseReturnValue:
    """Gives the task back to its role; its leader may do so for whoever has it."""
    desk = panes.desk()
    if queries.leads(desk.session, service.task(desk, task_id), desk.actor):
        service.give_back(desk, task_id, request.form.get("reason", "").strip()[: forms.LONGEST])
    else:
        engine.release(desk.session, task_id, actor=desk.actor, now=desk.now)
    flash(gettext("Die Aufgabe steht wieder allen in der Rolle offen."), "success")
    return _back(task_id)


@blueprint.post("/assign")
@security.access("LTG_STADT", "LTG_AA")
def assign(task_id: int) -> ResponseReturnValue:
    """Hands the task to somebody of the leader's own agency, with a reason."""
    person = request.form.get("person", "")
    reason, error = forms.reason(request.form.get("reason", ""))
    if error or not person.isdigit():
        return _refused(task_id, error or gettext("Bitte wählen Sie eine Person."))
    service.hand_over(panes.desk(), task_id, int(person), reason)
    flash(gettext("Die Aufgabe ist übergeben."), "success")
    return _back(task_id)


@blueprint.post("/hold")
@security.access(*queries.STAFF)
def hold(task_id: int) -> ResponseReturnValue:
    """Puts the task aside until a day, with a reason."""
    session, now = security.session(), security.now()
    until = forms.future_day(request.form.get("until", ""), today=dates.day_of(now))
    reason, error = forms.reason(request.form.get("reason", ""))
    if until.day is None:
        return _refused(task_id, words.refusal(until.error))
    if error:
        return _refused(task_id, error)
    start = dates.start_of(until.day)
    engine.hold(session, task_id, until=start, reason=reason, actor=security.actor(), now=now)
    flash(gettext("Zurückgestellt. Die Aufgabe kommt am Tag der Wiedervorlage zurück."), "success")
    return _back(task_id)


@blueprint.post("/resume")
@security.access(*queries.STAFF)
def resume(task_id: int) -> ResponseReturnValue:
    """Takes up a task that was put aside."""
    engine.resume(security.session(), task_id, actor=security.actor(), now=security.now())
    flash(gettext("Die Aufgabe ist wieder aufgenommen."), "success")
    return _back(task_id)


@blueprint.post("/due")
@security.access(*queries.STAFF)
def due(task_id: int) -> ResponseReturnValue:
    """Moves the due date, with a reason."""
    desk = panes.desk()
    wanted = forms.future_day(request.form.get("due", ""), today=dates.day_of(desk.now))
    reason, error = forms.reason(request.form.get("reason", ""))
    if wanted.day is None:
        return _refused(task_id, words.refusal(wanted.error))
    if error:
        return _refused(task_id, error)
    service.require_handling(desk, task_id)
    end = dates.end_of(wanted.day)
    engine.set_due(desk.session, task_id, due_at=end, reason=reason, actor=desk.actor, now=desk.now)
    flash(gettext("Die Frist ist geändert."), "success")
    return _back(task_id)


@blueprint.post("/priority")
@security.access(*queries.STAFF)
def priority(task_id: int) -> ResponseReturnValue:
    """Sets how urgent the task is."""
    desk = panes.desk()
    text = request.form.get("priority", "")
    if not text.isdigit() or int(text) not in forms.PRIORITIES:
        return _refused(task_id, words.refusal("unknown_choice"))
    service.require_handling(desk, task_id)
    engine.set_priority(desk.session, task_id, priority=int(text), actor=desk.actor, now=desk.now)
    flash(gettext("Die Dringlichkeit ist geändert."), "success")
    return _back(task_id)


@blueprint.post("/comments")
@security.access(*queries.STAFF)
def comment(task_id: int) -> ResponseReturnValue:
    """Keeps a remark beside the task."""
    try:
        service.remark(panes.desk(), task_id, request.form.get("text", ""))
    except casework_errors.ValuesRefused:
        flash(gettext("Bitte schreiben Sie etwas."), "danger")
    return _back(task_id, tab="comments")


@blueprint.post("/unread")
@security.access(*queries.STAFF)
def unread(task_id: int) -> ResponseReturnValue:
    """Marks the task as new again for the reader."""
    casework.mark_unseen(security.session(), task_id, security.actor().id)
    return redirect(url_for("inbox.index", **panes.wanted().query()), 303)
