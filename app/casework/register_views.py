"""The reception desk: registering a client, deciding about possible duplicates, opening the case."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from app import security
from app.casework import errors, forms, queries, service, words
from app.office import queries as office
from workflows import queries as host

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from app.casework.forms import Intake


@security.access("KS")
def form() -> ResponseReturnValue:
    """The empty registration form, with a sentence when the office takes nobody in today."""
    return _form(forms.Intake.empty(), {})


@security.access("KS")
def register() -> ResponseReturnValue:
    """Registers a client and opens the case; asks first about everybody who may be the same person."""
    intake = forms.Intake.of(request.form)
    if "back" in request.form:
        return _form(intake, {})
    try:
        found = service.duplicates(security.session(), intake.values(), now=security.now())
        refused = intake.missing() | _unclear_start(intake)
    except errors.ValuesRefused as refusal:
        refused = refusal.fields | intake.missing() | _unclear_start(intake)
    if refused:
        return _form(intake, forms.messages(refused)), 422
    decided = forms.decisions(request.form, [row.client_id for row in found])
    if len(decided) < len(found):
        asked = "asked" in request.form
        return render_template("casework/duplicates.html", intake=intake, found=found, decided=decided, asked=asked), (
            422 if asked else 200
        )
    return _take_in(intake, decided)


def _unclear_start(intake: Intake) -> dict[str, str]:
    """Where the process can begin in several ways the desk says in which; what is none of them counts as not said."""
    choices = service.beginnings(security.session())
    chosen = intake.typed["start"]
    return {"start": "start_unclear"} if (chosen or len(choices) > 1) and chosen not in choices else {}


def _form(intake: Intake, found: Mapping[str, str], closed: errors.OfficeClosed | None = None) -> str:
    opening = office.opening(security.session(), security.now())
    return render_template(
        "casework/register.html", intake=intake, typed=intake.typed, errors=found, labels=forms.LABELS, words=words,
        summary=forms.summary(found), opening=opening, closed=closed,
        beginnings=words.beginnings(service.beginnings(security.session())),
    )  # fmt: skip


def _take_in(intake: Intake, decided: Mapping[int, str]) -> ResponseReturnValue:
    """Everything in one transaction: a case that may not be opened leaves no half a registration."""
    session, actor, now = security.session(), security.actor(), security.now()
    try:
        client_id = service.register(session, intake.values(), actor=actor, now=now)
    except errors.ValuesRefused as refusal:
        return _form(intake, forms.messages(refusal.fields)), 422
    for row in queries.matches(session, client_id):
        if row.other_id in decided:
            service.decide_match(session, row.id, decided[row.other_id], actor=actor, now=now)
    try:
        case_id = service.open_case(
            session, client_id, actor=actor, now=now, reference_date=_dated(),
            household_payer=str(intake.values().get("household_payer") or ""), at=intake.typed["start"],
        )  # fmt: skip
    except errors.OfficeClosed as closed:
        return _form(intake, {}, closed), 409
    except errors.CaseOpenAlready as present:
        flash(gettext("Für diese Person ist schon ein Fall offen. Die neue Aufnahme ist damit verknüpft."), "warning")
        return redirect(url_for("casework.case", case_id=present.case_id), 303)
    except errors.CaseReopenable as earlier:
        flash(gettext("Diese Person war vor Kurzem schon hier. Bitte öffnen Sie den Fall wieder."), "warning")
        return redirect(url_for("casework.case", case_id=earlier.case_id), 303)
    flash(gettext("Aufgenommen. Fall %(number)s ist eröffnet.", number=_number(case_id)), "success")
    return redirect(first_task(case_id), 303)


def _dated() -> date | None:
    text = request.form.get("reference_date", "")
    return date.fromisoformat(text) if text else None


def _number(case_id: int) -> str:
    return queries.cards(security.session(), [case_id])[case_id].number


def first_task(case_id: int) -> str:
    """Where the reader goes on with a case: at its first task of one of the own roles, else at its page."""
    roles = security.actor().roles
    tasks = [task for task in host.open_tasks(security.session(), str(case_id)) if task.role in roles]
    if tasks:
        return url_for("inbox.task.show", task_id=tasks[0].id)
    return url_for("casework.case", case_id=case_id)
