"""What a draft would do to the open cases, on the screen: numbers, how far the count is, and a way to stop it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app import security
from app.design import errors, queries, service, views, whatif

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from flask_babel.speaklater import LazyString

blueprint = Blueprint("design_whatif", __name__, url_prefix="/design/<int:draft_id>/whatif")
STATES: Mapping[str, LazyString] = {
    "queued": _("wartet auf den Beginn"),
    "running": _("zählt gerade"),
    "done": _("fertig gezählt"),
    "cancelled": _("abgebrochen"),
    "failed": _("gescheitert: Den Stand gibt es nicht mehr."),
}


@blueprint.get("")
@security.access(*views.READERS)
def show(draft_id: int) -> ResponseReturnValue:
    """The newest count for a draft, or the way to ask for one."""
    session = security.session()
    draft = queries.whole(session, draft_id)
    run = whatif.latest(session, draft_id)
    known = service.bundle_hash(service.digests(queries.bundle(session, draft_id)))
    page = "design/_whatif.html" if request.args.get("poll") else "design/whatif.html"
    return render_template(
        page, draft=draft, run=run, states=STATES, live=run is not None and run.status in whatif.ACTIVE,
        stale=run is not None and run.hash != known, sums=_sums(run.result if run is not None else {}),
    )  # fmt: skip


def _sums(result: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers as tables need them."""
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for old, new, number in result.get("groups", ()):
        before[old] += number
        after[new] += number
    routes = result.get("routes", ())
    return {
        "seen": sum(number for _old, _new, number in routes) + result.get("unknown", 0),
        "changed": sum(number for old, new, number in routes if old != new),
        "moved": [row for row in result.get("groups", ()) if row[0] != row[1]],
        "routes": [row for row in routes if row[0] != row[1]],
        "groups": [(group, before[group], after[group]) for group in sorted({*before, *after})],
    }


@blueprint.app_template_global()
def impact_of(draft_id: int, hashed: str) -> dict[str, Any] | None:
    """What was counted for exactly this content, in four numbers; None where nobody counted."""
    run = whatif.of(security.session(), draft_id, hashed)
    if run is None:
        return None
    processes = run.result.get("processes", ())
    sums = _sums(run.result)
    return {
        "rules": bool(run.question["book"]), "changed": sums["changed"], "seen": sums["seen"],
        "moved": sum(row[2] for row in sums["moved"]), "processes": bool(processes),
        "stuck": sum(number for one in processes for _name, number in one["stuck"]),
    }  # fmt: skip


@blueprint.post("")
@security.access(*views.READERS)
def begin(draft_id: int) -> ResponseReturnValue:
    """Asks for a count, or for its end."""
    session = security.session()
    if request.form.get("act") == "cancel":
        whatif.cancel(session, draft_id)
    else:
        try:
            whatif.request(session, draft_id, actor=security.actor(), now=security.now())
        except errors.ReleaseRefused:
            flash(gettext("Der Entwurf hat Fehler. Bitte beheben Sie diese zuerst."), "danger")
    return redirect(url_for("design_whatif.show", draft_id=draft_id), 303)
