"""The page of operations, for administration alone: no name and no value of a client stands on it."""

from __future__ import annotations

import importlib.metadata
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from app import security
from app.operations import errors, queries, service, state, words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("operations", __name__)
ROLE = "ADM"
blueprint.add_app_template_filter(words.job, "job_kind")
blueprint.add_app_template_filter(words.size, "bytes_said")
blueprint.add_app_template_filter(words.span, "span_said")


@blueprint.get("/operations")
@security.access(ROLE)
def index() -> ResponseReturnValue:
    """How the system runs, problems first."""
    session, now = security.session(), security.now()
    found = state.state(session, now=now, schema=current_app.extensions["schema"](session))
    wrong = state.problems(found, now=now, system_now=security.system_now())
    kept, statements = queries.statements(session)
    return render_template(
        "operations/index.html", state=found, now=security.system_now(), statements=statements, kept=kept,
        problems=[(problem, *words.problem(problem.code, problem.number)) for problem in wrong],
        tables=queries.tables(session), retries=queries.retries(session), silent=state.SILENT_SECONDS,
        version=importlib.metadata.version("drehscheibe"),
    )  # fmt: skip


@blueprint.post("/operations/jobs/retry")
@security.access(ROLE)
def retry() -> ResponseReturnValue:
    """Begins a failed job again, or all of its kind."""
    given, number = request.form, request.form.get("job", "")
    try:
        done = service.retry(
            security.session(), given.get("task", ""), job_id=int(number) if number.isdigit() else None,
            reason=given.get("reason", ""), actor=security.actor(), at=security.system_now(),
        )  # fmt: skip
    except errors.RetryRefused as refused:
        said = {
            "reason": gettext("Bitte geben Sie eine Begründung an."),
            "gone": gettext("Dieser Auftrag ist nicht mehr gescheitert."),
        }
        flash(said[refused.code], "danger")
    else:
        flash(gettext("Aufträge, die noch einmal versucht werden: %(number)s.", number=done), "success")
    return redirect(url_for("operations.index"), 303)


@blueprint.post("/operations/backups")
@security.access(ROLE)
def note_backup() -> ResponseReturnValue:
    """Notes that a backup was made now."""
    place = request.form.get("place", "").strip()
    if place:
        who = security.actor().name
        service.note_backup(security.session(), place=place, size=0, by=who, at=security.system_now())
        flash(gettext("Die Sicherung ist vermerkt."), "success")
    else:
        flash(gettext("Bitte geben Sie an, wo die Sicherung liegt."), "danger")
    return redirect(url_for("operations.index"), 303)
