"""The page of what meetings have given out: everybody sees the own tasks, a leader those of the own agency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from app import security
from app.meetings import errors, queries, series, tasks, words
from app.meetings.models import TaskState
from app.office import dates
from app.office import queries as office

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask.typing import ResponseReturnValue

blueprint = Blueprint("meeting_tasks", __name__, url_prefix="/meetings/tasks")


@blueprint.get("")
@security.access(*series.INVITED)
def index() -> ResponseReturnValue:
    """What the reader has to do, by day."""
    return _page({}, {})


def _page(typed: Mapping[str, str], messages: Mapping[int, str]) -> str:
    session, actor, now = security.session(), security.actor(), security.now()
    partners = {one.id: one.name for one in office.partners(session, dates.day_of(now))}
    return render_template(
        "meetings/tasks.html", rows=queries.tasks_of(session, actor), typed=typed, messages=messages, me=actor.id,
        leads=queries.is_leader(actor), people=tasks.people(session, actor.partner, now), partners=partners,
        today=dates.day_of(now),
    )  # fmt: skip


def _acted(task_id: int, act: Callable[[], object], done: str) -> ResponseReturnValue:
    try:
        act()
    except errors.MeetingRefused as refused:
        typed = {"outcome": request.form.get("outcome", "")[: tasks.LINE]}
        return _page(typed, {task_id: words.refusal(refused.code)}), 422 if refused.field else 409
    flash(done, "success")
    return redirect(url_for("meeting_tasks.index"), 303)


@blueprint.post("/<int:task_id>")
@security.access(*series.INVITED)
def end(task_id: int) -> ResponseReturnValue:
    """Notes that the task is done, or dropped with a reason."""
    state = TaskState.DROPPED if "drop" in request.form else TaskState.DONE
    outcome = request.form.get("outcome", "").strip()[: tasks.LINE]
    session, actor, now = security.session(), security.actor(), security.now()
    return _acted(
        task_id, lambda: tasks.end(session, task_id, state, outcome, actor=actor, now=now), gettext("Gesichert.")
    )  # fmt: skip


@blueprint.post("/<int:task_id>/hand")
@security.access(*queries.LEADERS)
def hand(task_id: int) -> ResponseReturnValue:
    """Names who of the own staff does it."""
    given = request.form.get("assignee", "")
    session, actor, now = security.session(), security.actor(), security.now()
    return _acted(
        task_id,
        lambda: tasks.hand(session, task_id, int(given[:18]) if given.isdigit() else 0, actor=actor, now=now),
        gettext("Die Aufgabe ist weitergegeben."),
    )  # fmt: skip


@blueprint.post("/<int:task_id>/strike")
@security.access(*queries.LEADERS)
def strike(task_id: int) -> ResponseReturnValue:
    """Takes a task out of minutes that are still being written."""
    session, actor, now = security.session(), security.actor(), security.now()
    meeting_id = tasks.of(session, task_id, actor).meeting_id
    try:
        tasks.take_back(session, task_id, actor=actor, now=now)
    except errors.MeetingRefused as refused:
        flash(words.refusal(refused.code), "danger")
    else:
        flash(gettext("Die Aufgabe ist gestrichen."), "success")
    return redirect(url_for("meeting.show", meeting_id=meeting_id), 303)
