"""Acts on a whole case: let it rest until a day, take it up again, open it again after its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app import security
from app.casework import errors, queries, service, words
from app.casework.clients import birthdates
from app.office import dates

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from flask.typing import ResponseReturnValue

    from app.casework.page import CasePage

WORKERS = ("KS", "FM", "VM", "LTG_STADT", "LTG_AA")
LONGEST = 500
REASONS = {
    "absence": _("abwesend"),
    "illness": _("Krankheit"),
    "custody": _("Haft"),
    "maternity": _("Mutterschutz"),
    "other": _("anderer Grund"),
}


# Nothing that can be typed opens such a case again.
PAST = frozenset({"case_open", "reopen_too_late"})


@dataclass(frozen=True, slots=True)
class Acts:
    """What the reader may do with the whole case, and whether it rests. `reason` shows to those who read the talks."""

    may_pause: bool
    may_reopen: bool
    rests_until: date | None
    reason: str
    remark: str
    reopenable_until: date | None
    beginnings: list[tuple[str, str]]


def reasons() -> list[tuple[str, str]]:
    """Why a case may rest, to choose from."""
    return [(code, str(text)) for code, text in REASONS.items()]


def acts(page: CasePage) -> Acts:
    """The acts on this case that are open to the reader."""
    session, actor, today = security.session(), security.actor(), dates.day_of(security.now())
    case = queries.case_file(session, page.case_id)
    closed, last = case.closed_at is not None, queries.reopenable_until(session, case)
    row = None if closed else queries.current_pause(session, page.case_id, today)
    told = row is not None and page.readings["contact"].is_full
    return Acts(
        may_pause=not closed and queries.may_pause(case, actor),
        may_reopen=last is not None and today <= last and queries.may_reopen(case, actor),
        rests_until=row.until if row is not None else None,
        reason=str(REASONS.get(row.reason, row.reason)) if row is not None and told else "",
        remark=row.remark if row is not None and told else "",
        reopenable_until=last,
        beginnings=words.beginnings(service.beginnings(session)) if closed else [],
    )


@security.access(*WORKERS)
def pause(case_id: int) -> ResponseReturnValue:
    """Lets the case rest until a day, with a reason."""
    day, error = _day(request.form.get("until", ""))
    if day is None:
        return _refused(case_id, words.refusal(error))
    try:
        service.pause(
            security.session(), case_id, until=day, reason=request.form.get("reason", ""),
            remark=request.form.get("remark", "").strip()[:LONGEST], actor=security.actor(), now=security.now(),
        )  # fmt: skip
    except errors.ValuesRefused as refused:
        return _refused(case_id, words.refusal(next(iter(refused.fields.values()))))
    flash(gettext("Der Fall ist angehalten und kommt an diesem Tag von selbst zurück."), "success")
    return _back(case_id)


@security.access(*WORKERS)
def resume(case_id: int) -> ResponseReturnValue:
    """Takes the case up again before its day."""
    try:
        service.resume(security.session(), case_id, actor=security.actor(), now=security.now())
    except errors.ValuesRefused as refused:
        return _refused(case_id, words.refusal(next(iter(refused.fields.values()))))
    flash(gettext("Der Fall ist wieder aufgenommen."), "success")
    return _back(case_id)


@security.access(*WORKERS)
def reopen(case_id: int) -> ResponseReturnValue:
    """Opens the closed case again, with a reason; what was typed stays when it has to be corrected."""
    typed = {"reason": request.form.get("reason", "").strip()[:LONGEST], "start": request.form.get("start", "")}
    try:
        service.reopen(
            security.session(), case_id, reason=typed["reason"], actor=security.actor(), now=security.now(),
            at=typed["start"],
        )  # fmt: skip
    except errors.ValuesRefused as refused:
        field, code = next(iter(refused.fields.items()))
        if code in PAST:
            return _refused(case_id, words.refusal(code))
        return _again(case_id, typed, field, words.refusal(code)), 422
    except errors.CaseOpenAlready as present:
        flash(gettext("Für diese Person ist schon ein Fall offen."), "warning")
        return _back(present.case_id)
    flash(gettext("Der Fall ist wieder geöffnet."), "success")
    return _back(case_id)


def _again(case_id: int, typed: Mapping[str, str], field: str, sentence: str) -> str:
    session = security.session()
    labels = {"reason": gettext("Warum kommt die Person wieder?"), "start": gettext("Womit beginnt der Vorgang?")}
    return render_template(
        "casework/reopen.html", case_id=case_id, number=queries.case_file(session, case_id).number, typed=typed,
        errors={field: sentence}, summary=[(field, labels[field], sentence, f"reopen-{field}")],
        beginnings=words.beginnings(service.beginnings(session)),
    )  # fmt: skip


def _day(text: str) -> tuple[date | None, str]:
    try:
        return birthdates.parse_day(text), ""
    except birthdates.DateRefused as refused:
        return None, refused.code


def _back(case_id: int) -> ResponseReturnValue:
    return redirect(url_for("casework.case", case_id=case_id), 303)


def _refused(case_id: int, sentence: str) -> ResponseReturnValue:
    flash(sentence, "danger")
    return _back(case_id)
