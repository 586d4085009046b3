"""Intervening in running cases: the page of a case, each act in steps, and the requests that wait for a second person.

What would happen is found out by doing it in a savepoint, which locks the case for a moment: so these pages look in a
short transaction of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from werkzeug.exceptions import NotFound

from app import security
from app.casework import errors, intervene_forms, intervene_pages, intervene_words, service, words
from app.casework.interventions import acts, queries
from app.casework.interventions.acts import Act, Wanted
from app.casework.interventions.service import wanted_of
from workflows import errors as host_errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session
    from werkzeug.datastructures import MultiDict

    from app.casework.interventions.queries import RequestRow

INTERVENERS = ("LTG_STADT", "LTG_AA", "ADM")
CONFIRMERS = ("LTG_STADT", "LTG_AA", "FB5")
EVERYBODY = ("LTG_STADT", "LTG_AA", "FB5", "ADM")
READ = ("task",)


@security.access(*EVERYBODY)
def index() -> ResponseReturnValue:
    """What waits for the reader's confirmation, what the reader asked for, trouble, and cases that are stopped."""
    session, actor, now = security.session(), security.actor(), security.now()
    intervenes = bool(actor.roles & set(INTERVENERS))
    return render_template(
        "casework/interventions.html", waiting=queries.waiting_for(session, actor, now=now),
        asked=queries.asked_by(session, actor), intervenes=intervenes, now=now,
        troubles=queries.troubles(session) if intervenes else (), stops=queries.stops(session) if intervenes else (),
    )  # fmt: skip


@security.access(*INTERVENERS)
def case(case_id: int) -> ResponseReturnValue:
    """Where a case stands and what the reader may do about it."""
    actor, now, locale = security.actor(), security.now(), str(get_locale())
    with security.at_once() as session:
        number = intervene_pages.number(session, case_id)
        runs = intervene_pages.runs(session, case_id, actor=actor, now=now, locale=locale)
        service.log_read(session, case_id, categories=READ, actor=actor, now=now)
        return render_template(
            "casework/intervene.html", case_id=case_id, number=number, runs=runs, now=now, actor=actor,
            troubles=queries.troubles(session, case_id=case_id), stops=queries.stops(session, case_id=case_id),
            requests=queries.of_case(session, case_id), explained=intervene_words.EXPLAINED,
        )  # fmt: skip


@security.access(*INTERVENERS)
def form(case_id: int, act: str) -> ResponseReturnValue:
    """An act in steps: what is still to be chosen, then the consequence and the reason."""
    with security.at_once() as session:
        return _page(session, _wanted(session, case_id, act, request.args), request.args)


@security.access(*INTERVENERS)
def look(case_id: int, act: str) -> ResponseReturnValue:
    """The consequence of what was chosen; it is handed in, because values of a case have no place in an address."""
    with security.at_once() as session:
        return _page(session, _wanted(session, case_id, act, request.form), request.form)


@security.access(*INTERVENERS)
def intervene(case_id: int, act: str) -> ResponseReturnValue:
    """Does the act, or asks for it where a second person must confirm it."""
    session, actor, now = security.session(), security.actor(), security.now()
    wanted, wrong = _typed(session, _wanted(session, case_id, act, request.form), request.form)
    if wrong:
        return _page(session, wanted, request.form), 422
    try:
        asked = service.intervene(
            session, wanted, reason=request.form.get("reason", ""), seen=request.form.get("seen", ""), actor=actor,
            now=now,
        )  # fmt: skip
    except errors.ConsequenceChanged:
        return _page(session, wanted, request.form, moved=True), 409
    except errors.ValuesRefused as refused:
        return _page(session, wanted, request.form, wrong=refused.fields), 422
    if asked is None:
        flash(gettext("Getan: %(act)s.", act=intervene_words.act(act)), "success")
    else:
        flash(
            gettext("Der Eingriff wartet auf die Bestätigung einer zweiten Person. Bis dahin geschieht nichts."), "info"
        )
    return redirect(url_for("casework.interventions_of", case_id=case_id), 303)


def _wanted(session: Session, case_id: int, act: str, given: MultiDict[str, str]) -> Wanted:
    """What the address and the form ask for; raises NotFound for what does not exist, AccessDenied."""
    if act not in intervene_words.ACTS:
        raise NotFound
    intervene_pages.number(session, case_id)
    number, key = given.get("run", ""), given.get("key", "")
    if not number.isdigit() or not intervene_pages.is_of_case(session, case_id, int(number[:15])):
        raise NotFound
    wanted = Wanted(case_id, int(number), Act(act), _uuid(key), given.get("target", "")[:200])
    acts.require(session, wanted, actor=security.actor(), now=security.now())
    return wanted


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def _typed(session: Session, wanted: Wanted, given: MultiDict[str, str]) -> tuple[Wanted, dict[str, str]]:
    """What is wanted with the values that were typed, and what is wrong with them."""
    items = intervene_pages.items(session, wanted, now=security.now(), locale=str(get_locale()))
    values, wrong = intervene_forms.typed(items, given)
    done = Wanted(wanted.case_id, wanted.instance_id, wanted.act, wanted.key, wanted.target, values)
    return done, wrong


def _is_complete(wanted: Wanted, items: list[intervene_forms.Item], given: MultiDict[str, str]) -> bool:
    """Whether nothing is left to be chosen, so that the consequence can be shown."""
    if wanted.act in acts.AIMED:
        return bool(wanted.target)
    if wanted.act is Act.CHANGE:
        return bool(wanted.values)
    return wanted.act is not Act.SKIP or not items or "look" in given


def _page(
    session: Session,
    wanted: Wanted,
    given: MultiDict[str, str],
    *,
    wrong: Mapping[str, str] | None = None,
    moved: bool = False,
) -> str:
    now, locale = security.now(), str(get_locale())
    items = intervene_pages.items(session, wanted, now=now, locale=locale)
    wanted, mistyped = _typed(session, wanted, given)
    found = {name: words.refusal(code) for name, code in {**mistyped, **(wrong or {})}.items()}
    complete = _is_complete(wanted, items, given) and not mistyped
    foreseen = acts.foresee(session, wanted, actor=security.actor(), now=now) if complete else None
    step = intervene_pages.stands(session, wanted, now=now, locale=locale)
    labels = {item.field: item.label for item in items} | {"reason": gettext("Begründung")}
    return render_template(
        "casework/intervene_act.html", wanted=wanted, case_id=wanted.case_id, items=items, given=given, errors=found,
        number=intervene_pages.number(session, wanted.case_id), moved=moved, chosen=_chosen(items, wanted),
        explained=intervene_words.EXPLAINED[wanted.act], step=step,
        targets=intervene_pages.targets(session, wanted, now=now, locale=locale) if wanted.act in acts.AIMED else [],
        consequence=intervene_pages.consequence(session, wanted, foreseen, locale) if foreseen else None,
        summary=[(name, labels.get(name, name), found[name]) for name in found],
    )  # fmt: skip


def _chosen(items: list[intervene_forms.Item], wanted: Wanted) -> list[tuple[str, str]]:
    return [
        (item.label, intervene_forms.say(item, wanted.values[item.name]))
        for item in items
        if item.name in wanted.values
    ]


@security.access(*EVERYBODY)
def show(request_id: int) -> ResponseReturnValue:
    """A request with its consequence as it is now."""
    with security.at_once() as session:
        return _request_page(session, _row(session, request_id))


def _row(session: Session, request_id: int) -> RequestRow:
    row = queries.request(session, request_id)
    if row is None:
        raise errors.UnknownRequest(request_id)
    return row


def _request_page(
    session: Session, row: RequestRow, *, moved: bool = False, wrong: Mapping[str, str] | None = None
) -> str:  # fmt: skip
    actor, now, locale = security.actor(), security.now(), str(get_locale())
    wanted = wanted_of(row)
    shown: dict[str, Any] = {"consequence": None, "chosen": [], "changed": False, "target": ""}
    if intervene_pages.is_of_case(session, row.case_id, row.instance_id):
        known = intervene_forms.labels(session, intervene_pages.definition(session, wanted), locale)
        worded = [(known[name], value) for name, value in row.values.items() if name in known]
        shown["chosen"] = [(item.label, intervene_forms.say(item, value)) for item, value in worded]
        shown["target"] = intervene_pages.step_name(session, wanted, row.target, locale) if row.target else ""
        if row.status == "open":
            foreseen = acts.foresee(session, wanted, actor=actor, now=now)
            shown["consequence"] = intervene_pages.consequence(session, wanted, foreseen, locale)
            shown["changed"] = foreseen.digest != row.digest
    found = {name: words.refusal(code) for name, code in (wrong or {}).items()}
    return render_template(
        "casework/intervention.html", row=row, moved=moved, errors=found, now=now, mine=row.actor_id == actor.id,
        decides=queries.may_decide(row, actor, now=now), links=bool(actor.roles & set(INTERVENERS)), **shown,
        summary=[(name, gettext("Begründung"), text) for name, text in found.items()],
    )  # fmt: skip


@security.access(*CONFIRMERS)
def confirm(request_id: int) -> ResponseReturnValue:
    """Confirms a request and does what it asks for; when the case has moved, asks again."""
    session = security.session()
    row = _row(session, request_id)
    try:
        service.confirm_intervention(
            session, request_id, seen=request.form.get("seen", ""), actor=security.actor(), now=security.now()
        )  # fmt: skip
    except (errors.ConsequenceChanged, host_errors.InterventionRefused):
        return _request_page(session, row, moved=True), 409
    flash(gettext("Bestätigt und ausgeführt: %(act)s.", act=intervene_words.act(row.act)), "success")
    return redirect(url_for("casework.intervention", request_id=request_id), 303)


@security.access(*CONFIRMERS)
def refuse(request_id: int) -> ResponseReturnValue:
    """Refuses a request with a reason."""
    session = security.session()
    row = _row(session, request_id)
    try:
        service.refuse_intervention(
            session, request_id, reason=request.form.get("reason", ""), actor=security.actor(), now=security.now()
        )  # fmt: skip
    except errors.ValuesRefused as refused:
        return _request_page(session, row, wrong=refused.fields), 422
    flash(gettext("Abgelehnt. Es wurde nichts geändert."), "success")
    return redirect(url_for("casework.intervention", request_id=request_id), 303)


@security.access(*INTERVENERS)
def withdraw(request_id: int) -> ResponseReturnValue:
    """Takes an own request back."""
    service.withdraw_intervention(security.session(), request_id, actor=security.actor(), now=security.now())
    flash(gettext("Zurückgezogen. Es wurde nichts geändert."), "success")
    return redirect(url_for("casework.intervention", request_id=request_id), 303)


@security.access(*INTERVENERS)
def retry(case_id: int, incident_id: int) -> ResponseReturnValue:
    """Has a failed step tried again, with a reason."""
    try:
        service.retry_incident(
            security.session(), case_id, incident_id, reason=request.form.get("reason", ""), actor=security.actor(),
            now=security.now(),
        )  # fmt: skip
    except errors.ValuesRefused:
        flash(gettext("Bitte geben Sie eine Begründung an."), "danger")
    except host_errors.UnknownIncident:
        flash(gettext("Diese Störung ist schon behoben."), "warning")
    else:
        flash(gettext("Der Schritt wird noch einmal versucht."), "success")
    return redirect(url_for("casework.interventions_of", case_id=case_id), 303)
