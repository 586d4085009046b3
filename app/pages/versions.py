"""Versions of the processes: what runs in which, and how running cases change to the newest one, looked at first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import NotFound

from app import failures, security
from app.casework import queries as casework
from app.casework import words
from workflows import definitions, errors, migration, migration_batches
from workflows import versions as known
from workflows.models import BatchStatus, ItemStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from flask_babel.speaklater import LazyString
    from sqlalchemy.orm import Session

MOVERS = ("PD", "ADM")
LONGEST = 500
AT_WORK = frozenset({BatchStatus.CHECKING, BatchStatus.MOVING, BatchStatus.REVERTING})
STATES: Mapping[str, LazyString] = {
    "checking": _("wird geprüft"),
    "checked": _("geprüft, noch nichts geändert"),
    "moving": _("wird umgestellt"),
    "moved": _("umgestellt"),
    "reverting": _("wird zurückgestellt"),
    "reverted": _("zurückgestellt"),
    "cancelled": _("angehalten; was getan ist, bleibt"),
}
RESULTS: Mapping[str, LazyString] = {
    "open": _("noch nicht geprüft"),
    "possible": _("kann umgestellt werden"),
    "refused": _("bleibt auf der alten Fassung"),
    "moved": _("umgestellt"),
    "reverted": _("zurückgestellt"),
    "left": _("inzwischen weitergegangen, bleibt umgestellt"),
}
REASONS: Mapping[str, LazyString] = {
    "closed": _("Der Ablauf läuft nicht mehr oder ist gestoppt."),
    "current": _("Der Fall hat diese Fassung schon."),
    "process": _("Der Ablauf gehört zu einem anderen Prozess."),
    "missing": _("Der Fall steht an einem Schritt, den es in der neuen Fassung nicht gibt."),
    "kind": _("Der Schritt ist in der neuen Fassung etwas anderes."),
    "source": _("An dieser Stelle ist nicht mehr klar, woher der Fall kam."),
    "due": _("Eine Frist ist gerade fällig; sie muss erst wirken."),
    "instances": _("Der Schritt läuft gerade mehrfach; danach ist ein Wechsel möglich."),
    "structure": _("Der Fall steht an einer Stelle, die sich nicht übertragen lässt."),
    "failed": _("In der neuen Fassung ginge dieser Schritt nicht."),
    "changed": _("Der Fall ist inzwischen weitergegangen."),
}
ACTS = {
    "begin": migration_batches.begin,
    "back": migration_batches.revert,
    "stop": migration_batches.cancel,
}
blueprint = Blueprint("versions", __name__)
failures.refuse(errors.BatchRefused, 409)


@blueprint.app_template_filter()
def batch_state(code: str) -> str:
    """How a batch stands."""
    return str(STATES.get(code, code))


@blueprint.app_template_filter()
def batch_result(code: str) -> str:
    """What is known of a case of a batch."""
    return str(RESULTS.get(code, code))


@blueprint.app_template_filter()
def batch_reason(code: str) -> str:
    """Why a case cannot change, in a sentence."""
    return str(REASONS.get(code, "")) if code else ""


@blueprint.get("/versions")
@security.access(*MOVERS)
def index() -> ResponseReturnValue:
    """All versions with their running cases, and what was changed so far."""
    rows = [row for row in known.all_of(security.session()) if row.running or _is_newest(row.process, row.version)]
    older = {row.process for row in rows if row.running and not _is_newest(row.process, row.version)}
    return render_template(
        "library/versions.html", rows=rows, older=older, batches=known.batches(security.session()),
        titles={row.process: words.word(row.process, "process") for row in rows},
    )  # fmt: skip


def _is_newest(process: str, version: int) -> bool:
    return definitions.latest(security.session(), process).version == version


@blueprint.get("/versions/<process>/move")
@security.access(*MOVERS)
def form(process: str) -> ResponseReturnValue:
    """Asks why, and which steps have other names now."""
    return _form(process, {})


def _form(process: str, wrong: Mapping[str, str]) -> str:
    if known.find(security.session(), process) is None:
        raise NotFound
    labels = {"reason": gettext("Begründung"), "names": gettext("Umbenannte Schritte")}
    return render_template(
        "library/move.html", process=process, title=words.word(process, "process"), typed=request.form, errors=wrong,
        definition=definitions.latest(security.session(), process), labels=labels,
        summary=[(name, labels[name], text) for name, text in wrong.items()],
    )  # fmt: skip


@blueprint.post("/versions/<process>/move")
@security.access(*MOVERS)
def look(process: str) -> ResponseReturnValue:
    """Has all running cases of older versions looked at; nothing is changed yet."""
    session, reason = security.session(), request.form.get("reason", "").strip()
    newest = known.find(session, process)
    if newest is None:
        raise NotFound
    names, wrong = _names(request.form.get("names", ""))
    if not reason or len(reason) > LONGEST:
        wrong["reason"] = words.refusal("too_long" if reason else "required")
    if wrong:
        return _form(process, wrong), 422
    target = migration.Target(newest, names)
    batch_id = migration_batches.plan(session, target, actor=security.actor(), now=security.now(), reason=reason)
    return redirect(url_for("versions.batch", batch_id=batch_id), 303)


def _names(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """Old and new names of steps, one pair a line."""
    pairs = [line.partition("=") for line in text.splitlines() if line.strip()]
    if any(not (old.strip() and new.strip()) for old, _sign, new in pairs):
        return {}, {"names": gettext("Bitte je Zeile: alt = neu.")}
    return {old.strip(): new.strip() for old, _sign, new in pairs}, {}


@blueprint.get("/versions/batches/<int:batch_id>")
@security.access(*MOVERS)
def batch(batch_id: int) -> ResponseReturnValue:
    """How far a batch is, the result of each case, and what can be done next."""
    session = security.session()
    row = next(iter(known.batches(session, batch_id=batch_id)), None)
    if row is None:
        raise NotFound
    status, counted = migration_batches.progress(session, batch_id)
    total, left = sum(counted.values()), _left(status, counted)
    template = "library/_batch.html" if security.is_fragment() else "library/batch.html"
    return render_template(
        template, batch=row, status=status.value, counted={one.value: number for one, number in counted.items()},
        total=total, done=total - left, at_work=status in AT_WORK, items=_items(session, batch_id),
        title=words.word(row.process, "process"),
    )  # fmt: skip


def _left(status: BatchStatus, counted: Mapping[ItemStatus, int]) -> int:
    """How many cases the batch has still to deal with."""
    next_ = {
        BatchStatus.CHECKING: ItemStatus.OPEN,
        BatchStatus.MOVING: ItemStatus.POSSIBLE,
        BatchStatus.REVERTING: ItemStatus.MOVED,
    }
    return counted.get(next_[status], 0) if status in next_ else 0


def _items(session: Session, batch_id: int) -> list[tuple[str, known.ItemRow, str]]:
    """The cases of a batch by their numbers, each with the name of the step that hinders it."""
    rows = known.items(session, batch_id)
    numbers = casework.numbers(session, {int(row.subject) for row in rows if row.subject.isdigit()})
    return [(numbers.get(int(row.subject), "") if row.subject.isdigit() else "", row, _step(row)) for row in rows]


def _step(row: known.ItemRow) -> str:
    """The name of the element, from the newest version that has it."""
    if not row.element:
        return ""
    for definition_id in definitions.newest(security.session()):
        info = definitions.specs(security.session(), definition_id).elements.get(row.element)
        if info is not None:
            return (info.name_en if str(get_locale()) == "en" else "") or info.name
    return row.element


@blueprint.post("/versions/batches/<int:batch_id>/<act>")
@security.access(*MOVERS)
def go(batch_id: int, act: str) -> ResponseReturnValue:
    """Begins to change, changes back, or stops."""
    if act not in ACTS:
        raise NotFound
    try:
        ACTS[act](security.session(), batch_id)
    except errors.BatchRefused:
        flash(gettext("Das geht im jetzigen Stand nicht."), "warning")
    return redirect(url_for("versions.batch", batch_id=batch_id), 303)
