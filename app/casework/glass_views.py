"""Opening a closed category with a reason, and the list of those who have to know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from app import security
from app.casework import errors, queries, service, vocabulary, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

MAY_BREAK = ("LTG_STADT", "LTG_AA", "DSB_STADT", "DSB_AA")
DATA_PROTECTION = ("DSB_STADT", "DSB_AA")


@security.access(*MAY_BREAK)
def form(case_id: int, category: str) -> ResponseReturnValue:
    """Asks for the reason."""
    service.require_closed(security.session(), case_id, category, actor=security.actor(), now=security.now())
    return _page(case_id, category, {})


@security.access(*MAY_BREAK)
def break_glass(case_id: int, category: str) -> ResponseReturnValue:
    """Opens the category for a short time; data protection and the own leader see it in their list."""
    known, actor, now = vocabulary.BREAK_REASONS, security.actor(), security.now()
    try:
        until = service.break_glass(
            security.session(), case_id, category, choice=request.form.get("choice", ""),
            reason=request.form.get("reason", ""), known=known, actor=actor, now=now,
        )  # fmt: skip
    except errors.ValuesRefused as refused:
        return _page(case_id, category, {name: words.refusal(code) for name, code in refused.fields.items()}), 422
    told = {"category": words.word(category, "category"), "time": f"{words.clock(until)}"}
    flash(gettext("%(category)s ist für Sie bis %(time)s Uhr offen. Der Datenschutz sieht es.", **told), "warning")
    return redirect(url_for("casework.case", case_id=case_id), 303)


def _page(case_id: int, category: str, found: Mapping[str, str]) -> str:
    labels = {"choice": gettext("Anlass"), "reason": gettext("Begründung")}
    return render_template(
        "casework/glass.html", case_id=case_id, category=category, labels=labels, errors=found, typed=request.form,
        number=queries.case_file(security.session(), case_id).number, choices=words.choices("break_reason"),
        minutes=queries.glass_minutes(security.session()),
        summary=[(name, labels[name], found[name]) for name in labels if name in found],
    )  # fmt: skip


@security.access(*MAY_BREAK)
def index() -> ResponseReturnValue:
    """All openings for data protection; for a leader those of the own staff."""
    actor = security.actor()
    reviews = bool(actor.roles & set(DATA_PROTECTION))
    rows = queries.openings(security.session(), actor)
    return render_template("casework/openings.html", rows=rows, reviews=reviews, actor=actor, now=security.now())


@security.access(*DATA_PROTECTION)
def review(opening_id: int) -> ResponseReturnValue:
    """Notes that data protection has looked at an opening."""
    service.review(security.session(), opening_id, actor=security.actor(), now=security.now())
    flash(gettext("Als geprüft vermerkt."), "success")
    return redirect(url_for("casework.openings"), 303)
