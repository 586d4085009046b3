"""The processes as they run, to be read by everybody: list, diagram, and the same as a list of steps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template
from flask_babel import get_locale, gettext, ngettext
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import NotFound

from app import security
from app.casework import vocabulary, words
from app.office import calendar, dates
from workflows import definitions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from flask_babel.speaklater import LazyString
    from sqlalchemy.orm import Session

    from workflows.models import Definition
    from workflows.specs import ElementInfo

ROLES = ("KS", "BFK", "FM", "VM", "FB5", "LTG_STADT", "LTG_AA", "PD", "DSB_STADT", "DSB_AA", "ADM")
TOP = "case"
# What the office starts beside a case, each with a diagram of its own.
BESIDE = ("urgent", "reminder", "conference")
KINDS: Mapping[str, LazyString] = {
    "userTask": _("Aufgabe mit Formular"),
    "manualTask": _("Aufgabe"),
    "serviceTask": _("automatischer Schritt"),
    "businessRuleTask": _("die Regeln entscheiden"),
    "sendTask": _("Nachricht geht hinaus"),
    "scriptTask": _("Zwischenrechnung"),
    "callActivity": _("eigener Prozess"),
    "subProcess": _("Teilprozess"),
    "startEvent": _("Beginn"),
    "endEvent": _("Ende"),
    "intermediateCatchEvent": _("Warten"),
    "boundaryEvent": _("Frist oder Nachricht an einer Aufgabe"),
    "intermediateThrowEvent": _("Ereignis"),
    "exclusiveGateway": _("Entscheidung"),
    "parallelGateway": _("nebeneinander"),
    "inclusiveGateway": _("eines oder mehrere"),
    "eventBasedGateway": _("was zuerst geschieht"),
}
blueprint = Blueprint("processes", __name__)


@dataclass(frozen=True, slots=True)
class Step:
    """A named element of a diagram in words."""

    id: str
    name: str
    kind: str
    role: str
    form: str
    deadline: str


@blueprint.get("/processes")
@security.access(*ROLES)
def index() -> ResponseReturnValue:
    """All processes with version and since when; the case calls the others."""
    session = security.session()
    definition = _latest(session)
    beside = [name for name in BESIDE if _held(session, name) is not None]
    named = [[(name, words.word(name, "process")) for name in names] for names in (_names(definition), beside)]
    return render_template("library/processes.html", definition=definition, shown=named[0], beside=named[1])


@blueprint.get("/processes/<name>")
@security.access(*ROLES)
def process(name: str) -> ResponseReturnValue:
    """One process: its diagram and the same as a list of steps."""
    session = security.session()
    definition = _holding(session, name)
    infos = definitions.specs(session, definition.id).by_spec.values()
    steps = tuple(_step(session, definition.id, info) for info in infos if info.process == name and _is_named(info))
    return render_template(
        "library/process.html", definition=definition, name=name, title=words.word(name, "process"),
        steps=list(dict.fromkeys(steps)),
    )  # fmt: skip


@blueprint.get("/processes/<name>/diagram.bpmn")
@security.access(*ROLES)
def diagram(name: str) -> ResponseReturnValue:
    """The diagram as it runs for new cases."""
    definition = _holding(security.session(), name)
    return Response(definitions.diagram(security.session(), definition.id, name), mimetype="application/xml")


def _latest(session: Session) -> Definition:
    try:
        return definitions.latest(session, TOP)
    except definitions.UnknownDefinition:
        raise NotFound from None


def _held(session: Session, name: str) -> Definition | None:
    try:
        return definitions.latest(session, name)
    except definitions.UnknownDefinition:
        return None


def _holding(session: Session, name: str) -> Definition:
    """The definition that holds this process: that of the case, or its own where it runs beside."""
    definition = _latest(session)
    if name in _names(definition):
        return definition
    own = _held(session, name) if name in BESIDE else None
    if own is None:
        raise NotFound
    return own


def _names(definition: Definition) -> list[str]:
    """The processes of the closure, in the order in which a client meets them."""
    held = {name.removesuffix(".bpmn") for name in definition.files if name.endswith(".bpmn")}
    known = [name for name in vocabulary.PROCESSES if name in held]
    return known + sorted(held - set(known))


def _name(info: ElementInfo) -> str:
    return (info.name_en if str(get_locale()) == "en" else "") or info.name


def _is_named(info: ElementInfo) -> bool:
    """Where branches only meet again nothing stands in the diagram: the id is no name."""
    return bool(info.name) and info.name != info.id


def _step(session: Session, definition_id: int, info: ElementInfo) -> Step:
    return Step(
        info.id, _name(info), str(KINDS.get(info.kind, _("Schritt"))), info.role,
        _form(session, definition_id, info.form), _deadline(session, info.deadline),
    )  # fmt: skip


def _form(session: Session, definition_id: int, name: str | None) -> str:
    if not name:
        return ""
    form = definitions.form(session, definition_id, name)
    return (form.title_en if str(get_locale()) == "en" else "") or form.title


PERIOD = re.compile(r"(werktage|tage|wochen|monate)\((\d+)\)")
NAMED = re.compile(r'frist\("(\w+)"\)')


def _deadline(session: Session, expression: str | None) -> str:
    """A deadline as people speak of it; the office's named ones by what they mean today."""
    named = NAMED.fullmatch(expression or "")
    if named:
        expression = calendar.snapshot(session).term(named[1], dates.day_of(security.now()))
    found = PERIOD.fullmatch(expression or "")
    if not found:
        return ""
    number = int(found[2])
    spoken = {
        "werktage": ngettext("%(num)d Werktag", "%(num)d Werktage", number),
        "tage": ngettext("%(num)d Tag", "%(num)d Tage", number),
        "wochen": ngettext("%(num)d Woche", "%(num)d Wochen", number),
        "monate": ngettext("%(num)d Monat", "%(num)d Monate", number),
    }
    return gettext("am selben Tag") if number == 0 else str(spoken[found[1]])
