"""The inbox: the list with its filters, acts on several tasks at once, saved filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext, ngettext

from app import security
from app.casework import errors as casework_errors
from app.casework import service as casework_service
from app.casework import vault
from app.inbox import act_views, forms, panes, queries, service, task_views
from workflows import engine, errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue


blueprint = Blueprint("inbox", __name__)
blueprint.register_blueprint(task_views.blueprint)
blueprint.register_blueprint(act_views.blueprint)
SHOWN_FAILURES = 8
# Why the service hands a task to nobody but the own agency's staff in its role.
NOT_THEIRS = "own_agency"


@blueprint.get("/inbox")
@security.access(*queries.STAFF)
def index() -> ResponseReturnValue:
    """The list."""
    return render_template("inbox/page.html", **panes.frame(panes.wanted()), task=None)


@blueprint.post("/inbox/search")
@security.access(*queries.STAFF)
def search() -> ResponseReturnValue:
    """Goes to the list with the words that were typed: handed in, because an address is no place for a name."""
    words = request.form.get("q", "").strip()[: forms.WORDS_LONGEST]
    sent = request.form.to_dict() | {"q": vault.of(security.session()).conceal(words)}
    return redirect(url_for("inbox.index", **forms.Wanted.of(sent, vault.of(security.session())).query()), 303)


@blueprint.get("/inbox/counts")
@security.access(*queries.STAFF)
def counts() -> ResponseReturnValue:
    """The filters with their counts, when these have changed since the page saw them; else nothing."""
    found = queries.counts(security.session(), actor=security.actor(), now=security.now())
    if request.args.get("seen") == panes.digest(found):
        return "", 204
    return render_template("inbox/_filters.html", **panes.filters(panes.wanted(), found))


@blueprint.post("/inbox/bulk")
@security.access(*queries.STAFF)
def bulk() -> ResponseReturnValue:
    """One act on all chosen tasks. Each has its own transaction: what fails does not stop the rest."""
    act = _act(request.form.get("act", ""))
    chosen = [int(number) for number in request.form.getlist("task") if number.isdigit()]
    back = redirect(url_for("inbox.index", **panes.wanted().query()), 303)
    if act is None or not chosen:
        flash(gettext("Bitte wählen Sie zuerst Aufgaben aus."), "warning")
        return back
    failures = [text for text in (_tried(act, task_id) for task_id in chosen) if text]
    done = len(chosen) - len(failures)
    if done:
        flash(ngettext("%(num)d Aufgabe geändert.", "%(num)d Aufgaben geändert.", done), "success")
    for text in failures[:SHOWN_FAILURES]:
        flash(text, "danger")
    if len(failures) > SHOWN_FAILURES:
        flash(gettext("und %(count)d weitere nicht.", count=len(failures) - SHOWN_FAILURES), "danger")
    return back


def _act(name: str) -> Callable[[service.Desk, int], None] | None:
    """The act that was chosen for all."""
    person = request.form.get("person", "")
    if name == "claim":
        return lambda desk, task_id: engine.claim(desk.session, task_id, actor=desk.actor, now=desk.now)
    if name == "release":
        return lambda desk, task_id: engine.release(desk.session, task_id, actor=desk.actor, now=desk.now)
    if name == "reassign" and person.isdigit():
        reason = request.form.get("reason", "").strip() or gettext("Sammelübergabe")
        return lambda desk, task_id: service.hand_over(desk, task_id, int(person), reason)
    return None


def _tried(act: Callable[[service.Desk, int], None], task_id: int) -> str:
    """Does the act in a transaction of its own; returns why it did not work, or nothing."""
    actor, now = security.actor(), security.now()
    try:
        with security.at_once() as session:
            act(service.Desk(session, actor, now, str(get_locale())), task_id)
    except errors.TaskNotOpen:
        return str(gettext("Eine Aufgabe ist schon erledigt."))
    except errors.TaskTaken as taken:
        return str(gettext("„%(task)s“ liegt bei %(name)s.", task=panes.title(task_id), name=taken.assignee))
    except errors.WorkflowError as refused:
        if isinstance(refused, errors.NotAllowed) and refused.reason == NOT_THEIRS:
            return str(gettext("„%(task)s“ kann diese Person nicht übernehmen.", task=panes.title(task_id)))
        return str(gettext("„%(task)s“ dürfen Sie so nicht ändern.", task=panes.title(task_id)))
    return ""


@blueprint.post("/inbox/filters")
@security.access(*queries.STAFF)
def save_filter() -> ResponseReturnValue:
    """Keeps the list as it is under a name, for oneself or for all."""
    wanted = panes.wanted()
    actor, name = security.actor(), request.form.get("name", "")
    try:
        casework_service.save_filter(
            security.session(), actor.id, name, query=wanted.kept, now=security.now(),
            shared=bool(request.form.get("shared")), owner=actor.name,
        )  # fmt: skip
        flash(gettext("Filter gespeichert."), "success")
    except casework_errors.ValuesRefused:
        flash(gettext("Bitte geben Sie dem Filter einen Namen mit höchstens 80 Zeichen."), "danger")
    return redirect(url_for("inbox.index", **wanted.query()), 303)


@blueprint.post("/inbox/filters/<int:filter_id>/delete")
@security.access(*queries.STAFF)
def delete_filter(filter_id: int) -> ResponseReturnValue:
    """Forgets an own filter."""
    casework_service.delete_filter(security.session(), filter_id, security.actor().id)
    flash(gettext("Filter gelöscht."), "success")
    return redirect(url_for("inbox.index"), 303)
