"""Acts on many tasks at once, for the leaders: the plan, its progress, what went wrong, and the way back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select

from app import security
from app.casework import queries as casework
from app.casework import words as casework_words
from app.casework.clients import birthdates
from app.office import dates
from app.supervision import absence_queries, bulks, desk, errors, models, words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("bulk", __name__)
SHOWN = 200
LIVE = frozenset({"running", "undoing"})
# A row of the stuck desk: the case, the cause, and the task (0: none). Its own number changes with each act.
_PICK = re.compile(r"(?P<case>\d{1,9})-(?P<cause>[a-z_]{1,20})-(?P<task>\d{1,18})")
_bulk = models.Bulk.__table__.c
_item = models.BulkItem.__table__.c


@blueprint.post("/supervision/bulks")
@security.access(*desk.LEADERS)
def plan() -> ResponseReturnValue:
    """Plans an act on the tasks that were chosen on the stuck desk."""
    given = request.form
    due, wrong = _due(given.get("due", ""))
    kind, person = given.get("kind", ""), given.get("person", "")
    if kind not in (*bulks.KINDS, *bulks.OF_CASES):
        abort(404)
    if kind in bulks.DATED and wrong:
        return _refused(wrong)
    wanted = bulks.Wanted(
        kind, given.get("reason", ""), to_id=int(person) if kind == "assign" and person.isdigit() else None,
        due=due if kind in bulks.DATED else None,
    )  # fmt: skip
    picked = [found for found in map(_PICK.fullmatch, given.getlist("pick")) if found is not None]
    who: Any = {"actor": security.actor(), "now": security.now()}
    try:
        if kind in bulks.OF_CASES:
            cases = [(int(one["case"]), one["cause"]) for one in picked]
            made = bulks.plan_cases(security.session(), wanted, cases, **who)
        else:
            tasks = [int(one["task"]) for one in picked if one["task"] != "0"]
            made = bulks.plan(security.session(), wanted, tasks, **who)
    except errors.BulkRefused as refused:
        said = {
            "required": gettext("Bitte geben Sie Begründung, Person oder neue Frist an."),
            "nothing": gettext("Bitte kreuzen Sie mindestens eine Aufgabe an."),
        }
        return _refused(said[refused.code])
    return redirect(url_for("bulk.show", bulk_id=made), 303)


def _refused(sentence: str) -> ResponseReturnValue:
    flash(sentence, "danger")
    return redirect(url_for("supervision.index"), 303)


def _due(typed: str) -> tuple[Any, str]:
    """A day after today, or what is wrong with it."""
    try:
        day = birthdates.parse_day(typed)
    except birthdates.DateRefused as refused:
        return None, casework_words.refusal(refused.code)
    return (day, "") if day > dates.day_of(security.now()) else (None, casework_words.refusal("past"))


@blueprint.get("/supervision/bulks/<int:bulk_id>")
@security.access(*desk.LEADERS)
def show(bulk_id: int) -> ResponseReturnValue:
    """What would happen, how far it is, or how it went; with what can be done next."""
    session = security.session()
    row = session.execute(select(models.Bulk.__table__).where(_bulk.id == bulk_id)).one_or_none()
    if row is None or row.partner != security.actor().partner:
        abort(404)
    counted = bulks.progress(session, bulk_id)
    # What did not go well stands above what did.
    first = _item.status.in_(("failed", "refused", "kept")).desc()
    items = session.execute(
        select(models.BulkItem.__table__).where(_item.bulk_id == bulk_id).order_by(first, _item.id).limit(SHOWN)
    ).all()
    total = sum(counted.values()) - counted["refused"]
    left = counted["done"] if row.status == "undoing" else counted["planned"]
    template = "supervision/_bulk.html" if security.is_fragment() else "supervision/bulk.html"
    return render_template(
        template, bulk=row, items=items, counted=counted, total=total, done=total - left, live=row.status in LIVE,
        cards=casework.cards(session, {one.case_id for one in items}), kinds=words.BULKS, left=words.LEFT,
        causes=words.CAUSES, undoable=row.kind in bulks.UNDONE, every=sum(counted.values()),
    )  # fmt: skip


@blueprint.post("/supervision/bulks/<int:bulk_id>/<act>")
@security.access(*desk.LEADERS)
def go(bulk_id: int, act: str) -> ResponseReturnValue:
    """Begins, stops or takes back."""
    if act not in bulks.ACTS:
        abort(404)
    try:
        bulks.go(security.session(), bulk_id, act, actor=security.actor(), now=security.now())
    except errors.BulkRefused as refused:
        if refused.code == "own_agency":
            abort(403)
        flash(gettext("Das geht jetzt nicht mehr. Die Seite zeigt den neuen Stand."), "danger")
    return redirect(url_for("bulk.show", bulk_id=bulk_id), 303)


@blueprint.get("/supervision/leaving")
@security.access(*desk.LEADERS)
def leaving() -> ResponseReturnValue:
    """Asks who leaves, and after which day."""
    return _leaving({}, {})


def _leaving(typed: dict[str, str], messages: dict[str, str]) -> str:
    session, partner = security.session(), security.actor().partner
    rows = session.execute(
        select(models.Bulk.__table__)
        .where(_bulk.partner == partner, _bulk.kind == bulks.LEAVE)
        .order_by(_bulk.id.desc())
        .limit(20)
    ).all()
    staff = absence_queries.everybody(session, partner)
    return render_template(
        "supervision/leaving.html", staff=staff, names=dict(staff), rows=rows, typed=typed, messages=messages
    )


@blueprint.post("/supervision/leaving")
@security.access(*desk.LEADERS)
def plan_leaving() -> ResponseReturnValue:
    """Plans where the tasks go of somebody who leaves."""
    typed = {name: request.form.get(name, "").strip()[:40] for name in ("person", "last", "successor")}
    messages = {} if typed["person"].isdigit() else {"person": gettext("Bitte wählen Sie eine Person.")}
    try:
        last = birthdates.parse_day(typed["last"])
    except birthdates.DateRefused as refused:
        messages["last"] = casework_words.refusal(refused.code)
    if messages:
        return _leaving(typed, messages), 422
    if typed["successor"] == typed["person"]:
        return _leaving(typed, {"successor": gettext("Das ist die Person, die ausscheidet.")}), 422
    successor = int(typed["successor"]) if typed["successor"].isdigit() else None
    wanted = bulks.Leaving(int(typed["person"]), last, successor)
    try:
        made = bulks.plan_leaving(security.session(), wanted, actor=security.actor(), now=security.now())
    except errors.BulkRefused:
        abort(403)
    return redirect(url_for("bulk.show", bulk_id=made), 303)
