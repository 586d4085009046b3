"""The page of notices: everybody reads their own, and goes from there to what they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext

from app import failures, security
from app.notices import errors, queries, service, words
from app.notices.models import Kind

if TYPE_CHECKING:
    from collections.abc import Collection

    from flask.typing import ResponseReturnValue

blueprint = Blueprint("notices", __name__)
blueprint.add_app_template_filter(words.sentence, "notice_said")
failures.refuse(errors.UnknownNotice, 404)
# Where a notice leads, and what that page calls its number.
TARGETS = {
    Kind.ASSIGNED: ("inbox.task.show", "task_id"),
    Kind.REMINDED: ("inbox.task.show", "task_id"),
    Kind.CONFERENCE: ("casework.case", "case_id"),
    Kind.ASKED: ("supervision.index", ""),
    Kind.ANSWERED: ("supervision.index", ""),
    Kind.MENTIONED: ("design_comments.index", "draft_id"),
    Kind.SIGNATURE: ("releases.show", "release_id"),
    Kind.BULK: ("bulk.show", "bulk_id"),
    Kind.MEETING: ("meeting.show", "meeting_id"),
    Kind.MINUTES: ("meeting.show", "meeting_id"),
    Kind.MEETING_TASK: ("meeting_tasks.index", ""),
}


@blueprint.app_template_global("unread_notices")
def unread_notices() -> str:
    """How many notices the reader has not read, capped; empty when there is none."""
    found = queries.unread(security.session(), g.actor.id)
    return f"{queries.CAP}+" if found > queries.CAP else str(found or "")


@blueprint.get("/messages")
@security.signed_in
def index() -> ResponseReturnValue:
    """The reader's notices, newest first."""
    before = request.args.get("before", "")
    rows = queries.listed(
        security.session(), security.actor().id, before=int(before[:18]) if before.isdigit() else 0
    )  # fmt: skip
    shown = rows[: queries.PAGE]
    return render_template(
        "notices/index.html", rows=shown, more=shown[-1].id if len(rows) > queries.PAGE else 0,
        newest=shown[0].id if shown and not before else 0, days=service.KEPT.days,
    )  # fmt: skip


@blueprint.post("/messages/<int:notice_id>")
@security.signed_in
def follow(notice_id: int) -> ResponseReturnValue:
    """Notes the notice as read and goes to what it is about; back to the list where that is closed to the reader."""
    session, actor, now = security.session(), security.actor(), security.now()
    kind, target = service.read(session, notice_id, account_id=actor.id, now=now)
    endpoint, name = TARGETS[kind]
    if not security.may(endpoint):
        return redirect(url_for("notices.index"), 303)
    values: dict[str, Any] = {name: target} if name else {}
    return redirect(url_for(endpoint, **values), 303)


@blueprint.get("/messages/settings")
@security.signed_in
def settings_form() -> ResponseReturnValue:
    """What the reader has chosen about e-mail."""
    chosen = queries.choice(security.session(), security.actor().id)
    return _settings(
        chosen.address if chosen else "", chosen.kinds if chosen else list(Kind),
        mailed=bool(chosen and chosen.is_mailed),
        trouble=chosen.trouble if chosen else "",
    )  # fmt: skip


def _settings(address: str, kinds: Collection[str], *, mailed: bool, trouble: str = "", error: str = "") -> str:
    return render_template(
        "notices/settings.html", address=address, kinds=kinds, mailed=mailed, trouble=trouble, error=error,
        names=words.KINDS, can_mail=bool(current_app.config["MAIL_SERVER"]),
    )  # fmt: skip


@blueprint.post("/messages/settings")
@security.signed_in
def settings() -> ResponseReturnValue:
    """Keeps what the reader chooses."""
    address, kinds = request.form.get("address", "").strip(), request.form.getlist("kinds")
    mailed = bool(request.form.get("mailed"))
    try:
        service.choose(security.session(), security.actor().id, address=address, is_mailed=mailed, kinds=kinds)
    except errors.ChoiceRefused:
        error = gettext("Bitte geben Sie eine E-Mail-Adresse an, zum Beispiel vorname.name@stadt.example.")
        return _settings(address, kinds, mailed=mailed, error=error), 422
    flash(gettext("Gesichert."), "success")
    return redirect(url_for("notices.settings_form"), 303)


@blueprint.post("/messages/read")
@security.signed_in
def read_all() -> ResponseReturnValue:
    """Notes everything that the list showed as read."""
    upto = request.form.get("upto", "")
    if upto.isdigit():
        service.read_all(
            security.session(), account_id=security.actor().id, upto=int(upto[:18]), now=security.now()
        )  # fmt: skip
    return redirect(url_for("notices.index"), 303)
