"""The page on which leaders state by which rules new tasks of their roles go to people; off until they say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _

from app import security
from app.casework import views as casework_views
from app.supervision import conferences, desk, distribution, errors, workload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

blueprint = Blueprint("distribution", __name__)
ORDERS: Mapping[str, Any] = {
    "": _("nicht verteilen: Wer Zeit hat, übernimmt"),
    "load": _("wer am wenigsten offene Aufgaben je voller Stelle hat"),
    "continuity": _("wer den Fall kennt, dann wer am wenigsten hat"),
    "language": _("wer die Sprache spricht, dann wer am wenigsten hat"),
    "continuity_language": _("wer den Fall kennt, dann die Sprache, dann wer am wenigsten hat"),
    "language_continuity": _("wer die Sprache spricht, dann wer den Fall kennt, dann wer am wenigsten hat"),
}


@blueprint.get("/supervision/distribution")
@security.access(*desk.LEADERS)
def index() -> ResponseReturnValue:
    """The rules of each own role, and the languages of the own staff."""
    return _page("", {})


def _page(error: str, typed: Mapping[str, str]) -> str:
    reader = desk.Reader(security.session(), security.actor(), security.now(), str(get_locale()))
    return render_template(
        "supervision/distribution.html", loads=workload.board(reader).loads, orders=ORDERS, error=error, typed=typed,
        rules=distribution.rules(reader.session), roles=conferences.PARTIES,
        reasons=distribution.reasons(reader.session), languages=workload.languages(reader),
    )  # fmt: skip


@blueprint.post("/supervision/distribution/<role>")
@security.access(*desk.LEADERS)
def choose(role: str) -> ResponseReturnValue:
    """States the rules of a role."""
    order, reason = request.form.get("order", ""), request.form.get("reason", "")
    try:
        distribution.set_rule(
            security.session(), role, order, reason=reason, actor=security.actor(), now=security.now()
        )  # fmt: skip
    except errors.DistributionRefused as refused:
        if refused.code == "own_agency":
            abort(403)
        said = {
            "required": gettext("Bitte geben Sie einen Grund an."),
            "unknown_choice": gettext("Bitte wählen Sie einen der Einträge."),
        }
        return _page(said[refused.code], {"role": role, "order": order, "reason": reason}), 422
    name = casework_views.role_name(role)
    flash(gettext("%(role)s: Die Regel gilt für neue Aufgaben ab jetzt.", role=name), "success")
    return redirect(url_for("distribution.index"), 303)


@blueprint.post("/supervision/distribution/languages/<int:staff_id>")
@security.access(*desk.LEADERS)
def languages(staff_id: int) -> ResponseReturnValue:
    """Notes which languages a person speaks."""
    try:
        distribution.set_languages(
            security.session(), staff_id, request.form.get("languages", ""), actor=security.actor()
        )  # fmt: skip
    except errors.DistributionRefused:
        abort(403)
    flash(gettext("Die Sprachen sind gespeichert."), "success")
    return redirect(url_for("distribution.index"), 303)
