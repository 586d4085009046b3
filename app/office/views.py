"""The office as people see it: its days and people, and the training clock with its moves."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from app import security
from app.office import advance, calendar, clock, dates, errors, forms, queries

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("office", __name__)
LIVE = frozenset({"queued", "running"})


@blueprint.get("/office")
@security.signed_in
def index() -> ResponseReturnValue:
    """Who works here in which role today, the partners, and whether the office takes new cases."""
    session, now = security.session(), security.now()
    return render_template(
        "office/index.html", opening=queries.opening(session, now), roles=queries.roles(session),
        partners=queries.partners(session, dates.day_of(now)), posts=queries.posts(session, dates.local(now)),
        day=dates.day_of(now), end=queries.agreement_end(session), opened=queries.opening_day(session),
        name=queries.setting(session, "office_name") or "",
    )  # fmt: skip


@blueprint.get("/office/clock")
@security.access(*queries.CLOCK_ROLES)
def clock_page() -> ResponseReturnValue:
    """The training clock and its last move."""
    return _page()


def _page(typed: str = "", error: str = "") -> str:
    session = security.session()
    run = advance.latest(session)
    next_day = calendar.snapshot(session).working_day_from(dates.day_of(security.now()) + timedelta(days=1))
    return render_template(
        "office/clock.html", run=run, live=run is not None and run.status in LIVE, typed=typed, error=error,
        training=clock.is_training(session), next_day=next_day, today=dates.day_of(security.now()),
    )  # fmt: skip


@blueprint.get("/office/clock/progress")
@security.access(*queries.CLOCK_ROLES)
def progress() -> ResponseReturnValue:
    """How far the move is, for the page that asks again and again."""
    run = advance.latest(security.session())
    live = run is not None and run.status in LIVE
    answer = make_response(render_template("office/_progress.html", run=run, live=live))
    if not live:
        # The banner and the day on the page are of yesterday now.
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.post("/office/clock")
@security.access(*queries.CLOCK_ROLES)
def move() -> ResponseReturnValue:
    """Asks for the clock to be moved to a day; a worker does it, event by event."""
    typed = request.form.get("day", "").strip()
    day = forms.day(typed)
    if day is None:
        return _page(typed, _no_day(typed)), 422
    try:
        advance.request(security.session(), day, actor=security.actor(), now=security.now())
    except errors.ClockRefused as refused:
        return _page(typed, _reason(refused.reason)), 422
    flash(gettext("Die Uhr geht jetzt vor. Was auf dem Weg fällig wird, geschieht an seinem Tag."), "info")
    return redirect(url_for("office.clock_page"), 303)


def _no_day(typed: str) -> str:
    if forms.DAY.fullmatch(typed):
        return str(gettext("Dieses Datum gibt es nicht."))
    return str(gettext("Bitte schreiben Sie das Datum als TT.MM.JJJJ, zum Beispiel 05.01.2004."))


def _reason(code: str) -> str:
    sentences = {
        "not_allowed": gettext("Die Uhr stellen nur die Leitungen und die Systemverwaltung."),
        "not_training": gettext("Dieses Büro läuft im echten Betrieb: Hier gilt das Datum von heute."),
        "backwards": gettext("Die Uhr geht nur vorwärts."),
        "too_far": gettext("Das ist zu weit: höchstens 800 Tage auf einmal."),
        "under_way": gettext("Die Uhr wird gerade schon gestellt."),
    }
    return str(sentences.get(code, gettext("So lässt sich die Uhr nicht stellen.")))


@blueprint.post("/office/clock/<int:run_id>/cancel")
@security.access(*queries.CLOCK_ROLES)
def cancel(run_id: int) -> ResponseReturnValue:
    """Asks the worker to stop after what it plays."""
    advance.cancel(security.session(), run_id, actor=security.actor())
    flash(gettext("Die Uhr bleibt stehen, sobald der laufende Schritt fertig ist."), "info")
    return redirect(url_for("office.clock_page"), 303)
