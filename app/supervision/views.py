"""The pages of supervision, for the leaders of both agencies: what stands still, and what one asks of the other."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext

from app import security
from app.casework import queries as casework
from app.casework import views as casework_views
from app.casework import vocabulary
from app.casework import words as casework_words
from app.office import dates
from app.office import queries as office
from app.supervision import desk, errors, queries, service, words

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue

blueprint = Blueprint("supervision", __name__)
LEVELS = ("red", "amber", "grey")
AGES = (5, 10, 30, 90)
EXPORTED = 5000
FEW = 3


def _reader() -> desk.Reader:
    return desk.Reader(security.session(), security.actor(), security.now(), str(get_locale()))


def _wanted(reader: desk.Reader) -> queries.Wanted:
    """The filters as the address names them; what it names wrongly is left out."""
    given = request.args
    roles = office.roles(reader.session)
    agency, role, age = given.get("agency", ""), given.get("role", ""), given.get("days", "")
    chosen = {code for code, row in roles.items() if row.partner == agency} if agency in office.LEADERS else None
    chosen = {role} if role in roles else chosen
    person = given.get("person", "")
    return queries.Wanted(
        roles=None if chosen is None else frozenset(chosen),
        # Whoever leads the other agency's staff asks for them by name; nobody else (R41).
        person_id=int(person) if person.isdigit() and int(person) in dict(_people(reader)) else None,
        process=given.get("process", "") if given.get("process") in vocabulary.NOUNS["process"] else "",
        cause=given.get("cause", "") if given.get("cause") in words.CAUSES else "",
        days=int(age) if age.isdigit() and int(age) in AGES else 0,
        level=given.get("level", "") if given.get("level") in LEVELS else "",
        after=queries.key(given.get("after", "")),
    )


def _people(reader: desk.Reader) -> list[tuple[int, str]]:
    """The staff of the own agency, by name: no order that ranks anybody."""
    held = office.posts(reader.session, dates.local(reader.now))
    own = {post.account_id: post.name for post in held if post.partner == reader.actor.partner and post.account_id}
    return sorted(((number, name) for number, name in own.items()), key=lambda one: one[1])


@blueprint.get("/stuck")
@security.access(*desk.LEADERS)
def index() -> ResponseReturnValue:
    """What stands still, the most pressing first; grouped by cause when asked so."""
    reader = _reader()
    wanted = _wanted(reader)
    grouped = request.args.get("view") == "grouped" and not wanted.cause
    counts = queries.counts(reader.session, words.CAUSES, replace(wanted, cause="", after=None), now=reader.now)
    groups, following = _groups(reader, wanted, counts) if grouped else _flat(reader, wanted)
    return render_template(
        "supervision/index.html", groups=groups, grouped=grouped, following=following, counts=counts,
        causes=words.CAUSES, wanted=wanted, given=request.args, ages=AGES, cap=queries.CAP, few=FEW,
        bulk_kinds=words.BULKS,
        levels=queries.levels(reader.session, replace(wanted, level="", after=None), now=reader.now),
        roles=_roles(reader), partners=office.partners(reader.session, dates.day_of(reader.now)),
        people=_people(reader), processes=vocabulary.NOUNS["process"], own=reader.actor.partner,
        asked=_pleas(reader, queries.asked_of(reader.session, reader.actor.roles)),
        asking=_pleas(reader, queries.asked_by(reader.session, reader.actor.roles, now=reader.now)),
        query={name: value for name, value in request.args.items() if value and name != "after"},
    )  # fmt: skip


def _roles(reader: desk.Reader) -> list[tuple[str, str]]:
    known = [code for code, row in office.roles(reader.session).items() if row.partner]
    return sorted(((code, casework_views.role_name(code)) for code in known), key=lambda one: one[1])


def _flat(reader: desk.Reader, wanted: queries.Wanted) -> tuple[list[Any], str]:
    lines, following = desk.page(reader, wanted)
    return [("", lines)] if lines else [], following


def _groups(reader: desk.Reader, wanted: queries.Wanted, counts: dict[str, int]) -> tuple[list[Any], str]:
    """The first findings of each cause."""
    found = []
    for cause in counts:
        rows = queries.listing(reader.session, replace(wanted, cause=cause, after=None), now=reader.now, limit=FEW)
        if rows:
            found.append((cause, desk.lines(reader, rows[:FEW])))
    return found, ""


def _pleas(reader: desk.Reader, rows: tuple[queries.PleaRow, ...]) -> list[Any]:
    cards = casework.cards(reader.session, {row.case_id for row in rows})
    return [(row, cards.get(row.case_id)) for row in rows]


class _Texts:
    """How the exported table says codes and days."""

    @staticmethod
    def level(code: str) -> str:
        said: dict[str, str] = {"red": gettext("rot"), "amber": gettext("gelb"), "grey": gettext("grau")}
        return said[code]

    @staticmethod
    def day(moment: datetime | None) -> str:
        return "" if moment is None else str(casework_words.day(dates.day_of(moment).isoformat()))

    @staticmethod
    def role(code: str) -> str:
        return str(casework_views.role_name(code))


@blueprint.get("/stuck.csv")
@security.access(*desk.LEADERS)
def export() -> ResponseReturnValue:
    """The same list as a table for a spreadsheet, without names of clients."""
    reader = _reader()
    rows = queries.listing(reader.session, _wanted(reader), now=reader.now, limit=EXPORTED)
    out = io.StringIO()
    table = csv.writer(out, delimiter=";")
    table.writerow([
        gettext("Stufe"), gettext("Fall"), gettext("Ursache"), gettext("Schritt"), gettext("Seit"), gettext("Tage"),
        gettext("Am Zug"), gettext("Person"), gettext("Folge"), gettext("Bis"), gettext("Vorschlag"),
    ])  # fmt: skip
    table.writerows(desk.cells(line, _Texts) for line in desk.lines(reader, rows[:EXPORTED]))
    name = {"Content-Disposition": "attachment; filename=stillstand.csv"}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=name)


@blueprint.post("/stuck/cases/<int:case_id>/ask")
@security.access(*desk.LEADERS)
def ask(case_id: int) -> ResponseReturnValue:
    """Asks the other agency's leader to move a case."""
    session, cause = security.session(), request.form.get("cause", "")
    if cause not in words.CAUSES or not casework.cards(session, [case_id]):
        abort(404)
    try:
        service.ask(
            session, case_id, cause=cause, name=request.form.get("name", "")[:200], words=request.form.get("text", ""),
            actor=security.actor(), now=security.now(),
        )  # fmt: skip
    except errors.PleaRefused:
        flash(gettext("Bitte schreiben Sie, worum Sie bitten."), "danger")
    else:
        flash(gettext("Die andere Leitung ist gebeten. Sie hat drei Werktage Zeit für eine Antwort."), "success")
    return redirect(url_for("supervision.index"), 303)


@blueprint.post("/stuck/requests/<int:plea_id>/answer")
@security.access(*desk.LEADERS)
def answer(plea_id: int) -> ResponseReturnValue:
    """Answers what the other agency's leader has asked."""
    try:
        service.answer(
            security.session(), plea_id, words=request.form.get("text", ""), actor=security.actor(), now=security.now()
        )  # fmt: skip
    except errors.PleaRefused as refused:
        if refused.code == "role":
            abort(403)
        said = {
            "required": gettext("Bitte schreiben Sie eine Antwort."),
            "answered": gettext("Diese Bitte ist schon beantwortet."),
        }
        flash(said[refused.code], "danger")
    else:
        flash(gettext("Ihre Antwort ist bei der anderen Leitung."), "success")
    return redirect(url_for("supervision.index"), 303)
