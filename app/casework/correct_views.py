"""Putting a client's data right at the desk, section by section, each by who may write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound

from app import security
from app.casework import correct_forms, errors, queries, service, vocabulary, words
from app.office import dates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

WRITERS = ("KS", "BFK", "FM", "VM", "FB5")


@security.access(*WRITERS)
def form(case_id: int, section: str) -> ResponseReturnValue:
    """A section as it stands, to be put right; the look into the file is noted."""
    shown = _shown(case_id, section)
    actor, now, category = security.actor(), security.now(), service.CATEGORIES[section]
    security.afterwards(
        lambda own: service.log_read(own, case_id, categories=[category], actor=actor, now=now)
    )  # fmt: skip
    return _page(case_id, section, shown)


@security.access(*WRITERS)
def correct(case_id: int, section: str) -> ResponseReturnValue:
    """Keeps the correction with its reason; the route is proposed anew where facts have changed."""
    shown = _shown(case_id, section)
    typed = correct_forms.typed(request.form, shown)
    reason = request.form.get("reason", "")
    try:
        service.correct(
            security.session(), case_id, section, typed, seen=request.form.get("seen", ""), reason=reason,
            actor=security.actor(), now=security.now(),
        )  # fmt: skip
    except errors.ValuesRefused as refused:
        messages = {name: words.refusal(code) for name, code in refused.fields.items()}
        stale = "changed_meanwhile" in refused.fields.values()
        return _page(case_id, section, _shown(case_id, section), typed=typed, messages=messages, stale=stale), 422
    flash(gettext("Berichtigt. Was vorher dort stand, bleibt auf der Fallseite lesbar."), "success")
    return redirect(url_for("casework.case", case_id=case_id), 303)


def _shown(case_id: int, section: str) -> dict[str, str]:
    if section not in vocabulary.SECTIONS:
        raise NotFound
    session, actor, now = security.session(), security.actor(), security.now()
    client_id = queries.case_file(session, case_id).client_id
    allowed = service.scope(session, case_id, section, actor=actor, now=now)
    return queries.offered(session, client_id, section, dates.day_of(now), scope=allowed)


def _page(
    case_id: int,
    section: str,
    shown: Mapping[str, str],
    *,
    typed: Mapping[str, str] | None = None,
    messages: Mapping[str, str] | None = None,
    stale: bool = False,
) -> str:
    session, found = security.session(), dict(messages or {})
    client = queries.client(session, queries.case_file(session, case_id).client_id)
    scope = service.scope(session, case_id, section, actor=security.actor(), now=security.now())
    groups = correct_forms.groups(section, shown, reduced=scope.reduced)
    stands = correct_forms.stands(groups, shown, typed) if stale else []
    return render_template(
        "casework/correct.html", case_id=case_id, section=section, groups=groups, errors=found,
        name=", ".join(part for part in (client.family_name, client.given_names) if part),
        typed=dict(shown) | dict(typed or {}), reason=request.form.get("reason", ""), digest=queries.digest(shown),
        summary=correct_forms.summary(groups, found), stands=stands,
        protected=scope.protected,
    )  # fmt: skip
