"""The words of interventions: acts, process values, trouble, and why something is not possible."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _

from app.casework.interventions.acts import Act
from workflows import reasons

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel.speaklater import LazyString

ACTS: Final[Mapping[str, LazyString]] = {
    Act.SUSPEND: _("Ablauf stoppen"),
    Act.RESUME: _("Ablauf fortsetzen"),
    Act.SKIP: _("Schritt überspringen"),
    Act.REDO: _("Schritt wiederholen"),
    Act.MOVE: _("An andere Stelle setzen"),
    Act.CHANGE: _("Angaben des Ablaufs ändern"),
    Act.CANCEL: _("Ablauf beenden"),
}
EXPLAINED: Final[Mapping[str, LazyString]] = {
    Act.SUSPEND: _(
        "Niemand kann Aufgaben erledigen, keine Frist löst etwas aus, Nachrichten werden aufgehoben, "
        "bis jemand fortsetzt."
    ),
    Act.RESUME: _(
        "Der Fall geht weiter, wo er stand. Aufgehobene Nachrichten kommen an, verstrichene Termine lösen gleich aus."
    ),
    Act.SKIP: _("Der Schritt gilt als erledigt, ohne dass ihn jemand tut. Was er sonst ergeben hätte, geben Sie an."),
    Act.REDO: _("Der Fall geht zurück zu einem Schritt, der schon erledigt war."),
    Act.MOVE: _(
        "Der Fall steht danach an einem anderen Schritt desselben Prozesses. Was dazwischen liegt, geschieht nicht."
    ),
    Act.CHANGE: _("Angaben, nach denen der Ablauf entscheidet. Die Akte selbst berichtigen Sie auf der Fallseite."),
    Act.CANCEL: _(
        "Alle Aufgaben und Termine verschwinden, der Fall wird geschlossen. Er lässt sich danach wieder öffnen und "
        "beginnt von vorn."
    ),
}
STATES: Final[Mapping[str, LazyString]] = {
    "open": _("wartet auf die zweite Person"),
    "done": _("bestätigt und ausgeführt"),
    "refused": _("abgelehnt"),
    "withdrawn": _("zurückgezogen"),
    "expired": _("nicht rechtzeitig bestätigt"),
}
NOT_POSSIBLE: Final[Mapping[str, LazyString]] = {
    "gone": _("Der Fall steht nicht mehr an diesem Schritt."),
    "missing": _("Dorthin lässt sich der Fall von hier aus nicht setzen."),
    "gateway": _("An dieser Stelle treffen sich Wege; sie lässt sich nicht überspringen."),
    "instances": _("Der Schritt läuft mehrfach nebeneinander; einzeln lässt er sich nicht versetzen."),
    "data": _("Dem Schritt fehlen noch Angaben. Tragen Sie diese ein oder setzen Sie den Fall hinter den Schritt."),
    "not_done": _("Dieser Schritt war noch nicht erledigt."),
    "closed": _("Der Ablauf ist beendet oder gestoppt."),
}
# What the automatic steps of the shipped processes give: words, and of which noun the codes are.
VALUES: Final[Mapping[str, tuple[LazyString, str]]] = {
    "age_event_at": (_("Tag des Altersübergangs"), "date"),
    "benefit_in_office": (_("Die Leistung wird im Servicebüro bearbeitet"), "bool"),
    "benefit_runs": (_("Eine Leistung läuft"), "bool"),
    "benefits_known": (_("Leistungsbezug ist bekannt"), "bool"),
    "closed": (_("Fall ist geschlossen"), "bool"),
    "closing_talk_needed": (_("Abschlussgespräch nötig"), "bool"),
    "complete": (_("Unterlagen vollständig"), "bool"),
    "duplicates_open": (_("Mögliche Doppelerfassung offen"), "bool"),
    "handover_needed": (_("Zahlung muss übergeben werden"), "bool"),
    "handover_offer_on": (_("Übergabe anbieten am"), "date"),
    "hlu": (_("Hilfe zum Lebensunterhalt"), "bool"),
    "household_open": (_("Zahlstelle der Bedarfsgemeinschaft offen"), "bool"),
    "imported": (_("Aus dem Bestand übernommen"), "bool"),
    "income_notice": (_("Einkommen muss gemeldet werden"), "bool"),
    "lead": (_("Federführung"), "role"),
    "needs_agreement": (_("Kurzabstimmung nötig"), "bool"),
    "notice_confirmed": (_("Meldung bestätigt"), "bool"),
    "notify_payer": (_("Zahlstelle benachrichtigen"), "bool"),
    "obstacles": (_("Zahl der Hemmnisse"), "number"),
    "payer": (_("Zahlende Stelle"), "payer"),
    "payer_changes": (_("Zahlende Stelle wechselt"), "bool"),
    "payer_from": (_("Zahlende Stelle wechselt am"), "date"),
    "plan_complete": (_("Plan vollständig"), "bool"),
    "plan_version": (_("Fassung des Plans"), "number"),
    "programme_possible": (_("Programm möglich"), "bool"),
    "proposal_group": (_("Vorgeschlagene Betreuung"), "group"),
    "proposal_route": (_("Vorgeschlagene Route"), "route"),
    "remind_on": (_("Erinnern am"), "date"),
    "reroute": (_("Zuordnung neu prüfen"), "bool"),
    "route": (_("Route"), "route"),
    "route_group": (_("Betreuung"), "group"),
    "u18": (_("Unter 18"), "bool"),
}
CALLS: Final[Mapping[str, LazyString]] = {
    "timeout": _("Die Gegenstelle hat nicht rechtzeitig geantwortet."),
    "unreachable": _("Die Gegenstelle war nicht zu erreichen."),
    "server": _("Die Gegenstelle meldet einen eigenen Fehler."),
    "refused": _("Die Gegenstelle hat die Anfrage abgelehnt; sie noch einmal genauso zu stellen, hilft kaum."),
    "answer": _("Die Antwort der Gegenstelle war nicht zu verstehen."),
    "host": _("Diese Gegenstelle ist nicht freigegeben."),
    "recipient": _("Das Postfach hat die Nachricht nicht angenommen."),
}
_CALL = re.compile(r"call (\w+)(?: (\d+))?")


def act(code: str) -> str:
    """The name of an act."""
    return str(ACTS.get(code, code))


def state(code: str) -> str:
    """How a request stands."""
    return str(STATES.get(code, code))


def not_possible(code: str) -> str:
    """Why an intervention cannot be done."""
    return str(NOT_POSSIBLE.get(code) or _("Ein Schritt dahinter würde fehlschlagen. Es würde nichts geändert."))


def trouble(code: str, detail: str) -> str:
    """What went wrong, in a sentence."""
    found = _CALL.match(detail)
    if found is not None:
        number = f" ({found[2]})" if found[2] else ""
        return f"{CALLS.get(found[1], _('Ein Aufruf nach außen ist fehlgeschlagen.'))}{number}"
    if reasons.code_of(detail):
        return reasons.told(detail, str(get_locale()))
    if code == "call":
        return str(gettext("Ein Aufruf nach außen ist mehrmals fehlgeschlagen."))
    if code == "timer":
        return str(gettext("Ein Termin war erreicht, aber der Schritt danach ist fehlgeschlagen."))
    return str(gettext("Ein automatischer Schritt ist fehlgeschlagen; was davor eingegeben war, blieb erhalten."))
